set local search_path = crisiscover;

-- A token is dead for good once its account is retired, whatever comes back under the name: a place's screen that was given up, or somebody who left,
-- would else be let in again by a file that only names the account anew. A session is made of a token and dies with it.

alter table token add column made_by text, add column revoked_by text;
create index token_account on token (account);

-- Who made those that are there, as far as the record says.
update token t set made_by = a.actor
  from (select distinct on (object) object, actor from audit where action = 'token_made' order by object, id) a
  where a.object = 'token/' || t.id;

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

-- Whichever way an account ends or begins again: none of its earlier tokens stands.
create function account_ended() returns trigger language plpgsql as $$
begin
  perform tokens_revoke_all(new.name, coalesce((select applied_by from region order by version desc limit 1), 'owner'));
  return null;
end $$;
create trigger account_ended after update of retired_at on account
  for each row when (old.retired_at is distinct from new.retired_at) execute function account_ended();

select tokens_revoke_all(name, 'migration') from account where retired_at is not null;

-- Who made a token is kept with it.
create or replace function token_keep(a_account text, a_id text, a_sha256 bytea, a_expires timestamptz, a_actor text) returns void
language plpgsql as $$
begin
  insert into token (id, account, sha256, expires_at, made_by) values (a_id, a_account, a_sha256, coalesce(a_expires, 'infinity'), a_actor);
  update account_head set version = version + 1;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'token_made', 'token/' || a_id, jsonb_build_object('account', a_account, 'expires_at', a_expires));
  notify accounts_changed;
end $$;

create or replace function token_revoke(a_id text, a_actor text) returns boolean
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

revoke all on function tokens_revoke_all, account_ended from public;
grant execute on function tokens_revoke_all to crisiscover_api;
