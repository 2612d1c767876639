-- What the flags role calls. It reads the outbox and writes nothing but the time at which a flag was published; the office it holds is an
-- advisory lock of its session, which ends with the session and is worth nothing on a standby, where anybody is granted one.

set local search_path = crisiscover;

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
create function flags_renew_epoch(a_epoch integer, a_seq bigint) returns void language plpgsql as $$
declare
  system bigint;
  -- The timeline written to now; that of the last checkpoint is the old one for a while after a promotion.
  timeline integer := ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::integer;
  fresh integer;
  lost flag;
begin
  select system_identifier into system from pg_control_system();
  if not flags_numbers_may_repeat(a_epoch, a_seq, system, timeline) then
    return;
  end if;
  perform from map_head for update;
  perform from flag_counter for update;
  select greatest(c.epoch, a_epoch, h.epoch) + 1 into fresh from flag_counter c, map_head h;
  insert into incarnation (epoch, system_identifier, timeline) values (fresh, system, timeline);
  update map_head set epoch = fresh;
  update flag_counter set epoch = fresh, seq = 0;
  -- Flags under numbers that Redis has already: it would take them for those, so they are told again under new ones.
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

-- Takes the office for this session, given the newest id in Redis (0, 0: it has none). Not taken: somebody else has it, or this is a
-- standby. Taken: the epoch, and the id after which flags have to be in Redis but may not be: before the first that was never published,
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
  -- What is there, or as far back as is filled again.
  select greatest(array[a_epoch::bigint, a_seq], coalesce(max(array[f.epoch::bigint, f.seq]), array[0::bigint, 0])) into after
    from (select f.epoch, f.seq from flag f order by f.epoch desc, f.seq desc offset flags_refill_depth() limit 1) f;
  select array[f.epoch::bigint, f.seq - 1] into unpublished
    from flag f where f.published_at is null order by f.epoch, f.seq limit 1;
  after := least(after, unpublished);
  after_epoch := after[1];
  after_seq := after[2];
end $$;

-- Notes that everything up to this id is in Redis.
create function flags_mark(a_epoch integer, a_seq bigint) returns void
language sql security definer set search_path = crisiscover, pg_temp as $$
  update flag set published_at = clock_timestamp() where published_at is null and (epoch, seq) <= (a_epoch, a_seq)
$$;

revoke all on function flags_refill_depth, flags_numbers_may_repeat, flags_renew_epoch, flags_lead, flags_mark from public;
grant execute on function flags_lead, flags_mark to crisiscover_flags;
grant select on flag to crisiscover_flags;
