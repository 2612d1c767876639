-- SPDX-License-Identifier: MIT

-- Accepts a swap.
--
-- takes
--   $1 id       bigint
--   $2 account  text     null: the link
--   $3 how      text
--   $4 forced   boolean  a check that had failed is overruled
--   $5 reason   text     null: none
-- gives
--   swap_accept  text
-- refuses P0001
prepare api_swap_accept as
select swap_accept($1, $2, $3, $4, $5)::text;

-- Refuses one.
--
-- takes
--   $1 id       bigint
--   $2 account  text    null: the link
--   $3 how      text
--   $4 reason   text    null: none
-- gives
--   swap_refuse  text
-- refuses P0001
prepare api_swap_refuse as
select swap_refuse($1, $2, $3, $4)::text;

-- Takes back an offer, or what was accepted.
--
-- takes
--   $1 id       bigint
--   $2 account  text
--   $3 reason   text    null: none
-- gives
--   swap_withdraw  text
-- refuses P0001
prepare api_swap_withdraw as
select swap_withdraw($1, $2, $3)::text;
