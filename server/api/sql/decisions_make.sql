-- SPDX-License-Identifier: MIT

-- Makes decisions and gives their ids, in the order in which they were given.
--
-- takes
--   $1 rota       text
--   $2 decisions  jsonb  JSON
--   $3 account    text
-- gives
--   ids  bigint[]
-- refuses P0001
prepare api_decisions_make as
select decisions_make($1, $2::jsonb, $3) as ids;
