-- SPDX-License-Identifier: MIT

-- The state of the map, all as of one instant and for that reason in one statement.
--
-- gives
--   epoch            integer      of the map
--   version          bigint       of the map
--   region           bigint       the map is of
--   newest_region    bigint
--   flag_epoch       integer
--   flag_seq         bigint
--   accounts         bigint       version of the accounts
--   sessions         bigint       version of the sessions
--   remarks          bigint       version of reports and notes
--   swaps            bigint       version of the swaps
--   protocols        bigint       version of the protocols
--   closings         bigint       version of what navigators said of themselves
--   erasure          bigint       number of the newest; 0: nobody was erased
--   oldest_change    bigint       the oldest change that is kept
--   waiting_imports  bigint       of mode now
--   unpublished      bigint       flags, at most 10,001
--   oldest_flag      timestamptz  when the oldest of these was raised; NULL: none waits
--   dirty            boolean      whether the map lacks something
--   now              timestamptz  the database's clock
--   canary           bigint       version of the canary's map
--   canary_turned    timestamptz  when its rota changed last
--   canary_hole      timestamptz  when the hour begins that nobody covers since
prepare api_look as
select h.epoch, h.version, h.region_version as region,
  coalesce((select max(r.version) from region r), 0) as newest_region, c.epoch as flag_epoch,
  c.seq as flag_seq, a.version as accounts, s.version as sessions, k.version as remarks, w.version as swaps, p.version as protocols, v.version as closings,
  coalesce((select max(e.id) from erasure e), 0) as erasure,
  coalesce((select min(m.version) from map_change m where m.epoch = h.epoch), h.version + 1) as oldest_change,
  (select count(*) from import i where i.state = 'uploaded' and i.mode = 'now') as waiting_imports,
  o.unpublished, o.oldest_flag,
  exists (select from dirty where rota <> '.canary') as dirty, clock_timestamp() as now,
  y.version as canary, x.turned_at as canary_turned, x.hole_at as canary_hole
from (select count(*) as unpublished, min(x.at) as oldest_flag
    from (select f.at from flag f where f.published_at is null order by f.epoch, f.seq limit 10001) x) o, map_head h, flag_counter c, account_head a, session_head s, remark_head k, swap_head w, protocol_head p, navigator_head v, canary x, canary_swept y;
