-- SPDX-License-Identifier: MIT

-- Puts a region in force. A row without a version: another is in force. A row for each override, absence or decision that would end with the file and
-- that the caller does not know of.
--
-- takes
--   $1 document    text
--   $2 file        text    as it was sent
--   $3 origin      text    null: none
--   $4 compared    bigint  version it was compared with (null: none)
--   $5 account     text
--   $6 kinds       text[]  of what is renamed
--   $7 codes_from  text[]  that it had
--   $8 codes_to    text[]  that it gets
--   $9 rotas       text[]  that go
--   $10 people     text[]  that go
--   $11 known      text[]  what is known to go with them, "override 12"
--   $12 masks      text[]  of addresses that are not kept yet
--   $13 boxes      bytea[] the addresses, sealed
-- gives
--   version     bigint
--   applied     boolean
--   depends_on  text     "person:jo"
--   kind        text
--   id          bigint
--   by_account  text
-- time-out 50 s
-- refuses P0001
prepare api_region_put as
select version, applied, depends_on, kind, id, by_account
from region_put($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- The accepted risks that this change would end; nothing is changed. None where another set-up is in force.
--
-- takes
--   $1 document    text
--   $2 file        text    as it was sent
--   $3 origin      text    null: none
--   $4 compared    bigint  version it was compared with (null: none)
--   $5 account     text
--   $6 kinds       text[]  of what is renamed
--   $7 codes_from  text[]  that it had
--   $8 codes_to    text[]  that it gets
--   $9 rotas       text[]  that go
--   $10 people     text[]  that go
--   $11 known      text[]  what is known to go with them, "override 12"
--   $12 masks      text[]  of addresses that are not kept yet
--   $13 boxes      bytea[] the addresses, sealed
-- gives
--   risk         bigint
--   requirement  text
--   place        text
--   until        timestamptz
--   why          text         as the record would say
-- time-out 50 s
-- refuses P0001
prepare api_region_put_try as
select risk, requirement, place, until, why
from region_put_try($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);
