-- What each code of a place has ever stood for. Codes are never used again for another place: a place that has left the region keeps its code,
-- since the past still names it, and whoever gives that code to another place is told what it stood for.

set local search_path = crisiscover;

-- As the newest region file that had the code had it. Kept when the code is retired.
create table place_known (
  code    text primary key,
  name    text not null,
  kind    text not null,
  version bigint not null references region   -- the last region that had it
);

insert into place_known (code, name, kind, version)
  select distinct on (x->>'code') x->>'code', coalesce(x->>'name', x->>'code'), coalesce(x->>'kind', ''), r.version
  from region r, jsonb_array_elements(coalesce(r.document::jsonb->'places', '[]')) x
  where x->>'code' is not null
  order by x->>'code', r.version desc;

-- With every region that is kept, whoever keeps it. Before the codes are made those of the file, so that what a retired code stood for was read
-- by then.
create function places_keep() returns trigger language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  insert into place_known (code, name, kind, version)
    select distinct on (x->>'code') x->>'code', coalesce(x->>'name', x->>'code'), coalesce(x->>'kind', ''), new.version
    from jsonb_array_elements(coalesce(new.document::jsonb->'places', '[]')) x
    where x->>'code' is not null
    on conflict (code) do update set name = excluded.name, kind = excluded.kind, version = excluded.version;
  return new;
end $$;
create trigger keep_places after insert on region for each row execute function places_keep();

-- Of a_codes, those that are not in the region in force and once were: what each stood for, and since when it is retired.
create function places_retired(a_codes text[])
returns table (code text, name text, kind text, retired_at timestamptz) language sql stable
security definer set search_path = crisiscover, pg_temp as $$
  select k.code, k.name, k.kind, p.retired_at
  from place_known k join place p using (code)
  where k.code = any (a_codes) and p.retired_at is not null
  order by k.code
$$;

revoke all on function places_keep, places_retired from public;
grant execute on function places_retired to crisiscover_api;
