-- SPDX-License-Identifier: MIT

-- Notes that tokens were used in an hour.
--
-- takes
--   $1 ids   text[]
--   $2 hour  timestamptz  its beginning
-- gives
--   done  text
prepare api_tokens_used as
select tokens_used($1, $2)::text as done;
