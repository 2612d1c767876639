-- SPDX-License-Identifier: MIT

-- Adds an upload and gives its id.
--
-- takes
--   $1 rota     text
--   $2 account  text
--   $3 format   text
--   $4 mode     text
--   $5 sha256   bytea
--   $6 bytes    bytea
-- gives
--   id  bigint
-- time-out 20 s
-- refuses P0001
prepare api_import_add as
select import_add($1, $2, $3, $4, $5, $6) as id;

-- The same, unless something else than the caller has seen is in force.
--
-- takes
--   $1 rota     text
--   $2 account  text
--   $3 format   text
--   $4 mode     text
--   $5 sha256   bytea
--   $6 bytes    bytea
--   $7 over     bytea  SHA-256 of what it is to take the place of (null: of nothing)
-- gives
--   id  bigint
-- time-out 20 s
-- refuses P0001
prepare api_import_add_over as
select import_add_over($1, $2, $3, $4, $5, $6, $7) as id;

-- One upload for several rotas, each of which has its own preview: all of them or none.
--
-- takes
--   $1 rotas    text[]
--   $2 account  text
--   $3 format   text
--   $4 mode     text
--   $5 sha256   bytea
--   $6 bytes    bytea
-- gives
--   rota  text
--   id    bigint  in the order of the rotas
-- time-out 20 s
-- refuses P0001
prepare api_import_add_all as
select r.rota, import_add(r.rota, $2, $3, $4, $5, $6) as id
from unnest($1::text[]) with ordinality r (rota, n)
order by r.n;
