-- SPDX-License-Identifier: MIT

-- Counts one more attempt to read a body: how many there were.
--
-- takes
--   $1 rota  text
--   $2 body  bytea  SHA-256
-- gives
--   attempts  integer
prepare feeds_count_attempt as
select feeds_attempt($1::text, $2) as attempts;
