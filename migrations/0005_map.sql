-- SPDX-License-Identifier: MIT

-- The map: what each demand has when, and the gaps in it.
--
-- Coverage reads tables with its own rights and writes only through the functions here, which run with the owner's: a fault in the role
-- cannot do more to the map than these functions do. Anyone who changes the map locks map_head first, so commits come one after
-- another, versions are in commit order, and a row of demand or gap that was read after the lock cannot move until the commit.
-- The counter of flags is locked last of all (flag_add).
--
-- A gap that nobody acknowledges is announced further up a ladder of alerts; gaps that one source has made are a group; a gap that flaps is announced
-- a few times and not each time. An acknowledgement holds for a week and can be taken back; notes about a gap are kept.

set local search_path = crisiscover;
set local check_function_bodies = off;

-- ---------------------------------------------------------------------------------------------------------------------------- demands and spans

-- One requirement at one place (its own or inherited): the unit of the map. `version` guards against two writers; `next_at` is the next
-- instant at which time alone changes something here.
create table demand (
  requirement    text not null references requirement,
  place          text not null references place,
  version        bigint not null default 0,
  next_at        timestamptz not null default '-infinity',
  swept_to       timestamptz,
  retired_at     timestamptz,
  region_version bigint not null default 0,   -- the region it was last swept for
  primary key (requirement, place)
);
create index demand_due on demand (next_at) where retired_at is null;
-- The least one says whether all were swept for a region, and those that were not are found: each change of one object asks.
create index demand_swept on demand (region_version) where retired_at is null;
grant select on demand to crisiscover_api, crisiscover_coverage;

-- The head of the map. Locked by each commit of coverage, so versions are in commit order.
create table map_head (
  only_row       boolean primary key default true check (only_row),
  epoch          integer not null,
  version        bigint not null,
  region_version bigint not null,      -- the region this map was swept for
  taken_region   bigint not null default 0,  -- the newest one whose demands are those of the table
  due_region     bigint not null default 0,  -- the newest one that made all of them due
  at             timestamptz not null
);
insert into map_head (epoch, version, region_version, at) values (1, 0, 0, now());
grant select on map_head to crisiscover_api, crisiscover_coverage;

-- The rotas and demands that each version changed, for readers who follow in steps. Kept for a day; a reader that is older reads everything.
create table map_change (
  epoch       integer not null,
  version     bigint not null,
  rota        text,
  requirement text,
  place       text,
  at          timestamptz not null default clock_timestamp()
);
create index map_change_by_version on map_change (epoch, version);
grant select on map_change to crisiscover_api;

-- The state of each demand over time. not_commissioned is not stored: it is all time outside a requirement's hours. As in shift, rows in force are in
-- a partition of their own.
--
-- No foreign key: every span is written by coverage_commit, which has found its demand with the expected version, under the lock that retiring a
-- demand needs; and no demand is ever deleted. The check of the key cost more than the rest of the insert.
create table span (
  requirement text not null,
  place       text not null,
  starts_at   timestamptz not null,
  ends_at     timestamptz not null,
  state       text not null check (state in ('covered', 'short', 'gap', 'unknown')),
  cause       text not null,
  present     integer not null check (present >= 0),
  required    integer not null check (required > 0),
  shifts      bigint[] not null default '{}',   -- the shifts that count in it
  version     bigint not null,
  known_from  timestamptz not null,
  known_to    timestamptz not null default 'infinity',
  check (starts_at < ends_at),
  check (known_from <= known_to),
  -- promise 1: covered needs shifts
  check (state <> 'covered' or (present >= required and cardinality(shifts) >= 1)),
  -- Of a bundle in which a part has nobody, the others may be there.
  check (state <> 'gap' or present < required)
) partition by range (known_to);
create table span_current partition of span for values from ('infinity') to (maxvalue);
create table span_rest partition of span default;
create unique index span_in_force on span_current (requirement, place, starts_at) where known_to = 'infinity';
create index on span_rest (requirement, place, known_to);
create trigger keep before update on span for each row execute function record_keep('span');
create trigger keep_all before delete or truncate on span execute function record_keep('span');
create trigger keep_all before delete or truncate on span_current execute function record_keep('span');
create trigger keep_all before delete or truncate on span_rest execute function record_keep('span');
grant select on span to crisiscover_api, crisiscover_coverage;

-- ---------------------------------------------------------------------------------------------------------------- sources as coverage sees them

-- The state of each rota's source, without its address. It does not age while an upload is in force instead of it.
create view source as
  select rota, fetched and upload is null as ages, last_good_at, horizon from feed;
grant select on source to crisiscover_coverage;

-- Each source as the map was last made with it. A source that differs from this is swept again, whatever changed it; above all a feed that has
-- become unknown because time has passed.
create table source_seen (
  rota          text primary key references rota,
  horizon       timestamptz not null,   -- -infinity: never read, or it says nothing
  trusted_until timestamptz not null    -- infinity: not unknown
);
grant select on source_seen to crisiscover_coverage;

-- The counts of the self-check, for the metrics.
create table self_check (
  only_row     boolean primary key default true check (only_row),
  checked      bigint not null default 0,      -- demands
  mismatched   bigint not null default 0,      -- of them, those whose spans or gaps differed from a sweep of their shifts
  last_at      timestamptz
);
insert into self_check default values;

-- Parts of the statements of marks.sql, which the planner puts in place of the calls: `offset 0` keeps each of them rota by rota or person by
-- person. They run with the rights of the caller.

-- The people named by shifts of a class on a rota that have come or gone since a mark was made, and end after a_begin.
create function coverage_marked_people(a_rota text, a_since timestamptz, a_class text, a_begin timestamptz) returns setof text
language sql stable as $$
  select x.person
  from shift x
  where x.rota = a_rota and x.class = a_class and x.known_to > a_since - interval '1 day'
    and (x.known_from > a_since - interval '1 day' or x.known_to < 'infinity') and x.ends_at > a_begin
  offset 0
$$;
grant execute on function coverage_marked_people to crisiscover_coverage;

-- The rotas that hold confirmed shifts of a person that end after a_begin.
create function coverage_rotas_of(a_person text, a_begin timestamptz) returns setof text language sql stable as $$
  select x.rota from shift x where x.person = a_person and x.class = 'named' and x.known_to = 'infinity' and x.ends_at > a_begin
  offset 0
$$;
grant execute on function coverage_rotas_of to crisiscover_coverage;

-- The rotas whose source differs from source_seen. The rule of freshness is model/freshness.h; a_stale is its last limit in
-- seconds, past which a feed is unknown. Whole seconds, as there.
create function coverage_sources_changed(a_now timestamptz, a_stale bigint) returns setof text language sql stable as $$
  select s.rota
  from source s left join source_seen seen using (rota)
  where (seen.horizon, seen.trusted_until) is distinct from
        (coalesce(date_trunc('second', s.horizon), '-infinity'),
         case when not s.ages then 'infinity'
              when s.last_good_at is null then '-infinity'
              when floor(extract(epoch from a_now)) - floor(extract(epoch from s.last_good_at)) > a_stale
              then date_trunc('second', s.last_good_at) + make_interval(secs => a_stale)
              else 'infinity' end)
$$;
grant execute on function coverage_sources_changed to crisiscover_coverage;

-- ----------------------------------------------------------------------------------------------------------------------------------------- gaps

-- The rota that leaves the gaps of a group empty: of "<rota>.empty-<start of the run>" and "<rota>.empty" (model/gap.h); null of other groups.
create function gap_left_empty_by(a_group text) returns text language sql immutable as $$
  select substring(a_group from '^(.*)\.empty(-[^.]*)?$')
$$;
grant execute on function gap_left_empty_by to crisiscover_coverage;

-- A time at which a demand is not covered, from when it is first known until it is closed. Changed in place; gap_event has each step.
create table gap (
  id                    uuid primary key default gen_random_uuid(),
  requirement           text not null,
  place                 text not null,
  function              text not null references function,
  starts_at             timestamptz not null,
  ends_at               timestamptz not null,
  state                 text not null check (state in ('gap', 'short', 'unknown')),
  cause                 text not null,
  present               integer not null,
  required              integer not null,
  severity              text not null check (severity in ('critical', 'high', 'normal')),
  told                  boolean not null,     -- announced: longer than the requirement's tolerance
  started               boolean not null default false,
  opened_at             timestamptz not null default clock_timestamp(),
  changed_at            timestamptz not null default clock_timestamp(),
  acknowledged_at       timestamptz,
  acknowledged_by       text,
  note                  text,
  closed_at             timestamptz,
  passed                boolean,              -- closed because its time came and went
  remind_at             timestamptz,          -- when the next reminder is due; null: none is
  -- "<rota>.<cause>" of a gap that a source has made; null: it is in no group.
  cause_group           text,
  -- Of the gaps of one group that are open, the one that is announced and of which reminders are sent. Always true of a gap in no group.
  lead                  boolean not null default true,
  -- How many of its alerts have been sent, and to whom the last of them.
  alerts_sent           integer not null default 0 check (alerts_sent >= 0),
  alerted_to            text check (alerted_to in ('owner', 'deputy', 'commissioner')),
  -- Its severity when it was acknowledged. If it becomes worse, it must be acknowledged again.
  acknowledged_severity text check (acknowledged_severity in ('critical', 'high', 'normal')),
  -- When it was last announced as opened, and the time before.
  alarmed_at            timestamptz,
  alarmed_before_at     timestamptz,
  -- When its closing is announced, unless it opens again before; null: nothing is held.
  settle_at             timestamptz,
  -- Until when the acknowledgement holds, unless the gap becomes worse by a band before; null: it is not acknowledged, or no longer. The last
  -- acknowledgement stays (who, when and with what note) until somebody else acknowledges it.
  acknowledged_until    timestamptz,
  -- Its commissioners have accepted the risk until then (0020_risks.sql): it stays a gap, and nobody need acknowledge it meanwhile.
  risk                  bigint,
  accepted_until        timestamptz,
  check ((risk is null) = (accepted_until is null)),
  check (starts_at < ends_at),
  check ((acknowledged_at is null) = (acknowledged_by is null)),
  check ((closed_at is null) = (passed is null)),
  check (settle_at is null or closed_at is not null),
  foreign key (requirement, place) references demand
);
create index gap_open on gap (requirement, place) where closed_at is null;
create index gap_by_time on gap (place, starts_at);
create index gap_remind on gap (remind_at) where remind_at is not null;
create index gap_of_group on gap (cause_group) where cause_group is not null and closed_at is null;
create index gap_left_empty on gap (gap_left_empty_by(cause_group)) where cause_group is not null and closed_at is null;
create index gap_settles on gap (settle_at) where settle_at is not null;
create index gap_filled on gap (requirement, place, closed_at) where not passed;
create index gap_over on gap (starts_at, id);      -- the record, page by page
create index gap_accepted on gap (risk) where risk is not null and closed_at is null;
create index gap_lapses on gap (acknowledged_until) where acknowledged_until is not null and closed_at is null;
grant select on gap to crisiscover_api, crisiscover_coverage;

-- Every step of every gap. Only added to.
create table gap_event (
  id        bigint generated always as identity primary key,
  gap       uuid not null references gap,
  at        timestamptz not null default clock_timestamp(),
  step      text not null check (step in ('opened', 'changed', 'started', 'alerted', 'acknowledged', 'closed', 'reopened', 'lapsed',
                                          'taken_back', 'accepted', 'acceptance_ended')),
  row_after jsonb not null
);
create index gap_event_by_gap on gap_event (gap, id);
create trigger keep before update or delete on gap_event for each row execute function keep_the_record();
create trigger keep_all before truncate on gap_event execute function keep_the_record();
grant select on gap_event to crisiscover_api;

-- Gaps that somebody foresees, has accepted with a reason, and answers for: what leave was approved with. Such a gap is acknowledged as it opens, once.
create table gap_expected (
  id          bigint generated always as identity primary key,
  requirement text not null references requirement,
  place       text not null references place,
  starts_at   timestamptz not null,
  ends_at     timestamptz not null,
  who         text not null,
  reason      text not null check (length(reason) between 1 and 400),
  made_for    text not null,                       -- 'leave/12'
  made_at     timestamptz not null default clock_timestamp(),
  ended_at    timestamptz,                         -- it is expected no more
  check (starts_at < ends_at)
);
create index gap_expected_of on gap_expected (requirement, place) where ended_at is null;
create index gap_expected_for on gap_expected (made_for);
create trigger keep_all before truncate on gap_expected execute function keep_the_record();

-- All notes of people on a gap, oldest first. Only ever added to.
create table gap_note (
  id   bigint generated always as identity primary key,
  gap  uuid not null references gap,
  at   timestamptz not null default clock_timestamp(),
  who  text not null,
  step text not null check (step in ('acknowledged', 'noted', 'taken_back')),
  note text
);
create index gap_note_of on gap_note (gap, id);
grant select on gap_note to crisiscover_api;

-- The last flag of each group that has open gaps, and when its growth is announced.
create table gap_group (
  id           text primary key,
  told_members integer not null,
  told_at      timestamptz not null,
  tell_at      timestamptz
);
create index gap_group_grown on gap_group (tell_at) where tell_at is not null;
grant select on gap_group to crisiscover_coverage;

-- -------------------------------------------------------------------------------------------------------------------------------- rules of gaps

-- How urgent, as a number.
create function severity_rank(a_severity text) returns integer language sql immutable as $$
  select case a_severity when 'critical' then 3 when 'high' then 2 when 'normal' then 1 else 0 end
$$;

-- How long a closing that is held back is held: GAP_REOPEN_SECONDS of model/gap.h.
create function gap_settles_after() returns interval language sql immutable as $$ select interval '10 minutes' $$;

-- How long an acknowledgement holds: GAP_ACKNOWLEDGED_SECONDS of model/gap.h.
create function gap_acknowledged_for() returns interval language sql immutable as $$ select interval '7 days' $$;

-- How long after the last flag of a group its growth is announced: GAP_GROUP_QUIET_SECONDS of model/gap.h.
create function gap_group_quiet() returns interval language sql immutable as $$ select interval '30 minutes' $$;

-- How long after its last flag an open, announced, unacknowledged gap is announced again. Critical means that it runs or begins within a
-- day.
create function coverage_remind_after(a_severity text) returns interval language sql immutable as $$
  select case a_severity when 'critical' then interval '5 minutes' when 'high' then interval '1 day' end
$$;

-- Whether somebody must still acknowledge the gap: gap_awaits of model/gap.h. An acknowledgement that has run out does not count, even before
-- coverage has processed it.
create function gap_awaits(g gap) returns boolean language sql volatile as $$
  select coalesce(g.accepted_until <= clock_timestamp(), true)
         and (g.acknowledged_until is null or g.acknowledged_until <= clock_timestamp()
              or severity_rank(g.severity) > severity_rank(g.acknowledged_severity))
$$;

-- When it is announced again, counted from a_from; null: never, since it is closed, untold, acknowledged, or does not lead its group.
create function gap_remind_at(g gap, a_from timestamptz) returns timestamptz language sql volatile as $$
  select case when g.closed_at is null and g.told and g.lead and gap_awaits(g) then a_from + coverage_remind_after(g.severity) end
$$;

-- ------------------------------------------------------------------------------------------------------------------------------- groups of gaps

-- How many open gaps of the group have been announced.
create function gap_members(a_group text) returns integer language plpgsql stable set plan_cache_mode = force_custom_plan as $$
begin
  return (select count(*) from gap where cause_group = a_group and closed_at is null and told);
end $$;

-- How many gaps of the group subscribers believe to be open: those that were announced and are open, and those whose closing was not announced yet.
create function gap_believed(a_group text) returns integer language plpgsql stable set plan_cache_mode = force_custom_plan as $$
begin
  return (select count(*) from gap where cause_group = a_group and closed_at is null and told)
       + (select count(*) from gap where cause_group = a_group and settle_at is not null);
end $$;

-- Chooses who leads a group. A leader stays one until another gap is more urgent: an unacknowledged one before an
-- acknowledged one, then by severity. The caller holds map_head, as everybody who writes gaps, and has given the map a new version; a demand that has
-- changed in that version is listed once.
create function gap_elect(a_group text, a_moment timestamptz) returns void language plpgsql set plan_cache_mode = force_custom_plan as $$
declare
  leader gap;
  best gap;
begin
  select * into best from gap g where g.cause_group = a_group and g.closed_at is null and g.told
    order by gap_awaits(g) desc, severity_rank(g.severity) desc, g.lead desc, g.starts_at, g.id limit 1;
  if best.id is null or best.lead then
    return;
  end if;
  -- Readers of the map must read both again.
  insert into map_change (epoch, version, requirement, place)
    select distinct h.epoch, h.version, x.requirement, x.place from map_head h, gap x
    where x.cause_group = a_group and x.closed_at is null and (x.lead or x.id = best.id) and x.place <> '.canary'
      and not exists (select from map_change c where c.epoch = h.epoch and c.version = h.version
                                                 and c.requirement = x.requirement and c.place = x.place);
  update gap set lead = false, remind_at = null where cause_group = a_group and closed_at is null and lead;
  best.lead := true;
  update gap set lead = true, remind_at = gap_remind_at(best, a_moment) where id = best.id;
end $$;

-- After flags were added: notes what is now known of a group, counting the gaps that subscribers believe to be open: a gap that closes and opens
-- without a flag is no growth of its group, and a group of that one gap is not a new group each time. a_led: its leader was announced. a_known: the
-- number of gaps that joined the group and were announced before, or for which nobody need be called.
create function gap_group_note(a_group text, a_led boolean, a_moment timestamptz, a_known integer default 0) returns void language plpgsql as $$
declare
  n integer := gap_believed(a_group);
begin
  if n = 0 then
    delete from gap_group where id = a_group;
  elsif a_led then
    insert into gap_group (id, told_members, told_at) values (a_group, n, a_moment)
      on conflict (id) do update set told_members = n, told_at = a_moment, tell_at = null;
  else
    insert into gap_group as x (id, told_members, told_at, tell_at)
      values (a_group, least(a_known, n), a_moment, case when n > a_known then a_moment end)
      on conflict (id) do update set
        told_members = least(x.told_members + a_known, n),
        tell_at = case when n > x.told_members + a_known then coalesce(x.tell_at, x.told_at + gap_group_quiet()) end;
  end if;
end $$;

-- The gap has the acknowledgement of another from now on, as of a_severity.
create function gap_take_over(g gap, a_taken gap, a_severity text) returns void language plpgsql as $$
begin
  update gap set acknowledged_at = a_taken.acknowledged_at, acknowledged_by = a_taken.acknowledged_by, acknowledged_severity = a_severity,
                 acknowledged_until = a_taken.acknowledged_until, note = a_taken.note, remind_at = null
    where id = g.id returning * into g;
  insert into gap_note (gap, at, who, step, note) values (g.id, a_taken.acknowledged_at, a_taken.acknowledged_by, 'acknowledged', a_taken.note);
  insert into gap_event (gap, step, row_after) values (g.id, 'acknowledged', to_jsonb(g));
end $$;

-- A gap that the far edge of the window adds to a group, all of which is acknowledged, is acknowledged by the same people for the same time:
-- otherwise somebody would be called each day about a night a year ahead.
create function gap_follow(g gap) returns void language plpgsql set plan_cache_mode = force_custom_plan as $$
declare
  taken gap;
begin
  select x.* into taken from gap x where x.cause_group = g.cause_group and x.closed_at is null and x.told and x.id <> g.id
    order by gap_awaits(x) desc, x.acknowledged_until desc, x.id limit 1;
  if taken.id is null or gap_awaits(taken) or severity_rank(g.severity) > severity_rank(taken.acknowledged_severity) then
    return;
  end if;
  perform gap_take_over(g, taken, g.severity);
end $$;

-- While a source is unknown, all that it leaves uncovered is one gap, and the others close though nobody has filled them. A gap that opens where
-- such a one was is acknowledged as that was. Not where somebody was on in between, nor if an acknowledgement was taken back since: then it
-- must be acknowledged again. Answers whether it is acknowledged.
create function gap_resume(g gap) returns boolean language plpgsql as $$
declare
  taken gap;
begin
  select x.* into taken from gap x
    where x.requirement = g.requirement and x.place = g.place and not x.passed and x.acknowledged_until > clock_timestamp()
      and x.starts_at < g.ends_at and x.ends_at > g.starts_at
      and not exists (select from span s
                      where s.requirement = g.requirement and s.place = g.place and s.state = 'covered' and s.known_to > x.closed_at
                        and s.starts_at < least(x.ends_at, g.ends_at) and s.ends_at > greatest(x.starts_at, g.starts_at))
      and not exists (select from gap_note n join gap y on y.id = n.gap
                      where y.requirement = g.requirement and y.place = g.place and n.step = 'taken_back' and n.at > x.closed_at)
    order by x.closed_at desc, x.id limit 1;
  if taken.id is null or severity_rank(g.severity) > severity_rank(taken.acknowledged_severity) then
    return false;
  end if;
  perform gap_take_over(g, taken, taken.acknowledged_severity);
  return true;
end $$;

-- --------------------------------------------------------------------------------------------------------------------- what falls due by itself

-- The map has changed at these gaps: makes a new version, so that readers and running sweeps read their demands again. a_climbs: they must be swept,
-- since the ladder continues. The caller holds map_head.
create function gap_touched(a_gaps uuid[], a_climbs boolean) returns void language plpgsql as $$
declare
  head map_head;
begin
  update map_head set version = version + 1, at = greatest(clock_timestamp(), at + interval '1 microsecond') returning * into head;
  insert into map_change (epoch, version, requirement, place)
    select distinct head.epoch, head.version, g.requirement, g.place from gap g where g.id = any (a_gaps);
  update demand d set version = d.version + 1, next_at = case when a_climbs then '-infinity' else d.next_at end
    where d.retired_at is null and exists (select from gap g where g.id = any (a_gaps) and g.requirement = d.requirement and g.place = d.place);
  notify coverage_changed;
  if a_climbs then
    notify shifts_changed;
  end if;
end $$;

-- Gaps that are no longer acknowledged: elects the leaders of their groups, and reminds once for each group, now. The caller has made their demands'
-- new version.
create function gap_remind_again(a_gaps uuid[]) returns integer language plpgsql as $$
declare
  one text;
  g gap;
  moment timestamptz := clock_timestamp();
  told integer := 0;
begin
  for one in select distinct x.cause_group from gap x where x.id = any (a_gaps) and x.cause_group is not null order by 1 loop
    perform gap_elect(one, moment);
  end loop;
  for g in select x.* from gap x
           where x.closed_at is null and x.told and x.lead and gap_awaits(x)
             and (x.id = any (a_gaps)
                  or x.cause_group in (select y.cause_group from gap y where y.id = any (a_gaps)))
           order by x.starts_at, x.id loop
    update gap set remind_at = gap_remind_at(g, moment) where id = g.id;
    perform flag_add_gap('reminder', g);
    told := told + 1;
  end loop;
  if told > 0 then
    notify flags_filled;
  end if;
  return told;
end $$;

-- Acknowledgements that have run out. The ladder continues, and people are reminded. Says how many reminders. The caller holds map_head.
create function gap_lapse() returns integer language plpgsql as $$
declare
  due uuid[];
  g gap;
begin
  select array_agg(id) into due from gap where acknowledged_until <= clock_timestamp() and closed_at is null;
  if due is null then
    return 0;
  end if;
  for g in update gap set acknowledged_until = null, acknowledged_severity = null, changed_at = clock_timestamp() where id = any (due)
           returning * loop
    insert into gap_event (gap, step, row_after) values (g.id, 'lapsed', to_jsonb(g));
  end loop;
  perform gap_touched(due, true);
  return gap_remind_again(due);
end $$;

-- How many of these are due at a_moment, and when the next one is: reminders, held closings, groups that have grown, acknowledgements that run
-- out.
create function coverage_due(a_moment timestamptz, out due bigint, out next timestamptz) language sql stable as $$
  select (select count(*) from gap where remind_at <= a_moment) + (select count(*) from gap where settle_at <= a_moment)
         + (select count(*) from gap_group where tell_at <= a_moment)
         + (select count(*) from gap where acknowledged_until <= a_moment and closed_at is null) + r.due,
         least(r.next, (select min(remind_at) from gap where remind_at is not null), (select min(settle_at) from gap where settle_at is not null),
               (select min(tell_at) from gap_group where tell_at is not null),
               (select min(acknowledged_until) from gap where acknowledged_until is not null and closed_at is null))
  from risk_due(a_moment) r
$$;
grant execute on function coverage_due to crisiscover_coverage;

-- Tells what is due, at most a_limit of each: acknowledgements that have run out, reminders, closings that were held back, groups that have grown.
-- Says how many flags. Skips what another coverage process has locked.
--
-- A gap whose closing is held back is in the list of gaps: a reader who begins with that list must find it, since it may open again without a flag.
-- So announcing the closing makes a new version of the map, with the demands that it touches.
create function coverage_remind(a_limit integer) returns integer language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
declare
  head map_head;
  due gap[];
  settled gap[];
  grown gap[];
  g gap;
  of text;
  lapsed integer;
begin
  -- First, as in every commit of the map: versions change under this lock, and gaps are locked after it.
  perform from map_head for update;
  lapsed := risk_settle() + gap_lapse();
  select * into head from map_head;
  select array_agg(d order by d.starts_at, d.id) into due
  from (select * from gap where remind_at <= clock_timestamp() order by remind_at limit a_limit
        for update skip locked) d;
  update gap set remind_at = clock_timestamp() + coverage_remind_after(severity)
    where id = any (select id from unnest(due));

  -- A closing that was announced cannot be taken back: a sweep that read the demand while the closing was held must read again, or the gap would open
  -- again without a flag.
  select array_agg(d order by d.starts_at, d.id) into settled
  from (select * from gap where settle_at <= clock_timestamp() order by settle_at limit a_limit
        for update skip locked) d;
  if settled is not null then
    update gap set settle_at = null where id = any (select id from unnest(settled));
    update demand d set version = d.version + 1
      where exists (select from unnest(settled) s where s.requirement = d.requirement and s.place = d.place);
    update map_head set version = head.version + 1, at = greatest(clock_timestamp(), head.at + interval '1 microsecond');
    insert into map_change (epoch, version, requirement, place)
      select distinct head.epoch, head.version + 1, s.requirement, s.place from unnest(settled) s;
    notify coverage_changed;
  end if;

  with ripe as (
    select id from gap_group where tell_at <= clock_timestamp() order by tell_at limit a_limit for update skip locked),
  noted as (
    update gap_group x set tell_at = null, told_at = clock_timestamp(),
                           told_members = gap_believed(x.id)
      from ripe where x.id = ripe.id returning x.id)
  select array_agg(m order by m.starts_at, m.id) into grown
    from noted join gap m on m.cause_group = noted.id where m.closed_at is null and m.lead and m.told;

  foreach g in array coalesce(due, '{}') loop
    perform flag_add_gap('reminder', g);
  end loop;
  foreach g in array coalesce(settled, '{}') loop
    perform flag_add_gap('closed', g);
  end loop;
  for of in select distinct s.cause_group from unnest(settled) s where s.cause_group is not null order by 1 loop
    perform gap_group_note(of, false, clock_timestamp());
  end loop;
  foreach g in array coalesce(grown, '{}') loop
    perform flag_add_gap('changed', g);
  end loop;
  if cardinality(due || settled || grown) > 0 then
    notify flags_filled;
  end if;
  return lapsed + coalesce(cardinality(due), 0) + coalesce(cardinality(settled), 0) + coalesce(cardinality(grown), 0);
end $$;
grant execute on function coverage_remind to crisiscover_coverage;

-- -------------------------------------------------------------------------------------------------------------------------- a region is applied

-- Records on the head that every demand of the region in force has been swept for it, if that is so. The caller holds the lock of map_head.
-- A region that differs from the one before in nothing that others depend on makes few demands due, or none: the others stay swept.
create function coverage_region_complete() returns boolean language sql stable as $$
  select not exists (select from demand d, map_head h where d.retired_at is null and d.region_version < h.due_region)
$$;

-- Makes the demands those of region a_region: new ones begin, missing ones are retired, and everything is due. Called again, it does nothing. 'stale'
-- if a newer region has come meanwhile. Closings that are held back are announced when their demand is retired, which is when they leave the list.
create function coverage_region(a_region bigint, a_requirements text[], a_places text[], a_functions text[],
                                out outcome text, out retired integer, out flags integer)
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  head map_head;
  moment timestamptz;
  cut timestamptz;
  gone demand[];
  d demand;
  g gap;
  of text;
  closed gap[] := '{}';
  complete boolean;
begin
  select * into head from map_head for update;
  outcome := 'stale'; retired := 0; flags := 0;
  if a_region is distinct from (select max(version) from region) then
    return;
  end if;
  outcome := 'done';
  moment := greatest(clock_timestamp(), head.at + interval '1 microsecond');

  insert into demand (requirement, place) select * from unnest(a_requirements, a_places)
    on conflict (requirement, place) do update set retired_at = null, region_version = 0 where demand.retired_at is not null;
  if head.taken_region < a_region then
    update map_head set taken_region = a_region, due_region = a_region;
  end if;
  update demand set next_at = '-infinity', version = version + 1
    where retired_at is null and region_version < (select h.due_region from map_head h) and next_at <> '-infinity';

  -- A requirement may have changed its function and kept its name.
  update gap set function = u.function
    from unnest(a_requirements, a_places, a_functions) u (requirement, place, function)
    where gap.requirement = u.requirement and gap.place = u.place and gap.closed_at is null and gap.function <> u.function;

  -- A demand that is no longer required ends now: its past spans stay in force, the others are superseded and not replaced.
  select array_agg(x) into gone from demand x
    where x.retired_at is null
      and not exists (select from unnest(a_requirements, a_places) u (requirement, place)
                      where u.requirement = x.requirement and u.place = x.place);
  cut := date_trunc('second', moment);
  foreach d in array coalesce(gone, '{}') loop
    retired := retired + 1;
    update demand set retired_at = moment, version = version + 1, next_at = 'infinity', region_version = a_region
      where requirement = d.requirement and place = d.place;
    with ended as (
      update span set known_to = moment
        where requirement = d.requirement and place = d.place and known_to = 'infinity' and ends_at > cut
        returning *)
    insert into span (requirement, place, starts_at, ends_at, state, cause, present, required, shifts, version, known_from)
      select requirement, place, starts_at, cut, state, cause, present, required, shifts, head.version + 1, moment
      from ended where starts_at < cut;
    for g in update gap set closed_at = moment, passed = false, changed_at = moment, remind_at = null
             where requirement = d.requirement and place = d.place and closed_at is null returning * loop
      insert into gap_event (gap, at, step, row_after) values (g.id, moment, 'closed', to_jsonb(g));
      if g.told then
        closed := closed || g;
      end if;
    end loop;
    -- The gaps of this region no longer list it, so its closing is announced now.
    for g in update gap set settle_at = null
             where requirement = d.requirement and place = d.place and settle_at is not null returning * loop
      closed := closed || g;
    end loop;
    insert into map_change (epoch, version, requirement, place) values (head.epoch, head.version + 1, d.requirement, d.place);
  end loop;

  complete := head.region_version < a_region and coverage_region_complete();
  if retired > 0 or complete then
    update map_head set version = head.version + 1, at = moment,
                        region_version = case when complete then a_region else head.region_version end;
    notify coverage_changed;
  end if;
  for g in select * from unnest(closed) order by starts_at, id loop
    perform flag_add('closed', g.id, g.place, g.function, g.requirement, g.state, g.starts_at, g.ends_at, g.severity, g.cause);
    flags := flags + 1;
  end loop;
  for of in select distinct x.cause_group from unnest(closed) x where x.cause_group is not null order by 1 loop
    perform gap_group_note(of, false, moment);
  end loop;
  if flags > 0 then
    notify flags_filled;
  end if;
end $$;
grant execute on function coverage_region to crisiscover_coverage;

-- The same for a region that differs from a_from, in whose place it was put in memory, only in objects that no demand is derived from: the demands
-- of a_requirements are due, no others. 'whole' if the demands are not those of a_from, or a newer one: then nobody knows what else has changed.
create function coverage_region_patched(a_region bigint, a_from bigint, a_requirements text[], out outcome text)
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare head map_head;
begin
  select * into head from map_head for update;
  outcome := case when a_region is distinct from (select max(version) from region) then 'stale' when head.taken_region < a_from then 'whole' else 'done' end;
  if outcome <> 'done' then
    return;
  end if;
  if head.taken_region < a_region then
    update demand set next_at = '-infinity', version = version + 1, region_version = 0
      where retired_at is null and requirement = any (a_requirements);
    update map_head set taken_region = a_region;
  end if;
  if head.region_version < a_region and coverage_region_complete() then
    update map_head set version = head.version + 1, region_version = a_region, at = greatest(clock_timestamp(), head.at + interval '1 microsecond');
    notify coverage_changed;
  end if;
end $$;
grant execute on function coverage_region_patched to crisiscover_coverage;

-- ----------------------------------------------------------------------------------------------------------------------------------- the commit

-- The arguments of coverage_commit, one type for each kind of row. `demand` is the place of a demand in the array of them, from 1. A demand: as read,
-- and when time alone may change it next.
create type commit_demand as (requirement text, place text, function text, version bigint, next_at timestamptz);
-- A span that ends, by its start.
create type commit_ended as (demand bigint, starts_at timestamptz);
-- A span that begins.
create type commit_span as (demand bigint, starts_at timestamptz, ends_at timestamptz, state text, cause text, present bigint, required bigint,
                            shifts bigint[]);
-- A step of a gap: its id is null when it opens, its event null when there is none to write, its flag null when nothing is announced. Bits of marks:
-- 1 started, 2 announced, 4 closes, 8 passed, 16 opens again, 32 the closing is held, 64 it follows its group.
create type commit_gap as (demand bigint, id text, event text, flag text, starts_at timestamptz, ends_at timestamptz, state text, cause text,
                           present bigint, required bigint, severity text, marks bigint, cause_group text, alerts_sent bigint, alerted_to text);
-- A mark of a rota that is done with, as it was read, and a source as it was read.
create type commit_mark as (rota text, n bigint);
create type commit_source as (rota text, horizon timestamptz, trusted_until timestamptz);

-- Writes what one sweep of a few demands has found: one transaction, one version of the map. Demands are referred to by their place (from 1) in
-- a_demands. outcome:
--   'written'  done;
--   'stale'    nothing was written, since the region or one of the demands has moved since it was read: read again;
--   'busy'     only for a self-check: shifts or sources have moved meanwhile, so a difference would prove nothing.
-- Gaps may follow their group, and gaps in no group may join one without a flag: they were announced before.
create function coverage_commit(
  a_now timestamptz, a_stale bigint,          -- of coverage_sources_changed; when the sweep looked
  a_check boolean,                            -- a self-check: whatever differs is a fault
  a_region bigint, a_swept_to timestamptz,
  a_demands commit_demand[], a_ended commit_ended[], a_begun commit_span[], a_gaps commit_gap[],
  a_marks commit_mark[], a_sources commit_source[],
  out outcome text, out version bigint, out ended integer, out written integer, out opened integer, out closed integer,
  out flags integer)
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  head map_head;
  moment timestamptz;
  touched bigint[];
  seen bigint[];                       -- of them, those that anybody sees
  complete boolean;
  step record;
  g gap;
  was gap;
  groups text[] := '{}';
  led text[] := '{}';
  known text[] := '{}';
  resumable bigint[];                  -- demands that have a gap that was acknowledged, and closed meanwhile
  resumed uuid[] := '{}';
  members jsonb := '{}';               -- by group
  one text;
  ids uuid[] := array_fill(null::uuid, array[cardinality(a_gaps)]);
begin
  -- First of all, and held until the commit.
  select * into head from map_head for update;
  version := head.version; ended := 0; written := 0; opened := 0; closed := 0; flags := 0;

  outcome := 'stale';
  if a_region is distinct from (select max(r.version) from region r) then
    return;
  end if;
  if cardinality(a_demands) <>
     (select count(*) from demand d join unnest(a_demands) u on d.requirement = u.requirement and d.place = u.place and d.version = u.version
      where d.retired_at is null) then
    return;
  end if;
  select coalesce(array_agg(distinct n), '{}') into touched
    from (select demand from unnest(a_ended) union all select demand from unnest(a_begun) union all select demand from unnest(a_gaps)) x (n);
  if a_check then
    outcome := 'busy';
    if exists (select from dirty) or exists (select from coverage_sources_changed(a_now, a_stale))
       or exists (select from demand d join unnest(a_demands) u on d.requirement = u.requirement and d.place = u.place
                  where d.next_at <= clock_timestamp()) then
      return;
    end if;
    update self_check set checked = checked + cardinality(a_demands), mismatched = mismatched + cardinality(touched), last_at = clock_timestamp();
  end if;
  outcome := 'written';

  -- One instant for the whole version, later than that of every version before it: what was known at K is then always a whole version.
  moment := greatest(clock_timestamp(), head.at + interval '1 microsecond');

  update span s set known_to = moment
    from unnest(a_ended) o
    where s.requirement = (a_demands[o.demand]).requirement and s.place = (a_demands[o.demand]).place and s.starts_at = o.starts_at
      and s.known_to = 'infinity';
  get diagnostics ended = row_count;
  insert into span (requirement, place, starts_at, ends_at, state, cause, present, required, shifts, version, known_from)
    select (a_demands[n.demand]).requirement, (a_demands[n.demand]).place, n.starts_at, n.ends_at, n.state, n.cause, n.present, n.required,
           n.shifts, head.version + 1, moment
    from unnest(a_begun) n;
  get diagnostics written = row_count;

  select coalesce(array_agg(distinct u.n), '{}') into resumable
    from unnest(a_demands) with ordinality u (requirement, place, function, version, next_at, n)
    join gap x on x.requirement = u.requirement and x.place = u.place and not x.passed and x.acknowledged_until > moment;
  for step in select * from unnest(a_gaps) with ordinality
              x (demand, id, event, flag, starts_at, ends_at, state, cause, present, required, severity, marks, cause_group, alerts_sent, alerted_to,
                 n) loop
    was := null;
    if step.id is null then
      insert into gap (requirement, place, function, starts_at, ends_at, state, cause, present, required, severity, told, started,
                       opened_at, changed_at, cause_group, lead, alerts_sent, alerted_to, alarmed_at)
        values ((a_demands[step.demand]).requirement, (a_demands[step.demand]).place, (a_demands[step.demand]).function, step.starts_at, step.ends_at, step.state,
                step.cause, step.present, step.required, step.severity, step.marks & 2 <> 0, step.marks & 1 <> 0, moment, moment,
                step.cause_group, step.cause_group is null, step.alerts_sent, step.alerted_to,
                case when step.flag = 'opened' then moment end)
        returning * into g;
      opened := opened + 1;
    else
      select * into strict was from gap where id = step.id::uuid and (closed_at is not null) = (step.marks & 16 <> 0);
      update gap set
          starts_at = step.starts_at, ends_at = step.ends_at, state = step.state, cause = step.cause,
          present = step.present, required = step.required, severity = step.severity,
          started = step.marks & 1 <> 0, told = step.marks & 2 <> 0, changed_at = moment,
          closed_at = case when step.marks & 4 <> 0 then moment end,
          passed = case when step.marks & 4 <> 0 then step.marks & 8 <> 0 end,
          settle_at = case when step.marks & 32 <> 0 then moment + gap_settles_after() end,
          cause_group = step.cause_group,
          lead = step.cause_group is null or (was.lead and was.cause_group is not distinct from step.cause_group and was.closed_at is null),
          alerts_sent = step.alerts_sent, alerted_to = step.alerted_to,
          alarmed_at = case when step.flag = 'opened' then moment else alarmed_at end,
          alarmed_before_at = case when step.flag = 'opened' then alarmed_at else alarmed_before_at end
        where id = was.id
        returning * into g;
      opened := opened + (step.marks & 16 <> 0)::int;
      closed := closed + (step.marks & 4 <> 0)::int;
    end if;
    -- A reminder is due so long after the last flag about its severity; edges that move do not delay it.
    update gap set remind_at = case when gap_remind_at(g, moment) is null then null
                                    when was.severity = g.severity and was.remind_at is not null then was.remind_at
                                    else gap_remind_at(g, moment) end
      where id = g.id returning * into g;
    if step.event is not null then
      insert into gap_event (gap, at, step, row_after) values (g.id, moment, step.event, to_jsonb(g));
    end if;
    if step.id is not null and g.alerts_sent > was.alerts_sent then
      insert into gap_event (gap, at, step, row_after) values (g.id, moment, 'alerted', to_jsonb(g));
    end if;
    ids[step.n] := g.id;
    if g.cause_group is not null and g.cause_group <> all (groups) then
      groups := groups || g.cause_group;
    end if;
    if was.cause_group is not null and was.cause_group <> all (groups) then
      groups := groups || was.cause_group;
    end if;
    if step.marks & 64 <> 0 then
      perform gap_follow(g);
      known := known || g.cause_group;
    elsif step.id is null and step.demand = any (resumable) and gap_resume(g) then
      resumed := resumed || g.id;
      known := known || g.cause_group;
    elsif was.told and was.cause_group is null and was.closed_at is null and step.flag is null and g.cause_group is not null then
      known := known || g.cause_group;
    end if;
  end loop;

  -- The version grows even where nothing differs: a process that read this demand before us may have read older shifts, and must read again.
  update demand d set version = d.version + 1, next_at = u.next_at, swept_to = a_swept_to, region_version = a_region
    from unnest(a_demands) u
    where d.requirement = u.requirement and d.place = u.place;

  -- Only marks that have not grown since they were read. A row that is locked is about to grow, and is skipped.
  with seen as (
    select d.rota from dirty d join unnest(a_marks) u on d.rota = u.rota and d.n = u.n
    for update of d skip locked)
  delete from dirty using seen where dirty.rota = seen.rota;
  insert into source_seen (rota, horizon, trusted_until) select * from unnest(a_sources)
    on conflict (rota) do update set horizon = excluded.horizon, trusted_until = excluded.trusted_until;

  complete := head.region_version < a_region and coverage_region_complete();
  seen := array(select n from unnest(touched) n where (a_demands[n]).place <> '.canary');
  if cardinality(seen) < cardinality(touched) then
    perform canary_swept(moment);
  end if;
  if cardinality(seen) > 0 or exists (select from unnest(a_marks) u where u.rota <> '.canary') or complete then
    version := head.version + 1;
    update map_head set version = head.version + 1, at = moment,
                        region_version = case when complete then a_region else head.region_version end;
    insert into map_change (epoch, version, rota) select head.epoch, head.version + 1, u.rota from unnest(a_marks) u where u.rota <> '.canary';
    insert into map_change (epoch, version, requirement, place)
      select head.epoch, head.version + 1, (a_demands[n]).requirement, (a_demands[n]).place from unnest(seen) n;
    notify coverage_changed;
  end if;

  -- A region that retires demands may have taken leaders with them.
  if complete then
    groups := groups || array(select x.cause_group from gap x where x.cause_group is not null and x.closed_at is null
                              group by x.cause_group having not bool_or(x.lead));
  end if;
  groups := array(select distinct x from unnest(groups) x order by 1);
  foreach one in array groups loop
    perform gap_elect(one, moment);
    members := members || jsonb_build_object(one, gap_members(one));
  end loop;

  -- Last, since the counter stays locked until the commit.
  for step in select x.flag, y.* from unnest(a_gaps) with ordinality x (demand, id, event, flag, starts_at, ends_at, state, cause, present,
              required, severity, marks, cause_group, alerts_sent, alerted_to, n) join gap y on y.id = ids[x.n] where x.flag is not null
              order by y.starts_at, y.id loop
    perform flag_put(step.flag, step.id, step.place, step.function, step.requirement, step.state, step.starts_at, step.ends_at,
                     step.severity, step.cause, '{}', (members->>step.cause_group)::integer);
    flags := flags + 1;
    if step.lead and step.cause_group is not null then
      led := led || step.cause_group;
    end if;
  end loop;
  -- Those who were told that it opened hear that it has been acknowledged.
  for g in select * from gap x where x.id = any (resumed) and x.lead and x.told order by x.starts_at, x.id loop
    perform flag_add_gap('acknowledged', g);
    flags := flags + 1;
  end loop;
  foreach one in array groups loop
    perform gap_group_note(one, one = any (led), moment, cardinality(array_positions(known, one)));
  end loop;
  perform gap_take_expected(ids, moment);
  if flags > 0 then
    notify flags_filled;
  end if;
end $$;
grant execute on function coverage_commit to crisiscover_coverage;

-- ------------------------------------------------------------------------------------------------------------------------------ acknowledgement

-- Somebody acknowledges a gap at a_moment: records it, sends a flag, stops the reminders and the ladder for a week, or until the gap is worse by a
-- band. Answers whether this call did it: while an acknowledgement holds, its name stays, and what others say is kept as notes.
-- P0001 with a sentence if there is no such gap, or it is closed.
create function gap_take_on(a_id uuid, a_who text, a_note text, a_moment timestamptz, out done boolean, out cause_group text) language plpgsql as $$
declare
  g gap;
begin
  perform from map_head for update;
  done := false;
  select * into g from gap where id = a_id for update;
  if not found then
    raise exception 'There is no gap %.', a_id using errcode = 'P0001';
  elsif g.closed_at is not null then
    raise exception 'This gap was closed at %: there is nothing left to acknowledge.',
      to_char(g.closed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') using errcode = 'P0001';
  elsif not gap_awaits(g) then
    if a_note is not null then
      insert into gap_note (gap, who, step, note) values (g.id, a_who, 'noted', a_note);
      insert into audit (actor, action, object, detail)
        values (a_who, 'gap_noted', 'gap/' || g.id, jsonb_build_object('requirement', g.requirement, 'place', g.place));
      perform gap_touched(array[g.id], false);
    end if;
    return;
  end if;
  update gap set acknowledged_at = a_moment, acknowledged_by = a_who, acknowledged_severity = severity, note = a_note,
                 acknowledged_until = a_moment + gap_acknowledged_for(), changed_at = a_moment, remind_at = null
    where id = a_id returning * into g;
  insert into gap_note (gap, at, who, step, note) values (g.id, a_moment, a_who, 'acknowledged', a_note);
  insert into gap_event (gap, step, row_after) values (g.id, 'acknowledged', to_jsonb(g));
  insert into audit (actor, action, object, detail)
    values (a_who, 'gap_acknowledged', 'gap/' || g.id, jsonb_build_object('requirement', g.requirement, 'place', g.place));
  -- A sweep that has read the gap before must read again, or it would send an alert of the ladder about an acknowledged gap.
  perform gap_touched(array[g.id], false);
  perform flag_add_gap('acknowledged', g);
  notify flags_filled;
  done := true;
  cause_group := g.cause_group;
end $$;

-- Of these gaps, those that somebody has expected are acknowledged by that person, with the reason that was given. Not one of which anybody has said
-- anything yet: what a person does about a gap comes first.
create function gap_take_expected(a_gaps uuid[], a_moment timestamptz) returns void language plpgsql as $$
declare
  g record;
  taken record;
begin
  for g in
    select y.id, x.who, x.reason from gap y
    cross join lateral (select e.who, e.reason from gap_expected e
                        where e.requirement = y.requirement and e.place = y.place and e.ended_at is null
                          and e.starts_at < y.ends_at and e.ends_at > y.starts_at order by e.id desc limit 1) x
    where y.id = any (a_gaps) and y.closed_at is null and not exists (select from gap_note n where n.gap = y.id)
    order by y.starts_at, y.id loop
    select * into taken from gap_take_on(g.id, g.who, g.reason, a_moment);
    if taken.cause_group is not null then
      perform gap_elect(taken.cause_group, a_moment);
    end if;
  end loop;
end $$;

-- Acknowledges one gap. Answers whether this call did it.
create function gap_acknowledge(a_id uuid, a_who text, a_note text) returns boolean language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
declare
  taken record;
begin
  select * into taken from gap_take_on(a_id, a_who, a_note, clock_timestamp());
  if taken.cause_group is not null then
    perform gap_elect(taken.cause_group, clock_timestamp());
  end if;
  return taken.done;
end $$;
grant execute on function gap_acknowledge to crisiscover_api;

-- Acknowledges several gaps of one group: those that are open and unacknowledged; those that are acknowledged already get the note. Answers how many.
-- The leader is elected after all are acknowledged, so that one acknowledgement is announced; all have one instant, so that they run out together,
-- with one reminder.
create function gap_acknowledge_all(a_ids uuid[], a_who text, a_note text) returns integer language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
declare
  one uuid;
  of text;
  taken record;
  groups text[] := '{}';
  number integer := 0;
  moment timestamptz;
begin
  perform from map_head for update;
  moment := clock_timestamp();
  for one in select g.id from gap g where g.id = any (a_ids) and g.closed_at is null
             order by not g.lead, g.starts_at, g.id loop
    select * into taken from gap_take_on(one, a_who, a_note, moment);
    groups := groups || taken.cause_group;
    number := number + taken.done::int;
  end loop;
  for of in select distinct x from unnest(groups) x where x is not null order by 1 loop
    perform gap_elect(of, clock_timestamp());
  end loop;
  return number;
end $$;
grant execute on function gap_acknowledge_all to crisiscover_api;

-- Takes back the acknowledgement of several gaps. Answers how many had one. A reminder is sent at once.
create function gap_take_back(a_ids uuid[], a_who text, a_note text) returns integer language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
declare
  g gap;
  freed uuid[] := '{}';
begin
  perform from map_head for update;
  for g in update gap set acknowledged_at = null, acknowledged_by = null, acknowledged_severity = null, acknowledged_until = null,
                          note = null, changed_at = clock_timestamp()
           where id = any (a_ids) and closed_at is null and acknowledged_at is not null returning * loop
    freed := freed || g.id;
    insert into gap_note (gap, who, step, note) values (g.id, a_who, 'taken_back', a_note);
    insert into gap_event (gap, step, row_after) values (g.id, 'taken_back', to_jsonb(g));
    insert into audit (actor, action, object, detail)
      values (a_who, 'gap_taken_back', 'gap/' || g.id, jsonb_build_object('requirement', g.requirement, 'place', g.place));
  end loop;
  if cardinality(freed) > 0 then
    perform gap_touched(freed, true);
    perform gap_remind_again(freed);
  end if;
  return cardinality(freed);
end $$;
grant execute on function gap_take_back to crisiscover_api;

-- The newest notes of a gap as JSON, oldest of them first; null: there are none.
create function gap_notes(a_gap uuid) returns text language sql stable set search_path = crisiscover, pg_temp as $$
  select json_agg(json_build_object('at', to_char(n.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'who', n.who, 'step', n.step,
                                    'note', n.note) order by n.id)::text
    from (select * from gap_note where gap = a_gap order by id desc limit 20) n
$$;
grant execute on function gap_notes to crisiscover_api;

-- --------------------------------------------------------------------------------------------------------------------------------- housekeeping

-- Deletes the steps of the map that are older than a day.
create function coverage_tidy() returns void language sql
security definer set search_path = crisiscover, pg_temp as $$
  delete from map_change where at < clock_timestamp() - interval '1 day';
$$;
grant execute on function coverage_tidy to crisiscover_coverage;

-- --------------------------------------------------------------------------------------------------------------------------------------- rights

-- PostgreSQL lets everybody execute a new function.
revoke all on all functions in schema crisiscover from public;
