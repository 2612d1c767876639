-- SPDX-License-Identifier: MIT

-- Where codes of a region are kept, and what becomes of each column when a thing gets another code. The test fails where the schema has a column
-- that looks like one and is not in this list, and where an old code is left that a live read would miss.
--
--   moves    no row keeps the old code
--   ends     rows in force have the new code; those before are superseded, or retired
--   again    what was said is written once more under the new code
--   synced   from the region file itself, each time one is put in force
--   past     says what was so at a time, under the codes of that time; where it is asked for by code, through codes_ever() or code_then()

set search_path = crisiscover;

create schema test;
create table test.kept (kind text, tab text, col text, how text, primary key (tab, col));
insert into test.kept values
  ('rota', 'rota', 'id', 'synced'), ('person', 'person', 'id', 'synced'), ('place', 'place', 'code', 'synced'),
  ('function', 'function', 'code', 'synced'), ('requirement', 'requirement', 'id', 'synced'), ('organisation', 'organisation', 'code', 'synced'),
  ('account', 'account', 'name', 'synced'), ('place', 'account', 'places', 'synced'), ('organisation', 'account', 'organisation', 'synced'),
  ('place', 'place_known', 'code', 'synced'),
  ('account', 'token', 'account', 'moves'), ('account', 'proposal', 'by_account', 'moves'), ('account', 'session', 'account', 'ends'), ('account', 'credential', 'account', 'moves'),
  ('account', 'recovery_code', 'account', 'moves'), ('account', 'invitation', 'account', 'moves'),
  ('account', 'identity', 'account', 'moves'), ('organisation', 'identity', 'organisation', 'moves'),
  ('account', 'device', 'account', 'past'), ('place', 'device', 'place', 'moves'),
  ('account', 'break_glass', 'account', 'moves'), ('place', 'break_glass', 'place', 'moves'), ('account', 'answer_kept', 'account', 'moves'),
  ('account', 'single_handed', 'account', 'moves'), ('place', 'single_handed', 'places', 'moves'),
  ('rota', 'feed', 'rota', 'moves'), ('rota', 'import', 'rota', 'moves'), ('rota', 'reading_attempt', 'rota', 'moves'),
  ('rota', 'source_seen', 'rota', 'moves'), ('rota', 'dirty', 'rota', 'moves'), ('rota', 'override', 'rota', 'moves'),
  ('rota', 'calendar_fullness', 'rota', 'moves'), ('rota', 'rotation', 'rota', 'moves'), ('rota', 'rotation_state', 'rota', 'moves'),
  ('rota', 'person_new', 'rota', 'moves'), ('person', 'person_new', 'person', 'moves'), ('account', 'person_new', 'account', 'moves'),
  ('person', 'override', 'person', 'moves'), ('person', 'override', 'instead', 'moves'), ('person', 'absence', 'person', 'moves'),
  ('requirement', 'gap', 'requirement', 'moves'), ('place', 'gap', 'place', 'moves'), ('function', 'gap', 'function', 'moves'),
  ('rota', 'gap', 'cause_group', 'moves'), ('rota', 'gap_group', 'id', 'moves'),
  ('person', 'import_shift', 'person', 'ends'),
  ('rota', 'shift', 'rota', 'ends'), ('person', 'shift', 'person', 'ends'),
  ('rota', 'decision', 'rota', 'ends'), ('person', 'decision', 'person', 'ends'),
  ('requirement', 'span', 'requirement', 'ends'), ('place', 'span', 'place', 'ends'),
  ('requirement', 'demand', 'requirement', 'ends'), ('place', 'demand', 'place', 'ends'),
  ('person', 'override_event', 'third', 'again'),
  ('rota', 'source_change', 'rota', 'again'), ('rota', 'source_check', 'rota', 'again'), ('rota', 'feed_event', 'rota', 'again'),
  ('rota', 'reread', 'rota', 'again'),
  -- Found by its number alone, from feed and import.
  ('rota', 'reading', 'rota', 'past'),
  -- The effect on the map in memory: after a region is put in force it is read whole.
  ('rota', 'map_change', 'rota', 'past'), ('requirement', 'map_change', 'requirement', 'past'), ('place', 'map_change', 'place', 'past'),
  -- Numbered and published; open gaps are told again under their new codes.
  ('place', 'flag', 'place', 'past'), ('function', 'flag', 'function', 'past'),
  -- remarks_shown() and reports_of() lead to the codes of any time.
  ('account', 'contact_report', 'account', 'past'), ('place', 'contact_report', 'place', 'past'), ('function', 'contact_report', 'function', 'past'), ('function', 'contact_report', 'wanted', 'past'),
  ('rota', 'contact_report', 'rota', 'past'), ('person', 'contact_report', 'person', 'past'),
  ('account', 'note', 'account', 'past'), ('person', 'note', 'person', 'past'), ('rota', 'note', 'rota', 'past'), ('place', 'note', 'place', 'past'),
  ('function', 'note', 'function', 'past'),
  -- The api and the notify role ask code_now() of each.
  ('account', 'subscription', 'account', 'past'), ('place', 'subscription', 'places', 'past'), ('function', 'subscription', 'functions', 'past'),
  ('account', 'subscription', 'made_by', 'past'), ('account', 'subscription', 'ended_by', 'past'),
  -- Told once, under the codes of its time.
  ('place', 'news', 'place', 'past'), ('function', 'news', 'function', 'past'), ('requirement', 'news', 'requirement', 'past'),
  ('rota', 'news', 'rota', 'past'), ('organisation', 'news', 'organisation', 'past'), ('account', 'news', 'account', 'past'),
  -- protocols_shown() leads to the codes of any time.
  ('account', 'protocol', 'account', 'past'), ('account', 'protocol', 'owner', 'past'), ('account', 'protocol', 'ended_by', 'past'),
  ('place', 'protocol', 'place', 'past'), ('function', 'protocol', 'function', 'past'),
  -- API_RISKS, risk_owed() and gap_risk() lead to the codes of today.
  ('account', 'risk', 'account', 'past'), ('account', 'risk', 'ended_by', 'past'), ('account', 'risk_accepted', 'account', 'past'),
  ('requirement', 'risk', 'requirement', 'past'), ('place', 'risk', 'place', 'past'),
  -- swaps_shown() and leave_shown() lead to the codes of today; what becomes of a swap is what becomes of its overrides.
  ('rota', 'swap_shift', 'rota', 'past'), ('person', 'swap_shift', 'gives', 'past'), ('person', 'swap_shift', 'takes', 'past'),
  ('person', 'leave', 'person', 'past'),
  ('requirement', 'gap_expected', 'requirement', 'moves'), ('place', 'gap_expected', 'place', 'moves'),
  -- The account and time of an act. Nobody's right follows from it.
  -- The codes of that time; code_now() and person_then() lead from one to the other.
  ('person', 'person_move', 'was', 'past'), ('person', 'person_move', 'code', 'past'),
  -- Whose it is follows from every code that the person had.
  ('person', 'legal_hold', 'person', 'past'), ('person', 'erasure_request', 'person', 'past'), ('person', 'erasure', 'person', 'past'),
  ('account', 'person_move', 'by_account', 'past'), ('account', 'import', 'by_account', 'past'), ('account', 'renamed', 'by_account', 'past');

do $$
declare missing text;
begin
  select string_agg(c.table_name || '.' || c.column_name, ', ' order by 1) into missing
  from (select t.relname::text as table_name, a.attname::text as column_name,
               exists (select from pg_constraint k join pg_class f on f.oid = k.confrelid
                       where k.conrelid = t.oid and k.contype = 'f' and k.conkey = array[a.attnum]
                         and f.relname in ('rota', 'person', 'place', 'function', 'requirement', 'organisation', 'account')) as refers
        from pg_class t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
        where t.relnamespace = 'crisiscover'::regnamespace and t.relkind in ('r', 'p') and not t.relispartition) c
  where (c.refers or c.column_name ~ '^(.*_)?(rota|person|place|function|requirement|organisation|account|instead|third|cause_group)s?$')
    and not exists (select from test.kept k where k.tab = c.table_name and k.col = c.column_name);
  if missing is not null then
    raise exception 'columns that look like codes: say in renamed.sql, and in a migration, what becomes of them in a renaming: %', missing;
  end if;
end $$;

-- A table that is not there holds nothing.
delete from test.kept where to_regclass(tab) is null;

-- -------------------------------------------------------------------------------------------------------- something in each of them

create function test.document(a text) returns text language sql as $$
  select format('{"crisiscover": 1, "organisations": [{"code": "O%1$s"}], "functions": [{"code": "f%1$s"}], "places": [{"code": "L%1$s", '
    '"name": "L", "kind": "ward"}], "people": [{"id": "p%1$s"}, {"id": "q"}, {"id": "z"}], "rotas": [{"id": "r%1$s", "source": {"kind": "file"}}], '
    '"requirements": [{"id": "m%1$s"}], "accounts": [{"name": "a%1$s", "kind": "person", "role": "rota_manager", "places": ["L%1$s"], '
    '"organisation": "O%1$s"}]}', a)
$$;
select region_apply(test.document('1'), 'ann');

insert into body (sha256, bytes) values (sha256('b'), 'b');
insert into reading (rota, body, read_with, window_from, window_to, events, counts, findings, horizon)
  values ('r1', sha256('b'), sha256('w'), now(), now() + interval '90 days', 1, '{}', '[]', now() + interval '60 days');
update feed set state = 'good', body = sha256('b'), reading = (select min(id) from reading), last_good_at = now(), updated_at = now() where rota = 'r1';
insert into reading_attempt (rota, body) values ('r1', sha256('b'));
insert into source_seen (rota, horizon, trusted_until) values ('r1', now(), now()) on conflict do nothing;
insert into shift (rota, key, class, person, starts_at, ends_at, reading)
  values ('r1', 'k', 'named', 'p1', now() + interval '1 day', now() + interval '2 days', (select min(id) from reading)),
         ('r1', 'l', 'named', 'q', now() + interval '3 days', now() + interval '4 days', (select min(id) from reading));
insert into reread (rota, why, lost, gained, other, was, now)
  values ('r1', 'rules', 1, 0, 0, array[(select min(id) from shift)], array[null::bigint]);
select decisions_make('r1', '[{"kind": "title", "words": "J", "key": "j", "reads": "named", "person": "p1"}]', 'ann');
select absence_add('p1', now() + interval '8 days', now() + interval '9 days', 'ann');
select proposal_make('rota', 'r1', 'delete', null, 1, null, 'why', '{}', 'a1');
insert into token (id, account, sha256, expires_at) values (substr(encode(sha256('t'), 'hex'), 1, 12), 'a1', sha256('t'), now() + interval '1 day');
select device_add('device-abcdefghijkl', 'L1', 'desk', sha256('d'), 600, 'ann');
select break_glass_add('a1', 'L1', 'transfer', null, 1800);
select single_handed_add(1, 'a1', 'why', '{}', '{L1}');
insert into credential (account, password) values ('a1', '$argon2id$x');
insert into recovery_code (account, sha256) values ('a1', sha256('r'));
select provider_put('idp', '{"issuer": "https://id.example", "organisations": ["O1"]}', null, false, 'ann');
insert into identity (provider, subject, organisation, state, account) values ('idp', 's', 'O1', 'linked', 'a1');
insert into invitation (sha256, account, kind, made_by, expires_at, second) values (sha256('i'), 'a1', 'reset', 'ann', now() + interval '1 hour', false);
select session_open('a1', 'password', null, 'abcdefghijkl', sha256('s'), 'a browser', 900, now() + interval '1 hour');
-- An import that waits to be confirmed: it takes q's shift away and adds one of p1.
insert into import (rota, by_account, format, mode, body, state, reading, base, safe, superseded)
  values ('r1', 'a1', 'text/csv', 'ask', sha256('b'), 'preview', (select min(id) from reading), (select min(id) from reading), true,
          array[(select max(id) from shift where person = 'q')]);
insert into import_shift (import, key, class, person, starts_at, ends_at)
  values ((select max(id) from import), 'n', 'named', 'p1', now() + interval '5 days', now() + interval '6 days');
select report_add('a1', 'L1', 'f1', 's1', 'r1', 'p1', 'no_answer', 7200);
select note_add('{"on": "shift", "rota": "r1", "person": "p1", "starts_at": "2030-01-01T00:00:00Z", "ends_at": "2030-01-02T00:00:00Z"}', 'flat',
                now() + interval '1 day', 'a1', 'switchboard', 5),
       note_add('{"on": "function", "place": "L1", "function": "f1"}', 'side door', now() + interval '1 day', 'a1', 'switchboard', 5);
insert into demand (requirement, place) values ('m1', 'L1');
insert into span (requirement, place, starts_at, ends_at, state, cause, present, required, version, known_from)
  values ('m1', 'L1', now(), now() + interval '1 day', 'gap', 'nobody', 0, 1, 1, now());
insert into gap (requirement, place, function, starts_at, ends_at, state, cause, present, required, severity, told, cause_group)
  values ('m1', 'L1', 'f1', now(), now() + interval '1 day', 'gap', 'nobody', 0, 1, 'high', true, 'r1.empty');
insert into gap_group (id, told_members, told_at) values ('r1.empty', 1, now());
insert into gap_expected (requirement, place, starts_at, ends_at, who, reason, made_for)
  values ('m1', 'L1', now(), now() + interval '1 day', 'ann', 'nobody is free', 'leave/1');
-- One that puts z on beside p1, of whom the calendar spoke then: no third person, then or under another code.
insert into shift (rota, key, class, person, starts_at, ends_at, reading)
  values ('r1', 'beside', 'named', 'p1', now() + interval '13 days', now() + interval '14 days', (select min(id) from reading));
select override_add('r1', 'z', null, now() + interval '13 days', now() + interval '14 days', now() + interval '14 days', null, false, 'ann');
-- One override that p1 stands in by, one that replaces p1, and one in which the calendar names p1 as a third.
select override_add('r1', 'p1', null, now() + interval '10 days', now() + interval '11 days', now() + interval '11 days', null, false, 'ann'),
       override_add('r1', 'z', 'p1', now() + interval '1 day', now() + interval '2 days', now() + interval '2 days', null, false, 'ann'),
       override_add('r1', 'z', 'q', now() + interval '3 days', now() + interval '4 days', now() + interval '4 days', null, false, 'ann');
-- A swap and a request that wait to be answered: found under the codes of today.
insert into shift (rota, key, class, person, starts_at, ends_at, reading)
  values ('r1', 'swapped', 'named', 'p1', now() + interval '19 days', now() + interval '22 days', (select min(id) from reading));
select swap_offer(jsonb_build_array(jsonb_build_object('rota', 'r1', 'gives', 'p1', 'takes', 'z', 'starts_at', now() + interval '20 days',
                                                       'ends_at', now() + interval '21 days')), 'infinity', null, '{}', null, 'a1');
select leave_request('p1', now() + interval '30 days', now() + interval '31 days', 'a1');
do $$
declare gone bigint[] := array(select id from shift where person = 'q' and override is null);
begin
  perform shifts_supersede(gone, record_moment(gone));
  insert into shift (rota, key, class, person, starts_at, ends_at, reading, known_from)
    select rota, key, class, 'p1', starts_at, ends_at, reading, known_to from shift where id = any (gone);
  perform shifts_changed('{r1}');
end $$;
select feed_note(f, 'failing', 'x', null, null) from feed f where rota = 'r1';
insert into map_change (epoch, version, rota) select epoch, version, 'r1' from map_head;

do $$ begin
  insert into rotation (rota, starts_at, definition, made_by) values ('r1', now(), '{"layers": []}', 'ann');
  insert into rotation_state (rota, filled_to, reach, made_with) values ('r1', now(), now(), 'x');
  insert into person_new (person, rota, account) values ('p1', 'r1', 'a1');
  if to_regclass('calendar_fullness') is not null then
    execute 'insert into calendar_fullness (rota, hour, day, counts) values (''r1'', now(), 1, ''{1}'') on conflict do nothing';
  end if;
  if to_regclass('answer_kept') is not null then
    execute 'insert into answer_kept (account, key, request, answer) values (''a1'', sha256(''k''), sha256(''r''), ''x'')';
  end if;
end $$;

-- The treatment of the former code in a column whose rows move, end or come again.
create function test.count(k test.kept, a_code text) returns bigint language plpgsql as $$
declare
  answer bigint;
  live text := case
    when k.how <> 'ends' then 'true'
    when k.tab in ('shift', 'decision', 'span') then $q$known_to = 'infinity'$q$
    when k.tab = 'demand' then 'retired_at is null'
    when k.tab = 'session' then 'ended_at is null'
    when k.tab = 'import_shift' then $q$exists (select from import i where i.id = import and i.state = 'preview')$q$ end;
begin
  execute format('select count(*) from %I where %s and %s', k.tab, live,
                 case when k.tab = 'gap' and k.col = 'cause_group' or k.tab = 'gap_group' then format('cause_group_rota(%I) = %L', k.col, a_code)
                      when k.col in ('third', 'places') then format('%L = any (%I)', a_code, k.col)
                      else format('%I = %L', k.col, a_code) end) into answer;
  return answer;
end $$;

create function test.code(k test.kept, a text) returns text language sql as $$
  select case k.kind when 'rota' then 'r' when 'person' then 'p' when 'place' then 'L' when 'function' then 'f' when 'requirement' then 'm'
                     when 'account' then 'a' when 'organisation' then 'O' end || a
$$;

-- Without something in each of them the test would say nothing.
do $$
declare empty text;
begin
  select string_agg(k.tab || '.' || k.col, ', ') into empty from test.kept k
    where k.how not in ('past', 'synced') and test.count(k, test.code(k, '1')) = 0;
  if empty is not null then
    raise exception 'the test has nothing in %', empty;
  end if;
end $$;

-- ---------------------------------------------------------------------------------------------------------------- the renaming

select region_put(test.document('2'), test.document('2'), null, (select max(version) from region), 'ann',
  '{organisation,function,place,person,rota,requirement,account}', '{O1,f1,L1,p1,r1,m1,a1}', '{O2,f2,L2,p2,r2,m2,a2}', '{}', '{}', '{}');
do $$
declare left_behind text;
begin
  select string_agg(k.tab || '.' || k.col, ', ' order by k.tab, k.col) into left_behind from test.kept k
    where k.how in ('moves', 'ends') and test.count(k, test.code(k, '1')) > 0
       or k.how = 'again' and test.count(k, test.code(k, '2')) = 0;
  if left_behind is not null then
    raise exception 'a renaming leaves the old code in %', left_behind;
  end if;
end $$;

-- Who is replaced is known under the code of that time: an answer about it takes the same person off.
do $$
begin
  if (select array_agg(person_then('replaced', o.id, o.instead, r.at - interval '1 microsecond') || ' ' || person_then('replaced', o.id, o.instead, r.at)
                       order by o.id)
      from override o, renamed r where r.kind = 'person' and o.instead = 'p2') is distinct from '{p1 p2}' then
    raise exception 'the person who is replaced is not known under the code of that time';
  end if;
end $$;

-- A person who was known when an override was made is known under the new code.
select overrides_settle('{r2}');
do $$
declare told text;
begin
  select string_agg(standing || coalesce(' ' || dispute, ''), ', ' order by id) into told from override_event where override = 1;
  if told is distinct from 'waiting' then
    raise exception 'a renaming puts an override into dispute: %', told;
  end if;
end $$;

do $$
declare shown text;
begin
  select string_agg(concat_ws(' ', state, rotas, gives, takes, offered_by), ', ') into shown
    from swaps_shown('{r2}', '{}', '-infinity', 'infinity', 0, 10);
  if shown is distinct from 'offered {r2} {p2} {z} a2' then
    raise exception 'a swap is not found under the codes of today: %', shown;
  end if;
  select string_agg(concat_ws(' ', state, person, requested_by), ', ') into shown from leave_shown('{p2}', '-infinity', 'infinity', 0, 10);
  if shown is distinct from 'requested p2 a2' then
    raise exception 'leave is not found under the codes of today: %', shown;
  end if;
  perform swap_accept(1, 'a2', 'word', false, null);
end $$;

-- Remarks are shown under the codes of today, and of a time before under those of then. Who made one is known by the new name.
do $$
declare
  then_at timestamptz := (select min(at) - interval '1 microsecond' from renamed);
  shown text;
  was text;
begin
  select string_agg(concat_ws(' ', kind, account, person, rota, place, function), ', ' order by kind, id) into shown
    from remarks_shown(-1, now(), 'infinity');
  select string_agg(concat_ws(' ', kind, account, person, rota, place, function), ', ' order by kind, id) into was
    from remarks_shown(-1, now(), then_at);
  if shown is distinct from 'function a2 L2 f2, report a2 p2 r2 L2 f2, shift a2 p2 r2' then
    raise exception 'remarks are shown under other codes than those of today: %', shown;
  elsif was is distinct from 'function a1 L1 f1, report a1 p1 r1 L1 f1, shift a1 p1 r1' then
    raise exception 'remarks of a time are shown under other codes than those of that time: %', was;
  elsif (select count(*) from reports_of('{r2}', '{}', 'L2', true, 1000, 10) where person = 'p2') <> 1 then
    raise exception 'a report is not found under the new code of its rota';
  elsif report_withdraw((select max(id) from contact_report), 'a2', 600) is not null then
    raise exception 'a report is not known by the new name of who made it';
  end if;
end $$;
