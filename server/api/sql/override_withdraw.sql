-- SPDX-License-Identifier: MIT

-- Withdraws an override.
--
-- takes
--   $1 id       bigint
--   $2 knowing  boolean  whether those that depend on it may fall into dispute
--   $3 account  text
-- gives
--   override_withdraw  text
-- refuses P0001
prepare api_override_withdraw as
select override_withdraw($1, $2, $3)::text;

-- The rota's shifts if it were withdrawn.
--
-- takes
--   $1 id       bigint
--   $2 account  text
--   $3 begin    timestamptz  shifts that end after it
--   $4 finish   timestamptz  shifts that start before it
-- gives as API_SHIFTS
-- refuses P0001
prepare api_override_withdraw_try as
select rota, id, class, person, team, title, starts_at, ends_at, override, instead, made_at, made_by, note,
  dispute, third, late, false as as_last_read
from override_withdraw_try($1, $2, $3, $4);
