-- SPDX-License-Identifier: MIT

-- Absences of people.
--
-- takes
--   $1 people  text[]
--   $2 begin   timestamptz  ends after it
--   $3 finish  timestamptz  starts before it
--   $4 after   bigint       id
--   $5 most    bigint
-- gives
--   id            bigint
--   person        text
--   starts_at     timestamptz
--   ends_at       timestamptz
--   made_at       timestamptz
--   made_by       text
--   withdrawn_at  timestamptz
--   withdrawn_by  text
prepare api_absences as
select id, person, starts_at, ends_at, made_at, made_by, withdrawn_at, withdrawn_by
from absence
where person = any($1) and ends_at > $2 and starts_at < $3 and id > $4
order by id
limit $5;

-- One of them.
--
-- takes
--   $1 id  bigint
-- gives as API_ABSENCES
prepare api_absence as
select id, person, starts_at, ends_at, made_at, made_by, withdrawn_at, withdrawn_by
from absence
where id = $1;
