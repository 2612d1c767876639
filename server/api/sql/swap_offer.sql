-- SPDX-License-Identifier: MIT

-- Offers a swap.
--
-- takes
--   $1 shifts     jsonb        [{"rota", "gives", "takes", "starts_at", "ends_at"}]
--   $2 expires    timestamptz
--   $3 sha256     bytea        of what is in the link; null: there is none
--   $4 overruled  text[]       checks
--   $5 reason     text         null: none
--   $6 account    text
-- gives
--   id       bigint
--   expires  timestamptz
-- refuses P0001
prepare api_swap_offer as
select o.id, o.expires from swap_offer($1::jsonb, $2, $3, $4, $5, $6) o;

-- The shifts of its rotas if it were offered and accepted.
--
-- takes
--   $1 id       bigint       null: the swap of shifts
--   $2 shifts   jsonb        null: the swap id
--   $3 account  text
--   $4 begin    timestamptz  shifts that end after it
--   $5 finish   timestamptz  shifts that start before it
-- gives as API_SHIFTS
-- refuses P0001
prepare api_swap_try as
select rota, id, class, person, team, title, starts_at, ends_at, override, instead, made_at, made_by, note,
  dispute, third, late, false as as_last_read
from swap_try($1, $2::jsonb, $3, $4, $5);
