-- SPDX-License-Identifier: MIT

-- Adds a device that waits for its code: whether there is the place.
--
-- takes
--   $1 account  text
--   $2 place    text
--   $3 label    text
--   $4 code     bytea    its hash
--   $5 seconds  integer  for how long
--   $6 by       text
-- gives
--   added  boolean
prepare api_device_add as
select device_add($1, $2, $3, $4, $5, $6) as added;
