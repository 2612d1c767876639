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

-- What has changed in the region since a version.
--
-- takes
--   $1 have     bigint
--   $2 version  bigint
-- gives
--   changes  text  JSON, of setup_since (null: it is to be read whole)
prepare api_region_since as
select setup_since_masked($1, $2) as changes;

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
