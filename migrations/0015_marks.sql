-- Marks of flags that nobody waits for.

set local search_path = crisiscover;

-- As before, but without waiting for the disk, and with a plan that is kept: a function in SQL is planned each time, over every month there
-- is. What is marked is in Redis already; a mark that a crash takes along is made again by whoever leads then, since flags_lead
-- goes back before the first unmarked flag, and the stream refuses what it has. The setting must be made in here and last until
-- the commit, where it counts: one that is attached to the function ends with it, before the commit.
create or replace function flags_mark(a_epoch integer, a_seq bigint) returns void
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  perform set_config('synchronous_commit', 'off', true);
  update flag set published_at = clock_timestamp() where published_at is null and (epoch, seq) <= (a_epoch, a_seq);
end $$;
