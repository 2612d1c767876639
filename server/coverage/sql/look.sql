-- SPDX-License-Identifier: MIT

-- The beginning of a cycle, in one row.
--
-- The clock is the database's, so that all machines judge by the same. `due` counts reminders, closings that
-- were held back, and groups that have grown. next_at is the next instant at which something changes by time
-- alone: a demand, one of these, or a feed that becomes unknown.
--
-- takes
--   $1 freshness  float8  limit in seconds
-- gives
--   now         timestamptz
--   region      bigint       in force (null: none)
--   due         bigint       how many
--   next_at     timestamptz
--   map_region  bigint       the region that the map is of
prepare coverage_look as
with clock as materialized (select clock_timestamp() as moment)
select moment as now, (select max(version) from region_whole) as region, due.due,
  least((select min(next_at) from demand where retired_at is null), due.next,
      (
        select date_trunc('second', min(last_good_at))
        from source
        where ages and last_good_at >= date_trunc('second', moment) - make_interval(secs => $1)
      ) + make_interval(secs => $1 + 1)) as next_at,
  (select region_version from map_head) as map_region
from clock, coverage_due(clock.moment) due;
