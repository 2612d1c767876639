-- What the coverage role calls, and the two things about gaps that others need of it: an acknowledgement and the reminders.
--
-- Coverage reads tables with its own rights and writes only through the functions here, which run with the owner's: a fault in the role
-- cannot do more to the map than these functions do. Whoever changes the map locks map_head first, so commits come one after
-- another, versions are in commit order, and a row of demand or gap that was read after the lock cannot move until the commit.
-- The counter of flags is locked last of all (flag_add).

set local search_path = crisiscover;

-- The region this demand was last swept for: a map is complete for a region once every demand has been.
alter table demand add column region_version bigint not null default 0;

-- When an open gap that nobody has acknowledged is announced again; null: never.
alter table gap add column remind_at timestamptz;
create index gap_remind on gap (remind_at) where remind_at is not null;

-- Who has cover anywhere: an absence takes it away on every rota that names the person.
create index shift_people on shift (person, ends_at) where known_to = 'infinity' and class = 'named';

-- Which absences have come or gone on a rota lately.
create index shift_absence_changes on shift (rota, known_to) where class = 'absence';

-- Where each rota's source stands, without its address.
create view source as
  select rota, kind = 'ical_url' as ages, last_good_at, horizon from feed;

-- What the map last made of each source. A source that no longer compares equal is looked at again, whoever changed it and however:
-- most of all, a feed that has become unknown simply because time has passed.
create table source_seen (
  rota          text primary key references rota,
  horizon       timestamptz not null,   -- -infinity: never read, or it says nothing
  trusted_until timestamptz not null    -- infinity: not unknown
);

-- The counts of the self-check, for the metrics.
create table self_check (
  only_row     boolean primary key default true check (only_row),
  checked      bigint not null default 0,      -- demands
  mismatched   bigint not null default 0,      -- of them, those whose spans or gaps were not what the shifts make of them
  last_at      timestamptz
);
insert into self_check default values;

-- ------------------------------------------------------------------------------------------------------------------ sources

-- The rotas whose source does not stand where the map saw it. The rule of freshness is model/freshness.h; a_stale is its last limit in
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

-- ---------------------------------------------------------------------------------------------------------------- reminders

-- How long after the last word about it an open, announced, unacknowledged gap is announced again. Critical means that it runs or begins within a
-- day.
create function coverage_remind_after(a_severity text) returns interval language sql immutable as $$
  select case a_severity when 'critical' then interval '5 minutes' when 'high' then interval '1 day' end
$$;

-- Announces again what is due, at most a_limit gaps, and says how many. Skips what another coverage process is at.
create function coverage_remind(a_limit integer) returns integer language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
declare
  due gap[];
  g gap;
begin
  select array_agg(d order by d.starts_at, d.id) into due
  from (select * from gap where remind_at <= clock_timestamp() order by remind_at limit a_limit
        for update skip locked) d;
  if due is null then
    return 0;
  end if;
  update gap set remind_at = clock_timestamp() + coverage_remind_after(severity)
    where id = any (select id from unnest(due));
  foreach g in array due loop
    perform flag_add('reminder', g.id, g.place, g.function, g.requirement, g.state, g.starts_at, g.ends_at, g.severity, g.cause);
  end loop;
  notify flags_filled;
  return cardinality(due);
end $$;

-- ------------------------------------------------------------------------------------------------------------------ the set-up

-- Records on the head that every demand of the region in force has been swept for it, if that is so. The caller holds the lock of map_head.
create function coverage_region_complete(a_region bigint) returns boolean language sql stable as $$
  select not exists (select from demand where retired_at is null and region_version < a_region)
$$;

-- Makes the demands those of region a_region: new ones begin, missing ones are retired, and everything is due. Called again, it does nothing. 'stale' if
-- a newer region has come meanwhile.
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
    on conflict (requirement, place) do update set retired_at = null where demand.retired_at is not null;
  update demand set next_at = '-infinity', version = version + 1
    where retired_at is null and region_version < a_region and next_at <> '-infinity';

  -- A requirement may have changed its function and kept its name.
  update gap set function = u.function
    from unnest(a_requirements, a_places, a_functions) u (requirement, place, function)
    where gap.requirement = u.requirement and gap.place = u.place and gap.closed_at is null and gap.function <> u.function;

  -- What is no longer required ends now: the past of it stays in force, the rest is superseded by nothing.
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
    insert into map_change (epoch, version, requirement, place) values (head.epoch, head.version + 1, d.requirement, d.place);
  end loop;

  complete := head.region_version < a_region and coverage_region_complete(a_region);
  if retired > 0 or complete then
    update map_head set version = head.version + 1, at = moment,
                        region_version = case when complete then a_region else head.region_version end;
    notify coverage_changed;
  end if;
  for g in select * from unnest(closed) order by starts_at, id loop
    perform flag_add('closed', g.id, g.place, g.function, g.requirement, g.state, g.starts_at, g.ends_at, g.severity, g.cause);
    flags := flags + 1;
  end loop;
  if flags > 0 then
    notify flags_filled;
  end if;
end $$;

-- ------------------------------------------------------------------------------------------------------------------- the commit

-- Writes what one sweep of a few demands has found: one transaction, one version of the map. Demands are referred to by their place (from 1) in
-- a_requirements. outcome:
--   'written'  done;
--   'stale'    nothing was written, since the region or one of the demands has moved since it was read: read again;
--   'busy'     only for a self-check: shifts or sources have moved meanwhile, so a difference would prove nothing.
create function coverage_commit(
  a_now timestamptz, a_stale bigint,          -- of coverage_sources_changed; when the sweep looked
  a_check boolean,                            -- a self-check: whatever differs is a fault
  a_region bigint,
  -- the demands: as read, and as they are to be
  a_requirements text[], a_places text[], a_functions text[], a_versions bigint[], a_next timestamptz[], a_swept_to timestamptz,
  -- spans that end, by their start; spans that begin
  a_old_demand bigint[], a_old_start timestamptz[],
  a_new_demand bigint[], a_new_start timestamptz[], a_new_end timestamptz[], a_new_state text[], a_new_cause text[],
  a_new_present bigint[], a_new_required bigint[], a_new_shifts text[],           -- '{1,2}'
  -- steps of gaps: an id is null when it opens, an event null when it is not worth one, a flag null when nobody is told
  a_gap_demand bigint[], a_gap_id text[], a_gap_event text[], a_gap_flag text[], a_gap_start timestamptz[], a_gap_end timestamptz[],
  a_gap_state text[], a_gap_cause text[], a_gap_present bigint[], a_gap_required bigint[], a_gap_severity text[],
  a_gap_marks bigint[],                       -- 1 started, 2 told, 4 closes, 8 passed
  -- what is done with: marks of rotas, and sources as they were read
  a_rotas text[], a_marks bigint[],
  a_sources text[], a_source_horizon timestamptz[], a_source_trusted timestamptz[],
  out outcome text, out version bigint, out ended integer, out written integer, out opened integer, out closed integer,
  out flags integer)
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  head map_head;
  moment timestamptz;
  touched bigint[];
  complete boolean;
  step record;
  g gap;
  ids uuid[] := array_fill(null::uuid, array[cardinality(a_gap_demand)]);
begin
  -- First of all, and held until the commit.
  select * into head from map_head for update;
  version := head.version; ended := 0; written := 0; opened := 0; closed := 0; flags := 0;

  outcome := 'stale';
  if a_region is distinct from (select max(r.version) from region r) then
    return;
  end if;
  if cardinality(a_requirements) <>
     (select count(*) from demand d join unnest(a_requirements, a_places, a_versions) u (requirement, place, version)
                                      on d.requirement = u.requirement and d.place = u.place and d.version = u.version
      where d.retired_at is null) then
    return;
  end if;
  select coalesce(array_agg(distinct n), '{}') into touched
    from (select unnest(a_old_demand) union all select unnest(a_new_demand) union all select unnest(a_gap_demand)) x (n);
  if a_check then
    outcome := 'busy';
    if exists (select from dirty) or exists (select from coverage_sources_changed(a_now, a_stale))
       or exists (select from demand d join unnest(a_requirements, a_places) u (requirement, place)
                                         on d.requirement = u.requirement and d.place = u.place
                  where d.next_at <= clock_timestamp()) then
      return;
    end if;
    update self_check set checked = checked + cardinality(a_requirements), mismatched = mismatched + cardinality(touched), last_at = clock_timestamp();
  end if;
  outcome := 'written';

  -- One moment for the whole version, later than that of every version before it: what was known at K is then one version, never half of one.
  moment := greatest(clock_timestamp(), head.at + interval '1 microsecond');

  update span s set known_to = moment
    from unnest(a_old_demand, a_old_start) o (demand, starts_at)
    where s.requirement = a_requirements[o.demand] and s.place = a_places[o.demand] and s.starts_at = o.starts_at
      and s.known_to = 'infinity';
  get diagnostics ended = row_count;
  insert into span (requirement, place, starts_at, ends_at, state, cause, present, required, shifts, version, known_from)
    select a_requirements[n.demand], a_places[n.demand], n.starts_at, n.ends_at, n.state, n.cause, n.present, n.required,
           n.shifts::bigint[], head.version + 1, moment
    from unnest(a_new_demand, a_new_start, a_new_end, a_new_state, a_new_cause, a_new_present, a_new_required, a_new_shifts)
         n (demand, starts_at, ends_at, state, cause, present, required, shifts);
  get diagnostics written = row_count;

  for step in select * from unnest(a_gap_demand, a_gap_id, a_gap_event, a_gap_start, a_gap_end, a_gap_state, a_gap_cause, a_gap_present,
                                   a_gap_required, a_gap_severity, a_gap_marks) with ordinality
              x (demand, id, event, starts_at, ends_at, state, cause, present, required, severity, marks, n) loop
    if step.id is null then
      insert into gap (requirement, place, function, starts_at, ends_at, state, cause, present, required, severity, told, started,
                       opened_at, changed_at, remind_at)
        values (a_requirements[step.demand], a_places[step.demand], a_functions[step.demand], step.starts_at, step.ends_at, step.state,
                step.cause, step.present, step.required, step.severity, step.marks & 2 <> 0, step.marks & 1 <> 0, moment, moment,
                case when step.marks & 2 <> 0 then moment + coverage_remind_after(step.severity) end)
        returning * into g;
      opened := opened + 1;
    else
      update gap set
          starts_at = step.starts_at, ends_at = step.ends_at, state = step.state, cause = step.cause,
          present = step.present, required = step.required, severity = step.severity,
          started = step.marks & 1 <> 0, told = step.marks & 2 <> 0, changed_at = moment,
          closed_at = case when step.marks & 4 <> 0 then moment end,
          passed = case when step.marks & 4 <> 0 then step.marks & 8 <> 0 end,
          -- a reminder is due so long after the last word; edges that move do not put it off
          remind_at = case when step.marks & 4 <> 0 or step.marks & 2 = 0 or acknowledged_at is not null then null
                           when gap.severity = step.severity and remind_at is not null then remind_at
                           else moment + coverage_remind_after(step.severity) end
        where id = step.id::uuid and closed_at is null
        returning * into strict g;
      closed := closed + (step.marks & 4 <> 0)::int;
    end if;
    if step.event is not null then
      insert into gap_event (gap, at, step, row_after) values (g.id, moment, step.event, to_jsonb(g));
    end if;
    ids[step.n] := g.id;
  end loop;

  -- The version moves even where nothing differs: whoever read this demand before us may have read older shifts, and must read again.
  update demand d set version = d.version + 1, next_at = u.next_at, swept_to = a_swept_to, region_version = a_region
    from unnest(a_requirements, a_places, a_next) u (requirement, place, next_at)
    where d.requirement = u.requirement and d.place = u.place;

  -- Only marks that have not grown meanwhile; a row that somebody has locked is about to grow.
  with seen as (
    select d.rota from dirty d join unnest(a_rotas, a_marks) u (rota, n) on d.rota = u.rota and d.n = u.n
    for update of d skip locked)
  delete from dirty using seen where dirty.rota = seen.rota;
  insert into source_seen (rota, horizon, trusted_until) select * from unnest(a_sources, a_source_horizon, a_source_trusted)
    on conflict (rota) do update set horizon = excluded.horizon, trusted_until = excluded.trusted_until;

  complete := head.region_version < a_region and coverage_region_complete(a_region);
  if cardinality(touched) > 0 or cardinality(a_rotas) > 0 or complete then
    version := head.version + 1;
    update map_head set version = head.version + 1, at = moment,
                        region_version = case when complete then a_region else head.region_version end;
    insert into map_change (epoch, version, rota) select head.epoch, head.version + 1, r from unnest(a_rotas) r;
    insert into map_change (epoch, version, requirement, place)
      select head.epoch, head.version + 1, a_requirements[n], a_places[n] from unnest(touched) n;
    notify coverage_changed;
  end if;

  -- Last, since the counter stays locked until the commit.
  for step in select * from unnest(ids, a_gap_flag) x (id, flag) where flag is not null
              order by (select starts_at from gap where gap.id = x.id), x.id loop
    select * into strict g from gap where id = step.id;
    perform flag_add(step.flag, g.id, g.place, g.function, g.requirement, g.state, g.starts_at, g.ends_at, g.severity, g.cause);
    flags := flags + 1;
  end loop;
  if flags > 0 then
    notify flags_filled;
  end if;
end $$;

-- ----------------------------------------------------------------------------------------------------------- acknowledgement

-- Somebody takes a gap on: writes it down, tells subscribers, stops the reminders. Answers whether this call did it; a gap that was acknowledged before
-- keeps its first name and note. P0001 with a sentence if there is no such gap, or it is closed.
create function gap_acknowledge(a_id uuid, a_who text, a_note text) returns boolean language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
declare
  head map_head;
  g gap;
begin
  select * into head from map_head for update;
  select * into g from gap where id = a_id for update;
  if not found then
    raise exception 'There is no gap %.', a_id using errcode = 'P0001';
  elsif g.closed_at is not null then
    raise exception 'This gap was closed at %: there is nothing left to acknowledge.',
      to_char(g.closed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') using errcode = 'P0001';
  elsif g.acknowledged_at is not null then
    return false;
  end if;
  update gap set acknowledged_at = clock_timestamp(), acknowledged_by = a_who, note = a_note, changed_at = clock_timestamp(), remind_at = null
    where id = a_id returning * into g;
  insert into gap_event (gap, step, row_after) values (g.id, 'acknowledged', to_jsonb(g));
  insert into audit (actor, action, object, detail)
    values (a_who, 'gap_acknowledged', 'gap/' || g.id, jsonb_build_object('requirement', g.requirement, 'place', g.place));
  update map_head set version = head.version + 1, at = greatest(clock_timestamp(), head.at + interval '1 microsecond');
  insert into map_change (epoch, version, requirement, place) values (head.epoch, head.version + 1, g.requirement, g.place);
  notify coverage_changed;
  perform flag_add('acknowledged', g.id, g.place, g.function, g.requirement, g.state, g.starts_at, g.ends_at, g.severity, g.cause);
  notify flags_filled;
  return true;
end $$;

-- ------------------------------------------------------------------------------------------------------------------ housekeeping

-- Steps of the map that nobody follows any more.
create function coverage_tidy() returns void language sql
security definer set search_path = crisiscover, pg_temp as $$
  delete from map_change where at < clock_timestamp() - interval '1 day';
$$;

-- -------------------------------------------------------------------------------------------------------------------- rights

grant select on region_without_addresses, source, source_seen, dirty, demand, map_head, span, gap, shift to crisiscover_coverage;
revoke all on function coverage_sources_changed, coverage_remind_after, coverage_remind, coverage_region_complete, coverage_region,
  coverage_commit, gap_acknowledge, coverage_tidy from public;
grant execute on function coverage_sources_changed, coverage_remind, coverage_region, coverage_commit, coverage_tidy to crisiscover_coverage;
grant execute on function gap_acknowledge to crisiscover_api;
