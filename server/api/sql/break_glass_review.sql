-- SPDX-License-Identifier: MIT

-- Says that it was reviewed: what is in the way, or null.
--
-- takes
--   $1 id    bigint
--   $2 note  text    null: none
--   $3 by    text
-- gives
--   refused  text
prepare api_break_glass_review as
select break_glass_review($1, $2, $3) as refused;
