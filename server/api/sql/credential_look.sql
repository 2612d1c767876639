-- SPDX-License-Identifier: MIT

-- The hash with which the password of an account is compared. No row: there is no such account, or it has none.
--
-- takes
--   $1 account  text
-- gives
--   password   text
--   totp       bytea   sealed; null: it needs no code
--   totp_step  bigint  the last that was used
prepare api_credential_look as
select c.password, c.totp, c.totp_step from credential_look($1) c;
