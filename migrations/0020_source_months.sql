-- What was noted of sources and of the map's versions goes by months, too, as everything that grows without end: a country checks its sources
-- half a million times a day, and until now each row of that went by itself.
--
-- What still holds when a month goes must not go with it: the state in which a source has been for three years is the newest row of a month
-- three years ago. So the last word of each source in what goes is carried over: into the partition for what no month is there for.

set local search_path = crisiscover;

alter table record_table
  add column setting text,      -- which setting says how long it is kept
  add column last_by text,      -- of rows that are alike in this, the last one before the record begins is carried over; null: none is
  add column last_order text;   -- newest first
update record_table set setting = name;
insert into record_table (name, timed_by, in_force, kept, setting, last_by, last_order) values
  ('feed_event', 'at', false, true, 'source', 'rota', 'at desc, id desc'),
  ('source_change', 'at', false, true, 'source', 'rota', 'at desc, id desc'),
  ('source_check', 'hour', false, true, 'source', 'rota', 'hour desc'),
  ('map_past', 'at', false, true, 'source', 'epoch', 'at desc, version desc');
alter table record_table alter column setting set not null;

-- Rows of these may be added, and nothing else. The argument: the table's own name, since a partition has another.
create function record_stay() returns trigger language plpgsql as $$
begin
  raise exception '% on %: the record is only ever added to', lower(tg_op), tg_argv[0] using errcode = 'P0002';
end $$;

-- -------------------------------------------------------------------------------------------------------------- the conversion

-- Makes a table into months, under its name and with its rows, checks and rights. Keys, indexes and triggers are the caller's.
create function record_split(a_table text) returns void language plpgsql as $$
declare
  whole text := a_table || '_whole';
  t record_table;
  columns text;
  newest bigint;
  month timestamptz;
  rights text[];
  one text;
begin
  select * into strict t from record_table r where r.name = a_table;
  execute format('lock table %I in access exclusive mode', a_table);
  select array_agg(format('grant %s on %I to %I', g.privilege_type, a_table, g.grantee::regrole::text)) into rights
    from pg_class c, aclexplode(c.relacl) g
    where c.oid = format('crisiscover.%I', a_table)::regclass and g.grantee <> c.relowner and g.grantee <> 0;
  select string_agg(quote_ident(attname), ', ' order by attnum) into columns
    from pg_attribute where attrelid = format('crisiscover.%I', a_table)::regclass and attnum > 0 and not attisdropped;
  if exists (select from pg_attribute where attrelid = format('crisiscover.%I', a_table)::regclass and attname = 'id') then
    newest := nextval(pg_get_serial_sequence(a_table, 'id'));
  end if;
  execute format('alter table %I rename to %I', a_table, whole);
  execute format('create table %I (like %I including defaults including constraints including identity including storage)
                    partition by range (%I)', a_table, whole, t.timed_by);
  execute format('create table %I partition of %I default', a_table || '_rest', a_table);
  -- A month for every row that is there, and for the months to come.
  execute format('select min(%I) from %I', t.timed_by, whole) into month;
  month := record_month(least(month, clock_timestamp()));
  while month <= clock_timestamp() + interval '3 months' loop
    perform record_month_make(a_table, month);
    month := record_month_after(month);
  end loop;
  execute format('insert into %I (%s) overriding system value select %2$s from %I', a_table, columns, whole);
  execute format('drop table %I', whole);
  if newest is not null then
    perform setval(pg_get_serial_sequence(a_table, 'id'), newest);
  end if;
  foreach one in array rights loop
    execute one;
  end loop;
  execute format('create trigger keep_all before delete or truncate on %I execute function record_keep(%L)', a_table || '_rest', a_table);
  execute format('create trigger keep_all before delete or truncate on %I execute function record_keep(%L)', a_table, a_table);
end $$;

-- Deferred triggers of this very transaction would stand in the way.
set constraints all immediate;
do $$ begin perform record_split(name) from record_table where setting = 'source' order by name; end $$;
drop function record_split;

alter table feed_event add primary key (id, at), add foreign key (rota) references rota;
create index feed_event_by_rota on feed_event (rota, at);
create trigger keep before update on feed_event for each row execute function record_stay('feed_event');

alter table source_change add primary key (id, at), add foreign key (rota) references rota, add foreign key (reading) references reading;
create index source_change_by_rota on source_change (rota, at);
create trigger keep before update on source_change for each row execute function record_stay('source_change');

alter table source_check add primary key (rota, hour), add foreign key (rota) references rota;
create trigger keep before update on source_check for each row execute function source_check_keep();

create index map_past_by_time on map_past (at);
create trigger keep before update on map_past for each row execute function record_stay('map_past');

-- What went by single rows before has left no trace of when; it went by the same days as the shifts.
insert into record_begins (name, at) select 'source', at from record_begins where name = 'shift';

-- ----------------------------------------------------------------------------------------------------------------- maintenance

-- Carries over the last words of what is about to go: what lies before a_begins. The partition for the rest takes them when no month does, so
-- this comes last.
create function record_last_words(t record_table, a_begins timestamptz, a_gone text[]) returns void language plpgsql as $$
declare
  rest text := t.name || '_rest';
  one text;
begin
  execute format('create temporary table last_words on commit drop as
                    select distinct on (%1$I) * from %2$I where %3$I < %4$L order by %1$I, %5$s', t.last_by, t.name, t.timed_by, a_begins, t.last_order);
  foreach one in array a_gone loop
    execute format('drop table %I', one);
  end loop;
  execute format('alter table %I disable trigger user', rest);
  execute format('delete from %I where %I < %L', rest, t.timed_by, a_begins);
  execute format('insert into %I overriding system value select * from last_words', rest);
  execute format('alter table %I enable trigger user', rest);
  drop table last_words;
end $$;

-- As in 0011; notes where the record then begins, and carries last words over.
create or replace function record_months_let_go(a_table text, a_before timestamptz) returns integer language plpgsql as $$
declare
  t record_table;
  p record;
  gone text[] := '{}';
  begins timestamptz;
begin
  select * into strict t from record_table r where r.name = a_table;
  for p in select c.relname as name, make_timestamptz(left(right(c.relname, 7), 4)::integer, right(c.relname, 2)::integer, 1, 0, 0, 0, 'UTC') as month
           from pg_inherits i join pg_class c on c.oid = i.inhrelid
           where i.inhparent = format('crisiscover.%I', a_table)::regclass and c.relname ~ (a_table || '_[0-9]{4}_[0-9]{2}$') order by 1 loop
    exit when not record_month_over(a_table, p.name, p.month, a_before);
    if a_table = 'audit' then
      execute format('update audit_base set (seq, hash) = (select seq, hash from %I order by seq desc limit 1)
                        where seq < (select max(seq) from %1$I)', p.name);
    end if;
    gone := gone || p.name::text;
    begins := record_month_after(p.month);
  end loop;
  if begins is null then
    return 0;
  end if;
  perform record_begins_at(t.setting, begins);
  if t.last_by is not null then
    perform record_last_words(t, begins, gone);
  else
    for p in select x as name from unnest(gone) x loop
      execute format('drop table %I', p.name);
    end loop;
  end if;
  return cardinality(gone);
end $$;

-- As in 0018: each table by its setting. A month is made for what had none, unless the record begins after it: that was carried over.
-- Nothing goes by single rows any more: rows_gone is 0, and is there for a process of the version before.
create or replace function record_maintain_at(a_now timestamptz, a_body_days bigint, a_tables text[], a_days bigint[],
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
                      union select record_month(%2$I) from %3$I
                        where isfinite(%2$I) and %2$I >= coalesce((select at from record_begins where name = %4$L), ''-infinity'')) x',
                   a_now, t.timed_by, t.name || '_rest', t.setting) into months;
    foreach month in array months loop
      made := made + record_month_make(t.name, month)::int;
    end loop;
  end loop;
  -- Only then, since tables of one setting begin together.
  for t in select * from record_table order by name loop
    kept := a_days[array_position(a_tables, t.setting)];
    if kept > 0 then
      dropped := dropped + record_months_let_go(t.name, a_now - make_interval(days => kept::integer));
    end if;
  end loop;
  if a_body_days > 0 then
    bodies := bodies_let_go(a_now - make_interval(days => a_body_days::integer));
  end if;
  delete from audit_writer where at < a_now - interval '400 days';
end $$;

drop function record_rows_let_go;
revoke all on function record_stay, record_last_words from public;

analyze feed_event;
analyze source_change;
analyze source_check;
analyze map_past;
