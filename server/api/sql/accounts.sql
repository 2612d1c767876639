-- SPDX-License-Identifier: MIT

-- The accounts that are not retired.
--
-- gives
--   name          text
--   kind          text
--   role          text
--   organisation  text
--   places        text[]
prepare api_accounts as
select name, kind, role, organisation, places
from account
where retired_at is null
order by name collate "C";
