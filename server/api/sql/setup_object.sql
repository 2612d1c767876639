-- SPDX-License-Identifier: MIT

-- One object of the set-up. No row: there is none.
-- takes
--   $1 kind   text
--   $2 code   text
--   $3 known  timestamptz  as it was known then (null: as it is)
-- gives
--   key         text
--   item        text         as the region file has it
--   version     bigint       of the object
--   known_from  timestamptz
--   made_by     text
prepare api_setup_object as
select key, item, version, known_from, made_by
from setup_object($1, $2, $3);

-- The set-up and the object with which a change of one object is compared. One row.
-- takes
--   $1 kind  text
--   $2 code  text
--   $3 have  bigint  version that the caller has in memory
--   $4 seen  bigint  version of the object that the sender has seen (null: not said)
-- gives
--   version       bigint       in force (null: none)
--   document      text         null: the one that the caller has, or with changes
--   changes       text         JSON, of setup_since (null: none)
--   applied_at    timestamptz
--   applied_by    text
--   item          text         null: there is none
--   item_version  bigint
--   made_at       timestamptz
--   made_by       text
--   seen          text         null: there was none
--   addresses     text[]       masks that the rota has had (null: no rota)
-- time-out 30 s
prepare api_setup_object_base as
select version, document, changes, applied_at, applied_by, item, item_version, made_at, made_by, seen, addresses
from setup_object_base($1, $2, $3, $4);

-- Puts one object in force. Rows as of api_region_put.
-- takes
--   $1 kind        text
--   $2 code_from   text    that it has (null: it is new)
--   $3 code_to     text    that it has then (null: it goes)
--   $4 item        text
--   $5 more_code   text    another one that is new (null: none)
--   $6 more        text
--   $7 compared    bigint  version of the set-up it was compared with (null: none)
--   $8 account     text
--   $9 kinds       text[]  of what is renamed
--   $10 codes_from text[]  that it had
--   $11 codes_to   text[]  that it gets
--   $12 rotas      text[]  that go
--   $13 people     text[]  that go
--   $14 known      text[]  what is known to go with them, "override 12"
--   $15 reason     text    for the audit (null: none was given)
--   $16 masks      text[]  of addresses that it brings
--   $17 boxes      bytea[] the addresses, sealed
-- gives
--   version     bigint
--   applied     boolean
--   depends_on  text
--   kind        text
--   id          bigint
--   by_account  text
-- time-out 50 s
-- refuses P0001
prepare api_setup_put as
select version, applied, depends_on, kind, id, by_account
from setup_put($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17);

-- The accepted risks that this change of one object would end; nothing is changed.
-- takes
--   $1 kind        text
--   $2 code_from   text    that it has (null: it is new)
--   $3 code_to     text    that it has then (null: it goes)
--   $4 item        text
--   $5 more_code   text    another one that is new (null: none)
--   $6 more        text
--   $7 compared    bigint  version of the set-up it was compared with (null: none)
--   $8 account     text
--   $9 kinds       text[]  of what is renamed
--   $10 codes_from text[]  that it had
--   $11 codes_to   text[]  that it gets
--   $12 rotas      text[]  that go
--   $13 people     text[]  that go
--   $14 known      text[]  what is known to go with them, "override 12"
--   $15 reason     text    for the audit (null: none was given)
--   $16 masks      text[]  of addresses that it brings
--   $17 boxes      bytea[] the addresses, sealed
-- gives as API_REGION_PUT_TRY
-- time-out 50 s
-- refuses P0001
prepare api_setup_put_try as
select risk, requirement, place, until, why
from setup_put_try($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17);
