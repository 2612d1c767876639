-- SPDX-License-Identifier: MIT

-- What a preview would make of its rota: its shifts, and a row for each override that would stand otherwise.
--
-- takes
--   $1 import  bigint
--   $2 begin   timestamptz  ends after it
--   $3 finish  timestamptz  starts before it
-- gives as API_SHIFTS
--   part     text  which part the row is of: rota, override, or new
--   was      text  of the part `override`: where it stood
--   becomes  text  of the part `override`: where it would stand
-- time-out 30 s
prepare api_import_shifts as
select w.rota, w.id, w.class, w.person, w.team, w.title, w.starts_at, w.ends_at, w.override, w.instead, w.made_at,
  w.made_by, w.note, w.dispute, w.third, w.late, w.as_last_read, w.part, w.was, w.becomes
from import_would($1, $2, $3) w;
