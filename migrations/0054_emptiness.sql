-- Known emptiness has groups, too: "<rota>.empty-<start>" for the time in which nobody was put on one rota. What comes to such a group as the
-- window moves on is no news of it.

set local search_path = crisiscover;

-- As in 0041; a_known: so many of its gaps have come to the group, of which people knew already, or need not be called.
drop function gap_group_note(text, boolean, timestamptz);
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
revoke all on function gap_group_note from public;

-- A gap that came with the window's far edge to a matter that is taken on altogether is taken on with it, by the same people, for the same
-- time: otherwise somebody would be called each day about a night a year ahead.
create function gap_follow(g gap) returns void language plpgsql set plan_cache_mode = force_custom_plan as $$
declare
  taken gap;
begin
  select x.* into taken from gap x where x.cause_group = g.cause_group and x.closed_at is null and x.told and x.id <> g.id
    order by gap_awaits(x) desc, x.acknowledged_until desc, x.id limit 1;
  if taken.id is null or gap_awaits(taken) or severity_rank(g.severity) > severity_rank(taken.acknowledged_severity) then
    return;
  end if;
  update gap set acknowledged_at = taken.acknowledged_at, acknowledged_by = taken.acknowledged_by, acknowledged_severity = g.severity,
                 acknowledged_until = taken.acknowledged_until, note = taken.note, remind_at = null
    where id = g.id returning * into g;
  insert into gap_note (gap, at, who, step, note) values (g.id, taken.acknowledged_at, taken.acknowledged_by, 'acknowledged', taken.note);
  insert into gap_event (gap, step, row_after) values (g.id, 'acknowledged', to_jsonb(g));
end $$;
revoke all on function gap_follow from public;

-- As flag_add of 0047; how many there are of the gap's group is said by the caller, who may tell thousands of flags of one group.
create function flag_put(a_kind text, a_gap uuid, a_place text, a_function text, a_requirement text, a_state text,
                         a_starts timestamptz, a_ends timestamptz, a_severity text, a_cause text, a_more jsonb,
                         a_members integer)
returns text language plpgsql as $$
declare
  head record;
  g gap;
  moment timestamptz := clock_timestamp();
  iso constant text := 'YYYY-MM-DD"T"HH24:MI:SS"Z"';
begin
  if a_gap is not null then
    select * into g from gap where id = a_gap;
  end if;
  update flag_counter set seq = seq + 1 returning epoch, seq into head;
  insert into flag (epoch, seq, at, kind, gap, place, function, payload)
  values (head.epoch, head.seq, moment, a_kind, a_gap, a_place, a_function,
    (jsonb_strip_nulls(jsonb_build_object(
      'v', 1, 'id', head.epoch || '-' || head.seq, 'kind', a_kind, 'gap', a_gap, 'place', a_place, 'function', a_function,
      'requirement', a_requirement, 'state', a_state,
      'start', to_char(a_starts at time zone 'UTC', iso), 'end', to_char(a_ends at time zone 'UTC', iso),
      'severity', a_severity,
      'lead_minutes', greatest(0, floor(extract(epoch from a_starts - moment) / 60))::bigint,
      'cause', a_cause, 'to', g.escalated_to,
      'group', g.cause_group, 'lead', case when g.cause_group is not null then g.lead end, 'members', a_members,
      'at', to_char(moment at time zone 'UTC', iso))) || a_more)::text);
  return head.epoch || '-' || head.seq;
end $$;
revoke all on function flag_put from public;
grant execute on function flag_put to crisiscover_feeds;                 -- as flag_add

-- As in 0047. Whoever tells of something else than a gap, as the feeds do, may read no gap.
create or replace function flag_add(a_kind text, a_gap uuid, a_place text, a_function text, a_requirement text, a_state text,
                                    a_starts timestamptz, a_ends timestamptz, a_severity text, a_cause text, a_more jsonb default '{}')
returns text language plpgsql as $$
declare
  members integer;
begin
  if a_gap is not null then
    members := (select gap_members(g.cause_group) from gap g where g.id = a_gap and g.cause_group is not null);
  end if;
  return flag_put(a_kind, a_gap, a_place, a_function, a_requirement, a_state, a_starts, a_ends, a_severity, a_cause, a_more, members);
end $$;

-- As in 0012, with gaps that follow their group, and those that come to one from none without a word: people were told of them.
create or replace function coverage_commit(
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
  a_gap_marks bigint[],                       -- 1 started, 2 told, 4 closes, 8 passed, 16 opens again, 32 the closing is held, 64 it follows its group
  a_gap_group text[], a_gap_rung bigint[], a_gap_to text[],
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
  was gap;
  groups text[] := '{}';
  led text[] := '{}';
  known text[] := '{}';
  members jsonb := '{}';               -- by group
  one text;
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
                                   a_gap_required, a_gap_severity, a_gap_marks, a_gap_group, a_gap_rung, a_gap_to, a_gap_flag)
              with ordinality
              x (demand, id, event, starts_at, ends_at, state, cause, present, required, severity, marks, cause_group, rung, escalated_to,
                 flag, n) loop
    was := null;
    if step.id is null then
      insert into gap (requirement, place, function, starts_at, ends_at, state, cause, present, required, severity, told, started,
                       opened_at, changed_at, cause_group, lead, rung, escalated_to, alarmed_at)
        values (a_requirements[step.demand], a_places[step.demand], a_functions[step.demand], step.starts_at, step.ends_at, step.state,
                step.cause, step.present, step.required, step.severity, step.marks & 2 <> 0, step.marks & 1 <> 0, moment, moment,
                step.cause_group, step.cause_group is null, step.rung, step.escalated_to,
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
          rung = step.rung, escalated_to = step.escalated_to,
          alarmed_at = case when step.flag = 'opened' then moment else alarmed_at end,
          alarmed_before_at = case when step.flag = 'opened' then alarmed_at else alarmed_before_at end
        where id = was.id
        returning * into g;
      opened := opened + (step.marks & 16 <> 0)::int;
      closed := closed + (step.marks & 4 <> 0)::int;
    end if;
    -- A reminder is due so long after the last word about its severity; edges that move do not put it off.
    update gap set remind_at = case when gap_remind_at(g, moment) is null then null
                                    when was.severity = g.severity and was.remind_at is not null then was.remind_at
                                    else gap_remind_at(g, moment) end
      where id = g.id returning * into g;
    if step.event is not null then
      insert into gap_event (gap, at, step, row_after) values (g.id, moment, step.event, to_jsonb(g));
    end if;
    if step.id is not null and g.rung > was.rung then
      insert into gap_event (gap, at, step, row_after) values (g.id, moment, 'escalated', to_jsonb(g));
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
    elsif was.told and was.cause_group is null and was.closed_at is null and step.flag is null and g.cause_group is not null then
      known := known || g.cause_group;
    end if;
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
  for step in select x.flag, y.* from unnest(ids, a_gap_flag) x (id, flag) join gap y on y.id = x.id where x.flag is not null
              order by y.starts_at, y.id loop
    perform flag_put(step.flag, step.id, step.place, step.function, step.requirement, step.state, step.starts_at, step.ends_at,
                     step.severity, step.cause, '{}', (members->>step.cause_group)::integer);
    flags := flags + 1;
    if step.lead and step.cause_group is not null then
      led := led || step.cause_group;
    end if;
  end loop;
  foreach one in array groups loop
    perform gap_group_note(one, one = any (led), moment, cardinality(array_positions(known, one)));
  end loop;
  if flags > 0 then
    notify flags_filled;
  end if;
end $$;
