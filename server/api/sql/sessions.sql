-- SPDX-License-Identifier: MIT

-- The sessions that have changed since a version, also those that have ended: a process that has one in memory
-- must learn of its end.
--
-- takes
--   $1 since  bigint  a version of the sessions; -1: all that stand, or have ended just now
-- gives
--   id            text
--   account       text
--   sha256        bytea
--   how           text
--   used_at       timestamptz
--   idle_seconds  integer
--   ends_at       timestamptz  infinity: never
--   ended_at      timestamptz  null: it stands
prepare api_sessions as
select s.id, s.account, s.sha256, s.how, s.used_at, s.idle_seconds, s.ends_at, s.ended_at
from session s
where s.version > $1 and ($1 >= 0 or session_stands(s) or s.ended_at > now() - interval '1 hour');
