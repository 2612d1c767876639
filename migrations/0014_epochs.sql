-- Epochs that no database knows any more.

set local search_path = crisiscover;

-- An epoch that a promotion began may have been seen, in a heartbeat or by the api, and be lost with that promotion's node before a flag of it
-- was in Redis. The next promotion is of a later timeline, and begins an epoch as much later.
create or replace function flags_renew_epoch(a_epoch integer, a_seq bigint) returns void language plpgsql as $$
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
