-- SPDX-License-Identifier: MIT

-- How people sign in: sessions.
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

-- A browser that is signed in. Its cookie is shown once and kept only as SHA-256. A session stands while it has not been ended, ends_at has not
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

-- Whether a session stands, but for what its processes know of its last minute.
create function session_stands(a_session session) returns boolean language sql stable as $$
  select a_session.ended_at is null and a_session.ends_at > now()
         and a_session.used_at + make_interval(secs => a_session.idle_seconds + 60) > now()
$$;
grant execute on function session_stands to crisiscover_api;

-- A new session. False: the account, or the token it would be made by, does not stand any more. Rows that ended a month ago go.
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

-- Ends those of a_ids that stand, in their order. Answers how many.
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

-- Ends one session of an account. False: it has none of this id that stands.
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

-- Whichever way an account ends or begins again: none of its earlier sessions stands.
create function account_ended_sessions() returns trigger language plpgsql as $$
begin
  perform account_sign_out(new.name, null, coalesce((select applied_by from region order by version desc limit 1), 'owner'));
  return null;
end $$;
create trigger account_ended_sessions after update of retired_at on account
  for each row when (old.retired_at is distinct from new.retired_at) execute function account_ended_sessions();

analyze session_head;

-- --------------------------------------------------------------------------------------------------------------------------------------- rights

-- PostgreSQL lets everybody execute a new function.
revoke all on all functions in schema crisiscover from public;
