-- SPDX-License-Identifier: MIT

-- Two people are merged and split again: everything in force is as if they had never been merged; what came in between stays where it was put, or
-- counts for nobody; what was known before is known of two people.

set search_path = crisiscover;
create schema test;

-- Two people of one organisation, their rotas, and somebody else.
create function test.document(a text[]) returns text language sql as $$
  select jsonb_build_object('crisiscover', 1, 'organisations', '[{"code": "O1"}]'::jsonb, 'functions', '[{"code": "f1"}]'::jsonb,
    'people', (select jsonb_agg(jsonb_build_object('id', p, 'name', p)) from unnest(a) p),
    'rotas', '[{"id": "r1", "source": {"kind": "file"}}, {"id": "r2", "source": {"kind": "file"}}, {"id": "r3", "source": {"kind": "typed"}}]'::jsonb)::text
$$;
select region_apply(test.document('{a,b,y,z}'), 'ann');
insert into body (sha256, bytes) values (sha256('b'), 'b');
insert into reading (rota, body, read_with, window_from, window_to, events, counts, findings, horizon)
  select r, sha256('b'), sha256('w'), now(), now() + interval '90 days', 1, '{}', '[]', now() + interval '60 days' from unnest('{r1,r2}'::text[]) r;
update feed f set state = 'good', body = sha256('b'), reading = (select min(g.id) from reading g where g.rota = f.rota), last_good_at = now(),
  read_with = sha256('w'), updated_at = now() where f.rota in ('r1', 'r2');

-- Everything in force, without the numbers of rows that are written again.
create function test.state() returns jsonb language sql as $$
  select jsonb_build_object(
    'shifts', (select jsonb_agg(jsonb_build_array(s.rota, s.key, s.class, s.person, s.starts_at, s.ends_at, s.override) order by s.rota, s.key)
               from shift s where s.known_to = 'infinity'),
    'decisions', (select jsonb_agg(jsonb_build_array(d.rota, d.kind, d.key, d.reads, d.person, d.decided_by) order by d.rota, d.kind, d.key)
                  from decision d where d.known_to = 'infinity'),
    'absences', (select jsonb_agg(to_jsonb(a) order by a.id) from absence a),
    'overrides', (select jsonb_agg(jsonb_build_array(to_jsonb(o), e.standing, e.dispute, e.third, e.rests, e.pieces) order by o.id)
                  from override o join lateral (select * from override_event x where x.override = o.id order by x.id desc limit 1) e on true),
    'set-up', (select jsonb_agg(jsonb_build_array(i.kind, i.key, i.item, i.position) order by i.kind, i.key) from setup_item i
               where i.ended is null),
    'retired', (select jsonb_agg(p.id order by p.id) from person p where p.retired_at is not null))
$$;

create function test.items(a_gone jsonb, a_kept jsonb) returns jsonb language sql as $$
  select jsonb_build_array(jsonb_build_object('kind', 'person', 'key', 'a', 'item', a_gone), jsonb_build_object('kind', 'person', 'key', 'b', 'item', a_kept))
$$;
create function test.merge() returns bigint language sql as $$
  select m.move from person_merge('b', 'a', test.items('null', '{"id": "b", "name": "b", "aliases": ["a"], "renamed_from": ["a"]}'),
                                  (select max(version) from region), 'rota-manager', 'one and the same') m
$$;
create function test.undo(a_move bigint, a_goes text[] default '{}', a_stays text[] default '{}') returns bigint language sql as $$
  select m.move from person_split('b', 'a', test.items('{"id": "a", "name": "a"}', '{"id": "b", "name": "b"}'), a_move, a_goes, a_stays,
                                  (select max(version) from region), 'rota-manager', 'they are two') m
$$;

create function test.is(a_what text, a boolean) returns void language plpgsql as $$
begin
  if a is not true then
    raise exception 'not so: %', a_what;
  end if;
end $$;

-- Where two states differ, in words.
create function test.same(a_what text, a jsonb, b jsonb) returns void language plpgsql as $$
declare
  k text;
begin
  for k in select jsonb_object_keys(a) loop
    if a->k is distinct from b->k then
      raise exception E'%: % differ\n  %\n  %', a_what, k,
        (select string_agg(x::text, E'\n  ') from jsonb_array_elements(a->k) x where not coalesce(b->k, '[]') @> jsonb_build_array(x)),
        (select string_agg(x::text, E'\n  ') from jsonb_array_elements(b->k) x where not coalesce(a->k, '[]') @> jsonb_build_array(x));
    end if;
  end loop;
end $$;

-- Calendar shifts of the next fortnight and of yesterday, decisions, absences, and overrides, as they come.
create function test.random(a_seed double precision) returns void language plpgsql as $$
declare
  who constant text[] := '{a,b,y,z}';
  n integer;
  t timestamptz;
  x text;
begin
  perform setseed(a_seed);
  for n in 1 .. 14 loop
    t := date_trunc('hour', now()) + make_interval(hours => (random() * 40)::integer - 8);
    insert into shift (rota, key, class, person, title, starts_at, ends_at, reading)
      select r, 'k' || a_seed || '/' || n, (array['named', 'named', 'named', 'tentative', 'absence'])[1 + (random() * 4)::integer],
             who[1 + (random() * 3)::integer], 't' || n, t, t + make_interval(hours => 4 + (random() * 10)::integer),
             (select min(id) from reading where rota = r)
      from (select (array['r1', 'r2'])[1 + random()::integer] as r) c;
  end loop;
  for n in 1 .. 8 loop
    begin
      perform decisions_make((array['r1', 'r2'])[1 + random()::integer], jsonb_build_array(jsonb_build_object(
        'kind', case when random() < 0.3 then 'alias' else 'title' end, 'words', 'w' || n, 'key', 'w' || a_seed || n, 'reads', 'named',
        'person', who[1 + (random() * 3)::integer])), 'ann');
    end;
    t := date_trunc('hour', now()) + make_interval(hours => (random() * 60)::integer);
    perform absence_add(who[1 + (random() * 3)::integer], t, t + interval '9 hours', 'ann');
  end loop;
  for n in 1 .. 24 loop
    begin
      t := date_trunc('hour', now()) + make_interval(hours => (random() * 36)::integer - 4);
      x := case when random() < 0.8 then who[1 + (random() * 3)::integer] end;
      perform override_add((array['r1', 'r2', 'r3'])[1 + (random() * 2)::integer], nullif(who[1 + (random() * 3)::integer], x), x, t,
        t + make_interval(hours => 3 + (random() * 9)::integer), t + interval '12 hours', 'note', false, 'ann');
    exception when sqlstate 'P0001' or check_violation then
      null;
    end;
  end loop;
  -- Some of the calendar moves on under the overrides.
  perform shifts_again(array(select s.id from shift s where s.known_to = 'infinity' and s.override is null and s.rota in ('r1', 'r2')
                               and s.key like 'k' || a_seed || '/%' and random() < 0.2),
                       '{"starts_at": "t.starts_at + interval ''1 hour''"}');
  perform shifts_changed('{r1,r2}');
end $$;

create function test.clear() returns void language plpgsql as $$
declare n bigint;
begin
  for n in select id from override where withdrawn_at is null and expires_at > clock_timestamp() order by id desc loop
    perform override_withdraw(n, true, 'ann');
  end loop;
  for n in select id from absence where withdrawn_at is null and ends_at > clock_timestamp() loop
    perform absence_withdraw(n, 'ann');
  end loop;
  perform decision_withdraw(rota, id, 'ann') from decision where known_to = 'infinity';
  perform shifts_supersede(array(select id from shift where known_to = 'infinity' and override is null and rota <> 'absence:typed'), clock_timestamp());
  perform shifts_changed('{r1,r2,r3}');
end $$;

-- ------------------------------------------------------------------------------------------------- merged and split again, at random

-- In transactions of their own: what one of them does is of one instant.
create table test.kept (seed double precision, rests boolean);

-- What is told today of an instant, by person.
create function test.known(a_at timestamptz) returns jsonb language sql as $$
  select jsonb_agg(jsonb_build_array(s.rota, s.key, s.class, s.person, s.starts_at, s.ends_at, person_then('replaced', o.id, o.instead, a_at))
                   order by s.rota, s.key)
  from shift s left join override o on o.id = s.override where s.known_from <= a_at and s.known_to > a_at
$$;

create procedure test.round(a_seed double precision) language plpgsql as $$
declare
  before jsonb;
  moment timestamptz;
  known jsonb;
  made bigint;
begin
  perform test.random(a_seed);
  commit;
  before := test.state();
  moment := clock_timestamp();
  known := test.known(moment);
  begin
    made := test.merge();
  exception when sqlstate 'P0001' then
    -- One of them is on instead of the other.
    made := null;
  end;
  commit;
  perform test.is('one of them is on instead of the other, or they are one', made is not null or exists (
    select from override o where o.withdrawn_at is null and o.expires_at > clock_timestamp() and (o.person, o.instead) in (('a', 'b'), ('b', 'a'))));
  if made is not null then
    perform test.is('nothing in force is of who went', not exists (select from shift where known_to = 'infinity' and person = 'a')
      and not exists (select from decision where known_to = 'infinity' and person = 'a')
      and not exists (select from absence where person = 'a')
      and not exists (select from override where withdrawn_at is null and expires_at > clock_timestamp() and 'a' in (person, instead)));
    perform test.is('what was known before stays so', test.known(moment) = known);
    perform test.undo(made);
    commit;
    perform test.same('seed ' || a_seed, before, test.state());
    perform test.is('what was known before stays so, after the split', test.known(moment) = known);
    insert into test.kept values (a_seed, exists (
      select from override_event e join override o on o.id = e.override, person_move m
      where m.id = made and e.at >= m.at and 'a' in (o.person, o.instead) and cardinality(e.rests) > 1));
  end if;
  perform test.clear();
  commit;
end $$;

do $$
begin
  for n in 1 .. 16 loop
    call test.round(n / 17.0);
  end loop;
  perform test.is('enough rounds merged', (select count(*) from test.kept) >= 4);
  perform test.is('a merge laid shifts of both under an override', (select bool_or(k.rests) from test.kept k));
end $$;

-- --------------------------------------------------------------------------------------- what came while they were one

create procedure test.between() language plpgsql as $$
declare
  hour constant timestamptz := date_trunc('hour', now());
  reading_of constant bigint := (select min(id) from reading where rota = 'r1');
  made bigint;
  o bigint;
  d bigint;
  ab bigint;
  went bigint;
begin
  insert into shift (rota, key, class, person, title, starts_at, ends_at, reading)
    values ('r1', 'of-a', 'named', 'a', 'A', hour + interval '1 day', hour + interval '2 days', reading_of),
           ('r1', 'of-b', 'named', 'b', 'B', hour + interval '2 days', hour + interval '3 days', reading_of),
           ('r1', 'either', 'undecided', null, 'same name', hour + interval '3 days', hour + interval '4 days', reading_of),
           ('r1', 'moves', 'named', 'a', 'A', hour + interval '5 days', hour + interval '6 days', reading_of);
  went := (decisions_make('r1', '[{"kind": "title", "words": "Doc", "key": "doc", "reads": "named", "person": "a"}]', 'ann'))[1];
  commit;
  made := test.merge();
  commit;
  -- The calendar is read again as the one person: what was undecided counts, a shift has moved, one is new, and there is an absence.
  perform shifts_again(array(select id from shift where key = 'either' and known_to = 'infinity'), '{"class": "''named''", "person": "''b''"}');
  perform shifts_again(array(select id from shift where key = 'moves' and known_to = 'infinity'), '{"starts_at": "t.starts_at + interval ''1 hour''"}');
  insert into shift (rota, key, class, person, title, starts_at, ends_at, reading)
    values ('r1', 'new', 'named', 'b', 'A', hour + interval '7 days', hour + interval '8 days', reading_of),
           ('r1', 'away', 'absence', 'b', 'A leave', hour + interval '8 days', hour + interval '9 days', reading_of),
           ('r1', 'was', 'named', 'b', 'A', hour - interval '2 hours', hour - interval '1 hour', reading_of);
  o := override_add('r3', 'b', null, hour + interval '1 day', hour + interval '2 days', hour + interval '2 days', null, false, 'ann');
  ab := absence_add('b', hour + interval '20 days', hour + interval '21 days', 'ann');
  d := (decisions_make('r1', '[{"kind": "title", "words": "B?", "key": "b?", "reads": "named", "person": "b"}]', 'ann'))[1];
  perform decisions_make('r1', '[{"kind": "alias", "words": "BB", "key": "bb", "reads": "named", "person": "b"}]', 'ann');
  commit;

  begin
    perform test.undo(made);
    perform test.is('an override of either is not given to one', false);
  exception when sqlstate 'P0001' then
    perform test.is('it names what is unclear: ' || sqlerrm, sqlerrm like 'absence ' || ab || ', override ' || o || ': say of each%');
  end;
  perform test.undo(made, array['override:' || o], array['absence:' || ab]);
  commit;
  perform test.is('what came goes back', (select person from shift where key = 'of-a' and known_to = 'infinity') = 'a'
    and (select person from shift where key = 'of-b' and known_to = 'infinity') = 'b');
  perform test.is('what reads otherwise than before the merge counts for nobody',
    (select bool_and(class = 'undecided' and person is null) and count(*) = 3 from shift
     where key in ('either', 'moves', 'new') and known_to = 'infinity'));
  perform test.is('an absence of either takes both away',
    (select array_agg(person order by person) from shift where key like 'away%' and known_to = 'infinity') = '{a,b}');
  perform test.is('what is over stays as it was known', (select person from shift where key = 'was' and known_to = 'infinity') = 'b');
  perform test.is('an override goes where it was said', (select person from override where id = o) = 'a'
    and (select array_agg(distinct person) from shift where override = o and known_to = 'infinity') = '{a}');
  perform test.is('an absence stays where it was said', (select person from absence where id = ab) = 'b');
  perform test.is('a decision that came goes back', (select person from decision where key = 'doc' and known_to = 'infinity') = 'a');
  perform test.is('a decision about a title is undecided', (select reads from decision where key = 'b?' and known_to = 'infinity') = 'undecided');
  perform test.is('a name stands for nobody', not exists (select from decision where key = 'bb' and known_to = 'infinity'));
  perform test.is('the calendar is read again', (select read_with from feed where rota = 'r1') is null);
  perform test.is('no merge is taken back twice', not exists (select from person_moves('a') where undone_at is null));
  perform test.clear();
  commit;
end $$;
call test.between();

-- ------------------------------------------------------------------------------------------------- one who was two from the beginning

create procedure test.new_person() language plpgsql as $$
declare
  hour constant timestamptz := date_trunc('hour', now());
  d bigint[];
begin
  insert into shift (rota, key, class, person, title, starts_at, ends_at, reading)
    values ('r1', 'n1', 'named', 'z', 'Z', hour + interval '1 day', hour + interval '2 days', (select min(id) from reading where rota = 'r1')),
           ('r1', 'n2', 'named', 'y', 'Y', hour + interval '1 day', hour + interval '2 days', (select min(id) from reading where rota = 'r1'));
  d := decisions_make('r1', '[{"kind": "title", "words": "z1", "key": "z1", "reads": "named", "person": "z"},
                              {"kind": "title", "words": "z2", "key": "z2", "reads": "named", "person": "z"},
                              {"kind": "title", "words": "z3", "key": "z3", "reads": "absence", "person": "z"}]', 'ann');
  commit;
  perform person_split('z', 'z2', '[{"kind": "person", "key": "z", "item": {"id": "z", "name": "z"}}, {"kind": "person", "key": "z2", "item": {"id": "z2", "name": "z"}}]',
                       null, array['decision:' || d[1]], array['decision:' || d[2]], (select max(version) from region), 'ann', 'two of one name');
  commit;
  perform test.is('no shift is given to one of them', (select class = 'undecided' and person is null from shift where key = 'n1' and known_to = 'infinity'));
  perform test.is('others stay', (select person from shift where key = 'n2' and known_to = 'infinity') = 'y');
  perform test.is('decisions go where they were said', (select array_agg(reads || coalesce(' ' || person, '') order by key) from decision
    where key in ('z1', 'z2', 'z3') and known_to = 'infinity') = array['named z2', 'named z', 'undecided']);
  begin
    perform person_split('z', 'a', test.items('{}', '{}'), null, '{}', '{}', (select max(version) from region), 'ann', 'x');
    perform test.is('a code is used for one person', false);
  exception when sqlstate 'P0001' then
    perform test.is(sqlerrm, sqlerrm like 'person "a" was used before%');
  end;
end $$;
call test.new_person();

-- A try is the deed, taken back.
do $$
declare
  before constant jsonb := test.state();
  at constant timestamptz := now();
begin
  perform test.clear();
  insert into shift (rota, key, class, person, title, starts_at, ends_at, reading)
    values ('r1', 'try', 'named', 'a', 'A', at, at + interval '1 day', (select min(id) from reading where rota = 'r1'));
  perform test.is('shown under the one code', (select array_agg(x.person) from person_merge_try('b', 'a', test.items('null', '{"id": "b"}'),
    (select max(version) from region), 'ann', 'x', at - interval '1 day', at + interval '9 days') x where x.title = 'A') = '{b}');
  perform test.is('and taken back', (select person from shift where key = 'try' and known_to = 'infinity') = 'a');
  perform test.is('another version: a row of nulls', (select count(*) = 1 and bool_and(x.rota is null) from person_merge_try('b', 'a', '[]', 1, 'ann', 'x', at, at) x));
end $$;

-- ------------------------------------------------------------------------------------------------------------------------------------ remarks

-- A report and a note about somebody who became another are about that one from then on, and were about the former until then. A merge that is taken
-- back never was, but for who asks what was known while it stood.
create procedure test.remarked() language plpgsql as $$
declare
  parted timestamptz;
  merged timestamptz;
  move bigint;
begin
  perform test.clear();
  insert into place (code) values ('L9');
  perform report_add('ward', 'L9', 'f1', 's1', 'r1', 'a', 'no_answer', 7200);
  perform note_add('{"on": "person", "person": "a"}', 'flat', now() + interval '1 day', 'ward', 'switchboard', 5);
  parted := clock_timestamp();
  commit;
  move := test.merge();
  commit;
  merged := clock_timestamp();
  perform test.is('about who they are now', (select array_agg(distinct person) from remarks_shown(-1, now(), 'infinity')) = '{b}');
  perform test.is('about who they were then', (select array_agg(distinct person) from remarks_shown(-1, now(), parted)) = '{a}');
  perform test.is('in the list, too', (select person from reports_of('{r1}', '{}', null, true, 1000, 10)) = 'b');
  perform test.undo(move);
  commit;
  perform test.is('about the former again', (select array_agg(distinct person) from remarks_shown(-1, now(), 'infinity')) = '{a}');
  perform test.is('as it was known while they were one', (select array_agg(distinct person) from remarks_shown(-1, now(), merged)) = '{b}');
end $$;
call test.remarked();
