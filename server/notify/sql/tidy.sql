-- SPDX-License-Identifier: MIT

-- Deletes messages that are over, and older than so many days.
--
-- takes
--   $1 days  integer  0: never
-- gives
--   messages  bigint
prepare notify_tidy as
select notify_tidy($1) as messages;
