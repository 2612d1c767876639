-- SPDX-License-Identifier: MIT

-- The tables and functions of Crisis Cover, in seven files by subject:
--
--   0001 set-up     logins, the region and its codes, accounts and tokens, bank holidays
--   0002 sources    bodies, readings, feeds, shifts
--   0003 decisions  what people decide: decisions, overrides, absences
--   0004 imports    uploads and calendars that are held, their preview, and putting them in force
--   0005 map        demands, spans, gaps and their acknowledgement
--   0006 flags      the outbox
--   0007 record     the audit, what was known when, retention, renaming, answers that are kept
--
-- Data flows one way: body -> reading -> shift -> span -> gap -> flag. Shifts and spans are bitemporal: valid time is starts_at..ends_at, and
-- known_from..known_to says when we held it to be so. A row is never changed and never deleted; it is superseded, by closing known_to in the
-- same transaction that writes its successor.
--
-- Roles read tables with their own rights and write through functions. A function that is `security definer` runs with the owner's rights:
-- a fault in the role can do no more than the function does. Bodies of functions name tables of later files, so they are checked when all
-- of them are there (tests/schema).
--
-- Channels (NOTIFY without a payload: a hint to look, backed by a slow poll): region_applied, import_changed, refresh_asked, decisions_changed,
-- shifts_changed, coverage_changed, flags_filled, accounts_changed.

create schema if not exists crisiscover;
revoke all on schema public from public;

set local search_path = crisiscover;
set local check_function_bodies = off;

-- --------------------------------------------------------------------------------------------------------------------------------------- logins

-- One login for each role that speaks to the database; a role of a process can do what it must and nothing else. Logins belong to the
-- cluster, so another database of the same cluster may have made them already.
--
-- They never compile: every statement of the roles is short and is run again and again, and PostgreSQL, which cannot know that a table of one row
-- holds one row until it has looked, would spend 0.8 s of processor time to save microseconds.
do $$
declare login text;
begin
  foreach login in array array['crisiscover_api', 'crisiscover_feeds', 'crisiscover_coverage', 'crisiscover_flags'] loop
    if not exists (select from pg_roles where rolname = login) then
      execute format('create role %I login', login);
    end if;
    execute format('alter role %I set search_path = crisiscover', login);
    execute format('alter role %I set timezone = ''UTC''', login);
    execute format('alter role %I set idle_in_transaction_session_timeout = ''10s''', login);
    execute format('alter role %I set lock_timeout = ''2s''', login);
    execute format('alter role %I set jit = off', login);
    execute format('grant usage on schema crisiscover to %I', login);
  end loop;
end $$;

-- ---------------------------------------------------------------------------------------------------------------------- what is never forgotten

-- Rows of the record may be added, and nothing else.
create function keep_the_record() returns trigger language plpgsql as $$
begin
  raise exception '% on %: the record is only ever added to', lower(tg_op), tg_table_name using errcode = 'P0002';
end $$;

-- The same for tables in partitions, whose own name is the argument, and whose superseded rows have the end of their time of being known written,
-- and nothing else. Deleting is refused a statement at a time: a row that moves to another partition is a deletion to triggers of rows, and to
-- those of statements it is none.
create function record_keep() returns trigger language plpgsql as $$
begin
  if tg_level = 'ROW' then
    if old.known_to = 'infinity' and new.known_to <> 'infinity' and to_jsonb(new) - 'known_to' = to_jsonb(old) - 'known_to' then
      return new;
    end if;
  end if;
  raise exception '% on %: the record is only ever added to', lower(tg_op), tg_argv[0] using errcode = 'P0002';
end $$;

-- Rows of these may be added, and nothing else. The argument: the table's own name, since a partition has another.
create function record_stay() returns trigger language plpgsql as $$
begin
  raise exception '% on %: the record is only ever added to', lower(tg_op), tg_argv[0] using errcode = 'P0002';
end $$;

-- --------------------------------------------------------------------------------------------------------------------------------------- common

create function iso(a_at timestamptz) returns text language sql stable as $$
  select to_char(a_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
$$;
grant execute on function iso to crisiscover_api;

-- ------------------------------------------------------------------------------------------------------------------------------ clocks of roles

-- By how much the database's clock was ahead of that of a machine on which a role runs, when the role measured it last. Roles without a port have no
-- other way to say so; the api shows it in its metrics. Changed in place.
create table role_clock (
  role     text not null check (role in ('feeds', 'coverage', 'flags')),
  machine  text not null check (length(machine) between 1 and 255),
  ahead_ms bigint not null,
  at       timestamptz not null default clock_timestamp(),
  primary key (role, machine)
);
grant select on role_clock to crisiscover_api;

-- A role has measured its clock. A machine that has not been heard of for a day is forgotten, unless it is the only one of its role.
create function role_clock_note(a_role text, a_machine text, a_ahead_ms bigint) returns void
language sql volatile security definer set search_path = crisiscover, pg_temp as $$
  delete from role_clock where role = a_role and machine <> a_machine and at < clock_timestamp() - interval '1 day';
  insert into role_clock (role, machine, ahead_ms) values (a_role, a_machine, a_ahead_ms)
    on conflict (role, machine) do update set ahead_ms = excluded.ahead_ms, at = excluded.at
$$;
grant execute on function role_clock_note to crisiscover_feeds, crisiscover_coverage, crisiscover_flags;

-- ----------------------------------------------------------------------------------------------------------------------------------- the set-up

-- Every region file that was ever applied, to the byte. The newest is in force; what was in force at K is the newest of then.
create table region (
  version    bigint generated always as identity primary key,
  document   text not null,
  sha256     bytea not null check (length(sha256) = 32),
  applied_at timestamptz not null default clock_timestamp(),
  applied_by text not null
);
create trigger keep before update or delete on region for each row execute function keep_the_record();
create trigger keep_all before truncate on region execute function keep_the_record();
grant select (version, sha256, applied_at, applied_by) on region to crisiscover_api;
grant select on region to crisiscover_feeds;

-- The codes that shifts, spans and gaps refer to. A code that leaves the region is retired, never deleted: the past still names it.
create table organisation (code text primary key, retired_at timestamptz);
create table place        (code text primary key, retired_at timestamptz);
create table function     (code text primary key, retired_at timestamptz);
create table person       (id text primary key, retired_at timestamptz);
create table rota         (id text primary key, retired_at timestamptz);
create table requirement  (id text primary key, retired_at timestamptz);

-- As the newest region file that had the code had it. Kept when the code is retired.
create table place_known (
  code    text primary key,
  name    text not null,
  kind    text not null,
  version bigint not null references region   -- the last region that had it
);

-- With every region that is kept, no matter who keeps it. Before the codes are made those of the file, so that what a retired code stood for was read
-- by then.
create function places_keep() returns trigger language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  insert into place_known (code, name, kind, version)
    select distinct on (x->>'code') x->>'code', coalesce(x->>'name', x->>'code'), coalesce(x->>'kind', ''), new.version
    from jsonb_array_elements(coalesce(new.document::jsonb->'places', '[]')) x
    where x->>'code' is not null
    on conflict (code) do update set name = excluded.name, kind = excluded.kind, version = excluded.version;
  return new;
end $$;
create trigger keep_places after insert on region for each row execute function places_keep();

-- Of a_codes, those that are not in the region in force and once were: what each stood for, and since when it is retired.
create function places_retired(a_codes text[])
returns table (code text, name text, kind text, retired_at timestamptz) language sql stable
security definer set search_path = crisiscover, pg_temp as $$
  select k.code, k.name, k.kind, p.retired_at
  from place_known k join place p using (code)
  where k.code = any (a_codes) and p.retired_at is not null
  order by k.code
$$;
grant execute on function places_retired to crisiscover_api;

-- The file that was applied last, by where it comes from: two people with a file each do not undo one another. a_origin is made by the one who
-- sends it, from the file's path; nothing follows from it but which file is compared with which.
create table region_file (
  origin     text primary key check (origin ~ '^[0-9a-f]{1,64}$'),
  document   text not null,           -- as it was sent, with the addresses that its masks stood for
  sha256     bytea not null check (length(sha256) = 32),
  version    bigint not null references region,
  applied_at timestamptz not null default clock_timestamp(),
  applied_by text not null
);

-- -------------------------------------------------------------------------------------------------------------------------------- bank holidays

-- Which days are bank holidays is a file of the machine, and ministers proclaim new ones: each file that was ever in use is kept.
create table bank_holidays (
  id         bigint generated always as identity primary key,
  known_from timestamptz not null default clock_timestamp(),
  sha256     bytea not null check (length(sha256) = 32),
  csv        text not null
);
create trigger keep before update or delete on bank_holidays for each row execute function keep_the_record();
create trigger keep_all before truncate on bank_holidays execute function keep_the_record();
grant select on bank_holidays to crisiscover_api;

-- Keeps the file that a process works with, if it is another one than before.
create function bank_holidays_keep(a_csv text) returns void language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
begin
  lock table bank_holidays in share row exclusive mode;
  insert into bank_holidays (sha256, csv)
    select sha256(convert_to(a_csv, 'UTF8')), a_csv
    where sha256(convert_to(a_csv, 'UTF8')) is distinct from (select b.sha256 from bank_holidays b order by b.id desc limit 1);
end $$;
grant execute on function bank_holidays_keep to crisiscover_api;

-- -------------------------------------------------------------------------------------------------------------------------- accounts and tokens

-- Who may ask. Accounts come from the region file; the administrator's own is made by `crisiscoverd token`. What they may see is decided by the
-- api from role and places.
create table account (
  name         text primary key,
  kind         text not null check (kind in ('person', 'device', 'program')),
  role         text not null check (role in ('viewer', 'switchboard', 'rota_manager', 'commissioner', 'auditor', 'administrator')),
  places       text[] not null default '{}',
  organisation text references organisation,
  retired_at   timestamptz,
  -- Made by `crisiscoverd token`, not by a region file: a file that does not name it leaves it alone, so that nobody locks himself out.
  by_hand      boolean not null default false
);
grant select on account to crisiscover_api;

-- Moves with every change of accounts or tokens: the api polls by it.
create table account_head (
  only_row boolean primary key default true check (only_row),
  version  bigint not null
);
insert into account_head (version) values (1);
grant select on account_head to crisiscover_api;

-- A bearer token is shown once and kept only as SHA-256. The public half finds the row, the whole is compared in constant time.
create table token (
  id         text primary key check (id ~ '^[0-9a-z]{12}$'),
  account    text not null references account,
  sha256     bytea not null check (length(sha256) = 32),
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null default 'infinity',
  revoked_at timestamptz,
  made_by    text,
  revoked_by text,
  used_at    timestamptz          -- when it was last used, to the hour or so: see tokens_used
);
create index token_account on token (account);
grant select on token to crisiscover_api;

-- Who made a token is kept with it.
create function token_keep(a_account text, a_id text, a_sha256 bytea, a_expires timestamptz, a_actor text) returns void
language plpgsql as $$
begin
  insert into token (id, account, sha256, expires_at, made_by) values (a_id, a_account, a_sha256, coalesce(a_expires, 'infinity'), a_actor);
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
grant execute on function token_add to crisiscover_api;

-- False: there is none with this id that was not revoked before.
create function token_revoke(a_id text, a_actor text) returns boolean
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  update token set revoked_at = clock_timestamp(), revoked_by = a_actor where id = a_id and revoked_at is null;
  if not found then
    return false;
  end if;
  update account_head set version = version + 1;
  insert into audit (actor, action, object) values (a_actor, 'token_revoked', 'token/' || a_id);
  notify accounts_changed;
  return true;
end $$;
grant execute on function token_revoke to crisiscover_api;

-- For anyone who owns the database: makes the account if it is missing, gives it this role, and keeps a token of it.
create function token_issue(a_account text, a_role text, a_id text, a_sha256 bytea) returns void
language plpgsql set search_path = crisiscover, pg_temp as $$
begin
  insert into account (name, kind, role, by_hand) values (a_account, 'program', a_role, true)
    on conflict (name) do update set role = excluded.role, by_hand = true, retired_at = null;
  perform token_keep(a_account, a_id, a_sha256, null, 'owner');
end $$;

-- Revokes all tokens of an account that still stand. Answers how many.
create function tokens_revoke_all(a_account text, a_actor text) returns bigint
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare gone text[];
begin
  with revoked as (
    update token set revoked_at = clock_timestamp(), revoked_by = a_actor where account = a_account and revoked_at is null returning id)
  select coalesce(array_agg(id order by id), '{}') into gone from revoked;
  if gone <> '{}' then
    update account_head set version = version + 1;
    insert into audit (actor, action, object, detail)
      select a_actor, 'token_revoked', 'token/' || id, jsonb_build_object('account', a_account) from unnest(gone) id;
    notify accounts_changed;
  end if;
  return cardinality(gone);
end $$;
grant execute on function tokens_revoke_all to crisiscover_api;

-- Whichever way an account ends or begins again: none of its earlier tokens stands.
create function account_ended() returns trigger language plpgsql as $$
begin
  perform tokens_revoke_all(new.name, coalesce((select applied_by from region order by version desc limit 1), 'owner'));
  return null;
end $$;
create trigger account_ended after update of retired_at on account
  for each row when (old.retired_at is distinct from new.retired_at) execute function account_ended();

-- Notes when tokens were last used, to the hour: so that one that nobody needs is seen. A process writes it down once an hour for each token,
-- never for each request.
create function tokens_used(a_ids text[], a_hour timestamptz) returns void language sql security definer set search_path = crisiscover, pg_temp as $$
  update token set used_at = a_hour where id = any (a_ids) and (used_at is null or used_at < a_hour)
$$;
grant execute on function tokens_used to crisiscover_api;

-- ------------------------------------------------------------------------------------------------------------------------------- feed addresses

-- What stands for an address where addresses have no business. The same address has the same mask, so that a change of it shows; the mask
-- of a region that was read back may be sent again, and means the address it stands for.
create function address_mask(a_url text) returns text language sql immutable as $$
  select 'https://address.invalid/' || encode(sha256(convert_to(a_url, 'UTF8')), 'hex')
$$;
grant execute on function address_mask to crisiscover_api;

-- A region document without the addresses of its feeds, as region_masked has it.
create function region_mask(a_document text) returns text language sql stable as $$
  select jsonb_set(a_document::jsonb, '{rotas}',
           coalesce((select jsonb_agg(case when r ? 'source' and r->'source' ? 'url'
                                           then jsonb_set(r, '{source,url}', to_jsonb(address_mask(r->'source'->>'url'))) else r end order by n)
                     from jsonb_array_elements(a_document::jsonb->'rotas') with ordinality as x(r, n)), '[]'))::text
$$;

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

create view region_masked as
  select version, applied_at,
         jsonb_set(document::jsonb, '{rotas}',
           coalesce((select jsonb_agg(case when r ? 'source' and r->'source' ? 'url'
                                           then jsonb_set(r, '{source,url}', to_jsonb(address_mask(r->'source'->>'url'))) else r end order by n)
                     from jsonb_array_elements(document::jsonb->'rotas') with ordinality as x(r, n)), '[]'))::text as document
  from region;
grant select on region_masked to crisiscover_api;

-- What every read of the set-up by a role that has no business with feed addresses gets.
create view region_without_addresses as
  select version, applied_at,
         jsonb_set(document::jsonb, '{rotas}',
           coalesce((select jsonb_agg(case when r ? 'source' and r->'source' ? 'url'
                                           then jsonb_set(r, '{source,url}', '"https://address.invalid/"') else r end order by n)
                     from jsonb_array_elements(document::jsonb->'rotas') with ordinality as x(r, n)), '[]'))::text as document
  from region;
grant select on region_without_addresses to crisiscover_coverage;

-- ----------------------------------------------------------------------------------------------------------------------------------- the region

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
grant execute on function region_apply to crisiscover_api;

-- What a file is compared with: the set-up in force, and the file that was applied before it: of the same origin, else the very same file, else
-- whichever was applied last. Without any (nothing was ever applied as a file) the set-up in force stands for it. Without addresses. version is
-- null where nothing is in force yet. a_seen: the version that the sender has seen, and what it was, or null.
create function region_base(a_file text, a_origin text, a_seen bigint)
returns table (version bigint, document text, applied_at timestamptz, applied_by text, base text, seen text)
language plpgsql stable security definer set search_path = crisiscover, pg_temp as $$
declare
  newest region;
  before region_file;
begin
  select * into newest from region r order by r.version desc limit 1;
  if a_origin is not null then
    select f.* into before from region_file f
      order by (f.origin = a_origin) desc, (f.sha256 = sha256(convert_to(region_unmasked(a_file), 'UTF8'))) desc, f.applied_at desc limit 1;
  end if;
  return query select newest.version, region_mask(newest.document), newest.applied_at, newest.applied_by,
                      case when before.document is not null then region_mask(before.document) end,
                      (select region_mask(r.document) from region r where r.version = a_seen and r.version <> newest.version);
end $$;
grant execute on function region_base to crisiscover_api;

-- What people have said that goes with these rotas and people: overrides and absences that are not over, and decisions in force.
create function region_said(a_rotas text[], a_people text[])
returns table (kind text, id bigint, rota text, person text, words text, by_account text, made_at timestamptz)
language sql stable security definer set search_path = crisiscover, pg_temp as $$
  select 'override', o.id, o.rota, o.person, o.note, o.made_by, o.made_at from override o
    where o.withdrawn_at is null and o.expires_at > clock_timestamp()
      and (o.rota = any (a_rotas) or o.person = any (a_people) or o.instead = any (a_people))
  union all
  select 'absence', a.id, null, a.person, null, a.made_by, a.made_at from absence a
    where a.withdrawn_at is null and a.ends_at > clock_timestamp() and a.person = any (a_people)
  union all
  select 'decision', d.id, d.rota, d.person, d.words, d.decided_by, d.known_from from decision d
    where d.known_to = 'infinity' and (d.rota = any (a_rotas) or d.person = any (a_people))
  order by 1, 2
$$;
grant execute on function region_said to crisiscover_api;

-- Puts a region file in force, and keeps the file as it was sent. a_seen: the version that a_document was compared with; where another is in force
-- meanwhile nothing is done, and the version that is answered is null. What the file calls otherwise is renamed first (a_kinds, a_was, a_codes
-- side by side). Where a rota or a person goes, what people have said of them is looked at once more, with everybody kept out who could say
-- something: what is not in a_said ("override 12") came after the file was compared. Then nothing is done, and there is a row for each of it.
create function region_put(a_document text, a_file text, a_origin text, a_seen bigint, a_actor text, a_kinds text[], a_was text[],
                           a_codes text[], a_rotas text[], a_people text[], a_said text[])
returns table (version bigint, applied boolean, hangs_on text, kind text, id bigint, by_account text)
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  again record;
  put record;
  sent text;
begin
  lock table region in share row exclusive mode;
  if cardinality(a_rotas) + cardinality(a_people) > 0 then
    perform from feed f order by f.rota for update;
    perform from person p where p.id = any (a_people) order by p.id for update;
    return query select null::bigint, false, case when s.rota = any (a_rotas) then 'rota:' || s.rota else 'person:' || s.person end,
                        s.kind, s.id, s.by_account
                 from region_said(a_rotas, a_people) s where s.kind || ' ' || s.id <> all (a_said);
    if found then
      return;
    end if;
  end if;
  if a_seen is distinct from (select max(r.version) from region r) then
    return query select null::bigint, false, null::text, null::text, null::bigint, null::text;
    return;
  end if;

  if cardinality(a_kinds) > 0 then
    perform from feed f order by f.rota for update;
  end if;
  for again in select * from unnest(a_kinds, a_was, a_codes) as u (kind, was, code) loop
    perform region_rename(again.kind, again.was, again.code, a_actor);
  end loop;
  if 'rota' = any (a_kinds) or 'person' = any (a_kinds) then
    notify decisions_changed;
  end if;

  -- Before the addresses of the set-up before may go.
  sent := region_unmasked(a_file);
  select a.version, a.applied into put from region_apply(a_document, a_actor) a;
  if a_origin is not null then
    insert into region_file as f (origin, document, sha256, version, applied_by)
      values (a_origin, sent, sha256(convert_to(sent, 'UTF8')), put.version, a_actor)
      on conflict (origin) do update
        set document = excluded.document, sha256 = excluded.sha256, version = excluded.version, applied_at = excluded.applied_at,
            applied_by = excluded.applied_by
        where f.sha256 <> excluded.sha256 or f.version <> excluded.version;
  end if;
  return query select put.version, put.applied, null::text, null::text, null::bigint, null::text;
end $$;
grant execute on function region_put to crisiscover_api;

-- --------------------------------------------------------------------------------------------------------------------------------------- rights

-- A function is everybody's unless somebody says otherwise.
revoke all on all functions in schema crisiscover from public;
