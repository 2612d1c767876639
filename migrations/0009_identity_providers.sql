-- SPDX-License-Identifier: MIT

-- Identity providers (OpenID Connect), by organisation: who may sign in through them, and which account each person has. The proxy in front speaks to
-- the provider; what it says of a person comes here through the api (docs/signing-in.md).

set local search_path = crisiscover;
set local check_function_bodies = off;

-- A provider, with everything the api and the proxy's configuration know of it but its client's secret. The api checks and reads the body
-- (server/api/ask/provider.h); the database keeps it as it is.
create table provider (
  id         text primary key check (id ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
  issuer     text not null,
  body       jsonb not null,
  set_at     timestamptz not null default clock_timestamp(),
  set_by     text not null,
  removed_at timestamptz,
  removed_by text,
  check (issuer = body->>'issuer'),
  check ((removed_at is null) = (removed_by is null))
);
create unique index provider_issuer on provider (issuer) where removed_at is null;
grant select on provider to crisiscover_api;

-- A person as a provider knows them, in one organisation, and the account that this person was given there. A sign-in without one makes a request
-- ('asked') and gives no right. What the provider calls the person is kept until somebody has decided.
create table identity (
  id           bigint generated always as identity primary key,
  provider     text not null references provider,
  subject      text not null check (length(subject) between 1 and 255),
  organisation text not null references organisation,
  state        text not null default 'asked' check (state in ('asked', 'linked', 'refused', 'ended')),
  name         text,
  account      text references account,
  of_none      boolean not null default false,  -- the account was linked as one that is of no organisation
  asked_at     timestamptz not null default clock_timestamp(),
  decided_at   timestamptz,
  decided_by   text,
  ended_at     timestamptz,
  ended_by     text,
  used_at      timestamptz,  -- the last sign-in
  last_issued  bigint,       -- of the token that was used last: when it was issued, and its hash; neither is used again
  last_token   bytea check (length(last_token) = 32),
  check ((state = 'linked') <= (account is not null)),
  check ((ended_at is null) = (state <> 'ended'))
);
create unique index identity_one on identity (provider, subject, organisation) where state <> 'ended';
create index identity_account on identity (account) where state = 'linked';
create index identity_list on identity (organisation, id) where state <> 'ended';
grant select (id, provider, organisation, state, name, account, asked_at, decided_at, decided_by, used_at) on identity to crisiscover_api;

-- What is of no more use: nobody has decided about a request for a month, or a refusal is a month old. The person may ask again.
create function identities_expire() returns void language sql as $$
  update identity set state = 'ended', ended_at = clock_timestamp(), ended_by = 'expired', name = null
    where state in ('asked', 'refused') and coalesce(decided_at, asked_at) < clock_timestamp() - interval '30 days'
$$;

-- Ends those of a_ids that are not ended. The accounts they were linked to are signed out of what a provider had signed them in to. How many.
create function identities_end(a_ids bigint[], a_actor text) returns bigint language plpgsql as $$
declare
  accounts text[];
  gone bigint[];
begin
  select coalesce(array_agg(distinct account), '{}') into accounts from identity where id = any (a_ids) and state = 'linked';
  with ended as (
    update identity set state = 'ended', ended_at = clock_timestamp(), ended_by = a_actor, name = null
      where id = any (a_ids) and state <> 'ended' returning id)
  select coalesce(array_agg(id order by id), '{}') into gone from ended;
  perform audit_add(a_actor, 'identity_ended', 'identity/' || id, jsonb_build_object('provider', provider, 'account', account))
    from identity where id = any (gone) order by id;
  perform sessions_end(array(select id from session where account = any (accounts) and how = 'provider' and ended_at is null), a_actor);
  return cardinality(gone);
end $$;

-- Whichever way an account ends or begins again, nobody is linked to it any more.
create function account_ended_identities() returns trigger language plpgsql as $$
begin
  perform identities_end(array(select id from identity where account = new.name and state = 'linked'),
                         coalesce((select applied_by from region order by version desc limit 1), 'owner'));
  return null;
end $$;
create trigger account_ended_identities after update of retired_at on account
  for each row when (old.retired_at is distinct from new.retired_at) execute function account_ended_identities();

-- An organisation under another code: its people and its providers follow.
create function identities_rename(a_was text, a_code text) returns void language sql as $$
  update identity set organisation = a_code where organisation = a_was;
  update provider p set body = jsonb_set(body, '{organisations}', (select jsonb_agg(case when o = to_jsonb(a_was) then to_jsonb(a_code) else o end)
                                                                   from jsonb_array_elements(p.body->'organisations') o))
    where body->'organisations' ? a_was
$$;

-- ------------------------------------------------------------------------------------------------------------------------------------ providers

-- What says whom a subject of a provider means: with another of these, the same subject may be another person.
create function provider_namespace(a_body jsonb) returns jsonb language sql immutable as $$
  select jsonb_build_array(a_body->'issuer', a_body->'preset', a_body->'tenant', a_body->'subject_claim')
$$;

-- Adds a provider or changes it. a_seen: its body as it was read (null: there was none). What is in the way: 'changed' (it is another now), 'bound'
-- (people are linked, and their subjects would mean others), 'issuer' (another provider has it), or null. Nothing is written where nothing changes, or
-- where a_try asks only what is in the way.
create function provider_put(a_id text, a_body text, a_seen text, a_try boolean, a_actor text) returns text
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  was provider;
  wanted jsonb := a_body;
begin
  lock table provider in share row exclusive mode;
  select * into was from provider where id = a_id;
  if (case when was.removed_at is null then was.body end) is distinct from a_seen::jsonb then
    return 'changed';
  end if;
  if was.body = wanted and was.removed_at is null then
    return null;
  end if;
  if exists (select from provider where issuer = wanted->>'issuer' and id <> a_id and removed_at is null) then
    return 'issuer';
  end if;
  if provider_namespace(was.body) <> provider_namespace(wanted)
     and exists (select from identity where provider = a_id and state <> 'ended') then
    return 'bound';
  end if;
  if a_try then
    return null;
  end if;
  insert into provider (id, issuer, body, set_by) values (a_id, wanted->>'issuer', wanted, a_actor)
    on conflict (id) do update set issuer = excluded.issuer, body = excluded.body, set_at = clock_timestamp(), set_by = excluded.set_by,
                                   removed_at = null, removed_by = null;
  perform audit_add(a_actor, 'provider_set', 'provider/' || a_id,
                    jsonb_build_object('was', case when was.removed_at is null then was.body end, 'is', wanted));
  return null;
end $$;
grant execute on function provider_put to crisiscover_api;

-- Takes a provider out: nobody is linked through it any more, and whom it signed in is signed out. What is in the way: 'changed' (it is another than
-- a_seen, or there is none any more), or null.
create function provider_remove(a_id text, a_seen text, a_actor text) returns text
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  update provider set removed_at = clock_timestamp(), removed_by = a_actor where id = a_id and removed_at is null and body = a_seen::jsonb;
  if not found then
    return 'changed';
  end if;
  perform identities_end(array(select id from identity where provider = a_id and state <> 'ended'), a_actor);
  perform audit_add(a_actor, 'provider_removed', 'provider/' || a_id, null);
  return null;
end $$;
grant execute on function provider_remove to crisiscover_api;

-- ----------------------------------------------------------------------------------------------------------------------------------- signing in

-- A person signs in through a provider, as one of an organisation. The outcome: 'linked' with the account; 'asked' (a request was made, or waits);
-- 'refused'; 'full' (too many requests wait); 'moved' (the account is another organisation's now); 'used' (the token was used before);
-- 'gone' (the provider was taken out meanwhile).
create function identity_sign_in(a_provider text, a_subject text, a_organisation text, a_name text, a_issued bigint, a_token bytea, a_most integer,
                                 out outcome text, out account text)
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  i identity;
begin
  perform from provider p where p.id = a_provider and p.removed_at is null for share;
  if not found then
    outcome := 'gone';
    return;
  end if;
  perform identities_expire();
  select x.* into i from identity x
    where x.provider = a_provider and x.subject = a_subject and x.organisation = a_organisation and x.state <> 'ended' for update;
  if not found then
    -- One at a time for an organisation, so that the count is right.
    perform pg_advisory_xact_lock(hashtextextended('identity ' || a_organisation, 0));
    if (select count(*) from identity x where x.organisation = a_organisation and x.state = 'asked') >= a_most then
      outcome := 'full';
      return;
    end if;
    insert into identity as x (provider, subject, organisation, name) values (a_provider, a_subject, a_organisation, a_name)
      on conflict (provider, subject, organisation) where state <> 'ended' do nothing returning * into i;
    if found then
      perform audit_add('provider/' || a_provider, 'identity_asked', 'identity/' || i.id, jsonb_build_object('organisation', a_organisation));
    end if;
    outcome := 'asked';
    return;
  end if;
  if i.state <> 'linked' then
    outcome := i.state;
    return;
  end if;
  perform from account a where a.name = i.account and a.retired_at is null
      and a.organisation is not distinct from case when not i.of_none then i.organisation end for share;
  if not found then
    outcome := 'moved';
    return;
  end if;
  if i.last_issued > a_issued or i.last_token = a_token then
    outcome := 'used';
    return;
  end if;
  update identity x set last_issued = a_issued, last_token = a_token, used_at = clock_timestamp() where x.id = i.id;
  outcome := 'linked';
  account := i.account;
end $$;
grant execute on function identity_sign_in to crisiscover_api;

-- ------------------------------------------------------------------------------------------------------------------------------------- deciding

-- Links the person of a request to an account of that organisation, or to one that is of none, such as an administrator's: the api sees to it that only
-- an administrator does that. A refusal may be changed into this. What is in the way: 'absent' (no such request), 'done' (linked already), 'account'
-- (there is no such account of a person), or null.
create function identity_accept(a_id bigint, a_account text, a_actor text) returns text
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  i identity;
  to_none boolean;
begin
  select * into i from identity where id = a_id and state <> 'ended' for update;
  if not found then
    return 'absent';
  elsif i.state = 'linked' then
    return 'done';
  end if;
  select organisation is null into to_none from account
    where name = a_account and kind = 'person' and coalesce(organisation, i.organisation) = i.organisation and retired_at is null for share;
  if not found then
    return 'account';
  end if;
  update identity set state = 'linked', account = a_account, of_none = to_none, decided_at = clock_timestamp(), decided_by = a_actor, name = null where id = a_id;
  perform audit_add(a_actor, 'identity_linked', 'identity/' || a_id, jsonb_build_object('provider', i.provider, 'account', a_account));
  return null;
end $$;
grant execute on function identity_accept to crisiscover_api;

-- What is in the way: 'absent', 'done' (decided already), or null.
create function identity_refuse(a_id bigint, a_actor text) returns text
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare i identity;
begin
  select * into i from identity where id = a_id and state <> 'ended' for update;
  if not found then
    return 'absent';
  elsif i.state <> 'asked' then
    return 'done';
  end if;
  update identity set state = 'refused', decided_at = clock_timestamp(), decided_by = a_actor, name = null where id = a_id;
  perform audit_add(a_actor, 'identity_refused', 'identity/' || a_id, jsonb_build_object('provider', i.provider));
  return null;
end $$;
grant execute on function identity_refuse to crisiscover_api;

-- Takes a link, a request or a refusal away. False: there is none.
create function identity_end(a_id bigint, a_actor text) returns boolean
language sql security definer set search_path = crisiscover, pg_temp as $$
  select identities_end(array[a_id], a_actor) = 1
$$;
grant execute on function identity_end to crisiscover_api;

-- PostgreSQL lets everybody execute a new function.
revoke all on all functions in schema crisiscover from public;
