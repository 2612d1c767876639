-- SPDX-License-Identifier: MIT

-- How people sign in: sessions, passwords with a second factor, links that set them, devices, and access to another's place.
--
-- Channel: sessions_changed (a hint, backed by a slow poll of session_head).

set local search_path = crisiscover;
set local check_function_bodies = off;

-- ------------------------------------------------------------------------------------------------------------------------------------- sessions

-- Moves with every change of a session. Its row is locked by the statement that changes one, so that versions are in the order of commits: a process that has read
-- all up to a version has missed nothing below it.
create table session_head (
  only_row boolean primary key default true check (only_row),
  version  bigint not null
);
insert into session_head (version) values (1);
grant select on session_head to crisiscover_api;

-- A browser that is signed in. Its cookie is shown once and kept only as SHA-256. A session is valid while it has not been ended, ends_at has not
-- come, and it was used within idle_seconds.
create table session (
  id           text primary key check (id ~ '^[0-9a-z]{12}$'),
  sha256       bytea not null check (length(sha256) = 32),
  account      text not null references account,
  how          text not null check (how in ('token', 'password', 'device', 'provider')),
  token        text references token,           -- by which it was made, and with which it ends
  client       text not null,                   -- what the browser calls itself
  made_at      timestamptz not null default clock_timestamp(),
  used_at      timestamptz not null default clock_timestamp(), -- to the minute or so: see sessions_used
  idle_seconds integer not null check (idle_seconds > 0),
  ends_at      timestamptz not null,
  ended_at     timestamptz,
  ended_by     text,
  version      bigint not null,
  check ((ended_at is null) = (ended_by is null))
);
create index session_version on session (version);
create index session_account on session (account) where ended_at is null;
create index session_token on session (token) where ended_at is null;
create index session_ends on session (ends_at);
grant select on session to crisiscover_api;

create function session_turn() returns bigint language sql as $$
  update session_head set version = version + 1 returning version
$$;

-- Whether a session is valid, as far as its row shows: the api's processes may know of a use within the last minute.
create function session_stands(a_session session) returns boolean language sql stable as $$
  select a_session.ended_at is null and a_session.ends_at > now()
         and a_session.used_at + make_interval(secs => a_session.idle_seconds + 60) > now()
$$;
grant execute on function session_stands to crisiscover_api;

-- A new session. False: the account, or the token it would be made by, is no longer valid. Rows that ended a month ago go.
create function session_open(a_account text, a_how text, a_token text, a_id text, a_sha256 bytea, a_client text, a_idle integer,
                             a_ends timestamptz) returns boolean
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  ends timestamptz := a_ends;
  turn bigint;
begin
  perform from account where name = a_account and retired_at is null for share;
  if not found then
    return false;
  end if;
  if a_token is not null then
    select least(a_ends, t.expires_at) into ends from token t
      where t.id = a_token and t.account = a_account and t.revoked_at is null and t.expires_at > clock_timestamp() for share;
    if not found then
      return false;
    end if;
  end if;
  turn := session_turn();
  delete from session where ends_at < now() - interval '30 days';
  insert into session (id, sha256, account, how, token, client, idle_seconds, ends_at, version)
    values (a_id, a_sha256, a_account, a_how, a_token, a_client, a_idle, ends, turn);
  perform audit_add(a_account, 'signed_in', 'session/' || a_id, jsonb_build_object('how', a_how));
  notify sessions_changed;
  return true;
end $$;
grant execute on function session_open to crisiscover_api;

-- Ends those of a_ids that are valid, in their order. Answers how many.
create function sessions_end(a_ids text[], a_actor text) returns bigint language plpgsql as $$
declare
  gone text[];
  turn bigint;
begin
  if not exists (select from session s where s.id = any (a_ids) and s.ended_at is null) then
    return 0;
  end if;
  -- In the order in which the end of an account or a token takes them.
  perform from account_head for update;
  turn := session_turn();
  with ended as (
    update session s set ended_at = clock_timestamp(), ended_by = a_actor, version = turn
      where s.id = any (a_ids) and s.ended_at is null returning s.id)
  select coalesce(array_agg(id order by id), '{}') into gone from ended;
  perform audit_add(a_actor, 'signed_out', 'session/' || id, null) from unnest(gone) id;
  notify sessions_changed;
  return cardinality(gone);
end $$;

-- Ends one session of an account. False: it has no valid one with this id.
create function session_end(a_id text, a_account text, a_actor text) returns boolean
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  perform from session s where s.id = a_id and s.account = a_account and s.ended_at is null;
  return found and sessions_end(array[a_id], a_actor) = 1;
end $$;
grant execute on function session_end to crisiscover_api;

-- Ends all of an account but one (null: all). Answers how many.
create function account_sign_out(a_account text, a_but text, a_actor text) returns bigint language sql as $$
  select sessions_end(array(select id from session where account = a_account and ended_at is null and id is distinct from a_but), a_actor)
$$;

-- Notes that sessions were used in a minute: one row in a minute for each, never one for each request.
create function sessions_used(a_ids text[], a_minute timestamptz) returns void
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare turn bigint;
begin
  if not exists (select from session where id = any (a_ids) and used_at < a_minute and ended_at is null) then
    return;
  end if;
  turn := session_turn();
  update session set used_at = a_minute, version = turn where id = any (a_ids) and used_at < a_minute and ended_at is null;
end $$;
grant execute on function sessions_used to crisiscover_api;

-- Whichever way a token is revoked, the sessions that were made by it end with it.
create function token_ended() returns trigger language plpgsql as $$
begin
  perform sessions_end(array(select id from session where token = new.id and ended_at is null), coalesce(new.revoked_by, 'owner'));
  return null;
end $$;
create trigger token_ended after update of revoked_at on token
  for each row when (old.revoked_at is null and new.revoked_at is not null) execute function token_ended();

-- However an account ends or begins again: none of its earlier sessions is valid, nor its password.
create function account_ended_sessions() returns trigger language plpgsql as $$
begin
  perform account_sign_out(new.name, null, coalesce((select applied_by from region order by version desc limit 1), 'owner'));
  delete from credential where account = new.name;
  update invitation set void_at = clock_timestamp() where account = new.name and used_at is null and void_at is null;
  return null;
end $$;
create trigger account_ended_sessions after update of retired_at on account
  for each row when (old.retired_at is distinct from new.retired_at) execute function account_ended_sessions();

analyze session_head;

-- ------------------------------------------------------------------------------------------------------------------------------------ passwords

-- How an account signs in by name. No login may read this table: its functions answer about one account. The secret of the codes is sealed with a
-- key that is not in the database.
create table credential (
  account   text primary key references account,
  password  text not null check (password like '$argon2id$%'),
  totp      bytea,                       -- null: it needs no code
  totp_step bigint not null default 0,   -- the last whose code was used
  set_at    timestamptz not null default clock_timestamp()
);

-- Codes that replace a lost authenticator, each once.
create table recovery_code (
  account text not null references credential on update cascade on delete cascade,
  sha256  bytea not null check (length(sha256) = 32),
  used_at timestamptz,
  primary key (account, sha256)
);

-- Tries to sign in that failed, by account, address or browser (api/ask/limits.h), so that they count for every api process. key is a keyed hash of
-- what is counted. Not logged, so that an attack fills no WAL: after a crash of the server counting begins again.
create unlogged table try_count (
  key     bytea primary key check (length(key) = 16),
  tries   integer not null default 1,
  last_at timestamptz not null default clock_timestamp(),
  until   timestamptz not null default '-infinity'     -- no try before
);
create index try_count_last on try_count (last_at);

-- For how many seconds the longest of these waits; whether any of them has failures at all.
create function tries_wait(a_keys bytea[], out seconds bigint, out counted boolean) language sql stable
security definer set search_path = crisiscover, pg_temp as $$
  select coalesce(max(ceil(extract(epoch from until - clock_timestamp()))) filter (where until > clock_timestamp()), 0), count(*) > 0
  from try_count where key = any (a_keys)
$$;
grant execute on function tries_wait to crisiscover_api;

-- A try has failed: counted for each key, a_free failures of which cost nothing; from then on the wait doubles, up to a_most seconds. A count is forgotten
-- a day after its last failure. In the order of the keys, so that two processes never wait for each other.
create function tries_failed(a_keys bytea[], a_free bigint[], a_most bigint[]) returns void language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
declare
  one record;
  now_tries bigint;
begin
  delete from try_count where key in (select t.key from try_count t where t.last_at < clock_timestamp() - interval '1 day'
                                      order by t.last_at limit 20 for update skip locked);
  for one in select u.key, u.free, u.most from unnest(a_keys, a_free, a_most) u (key, free, most) order by u.key loop
    insert into try_count as t (key) values (one.key)
      on conflict (key) do update
        set tries = case when t.last_at < clock_timestamp() - interval '1 day' then 1 else t.tries + 1 end, last_at = clock_timestamp()
      returning t.tries into now_tries;
    if now_tries > one.free then
      update try_count set until = clock_timestamp() + make_interval(secs => least(one.most, 2 ^ least(now_tries - one.free - 1, 30)))
        where key = one.key;
    end if;
  end loop;
end $$;
grant execute on function tries_failed to crisiscover_api;

-- One has come right: those before it count no more.
create function tries_good(a_keys bytea[]) returns void language sql security definer set search_path = crisiscover, pg_temp as $$
  delete from try_count where key = any (a_keys)
$$;
grant execute on function tries_good to crisiscover_api;

-- The hash that a password is compared with. No row: there is no such account, or it has no password.
create function credential_look(a_name text) returns table (password text, totp bytea, totp_step bigint)
language sql stable security definer set search_path = crisiscover, pg_temp as $$
  select c.password, c.totp, c.totp_step from credential c join account a on a.name = c.account
  where c.account = a_name and a.retired_at is null
$$;
grant execute on function credential_look to crisiscover_api;

-- Uses up what was shown beside the password: a_step of the code, or the hash of a recovery code. False: the password has been changed since it was
-- compared, or that was used already, or is missing.
create function credential_use(a_name text, a_password text, a_step bigint, a_recovery bytea) returns boolean
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare c credential;
begin
  select * into c from credential where account = a_name for update;
  if c.password is distinct from a_password then
    return false;
  end if;
  if c.totp is null then
    return true;
  end if;
  if a_step is not null then
    update credential set totp_step = a_step where account = a_name and totp_step < a_step;
  else
    update recovery_code set used_at = clock_timestamp() where account = a_name and sha256 = a_recovery and used_at is null;
    if found then
      perform audit_add(a_name, 'recovery_code_used', 'account/' || a_name, null);
      return true;
    end if;
  end if;
  return found;
end $$;
grant execute on function credential_use to crisiscover_api;

-- Links that let their bearer set the password of an account, once. Only the SHA-256 of what is in the link is kept.
create table invitation (
  sha256     bytea primary key check (length(sha256) = 32),
  account    text not null references account,
  kind       text not null check (kind in ('invite', 'reset')),
  made_at    timestamptz not null default clock_timestamp(),
  made_by    text not null,
  expires_at timestamptz not null,
  second     boolean not null,           -- a new second factor is set as well
  totp       bytea,                      -- that will be, sealed: as it was shown
  used_at    timestamptz,
  void_at    timestamptz                 -- another link was made since
);
create index invitation_account on invitation (account);

-- Makes a link. Earlier ones of the account are of no more use. An invitation is for an account that has no password yet and sets a second factor
-- where the account will need one; a reset keeps that unless a_second. Answers what is in the way: 'absent', 'not_a_person', or null.
create function invitation_make(a_account text, a_kind text, a_second boolean, a_sha256 bytea, a_seconds integer, a_actor text) returns text
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  a account;
begin
  select * into a from account where name = a_account and retired_at is null for share;
  if not found then
    return 'absent';
  end if;
  if a.kind <> 'person' then
    return 'not_a_person';
  end if;
  update invitation set void_at = clock_timestamp() where account = a_account and used_at is null and void_at is null;
  insert into invitation (sha256, account, kind, made_by, expires_at, second)
    values (a_sha256, a_account, a_kind, a_actor, clock_timestamp() + make_interval(secs => a_seconds), a_second);
  perform audit_add(a_actor, case a_kind when 'invite' then 'invited' else 'password_reset_offered' end, 'account/' || a_account,
                    jsonb_build_object('second_factor', a_second));
  return null;
end $$;
grant execute on function invitation_make to crisiscover_api;

create function invitation_open(a_sha256 bytea) returns setof invitation language sql stable as $$
  select i.* from invitation i join account a on a.name = i.account
  where i.sha256 = a_sha256 and i.used_at is null and i.void_at is null and i.expires_at > clock_timestamp() and a.retired_at is null
$$;

-- The purpose of a link, and the secret that belongs to it: a_totp from the first request on. No row: it is none, or none any more.
create function invitation_look(a_sha256 bytea, a_totp bytea)
returns table (account text, kind text, second boolean, totp bytea, has_totp bytea, totp_step bigint)
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  update invitation i set totp = a_totp
    where i.sha256 = a_sha256 and i.totp is null and a_totp is not null and exists (select from invitation_open(a_sha256));
  return query select i.account, i.kind, i.second, i.totp, c.totp, coalesce(c.totp_step, 0)
               from invitation_open(a_sha256) i left join credential c on c.account = i.account;
end $$;
grant execute on function invitation_look to crisiscover_api;

-- Uses a link up: the password, and with a_codes (the hashes of recovery codes; null: the second factor stays as it is) the second factor that it
-- holds. a_step: of the code that was shown. Everybody who is signed in to the account is signed out. False: it is none any more.
create function invitation_use(a_sha256 bytea, a_password text, a_step bigint, a_codes bytea[]) returns boolean
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  i invitation;
begin
  select x.* into i from invitation x where x.sha256 = a_sha256 and exists (select from invitation_open(a_sha256)) for update;
  if not found or i.used_at is not null or i.void_at is not null then
    return false;
  end if;
  insert into credential as c (account, password, totp, totp_step)
    values (i.account, a_password, case when a_codes is not null then i.totp end, coalesce(a_step, 0))
    on conflict (account) do update
      set password = excluded.password, set_at = clock_timestamp(),
          totp = case when a_codes is not null then excluded.totp else c.totp end,
          totp_step = case when a_codes is not null then excluded.totp_step else greatest(c.totp_step, excluded.totp_step) end;
  if a_codes is not null then
    delete from recovery_code where account = i.account;
    insert into recovery_code (account, sha256) select i.account, x from unnest(a_codes) x;
  end if;
  update invitation set used_at = clock_timestamp(), totp = null where sha256 = a_sha256;
  perform account_sign_out(i.account, null, i.account);
  perform audit_add(i.account, 'password_set', 'account/' || i.account,
                    jsonb_build_object('link_made_by', i.made_by, 'second_factor', a_codes is not null));
  return true;
end $$;
grant execute on function invitation_use to crisiscover_api;

-- For anyone who owns the database: makes the account of a person if it is missing, with this role, and a link for it.
create function invitation_issue(a_account text, a_role text, a_sha256 bytea, a_seconds integer) returns void
language plpgsql set search_path = crisiscover, pg_temp as $$
begin
  insert into account (name, kind, role, by_hand) values (a_account, 'person', a_role, true)
    on conflict (name) do update set role = excluded.role, by_hand = true, retired_at = null where account.kind = 'person';
  update account_head set version = version + 1;
  notify accounts_changed;
  if invitation_make(a_account, 'invite', true, a_sha256, a_seconds, 'owner') is not null then
    raise exception 'the account is not a person''s' using errcode = 'P0001';
  end if;
end $$;

-- Under another code the account signs in as before.
create function sign_in_rename(a_was text, a_code text) returns void language sql as $$
  delete from credential where account = a_code;
  update credential set account = a_code where account = a_was;
  update invitation set account = a_code where account = a_was;
  update break_glass set account = a_code where account = a_was;
  update single_handed set account = a_code where account = a_was;
  update identity set account = a_code where account = a_was;
$$;

-- -------------------------------------------------------------------------------------------------------------------------------------- devices

-- A ward's machine that is signed in without a person. Its account is made with its code and sees one place; no region file knows of it. The code is
-- kept as a hash with a key that is not in the database, for ten minutes.
create table device (
  account     text primary key references account,
  place       text not null references place,
  label       text not null,
  made_at     timestamptz not null default clock_timestamp(),
  made_by     text not null,
  code        bytea unique check (length(code) = 32), -- null: it was typed, or its time is over
  code_until  timestamptz not null,
  enrolled_at timestamptz,
  removed_at  timestamptz,
  removed_by  text,
  check ((removed_at is null) = (removed_by is null))
);
create index device_place on device (place);
grant select (account, place, label, made_at, made_by, code_until, enrolled_at, removed_at, removed_by) on device to crisiscover_api;

-- Takes a device off: its sessions end with its account.
create function device_end(a_account text, a_actor text) returns void language sql as $$
  update device set removed_at = clock_timestamp(), removed_by = a_actor, code = null where account = a_account;
  update account set retired_at = clock_timestamp() where name = a_account and retired_at is null;
  update account_head set version = version + 1;
  notify accounts_changed;
$$;

-- A device that waits for its code. Those whose code was never typed go.
create function device_add(a_account text, a_place text, a_label text, a_code bytea, a_seconds integer, a_actor text) returns boolean
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare old text;
begin
  perform from place where code = a_place and retired_at is null for share;
  if not found then
    return false;
  end if;
  for old in select account from device where enrolled_at is null and removed_at is null and code_until < clock_timestamp() for update skip locked loop
    perform device_end(old, 'expired');
  end loop;
  insert into account (name, kind, role, places, by_hand) values (a_account, 'device', 'viewer', array[a_place], true);
  insert into device (account, place, label, made_by, code, code_until)
    values (a_account, a_place, a_label, a_actor, a_code, clock_timestamp() + make_interval(secs => a_seconds));
  update account_head set version = version + 1;
  notify accounts_changed;
  perform audit_add(a_actor, 'device_added', 'account/' || a_account, jsonb_build_object('place', a_place));
  return true;
end $$;
grant execute on function device_add to crisiscover_api;

-- The account that a code belongs to; null: there is none, or its time is over. It works once.
create function device_enrol(a_code bytea) returns text
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare enrolled text;
begin
  update device set code = null, enrolled_at = clock_timestamp()
    where code = a_code and code_until > clock_timestamp() and removed_at is null returning account into enrolled;
  if found then
    perform audit_add(enrolled, 'device_enrolled', 'account/' || enrolled, null);
  end if;
  return enrolled;
end $$;
grant execute on function device_enrol to crisiscover_api;

-- False: the place has no such device.
create function device_remove(a_account text, a_place text, a_actor text) returns boolean
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  perform from device where account = a_account and place = a_place and removed_at is null for update;
  if not found then
    return false;
  end if;
  perform device_end(a_account, a_actor);
  perform audit_add(a_actor, 'device_removed', 'account/' || a_account, jsonb_build_object('place', a_place));
  return true;
end $$;
grant execute on function device_remove to crisiscover_api;

-- A place under another code keeps its devices, its break-glass rows, and what was made single-handed.
create function devices_rename(a_was text, a_code text) returns void language sql as $$
  update device set place = a_code where place = a_was;
  update break_glass set place = a_code where place = a_was;
  update single_handed set places = array_replace(places, a_was, a_code) where a_was = any (places);
  update account set places = array_replace(places, a_was, a_code) where by_hand and a_was = any (places)
$$;

-- ---------------------------------------------------------------------------------------------------------------------------------- break-glass

-- Accounts that opened the cover of a place that is not theirs, with the reason. For half an hour each; the place's manager sees them until somebody
-- has reviewed them.
create table break_glass (
  id          bigint generated always as identity primary key,
  account     text not null references account,
  place       text not null references place,
  reason      text not null check (reason in ('patient_from_there', 'transfer', 'no_cover_here', 'major_incident', 'other')),
  note        text,
  at          timestamptz not null default clock_timestamp(),
  until       timestamptz not null,
  reviewed_at timestamptz,
  reviewed_by text,
  review_note text,
  check ((reviewed_at is null) = (reviewed_by is null))
);
create index break_glass_account on break_glass (account, until);
create index break_glass_open on break_glass (at) where reviewed_at is null;
grant select on break_glass to crisiscover_api;

create function break_glass_add(a_account text, a_place text, a_reason text, a_note text, a_seconds integer, out id bigint, out until timestamptz)
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  insert into break_glass as b (account, place, reason, note, until)
    values (a_account, a_place, a_reason, a_note, clock_timestamp() + make_interval(secs => a_seconds))
    returning b.id, b.until into id, until;
  update account_head set version = version + 1;
  notify accounts_changed;
  -- The account is not named: the flag reaches everybody who follows the place.
  perform flag_add('break_glass', null, a_place, null, null, null, null, until, 'normal', a_reason, jsonb_build_object('number', id));
  perform audit_add(a_account, 'break_glass', 'place/' || a_place, jsonb_build_object('reason', a_reason, 'number', id, 'until', iso(until)));
end $$;
grant execute on function break_glass_add to crisiscover_api;

-- The reason why it is not done: 'absent', 'own' (nobody reviews what they did themselves), 'done', or null.
create function break_glass_review(a_id bigint, a_note text, a_actor text) returns text
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare b break_glass;
begin
  select * into b from break_glass where id = a_id for update;
  if not found then
    return 'absent';
  elsif is_same_person(b.account, a_actor) then
    return 'own';
  elsif b.reviewed_at is not null then
    return 'done';
  end if;
  update break_glass set reviewed_at = clock_timestamp(), reviewed_by = a_actor, review_note = a_note where id = a_id;
  perform audit_add(a_actor, 'break_glass_reviewed', 'place/' || b.place, jsonb_build_object('number', a_id));
  return null;
end $$;
grant execute on function break_glass_review to crisiscover_api;

-- ------------------------------------------------------------------------------------------------------------------------- made single-handed

-- Files that an administrator put in force without the second person whom a part of them wanted, with the reason, what it was, and the places it
-- touches. Listed until somebody else has reviewed it.
create table single_handed (
  id          bigint generated always as identity primary key,
  version     bigint not null,
  account     text not null,
  reason      text not null check (reason <> ''),
  shown       jsonb not null,
  places      text[] not null,
  at          timestamptz not null default clock_timestamp(),
  reviewed_at timestamptz,
  reviewed_by text,
  review_note text,
  check ((reviewed_at is null) = (reviewed_by is null))
);
create index single_handed_open on single_handed (at) where reviewed_at is null;
grant select on single_handed to crisiscover_api;

-- Each place has a flag of its own. It names neither the account nor the reason, since it reaches everybody who follows the place.
create function single_handed_add(a_version bigint, a_account text, a_reason text, a_shown text, a_places text[]) returns bigint
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  number bigint;
  one text;
begin
  insert into single_handed (version, account, reason, shown, places) values (a_version, a_account, a_reason, a_shown::jsonb, a_places)
    returning id into number;
  perform audit_add(a_account, 'single_handed', 'region/' || a_version, jsonb_build_object('number', number, 'reason', a_reason, 'places', a_places));
  foreach one in array a_places loop
    perform flag_add('single_handed', null, one, null, null, null, null, null, 'normal', null, jsonb_build_object('number', number));
  end loop;
  return number;
end $$;
grant execute on function single_handed_add to crisiscover_api;

-- The reason why it is not done: 'absent', 'own' (nobody reviews what they did themselves), 'done', or null.
create function single_handed_review(a_id bigint, a_note text, a_actor text) returns text
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare s single_handed;
begin
  select * into s from single_handed where id = a_id for update;
  if not found then
    return 'absent';
  elsif is_same_person(s.account, a_actor) then
    return 'own';
  elsif s.reviewed_at is not null then
    return 'done';
  end if;
  update single_handed set reviewed_at = clock_timestamp(), reviewed_by = a_actor, review_note = a_note where id = a_id;
  perform audit_add(a_actor, 'single_handed_reviewed', 'region/' || s.version, jsonb_build_object('number', a_id));
  return null;
end $$;
grant execute on function single_handed_review to crisiscover_api;

-- ------------------------------------------------------------------------------------------------------------------------------ scopes of tokens

-- The scopes of a token, which limit it to a part of what its account may do; null: no limit. Names are those of the api (server/api/ask/scope.h).
alter table token add column scopes text[];

-- token_add with scopes.
create function token_add_scoped(a_account text, a_id text, a_sha256 bytea, a_expires timestamptz, a_scopes text[], a_actor text) returns boolean
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  if not token_add(a_account, a_id, a_sha256, a_expires, a_actor) then
    return false;
  end if;
  update token set scopes = a_scopes where id = a_id;
  return true;
end $$;
grant execute on function token_add_scoped to crisiscover_api;

-- --------------------------------------------------------------------------------------------------------------------------------------- rights

-- PostgreSQL lets everybody execute a new function.
revoke all on all functions in schema crisiscover from public;
