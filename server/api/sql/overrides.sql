-- SPDX-License-Identifier: MIT

-- Overrides of rotas, each with its latest event.
--
-- takes
--   $1 rotas   text[]
--   $2 begin   timestamptz  expires after it
--   $3 finish  timestamptz  starts before it
--   $4 after   bigint       id
--   $5 most    bigint
-- gives
--   id            bigint
--   rota          text
--   person        text
--   instead       text
--   starts_at     timestamptz
--   ends_at       timestamptz
--   expires_at    timestamptz
--   note          text
--   made_at       timestamptz
--   made_by       text
--   withdrawn_at  timestamptz
--   withdrawn_by  text
--   standing      text
--   dispute       text
--   third         text[]
--   at            timestamptz  of the newest event
--   reading       bigint
--   nobody        boolean
--   late          boolean
prepare api_overrides as
select o.id, o.rota, o.person, o.instead, o.starts_at, o.ends_at, o.expires_at, o.note, o.made_at, o.made_by,
  o.withdrawn_at, o.withdrawn_by, e.standing, e.dispute, e.third, e.at, e.reading, o.nobody, o.late
from override o
join lateral (select x.* from override_event x where x.override = o.id order by x.id desc limit 1) e on true
where o.rota = any($1) and o.expires_at > $2 and o.starts_at < $3 and o.id > $4
order by o.id
limit $5;

-- One of them.
--
-- takes
--   $1 id  bigint
-- gives as API_OVERRIDES
prepare api_override as
select o.id, o.rota, o.person, o.instead, o.starts_at, o.ends_at, o.expires_at, o.note, o.made_at, o.made_by,
  o.withdrawn_at, o.withdrawn_by, e.standing, e.dispute, e.third, e.at, e.reading, o.nobody, o.late
from override o
join lateral (select x.* from override_event x where x.override = o.id order by x.id desc limit 1) e on true
where o.id = $1;
