-- SPDX-License-Identifier: MIT

-- All was done that there was to do.
--
-- gives
--   waiting      bigint       messages
--   oldest       timestamptz  of them; null: none waits
--   undelivered  bigint       of the last week
--   now          timestamptz
prepare notify_run as
select waiting, oldest, undelivered, clock_timestamp() as now from notify_run();
