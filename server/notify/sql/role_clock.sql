-- SPDX-License-Identifier: MIT

-- Notes by how much the database's clock is ahead of this machine's, for the metrics of the api.
--
-- takes
--   $1 machine  text    its name
--   $2 ahead    bigint  milliseconds
-- gives
--   role_clock_note  void
prepare notify_role_clock as
select role_clock_note('notify', $1::text, $2::bigint);
