-- SPDX-License-Identifier: MIT

-- Takes a device off: whether the place had it.
--
-- takes
--   $1 account  text
--   $2 place    text
--   $3 by       text
-- gives
--   removed  boolean
prepare api_device_remove as
select device_remove($1, $2, $3) as removed;
