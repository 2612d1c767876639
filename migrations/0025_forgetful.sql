-- Publishers that list only what is to come drop a shift when it begins: what is remembered of a calendar, to tell that from a shift that
-- somebody took away (model/forget.h), and what a shift is that is kept on though its calendar lists it no longer. And how full readings were, so
-- that a calendar which loses a little with each reading is compared with the fullest of a day and of a week (model/guard.h).

set local search_path = crisiscover;

alter table shift
  -- Its calendar lists it no longer: when it was last seen to. Until its end it is kept on as last read, or (key left/...) it is undecided.
  add column last_read_at timestamptz;

alter table feed
  add column listed_over_at timestamptz,              -- when the address last listed what was over
  add column dropped integer not null default 0,      -- readings that dropped what began, since it last listed something that had begun
  add column dropped_start timestamptz;               -- start of the last shift that it dropped

-- Of a preview: `as_last_read`, keys of what would be kept on so, and `ahead`.
alter table import add column learnt jsonb;

-- Of each hour the fullest reading of a rota: shifts by the day (from 1970, in UTC) on which they begin, from `day` on. Operational, for a week.
create table calendar_fullness (
  rota   text not null references rota,
  hour   timestamptz not null,
  day    integer not null,
  counts integer[] not null,
  primary key (rota, hour)
);

create function fullness_after(a_day integer, a_counts integer[], a_from integer) returns bigint language sql immutable as $$
  select coalesce(sum(c), 0) from unnest(a_counts) with ordinality as x (c, n) where a_day + n - 1 >= a_from
$$;

-- How many shifts from that day on the fullest reading had that was read within a_since; 0: none was.
create function feeds_fullest(a_rota text, a_since interval, a_day integer) returns bigint language sql stable as $$
  select coalesce(max(fullness_after(f.day, f.counts, a_day)), 0) from calendar_fullness f
  where f.rota = a_rota and f.hour > clock_timestamp() - a_since - interval '1 hour'
$$;

-- Notes how full a reading is: a_ahead has `day` and `counts`.
create function fullness_keep(a_rota text, a_ahead jsonb) returns void language plpgsql as $$
declare
  first integer := (a_ahead->>'day')::integer;
  full_of integer[] := array(select x.c::integer from jsonb_array_elements_text(a_ahead->'counts') with ordinality x (c, n) order by x.n);
begin
  if first is null then
    return;
  end if;
  delete from calendar_fullness where rota = a_rota and hour < clock_timestamp() - interval '8 days';
  insert into calendar_fullness as f (rota, hour, day, counts) values (a_rota, date_trunc('hour', clock_timestamp()), first, full_of)
    on conflict (rota, hour) do update set day = excluded.day, counts = excluded.counts
    where fullness_after(f.day, f.counts, first) < fullness_after(first, full_of, first);
end $$;

-- What a reading that was applied teaches. What other rules of ours make of the same bytes is no shrinking of the calendar: then it is full as
-- it is from now on.
create function feed_learn(a_rota text, a_reading jsonb, a_fetched boolean, a_changed boolean) returns void language plpgsql as $$
declare learnt jsonb := a_reading->'learnt';
begin
  if not a_fetched and a_changed then
    delete from calendar_fullness where rota = a_rota;
  end if;
  perform fullness_keep(a_rota, a_reading->'ahead');
  if not a_fetched or learnt is null then
    return;
  end if;
  update feed set
    listed_over_at = case when (learnt->>'listed_over')::boolean then clock_timestamp() else listed_over_at end,
    dropped = case when (learnt->>'listed_begun')::boolean then 0 else dropped + (learnt ? 'dropped_start')::integer end,
    dropped_start = case when (learnt->>'listed_begun')::boolean then null
                         else coalesce((learnt->>'dropped_start')::timestamptz, dropped_start) end
    where rota = a_rota;
end $$;

-- Another address is another calendar.
create or replace function feed_source_changes() returns trigger language plpgsql as $$
begin
  new.address_content := null;
  new.upload := case when new.kind = 'ical_url' and old.kind = 'ical_url' then old.upload end;
  new.listed_over_at := null;
  new.dropped := 0;
  new.dropped_start := null;
  delete from calendar_fullness where rota = old.rota;
  return new;
end $$;

create function fullness_goes() returns trigger language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  delete from calendar_fullness where rota = old.rota;
  return null;
end $$;
create trigger fullness_goes after delete on feed for each row execute function fullness_goes();

-- ------------------------------------------------------------------------------------------------------------------- outcomes
-- As before, and with what is kept on as last read and what is learnt.

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
  insert into shift (rota, key, class, person, team, title, starts_at, ends_at, reading, known_from, last_read_at)
    select a_rota, n.key, n.class, n.person, n.team, n.title, n.starts_at, n.ends_at, now_reading, moment,
           case when a_reading->'as_last_read' ? n.key then coalesce(before.last_good_at, moment) end
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

create or replace function feeds_apply_noted(a_rota text, a_claim bigint, a_base bigint, a_body bytea, a_bytes bytea, a_read_with bytea,
                                  a_reading jsonb, a_fetched boolean, a_etag text, a_last_modified text, a_superseded bigint[],
                                  a_keys text[], a_classes text[], a_persons text[], a_teams text[], a_titles text[],
                                  a_starts timestamptz[], a_ends timestamptz[])
returns text language plpgsql as $$
declare
  before feed;
  answer text;
  told text;
begin
  select * into before from feed where rota = a_rota and claim = a_claim for update;
  answer := feeds_apply(a_rota, a_claim, a_base, a_body, a_bytes, a_read_with, a_reading, a_fetched, a_etag, a_last_modified, a_superseded,
                        a_keys, a_classes, a_persons, a_teams, a_titles, a_starts, a_ends);
  if answer <> 'done' then
    return answer;
  end if;
  if not a_fetched and before.zones <> a_reading->>'zones' then
    told := format('The rules of time zones on this machine have changed. The calendar was read again by the new ones: %s shifts are at '
                   'other times.', coalesce(a_reading->>'moved', '0'));
    insert into feed_event (rota, state, fault, last_good_at, body) select f.rota, f.state, told, f.last_good_at, f.body
      from feed f where f.rota = a_rota;
    if (a_reading->>'moved')::integer > 0 then
      a_reading := jsonb_set(a_reading, '{warnings}', coalesce(a_reading->'warnings', '[]') || jsonb_build_array(jsonb_build_object(
        'kind', 'zones', 'level', 'warning', 'text', told, 'remedy', 'Check the shifts round the next change of the clocks.')));
    end if;
  end if;
  perform feed_learn(a_rota, a_reading, a_fetched, cardinality(a_superseded) + cardinality(a_keys) > 0);
  perform feed_keep_notes(a_rota, a_reading, cardinality(a_superseded) + cardinality(a_keys) > 0);
  return answer;
end $$;

create or replace function feeds_good(a_rota text, a_claim bigint, a_seen_body bytea, a_seen_with bytea, a_etag text, a_last_modified text,
                           a_whole boolean)
returns text language plpgsql as $$
declare
  before feed;
  moment timestamptz;
begin
  select * into before from feed where rota = a_rota and claim = a_claim for update;
  if not found then
    return 'gone';
  end if;
  moment := clock_timestamp();
  update import set state = 'discarded', decided_at = moment, decided_by = 'feed', reason = 'The address gives the accepted calendar again.'
    where id = before.held_import and state = 'preview';
  update feed set
    state = 'good', fault = null, failures = 0, last_attempt_at = moment, last_good_at = moment, told_stale = false,
    seen_body = a_seen_body, seen_with = a_seen_with, etag = a_etag, last_modified = a_last_modified,
    full_at = case when a_whole then moment else full_at end, held_body = null, held_import = null,
    claim = null, claimed_until = null, next_at = moment + feeds_wait(every, 0), updated_at = moment
    where rota = a_rota;
  -- What it lists now began a while ago: it does not drop what begins.
  if before.dropped > 0 and exists (
      select from shift s where s.rota = a_rota and s.known_to = 'infinity' and s.reading is not null and s.last_read_at is null
        and s.class <> 'unreadable' and s.starts_at <= moment - interval '2 hours' and s.ends_at > moment) then
    update feed set dropped = 0, dropped_start = null where rota = a_rota;
  end if;
  perform feed_note(before, 'good', null, moment, before.body);
  if feed_was_unknown(before) then
    perform shifts_changed(array[a_rota]);
  end if;
  perform feed_restored(before);
  return 'done';
end $$;

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
    update import i set versions = decode(a_reading->>'versions', 'hex'), content = decode(a_reading->>'content', 'hex'),
      learnt = jsonb_build_object('as_last_read', a_reading->'as_last_read', 'ahead', a_reading->'ahead'), warnings = coalesce(a_reading->'warnings', '[]')
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
      learnt = jsonb_build_object('as_last_read', a_reading->'as_last_read', 'ahead', a_reading->'ahead'), warnings = coalesce(a_reading->'warnings', '[]')
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
  -- What a person has confirmed is what is full from now on; what the guards let pass is compared with what was before it as well.
  if new.mode <> 'if_safe' then
    delete from calendar_fullness where rota = new.rota;
  end if;
  perform fullness_keep(new.rota, new.learnt->'ahead');
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
  insert into shift (rota, key, class, person, team, title, starts_at, ends_at, reading, known_from, last_read_at)
    select i.rota, n.key, n.class, n.person, n.team, n.title, n.starts_at, n.ends_at, i.reading, moment,
           case when i.learnt->'as_last_read' ? n.key then coalesce(before.last_good_at, moment) end
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
  insert into shift (rota, key, class, person, team, title, starts_at, ends_at, reading, known_from, last_read_at)
    -- A key that is in force now is of a shift that is over and stays: the one that comes back goes by another.
    select w.rota, case when o.id is null then w.key else left(w.key, 580) || '@undone' end, w.class, w.person, w.team, w.title, w.starts_at, w.ends_at,
           w.reading, moment, w.last_read_at
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
  delete from calendar_fullness where rota = i.rota;
  perform shifts_changed(array[i.rota]);
  notify import_changed;
end $$;

-- --------------------------------------------------------------------------------------------------------------------- rights

revoke execute on function fullness_after, feeds_fullest, fullness_keep, feed_learn, fullness_goes from public;
grant execute on function fullness_after, feeds_fullest, fullness_keep, feed_learn to crisiscover_feeds;
grant select, insert, update, delete on calendar_fullness to crisiscover_feeds;
