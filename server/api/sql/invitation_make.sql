-- SPDX-License-Identifier: MIT

-- Makes a link by which an account sets its password: what is in the way, or null.
--
-- takes
--   $1 account  text
--   $2 kind     text     invite or reset
--   $3 second   boolean  whether a new second factor is set
--   $4 sha256   bytea
--   $5 seconds  integer  for how long
--   $6 by       text
-- gives
--   refused  text
prepare api_invitation_make as
select invitation_make($1, $2, $3, $4, $5, $6) as refused;
