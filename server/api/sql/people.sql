-- SPDX-License-Identifier: MIT

-- What a merge or a split of people is compared with. No row: no set-up was ever put in force.
-- takes
--   $1 code    text    who stays, or who is split
--   $2 other   text    who goes (null: a split)
--   $3 undoes  bigint  the merge that is taken back (null: none)
-- gives
--   version        bigint       in force
--   document       text
--   applied_at     timestamptz
--   applied_by     text
--   item           text         null: there is none
--   item_version   bigint
--   made_at        timestamptz
--   made_by        text
--   other          text         null: there is none
--   other_version  bigint
--   other_at       timestamptz
--   other_by       text
--   undoes         bigint       null: there is no such merge, or it was taken back
--   gone           text         who went by it
--   before         text         who stayed, just before it
--   merged         text         and just after
--   back           text         who went
--   then_document  text         the set-up just after
-- time-out 30 s
prepare api_person_base as
select version, document, applied_at, applied_by, item, item_version, made_at, made_by, other, other_version, other_at, other_by, undoes,
  gone, before, merged, back, then_document
from person_base($1, $2, $3);

-- What was decided about a person, and what a split makes of it.
-- takes
--   $1 code    text
--   $2 undoes  bigint  the merge that is taken back (null: none)
--   $3 goes    text[]  'override:12'
--   $4 stays   text[]
-- gives
--   kind        text         override, absence or decision
--   id          bigint
--   member      text         person, or instead
--   rota        text         null: of none
--   words       text
--   by_account  text
--   made_at     timestamptz
--   lot         text         goes, stays or unclear
prepare api_person_lots as
select kind, id, member, rota, words, by_account, made_at, lot
from person_lots($1, $2, $3, $4);

-- The merges of a person, newest first.
-- takes
--   $1 code  text
-- gives
--   id             bigint
--   gone           text
--   kept           text         as it is called now
--   at             timestamptz
--   by_account     text
--   reason         text
--   undone_at      timestamptz  null: it stands
--   undone_by      text
--   undone_reason  text
prepare api_person_moves as
select id, gone, kept, at, by_account, reason, undone_at, undone_by, undone_reason
from person_moves($1);

-- The titles of coming shifts of some rotas, and how they count.
-- takes
--   $1 rotas  text[]
-- gives
--   rota    text
--   title   text
--   class   text
--   person  text
--   shifts  bigint
--   first   timestamptz
-- time-out 30 s
prepare api_people_titles as
select rota, title, class, person, shifts, first
from people_titles($1);

-- Merges two people. A row of nulls: another version is in force.
-- takes
--   $1 kept     text
--   $2 gone     text
--   $3 items    jsonb   [{"kind", "key", "item"}]
--   $4 seen     bigint  version of the set-up that it was compared with
--   $5 account  text
--   $6 reason   text
-- gives
--   version  bigint
--   move     bigint  its number
-- time-out 50 s
-- refuses P0001
prepare api_person_merge as
select version, move
from person_merge($1, $2, $3, $4, $5, $6);

-- The shifts of every rota that such a merge would change, as they would be. A row of nulls: another version is in force.
-- takes
--   $1 kept     text
--   $2 gone     text
--   $3 items    jsonb
--   $4 seen     bigint
--   $5 account  text
--   $6 reason   text
--   $7 begin    timestamptz  shifts that end after it
--   $8 before   timestamptz  shifts that start before it
-- gives as API_SHIFTS
-- time-out 50 s
-- refuses P0001
prepare api_person_merge_try as
select rota, id, class, person, team, title, starts_at, ends_at, override, instead, made_at, made_by, note,
  dispute, third, late, false as as_last_read
from person_merge_try($1, $2, $3, $4, $5, $6, $7, $8);

-- Splits one person. A row of nulls: another version is in force.
-- takes
--   $1 code     text
--   $2 to       text    who is split off
--   $3 items    jsonb
--   $4 undoes   bigint  the merge that is taken back (null: somebody new)
--   $5 goes     text[]
--   $6 stays    text[]
--   $7 seen     bigint
--   $8 account  text
--   $9 reason   text
-- gives
--   version  bigint
--   move     bigint
-- time-out 50 s
-- refuses P0001
prepare api_person_split as
select version, move
from person_split($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- The shifts of every rota that such a split would change, as they would be. A row of nulls: another version is in force.
-- takes
--   $1 code     text
--   $2 to       text
--   $3 items    jsonb
--   $4 undoes   bigint
--   $5 goes     text[]
--   $6 stays    text[]
--   $7 seen     bigint
--   $8 account  text
--   $9 reason   text
--   $10 begin   timestamptz
--   $11 before  timestamptz
-- gives as API_SHIFTS
-- time-out 50 s
-- refuses P0001
prepare api_person_split_try as
select rota, id, class, person, team, title, starts_at, ends_at, override, instead, made_at, made_by, note,
  dispute, third, late, false as as_last_read
from person_split_try($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);
