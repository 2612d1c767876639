-- SPDX-License-Identifier: MIT

-- What has changed in the region since a version.
--
-- takes
--   $1 have     bigint
--   $2 version  bigint
-- gives
--   changes  text  JSON, of setup_since (null: it is to be read whole)
prepare api_region_since as
select setup_since($1, $2)::text as changes;

-- One region.
--
-- takes
--   $1 version  bigint
-- gives
--   version   bigint
--   document  text
-- time-out 30 s
prepare api_region_document as
select version, document::text
from region_whole
where version = $1;
