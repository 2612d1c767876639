-- SPDX-License-Identifier: MIT

-- How far the clock of each role that has no port is off. Of a role on several machines, the one that is furthest off among those that
-- were measured in the last 5 minutes; of one that was not measured since, the last.
--
-- gives
--   role   text
--   ahead  bigint       milliseconds by which the database's clock is ahead
--   at     timestamptz  when that was measured
prepare api_role_clocks as
select distinct on (role) role, ahead_ms as ahead, at
from (select *, at > clock_timestamp() - interval '5 minutes' as recent from role_clock) measured
order by role, recent desc, case when recent then abs(ahead_ms) end desc, at desc;
