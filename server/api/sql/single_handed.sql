-- SPDX-License-Identifier: MIT

-- What was put in force single-handed, the newest first.
--
-- takes
--   $1 before     bigint   only numbers below this
--   $2 open_only  boolean  only those that nobody has reviewed
-- gives
--   id           bigint
--   version      bigint
--   account      text
--   reason       text
--   shown        text
--   places       text[]
--   at           timestamptz
--   reviewed_at  timestamptz
--   reviewed_by  text
--   review_note  text
prepare api_single_handed as
select s.id, s.version, s.account, s.reason, s.shown::text as shown, s.places, s.at, s.reviewed_at, s.reviewed_by, s.review_note
from single_handed s
where s.id < $1 and (not $2 or s.reviewed_at is null)
order by s.id desc
limit 1000;

-- The places that one of them touches. No row: there is none.
--
-- takes
--   $1 id  bigint
-- gives
--   places  text[]
prepare api_single_handed_touched as
select s.places from single_handed s where s.id = $1;

-- Notes one, in the transaction that puts it in force.
--
-- takes
--   $1 version  bigint  of the set-up
--   $2 account  text
--   $3 reason   text
--   $4 shown    text    what wanted a second person, as JSON
--   $5 places   text[]
-- gives
--   id  bigint
prepare api_single_handed_add as
select single_handed_add($1, $2, $3, $4, $5) as id;

-- Says that it was reviewed: what is in the way, or null.
--
-- takes
--   $1 id    bigint
--   $2 note  text    null: none
--   $3 by    text
-- gives
--   refused  text
prepare api_single_handed_review as
select single_handed_review($1, $2, $3) as refused;
