-- SPDX-License-Identifier: MIT

-- Begins a write that has an Idempotency-Key. If it is not the first with this key, gives the request and the
-- sealed answer of the first.
--
-- takes
--   $1 account  text
--   $2 key      bytea  SHA-256
-- gives
--   first    boolean
--   request  bytea
--   answer   bytea
prepare api_answer_begin as
select first, request, answer
from answer_begin($1, $2);
