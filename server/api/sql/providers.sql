-- SPDX-License-Identifier: MIT

-- The identity providers.
--
-- takes
-- gives
--   id      text
--   body    text         JSON
--   set_at  timestamptz
--   set_by  text
prepare api_providers as
select p.id, p.body::text as body, p.set_at, p.set_by from provider p where p.removed_at is null order by p.id;

-- The same, as somebody who wants to sign in is shown them.
--
-- takes
-- gives
--   id      text
--   name    text
--   issuer  text
prepare api_provider_choice as
select p.id, p.body->>'name' as name, p.issuer from provider p where p.removed_at is null order by p.body->>'name', p.id;
