-- SPDX-License-Identifier: MIT

-- Messages whose time has come, and when the next one's does. One row at least.
--
-- takes
--   $1 most  integer
--   $2 not   bigint[]  that are being sent
-- gives
--   id          bigint       null: there is none
--   message_id  text
--   at          timestamptz
--   channel     text
--   address     text
--   severity    text
--   subject     text
--   body        text
--   link        text
--   attempts    integer
--   thread      text         the id of the first message about one of its groups; null: this is the first
--   now         timestamptz
--   next_at     timestamptz  null: none waits
prepare notify_due as
select id, message_id, at, channel, address, severity, subject, body, link, attempts, thread, now, next_at
from notify_due($1, $2);
