-- SPDX-License-Identifier: MIT

-- Ends acknowledgements and gives how many gaps had one.
--
-- takes
--   $1 gaps     text[]
--   $2 account  text
--   $3 note     text
-- gives
--   taken  integer
-- time-out 20 s
prepare api_take_back as
select gap_take_back($1::text[]::uuid[], $2, $3) as taken;
