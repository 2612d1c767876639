-- SPDX-License-Identifier: MIT

-- The account and the purpose of a link. No row: there is no such link, or it is no longer valid.
--
-- takes
--   $1 sha256  bytea
--   $2 totp    bytea  a secret, sealed, for the first look; null: none
-- gives
--   account    text
--   kind       text
--   second     boolean
--   totp       bytea    that the link holds
--   has_totp   bytea    that the account has
--   totp_step  bigint
prepare api_invitation_look as
select i.account, i.kind, i.second, i.totp, i.has_totp, i.totp_step from invitation_look($1, $2) i;
