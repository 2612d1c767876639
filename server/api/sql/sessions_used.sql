-- SPDX-License-Identifier: MIT

-- Notes that sessions were used in a minute.
--
-- takes
--   $1 ids     text[]
--   $2 minute  timestamptz  its beginning
-- gives
--   done  text
prepare api_sessions_used as
select sessions_used($1, $2)::text as done;
