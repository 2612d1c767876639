-- SPDX-License-Identifier: MIT

-- News that waits to be told, by subscription and in order.
--
-- takes
--   $1 most  integer
-- gives
--   subscription      bigint
--   news              bigint
--   at                timestamptz
--   kind              text
--   severity          text
--   of_group          text
--   gap               text         its id
--   place_name        text
--   function_name     text
--   rota              text
--   alerted_to              text
--   state             text
--   starts_at         timestamptz
--   ends_at           timestamptz
--   number            bigint
--   outcome           text
--   digest            bigint[]     minutes of the local day
--   quiet_from        integer      null: no quiet hours
--   quiet_until       integer
--   told_critical_at  timestamptz  its group, as critical, within the hour before; null: it was not
--   told_at           timestamptz  the subscription's last message; null: there was none
--   zone              text
--   practice          boolean
prepare notify_waiting as
select subscription, news, at, kind, severity, of_group, gap::text, place_name, function_name, rota, alerted_to, state, starts_at, ends_at, number, outcome, digest,
  quiet_from, quiet_until, told_critical_at, told_at, zone, practice
from notify_waiting($1) order by subscription, news;
