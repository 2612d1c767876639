-- SPDX-License-Identifier: MIT

-- The history of some places for research, month by month.
--
-- takes
--   $1 places  text[]
--   $2 from    text    first day of the first month
--   $3 to      text    first day of the last
-- gives
--   month          text
--   place          text
--   function       text
--   hours_covered  text
--   hours_short    text
--   hours_gap      text
--   hours_unknown  text
--   gaps           integer
--   gaps_ahead     integer
--   calls          integer
--   answered       integer
--   wrong_person   integer
--   no_answer      integer
-- time-out 30 s
prepare api_research as
select to_char(r.month, 'YYYY-MM') as month, r.place, r.function, round(r.hours_covered, 2)::text as hours_covered, round(r.hours_short, 2)::text as hours_short,
  round(r.hours_gap, 2)::text as hours_gap, round(r.hours_unknown, 2)::text as hours_unknown, r.gaps, r.gaps_ahead, r.calls, r.answered, r.wrong_person, r.no_answer
from report.research($1::text[], $2::text::date, $3::text::date) r
order by r.month, r.place, r.function nulls last;
