-- SPDX-License-Identifier: MIT

-- The newest region.
--
-- gives
--   version   bigint
--   document  text
-- time-out 30 s
prepare api_newest_region as
select version, document
from region_masked
order by version desc
limit 1;

-- One region.
--
-- takes
--   $1 version  bigint
-- gives
--   version   bigint
--   document  text
-- time-out 30 s
prepare api_region_document as
select version, document
from region_masked
where version = $1;
