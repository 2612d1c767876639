-- SPDX-License-Identifier: MIT

-- Lets go what the map needs no more.
--
-- gives
--   coverage_tidy  void
prepare coverage_tidy as
select coverage_tidy();
