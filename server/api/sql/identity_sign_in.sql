-- SPDX-License-Identifier: MIT

-- A person signs in through a provider: linked, with the account, or what else comes of it.
--
-- takes
--   $1 provider      text
--   $2 subject       text
--   $3 organisation  text
--   $4 name          text     for who decides about a request; null: none
--   $5 issued        bigint   when the token was, in seconds since 1970
--   $6 token         bytea    its hash
--   $7 most          integer  so many requests wait in an organisation at most
-- gives
--   outcome  text
--   account  text  null but where it is linked
prepare api_identity_sign_in as
select s.outcome, s.account from identity_sign_in($1, $2, $3, $4, $5, $6, $7) s;
