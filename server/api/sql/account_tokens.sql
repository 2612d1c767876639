-- SPDX-License-Identifier: MIT

-- The tokens of an account; a row of nulls for one that never was.
--
-- takes
--   $1 account  text
-- gives
--   id          text
--   created_at  timestamptz
--   made_by     text
--   expires_at  timestamptz  infinity: never
--   revoked_at  timestamptz
--   revoked_by  text
--   scopes      text[]       empty: all that the account may
--   used_at     timestamptz  the hour in which it was used last; null: never
--   link_kind   text         null: it is no secret link
--   link_of     text
prepare api_account_tokens as
select t.id, t.created_at, t.made_by, t.expires_at, t.revoked_at, t.revoked_by,
  coalesce(t.scopes, '{}') as scopes, t.used_at, t.link_kind, t.link_of
from account a
left join token t on t.account = a.name
where a.name = $1
order by t.created_at, t.id;
