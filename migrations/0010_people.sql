-- SPDX-License-Identifier: MIT

-- Two people of the set-up who are one are merged; one who was two is split. Nobody is merged by a name: two of one name stay two until somebody who
-- keeps both says that they are one.
--
-- A merge is not a renaming. What was known before is known of two people, and stays so: rows of the record keep the code that they had, and code_then()
-- does not lead from one of the two to the other. From the merge on everything that stands (shifts, decisions, overrides, absences) is of the one who
-- stays, and the other code leads there. `person_move` has the number of each thing that moved, so that a split gives back exactly these.
--
-- A split never guesses. What was one person's and could be either's counts for nobody until it is known: shifts are undecided until their calendar
-- has been read again, decisions about titles are undecided, and overrides and absences that are not over must be named by the person who splits.

set local search_path = crisiscover;
set local check_function_bodies = off;

create table person_move (
  id         bigint generated always as identity primary key,
  what       text not null check (what in ('merge', 'split')),
  was        text not null references person,       -- of a merge: who went; of a split: who was two. Codes are those of that time
  code       text not null references person,       -- whose it is since
  undoes     bigint unique references person_move,  -- of a split: the merge that it takes back; null: somebody new was split off
  at         timestamptz not null default clock_timestamp(),
  by_account text not null,
  reason     text not null check (length(reason) between 1 and 400),
  version    bigint not null references region,     -- of the set-up that it made
  overrides  bigint[] not null,                     -- in which the person is on
  replaced   bigint[] not null,                     -- in which the person is replaced
  absences   bigint[] not null,
  decisions  bigint[] not null,                     -- as they were written again
  stayed     bigint[] not null,                     -- decisions in force of ${code} itself, before
  check (was <> code),
  check (undoes is null or what = 'split')
);
create index person_move_was on person_move (was);
create index person_move_code on person_move (code);
create trigger keep before update or delete on person_move for each row execute function keep_the_record();
create trigger keep_all before truncate on person_move execute function keep_the_record();
grant select on person_move to crisiscover_api;

-- ------------------------------------------------------------------------------------------------------------------------- whose it was, and is

-- Every code that the person has or had, and those of everybody who was ever merged with it.
create function people_ever(a_code text) returns setof text language sql stable as $$
  with recursive c (code) as (
    select a_code
    union
    select case when r.was = c.code then r.code else r.was end
    from c join (select x.was, x.code from renamed x where x.kind = 'person'
                 union all select m.was, m.code from person_move m where m.what = 'merge') r on c.code in (r.was, r.code))
  select code from c
$$;

-- Overrides and absences change their person in place. Who it was at a_known: a_list says which of its people ('overrides', 'replaced', 'absences'),
-- a_code who it is now.
create function person_then(a_list text, a_id bigint, a_code text, a_known timestamptz) returns text language plpgsql stable as $$
declare
  had text := a_code;
  step record;
begin
  for step in
    select r.was, r.code, r.at from renamed r where r.kind = 'person' and r.at > a_known
    union all
    select m.was, m.code, m.at from person_move m
      where m.at > a_known and a_id = any (case a_list when 'overrides' then m.overrides when 'replaced' then m.replaced else m.absences end)
    order by 3 desc
  loop
    if step.code = had then
      had := step.was;
    end if;
  end loop;
  return had;
end $$;
grant execute on function person_then to crisiscover_api;

-- A decision is written again when something that it names gets another code. These, and those which they became.
create function decisions_became(a_ids bigint[]) returns setof bigint language sql stable as $$
  with recursive line (id) as (
    select unnest(a_ids)
    union
    select n.id
    from line l join decision d on d.id = l.id and d.ended_by in ('renamed', 'merged', 'split')
    join decision n on n.kind = d.kind and n.key = d.key and n.known_from = d.known_to and n.id > d.id
                   and (n.rota = d.rota or n.rota in (select codes_ever('rota', d.rota))))
  select id from line
$$;

-- The merges of a person: those by which others became this one, and those by which it became another. Of a code that was merged: its own.
create function person_moves(a_code text)
returns table (id bigint, gone text, kept text, at timestamptz, by_account text, reason text, undone_at timestamptz, undone_by text,
               undone_reason text)
language sql stable security definer set search_path = crisiscover, pg_temp as $$
  select m.id, m.was, code_now('person', m.code, m.at), m.at, m.by_account, m.reason, u.at, u.by_account, u.reason
  from person_move m left join person_move u on u.undoes = m.id
  where m.what = 'merge' and a_code in (m.was, m.code, code_now('person', m.code, m.at))
  order by m.id desc
$$;
grant execute on function person_moves to crisiscover_api;

-- What a merge or a split is compared with. a_other: who goes; null: a split. a_undoes: the merge that it takes back; null: none. before and merged:
-- the one who stayed, just before that merge and just after; back: who went; then_document: the whole, just after. One row.
create function person_base(a_code text, a_other text, a_undoes bigint)
returns table (version bigint, document text, applied_at timestamptz, applied_by text,
               item text, item_version bigint, made_at timestamptz, made_by text,
               other text, other_version bigint, other_at timestamptz, other_by text,
               undoes bigint, gone text, before text, merged text, back text, then_document text)
language sql stable security definer set search_path = crisiscover, pg_temp as $$
  select r.version, d.document::text, r.applied_at, r.applied_by,
         i.item::text, i.version, i.known_from, i.made_by, o.item::text, o.version, o.known_from, o.made_by,
         m.id, m.was,
         (select b.item::text from setup_item b where b.kind = 'person' and b.key = m.code and b.ended = m.version),
         (select b.item::text from setup_item b where b.kind = 'person' and b.key = m.code and b.version = m.version),
         (select b.item::text from setup_item b where b.kind = 'person' and b.key = m.was and b.ended = m.version),
         (select t.document::text from region_whole t where t.version = m.version)
  from (select * from region x order by x.version desc limit 1) r
  join region_whole d on d.version = r.version
  left join setup_item i on i.kind = 'person' and i.key = a_code and i.ended is null
  left join setup_item o on o.kind = 'person' and o.key = a_other and o.ended is null
  left join person_move m on m.id = a_undoes and m.what = 'merge' and code_now('person', m.code, m.at) = a_code
                         and not exists (select from person_move u where u.undoes = m.id)
$$;
grant execute on function person_base to crisiscover_api;

-- ----------------------------------------------------------------------------------------------------------------------------- what both do

-- Locks everything that names people. A job that is reading a calendar now reads it by the people of before: it writes nothing, and is done again.
create function people_hold(a_people text[]) returns void language plpgsql as $$
begin
  perform from feed f order by f.rota for update;
  perform from person p where p.id = any (a_people) order by p.id for update;
  update feed set claim = null, claimed_until = null where claim is not null;
  update import set claim = null, claimed_until = null where claim is not null;
end $$;

-- Writes a_items ([{"kind", "key", "item"}], item null: it goes) as a new version of the set-up, and answers its number. Who is somebody again comes
-- back to the same place in the list. What follows from it is the caller's to make, by setup_follow().
create function people_write(a_items jsonb, a_actor text, a_reason text) returns bigint language plpgsql as $$
declare
  changes setup_item[];
begin
  select array_agg((jsonb_populate_record(null::setup_item, jsonb_build_object(
           'kind', x->>'kind', 'key', x->>'key',
           'position', coalesce((select i.position from setup_item i where i.kind = x->>'kind' and i.key = x->>'key' order by i.version desc limit 1),
                                (select coalesce(max(i.position), 0) + 1 from setup_item i where i.kind = x->>'kind' and i.ended is null)),
           'item', nullif(x->'item', 'null')))))
    into changes from jsonb_array_elements(a_items) x;
  return setup_write((select r.head from region r order by r.version desc limit 1), changes, a_actor, clock_timestamp(), a_reason);
end $$;

-- The last step of both: previews are read again, coverage is woken, disputes are told, and the audit says what moved.
create function people_follow(m person_move, a_rotas text[], a_detail jsonb) returns void language plpgsql as $$
begin
  perform setup_follow(m.version, false);
  perform shifts_mark(a_rotas);
  insert into audit (actor, action, object, detail)
    values (m.by_account, case m.what when 'merge' then 'people_merged' else 'person_split' end, 'person/' || m.code,
            jsonb_build_object('move', m.id, 'from', m.was, 'to', m.code, 'version', m.version, 'overrides', m.overrides, 'replaced', m.replaced,
                               'absences', m.absences, 'decisions', m.decisions, 'reason', m.reason) || a_detail);
  perform overrides_tell(a_rotas);
  notify decisions_changed;
end $$;

-- The rotas that have to do with the people: where they are on, are replaced, or wait in a preview.
create function people_rotas(a_people text[]) returns text[] language sql stable as $$
  select array(select s.rota from shift s where s.person = any (a_people) and s.known_to = 'infinity'
               union select o.rota from override o where o.person = any (a_people) or o.instead = any (a_people)
               union select o.rota from override o join override_event e on e.override = o.id where e.third && a_people
               union select d.rota from decision d where d.person = any (a_people) and d.known_to = 'infinity'
               union select i.rota from import i join import_shift n on n.import = i.id where i.state = 'preview' and n.person = any (a_people)
               order by 1)
$$;

-- ------------------------------------------------------------------------------------------------------------------------------------- merging

-- An override in which one of the two is on instead of the other says that they are two.
create function people_are_two(a_kept text, a_gone text) returns void language plpgsql as $$
declare said text;
begin
  select string_agg(override_words(o), ', ' order by o.id) into said from override o
    where o.withdrawn_at is null and o.expires_at > clock_timestamp()
      and (o.person, o.instead) in ((a_kept, a_gone), (a_gone, a_kept));
  if said is not null then
    raise exception '% puts one of the two on instead of the other: withdraw it first', said using errcode = 'P0001';
  end if;
end $$;

-- a_gone becomes a_kept, from now on. a_items: both as they are to be, as of people_write(). a_seen: the version of the set-up that it was compared with;
-- both answers are null where another is in force by now. P0001: it cannot be done. What is over and says that they are two stays as it was said.
create function person_merge(a_kept text, a_gone text, a_items jsonb, a_seen bigint, a_actor text, a_reason text, out version bigint, out move bigint)
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  m person_move;
  touched text[];
begin
  lock table region in share row exclusive mode;
  if a_seen is distinct from (select max(r.version) from region r) then
    return;
  end if;
  perform people_hold(array[a_kept, a_gone]);
  perform people_are_two(a_kept, a_gone);
  touched := people_rotas(array[a_kept, a_gone]);

  m.version := people_write(a_items, a_actor, a_reason);
  m.stayed := array(select d.id from decision d where d.person = a_kept and d.known_to = 'infinity' order by 1);
  perform rename_decisions('person', a_gone, a_kept, 'merged');
  insert into person_move as x (what, was, code, by_account, reason, version, overrides, replaced, absences, decisions, stayed)
    values ('merge', a_gone, a_kept, a_actor, a_reason, m.version,
            array(select o.id from override o where o.person = a_gone and o.instead is distinct from a_kept order by 1),
            array(select o.id from override o where o.instead = a_gone and o.person is distinct from a_kept order by 1),
            array(select a.id from absence a where a.person = a_gone order by 1),
            array(select d.id from decision d where d.person = a_kept and d.known_to = 'infinity' and d.id <> all (m.stayed) order by 1), m.stayed)
    returning * into m;
  update override set person = a_kept where id = any (m.overrides);
  update override set instead = a_kept where id = any (m.replaced);
  update absence set person = a_kept where id = any (m.absences);
  perform rename_shifts('person', a_gone, a_kept);
  perform rename_previews(touched);
  perform overrides_settle(touched);
  perform people_follow(m, touched, '{}');
  version := m.version;
  move := m.id;
end $$;
grant execute on function person_merge to crisiscover_api;

-- ----------------------------------------------------------------------------------------------------------------------------------- splitting

-- Overrides (two rows where both people of one are asked about), absences and decisions in force of a_from, and what a split makes of each:
--   goes     to the one who is split off: it was named, or came with the merge that is taken back
--   stays    it was named, was there before the merge, or is over
--   unclear  nobody can tell
-- a_goes, a_stays: 'override:12', 'absence:3', 'decision:7'.
create function person_lots(a_from text, a_undoes bigint, a_goes text[], a_stays text[])
returns table (kind text, id bigint, member text, rota text, words text, by_account text, made_at timestamptz, lot text)
language sql stable security definer set search_path = crisiscover, pg_temp as $$
  with m as (select (select x from person_move x where x.id = a_undoes) as x),
  came as (select decisions_became((m.x).decisions) as id from m),
  own as (select decisions_became((m.x).stayed) as id from m),
  said as (
    select 'override' as kind, o.id, 'person' as member, o.rota, o.note as words, o.made_by as by_account, o.made_at,
           o.id = any ((m.x).overrides) as came, o.made_at < (m.x).at as own, o.withdrawn_at is not null or o.expires_at <= clock_timestamp() as over
      from override o, m where o.person = a_from
    union all
    select 'override', o.id, 'instead', o.rota, o.note, o.made_by, o.made_at,
           o.id = any ((m.x).replaced), o.made_at < (m.x).at, o.withdrawn_at is not null or o.expires_at <= clock_timestamp()
      from override o, m where o.instead = a_from
    union all
    select 'absence', a.id, 'person', null, null, a.made_by, a.made_at,
           a.id = any ((m.x).absences), a.made_at < (m.x).at, a.withdrawn_at is not null or a.ends_at <= clock_timestamp()
      from absence a, m where a.person = a_from
    union all
    select 'decision', d.id, 'person', d.rota, d.words, d.decided_by, d.known_from,
           d.id in (select c.id from came c), d.id in (select w.id from own w), false
      from decision d where d.person = a_from and d.known_to = 'infinity')
  select s.kind, s.id, s.member, s.rota, s.words, s.by_account, s.made_at,
         case when s.kind || ':' || s.id = any (a_goes) then 'goes' when s.kind || ':' || s.id = any (a_stays) then 'stays'
              when s.came then 'goes' when s.own or s.over then 'stays' else 'unclear' end
  from said s order by s.kind, s.id, s.member
$$;
grant execute on function person_lots to crisiscover_api;

-- Decisions about titles that could be either's: the title is undecided, and a name stands for nobody any more.
create function person_unclear(a_ids bigint[], a_actor text) returns void language plpgsql as $$
begin
  update decision set known_to = greatest(clock_timestamp(), known_from), ended_by = a_actor where id = any (a_ids) and kind <> 'title';
  perform decisions_again(array(select d.id from decision d where d.id = any (a_ids) and d.kind = 'title'),
                          jsonb_build_object('person', 'null', 'reads', quote_literal('undecided'), 'decided_by', quote_literal(a_actor)), a_actor);
  update decision_head set version = version + 1 where cardinality(a_ids) > 0;
end $$;

-- Whose each calendar's shift in force of m.was is. A shift that reads as it did just before the merge is whose it was then. Any other that is not
-- over is unclear; one that is over stays as it was known when it was on.
create function person_split_shifts(m person_move) returns table (id bigint, class text, lot text) language sql stable as $$
  select s.id, s.class,
         case when p.person is not null and code_now('person', p.person, u.at) = m.code then 'goes'
              when p.person is not null and code_now('person', p.person, u.at) = m.was then 'stays'
              when s.ends_at <= clock_timestamp() then 'stays' else 'unclear' end
  from shift s
  left join person_move u on u.id = m.undoes
  left join lateral (
    select x.person from shift x
    where x.rota in (select codes_ever('rota', s.rota)) and x.key = s.key and x.known_from <= u.at and x.known_to >= u.at
      and (x.class, x.title, x.starts_at, x.ends_at) is not distinct from (s.class, s.title, s.starts_at, s.ends_at)
    order by x.known_from limit 1) p on true
  where s.person = m.was and s.known_to = 'infinity' and s.override is null and s.rota <> 'absence:typed'
$$;

-- The codes, as they are now, of those who have been split from a person since a_at, when it was not known which of them was meant: by a merge that was
-- made before and has been taken back since, or who was never told apart before. Null: nobody.
create function people_parted(a_person text, a_at timestamptz) returns text[] language sql stable as $$
  select array_agg(code_now('person', m.code, m.at) order by m.id) from person_move m
  where m.what = 'split' and m.at > a_at and code_now('person', m.was, m.at) = code_now('person', a_person, a_at)
    and not exists (select from person_move u where u.id = m.undoes and u.at > a_at)
$$;

-- The shifts in force of m.was, after overrides and absences have got their people: each is whose override or absence it is, or as above. An absence
-- that is unclear takes both away.
create function person_part_shifts(m person_move) returns void language plpgsql as $$
declare
  to_code constant jsonb := jsonb_build_object('person', quote_literal(m.code));
  goes bigint[];
  unclear bigint[];
  away bigint[];
begin
  select coalesce(array_agg(x.id) filter (where x.lot = 'goes'), '{}'),
         coalesce(array_agg(x.id) filter (where x.lot = 'unclear' and x.class <> 'absence'), '{}'),
         coalesce(array_agg(x.id) filter (where x.lot = 'unclear' and x.class = 'absence'), '{}')
    into goes, unclear, away from person_split_shifts(m) x;
  goes := goes || array(select s.id from shift s join override o on o.id = s.override
                        where s.person = m.was and s.known_to = 'infinity' and o.person = m.code)
               || array(select s.id from shift s where s.rota = 'absence:typed' and s.known_to = 'infinity'
                          and s.key in (select 'absence:' || a from unnest(m.absences) a));
  perform shifts_again(goes, to_code);
  perform shifts_again(unclear, '{"person": "null", "class": "''undecided''"}');
  perform rows_again('shift', to_code || jsonb_build_object('key', 'left(t.key, 590) || ''#split''', 'known_from', quote_literal(clock_timestamp())),
                     format('t.id = any (%L)', away));
  -- Nothing proves that these calendars would be read with something else now: they are read again all the same.
  update feed set read_with = null, seen_with = null
    where body is not null and rota in (select s.rota from shift s where s.id = any (unclear || away));
end $$;

-- What each override rested on just before the merge that is taken back, for those made before it: a merge lays both people's shifts under it.
create function person_part_rests(m person_move, a_rotas text[]) returns void language sql as $$
  insert into override_event (override, at, standing, dispute, third, reading, rests, pieces)
    select o.id, greatest(clock_timestamp(), l.at), b.standing, b.dispute, b.third, l.reading, b.rests, b.pieces
    from person_move u
    cross join overrides_live(a_rotas) o
    cross join lateral (select e.* from override_event e where e.override = o.id and e.at <= u.at order by e.id desc limit 1) b
    cross join lateral (select e.* from override_event e where e.override = o.id order by e.id desc limit 1) l
    where u.id = m.undoes and l.id > b.id
      and (l.standing, l.dispute, l.third, l.rests, l.pieces) is distinct from (b.standing, b.dispute, b.third, b.rests, b.pieces)
    order by o.id
$$;

-- P0001 where it is not known of an override or an absence whose it is.
create function person_split_may(a_from text, a_to text, a_undoes bigint, a_goes text[], a_stays text[]) returns void language plpgsql as $$
declare unclear text;
begin
  if a_undoes is null and exists (select from person p where p.id = a_to) then
    raise exception 'person "%" was used before: a code is never used again for another, so choose a new one', a_to using errcode = 'P0001';
  elsif a_undoes is not null and not exists (
      select from person_move x where x.id = a_undoes and x.what = 'merge' and x.was = a_to and code_now('person', x.code, x.at) = a_from
        and not exists (select from person_move y where y.undoes = x.id)) then
    raise exception 'there is no merge % by which % became %, or it was taken back before', a_undoes, a_to, a_from using errcode = 'P0001';
  end if;
  select string_agg(distinct l.kind || ' ' || l.id, ', ') into unclear from person_lots(a_from, a_undoes, a_goes, a_stays) l
    where l.lot = 'unclear' and l.kind <> 'decision';
  if unclear is not null then
    raise exception '%: say of each whether it goes to % or stays with %', unclear, a_to, a_from using errcode = 'P0001';
  end if;
end $$;

-- a_to, who was taken for a_from, is somebody again, or for the first time (a_undoes null). Otherwise as person_merge().
create function person_split(a_from text, a_to text, a_items jsonb, a_undoes bigint, a_goes text[], a_stays text[], a_seen bigint, a_actor text,
                             a_reason text, out version bigint, out move bigint)
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  m person_move;
  lots record;
  touched text[];
begin
  lock table region in share row exclusive mode;
  if a_seen is distinct from (select max(r.version) from region r) then
    return;
  end if;
  perform people_hold(array[a_from, a_to]);
  perform person_split_may(a_from, a_to, a_undoes, a_goes, a_stays);
  touched := people_rotas(array[a_from, a_to]);
  select coalesce(array_agg(l.id order by l.id) filter (where l.lot = 'goes' and l.kind = 'override' and l.member = 'person'), '{}') as overrides,
         coalesce(array_agg(l.id order by l.id) filter (where l.lot = 'goes' and l.kind = 'override' and l.member = 'instead'), '{}') as replaced,
         coalesce(array_agg(l.id order by l.id) filter (where l.lot = 'goes' and l.kind = 'absence'), '{}') as absences,
         coalesce(array_agg(l.id order by l.id) filter (where l.lot = 'goes' and l.kind = 'decision'), '{}') as decisions,
         coalesce(array_agg(l.id order by l.id) filter (where l.lot = 'unclear' and l.kind = 'decision'), '{}') as unclear
    into lots from person_lots(a_from, a_undoes, a_goes, a_stays) l;

  m.version := people_write(a_items, a_actor, a_reason);
  insert into person (id) values (a_to) on conflict (id) do update set retired_at = null;
  perform decisions_again(lots.decisions, jsonb_build_object('person', quote_literal(a_to)), 'split');
  perform person_unclear(lots.unclear, a_actor);
  insert into person_move as x (what, was, code, undoes, by_account, reason, version, overrides, replaced, absences, decisions, stayed)
    values ('split', a_from, a_to, a_undoes, a_actor, a_reason, m.version, lots.overrides, lots.replaced, lots.absences,
            array(select d.id from decision d where d.person = a_to and d.known_to = 'infinity' order by 1), '{}')
    returning * into m;
  update override set person = a_to where id = any (m.overrides);
  update override set instead = a_to where id = any (m.replaced);
  update absence set person = a_to where id = any (m.absences);
  perform person_part_shifts(m);
  perform person_part_rests(m, touched);
  perform decisions_changed(x) from unnest(touched) x where x in (select f.rota from feed f);
  perform overrides_settle(touched);
  perform people_follow(m, touched, jsonb_build_object('undoes', a_undoes, 'unclear', lots.unclear));
  version := m.version;
  move := m.id;
end $$;
grant execute on function person_split to crisiscover_api;

-- ------------------------------------------------------------------------------------------------------------------------------------ previews

-- The shifts of every rota that has changed since a_since, in this transaction.
create function people_shown(a_since timestamptz, a_after timestamptz, a_before timestamptz) returns setof shift_shown language sql stable as $$
  select x.* from (select distinct s.rota from shift s
                   where s.known_to >= a_since and (s.known_from >= a_since or s.known_to < 'infinity') order by 1) r,
                  rota_shown(r.rota, a_after, a_before) x
$$;

-- Does it, reads the shifts of the rotas that it changes, and takes it back. A row of nulls: another version of the set-up is in force.
create function person_merge_try(a_kept text, a_gone text, a_items jsonb, a_seen bigint, a_actor text, a_reason text, a_after timestamptz,
                                 a_before timestamptz) returns setof shift_shown
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  shown shift_shown[];
  since constant timestamptz := clock_timestamp();
begin
  begin
    if (select x.version from person_merge(a_kept, a_gone, a_items, a_seen, a_actor, a_reason) x) is null then
      return next null;
    end if;
    shown := array(select x from people_shown(since, a_after, a_before) x);
    raise exception 'taken back' using errcode = 'P0003';
  exception when sqlstate 'P0003' then
    null;
  end;
  return query select * from unnest(shown);
end $$;
grant execute on function person_merge_try to crisiscover_api;

create function person_split_try(a_from text, a_to text, a_items jsonb, a_undoes bigint, a_goes text[], a_stays text[], a_seen bigint, a_actor text,
                                 a_reason text, a_after timestamptz, a_before timestamptz) returns setof shift_shown
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  shown shift_shown[];
  since constant timestamptz := clock_timestamp();
begin
  begin
    if (select x.version from person_split(a_from, a_to, a_items, a_undoes, a_goes, a_stays, a_seen, a_actor, a_reason) x) is null then
      return next null;
    end if;
    shown := array(select x from people_shown(since, a_after, a_before) x);
    raise exception 'taken back' using errcode = 'P0003';
  exception when sqlstate 'P0003' then
    null;
  end;
  return query select * from unnest(shown);
end $$;
grant execute on function person_split_try to crisiscover_api;

-- The titles of coming shifts that the calendars of these rotas name people by, and how each counts now: to be read again as they would be.
create function people_titles(a_rotas text[])
returns table (rota text, title text, class text, person text, shifts bigint, first timestamptz)
language sql stable security definer set search_path = crisiscover, pg_temp as $$
  select s.rota, s.title, s.class, s.person, count(*), min(s.starts_at)
  from shift s
  where s.rota = any (a_rotas) and s.known_to = 'infinity' and s.override is null and s.title is not null and s.ends_at > clock_timestamp()
  group by s.rota, s.title, s.class, s.person order by s.rota, min(s.starts_at), s.title
$$;
grant execute on function people_titles to crisiscover_api;

-- --------------------------------------------------------------------------------------------------------------------------------------- rights

-- PostgreSQL lets everybody execute a new function.
revoke all on all functions in schema crisiscover from public;
