-- SPDX-License-Identifier: MIT

-- Revokes a token: whether it was good.
--
-- takes
--   $1 id  text
--   $2 by  text
-- gives
--   revoked  boolean
prepare api_token_revoke as
select token_revoke($1, $2) as revoked;
