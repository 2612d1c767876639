-- SPDX-License-Identifier: MIT

-- Reports and notes that can be shown after an instant, and what has gone of them, that have changed since a version (remarks_shown).
--
-- takes
--   $1 version  bigint
--   $2 from     timestamptz
-- gives
--   kind       text         report, person, shift, service or function: what a note is on
--   id         bigint
--   at         timestamptz
--   until      timestamptz
--   account    text
--   role       text         of a note
--   person     text
--   rota       text
--   team       text
--   starts_at  timestamptz  of the shift that a note is on
--   ends_at    timestamptz
--   service    text
--   place      text
--   function   text
--   words      text         the outcome of a report, the text of a note
--   gone       boolean      taken back, or taken away
--   settled    boolean
prepare api_remarks as
select kind, id, at, until, account, role, person, rota, team, starts_at, ends_at, service, place, function, words, gone, settled
from remarks_shown($1, $2, 'infinity');

-- The same as it was known at an instant. Refused: what was known then is no longer kept.
--
-- takes
--   $1 from      timestamptz
--   $2 known_at  timestamptz
-- gives as API_REMARKS
-- refuses P0001
prepare api_remarks_then as
select kind, id, at, until, account, role, person, rota, team, starts_at, ends_at, service, place, function, words, gone, settled
from remarks_shown(-1, $1, $2)
where (select record_reaches('remark', $2));
