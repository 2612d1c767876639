-- SPDX-License-Identifier: MIT

-- Keeps a secret link: whether its account was there.
--
-- takes
--   $1 account     text
--   $2 id          text
--   $3 sha256      bytea
--   $4 expires_at  timestamptz
--   $5 kind        text
--   $6 of          text         code of the thing
--   $7 names       boolean      whether its answers name people
--   $8 note        text         null: none
-- gives
--   added  boolean
prepare api_link_add as
select link_add($1, $2, $3, $4, $5, $6, $7, $8) as added;
