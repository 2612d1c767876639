-- SPDX-License-Identifier: MIT

-- Notes what came of ringing somebody.
--
-- takes
--   $1 account   text
--   $2 place     text
--   $3 function  text     of who was rung
--   $4 service   text
--   $5 rota      text     null: the service's line
--   $6 person    text     null: the service's line
--   $7 outcome   text
--   $8 seconds   integer  how long it is shown
--   $9 wanted    text     the function that is looked for
-- gives
--   id     bigint
--   at     timestamptz
--   until  timestamptz
--   told   boolean      who keeps the rota was told at once
-- refuses P0001
prepare api_report_add as
select r.id, r.at, r.until, r.told from report_add($1, $2, $3, $4, $5, $6, $7, $8, $9) r;

-- Takes back what the account itself reported. refused: why it was not done; null: it was.
--
-- takes
--   $1 id       bigint
--   $2 account  text
--   $3 seconds  integer  since it was reported, at most
-- gives
--   refused  text
prepare api_report_withdraw as
select report_withdraw($1, $2, $3) as refused;

-- Says that somebody has seen to it. refused: why it was not done; null: it was.
--
-- takes
--   $1 id       bigint
--   $2 note     text    null: none
--   $3 account  text
-- gives
--   refused  text
prepare api_report_settle as
select report_settle($1, $2, $3) as refused;
