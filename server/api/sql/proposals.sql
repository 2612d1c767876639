-- SPDX-License-Identifier: MIT

-- Proposes a change of one object.
-- takes
--   $1 kind     text
--   $2 code     text
--   $3 change   text         put, patch or delete
--   $4 body     text         null: none
--   $5 version  bigint       of the object
--   $6 until    text         day (null: none)
--   $7 reason   text
--   $8 shown    text         what it does, as JSON
--   $9 account  text
--   $10 masks   text[]       of addresses that it brings
--   $11 boxes   bytea[]      the addresses, sealed
-- gives
--   id          bigint
--   expires_at  timestamptz
-- refuses P0001
prepare api_proposal_make as
select id, expires_at
from proposal_make($1, $2, $3, $4, $5, $6::text::date, $7, $8, $9, $10, $11);

-- Proposals, the newest first.
-- takes
--   $1 open    boolean      only those that are open
--   $2 before  bigint       number (null: from the newest on)
-- gives
--   id          bigint
--   kind        text
--   code        text
--   change      text
--   body        text
--   until       text
--   reason      text
--   shown       text
--   by_account  text
--   made_at     timestamptz
--   expires_at  timestamptz
--   state       text
--   decided_by  text
--   decided_at  timestamptz
--   why         text
prepare api_proposals as
select id, kind, key as code, change, body, until::text as until, reason, shown, by_account, made_at, expires_at, state, decided_by, decided_at, why
from proposal_told
where (not $1 or state = 'open') and ($2::bigint is null or id < $2)
order by id desc
limit 1001;

-- One proposal. No row: there is none.
-- takes
--   $1 id       bigint
--   $2 account  text     who wants to decide about it
-- gives
--   kind        text
--   code        text
--   change      text
--   body        text
--   version     bigint
--   until       text
--   shown       text
--   own         boolean
--   state       text
prepare api_proposal as
select kind, key as code, change, body, version, until::text as until, shown, is_same_person(by_account, $2) as own, state
from proposal_told
where id = $1;

-- Accepts or refuses one.
-- takes
--   $1 id       bigint
--   $2 outcome  text
--   $3 why      text
--   $4 account  text
-- gives
--   done  text
-- time-out 50 s
-- refuses P0001
prepare api_proposal_decide as
select proposal_decide($1, $2, $3, $4)::text as done;
