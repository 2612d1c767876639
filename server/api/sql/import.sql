-- SPDX-License-Identifier: MIT

-- One import with its preview.
--
-- takes
--   $1 id  bigint
-- gives as API_IMPORTS
--   findings     jsonb
--   counts       jsonb
--   events       integer
--   first_start  timestamptz
--   horizon      timestamptz
--   zone_used    text
--   diff         jsonb
--   superseded   bigint[]
--   sha256       text         hexadecimal
--   step         text
--   events_read  integer      so far
--   bytes        integer
--   same_file    jsonb        the imports of the same bytes by the same account, of other rotas, made within an hour, the last of each
prepare api_import as
select i.id, i.rota, i.by_account, i.format, i.mode, i.state, i.uploaded_at, i.read_at, i.safe, i.why,
  i.decided_at, i.decided_by, i.reason, r.findings || i.warnings as findings, r.counts, r.events,
  r.first_start, r.horizon, r.zone_used, i.diff, i.superseded, encode(i.body, 'hex') as sha256, i.step,
  i.events_read, z.bytes, (
    select jsonb_agg(jsonb_build_object('id', o.id, 'rota', o.rota, 'state', o.state, 'safe', o.safe, 'why', o.why) order by o.id)
    from (
      select distinct on (o.rota) o.*
      from import o
      where o.body = i.body and o.by_account = i.by_account and o.rota <> i.rota and o.mode <> 'look'
        and o.uploaded_at between i.uploaded_at - interval '1 hour' and i.uploaded_at + interval '1 hour'
      order by o.rota, o.id desc) o) as same_file
from import i
join import_size z on z.id = i.id
left join lateral import_reading(i) r on true
where i.id = $1;
