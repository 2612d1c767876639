-- SPDX-License-Identifier: MIT

-- The region, the version of the map and the bank holidays that were known at an instant. Before the first
-- file of bank holidays that the record has, that first file is meant.
--
-- takes
--   $1 known_at  timestamptz
--   $2 holidays  bytea        SHA-256 of the bank holidays of this process
--   $3 codes     text[]       the place that is asked about: its code, and those that it had before
-- gives
--   region         bigint
--   epoch          integer
--   version        bigint
--   holidays       text         null: those of this process
--   looks_begin    timestamptz  where the record of looks begins (null: with the first)
--   map_begins     timestamptz  where the record of the map begins
--   remarks_begin  timestamptz  where the record of reports and notes begins (null: with the first)
--   place_begins   timestamptz  the first whole second at which the set-up had the place (null: it never had)
prepare api_known_then as
select r.version as region, m.epoch, m.version, case when h.sha256 = $2 then null else h.csv end as holidays,
  (select at from record_begins where name = 'audit') as looks_begin,
  (select min(at) from map_past) as map_begins,
  (select at from record_begins where name = 'remark') as remarks_begin,
  (select date_trunc('second', min(r.applied_at) + interval '999999 microseconds')
   from setup_item s
   join region r on r.version = s.version
   where s.kind = 'place' and s.key = any ($3)) as place_begins
from (select max(version) as version from region where applied_at <= $1) r
left join lateral (select epoch, version from map_past where at <= $1 order by at desc, version desc limit 1) m on true
left join lateral (
  select sha256, csv
  from bank_holidays
  order by known_from <= $1 desc, case when known_from <= $1 then -id else id end
  limit 1
) h on true;
