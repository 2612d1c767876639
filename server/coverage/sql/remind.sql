-- SPDX-License-Identifier: MIT

-- Tells what is due: reminders, closings that were held back, groups that have grown.
--
-- gives
--   flags  integer
prepare coverage_remind as
select coverage_remind(100) as flags;
