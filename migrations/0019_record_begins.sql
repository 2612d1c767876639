-- Where the record of a table begins, once retention has let go of what came before. Whoever asks what was known before that must be told that
-- it is no longer kept: an answer from what is left would call a time a gap whose shifts are gone.

set local search_path = crisiscover;

-- Names are those of record_maintain's settings. No row: everything since the beginning is there.
create table record_begins (
  name text primary key,
  at   timestamptz not null
);

-- The record of a_name begins no earlier than this: said by whoever lets months go (0020).
create function record_begins_at(a_name text, a_at timestamptz) returns void language sql as $$
  insert into record_begins as b (name, at) values (a_name, a_at) on conflict (name) do update set at = greatest(b.at, excluded.at)
$$;

-- Whether what was known at a_known is still there, of one of these; otherwise P0001 with a sentence.
create function record_reaches(a_name text, a_known timestamptz) returns boolean language plpgsql stable as $$
declare
  begins timestamptz := (select b.at from record_begins b where b.name = a_name and b.at > a_known);
begin
  if begins is not null then
    raise exception 'What was known then is no longer kept: the record begins at %. Ask with a later known_at.', iso(begins)
      using errcode = 'P0001';
  end if;
  return true;
end $$;

-- Of what went before there was this table nothing tells but that the oldest month begins after the first region: then it may be whole, but
-- nobody can be sure.
insert into record_begins (name, at)
  select m.name, m.first from (
    select t.name, min(make_timestamptz(left(right(c.relname, 7), 4)::integer, right(c.relname, 2)::integer, 1, 0, 0, 0, 'UTC')) as first
      from record_table t
      join pg_inherits i on i.inhparent = format('crisiscover.%I', t.name)::regclass
      join pg_class c on c.oid = i.inhrelid and c.relname ~ (t.name || '_[0-9]{4}_[0-9]{2}$')
      group by t.name) m
  where m.first > (select min(applied_at) from region);

revoke all on function record_begins_at, record_reaches from public;
grant select on record_begins to crisiscover_api;
grant execute on function record_reaches to crisiscover_api;
