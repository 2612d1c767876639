-- SPDX-License-Identifier: MIT

-- Secret links that are not revoked, and whose account has not ended.
--
-- gives
--   id          text
--   account     text         that made it
--   kind        text
--   of          text         code of the thing when the link was made
--   names       boolean
--   note        text
--   made_at     timestamptz
--   expires_at  timestamptz
--   used_at     timestamptz  the hour in which it was used last; null: never
prepare api_links as
select t.id, t.account, t.link_kind as kind, t.link_of as of, t.link_names as names, t.link_note as note,
  t.created_at as made_at, t.expires_at, t.used_at
from token t
join account a on a.name = t.account
where t.link_kind is not null and t.revoked_at is null and a.retired_at is null
order by t.created_at, t.id;
