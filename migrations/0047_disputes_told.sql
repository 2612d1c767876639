-- Of a dispute between an override and its calendar people are told, also where no gap comes of it because others cover: a flag when it begins or
-- spreads to other times, and one when it ends, in the transaction that finds it. It also ends by itself when its time is over (`end` of the flag).

set local search_path = crisiscover;

alter table flag drop constraint flag_kind_check, add constraint flag_kind_check
  check (kind in ('opened', 'changed', 'acknowledged', 'closed', 'started', 'reminder', 'feed_stale', 'feed_restored', 'feed_held',
                  'override_disputed', 'override_settled'));

-- As in 0021, and with members of its own (a_more).
drop function flag_add(text, uuid, text, text, text, text, timestamptz, timestamptz, text, text);
create function flag_add(a_kind text, a_gap uuid, a_place text, a_function text, a_requirement text, a_state text,
                         a_starts timestamptz, a_ends timestamptz, a_severity text, a_cause text, a_more jsonb default '{}')
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
    (jsonb_strip_nulls(jsonb_build_object(
      'v', 1, 'id', head.epoch || '-' || head.seq, 'kind', a_kind, 'gap', a_gap, 'place', a_place, 'function', a_function,
      'requirement', a_requirement, 'state', a_state,
      'start', to_char(a_starts at time zone 'UTC', iso), 'end', to_char(a_ends at time zone 'UTC', iso),
      'severity', a_severity,
      'lead_minutes', greatest(0, floor(extract(epoch from a_starts - moment) / 60))::bigint,
      'cause', a_cause, 'to', g.escalated_to,
      'group', g.cause_group, 'lead', case when g.cause_group is not null then g.lead end, 'members', members,
      'at', to_char(moment at time zone 'UTC', iso))) || a_more)::text);
  return head.epoch || '-' || head.seq;
end $$;
revoke execute on function flag_add from public;
grant execute on function flag_add to crisiscover_feeds;

-- The disputes that people believe in: what was told and has not been told to be over.
create table override_told (
  override bigint primary key references override,
  disputed tstzmultirange not null check (not isempty(disputed))
);

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

-- As in 0009, and people are told.
create or replace function shifts_changed(a_rotas text[]) returns void language plpgsql as $$
begin
  perform overrides_settle(a_rotas);
  perform shifts_mark(a_rotas);
  perform overrides_tell(a_rotas);
end $$;

-- As in 0027, and people are told.
create or replace function override_withdraw(a_id bigint, a_confirm boolean, a_actor text) returns void
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
    raise exception '% rests on this one, and would be in dispute without it: withdraw that first, or confirm', resting using errcode = 'P0001';
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

-- Those that are in dispute already.
do $$
declare rotas text[];
begin
  select array_agg(distinct rota) into rotas from override where withdrawn_at is null and expires_at > clock_timestamp();
  perform overrides_tell(coalesce(rotas, '{}'));
end $$;

revoke all on function overrides_tell from public;
grant execute on function overrides_tell to crisiscover_feeds;
