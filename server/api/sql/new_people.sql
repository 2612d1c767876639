-- SPDX-License-Identifier: MIT

-- Notes a person who was added because a rota named them.
--
-- takes
--   $1 person   text
--   $2 rota     text
--   $3 account  text
-- gives
--   id  bigint
prepare api_person_new_add as
select person_new_add($1, $2, $3) as id;

-- New people, the newest first.
--
-- takes
--   $1 before     bigint   only numbers below this
--   $2 open_only  boolean  only those that nobody has reviewed
-- gives
--   id           bigint
--   person       text      by the present code
--   rota         text
--   account      text
--   at           timestamptz
--   reviewed_at  timestamptz
--   reviewed_by  text
--   review_note  text
prepare api_new_people as
select n.id, code_now('person', n.person, n.at) as person, n.rota, n.account, n.at, n.reviewed_at, n.reviewed_by, n.review_note
from person_new n
where n.id < $1 and (not $2 or n.reviewed_at is null)
order by n.id desc
limit 1000;

-- One of them. No row: there is none.
--
-- takes
--   $1 id  bigint
-- gives
--   person  text
prepare api_new_person as
select code_now('person', n.person, n.at) as person
from person_new n
where n.id = $1;

-- Says that somebody has looked: what is in the way, or null.
--
-- takes
--   $1 id    bigint
--   $2 note  text    null: none
--   $3 by    text
-- gives
--   refused  text
prepare api_new_person_review as
select person_new_review($1, $2, $3) as refused;
