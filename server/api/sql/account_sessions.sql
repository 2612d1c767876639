-- SPDX-License-Identifier: MIT

-- The sessions of an account that are valid now.
--
-- takes
--   $1 account  text
-- gives
--   id       text
--   how      text
--   client   text
--   made_at  timestamptz
--   used_at  timestamptz  to the minute or so
--   ends_at  timestamptz  infinity: never
prepare api_account_sessions as
select s.id, s.how, s.client, s.made_at, s.used_at, s.ends_at
from session s
where s.account = $1 and session_stands(s)
order by s.used_at desc, s.id;
