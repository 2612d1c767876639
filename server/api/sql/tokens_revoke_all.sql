-- SPDX-License-Identifier: MIT

-- Revokes the tokens of an account: how many; null for one that never was.
--
-- takes
--   $1 account  text
--   $2 by       text
-- gives
--   revoked  bigint
prepare api_tokens_revoke_all as
select case when exists (select from account where name = $1) then tokens_revoke_all($1, $2) end as revoked;
