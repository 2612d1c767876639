-- SPDX-License-Identifier: MIT

-- The set-up as rows: each version is given back as it was applied, whatever was put in, moved, changed and taken out since, and only what differs
-- is written.

set search_path = crisiscover;
create schema test;
create table test.kept (version bigint primary key, document jsonb);

-- A document of people in the order of a_people; each is {"id", "n"}. A function, so that a list stays as it is.
create function test.document(a_people jsonb) returns text language sql as $$
  select jsonb_build_object('crisiscover', 1, 'time_zone', 'Europe/London', 'functions', '[{"code": "f", "name": "F"}]'::jsonb,
           'people', a_people)::text
$$;

create function test.shuffled(a jsonb) returns jsonb language sql volatile as $$
  select coalesce(jsonb_agg(x order by random()), '[]') from jsonb_array_elements(a) x
$$;

-- One change, at random: an object in the middle, one that goes, one that changes, all of them in another order.
create function test.changed(a jsonb, a_step integer) returns jsonb language plpgsql volatile as $$
declare
  size integer := jsonb_array_length(a);
  at integer := floor(random() * size);
begin
  if size < 3 or random() < 0.4 then
    return case when size = 0 then jsonb_build_array(jsonb_build_object('id', 'p' || a_step))
                else jsonb_insert(a, array[at::text], jsonb_build_object('id', 'p' || a_step), random() < 0.5) end;
  elsif random() < 0.4 then
    return a - at;
  elsif random() < 0.8 then
    return jsonb_set(a, array[at::text, 'n'], to_jsonb(a_step));
  end if;
  return test.shuffled(a);
end $$;

-- A box that begins with the name of a key.
create function test.box(a_text text, a_key text default 'some key') returns bytea language sql as $$
  select (a_key || rpad(a_text, 60))::bytea
$$;

create function test.refused(a_sql text) returns boolean language plpgsql as $$
begin
  execute a_sql;
  return false;
exception when others then
  return true;
end $$;

do $$
declare
  people jsonb := '[{"id": "a"}, {"id": "b"}, {"id": "c"}]';
  step integer;
  put record;
  wrong bigint;
  rows_before bigint;
begin
  perform setseed(0.5);
  for step in 1..200 loop
    select * into put from region_apply(test.document(people), 'ann');
    insert into test.kept values (put.version, test.document(people)::jsonb) on conflict do nothing;
    -- Once more the same: nothing is written.
    select count(*) into rows_before from setup_item;
    assert not (select applied from region_apply(test.document(people), 'bob')), 'the same again is a version';
    assert (select count(*) from setup_item) = rows_before, 'the same again writes rows';
    select min(k.version) into wrong from test.kept k join region_whole w using (version)
      where (k.version = put.version or step % 25 = 0)
        and (w.document - 'people' <> k.document - 'people' or coalesce(w.document->'people', '[]') <> k.document->'people');
    if wrong is not null then
      raise exception 'at step % version % reads % where % was applied', step, wrong,
        (select document->'people' from region_whole where version = wrong), (select document->'people' from test.kept where version = wrong);
    end if;
    assert (select count(*) from person where retired_at is null) = jsonb_array_length(people), 'codes follow';
    people := test.changed(people, step);
  end loop;
  assert (select count(*) from test.kept) > 150, 'versions';
  -- Only the function of the first version stands, unchanged since.
  assert (select array_agg(version) from setup_item where kind = 'function') = array[(select min(version) from region)], 'what does not differ stays';
end $$;

-- One object in the middle is one row, and the audit says from what to what.
do $$
declare
  was bigint;
  now bigint;
begin
  perform region_apply(test.document('[{"id": "a"}, {"id": "b"}, {"id": "c", "work_phone": "+441632960123"}]'), 'ann');
  was := (select max(version) from region);
  perform region_apply(test.document('[{"id": "a"}, {"id": "x", "n": 1}, {"id": "b"}, {"id": "c", "work_phone": "+441632960789"}]'), 'cat');
  now := (select max(version) from region);
  assert now = was + 1;
  assert (select string_agg(key, ' ' order by key) from setup_item where version = now) = 'c x', 'two rows';
  assert (select made_by = 'cat' and known_from = (select applied_at from region where version = now) and known_to = 'infinity'
          from setup_item where key = 'x' and version = now);
  assert (select known_to = (select applied_at from region where version = now) and made_by <> 'cat'
          from setup_item where key = 'c' and ended = now);
  assert (select detail = jsonb_build_object('version', now, 'from', null, 'to', '{"id": "x", "n": 1}'::jsonb)
          from audit where object = 'person/x' and actor = 'cat' and action = 'setup_changed'), 'what is new is told';
  assert (select detail->'from' = '{"work_phone": "…123"}' and detail->'to' = '{"work_phone": "…789"}'
          from audit where object = 'person/c' and actor = 'cat'), 'from what to what, without the number';
end $$;

-- An address is told by its mask alone; a change of it shows.
do $$
declare
  told text;
  a text := 'https://address.invalid/' || repeat('a', 64);
  b text := 'https://address.invalid/' || repeat('b', 64);
  file text := '{"crisiscover": 1, "rotas": [{"id": "r", "source": {"kind": "ical_url", "url": "%s"}}]}';
begin
  assert test.refused(format('select region_apply(%L, %L)', format(file, a), 'ann')), 'a mask of an address that is not kept';
  perform addresses_keep(array[a, b, b], array[test.box('one'), test.box('two'), test.box('two')]);
  perform region_apply(format(file, a), 'ann');
  perform region_apply(format(file, b), 'ann');
  select string_agg(detail::text, ' ') into told from audit where object = 'rota/r';
  assert told like '%' || a || '%' and told like '%' || b || '%';
  assert (select address from feed where rota = 'r') = b;
end $$;

-- No table takes an address itself, from any writer.
do $$
declare item text := '{"id": "r", "source": {"kind": "ical_url", "url": "https://a.example/secret"}}';
begin
  assert test.refused(format($q$select setup_keep('{"crisiscover": 1, "rotas": [%s]}', 'ann')$q$, item));
  assert test.refused(format($q$insert into proposal (kind, key, change, body, version, reason, shown, by_account)
                                values ('rota', 'r', 'put', %L, 1, 'why', '{}', 'ann')$q$, item));
  assert test.refused(format($q$insert into region_file (origin, document, sha256, version, applied_by)
                                values ('1', '{"rotas": [%s]}', sha256(''), 1, 'ann')$q$, item));
  assert test.refused($q$update feed set address = 'https://a.example/secret' where rota = 'r'$q$);
end $$;

-- An address that is given again stays in its box, unless its box is of another key: then its feeds are asked at once.
do $$
declare b text := 'https://address.invalid/' || repeat('b', 64);
begin
  perform addresses_keep(array[b], array[test.box('again')]);
  assert (select box = test.box('two') from feed_address where mask = b);
  assert (select refresh_asked_at is null from feed where rota = 'r');
  perform addresses_keep(array[b], array[test.box('again', 'another ')]);
  assert (select box = test.box('again', 'another ') from feed_address where mask = b);
  assert (select refresh_asked_at is not null from feed where rota = 'r');
  assert (select unsealed from region_base('{}', null, null, array[b], 'another '::bytea)) = '{}';
  assert (select unsealed from region_base('{}', null, null, array[b, b], 'a third '::bytea)) = array[b];
end $$;

-- A first file of many objects is told in few entries, each object once.
do $$
begin
  perform region_apply(test.document((select jsonb_agg(jsonb_build_object('id', 'm' || n)) from generate_series(1, 1200) n)), 'many');
  assert (select count(*) between 2 and 10 from audit where actor = 'many' and action = 'setup_changed');
  assert (select count(distinct c->>'object') from audit, jsonb_array_elements(detail->'changes') c
          where actor = 'many' and c->>'object' like 'person/m%') = 1200;
end $$;

-- The rows are record.
do $$
begin
  assert test.refused('delete from setup_item');
  assert test.refused('truncate setup_item');
  assert test.refused($q$update setup_item set item = '{}' where ended is null$q$);
  assert test.refused('update setup_item set ended = version where ended is not null');
  assert test.refused($q$update setup_item set ended = version, item = '{}' where ended is null$q$);
end $$;
