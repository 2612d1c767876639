-- SPDX-License-Identifier: MIT

-- The tokens that are good now.
--
-- gives
--   id          text
--   account     text
--   sha256      bytea
--   expires_at  timestamptz
--   scopes      text[]
--   scoped      boolean      false: it may do all that its account may
--   link_kind   text         null: it is no secret link
--   link_of     text
--   link_names  boolean
prepare api_tokens as
select t.id, t.account, t.sha256, t.expires_at, coalesce(t.scopes, '{}') as scopes, t.scopes is not null as scoped,
  t.link_kind, t.link_of, t.link_names
from token t
join account a on a.name = t.account
where t.revoked_at is null and a.retired_at is null and t.expires_at > now()
order by t.id;
