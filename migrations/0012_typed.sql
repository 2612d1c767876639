-- SPDX-License-Identifier: MIT

-- Typed rotas: shifts that people type in here one by one, and rotations, which make shifts by a rule.
--
-- Both are rows of `shift` without a reading and without an override, so that the map, the record and "what was known then" need nothing new. Who
-- typed what, and what it was before, is in the audit. A typed source does not age; it ends at its horizon: the end of its last shift, or how far
-- its rotation has been written.
--
-- Each function is one transaction and locks the feed's row first, as in 0002_sources.sql.

set local search_path = crisiscover;
set local check_function_bodies = off;

-- ------------------------------------------------------------------------------------------------------------------------------- single shifts

-- Each typed shift has a key "typed/N", which it keeps when it is changed.
create sequence typed_key;

-- The rota's feed, locked. P0001: its shifts are not typed in.
create function typed_lock(a_rota text) returns feed language plpgsql as $$
declare f feed;
begin
  select * into f from feed where rota = a_rota for update;
  if not found then
    raise exception 'the rota % is no longer in the region', a_rota using errcode = 'P0001';
  elsif f.kind <> 'typed' then
    raise exception 'the shifts of this rota come from a calendar or a file: make an override, or set its source to typed' using errcode = 'P0001';
  end if;
  return f;
end $$;

-- How far the rota's own shifts reach; a_rotation: how far its rotation speaks. Null: it says nothing.
create function typed_horizon(a_rota text, a_rotation timestamptz) returns timestamptz language sql stable as $$
  select greatest(a_rotation, max(s.ends_at))
  from shift s where s.rota = a_rota and s.known_to = 'infinity' and s.override is null and s.class <> 'absence'
$$;

-- Shifts of a typed rota have changed at a_moment: its horizon follows, its overrides are checked again, and coverage is woken. The caller holds
-- the feed's row, a_before.
create function typed_changed(a_before feed, a_moment timestamptz) returns void language plpgsql as $$
begin
  update feed set
    state = 'good', fault = null, failures = 0, last_attempt_at = a_moment, last_good_at = a_moment, last_change_at = a_moment,
    horizon = typed_horizon(rota, (select r.reach from rotation_state r where r.rota = a_before.rota)), updated_at = clock_timestamp()
    where rota = a_before.rota;
  perform feed_note(a_before, 'good', null, a_moment, a_before.body);
  perform shifts_changed(array[a_before.rota]);
end $$;

create function shift_words(s shift) returns jsonb language sql immutable as $$
  select jsonb_strip_nulls(jsonb_build_object('person', s.person, 'from', s.starts_at, 'until', s.ends_at, 'note', s.title))
$$;

-- Puts a person on a typed rota and gives the number of the shift. The api has checked the right to do this and whether the person may cover. P0001:
-- the rota is not typed, the person has left, or that very shift is there already (two people typed it, or one twice).
create function typed_add(a_rota text, a_person text, a_start timestamptz, a_end timestamptz, a_note text, a_actor text) returns bigint
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  f feed;
  s shift;
begin
  f := typed_lock(a_rota);
  perform people_there(array[a_person]);
  if exists (select from shift x where x.rota = a_rota and x.known_to = 'infinity' and x.override is null and x.class = 'named'
               and x.person = a_person and x.starts_at = a_start and x.ends_at = a_end) then
    raise exception '% has this very shift on this rota already', a_person using errcode = 'P0001';
  end if;
  insert into shift (rota, key, class, person, title, starts_at, ends_at)
    values (a_rota, 'typed/' || nextval('typed_key'), 'named', a_person, a_note, a_start, a_end) returning * into s;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'shift_added', 'shift/' || s.id, jsonb_build_object('rota', a_rota, 'key', s.key, 'to', shift_words(s)));
  perform typed_changed(f, s.known_from);
  return s.id;
end $$;
grant execute on function typed_add to crisiscover_api;

-- Ends a typed shift as it is in force, at a_moment; what of it is over stays, if a_keep, as a shift of its own.
create function typed_supersede(s shift, a_moment timestamptz, a_keep boolean) returns void language plpgsql as $$
begin
  perform shifts_supersede(array[s.id], a_moment);
  if a_keep and s.starts_at < date_trunc('second', a_moment) then
    insert into shift (rota, key, class, person, title, starts_at, ends_at, known_from)
      values (s.rota, 'typed/' || nextval('typed_key'), s.class, s.person, s.title, s.starts_at, date_trunc('second', a_moment), a_moment);
  end if;
end $$;

-- The typed shift a_shift as it is in force. P0001 if it cannot be changed.
create function typed_find(a_rota text, a_shift bigint) returns shift language plpgsql as $$
declare s shift;
begin
  select * into s from shift where rota = a_rota and id = a_shift and known_to = 'infinity' for update;
  if not found then
    raise exception 'this shift was changed or removed a moment ago: read it again' using errcode = 'P0001';
  elsif s.override is not null then
    raise exception 'this shift was made by override %: withdraw that', s.override using errcode = 'P0001';
  elsif s.key like 'rotation/%' then
    raise exception 'this shift is made by the rota''s rotation: change the rotation, or make an override' using errcode = 'P0001';
  elsif s.ends_at <= clock_timestamp() then
    raise exception 'this shift is over, and what was over is not changed: add a shift to correct it' using errcode = 'P0001';
  end if;
  return s;
end $$;

-- Moves a typed shift, or gives it to another person, and gives its new number. Of a shift that has begun the past stays: another person is on from
-- now on. P0001 as above.
create function typed_change(a_rota text, a_shift bigint, a_person text, a_start timestamptz, a_end timestamptz, a_note text, a_actor text)
returns bigint language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  f feed;
  s shift;
  made shift;
  moment timestamptz;
  begun boolean;
begin
  f := typed_lock(a_rota);
  s := typed_find(a_rota, a_shift);
  perform people_there(array[a_person]);
  moment := record_moment(array[s.id]);
  begun := s.starts_at < date_trunc('second', moment);
  if begun and a_start <> s.starts_at then
    raise exception 'this shift has begun: its start is not changed' using errcode = 'P0001';
  elsif a_end <= moment then
    raise exception 'the new end is over already: remove the shift, which ends it now' using errcode = 'P0001';
  end if;
  begun := begun and s.person is distinct from a_person;
  perform typed_supersede(s, moment, begun);
  insert into shift (rota, key, class, person, title, starts_at, ends_at, known_from)
    values (a_rota, s.key, 'named', a_person, a_note, case when begun then date_trunc('second', moment) else a_start end, a_end, moment)
    returning * into made;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'shift_changed', 'shift/' || made.id,
            jsonb_build_object('rota', a_rota, 'key', s.key, 'was', s.id, 'from', shift_words(s), 'to', shift_words(made)));
  perform typed_changed(f, moment);
  return made.id;
end $$;
grant execute on function typed_change to crisiscover_api;

-- Takes a typed shift off from now on. P0001 as above.
create function typed_remove(a_rota text, a_shift bigint, a_actor text) returns void
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  f feed;
  s shift;
  moment timestamptz;
begin
  f := typed_lock(a_rota);
  s := typed_find(a_rota, a_shift);
  moment := record_moment(array[s.id]);
  perform typed_supersede(s, moment, true);
  insert into audit (actor, action, object, detail)
    values (a_actor, 'shift_removed', 'shift/' || s.id, jsonb_build_object('rota', a_rota, 'key', s.key, 'from', shift_words(s)));
  perform typed_changed(f, moment);
end $$;
grant execute on function typed_remove to crisiscover_api;

-- ----------------------------------------------------------------------------------------------------------------------------------- rotations

-- A rotation is kept in editions: each holds from an instant on, until the next one begins. An edition is never changed; another one that begins
-- at the same instant or before it takes its place. `definition` is what was sent, with the people as they were called then.
create table rotation (
  id         bigint generated always as identity primary key,
  rota       text not null references rota,
  starts_at  timestamptz not null,
  definition jsonb not null,
  made_at    timestamptz not null default clock_timestamp(),
  made_by    text not null,
  known_to   timestamptz not null default 'infinity',
  ended_by   text,
  check (isfinite(starts_at)),
  check ((known_to = 'infinity') = (ended_by is null))
);
create unique index rotation_in_force on rotation (rota, starts_at) where known_to = 'infinity';
grant select on rotation to crisiscover_api, crisiscover_feeds;

-- Only the end of an edition is ever written, and the rota's code when it is renamed.
create function keep_rotations() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and to_jsonb(new) - array['known_to', 'ended_by', 'rota'] = to_jsonb(old) - array['known_to', 'ended_by', 'rota']
     and (old.known_to = 'infinity' or (new.known_to, new.ended_by) = (old.known_to, old.ended_by)) then
    return new;
  end if;
  raise exception '% on %: the record is only ever added to', lower(tg_op), tg_table_name using errcode = 'P0002';
end $$;
create trigger keep before update or delete on rotation for each row execute function keep_rotations();
create trigger keep_all before truncate on rotation execute function keep_rotations();

-- How far the shifts of a rotation are written. Operational.
create table rotation_state (
  rota      text primary key references rota,
  filled_to timestamptz not null,   -- every shift that begins before it is written
  reach     timestamptz not null,   -- what the rotation speaks about: filled_to, or its end if that comes first
  made_with text not null           -- bank holidays, time zones and rules that they were made with
);
grant select on rotation_state to crisiscover_api, crisiscover_feeds;

-- The editions of a rota, with people by their present codes.
create function rotation_editions(a_rota text)
returns table (id bigint, starts_at timestamptz, definition jsonb, made_at timestamptz, made_by text) language sql stable
security definer set search_path = crisiscover, pg_temp as $$
  select r.id, r.starts_at,
         jsonb_set(r.definition, '{layers}', coalesce((
           select jsonb_agg(jsonb_set(l.layer, '{participants}', coalesce((
             select jsonb_agg(case jsonb_typeof(p.one)
                      when 'array' then (select jsonb_agg(code_now('person', m.code, r.made_at) order by m.n)
                                         from jsonb_array_elements_text(p.one) with ordinality m (code, n))
                      else to_jsonb(code_now('person', p.one #>> '{}', r.made_at)) end order by p.n)
             from jsonb_array_elements(l.layer->'participants') with ordinality p (one, n)), '[]')) order by l.n)
           from jsonb_array_elements(r.definition->'layers') with ordinality l (layer, n)), '[]')),
         r.made_at, r.made_by
  from rotation r where r.rota = a_rota and r.known_to = 'infinity' order by r.starts_at
$$;
grant execute on function rotation_editions to crisiscover_api, crisiscover_feeds;

-- Brings the shifts of a rotation that are not over at a_now to those given, which all end after it. A shift that runs at a_now and is another from
-- then on keeps its beginning: the past is not rewritten; where the same person goes on in it, until another time, it stays one shift. Whether anything
-- changed. The caller holds the feed's row.
--
-- Of somebody who was split since the newest edition was made it is not known which of the two takes part: such a shift is undecided until an edition
-- says so.
create function rotation_fill(a_before feed, a_now timestamptz, a_filled_to timestamptz, a_reach timestamptz, a_made_with text,
                              a_persons text[], a_starts timestamptz[], a_ends timestamptz[]) returns boolean language plpgsql as $$
declare
  kept bigint[];
  ended bigint[];
  running shift[];
  on_persons text[];
  on_starts timestamptz[];
  moment timestamptz;
  written bigint;
  reach_was timestamptz;
  unclear constant text[] := array(
    select distinct p from unnest(a_persons) p
    where people_parted(p, (select max(r.made_at) from rotation r where r.rota = a_before.rota and r.known_to = 'infinity')) is not null);
begin
  select r.reach into reach_was from rotation_state r where r.rota = a_before.rota;
  insert into rotation_state (rota, filled_to, reach, made_with) values (a_before.rota, a_filled_to, a_reach, a_made_with)
    on conflict (rota) do update set filled_to = excluded.filled_to, reach = excluded.reach, made_with = excluded.made_with;
  select coalesce(array_agg(s.id), '{}') into kept
    from shift s join unnest(a_persons, a_starts, a_ends) w (person, starts_at, ends_at)
      on case when w.person = any (unclear) then s.class = 'undecided' and s.key like 'rotation/%/' || w.person
              else s.class = 'named' and w.person = s.person end and w.ends_at = s.ends_at and (w.starts_at = s.starts_at or (s.starts_at < a_now and w.starts_at <= a_now))
    where s.rota = a_before.rota and s.known_to = 'infinity' and s.key like 'rotation/%' and s.ends_at > a_now;
  select coalesce(array_agg(s.id), '{}'), array_agg(s) filter (where s.starts_at < a_now) into ended, running
    from shift s where s.rota = a_before.rota and s.known_to = 'infinity' and s.key like 'rotation/%' and s.ends_at > a_now and s.id <> all (kept);
  moment := record_moment(ended);
  perform shifts_supersede(ended, moment);
  -- Thousands of both: they are put side by side once.
  with k as materialized (select s.* from shift s where s.id = any (kept) and s.known_to = 'infinity'),
  made as (
    insert into shift (rota, key, class, person, starts_at, ends_at, known_from)
    select a_before.rota, 'rotation/' || extract(epoch from b.starts_at)::bigint || '/' || w.person,
           case when w.person = any (unclear) then 'undecided' else 'named' end, case when w.person <> all (unclear) then w.person end,
           b.starts_at, w.ends_at, moment
    from unnest(a_persons, a_starts, a_ends) w (person, starts_at, ends_at)
    -- Of the same person, who is on now: since when she was.
    cross join lateral (
      select coalesce((select min(r.starts_at) from unnest(running) r where w.starts_at <= a_now and r.class = 'named' and r.person = w.person
                                                                        and w.person <> all (unclear)),
                      greatest(w.starts_at, a_now)) as starts_at) b
    where not exists (select from k s where s.ends_at = w.ends_at
                        and case when w.person = any (unclear) then s.key like 'rotation/%/' || w.person else s.person = w.person end
                        and (w.starts_at = s.starts_at or (s.starts_at < a_now and w.starts_at <= a_now)))
    returning person, starts_at)
  select count(*), array_agg(m.person) filter (where m.starts_at < a_now), array_agg(m.starts_at) filter (where m.starts_at < a_now)
    into written, on_persons, on_starts from made m;
  insert into shift (rota, key, class, person, starts_at, ends_at, known_from)
    select s.rota, s.key, s.class, s.person, s.starts_at, a_now, moment from unnest(running) s
    where not exists (select from unnest(on_persons, on_starts) o (person, starts_at) where o.person = s.person and o.starts_at = s.starts_at);
  if written + cardinality(ended) = 0 and reach_was is not distinct from a_reach then
    return false;
  end if;
  perform typed_changed(a_before, moment);
  return true;
end $$;

-- Puts an edition of a rotation in force from a_starts on (a_definition null: the rotation ends then), with the shifts that the rotation then makes.
-- a_seen: the newest edition's number that the shifts were made with (0: there was none). Gives the edition's number. P0001: the rota is not typed,
-- a person has left, or somebody was quicker.
create function rotation_put(a_rota text, a_seen bigint, a_starts timestamptz, a_definition jsonb, a_people text[], a_actor text,
                             a_now timestamptz, a_filled_to timestamptz, a_reach timestamptz, a_made_with text,
                             a_persons text[], a_shift_starts timestamptz[], a_shift_ends timestamptz[]) returns bigint
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  f feed;
  made bigint;
  ended bigint[];
begin
  f := typed_lock(a_rota);
  perform people_there(a_people);
  if a_seen is distinct from coalesce((select max(r.id) from rotation r where r.rota = a_rota), 0) then
    raise exception 'the rotation was changed a moment ago: read it again' using errcode = 'P0001';
  end if;
  with gone as (
    update rotation set known_to = clock_timestamp(), ended_by = a_actor
    where rota = a_rota and known_to = 'infinity' and starts_at >= a_starts returning id)
  select coalesce(array_agg(id order by id), '{}') into ended from gone;
  insert into rotation (rota, starts_at, definition, made_by) values (a_rota, a_starts, coalesce(a_definition, '{"layers": []}'), a_actor)
    returning id into made;
  insert into audit (actor, action, object, detail)
    values (a_actor, case when a_definition is null then 'rotation_ended' else 'rotation_made' end, 'rotation/' || made,
            jsonb_build_object('rota', a_rota, 'from', a_starts, 'instead_of', ended, 'people', a_people));
  perform rotation_fill(f, a_now, a_filled_to, a_reach, a_made_with, a_persons, a_shift_starts, a_shift_ends);
  return made;
end $$;
grant execute on function rotation_put to crisiscover_api;

-- A rota whose rotation must be written further, or again because a_made_with is another now, and its newest edition; none of a_passed. No row: there
-- is none.
create function rotations_due(a_until timestamptz, a_made_with text, a_passed text[]) returns table (rota text, seen bigint) language sql stable as $$
  select f.rota, (select max(x.id) from rotation x where x.rota = f.rota)
  from rotation_state r join feed f on f.rota = r.rota
  where f.kind = 'typed' and f.rota <> all (a_passed) and (r.filled_to < a_until or r.made_with <> a_made_with)
    and exists (select from rotation x where x.rota = r.rota and x.known_to = 'infinity')
  order by r.filled_to limit 1
$$;
grant execute on function rotations_due to crisiscover_feeds;

-- Writes the shifts of a rotation further. 'again': it was changed meanwhile.
create function rotation_extend(a_rota text, a_seen bigint, a_now timestamptz, a_filled_to timestamptz, a_reach timestamptz, a_made_with text,
                                a_persons text[], a_starts timestamptz[], a_ends timestamptz[]) returns text
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare f feed;
begin
  select * into f from feed where rota = a_rota and kind = 'typed' for update;
  if not found or a_seen is distinct from (select max(r.id) from rotation r where r.rota = a_rota) then
    return 'again';
  end if;
  perform rotation_fill(f, a_now, a_filled_to, a_reach, a_made_with, a_persons, a_starts, a_ends);
  return 'done';
end $$;
grant execute on function rotation_extend to crisiscover_feeds;

-- A rota that is typed no longer has no rotation: the source's shifts are superseded with it (feeds_sync).
create function rotation_goes() returns trigger language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  update rotation set known_to = clock_timestamp(), ended_by = 'region' where rota = old.rota and known_to = 'infinity';
  delete from rotation_state where rota = old.rota;
  return null;
end $$;
create trigger rotation_goes after delete on feed for each row when (old.kind = 'typed') execute function rotation_goes();
create trigger rotation_source after update of kind on feed for each row when (old.kind = 'typed' and new.kind <> 'typed')
  execute function rotation_goes();

-- -------------------------------------------------------------------------------------------------------------------------------- tonight's names

-- Puts several people on several rotas, all or nobody: by a shift where the rota is typed, else by an override that replaces nobody. a_items:
-- [{"rota", "person", "from", "until", "note", "late"}, …]; gives [{"kind": "shift"|"override", "id"}, …] in the same order. The api has checked the rights and
-- the people. P0001 names the rota that refuses.
create function tonight_add(a_place text, a_items jsonb, a_reason text, a_actor text) returns jsonb
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  item jsonb;
  made jsonb := '[]';
  kind text;
  id bigint;
  a_from timestamptz;
  a_until timestamptz;
begin
  -- In one order, whatever the order of the items: two calls cannot wait for each other.
  perform from feed where rota in (select i->>'rota' from jsonb_array_elements(a_items) i) order by rota for update;
  for item in select value from jsonb_array_elements(a_items) loop
    a_from := (item->>'from')::timestamptz;
    a_until := (item->>'until')::timestamptz;
    begin
      if exists (select from feed f where f.rota = item->>'rota' and f.kind = 'typed') then
        kind := 'shift';
        id := typed_add(item->>'rota', item->>'person', a_from, a_until, coalesce(item->>'note', a_reason), a_actor);
      else
        kind := 'override';
        id := override_add(item->>'rota', item->>'person', null, a_from, a_until, a_until, coalesce(item->>'note', a_reason),
                           (item->>'late')::boolean, a_actor);
      end if;
    exception when sqlstate 'P0001' then
      raise exception '%: %', item->>'rota', sqlerrm using errcode = 'P0001';
    end;
    made := made || jsonb_build_object('kind', kind, 'id', id);
  end loop;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'tonight', 'place/' || a_place, jsonb_build_object('reason', a_reason, 'made', made));
  return made;
end $$;
grant execute on function tonight_add to crisiscover_api;

-- -------------------------------------------------------------------------------------------------------------------------------------- new people

-- People whom a rota's manager added because a rota named them and nobody knew them, until somebody else of the organisation has looked.
create table person_new (
  id          bigint generated always as identity primary key,
  person      text not null references person,
  rota        text not null references rota,
  account     text not null,
  at          timestamptz not null default clock_timestamp(),
  reviewed_at timestamptz,
  reviewed_by text,
  review_note text check (length(review_note) between 1 and 500),
  check ((reviewed_at is null) = (reviewed_by is null))
);
create index person_new_open on person_new (id) where reviewed_at is null;
grant select on person_new to crisiscover_api;

-- Notes a person who has just been put in force, and gives the number. The rota is read again, and so are the imports that are shown. The flag names
-- nobody.
create function person_new_add(a_person text, a_rota text, a_actor text) returns bigint
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare number bigint;
begin
  insert into person_new (person, rota, account) values (a_person, a_rota, a_actor) returning id into number;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'person_new', 'person/' || a_person, jsonb_build_object('rota', a_rota, 'number', number));
  perform from feed where rota = a_rota for update;
  perform decisions_changed(a_rota);
  perform flag_add('person_new', null, null, null, null, null, null, null, 'normal', a_rota, jsonb_build_object('number', number));
  notify flags_filled;
  return number;
end $$;
grant execute on function person_new_add to crisiscover_api;

-- Says that somebody has looked: null, or why not ('absent', 'own': nobody reviews what they did themselves, 'done').
create function person_new_review(a_id bigint, a_note text, a_actor text) returns text
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare n person_new;
begin
  select * into n from person_new where id = a_id for update;
  if not found then
    return 'absent';
  elsif is_same_person(n.account, a_actor) then
    return 'own';
  elsif n.reviewed_at is not null then
    return 'done';
  end if;
  update person_new set reviewed_at = clock_timestamp(), reviewed_by = a_actor, review_note = a_note where id = a_id;
  perform audit_add(a_actor, 'person_new_reviewed', 'person/' || n.person, jsonb_build_object('number', a_id));
  return null;
end $$;
grant execute on function person_new_review to crisiscover_api;

-- ------------------------------------------------------------------------------------------------------------------------------- closed tonight

-- Says that the rotas of a service have nobody from now until a_until, by overrides of a_actor ("link/ID"), who may say it again until another hour. P0001,
-- without a name: the link shows none.
create function closing_put(a_service text, a_rotas text[], a_until timestamptz, a_actor text) returns void
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare r text;
begin
  perform from feed where rota = any (a_rotas) order by rota for update;
  if (select count(*) from audit where actor = a_actor and action = 'closing_said' and at > clock_timestamp() - interval '1 day') >= 10 then
    raise exception 'this link has said so ten times within a day: ring your organisation instead' using errcode = 'P0001';
  end if;
  perform closing_end(a_rotas, a_actor);
  foreach r in array a_rotas loop
    begin
      perform override_add(r, null, null, date_trunc('second', clock_timestamp()), a_until, a_until, 'Closed tonight, as its own link says', false, a_actor);
    exception when sqlstate 'P0001' then
      raise exception 'somebody was put on this service by hand for some of that time, so it was not closed: ring your organisation, which can take that back'
        using errcode = 'P0001';
    end;
  end loop;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'closing_said', 'service/' || a_service, jsonb_build_object('rotas', a_rotas, 'until', a_until));
end $$;
grant execute on function closing_put to crisiscover_api;

-- Ends what that link has said of these rotas; whether there was anything.
create function closing_end(a_rotas text[], a_actor text) returns boolean language plpgsql as $$
declare
  o bigint;
  any_was boolean := false;
begin
  for o in select id from override where rota = any (a_rotas) and nobody and made_by = a_actor and withdrawn_at is null
                                     and expires_at > clock_timestamp() order by id loop
    perform override_withdraw(o, true, a_actor);
    any_was := true;
  end loop;
  return any_was;
end $$;

-- Takes it back: the service is open again, as its rotas say.
create function closing_take_back(a_service text, a_rotas text[], a_actor text) returns boolean
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  perform from feed where rota = any (a_rotas) order by rota for update;
  if not closing_end(a_rotas, a_actor) then
    return false;
  end if;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'closing_taken_back', 'service/' || a_service, jsonb_build_object('rotas', a_rotas));
  return true;
end $$;
grant execute on function closing_take_back to crisiscover_api;

-- --------------------------------------------------------------------------------------------------------------------------------------- rights

-- PostgreSQL lets everybody execute a new function.
revoke all on all functions in schema crisiscover from public;
