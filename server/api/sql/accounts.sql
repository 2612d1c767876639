-- SPDX-License-Identifier: MIT

-- The accounts that are not retired.
--
-- gives
--   name          text
--   kind          text
--   role          text
--   organisation  text
--   places        text[]
--   glass_places  text[]    that it may look at for a while
--   glass_until   bigint[]  until when, in seconds since 1970
prepare api_accounts as
select a.name, a.kind, a.role, a.organisation, a.places,
  array(select b.place from break_glass b where b.account = a.name and b.until > now() order by b.id) as glass_places,
  array(select floor(extract(epoch from b.until))::bigint from break_glass b where b.account = a.name and b.until > now()
        order by b.id) as glass_until
from account a
where a.retired_at is null
order by a.name collate "C";
