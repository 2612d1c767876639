-- SPDX-License-Identifier: MIT

-- Acknowledges a gap. Gives false if it was acknowledged already.
--
-- takes
--   $1 gap      uuid
--   $2 account  text
--   $3 note     text
-- gives
--   taken  boolean
-- refuses P0001
prepare api_acknowledge as
select gap_acknowledge($1::uuid, $2, $3) as taken;
