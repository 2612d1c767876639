-- SPDX-License-Identifier: MIT

-- Flags after an id. Without flags there is one row, whose last three columns are null.
--
-- takes
--   $1 epoch   integer
--   $2 seq     bigint
--   $3 places  text[]   null: every
--   $4 most    bigint
-- gives
--   head_epoch  integer
--   head_seq    bigint
--   epoch       integer
--   seq         bigint
--   payload     text
prepare api_flags as
select c.epoch as head_epoch, c.seq as head_seq, f.epoch, f.seq, f.payload
from flag_counter c
left join lateral (
  select epoch, seq, payload
  from flag
  where (epoch, seq) > ($1, $2) and ($3::text[] is null or place = any($3) or place is null)
  order by epoch, seq
  limit $4
) f on true
order by f.epoch, f.seq;
