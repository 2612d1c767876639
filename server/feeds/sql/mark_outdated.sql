-- SPDX-License-Identifier: MIT

-- Marks feeds and waiting imports that were read under other settings or by another version than they would be
-- read by now. Gives how many.
--
-- takes
--   $1 rotas     text[]
--   $2 calendar  bytea[]  digest for each rota
--   $3 roster    bytea[]  digest for each rota
-- gives
--   marked  bigint
prepare feeds_mark_outdated as
select feeds_outdated($1, $2, $3) + imports_outdated($1, $2, $3) as marked;
