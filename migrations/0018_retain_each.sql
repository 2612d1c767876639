-- How long each table of the record is kept is a setting of its own: who looked at names is personal data and may have to go sooner than the
-- map, and the map later than the flags that told of it.

set local search_path = crisiscover;

-- The daily round as in 0011, with the days of each table beside its name: shift, span, flag, audit; and `source`, what was noted of sources and
-- of the map's versions, which goes by single rows. 0, and what is not named: for ever. A lock is waited for
-- for less than the second after which PostgreSQL looks for deadlocks: a reader that meets this among the months must not be the one that fails.
create function record_maintain_at(a_now timestamptz, a_body_days bigint, a_tables text[], a_days bigint[],
                                   out made integer, out dropped integer, out bodies bigint, out rows_gone bigint)
language plpgsql set lock_timeout = '500ms' as $$
declare
  t record_table;
  months timestamptz[];
  month timestamptz;
  kept bigint;
begin
  made := 0; dropped := 0; bodies := 0; rows_gone := 0;
  if not pg_try_advisory_xact_lock(4242011) then
    return;
  end if;
  for t in select * from record_table order by name loop
    execute format('select array_agg(m order by m) from (
                      select record_month(%1$L::timestamptz + make_interval(months => n)) as m from generate_series(0, 3) n
                      union select record_month(%2$I) from %3$I where isfinite(%2$I)) x', a_now, t.timed_by, t.name || '_rest') into months;
    foreach month in array months loop
      made := made + record_month_make(t.name, month)::int;
    end loop;
    kept := a_days[array_position(a_tables, t.name)];
    if kept > 0 then
      dropped := dropped + record_months_let_go(t.name, a_now - make_interval(days => kept::integer));
    end if;
  end loop;
  kept := a_days[array_position(a_tables, 'source')];
  if kept > 0 then
    rows_gone := record_rows_let_go(a_now - make_interval(days => kept::integer));
  end if;
  if a_body_days > 0 then
    bodies := bodies_let_go(a_now - make_interval(days => a_body_days::integer));
  end if;
  delete from audit_writer where at < a_now - interval '400 days';
end $$;

create function record_maintain(a_body_days bigint, a_tables text[], a_days bigint[],
                                out made integer, out dropped integer, out bodies bigint, out rows_gone bigint)
language sql security definer set search_path = crisiscover, pg_temp as $$
  select * from record_maintain_at(clock_timestamp(), a_body_days, a_tables, a_days)
$$;

-- With one number for all of them, as a process of the version before calls it.
create or replace function record_maintain_at(a_now timestamptz, a_body_days bigint, a_record_days bigint,
                                              out made integer, out dropped integer, out bodies bigint, out rows_gone bigint)
language sql as $$
  select * from record_maintain_at(a_now, a_body_days, array['shift', 'span', 'flag', 'audit', 'source'],
                                   array_fill(a_record_days, array[5]))
$$;

revoke all on function record_maintain_at(timestamptz, bigint, text[], bigint[]), record_maintain(bigint, text[], bigint[]) from public;
grant execute on function record_maintain(bigint, text[], bigint[]) to crisiscover_coverage;
