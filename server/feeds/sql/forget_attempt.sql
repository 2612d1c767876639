-- SPDX-License-Identifier: MIT

-- Forgets the attempts to read a body.
--
-- takes
--   $1 rota  text
--   $2 body  bytea  SHA-256
-- gives
--   feeds_attempt_forget  void
prepare feeds_forget_attempt as
select feeds_attempt_forget($1::text, $2);
