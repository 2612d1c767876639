-- SPDX-License-Identifier: MIT

-- The end of the audit's chain, and the row after which the part that is kept begins.
--
-- takes
--   $1 known  bigint  the end of before
-- gives
--   seq         bigint
--   hash        text
--   at          timestamptz
--   known_hash  text         of the row that was the end before
--   base_seq    bigint       of the row that the chain begins after
--   base_hash   text
--   outside     bigint       rows outside of the chain
prepare api_audit_head as
select h.seq, encode(h.hash, 'hex') as hash, h.at,
  (select encode(a.hash, 'hex') from audit a where a.seq = $1 order by a.id limit 1) as known_hash,
  b.seq as base_seq, encode(b.hash, 'hex') as base_hash,
  (select count(*) from audit a where a.seq is null) as outside
from audit_head h, audit_base b;
