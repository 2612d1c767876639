-- SPDX-License-Identifier: MIT

-- The entries of rotas at an instant, as they were known at another instant, and each later version of them.
--
-- takes
--   $1 rotas     text[]
--   $2 at        timestamptz
--   $3 known_at  timestamptz
-- gives
--   rota        text
--   key         text
--   id          bigint
--   class       text
--   person      text
--   team        text
--   title       text
--   starts_at   timestamptz
--   ends_at     timestamptz
--   known_from  timestamptz
--   known_to    timestamptz
--   reading     bigint
--   body        text         hexadecimal
--   body_kept   boolean      whether its bytes are still kept
--   late        boolean      of an override's
-- time-out 30 s
-- refuses P0001
prepare api_slots_since as
select s.rota, s.key, s.id, s.class, s.person, s.team, s.title, s.starts_at, s.ends_at, s.known_from, s.known_to,
  s.reading, s.body, coalesce(k.kept, false) as body_kept,
  (select o.late from override o where o.id = (select x.override from shift x where x.id = s.id))
from slots_since($1, $2, $3) s
left join body_kept k on k.sha256 = decode(s.body, 'hex')
where (select record_reaches('shift', $3))
order by s.rota collate "C", s.key collate "C", s.known_from, s.id;
