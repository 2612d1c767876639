-- SPDX-License-Identifier: MIT

-- Erases one person whose time is over, if there is one.
--
-- takes
--   $1 days  bigint  that people's rows are kept after the financial year of the last one; 0: without end
-- gives
--   erased  bigint
-- time-out 60 s
prepare coverage_subjects_due as
select subjects_due($1) as erased;
