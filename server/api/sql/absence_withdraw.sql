-- SPDX-License-Identifier: MIT

-- Withdraws an absence.
--
-- takes
--   $1 id       bigint
--   $2 account  text
-- gives
--   absence_withdraw  text
-- refuses P0001
prepare api_absence_withdraw as
select absence_withdraw($1, $2)::text;
