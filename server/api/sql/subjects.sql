-- SPDX-License-Identifier: MIT

-- Everything that is held about a person (0015_subjects.sql).
--
-- takes
--   $1 person        text
--   $2 organisation  text  whose people the account looks after; null: everybody
-- gives
--   answer  text  JSON
-- refuses P0001
-- time-out 50 s
prepare api_subject_export as
select subject_export($1, $2)::text as answer;

-- Asks for an erasure, or does what another person has asked for.
--
-- takes
--   $1 person        text
--   $2 organisation  text     as above
--   $3 request       bigint   null: it is asked for
--   $4 reason        text     null: of the request
--   $5 deed          boolean  false: what it would do
--   $6 by            text
-- gives
--   answer  text  JSON
-- refuses P0001
-- time-out 50 s
prepare api_subject_erase as
select subject_erase_ask($1, $2, $3, $4, $5, $6)::text as answer;

-- Makes a legal hold, or lifts those that stand.
--
-- takes
--   $1 person        text
--   $2 organisation  text     as above
--   $3 lift          boolean
--   $4 reason        text
--   $5 by            text
-- gives
--   answer  text  JSON
-- refuses P0001
prepare api_subject_hold as
select subject_hold($1, $2, $3, $4, $5)::text as answer;
