-- SPDX-License-Identifier: MIT

-- Openings of places by accounts that may not ask about them, the newest first.
--
-- takes
--   $1 before     bigint   only numbers below this
--   $2 open_only  boolean  only those that nobody has reviewed
-- gives
--   id           bigint
--   account      text
--   place        text
--   reason       text
--   note         text
--   at           timestamptz
--   until        timestamptz
--   reviewed_at  timestamptz
--   reviewed_by  text
--   review_note  text
prepare api_glass_opened as
select b.id, b.account, b.place, b.reason, b.note, b.at, b.until, b.reviewed_at, b.reviewed_by, b.review_note
from break_glass b
where b.id < $1 and (not $2 or b.reviewed_at is null)
order by b.id desc
limit 1000;

-- The place of one of them. No row: there is none.
--
-- takes
--   $1 id  bigint
-- gives
--   place  text
prepare api_glass_place as
select b.place from break_glass b where b.id = $1;
