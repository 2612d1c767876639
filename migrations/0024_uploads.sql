-- An upload that a person confirmed on a rota that has an address stands instead of the address until a person chooses otherwise: until now the
-- next fetch undid it without a word. The address is still asked. What it gave before the upload is nothing new; what it gives after that is
-- held, compared with the upload, and confirming it ends the upload, discarding it keeps it. An upload is withdrawn by taking it back
-- (import_undo), however old it is.

set local search_path = crisiscover;

alter table feed
  -- The import that stands instead of the address; null: what is in force is the address's word, or the rota has no address.
  add column upload bigint references import,
  -- Of the body in force, 32 bytes: a hash of what its events say, whatever their keys and time stamps.
  add column content bytea,
  -- The same of what the address gave last before the upload: what says that is nothing newer than the upload.
  add column address_content bytea,
  add check (upload is null or kind = 'ical_url');
alter table import add column content bytea;

-- It does not age while a person's upload stands for it.
create or replace view source as
  select rota, kind = 'ical_url' and upload is null as ages, last_good_at, horizon from feed;

-- Another address, or none any more: what the one before gave says nothing about it.
create function feed_source_changes() returns trigger language plpgsql as $$
begin
  new.address_content := null;
  new.upload := case when new.kind = 'ical_url' and old.kind = 'ical_url' then old.upload end;
  return new;
end $$;
create trigger source_changes before update of kind, url on feed for each row
  when ((old.kind, old.url) is distinct from (new.kind, new.url)) execute function feed_source_changes();

-- What was known of it when, for answers about the past.
alter table source_change add column upload bigint;

create or replace function source_noted() returns trigger language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
begin
  if tg_op = 'DELETE' then
    insert into source_change (rota, state, last_change_at) values (old.rota, 'removed', old.last_change_at);
    return null;
  end if;
  if tg_op = 'INSERT' or (new.state, new.fault, new.reading, new.body, new.horizon, new.last_change_at, new.upload)
                         is distinct from (old.state, old.fault, old.reading, old.body, old.horizon, old.last_change_at, old.upload) then
    insert into source_change (rota, at, state, fault, reading, body, horizon, last_change_at, upload)
      values (new.rota, case when tg_op = 'UPDATE' and new.updated_at is not distinct from old.updated_at then clock_timestamp()
                             else new.updated_at end,
              new.state, new.fault, new.reading, new.body, new.horizon, new.last_change_at, new.upload);
  end if;
  if new.last_good_at is not null and (tg_op = 'INSERT' or new.last_good_at is distinct from old.last_good_at) then
    perform source_checked(new.rota, new.last_good_at);
  end if;
  return null;
end $$;

-- Since when, and by whom, of those that stand.
create view feed_upload as
  select f.rota, i.id, i.decided_at, i.decided_by from feed f join import i on i.id = f.upload;

-- The upload that stood on each of some rotas at a_known.
create function uploads_known(a_rotas text[], a_known timestamptz) returns table (rota text, upload bigint, decided_at timestamptz)
language sql stable as $$
  select r.rota, i.id, i.decided_at
  from unnest(a_rotas) as r (rota)
  cross join lateral (select x.upload from source_change x where x.rota = r.rota and x.at <= a_known order by x.at desc, x.id desc limit 1) c
  join import i on i.id = c.upload
$$;

-- ------------------------------------------------------------------------------------------------------------------- outcomes
-- As before, and with the upload that stands or ceases to.

create or replace function feed_keep_notes(a_rota text, a_reading jsonb, a_changed boolean) returns void language sql volatile as $$
  update feed f set
    versions = coalesce(decode(a_reading->>'versions', 'hex'), f.versions),
    content = coalesce(decode(a_reading->>'content', 'hex'), f.content),
    zones = coalesce(a_reading->>'zones', f.zones),
    warnings = coalesce(a_reading->'warnings', '[]') || case
      when a_changed then '[]'
      else (select coalesce(jsonb_agg(w), '[]') from jsonb_array_elements(f.warnings) w
            where w->>'kind' in ('versions', 'zones')
              and not exists (select from jsonb_array_elements(coalesce(a_reading->'warnings', '[]')) n where n->>'kind' = w->>'kind')) end
    where f.rota = a_rota
$$;

create or replace function feeds_held_noted(a_rota text, a_claim bigint, a_base bigint, a_body bytea, a_bytes bytea, a_read_with bytea, a_reading jsonb,
                                 a_why text, a_diff jsonb, a_superseded bigint[],
                                 a_keys text[], a_classes text[], a_persons text[], a_teams text[], a_titles text[],
                                 a_starts timestamptz[], a_ends timestamptz[])
returns text language plpgsql as $$
declare answer text;
begin
  answer := feeds_held(a_rota, a_claim, a_base, a_body, a_bytes, a_read_with, a_reading, a_why, a_diff, a_superseded,
                       a_keys, a_classes, a_persons, a_teams, a_titles, a_starts, a_ends);
  if answer = 'done' then
    update import i set versions = decode(a_reading->>'versions', 'hex'), content = decode(a_reading->>'content', 'hex'), warnings = coalesce(a_reading->'warnings', '[]')
      from feed f where f.rota = a_rota and i.id = f.held_import and i.state = 'preview';
  end if;
  return answer;
end $$;

create or replace function import_preview_noted(a_import bigint, a_claim bigint, a_base bigint, a_read_with bytea, a_reading jsonb, a_safe boolean, a_why text,
                                     a_diff jsonb, a_superseded bigint[],
                                     a_keys text[], a_classes text[], a_persons text[], a_teams text[], a_titles text[],
                                     a_starts timestamptz[], a_ends timestamptz[])
returns text language plpgsql as $$
begin
  perform from feed f join import i on i.rota = f.rota where i.id = a_import for update of f;
  update import set versions = decode(a_reading->>'versions', 'hex'), content = decode(a_reading->>'content', 'hex'),
      warnings = coalesce(a_reading->'warnings', '[]')
    where id = a_import and state = 'uploaded' and claim = a_claim;
  -- Between an upload and the address a person chooses, with a reason, however harmless the difference.
  if exists (select from import i join feed f on f.rota = i.rota where i.id = a_import and i.by_account = 'feed' and f.upload is not null and i.body <> f.body) then
    a_safe := false;
    a_why := coalesce(a_why, 'A calendar that was uploaded here stands instead of the address.');
  end if;
  return import_preview(a_import, a_claim, a_base, a_read_with, a_reading, a_safe, a_why, a_diff, a_superseded,
                        a_keys, a_classes, a_persons, a_teams, a_titles, a_starts, a_ends);
end $$;

create or replace function import_takes_force() returns trigger language plpgsql as $$
begin
  select jsonb_build_object('state', f.state, 'fault', f.fault, 'last_good_at', f.last_good_at, 'versions', encode(f.versions, 'hex'), 'content', encode(f.content, 'hex'),
                            'warnings', f.warnings, 'upload', f.upload, 'address_content', encode(f.address_content, 'hex')) into new.was from feed f where f.rota = new.rota;
  update feed set versions = new.versions, content = new.content, warnings = new.warnings where rota = new.rota;
  return new;
end $$;

create or replace function import_put_in_force(i import, before feed, a_actor text, a_reason text) returns void language plpgsql as $$
declare
  moment timestamptz := record_moment(i.superseded);
  r reading;
  added bigint;
  -- A file that a person sent stands instead of what the address says; what the address gave and a person confirmed is the address's word.
  -- An upload that was read again, and waited for a person because of that, is that upload still.
  again boolean := i.by_account = 'feed' and before.upload is not null and i.body = before.body;
  instead boolean := before.kind = 'ical_url' and (i.by_account <> 'feed' or again);
  given bytea := nullif(before.held_body, before.body);  -- what the address gave and is held
begin
  select * into strict r from reading where id = i.reading;
  perform shifts_supersede(i.superseded, moment);
  insert into shift (rota, key, class, person, team, title, starts_at, ends_at, reading, known_from)
    select i.rota, n.key, n.class, n.person, n.team, n.title, n.starts_at, n.ends_at, i.reading, moment
    from import_shift n where n.import = i.id;
  get diagnostics added = row_count;

  update import set state = 'applied', decided_at = moment, decided_by = a_actor, reason = a_reason, claimed_until = null where id = i.id;
  -- What was held is settled: it was this, or it was compared with shifts that are no longer in force.
  update import set state = 'discarded', decided_at = moment, decided_by = a_actor, reason = 'Another calendar was put in force.'
    where id = before.held_import and state = 'preview' and id <> i.id;
  update feed set
    state = 'good', fault = null, failures = 0, body = i.body, format = i.format, reading = i.reading, read_with = r.read_with,
    horizon = r.horizon, last_good_at = moment, last_change_at = moment, told_stale = false, held_body = null, held_import = null,
    -- No validators belong to these bytes yet, so the next fetch brings the whole calendar.
    seen_body = i.body, seen_with = r.read_with, etag = null, last_modified = null, updated_at = moment,
    upload = null, address_content = null
    where rota = i.rota and not instead;
  -- The address stands as it stood: when it was good last, and what it gave last, is its own.
  update feed set
    state = case state when 'held' then 'good' else state end, fault = case state when 'failing' then fault end,
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

create or replace function feeds_apply(a_rota text, a_claim bigint, a_base bigint, a_body bytea, a_bytes bytea, a_read_with bytea, a_reading jsonb,
                            a_fetched boolean, a_etag text, a_last_modified text, a_superseded bigint[],
                            a_keys text[], a_classes text[], a_persons text[], a_teams text[], a_titles text[],
                            a_starts timestamptz[], a_ends timestamptz[])
returns text language plpgsql as $$
declare
  before feed;
  moment timestamptz;
  same boolean;
  now_reading bigint;
  now_body bytea;
  now_state text;
begin
  select * into before from feed where rota = a_rota and claim = a_claim for update;
  if not found then
    return 'gone';
  end if;
  -- While an upload stands instead of the address, what differs from it is for a person to decide: feeds_held.
  if before.reading is distinct from a_base
     or (a_fetched and before.upload is not null and cardinality(a_superseded) + cardinality(a_keys) > 0) then
    return 'again';
  end if;
  moment := record_moment(a_superseded);
  if a_fetched and exists (select from import i where i.id = before.held_import and reading_same(i.reading, a_reading)) then
    perform feeds_still_held(a_rota, a_claim, before.held_body, true);
    return 'held';
  end if;

  -- A body that reads the same in everything is not worth keeping.
  same := cardinality(a_superseded) = 0 and cardinality(a_keys) = 0 and reading_same(before.reading, a_reading);
  if same then
    now_reading := before.reading;
    now_body := before.body;
  else
    insert into body (sha256, bytes) values (a_body, a_bytes) on conflict do nothing;
    now_reading := reading_add(a_rota, a_body, a_read_with, a_reading);
    now_body := a_body;
  end if;
  perform shifts_supersede(a_superseded, moment);
  insert into shift (rota, key, class, person, team, title, starts_at, ends_at, reading, known_from)
    select a_rota, n.key, n.class, n.person, n.team, n.title, n.starts_at, n.ends_at, now_reading, moment
    from unnest(a_keys, a_classes, a_persons, a_teams, a_titles, a_starts, a_ends)
         as n (key, class, person, team, title, starts_at, ends_at);

  -- Reading a stored body anew ends no trouble with the address; of an upload, it is all there is.
  now_state := case when a_fetched or (before.kind <> 'ical_url' and before.state = 'failing') then 'good' else before.state end;
  if a_fetched then
    update import set state = 'discarded', decided_at = moment, decided_by = 'feed', reason = 'The address gives a calendar that is in order.'
      where id = before.held_import and state = 'preview';
  end if;
  update feed set
    state = now_state, fault = case now_state when 'good' then null else fault end,
    held_body = case now_state when 'held' then held_body end, held_import = case now_state when 'held' then held_import end,
    body = now_body, reading = now_reading, read_with = a_read_with, horizon = (a_reading->>'horizon')::timestamptz,
    last_change_at = case when same or not a_fetched then last_change_at else moment end,
    seen_with = case when a_fetched or seen_body = a_body then a_read_with else seen_with end, updated_at = moment
    where rota = a_rota;
  if a_fetched then
    update feed set
      failures = 0, last_attempt_at = moment, last_good_at = moment, full_at = moment, told_stale = false,
      seen_body = a_body, etag = a_etag, last_modified = a_last_modified, upload = null, address_content = null,
      format = case when same then format else 'text/calendar' end
      where rota = a_rota;
    if before.upload is not null then
      perform audit_add('feed', 'upload_ended', 'import/' || before.upload,
                        jsonb_build_object('rota', a_rota, 'reason', 'The address gives what was uploaded.'));
    end if;
  end if;
  if a_fetched or before.kind <> 'ical_url' then
    update feed set
      claim = null, claimed_until = null, next_at = case kind when 'ical_url' then moment + feeds_wait(every, 0) else 'infinity' end
      where rota = a_rota;
  end if;

  perform feed_note(before, now_state, case now_state when 'good' then null else before.fault end,
                    case when a_fetched then moment else before.last_good_at end, now_body);
  if not same or (a_fetched and feed_was_unknown(before)) then
    perform shifts_changed(array[a_rota]);
  end if;
  if a_fetched then
    perform feed_restored(before);
  end if;
  return 'done';
end $$;

create or replace function import_discard(a_import bigint, a_actor text) returns void
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare i import;
begin
  perform import_lock(a_import);
  select * into i from import where id = a_import;
  if i.state not in ('uploaded', 'preview') then
    raise exception 'this import cannot be discarded: it is %', i.state using errcode = 'P0001';
  end if;
  update import set state = 'discarded', decided_at = clock_timestamp(), decided_by = a_actor, claimed_until = null where id = a_import;
  -- Whoever keeps the upload has decided about this calendar of the address: it is nothing new any more.
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

create or replace function import_undo(a_import bigint, a_actor text, a_reason text) returns void
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

  -- In force the moment before, and not over.
  select coalesce(array_agg(id), '{}') into wanted from shift
    where rota = i.rota and reading is distinct from i.reading and (reading is not null or id = any (i.superseded))
      and known_from <= i.decided_at and known_to >= i.decided_at and ends_at > clock_timestamp();
  select coalesce(array_agg(n.id), '{}') into ended from shift n
    where n.rota = i.rota and n.known_to = 'infinity' and n.reading is not null and n.ends_at > clock_timestamp()
      and not exists (
        select from shift w where w.id = any (wanted) and w.key = n.key and w.class = n.class and w.starts_at = n.starts_at
          and w.ends_at = n.ends_at and (w.person, w.team, w.title) is not distinct from (n.person, n.team, n.title));
  moment := record_moment(ended);
  perform shifts_supersede(ended, moment);
  insert into shift (rota, key, class, person, team, title, starts_at, ends_at, reading, known_from)
    -- A key that is in force now is of a shift that is over and stays: the one that comes back goes by another.
    select w.rota, case when o.id is null then w.key else left(w.key, 580) || '@undone' end, w.class, w.person, w.team, w.title, w.starts_at, w.ends_at,
           w.reading, moment
    from shift w left join shift o on o.rota = w.rota and o.key = w.key and o.known_to = 'infinity'
    where w.id = any (wanted) and (o.id is null or o.ends_at <= clock_timestamp());

  update import set state = 'undone', decided_at = moment, decided_by = a_actor, reason = a_reason where id = a_import;
  update import set state = 'discarded', decided_at = moment, decided_by = a_actor, reason = 'The import it was compared with was undone.'
    where id = f.held_import and state = 'preview';
  update feed set
    state = case when f.upload = i.id and earlier.id is not null then case f.state when 'held' then 'good' else f.state end
                 when i.was->>'state' in ('good', 'failing') then i.was->>'state' when earlier.id is null then 'never' else 'good' end,
    fault = case when f.upload = i.id and earlier.id is not null then case f.state when 'failing' then f.fault end
                 when i.was->>'state' = 'failing' then i.was->>'fault' end, failures = 0, held_body = null, held_import = null,
    upload = (i.was->>'upload')::bigint, address_content = decode(i.was->>'address_content', 'hex'),
    -- A source that nobody could check before the import is not checked by taking it back.
    -- What the address did while the upload stood is its own.
    last_good_at = case when i.was is null or f.upload = i.id then last_good_at else (i.was->>'last_good_at')::timestamptz end,
    body = earlier.body, reading = earlier.id, read_with = null, horizon = earlier.horizon, last_change_at = moment,
    versions = decode(i.was->>'versions', 'hex'), content = decode(i.was->>'content', 'hex'), warnings = coalesce(i.was->'warnings', '[]'),
    format = coalesce((select format from import o where o.rota = i.rota and o.body = earlier.body and o.state = 'applied'
                       order by o.id desc limit 1), 'text/calendar'),
    seen_body = null, seen_with = null, etag = null, last_modified = null, claim = null, claimed_until = null,
    next_at = case when kind = 'ical_url' or earlier.id is not null then moment else 'infinity' end, updated_at = moment
    where rota = i.rota;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'import_undone', 'import/' || a_import, jsonb_build_object('rota', i.rota, 'reason', a_reason));
  perform shifts_changed(array[i.rota]);
  notify import_changed;
end $$;

-- --------------------------------------------------------------------------------------------------------------------- rights

revoke execute on function feed_source_changes, uploads_known from public;
grant execute on function uploads_known to crisiscover_api;
grant select on feed_upload to crisiscover_api;
