-- SPDX-License-Identifier: MIT

-- Accepted risks: the commissioners of a requirement have said, each by a named person, with a reason and until when, that they know of its gaps at a
-- place and live with them. A gap whose risk is accepted stays a gap; it is not told again, and its ladder of alerts waits, until the acceptance ends:
-- by itself, because one of them withdraws it, or because the requirement has become stricter or has other commissioners. Then it is told again.
--
-- Who accepts, withdraws or changes the set-up writes only rows here. Gaps follow in coverage_remind (risk_settle), under the lock of the map.
--
-- The record is only ever added to: of a risk nothing is written but when it came in force and its end, each once. Rows keep the codes of the time at
-- which they were written (code_since()).

set local search_path = crisiscover;
set local check_function_bodies = off;

create table risk (
  id          bigint generated always as identity primary key,
  requirement text not null,
  place       text not null,
  reason      text not null check (octet_length(reason) between 1 and 400),
  until       timestamptz not null,
  needed      text[] not null check (cardinality(needed) >= 1),  -- commissioners, each of whom must accept
  at          timestamptz not null default clock_timestamp(),
  account     text not null,
  in_force_at timestamptz,              -- all have accepted; null: it waits for the others
  ended_at    timestamptz,
  ended_by    text,                     -- the account; null: nobody's deed
  how         text check (how in ('over', 'withdrawn', 'lost', 'replaced')),
  why         text,
  check (until > at),
  check ((ended_at is null) = (how is null))
);
create index risk_open on risk (requirement, place) where ended_at is null;
grant select on risk to crisiscover_api;

create function keep_risks() returns trigger language plpgsql as $$
declare
  ends constant text[] := array['in_force_at', 'ended_at', 'ended_by', 'how', 'why'];
begin
  if tg_op = 'UPDATE' and old.ended_at is null and to_jsonb(new) - ends = to_jsonb(old) - ends
     and (old.in_force_at is null or new.in_force_at = old.in_force_at) then
    return new;
  end if;
  raise exception '% on %: the record is only ever added to', lower(tg_op), tg_table_name using errcode = 'P0002';
end $$;
create trigger keep before update or delete on risk for each row execute function keep_risks();
create trigger keep_all before truncate on risk execute function keep_the_record();

-- Who has accepted for which of them.
create table risk_accepted (
  risk         bigint not null references risk,
  commissioner text not null,
  account      text not null,
  at           timestamptz not null default clock_timestamp(),
  primary key (risk, commissioner)
);
create trigger keep before update or delete on risk_accepted for each row execute function keep_the_record();
create trigger keep_all before truncate on risk_accepted execute function keep_the_record();
select let_erasing_through();
grant select on risk_accepted to crisiscover_api;

-- Ends a risk, once. The gaps follow.
create function risk_end(a_risk bigint, a_how text, a_by text, a_why text) returns boolean language plpgsql as $$
declare
  r risk;
begin
  update risk set ended_at = clock_timestamp(), how = a_how, ended_by = a_by, why = a_why where id = a_risk and ended_at is null returning * into r;
  if not found then
    return false;
  end if;
  perform audit_add(coalesce(a_by, 'crisiscoverd'), 'risk_' || a_how, 'risk/' || r.id,
                    jsonb_strip_nulls(jsonb_build_object('requirement', r.requirement, 'place', r.place, 'why', a_why)));
  notify shifts_changed;
  return true;
end $$;

-- An account accepts for the commissioners a_for. The risk is in force when each of those needed has accepted; the one before, of the same requirement at
-- the same place, ends then. Answers how many have.
create function risk_sign(a_risk bigint, a_account text, a_for text[]) returns integer language plpgsql as $$
declare
  r risk;
  n integer;
  former bigint;
begin
  select * into r from risk where id = a_risk for update;
  insert into risk_accepted (risk, commissioner, account)
    select a_risk, x, a_account from unnest(a_for) x where x = any (r.needed) on conflict do nothing;
  get diagnostics n = row_count;
  if n > 0 then
    perform audit_add(a_account, 'risk_accepted', 'risk/' || a_risk,
                      jsonb_build_object('requirement', r.requirement, 'place', r.place, 'for', a_for, 'until', r.until));
  end if;
  select count(*) into n from risk_accepted where risk = a_risk;
  if n = cardinality(r.needed) and r.in_force_at is null then
    update risk set in_force_at = clock_timestamp() where id = a_risk;
    for former in select x.id from risk x where x.id <> a_risk and x.ended_at is null and x.in_force_at is not null
                    and code_now('requirement', x.requirement, x.at) = code_now('requirement', r.requirement, r.at)
                    and code_now('place', x.place, x.at) = code_now('place', r.place, r.at) loop
      perform risk_end(former, 'replaced', a_account, 'risk ' || a_risk || ' was accepted in its place');
    end loop;
    notify shifts_changed;
  end if;
  return n;
end $$;

-- P0001: one waits already, or the end is over.
create function risk_propose(a_requirement text, a_place text, a_reason text, a_until timestamptz, a_account text, a_for text[], a_needed text[],
                             out risk bigint, out accepted integer)
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  other bigint;
begin
  perform from demand d where d.requirement = a_requirement and d.place = a_place and d.retired_at is null for update;
  select x.id into other from risk x
    where x.ended_at is null and x.in_force_at is null and code_now('requirement', x.requirement, x.at) = a_requirement
      and code_now('place', x.place, x.at) = a_place;
  if found then
    raise exception 'risk % waits for the others already: accept that one, or withdraw it first', other using errcode = 'P0001';
  elsif a_until <= clock_timestamp() then
    raise exception 'the end is over already' using errcode = 'P0001';
  end if;
  insert into risk (requirement, place, reason, until, needed, account) values (a_requirement, a_place, a_reason, a_until, a_needed, a_account)
    returning id into risk_propose.risk;
  accepted := risk_sign(risk_propose.risk, a_account, a_for);
end $$;
grant execute on function risk_propose to crisiscover_api;

-- P0001: it has ended.
create function risk_accept(a_risk bigint, a_account text, a_for text[]) returns integer
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  perform from risk x where x.id = a_risk and x.ended_at is null and x.until > clock_timestamp() for update;
  if not found then
    raise exception 'this risk is accepted no more: it has ended' using errcode = 'P0001';
  end if;
  return risk_sign(a_risk, a_account, a_for);
end $$;
grant execute on function risk_accept to crisiscover_api;

create function risk_withdraw(a_risk bigint, a_account text, a_why text) returns boolean
language sql security definer set search_path = crisiscover, pg_temp as $$
  select risk_end(a_risk, 'withdrawn', a_account, a_why)
$$;
grant execute on function risk_withdraw to crisiscover_api;

-- ------------------------------------------------------------------------------------------------------------------------- gaps follow

-- The open gaps whose mark is not what the risks say, and what it is to be.
create function risk_owed(a_moment timestamptz) returns table (gap uuid, risk bigint, until timestamptz)
language sql stable security definer set search_path = crisiscover, pg_temp as $$
  select g.id, r.id, r.until
  from risk r join gap g on g.requirement = code_now('requirement', r.requirement, r.at) and g.place = code_now('place', r.place, r.at)
  where r.ended_at is null and r.in_force_at is not null and r.until > a_moment and g.closed_at is null and g.starts_at < r.until
    and g.risk is distinct from r.id
  union all
  select g.id, null, null from gap g
  where g.risk is not null and g.closed_at is null
    and not exists (select from risk r where r.id = g.risk and r.ended_at is null and r.until > a_moment and g.starts_at < r.until)
    and not exists (select from risk r where r.ended_at is null and r.in_force_at is not null and r.until > a_moment and g.starts_at < r.until
                      and g.requirement = code_now('requirement', r.requirement, r.at) and g.place = code_now('place', r.place, r.at))
$$;
grant execute on function risk_owed to crisiscover_coverage;

-- How many are due, with risks that are over; and when the next one ends.
create function risk_due(a_moment timestamptz, out due bigint, out next timestamptz)
language sql stable security definer set search_path = crisiscover, pg_temp as $$
  select (select count(*) from risk_owed(a_moment)) + (select count(*) from risk where ended_at is null and until <= a_moment),
         (select min(until) from risk where ended_at is null)
$$;
grant execute on function risk_due to crisiscover_coverage;

-- Ends what is over, and makes the gaps what the risks say. Gaps that are accepted are told once, as such; those that are no longer are told again. Answers
-- how many flags. The caller holds map_head.
create function risk_settle() returns integer language plpgsql as $$
declare
  moment timestamptz := clock_timestamp();
  g gap;
  one record;
  of text;
  taken uuid[] := '{}';
  freed uuid[] := '{}';
  told integer := 0;
begin
  for one in select id from risk where ended_at is null and until <= moment order by id loop
    perform risk_end(one.id, 'over', null, null);
  end loop;
  for one in select * from risk_owed(moment) loop
    update gap set risk = one.risk, accepted_until = one.until, changed_at = moment,
                   remind_at = case when one.risk is null then remind_at end
      where id = one.gap returning * into g;
    insert into gap_event (gap, step, row_after)
      values (g.id, case when one.risk is null then 'acceptance_ended' else 'accepted' end, to_jsonb(g));
    if one.risk is null then
      freed := freed || g.id;
    else
      taken := taken || g.id;
    end if;
  end loop;
  if cardinality(taken || freed) = 0 then
    return 0;
  end if;
  perform gap_touched(taken || freed, true);
  for of in select distinct x.cause_group from gap x where x.id = any (taken) and x.cause_group is not null order by 1 loop
    perform gap_elect(of, moment);
  end loop;
  for g in select x.* from gap x where x.id = any (taken) and x.told order by x.starts_at, x.id loop
    perform flag_add_gap('accepted', g);
    told := told + 1;
  end loop;
  if told > 0 then
    notify flags_filled;
  end if;
  return told + gap_remind_again(freed);
end $$;

-- What an answer about a gap has of the risk of its requirement: the one in force or that waits, else one that was lost within two weeks. JSON; null: none.
create function gap_risk(a_requirement text, a_place text) returns text
language sql stable security definer set search_path = crisiscover, pg_temp as $$
  select json_build_object('id', r.id,
    'state', case when r.how is not null then r.how when r.in_force_at is null then 'waiting' else 'accepted' end,
    'reason', r.reason, 'until', to_char(r.until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    'accepted', (select count(*) from risk_accepted a where a.risk = r.id), 'of', cardinality(r.needed), 'why', r.why)::text
  from risk r
  where code_now('requirement', r.requirement, r.at) = a_requirement and code_now('place', r.place, r.at) = a_place
    and (r.ended_at is null or (r.how = 'lost' and r.ended_at > clock_timestamp() - interval '14 days'))
  order by r.ended_at is not null, r.in_force_at is null, r.id desc limit 1
$$;
grant execute on function gap_risk to crisiscover_api;

-- ------------------------------------------------------------------------------------------------------------- the set-up becomes stricter

-- The minutes of hours on each kind of day, as one set: day * 4000 + minute from its midnight on; hours that run into the next day go on beyond 1440.
create function risk_minutes(a_hours jsonb) returns int4multirange language sql immutable as $$
  select coalesce(range_agg(int4range(d.n * 4000 + f.m, d.n * 4000 + case when t.m <= f.m then t.m + 1440 else t.m end)), '{}')
  from jsonb_array_elements(a_hours) h
  cross join lateral (select split_part(h->>'from', ':', 1)::integer * 60 + split_part(h->>'from', ':', 2)::integer) f (m)
  cross join lateral (select split_part(h->>'to', ':', 1)::integer * 60 + split_part(h->>'to', ':', 2)::integer) t (m)
  join (values (0, 'mon'), (1, 'tue'), (2, 'wed'), (3, 'thu'), (4, 'fri'), (5, 'sat'), (6, 'sun'), (7, 'bank_holiday')) d (n, day)
    on h->'days' ? d.day or h->'days' ? 'all'
$$;

create function risk_commissioners(a_item jsonb) returns setof text language sql immutable as $$
  select a_item->>'commissioner' where a_item->>'commissioner' is not null
  union all
  select c->>'commissioner' from jsonb_array_elements(coalesce(a_item->'commissioners', '[]')) c
$$;

-- Whether each of a_some is among a_others, or follows one of them, or is followed by ones that are all among them. One step of succession.
create function risk_same_commissioners(a_some text[], a_others text[]) returns boolean language sql stable as $$
  select not exists (
    select from unnest(a_some) s
    where s <> all (a_others)
      and not exists (select from setup_item i where i.kind = 'organisation' and i.ended is null and i.key = any (a_others)
                                                and coalesce(i.item->'successors', '[]') ? s)
      and not exists (select from setup_item i where i.kind = 'organisation' and i.ended is null and i.key = s
                        and jsonb_array_length(coalesce(i.item->'successors', '[]')) > 0
                        and not exists (select from jsonb_array_elements_text(i.item->'successors') x where x <> all (a_others))))
$$;

-- The functions of which a part of a bundle takes any.
create function risk_part_functions(a_part jsonb) returns jsonb language sql immutable as $$
  select coalesce(a_part->'any_of', jsonb_build_array(a_part->'function'))
$$;

-- Whether a bundle asks for more than before: each part in its place, as region_lowered compares them.
create function risk_needs_more(a_was jsonb, a_is jsonb) returns boolean language sql immutable as $$
  select jsonb_array_length(coalesce(a_is, '[]')) > jsonb_array_length(coalesce(a_was, '[]'))
    or exists (
      select from jsonb_array_elements(coalesce(a_was, '[]')) with ordinality w (part, n)
      join jsonb_array_elements(coalesce(a_is, '[]')) with ordinality i (part, n) using (n)
      where coalesce((i.part->>'count')::integer, 1) > coalesce((w.part->>'count')::integer, 1)
        or coalesce((i.part->>'different_teams')::boolean, false) and not coalesce((w.part->>'different_teams')::boolean, false)
        or coalesce((w.part->>'team_counts')::boolean, false) and not coalesce((i.part->>'team_counts')::boolean, false)
        or not risk_part_functions(i.part) @> risk_part_functions(w.part))
$$;

-- A requirement of a_known with the codes of today, so that what was only renamed is not another place, function or organisation.
create function risk_codes_now(a_item jsonb, a_known timestamptz) returns jsonb language sql stable as $$
  select a_item || jsonb_strip_nulls(jsonb_build_object(
    'place', code_now('place', a_item->>'place', a_known),
    'function', code_now('function', a_item->>'function', a_known),
    'commissioner', code_now('organisation', a_item->>'commissioner', a_known),
    'commissioners', (select jsonb_agg(c || jsonb_build_object('commissioner', code_now('organisation', c->>'commissioner', a_known)))
                      from jsonb_array_elements(a_item->'commissioners') c),
    'approvers', (select jsonb_agg(code_now('organisation', o, a_known)) from jsonb_array_elements_text(a_item->'approvers') o)))
$$;

-- Which key of a requirement asks for more than before, so that what was accepted of it was another risk: more people, other hours that were not asked
-- for, fewer who count. Null: none. It is region_lowered() of the change back, but for keys that say when a gap is told and how long it may last, which
-- are no other risk (tests/unit/server/api/test_stricter.c).
create function risk_stricter(a_was jsonb, a_is jsonb) returns text language sql stable as $$
  select case
    when a_was->>'place' is distinct from a_is->>'place' then 'place'
    when a_was->>'function' is distinct from a_is->>'function' then 'function'
    when (a_is->>'count')::integer > (a_was->>'count')::integer then 'count'
    when not risk_minutes(a_was->'hours') @> risk_minutes(a_is->'hours') then 'hours'
    when coalesce((a_was->>'team_counts')::boolean, false) and not coalesce((a_is->>'team_counts')::boolean, false) then 'team_counts'
    when a_was->>'role' = 'any' and coalesce(a_is->>'role', 'required') = 'required' then 'role'
    when coalesce((a_is->>'max_share')::integer, case when a_is->>'shared_ok' = 'false' then 1 else 100 end)
         < coalesce((a_was->>'max_share')::integer, case when a_was->>'shared_ok' = 'false' then 1 else 100 end) then 'max_share'
    when coalesce((a_is->>'handover_minutes')::integer, 0) > coalesce((a_was->>'handover_minutes')::integer, 0) then 'handover_minutes'
    when jsonb_array_length(coalesce(a_is->'approvers', '[]')) > 0
         and (jsonb_array_length(coalesce(a_was->'approvers', '[]')) = 0 or not (a_is->'approvers') @> (a_was->'approvers')) then 'approvers'
    when risk_needs_more(a_was->'needs', a_is->'needs') then 'needs'
    when not risk_same_commissioners(array(select risk_commissioners(a_was)), array(select risk_commissioners(a_is)))
         or not risk_same_commissioners(array(select risk_commissioners(a_is)), array(select risk_commissioners(a_was))) then 'commissioners'
  end
$$;

-- In the transaction that puts another version of a requirement in force, whatever way it came: its risks are lost, and the record says by which key.
create function risk_follow_setup() returns trigger language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  was jsonb;
  stricter text;
  r risk;
begin
  select risk_codes_now(i.item, i.known_from) into was from setup_item i
    where i.kind = 'requirement' and i.ended = new.version and i.key in (select codes_ever('requirement', new.key)) order by i.version desc limit 1;
  if was is null then
    return null;
  end if;
  stricter := risk_stricter(was, new.item);
  if stricter is null then
    return null;
  end if;
  for r in select x.* from risk x where x.ended_at is null and x.requirement in (select codes_ever('requirement', new.key)) order by x.id loop
    perform risk_end(r.id, 'lost', null, format('%s of the requirement %s by %s on the set-up, version %s: it is to be accepted again', stricter,
                                                case stricter when 'commissioners' then 'were changed' else 'was made stricter' end, new.made_by, new.version));
  end loop;
  return null;
end $$;
create constraint trigger risk_follow after insert on setup_item deferrable initially deferred for each row
  when (new.kind = 'requirement') execute function risk_follow_setup();

-- What a change of the set-up would end. It is made as it would be, looked at, and taken back; without open risks there is nothing to look at.
create type risk_lost as (risk bigint, requirement text, place text, until timestamptz, why text);

create function risks_lost(a_open bigint[]) returns risk_lost[] language plpgsql as $$
begin
  set constraints crisiscover.risk_follow immediate;
  return array(select (r.id, r.requirement, r.place, r.until, r.why)::risk_lost from risk r where r.id = any (a_open) and r.how = 'lost' order by r.id);
end $$;

-- With the codes of today. Arguments as of region_put.
create function region_put_try(a_document text, a_file text, a_origin text, a_seen bigint, a_actor text, a_kinds text[], a_was text[],
                               a_codes text[], a_rotas text[], a_people text[], a_said text[], a_masks text[], a_boxes bytea[])
returns setof risk_lost language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  open constant bigint[] := array(select id from risk where ended_at is null);
  lost risk_lost[];
begin
  if cardinality(open) = 0 then
    return;
  end if;
  begin
    perform region_put(a_document, a_file, a_origin, a_seen, a_actor, a_kinds, a_was, a_codes, a_rotas, a_people, a_said, a_masks, a_boxes);
    lost := risks_lost(open);
    raise exception 'taken back' using errcode = 'P0003';
  exception when sqlstate 'P0003' then
    null;
  end;
  return query select l.risk, code_now('requirement', r.requirement, r.at), code_now('place', r.place, r.at), l.until, l.why
               from unnest(lost) l join risk r on r.id = l.risk order by r.id;
end $$;
grant execute on function region_put_try to crisiscover_api;

-- Arguments as of setup_put.
create function setup_put_try(a_kind text, a_was text, a_key text, a_item text, a_more_key text, a_more text, a_seen bigint, a_actor text,
                              a_kinds text[], a_was_codes text[], a_codes text[], a_rotas text[], a_people text[], a_said text[], a_reason text,
                              a_masks text[], a_boxes bytea[])
returns setof risk_lost language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  open constant bigint[] := array(select id from risk where ended_at is null);
  lost risk_lost[];
begin
  if cardinality(open) = 0 then
    return;
  end if;
  begin
    perform setup_put(a_kind, a_was, a_key, a_item, a_more_key, a_more, a_seen, a_actor, a_kinds, a_was_codes, a_codes, a_rotas, a_people, a_said,
                      a_reason, a_masks, a_boxes);
    lost := risks_lost(open);
    raise exception 'taken back' using errcode = 'P0003';
  exception when sqlstate 'P0003' then
    null;
  end;
  return query select l.risk, code_now('requirement', r.requirement, r.at), code_now('place', r.place, r.at), l.until, l.why
               from unnest(lost) l join risk r on r.id = l.risk order by r.id;
end $$;
grant execute on function setup_put_try to crisiscover_api;

-- --------------------------------------------------------------------------------------------------------------------------------------- rights

-- PostgreSQL lets everybody execute a new function.
revoke all on all functions in schema crisiscover from public;
