-- SPDX-License-Identifier: MIT

-- Signs a browser in: whether it is.
--
-- takes
--   $1 account       text
--   $2 how           text
--   $3 token         text         by which; null: by none
--   $4 id            text
--   $5 sha256        bytea
--   $6 client        text
--   $7 idle_seconds  integer
--   $8 ends_at       timestamptz
-- gives
--   opened  boolean
prepare api_session_open as
select session_open($1, $2, $3, $4, $5, $6, $7, $8) as opened;
