-- SPDX-License-Identifier: MIT

-- Notes how far the clock of an address's server is off.
--
-- takes
--   $1 rota   text
--   $2 claim  bigint
--   $3 off    integer  seconds (0: not at all)
-- gives
--   feeds_clock  void
prepare feeds_clock as
select feeds_clock($1::text, $2::bigint, nullif($3::integer, 0));
