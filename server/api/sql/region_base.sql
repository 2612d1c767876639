-- SPDX-License-Identifier: MIT

-- The set-ups with which a new file is compared, all without addresses.
--
-- takes
--   $1 file    text
--   $2 origin  text    null: no file before it
--   $3 seen    bigint  version that the sender has seen (null: not said)
-- gives
--   version     bigint       in force (null: none)
--   document    text
--   applied_at  timestamptz
--   applied_by  text
--   base        text         the file before (null: none)
--   seen        text         what the sender has seen (null: what is in force)
-- time-out 30 s
-- refuses P0001
prepare api_region_base as
select version, document, applied_at, applied_by, base, seen
from region_base($1, $2, $3);
