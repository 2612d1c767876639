-- What the feeds role calls, and what the api calls of it: claiming a feed, writing the outcome of a check, imports and their confirmation,
-- feed rows that follow the region. Each function is one transaction of one caller; C never holds one open.
--
-- Two questions guard every write, both asked under the lock of the feed's row: does the caller still hold its claim, and do the shifts in
-- force still come from the reading it compared with. Instants of the record are taken after that lock, so they rise with each change.
--
-- Locks are taken in this order: the feed's row, an import's row, dirty, the counter of flags.

set local search_path = crisiscover;

-- ------------------------------------------------------------------------------------------------------------- further columns

alter table feed
  -- Who is at it: a number of its own for each claim. A claim that ran out, or that a change of the region took away, writes nothing.
  add column claim bigint,
  -- Of `body`: an upload may be a roster.
  add column format text not null default 'text/calendar' check (format in ('text/calendar', 'text/csv')),
  -- What `body` was last read with, well or badly: if that is not what it would be read with now, it is read again.
  add column read_with bytea,
  -- The last answer of the address that proved the shifts in force, and what it was read with. Usually `body` itself; a calendar that only
  -- changes its time stamps with each answer is another one each time, reads the same, and is not kept. The validators are of this one.
  add column seen_body bytea,
  add column seen_with bytea,
  add column full_at timestamptz,     -- when the address last gave a whole calendar: once a day it is asked for one
  add column told_stale boolean not null default false,  -- a flag said that it is stale, and none yet that it is back
  add column held_import bigint references import;       -- the held body as an import that a person can confirm or discard

create sequence feed_claim;

create index feed_refresh on feed (refresh_asked_at) where refresh_asked_at is not null;
create index feed_to_tell on feed (last_good_at) where kind = 'ical_url' and not told_stale;

-- Bodies on their way through the reader, counted before they are handed over: what kills it again and again is set aside.
create table reading_attempt (
  rota     text not null references rota,
  body     bytea not null check (length(body) = 32),
  n        integer not null default 1,
  first_at timestamptz not null default clock_timestamp(),
  primary key (rota, body)
);

-- ---------------------------------------------------------------------------------------------------------------- the schedule

-- How long until the next check: the interval itself, up to four times as long while it keeps failing but then at most 15 minutes; a tenth
-- more or less, so that feeds of one host do not come in step.
create function feeds_wait(a_every interval, a_failures integer) returns interval language sql volatile as $$
  select (case when a_failures <= 0 then a_every
               else least(a_every * 2 ^ least(a_failures - 1, 2), interval '15 minutes' / 1.1) end) * (0.9 + 0.2 * random())
$$;

-- Claims at most a_limit feeds that are due, those somebody asked for first. Nothing while the caller knows another region than the one in
-- force: it would read by rules that are no longer meant. A claim lasts 60 seconds, which is longer than a job may take.
create function feeds_claim(a_limit integer, a_region bigint)
returns table (rota text, claim bigint, kind text, url text, etag text, last_modified text, body bytea, format text, read_with bytea,
               seen_body bytea, seen_with bytea, held_body bytea, whole_due boolean)
language sql volatile as $$
  with due as (
    select f.rota from feed f
    where (f.next_at <= clock_timestamp() or f.refresh_asked_at is not null)
      and (f.claimed_until is null or f.claimed_until <= clock_timestamp())
      and a_region = (select max(version) from region)
    order by f.refresh_asked_at is null, f.next_at
    limit a_limit
    for update skip locked)
  -- What was asked for stays due until it is done, even if this process dies.
  update feed f
  set claim = nextval('feed_claim'), claimed_until = clock_timestamp() + interval '60 seconds',
      next_at = least(f.next_at, clock_timestamp()), refresh_asked_at = null
  from due where f.rota = due.rota
  returning f.rota, f.claim, f.kind, f.url, f.etag, f.last_modified, f.body, f.format, f.read_with, f.seen_body, f.seen_with, f.held_body,
            f.full_at is null or f.full_at < clock_timestamp() - interval '24 hours'
$$;

-- When the a_nth of many feeds that are all due now should have its turn: fifty a second, and within a minute whatever their number, so
-- that what we do at once is not a stampede at the door of one host.
create function feeds_turn(a_nth bigint) returns timestamptz language sql volatile as $$
  select clock_timestamp() + least(interval '20 milliseconds' * a_nth, interval '1 minute' * random())
$$;

-- After a start, everything that fell due while nobody was there is spread. Feeds that were never tried are not kept waiting.
create function feeds_spread() returns void language sql volatile as $$
  with late as (
    select rota from feed where next_at <= clock_timestamp() and last_attempt_at is not null and kind = 'ical_url'
      and (claimed_until is null or claimed_until <= clock_timestamp())
    for update skip locked),
  turns as (select rota, row_number() over (order by random()) as nth from late)
  update feed f set next_at = feeds_turn(t.nth) from turns t where f.rota = t.rota
$$;

-- Makes those feeds due whose stored body would now be read with something else. The arrays run in parallel, and there are two of the
-- second: what a calendar and what a roster of that rota would be read with.
create function feeds_outdated(a_rotas text[], a_calendar bytea[], a_roster bytea[]) returns bigint language sql volatile as $$
  with outdated as (
    select f.rota, row_number() over (order by f.kind = 'ical_url', random()) as nth
    from feed f join unnest(a_rotas, a_calendar, a_roster) as now_with (rota, calendar, roster) using (rota)
    where f.body is not null
      and f.read_with is distinct from case f.format when 'text/csv' then now_with.roster else now_with.calendar end),
  due as (
    update feed f set next_at = feeds_turn(o.nth) from outdated o
    where f.rota = o.rota and f.next_at > clock_timestamp() + interval '1 minute'
    returning 1)
  select count(*) from due
$$;

-- Counts one more handing over of a body to the reader; answers how many that makes. After a day it is forgotten: what failed may have
-- been the machine.
create function feeds_attempt(a_rota text, a_body bytea) returns integer language sql volatile as $$
  delete from reading_attempt where rota = a_rota and first_at < clock_timestamp() - interval '1 day';
  insert into reading_attempt as a (rota, body) values (a_rota, a_body) on conflict (rota, body) do update set n = a.n + 1 returning n
$$;

-- The reader came back with an answer, or never got the body.
create function feeds_attempt_forget(a_rota text, a_body bytea) returns void language sql volatile as $$
  delete from reading_attempt where rota = a_rota and body = a_body
$$;

-- ------------------------------------------------------------------------------------------------------------- parts of a write

-- Keeps a reading. The values that only people and the horizon need come as one document.
create function reading_add(a_rota text, a_body bytea, a_read_with bytea, a_reading jsonb) returns bigint language sql volatile as $$
  insert into reading (rota, body, read_with, window_from, window_to, events, counts, findings, first_start, horizon, zone_used)
  values (a_rota, a_body, a_read_with, (a_reading->>'window_from')::timestamptz, (a_reading->>'window_to')::timestamptz,
          (a_reading->>'events')::integer, a_reading->'counts', a_reading->'findings', (a_reading->>'first_start')::timestamptz,
          (a_reading->>'horizon')::timestamptz, a_reading->>'zone_used')
  returning id
$$;

-- Whether reading a_id says what a_reading says.
create function reading_same(a_id bigint, a_reading jsonb) returns boolean language sql stable as $$
  select exists (
    select from reading r where r.id = a_id and r.events = (a_reading->>'events')::integer and r.counts = a_reading->'counts'
      and r.findings = a_reading->'findings' and r.first_start is not distinct from (a_reading->>'first_start')::timestamptz
      and r.horizon is not distinct from (a_reading->>'horizon')::timestamptz
      and r.zone_used is not distinct from a_reading->>'zone_used')
$$;

-- The instant at which a change becomes known. Never before the rows it ends became known, whatever the clock of this machine says.
create function record_moment(a_superseded bigint[]) returns timestamptz language sql volatile as $$
  select greatest(clock_timestamp(), (select max(known_from) from shift where id = any (a_superseded)))
$$;

-- Ends the time of being known of rows in force. All of them, or somebody has broken the rule of the two questions.
create function shifts_supersede(a_ids bigint[], a_moment timestamptz) returns void language plpgsql as $$
declare ended bigint;
begin
  update shift set known_to = a_moment where id = any (a_ids) and known_to = 'infinity';
  get diagnostics ended = row_count;
  if ended <> cardinality(a_ids) then
    raise exception '% of % shifts are no longer in force', cardinality(a_ids) - ended, cardinality(a_ids) using errcode = '40001';
  end if;
end $$;

-- Leaves a trace when a feed's state changes, for ever.
create function feed_note(a_before feed, a_state text, a_fault text, a_last_good timestamptz, a_body bytea)
returns void language sql volatile as $$
  insert into feed_event (rota, state, fault, last_good_at, body)
  select a_before.rota, a_state, a_fault, a_last_good, a_body
  where (a_before.state, a_before.fault) is distinct from (a_state, a_fault)
$$;

-- Whether coverage saw this source as unknown, so that a good check alone changes the map.
create function feed_was_unknown(a_before feed) returns boolean language sql stable as $$
  select a_before.kind = 'ical_url'
     and (a_before.last_good_at is null or a_before.last_good_at < clock_timestamp() - interval '6 hours')
$$;

-- The all-clear for whoever was told that the feed is stale. Takes the counter of flags: the last act of a transaction. The rota's code
-- travels as the cause.
create function feed_restored(a_before feed) returns void language plpgsql as $$
begin
  if a_before.told_stale then
    perform flag_add('feed_restored', null, null, null, null, 'fresh', null, null, 'normal', a_before.rota);
  end if;
end $$;

-- ------------------------------------------------------------------------------------------------------ outcomes of one check
-- Each answers `done`, or `gone` when the caller has lost its claim and nothing was written.

-- The address has what proved the shifts in force: not modified, or the very same bytes. Only the time of the check moves.
create function feeds_good(a_rota text, a_claim bigint, a_seen_body bytea, a_seen_with bytea, a_etag text, a_last_modified text,
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
  perform feed_note(before, 'good', null, moment, before.body);
  if feed_was_unknown(before) then
    perform shifts_changed(array[a_rota]);
  end if;
  perform feed_restored(before);
  return 'done';
end $$;

-- The address has what is held already. That is no good check, and nothing new.
create function feeds_still_held(a_rota text, a_claim bigint, a_held_body bytea, a_whole boolean) returns text language plpgsql as $$
begin
  update feed set
    last_attempt_at = clock_timestamp(), failures = 0, full_at = case when a_whole then clock_timestamp() else full_at end,
    claim = null, claimed_until = null, next_at = clock_timestamp() + feeds_wait(every, 0), updated_at = clock_timestamp()
    where rota = a_rota and claim = a_claim and held_body = a_held_body;
  return case when found then 'done' else 'gone' end;
end $$;

-- The check brought nothing that could be used. The last good body and its shifts stay as they are; a body that is held waits for its
-- person whatever the network does meanwhile. a_read_with (or null): the stored body was read with this, to no avail.
create function feeds_failed(a_rota text, a_claim bigint, a_fault text, a_read_with bytea) returns text language plpgsql as $$
declare before feed;
begin
  select * into before from feed where rota = a_rota and claim = a_claim for update;
  if not found then
    return 'gone';
  end if;
  update feed set
    state = case state when 'held' then 'held' else 'failing' end, fault = case state when 'held' then fault else a_fault end,
    failures = failures + 1, last_attempt_at = clock_timestamp(), read_with = coalesce(a_read_with, read_with),
    claim = null, claimed_until = null, updated_at = clock_timestamp(),
    next_at = case kind when 'ical_url' then clock_timestamp() + feeds_wait(every, failures + 1) else 'infinity' end
    where rota = a_rota;
  if before.state <> 'held' then
    perform feed_note(before, 'failing', a_fault, before.last_good_at, null);
  end if;
  return 'done';
end $$;

-- The stored body of a feed that is fetched could not be read again: noted, so that it is not tried with every fetch. The claim is kept:
-- the address is asked next, and its answer tells more.
create function feeds_reread_failed(a_rota text, a_claim bigint, a_read_with bytea) returns text language plpgsql as $$
begin
  update feed set read_with = a_read_with where rota = a_rota and claim = a_claim;
  return case when found then 'done' else 'gone' end;
end $$;

-- Puts a claimed feed back, due in a_seconds (null: not before somebody makes it due), as if nobody had been there.
create function feeds_release(a_rota text, a_claim bigint, a_seconds integer) returns text language plpgsql as $$
begin
  update feed set claim = null, claimed_until = null,
                  next_at = case when a_seconds is null then 'infinity' else clock_timestamp() + make_interval(secs => a_seconds) end
    where rota = a_rota and claim = a_claim;
  return case when found then 'done' else 'gone' end;
end $$;

-- A body was read and may replace what is in force. a_base: the reading whose shifts it was compared with; `again` when it is no longer
-- that one. a_fetched: the address gave it just now; else it is the stored body, read anew because what it is read with has changed, which
-- says nothing about freshness, and a feed that is fetched keeps its claim for that. What reads like the body that is held stays held,
-- even if time alone has made it look harmless: `held`.
create function feeds_apply(a_rota text, a_claim bigint, a_base bigint, a_body bytea, a_bytes bytea, a_read_with bytea, a_reading jsonb,
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
  if before.reading is distinct from a_base then
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
      seen_body = a_body, etag = a_etag, last_modified = a_last_modified
      where rota = a_rota;
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

-- Keeps the rows of a preview.
create function import_keep_rows(a_import bigint, a_keys text[], a_classes text[], a_persons text[], a_teams text[], a_titles text[],
                                 a_starts timestamptz[], a_ends timestamptz[])
returns void language sql volatile as $$
  insert into import_shift (import, key, class, person, team, title, starts_at, ends_at)
    select a_import, n.* from unnest(a_keys, a_classes, a_persons, a_teams, a_titles, a_starts, a_ends) as n
$$;

-- A body was read, and the guards want a person to look at it. It becomes an import in preview, so that confirming and discarding are
-- the same two acts as for an upload. A body that reads like the one already held only takes its place: nobody is told twice.
create function feeds_held(a_rota text, a_claim bigint, a_base bigint, a_body bytea, a_bytes bytea, a_read_with bytea, a_reading jsonb,
                           a_why text, a_diff jsonb, a_superseded bigint[],
                           a_keys text[], a_classes text[], a_persons text[], a_teams text[], a_titles text[],
                           a_starts timestamptz[], a_ends timestamptz[])
returns text language plpgsql as $$
declare
  before feed;
  old import;
  moment timestamptz;
  now_import bigint;
begin
  select * into before from feed where rota = a_rota and claim = a_claim for update;
  if not found then
    return 'gone';
  end if;
  if before.reading is distinct from a_base then
    return 'again';
  end if;
  moment := clock_timestamp();
  select * into old from import where id = before.held_import for update;

  if found and old.base is not distinct from a_base and old.diff = a_diff and reading_same(old.reading, a_reading) then
    now_import := old.id;
    a_body := old.body;  -- that one is kept
  else
    insert into body (sha256, bytes) values (a_body, a_bytes) on conflict do nothing;
    update import set state = 'discarded', decided_at = moment, decided_by = 'feed', reason = 'The address gives another calendar now.'
      where id = before.held_import and state = 'preview';
    insert into import (rota, by_account, format, mode, body, state, read_at, reading, base, safe, why, diff, superseded)
      values (a_rota, 'feed', 'text/calendar', 'ask', a_body, 'preview', moment,
              reading_add(a_rota, a_body, a_read_with, a_reading), a_base, false, a_why, a_diff, a_superseded)
      returning id into now_import;
    perform import_keep_rows(now_import, a_keys, a_classes, a_persons, a_teams, a_titles, a_starts, a_ends);
  end if;
  update feed set
    state = 'held', fault = a_why, failures = 0, held_body = a_body, held_import = now_import, last_attempt_at = moment, full_at = moment,
    claim = null, claimed_until = null, next_at = moment + feeds_wait(every, 0), updated_at = moment
    where rota = a_rota;
  perform feed_note(before, 'held', a_why, before.last_good_at, a_body);
  if before.state <> 'held' then
    perform flag_add('feed_held', null, null, null, null, 'held', null, null, 'high', a_rota);
  end if;
  return 'done';
end $$;

-- One flag for each feed whose last good check has become an hour old. Answers when the next one is due (null: none is in sight).
create function feeds_tell_stale() returns timestamptz language plpgsql as $$
declare
  stale text[];
  a_rota text;
begin
  with told as (
    update feed set told_stale = true, updated_at = clock_timestamp()
    where rota in (select rota from feed where kind = 'ical_url' and not told_stale
                     and last_good_at <= clock_timestamp() - interval '60 minutes'
                   order by last_good_at limit 500 for update skip locked)
    returning rota)
  select array_agg(rota order by rota) into stale from told;
  foreach a_rota in array coalesce(stale, '{}') loop
    perform flag_add('feed_stale', null, null, null, null, 'stale', null, null, 'normal', a_rota);
  end loop;
  return (select min(last_good_at) + interval '60 minutes' from feed where kind = 'ical_url' and not told_stale);
end $$;

-- --------------------------------------------------------------------------------------------------------------------- imports

-- Claims uploads that wait to be read. As for feeds, only by who knows the region in force.
create function imports_claim(a_limit integer, a_region bigint)
returns table (id bigint, rota text, format text, body bytea, bytes bytea)
language sql volatile as $$
  with waiting as (
    select i.id from import i
    where i.state = 'uploaded' and (i.claimed_until is null or i.claimed_until <= clock_timestamp())
      and a_region = (select max(version) from region)
    order by i.id limit a_limit
    for update skip locked)
  update import i set claimed_until = clock_timestamp() + interval '60 seconds'
  from waiting, body b where i.id = waiting.id and b.sha256 = i.body
  returning i.id, i.rota, i.format, i.body, b.bytes
$$;

-- The file is no calendar, or the reader refused it. a_reading (or null) has the findings.
create function import_refused(a_import bigint, a_why text, a_read_with bytea, a_reading jsonb) returns text language plpgsql as $$
declare i import;
begin
  select * into i from import where id = a_import and state = 'uploaded' for update;
  if not found then
    return 'gone';
  end if;
  update import set
    state = 'refused', why = a_why, read_at = clock_timestamp(), claimed_until = null,
    reading = case when a_reading is not null then reading_add(i.rota, i.body, a_read_with, a_reading) end
    where id = a_import;
  notify import_changed;
  return 'done';
end $$;

-- Puts a preview in force: the one act behind confirming, and behind the modes that ask nobody. The caller holds the feed's row and the
-- import's and has asked whether it may.
create function import_put_in_force(i import, before feed, a_actor text, a_reason text) returns void language plpgsql as $$
declare
  moment timestamptz := record_moment(i.superseded);
  r reading;
  added bigint;
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
    seen_body = i.body, seen_with = r.read_with, etag = null, last_modified = null, updated_at = moment
    where rota = i.rota;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'import_applied', 'import/' || i.id,
            jsonb_build_object('rota', i.rota, 'mode', i.mode, 'added', added, 'superseded', cardinality(i.superseded), 'reason', a_reason));
  perform feed_note(before, 'good', null, moment, i.body);
  perform shifts_changed(array[i.rota]);
  notify import_changed;
  perform feed_restored(before);
end $$;

-- A file was read: keeps what it would change. Modes `now`, and `if_safe` when the guards have nothing against it, put it in force in the
-- same transaction. `again` when the rota's shifts have changed since a_base.
create function import_preview(a_import bigint, a_base bigint, a_read_with bytea, a_reading jsonb, a_safe boolean, a_why text,
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
  if i.mode = 'now' or (i.mode = 'if_safe' and a_safe) then
    perform import_put_in_force(i, before, i.by_account, null);
    return 'applied';
  end if;
  notify import_changed;
  return 'done';
end $$;

-- Locks an import's feed and the import, in that order; refuses what is not there.
create function import_lock(a_import bigint) returns void language plpgsql as $$
begin
  perform from feed where rota = (select rota from import where id = a_import) for update;
  perform from import where id = a_import for update;
  if not found then
    raise exception 'there is no import %', a_import using errcode = 'P0001';
  end if;
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

-- A person does not want it. A held body stays held until its address gives another one; nobody is asked about it again.
create function import_discard(a_import bigint, a_actor text) returns void
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare i import;
begin
  perform import_lock(a_import);
  select * into i from import where id = a_import;
  if i.state not in ('uploaded', 'preview') then
    raise exception 'this import cannot be discarded: it is %', i.state using errcode = 'P0001';
  end if;
  update import set state = 'discarded', decided_at = clock_timestamp(), decided_by = a_actor, claimed_until = null where id = a_import;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'import_discarded', 'import/' || a_import, jsonb_build_object('rota', i.rota));
  notify import_changed;
end $$;

-- Takes back the import whose bytes are in force. What it superseded comes back at once as it was, for the time ahead; the body before it
-- is then read again, which settles whatever has changed in the rules meanwhile.
create function import_undo(a_import bigint, a_actor text, a_reason text) returns void
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  i import;
  f feed;
  earlier reading;
  ended bigint[];
  moment timestamptz;
begin
  perform import_lock(a_import);
  select * into i from import where id = a_import;
  select * into f from feed where rota = i.rota;
  if i.state <> 'applied' then
    raise exception 'this import cannot be undone: it is %', i.state using errcode = 'P0001';
  end if;
  if f.rota is null or f.body is distinct from i.body or f.reading < i.reading then
    raise exception 'the rota has changed since this import: send the calendar that it should have' using errcode = 'P0001';
  end if;
  select * into earlier from reading where id = i.base;

  -- Whatever was written since, by this import or by reading its bytes anew, as far as it is not over.
  select coalesce(array_agg(id), '{}') into ended from shift
    where rota = i.rota and known_to = 'infinity' and reading >= i.reading and ends_at > clock_timestamp();
  moment := record_moment(ended);
  perform shifts_supersede(ended, moment);
  insert into shift (rota, key, class, person, team, title, starts_at, ends_at, reading, known_from)
    select s.rota, s.key, s.class, s.person, s.team, s.title, s.starts_at, s.ends_at, s.reading, moment
    from shift s
    where s.id = any (i.superseded) and s.ends_at > moment
      and not exists (select from shift o where o.rota = s.rota and o.key = s.key and o.known_to = 'infinity');

  update import set state = 'undone', decided_at = moment, decided_by = a_actor, reason = a_reason where id = a_import;
  update import set state = 'discarded', decided_at = moment, decided_by = a_actor, reason = 'The import it was compared with was undone.'
    where id = f.held_import and state = 'preview';
  update feed set
    state = case when earlier.id is null then 'never' else 'good' end, fault = null, failures = 0, held_body = null, held_import = null,
    body = earlier.body, reading = earlier.id, read_with = null, horizon = earlier.horizon, last_change_at = moment,
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

-- -------------------------------------------------------------------------------------------------------- following the region

-- The feeds that a region file wants.
create function region_feeds(a_document jsonb) returns table (rota text, kind text, url text, every interval) language sql immutable as $$
  select r->>'id', r->'source'->>'kind', case r->'source'->>'kind' when 'ical_url' then r->'source'->>'url' end,
         make_interval(mins => coalesce((r->'source'->>'every_minutes')::integer, 5))
  from jsonb_array_elements(coalesce(a_document->'rotas', '[]')) as r
$$;

-- Makes the feeds those of a region file. Runs inside the transaction that applies it. The record is kept: of a rota that leaves, only
-- shifts that are not over are superseded; what it covered, it covered.
create function feeds_sync_region(a_document jsonb) returns void
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  moment timestamptz;
  gone text[];
  other text[];
  ended bigint[];
  touched text[];
begin
  -- From here on no check and no import writes.
  perform from feed order by rota for update;
  select coalesce(array_agg(f.rota), '{}') into gone
    from feed f where not exists (select from region_feeds(a_document) w where w.rota = f.rota);
  select coalesce(array_agg(f.rota), '{}') into other
    from feed f join region_feeds(a_document) w on w.rota = f.rota where (f.kind, f.url) is distinct from (w.kind, w.url);

  -- Rotas that leave; and of rotas that are typed no longer, what was typed in: no source would ever say it again.
  select coalesce(array_agg(s.id), '{}'), coalesce(array_agg(distinct s.rota), '{}') into ended, touched
    from shift s join feed f on f.rota = s.rota
    where s.known_to = 'infinity' and s.ends_at > clock_timestamp()
      and (s.rota = any (gone) or (s.rota = any (other) and f.kind = 'typed'));
  moment := record_moment(ended);
  perform shifts_supersede(ended, moment);
  update import set state = 'discarded', decided_at = moment, decided_by = 'region', reason = 'The rota has left the region.'
    where state in ('uploaded', 'preview') and rota = any (gone);
  insert into feed_event (rota, state, last_good_at) select f.rota, 'removed', f.last_good_at from feed f where f.rota = any (gone);
  delete from feed where rota = any (gone);
  delete from reading_attempt where rota = any (gone);

  -- Another source: nothing is known of it yet, and whoever is asking the old one has lost its claim. The shifts stay until it speaks.
  update import set state = 'discarded', decided_at = moment, decided_by = 'region', reason = 'The rota has another source now.'
    where state = 'preview' and id in (select f.held_import from feed f where f.rota = any (other));
  update feed f set
    kind = w.kind, url = w.url, every = w.every, next_at = case w.kind when 'ical_url' then moment else 'infinity' end,
    claim = null, claimed_until = null, refresh_asked_at = null, etag = null, last_modified = null, seen_body = null, seen_with = null,
    full_at = null, failures = 0, fault = null, state = case when f.reading is null then 'never' else 'good' end,
    held_body = null, held_import = null, updated_at = moment
    from region_feeds(a_document) w where w.rota = f.rota and f.rota = any (other);

  -- Another rhythm.
  update feed f set every = w.every, next_at = least(f.next_at, moment + w.every)
    from region_feeds(a_document) w where w.rota = f.rota and w.kind = 'ical_url' and f.every <> w.every;

  -- New ones.
  insert into rota (id) select w.rota from region_feeds(a_document) w order by 1 on conflict do nothing;
  insert into feed (rota, kind, url, every, next_at)
    select w.rota, w.kind, w.url, w.every, case w.kind when 'ical_url' then moment else 'infinity' end
    from region_feeds(a_document) w where not exists (select from feed f where f.rota = w.rota);

  if cardinality(touched) > 0 then
    perform shifts_changed(touched);
  end if;
end $$;

-- ---------------------------------------------------------------------------------------------------------------------- rights

grant select on region to crisiscover_feeds;
grant select, update on feed to crisiscover_feeds;
grant usage on sequence feed_claim to crisiscover_feeds;
grant select, insert on body, reading, shift, import_shift to crisiscover_feeds;
grant update (known_to) on shift to crisiscover_feeds;
grant insert on feed_event, audit to crisiscover_feeds;
grant select, insert, update on import to crisiscover_feeds;
grant select, insert, update, delete on reading_attempt to crisiscover_feeds;
grant select, insert, update on dirty to crisiscover_feeds;
grant select, update on flag_counter to crisiscover_feeds;
grant insert on flag to crisiscover_feeds;

-- Functions are everybody's unless somebody says otherwise.
revoke execute on function
  feeds_wait, feeds_claim, feeds_turn, feeds_spread, feeds_outdated, feeds_attempt, feeds_attempt_forget, reading_add, reading_same, record_moment,
  shifts_supersede, feed_note, feed_was_unknown, feed_restored, feeds_good, feeds_still_held, feeds_failed, feeds_reread_failed,
  feeds_release, feeds_apply, import_keep_rows, feeds_held, feeds_tell_stale, imports_claim, import_refused, import_put_in_force,
  import_preview, import_lock, import_apply, import_discard, import_undo, region_feeds, feeds_sync_region
  from public;
grant execute on function
  feeds_wait, feeds_claim, feeds_turn, feeds_spread, feeds_outdated, feeds_attempt, feeds_attempt_forget, reading_add, reading_same, record_moment,
  shifts_supersede, feed_note, feed_was_unknown, feed_restored, feeds_good, feeds_still_held, feeds_failed, feeds_reread_failed,
  feeds_release, feeds_apply, import_keep_rows, feeds_held, feeds_tell_stale, imports_claim, import_refused, import_put_in_force,
  import_preview, shifts_changed, flag_add
  to crisiscover_feeds;
grant execute on function import_apply, import_discard, import_undo, feeds_sync_region to crisiscover_api;
