-- SPDX-License-Identifier: MIT

-- Changes the rota of the canary, unless another process has just done so.
--
-- takes
--   $1 seconds  bigint  between two changes
-- gives
--   turned  boolean
prepare feeds_canary as
select canary_turn($1) as turned;
