-- SPDX-License-Identifier: MIT

-- Notes that everything up to an id is in Redis.
--
-- takes
--   $1 epoch  integer
--   $2 seq    bigint
-- gives
--   flags_mark  void
prepare flags_mark as
select crisiscover.flags_mark($1, $2);
