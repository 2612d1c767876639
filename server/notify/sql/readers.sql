-- SPDX-License-Identifier: MIT

-- The subscriptions in force, with the accounts whose they are, under the codes of today.
--
-- gives
--   id            bigint
--   at            timestamptz
--   account       text
--   about         text[]
--   places        text[]
--   functions     text[]
--   severity      text
--   alerted_to          text
--   role          text    of the account
--   own_places    text[]  of the account
--   organisation  text    of the account
prepare notify_readers as
select id, at, account, about, places, functions, severity, alerted_to, role, own_places, organisation
from notify_readers();
