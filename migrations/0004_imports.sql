-- SPDX-License-Identifier: MIT

-- Imports: files that people upload and calendars that the guards have held. They are read, shown as a preview, and put in force, discarded or
-- undone.
--
-- Each function is one transaction and locks the feed's row before the import's, as in 0002_sources.sql.

set local search_path = crisiscover;
set local check_function_bodies = off;

-- -------------------------------------------------------------------------------------------------------------------------------------- imports

-- A calendar or a roster that somebody has sent, or that the guards have held: read, shown as a preview, and put in force or not.
create table import (
  id             bigint generated always as identity primary key,
  rota           text not null references rota,
  by_account     text not null,
  format         text not null check (format in ('text/calendar', 'text/csv', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')),
  -- now: a source of kind `file` applied with the region. look: only the effect of the file is shown, and nothing of it is kept.
  mode           text not null check (mode in ('ask', 'if_safe', 'now', 'look')),
  body           bytea not null references body,
  state          text not null default 'uploaded'
                 check (state in ('uploaded', 'preview', 'applied', 'discarded', 'refused', 'undone')),
  claimed_until  timestamptz,                 -- as of feed
  claimed_by     text,
  uploaded_at    timestamptz not null default clock_timestamp(),
  read_at        timestamptz,
  reading        bigint references reading,
  base           bigint references reading,   -- the rota's reading when the preview was made: confirm wants it unchanged
  safe           boolean,                     -- the guards have nothing against it
  why            text,                        -- what they have against it, or why it was refused: a sentence
  diff           jsonb,                       -- {"counts":{…},"changes":[{"kind","before","after"}, …]}
  superseded     bigint[],                    -- rows whose time ends if this is applied
  decided_at     timestamptz,
  decided_by     text,
  reason         text,
  claim          bigint,                      -- as of feed
  -- As of feed; the feed takes them over when the import comes into force.
  versions       bytea,
  warnings       jsonb not null default '[]',
  -- How far the reading of an upload has come; null: it waits.
  step           text check (step in ('reading', 'comparing')),
  events_read    integer,
  -- Of the feed as it was when this was put in force: state, fault, last good check.
  was            jsonb,
  -- As of feed, like versions and warnings.
  rules          text,
  content        bytea,
  learnt         jsonb,                       -- what the feed is to learn of how full the calendar is
  filed          boolean not null default false,   -- it came with a region file, not by somebody's hand
  takes_place_of bytea,                       -- of one that came with a file: the body in force that it is to replace
  looked         jsonb                        -- of mode look: what would be its reading, which would have to be kept
);
create index import_waiting on import (id) where state = 'uploaded';
create index import_by_rota on import (rota, id);
create index import_by_body on import (body, by_account);
create index import_if_safe on import (id) where state = 'preview' and mode = 'if_safe' and safe;
create index import_looked on import (uploaded_at) where mode = 'look';
grant select on import to crisiscover_api;
grant insert, select, update on import to crisiscover_feeds;

-- The rows of an import that would be new. Written with the preview, copied into shift by the confirmation.
create table import_shift (
  import    bigint not null references import,
  key       text not null,
  class     text not null,
  person    text,
  team      text,
  title     text,
  starts_at timestamptz not null,
  ends_at   timestamptz not null,
  primary key (import, key)
);
grant select on import_shift to crisiscover_api;
grant delete, insert, select on import_shift to crisiscover_feeds;

-- Of a feed: the held body as an import, and the import that is in force instead of the address.
alter table feed add foreign key (held_import) references import;
alter table feed add foreign key (upload) references import;

-- -------------------------------------------------------------------------------------------------------------------------------------- uploads

-- An upload that a person confirmed on a rota that has an address is in force instead of the address until a person chooses otherwise. The address is
-- still asked. The calendar that it gave before the upload is nothing new; one that it gives later is held and compared with the upload. Confirming
-- it ends the upload, discarding it keeps it. An upload is withdrawn by taking it back (import_undo), however old it is.

-- Keeps an uploaded file for the reader and answers the number it can be asked after by. One of mode look is not noted here: reading its effect is.
-- P0001: no such rota in the region.
create function import_add(a_rota text, a_actor text, a_format text, a_mode text, a_sha256 bytea, a_bytes bytea) returns bigint
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare added bigint;
begin
  perform from feed where rota = a_rota;
  if not found then
    raise exception 'there is no rota % in the region', a_rota using errcode = 'P0001';
  end if;
  insert into body (sha256, bytes) values (a_sha256, a_bytes) on conflict do nothing;
  insert into import (rota, by_account, format, mode, body) values (a_rota, a_actor, a_format, a_mode, a_sha256) returning id into added;
  notify import_changed;
  if a_mode = 'look' then
    return added;
  end if;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'import_uploaded', 'import/' || added,
            jsonb_build_object('rota', a_rota, 'mode', a_mode, 'bytes', length(a_bytes), 'sha256', encode(a_sha256, 'hex')));
  return added;
end $$;
grant execute on function import_add to crisiscover_api;

-- As import_add, for a file that comes with a region file and is to take the place of a_over (null: of nothing), which is kept for the moment in
-- which the file has been read. P0001: something else is in force meanwhile.
create function import_add_over(a_rota text, a_actor text, a_format text, a_mode text, a_sha256 bytea, a_bytes bytea, a_over bytea)
returns bigint language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  f feed;
  added bigint;
begin
  select * into f from feed where rota = a_rota for update;
  if found and f.body is distinct from a_over then
    raise exception 'the rota % has changed since this file was compared with it: compare again', a_rota using errcode = 'P0001';
  end if;
  added := import_add(a_rota, a_actor, a_format, a_mode, a_sha256, a_bytes);
  update import set filed = true, takes_place_of = a_over where id = added;
  return added;
end $$;
grant execute on function import_add_over to crisiscover_api;

-- Claims uploads that wait to be read. As for feeds, only by who knows the region and the decisions in force.
create function imports_claim(a_limit integer, a_region bigint, a_decisions bigint)
returns table (id bigint, rota text, format text, body bytea, bytes bytea, claim bigint)
language plpgsql as $$
#variable_conflict use_column
declare
  taken bigint[];
begin
  with waiting as (
    select i.id from import i
    where i.state = 'uploaded' and not claim_holds(i.claimed_until, i.claimed_by)
      and a_region = (select max(version) from region) and a_decisions = (select version from decision_head)
      and exists (select from body b where b.sha256 = i.body)
    order by i.id limit a_limit
    for update skip locked),
  claimed as (
    update import i set claimed_until = clock_timestamp() + interval '60 seconds', claimed_by = session_name(), claim = nextval('feed_claim')
    from waiting where i.id = waiting.id
    returning i.id)
  select array_agg(c.id) into taken from claimed c;
  -- That statement saw the versions of its beginning, and may have taken a file that a decision has freed since. A decision that comes now waits for
  -- the rows, and takes the claim away.
  if a_region <> (select max(version) from region) or a_decisions <> (select version from decision_head) then
    update import i set claimed_until = null, claim = null where i.id = any (taken);
    return;
  end if;
  return query select i.id, i.rota, i.format, i.body, b.bytes, i.claim from import i join body b on b.sha256 = i.body where i.id = any (taken);
end $$;
grant execute on function imports_claim to crisiscover_feeds;

-- How far an upload is. a_events: once they are counted.
create function import_step(a_import bigint, a_step text, a_events integer) returns void language sql volatile as $$
  update import set step = a_step, events_read = a_events where id = a_import and state = 'uploaded'
$$;
grant execute on function import_step to crisiscover_feeds;

-- Keeps the rows of a preview.
create function import_keep_rows(a_import bigint, a_keys text[], a_classes text[], a_persons text[], a_teams text[], a_titles text[],
                                 a_starts timestamptz[], a_ends timestamptz[])
returns void language sql volatile as $$
  insert into import_shift (import, key, class, person, team, title, starts_at, ends_at)
    select a_import, n.* from unnest(a_keys, a_classes, a_persons, a_teams, a_titles, a_starts, a_ends) as n
$$;
grant execute on function import_keep_rows to crisiscover_feeds;

-- Whether the bytes of a body may be wanted: it is in force, held or was seen last, an upload of it waits, or undoing the import in force would bring it back.
create function body_is_needed(a_sha256 bytea) returns boolean language sql stable as $$
  select exists (select from feed f where a_sha256 in (f.body, f.held_body, f.seen_body))
      or exists (select from import i where i.body = a_sha256 and i.state in ('uploaded', 'preview'))
      or exists (select from feed f join import i on i.rota = f.rota and i.body = f.body and i.state = 'applied'
                 join reading r on r.id = i.base where r.body = a_sha256)
$$;

-- Whether what the rota brings is leave.
create function rota_is_of_leave(a_rota text) returns boolean language sql stable as $$
  select exists (select from setup_item where kind = 'rota' and key = a_rota and ended is null and item->'absences' = 'true')
$$;

-- Of a calendar, and of leave, that was refused or was discarded unread nothing is kept: nobody knows what is in it.
create function body_unread(a_import bigint) returns void
language sql security definer set search_path = crisiscover, pg_temp as $$
  update body b set bytes = null
    from import i
    where i.id = a_import and i.state in ('refused', 'discarded') and (i.format = 'text/calendar' or rota_is_of_leave(i.rota))
      and b.sha256 = i.body and not body_is_needed(b.sha256)
$$;
grant execute on function body_unread to crisiscover_feeds;

-- The file is no calendar, or the reader refused it. a_reading (or null) has the findings.
create function import_refused(a_import bigint, a_claim bigint, a_why text, a_read_with bytea, a_reading jsonb) returns text
language plpgsql as $$
declare i import;
begin
  select * into i from import where id = a_import and state = 'uploaded' and claim = a_claim for update;
  if not found then
    return 'gone';
  end if;
  update import set
    state = 'refused', why = a_why, read_at = clock_timestamp(), claimed_until = null,
    reading = case when a_reading is not null and i.mode <> 'look' then reading_add(i.rota, i.body, a_read_with, a_reading) end,
    looked = case when i.mode = 'look' then a_reading end
    where id = a_import;
  perform body_unread(a_import);
  notify import_changed;
  return 'done';
end $$;
grant execute on function import_refused to crisiscover_feeds;

-- A file was read: keeps what it would change. Mode `now` puts it in force in the same transaction. `again` when the rota's shifts have changed since
-- a_base; `gone` when somebody else has the claim. A file that was a preview before is one again, with what it would change now. A calendar that the
-- address gave once and gives no longer is not asked about any more. A file that asks nobody and is to take the place of certain bytes does so only
-- while these are in force: what a person has put in force, or taken back, meanwhile stays.
create function import_preview(a_import bigint, a_claim bigint, a_base bigint, a_read_with bytea, a_reading jsonb, a_safe boolean, a_why text,
                               a_diff jsonb, a_superseded bigint[],
                               a_keys text[], a_classes text[], a_persons text[], a_teams text[], a_titles text[],
                               a_starts timestamptz[], a_ends timestamptz[])
returns text language plpgsql as $$
declare
  before feed;
  i import;
begin
  -- The feed's row is locked before the import's.
  select f.* into before from feed f join import w on w.rota = f.rota where w.id = a_import for update of f;
  if not found then
    return 'gone';
  end if;
  -- Versions and warnings are written first: the mode `now` puts the import in force below.
  update import set
    versions = decode(a_reading->>'versions', 'hex'), content = decode(a_reading->>'content', 'hex'), rules = a_reading->>'rules',
    learnt = jsonb_build_object('as_last_read', a_reading->'as_last_read', 'ahead', a_reading->'ahead'),
    warnings = coalesce(a_reading->'warnings', '[]')
    where id = a_import and state = 'uploaded' and claim = a_claim returning * into i;
  if not found then
    return 'gone';
  end if;
  if i.by_account = 'feed' and before.held_import is distinct from a_import then
    update import set state = 'discarded', decided_at = clock_timestamp(), decided_by = 'feed', claimed_until = null,
                      reason = 'The address gives another calendar now.'
      where id = a_import;
    return 'gone';
  end if;
  if i.filed and i.mode not in ('ask', 'look') and before.body is distinct from i.takes_place_of and before.body is distinct from i.body then
    perform import_refused(a_import, a_claim, 'What is in force on this rota was changed while the file was on its way, so the file was not '
                                              'put in force. Look at what is in force now, and apply again.', a_read_with, a_reading);
    return 'overtaken';
  end if;
  if before.reading is distinct from a_base then
    return 'again';
  end if;
  -- Between an upload and the address a person chooses, with a reason, however harmless the difference.
  if i.by_account = 'feed' and before.upload is not null and i.body <> before.body then
    a_safe := false;
    a_why := coalesce(a_why, 'A calendar that was uploaded here stands instead of the address.');
  end if;

  delete from import_shift where import = a_import;
  update import set
    state = 'preview', read_at = clock_timestamp(), base = a_base,
    reading = case when i.mode <> 'look' then reading_add(i.rota, i.body, a_read_with, a_reading) end,
    looked = case when i.mode = 'look' then a_reading end,
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
grant execute on function import_preview to crisiscover_feeds;

-- As feeds_outdated, for previews: a preview must say what the file means now, so it is read again when what it was read with has changed. Also on
-- rotas that have no shifts in force.
create function imports_outdated(a_rotas text[], a_calendar bytea[], a_roster bytea[]) returns bigint language sql volatile as $$
  with outdated as (
    select i.id from import i join reading r on r.id = i.reading
      join unnest(a_rotas, a_calendar, a_roster) as now_with (rota, calendar, roster) on now_with.rota = i.rota
    where i.state = 'preview'
      and r.read_with is distinct from case i.format when 'text/calendar' then now_with.calendar else now_with.roster end
    for update of i skip locked),
  due as (
    update import i set state = 'uploaded', claim = null, claimed_until = null, step = null from outdated o where i.id = o.id returning 1)
  select count(*) from due
$$;
grant execute on function imports_outdated to crisiscover_feeds;

-- How large an upload is, for the api, which may not read its bytes.
create view import_size as select i.id, b.size as bytes from import i join body b on b.sha256 = i.body;
grant select on import_size to crisiscover_api;

-- The feeds that have changed since an instant (-infinity: all), with their warnings and the upload that is in force instead of an address. Each api
-- process asks several times a second, and may read neither the address nor what was learnt from it.
--
-- PL/pgSQL keeps the plan, and a plan for any instant: one for this instant takes longer to make than to do, and one that is made without knowing that
-- few have changed reads all feeds of a country.
create function feeds_since(a_since timestamptz)
returns table (rota text, kind text, state text, fault text, failures integer, every interval, last_attempt_at timestamptz, last_good_at timestamptz,
               last_change_at timestamptz, horizon timestamptz, next_at timestamptz, reading bigint, held_import bigint, warnings jsonb,
               upload bigint, upload_since timestamptz, to_decide integer)
language plpgsql stable security definer set search_path = crisiscover, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
begin
  return query
    select f.rota, f.kind, f.state, f.fault, f.failures, f.every, f.last_attempt_at, f.last_good_at, f.last_change_at, f.horizon, f.next_at, f.reading,
           coalesce(f.held_import, 0), feed_warnings(f), i.id, i.decided_at, jsonb_array_length(f.to_decide)
    from feed f left join import i on i.id = f.upload
    where f.updated_at >= a_since;
end $$;
grant execute on function feeds_since to crisiscover_api;

-- ------------------------------------------------------------------------------------------------------------------- putting an import in force

-- Whenever an import comes into force, its feed takes over what the import has noted, and the import keeps how the feed stood, for an undo.
create function import_takes_force() returns trigger language plpgsql as $$
begin
  select jsonb_build_object('state', f.state, 'fault', f.fault, 'last_good_at', f.last_good_at, 'versions', encode(f.versions, 'hex'),
                            'content', encode(f.content, 'hex'), 'warnings', f.warnings, 'upload', f.upload,
                            'address_content', encode(f.address_content, 'hex'))
    into new.was from feed f where f.rota = new.rota;
  update feed set
    versions = new.versions, content = new.content, warnings = new.warnings, rules = new.rules,
    to_decide = coalesce(new.diff->'to_decide', '[]')
    where rota = new.rota;
  -- After a person's confirmation, fullness is counted from this calendar on. One that the guards let pass is still compared with those before.
  if new.mode <> 'if_safe' then
    delete from calendar_fullness where rota = new.rota;
  end if;
  perform fullness_keep(new.rota, new.learnt->'ahead');
  return new;
end $$;
grant execute on function import_takes_force to crisiscover_feeds;
create trigger takes_force before update on import for each row when (old.state <> 'applied' and new.state = 'applied')
  execute function import_takes_force();

-- Puts a preview in force: used for confirming and for the modes that ask nobody. The caller holds the feed's row and the import's and has checked
-- that it may be put in force.
create function import_put_in_force(i import, before feed, a_actor text, a_reason text) returns void language plpgsql as $$
declare
  moment timestamptz := record_moment(i.superseded);
  r reading;
  added bigint;
  -- A file that a person sent is in force instead of the address. A held calendar of the address that a person confirmed does not. An upload that was
  -- read again and held is still that upload.
  again boolean := i.by_account = 'feed' and before.upload is not null and i.body = before.body;
  instead boolean := before.fetched and (i.by_account <> 'feed' or again);
  given bytea := nullif(before.held_body, before.body);  -- what the address gave and is held
begin
  select * into strict r from reading where id = i.reading;
  perform shifts_supersede(i.superseded, moment);
  insert into shift (rota, key, class, person, team, title, starts_at, ends_at, reading, known_from, last_read_at)
    select i.rota, n.key, n.class, n.person, n.team, n.title, n.starts_at, n.ends_at, i.reading, moment,
           case when i.learnt->'as_last_read' ? n.key then coalesce(before.last_good_at, moment) end
    from import_shift n where n.import = i.id;
  get diagnostics added = row_count;

  update import set state = 'applied', decided_at = moment, decided_by = a_actor, reason = a_reason, claimed_until = null where id = i.id;
  -- The held calendar is settled: it is this one, or it was compared with shifts that are no longer in force.
  update import set state = 'discarded', decided_at = moment, decided_by = a_actor, reason = 'Another calendar was put in force.'
    where id = before.held_import and state = 'preview' and id <> i.id;
  update feed set
    state = 'good', fault = null, failures = 0, body = i.body, format = i.format, reading = i.reading, read_with = r.read_with,
    horizon = r.horizon, last_good_at = moment, last_change_at = moment, told_stale = false, held_body = null, held_import = null,
    -- There are no validators for these bytes yet, so the next fetch brings the whole calendar.
    seen_body = i.body, seen_with = r.read_with, etag = null, last_modified = null, updated_at = moment,
    upload = null, address_content = null
    where rota = i.rota and not instead;
  -- The state of the address does not change: when it was good last, and what it gave last.
  update feed set
    state = case state when 'held' then 'good' else state end, fault = case when state in ('failing', 'refused') then fault end,
    body = i.body, format = i.format, reading = i.reading, read_with = r.read_with, horizon = r.horizon, last_change_at = moment,
    held_body = null, held_import = null, upload = case when again then before.upload else i.id end, updated_at = moment,
    seen_body = coalesce(given, before.seen_body), seen_with = case when given is null then before.seen_with end,
    etag = case when given is null then before.etag end,
    last_modified = case when given is null then before.last_modified end,
    address_content = case
      when given is not null then (select h.content from import h where h.id = before.held_import)
      when before.upload is not null then before.address_content
      when before.seen_body is not null then before.content end
    where rota = i.rota and instead;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'import_applied', 'import/' || i.id,
            jsonb_build_object('rota', i.rota, 'mode', i.mode, 'added', added, 'superseded', cardinality(i.superseded), 'reason', a_reason));
  perform feed_note(before, f.state, f.fault, f.last_good_at, i.body) from feed f where f.rota = i.rota;
  perform shifts_changed(array[i.rota]);
  notify import_changed;
  if not instead then
    perform feed_restored(before);
  end if;
end $$;
grant execute on function import_put_in_force to crisiscover_feeds;

-- Locks an import's feed and the import, in that order; refuses what is not there.
create function import_lock(a_import bigint) returns void language plpgsql as $$
begin
  perform from feed where rota = (select rota from import where id = a_import) for update;
  perform from import where id = a_import for update;
  if not found then
    raise exception 'there is no import %', a_import using errcode = 'P0001';
  end if;
end $$;

-- The result of reading an import: its reading, or, of mode look, the values that would become one.
create function import_reading(i import) returns setof reading language sql stable as $$
  select r.* from reading r where r.id = i.reading
  union all select (jsonb_populate_record(null::reading, i.looked)).* where i.looked is not null
$$;
grant execute on function import_reading to crisiscover_api;

-- Nothing is kept of an import of mode look. Its body is deleted unless something else has the same bytes.
create function import_look_ends(a_import bigint) returns void language plpgsql as $$
declare a_body bytea;
begin
  delete from import_shift where import = a_import;
  delete from import where id = a_import and mode = 'look' returning body into strict a_body;
  if exists (select from feed where seen_body = a_body) then
    return;
  end if;
  delete from body where sha256 = a_body;
exception when foreign_key_violation then
  delete from import_shift where import = a_import;
  delete from import where id = a_import and mode = 'look';
end $$;

-- Imports of mode look that were never ended, because the program that sent them was stopped.
create function import_looks_end(a_before timestamptz) returns void language plpgsql as $$
begin
  perform import_look_ends(i.id) from import i where i.mode = 'look' and i.uploaded_at < a_before;
end $$;

-- A person confirms a preview. Refused (P0001, a message for people) when it is not one, when the rota has changed since it was made, or when
-- the guards have something against it and no reason is given.
create function import_apply(a_import bigint, a_actor text, a_reason text) returns void
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  i import;
  f feed;
begin
  perform import_lock(a_import);
  select * into i from import where id = a_import;
  select * into f from feed where rota = i.rota;
  if f.rota is null then
    raise exception 'the rota % is no longer in the region', i.rota using errcode = 'P0001';
  end if;
  if i.mode = 'look' then
    raise exception 'this file was sent to be looked at: send it again to put it in force' using errcode = 'P0001';
  end if;
  if i.state <> 'preview' then
    raise exception 'this import cannot be confirmed: it is %', case i.state when 'uploaded' then 'still being read' else i.state end
      using errcode = 'P0001';
  end if;
  if f.reading is distinct from i.base or exists (select from shift where id = any (i.superseded) and known_to <> 'infinity') then
    raise exception 'the rota has changed since this preview was made: send the file again' using errcode = 'P0001';
  end if;
  if not i.safe and coalesce(btrim(a_reason), '') = '' then
    raise exception 'a reason is needed to confirm this: %', i.why using errcode = 'P0001';
  end if;
  perform import_put_in_force(i, f, a_actor, a_reason);
end $$;
grant execute on function import_apply to crisiscover_api;

-- A person discards an import. A held body stays held until its address gives another one; nobody is asked about it again.
create function import_discard(a_import bigint, a_actor text) returns void
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare i import;
begin
  perform import_lock(a_import);
  select * into i from import where id = a_import;
  if i.mode = 'look' then
    perform import_look_ends(a_import);
    return;
  end if;
  if i.state not in ('uploaded', 'preview') then
    raise exception 'this import cannot be discarded: it is %', i.state using errcode = 'P0001';
  end if;
  update import set state = 'discarded', decided_at = clock_timestamp(), decided_by = a_actor, claimed_until = null where id = a_import;
  if i.state = 'uploaded' then
    perform body_unread(a_import);
  end if;
  -- To keep the upload is a decision about this calendar of the address: it is no longer new.
  update feed f set
    state = case when failures > 0 then 'failing' else 'good' end,
    fault = case when failures > 0 then 'The address could not be checked the last time.' end,
    held_body = null, held_import = null, seen_body = f.held_body, seen_with = null, etag = null,
    last_modified = null, address_content = i.content, next_at = clock_timestamp(), updated_at = clock_timestamp()
    where f.rota = i.rota and f.held_import = i.id and f.upload is not null and f.held_body <> f.body;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'import_discarded', 'import/' || a_import, jsonb_build_object('rota', i.rota));
  notify import_changed;
end $$;
grant execute on function import_discard to crisiscover_api;

-- Undoes the import whose bytes are in force, for 30 days; an upload that is in force instead of an address, whatever its age. For the time ahead,
-- what was in force just before the import is in force again, under present codes: rows that are the same stay, others are superseded, missing ones
-- are written again. Shifts that are over stay as they are. The body before the import is then read again, so that rules that have changed since are
-- applied. Typed shifts are not touched.
create function import_undo(a_import bigint, a_actor text, a_reason text) returns void
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  i import;
  f feed;
  earlier reading;
  ended bigint[];
  wanted bigint[];
  moment timestamptz;
begin
  perform import_lock(a_import);
  select * into i from import where id = a_import;
  select * into f from feed where rota = i.rota;
  if i.state <> 'applied' then
    raise exception 'this import cannot be undone: it is %', i.state using errcode = 'P0001';
  end if;
  if i.decided_at < clock_timestamp() - interval '30 days' and f.upload is distinct from i.id then
    raise exception 'this import was put in force more than 30 days ago, on %, and can no longer be undone: send the calendar that the rota '
      'should have', to_char(i.decided_at at time zone 'UTC', 'FMDD Mon YYYY') using errcode = 'P0001';
  end if;
  if f.rota is null or f.body is distinct from i.body or f.reading < i.reading then
    raise exception 'the rota has changed since this import: send the calendar that it should have' using errcode = 'P0001';
  end if;
  select * into earlier from reading where id = i.base;

  -- In force just before the import, and not over.
  select coalesce(array_agg(id), '{}') into wanted from shift
    where rota = code_then('rota', i.rota, i.decided_at) and reading is distinct from i.reading and (reading is not null or id = any (i.superseded))
      and known_from <= i.decided_at and known_to >= i.decided_at and ends_at > clock_timestamp();
  select coalesce(array_agg(n.id), '{}') into ended from shift n
    where n.rota = i.rota and n.known_to = 'infinity' and n.reading is not null and n.ends_at > clock_timestamp()
      and not exists (
        select from shift w where w.id = any (wanted) and w.key = n.key and w.class = n.class and w.starts_at = n.starts_at
          and w.ends_at = n.ends_at and (code_now('person', w.person, i.decided_at), w.team, w.title) is not distinct from (n.person, n.team, n.title));
  moment := record_moment(ended);
  perform shifts_supersede(ended, moment);
  insert into shift (rota, key, class, person, team, title, starts_at, ends_at, reading, known_from, last_read_at)
    -- If the key is in force, it belongs to a shift that is over and stays: the restored shift gets another key.
    select i.rota, case when o.id is null then w.key else left(w.key, 580) || '@undone' end || x.suffix,
           case when x.unclear then 'undecided' else w.class end, x.person, w.team, w.title, w.starts_at, w.ends_at, w.reading, moment, w.last_read_at
    from shift w
    left join shift o on o.rota = i.rota and o.key = w.key and o.known_to = 'infinity'
    left join lateral people_parted(w.person, i.decided_at) p (codes) on w.person is not null
    -- Who was split since may be either: a shift counts for nobody until the calendar has been read again, and an absence takes both away.
    cross join lateral (
      select '' as suffix, p.codes is not null and w.class <> 'absence' as unclear,
             case when p.codes is null or w.class = 'absence' then code_now('person', w.person, i.decided_at) end as person
      union all
      select '#split' || n, false, c from unnest(p.codes) with ordinality c (c, n) where w.class = 'absence') x
    where w.id = any (wanted) and (o.id is null or o.ends_at <= clock_timestamp());

  update import set state = 'undone', decided_at = moment, decided_by = a_actor, reason = a_reason where id = a_import;
  update import set state = 'discarded', decided_at = moment, decided_by = a_actor, reason = 'The import it was compared with was undone.'
    where id = f.held_import and state = 'preview';
  update feed set
    state = case when f.upload = i.id and earlier.id is not null then case f.state when 'held' then 'good' else f.state end
                 when i.was->>'state' in ('good', 'failing', 'refused') then i.was->>'state' when earlier.id is null then 'never' else 'good' end,
    fault = case when f.upload = i.id and earlier.id is not null then case when f.state in ('failing', 'refused') then f.fault end
                 when i.was->>'state' in ('failing', 'refused') then i.was->>'fault' end, failures = 0, held_body = null, held_import = null,
    upload = (i.was->>'upload')::bigint, address_content = decode(i.was->>'address_content', 'hex'),
    -- A source that could not be checked before the import does not become checked by the undo.
    -- Checks of the address while the upload stood are kept.
    last_good_at = case when i.was is null or f.upload = i.id then last_good_at else (i.was->>'last_good_at')::timestamptz end,
    body = earlier.body, reading = earlier.id, read_with = null, horizon = earlier.horizon, last_change_at = moment,
    versions = decode(i.was->>'versions', 'hex'), content = decode(i.was->>'content', 'hex'), warnings = coalesce(i.was->'warnings', '[]'),
    format = coalesce(earlier.format, 'text/calendar'),
    seen_body = null, seen_with = null, etag = null, last_modified = null, claim = null, claimed_until = null,
    next_at = case when fetched or earlier.id is not null then moment else 'infinity' end, updated_at = moment
    where rota = i.rota;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'import_undone', 'import/' || a_import, jsonb_build_object('rota', i.rota, 'reason', a_reason));
  delete from calendar_fullness where rota = i.rota;
  perform shifts_changed(array[i.rota]);
  notify import_changed;
end $$;
grant execute on function import_undo to crisiscover_api;

-- For each rota: the hash of the file that a region file brought last (also if it is not in force), the hash of the body in force, and, if a person
-- put the latter in force or undid the former, who and when. Hexadecimal.
create function region_files(a_rotas text[])
returns table (rota text, filed text, in_force text, import bigint, decided_by text, decided_at timestamptz)
language sql stable security definer set search_path = crisiscover, pg_temp as $$
  select f.rota, encode(filed.body, 'hex'), encode(f.body, 'hex'), decided.id, decided.decided_by, decided.decided_at
  from feed f
  left join lateral (select i.body from import i
                     where i.rota = f.rota and i.filed and i.state in ('uploaded', 'applied', 'undone')
                     order by i.id desc limit 1) filed on true
  left join lateral (select i.id, i.decided_by, i.decided_at from import i
                     where i.rota = f.rota and f.body is distinct from filed.body
                       and ((i.state = 'applied' and not i.filed and i.body = f.body)
                            or (i.state = 'undone' and i.filed and i.body = filed.body))
                     order by i.decided_at desc limit 1) decided on true
  where f.rota = any (a_rotas)
  order by f.rota
$$;
grant execute on function region_files to crisiscover_api;

-- ---------------------------------------------------------------------------------------------------------------------- what an import would do

-- An import that opens a gap within seven days wants a reason. Whether it opens one is computed by the api, from its map and the preview
-- (server/api/views/imports/import_judge.h), for a person who confirms and for the mode `if_safe` alike: so the feeds role leaves a preview of that
-- mode as it is, and the api puts it in force once it has judged it.

-- Whether a map of this epoch and version, made with this version of the region, lacks a change of the rota's shifts that is in the tables.
create function map_lacks(a_rota text, a_epoch bigint, a_version bigint, a_region bigint) returns boolean language sql stable as $$
  select h.epoch <> a_epoch or a_region is distinct from (select max(version) from region)
      or exists (select from dirty where rota = a_rota)
      or exists (select from map_change m where m.epoch = h.epoch and m.version > a_version and m.rota = a_rota)
  from map_head h
$$;
grant execute on function map_lacks to crisiscover_api;

-- When an import was read, in microseconds: identifies the preview that was judged.
create function import_read_us(i import) returns bigint language sql immutable as $$
  select (extract(epoch from i.read_at) * 1000000)::bigint
$$;
grant execute on function import_read_us to crisiscover_api;

-- A preview of mode `if_safe` that a person has to confirm after all.
create function import_not_safe(a_import bigint, a_read_us bigint, a_why text) returns void
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  update import i set safe = false, why = a_why
    where id = a_import and state = 'preview' and mode = 'if_safe' and safe and import_read_us(i) = a_read_us;
  notify import_changed;
end $$;
grant execute on function import_not_safe to crisiscover_api;

-- Whether a preview can be put in force as it is. The caller holds its rota's feed.
create function import_fits(i import) returns boolean language sql stable as $$
  select i.state = 'preview' and exists (select from feed f where f.rota = i.rota and f.reading is not distinct from i.base)
     and not exists (select from shift s where s.id = any (i.superseded) and s.known_to <> 'infinity')
$$;

-- A preview put in force (a_undo: what is in force, undone), and rolled back: the rota's shifts that end after a_after and start before a_before,
-- and, of each override that changes, its state before and after (was, becomes; turn: override_turn()), in columns of its own. `part`:
--   brings    the rota has no override that could be touched: a shift that comes beside those that are not superseded (id below zero)
--   rota      a shift of the rota as it would be
--   override  an override: id, person, from starts_at to ends_at, and what becomes of it
-- horizon and last_good_at: what the rota's source would have, in every row; null of the part `brings`. An undo always has a row; it is refused
-- (P0001) as by import_undo().
create function import_outcome(a_import bigint, a_undo boolean, a_after timestamptz, a_before timestamptz)
returns table (rota text, id bigint, class text, person text, team text, title text, starts_at timestamptz, ends_at timestamptz, override bigint,
               instead text, made_at timestamptz, made_by text, note text, dispute text, third text[], late boolean, as_last_read boolean,
               part text, was text, becomes text, turn text, horizon timestamptz, last_good_at timestamptz)
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
#variable_conflict use_column
declare
  i import;
  f feed;
  live bigint[];
  stood override_event[];
  stands override_event[];
  shown shift_shown[];
begin
  select * into i from import x where x.id = a_import and (a_undo or x.state = 'preview');
  if not found then
    return;
  end if;
  live := array(select x.id from overrides_live(array[i.rota]) x);
  if a_undo or cardinality(live) > 0 then
    perform import_lock(a_import);
    select * into i from import x where x.id = a_import;
    select * into f from feed x where x.rota = i.rota;
  end if;
  if not a_undo and (cardinality(live) = 0 or not import_fits(i)) then
    return query select i.rota, -row_number() over (order by n.starts_at, n.key), n.class, n.person, n.team, n.title, n.starts_at, n.ends_at,
                        null::bigint, null::text, null::timestamptz, null::text, null::text, null::text, null::text[], false,
                        i.learnt->'as_last_read' ? n.key is true, 'brings', null::text, null::text, null::text, null::timestamptz, null::timestamptz
                 from import_shift n where n.import = i.id order by n.starts_at, n.key;
    return;
  end if;
  begin
    stood := array(select e from overrides_stand(live) e);
    if a_undo then
      perform import_undo(a_import, i.by_account, null);
    elsif i.looked is not null then
      i.reading := reading_add(i.rota, i.body, '', i.looked);
      perform import_put_in_force(i, f, i.by_account, null);
    else
      perform import_put_in_force(i, f, i.by_account, null);
    end if;
    stands := array(select e from overrides_stand(live) e);
    shown := array(select x from rota_shown(i.rota, a_after, a_before) x);
    select * into f from feed x where x.rota = i.rota;
    raise exception 'taken back' using errcode = 'P0003';
  exception when sqlstate 'P0003' then
    null;
  end;
  return query select s.*, false, 'rota', null::text, null::text, null::text, f.horizon, f.last_good_at from unnest(shown) s;
  return query select o.rota, o.id, null::text, o.person, null::text, null::text, o.starts_at, o.expires_at, o.id, o.instead, o.made_at, o.made_by,
                      o.note, case (t.stands).standing when 'followed' then 'times_changed' else (t.stands).dispute end, (t.stands).third, o.late, false,
                      'override', (t.stood).standing, (t.stands).standing, override_turn(t.stands), f.horizon, f.last_good_at
               from overrides_turned(stood, stands) t join override o on o.id = (t.stands).override order by o.id;
  if a_undo and cardinality(shown) = 0 then
    return query select i.rota, null::bigint, null::text, null::text, null::text, null::text, null::timestamptz, null::timestamptz, null::bigint,
                        null::text, null::timestamptz, null::text, null::text, null::text, null::text[], null::boolean, null::boolean,
                        null::text, null::text, null::text, null::text, f.horizon, f.last_good_at;
  end if;
end $$;
grant execute on function import_outcome to crisiscover_api;

-- Confirms the preview that was read at a_read_us (a_undo: undoes the import). Refuses (P0001) as import_apply() and import_undo() do, and if the
-- overrides do not become as in a_turns, which is compared in the same transaction.
create function import_decide(a_import bigint, a_undo boolean, a_actor text, a_reason text, a_read_us bigint, a_turns text[]) returns void
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  i import;
  live bigint[];
  stood override_event[];
begin
  perform import_lock(a_import);
  select * into i from import where id = a_import;
  if i.state = 'preview' and import_read_us(i) is distinct from a_read_us then
    raise exception 'the rota has changed since this preview was made: look at it again' using errcode = 'P0001';
  end if;
  live := array(select x.id from overrides_live(array[i.rota]) x);
  stood := array(select e from overrides_stand(live) e);
  if a_undo then
    perform import_undo(a_import, a_actor, a_reason);
  else
    perform import_apply(a_import, a_actor, a_reason);
  end if;
  if a_turns is distinct from array(select override_turn(t.stands) from overrides_turned(stood, array(select e from overrides_stand(live) e)) t
                                    order by (t.stands).override) then
    raise exception 'what this does to the overrides of the rota has changed since it was looked at: look at it again' using errcode = 'P0001';
  end if;
end $$;
grant execute on function import_decide to crisiscover_api;

-- --------------------------------------------------------------------------------------------------------------------------------------- rights

-- PostgreSQL lets everybody execute a new function.
revoke all on all functions in schema crisiscover from public;
