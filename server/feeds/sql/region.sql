-- SPDX-License-Identifier: MIT

-- The newest region, if it is newer than one. Always one row: the region, null if there is no newer one, and
-- the database's clock.
--
-- takes
--   $1 version  bigint
-- gives
--   version   bigint
--   document  text
--   now       timestamptz
prepare feeds_region as
select r.version, r.document::text as document, clock_timestamp() as now
from (values (1)) always
left join (select version, document from region_whole where version > $1::bigint order by version desc limit 1) r on true;
