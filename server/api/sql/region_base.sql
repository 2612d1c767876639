-- SPDX-License-Identifier: MIT

-- The set-ups with which a new file is compared.
--
-- takes
--   $1 file    text
--   $2 origin  text    null: no file before it
--   $3 seen    bigint  version that the sender has seen (null: not said)
--   $4 masks   text[]  of the addresses that the file brings
--   $5 key     bytea   id of the key pair that they will be sealed with (null: there are none)
-- gives
--   version     bigint       in force (null: none)
--   document    text
--   applied_at  timestamptz
--   applied_by  text
--   base        text         the file before (null: none)
--   seen        text         what the sender has seen (null: what is in force)
--   unsealed    text[]       masks whose addresses are not kept under that key
--   begun_at    timestamptz  when the first set-up was put in force (null: none was)
-- time-out 30 s
-- refuses P0001
prepare api_region_base as
select version, document, applied_at, applied_by, base, seen, unsealed, begun_at
from region_base($1, $2, $3, $4, $5);
