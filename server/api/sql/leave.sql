-- SPDX-License-Identifier: MIT

-- Leave of some people, with what was decided about it.
--
-- takes
--   $1 people  text[]
--   $2 begin   timestamptz  ends after it
--   $3 finish  timestamptz  starts before it
--   $4 after   bigint       id
--   $5 most    bigint
-- gives
--   id            bigint
--   person        text
--   starts_at     timestamptz
--   ends_at       timestamptz
--   state         text
--   requested_at  timestamptz
--   requested_by  text
--   decided_at    timestamptz  null: nobody has decided
--   decided_by    text
--   reason        text         of a refusal, or of a gap
--   absence       bigint
--   overrides     bigint[]     of those who stand in
prepare api_leave as
select id, person, starts_at, ends_at, state, requested_at, requested_by, decided_at, decided_by, reason, absence, overrides
from leave_shown($1, $2, $3, $4, $5);

-- One of them.
--
-- takes
--   $1 id  bigint
-- gives as API_LEAVE
prepare api_leave_one as
select id, person, starts_at, ends_at, state, requested_at, requested_by, decided_at, decided_by, reason, absence, overrides
from leave_shown('{}', '-infinity', 'infinity', 0, 1, $1);

-- Asks for leave.
--
-- takes
--   $1 person   text
--   $2 start    timestamptz
--   $3 finish   timestamptz
--   $4 account  text
-- gives
--   id  bigint
-- refuses P0001
prepare api_leave_request as
select leave_request($1, $2, $3, $4) as id;

-- Approves leave.
--
-- takes
--   $1 id       bigint
--   $2 covers   jsonb   [{"rota", "person", "starts_at", "ends_at"}]
--   $3 gaps     jsonb   [{"requirement", "place", "starts_at", "ends_at"}]
--   $4 reason   text    of the gaps; null: none
--   $5 account  text
-- gives
--   absence    bigint
--   overrides  bigint[]
-- refuses P0001
prepare api_leave_approve as
select a.absence, a.overrides from leave_approve($1, $2::jsonb, $3::jsonb, $4, $5) a;

-- The shifts of the rotas of those who would stand in if it were approved.
--
-- takes
--   $1 id       bigint
--   $2 covers   jsonb
--   $3 account  text
--   $4 begin    timestamptz  shifts that end after it
--   $5 finish   timestamptz  shifts that start before it
-- gives as API_SHIFTS
-- refuses P0001
prepare api_leave_try as
select rota, id, class, person, team, title, starts_at, ends_at, override, instead, made_at, made_by, note,
  dispute, third, late, false as as_last_read
from leave_approve_try($1, $2::jsonb, $3, $4, $5);

-- Refuses leave.
--
-- takes
--   $1 id       bigint
--   $2 reason   text    null: none
--   $3 account  text
-- gives
--   leave_refuse  text
-- refuses P0001
prepare api_leave_refuse as
select leave_refuse($1, $2, $3)::text;

-- Takes leave back.
--
-- takes
--   $1 id       bigint
--   $2 account  text
-- gives
--   stands  bigint[]  overrides that stand all the same
-- refuses P0001
prepare api_leave_withdraw as
select leave_withdraw($1, $2) as stands;
