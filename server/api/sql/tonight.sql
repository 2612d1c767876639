-- SPDX-License-Identifier: MIT

-- Puts several people on several rotas, all or nobody.
--
-- takes
--   $1 place    text
--   $2 items    jsonb  [{"rota", "person", "from", "until", "note", "late"}, …]
--   $3 reason   text
--   $4 account  text
-- gives
--   made  text  JSON: [{"kind", "id"}, …] in the same order
-- time-out 15 s
-- refuses P0001
prepare api_tonight_add as
select tonight_add($1, $2, $3, $4)::text as made;
