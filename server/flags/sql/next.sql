-- SPDX-License-Identifier: MIT

-- The flags after an id, in order, and the clock at which they were read. Without any flag one row, which has only the clock.
--
-- takes
--   $1 epoch  integer
--   $2 seq    bigint
--   $3 most   bigint   how many
-- gives
--   epoch          integer      null: there is none
--   seq            bigint
--   place          text
--   function       text
--   payload        text         JSON
--   was_published  boolean      before: subscribers may have it
--   now            timestamptz
--   canary_turn    bigint       of the newest flag of the canary
--   canary_turned  timestamptz  when its rota changed
--   canary         text         its payload, JSON (null: there is none yet)
prepare flags_next as
select f.epoch, f.seq, f.place, f.function, f.payload, f.published_at is not null as was_published, clock_timestamp() as now,
  c.turn as canary_turn, c.turned_at as canary_turned, c.flag as canary
from crisiscover.canary_swept c
left join (
  select epoch, seq, place, function, payload, published_at
  from crisiscover.flag
  where (epoch, seq) > ($1::integer, $2::bigint)
  order by epoch, seq
  limit $3
) f on true
order by f.epoch, f.seq;
