-- SPDX-License-Identifier: MIT

-- Gaps as they were known at an instant.
--
-- takes
--   $1 place     text
--   $2 function  text         null: every
--   $3 at        timestamptz
--   $4 known_at  timestamptz
-- gives
--   gap      text  id
--   as_then  text  JSON
--   since    text  its steps since, JSON
-- time-out 30 s
prepare api_gaps_then as
select gap::text, as_then, since
from gaps_then($1, $2, $3, $4);
