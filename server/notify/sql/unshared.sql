-- SPDX-License-Identifier: MIT

-- News that nobody has shared out yet, in order, with what it is judged by.
--
-- takes
--   $1 most  integer
-- gives
--   id            bigint
--   at            timestamptz
--   kind          text
--   severity      text
--   alerted_to          text
--   organisation  text
--   account       text
--   above         text[]  the places that it is about, and all above them
--   functions     text[]
prepare notify_unshared as
select id, at, kind, severity, alerted_to, organisation, account, above, functions
from notify_unshared($1) order by id;
