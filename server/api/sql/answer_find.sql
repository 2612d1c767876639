-- SPDX-License-Identifier: MIT

-- The first answer to a key; no row if there is none.
--
-- takes
--   $1 account  text
--   $2 key      bytea  SHA-256
-- gives
--   request  bytea
--   answer   bytea
prepare api_answer_find as
select request, answer
from answer_find($1, $2);
