-- SPDX-License-Identifier: MIT

-- Withdraws a decision. Gives false if there was none in force.
--
-- takes
--   $1 rota     text
--   $2 id       bigint
--   $3 account  text
-- gives
--   withdrawn  boolean
-- refuses P0001
prepare api_decision_withdraw as
select decision_withdraw($1, $2, $3) as withdrawn;
