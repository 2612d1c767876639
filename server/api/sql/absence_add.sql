-- SPDX-License-Identifier: MIT

-- Makes an absence and gives its id.
--
-- takes
--   $1 person   text
--   $2 start    timestamptz
--   $3 finish   timestamptz
--   $4 account  text
-- gives
--   id  bigint
-- refuses P0001
prepare api_absence_add as
select absence_add($1, $2, $3, $4) as id;
