-- SPDX-License-Identifier: MIT

-- The account that put a region in force.
--
-- takes
--   $1 version  bigint
-- gives
--   applied_at  timestamptz
--   applied_by  text
--   sha256      text         hexadecimal
prepare api_region_mark as
select applied_at, applied_by, encode(sha256, 'hex') as sha256
from region
where version = $1;
