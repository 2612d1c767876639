-- SPDX-License-Identifier: MIT

-- A region: what has changed in it since the one that the process has, or the document.
--
-- takes
--   $1 version  bigint
--   $2 have     bigint  0: none
-- gives
--   changes   text  JSON, of setup_since (null: none)
--   document  text  null with changes
-- time-out 15 s
prepare coverage_read_region as
with since as materialized (
  select case when $2::bigint > 0 then setup_since($2, $1)::text end as changes
)
select changes,
  case when changes is null then (select document::text from region_whole where version = $1) end as document
from since;
