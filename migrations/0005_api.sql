-- What the api calls: the region and its accounts, tokens, uploads, a check out of turn. The api reads tables with its own rights, never the
-- address of a feed, and writes only through the functions here and those of 0002 and 0003 that were granted to it. Each is one
-- transaction and bears being called again.

set local search_path = crisiscover;

-- Moves with every change of accounts or tokens: the api polls by it.
create table account_head (
  only_row boolean primary key default true check (only_row),
  version  bigint not null
);
insert into account_head (version) values (1);

-- Made by `crisiscoverd token`, not by a region file: a file that does not name it leaves it alone, so that nobody locks himself out.
alter table account add column by_hand boolean not null default false;

-- ------------------------------------------------------------------------------------------------------------- feed addresses

-- What stands for an address where addresses have no business. The same address has the same mask, so that a change of it shows; the mask
-- of a region that was read back may be sent again, and means the address it stands for.
create function address_mask(a_url text) returns text language sql immutable as $$
  select 'https://address.invalid/' || encode(sha256(convert_to(a_url, 'UTF8')), 'hex')
$$;

create view region_masked as
  select version, applied_at,
         jsonb_set(document::jsonb, '{rotas}',
           coalesce((select jsonb_agg(case when r ? 'source' and r->'source' ? 'url'
                                           then jsonb_set(r, '{source,url}', to_jsonb(address_mask(r->'source'->>'url'))) else r end order by n)
                     from jsonb_array_elements(document::jsonb->'rotas') with ordinality as x(r, n)), '[]'))::text as document
  from region;

-- a_document with the addresses that its masks stand for. Only where an address belongs: a mask that stands in a name stays a mask.
create function region_unmasked(a_document text) returns text language plpgsql stable as $$
declare
  known record;
  unmasked text := a_document;
begin
  for known in
    select m.whole, f.url
    from (select distinct x[1] as whole, x[2] as mask
          from regexp_matches(a_document, '("url"\s*:\s*"(https://address\.invalid/[0-9a-f]{64})")', 'g') x) m
    join (select distinct url from feed where url is not null) f on address_mask(f.url) = m.mask
  loop
    unmasked := replace(unmasked, known.whole, '"url": ' || to_json(known.url)::text);
  end loop;
  if exists (select from jsonb_array_elements(coalesce(unmasked::jsonb->'rotas', '[]')) r
             where r->'source'->>'url' like 'https://address.invalid/%') then
    raise exception 'an address of this file stands for none that is known here: give the address itself' using errcode = 'P0001';
  end if;
  return unmasked;
end $$;

-- ----------------------------------------------------------------------------------------------------------------- the region

-- The codes of one kind become those of the file: new ones begin, missing ones are retired, those that come back are not.
create function region_sync_codes(a_table regclass, a_key text, a_items jsonb) returns void language plpgsql as $$
begin
  execute format('insert into %1$s (%2$I) select x->>%2$L from jsonb_array_elements($1) x order by 1
                    on conflict (%2$I) do update set retired_at = null where %1$s.retired_at is not null', a_table, a_key)
    using coalesce(a_items, '[]');
  execute format('update %1$s set retired_at = clock_timestamp()
                    where retired_at is null and %2$I not in (select x->>%2$L from jsonb_array_elements($1) x)', a_table, a_key)
    using coalesce(a_items, '[]');
end $$;

create function region_sync_accounts(a_accounts jsonb) returns void language plpgsql as $$
begin
  insert into account as a (name, kind, role, places, organisation)
    select x->>'name', x->>'kind', x->>'role', array(select jsonb_array_elements_text(coalesce(x->'places', '[]'))), x->>'organisation'
    from jsonb_array_elements(a_accounts) x
    on conflict (name) do update
      set kind = excluded.kind, role = excluded.role, places = excluded.places, organisation = excluded.organisation, retired_at = null
      where (a.kind, a.role, a.places, a.organisation, a.retired_at)
            is distinct from (excluded.kind, excluded.role, excluded.places, excluded.organisation, null);
  update account set retired_at = clock_timestamp()
    where retired_at is null and not by_hand and name not in (select x->>'name' from jsonb_array_elements(a_accounts) x);
  update account_head set version = version + 1;
end $$;

-- Puts a region file in force, all of it or nothing. The api has read it and found no fault. The very document that is in force already makes no
-- new version. P0001: an address is masked and nobody knows it.
create function region_apply(a_document text, a_actor text, out version bigint, out applied boolean) language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
declare
  plain text;
  parsed jsonb;
  digest bytea;
  newest record;
begin
  -- One at a time; readers go on.
  lock table region in share row exclusive mode;
  plain := region_unmasked(a_document);
  parsed := plain::jsonb;
  digest := sha256(convert_to(plain, 'UTF8'));
  select r.version, r.sha256 into newest from region r order by r.version desc limit 1;
  if newest.sha256 = digest then
    version := newest.version;
    applied := false;
    return;
  end if;

  insert into region (document, sha256, applied_by) values (plain, digest, a_actor) returning region.version into version;
  perform region_sync_codes('organisation', 'code', parsed->'organisations');
  perform region_sync_codes('function', 'code', parsed->'functions');
  perform region_sync_codes('place', 'code', parsed->'places');
  perform region_sync_codes('person', 'id', parsed->'people');
  perform region_sync_codes('rota', 'id', parsed->'rotas');
  perform region_sync_codes('requirement', 'id', parsed->'requirements');
  perform region_sync_accounts(coalesce(parsed->'accounts', '[]'));
  perform feeds_sync_region(parsed);
  insert into audit (actor, action, object, detail)
    values (a_actor, 'region_applied', 'region/' || version, jsonb_build_object('sha256', encode(digest, 'hex')));
  notify region_applied;
  notify accounts_changed;
  applied := true;
end $$;

-- --------------------------------------------------------------------------------------------------------------------- tokens

create function token_keep(a_account text, a_id text, a_sha256 bytea, a_expires timestamptz, a_actor text) returns void
language plpgsql as $$
begin
  insert into token (id, account, sha256, expires_at) values (a_id, a_account, a_sha256, coalesce(a_expires, 'infinity'));
  update account_head set version = version + 1;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'token_made', 'token/' || a_id, jsonb_build_object('account', a_account, 'expires_at', a_expires));
  notify accounts_changed;
end $$;

-- A new token for an account that is there. False: it is not. The token itself never comes here.
create function token_add(a_account text, a_id text, a_sha256 bytea, a_expires timestamptz, a_actor text) returns boolean
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  perform from account where name = a_account and retired_at is null for share;
  if not found then
    return false;
  end if;
  perform token_keep(a_account, a_id, a_sha256, a_expires, a_actor);
  return true;
end $$;

-- False: there is none with this id that was not revoked before.
create function token_revoke(a_id text, a_actor text) returns boolean
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  update token set revoked_at = clock_timestamp() where id = a_id and revoked_at is null;
  if not found then
    return false;
  end if;
  update account_head set version = version + 1;
  insert into audit (actor, action, object) values (a_actor, 'token_revoked', 'token/' || a_id);
  notify accounts_changed;
  return true;
end $$;

-- For whoever owns the database: makes the account if it is missing, gives it this role, and keeps a token of it.
create function token_issue(a_account text, a_role text, a_id text, a_sha256 bytea) returns void
language plpgsql set search_path = crisiscover, pg_temp as $$
begin
  insert into account (name, kind, role, by_hand) values (a_account, 'program', a_role, true)
    on conflict (name) do update set role = excluded.role, by_hand = true, retired_at = null;
  perform token_keep(a_account, a_id, a_sha256, null, 'owner');
end $$;

-- ------------------------------------------------------------------------------------------------------------- uploads, checks

-- Keeps an uploaded file for the reader and answers the number it can be asked after by. P0001: no such rota in the region.
create function import_add(a_rota text, a_actor text, a_format text, a_mode text, a_sha256 bytea, a_bytes bytea) returns bigint
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare added bigint;
begin
  perform from feed where rota = a_rota;
  if not found then
    raise exception 'there is no rota % in the region', a_rota using errcode = 'P0001';
  end if;
  insert into body (sha256, bytes) values (a_sha256, a_bytes) on conflict do nothing;
  insert into import (rota, by_account, format, mode, body) values (a_rota, a_actor, a_format, a_mode, a_sha256) returning id into added;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'import_uploaded', 'import/' || added,
            jsonb_build_object('rota', a_rota, 'mode', a_mode, 'bytes', length(a_bytes), 'sha256', encode(a_sha256, 'hex')));
  notify import_changed;
  return added;
end $$;

-- Somebody wants a feed checked now. P0001: its source is not an address.
create function refresh_ask(a_rota text, a_actor text) returns void
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  update feed set refresh_asked_at = clock_timestamp(), updated_at = clock_timestamp() where rota = a_rota and kind = 'ical_url';
  if not found then
    raise exception 'this rota has no address to be read from: its shifts are uploaded or typed in' using errcode = 'P0001';
  end if;
  insert into audit (actor, action, object) values (a_actor, 'refresh_asked', 'rota/' || a_rota);
  notify refresh_asked;
end $$;

-- ------------------------------------------------------------------------------------------------------------------- then

-- Whoever was away: asked of any instant, whatever rota said it.
create index shift_absences_ever on shift (ends_at) where class = 'absence';

-- Where the sources of some rotas stood at a_known. An event is kept only when a feed's state changes, so while it was good its last good check was
-- any moment up to then, but none later than the one the next event names. The horizon is that of the shifts known then.
create function sources_then(a_rotas text[], a_known timestamptz)
returns table (rota text, kind text, state text, fault text, last_good_at timestamptz, last_change_at timestamptz, horizon timestamptz)
language sql stable as $$
  select r.rota, coalesce(f.kind, 'ical_url'), coalesce(e.state, 'never'), e.fault,
         case when e.state = 'good' then least(a_known, coalesce(later.last_good_at, f.last_good_at, a_known)) else e.last_good_at end,
         (select max(s.known_from) from shift s where s.rota = r.rota and s.known_from <= a_known),
         (select max(s.ends_at) from shift s where s.rota = r.rota and s.known_from <= a_known and s.known_to > a_known)
  from unnest(a_rotas) as r (rota)
  left join feed f on f.rota = r.rota
  left join lateral (select * from feed_event x where x.rota = r.rota and x.at <= a_known order by x.at desc, x.id desc limit 1) e on true
  left join lateral (select * from feed_event x where x.rota = r.rota and x.at > a_known order by x.at, x.id limit 1) later on true
$$;

-- --------------------------------------------------------------------------------------------------------------------- rights

revoke all on function address_mask, region_unmasked, region_sync_codes, region_sync_accounts, region_apply, token_keep, token_add,
  token_revoke, token_issue, import_add, refresh_ask, sources_then from public;
grant execute on function address_mask, region_apply, token_add, token_revoke, import_add, refresh_ask, sources_then to crisiscover_api;

grant select on region_masked, account, token, account_head, map_head, map_change, dirty, flag_counter, flag, gap, span, shift, feed_event,
  reading, import, import_shift, demand to crisiscover_api;
grant select (version, applied_at, applied_by, sha256) on region to crisiscover_api;
-- Not the address, and nothing that was learnt from it.
grant select (rota, kind, every, next_at, refresh_asked_at, state, fault, failures, last_attempt_at, last_good_at, last_change_at, reading,
              horizon, held_import, updated_at) on feed to crisiscover_api;
