-- SPDX-License-Identifier: MIT

-- What people remark beside the rotas, and no rota says: whether somebody was reached whom a rota names (reports), and what to know before one rings
-- (notes). A remark changes no cover: a state is what the rotas say.
--
-- Channel: remarks_changed (a hint, backed by a slow poll of remark_head).
--
-- The record is only ever added to: of a row nothing is ever written but its end, once. Rows keep the codes of the time at which they were written;
-- who reads them asks for the codes of its own time (code_since()). They say of people what nobody needs after some years, and are then deleted
-- (remarks_delete()).

set local search_path = crisiscover;
set local check_function_bodies = off;

-- The version grows with every change of a remark, in the order of the commits: who takes it holds the row until then. A row has the version of its
-- last change.
create table remark_head (
  only_row boolean primary key default true check (only_row),
  version  bigint not null
);
insert into remark_head (version) values (1);
grant select on remark_head to crisiscover_api;
analyze remark_head;

create function remark_version() returns bigint language sql as $$
  notify remarks_changed;
  update remark_head set version = version + 1 returning version
$$;

-- What may be written into a row that is there: its version, and once each how it ended. A row is deleted only if it was over before the record of
-- remarks begins, which is noted first.
create function keep_what_was_remarked() returns trigger language plpgsql as $$
declare
  ends constant text[] := array['withdrawn_at', 'settled_at', 'settled_by', 'settle_note', 'ended_at', 'ended_by'];
begin
  if tg_op = 'DELETE' and old.until < (select at from record_begins where name = 'remark') then
    return old;
  end if;
  if tg_op = 'UPDATE' and not exists (select from jsonb_each(to_jsonb(old)) b
                                      where to_jsonb(new)->b.key is distinct from b.value and b.key <> 'version'
                                        and (b.value <> 'null' or b.key <> all (ends)) and (b.key <> 'told' or b.value = 'true')) then
    return new;
  end if;
  raise exception '% on %: the record is only ever added to', lower(tg_op), tg_table_name using errcode = 'P0002';
end $$;

-- -------------------------------------------------------------------------------------------------------------------------------------- reports

-- Somebody rang, and reached the person, or nobody, or another, or the person declined. It is about a person on a rota, or about the line of a service. Never counted by
-- person.
create table contact_report (
  id           bigint generated always as identity primary key,
  version      bigint not null,
  at           timestamptz not null default clock_timestamp(),
  until        timestamptz not null,                       -- shown until then, if nothing newer was reported
  account      text not null,
  place        text not null references place,             -- from where it was rung
  function     text not null,                              -- of who was rung
  wanted       text,                                       -- the one that was looked for; null: that
  service      text not null,
  rota         text references rota,
  person       text references person,
  outcome      text not null check (outcome in ('reached', 'no_answer', 'wrong_person', 'declined')),
  told         boolean not null default false,             -- who keeps the rota was told by a flag
  withdrawn_at timestamptz,                                -- taken back by who reported it
  settled_at   timestamptz,                                -- seen to by who keeps the rota
  settled_by   text,
  settle_note  text check (settle_note <> ''),
  check (isfinite(until) and until > at),
  check ((rota is null) = (person is null)),
  check ((settled_at is null) = (settled_by is null))
);
create index contact_report_version on contact_report (version);
create index contact_report_until on contact_report (until);
create index contact_report_rota on contact_report (rota, id);
create index contact_report_person on contact_report (person, id);
create index contact_report_service on contact_report (service, id);
create index contact_report_open on contact_report (id) where outcome <> 'reached' and withdrawn_at is null and settled_at is null;
create index contact_report_place on contact_report (place, at);
create index contact_report_account on contact_report (account, id);
create trigger keep before update or delete on contact_report for each row execute function keep_what_was_remarked();
create trigger keep_all before truncate on contact_report execute function keep_the_record();
grant select on contact_report to crisiscover_api;

-- Whether it still wants somebody's doing. Who did not answer and was reached later wants nothing; a wrong person is a fault of the rota or the number,
-- and why somebody declined is for who keeps the rota to ask.
create function report_is_open(c contact_report) returns boolean language sql stable as $$
  select c.outcome <> 'reached' and c.withdrawn_at is null and c.settled_at is null
         and not (c.outcome = 'no_answer'
                  and exists (select from contact_report r
                              where r.outcome = 'reached' and r.withdrawn_at is null and r.id > c.id
                                and case when c.person is null then r.person is null and r.service = c.service
                                         else r.person = c.person and r.function = c.function end))
$$;
grant execute on function report_is_open to crisiscover_api;

-- What the audit has of a report or a note.
create function remark_object(a_rota text, a_service text) returns text language sql immutable as $$
  select case when a_rota is null then 'service/' || a_service else 'rota/' || a_rota end
$$;

-- Whether the report that has just been made is to be told to who keeps the rota (or the service, for its line): a wrong person, and the second *no
-- answer* of half an hour that nobody was reached after. Not again within half an hour, unless somebody has seen to it.
create function report_tells(c contact_report) returns boolean language sql stable as $$
  select not coalesce(bool_or(n.told), false)
         and (c.outcome = 'wrong_person' or (c.outcome = 'no_answer' and coalesce(bool_or(report_is_open(n)), false)))
  from contact_report n
  where n.id < c.id and n.outcome = c.outcome and n.withdrawn_at is null and n.settled_at is null and n.at > c.at - interval '30 minutes'
    and (n.rota = c.rota or (c.rota is null and n.rota is null and n.service = c.service))
$$;

-- Notes what came of ringing. told: who keeps the rota has been told of it, at once, by a flag that names nobody. The same from the same account within a minute is the same report: a button was pressed twice. a_rota and a_person are
-- null for the service's line; a_wanted is the function that is looked for, where a ladder led to another one (null: it did not). P0001: the place or the person has left the region, or this account has reported more than one person can ring.
create function report_add(a_account text, a_place text, a_function text, a_service text, a_rota text, a_person text, a_outcome text,
                           a_seconds integer, a_wanted text default null, out id bigint, out at timestamptz, out until timestamptz, out told boolean)
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  number bigint := remark_version();
  before contact_report;
  made contact_report;
begin
  perform from place where code = a_place and retired_at is null for share;
  if not found then
    raise exception 'there is no place % in the region', a_place using errcode = 'P0001';
  end if;
  perform people_there(array_remove(array[a_person], null));
  select * into before from contact_report c
    where c.service = a_service and c.rota is not distinct from a_rota and c.person is not distinct from a_person and c.withdrawn_at is null
      and c.at > clock_timestamp() - interval '1 minute'
    order by c.id desc limit 1;
  if before.account = a_account and before.outcome = a_outcome and before.place = a_place then
    select before.id, before.at, before.until, before.told into id, at, until, told;
    return;
  end if;
  if (select count(*) >= 200 from (select c.at from contact_report c where c.account = a_account order by c.id desc limit 200) x
      where x.at > clock_timestamp() - interval '10 minutes') then
    raise exception 'this account has reported 200 calls in ten minutes: nothing more is taken from it for a while' using errcode = 'P0001';
  end if;
  insert into contact_report as c (version, at, until, account, place, function, wanted, service, rota, person, outcome)
    select number, x.now, x.now + make_interval(secs => a_seconds), a_account, a_place, a_function, nullif(a_wanted, a_function), a_service, a_rota, a_person,
           a_outcome
    from (select clock_timestamp() as now) x
    returning c.* into made;
  select made.id, made.at, made.until, report_tells(made) into id, at, until, told;
  perform audit_add(a_account, 'contact_reported', remark_object(a_rota, a_service),
                    jsonb_strip_nulls(jsonb_build_object('number', id, 'place', a_place, 'person', a_person, 'outcome', a_outcome,
                                                         'told', nullif(told, false))));
  if told then
    update contact_report c set told = true where c.id = made.id;
    -- Last, since it locks the counter of flags until the commit.
    perform flag_add('contact_failed', null, a_place, a_function, null, null, null, null, 'high', a_rota,
                     jsonb_build_object('service', a_service, 'outcome', a_outcome, 'number', id));
    notify flags_filled;
  end if;
end $$;
grant execute on function report_add to crisiscover_api;

-- Takes back what the account itself reported, within a_seconds. Why it is not done: 'absent', 'late', 'done'; null: it is.
create function report_withdraw(a_id bigint, a_account text, a_seconds integer) returns text
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  number bigint := remark_version();
  c contact_report;
begin
  select * into c from contact_report x where x.id = a_id;
  if not found or code_now('account', c.account, c.at) <> a_account then
    return 'absent';
  elsif c.withdrawn_at is not null then
    return 'done';
  elsif c.at + make_interval(secs => a_seconds) < clock_timestamp() then
    return 'late';
  end if;
  update contact_report set version = number, withdrawn_at = clock_timestamp() where id = a_id;
  perform audit_add(a_account, 'contact_report_withdrawn', remark_object(c.rota, c.service), jsonb_build_object('number', a_id));
  return null;
end $$;
grant execute on function report_withdraw to crisiscover_api;

-- Somebody has seen to it. Why it is not done: 'absent', 'done'; null: it is. What is shown of it at the place goes on until its end. The api has asked
-- whether a_actor may.
create function report_settle(a_id bigint, a_note text, a_actor text) returns text
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  number bigint := remark_version();
  c contact_report;
begin
  select * into c from contact_report x where x.id = a_id;
  if not found then
    return 'absent';
  elsif c.outcome = 'reached' or c.withdrawn_at is not null or c.settled_at is not null then
    return 'done';
  end if;
  update contact_report set version = number, settled_at = clock_timestamp(), settled_by = a_actor, settle_note = a_note where id = a_id;
  perform audit_add(a_actor, 'contact_report_settled', remark_object(c.rota, c.service),
                    jsonb_strip_nulls(jsonb_build_object('number', a_id, 'note', a_note)));
  return null;
end $$;
grant execute on function report_settle to crisiscover_api;

-- ---------------------------------------------------------------------------------------------------------------------------------------- notes

-- What to know before one rings. On a person, wherever that person is on; on a shift; on a service; on a function at a place. A note on a shift is kept
-- as who is on which rota and when, and not as the shift's number: it stays when the shift is read again, and goes when another person takes it.
create table note (
  id        bigint generated always as identity primary key,
  version   bigint not null,
  at        timestamptz not null default clock_timestamp(),
  until     timestamptz not null,
  account   text not null,
  role      text not null,                                  -- of the account, when it was written
  on_what   text not null check (on_what in ('person', 'shift', 'service', 'function')),
  person    text references person,
  rota      text references rota,
  team      text,                                           -- of a shift without a person
  starts_at timestamptz,
  ends_at   timestamptz,
  service   text,
  place     text references place,
  function  text,
  text      text not null check (octet_length(text) between 1 and 200),
  ended_at  timestamptz,                                    -- taken away before its time
  ended_by  text,
  check (isfinite(until) and until > at),
  check ((ended_at is null) = (ended_by is null)),
  check (case on_what
    when 'person' then person is not null and num_nonnulls(rota, team, starts_at, ends_at, service, place, function) = 0
    when 'shift' then rota is not null and starts_at < ends_at and person is null <> (team is null) and num_nonnulls(service, place, function) = 0
    when 'service' then service is not null and num_nonnulls(person, rota, team, starts_at, ends_at, place, function) = 0
    when 'function' then place is not null and function is not null and num_nonnulls(person, rota, team, starts_at, ends_at, service) = 0 end)
);
create index note_version on note (version);
create index note_until on note (until);
create trigger keep before update or delete on note for each row execute function keep_what_was_remarked();
create trigger keep_all before truncate on note execute function keep_the_record();
grant select on note to crisiscover_api;

-- Keeps a note. a_on: {"on", "person", "rota", "team", "starts_at", "ends_at", "service", "place", "function"}. P0001: its person, rota or place has left
-- the region, its time is over, or there are a_most on the same thing already.
create function note_add(a_on jsonb, a_text text, a_until timestamptz, a_account text, a_role text, a_most integer, out id bigint, out at timestamptz)
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  n note := jsonb_populate_record(null::note, a_on);
begin
  n.version := remark_version();
  n.on_what := a_on->>'on';
  perform from place where code = n.place and retired_at is null for share;
  if not found and n.place is not null then
    raise exception 'there is no place % in the region', n.place using errcode = 'P0001';
  end if;
  perform people_there(array_remove(array[n.person], null));
  if a_until <= clock_timestamp() then
    raise exception 'the note ends before it begins: give it a later end' using errcode = 'P0001';
  end if;
  if (select count(*) from note x
      where x.ended_at is null and x.until > clock_timestamp()
        and (x.on_what, x.person, x.rota, x.team, x.service, x.place, x.function)
            is not distinct from (n.on_what, n.person, n.rota, n.team, n.service, n.place, n.function)
        and (n.starts_at is null or (x.starts_at < n.ends_at and x.ends_at > n.starts_at))) >= a_most then
    raise exception 'there are % notes on this already: take one away first', a_most using errcode = 'P0001';
  end if;
  insert into note as x (version, until, account, role, on_what, person, rota, team, starts_at, ends_at, service, place, function, text)
    values (n.version, a_until, a_account, a_role, n.on_what, n.person, n.rota, n.team, n.starts_at, n.ends_at, n.service, n.place, n.function, a_text)
    returning x.id, x.at into id, at;
  perform audit_add(a_account, 'note_added', 'note/' || id, jsonb_strip_nulls(a_on) || jsonb_build_object('text', a_text, 'until', iso(a_until)));
end $$;
grant execute on function note_add to crisiscover_api;

-- Takes a note away before its time. False: there is none, or it is over. The api has asked whether a_actor may.
create function note_end(a_id bigint, a_actor text) returns boolean
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  number bigint := remark_version();
begin
  update note set version = number, ended_at = clock_timestamp(), ended_by = a_actor
    where id = a_id and ended_at is null and until > clock_timestamp();
  if not found then
    return false;
  end if;
  perform audit_add(a_actor, 'note_ended', 'note/' || a_id, null);
  return true;
end $$;
grant execute on function note_end to crisiscover_api;

-- --------------------------------------------------------------------------------------------------------------------------------- what is shown

-- Remarks that can be shown after a_from, with the codes of a_known, as they were known then, and every report that wants somebody's doing, however
-- old. a_since: only those that have changed since that version; what has gone since is among them (gone). -1: all. A report that was settled long
-- after it was shown is among the changes too: who has it in memory learns only so that nothing is left to do.
create function remarks_shown(a_since bigint, a_from timestamptz, a_known timestamptz)
returns table (kind text, id bigint, at timestamptz, until timestamptz, account text, role text, person text, rota text, team text,
               starts_at timestamptz, ends_at timestamptz, service text, place text, function text, words text, gone boolean, settled boolean)
language sql stable as $$
  select 'report', c.id, c.at, c.until, code_since('account', c.account, c.at, a_known), null, code_since('person', c.person, c.at, a_known),
         code_since('rota', c.rota, c.at, a_known), null, null::timestamptz, null::timestamptz, code_since('service', c.service, c.at, a_known),
         code_since('place', c.place, c.at, a_known), code_since('function', c.function, c.at, a_known), c.outcome, coalesce(c.withdrawn_at <= a_known, false),
         coalesce(c.settled_at <= a_known, false)
  from contact_report c
  where c.version > a_since and c.at <= a_known
    and (c.until > a_from or a_since >= 0 or (c.outcome <> 'reached' and c.withdrawn_at is null and c.settled_at is null))
  union all
  select n.on_what, n.id, n.at, n.until, code_since('account', n.account, n.at, a_known), n.role, code_since('person', n.person, n.at, a_known),
         code_since('rota', n.rota, n.at, a_known), n.team, n.starts_at, n.ends_at, code_since('service', n.service, n.at, a_known),
         code_since('place', n.place, n.at, a_known), code_since('function', n.function, n.at, a_known), n.text,
         coalesce(n.ended_at <= a_known, false), false
  from note n
  where n.version > a_since and n.until > a_from and n.at <= a_known
$$;
grant execute on function remarks_shown to crisiscover_api;

-- The reports of some rotas and services, the newest first. a_rotas, a_services: present codes; null: all. a_place: only from there.
create function reports_of(a_rotas text[], a_services text[], a_place text, a_open boolean, a_before bigint, a_most bigint)
returns table (id bigint, at timestamptz, until timestamptz, account text, place text, function text, wanted text, service text, rota text, person text,
               outcome text, withdrawn_at timestamptz, settled_at timestamptz, settled_by text, settle_note text, open boolean, told boolean)
language sql stable as $$
  select c.id, c.at, c.until, code_now('account', c.account, c.at), code_now('place', c.place, c.at), code_now('function', c.function, c.at),
         code_now('function', coalesce(c.wanted, c.function), c.at), code_now('service', c.service, c.at), code_now('rota', c.rota, c.at), code_now('person', c.person, c.at), c.outcome, c.withdrawn_at, c.settled_at, c.settled_by, c.settle_note,
         report_is_open(c), c.told
  from contact_report c
  where c.id < a_before
    and (c.rota = any (array(select codes_ever('rota', r) from unnest(a_rotas) r))
         or (c.rota is null and c.service = any (array(select codes_ever('service', s) from unnest(a_services) s))))
    and (a_place is null or c.place = any (array(select codes_ever('place', a_place))))
    and (not a_open or (c.outcome <> 'reached' and c.withdrawn_at is null and c.settled_at is null and report_is_open(c)))
  order by c.id desc
  limit a_most
$$;
grant execute on function reports_of to crisiscover_api;

-- ------------------------------------------------------------------------------------------------------------------------------------ retention

-- Deletes what was over before a_before; answers how many remarks. A report that still waits for somebody is first settled, by the server itself, and
-- is deleted a day later: by then every process has read that nothing is left to do. Where the record then begins is noted first.
create function remarks_delete(a_now timestamptz, a_before timestamptz) returns bigint language plpgsql as $$
declare
  seen constant timestamptz := a_now - interval '1 day';
  reports bigint;
  notes bigint;
begin
  if exists (select from contact_report where until < a_before and outcome <> 'reached' and withdrawn_at is null and settled_at is null) then
    update contact_report
      set version = remark_version(), settled_at = a_now, settled_by = 'crisiscoverd', settle_note = 'Nobody has seen to it for as long as it is kept.'
      where until < a_before and outcome <> 'reached' and withdrawn_at is null and settled_at is null;
  end if;
  if exists (select from contact_report where until < a_before and coalesce(settled_at, until) < seen) or
     exists (select from note where until < a_before) then
    perform record_begins_at('remark', a_before);
  end if;
  delete from contact_report where until < a_before and coalesce(settled_at, until) < seen;
  get diagnostics reports = row_count;
  delete from note where until < a_before;
  get diagnostics notes = row_count;
  return reports + notes;
end $$;

-- --------------------------------------------------------------------------------------------------------------------------------------- rights

-- PostgreSQL lets everybody execute a new function.
revoke all on all functions in schema crisiscover from public;
