-- SPDX-License-Identifier: MIT

-- The document of a region.
--
-- takes
--   $1 version  bigint
-- gives
--   document  text
-- time-out 15 s
prepare coverage_read_region as
select document
from region_without_addresses
where version = $1;
