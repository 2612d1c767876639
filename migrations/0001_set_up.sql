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
-- Channels (NOTIFY without a payload: a hint to read again, backed by a slow poll): region_applied, import_changed, refresh_asked, decisions_changed,
-- shifts_changed, coverage_changed, flags_filled, accounts_changed.

create schema if not exists crisiscover;
revoke all on schema public from public;

set local search_path = crisiscover;
set local check_function_bodies = off;

-- --------------------------------------------------------------------------------------------------------------------------------------- logins

-- One login for each role that speaks to the database; a role of a process can do what it must and nothing else. Logins belong to the
-- cluster, so another database of the same cluster may have made them already.
--
-- JIT is off: every statement of the roles is short and is run many times. PostgreSQL overestimates tables of one row that were never analyzed and
-- would spend 0.8 s of processor time on compiling to save microseconds.
do $$
declare login text;
begin
  foreach login in array array['crisiscover_api', 'crisiscover_feeds', 'crisiscover_coverage', 'crisiscover_flags', 'crisiscover_notify'] loop
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

-- The same for partitioned tables; the argument is the table's own name. The only change allowed is to write known_to of a row, once. Deletion is
-- refused by a trigger of statements: a row that moves to another partition fires the DELETE triggers of rows, but not those of statements.
create function record_keep() returns trigger language plpgsql as $$
begin
  if tg_level = 'ROW' then
    if old.known_to = 'infinity' and new.known_to <> 'infinity' and to_jsonb(new) - 'known_to' = to_jsonb(old) - 'known_to' then
      return new;
    end if;
  end if;
  raise exception '% on %: the record is only ever added to', lower(tg_op), tg_argv[0] using errcode = 'P0002';
end $$;

-- Rows may be added, and nothing else. The argument is the table's own name, since a partition has another name.
create function record_stay() returns trigger language plpgsql as $$
begin
  raise exception '% on %: the record is only ever added to', lower(tg_op), tg_argv[0] using errcode = 'P0002';
end $$;

-- --------------------------------------------------------------------------------------------------------------------------------------- common

create function iso(a_at timestamptz) returns text language sql stable as $$
  select to_char(a_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
$$;
grant execute on function iso to crisiscover_api;

-- Whether a text can stand where an address stood: tables refuse an address itself. Null can.
create function is_address_mask(a_text text) returns boolean language sql immutable as $$
  select a_text ~ '^https://address\.invalid/[0-9a-f]{64}$'
$$;

-- What names a secret: the hash of its address's mask, and its own.
create function is_secret_name(a_text text) returns boolean language sql immutable as $$
  select a_text ~ '^[0-9a-f]{64}\.[0-9a-f]{64}$'
$$;

-- Whether nothing of a rota's source is secret: a mask stands where its address stood, a name where its secret did, and none of the secret is left.
create function source_is_masked(a_source jsonb) returns boolean language sql immutable as $$
  select coalesce(crisiscover.is_address_mask(a_source->>'url'), true)
     and (coalesce(jsonb_typeof(a_source->'secret'), 'null') = 'null'
          or (a_source->'secret') - array['kind', 'sealed', 'over_http'] = '{}'
             and coalesce(crisiscover.is_secret_name(a_source->'secret'->>'sealed'), true))
$$;

create function addresses_are_masks(a_document jsonb) returns boolean language sql immutable as $$
  select coalesce(bool_and(crisiscover.source_is_masked(r->'source')), true) from jsonb_array_elements(a_document->'rotas') r
$$;

-- ------------------------------------------------------------------------------------------------------------------------------ clocks of roles

-- By how much the database's clock was ahead of that of a machine on which a role runs, when the role measured it last. Roles without a port have no
-- other way to say so; the api shows it in its metrics. Changed in place.
create table role_clock (
  role     text not null check (role in ('feeds', 'coverage', 'flags', 'notify')),
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
grant execute on function role_clock_note to crisiscover_feeds, crisiscover_coverage, crisiscover_flags, crisiscover_notify;

-- ----------------------------------------------------------------------------------------------------------------------------------- the set-up

-- Every version of the set-up: one for each change that was put in force. The newest is in force; the one in force at K is the newest that was made by K. A
-- version consists of its head and the objects of setup_item that were in it. sha256 is of the previous version and all that this one changed.
create table region (
  version    bigint generated always as identity primary key,
  head       jsonb not null,                                      -- the region file without its lists
  sha256     bytea not null check (length(sha256) = 32),
  applied_at timestamptz not null default clock_timestamp(),
  applied_by text not null,
  reason     text                                                 -- where one was given
);
create trigger keep before update or delete on region for each row execute function keep_the_record();
create trigger keep_all before truncate on region execute function keep_the_record();
grant select (version, sha256, applied_at, applied_by) on region to crisiscover_api;
grant select on region to crisiscover_feeds;

-- The objects of the set-up, as the region file has them: one row for each and each time that it changed. Superseded by itself, never deleted.
-- version put it there, ended took it away or replaced it. A list is in the order of position; an object that is put between two others gets a
-- position between theirs, so that they stay as they are.
create table setup_item (
  kind       text not null,                     -- see setup_kinds
  key        text not null,                     -- its code, id or name
  position   numeric not null,
  item       jsonb not null check (source_is_masked(item->'source')),
  version    bigint not null references region,
  ended      bigint references region,          -- null while it stands
  known_from timestamptz not null,
  known_to   timestamptz not null default 'infinity',
  made_by    text not null,
  primary key (kind, key, version)
);
create unique index setup_item_in_force on setup_item (kind, key) where ended is null;
create index setup_item_version on setup_item (version);
create index setup_item_position on setup_item (kind, position) where ended is null;   -- where a list ends, to which a new object is added
create index setup_item_ended on setup_item (ended) where ended is not null;

-- Of a superseded row the end is written, once, and nothing else.
create function setup_item_keep() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.ended is null and new.ended is not null
     and to_jsonb(new) - 'ended' - 'known_to' = to_jsonb(old) - 'ended' - 'known_to' then
    return new;
  end if;
  raise exception '% on setup_item: the record is only ever added to', lower(tg_op) using errcode = 'P0002';
end $$;
create trigger keep before update or delete on setup_item for each row execute function setup_item_keep();
create trigger keep_all before truncate on setup_item execute function keep_the_record();
grant select on setup_item to crisiscover_feeds;
grant select (kind, key, version) on setup_item to crisiscover_api; -- since when the record has a place

-- The kinds of objects of a set-up, in the order of the region file: the kind of an object, its list in the file, and the member that names it.
create function setup_kinds() returns table (rank integer, kind text, list text, id text) language sql immutable as $$
  values (1, 'organisation', 'organisations', 'code'), (2, 'function', 'functions', 'code'), (3, 'place', 'places', 'code'),
         (4, 'person', 'people', 'id'), (5, 'service', 'services', 'id'), (6, 'rota', 'rotas', 'id'),
         (7, 'requirement', 'requirements', 'id'), (8, 'account', 'accounts', 'name'),
         (9, 'area', 'areas', 'code'), (10, 'navigator', 'navigators', 'id')
$$;
grant execute on function setup_kinds to crisiscover_api, crisiscover_feeds, crisiscover_coverage;

-- The codes that shifts, spans and gaps refer to. A code that leaves the region is retired, never deleted: the past still names it.
create table organisation (code text primary key, retired_at timestamptz);
create table place        (code text primary key, retired_at timestamptz);
create table function     (code text primary key, retired_at timestamptz);
create table person       (id text primary key, retired_at timestamptz);
create table rota         (id text primary key, retired_at timestamptz);
create table requirement  (id text primary key, retired_at timestamptz);

-- As the newest set-up that had the code had it. Kept when the code is retired.
create table place_known (
  code    text primary key,
  name    text not null,
  kind    text not null,
  version bigint not null references region   -- the last one that changed it
);

-- With every place that is put into the set-up, no matter who puts it there.
create function place_keep() returns trigger language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  insert into place_known (code, name, kind, version)
    values (new.key, coalesce(new.item->>'name', new.key), coalesce(new.item->>'kind', ''), new.version)
    on conflict (code) do update set name = excluded.name, kind = excluded.kind, version = excluded.version;
  return null;
end $$;
create trigger keep_place after insert on setup_item for each row when (new.kind = 'place') execute function place_keep();

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

-- The file that was applied last from each origin, so that two people with a file each do not undo each other's changes. The sender makes the origin
-- from the file's path; it decides only which files are compared.
create table region_file (
  origin     text primary key check (origin ~ '^[0-9a-f]{1,64}$'),
  document   text not null check (addresses_are_masks(document::jsonb)),   -- as it was sent, with masks in place of addresses
  sha256     bytea not null check (length(sha256) = 32),
  version    bigint not null references region,
  applied_at timestamptz not null default clock_timestamp(),
  applied_by text not null
);

-- -------------------------------------------------------------------------------------------------------------------------------- bank holidays

-- Bank holidays are a file of the machine, and new ones are proclaimed: each file that was ever in use is kept.
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

-- The accounts that may ask. Accounts come from the region file; the administrator's own is made by `crisiscoverd token`. The api decides from role
-- and places what they may see.
create table account (
  name         text primary key,
  kind         text not null check (kind in ('person', 'device', 'program')),
  role         text not null check (role in ('viewer', 'switchboard', 'rota_manager', 'commissioner', 'place_manager',
                                              'organisation_administrator', 'auditor', 'administrator')),
  places       text[] not null default '{}',
  organisation text references organisation,
  retired_at   timestamptz,
  -- Made by `crisiscoverd token`, not by a region file: a file that does not name it leaves it alone, so that nobody locks himself out.
  by_hand      boolean not null default false
);
grant select on account to crisiscover_api;

-- The version grows with every change of accounts or tokens: the api polls it.
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

-- A token is kept with the account that made it.
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

-- Revokes all tokens of an account that are still valid. Answers how many.
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

-- When an account is retired or comes back, all its earlier tokens are revoked.
create function account_ended() returns trigger language plpgsql as $$
begin
  perform tokens_revoke_all(new.name, coalesce((select applied_by from region order by version desc limit 1), 'owner'));
  return null;
end $$;
create trigger account_ended after update of retired_at on account
  for each row when (old.retired_at is distinct from new.retired_at) execute function account_ended();

-- Notes when tokens were last used, to the hour, so that unused ones can be found. A process writes this once an hour for each token, not for each
-- request.
create function tokens_used(a_ids text[], a_hour timestamptz) returns void language sql security definer set search_path = crisiscover, pg_temp as $$
  update token set used_at = a_hour where id = any (a_ids) and (used_at is null or used_at < a_hour)
$$;
grant execute on function tokens_used to crisiscover_api;

-- ------------------------------------------------------------------------------------------------------------------------------- feed addresses

-- An address is a bearer secret: who has it reads the calendar. Its mask stands for it in the set-up, the audit and everything else here: a keyed hash
-- (server/address/), so that the same address has the same mask, and nobody finds the address by trying. The address itself is here alone, in a box
-- that no key of this database opens; it begins with eight bytes that name the key pair. The secret that is sent to an address is kept in the same way,
-- with its name in the place of the mask.
create table feed_address (
  mask    text primary key check (is_address_mask(mask) or is_secret_name(mask)),
  box     bytea not null check (length(box) > 56),
  kept_at timestamptz not null default clock_timestamp()
);
grant select on feed_address to crisiscover_feeds;

-- Keeps addresses that a change brings (a_masks, a_boxes side by side). One that is kept stays, unless it was sealed with another key: then somebody
-- has given it again, and its feeds are asked at once.
create function addresses_keep(a_masks text[], a_boxes bytea[]) returns void language plpgsql as $$
declare again text[];
begin
  if cardinality(a_masks) = 0 then   -- hardly any change brings one: no table is read for it
    return;
  end if;
  with brought as (select distinct on (u.mask) u.mask, u.box from unnest(a_masks, a_boxes) u (mask, box)),
  kept as (
    insert into feed_address as a (mask, box)
      select b.mask, b.box from brought b
      where not exists (select from feed_address x where x.mask = b.mask and substr(x.box, 1, 8) = substr(b.box, 1, 8))
      on conflict (mask) do update set box = excluded.box, kept_at = clock_timestamp()
      returning a.mask)
  select array_agg(f.rota order by f.rota) into again
    from feed f where f.address in (select mask from kept) or f.way->'secret'->>'sealed' in (select mask from kept);
  if again is not null then
    update feed set refresh_asked_at = clock_timestamp() where rota = any (again);
    notify refresh_asked;
  end if;
end $$;

-- Refuses rotas with the mask of an address, or the name of a secret, that is not kept and is not among a_coming.
create function addresses_check(a_rotas jsonb, a_coming text[] default '{}') returns void language plpgsql stable as $$
begin
  if exists (select from jsonb_array_elements(coalesce(a_rotas, '[]')) r
             where r->'source' ? 'url' and not exists (select from feed_address a where a.mask = r->'source'->>'url')
               and r->'source'->>'url' not in (select m from unnest(a_coming) m)) then
    raise exception 'the address of a rota stands for none that is known here: give the address itself' using errcode = 'P0001';
  end if;
  if exists (select from jsonb_array_elements(coalesce(a_rotas, '[]')) r
             where r->'source'->'secret' ? 'sealed'
               and not exists (select from feed_address a where a.mask = r->'source'->'secret'->>'sealed')
               and r->'source'->'secret'->>'sealed' not in (select m from unnest(a_coming) m)) then
    raise exception 'the secret of a rota stands for none that is known here: give the secret itself' using errcode = 'P0001';
  end if;
end $$;

-- A telephone for the audit: the last digits distinguish two numbers; of a personal one not even those are shown.
create function contact_audited(a_contact jsonb) returns jsonb language sql immutable as $$
  select case when jsonb_typeof(a_contact) <> 'object' then to_jsonb('…' || right(a_contact #>> '{}', 3))
              when a_contact->'personal' = 'true' then a_contact - 'extension' || '{"number": "…"}'
              when a_contact ? 'number' then a_contact || jsonb_build_object('number', '…' || right(a_contact->>'number', 3))
              else a_contact end
$$;

-- An object for the audit: of a work phone the last three digits are left.
create function item_audited(a_item jsonb) returns jsonb language sql immutable as $$
  select a_item
      || case when a_item ? 'work_phone' then jsonb_build_object('work_phone', contact_audited(a_item->'work_phone')) else '{}' end
      || case when a_item->'phone'->'personal' = 'true' then jsonb_build_object('phone', contact_audited(a_item->'phone')) else '{}' end
$$;

-- Versions as region files, each list in its order.
create view region_whole as
  select r.version, r.applied_at,
         r.head || (select coalesce(jsonb_object_agg(k.list, of_kind.items), '{}')
                    from (select i.kind, jsonb_agg(i.item order by i.position) as items from setup_item i
                          where i.version <= r.version and (i.ended is null or i.ended > r.version) group by i.kind) of_kind
                    join setup_kinds() k using (kind)) as document
  from region r;
grant select on region_whole to crisiscover_api, crisiscover_coverage, crisiscover_feeds;

-- What is different in version a_version from what it was in a_have: a list of {"kind", "item"}, each object as it is now. A process that has a_have
-- in memory takes these up and does not read the whole again. Null: that cannot be told object by object, since an object came, went or moved, the
-- rest of the file changed, or there are more than a hundred.
--
-- PL/pgSQL keeps the plan, for which SQL takes longer than for the deed: every process asks this at every change. A plan for any version, since most
-- objects may be of one.
create function setup_since(a_have bigint, a_version bigint) returns jsonb language plpgsql stable
security definer set search_path = crisiscover, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
begin
  return (
    with changed as materialized (
      select kind, key, position, item from setup_item
      where version > a_have and version <= a_version and (ended is null or ended > a_version) limit 101),
    -- version + 0: else the index of versions is read too, and all that one file has made are under one number.
    before as materialized (
      select kind, key, position from setup_item where ended > a_have and ended <= a_version and version + 0 <= a_have limit 101)
    select jsonb_agg(jsonb_build_object('kind', kind, 'item', item)) from changed
    where (select head from region where version = a_have) = (select head from region where version = a_version)
      and (select count(*) from changed) <= 100
      and not exists (select from changed c full join before b using (kind, key) where c.position is distinct from b.position));
end $$;
grant execute on function setup_since to crisiscover_api, crisiscover_coverage, crisiscover_feeds;

-- ----------------------------------------------------------------------------------------------------------------------------------- the region

-- The changes that a document would make: the new rows of setup_item (without a version yet), and a row without item for each object that is removed.
-- Objects keep their position if the order is the same; otherwise the whole list is numbered again.
create function setup_differences(a_document jsonb) returns setof setup_item language sql stable as $$
  with wanted as (
    select k.kind, x.item->>k.id as key, x.n, x.item, s.position as had, s.item as was
    from setup_kinds() k cross join jsonb_array_elements(coalesce(a_document->k.list, '[]')) with ordinality x (item, n)
    left join setup_item s on s.kind = k.kind and s.key = x.item->>k.id and s.ended is null),
  mixed as (
    select kind from (select w.kind, w.had, lag(w.had) over (partition by w.kind order by w.n) as before from wanted w where w.had is not null) x
    where had < before),
  runs as (
    select w.*, count(w.had) over (partition by w.kind order by w.n) as run,
           min(w.had) over (partition by w.kind order by w.n desc) as next
    from wanted w),
  placed as (
    select r.kind, r.key, r.item, r.was, r.had,
           case when r.kind in (select kind from mixed) then r.n
                when r.had is not null then r.had
                else coalesce(max(r.had) over run, 0)
                     + (coalesce(r.next, coalesce(max(r.had) over run, 0) + count(*) over run - count(r.had) over run + 1)
                        - coalesce(max(r.had) over run, 0))
                     * (row_number() over (partition by r.kind, r.run order by r.n) - count(r.had) over run)
                     / (count(*) over run - count(r.had) over run + 1) end as position
    from runs r window run as (partition by r.kind, r.run))
  select p.kind, p.key, p.position, p.item, null::bigint, null::bigint, null::timestamptz, null::timestamptz, null::text
    from placed p where (p.item, p.position) is distinct from (p.was, p.had)
  union all
  select s.kind, s.key, s.position, null::jsonb, null::bigint, null::bigint, null::timestamptz, null::timestamptz, null::text
    from setup_item s where s.ended is null
      and not exists (select from wanted w where w.kind = s.kind and w.key = s.key)
$$;

-- The members of an object that differ from a_other.
create function item_part(a_item jsonb, a_other jsonb) returns jsonb language sql immutable as $$
  select coalesce(jsonb_object_agg(m.key, m.value), '{}') from jsonb_each(a_item) m where a_other->m.key is distinct from m.value
$$;

-- The objects that a version changed: whether each was there before, and is there now.
--
-- Here and in the next function the index of versions is to be used: almost all objects may be of one version, that of the first file, and then the
-- planner takes every other for as large. For the same reason it would find each plan for a version it knows nothing of cheaper than the general one, and
-- plan again at every change.
create function setup_touched(a_version bigint) returns table (kind text, key text, was boolean, stays boolean) language plpgsql stable
set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
begin
  return query
    select coalesce(a.kind, b.kind), coalesce(a.key, b.key), b.key is not null, a.key is not null
    from (select i.kind, i.key from setup_item i where i.version = a_version) a
    full join (select i.kind, i.key from setup_item i where i.ended = a_version) b on b.kind = a.kind and b.key = a.key;
end $$;

-- Notes in the audit from what to what: an entry for each object, or of very many (a first region file) one for each few hundred.
create function setup_audit(a_version bigint) returns void language plpgsql
set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
begin
  with part as materialized (
    select coalesce(b.kind, a.kind) || '/' || coalesce(b.key, a.key) as object, k.rank, coalesce(b.key, a.key) as key,
           case when a.item is null or b.item is null then b.item else item_part(b.item, a.item) end as before,
           case when a.item is null or b.item is null then a.item else item_part(a.item, b.item) end as after
    from (select * from setup_item where ended = a_version) b
    full join (select * from setup_item where version = a_version) a on a.kind = b.kind and a.key = b.key
    join setup_kinds() k on k.kind = coalesce(b.kind, a.kind)),
  change as (select object, rank, key, item_audited(before) as before, item_audited(after) as after from part),
  numbered as (select c.*, row_number() over (order by c.rank, c.key) - 1 as n, count(*) over () > 100 as many from change c),
  entry as (
    select r.applied_by as actor, 1 as step, n as part, 'setup_changed' as action, object,
           jsonb_build_object('version', a_version, 'from', before, 'to', after)
             || jsonb_strip_nulls(jsonb_build_object('reason', r.reason)) as detail
      from numbered, region r where not many and r.version = a_version
    union all
    select r.applied_by, 1, n / 500, 'setup_changed', 'region/' || a_version, jsonb_build_object('version', a_version, 'changes',
             jsonb_agg(jsonb_build_object('object', object, 'from', before, 'to', after) order by n))
      from numbered, region r where many and r.version = a_version group by n / 500, r.applied_by
    union all
    select r.applied_by, 2, 0, 'region_applied', 'region/' || a_version,
           jsonb_build_object('sha256', encode(r.sha256, 'hex'), 'objects', (select count(*) from numbered))
      from region r where r.version = a_version)
  insert into audit (actor, action, object, detail) select e.actor, e.action, e.object, e.detail from entry e order by e.step, e.part;
end $$;

-- Writes what changes as a new version, and answers its number: the newest one where nothing does. a_changes as setup_differences has it.
create function setup_write(a_head jsonb, a_changes setup_item[], a_actor text, a_at timestamptz default clock_timestamp(), a_reason text default null)
returns bigint language plpgsql as $$
declare
  newest region;
  made region;
begin
  select * into newest from region r order by r.version desc limit 1;
  if newest.head = a_head and cardinality(a_changes) = 0 then
    return newest.version;
  end if;
  -- Two files that are sent to an empty installation at once were both checked against nothing.
  if newest.version is not null and (newest.head->'practice' is not distinct from 'true') <> (a_head->'practice' is not distinct from 'true') then
    raise exception 'a practice region stays one, and no other region becomes one' using errcode = 'P0001';
  end if;
  insert into region (head, sha256, applied_at, applied_by, reason)
    values (a_head, sha256(coalesce(newest.sha256, '') || convert_to(a_head::text || coalesce(
              (select string_agg(c.kind || ' ' || c.key || ' ' || c.position || ' ' || coalesce(c.item::text, ''), E'\n' order by c.kind, c.key)
               from unnest(a_changes) c), ''), 'UTF8')),
            greatest(a_at, newest.applied_at + interval '1 microsecond'), a_actor, a_reason)
    returning * into made;
  update setup_item s set ended = made.version, known_to = made.applied_at
    from unnest(a_changes) c where s.kind = c.kind and s.key = c.key and s.ended is null;
  insert into setup_item (kind, key, position, item, version, known_from, made_by)
    select c.kind, c.key, c.position, c.item, made.version, made.applied_at, a_actor from unnest(a_changes) c where c.item is not null;
  return made.version;
end $$;

-- The region file without its lists.
create function region_head(a_document jsonb) returns jsonb language sql stable as $$
  select a_document - array(select list from setup_kinds())
$$;

-- The same for a whole document; nothing follows it.
create function setup_keep(a_document text, a_actor text, a_at timestamptz default clock_timestamp()) returns bigint language sql as $$
  select setup_write(region_head(a_document::jsonb), array(select d from setup_differences(a_document::jsonb) d), a_actor, a_at)
$$;

-- Brings the tables that depend on the objects of the set-up up to date, for those that a version changed or for all (null): codes begin, are
-- retired, or come back. a_kinds: of which kinds.
create function setup_sync_codes(a_version bigint, a_kinds text[]) returns void language plpgsql as $$
declare of_kind record;
begin
  for of_kind in select k.kind, k.id from setup_kinds() k where k.kind = any (a_kinds) and k.kind not in ('service', 'account', 'area', 'navigator') order by k.rank loop
    execute format('insert into %1$I (%2$I)
                      select i.key from setup_item i where i.kind = %1$L and i.ended is null and ($1 is null or i.version = $1) order by 1
                      on conflict (%2$I) do update set retired_at = null where %1$I.retired_at is not null', of_kind.kind, of_kind.id)
      using a_version;
    -- Of all, a hash of the keys: what was written in this transaction has no statistics yet. Of one version, those that it ended.
    if a_version is null then
      execute format('update %1$I t set retired_at = clock_timestamp()
                        where t.retired_at is null and t.%2$I not in (select j.key from setup_item j where j.kind = %1$L and j.ended is null)',
                     of_kind.kind, of_kind.id);
    else
      execute format('update %1$I t set retired_at = clock_timestamp() from setup_item i
                        where i.kind = %1$L and i.ended = $1 and t.%2$I = i.key and t.retired_at is null
                          and not exists (select from setup_item j where j.kind = i.kind and j.key = i.key and j.ended is null)',
                     of_kind.kind, of_kind.id)
        using a_version;
    end if;
  end loop;
end $$;

-- Accounts: those that a version changed, or all (null).
create function setup_sync_accounts(a_version bigint) returns void language plpgsql as $$
begin
  insert into account as a (name, kind, role, places, organisation)
    select i.key, i.item->>'kind', i.item->>'role', array(select jsonb_array_elements_text(coalesce(i.item->'places', '[]'))), i.item->>'organisation'
    from setup_item i where i.kind = 'account' and i.ended is null and (a_version is null or i.version = a_version)
    on conflict (name) do update
      set kind = excluded.kind, role = excluded.role, places = excluded.places, organisation = excluded.organisation, retired_at = null
      where (a.kind, a.role, a.places, a.organisation, a.retired_at)
            is distinct from (excluded.kind, excluded.role, excluded.places, excluded.organisation, null);
  update account a set retired_at = clock_timestamp()
    where a.retired_at is null and not a.by_hand
      and (a_version is null or a.name in (select i.key from setup_item i where i.kind = 'account' and i.ended = a_version))
      and not exists (select from setup_item i where i.kind = 'account' and i.key = a.name and i.ended is null);
  update account_head set version = version + 1;
  notify accounts_changed;
end $$;

-- Makes the consequences of a version that was just written; a_whole: of the whole set-up, not only of this version's changes.
create function setup_follow(a_version bigint, a_whole boolean) returns void language plpgsql as $$
declare
  kinds text[];
  accounts boolean;
  rotas text[];
begin
  if a_whole then
    perform setup_sync_codes(null, array(select kind from setup_kinds()));
    perform setup_sync_accounts(null);
    perform feeds_sync(null);
  else
    select array_agg(distinct t.kind) filter (where t.was <> t.stays), bool_or(t.kind = 'account'), array_agg(t.key) filter (where t.kind = 'rota')
      into kinds, accounts, rotas from setup_touched(a_version) t;
    if kinds is not null then
      perform setup_sync_codes(a_version, kinds);
    end if;
    if accounts then
      perform setup_sync_accounts(a_version);
    end if;
    if rotas is not null then
      perform feeds_sync(rotas);
    end if;
  end if;
  perform setup_audit(a_version);
  notify region_applied;
end $$;

-- Puts a region file in force, all of it or nothing. The api has read it and found no fault. A document that equals the set-up in force makes no new
-- version, and writes nothing. P0001: it has a mask that stands for no address.
create function region_apply(a_document text, a_actor text, out version bigint, out applied boolean) language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
declare before bigint;
begin
  -- One at a time; readers continue.
  lock table region in share row exclusive mode;
  select max(r.version) into before from region r;
  perform addresses_check(a_document::jsonb->'rotas');
  version := setup_keep(a_document, a_actor);
  applied := version is distinct from before;
  if applied then
    perform setup_follow(version, true);
  end if;
end $$;
grant execute on function region_apply to crisiscover_api;

-- The set-ups that a file is compared with: the one in force, and the file that was applied before it: of the same origin, else the same file, else
-- the one that was applied last. If no file was ever applied, the set-up in force takes its place. version is null where nothing
-- is in force yet. a_seen: the version that the sender has seen, and what it was, or null. a_masks: of the addresses that the file brings; unsealed is
-- those that are not kept under the key pair a_key.
create function region_base(a_file text, a_origin text, a_seen bigint, a_masks text[] default '{}', a_key bytea default null)
returns table (version bigint, document text, applied_at timestamptz, applied_by text, base text, seen text, unsealed text[],
               begun_at timestamptz)
language plpgsql stable security definer set search_path = crisiscover, pg_temp as $$
declare
  newest region;
  before region_file;
begin
  perform addresses_check(a_file::jsonb->'rotas', a_masks);
  select * into newest from region r order by r.version desc limit 1;
  if a_origin is not null then
    select f.* into before from region_file f
      order by (f.origin = a_origin) desc, (f.sha256 = sha256(convert_to(a_file, 'UTF8'))) desc, f.applied_at desc limit 1;
  end if;
  return query select newest.version, (select w.document::text from region_whole w where w.version = newest.version), newest.applied_at,
                      newest.applied_by, before.document,
                      (select w.document::text from region_whole w where w.version = a_seen and w.version <> newest.version),
                      array(select distinct m from unnest(a_masks) m
                            where not exists (select from feed_address a where a.mask = m and substr(a.box, 1, 8) = a_key)),
                      (select r.applied_at from region r order by r.version limit 1);
end $$;
grant execute on function region_base to crisiscover_api;

-- Overrides and absences of these rotas and people that are not over, and decisions in force.
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

-- The conditions for putting a set-up in force, checked while everybody is locked out who could change them; objects with another code are renamed
-- (a_kinds, a_was, a_codes side by side). a_seen: the version that it was compared with; if another is in force by now, there is a row of nulls. If a
-- rota or a person is removed, their overrides, absences and decisions are read again: for each that is not in a_said ("override 12"), and so was
-- made after the comparison, there is a row. If there is any row, nothing is done.
create function setup_refused(a_seen bigint, a_actor text, a_kinds text[], a_was text[], a_codes text[], a_rotas text[], a_people text[],
                              a_said text[])
returns table (depends_on text, kind text, id bigint, by_account text) language plpgsql as $$
declare again record;
begin
  lock table region in share row exclusive mode;
  if cardinality(a_rotas) + cardinality(a_people) > 0 then
    perform from feed f order by f.rota for update;
    perform from person p where p.id = any (a_people) order by p.id for update;
    return query select case when s.rota = any (a_rotas) then 'rota:' || s.rota else 'person:' || s.person end, s.kind, s.id, s.by_account
                 from region_said(a_rotas, a_people) s where s.kind || ' ' || s.id <> all (a_said);
    if found then
      return;
    end if;
  end if;
  if a_seen is distinct from (select max(r.version) from region r) then
    return query select null::text, null::text, null::bigint, null::text;
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
end $$;

-- Puts a region file in force, and keeps the file as it was sent. The rows of setup_refused, with no version, where it is not.
create function region_put(a_document text, a_file text, a_origin text, a_seen bigint, a_actor text, a_kinds text[], a_was text[],
                           a_codes text[], a_rotas text[], a_people text[], a_said text[], a_masks text[] default '{}', a_boxes bytea[] default '{}')
returns table (version bigint, applied boolean, depends_on text, kind text, id bigint, by_account text)
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare put record;
begin
  return query select null::bigint, false, x.depends_on, x.kind, x.id, x.by_account
               from setup_refused(a_seen, a_actor, a_kinds, a_was, a_codes, a_rotas, a_people, a_said) x;
  if found then
    return;
  end if;

  perform addresses_keep(a_masks, a_boxes);
  select a.version, a.applied into put from region_apply(a_document, a_actor) a;
  -- Asked before, since ON CONFLICT writes a lock of the row where it changes nothing: a file that is applied again writes nothing at all. region_apply
  -- lets one in at a time.
  if a_origin is not null
     and (put.applied
          or not exists (select from region_file f where f.origin = a_origin and f.sha256 = sha256(convert_to(a_file, 'UTF8')))) then
    insert into region_file (origin, document, sha256, version, applied_by)
      values (a_origin, a_file, sha256(convert_to(a_file, 'UTF8')), put.version, a_actor)
      on conflict (origin) do update
        set document = excluded.document, sha256 = excluded.sha256, version = excluded.version, applied_at = excluded.applied_at,
            applied_by = excluded.applied_by;
  end if;
  return query select put.version, put.applied, null::text, null::text, null::bigint, null::text;
end $$;
grant execute on function region_put to crisiscover_api;

-- ----------------------------------------------------------------------------------------------------------------- one object of the set-up

-- An object as it was known at a_known (null: as it is); under the code it had then, whichever of its codes a_key is. No row:
-- there was none.
create function setup_object(a_kind text, a_key text, a_known timestamptz)
returns table (key text, item text, version bigint, known_from timestamptz, made_by text)
language sql stable security definer set search_path = crisiscover, pg_temp as $$
  select i.key, i.item::text, i.version, i.known_from, i.made_by
  from setup_item i, (select max(r.version) as version from region r where a_known is null or r.applied_at <= a_known) v
  where i.kind = a_kind
    and (i.key = a_key or i.key in (select codes_ever(a_kind, a_key)) or (a_kind = 'person' and i.key in (select people_ever(a_key))))
    and i.version <= v.version and (i.ended is null or i.ended > v.version)
  order by i.key = a_key desc, i.version desc
  limit 1
$$;
grant execute on function setup_object to crisiscover_api;

-- The masks and names of secrets that a rota has had since it began, under each of its codes: version by version backwards, so that what another rota had with the same code
-- before it is not among them.
create function rota_addresses(a_rota text) returns text[] language sql stable as $$
  with recursive had as (
    select i.key, i.version, i.item from setup_item i where i.kind = 'rota' and i.key = a_rota and i.ended is null
    union all
    select i.key, i.version, i.item
    from had h join setup_item i on i.kind = 'rota' and i.ended = h.version and i.key in (select codes_ever('rota', a_rota)))
  select coalesce(array_agg(distinct m) filter (where m is not null), '{}')
  from had, lateral (values (item->'source'->>'url'), (item->'source'->'secret'->>'sealed')) x (m)
$$;

-- The set-up that a change of one object is compared with: the one in force, the object in it, and the object at a_seen, the version that somebody has
-- seen. Where another version is in force than a_have, changes says what differs (setup_since), or else document is the whole. One row. In PL/pgSQL
-- for the same reason as setup_since.
create function setup_object_base(a_kind text, a_key text, a_have bigint, a_seen bigint)
returns table (version bigint, document text, changes text, applied_at timestamptz, applied_by text, item text, item_version bigint,
               made_at timestamptz, made_by text, seen text, addresses text[])
language plpgsql stable security definer set search_path = crisiscover, pg_temp as $$
begin
  select x.version, x.applied_at, x.applied_by into version, applied_at, applied_by from region x order by x.version desc limit 1;
  if version > a_have and a_have > 0 then
    changes := setup_since(a_have, version)::text;
  end if;
  if version is distinct from a_have and changes is null then
    document := (select w.document::text from region_whole w where w.version = setup_object_base.version);
  end if;
  select i.item::text, i.version, i.known_from, i.made_by into item, item_version, made_at, made_by
    from setup_item i where i.kind = a_kind and i.key = a_key and i.ended is null;
  seen := (select s.item::text from setup_item s where s.kind = a_kind and s.key = a_key and s.version = a_seen);
  if a_kind = 'rota' then
    addresses := rota_addresses(a_key);
  end if;
  return next;
end $$;
grant execute on function setup_object_base to crisiscover_api;

-- Puts one object in force: a_was, the code that it has (null: it is new), becomes a_key, with the contents of a_item; a_key null: it is removed.
-- a_more: another one of that kind which is new (null: none). The rows of setup_refused, with no version, where it is not.
create function setup_put(a_kind text, a_was text, a_key text, a_item text, a_more_key text, a_more text, a_seen bigint, a_actor text, a_kinds text[], a_was_codes text[],
                          a_codes text[], a_rotas text[], a_people text[], a_said text[], a_reason text default null,
                          a_masks text[] default '{}', a_boxes bytea[] default '{}')
returns table (version bigint, applied boolean, depends_on text, kind text, id bigint, by_account text)
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  before setup_item;
  after setup_item;
  changes setup_item[] := '{}';
  made bigint;
begin
  return query select null::bigint, false, x.depends_on, x.kind, x.id, x.by_account
               from setup_refused(a_seen, a_actor, a_kinds, a_was_codes, a_codes, a_rotas, a_people, a_said) x;
  if found then
    return;
  end if;

  perform addresses_keep(a_masks, a_boxes);
  perform addresses_check(jsonb_build_array(a_item::jsonb, a_more::jsonb));
  select * into before from setup_item i where i.kind = a_kind and i.key = a_was and i.ended is null;
  if a_key is not null then
    after.kind := a_kind;
    after.key := a_key;
    after.position := coalesce(before.position,
                               (select coalesce(max(i.position), 0) + 1 from setup_item i where i.kind = a_kind and i.ended is null));
    after.item := a_item::jsonb;
  end if;
  if before.key is not null and before.key is distinct from a_key then
    before.item := null;
    changes := array[before];
  end if;
  if a_key is not null and (before.item, before.key) is distinct from (after.item, after.key) then
    changes := changes || after;
  end if;
  if a_more is not null then
    after.kind := a_kind;
    after.key := a_more_key;
    after.position := (select coalesce(max(i.position), 0) + 2 from setup_item i where i.kind = a_kind and i.ended is null);
    after.item := a_more::jsonb;
    changes := changes || after;
  end if;
  made := setup_write(coalesce((select r.head from region r order by r.version desc limit 1), '{"crisiscover": 1}'), changes, a_actor, clock_timestamp(), a_reason);
  if made is distinct from a_seen then
    perform setup_follow(made, false);
  end if;
  return query select made, made is distinct from a_seen, null::text, null::text, null::bigint, null::text;
end $$;
grant execute on function setup_put to crisiscover_api;

-- ------------------------------------------------------------------------------------------------------------------------------------- proposals

-- Changes of one object that want a second person. A proposal is part of the record; it is decided once.
create table proposal (
  id         bigint generated always as identity primary key,
  kind       text not null,
  key        text not null,
  change     text not null check (change in ('put', 'patch', 'delete')),
  body       jsonb check (source_is_masked(body->'source')),   -- of put and patch
  version    bigint not null,              -- of the object that it was made of
  until      date,                         -- the first day on which the former requirement holds again
  reason     text not null check (reason <> ''),
  shown      jsonb not null,               -- what it does, as it was shown to those who proposed it
  by_account text not null,
  made_at    timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null default clock_timestamp() + interval '7 days',
  outcome    text check (outcome in ('accepted', 'refused')),
  decided_by text,
  decided_at timestamptz,
  why        text,
  check ((outcome is null) = (decided_at is null) and (outcome is null) = (decided_by is null))
);
create index proposal_open on proposal (expires_at) where outcome is null;

-- Only its decision is written later, once; and the code of those who proposed it, if they are called otherwise.
create function proposal_keep() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and to_jsonb(new) - array['outcome', 'decided_by', 'decided_at', 'why', 'by_account']
                          = to_jsonb(old) - array['outcome', 'decided_by', 'decided_at', 'why', 'by_account']
     and (old.outcome is null or (new.outcome, new.decided_by, new.decided_at) is not distinct from (old.outcome, old.decided_by, old.decided_at)) then
    return new;
  end if;
  raise exception '% on proposal: the record is only ever added to', lower(tg_op) using errcode = 'P0002';
end $$;
create trigger keep before update or delete on proposal for each row execute function proposal_keep();
create trigger keep_all before truncate on proposal execute function keep_the_record();

create view proposal_told as
  select id, kind, key, change, body::text as body, version, until, reason, shown::text as shown, by_account, made_at, expires_at,
         case when outcome is not null then outcome when expires_at <= clock_timestamp() then 'expired' else 'open' end as state, decided_by, decided_at, why
  from proposal;
grant select on proposal_told to crisiscover_api;

-- Answers its number, and until when it may be accepted. What the same account proposes once more while it is open is that proposal: a file of published
-- closures is imported every month.
create function proposal_make(a_kind text, a_key text, a_change text, a_body text, a_version bigint, a_until date, a_reason text, a_shown text,
                              a_actor text, a_masks text[] default '{}', a_boxes bytea[] default '{}',
                              out id bigint, out expires_at timestamptz)
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  perform addresses_keep(a_masks, a_boxes);
  perform addresses_check(jsonb_build_array(a_body::jsonb));
  select p.id, p.expires_at into id, expires_at
    from proposal p
    where p.outcome is null and p.expires_at > clock_timestamp() and p.by_account = a_actor
      and (p.kind, p.key, p.change, p.version) = (a_kind, a_key, a_change, a_version)
      and (p.body, p.until, p.reason) is not distinct from (a_body::jsonb, a_until, a_reason)
    order by p.id desc limit 1;
  if found then
    return;
  end if;
  insert into proposal as p (kind, key, change, body, version, until, reason, shown, by_account)
    values (a_kind, a_key, a_change, a_body::jsonb, a_version, a_until, a_reason, a_shown::jsonb, a_actor)
    returning p.id, p.expires_at into id, expires_at;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'setup_proposed', a_kind || '/' || a_key,
            jsonb_build_object('proposal', id, 'change', a_change, 'body', item_audited(a_body::jsonb), 'until', a_until, 'reason', a_reason));
end $$;
grant execute on function proposal_make to crisiscover_api;

-- Whether two accounts are one person's, as far as the set-up says it: a second person is another one, whichever account is used. As it is when asked.
create function is_same_person(a_account text, a_other text) returns boolean language sql stable
security definer set search_path = crisiscover, pg_temp as $$
  select a_account = a_other
      or exists (select from setup_item i join setup_item o on o.kind = 'account' and o.key = a_other and o.ended is null
                 where i.kind = 'account' and i.key = a_account and i.ended is null and i.item->>'person' = o.item->>'person')
$$;
grant execute on function is_same_person to crisiscover_api;

-- Accepts or refuses one that is open. P0001: it is not, or it is the actor's own.
create function proposal_decide(a_id bigint, a_outcome text, a_why text, a_actor text) returns void
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare p proposal;
begin
  select * into p from proposal x where x.id = a_id for update;
  if p.id is null then
    raise exception 'there is no proposal %', a_id using errcode = 'P0001';
  elsif p.outcome is not null then
    raise exception 'proposal % is %, by %', a_id, p.outcome, p.decided_by using errcode = 'P0001';
  elsif p.expires_at <= clock_timestamp() then
    raise exception 'proposal % has expired: propose it again', a_id using errcode = 'P0001';
  elsif is_same_person(p.by_account, a_actor) then
    raise exception 'proposal % is your own: another person decides about it', a_id using errcode = 'P0001';
  end if;
  update proposal set outcome = a_outcome, decided_by = a_actor, decided_at = clock_timestamp(), why = a_why where id = a_id;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'proposal_' || a_outcome, p.kind || '/' || p.key,
            jsonb_build_object('proposal', a_id, 'proposed_by', p.by_account, 'reason', p.reason, 'why', a_why));
end $$;
grant execute on function proposal_decide to crisiscover_api;

-- --------------------------------------------------------------------------------------------------------------------------------------- rights

-- PostgreSQL lets everybody execute a new function.
revoke all on all functions in schema crisiscover from public;
