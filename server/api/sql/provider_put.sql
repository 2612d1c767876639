-- SPDX-License-Identifier: MIT

-- One identity provider, and for whom it speaks: how many people are linked and wait in each organisation. No row: there is none.
--
-- takes
--   $1 id  text
-- gives
--   body           text         JSON
--   set_at         timestamptz
--   set_by         text
--   organisations  text[]
--   linked         bigint[]
--   asked          bigint[]
prepare api_provider as
select p.body::text as body, p.set_at, p.set_by, c.organisations, c.linked, c.asked
from provider p, lateral (
  select coalesce(array_agg(i.organisation order by i.organisation), '{}') as organisations,
         coalesce(array_agg(i.linked order by i.organisation), '{}') as linked, coalesce(array_agg(i.asked order by i.organisation), '{}') as asked
  from (select x.organisation, count(*) filter (where x.state = 'linked') as linked, count(*) filter (where x.state = 'asked') as asked
        from identity x where x.provider = p.id and x.state in ('linked', 'asked') group by x.organisation) i) c
where p.id = $1 and p.removed_at is null;

-- Adds an identity provider or changes it: what is in the way, or null.
--
-- takes
--   $1 id    text
--   $2 body  text     JSON
--   $3 seen  text     as it was read (null: there was none)
--   $4 try   boolean  only says what is in the way
--   $5 by    text
-- gives
--   refused  text
prepare api_provider_put as
select provider_put($1, $2, $3, $4, $5) as refused;
