-- SPDX-License-Identifier: MIT

-- Adds a token: whether it was added.
--
-- takes
--   $1 account     text
--   $2 id          text
--   $3 sha256      bytea
--   $4 expires_at  timestamptz  null: never
--   $5 scopes      text[]       null: all that the account may
--   $6 by          text
-- gives
--   added  boolean
prepare api_token_add as
select token_add_scoped($1, $2, $3, $4, $5, $6) as added;
