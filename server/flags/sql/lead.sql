-- SPDX-License-Identifier: MIT

-- Asks to be the process that publishes. Gives whether it is, the epoch of the map, and the flag after which it
-- continues.
--
-- takes
--   $1 epoch  integer  of the newest id in Redis
--   $2 seq    bigint   of the newest id in Redis
-- gives
--   leads        boolean
--   epoch        integer
--   after_epoch  integer
--   after_seq    bigint
prepare flags_lead as
select leads, epoch, after_epoch, after_seq
from crisiscover.flags_lead($1, $2);
