-- SPDX-License-Identifier: MIT

-- Revokes a secret link: whether it was good.
--
-- takes
--   $1 id  text
--   $2 by  text
-- gives
--   revoked  boolean
prepare api_link_revoke as
select link_revoke($1, $2) as revoked;
