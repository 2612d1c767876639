-- SPDX-License-Identifier: MIT

-- Deletes the steps of the map that are older than a day.
--
-- gives
--   coverage_tidy  void
prepare coverage_tidy as
select coverage_tidy();
