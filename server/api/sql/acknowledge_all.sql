-- SPDX-License-Identifier: MIT

-- Acknowledges gaps and gives how many of them this call has acknowledged.
--
-- takes
--   $1 gaps     text[]
--   $2 account  text
--   $3 note     text
-- gives
--   taken  integer
-- time-out 20 s
prepare api_acknowledge_all as
select gap_acknowledge_all($1::text[]::uuid[], $2, $3) as taken;
