-- SPDX-License-Identifier: MIT

-- The outbox of flags, and what the flags role calls. The flags role reads the outbox and writes only the time at which a flag was published; its
-- lead is an advisory lock of its session, which ends with the session. On a standby such a lock is worth nothing: every session can have it there.

set local search_path = crisiscover;
set local check_function_bodies = off;

-- ----------------------------------------------------------------------------------------------------------------------------------- the outbox

-- The outbox. The counter is locked by the transaction that adds a flag, until it commits: order of numbers = order of commits, no holes.
create table flag_counter (
  only_row boolean primary key default true check (only_row),
  epoch    integer not null,
  seq      bigint not null
);
insert into flag_counter (epoch, seq) values (1, 0);
grant select on flag_counter to crisiscover_api;
grant select, update on flag_counter to crisiscover_feeds;

create table incarnation (
  epoch             integer primary key,
  system_identifier bigint not null,
  timeline          integer not null,
  started_at        timestamptz not null default clock_timestamp()
);
insert into incarnation (epoch, system_identifier, timeline)
  select 1, s.system_identifier, c.timeline_id from pg_control_system() s, pg_control_checkpoint() c;

-- Each flag, in order, until its month is deleted. published_at: when it was in Redis.
create table flag (
  epoch        integer not null,
  seq          bigint not null,
  at           timestamptz not null default clock_timestamp(),
  kind         text not null check (kind in ('opened', 'changed', 'acknowledged', 'closed', 'started', 'reminder', 'feed_stale',
                                             'feed_restored', 'feed_held', 'override_disputed', 'override_settled', 'break_glass', 'single_handed',
                                             'contacts_unverified', 'person_new', 'contact_failed', 'message_undelivered', 'accepted')),
  gap          uuid references gap,
  place        text,
  function     text,
  payload      text not null check (octet_length(payload) <= 2048),
  published_at timestamptz,
  primary key (epoch, seq, at)
) partition by range (at);
create table flag_rest partition of flag default;
create index flag_unpublished on flag (epoch, seq) where published_at is null;
grant select on flag to crisiscover_api, crisiscover_flags;
grant insert on flag to crisiscover_feeds;

-- Adds a flag: takes the next number and writes the payload that docs describe. Called as late as possible in a transaction, since it locks the
-- counter until the commit. Times are RFC 3339 UTC. A flag of a gap also has how far up the ladder it has come (`to`), and, where one source makes
-- many gaps, which group it belongs to and whether it is the one that people are called for. The caller passes how many there are of the group, since
-- it may add thousands of flags of one group. a_more: members of its own.
create function flag_put(a_kind text, a_gap uuid, a_place text, a_function text, a_requirement text, a_state text,
                         a_starts timestamptz, a_ends timestamptz, a_severity text, a_cause text, a_more jsonb,
                         a_members integer)
returns text language plpgsql as $$
declare
  head record;
  g gap;
  moment timestamptz := clock_timestamp();
  iso constant text := 'YYYY-MM-DD"T"HH24:MI:SS"Z"';
  payload text;
begin
  if a_gap is not null then
    select * into g from gap where id = a_gap;
  end if;
  -- The canary's take no number: those who follow those would be told of them.
  if a_place is distinct from '.canary' then
    update flag_counter set seq = seq + 1 returning epoch, seq into head;
  else
    select 0 as epoch, turn as seq from canary into head;
  end if;
  payload := (jsonb_strip_nulls(jsonb_build_object(
      'v', 1, 'id', head.epoch || '-' || head.seq, 'kind', a_kind, 'gap', a_gap, 'place', a_place, 'function', a_function,
      'requirement', a_requirement, 'state', a_state,
      'start', to_char(a_starts at time zone 'UTC', iso), 'end', to_char(a_ends at time zone 'UTC', iso),
      'severity', a_severity,
      'lead_minutes', greatest(0, floor(extract(epoch from a_starts - moment) / 60))::bigint,
      'cause', a_cause, 'accepted_until', to_char(g.accepted_until at time zone 'UTC', iso), 'to', g.alerted_to,
      'group', g.cause_group, 'lead', case when g.cause_group is not null then g.lead end, 'members', a_members,
      'practice', (select nullif(r.head->'practice', 'false') from region r order by r.version desc limit 1),
      'at', to_char(moment at time zone 'UTC', iso))) || a_more)::text;
  if a_place is distinct from '.canary' then
    insert into flag (epoch, seq, at, kind, gap, place, function, payload)
      values (head.epoch, head.seq, moment, a_kind, a_gap, a_place, a_function, payload);
  else
    perform canary_flag(a_kind, a_starts, payload);
  end if;
  return head.epoch || '-' || head.seq;
end $$;
grant execute on function flag_put to crisiscover_feeds;

-- As flag_put, and counts the group. The feeds role, whose flags are not about gaps, may not read gaps.
create function flag_add(a_kind text, a_gap uuid, a_place text, a_function text, a_requirement text, a_state text,
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
grant execute on function flag_add to crisiscover_feeds;

create function flag_add_gap(a_kind text, g gap) returns text language sql as $$
  select flag_add(a_kind, g.id, g.place, g.function, g.requirement, g.state, g.starts_at, g.ends_at, g.severity, g.cause)
$$;

-- ------------------------------------------------------------------------------------------------------------------------- which process publishes

-- How far back a Redis that has lost its data is filled again, in flags. The stream is trimmed to about as many.
create function flags_refill_depth() returns integer language sql immutable as $$ select 100000 $$;

-- Whether the database that hands out numbers now can be one that has lost some it had handed out: restored, or promoted without the
-- last commits. Every promotion begins another timeline and every new cluster has another identity; a copy of the files that was put
-- back shows by Redis knowing more than the counter does.
create function flags_numbers_may_repeat(a_epoch integer, a_seq bigint, a_system bigint, a_timeline integer)
returns boolean language sql stable as $$
  select (a_epoch, a_seq) > (c.epoch, c.seq) or (i.system_identifier, i.timeline) is distinct from (a_system, a_timeline)
  from flag_counter c, (select * from incarnation order by epoch desc limit 1) i
$$;

-- Begins a new epoch if numbers may repeat, higher than any that a subscriber may have seen. The map's versions begin it too: they are
-- handed out by the same database. Locks as everybody: the map's head first, the counter of flags last.
--
-- An epoch that a promotion began may have been seen, in a heartbeat or by the api, and be lost with that promotion's node before a flag of it
-- was in Redis. The next promotion is of a later timeline, and begins an epoch as much later.
create function flags_renew_epoch(a_epoch integer, a_seq bigint) returns void language plpgsql as $$
declare
  system bigint;
  -- The timeline written to now; that of the last checkpoint is the old one for a while after a promotion.
  line integer := ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::integer;
  fresh integer;
  lost flag;
begin
  select system_identifier into system from pg_control_system();
  if not flags_numbers_may_repeat(a_epoch, a_seq, system, line) then
    return;
  end if;
  perform from map_head for update;
  perform from flag_counter for update;
  select greatest(c.epoch, a_epoch, h.epoch) + greatest(1, line - i.timeline) into fresh
    from flag_counter c, map_head h, (select x.timeline from incarnation x order by epoch desc limit 1) i;
  insert into incarnation (epoch, system_identifier, timeline) values (fresh, system, line);
  update map_head set epoch = fresh;
  update flag_counter set epoch = fresh, seq = 0;
  -- Flags under numbers that Redis has already: subscribers would take them for those, so they are published again under new ones.
  for lost in select * from flag where published_at is null and (epoch, seq) <= (a_epoch, a_seq) order by epoch, seq loop
    update flag_counter set seq = seq + 1;
    insert into flag (epoch, seq, at, kind, gap, place, function, payload)
      select c.epoch, c.seq, lost.at, lost.kind, lost.gap, lost.place, lost.function,
             jsonb_set(lost.payload::jsonb, '{id}', to_jsonb(c.epoch || '-' || c.seq))::text
      from flag_counter c;
    update flag set published_at = clock_timestamp() where (epoch, seq) = (lost.epoch, lost.seq);
  end loop;
  notify coverage_changed;
end $$;

-- Makes this session the leader, given the newest id in Redis (0, 0: it has none). Not if another session leads, or if this is a
-- standby. If it leads: the epoch, and the id after which flags have to be in Redis but may not be: before the first that was never published,
-- and not after the newest that is there.
create function flags_lead(a_epoch integer, a_seq bigint,
                           out leads boolean, out epoch integer, out after_epoch integer, out after_seq bigint)
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  after bigint[];
  unpublished bigint[];
begin
  leads := not pg_is_in_recovery() and pg_try_advisory_lock(4242002);
  if not leads then
    return;
  end if;
  perform flags_renew_epoch(a_epoch, a_seq);
  select c.epoch into epoch from flag_counter c;
  -- After the newest that is there, or as far back as the stream is filled again.
  select greatest(array[a_epoch::bigint, a_seq], coalesce(max(array[f.epoch::bigint, f.seq]), array[0::bigint, 0])) into after
    from (select f.epoch, f.seq from flag f order by f.epoch desc, f.seq desc offset flags_refill_depth() limit 1) f;
  select array[f.epoch::bigint, f.seq - 1] into unpublished
    from flag f where f.published_at is null order by f.epoch, f.seq limit 1;
  after := least(after, unpublished);
  after_epoch := after[1];
  after_seq := after[2];
end $$;
grant execute on function flags_lead to crisiscover_flags;

-- Notes that everything up to this id is in Redis, without waiting for the disk, and with a plan that is kept: a function in SQL is planned each
-- time, over every month there is. A mark that is lost in a crash is made again by the next leader, since flags_lead goes back before
-- the first unmarked flag, and the stream refuses what it has. The setting must be made here and last until the commit, where it has its effect:
-- a setting attached to the function would end before the commit.
create function flags_mark(a_epoch integer, a_seq bigint) returns void
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  perform set_config('synchronous_commit', 'off', true);
  update flag set published_at = clock_timestamp() where published_at is null and (epoch, seq) <= (a_epoch, a_seq);
end $$;
grant execute on function flags_mark to crisiscover_flags;

-- ------------------------------------------------------------------------------------------------------------------------------------- contacts

-- Contacts that nobody has checked for a long time, and when their organisation's managers were last reminded of each. A contact that is checked, or
-- gone, has no row.
create table contact_reminded (
  kind text not null check (kind in ('person', 'service')),
  code text not null,
  at   timestamptz not null default clock_timestamp(),
  primary key (kind, code)
);

-- Given every contact that is unverified now: reminds of those of which nobody was reminded for a_days, with one flag for each organisation that says how
-- many they are. Which they are is in GET /v1/contacts/unverified, for those who may know. Answers how many flags.
create function contacts_remind(a_kinds text[], a_codes text[], a_organisations text[], a_days integer) returns integer
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  one record;
  flags integer := 0;
begin
  -- One process after the other, so that each contact is told once.
  lock table contact_reminded in share row exclusive mode;
  delete from contact_reminded r
    where not exists (select from unnest(a_kinds, a_codes) d (kind, code) where (d.kind, d.code) = (r.kind, r.code));
  for one in
    with told as (
      insert into contact_reminded as r (kind, code) select d.kind, d.code from unnest(a_kinds, a_codes) d (kind, code)
        on conflict (kind, code) do update set at = clock_timestamp() where r.at < clock_timestamp() - make_interval(days => a_days)
        returning r.kind, r.code)
    select d.organisation, count(*) as contacts
      from told join unnest(a_kinds, a_codes, a_organisations) d (kind, code, organisation) using (kind, code)
      group by d.organisation order by d.organisation
  loop
    perform flag_add('contacts_unverified', null, null, null, null, null, null, null, 'normal', one.organisation,
                     jsonb_build_object('contacts', one.contacts));
    flags := flags + 1;
  end loop;
  return flags;
end $$;
grant execute on function contacts_remind to crisiscover_coverage;

-- --------------------------------------------------------------------------------------------------------------------------------------- rights

-- PostgreSQL lets everybody execute a new function.
revoke all on all functions in schema crisiscover from public;
