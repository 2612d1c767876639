-- SPDX-License-Identifier: MIT

-- Decisions about the titles of a rota, the newest first.
--
-- takes
--   $1 rota  text
-- gives
--   id          bigint
--   kind        text
--   words       text
--   key         text
--   reads       text
--   person      text
--   team        text
--   decided_by  text
--   known_from  timestamptz
--   zone        text
prepare api_decisions as
select id, kind, words, key, reads, person, team, decided_by, known_from, zone
from decision
where rota = $1::text and known_to = 'infinity'
order by id desc;
