-- SPDX-License-Identifier: MIT

-- Keeps the answer of a write, if it has written something.
--
-- takes
--   $1 account  text
--   $2 key      bytea  SHA-256
--   $3 request  bytea  SHA-256
--   $4 answer   bytea  sealed
-- gives
--   answer_keep  text
prepare api_answer_keep as
select answer_keep($1, $2, $3, $4)::text;
