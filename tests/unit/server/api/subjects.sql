-- SPDX-License-Identifier: MIT

-- One person is given out whole and erased, in a database that has something of that person in every table that keeps a code, after a renaming
-- (renamed.sql). What is left says nowhere who it was; places, times and states are what they were; the chain of the audit holds.
\ir renamed.sql

set search_path = crisiscover;

-- A name, a number, a calendar's title, and texts in which somebody wrote of the person. The person's code is p2 now, the account's a2.
select region_apply(jsonb_set(jsonb_set(test.document('2')::jsonb, '{people,0}',
  '{"id": "p2", "name": "Jo O''Brien", "aliases": ["JB", "Joanna Brown", "Sam Green", "A B"], "organisation": "O2", "work_phone": "+441632960124"}'),
  '{accounts,0,person}', '"p2"')::text, 'ann');
-- Somebody else has one of the names: it is left where it is.
select region_apply(replace((select x from (select jsonb_set(jsonb_set(test.document('2')::jsonb, '{people,0}',
  (select item from setup_item where kind = 'person' and key = 'p2' and ended is null)), '{accounts,0,person}', '"p2"')::text as x) y),
  '{"id": "z"}', '{"id": "z", "name": "Sam Green"}'), 'ann');
select note_add('{"on": "function", "place": "L2", "function": "f2"}', 'jo o''brien is on 01632 960 124', now() + interval '1 day', 'ann', 'switchboard', 5);
insert into body (sha256, bytes) values (sha256('old'), convert_to('SUMMARY:Jo O''Brien', 'UTF8'));
insert into audit (actor, action, object, detail) values ('a2', 'read', 'place/L2', '{"count": 1}'),
  ('ann', 'shift_added', 'rota/r2', '{"person": "p2", "title": "Duty: Jo O''Brien"}'), ('ann', 'nothing', 'rota/r2', '{"person": "q"}');
insert into shift (rota, key, class, person, title, starts_at, ends_at, known_from)
  values ('r2', 'titled', 'named', 'p2', 'Duty: JB', now() - interval '10 days', now() - interval '9 days', now() - interval '11 days'),
         ('r2', 'other', 'named', 'q', 'Duty: Q', now() - interval '10 days', now() - interval '9 days', now() - interval '11 days');
-- What an account does that the tables of later migrations keep: each row has the account, and a text that names the person.
select protocol_put(null, null, jsonb_build_object('place', 'L2', 'function', 'f2', 'name', 'Stroke, by Jo O''Brien', 'version', rpad('A B', 40, ' y'), 'owner', 'a2',
                                                   'review', current_date + 90), '%PDF-1.7', 'a2', 5, '{a2}', 1000);
select protocol_withdraw(id, 1, 'ask Jo O''Brien', 'a2') from protocol;
select risk_propose('m2', 'L2', 'Jo O''Brien is on leave', now() + interval '9 days', 'a2', '{O2}', '{O2}');
select risk_withdraw(id, 'a2', 'Jo O''Brien is back') from risk;
select navigator_close('c', now() + interval '1 hour', 'a2');
select navigator_reopen('c', 'a2');
insert into subscription (account, channel, address, made_by, ended_at, ended_by) values ('a2', 'webhook', 'https://former.example', 'a2', now(), 'a2'),
  ('a2', 'webhook', 'https://example.org', 'a2', null, null), ('ann', 'webhook', 'https://another.example', 'a2', now(), 'a2');
insert into message (subscription, severity, subject, body, link) select id, 'normal', 's', 'Jo O''Brien', 'l' from subscription;
insert into news (kind, severity, of_group, account, place) values ('review_overdue', 'normal', 'protocol', 'a2', 'L2');

create function test.refused(a_what text, a_call text) returns void language plpgsql as $$
begin
  execute a_call;
  raise exception using errcode = 'ZZ001';
exception
  when sqlstate 'P0001' then
    if position(a_what in sqlerrm) = 0 then
      raise exception 'refused with "%", not with "%"', sqlerrm, a_what;
    end if;
  when sqlstate 'ZZ001' then
    raise exception 'not refused: %', a_what;
end $$;

-- ------------------------------------------------------------------------------------------------------------------------- what is held

do $$
declare
  all_of_it jsonb := subject_export('p2', null);
  held jsonb := all_of_it->'held';
begin
  if not held ?& array['shift', 'setup_item', 'override', 'absence', 'swap_shift', 'leave', 'contact_report', 'note', 'audit', 'session', 'token', 'break_glass',
                       'decision', 'import_shift', 'person_new', 'identity', 'credential', 'account', 'person', 'renamed',
                       'protocol', 'risk', 'risk_accepted', 'navigator_closing', 'subscription', 'message', 'news'] then
    raise exception 'the export has only %', (select string_agg(k, ', ' order by k) from jsonb_object_keys(held) k);
  elsif not exists (select from jsonb_array_elements(held->'shift') s where s->>'title' = 'Duty: JB') then
    raise exception 'the export lacks a title that was read as the person';
  elsif not exists (select from jsonb_array_elements(held->'note') s where s->>'text' ~ 'o''brien') then
    raise exception 'the export lacks a note that names the person';
  elsif held::text ~ 'argon2|\\x[0-9a-f]{64}' then
    raise exception 'the export has a secret or a hash: %', substring(held::text from '.{60}(argon2|\\x[0-9a-f]{64}).{20}');
  elsif held::text like '%Duty: Q%' or exists (select from jsonb_array_elements(held->'shift') s where s->>'person' = 'q') then
    raise exception 'the export has what is another''s';
  end if;
  perform test.refused('there is nobody of the code p2', $c$select subject_export('p2', 'O9')$c$);
  perform test.refused('there is nobody of the code nobody', $c$select subject_export('nobody', null)$c$);
end $$;

-- ------------------------------------------------------------------------------------------------------------------ what stands against it

select test.refused('take them out of it first', $c$select subject_erase('p2', 2192, true, true, 'chief', 'second', 'why')$c$);
select region_apply((test.document('2')::jsonb #- '{people,0}')::text, 'ann');
select test.refused('an account of the person is in the set-up', $c$select subject_erase('p2', 2192, true, true, 'chief', 'second', 'why')$c$);
select region_apply((test.document('2')::jsonb #- '{people,0}' #- '{accounts,0}')::text, 'ann');
select test.refused('still to come', $c$select subject_erase('p2', 2192, true, true, 'chief', 'second', 'why')$c$);

-- Everything becomes eight years older: seven whole financial years, whatever the day.
create function test.age(a interval) returns void language plpgsql as $$
begin
  insert into erasing values (pg_current_xact_id()) on conflict do nothing;
  perform set_config('crisiscover.erasing', 'yes', true);
  update shift set starts_at = starts_at - a, ends_at = ends_at - a;
  update override set starts_at = starts_at - a, ends_at = ends_at - a, expires_at = expires_at - a;
  update absence set starts_at = starts_at - a, ends_at = ends_at - a;
  update person set retired_at = retired_at - a where retired_at is not null;
  delete from erasing;
  perform set_config('crisiscover.erasing', '', true);
end $$;
select test.age('60 days');
select test.refused('it must be kept until', $c$select subject_erase('p2', 2192, false, true, 'chief', 'second', 'why')$c$);
select test.age('8 years');

select subject_hold('p2', null, false, 'an inquest', 'chief');
select test.refused('a legal hold stands against it: an inquest', $c$select subject_erase('p2', 2192, true, true, 'chief', 'second', 'why')$c$);
do $$ begin
  if subjects_due(2192, now()) + subjects_due(2192, now() + interval '1 day') + subjects_due(2192, now() + interval '8 days') <> 0 then
    raise exception 'somebody was erased against a hold';
  end if;
end $$;
select subject_hold('p2', null, true, 'it is over', 'chief');

-- Each table that can hold a text about somebody lets an erasure through.
do $$
declare shut text;
begin
  select string_agg(t.tgrelid::regclass::text, ', ' order by 1) into shut
    from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where not t.tgisinternal and t.tgparentid = 0 and t.tgname = 'keep' and c.relname in (select tab from subject_columns())
      and pg_get_triggerdef(t.oid) not like '%is_erasing()%';
  if shut is not null then
    raise exception 'call let_erasing_through() in the migration that makes the triggers `keep` of %', shut;
  end if;
end $$;

-- What an erasure writes fits wherever what it replaces does: every column that it rewrites is tried with its own checks, in a table with that column alone,
-- with the texts that it replaces: texts of every length that a check has a number of, which begin with the shortest name, and codes where there are codes.
create temporary table fitted (tab text, col text, value text);
do $$
declare
  s subject := subject_of('p2');
  c record;
  given record;
  rewritten text;
begin
  select string_agg(format('%s: %s', k.conrelid::regclass, pg_get_constraintdef(k.oid)), '; ') into rewritten
    from pg_constraint k
    where k.contype = 'c' and pg_get_constraintdef(k.oid) ~ 'length\('
      and exists (select from subject_columns() u join pg_attribute a on a.attname = u.col and a.attnum = any (k.conkey)
                  where k.conrelid = format('crisiscover.%I', u.tab)::regclass and (cardinality(k.conkey) > 1 or u.kind <> 'text'));
  if rewritten is not null then
    raise exception 'a length depends on more than one text: say here how it is tried (%)', rewritten;
  end if;
  for c in
    select u.tab, u.col, string_agg(pg_get_constraintdef(k.oid), ' ') as checks
      from subject_columns() u
      join pg_attribute a on a.attrelid = format('crisiscover.%I', u.tab)::regclass and a.attname = u.col
      join pg_constraint k on k.conrelid = a.attrelid and k.contype = 'c' and k.conkey = array[a.attnum]
      where u.kind = 'text'
      group by 1, 2 order by 1, 2 loop
    execute format('create table erased_probe (%I text %s)', c.col, c.checks);
    for given in
      select code as value from unnest(array['p2', 'a2']) code
        where c.col ~ '_by$' or exists (select from test.kept k where (k.tab, k.col) = (c.tab, c.col) and k.kind in ('person', 'account'))
      union select left(rpad('A B', n[1]::integer, ' y'), n[1]::integer) from regexp_matches(c.checks, '[0-9]+', 'g') n where n[1]::bigint between 3 and 100000 loop
      begin
        execute 'insert into erased_probe values ($1)' using given.value;
      exception when check_violation or data_exception then
        continue;
      end;
      begin
        perform subject_erase_table('erased_probe', s);
      exception when check_violation then
        raise exception 'an erasure fails where %.% is "%" (%)', c.tab, c.col, given.value, c.checks;
      end;
      execute format('delete from erased_probe returning %I', c.col) into rewritten;
      if rewritten = given.value then
        raise exception 'an erasure leaves "%" in %.%', given.value, c.tab, c.col;
      end if;
      insert into fitted values (c.tab, c.col, given.value);
    end loop;
    drop table erased_probe;
  end loop;
  if not exists (select from fitted where tab = 'protocol' and col = 'version' and length(value) = 40)
     or not exists (select from fitted where tab = 'risk' and col = 'reason' and length(value) = 400) then
    raise exception 'only % were tried', (select string_agg(format('%s.%s', tab, col), ', ' order by tab, col) from fitted);
  end if;
end $$;

-- The record lets nothing else through: not the setting alone, and not after an erasure.
set crisiscover.erasing = 'yes';
do $$ begin
  update shift set title = 'x';
  raise exception 'the record was changed';
exception when sqlstate 'P0002' then null;
end $$;
reset crisiscover.erasing;

-- ----------------------------------------------------------------------------------------------------------------- the dry run, and the deed

-- All rows of all tables but those that an erasure is to leave out.
create function test.everything() returns jsonb language plpgsql as $$
declare
  t record;
  rows jsonb;
  everything jsonb := '{}';
begin
  for t in select c.relname as name from pg_class c where c.relnamespace = 'crisiscover'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition loop
    execute format('select coalesce(jsonb_agg(to_jsonb(t) order by to_jsonb(t)::text), ''[]'') from %I t', t.name) into rows;
    everything := everything || jsonb_build_object(t.name, rows);
  end loop;
  return everything;
end $$;

create temporary table asked as select null::jsonb as plan;
do $$
declare
  before jsonb := test.everything();
  dry jsonb := subject_erase_ask('p2', 'O2', null, 'Jo O''Brien asked for it', false, 'chief');
begin
  if test.everything() <> before then
    raise exception 'a dry run has changed something';
  elsif (dry->>'erased')::boolean or not dry->'rows' ?& array['shift', 'setup_item', 'audit', 'note'] then
    raise exception 'the dry run says %', dry;
  end if;
  update asked set plan = dry;
end $$;

create temporary table spans as select requirement, place, starts_at, ends_at, state, cause, present, required, shifts from span;
create temporary table covers as select id, rota, class, starts_at, ends_at, known_from, known_to from shift;
create temporary table request as
  select (subject_erase_ask('p2', null, null, 'Jo O''Brien asked for it', true, 'chief')->>'request')::bigint as id;
do $$
declare
  asked_for bigint := (select id from request);
  deed jsonb;
begin
  perform test.refused('another person decides', format($c$select subject_erase_ask('p2', null, %s, null, true, 'chief')$c$, asked_for));
  perform test.refused('asked for already', $c$select subject_erase_ask('p2', null, null, 'again', true, 'other')$c$);
  deed := subject_erase_ask('p2', null, asked_for, null, true, 'second');
  if not (deed->>'erased')::boolean then
    raise exception 'the deed says %', deed;
  -- The request is a row more, and what was noted of it.
  elsif (deed->'rows') - array['audit', 'erasure_request'] is distinct from (select (plan->'rows') - array['audit', 'erasure_request'] from asked) then
    raise exception 'the deed did %, and the dry run said %', deed->'rows', (select plan->'rows' from asked);
  end if;
end $$;

-- Nowhere is left who it was. ('q' and 'z' are other people, JB is no name that is looked for in texts: it was in rows of the person.)
do $$
declare
  everything jsonb := test.everything() - array['migration'];
  t text;
  found text;
begin
  for t in select jsonb_object_keys(everything) loop
    found := substring((everything->t)::text from '(?i).{0,90}(o''brien|joanna|960 ?124|\mJB\M|"(person/)?p[12]"|"(account/)?a[12]").{0,30}');
    if found is not null then
      raise exception 'left in %: %', t, found;
    end if;
  end loop;
  if (select bytes from body where sha256 = sha256('old')) is not null then
    raise exception 'an old body is left';
  elsif exists (select from credential) or exists (select from session) or exists (select from identity) then
    raise exception 'an account is left with what it signed in with';
  end if;
end $$;

-- Rows, times and states are what they were, and somebody is in the place of the person.
do $$
begin
  if exists (select * from spans except select requirement, place, starts_at, ends_at, state, cause, present, required, shifts from span) then
    raise exception 'a state of a place has changed';
  elsif exists (select * from covers except select id, rota, class, starts_at, ends_at, known_from, known_to from shift)
        or (select count(*) from covers) <> (select count(*) from shift) then
    raise exception 'a shift has changed';
  elsif (select count(*) from shift s join setup_item i on i.kind = 'person' and i.key = s.person
         where s.key = 'titled' and i.item->>'name' = 'A person erased on ' || to_char(now() at time zone 'Europe/London', 'FMDD FMMonth YYYY')
           and i.item->>'organisation' = 'O2') <> 1 then
    raise exception 'a shift is not of a person erased today';
  elsif not exists (select from shift where person = 'q' and title = 'Duty: Q') then
    raise exception 'another''s title is gone';
  elsif not exists (select from setup_item where kind = 'person' and key = 'z' and item->>'name' = 'Sam Green') then
    raise exception 'the name of another, who has it too, is gone';
  end if;
end $$;

-- The chain holds, and each erased row is named by the erasure.
do $$
declare
  broken bigint;
  named jsonb := (select detail->'rows' from audit where action = 'subject_erased');
begin
  select count(*) into broken
    from (select a.*, lag(hash, 1, decode(repeat('00', 32), 'hex')) over (order by seq) as last from audit a) x
    where hash <> sha256(last || digest)
       or (salt is null) <> (erased_at is not null)
       or salt is not null and digest <> sha256(salt || convert_to(audit_text(seq, at, added_at, actor, action, object, detail), 'UTF8'));
  if broken > 0 then
    raise exception '% rows of the audit are not as the chain wants them', broken;
  elsif (select array_agg(seq order by seq) from audit where erased_at is not null)
        is distinct from (select array_agg(n order by n) from jsonb_array_elements(named) r, generate_series((r->>0)::bigint, (r->>1)::bigint) n) then
    raise exception 'the erasure names % and not the rows that were erased', named;
  elsif not exists (select from audit where action = 'shift_added' and detail->>'title' = '[erased]' and salt is null)
        or not exists (select from audit where action = 'nothing' and salt is not null) then
    raise exception 'the wrong rows were erased';
  end if;
end $$;

select test.refused('there is nobody of the code p2', $c$select subject_export('p2', null)$c$);
select test.refused('erased already', format($c$select subject_erase(%L, 2192, true, true, 'chief', 'second', 'why')$c$, (select person from erasure)));

-- The record is shut again.
do $$ begin
  update shift set title = 'x';
  raise exception 'the record was changed';
exception when sqlstate 'P0002' then null;
end $$;

-- ------------------------------------------------------------------------------------------------------------------- when the time is over

insert into person (id, retired_at) values ('late', now() - interval '8 years'), ('early', now() - interval '3 years');
do $$
declare at timestamptz := now();
begin
  update erasure_clock set since = at - interval '8 days', last = at - interval '1 hour';
  if subjects_due(0, at) <> 0 then
    raise exception 'it erases without being told to';
  -- The clock jumps ahead by ten years, and stays there for less than a week.
  elsif subjects_due(2192, at + interval '10 years') + subjects_due(2192, at + interval '10 years 1 day') + subjects_due(2192, at) <> 0 then
    raise exception 'a clock that has jumped erases people';
  end if;
  for hours in 1 .. 6 loop
    if subjects_due(2192, at + make_interval(hours => hours * 24)) <> 0 then
      raise exception 'a clock is believed after % days', hours;
    end if;
  end loop;
  if subjects_due(2192, at + interval '7 days') <> 1 or subjects_due(2192, at + interval '8 days') <> 0 then
    raise exception 'not exactly the one person whose time is over was erased';
  elsif not exists (select from person where id = 'early') or exists (select from person where id = 'late') then
    raise exception 'the wrong one was erased';
  elsif (select by from erasure order by id desc limit 1) <> 'retention' then
    raise exception 'it does not say that nobody asked';
  end if;
end $$;

-- ---------------------------------------------------------------------------------------------------------------- what was never put in force

do $$
declare
  at timestamptz := now();
  one bigint;
begin
  insert into import (rota, by_account, format, mode, body, state, decided_at, decided_by, diff)
    select 'r2', 'ann', 'text/csv', 'ask', sha256('b'), 'discarded', at - interval '91 days', 'ann', '{"counts": {"added": 1}, "changes": [{"after": "Q"}]}'
    returning id into one;
  insert into import_shift (import, key, class, person, starts_at, ends_at) values (one, 'n', 'named', 'q', at, at + interval '1 hour');
  insert into account (name, kind, role) values ('ann', 'person', 'administrator') on conflict do nothing;
  insert into invitation (sha256, account, kind, made_by, expires_at, second)
    values (sha256('late'), 'ann', 'reset', 'ann', at - interval '31 days', false), (sha256('soon'), 'ann', 'reset', 'ann', at - interval '29 days', false);
  perform offers_end(at, 92);
  perform offers_end(at, 0);
  if not exists (select from import_shift where import = one) then
    raise exception 'what was discarded is gone too soon';
  end if;
  perform offers_end(at, 90);
  if exists (select from import_shift where import = one)
     or (select diff from import where id = one) <> '{"counts": {"added": 1}, "changes": []}' then
    raise exception 'what was discarded is kept';
  elsif exists (select from invitation where sha256 = sha256('late')) or not exists (select from invitation where sha256 = sha256('soon')) then
    raise exception 'not the links that expired a month ago were deleted';
  end if;
end $$;
