-- SPDX-License-Identifier: MIT

-- The open questions about the calendar in force. No row: the rota has no feed.
--
-- takes
--   $1 rota  text
-- gives
--   to_decide  jsonb
prepare api_to_decide as
select to_decide
from feed_to_decide
where rota = $1::text;
