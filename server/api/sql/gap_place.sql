-- SPDX-License-Identifier: MIT

-- The place of a gap.
--
-- takes
--   $1 gap  uuid  id
-- gives
--   place        text
--   function     text
--   requirement  text
prepare api_gap_place as
select place, function, requirement
from gap
where id = $1::uuid;
