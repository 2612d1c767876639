-- SPDX-License-Identifier: MIT

-- Navigators that say of themselves that they are closed for tonight. The cards are objects of the set-up; here is what was said of one, by a secret link
-- (0014_links.sql) or by who keeps the card, from when, until when, and when it was taken back.
--
-- Channel: navigators_changed (a hint, backed by a slow poll of navigator_head).
--
-- The record is only ever added to: of a row nothing is ever written but its end, once. Rows keep the code of the time; a card is found by its former codes.

set local search_path = crisiscover;
set local check_function_bodies = off;

alter table token drop constraint token_link_kind_check;
alter table token add constraint token_link_kind_check
  check (link_kind in ('rota', 'service', 'person', 'gaps', 'closing', 'navigator'));

-- The version grows with every change, in the order of the commits: who takes it holds the row until then.
create table navigator_head (
  only_row boolean primary key default true check (only_row),
  version  bigint not null
);
insert into navigator_head (version) values (1);
grant select on navigator_head to crisiscover_api;
analyze navigator_head;

create table navigator_closing (
  id        bigint generated always as identity primary key,
  card      text not null,                         -- of the navigator, when it was said
  at        timestamptz not null default date_trunc('second', clock_timestamp()),
  until     timestamptz not null check (until > at),
  actor     text not null,                         -- "link/ID", or an account
  ended_at  timestamptz check (ended_at >= at),    -- it was taken back, or said again until another hour
  ended_by  text,
  check ((ended_at is null) = (ended_by is null))
);
create index navigator_closing_card on navigator_closing (card, at);

-- Nothing of a row is ever written but its end.
create function navigator_closing_keep() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.ended_at is null and new.ended_at is not null
     and to_jsonb(new) - 'ended_at' - 'ended_by' = to_jsonb(old) - 'ended_at' - 'ended_by' then
    return new;
  end if;
  raise exception '% on navigator_closing: the record is only ever added to', lower(tg_op) using errcode = 'P0002';
end $$;
create trigger keep before update or delete on navigator_closing for each row execute function navigator_closing_keep();
create trigger keep_all before truncate on navigator_closing execute function keep_the_record();
select let_erasing_through();

-- Ends what is said of a card; whether there was anything.
create function navigator_closing_end(a_card text, a_actor text) returns boolean language plpgsql as $$
begin
  update navigator_head set version = version + 1;
  update navigator_closing set ended_at = greatest(clock_timestamp(), at), ended_by = a_actor
    where card = a_card and ended_at is null and until > clock_timestamp();
  return found;
end $$;

-- Says that a card is closed from now until a_until. P0001 without a name: the link shows none.
create function navigator_close(a_card text, a_until timestamptz, a_actor text) returns void
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  perform navigator_closing_end(a_card, a_actor);
  if a_actor like 'link/%'
     and (select count(*) from navigator_closing where actor = a_actor and at > clock_timestamp() - interval '1 day') >= 10 then
    raise exception 'this link has said so ten times within a day: ring your organisation instead' using errcode = 'P0001';
  end if;
  insert into navigator_closing (card, until, actor) values (a_card, a_until, a_actor);
  insert into audit (actor, action, object, detail)
    values (a_actor, 'navigator_closed', 'navigator/' || a_card, jsonb_build_object('until', a_until));
  notify navigators_changed;
end $$;
grant execute on function navigator_close to crisiscover_api;

-- It is open again, as its hours say.
create function navigator_reopen(a_card text, a_actor text) returns boolean
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  if not navigator_closing_end(a_card, a_actor) then
    return false;
  end if;
  insert into audit (actor, action, object, detail) values (a_actor, 'navigator_reopened', 'navigator/' || a_card, '{}');
  notify navigators_changed;
  return true;
end $$;
grant execute on function navigator_reopen to crisiscover_api;

-- What was said within the 100 days before an instant, as it was known then: each until it ended.
create function navigator_closings(a_known_at timestamptz) returns table (card text, at timestamptz, until timestamptz)
language sql stable security definer set search_path = crisiscover, pg_temp as $$
  select c.card, c.at, least(c.until, case when c.ended_at <= a_known_at then c.ended_at end)
  from navigator_closing c
  where c.at <= a_known_at and c.at > least(a_known_at, clock_timestamp()) - interval '100 days'
    and (c.ended_at is null or c.ended_at > c.at)
  order by c.id
$$;
grant execute on function navigator_closings to crisiscover_api;

-- PostgreSQL lets everybody execute a new function.
revoke all on all functions in schema crisiscover from public;
