-- SPDX-License-Identifier: MIT

-- Reads the next flags, and what no flag tells, as news.
--
-- takes
--   $1 most  integer  flags
-- gives
--   more  boolean      there may be more
--   now   timestamptz  the database's clock
prepare notify_collect as
select notify_collect($1) as more, clock_timestamp() as now;
