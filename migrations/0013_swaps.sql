-- SPDX-License-Identifier: MIT

-- What people agree among themselves: swaps of shifts, and leave.
--
-- A swap gives a shift, or a part of one, from one person to another, and perhaps another shift back. It is offered, and then accepted, refused or
-- withdrawn, or its time runs out. An accepted swap is an override for each of its shifts (0003_decisions.sql), so that who is on, what the calendar says
-- about it and what was known when need nothing new. What becomes of the overrides is what becomes of the swap:
--
--   accepted   the calendar does not say it yet, and the overrides count
--   in_feed    the calendar names the new person of every shift
--   disputed   the calendar has taken a shift away, or names a third person; or one of two shifts was taken back
--   withdrawn  all its overrides were
--
-- Rows keep the codes of the time at which they were written; who reads them asks for the codes of today (code_now()).
--
-- Channel: swaps_changed (a hint, backed by a slow poll of swap_head), of leave too.

set local search_path = crisiscover;
set local check_function_bodies = off;

-- --------------------------------------------------------------------------------------------------------------------------------------- swaps

-- The version grows with every change of a swap or of leave, in the order of the commits: who takes it holds the row until then. Each has the version of its
-- last change. It is taken after the rows of feeds.
create table swap_head (
  only_row boolean primary key default true check (only_row),
  version  bigint not null
);
insert into swap_head (version) values (1);
grant select on swap_head to crisiscover_api;
analyze swap_head;

create function swap_version() returns bigint language sql as $$
  notify swaps_changed;
  update swap_head set version = version + 1 returning version
$$;

create table swap (
  id         bigint generated always as identity primary key,
  version    bigint not null,
  offered_at timestamptz not null default clock_timestamp(),
  offered_by text not null,
  expires_at timestamptz not null,               -- until when it may be accepted
  starts_at  timestamptz not null,               -- of the first of its shifts
  ends_at    timestamptz not null,               -- of the last
  link       bytea unique check (length(link) = 32), -- SHA-256 of what is in the link of who receives it; null: there is none, or it was used
  overruled  text[] not null default '{}',       -- checks that had failed when it was offered, and that the offer says do not matter
  state      text not null default 'offered' check (state in ('offered', 'accepted', 'refused', 'withdrawn', 'in_feed', 'disputed')),
  check (isfinite(expires_at) and offered_at < expires_at and expires_at <= starts_at and starts_at < ends_at),
  check (link is null or state = 'offered')
);
create index swap_version_of on swap (version);
create index swap_ends on swap (ends_at);
grant select (id, version, offered_at, offered_by, expires_at, starts_at, ends_at, overruled, state) on swap to crisiscover_api;

-- The shifts that change hands: the first, and of an exchange the second, in which it is the other way round.
create table swap_shift (
  swap      bigint not null references swap,
  nth       smallint not null check (nth in (1, 2)),
  rota      text not null references rota,
  gives     text not null references person,
  takes     text not null references person,
  starts_at timestamptz not null,
  ends_at   timestamptz not null,
  override  bigint unique references override,   -- since it was accepted
  primary key (swap, nth),
  check (gives <> takes),
  check (isfinite(starts_at) and isfinite(ends_at) and starts_at < ends_at)
);
create index swap_shift_gives on swap_shift (gives);
create index swap_shift_takes on swap_shift (takes);
create index swap_shift_rota on swap_shift (rota);
grant select on swap_shift to crisiscover_api;

-- Every step of a swap, only added to. who: an account, or null: the link, or the calendar. how: by whom it was accepted or refused ('receiver': who
-- takes the shift, 'link': by the link, 'word': a manager says so), 'calendar' where a calendar has changed, 'other' where another swap came first.
create table swap_event (
  id     bigint generated always as identity primary key,
  swap   bigint not null references swap,
  at     timestamptz not null default clock_timestamp(),
  step   text not null check (step in ('offered', 'accepted', 'refused', 'withdrawn', 'in_feed', 'disputed')),
  who    text,
  how    text check (how in ('receiver', 'link', 'word', 'calendar', 'other')),
  forced boolean not null default false,         -- a check that had failed was overruled
  reason text check (length(reason) between 1 and 400),
  check (not forced or reason is not null)
);
create index swap_event_by_swap on swap_event (swap, id);
create trigger keep before update or delete on swap_event for each row execute function keep_the_record();
create trigger keep_all before truncate on swap_event execute function keep_the_record();
grant select on swap_event to crisiscover_api;

-- Of a swap nothing is ever written but its state, its version, and that its link was used; of a shift its override, once.
create function keep_what_was_offered() returns trigger language plpgsql as $$
declare
  may constant text[] := case tg_table_name when 'swap' then array['version', 'state', 'link'] else array['override'] end;
begin
  if tg_op = 'UPDATE' and to_jsonb(new) - may = to_jsonb(old) - may
     and (tg_table_name = 'swap' and (to_jsonb(new)->'link' = 'null' or to_jsonb(new)->'link' = to_jsonb(old)->'link')
          or tg_table_name = 'swap_shift' and to_jsonb(old)->'override' = 'null') then
    return new;
  end if;
  raise exception '% on %: the record is only ever added to', lower(tg_op), tg_table_name using errcode = 'P0002';
end $$;
create trigger keep before update or delete on swap for each row execute function keep_what_was_offered();
create trigger keep before update or delete on swap_shift for each row execute function keep_what_was_offered();
create trigger keep_all before truncate on swap execute function keep_the_record();
create trigger keep_all before truncate on swap_shift execute function keep_the_record();

-- An offer is open until somebody answers it or its time is over.
create function swap_state(s swap) returns text language sql volatile as $$
  select case when s.state = 'offered' and s.expires_at <= clock_timestamp() then 'expired' else s.state end
$$;

-- A step of a swap: its new state, its event, and what the audit says of it. The caller holds the feeds' rows, and the swap's.
create function swap_step(a_swap bigint, a_event swap_event) returns void language plpgsql as $$
begin
  update swap set version = swap_version(), state = a_event.step, link = null where id = a_swap;
  insert into swap_event (swap, step, who, how, forced, reason)
    values (a_swap, a_event.step, a_event.who, a_event.how, coalesce(a_event.forced, false), a_event.reason);
  perform audit_add(coalesce(a_event.who, case a_event.how when 'link' then 'link' else 'calendar' end), 'swap_' || a_event.step, 'swap/' || a_swap,
                    jsonb_strip_nulls(jsonb_build_object('how', a_event.how, 'forced', a_event.forced, 'reason', a_event.reason)));
end $$;

-- The state of an accepted swap, by its overrides.
create function swap_stands(a_swap bigint) returns text language sql stable as $$
  select case when bool_and(o.withdrawn_at is not null) then 'withdrawn'
              when bool_or(o.withdrawn_at is not null or e.standing = 'conflicting') then 'disputed'
              when bool_and(e.standing = 'reconciled') then 'in_feed'
              else 'accepted' end
  from swap_shift l join override o on o.id = l.override, overrides_stand(array[o.id]) e
  where l.swap = a_swap
$$;

-- An override has another standing, or was withdrawn: the swap that it is of follows.
create function swap_follows() returns trigger language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  s swap;
  stands text;
  by_hand constant text := to_jsonb(new)->>'withdrawn_by';
begin
  select x.* into s from swap x join swap_shift l on l.swap = x.id
    where l.override = (to_jsonb(new)->>case tg_table_name when 'override' then 'id' else 'override' end)::bigint for update of x;
  if found and s.state in ('accepted', 'in_feed', 'disputed') then
    stands := swap_stands(s.id);
    if stands <> s.state then
      perform swap_step(s.id, row(null, null, null, stands, by_hand, case when by_hand is null then 'calendar' end, false, null)::swap_event);
    end if;
  end if;
  return null;
end $$;
create trigger swap_follows after insert on override_event for each row execute function swap_follows();
create trigger swap_follows after update of withdrawn_at on override for each row
  when (old.withdrawn_at is null and new.withdrawn_at is not null) execute function swap_follows();

-- Locks, in the order in which everybody does, the feeds of a swap's rotas, the counter of swaps, and the swap. P0001 where there is none.
create function swap_hold(a_swap bigint) returns swap language plpgsql as $$
declare s swap;
begin
  perform from feed f where f.rota in (select code_now('rota', l.rota, x.offered_at) from swap_shift l join swap x on x.id = l.swap where x.id = a_swap)
    order by f.rota for update;
  perform from swap_head for update;
  select * into s from swap where id = a_swap for update;
  if not found then
    raise exception 'there is no swap %', a_swap using errcode = 'P0001';
  end if;
  return s;
end $$;

create function swap_open(s swap) returns void language plpgsql as $$
begin
  if swap_state(s) = 'expired' then
    raise exception 'this offer ran out at %: offer it again', to_char(s.expires_at at time zone 'Europe/London', 'FMDD Mon YYYY "at" HH24:MI')
      using errcode = 'P0001';
  elsif s.state <> 'offered' then
    raise exception 'this swap is no longer open: it is %', replace(s.state, '_', ' ') using errcode = 'P0001';
  end if;
end $$;

-- Makes the overrides of a swap. Each must be on for the whole of what was offered: a shift that has moved since is another one than the receiver was asked
-- about. P0001 with a sentence where that cannot be.
create function swap_fulfil(s swap, a_actor text) returns void language plpgsql as $$
declare
  l swap_shift;
  made bigint;
begin
  for l in select * from swap_shift x where x.swap = s.id order by x.nth loop
    made := override_add(code_now('rota', l.rota, s.offered_at), code_now('person', l.takes, s.offered_at), code_now('person', l.gives, s.offered_at),
                         l.starts_at, l.ends_at, l.ends_at, null, false, a_actor);
    if (select range_agg(tstzrange(h.starts_at, h.ends_at)) from shift h where h.override = made and h.known_to = 'infinity' and h.class = 'named')
       is distinct from tstzmultirange(tstzrange(l.starts_at, l.ends_at)) then
      raise exception '% is not on rota % for all of that time: a shift that has moved is offered again', code_now('person', l.gives, s.offered_at),
        code_now('rota', l.rota, s.offered_at) using errcode = 'P0001';
    end if;
    update swap_shift set override = made where swap = l.swap and nth = l.nth;
  end loop;
end $$;

-- Whether it could be accepted now: it is, and that is taken back. P0001 with a sentence where it could not.
create function swap_could(s swap, a_actor text) returns void language plpgsql as $$
begin
  perform swap_fulfil(s, a_actor);
  raise exception 'taken back' using errcode = 'P0003';
exception when sqlstate 'P0003' then
  null;
end $$;

-- Offers a swap. a_shifts: [{"rota", "gives", "takes", "starts_at", "ends_at"}], one or two. a_link: of who receives it; null: none. The api has checked
-- the right to offer it; a_reason says why the checks a_overruled, which failed, do not matter.
create function swap_offer(a_shifts jsonb, a_expires timestamptz, a_link bytea, a_overruled text[], a_reason text, a_actor text, out id bigint,
                           out expires timestamptz)
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  s swap;
begin
  perform from feed f where f.rota in (select x->>'rota' from jsonb_array_elements(a_shifts) x) order by f.rota for update;
  perform people_there(array(select x->>k from jsonb_array_elements(a_shifts) x, unnest(array['gives', 'takes']) k));
  s.starts_at := (select min((x->>'starts_at')::timestamptz) from jsonb_array_elements(a_shifts) x);
  s.ends_at := (select max((x->>'ends_at')::timestamptz) from jsonb_array_elements(a_shifts) x);
  if least(a_expires, s.starts_at) <= clock_timestamp() then
    raise exception 'the shift has begun: put the other person on by an override' using errcode = 'P0001';
  end if;
  insert into swap as x (version, offered_by, expires_at, starts_at, ends_at, link, overruled)
    values (swap_version(), a_actor, least(a_expires, s.starts_at), s.starts_at, s.ends_at, a_link, a_overruled) returning * into s;
  insert into swap_shift (swap, nth, rota, gives, takes, starts_at, ends_at)
    select s.id, x.n, x.one->>'rota', x.one->>'gives', x.one->>'takes', (x.one->>'starts_at')::timestamptz, (x.one->>'ends_at')::timestamptz
    from jsonb_array_elements(a_shifts) with ordinality x (one, n);
  perform swap_could(s, a_actor);
  insert into swap_event (swap, at, step, who, forced, reason)
    values (s.id, s.offered_at, 'offered', a_actor, cardinality(a_overruled) > 0, a_reason);
  perform audit_add(a_actor, 'swap_offered', 'swap/' || s.id,
                    jsonb_strip_nulls(jsonb_build_object('shifts', a_shifts, 'expires_at', iso(s.expires_at), 'overruled', to_jsonb(a_overruled), 'reason', a_reason)));
  id := s.id;
  expires := s.expires_at;
end $$;
grant execute on function swap_offer to crisiscover_api;

-- Other offers of the same shifts, or of parts of them, can no longer be accepted: they end now, and say by which.
create function swap_overtakes(s swap) returns void language plpgsql as $$
declare other bigint;
begin
  for other in
    select distinct x.id from swap x join swap_shift l on l.swap = x.id
      join swap_shift m on m.swap = s.id and m.starts_at < l.ends_at and m.ends_at > l.starts_at
       and code_now('rota', m.rota, s.offered_at) = code_now('rota', l.rota, x.offered_at)
       and code_now('person', m.gives, s.offered_at) = code_now('person', l.gives, x.offered_at)
    where x.id <> s.id and swap_state(x) = 'offered' order by 1 loop
    perform swap_step(other, row(null, null, null, 'withdrawn', null, 'other', false, 'swap ' || s.id || ' was accepted')::swap_event);
  end loop;
end $$;

-- Accepts a swap. a_event: who, how, forced and reason. An override says of itself who made it: of what a link accepted, who offered it.
create function swap_accept(a_swap bigint, a_who text, a_how text, a_forced boolean, a_reason text) returns void
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare s swap := swap_hold(a_swap);
begin
  perform swap_open(s);
  perform swap_fulfil(s, coalesce(a_who, code_now('account', s.offered_by, s.offered_at)));
  perform swap_step(a_swap, row(null, null, null, 'accepted', a_who, a_how, a_forced, a_reason)::swap_event);
  perform swap_overtakes(s);
end $$;
grant execute on function swap_accept to crisiscover_api;

create function swap_refuse(a_swap bigint, a_who text, a_how text, a_reason text) returns void
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  perform swap_open(swap_hold(a_swap));
  perform swap_step(a_swap, row(null, null, null, 'refused', a_who, a_how, false, a_reason)::swap_event);
end $$;
grant execute on function swap_refuse to crisiscover_api;

-- Takes an offer back, or an accepted swap: then its overrides that are not over end now. It is said first: of an exchange, whose overrides end one after
-- the other, nothing else is said on the way.
create function swap_withdraw(a_swap bigint, a_who text, a_reason text) returns void
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  s swap := swap_hold(a_swap);
  l swap_shift;
begin
  if s.state not in ('accepted', 'in_feed', 'disputed') then
    perform swap_open(s);
  elsif s.ends_at <= clock_timestamp() then
    raise exception 'this swap is over: there is nothing left to take back' using errcode = 'P0001';
  end if;
  perform swap_step(a_swap, row(null, null, null, 'withdrawn', a_who, null, false, a_reason)::swap_event);
  for l in select x.* from swap_shift x join override o on o.id = x.override
           where x.swap = a_swap and o.withdrawn_at is null and o.expires_at > clock_timestamp() order by x.nth loop
    perform override_withdraw(l.override, false, a_who);
  end loop;
end $$;
grant execute on function swap_withdraw to crisiscover_api;

-- The shifts of a swap's rotas if it were offered and accepted. a_swap: an offer that there is; null: a_shifts, as of swap_offer().
create function swap_try(a_swap bigint, a_shifts jsonb, a_actor text, a_after timestamptz, a_before timestamptz) returns setof shift_shown
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  number bigint := a_swap;
  s swap;
  shown shift_shown[];
begin
  begin
    if number is null then
      number := (swap_offer(a_shifts, 'infinity', null, '{}', null, a_actor)).id;
    end if;
    s := swap_hold(number);
    perform swap_open(s);
    perform swap_fulfil(s, a_actor);
    shown := array(select x from (select distinct code_now('rota', l.rota, s.offered_at) as rota from swap_shift l where l.swap = number) r,
                                 rota_shown(r.rota, a_after, a_before) x);
    raise exception 'taken back' using errcode = 'P0003';
  exception when sqlstate 'P0003' then
    null;
  end;
  return query select * from unnest(shown);
end $$;
grant execute on function swap_try to crisiscover_api;

-- The swaps of these rotas or of these people (codes of today; null: all) that end after a_begin and begin before a_finish, after number a_after; and
-- where a_swap is given, it alone. Its shifts are in arrays, in their order.
create function swaps_shown(a_rotas text[], a_people text[], a_begin timestamptz, a_finish timestamptz, a_after bigint, a_most bigint,
                            a_swap bigint default null)
returns table (id bigint, state text, offered_at timestamptz, offered_by text, expires_at timestamptz, rotas text[], gives text[], takes text[],
               starts bigint[], ends bigint[], overrides bigint[], overruled text[])
language sql volatile security definer set search_path = crisiscover, pg_temp as $$
  select s.id, swap_state(s), s.offered_at, code_now('account', s.offered_by, s.offered_at), s.expires_at, l.rotas, l.gives, l.takes, l.starts, l.ends,
         l.overrides, s.overruled
  from swap s
  cross join lateral (
    select array_agg(code_now('rota', x.rota, s.offered_at) order by x.nth) as rotas,
           array_agg(code_now('person', x.gives, s.offered_at) order by x.nth) as gives,
           array_agg(code_now('person', x.takes, s.offered_at) order by x.nth) as takes,
           array_agg(extract(epoch from x.starts_at)::bigint order by x.nth) as starts,
           array_agg(extract(epoch from x.ends_at)::bigint order by x.nth) as ends,
           array_agg(coalesce(x.override, 0) order by x.nth) as overrides
    from swap_shift x where x.swap = s.id) l
  where (a_swap is null or s.id = a_swap) and s.id > a_after and s.ends_at > a_begin and s.starts_at < a_finish
    and (a_rotas is null or l.rotas && a_rotas or l.gives && a_people or l.takes && a_people)
  order by s.id limit a_most
$$;
grant execute on function swaps_shown to crisiscover_api;

-- The offer that a link is of, while it may be answered.
create function swap_of_link(a_link bytea) returns bigint language sql volatile security definer set search_path = crisiscover, pg_temp as $$
  select s.id from swap s where s.link = a_link and swap_state(s) = 'offered'
$$;
grant execute on function swap_of_link to crisiscover_api;

-- --------------------------------------------------------------------------------------------------------------------------------------- leave

-- Somebody asks to be away. Approved leave is an absence (0003_decisions.sql), with overrides for those who stand in. Why somebody is away is not asked and
-- not kept: a reason here is of a refusal, or of a gap that the approval leaves open (gap_expected).
create table leave (
  id           bigint generated always as identity primary key,
  version      bigint not null,
  requested_at timestamptz not null default clock_timestamp(),
  requested_by text not null,
  person       text not null references person,
  starts_at    timestamptz not null,
  ends_at      timestamptz not null,
  state        text not null default 'requested' check (state in ('requested', 'approved', 'refused', 'withdrawn')),
  absence      bigint unique references absence,
  overrides    bigint[] not null default '{}',
  check (isfinite(starts_at) and isfinite(ends_at) and starts_at < ends_at),
  check (state <> 'approved' or absence is not null)
);
create index leave_by_person on leave (person, ends_at);
create index leave_by_version on leave (version);
create trigger keep_all before truncate on leave execute function keep_the_record();
grant select on leave to crisiscover_api;

create table leave_event (
  id     bigint generated always as identity primary key,
  leave  bigint not null references leave,
  at     timestamptz not null default clock_timestamp(),
  step   text not null check (step in ('requested', 'approved', 'refused', 'withdrawn')),
  who    text not null,
  reason text check (length(reason) between 1 and 400)
);
create index leave_event_by_leave on leave_event (leave, id);
create trigger keep before update or delete on leave_event for each row execute function keep_the_record();
create trigger keep_all before truncate on leave_event execute function keep_the_record();
grant select on leave_event to crisiscover_api;

-- Only what became of it is ever written.
create function keep_what_was_requested() returns trigger language plpgsql as $$
declare may constant text[] := array['state', 'version', 'absence', 'overrides'];
begin
  if tg_op = 'UPDATE' and to_jsonb(new) - may = to_jsonb(old) - may then
    return new;
  end if;
  raise exception '% on %: the record is only ever added to', lower(tg_op), tg_table_name using errcode = 'P0002';
end $$;
create trigger keep before update or delete on leave for each row execute function keep_what_was_requested();

-- Leave whose absence somebody has withdrawn is withdrawn.
create function leave_state(l leave) returns text language sql stable as $$
  select case when l.state = 'approved' and exists (select from absence a where a.id = l.absence and a.withdrawn_at is not null) then 'withdrawn'
              else l.state end
$$;

-- At the end of the transaction, since the version is taken after all other rows.
create function keep_leave_versions() returns trigger language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  if exists (select from leave l where l.absence = new.id) then
    update leave set version = swap_version() where absence = new.id;
  end if;
  return null;
end $$;
create constraint trigger keep_leave after update of withdrawn_at on absence deferrable initially deferred for each row
  when (new.withdrawn_at is not null) execute function keep_leave_versions();

create function leave_step(l leave, a_step text, a_who text, a_reason text, a_detail jsonb) returns void language sql as $$
  update leave set version = swap_version() where id = l.id and a_step <> 'requested';
  insert into leave_event (leave, step, who, reason) values (l.id, a_step, a_who, a_reason);
  select audit_add(a_who, 'leave_' || a_step, 'leave/' || l.id, jsonb_build_object('person', l.person, 'starts_at', iso(l.starts_at),
                                                                                  'ends_at', iso(l.ends_at)) || a_detail);
$$;

-- P0001: the same person has asked for some of that time already, or has left the region.
create function leave_request(a_person text, a_start timestamptz, a_end timestamptz, a_actor text) returns bigint
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  l leave;
  first leave;
begin
  -- The person's row keeps two requests from passing each other.
  perform from person where id = a_person for update;
  perform people_there(array[a_person]);
  select * into first from leave x
    where code_now('person', x.person, x.requested_at) = a_person and x.starts_at < a_end and x.ends_at > a_start
      and leave_state(x) in ('requested', 'approved') order by x.id limit 1;
  if found then
    raise exception 'leave % is % for some of that time already: withdraw it before you ask again', first.id, first.state using errcode = 'P0001';
  end if;
  insert into leave (version, requested_by, person, starts_at, ends_at) values (swap_version(), a_actor, a_person, a_start, a_end) returning * into l;
  perform leave_step(l, 'requested', a_actor, null, '{}');
  return l.id;
end $$;
grant execute on function leave_request to crisiscover_api;

-- The row of a request, locked. P0001 where there is none, or it was decided.
create function leave_hold(a_leave bigint, a_states text[]) returns leave language plpgsql as $$
declare l leave;
begin
  select * into l from leave where id = a_leave for update;
  if not found then
    raise exception 'there is no leave %', a_leave using errcode = 'P0001';
  elsif leave_state(l) <> all (a_states) then
    raise exception 'this leave is % already', leave_state(l) using errcode = 'P0001';
  end if;
  return l;
end $$;

-- Approves leave: the absence, an override for each shift that somebody stands in for (a_covers: [{"rota", "person", "starts_at", "ends_at"}]), and the
-- gaps that it is known to leave (a_gaps: [{"requirement", "place", "starts_at", "ends_at"}]), which are a_actor's, for a_reason. The overrides are made
-- first: they replace somebody who is on.
create function leave_approve(a_leave bigint, a_covers jsonb, a_gaps jsonb, a_reason text, a_actor text, out overrides bigint[], out absence bigint)
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  l leave;
  one jsonb;
  who text;
begin
  perform from feed f where f.rota in (select x->>'rota' from jsonb_array_elements(a_covers) x) order by f.rota for update;
  l := leave_hold(a_leave, array['requested']);
  who := code_now('person', l.person, l.requested_at);
  if l.ends_at <= clock_timestamp() then
    raise exception 'this leave is over' using errcode = 'P0001';
  end if;
  overrides := '{}';
  for one in select x from jsonb_array_elements(a_covers) x loop
    overrides := overrides || override_add(one->>'rota', one->>'person', who, (one->>'starts_at')::timestamptz, (one->>'ends_at')::timestamptz,
                                           (one->>'ends_at')::timestamptz, null, false, a_actor);
  end loop;
  -- From now on: who was on until now was on.
  absence := absence_add(who, greatest(l.starts_at, date_trunc('second', clock_timestamp())), l.ends_at, a_actor);
  insert into gap_expected (requirement, place, starts_at, ends_at, who, reason, made_for)
    select x->>'requirement', x->>'place', (x->>'starts_at')::timestamptz, (x->>'ends_at')::timestamptz, a_actor, a_reason, 'leave/' || a_leave
    from jsonb_array_elements(a_gaps) x;
  update leave x set state = 'approved', absence = leave_approve.absence, overrides = leave_approve.overrides where x.id = a_leave;
  perform leave_step(l, 'approved', a_actor, a_reason, jsonb_build_object('absence', absence, 'overrides', overrides, 'gaps', a_gaps));
end $$;
grant execute on function leave_approve to crisiscover_api;

-- The shifts of the rotas of a_covers if it were approved; the absence is added by who asks.
create function leave_approve_try(a_leave bigint, a_covers jsonb, a_actor text, a_after timestamptz, a_before timestamptz) returns setof shift_shown
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare shown shift_shown[];
begin
  begin
    perform leave_approve(a_leave, a_covers, '[]', null, a_actor);
    shown := array(select x from (select distinct c->>'rota' as rota from jsonb_array_elements(a_covers) c) r, rota_shown(r.rota, a_after, a_before) x);
    raise exception 'taken back' using errcode = 'P0003';
  exception when sqlstate 'P0003' then
    null;
  end;
  return query select * from unnest(shown);
end $$;
grant execute on function leave_approve_try to crisiscover_api;

create function leave_refuse(a_leave bigint, a_reason text, a_actor text) returns void
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare l leave := leave_hold(a_leave, array['requested']);
begin
  update leave set state = 'refused' where id = a_leave;
  perform leave_step(l, 'refused', a_actor, a_reason, jsonb_strip_nulls(jsonb_build_object('reason', a_reason)));
end $$;
grant execute on function leave_refuse to crisiscover_api;

-- Takes a request back, or approved leave: then the absence ends now, and no gap is expected any more. Answers the overrides that stand all the same: who
-- stands in was asked to, and somebody must decide whether that still holds.
create function leave_withdraw(a_leave bigint, a_actor text) returns bigint[]
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare l leave := leave_hold(a_leave, array['requested', 'approved']);
begin
  if l.state = 'approved' then
    perform absence_withdraw(l.absence, a_actor);
    update gap_expected set ended_at = clock_timestamp() where made_for = 'leave/' || a_leave and ended_at is null;
  end if;
  update leave set state = 'withdrawn' where id = a_leave;
  perform leave_step(l, 'withdrawn', a_actor, null, '{}');
  return array(select o.id from override o where o.id = any (l.overrides) and o.withdrawn_at is null and o.expires_at > clock_timestamp() order by 1);
end $$;
grant execute on function leave_withdraw to crisiscover_api;

-- The leave of these people (codes of today) that ends after a_begin and begins before a_finish, after number a_after; where a_leave is given, it alone.
create function leave_shown(a_people text[], a_begin timestamptz, a_finish timestamptz, a_after bigint, a_most bigint, a_leave bigint default null)
returns table (id bigint, person text, starts_at timestamptz, ends_at timestamptz, state text, requested_at timestamptz, requested_by text,
               decided_at timestamptz, decided_by text, reason text, absence bigint, overrides bigint[])
language sql stable security definer set search_path = crisiscover, pg_temp as $$
  select l.id, p.person, l.starts_at, l.ends_at, leave_state(l), l.requested_at, code_now('account', l.requested_by, l.requested_at),
         e.at, code_now('account', e.who, e.at), e.reason, l.absence, l.overrides
  from leave l
  cross join lateral (select code_now('person', l.person, l.requested_at) as person) p
  left join lateral (select x.* from leave_event x where x.leave = l.id and x.step <> 'requested' order by x.id desc limit 1) e on true
  where (a_leave is null or l.id = a_leave) and (a_leave is not null or p.person = any (a_people))
    and l.id > a_after and l.ends_at > a_begin and l.starts_at < a_finish
  order by l.id limit a_most
$$;
grant execute on function leave_shown to crisiscover_api;

-- Swaps, then leave, that have changed since a version and are not long over, for those who follow them. Leave is of its person alone; nobody has to answer it
-- before it is over.
create function swaps_since(a_version bigint)
returns table (leave boolean, id bigint, version bigint, state text, expires_at timestamptz, ends_at timestamptz, rotas text[], people text[])
language sql stable security definer set search_path = crisiscover, pg_temp as $$
  select false as leave, s.id, s.version, s.state, s.expires_at, s.ends_at,
         array(select distinct code_now('rota', x.rota, s.offered_at) from swap_shift x where x.swap = s.id order by 1),
         array(select distinct code_now('person', p, s.offered_at) from swap_shift x, unnest(array[x.gives, x.takes]) p where x.swap = s.id order by 1)
  from swap s where s.version > a_version and s.ends_at > now() - interval '1 day'
  union all
  select true, l.id, l.version, leave_state(l), l.ends_at, l.ends_at, '{}', array[code_now('person', l.person, l.requested_at)]
  from leave l where l.version > a_version and l.ends_at > now() - interval '1 day'
  order by leave, id
$$;
grant execute on function swaps_since to crisiscover_api;

-- --------------------------------------------------------------------------------------------------------------------------------------- rights

-- PostgreSQL lets everybody execute a new function.
revoke all on all functions in schema crisiscover from public;
