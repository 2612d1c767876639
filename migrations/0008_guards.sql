-- What a feed is told off for though it is applied, how far the reading of an upload is, and an undo that puts back exactly what was there.
--
-- The outcomes of 0002 stay as they are; those that note more are functions round them, each still one transaction of one caller.

set local search_path = crisiscover;

alter table feed
  -- Of the body in force, 32 bytes an event: which it is, SEQUENCE, DTSTAMP, what it says (hashes). A newer body whose versions go back is
  -- applied and told of. Operational: it says nothing that the body does not.
  add column versions bytea,
  -- What its owner should know of the body in force though it was applied: findings, each with a `kind`.
  add column warnings jsonb not null default '[]',
  -- By how many seconds the clock of its server is ahead of ours; null: by less than anybody need know.
  add column clock_off integer,
  -- The rules of all time zones that the body in force was read with, as one number.
  add column zones text;

alter table import
  add column versions bytea,
  add column warnings jsonb not null default '[]',
  -- How far the reading of an upload has come; null: it waits.
  add column step text check (step in ('reading', 'comparing')),
  add column events_read integer,
  -- Of the feed as it was when this was put in force: state, fault, last good check.
  add column was jsonb;

-- ------------------------------------------------------------------------------------------------------------ notes of a reading

-- A reading that was written tells what its caller found beside it: a_reading has `versions` (hexadecimal), `zones` and `warnings`. What is
-- said of a change stays until the next change; what the body's own time stamps say is said anew each time.
create function feed_keep_notes(a_rota text, a_reading jsonb, a_changed boolean) returns void language sql volatile as $$
  update feed f set
    versions = coalesce(decode(a_reading->>'versions', 'hex'), f.versions),
    zones = coalesce(a_reading->>'zones', f.zones),
    warnings = coalesce(a_reading->'warnings', '[]') || case
      when a_changed then '[]'
      else (select coalesce(jsonb_agg(w), '[]') from jsonb_array_elements(f.warnings) w
            where w->>'kind' in ('versions', 'zones')
              and not exists (select from jsonb_array_elements(coalesce(a_reading->'warnings', '[]')) n where n->>'kind' = w->>'kind')) end
    where f.rota = a_rota
$$;

-- feeds_apply(), and what is to be told of it. Reading a stored body anew by other rules of time zones leaves a trace for ever, also if it
-- moved nothing: a_reading->'moved' shifts are at other times.
create function feeds_apply_noted(a_rota text, a_claim bigint, a_base bigint, a_body bytea, a_bytes bytea, a_read_with bytea,
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
  perform feed_keep_notes(a_rota, a_reading, cardinality(a_superseded) + cardinality(a_keys) > 0);
  return answer;
end $$;

-- feeds_held(), and what is to be told of it, with the import that a person decides about.
create function feeds_held_noted(a_rota text, a_claim bigint, a_base bigint, a_body bytea, a_bytes bytea, a_read_with bytea, a_reading jsonb,
                                 a_why text, a_diff jsonb, a_superseded bigint[],
                                 a_keys text[], a_classes text[], a_persons text[], a_teams text[], a_titles text[],
                                 a_starts timestamptz[], a_ends timestamptz[])
returns text language plpgsql as $$
declare answer text;
begin
  answer := feeds_held(a_rota, a_claim, a_base, a_body, a_bytes, a_read_with, a_reading, a_why, a_diff, a_superseded,
                       a_keys, a_classes, a_persons, a_teams, a_titles, a_starts, a_ends);
  if answer = 'done' then
    update import i set versions = decode(a_reading->>'versions', 'hex'), warnings = coalesce(a_reading->'warnings', '[]')
      from feed f where f.rota = a_rota and i.id = f.held_import and i.state = 'preview';
  end if;
  return answer;
end $$;

-- import_preview(), and what is to be told of it. The notes come first: a mode that asks nobody puts it in force at once.
create function import_preview_noted(a_import bigint, a_claim bigint, a_base bigint, a_read_with bytea, a_reading jsonb, a_safe boolean, a_why text,
                                     a_diff jsonb, a_superseded bigint[],
                                     a_keys text[], a_classes text[], a_persons text[], a_teams text[], a_titles text[],
                                     a_starts timestamptz[], a_ends timestamptz[])
returns text language plpgsql as $$
begin
  perform from feed f join import i on i.rota = f.rota where i.id = a_import for update of f;
  update import set versions = decode(a_reading->>'versions', 'hex'), warnings = coalesce(a_reading->'warnings', '[]')
    where id = a_import and state = 'uploaded' and claim = a_claim;
  return import_preview(a_import, a_claim, a_base, a_read_with, a_reading, a_safe, a_why, a_diff, a_superseded,
                        a_keys, a_classes, a_persons, a_teams, a_titles, a_starts, a_ends);
end $$;

-- However an import comes into force, the feed takes over what was noted of it, and the import keeps how the feed stood, for an undo.
create function import_takes_force() returns trigger language plpgsql as $$
begin
  select jsonb_build_object('state', f.state, 'fault', f.fault, 'last_good_at', f.last_good_at, 'versions', encode(f.versions, 'hex'),
                            'warnings', f.warnings) into new.was from feed f where f.rota = new.rota;
  update feed set versions = new.versions, warnings = new.warnings where rota = new.rota;
  return new;
end $$;
create trigger takes_force before update on import for each row when (old.state <> 'applied' and new.state = 'applied')
  execute function import_takes_force();

-- The address's server said what time it is there. a_off: seconds ahead of ours, null: it is right.
create function feeds_clock(a_rota text, a_claim bigint, a_off integer) returns void language sql volatile as $$
  update feed set clock_off = a_off, updated_at = clock_timestamp() where rota = a_rota and claim = a_claim
$$;

-- All that a feed is told off for.
create function feed_warnings(a_feed feed) returns jsonb language sql stable as $$
  select a_feed.warnings || case when a_feed.clock_off is null then '[]' else jsonb_build_array(jsonb_build_object(
    'kind', 'clock', 'level', 'warning',
    'text', format('The clock of the address''s server is %s minutes %s ours.', round(abs(a_feed.clock_off) / 60.0),
                   case when a_feed.clock_off > 0 then 'ahead of' else 'behind' end),
    'remedy', 'Whoever runs that server should set its clock: what it says of the age of a calendar cannot be relied on.')) end
$$;

-- For the api, which may read neither the address nor what was learnt from it.
create view feed_told as select rota, feed_warnings(feed) as warnings from feed;

-- How large an upload is, for the api, which has no business with its bytes.
create view import_size as select i.id, length(b.bytes) as bytes from import i join body b on b.sha256 = i.body;

-- How far an upload is. a_events: once they are counted.
create function import_step(a_import bigint, a_step text, a_events integer) returns void language sql volatile as $$
  update import set step = a_step, events_read = a_events where id = a_import and state = 'uploaded'
$$;

-- ----------------------------------------------------------------------------------------------------------------------- undo

-- Takes back the import whose bytes are in force, for 30 days. What is in force afterwards is, for the time ahead, exactly what was in force
-- the moment before the import, whatever was read anew in between: rows that are the same stay, the others are ended, what is missing comes
-- back. What is over stays as it is known now: it was in force while it lasted. The body before the import is then read again, which settles
-- what has changed in the rules meanwhile. What is typed in beside the feed is not the feed's.
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
  if i.decided_at < clock_timestamp() - interval '30 days' then
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
    state = case when i.was->>'state' in ('good', 'failing') then i.was->>'state' when earlier.id is null then 'never' else 'good' end,
    fault = case when i.was->>'state' = 'failing' then i.was->>'fault' end, failures = 0, held_body = null, held_import = null,
    -- A source that nobody could check before the import is not checked by taking it back.
    last_good_at = case when i.was is null then last_good_at else (i.was->>'last_good_at')::timestamptz end,
    body = earlier.body, reading = earlier.id, read_with = null, horizon = earlier.horizon, last_change_at = moment,
    versions = decode(i.was->>'versions', 'hex'), warnings = coalesce(i.was->'warnings', '[]'),
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

revoke execute on function feed_keep_notes, feeds_apply_noted, feeds_held_noted, import_preview_noted, import_takes_force, feeds_clock,
  feed_warnings, import_step from public;
grant execute on function feed_keep_notes, feeds_apply_noted, feeds_held_noted, import_preview_noted, import_takes_force, feeds_clock,
  import_step to crisiscover_feeds;
grant execute on function feed_warnings to crisiscover_api;
grant select on feed_told, import_size to crisiscover_api;
