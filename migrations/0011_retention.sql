-- What is kept how long. The record is for ever unless a setting says otherwise; then it goes by whole months, as partitions, so that
-- nothing has to be searched for and no row is ever deleted one by one from between others. Of bodies, the bytes go after a while; their hash
-- and what was read from them stay.
--
-- Rows of shift and span that are in force live in a partition of their own, however old they are: superseding a row moves it to the month
-- in which it ceased to be known. Flags and the audit go by the month in which they were written. Each has a partition for whatever no
-- month is there for, so that a month that nobody made can never stop a write.
--
-- Not by partitions: feed_event and source_change. The state in which a source has been for three years is the newest row of a month three
-- years ago, and must not go with it: of those, single rows go that had a successor long enough ago. The same holds for map_past.

set local search_path = crisiscover;

-- ----------------------------------------------------------------------------------------------------------------- the record

-- As keep_the_record, for tables in partitions, whose own name is the argument. Deleting is refused a statement at a time: a row that moves to
-- another partition is a deletion to triggers of rows, and to those of statements it is none.
create function record_keep() returns trigger language plpgsql as $$
begin
  if tg_level = 'ROW' then
    if old.known_to = 'infinity' and new.known_to <> 'infinity' and to_jsonb(new) - 'known_to' = to_jsonb(old) - 'known_to' then
      return new;
    end if;
  end if;
  raise exception '% on %: the record is only ever added to', lower(tg_op), tg_argv[0] using errcode = 'P0002';
end $$;

-- Which tables are in months, by which column, and whether the rows in force stand apart.
create table record_table (
  name     text primary key,
  timed_by text not null,
  in_force boolean not null,     -- rows whose `timed_by` is infinity
  kept     boolean not null      -- part of what is only ever added to
);
insert into record_table (name, timed_by, in_force, kept) values
  ('shift', 'known_to', true, true), ('span', 'known_to', true, true),
  ('flag', 'at', false, false), ('audit', 'added_at', false, true);

create function record_month_name(a_table text, a_month timestamptz) returns text language sql immutable as $$
  select a_table || '_' || to_char(a_month at time zone 'UTC', 'YYYY_MM')
$$;

create function record_month(a_at timestamptz) returns timestamptz language sql immutable as $$
  select date_trunc('month', a_at at time zone 'UTC') at time zone 'UTC'
$$;

create function record_month_after(a_month timestamptz) returns timestamptz language sql immutable as $$
  select (a_month at time zone 'UTC' + interval '1 month') at time zone 'UTC'
$$;

-- Makes the partition of a month if it is missing, and moves there what had to wait for it. Answers whether it made one.
create function record_month_make(a_table text, a_month timestamptz) returns boolean language plpgsql as $$
declare
  t record_table;
  name text := record_month_name(a_table, a_month);
  range text;
  waiting boolean;
begin
  select * into strict t from record_table r where r.name = a_table;
  if to_regclass(format('crisiscover.%I', name)) is not null then
    return false;
  end if;
  range := format('%1$I >= %2$L and %1$I < %3$L', t.timed_by, a_month, record_month_after(a_month));
  execute format('create table %I (like %I including defaults including constraints including storage)', name, a_table);
  execute format('select exists (select from %I where %s)', a_table || '_rest', range) into waiting;
  if waiting then
    execute format('alter table %I disable trigger user', a_table || '_rest');
    execute format('with moved as (delete from %I where %s returning *) insert into %I select * from moved', a_table || '_rest', range, name);
    execute format('alter table %I enable trigger user', a_table || '_rest');
  end if;
  execute format('alter table %I attach partition %I for values from (%L) to (%L)', a_table, name, a_month, record_month_after(a_month));
  if t.kept then
    execute format('create trigger keep_all before delete or truncate on %I execute function record_keep(%L)', name, a_table);
  end if;
  return true;
end $$;

-- Turns a table with all it has (rows, defaults, checks, foreign keys, indexes, triggers, rights; also what other files have added to it)
-- into partitions under the same name. What can only be unique where it is in force is so there.
create function record_split(a_table text) returns void language plpgsql as $$
declare
  t record_table;
  was regclass := format('crisiscover.%I', a_table);
  current text := a_table || '_current';
  rest text := a_table || '_rest';
  columns text;
  newest bigint;
  first timestamptz;
  indexes text[];
  remade text[];
  definition text;
begin
  select * into strict t from record_table r where r.name = a_table;
  execute format('lock table %s in access exclusive mode', was);
  if exists (select from pg_constraint where contype = 'f' and confrelid = was) then
    raise exception '% is referred to by %: a table in partitions has no key of single rows that it could be referred to by',
      a_table, (select string_agg(conrelid::regclass::text, ', ') from pg_constraint where contype = 'f' and confrelid = was);
  end if;
  if exists (select from pg_index where indrelid = was and indisunique and not indisprimary
             and not (t.in_force and pg_get_expr(indpred, indrelid) like '%known_to = ''infinity''%')) then
    raise exception '% has something unique that would not be so across partitions', a_table;
  end if;

  -- Everything that is to be made again, in words.
  select coalesce(array_agg(case
           when indisprimary then format('alter table %I add primary key (%s, %I)', a_table,
             (select string_agg(quote_ident(attname), ', ' order by n) from unnest(indkey::smallint[]) with ordinality k (num, n)
              join pg_attribute a on a.attrelid = was and a.attnum = k.num), t.timed_by)
           when t.in_force and pg_get_expr(indpred, indrelid) like '%known_to = ''infinity''%'
             then replace(pg_get_indexdef(indexrelid), format(' ON crisiscover.%I ', a_table), format(' ON crisiscover.%I ', current))
           else pg_get_indexdef(indexrelid) end order by indexrelid), '{}')
    into indexes from pg_index where indrelid = was;
  select coalesce(array_agg(x.word order by x.n), '{}') into remade from (
    select 1 as n, format('alter table %I add constraint %I %s', a_table, conname, pg_get_constraintdef(oid)) as word
      from pg_constraint where conrelid = was and contype = 'f'
    union all
    select 2, pg_get_triggerdef(oid) from pg_trigger where tgrelid = was and not tgisinternal and tgname not in ('keep', 'keep_all')
    union all
    select 3, format('grant %s on %I to %I', g.privilege_type, a_table, g.grantee::regrole::text)
      from pg_class c, aclexplode(c.relacl) g where c.oid = was and g.grantee <> c.relowner and g.grantee <> 0
    union all
    select 4, format('grant %s (%I) on %I to %I', g.privilege_type, a.attname, a_table, g.grantee::regrole::text)
      from pg_attribute a, aclexplode(a.attacl) g where a.attrelid = was and a.attnum > 0 and not a.attisdropped) x;
  select string_agg(quote_ident(attname), ', ' order by attnum) into columns
    from pg_attribute where attrelid = was and attnum > 0 and not attisdropped;
  if exists (select from pg_attribute where attrelid = was and attname = 'id' and attidentity <> '') then
    newest := nextval(pg_get_serial_sequence(was::text, 'id'));
  end if;

  execute format('alter table %I rename to %I', a_table, a_table || '_whole');
  execute format('create table %I (like %I including defaults including constraints including identity including generated including storage)
                    partition by range (%I)', a_table, a_table || '_whole', t.timed_by);
  execute format('create table %I partition of %I default', rest, a_table);
  if t.in_force then
    execute format('create table %I partition of %I for values from (''infinity'') to (maxvalue)', current, a_table);
  end if;
  -- A month for every row that is there, and for the months to come.
  execute format('select min(%I) from %I', t.timed_by, a_table || '_whole') into first;
  first := record_month(least(first, clock_timestamp()));
  while first <= clock_timestamp() + interval '3 months' loop
    perform record_month_make(a_table, first);
    first := record_month_after(first);
  end loop;
  execute format('insert into %I (%s) overriding system value select %2$s from %I', a_table, columns, a_table || '_whole');
  execute format('drop table %I', a_table || '_whole');
  if newest is not null then
    perform setval(pg_get_serial_sequence(format('crisiscover.%I', a_table), 'id'), newest);
  end if;
  foreach definition in array indexes || remade loop
    execute definition;
  end loop;
  if t.kept then
    execute format('create trigger keep_all before delete or truncate on %I execute function record_keep(%L)', rest, a_table);
    execute format('create trigger keep_all before delete or truncate on %I execute function record_keep(%L)', a_table, a_table);
  end if;
  if t.in_force then
    execute format('create trigger keep_all before delete or truncate on %I execute function record_keep(%L)', current, a_table);
    execute format('create trigger keep before update on %I for each row execute function record_keep(%L)', a_table, a_table);
  end if;
end $$;

-- Deferred triggers of this very transaction would stand in the way.
set constraints all immediate;
do $$ begin perform record_split(name) from record_table order by name; end $$;
create trigger keep before update on audit for each row execute function audit_keep();
drop function record_split;

-- The rows that a change ends are in force: they need not be looked for in every month.
create or replace function record_moment(a_superseded bigint[]) returns timestamptz language sql volatile as $$
  select greatest(clock_timestamp(), (select max(known_from) from shift where id = any (a_superseded) and known_to = 'infinity'))
$$;

-- ---------------------------------------------------------------------------------------------------------------------- bodies

-- The bytes may go, the rest stays. `used_at`: when they were last stored, or in force, or held.
alter table body alter column bytes drop not null,
  add column used_at timestamptz not null default clock_timestamp();

-- Bytes that come again are stored again, and touching the row holds up whoever is about to let them go.
create function body_comes() returns trigger language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
begin
  update body set bytes = coalesce(bytes, new.bytes), used_at = clock_timestamp() where sha256 = new.sha256;
  return new;
end $$;
create trigger comes before insert on body for each row execute function body_comes();

-- A body that comes into force or is held must have its bytes; one that ceases to be begins to age.
create function body_used() returns trigger language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
declare changed bytea[];
begin
  if tg_op = 'UPDATE' then
    changed := array[old.body, old.held_body];
  end if;
  if tg_op = 'INSERT' or (new.body, new.held_body) is distinct from (old.body, old.held_body) then
    changed := array_remove(changed || array[new.body, new.held_body], null);
    update body set used_at = clock_timestamp() where sha256 in (select distinct unnest(changed));
    if exists (select from body where sha256 in (new.body, new.held_body) and bytes is null) then
      raise exception 'the calendar that this would come back to is no longer kept: send the calendar that it should have'
        using errcode = 'P0001';
    end if;
  end if;
  return null;
end $$;
create trigger body_used after insert or update on feed for each row execute function body_used();

-- Lets the bytes go of bodies that have not been used for so long. Never of one in force or held or seen last, of an upload that waits, or of
-- the one that undoing what is in force comes back to.
create function bodies_let_go(a_before timestamptz) returns bigint language plpgsql as $$
declare gone bigint;
begin
  update body b set bytes = null
    where b.bytes is not null and b.used_at < a_before
      and not exists (select from feed f where b.sha256 in (f.body, f.held_body, f.seen_body))
      and not exists (select from import i where i.body = b.sha256 and i.state in ('uploaded', 'preview'))
      and not exists (select from feed f join import i on i.rota = f.rota and i.body = f.body and i.state = 'applied'
                      join reading r on r.id = i.base where r.body = b.sha256);
  get diagnostics gone = row_count;
  return gone;
end $$;

-- ------------------------------------------------------------------------------------------------------------------ maintenance

-- Whether a month may go: all of it is past what is kept, and nothing in it waits for anybody.
create function record_month_over(a_table text, a_partition text, a_month timestamptz, a_before timestamptz) returns boolean
language plpgsql as $$
declare waits boolean := false;
begin
  if record_month_after(a_month) > a_before then
    return false;
  end if;
  if a_table = 'flag' then
    execute format('select exists (select from %I where published_at is null)', a_partition) into waits;
  end if;
  return not waits;
end $$;

-- Lets the months go that are over, oldest first; of each table none that has an older one kept. Of the audit, where the chain then begins is
-- noted first.
create function record_months_let_go(a_table text, a_before timestamptz) returns integer language plpgsql as $$
declare
  p record;
  dropped integer := 0;
begin
  for p in select c.relname as name, make_timestamptz(left(right(c.relname, 7), 4)::integer, right(c.relname, 2)::integer, 1, 0, 0, 0, 'UTC') as month
           from pg_inherits i join pg_class c on c.oid = i.inhrelid
           where i.inhparent = format('crisiscover.%I', a_table)::regclass and c.relname ~ (a_table || '_[0-9]{4}_[0-9]{2}$') order by 1 loop
    exit when not record_month_over(a_table, p.name, p.month, a_before);
    if a_table = 'audit' then
      execute format('update audit_base set (seq, hash) = (select seq, hash from %I order by seq desc limit 1)
                        where seq < (select max(seq) from %1$I)', p.name);
    end if;
    execute format('drop table %I', p.name);
    dropped := dropped + 1;
  end loop;
  return dropped;
end $$;

-- Lets the single rows go of what is not in months: those that had a successor before a_before already, so that what was so then is still told.
create function record_rows_let_go(a_before timestamptz) returns bigint language plpgsql as $$
declare
  n bigint;
  gone bigint := 0;
begin
  alter table feed_event disable trigger keep;
  alter table source_change disable trigger keep;
  alter table source_check disable trigger keep;
  alter table map_past disable trigger keep;
  delete from feed_event e where e.at < a_before
    and exists (select from feed_event l where l.rota = e.rota and (l.at, l.id) > (e.at, e.id) and l.at <= a_before);
  get diagnostics n = row_count; gone := gone + n;
  delete from source_change e where e.at < a_before
    and exists (select from source_change l where l.rota = e.rota and (l.at, l.id) > (e.at, e.id) and l.at <= a_before);
  get diagnostics n = row_count; gone := gone + n;
  delete from source_check e where e.hour + interval '1 hour' < a_before
    and exists (select from source_check l where l.rota = e.rota and l.hour > e.hour and l.hour + interval '1 hour' <= a_before);
  get diagnostics n = row_count; gone := gone + n;
  delete from map_past e where e.at < (select max(l.at) from map_past l where l.at <= a_before);
  get diagnostics n = row_count; gone := gone + n;
  alter table feed_event enable trigger keep;
  alter table source_change enable trigger keep;
  alter table source_check enable trigger keep;
  alter table map_past enable trigger keep;
  return gone;
end $$;

-- The daily round as of a_now: months to come are made, rows that had none get one, and what has been kept long enough goes. Days are those of
-- the settings; 0: for ever. One at a time; a lock that somebody else holds is not waited for long, since everybody waits behind whoever waits:
-- the next round does it.
create function record_maintain_at(a_now timestamptz, a_body_days bigint, a_record_days bigint,
                                   out made integer, out dropped integer, out bodies bigint, out rows_gone bigint)
language plpgsql set lock_timeout = '1s' as $$
declare
  t record_table;
  months timestamptz[];
  month timestamptz;
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
    if a_record_days > 0 then
      dropped := dropped + record_months_let_go(t.name, a_now - make_interval(days => a_record_days::integer));
    end if;
  end loop;
  if a_record_days > 0 then
    rows_gone := record_rows_let_go(a_now - make_interval(days => a_record_days::integer));
  end if;
  if a_body_days > 0 then
    bodies := bodies_let_go(a_now - make_interval(days => a_body_days::integer));
  end if;
  delete from audit_writer where at < a_now - interval '400 days';
end $$;

create function record_maintain(a_body_days bigint, a_record_days bigint,
                                out made integer, out dropped integer, out bodies bigint, out rows_gone bigint)
language sql security definer set search_path = crisiscover, pg_temp as $$
  select * from record_maintain_at(clock_timestamp(), a_body_days, a_record_days)
$$;

-- --------------------------------------------------------------------------------------------------------------------- rights

revoke all on function record_keep, record_month_name, record_month, record_month_after, record_month_make, body_comes, body_used,
  bodies_let_go, record_month_over, record_months_let_go, record_rows_let_go, record_maintain_at, record_maintain from public;
grant execute on function record_maintain to crisiscover_coverage;
-- Whether the bytes of a body are still there, for whoever reads the past; not the bytes.
create view body_kept as select sha256, bytes is not null as kept from body;
grant select on body_kept to crisiscover_api;

analyze shift;
analyze span;
