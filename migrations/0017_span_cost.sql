-- What a row of the map costs to write. A country's first map is six hundred thousand of them at once, and most of their time went into keys
-- that nobody looks up by.

set local search_path = crisiscover;

-- Every span is written by coverage_commit, which has just found its demand, with the version it expects, behind the lock that whoever
-- retires a demand must have; and no demand is ever deleted. Asking for each row again cost more than all the rest of writing it.
alter table span drop constraint span_requirement_place_fkey;

-- Spans of one demand that are in force never overlap: what ends after an instant begins after it, but for the one that begins last before it.
-- So span_in_force finds them by time as well.
drop index span_by_time;

-- Looked up by when it ceased to be known, only a row that has ceased can be: the months have the index, what is in force does not.
drop index span_known;

alter table record_table add column month_index text;   -- of each month and of what waits for one, over these columns
update record_table set month_index = 'requirement, place, known_to' where name = 'span';

-- As in 0011, with the index that only months have.
create or replace function record_month_make(a_table text, a_month timestamptz) returns boolean language plpgsql as $$
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
  if t.month_index is not null then
    execute format('create index on %I (%s)', name, t.month_index);
  end if;
  execute format('alter table %I attach partition %I for values from (%L) to (%L)', a_table, name, a_month, record_month_after(a_month));
  if t.kept then
    execute format('create trigger keep_all before delete or truncate on %I execute function record_keep(%L)', name, a_table);
  end if;
  return true;
end $$;

do $$
declare
  partition regclass;
begin
  for partition in select inhrelid from pg_inherits where inhparent = 'span'::regclass and inhrelid <> 'span_current'::regclass loop
    execute format('create index on %s (requirement, place, known_to)', partition);
  end loop;
end $$;
