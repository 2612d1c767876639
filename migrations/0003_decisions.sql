-- SPDX-License-Identifier: MIT

-- Decisions of people: the meaning of a word or a title of a rota, who is on instead of whom (overrides), and who is away (absences). Overrides and
-- absences become rows of `shift`.
--
-- Each function is one transaction and locks the feed's row first, as in 0002_sources.sql.

set local search_path = crisiscover;
set local check_function_bodies = off;

-- ------------------------------------------------------------------------------------------------------------------------------------ decisions

-- A decision of a rota manager is remembered for that rota: what an exact title reads as, that on this rota JJ is a certain person, what a word or a
-- phrase means ("Surge-AM" means nothing, "jury duty": that person is away), which zone of the tz database a calendar's own name of a time zone is,
-- and whether the dates of its rosters are dd/mm or mm/dd. A decision is never changed and never deleted. Another one about the same words takes its
-- place, or it is withdrawn: then its time of being known ends, and who ended it is noted. The reader judges it, and never lets a decision make a
-- placeholder count.
--
-- The feeds role reads by the decisions it knows, so it claims only while these are the ones in force; a decision makes the rota's stored body
-- due, and has imports of that rota which are still a preview read again.

create table decision (
  id         bigint generated always as identity primary key,
  rota       text not null references rota,
  kind       text not null check (kind in ('title', 'alias', 'word', 'zone', 'date_order')),
  words      text not null check (length(words) between 1 and 400),  -- the title without numbers and reasons, or the name, as it was decided
  key        text not null check (key <> ''),                        -- equal for words that the reader takes for the same
  reads      text not null,
  person     text references person,
  team       text,
  decided_by text not null,
  known_from timestamptz not null default clock_timestamp(),
  known_to   timestamptz not null default 'infinity',
  ended_by   text,
  zone       text,                                                   -- of the tz database
  check (known_from <= known_to),
  check ((known_to = 'infinity') = (ended_by is null)),
  -- promise 1: a decision that may count names a person, or a team of the rota
  check ((reads in ('named', 'absence')) = (person is not null)),
  check ((reads = 'team') = (team is not null)),
  constraint decision_reads_check check (case kind
    when 'title' then reads in ('named', 'team', 'nobody', 'undecided', 'absence', 'noise')
    when 'alias' then reads = 'named'
    when 'word' then reads in ('nothing', 'nobody', 'away')
    when 'zone' then reads = 'zone'
    when 'date_order' then reads in ('dmy', 'mdy') end),
  constraint decision_zone_check check ((kind = 'zone') = (zone is not null))
);
-- At most one decision in force for each title, name, word, zone and date order of a rota.
create unique index decision_in_force on decision (rota, kind, key) where known_to = 'infinity';
create index decision_by_rota on decision (rota, id);
grant select on decision to crisiscover_api, crisiscover_feeds;

-- Only the end of a decision is ever written, and once.
create function keep_decisions() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.known_to = 'infinity' and new.known_to <> 'infinity'
     and to_jsonb(new) - array['known_to', 'ended_by'] = to_jsonb(old) - array['known_to', 'ended_by'] then
    return new;
  end if;
  raise exception '% on %: the record is only ever added to', lower(tg_op), tg_table_name using errcode = 'P0002';
end $$;
create trigger keep before update or delete on decision for each row execute function keep_decisions();
create trigger keep_all before truncate on decision execute function keep_decisions();

-- The version grows with every decision: the feeds role polls it.
create table decision_head (
  only_row boolean primary key default true check (only_row),
  version  bigint not null
);
insert into decision_head (version) values (1);
grant select on decision_head to crisiscover_feeds;

-- ------------------------------------------------------------------------------------------------------------------------------------- deciding

-- Decisions of a rota have changed. The caller holds the feed's row. The check that is asked for stays due until it is done,
-- even if a job has that feed now. Whether the stored body must be read again is seen then, from what it was last read with.
create function decisions_changed(a_rota text) returns void language plpgsql as $$
begin
  update feed set refresh_asked_at = clock_timestamp() where rota = a_rota and body is not null;
  update import set state = 'uploaded', claim = null, claimed_until = null where rota = a_rota and state in ('uploaded', 'preview');
  update decision_head set version = version + 1;
  notify decisions_changed;
end $$;

-- One of what decisions_make() is given, under the feed's lock.
create function decision_keep(a_rota text, a_said jsonb, a_actor text) returns bigint language plpgsql as $$
declare
  before decision;
  moment timestamptz;
  made bigint;
begin
  perform from person where id = a_said->>'person' and retired_at is not null for share;
  if found or (a_said->>'person' is not null and not exists (select from person where id = a_said->>'person')) then
    raise exception 'there is no person % in the region', a_said->>'person' using errcode = 'P0001';
  end if;
  select * into before from decision
    where rota = a_rota and kind = a_said->>'kind' and key = a_said->>'key' and known_to = 'infinity' for update;
  if found and (before.reads, before.person, before.team, before.zone)
               is not distinct from (a_said->>'reads', a_said->>'person', a_said->>'team', a_said->>'zone') then
    return before.id;
  end if;
  moment := greatest(clock_timestamp(), before.known_from);
  update decision set known_to = moment, ended_by = a_actor where id = before.id;
  insert into decision (rota, kind, words, key, reads, person, team, zone, decided_by, known_from)
    values (a_rota, a_said->>'kind', a_said->>'words', a_said->>'key', a_said->>'reads', a_said->>'person', a_said->>'team', a_said->>'zone',
            a_actor, moment)
    returning id into made;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'decision_made', 'decision/' || made,
            jsonb_strip_nulls(jsonb_build_object('rota', a_rota, a_said->>'kind', a_said->>'words', 'reads', a_said->>'reads',
                                                 'person', a_said->>'person', 'team', a_said->>'team', 'means', a_said->>'zone',
                                                 'instead_of', before.id)));
  return made;
end $$;

-- Keeps some decisions of a rota, all or none, and answers their numbers in the same order. a_said: [{"kind", "words", "key", "reads", "person",
-- "team", "zone"}, …]. A decision that is in force already is not made again; another one about the same words ends. The rota is read again once for
-- all of them. The api has asked whether a_actor may, and whether the rota's directory has the people. P0001: the rota or a person is gone.
create function decisions_make(a_rota text, a_said jsonb, a_actor text) returns bigint[]
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  head bigint := (select max(id) from decision);
  one jsonb;
  made bigint[] := '{}';
begin
  perform from feed where rota = a_rota for update;
  if not found then
    raise exception 'there is no rota % in the region', a_rota using errcode = 'P0001';
  end if;
  for one in select value from jsonb_array_elements(a_said) loop
    made := made || decision_keep(a_rota, one, a_actor);
  end loop;
  -- A decision that is in force already is not made again, and nothing is read again for it.
  if exists (select from unnest(made) m where m > coalesce(head, 0)) then
    perform decisions_changed(a_rota);
  end if;
  return made;
end $$;
grant execute on function decisions_make to crisiscover_api;

-- Takes a decision back. False: that rota has none of this number in force.
create function decision_withdraw(a_rota text, a_decision bigint, a_actor text) returns boolean
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare before decision;
begin
  perform from feed where rota = a_rota for update;
  select * into before from decision where id = a_decision and rota = a_rota and known_to = 'infinity' for update;
  if not found then
    return false;
  end if;
  update decision set known_to = greatest(clock_timestamp(), known_from), ended_by = a_actor where id = a_decision;
  perform decisions_changed(a_rota);
  insert into audit (actor, action, object, detail)
    values (a_actor, 'decision_withdrawn', 'decision/' || a_decision,
            jsonb_build_object('rota', a_rota, before.kind, before.words));
  return true;
end $$;
grant execute on function decision_withdraw to crisiscover_api;

-- ----------------------------------------------------------------------------------------------------------------------- overrides and absences

-- Decisions made here: overrides (for this time X is on in place of Y, or nobody is on) and absences (for this time X is away). Both are rows of
-- `shift`, so that spans, the record and "what was known then" need nothing new; the tables here have who made them, when, and what became of them. A
-- row of `shift` that belongs to an override has no reading: what a calendar says never supersedes it. Whether an override and its rota's calendar
-- agree is checked again with every change of the rota's shifts, in the same transaction (overrides_settle).
--
-- An override says no more than was meant. It is on where the shifts of the replaced person are and nowhere else, so it has as many rows of
-- `shift` as there are pieces of such shifts in its time, each of one class:
--
--   named      the stand-in is on
--   nobody     this rota has nobody (an override of kind nobody)
--   undecided  the calendar has taken the shift away, or names a third person: the override is in dispute, and a person must decide
--
-- The shifts that an override depends on are kept with each of its events: the replaced person's shifts (`rests`) and, of each, the piece that the
-- stand-in has (`pieces`). So a shift that is removed later makes a dispute, and a piece that began or ended with its shift follows it when the shift
-- moves. The standing of an override against its calendar:
--
--   waiting      the calendar does not say it yet, and has the replaced person on where it had: the stand-in is on
--   followed     the same, but shifts of the replaced person have moved and the stand-in has moved with them: people are told
--   reconciled   the calendar names the stand-in wherever a shift was replaced, and the replaced person nowhere: there are no rows
--   conflicting  some of the shifts are gone (shift_gone), or a third person has come in their place (another_person): undecided there. Of an
--                override that replaces nobody: somebody else has come on beside the one who was put on, who stays on
--
-- A dispute is published as flags, even if there is no gap because others cover: one when it begins or spreads to other times, and one when it ends,
-- in the transaction that finds it. When its time is over it ends without a flag (`end` of the first flag says when).

create table override (
  id           bigint generated always as identity primary key,   -- the order of making: a later one wins over an earlier one
  rota         text not null references rota,
  person       text references person,                            -- is on, from starts_at to expires_at; null: nobody is
  instead      text references person,                            -- and this one is not; null: nobody is replaced
  starts_at    timestamptz not null,
  ends_at      timestamptz not null,                              -- as it was asked for
  expires_at   timestamptz not null,                              -- when it stops to count, ends_at at the latest
  note         text check (length(note) between 1 and 200),
  made_at      timestamptz not null default clock_timestamp(),
  made_by      text not null,
  saw          bigint[] not null,                                 -- what the calendar said of that time when it was made
  withdrawn_at timestamptz,
  withdrawn_by text,
  nobody       boolean not null default false,   -- this rota has nobody, whatever its calendar says
  late         boolean not null default false,   -- a correction of what was over, or had begun more than a day before, when it was made
  check (starts_at < expires_at and expires_at <= ends_at),
  check (isfinite(starts_at) and isfinite(ends_at)),
  check (person <> instead),
  check ((withdrawn_at is null) = (withdrawn_by is null)),
  check ((person is null) = nobody),
  check (not nobody or (instead is null and note is not null))
);
create index override_by_rota on override (rota, expires_at);
create trigger keep_all before truncate on override execute function keep_the_record();
grant select on override to crisiscover_api, crisiscover_coverage;

-- Each change of an override's standing: when, and by which reading. Only added to.
create table override_event (
  id       bigint generated always as identity primary key,
  override bigint not null references override,
  at       timestamptz not null,
  standing text not null check (standing in ('waiting', 'followed', 'reconciled', 'conflicting')),
  dispute  text check (dispute in ('another_person', 'times_changed', 'shift_gone')),
  third    text[],                           -- whom the calendar names that the override knows nothing of, at most four
  reading  bigint references reading,        -- that was in force then; null: none
  rests    tstzrange[],                      -- whole shifts of the replaced person; null: nobody is replaced
  pieces   tstzrange[],                      -- of each, what the override has
  check ((standing = 'conflicting') = (dispute is not null)),
  check (dispute is null or (dispute = 'another_person') = (third is not null)),
  check (cardinality(third) between 1 and 4),
  check ((rests is null) = (pieces is null) and cardinality(rests) = cardinality(pieces))
);
create index override_event_by_override on override_event (override, id);
create trigger keep before update or delete on override_event for each row execute function keep_the_record();
create trigger keep_all before truncate on override_event execute function keep_the_record();
grant select on override_event to crisiscover_api, crisiscover_coverage;

-- The disputes that flags have announced, and whose end no flag has announced.
create table override_told (
  override bigint primary key references override,
  disputed tstzmultirange not null check (not isempty(disputed))
);

-- The reason is never stored: there is no column for it, here or in any other table.
create table absence (
  id           bigint generated always as identity primary key,
  person       text not null references person,
  starts_at    timestamptz not null,
  ends_at      timestamptz not null,
  made_at      timestamptz not null default clock_timestamp(),
  made_by      text not null,
  withdrawn_at timestamptz,
  withdrawn_by text,
  check (starts_at < ends_at),
  check (isfinite(starts_at) and isfinite(ends_at)),
  check ((withdrawn_at is null) = (withdrawn_by is null))
);
create index absence_by_person on absence (person, ends_at);
create trigger keep_all before truncate on absence execute function keep_the_record();
grant select on absence to crisiscover_api;

-- The rota of typed absences in `shift`. No rota of a region can have this code: a code has no colon.
insert into rota (id) values ('absence:typed');

-- The row of a shift that an override made.
alter table shift add foreign key (override) references override;

-- ------------------------------------------------------------------------------------------------------------ the standing of an override

-- Of an override or an absence only the withdrawal is ever written, and its codes when something is renamed or people are merged or split, in the
-- transaction that does it.
create function keep_what_was_said() returns trigger language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
declare
  before jsonb := to_jsonb(old);
  after jsonb;
begin
  if tg_op = 'UPDATE' then
    after := to_jsonb(new);
    if before->'withdrawn_at' = 'null' and after - array['withdrawn_at', 'withdrawn_by'] = before - array['withdrawn_at', 'withdrawn_by'] then
      return new;
    end if;
    if after - array['rota', 'person', 'instead'] = before - array['rota', 'person', 'instead']
       and not exists (
         select from (values ('rota', 'rota'), ('person', 'person'), ('instead', 'person')) k (key, kind)
         where before->>k.key is distinct from after->>k.key
           and not exists (select from renamed r where r.kind = k.kind and r.was = before->>k.key and r.code = after->>k.key and r.at >= now())
           and not exists (select from person_move m
                           where k.kind = 'person' and m.was = before->>k.key and m.code = after->>k.key and m.at >= now())) then
      return new;
    end if;
  end if;
  raise exception '% on %: the record is only ever added to', lower(tg_op), tg_table_name using errcode = 'P0002';
end $$;
create trigger keep before update or delete on override for each row execute function keep_what_was_said();
create trigger keep before update or delete on absence for each row execute function keep_what_was_said();

-- Refuses (P0001) people who have left the region. Their rows are locked, so that an override, absence or decision is either made before the person
-- leaves, and region_put sees it, or refused.
create function people_there(a_people text[]) returns void language plpgsql as $$
declare gone text;
begin
  for gone in select p.id from person p where p.id = any (a_people) order by p.id for share loop
    continue when exists (select from person p where p.id = gone and p.retired_at is null)
      -- A code that comes back in a renaming: the region file follows in the same transaction.
      or exists (select from renamed r where r.kind = 'person' and r.code = gone and r.at >= now());
    raise exception '% is no longer in the region', gone using errcode = 'P0001';
  end loop;
end $$;

create function said_of_who_is_there() returns trigger language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  perform people_there(array[new.person, to_jsonb(new)->>'instead']);
  return new;
end $$;
create trigger who_is_there before insert on absence for each row execute function said_of_who_is_there();
create trigger who_is_there before insert on override for each row execute function said_of_who_is_there();
create trigger who_is_there before insert on decision for each row when (new.person is not null) execute function said_of_who_is_there();

-- Where the stand-in's time moves when the shift that a_piece was of, a_shift, has become a_now: an edge that was the shift's own moves with it, if
-- the shift moved rather than became another (by its length, and by how much of it stays where it was); an edge that was asked for stays.
create function override_piece_follows(o override, a_shift tstzrange, a_piece tstzrange, a_now tstzrange) returns tstzrange
language plpgsql immutable as $$
declare
  was constant interval := upper(a_shift) - lower(a_shift);
  now_is constant interval := upper(a_now) - lower(a_now);
  common constant tstzrange := a_shift * a_now;
  moved constant boolean := not isempty(common) and now_is <= was * 1.5 and (upper(common) - lower(common)) * 2 >= least(was, now_is);
begin
  return tstzrange(case when moved and lower(a_piece) = lower(a_shift) then lower(a_now) else greatest(lower(a_now), o.starts_at) end,
                   case when moved and upper(a_piece) = upper(a_shift) then upper(a_now) else least(upper(a_now), o.expires_at) end);
exception when data_exception then   -- nothing of it is left
  return 'empty';
end $$;

-- How far before and after an override a shift may begin and end that can matter to it, also one whose times have changed. Nothing that an
-- override has is further away.
create function override_reach() returns interval language sql immutable as $$ select interval '4 days' $$;
grant execute on function override_reach to crisiscover_api;

-- The shifts of the replaced person that could matter to an override: the calendar's, and those that an earlier override gives.
create function override_shifts_of(o override) returns tstzrange[] language sql stable as $$
  select coalesce(array_agg(distinct tstzrange(s.starts_at, s.ends_at)), '{}')
  from shift s
  where s.rota = o.rota and s.known_to = 'infinity' and s.person = o.instead
    and s.ends_at > o.starts_at - override_reach() and s.starts_at < o.expires_at + override_reach()
    and (s.override is null and s.class in ('named', 'tentative', 'undecided', 'unreadable') or s.override < o.id and s.class = 'named')
$$;

-- Who stands in by the override, and who by later ones stands in for that person, and when. If the calendar names one of them, it has caught up.
create function override_heirs(o override) returns table (person text, at tstzrange) language sql stable as $$
  with recursive heir (id, person, at) as (
    select o.id, o.person, tstzrange(o.starts_at, o.expires_at)
    union
    select x.id, x.person, h.at * tstzrange(x.starts_at, x.expires_at)
    from heir h join override x on x.rota = o.rota and x.instead = h.person and x.id > h.id and x.withdrawn_at is null
                                   and tstzrange(x.starts_at, x.expires_at) && h.at)
  select person, at from heir where person is not null
$$;

-- Those whom the calendar confirms at some time of a_at and did not name when the override was made. The people it named are known under the codes of
-- that time.
create function override_strangers(o override, a_at tstzmultirange) returns table (person text, at tstzmultirange) language sql stable as $$
  select x.person, x.at
  from (
    select s.person, min(s.starts_at) as first,
           range_agg(tstzrange(s.starts_at, s.ends_at)) * a_at
           - coalesce((select range_agg(h.at) from override_heirs(o) h where h.person = s.person), '{}') as at
    from shift s
    where s.rota = o.rota and s.known_to = 'infinity' and s.override is null and s.class = 'named'
      and s.person is distinct from o.person and s.person is distinct from o.instead
      and tstzrange(s.starts_at, s.ends_at) && a_at
      and not exists (select from shift b where b.id = any (o.saw) and b.class = 'named'
                        and code_now('person', b.person, o.made_at) = s.person
                        and b.starts_at < s.ends_at and b.ends_at > s.starts_at)
    group by s.person) x
  where not isempty(x.at)
  order by x.first, x.person
  limit 4
$$;

-- Where an override is on, and where it is in dispute, by what is in force now. a_rests, a_pieces: what it rested on until now; a_first: the
-- event that says what it was made for; null: it is being made. Shifts are compared by person and time, never by key: many programs give new keys with each export.
create function override_look(o override, a_first override_event, a_rests tstzrange[], a_pieces tstzrange[], out on_at tstzmultirange,
                              out disputed tstzmultirange, out rests tstzrange[], out pieces tstzrange[], out standing text, out dispute text, out third text[])
language plpgsql stable as $$
declare
  span constant tstzrange := tstzrange(o.starts_at, o.expires_at);
  own tstzmultirange;                 -- when the calendar itself has the stand-in on, or who stands in for that person
  shifts tstzrange[];
  given tstzmultirange;               -- what it was made for, where nobody is on by it any more
  found_one boolean;
  piece tstzrange;
  shift_now tstzrange;
  i integer;
begin
  on_at := '{}';
  disputed := '{}';
  standing := 'waiting';
  select coalesce(range_agg(tstzrange(s.starts_at, s.ends_at)), '{}') into own
    from shift s
    where s.rota = o.rota and s.known_to = 'infinity' and s.override is null and s.class = 'named' and s.person = o.person
      and s.ends_at > o.starts_at - override_reach() and s.starts_at < o.expires_at + override_reach();
  select own + coalesce(range_agg(tstzrange(s.starts_at, s.ends_at) * h.at), '{}') into own
    from override_heirs(o) h join shift s on s.rota = o.rota and s.known_to = 'infinity' and s.override is null and s.class = 'named'
                                             and s.person = h.person and tstzrange(s.starts_at, s.ends_at) && h.at;
  shifts := override_shifts_of(o);

  if o.nobody then
    select coalesce(range_agg(x.r), '{}') into disputed from override_strangers(o, tstzmultirange(span)) s, unnest(s.at) x (r);
    on_at := tstzmultirange(span) - disputed;
    select array_agg(s.person) into third from override_strangers(o, disputed) s;
  elsif o.instead is null then
    on_at := tstzmultirange(span);
    if own @> span and not exists (select from unnest(shifts) s (r) where s.r && span) then
      on_at := '{}';
      standing := 'reconciled';
      return;
    end if;
    select array_agg(s.person) into third from override_strangers(o, on_at) s;
    if third is not null then
      standing := 'conflicting';
      dispute := 'another_person';
    end if;
    return;
  else
    rests := '{}';
    pieces := '{}';
    for i in 1 .. coalesce(cardinality(a_rests), 0) loop
      if a_rests[i] = any (shifts) then
        rests := rests || a_rests[i];
        pieces := pieces || a_pieces[i];
        continue;
      end if;
      found_one := false;
      foreach shift_now in array shifts loop
        continue when not shift_now && a_pieces[i];
        found_one := true;
        piece := override_piece_follows(o, a_rests[i], a_pieces[i], shift_now);
        continue when isempty(piece) or shift_now = any (rests) or shift_now = any (a_rests);
        rests := rests || shift_now;
        pieces := pieces || piece;
      end loop;
      if not found_one then
        rests := rests || a_rests[i];
        pieces := pieces || a_pieces[i];
        disputed := disputed + tstzmultirange(a_pieces[i]);
      end if;
    end loop;
    foreach shift_now in array shifts loop
      continue when not shift_now && span or shift_now = any (rests);
      rests := rests || shift_now;
      pieces := pieces || shift_now * span;
    end loop;
    for i in 1 .. cardinality(rests) loop
      if rests[i] = any (shifts) then
        on_at := on_at + tstzmultirange(pieces[i]);
      end if;
    end loop;
    disputed := disputed - own - on_at;
    given := (select coalesce(range_agg(r), '{}') from unnest(a_first.pieces) r) - on_at - own;
    select disputed + coalesce(range_agg(x.r), '{}') into disputed from override_strangers(o, given) s, unnest(s.at) x (r);
    select array_agg(s.person) into third from override_strangers(o, disputed) s;
    if isempty(on_at) and isempty(disputed) and cardinality(rests) > 0 then
      standing := 'reconciled';
      return;
    end if;
  end if;
  if not isempty(disputed) then
    standing := 'conflicting';
    dispute := case when third is null then 'shift_gone' else 'another_person' end;
  elsif exists (select from unnest(rests) r where r = any (shifts) and not r = any (a_first.rests)) then
    standing := 'followed';
  end if;
end $$;

-- Brings the rows of an override to what they should be: on at a_on, undecided at a_disputed. Rows that are right already are not touched.
create function override_write(o override, a_on tstzmultirange, a_disputed tstzmultirange, a_moment timestamptz) returns boolean
language plpgsql as $$
declare
  ended bigint[];
  moment timestamptz;
  written bigint;
begin
  select array_agg(s.id), greatest(a_moment, max(s.known_from)) into ended, moment
    from shift s
    where s.override = o.id and s.known_to = 'infinity'
      and not exists (select from unnest(case s.class when 'undecided' then a_disputed else a_on end) w (r)
                      where w.r = tstzrange(s.starts_at, s.ends_at));
  if ended is not null then
    perform shifts_supersede(ended, moment);
  end if;
  insert into shift (rota, key, class, person, starts_at, ends_at, override, known_from)
    select o.rota, 'override:' || o.id || ':' || extract(epoch from lower(w.r))::bigint, w.class, o.person, lower(w.r), upper(w.r), o.id, moment
    from (select case when o.nobody then 'nobody' else 'named' end, r from unnest(a_on) r
          union all select 'undecided', r from unnest(a_disputed) r) w (class, r)
    where not exists (select from shift s where s.override = o.id and s.known_to = 'infinity' and (s.class = 'undecided') = (w.class = 'undecided')
                        and tstzrange(s.starts_at, s.ends_at) = w.r)
    order by lower(w.r);
  get diagnostics written = row_count;
  return written > 0 or ended is not null;
end $$;

-- The overrides of these rotas that are checked when a calendar changes.
create function overrides_live(a_rotas text[]) returns setof override language sql stable as $$
  select x.* from override x
  where x.rota = any (a_rotas) and x.withdrawn_at is null
    and (x.expires_at > clock_timestamp()
         or exists (select from shift h where h.override = x.id and h.known_to = 'infinity' and h.ends_at > clock_timestamp()))
  order by x.id
$$;

-- The standing of each of these overrides.
create function overrides_stand(a_overrides bigint[]) returns setof override_event language sql stable as $$
  select e.* from unnest(a_overrides) o (id)
  cross join lateral (select x.* from override_event x where x.override = o.id order by x.id desc limit 1) e
$$;

-- The standing of an override, as a text that is compared with the one that the person who decides was shown.
create function override_turn(e override_event) returns text language sql immutable as $$
  select e.override || ' ' || e.standing || coalesce(' ' || e.dispute, '') || coalesce(' ' || array_to_string(e.third, ','), '')
$$;

-- Of overrides, their states before and after: those that have changed.
create function overrides_turned(a_stood override_event[], a_stands override_event[]) returns table (stood override_event, stands override_event)
language sql stable as $$
  select w, e from unnest(a_stood) w join unnest(a_stands) e on e.override = w.override
  where (w.standing, w.dispute, w.third) is distinct from (e.standing, e.dispute, e.third) order by e.override
$$;

-- The shifts of these rotas have changed: determines the standings of their overrides, in the order in which they were made, since a later
-- one may replace a stand-in. The caller holds the feeds' rows. known_from is the instant of the change that caused it, so that the record has no
-- moment in which neither the old calendar nor the override counted.
create function overrides_settle(a_rotas text[]) returns void language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
declare
  o override;
  s record;
  first override_event;
  last override_event;
  moment timestamptz;
begin
  for o in select x.* from overrides_live(a_rotas) x join feed f on f.rota = x.rota order by x.id loop
    select * into last from override_event e where e.override = o.id order by e.id desc limit 1;
    select * into first from override_event e where e.override = o.id and e.rests is not null order by e.id limit 1;
    select * into s from override_look(o, first, last.rests, last.pieces);
    select coalesce(max(greatest(x.known_from, case when isfinite(x.known_to) then x.known_to end)), clock_timestamp()) into moment
      from shift x where x.rota = o.rota and x.known_to >= now() and (x.known_from >= now() or isfinite(x.known_to));
    if (last.standing, last.dispute, last.third, last.rests, last.pieces)
       is distinct from (s.standing, s.dispute, s.third, s.rests, s.pieces) then
      insert into override_event (override, at, standing, dispute, third, reading, rests, pieces)
        select o.id, greatest(moment, last.at), s.standing, s.dispute, s.third, f.reading, s.rests, s.pieces from feed f where f.rota = o.rota;
    end if;
    perform override_write(o, s.on_at, s.disputed, moment);
  end loop;
end $$;
grant execute on function overrides_settle to crisiscover_feeds;

-- Tells what has changed of disputes on these rotas. It takes the counter of flags: whatever else the transaction locks comes before it. The
-- caller holds the feeds' rows.
create function overrides_tell(a_rotas text[]) returns void language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
declare
  o record;
  told boolean := false;
begin
  for o in
    select x.id, x.rota, coalesce(t.disputed, '{}') as was,
           case when x.withdrawn_at is null then coalesce(d.disputed, '{}') else '{}' end as now_is
    from (select id from overrides_live(a_rotas)
          union select t.override from override_told t join override v on v.id = t.override where v.rota = any (a_rotas)) n
    join override x on x.id = n.id
    left join override_told t on t.override = x.id
    left join lateral (select range_agg(tstzrange(s.starts_at, s.ends_at)) as disputed from shift s
                       where s.override = x.id and s.known_to = 'infinity' and s.class = 'undecided') d on true
    order by x.id loop
    continue when o.was = o.now_is;
    if isempty(o.now_is) then
      delete from override_told where override = o.id;
      perform flag_add('override_settled', null, null, null, null, 'settled', lower(o.was), upper(o.was), 'normal', o.rota,
                       jsonb_build_object('override', o.id));
      told := true;
      continue;
    end if;
    insert into override_told (override, disputed) values (o.id, o.now_is)
      on conflict (override) do update set disputed = excluded.disputed;
    if not o.was @> o.now_is then
      perform flag_add('override_disputed', null, null, null, null, 'unknown', lower(o.now_is), upper(o.now_is), 'high', o.rota,
                       jsonb_build_object('override', o.id));
      told := true;
    end if;
  end loop;
  if told then
    notify flags_filled;
  end if;
end $$;
grant execute on function overrides_tell to crisiscover_feeds;

-- ------------------------------------------------------------------------------------------------------------- overrides and absences by people

-- "override 12 (s-ahmed instead of jo-jones, made by fenmere-rotas on 21 Nov 2026 at 21:05)"
create function override_words(x override) returns text language sql stable as $$
  select format('override %s (%s%s, made by %s on %s)', x.id, coalesce(x.person, 'nobody'), coalesce(' instead of ' || x.instead, ''), x.made_by,
                to_char(x.made_at at time zone 'Europe/London', 'FMDD Mon YYYY "at" HH24:MI'))
$$;

-- The api has checked the right to do this and whether the person may cover. a_person null: nobody. One place at one instant has one override: that is
-- checked here, under the lock of the rota's feed. It makes no difference whether the calendar says the same already: an override counts even when
-- the calendar is not trusted. P0001, with a sentence, when it cannot be made.
--
-- An override that is over can be corrected for 31 days, also one for nobody: it can no longer be withdrawn, and it has every place of the rota, so
-- without this nobody could record who came. A late correction that puts somebody on is laid over it. A late correction can itself be withdrawn at
-- any time.
create function override_add(a_rota text, a_person text, a_instead text, a_start timestamptz, a_end timestamptz, a_expires timestamptz,
                             a_note text, a_late boolean, a_actor text) returns bigint
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  f feed;
  o override;
  place record;
  first override;
  ends constant timestamptz := least(a_end, a_expires);
begin
  select * into f from feed where rota = a_rota for update;
  if not found then
    raise exception 'the rota % is no longer in the region', a_rota using errcode = 'P0001';
  end if;
  select x.* into first from override x
    where x.rota = a_rota and x.withdrawn_at is null and x.starts_at < ends and x.expires_at > a_start
      and (x.instead = a_instead or x.nobody or a_person is null)
      and not (x.nobody and not x.late and a_late and a_person is not null and x.expires_at <= clock_timestamp())
    order by x.id limit 1;
  if found then
    raise exception '% came first and has that place at some of that time: %', override_words(first),
      case when first.expires_at > clock_timestamp() or first.late then 'withdraw it before you make another'
           when first.person is not null then format('it is over; put somebody on instead of %s to correct it', first.person)
           else 'it is over' end using errcode = 'P0001';
  end if;
  select x.* into first from override x
    where x.rota = a_rota and x.person = a_person and x.withdrawn_at is null and x.starts_at < ends and x.expires_at > a_start
      and exists (select from shift h where h.override = x.id and h.known_to = 'infinity' and h.starts_at < ends and h.ends_at > a_start)
    order by x.id limit 1;
  if found then
    raise exception '% came first and already puts this person on this rota at some of that time: withdraw it before you make another',
      override_words(first) using errcode = 'P0001';
  end if;
  insert into override (rota, person, instead, starts_at, ends_at, expires_at, note, nobody, late, made_by, saw)
    select a_rota, a_person, a_instead, a_start, a_end, ends, a_note, a_person is null, a_late, a_actor,
           coalesce(array_agg(s.id order by s.id), '{}')
    from shift s
    where s.rota = a_rota and s.known_to = 'infinity' and s.override is null and s.ends_at > a_start and s.starts_at < a_end
      -- A person whom an earlier override takes off is not on. If that override goes, the person is a third person.
      and not exists (select from override x join shift h on h.override = x.id and h.known_to = 'infinity'
                      where x.rota = a_rota and x.withdrawn_at is null and x.instead = s.person and h.starts_at < s.ends_at and h.ends_at > s.starts_at)
    returning * into o;
  select * into place from override_look(o, null, null, null);
  if a_instead is not null and cardinality(place.rests) = 0 then
    raise exception '% has no shift on this rota at any of that time. To put somebody on as well, name nobody who is replaced', a_instead using errcode = 'P0001';
  end if;
  insert into override_event (override, at, standing, reading, rests, pieces) values (o.id, o.made_at, 'waiting', f.reading, place.rests, place.pieces);
  perform override_write(o, case when o.nobody or o.instead is not null then place.on_at + place.disputed
                                 else tstzmultirange(tstzrange(o.starts_at, o.expires_at)) end, '{}', o.made_at);
  insert into audit (actor, action, object, detail)
    values (a_actor, 'override_made', 'override/' || o.id,
            jsonb_build_object('rota', a_rota, 'person', a_person, 'instead', a_instead, 'starts_at', a_start, 'ends_at', a_end,
                               'expires_at', o.expires_at, 'late', a_late));
  perform shifts_mark(array[a_rota]);
  return o.id;
end $$;
grant execute on function override_add to crisiscover_api;

-- Those that depend on an override: they replace the one it puts on.
create function override_resting(o override) returns setof override language sql stable as $$
  select x.* from override x
  where x.rota = o.rota and x.id > o.id and x.withdrawn_at is null and x.instead = o.person
    and x.starts_at < o.expires_at and x.expires_at > o.starts_at and x.expires_at > clock_timestamp()
  order by x.id
$$;

-- Withdraws an override from now on; the past keeps it. A late correction is withdrawn as a whole. One that others build on is withdrawn only with
-- a_confirm; the others are then checked again and are in dispute, which is published. P0001 when it cannot be withdrawn.
create function override_withdraw(a_id bigint, a_confirm boolean, a_actor text) returns void
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  o override;
  held bigint[];
  past tstzmultirange;
  stays tstzmultirange := '{}';
  doubted tstzmultirange := '{}';
  moment timestamptz;
  resting text;
begin
  perform from feed where rota = (select rota from override where id = a_id) for update;
  select * into o from override where id = a_id for update;
  if not found then
    raise exception 'there is no override %', a_id using errcode = 'P0001';
  elsif o.withdrawn_at is not null then
    raise exception 'this override was withdrawn before' using errcode = 'P0001';
  elsif o.expires_at <= clock_timestamp() and not o.late then
    raise exception 'this override is over: there is nothing left to take back' using errcode = 'P0001';
  end if;
  select string_agg(override_words(x), ', ') into resting from override_resting(o) x;
  if resting is not null and not a_confirm then
    raise exception '% rests on this one, and would be in dispute without it: withdraw that first, or confirm (?confirm=1; with crisiscover, --confirm)', resting using errcode = 'P0001';
  end if;
  select array_agg(id) into held from shift where override = a_id and known_to = 'infinity';
  moment := record_moment(coalesce(held, '{}'));
  update override set withdrawn_at = moment, withdrawn_by = a_actor where id = a_id;
  if not o.late then
    past := tstzmultirange(tstzrange('-infinity', date_trunc('second', moment)));
    select coalesce(range_agg(tstzrange(s.starts_at, s.ends_at)) filter (where s.class <> 'undecided'), '{}') * past,
           coalesce(range_agg(tstzrange(s.starts_at, s.ends_at)) filter (where s.class = 'undecided'), '{}') * past
      into stays, doubted
      from shift s where s.id = any (held);
  end if;
  perform override_write(o, stays, doubted, moment);
  insert into audit (actor, action, object, detail)
    values (a_actor, 'override_withdrawn', 'override/' || a_id, jsonb_build_object('rota', o.rota));
  perform overrides_settle(array[o.rota]);
  perform shifts_mark(array[o.rota]);
  perform overrides_tell(array[o.rota]);
end $$;
grant execute on function override_withdraw to crisiscover_api;

create function absence_write(a absence, a_ends timestamptz, a_moment timestamptz) returns void language sql volatile as $$
  insert into shift (rota, key, class, person, starts_at, ends_at, known_from)
    values ('absence:typed', 'absence:' || a.id, 'absence', a.person, a.starts_at, a_ends, a_moment)
$$;

create function absence_add(a_person text, a_start timestamptz, a_end timestamptz, a_actor text) returns bigint
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare a absence;
begin
  insert into absence (person, starts_at, ends_at, made_by) values (a_person, a_start, a_end, a_actor) returning * into a;
  perform absence_write(a, a.ends_at, a.made_at);
  insert into audit (actor, action, object, detail)
    values (a_actor, 'absence_made', 'absence/' || a.id,
            jsonb_build_object('person', a_person, 'starts_at', a_start, 'ends_at', a_end));
  perform shifts_mark(array['absence:typed']);
  return a.id;
end $$;
grant execute on function absence_add to crisiscover_api;

-- From now on, as for an override.
create function absence_withdraw(a_id bigint, a_actor text) returns void
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  a absence;
  held bigint;
  moment timestamptz;
begin
  select * into a from absence where id = a_id for update;
  if not found then
    raise exception 'there is no absence %', a_id using errcode = 'P0001';
  elsif a.withdrawn_at is not null then
    raise exception 'this absence was withdrawn before' using errcode = 'P0001';
  elsif a.ends_at <= clock_timestamp() then
    raise exception 'this absence is over: there is nothing left to take back' using errcode = 'P0001';
  end if;
  select id into strict held from shift where rota = 'absence:typed' and key = 'absence:' || a_id and known_to = 'infinity';
  moment := record_moment(array[held]);
  update absence set withdrawn_at = moment, withdrawn_by = a_actor where id = a_id;
  perform shifts_supersede(array[held], moment);
  if a.starts_at < date_trunc('second', moment) then
    perform absence_write(a, date_trunc('second', moment), moment);
  end if;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'absence_withdrawn', 'absence/' || a_id, jsonb_build_object('person', a.person));
  perform shifts_mark(array['absence:typed']);
end $$;
grant execute on function absence_withdraw to crisiscover_api;

-- ------------------------------------------------------------------------------------------------------------------------------------- previews

-- Previews do the change, read the rota, and roll the change back. The columns of a shift are those that the api reads.
create type shift_shown as (rota text, id bigint, class text, person text, team text, title text, starts_at timestamptz, ends_at timestamptz,
  override bigint, instead text, made_at timestamptz, made_by text, note text, dispute text, third text[], late boolean);

-- Whether a dispute of an override is about this very row of it, whose class is a_class. Before an override had rows of their own for what is
-- in dispute, it had one row, which was in dispute as a whole; its events have no a_rests.
create function override_disputed(a_class text, a_rests tstzrange[]) returns boolean language sql immutable as $$
  select a_class = 'undecided' or (a_rests is null and a_class = 'named')
$$;
grant execute on function override_disputed to crisiscover_api;

create function rota_shown(a_rota text, a_after timestamptz, a_before timestamptz) returns setof shift_shown language sql stable as $$
  select s.rota, s.id, s.class, s.person, s.team, s.title, s.starts_at, s.ends_at, s.override, o.instead, o.made_at, o.made_by, o.note,
         case when override_disputed(s.class, e.rests) then e.dispute when e.standing = 'followed' then 'times_changed' end,
         case when override_disputed(s.class, e.rests) then e.third end, o.late
  from shift s left join override o on o.id = s.override
  left join lateral (select x.* from override_event x where x.override = o.id order by x.id desc limit 1) e on true
  where s.rota = a_rota and s.known_to = 'infinity' and s.ends_at > a_after and s.starts_at < a_before
$$;

create function override_add_try(a_rota text, a_person text, a_instead text, a_start timestamptz, a_end timestamptz, a_expires timestamptz,
                                 a_note text, a_late boolean, a_actor text, a_after timestamptz, a_before timestamptz) returns setof shift_shown
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare shown shift_shown[];
begin
  begin
    perform override_add(a_rota, a_person, a_instead, a_start, a_end, a_expires, a_note, a_late, a_actor);
    select array_agg(x) into shown from rota_shown(a_rota, a_after, a_before) x;
    raise exception 'taken back' using errcode = 'P0003';
  exception when sqlstate 'P0003' then
    null;
  end;
  return query select * from unnest(shown);
end $$;
grant execute on function override_add_try to crisiscover_api;

create function override_withdraw_try(a_id bigint, a_actor text, a_after timestamptz, a_before timestamptz) returns setof shift_shown
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare shown shift_shown[];
begin
  begin
    perform override_withdraw(a_id, true, a_actor);
    select array_agg(x) into shown from override o, rota_shown(o.rota, a_after, a_before) x where o.id = a_id;
    raise exception 'taken back' using errcode = 'P0003';
  exception when sqlstate 'P0003' then
    null;
  end;
  return query select * from unnest(shown);
end $$;
grant execute on function override_withdraw_try to crisiscover_api;


-- --------------------------------------------------------------------------------------------------------------------------------------- rights

-- PostgreSQL lets everybody execute a new function.
revoke all on all functions in schema crisiscover from public;
