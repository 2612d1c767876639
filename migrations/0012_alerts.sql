-- Gaps as a matter of people. A gap that nobody takes on is told further up a ladder of alerts; gaps that one source has made are one
-- matter; one that opens and closes and opens again is told so a few times and not each time.

set local search_path = crisiscover;

-- How urgent, as a number.
create function severity_rank(a_severity text) returns integer language sql immutable as $$
  select case a_severity when 'critical' then 3 when 'high' then 2 when 'normal' then 1 else 0 end
$$;

alter table gap
  -- "<rota>.<cause>" of a gap that a source has made; null: it stands for itself.
  add column cause_group text,
  -- Of the gaps of one group that are open, the one that people are told of and reminded of. Of a gap by itself always true.
  add column lead boolean not null default true,
  -- How far up the ladder of alerts it has come, in rungs, and the last of them.
  add column rung integer not null default 0 check (rung >= 0),
  add column escalated_to text check (escalated_to in ('owner', 'deputy', 'commissioner')),
  -- How severe it was when it was acknowledged: worse than that, somebody must say again that it is taken on.
  add column acknowledged_severity text check (acknowledged_severity in ('critical', 'high', 'normal')),
  -- When it was last told as opened, and the time before.
  add column alarmed_at timestamptz,
  add column alarmed_before_at timestamptz,
  -- It is closed, and that is told then, unless it opens again before.
  add column settle_at timestamptz,
  add check (settle_at is null or closed_at is not null);
update gap set acknowledged_severity = severity where acknowledged_at is not null;
update gap set alarmed_at = opened_at where told;
-- Everybody was told of these when they opened. No region file names a ladder yet, so it is the usual one: what is due of it by now is
-- behind them.
update gap set rung = r.rung, escalated_to = r.name
  from (values (1, 'owner', interval '336 hours', interval '72 hours'), (2, 'deputy', interval '72 hours', interval '24 hours'),
               (3, 'commissioner', interval '24 hours', interval '-1000 years')) r (rung, name, above, below)
  where closed_at is null and told and starts_at - clock_timestamp() < r.above and starts_at - clock_timestamp() >= r.below;

create index gap_of_group on gap (cause_group) where cause_group is not null and closed_at is null;
create index gap_settles on gap (settle_at) where settle_at is not null;
create index gap_filled on gap (requirement, place, closed_at) where not passed;
create index gap_over on gap (starts_at, id);      -- the record, page by page

alter table gap_event drop constraint gap_event_step_check;
alter table gap_event add constraint gap_event_step_check
  check (step in ('opened', 'changed', 'started', 'escalated', 'acknowledged', 'closed', 'reopened'));

-- What was last told of each group that has open gaps, and when its growth is told.
create table gap_group (
  id           text primary key,
  told_members integer not null,
  told_at      timestamptz not null,
  tell_at      timestamptz
);
create index gap_group_grown on gap_group (tell_at) where tell_at is not null;

-- ------------------------------------------------------------------------------------------------------------------- rules

-- How long a group that has grown keeps quiet after the last word about it.
create function gap_group_quiet() returns interval language sql immutable as $$ select interval '30 minutes' $$;

-- How long a closing that is held back is held: GAP_REOPEN_SECONDS of model/gap.h.
create function gap_settles_after() returns interval language sql immutable as $$ select interval '10 minutes' $$;

-- Whether somebody must still say that the gap is taken on: gap_awaits of model/gap.h.
create function gap_awaits(g gap) returns boolean language sql immutable as $$
  select g.acknowledged_at is null or severity_rank(g.severity) > severity_rank(g.acknowledged_severity)
$$;

-- When it is announced again, counted from a_from; null: never, since it is closed, untold, taken on, or not what people are told of.
create function gap_remind_at(g gap, a_from timestamptz) returns timestamptz language sql immutable as $$
  select case when g.closed_at is null and g.told and g.lead and gap_awaits(g) then a_from + coverage_remind_after(g.severity) end
$$;

-- Chooses who leads a group. A leader stays one until another gap is more urgent: one that still wants a person before one that
-- has one, then by severity. The caller holds map_head, as everybody who writes gaps, and has given the map a new version.
create function gap_elect(a_group text, a_moment timestamptz) returns void language plpgsql as $$
declare
  leader gap;
  best gap;
begin
  select * into best from gap g where g.cause_group = a_group and g.closed_at is null and g.told
    order by gap_awaits(g) desc, severity_rank(g.severity) desc, g.lead desc, g.starts_at, g.id limit 1;
  if best.id is null or best.lead then
    return;
  end if;
  -- Readers of the map must take in both.
  insert into map_change (epoch, version, requirement, place)
    select h.epoch, h.version, x.requirement, x.place from map_head h, gap x
    where x.cause_group = a_group and x.closed_at is null and (x.lead or x.id = best.id);
  update gap set lead = false, remind_at = null where cause_group = a_group and closed_at is null and lead;
  best.lead := true;
  update gap set lead = true, remind_at = gap_remind_at(best, a_moment) where id = best.id;
end $$;

-- After flags were told: notes what is now known of a group. a_led: something was told of its leader.
create function gap_group_note(a_group text, a_led boolean, a_moment timestamptz) returns void language plpgsql as $$
declare
  n integer;
begin
  select count(*) into n from gap where cause_group = a_group and closed_at is null and told;
  if n = 0 then
    delete from gap_group where id = a_group;
  elsif a_led then
    insert into gap_group (id, told_members, told_at) values (a_group, n, a_moment)
      on conflict (id) do update set told_members = n, told_at = a_moment, tell_at = null;
  else
    insert into gap_group (id, told_members, told_at, tell_at) values (a_group, 0, a_moment, a_moment)
      on conflict (id) do update set
        told_members = least(gap_group.told_members, n),
        tell_at = case when n > gap_group.told_members then coalesce(gap_group.tell_at, gap_group.told_at + gap_group_quiet()) end;
  end if;
end $$;

-- The one way to add a flag, as before. A flag of a gap also says how far up the ladder it has come (`to`), and, where one source makes
-- many gaps, which group it belongs to, whether it is the one that people are told of, and how many there are.
create or replace function flag_add(a_kind text, a_gap uuid, a_place text, a_function text, a_requirement text, a_state text,
                                    a_starts timestamptz, a_ends timestamptz, a_severity text, a_cause text)
returns text language plpgsql as $$
declare
  head record;
  g gap;
  members integer;
  moment timestamptz := clock_timestamp();
  iso constant text := 'YYYY-MM-DD"T"HH24:MI:SS"Z"';
begin
  if a_gap is not null then
    select * into g from gap where id = a_gap;
    if g.cause_group is not null then
      select count(*) into members from gap x where x.cause_group = g.cause_group and x.closed_at is null and x.told;
    end if;
  end if;
  update flag_counter set seq = seq + 1 returning epoch, seq into head;
  insert into flag (epoch, seq, at, kind, gap, place, function, payload)
  values (head.epoch, head.seq, moment, a_kind, a_gap, a_place, a_function,
    jsonb_strip_nulls(jsonb_build_object(
      'v', 1, 'id', head.epoch || '-' || head.seq, 'kind', a_kind, 'gap', a_gap, 'place', a_place, 'function', a_function,
      'requirement', a_requirement, 'state', a_state,
      'start', to_char(a_starts at time zone 'UTC', iso), 'end', to_char(a_ends at time zone 'UTC', iso),
      'severity', a_severity,
      'lead_minutes', greatest(0, floor(extract(epoch from a_starts - moment) / 60))::bigint,
      'cause', a_cause, 'to', g.escalated_to,
      'group', g.cause_group, 'lead', case when g.cause_group is not null then g.lead end, 'members', members,
      'at', to_char(moment at time zone 'UTC', iso)))::text);
  return head.epoch || '-' || head.seq;
end $$;

create function flag_add_gap(a_kind text, g gap) returns text language sql as $$
  select flag_add(a_kind, g.id, g.place, g.function, g.requirement, g.state, g.starts_at, g.ends_at, g.severity, g.cause)
$$;

-- --------------------------------------------------------------------------------------------------- what falls due by itself

-- Tells what is due, at most a_limit of each: reminders, closings that were held back, groups that have grown. Says how many flags. Skips
-- what another coverage process is at.
create or replace function coverage_remind(a_limit integer) returns integer language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
declare
  due gap[];
  settled gap[];
  grown gap[];
  g gap;
begin
  -- First of all, as every commit of the map does: versions move under it, and gaps are locked behind it.
  perform from map_head for update;
  select array_agg(d order by d.starts_at, d.id) into due
  from (select * from gap where remind_at <= clock_timestamp() order by remind_at limit a_limit
        for update skip locked) d;
  update gap set remind_at = clock_timestamp() + coverage_remind_after(severity)
    where id = any (select id from unnest(due));

  -- A closing that is told cannot be taken back: whoever has swept its demand while it was held must look again, or the gap would open once
  -- more without a word.
  select array_agg(d order by d.starts_at, d.id) into settled
  from (select * from gap where settle_at <= clock_timestamp() order by settle_at limit a_limit
        for update skip locked) d;
  update gap set settle_at = null where id = any (select id from unnest(settled));
  update demand d set version = d.version + 1
    where exists (select from unnest(settled) s where s.requirement = d.requirement and s.place = d.place);

  with ripe as (
    select id from gap_group where tell_at <= clock_timestamp() order by tell_at limit a_limit for update skip locked),
  noted as (
    update gap_group x set tell_at = null, told_at = clock_timestamp(),
                           told_members = (select count(*) from gap m where m.cause_group = x.id and m.closed_at is null and m.told)
      from ripe where x.id = ripe.id returning x.id)
  select array_agg(m order by m.starts_at, m.id) into grown
    from noted join gap m on m.cause_group = noted.id where m.closed_at is null and m.lead and m.told;

  foreach g in array coalesce(due, '{}') loop
    perform flag_add_gap('reminder', g);
  end loop;
  foreach g in array coalesce(settled, '{}') loop
    perform flag_add_gap('closed', g);
  end loop;
  foreach g in array coalesce(grown, '{}') loop
    perform flag_add_gap('changed', g);
  end loop;
  if cardinality(due || settled || grown) > 0 then
    notify flags_filled;
  end if;
  return coalesce(cardinality(due), 0) + coalesce(cardinality(settled), 0) + coalesce(cardinality(grown), 0);
end $$;

-- How many of these are due at a_moment, and when the next one is.
create function coverage_due(a_moment timestamptz, out due bigint, out next timestamptz) language sql stable as $$
  select (select count(*) from gap where remind_at <= a_moment) + (select count(*) from gap where settle_at <= a_moment)
         + (select count(*) from gap_group where tell_at <= a_moment),
         least((select min(remind_at) from gap where remind_at is not null), (select min(settle_at) from gap where settle_at is not null),
               (select min(tell_at) from gap_group where tell_at is not null))
$$;

-- ------------------------------------------------------------------------------------------------------------------ the commit

-- As in 0003, with what is new of gaps: their group, how far up the ladder they are, which open again, whose closing is held. The one of
-- 0003, with fewer arguments, stays for a process that is still running the version before.
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
  a_gap_marks bigint[],                       -- 1 started, 2 told, 4 closes, 8 passed, 16 opens again, 32 the closing is held
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
    groups := groups || array_remove(array[g.cause_group, was.cause_group], null);
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
  end loop;

  -- Last, since the counter stays locked until the commit.
  for step in select x.flag, y.* from unnest(ids, a_gap_flag) x (id, flag) join gap y on y.id = x.id where x.flag is not null
              order by y.starts_at, y.id loop
    perform flag_add(step.flag, step.id, step.place, step.function, step.requirement, step.state, step.starts_at, step.ends_at,
                     step.severity, step.cause);
    flags := flags + 1;
    if step.lead and step.cause_group is not null then
      led := led || step.cause_group;
    end if;
  end loop;
  foreach one in array groups loop
    perform gap_group_note(one, one = any (led), moment);
  end loop;
  if flags > 0 then
    notify flags_filled;
  end if;
end $$;

-- ----------------------------------------------------------------------------------------------------------- acknowledgement

-- Somebody takes a gap on: writes it down, tells subscribers, stops the reminders and the ladder until the gap is worse by a band.
-- Says whether this call did it; while it holds, the gap keeps its first name and note. P0001 with a sentence if there is no such gap, or it is
-- closed.
create function gap_take_on(a_id uuid, a_who text, a_note text, out done boolean, out cause_group text) language plpgsql as $$
declare
  head map_head;
  g gap;
begin
  select * into head from map_head for update;
  done := false;
  select * into g from gap where id = a_id for update;
  if not found then
    raise exception 'There is no gap %.', a_id using errcode = 'P0001';
  elsif g.closed_at is not null then
    raise exception 'This gap was closed at %: there is nothing left to acknowledge.',
      to_char(g.closed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') using errcode = 'P0001';
  elsif not gap_awaits(g) then
    return;
  end if;
  update gap set acknowledged_at = clock_timestamp(), acknowledged_by = a_who, acknowledged_severity = severity, note = a_note,
                 changed_at = clock_timestamp(), remind_at = null
    where id = a_id returning * into g;
  insert into gap_event (gap, step, row_after) values (g.id, 'acknowledged', to_jsonb(g));
  insert into audit (actor, action, object, detail)
    values (a_who, 'gap_acknowledged', 'gap/' || g.id, jsonb_build_object('requirement', g.requirement, 'place', g.place));
  -- A sweep that has read it as it was must read again, or it would tell somebody further up of a gap that is taken on.
  update demand set version = version + 1 where requirement = g.requirement and place = g.place;
  update map_head set version = head.version + 1, at = greatest(clock_timestamp(), head.at + interval '1 microsecond');
  insert into map_change (epoch, version, requirement, place) values (head.epoch, head.version + 1, g.requirement, g.place);
  notify coverage_changed;
  perform flag_add_gap('acknowledged', g);
  notify flags_filled;
  done := true;
  cause_group := g.cause_group;
end $$;

create or replace function gap_acknowledge(a_id uuid, a_who text, a_note text) returns boolean language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
declare
  taken record;
begin
  select * into taken from gap_take_on(a_id, a_who, a_note);
  if taken.cause_group is not null then
    perform gap_elect(taken.cause_group, clock_timestamp());
  end if;
  return taken.done;
end $$;

-- Several at once, of one group: whatever of them is open and wants somebody. Says how many. Who leads is settled when all are taken on, so
-- that people are told of one acknowledgement.
create function gap_acknowledge_all(a_ids uuid[], a_who text, a_note text) returns integer language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
declare
  one uuid;
  of text;
  groups text[] := '{}';
  number integer := 0;
begin
  perform from map_head for update;
  for one in select g.id from gap g where g.id = any (a_ids) and g.closed_at is null and gap_awaits(g)
             order by not g.lead, g.starts_at, g.id loop
    groups := groups || (select t.cause_group from gap_take_on(one, a_who, a_note) t);
    number := number + 1;
  end loop;
  for of in select distinct x from unnest(groups) x where x is not null order by 1 loop
    perform gap_elect(of, clock_timestamp());
  end loop;
  return number;
end $$;

-- -------------------------------------------------------------------------------------------------------------------- rights

revoke all on function severity_rank, gap_group_quiet, gap_settles_after, gap_awaits, gap_remind_at, gap_elect, gap_group_note, flag_add_gap, gap_take_on,
  coverage_due, coverage_commit(timestamptz, bigint, boolean, bigint, text[], text[], text[], bigint[], timestamptz[], timestamptz,
    bigint[], timestamptz[], bigint[], timestamptz[], timestamptz[], text[], text[], bigint[], bigint[], text[],
    bigint[], text[], text[], text[], timestamptz[], timestamptz[], text[], text[], bigint[], bigint[], text[], bigint[],
    text[], bigint[], text[], text[], bigint[], text[], timestamptz[], timestamptz[]),
  gap_acknowledge_all from public;
grant select on gap_group to crisiscover_coverage;
grant execute on function coverage_due, coverage_commit(timestamptz, bigint, boolean, bigint, text[], text[], text[], bigint[], timestamptz[], timestamptz,
    bigint[], timestamptz[], bigint[], timestamptz[], timestamptz[], text[], text[], bigint[], bigint[], text[],
    bigint[], text[], text[], text[], timestamptz[], timestamptz[], text[], text[], bigint[], bigint[], text[], bigint[],
    text[], bigint[], text[], text[], bigint[], text[], timestamptz[], timestamptz[]) to crisiscover_coverage;
grant execute on function gap_acknowledge_all to crisiscover_api;
