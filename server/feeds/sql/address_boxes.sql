-- SPDX-License-Identifier: MIT

-- All addresses that are kept, sealed. Run by the owner of the database.
--
-- gives
--   mask  text
--   box   bytea
-- time-out 60 s
prepare feeds_address_boxes as
select mask, box from feed_address order by mask;

-- Puts other boxes in the place of those that were read. One that was replaced meanwhile stays.
--
-- takes
--   $1 masks   text[]
--   $2 before  bytea[]
--   $3 after   bytea[]
-- gives
--   done  bigint  how many
-- time-out 60 s
prepare feeds_address_rewrite as
with done as (
  update feed_address a set box = u.after
  from unnest($1::text[], $2::bytea[], $3::bytea[]) u (mask, before, after)
  where a.mask = u.mask and a.box = u.before
  returning 1)
select count(*) as done from done;
