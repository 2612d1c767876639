-- SPDX-License-Identifier: MIT

-- Asks to be the process that tells people. Once a session.
--
-- gives
--   leads  boolean
prepare notify_lead as
select notify_lead() as leads;
