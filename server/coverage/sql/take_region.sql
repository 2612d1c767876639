-- SPDX-License-Identifier: MIT

-- Makes the demands of a region: adds those that are new and retires those that are not in it.
--
-- takes
--   $1 region        bigint  version
--   $2 requirements  text[]
--   $3 places        text[]
--   $4 functions     text[]
-- gives
--   outcome  text
--   retired  integer
--   flags    integer
-- time-out 30 s
prepare coverage_take_region as
select outcome, retired, flags
from coverage_region($1, $2, $3, $4);

-- Makes what a patched region touches due, and nothing else. 'whole': the map knows of none of the versions that
-- it was patched from.
--
-- takes
--   $1 region        bigint  version
--   $2 from          bigint  that it was patched from
--   $3 requirements  text[]  that differ
-- gives as COVERAGE_TAKE_REGION
prepare coverage_take_patch as
select outcome, 0 as retired, 0 as flags
from coverage_region_patched($1, $2, $3);
