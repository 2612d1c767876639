-- SPDX-License-Identifier: MIT

-- Secret links, by which who has one may open one thing, such as the calendar of a rota, and nothing else; and what such calendars need of the record.
--
-- A link is a token (0001_set_up.sql) that is kept to one thing. So it is kept as a hash, expires, is revoked, ends with its account, and its use
-- is noted, as with every token. It is never a bearer token: the api refuses it there, and it has no scope.

set local search_path = crisiscover;
set local check_function_bodies = off;

-- link_of is the code of the thing when the link was made. It is not renamed: a thing is found by its former codes as well (renamed).
alter table token
  add column link_kind  text check (link_kind in ('rota', 'service', 'person', 'gaps', 'closing')),   -- null: a token of all its account may
  add column link_of    text,
  add column link_names boolean not null default false,                  -- whether its answers name people
  add column link_note  text check (length(link_note) between 1 and 200), -- for whom it is, in the words of the account that made it
  add check ((link_kind is null) = (link_of is null)),
  add check (link_kind is null or scopes = '{}');
create index token_link on token (link_kind, link_of) where link_kind is not null;

-- Keeps a new link, of an account that is there. False: it is not. The link itself never comes here, and its note does not go into the audit.
create function link_add(a_account text, a_id text, a_sha256 bytea, a_expires timestamptz, a_kind text, a_of text, a_names boolean, a_note text)
returns boolean language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  perform from account where name = a_account and retired_at is null for share;
  if not found then
    return false;
  end if;
  insert into token (id, account, sha256, expires_at, made_by, scopes, link_kind, link_of, link_names, link_note)
    values (a_id, a_account, a_sha256, a_expires, a_account, '{}', a_kind, a_of, a_names, a_note);
  update account_head set version = version + 1;
  insert into audit (actor, action, object, detail)
    values (a_account, 'link_made', a_kind || '/' || a_of, jsonb_build_object('link', a_id, 'names', a_names, 'expires_at', a_expires));
  notify accounts_changed;
  return true;
end $$;
grant execute on function link_add to crisiscover_api;

-- Revokes a link. False: there is none with this id that was not revoked before.
create function link_revoke(a_id text, a_actor text) returns boolean
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare t token;
begin
  update token set revoked_at = clock_timestamp(), revoked_by = a_actor where id = a_id and revoked_at is null and link_kind is not null
    returning * into t;
  if not found then
    return false;
  end if;
  update account_head set version = version + 1;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'link_revoked', t.link_kind || '/' || t.link_of, jsonb_build_object('link', t.id));
  notify accounts_changed;
  return true;
end $$;
grant execute on function link_revoke to crisiscover_api;

-- ------------------------------------------------------------------------------------------------------------------------ calendars for others

-- Which entry of a rota's source a row of `shift` is, in 64 bits: every version of an entry has the same, and so its event in a calendar keeps its UID.
create function shift_entry(a_rota text, a_key text) returns bigint language sql immutable parallel safe as $$
  select ('x' || left(md5(a_rota || '/' || a_key), 16))::bit(64)::bigint
$$;
grant execute on function shift_entry to crisiscover_api;

-- The versions of overrides over a time, for when they changed what a shift shows.
create index shift_override_times on shift (rota, ends_at) where override is not null;

-- --------------------------------------------------------------------------------------------------------------------------------------- rights

-- PostgreSQL lets everybody execute a new function.
revoke all on all functions in schema crisiscover from public;
