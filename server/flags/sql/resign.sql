-- SPDX-License-Identifier: MIT

-- Lets another process lead.
--
-- gives
--   pg_advisory_unlock_all  void
prepare flags_resign as
select pg_advisory_unlock_all();
