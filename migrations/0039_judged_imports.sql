-- An import that opens a gap within days is not put in force without a reason. Whether it opens one is worked out by the api, from its map and
-- the preview (server/api/views/imports/import_judge.h), for a person who confirms and for the mode `if_safe` alike: so the feeds role leaves a
-- preview of that mode as it is, and the api puts it in force once it has judged it.

set local search_path = crisiscover;

create index import_if_safe on import (id) where state = 'preview' and mode = 'if_safe' and safe;

-- As in 0002, but only mode `now` puts a file in force in the same transaction.
create or replace function import_preview(a_import bigint, a_base bigint, a_read_with bytea, a_reading jsonb, a_safe boolean, a_why text,
                               a_diff jsonb, a_superseded bigint[],
                               a_keys text[], a_classes text[], a_persons text[], a_teams text[], a_titles text[],
                               a_starts timestamptz[], a_ends timestamptz[])
returns text language plpgsql as $$
declare
  before feed;
  i import;
begin
  select f.* into before from feed f join import w on w.rota = f.rota where w.id = a_import for update of f;
  if not found then
    return 'gone';
  end if;
  select * into i from import where id = a_import and state = 'uploaded' for update;
  if not found then
    return 'gone';
  end if;
  if before.reading is distinct from a_base then
    return 'again';
  end if;
  update import set
    state = 'preview', read_at = clock_timestamp(), reading = reading_add(i.rota, i.body, a_read_with, a_reading), base = a_base,
    safe = a_safe, why = a_why, diff = a_diff, superseded = a_superseded, claimed_until = null
    where id = a_import returning * into i;
  perform import_keep_rows(a_import, a_keys, a_classes, a_persons, a_teams, a_titles, a_starts, a_ends);
  if i.mode = 'now' then
    perform import_put_in_force(i, before, i.by_account, null);
    return 'applied';
  end if;
  notify import_changed;
  return 'done';
end $$;

-- Whether a map of this epoch and version, made with this version of the region, lacks a change of the rota's shifts that is in the tables.
create function map_lacks(a_rota text, a_epoch bigint, a_version bigint, a_region bigint) returns boolean language sql stable as $$
  select h.epoch <> a_epoch or a_region is distinct from (select max(version) from region)
      or exists (select from dirty where rota = a_rota)
      or exists (select from map_change m where m.epoch = h.epoch and m.version > a_version and m.rota = a_rota)
  from map_head h
$$;

-- When an import was read, in microseconds: which reading of it somebody has judged.
create function import_read_us(i import) returns bigint language sql immutable as $$
  select (extract(epoch from i.read_at) * 1000000)::bigint
$$;

-- Puts a preview in force that was judged as it was read at a_read_us. Refused (P0001) when it has been read again since, and as by
-- import_apply().
create function import_apply_judged(a_import bigint, a_actor text, a_read_us bigint) returns void
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  perform import_lock(a_import);
  if exists (select from import i where id = a_import and state = 'preview' and import_read_us(i) is distinct from a_read_us) then
    raise exception 'the rota has changed since this preview was made: look at it again' using errcode = 'P0001';
  end if;
  perform import_apply(a_import, a_actor, null);
end $$;

-- A preview of mode `if_safe` that a person has to confirm after all.
create function import_not_safe(a_import bigint, a_read_us bigint, a_why text) returns void
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  update import i set safe = false, why = a_why
    where id = a_import and state = 'preview' and mode = 'if_safe' and safe and import_read_us(i) = a_read_us;
  notify import_changed;
end $$;

revoke execute on function map_lacks, import_read_us, import_apply_judged, import_not_safe from public;
grant execute on function map_lacks, import_read_us, import_apply_judged, import_not_safe to crisiscover_api;
