-- SPDX-License-Identifier: MIT

-- The bytes that files have brought, and those in force, on rotas.
--
-- takes
--   $1 rotas  text[]
-- gives
--   rota        text
--   filed       text         SHA-256 of what a file brought last
--   in_force    text         SHA-256
--   import      bigint       by which a person changed that
--   decided_by  text
--   decided_at  timestamptz
prepare api_region_files as
select rota, filed, in_force, import, decided_by, decided_at
from region_files($1);
