-- SPDX-License-Identifier: MIT

-- The newest region, if it is newer than one: what has changed since, or the document. Always one row: the
-- region, null if there is no newer one, and the database's clock.
--
-- takes
--   $1 have   bigint
--   $2 whole  boolean  the document, whatever has changed
-- gives
--   version   bigint
--   changes   text         JSON, of setup_since (null: none)
--   document  text         null with changes
--   now       timestamptz
prepare feeds_region as
with newer as materialized (
  select version, case when $1::bigint > 0 and not $2 then setup_since($1, version)::text end as changes
  from region
  where version > $1::bigint
  order by version desc
  limit 1
)
select n.version, n.changes,
  case when n.changes is null then (select w.document::text from region_whole w where w.version = n.version) end as document,
  clock_timestamp() as now
from (values (1)) always
left join newer n on true;
