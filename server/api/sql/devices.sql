-- SPDX-License-Identifier: MIT

-- The devices of a place that were not taken off, those whose code was never typed left out.
--
-- takes
--   $1 place  text
-- gives
--   account      text
--   label        text
--   made_at      timestamptz
--   made_by      text
--   code_until   timestamptz
--   enrolled_at  timestamptz  null: its code waits to be typed
--   used_at      timestamptz  null: never
--   client       text         null: never
prepare api_devices as
select d.account, d.label, d.made_at, d.made_by, d.code_until, d.enrolled_at, s.used_at, s.client
from device d
left join lateral (select x.used_at, x.client from session x where x.account = d.account order by x.used_at desc limit 1) s on true
where d.place = $1 and d.removed_at is null and (d.enrolled_at is not null or d.code_until > now())
order by d.made_at, d.account;
