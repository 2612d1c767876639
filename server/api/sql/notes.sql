-- SPDX-License-Identifier: MIT

-- Keeps a note.
--
-- takes
--   $1 on       jsonb        what it is on (note_add)
--   $2 words    text
--   $3 until    timestamptz
--   $4 account  text
--   $5 role     text
--   $6 most     integer      notes on one thing
-- gives
--   id  bigint
--   at  timestamptz
-- refuses P0001
prepare api_note_add as
select n.id, n.at from note_add($1::jsonb, $2, $3, $4, $5, $6) n;

-- Takes a note away before its time. done: false if there is none.
--
-- takes
--   $1 id       bigint
--   $2 account  text
-- gives
--   done  boolean
prepare api_note_end as
select note_end($1, $2) as done;
