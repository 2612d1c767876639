-- What people of ours say here: overrides (for this time X stands in for Y) and absences (for this time X is away). Both are rows of `shift`, so that
-- spans, the record and "what was known then" need nothing new; the tables here say who said it, when, and what became of it.
--
-- A row of `shift` that belongs to an override has no reading: what a calendar says never supersedes it. Where an override stands against its
-- rota's calendar is looked at again with every change of the rota's shifts, in the same transaction (overrides_settle):
--
--   waiting      the calendar does not say it yet: the override counts
--   reconciled   the calendar names the stand-in for the whole time, and no more whom he replaces: the override is not needed, its row ends
--   conflicting  the calendar says a third thing: the override counts, and people are warned. Where the calendar has put others in the place of
--                whom the stand-in replaces, those do not count over that time either: there is one place, and who has it was said here
--
-- It goes from any of them to any other as often as the calendar changes its mind, until the override is withdrawn or over.

set local search_path = crisiscover;

create table override (
  id           bigint generated always as identity primary key,   -- the order of making: a later one wins over an earlier one
  rota         text not null references rota,
  person       text not null references person,                   -- is on, from starts_at to expires_at
  instead      text references person,                            -- and this one is not; null: nobody is replaced
  starts_at    timestamptz not null,
  ends_at      timestamptz not null,                               -- as it was asked for
  expires_at   timestamptz not null,                               -- when it stops to count, ends_at at the latest
  note         text check (length(note) between 1 and 200),
  made_at      timestamptz not null default clock_timestamp(),
  made_by      text not null,
  saw          bigint[] not null,                                  -- what the calendar said of that time when it was made
  withdrawn_at timestamptz,
  withdrawn_by text,
  check (starts_at < expires_at and expires_at <= ends_at),
  check (isfinite(starts_at) and isfinite(ends_at)),
  check (person <> instead),
  check ((withdrawn_at is null) = (withdrawn_by is null))
);
create index override_by_rota on override (rota, expires_at);

-- Each change of where an override stands, for ever: when, and by which reading.
create table override_event (
  id       bigint generated always as identity primary key,
  override bigint not null references override,
  at       timestamptz not null,
  standing text not null check (standing in ('waiting', 'reconciled', 'conflicting')),
  dispute  text check (dispute in ('another_person', 'times_changed')),
  third    text[],                          -- whom the calendar names that the override knows nothing of, at most four
  reading  bigint references reading,        -- that was in force then; null: none
  check ((standing = 'conflicting') = (dispute is not null)),
  check (dispute is null or (dispute = 'another_person') = (third is not null)),
  check (cardinality(third) between 1 and 4)
);
create index override_event_by_override on override_event (override, id);

-- No reason is stored, here or anywhere: it is nobody's business, and there is no column for it.
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

alter table shift add column override bigint references override;
create index shift_of_override on shift (override) where override is not null;

-- Where typed absences stand in `shift`. No rota of a region can be called so: a code has no colon.
insert into rota (id) values ('absence:typed');

-- Of what was said, only the withdrawal is ever written.
create function keep_what_was_said() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.withdrawn_at is null
     and to_jsonb(new) - 'withdrawn_at' - 'withdrawn_by' = to_jsonb(old) - 'withdrawn_at' - 'withdrawn_by' then
    return new;
  end if;
  raise exception '% on %: the record is only ever added to', lower(tg_op), tg_table_name using errcode = 'P0002';
end $$;
create trigger keep before update or delete on override for each row execute function keep_what_was_said();
create trigger keep before update or delete on absence for each row execute function keep_what_was_said();
create trigger keep before update or delete on override_event for each row execute function keep_the_record();
create trigger keep_all before truncate on override execute function keep_the_record();
create trigger keep_all before truncate on absence execute function keep_the_record();
create trigger keep_all before truncate on override_event execute function keep_the_record();

-- ------------------------------------------------------------------------------------------------ where an override stands

-- What the calendar of its rota says of an override now. Shifts are compared by person and time, never by key: many programs give new keys
-- with each export.
create function override_look(o override, out standing text, out dispute text, out third text[]) language plpgsql stable as $$
declare
  span constant tstzrange := tstzrange(o.starts_at, o.expires_at);
  own tstzmultirange;       -- when the calendar has the stand-in on
  theirs tstzmultirange;    -- and the one who is replaced, whole shifts
  before tstzmultirange;    -- the same when the override was made
begin
  select range_agg(tstzrange(s.starts_at, s.ends_at)) filter (where s.person = o.person),
         range_agg(tstzrange(s.starts_at, s.ends_at)) filter (where s.person = o.instead)
    into own, theirs
    from shift s
    where s.rota = o.rota and s.known_to = 'infinity' and s.override is null and s.class = 'named'
      and s.ends_at > o.starts_at and s.starts_at < o.expires_at;
  standing := 'waiting';
  if own @> span and theirs is null then
    standing := 'reconciled';
    return;
  end if;
  select range_agg(tstzrange(s.starts_at, s.ends_at)) into before
    from shift s where s.id = any (o.saw) and s.class = 'named' and s.person = o.instead;
  -- The replaced one is where he was: the calendar has not been changed here, whoever else has come on to this rota.
  if theirs is not null and theirs = before then
    return;
  end if;
  -- Somebody who was not on when the override was made, where the replaced one is not any more.
  select array_agg(x.person order by x.first, x.person) into third
    from (select s.person, min(s.starts_at) as first
          from shift s
          where s.rota = o.rota and s.known_to = 'infinity' and s.override is null and s.class = 'named'
            and s.ends_at > o.starts_at and s.starts_at < o.expires_at and s.person <> o.person and s.person is distinct from o.instead
            and not exists (select from shift b where b.id = any (o.saw) and b.class = 'named' and b.person = s.person)
          group by s.person order by 2, 1 limit 4) x;
  if third is not null then
    standing := 'conflicting';
    dispute := 'another_person';
  elsif theirs is not null and before is not null then
    standing := 'conflicting';
    dispute := 'times_changed';
  end if;
end $$;

-- The row of `shift` by which an override counts, or null.
create function override_row(a_override bigint) returns bigint language sql stable as $$
  select id from shift where override = a_override and known_to = 'infinity'
$$;

create function override_write(o override, a_ends timestamptz, a_moment timestamptz) returns void language sql volatile as $$
  insert into shift (rota, key, class, person, starts_at, ends_at, override, known_from)
    values (o.rota, 'override:' || o.id, 'named', o.person, o.starts_at, a_ends, o.id, a_moment)
$$;

-- The shifts of these rotas have changed: where do their overrides stand now? Also puts back the row of one that somebody ended who meant the
-- calendar's. The caller holds the feeds' rows. Changes become known at the instant of the change that brings them about: a moment in which
-- neither the old calendar nor the override counted never was.
create function overrides_settle(a_rotas text[]) returns void language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
declare
  o override;
  s record;
  last override_event;
  held bigint;
  moment timestamptz;
begin
  for o in select x.* from override x join feed f on f.rota = x.rota
           where x.rota = any (a_rotas) and x.withdrawn_at is null and x.expires_at > clock_timestamp() order by x.id loop
    select * into s from override_look(o);
    select * into last from override_event e where e.override = o.id order by e.id desc limit 1;
    held := override_row(o.id);
    continue when (last.standing, last.dispute, last.third) is not distinct from (s.standing, s.dispute, s.third)
              and (held is null) = (s.standing = 'reconciled');
    select coalesce(max(greatest(x.known_from, case when isfinite(x.known_to) then x.known_to end)), clock_timestamp()) into moment
      from shift x where x.rota = o.rota and x.known_to >= now() and (x.known_from >= now() or isfinite(x.known_to));
    if (last.standing, last.dispute, last.third) is distinct from (s.standing, s.dispute, s.third) then
      insert into override_event (override, at, standing, dispute, third, reading)
        select o.id, greatest(moment, last.at), s.standing, s.dispute, s.third, f.reading from feed f where f.rota = o.rota;
    end if;
    if s.standing = 'reconciled' and held is not null then
      perform shifts_supersede(array[held], greatest(moment, record_moment(array[held])));
    elsif s.standing <> 'reconciled' and held is null then
      perform override_write(o, o.expires_at, moment);
    end if;
  end loop;
end $$;

-- The number of a mark never comes again. It began with 1 each time its row did, so that whoever had read the 1 of an older mark cleared the 1
-- of a younger one, and with it a change that nobody had swept.
create sequence dirty_mark;
select setval('dirty_mark', coalesce(max(n), 0) + 1) from dirty;
alter table dirty alter column n set default nextval('dirty_mark');

-- Marks rotas for coverage, as shifts_changed did; on its own for what leaves the calendar as it is.
create function shifts_mark(a_rotas text[]) returns void language plpgsql as $$
begin
  insert into dirty (rota) select distinct unnest(a_rotas) order by 1
    on conflict (rota) do update set n = nextval('dirty_mark');
  notify shifts_changed;
end $$;

-- As before, and overrides are looked at again: whoever changes what a calendar says comes through here.
create or replace function shifts_changed(a_rotas text[]) returns void language plpgsql as $$
begin
  perform overrides_settle(a_rotas);
  perform shifts_mark(a_rotas);
end $$;

-- ------------------------------------------------------------------------------------------------------ overrides by people

-- The api has asked who may and whether the person is fit for it. The calendar is not asked whether it says the same already: what is said
-- here counts even when the calendar cannot be believed. P0001, with a sentence, when it cannot be.
create function override_add(a_rota text, a_person text, a_instead text, a_start timestamptz, a_end timestamptz, a_expires timestamptz,
                             a_note text, a_actor text) returns bigint
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  f feed;
  o override;
begin
  select * into f from feed where rota = a_rota for update;
  if not found then
    raise exception 'the rota % is no longer in the region', a_rota using errcode = 'P0001';
  end if;
  if exists (select from override x
             where x.rota = a_rota and x.person = a_person and x.withdrawn_at is null
               and x.starts_at < a_end and x.expires_at > a_start
               and x.expires_at > clock_timestamp() and override_row(x.id) is not null) then
    raise exception 'an override already puts this person on this rota at that time: withdraw it first' using errcode = 'P0001';
  end if;
  insert into override (rota, person, instead, starts_at, ends_at, expires_at, note, made_by, saw)
    select a_rota, a_person, a_instead, a_start, a_end, least(a_end, a_expires), a_note, a_actor,
           coalesce(array_agg(s.id order by s.id), '{}')
    from shift s
    where s.rota = a_rota and s.known_to = 'infinity' and s.override is null and s.ends_at > a_start and s.starts_at < a_end
    returning * into o;
  insert into override_event (override, at, standing, reading) values (o.id, o.made_at, 'waiting', f.reading);
  perform override_write(o, o.expires_at, o.made_at);
  insert into audit (actor, action, object, detail)
    values (a_actor, 'override_made', 'override/' || o.id,
            jsonb_build_object('rota', a_rota, 'person', a_person, 'instead', a_instead, 'starts_at', a_start, 'ends_at', a_end,
                               'expires_at', o.expires_at));
  perform shifts_mark(array[a_rota]);
  return o.id;
end $$;

-- Takes an override back, from now on: what it covered, it covered. P0001 when there is nothing left to take back.
create function override_withdraw(a_id bigint, a_actor text) returns void
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  o override;
  held bigint;
  moment timestamptz;
begin
  perform from feed where rota = (select rota from override where id = a_id) for update;
  select * into o from override where id = a_id for update;
  if not found then
    raise exception 'there is no override %', a_id using errcode = 'P0001';
  elsif o.withdrawn_at is not null then
    raise exception 'this override was withdrawn before' using errcode = 'P0001';
  elsif o.expires_at <= clock_timestamp() then
    raise exception 'this override is over: there is nothing left to take back' using errcode = 'P0001';
  end if;
  held := override_row(a_id);
  moment := record_moment(case when held is null then '{}' else array[held] end);
  update override set withdrawn_at = moment, withdrawn_by = a_actor where id = a_id;
  if held is not null then
    perform shifts_supersede(array[held], moment);
    if o.starts_at < date_trunc('second', moment) then
      perform override_write(o, date_trunc('second', moment), moment);
    end if;
  end if;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'override_withdrawn', 'override/' || a_id, jsonb_build_object('rota', o.rota));
  perform shifts_mark(array[o.rota]);
end $$;

-- ------------------------------------------------------------------------------------------------------- absences by people

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

-- ------------------------------------------------------------------------------------------------------------------- then

-- As it was, but of what the calendar said alone: an override is no word of the source's, and moves no horizon.
create or replace function sources_then(a_rotas text[], a_known timestamptz)
returns table (rota text, kind text, state text, fault text, last_good_at timestamptz, last_change_at timestamptz, horizon timestamptz)
language sql stable as $$
  select r.rota, coalesce(f.kind, 'ical_url'), coalesce(e.state, 'never'), e.fault,
         case when e.state = 'good' then least(a_known, coalesce(later.last_good_at, f.last_good_at, a_known)) else e.last_good_at end,
         (select max(s.known_from) from shift s where s.rota = r.rota and s.override is null and s.known_from <= a_known),
         (select max(s.ends_at) from shift s
          where s.rota = r.rota and s.override is null and s.known_from <= a_known and s.known_to > a_known)
  from unnest(a_rotas) as r (rota)
  left join feed f on f.rota = r.rota
  left join lateral (select * from feed_event x where x.rota = r.rota and x.at <= a_known order by x.at desc, x.id desc limit 1) e on true
  left join lateral (select * from feed_event x where x.rota = r.rota and x.at > a_known order by x.at, x.id limit 1) later on true
$$;

-- --------------------------------------------------------------------------------------------------------------------- rights

revoke all on function keep_what_was_said, override_look, override_row, override_write, overrides_settle, shifts_mark, override_add,
  override_withdraw, absence_write, absence_add, absence_withdraw from public;
grant execute on function overrides_settle, shifts_mark to crisiscover_feeds;
grant usage on sequence dirty_mark to crisiscover_feeds;
grant execute on function override_add, override_withdraw, absence_add, absence_withdraw to crisiscover_api;
grant select on override, override_event to crisiscover_coverage, crisiscover_api;
grant select on absence to crisiscover_api;
