-- SPDX-License-Identifier: MIT

-- Tells of feeds that have become stale: the milliseconds until the next one does (null: none will).
--
-- gives
--   next_ms  bigint
prepare feeds_tell_stale as
select (extract(epoch from feeds_tell_stale() - clock_timestamp()) * 1000)::bigint as next_ms;
