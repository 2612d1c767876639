-- SPDX-License-Identifier: MIT

-- Ends a session of an account. Gives false if it had no such session that is valid.
--
-- takes
--   $1 id       text
--   $2 account  text
--   $3 by       text
-- gives
--   ended  boolean
prepare api_session_end as
select session_end($1, $2, $3) as ended;
