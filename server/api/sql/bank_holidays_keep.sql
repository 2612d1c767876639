-- SPDX-License-Identifier: MIT

-- Keeps a file of bank holidays.
--
-- takes
--   $1 file  text
-- gives
--   bank_holidays_keep  text
prepare api_bank_holidays_keep as
select bank_holidays_keep($1)::text;
