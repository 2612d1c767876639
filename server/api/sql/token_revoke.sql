-- SPDX-License-Identifier: MIT

-- Revokes a token: whether it was good, and the account's.
--
-- takes
--   $1 id       text
--   $2 account  text  null: whosever it is
--   $3 by       text
-- gives
--   revoked  boolean
prepare api_token_revoke as
select case when exists (select from token where id = $1 and account = coalesce($2, account)) then token_revoke($1, $3) else false end as revoked;
