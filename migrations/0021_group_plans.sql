-- The members of a group are looked for with a plan for the table as it is: a session that had planned this while there were three gaps, when
-- every index is as good as another, went through three thousand of them for each flag of a country's first map.

set local search_path = crisiscover;

-- How many open gaps of the group people have been told of.
create function gap_members(a_group text) returns integer language plpgsql stable set plan_cache_mode = force_custom_plan as $$
begin
  return (select count(*) from gap where cause_group = a_group and closed_at is null and told);
end $$;
revoke all on function gap_members from public;

alter function gap_elect(text, timestamptz) set plan_cache_mode = force_custom_plan;

-- As in 0012.
create or replace function gap_group_note(a_group text, a_led boolean, a_moment timestamptz) returns void language plpgsql as $$
declare
  n integer := gap_members(a_group);
begin
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

-- As in 0012.
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
      members := gap_members(g.cause_group);
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
