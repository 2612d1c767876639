-- SPDX-License-Identifier: MIT

-- Swaps that have changed since a version.
--
-- takes
--   $1 version  bigint
-- gives
--   id          bigint
--   version     bigint
--   state       text         offered also where it has expired
--   expires_at  timestamptz
--   ends_at     timestamptz
--   rotas       text[]
--   people      text[]
prepare api_swaps_since as
select id, version, state, expires_at, ends_at, rotas, people from swaps_since($1);
