-- SPDX-License-Identifier: MIT

-- The identity provider with an issuer. No row: there is none.
--
-- takes
--   $1 issuer  text
-- gives
--   id    text
--   body  text  JSON
prepare api_provider_of_issuer as
select p.id, p.body::text as body from provider p where p.issuer = $1 and p.removed_at is null;
