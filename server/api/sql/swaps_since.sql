-- SPDX-License-Identifier: MIT

-- Swaps, then leave, that have changed since a version.
--
-- takes
--   $1 version  bigint
-- gives
--   leave       boolean      not a swap
--   id          bigint
--   version     bigint
--   state       text         of a swap offered also where it has expired
--   expires_at  timestamptz
--   ends_at     timestamptz
--   rotas       text[]
--   people      text[]
prepare api_swaps_since as
select leave, id, version, state, expires_at, ends_at, rotas, people from swaps_since($1);
