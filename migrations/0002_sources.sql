-- SPDX-License-Identifier: MIT

-- Sources: calendars that are fetched and files that are read become rows of `shift`. The tables of feeds, readings and shifts, and the functions
-- that check a feed and write what was read.
--
-- Each function is one transaction of one caller; C never holds one open. Two questions guard every write of a reading, both asked under the
-- lock of the feed's row: does the caller still hold its claim, and do the shifts in force still come from the reading it compared with.
-- Instants of the record are taken after that lock, so they rise with each change.
--
-- Locks are taken in this order: the feed's row, an import's row, dirty, the counter of flags.

set local search_path = crisiscover;
set local check_function_bodies = off;

-- -------------------------------------------------------------------------------------------------------------------------- bodies and readings

-- What came, by the hash of its exact bytes, never trusted. Of a calendar the bytes are those that are kept (calendars/kept.h), from when it has been read:
-- without descriptions, alarms and mail addresses. They may go after a while; the hash and what was read stay. Of leave that would read otherwise without
-- its reasons nothing else is kept from when it has been read.
create table body (
  sha256     bytea primary key check (length(sha256) = 32),
  bytes      bytea,
  size       integer not null,         -- of an upload, as it was sent
  first_seen timestamptz not null default clock_timestamp(),
  used_at    timestamptz not null default clock_timestamp(),  -- when they were last stored, or in force, or held
  hash_alone boolean not null default false                   -- it may be in force and held without its bytes: leave that cannot be kept without its reasons
);
grant insert, select on body to crisiscover_feeds;

-- Bytes that come again are stored again. The update locks the row, so a retention run that is about to delete its bytes waits.
create function body_comes() returns trigger language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
begin
  update body set bytes = coalesce(bytes, new.bytes), used_at = clock_timestamp(), hash_alone = hash_alone or new.hash_alone where sha256 = new.sha256;
  new.size := coalesce(new.size, length(new.bytes), 0);
  return new;
end $$;
create trigger comes before insert on body for each row execute function body_comes();

-- Keeps of a body no more than a_bytes, with which it reads the same; null: no more than its hash.
create function body_lessen(a_sha256 bytea, a_bytes bytea) returns void
language sql security definer set search_path = crisiscover, pg_temp as $$
  update body set bytes = a_bytes, hash_alone = a_bytes is null
    where sha256 = a_sha256 and (bytes <> a_bytes or hash_alone <> (a_bytes is null) or a_bytes is null and bytes is not null)
$$;
grant execute on function body_lessen to crisiscover_feeds;

-- The result of reading one body under one rota's rules in the sandbox.
create table reading (
  id          bigint generated always as identity primary key,
  rota        text not null references rota,
  body        bytea not null references body,
  read_with   bytea not null,          -- hash of everything the reading depended on: rules, directory, tz database, window
  made_at     timestamptz not null default clock_timestamp(),
  window_from timestamptz not null,
  window_to   timestamptz not null,
  events      integer not null,
  counts      jsonb not null,          -- {"named": 12, "nobody": 1, …}
  findings    jsonb not null,          -- [{"level","uid","line","text","remedy"}, …]
  first_start timestamptz,
  horizon     timestamptz,             -- last instant that the reading says anything about; null: it says nothing
  zone_used   text,
  format      text not null default 'text/calendar'   -- what the body was read as
    check (format in ('text/calendar', 'text/csv', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'))
);
create index reading_by_rota on reading (rota, id);
create trigger keep before update or delete on reading for each row execute function keep_the_record();
create trigger keep_all before truncate on reading execute function keep_the_record();
grant select on reading to crisiscover_api;
grant insert, select on reading to crisiscover_feeds;

-- ---------------------------------------------------------------------------------------------------------------------------------------- feeds

create sequence feed_claim;
grant usage on sequence feed_claim to crisiscover_feeds;

-- One row for each rota of the region in force: the state of its source. Operational state, changed in place; what it led to is not.
create table feed (
  rota             text primary key references rota,
  kind             text not null check (kind in ('ical_url', 'caldav', 'file', 'typed')),
  fetched          boolean not null generated always as (kind in ('ical_url', 'caldav')) stored,   -- its source is an address
  address          text references feed_address,   -- its mask
  way              jsonb not null default '{}',    -- how the address is asked: its secret by name, proxy, authority, as in the set-up
  every            interval not null default '5 minutes',
  next_at          timestamptz not null default now(),   -- when it is due; infinity for uploads and typed rotas
  claimed_until    timestamptz,        -- a job has it until then,
  claimed_by       text,               -- or until this session ends (session_name)
  refresh_asked_at timestamptz,
  -- validators of the ACCEPTED body only: a held body must not be answered "not modified" from then on
  etag             text,
  last_modified    text,
  state            text not null default 'never' check (state in ('never', 'good', 'failing', 'held', 'refused')),   -- refused: the address's server wants another secret
  fault            text,               -- a sentence for people when not good
  failures         integer not null default 0,
  last_attempt_at  timestamptz,
  last_good_at     timestamptz,        -- the last check that proved the current shifts: freshness counts from here
  last_change_at   timestamptz,        -- when a new body was last applied
  body             bytea references body,      -- the body the current shifts come from
  reading          bigint references reading,  -- and its reading
  horizon          timestamptz,
  held_body        bytea references body,
  updated_at       timestamptz not null default clock_timestamp(),  -- moved by every change: the api polls by it
  -- The claim of the job that has it; each has its own number. A claim that ran out, or that a change of the region took away, writes nothing.
  claim            bigint,
  -- Of `body`: an upload may be a roster.
  format           text not null default 'text/calendar' 
    check (format in ('text/calendar', 'text/csv', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')),
  -- What `body` was last read with, also if that failed. If it would be read with something else now, it is read again.
  read_with        bytea,
  -- With what the body was read that came last and was refused; null: no body came, or it was read. If it would be read with something else now,
  -- it is asked for again: a grid whose layout has been set since.
  unread_with      bytea,
  -- The last answer of the address that confirmed the shifts in force, and what it was read with. Usually `body` itself. A calendar whose time stamps
  -- change with each answer has other bytes each time and reads the same: those bytes are not kept. The validators belong to this answer.
  seen_body        bytea,
  seen_with        bytea,
  full_at          timestamptz,                       -- when the address last gave a whole calendar: once a day it is asked for one
  told_stale       boolean not null default false,    -- a flag said that it is stale, and none since that it is fresh again
  held_import      bigint,                            -- the held body as an import that a person can confirm or discard
  -- Of the body in force, 32 bytes an event: which it is, SEQUENCE, DTSTAMP, what it says (hashes). A newer body whose versions go back is
  -- applied, with a warning. Derived from the body.
  versions         bytea,
  -- Warnings for the owner of the body in force: findings, each with a `kind`.
  warnings         jsonb not null default '[]',
  -- Seconds by which the clock of its server is ahead of the database's; null: too few to report.
  clock_off        integer,
  -- The rules of all time zones that the body in force was read with, as one number.
  zones            text,
  -- The open questions of the body in force, as its reading listed them: words, names, time zone names, the order of dates. Not part of the record:
  -- it is derived from the body and the rules of reading.
  to_decide        jsonb not null default '[]',
  -- The reader's own rules that the body in force was read with, as a digest; null: not known. Empty: cover that those rules would
  -- add waits for a person, until another body or an import is in force.
  rules            text,
  -- The import that is in force instead of the address; null: the address's calendar is in force, or the rota has no address.
  upload           bigint,
  -- Of the body in force: a hash (32 bytes) of what its events say, without keys and time stamps.
  content          bytea,
  -- The same hash of what the address gave last before the upload: a calendar with that hash is not newer than the upload.
  address_content  bytea,
  listed_over_at   timestamptz,                       -- when the address last listed what was over
  dropped          integer not null default 0,        -- readings that dropped what began, since it last listed something that had begun
  dropped_start    timestamptz,                       -- start of the last shift that it dropped
  check (fetched = (address is not null)),
  check ((state = 'held') = (held_body is not null)),
  check (upload is null or fetched)
);
create index feed_due on feed (next_at);
create index feed_updated on feed (updated_at);
create index feed_good on feed (last_good_at) where fetched;
create index feed_refresh on feed (refresh_asked_at) where refresh_asked_at is not null;
create index feed_to_tell on feed (last_good_at) where fetched and not told_stale;
grant select (rota, kind, fetched, every, next_at, refresh_asked_at, state, fault, failures, last_attempt_at, last_good_at, last_change_at, reading,
  horizon, updated_at, held_import) on feed to crisiscover_api;
grant select, update on feed to crisiscover_feeds;

-- A body that comes into force or is held must have its bytes, unless only its hash is kept. The days of retention begin when it is no longer in force or held.
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
    if exists (select from body where sha256 in (new.body, new.held_body) and bytes is null and not hash_alone) then
      raise exception 'the calendar that this would come back to is no longer kept: send the calendar that it should have'
        using errcode = 'P0001';
    end if;
  end if;
  return null;
end $$;
create trigger body_used after insert or update on feed for each row execute function body_used();

-- Each change of a feed's state, kept as long as the record. In partitions by the month in which it was noted.
create table feed_event (
  id           bigint generated always as identity,
  rota         text not null references rota,
  at           timestamptz not null default clock_timestamp(),
  state        text not null,
  fault        text,
  last_good_at timestamptz,
  body         bytea,
  primary key (id, at)
) partition by range (at);
create table feed_event_rest partition of feed_event default;
create index feed_event_by_rota on feed_event (rota, at);
create trigger keep before update on feed_event for each row execute function record_stay('feed_event');
create trigger keep_all before delete or truncate on feed_event execute function record_keep('feed_event');
create trigger keep_all before delete or truncate on feed_event_rest execute function record_keep('feed_event');
grant select on feed_event to crisiscover_api;
grant insert on feed_event to crisiscover_feeds;

-- Bodies that are with the reader, counted before they are handed over: a body that kills the reader again and again is set aside.
create table reading_attempt (
  rota     text not null references rota,
  body     bytea not null check (length(body) = 32),
  n        integer not null default 1,
  first_at timestamptz not null default clock_timestamp(),
  primary key (rota, body)
);
grant delete, insert, select, update on reading_attempt to crisiscover_feeds;

-- --------------------------------------------------------------------------------------------------------------------------------------- shifts

-- The classes of the reader that matter later: absences take cover away, the others are weighed by the sweep. Noise and cancelled events are
-- counted in the reading and not kept here.
--
-- Rows in force are in a partition of their own, whatever their age: superseding a row moves it to the month of its known_to.
create table shift (
  id           bigint generated always as identity,
  rota         text not null references rota,
  key          text not null check (length(key) between 1 and 600),
  class        text not null check (class in ('named', 'tentative', 'team', 'nobody', 'undecided', 'unreadable', 'absence')),
  person       text references person,
  team         text,
  title        text,                   -- cleaned by the reader: without numbers and without the reason for an absence
  starts_at    timestamptz not null,
  ends_at      timestamptz not null,
  reading      bigint references reading,
  known_from   timestamptz not null default clock_timestamp(),
  known_to     timestamptz not null default 'infinity',
  override     bigint,   -- the override that made this row; null: its source says so
  -- When its calendar was last seen to list it; null: it still does. Until its end the shift counts as last read, or (key left/...) is undecided.
  last_read_at timestamptz,
  primary key (id, known_to),
  check (starts_at < ends_at),
  check (isfinite(starts_at) and isfinite(ends_at)),
  check (known_from <= known_to),
  -- promise 1, kept by the database itself: what counts as a person's cover names a person
  check (class not in ('named', 'absence') or person is not null),
  check (class <> 'team' or team is not null)
) partition by range (known_to);
create table shift_current partition of shift for values from ('infinity') to (maxvalue);
create table shift_rest partition of shift default;
-- At most one row in force for each occurrence.
create unique index shift_in_force on shift_current (rota, key) where known_to = 'infinity';
create index shift_by_time on shift_current (rota, ends_at) where known_to = 'infinity';
create index shift_absences on shift_current (person, ends_at) where known_to = 'infinity' and class = 'absence';
create index shift_known on shift (rota, known_to);
-- An absence takes a person's cover away on every rota that names the person.
create index shift_people on shift_current (person, ends_at) where known_to = 'infinity' and class = 'named';
-- Absences on a rota that were added or removed recently.
create index shift_absence_changes on shift (rota, known_to) where class = 'absence';
-- All who were away: at any instant, by any rota.
create index shift_absences_ever on shift (ends_at) where class = 'absence';
create index shift_of_override on shift (override) where override is not null;
create trigger keep before update on shift for each row execute function record_keep('shift');
create trigger keep_all before delete or truncate on shift execute function record_keep('shift');
create trigger keep_all before delete or truncate on shift_current execute function record_keep('shift');
create trigger keep_all before delete or truncate on shift_rest execute function record_keep('shift');
grant select on shift to crisiscover_api, crisiscover_coverage;
grant insert, select on shift to crisiscover_feeds;
grant update (known_to) on shift to crisiscover_feeds;

-- ----------------------------------------------------------------------------------------------------------------------- how full calendars are

-- Publishers that list only what is to come drop a shift when it begins: what is remembered of a calendar, to distinguish that from a shift that
-- somebody removed (model/forget.h). And how full readings were, so that a calendar which loses a little with each reading is compared with the
-- fullest of a day and of a week (model/guard.h).

-- Of each hour the fullest reading of a rota: shifts by the day (from 1970, in UTC) on which they begin, from `day` on. Operational, for a week.
create table calendar_fullness (
  rota   text not null references rota,
  hour   timestamptz not null,
  day    integer not null,
  counts integer[] not null,
  primary key (rota, hour)
);
grant delete, insert, select, update on calendar_fullness to crisiscover_feeds;

create function fullness_after(a_day integer, a_counts integer[], a_from integer) returns bigint language sql immutable as $$
  select coalesce(sum(c), 0) from unnest(a_counts) with ordinality as x (c, n) where a_day + n - 1 >= a_from
$$;
grant execute on function fullness_after to crisiscover_feeds;

-- How many shifts from that day on the fullest reading had that was read within a_since; 0: none was.
create function feeds_fullest(a_rota text, a_since interval, a_day integer) returns bigint language sql stable as $$
  select coalesce(max(fullness_after(f.day, f.counts, a_day)), 0) from calendar_fullness f
  where f.rota = a_rota and f.hour > clock_timestamp() - a_since - interval '1 hour'
$$;
grant execute on function feeds_fullest to crisiscover_feeds;

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
grant execute on function fullness_keep to crisiscover_feeds;

-- Keeps what is learnt from a reading that was applied. If our own rules make fewer shifts of the same bytes, the calendar has not shrunk: its
-- fullness is counted from this reading on.
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
grant execute on function feed_learn to crisiscover_feeds;

create function fullness_goes() returns trigger language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  delete from calendar_fullness where rota = old.rota;
  return null;
end $$;
create trigger fullness_goes after delete on feed for each row execute function fullness_goes();

-- ------------------------------------------------------------------------------------------------------------------------ the schedule of feeds

-- How long until the next check: the interval itself, up to four times as long while it keeps failing but then at most 15 minutes; a tenth
-- more or less, so that the feeds of one host are not checked at the same time.
create function feeds_wait(a_every interval, a_failures integer) returns interval language sql volatile as $$
  select (case when a_failures <= 0 then a_every
               else least(a_every * 2 ^ least(a_failures - 1, 2), interval '15 minutes' / 1.1) end) * (0.9 + 0.2 * random())
$$;
grant execute on function feeds_wait to crisiscover_feeds;

-- The session that asks, unlike any other, also where its process id comes again.
create function session_name() returns text language sql stable as $$
  select pid || ' ' || extract(epoch from backend_start) from pg_stat_activity where pid = pg_backend_pid()
$$;
grant execute on function session_name to crisiscover_feeds;

-- Whether a claim holds: it has not run out, and the session that made it has not ended, as when its process was killed. Sees only sessions of the
-- caller's login, which makes all claims.
create function claim_holds(a_until timestamptz, a_by text) returns boolean language sql stable as $$
  select coalesce(a_until > clock_timestamp(), false)
     and (a_by is null or exists (select from pg_stat_activity where a_by = pid || ' ' || extract(epoch from backend_start)))
$$;
grant execute on function claim_holds to crisiscover_feeds;

-- Claims at most a_limit feeds that are due, those somebody asked for first. Nothing while the caller knows another region, or other decisions, than
-- those in force: it would read by outdated rules. A claim lasts 60 seconds, which is longer than a job may take.
create function feeds_claim(a_limit integer, a_region bigint, a_decisions bigint)
returns table (rota text, claim bigint, kind text, address text, box bytea, secret_box bytea, etag text, last_modified text, body bytea, format text, read_with bytea,
               seen_body bytea, seen_with bytea, held_body bytea, whole_due boolean)
language sql volatile as $$
  with due as (
    select f.rota from feed f
    where (f.next_at <= clock_timestamp() or f.refresh_asked_at is not null)
      and not claim_holds(f.claimed_until, f.claimed_by)
      and a_region = (select max(version) from region) and a_decisions = (select version from decision_head)
    order by f.refresh_asked_at is null, f.next_at
    limit a_limit
    for update skip locked)
  -- A request stays due until it has been done, even if this process dies.
  update feed f
  set claim = nextval('feed_claim'), claimed_until = clock_timestamp() + interval '60 seconds', claimed_by = session_name(),
      next_at = least(f.next_at, clock_timestamp()), refresh_asked_at = null
  from due where f.rota = due.rota
  returning f.rota, f.claim, f.kind, f.address, (select a.box from feed_address a where a.mask = f.address),
            (select a.box from feed_address a where a.mask = f.way->'secret'->>'sealed'), f.etag, f.last_modified, f.body, f.format, f.read_with, f.seen_body, f.seen_with, f.held_body,
            f.full_at is null or f.full_at < clock_timestamp() - interval '24 hours'
$$;
grant execute on function feeds_claim to crisiscover_feeds;

-- When the a_nth of many feeds that are all due now should have its turn: fifty a second, and within a minute whatever their number, so
-- that one host does not get all requests at once.
create function feeds_turn(a_nth bigint) returns timestamptz language sql volatile as $$
  select clock_timestamp() + least(interval '20 milliseconds' * a_nth, interval '1 minute' * random())
$$;
grant execute on function feeds_turn to crisiscover_feeds;

-- After a start, spreads the feeds that fell due while no process ran. Feeds that were never tried stay due at once.
create function feeds_spread() returns void language sql volatile as $$
  with late as (
    select rota from feed where next_at <= clock_timestamp() and last_attempt_at is not null and fetched
      and not claim_holds(claimed_until, claimed_by)
    for update skip locked),
  turns as (select rota, row_number() over (order by random()) as nth from late)
  update feed f set next_at = feeds_turn(t.nth) from turns t where f.rota = t.rota
$$;
grant execute on function feeds_spread to crisiscover_feeds;

-- Makes those feeds due whose stored body, or whose body that was refused, would now be read with something else. The arrays run in parallel, and
-- there are two of the second: what a calendar and what a roster of that rota would be read with.
create function feeds_outdated(a_rotas text[], a_calendar bytea[], a_roster bytea[]) returns bigint language sql volatile as $$
  with outdated as (
    select f.rota, feeds_turn(row_number() over (order by f.fetched, random())) as turn
    from feed f join unnest(a_rotas, a_calendar, a_roster) as now_with (rota, calendar, roster) using (rota)
    where (f.body is not null
           and f.read_with is distinct from case f.format when 'text/calendar' then now_with.calendar else now_with.roster end)
       or (f.fetched and f.state = 'failing' and f.unread_with not in (now_with.calendar, now_with.roster))),
  due as (
    -- Never later than it is due anyway; and those that have got a turn are left alone when this is asked again.
    update feed f set next_at = o.turn from outdated o
    where f.rota = o.rota and f.next_at > o.turn + interval '5 seconds'
    returning 1)
  select count(*) from due
$$;
grant execute on function feeds_outdated to crisiscover_feeds;

-- Counts one more handing over of a body to the reader; answers how many that makes. After a day it is forgotten: the machine may
-- have been at fault.
create function feeds_attempt(a_rota text, a_body bytea) returns integer language sql volatile as $$
  delete from reading_attempt where rota = a_rota and first_at < clock_timestamp() - interval '1 day';
  insert into reading_attempt as a (rota, body) values (a_rota, a_body) on conflict (rota, body) do update set n = a.n + 1 returning n
$$;
grant execute on function feeds_attempt to crisiscover_feeds;

-- The reader came back with an answer, or never got the body.
create function feeds_attempt_forget(a_rota text, a_body bytea) returns void language sql volatile as $$
  delete from reading_attempt where rota = a_rota and body = a_body
$$;
grant execute on function feeds_attempt_forget to crisiscover_feeds;

-- Puts a claimed feed back, due in a_seconds (null: not before somebody makes it due), as if it had not been claimed.
create function feeds_release(a_rota text, a_claim bigint, a_seconds integer) returns text language plpgsql as $$
begin
  update feed set claim = null, claimed_until = null,
                  next_at = case when a_seconds is null then 'infinity' else clock_timestamp() + make_interval(secs => a_seconds) end
    where rota = a_rota and claim = a_claim;
  return case when found then 'done' else 'gone' end;
end $$;
grant execute on function feeds_release to crisiscover_feeds;

-- Somebody wants a feed checked now. P0001: its source is not an address.
create function refresh_ask(a_rota text, a_actor text) returns void
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  update feed set refresh_asked_at = clock_timestamp(), updated_at = clock_timestamp() where rota = a_rota and fetched;
  if not found then
    raise exception 'this rota has no address to be read from: its shifts are uploaded or typed in' using errcode = 'P0001';
  end if;
  insert into audit (actor, action, object) values (a_actor, 'refresh_asked', 'rota/' || a_rota);
  notify refresh_asked;
end $$;
grant execute on function refresh_ask to crisiscover_api;

-- ----------------------------------------------------------------------------------------------------------------------------- parts of a write

-- Keeps a reading. The values that only people and the horizon need come as one document.
create function reading_add(a_rota text, a_body bytea, a_read_with bytea, a_reading jsonb) returns bigint language sql volatile as $$
  insert into reading (rota, body, read_with, window_from, window_to, events, counts, findings, first_start, horizon, zone_used, format)
  values (a_rota, a_body, a_read_with, (a_reading->>'window_from')::timestamptz, (a_reading->>'window_to')::timestamptz,
          (a_reading->>'events')::integer, a_reading->'counts', a_reading->'findings', (a_reading->>'first_start')::timestamptz,
          (a_reading->>'horizon')::timestamptz, a_reading->>'zone_used', coalesce(a_reading->>'format', 'text/calendar'))
  returning id
$$;
grant execute on function reading_add to crisiscover_feeds;

-- Whether reading a_id says what a_reading says.
create function reading_same(a_id bigint, a_reading jsonb) returns boolean language sql stable as $$
  select exists (
    select from reading r where r.id = a_id and r.events = (a_reading->>'events')::integer and r.counts = a_reading->'counts'
      and r.findings = a_reading->'findings' and r.first_start is not distinct from (a_reading->>'first_start')::timestamptz
      and r.horizon is not distinct from (a_reading->>'horizon')::timestamptz
      and r.zone_used is not distinct from a_reading->>'zone_used')
$$;
grant execute on function reading_same to crisiscover_feeds;

-- The rows that a change ends are in force: only their partition is searched.
create function record_moment(a_superseded bigint[]) returns timestamptz language sql volatile as $$
  select greatest(clock_timestamp(), (select max(known_from) from shift where id = any (a_superseded) and known_to = 'infinity'))
$$;
grant execute on function record_moment to crisiscover_feeds;

-- Supersedes rows in force: all of them, or the caller did not ask the two questions above (40001).
create function shifts_supersede(a_ids bigint[], a_moment timestamptz) returns void language plpgsql as $$
declare ended bigint;
begin
  update shift set known_to = a_moment where id = any (a_ids) and known_to = 'infinity';
  get diagnostics ended = row_count;
  if ended <> cardinality(a_ids) then
    raise exception '% of % shifts are no longer in force', cardinality(a_ids) - ended, cardinality(a_ids) using errcode = '40001';
  end if;
end $$;
grant execute on function shifts_supersede to crisiscover_feeds;

create sequence dirty_mark;
grant usage on sequence dirty_mark to crisiscover_feeds;

-- Sources that must be read again. `n` grows with every mark, so that coverage clears only what it has seen; a number is never used twice: otherwise
-- a process that read an older mark could clear a newer one, and lose a change that was not swept.
create table dirty (
  rota  text primary key references rota,
  n     bigint not null default nextval('dirty_mark'),
  since timestamptz not null default clock_timestamp()
);
grant select on dirty to crisiscover_api, crisiscover_coverage;
grant insert, select, update on dirty to crisiscover_feeds;

-- Marks rotas for coverage. Called alone for changes that leave the calendar as it is; else by shifts_changed().
create function shifts_mark(a_rotas text[]) returns void language plpgsql as $$
begin
  insert into dirty (rota) select distinct unnest(a_rotas) order by 1
    on conflict (rota) do update set n = nextval('dirty_mark');
  notify shifts_changed;
end $$;
grant execute on function shifts_mark to crisiscover_feeds;

-- Shifts of these rotas have changed: their overrides are checked again, new disputes are published as flags, and coverage is woken to sweep. Every
-- change of what a calendar says calls this.
create function shifts_changed(a_rotas text[]) returns void language plpgsql as $$
begin
  perform overrides_settle(a_rotas);
  perform shifts_mark(a_rotas);
  perform overrides_tell(a_rotas);
end $$;
grant execute on function shifts_changed to crisiscover_feeds;

-- Records a change of a feed's state.
create function feed_note(a_before feed, a_state text, a_fault text, a_last_good timestamptz, a_body bytea)
returns void language sql volatile as $$
  insert into feed_event (rota, state, fault, last_good_at, body)
  select a_before.rota, a_state, a_fault, a_last_good, a_body
  where (a_before.state, a_before.fault) is distinct from (a_state, a_fault)
$$;
grant execute on function feed_note to crisiscover_feeds;

-- Whether coverage saw this source as unknown, so that a good check alone changes the map.
create function feed_was_unknown(a_before feed) returns boolean language sql stable as $$
  select a_before.fetched
     and (a_before.last_good_at is null or a_before.last_good_at < clock_timestamp() - interval '6 hours')
$$;
grant execute on function feed_was_unknown to crisiscover_feeds;

-- The all-clear flag after one that said that the feed is stale. Locks the counter of flags, so it is called last in a transaction. The flag's
-- cause is the rota's code.
create function feed_restored(a_before feed) returns void language plpgsql as $$
begin
  if a_before.told_stale then
    perform flag_add('feed_restored', null, null, null, null, 'fresh', null, null, 'normal', a_before.rota);
  end if;
end $$;
grant execute on function feed_restored to crisiscover_feeds;

-- Keeps by how much the clock of the address's server is off. a_off: seconds ahead of the database's; null: it is right.
create function feeds_clock(a_rota text, a_claim bigint, a_off integer) returns void language sql volatile as $$
  update feed set clock_off = a_off, updated_at = clock_timestamp() where rota = a_rota and claim = a_claim
$$;
grant execute on function feeds_clock to crisiscover_feeds;

-- Keeps what the caller found beside the shifts of a reading: a_reading has `versions` (hexadecimal), `content`, `zones` and `warnings`. Warnings about
-- a change stay until the next change; those about the body's own time stamps are made again with each reading.
create function feed_keep_notes(a_rota text, a_reading jsonb, a_changed boolean) returns void language sql volatile as $$
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
grant execute on function feed_keep_notes to crisiscover_feeds;

-- ---------------------------------------------------------------------------------------------------------------- a calendar that is read again

-- A calendar whose bytes are the same is read again whenever something that shapes its reading changes. Cover that this takes away ends at once;
-- cover that it would add waits for a person if the guards hold it. The shifts that changed are kept, for the rota's manager to see.

-- Each rereading of a stored body that had another result.
create table reread (
  id     bigint generated always as identity primary key,
  rota   text not null references rota,
  at     timestamptz not null default clock_timestamp(),
  why    text not null check (why in ('rules', 'zones', 'rota')),  -- the reader's, those of time zones, or what was decided or set up for it
  lost   integer not null,    -- shifts that counted and do not
  gained integer not null,    -- shifts that count and did not
  other  integer not null,    -- of another person now, or changed in another way
  was    bigint[] not null,   -- the shifts, by their start; null: there was none
  now    bigint[] not null,   -- and what became of each; null: it is no shift any more
  check (cardinality(was) = cardinality(now))
);
create index reread_by_rota on reread (rota, id);
create trigger keep before update or delete on reread for each row execute function keep_the_record();
create trigger keep_all before truncate on reread execute function keep_the_record();
grant select on reread to crisiscover_api;
grant insert on reread to crisiscover_feeds;

create function shift_counts(a_class text) returns boolean language sql immutable as $$
  select coalesce(a_class in ('named', 'team'), false)
$$;
grant execute on function shift_counts to crisiscover_feeds;

-- Notes which of a_before, rows that were in force until now, are read differently in reading a_reading. A shift that has come into the window only
-- now (from a_until on) has not turned, nor has one that only has another key.
create function reread_note(a_rota text, a_why text, a_before shift[], a_reading bigint, a_until timestamptz)
returns void language sql volatile as $$
  with o as (select * from unnest(a_before)),
  n as (select * from shift where rota = a_rota and reading = a_reading and known_to = 'infinity'),
  pairs as (
    select o.id as was, n.id as now, o.class as was_class, n.class as now_class, coalesce(n.starts_at, o.starts_at) as at
    from o full join n on n.key = o.key
    where case
      when o.id is not null and n.id is not null then (o.class, o.person, o.team) is distinct from (n.class, n.person, n.team)
      when n.id is null then (shift_counts(o.class) or o.class = 'absence') and not exists (
        select from n s where (s.starts_at, s.ends_at, s.class) = (o.starts_at, o.ends_at, o.class)
          and (s.person, s.team) is not distinct from (o.person, o.team))
      else n.starts_at < a_until and (shift_counts(n.class) or n.class = 'absence') and not exists (
        select from o s where (s.starts_at, s.ends_at, s.class) = (n.starts_at, n.ends_at, n.class)
          and (s.person, s.team) is not distinct from (n.person, n.team)) end)
  insert into reread (rota, why, lost, gained, other, was, now)
  select a_rota, a_why,
         count(*) filter (where shift_counts(was_class) and not shift_counts(now_class)),
         count(*) filter (where shift_counts(now_class) and not shift_counts(was_class)),
         count(*) filter (where shift_counts(now_class) = shift_counts(was_class)),
         array_agg(was order by at, was, now), array_agg(now order by at, was, now)
  from pairs having count(*) > 0
$$;
grant execute on function reread_note to crisiscover_feeds;

-- Makes an import of a body that was read again and that the guards hold, so that a person can decide. Not if another body of this rota is held
-- already. The caller holds the feed's row.
create function reread_withhold(a_rota text, a_why text) returns void language plpgsql as $$
declare
  f feed;
  made bigint;
begin
  select * into f from feed where rota = a_rota;
  if f.held_import is not null then
    return;
  end if;
  insert into import (rota, by_account, format, mode, body) values (a_rota, 'feed', f.format, 'ask', f.body) returning id into made;
  update feed set state = 'held', fault = a_why, held_body = f.body, held_import = made where rota = a_rota;
  perform feed_note(f, 'held', a_why, f.last_good_at, f.body);
  notify import_changed;
  perform flag_add('feed_held', null, null, null, null, 'held', null, null, 'high', a_rota);
end $$;
grant execute on function reread_withhold to crisiscover_feeds;

-- ------------------------------------------------------------------------------------------------------------------------ outcomes of one check

-- FORGET_SLACK_SECONDS of model/forget.h.
create function forget_slack() returns interval language sql immutable as $$ select interval '2 hours' $$;
grant execute on function forget_slack to crisiscover_feeds;

-- The address still gives what the shifts in force were made from: not modified, or the same bytes. Only the time of the check changes.
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
  -- It lists an event that began a while ago, so it does not drop events when they begin.
  if before.dropped > 0 and exists (
      select from shift s where s.rota = a_rota and s.known_to = 'infinity' and s.reading is not null and s.last_read_at is null
        and s.class <> 'unreadable' and s.starts_at <= moment - forget_slack() and s.ends_at > moment) then
    update feed set dropped = 0, dropped_start = null where rota = a_rota;
  end if;
  perform feed_note(before, 'good', null, moment, before.body);
  if feed_was_unknown(before) then
    perform shifts_changed(array[a_rota]);
  end if;
  perform feed_restored(before);
  return 'done';
end $$;
grant execute on function feeds_good to crisiscover_feeds;

-- The address gives the body that is held already. This is not a good check, and nothing new.
create function feeds_still_held(a_rota text, a_claim bigint, a_held_body bytea, a_whole boolean) returns text language plpgsql as $$
begin
  update feed set
    last_attempt_at = clock_timestamp(), failures = 0, full_at = case when a_whole then clock_timestamp() else full_at end,
    claim = null, claimed_until = null, next_at = clock_timestamp() + feeds_wait(every, 0), updated_at = clock_timestamp()
    where rota = a_rota and claim = a_claim and held_body = a_held_body;
  return case when found then 'done' else 'gone' end;
end $$;
grant execute on function feeds_still_held to crisiscover_feeds;

-- The check brought nothing that could be used. The last good body and its shifts stay as they are; a body that is held waits for a
-- person whatever the network does. a_read_with (or null): reading the stored body with this has failed; a_unread_with: reading what came now
-- has. a_refused: the server did not accept the secret. It is not tried again before long: a directory locks an account after a few wrong passwords.
create function feeds_failed(a_rota text, a_claim bigint, a_fault text, a_read_with bytea, a_refused boolean default false,
                             a_unread_with bytea default null)
returns text language plpgsql as $$
declare
  before feed;
  now_state constant text := case when a_refused then 'refused' else 'failing' end;
begin
  select * into before from feed where rota = a_rota and claim = a_claim for update;
  if not found then
    return 'gone';
  end if;
  update feed set
    state = case state when 'held' then 'held' else now_state end, fault = case state when 'held' then fault else a_fault end,
    failures = failures + 1, last_attempt_at = clock_timestamp(), read_with = coalesce(a_read_with, read_with), unread_with = a_unread_with,
    claim = null, claimed_until = null, updated_at = clock_timestamp(),
    next_at = case when not fetched then 'infinity' when a_refused then clock_timestamp() + feeds_wait('1 day', 1)
                   else clock_timestamp() + feeds_wait(every, failures + 1) end
    where rota = a_rota;
  if before.state <> 'held' then
    perform feed_note(before, now_state, a_fault, before.last_good_at, null);
  end if;
  return 'done';
end $$;
grant execute on function feeds_failed to crisiscover_feeds;

-- The stored body of a feed that is fetched could not be read again: noted, so that it is not tried with every fetch. The claim is kept: the address
-- is asked next, and its answer is recorded under the same claim.
create function feeds_reread_failed(a_rota text, a_claim bigint, a_read_with bytea) returns text language plpgsql as $$
begin
  update feed set read_with = a_read_with where rota = a_rota and claim = a_claim;
  return case when found then 'done' else 'gone' end;
end $$;
grant execute on function feeds_reread_failed to crisiscover_feeds;

-- Writes a body that was read and may replace what is in force: the part of feeds_apply that is about the shifts and the state of the feed.
-- feeds_apply has locked the feed's row.
create function feeds_write(a_rota text, a_claim bigint, a_base bigint, a_body bytea, a_bytes bytea, a_read_with bytea, a_reading jsonb,
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
  select * into before from feed where rota = a_rota and claim = a_claim;
  if not found then
    return 'gone';
  end if;
  -- While an upload is in force instead of the address, a person decides about what differs from it: feeds_held.
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
    insert into body (sha256, bytes, hash_alone) values (a_body, a_bytes, a_bytes is null) on conflict do nothing;
    now_reading := reading_add(a_rota, a_body, a_read_with, a_reading);
    now_body := a_body;
  end if;
  -- Of a stored body that another version of the reader has kept whole.
  perform body_lessen(a_body, a_bytes);
  perform shifts_supersede(a_superseded, moment);
  insert into shift (rota, key, class, person, team, title, starts_at, ends_at, reading, known_from, last_read_at)
    select a_rota, n.key, n.class, n.person, n.team, n.title, n.starts_at, n.ends_at, now_reading, moment,
           case when a_reading->'as_last_read' ? n.key then coalesce(before.last_good_at, moment) end
    from unnest(a_keys, a_classes, a_persons, a_teams, a_titles, a_starts, a_ends)
         as n (key, class, person, team, title, starts_at, ends_at);

  -- Reading a stored body again ends no fault of the address. For an upload, reading is the only thing that can fail.
  now_state := case when a_fetched or (not before.fetched and before.state = 'failing') then 'good' else before.state end;
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
      format = case when same then format else coalesce(a_reading->>'format', 'text/calendar') end
      where rota = a_rota;
    if before.upload is not null then
      perform audit_add('feed', 'upload_ended', 'import/' || before.upload,
                        jsonb_build_object('rota', a_rota, 'reason', 'The address gives what was uploaded.'));
    end if;
  end if;
  if a_fetched or not before.fetched then
    update feed set
      claim = null, claimed_until = null, next_at = case when fetched then moment + feeds_wait(every, 0) else 'infinity' end
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
grant execute on function feeds_write to crisiscover_feeds;

-- A body was read and may replace what is in force. a_base: the reading whose shifts it was compared with; `again` when it is no longer that one.
-- a_fetched: the address gave it just now; else it is the stored body, read again because what it is read with has changed, which says nothing about
-- freshness, and a feed that is fetched keeps its claim for that. A reading that is the same as that of the held body stays held, even if only the
-- time that has passed makes it look harmless: `held`.
--
-- a_reading has, beside the counts: what the calendar teaches (feed_learn), its notes (feed_keep_notes), `to_decide`, `rules`, and `withheld`, a
-- sentence, where rows that would have been cover were made doubtful. Reading a stored body again by other rules of time zones is recorded even if it
-- moved nothing: a_reading->'moved' shifts are at other times. The shifts that turned are kept (reread_note).
create function feeds_apply(a_rota text, a_claim bigint, a_base bigint, a_body bytea, a_bytes bytea, a_read_with bytea, a_reading jsonb,
                            a_fetched boolean, a_etag text, a_last_modified text, a_superseded bigint[],
                            a_keys text[], a_classes text[], a_persons text[], a_teams text[], a_titles text[],
                            a_starts timestamptz[], a_ends timestamptz[])
returns text language plpgsql as $$
declare
  before feed;
  rows_before shift[];
  until timestamptz;
  answer text;
  told text;
  changed constant boolean := cardinality(a_superseded) + cardinality(a_keys) > 0;
begin
  select * into before from feed where rota = a_rota and claim = a_claim for update;
  if not a_fetched and changed then
    select coalesce(array_agg(s), '{}') into rows_before from shift s where s.id = any (a_superseded) and s.known_to = 'infinity';
    select r.window_to into until from reading r where r.id = before.reading;
  end if;
  answer := feeds_write(a_rota, a_claim, a_base, a_body, a_bytes, a_read_with, a_reading, a_fetched, a_etag, a_last_modified,
                        a_superseded, a_keys, a_classes, a_persons, a_teams, a_titles, a_starts, a_ends);
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
  perform feed_learn(a_rota, a_reading, a_fetched, changed);
  perform feed_keep_notes(a_rota, a_reading, changed);
  update feed set
    to_decide = coalesce(a_reading->'to_decide', '[]'),
    rules = case when a_reading ? 'withheld' then '' else a_reading->>'rules' end
    where rota = a_rota;
  if not a_fetched and changed then
    perform reread_note(a_rota, case
                          when before.rules is distinct from a_reading->>'rules' then 'rules'
                          when before.zones is distinct from a_reading->>'zones' then 'zones'
                          else 'rota' end,
                        rows_before, (select reading from feed where rota = a_rota), until);
  end if;
  if not a_fetched and a_reading ? 'withheld' then
    perform reread_withhold(a_rota, a_reading->>'withheld');
  end if;
  return answer;
end $$;
grant execute on function feeds_apply to crisiscover_feeds;

-- A body was read, and the guards require a person's decision. It becomes an import in preview, so that confirming and discarding are the same two
-- acts as for an upload. A body that reads like the one already held takes its place, without another flag.
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
    insert into body (sha256, bytes, hash_alone) values (a_body, a_bytes, a_bytes is null) on conflict do nothing;
    perform body_lessen(a_body, a_bytes);
    update import set state = 'discarded', decided_at = moment, decided_by = 'feed', reason = 'The address gives another calendar now.'
      where id = before.held_import and state = 'preview';
    insert into import (rota, by_account, format, mode, body, state, read_at, reading, base, safe, why, diff, superseded)
      values (a_rota, 'feed', coalesce(a_reading->>'format', 'text/calendar'), 'ask', a_body, 'preview', moment,
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
  update import set
    versions = decode(a_reading->>'versions', 'hex'), content = decode(a_reading->>'content', 'hex'), rules = a_reading->>'rules',
    learnt = jsonb_build_object('as_last_read', a_reading->'as_last_read', 'ahead', a_reading->'ahead'),
    warnings = coalesce(a_reading->'warnings', '[]')
    where id = now_import and state = 'preview';
  return 'done';
end $$;
grant execute on function feeds_held to crisiscover_feeds;

-- One flag for each feed whose last good check has become an hour old. Answers when the next one is due (null: none is in sight).
create function feeds_tell_stale() returns timestamptz language plpgsql as $$
declare
  stale text[];
  a_rota text;
begin
  with told as (
    update feed set told_stale = true, updated_at = clock_timestamp()
    where rota in (select rota from feed where fetched and not told_stale
                     and last_good_at <= clock_timestamp() - interval '60 minutes'
                   order by last_good_at limit 500 for update skip locked)
    returning rota)
  select array_agg(rota order by rota) into stale from told;
  foreach a_rota in array coalesce(stale, '{}') loop
    perform flag_add('feed_stale', null, null, null, null, 'stale', null, null, 'normal', a_rota);
  end loop;
  return (select min(last_good_at) + interval '60 minutes' from feed where fetched and not told_stale);
end $$;
grant execute on function feeds_tell_stale to crisiscover_feeds;

-- ------------------------------------------------------------------------------------------------------------------------- following the region

-- The feeds that the set-up in force wants of these rotas.
create function setup_feeds(a_rotas text[]) returns table (rota text, kind text, address text, way jsonb, every interval) language sql stable as $$
  select i.key, i.item->'source'->>'kind', i.item->'source'->>'url',
         (i.item->'source') - array['kind', 'url', 'path', 'every_minutes'],
         make_interval(mins => coalesce((i.item->'source'->>'every_minutes')::integer, 5))
  from setup_item i where i.kind = 'rota' and i.ended is null and i.key = any (a_rotas)
$$;

-- Makes the feeds of these rotas (null: of all) those of the set-up in force. Runs inside the transaction that puts it in force. The record is
-- kept: of a rota that leaves, only shifts that are not over are superseded; what it covered, it covered.
create function feeds_sync(a_rotas text[]) returns void
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  -- Listed where all are meant: "null or any of these" in a condition has every row looked at, also where one is meant.
  rotas text[] := coalesce(a_rotas, array(select f.rota from feed f where f.rota <> '.canary'   -- which is in no set-up
                                          union select i.key from setup_item i where i.kind = 'rota' and i.ended is null));
  moment timestamptz;
  gone text[];
  other text[];
  ended bigint[];
  touched text[];
begin
  -- From here on no check and no import of these writes.
  perform from feed where rota = any (rotas) order by rota for update;
  -- Most changes of a rota are none of its feed: its tier, how it is read. The rest is not asked then, and searches the shifts.
  if not exists (select from setup_feeds(rotas) w full join (select * from feed where rota = any (rotas)) f on f.rota = w.rota
                 where (f.kind, f.address, f.way, f.every) is distinct from (w.kind, w.address, w.way, w.every)) then
    return;
  end if;
  select coalesce(array_agg(f.rota), '{}') into gone
    from feed f where f.rota = any (rotas) and not exists (select from setup_feeds(rotas) w where w.rota = f.rota);
  select coalesce(array_agg(f.rota), '{}') into other
    from feed f join setup_feeds(rotas) w on w.rota = f.rota where (f.kind, f.address) is distinct from (w.kind, w.address);

  -- Shifts of rotas that leave, and typed shifts of rotas that are typed no longer: no source will confirm them again.
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

  -- Another source: nothing is known of it yet, and a job that is asking the old one loses its claim. The shifts stay until the new source is read.
  update import set state = 'discarded', decided_at = moment, decided_by = 'region', reason = 'The rota has another source now.'
    where state = 'preview' and id in (select f.held_import from feed f where f.rota = any (other));
  update feed f set
    kind = w.kind, address = w.address, way = w.way, every = w.every, next_at = case when w.address is null then 'infinity' else moment end,
    claim = null, claimed_until = null, refresh_asked_at = null, etag = null, last_modified = null, seen_body = null, seen_with = null,
    full_at = null, failures = 0, fault = null, state = case when f.reading is null then 'never' else 'good' end,
    held_body = null, held_import = null, updated_at = moment
    from setup_feeds(rotas) w where w.rota = f.rota and f.rota = any (other);

  -- Another secret, proxy or authority: the same source, tried at once. A job that is asking in the old way loses its claim.
  update feed f set
    way = w.way, next_at = moment, claim = null, claimed_until = null, etag = null, last_modified = null, failures = 0, updated_at = moment
    from setup_feeds(rotas) w where w.rota = f.rota and not f.rota = any (other) and f.way <> w.way;

  -- Another interval between checks.
  update feed f set every = w.every, next_at = least(f.next_at, moment + w.every)
    from setup_feeds(rotas) w where w.rota = f.rota and f.fetched and f.every <> w.every;

  -- New ones.
  insert into rota (id) select w.rota from setup_feeds(rotas) w order by 1 on conflict do nothing;
  insert into feed (rota, kind, address, way, every, next_at)
    select w.rota, w.kind, w.address, w.way, w.every, case when w.address is null then 'infinity' else moment end
    from setup_feeds(rotas) w where not exists (select from feed f where f.rota = w.rota);

  if cardinality(touched) > 0 then
    perform shifts_changed(touched);
  end if;
end $$;

-- Another address is another calendar.
create function feed_source_changes() returns trigger language plpgsql as $$
begin
  new.address_content := null;
  new.upload := case when new.address is not null and old.fetched then old.upload end;
  new.listed_over_at := null;
  new.dropped := 0;
  new.dropped_start := null;
  -- What was uploaded or fetched stays on until somebody takes it off, and is not read again: the rota reaches as far as what is typed in says.
  if new.kind = 'typed' then
    new.body := null;
    new.reading := null;
    new.read_with := null;
  end if;
  delete from calendar_fullness where rota = old.rota;
  return new;
end $$;
create trigger source_changes before update of kind, address on feed for each row
  when ((old.kind, old.address) is distinct from (new.kind, new.address)) execute function feed_source_changes();

-- ------------------------------------------------------------------------------------------------------------------ what the api reads of feeds

-- All warnings about a feed; for a week also that newer rules read it differently.
create function feed_warnings(a_feed feed) returns jsonb language sql stable as $$
  select a_feed.warnings || case when a_feed.clock_off is null then '[]' else jsonb_build_array(jsonb_build_object(
    'kind', 'clock', 'level', 'warning',
    'text', format('The clock of the address''s server is %s minutes %s.', round(abs(a_feed.clock_off) / 60.0),
                   case when a_feed.clock_off > 0 then 'ahead of ours' else 'behind ours' end),
    'remedy', 'Those who run that server should set its clock: what it says of the age of a calendar cannot be relied on.')) end
    || coalesce((
      select jsonb_build_array(jsonb_build_object(
        'kind', 'turned', 'level', 'warning',
        'text', format('The same calendar was read again by newer rules: %s shifts no longer count, %s count that did not.', r.lost, r.gained),
        'remedy', 'Look at which shifts turned, and decide the words that are not understood.'))
      from reread r
      where r.rota = a_feed.rota and r.why = 'rules' and r.lost + r.gained > 0 and r.at > clock_timestamp() - interval '7 days'
      order by r.id desc limit 1), '[]')
$$;
grant execute on function feed_warnings to crisiscover_api;

-- For the api, which may read neither the address nor what was learnt from it.
create view feed_to_decide as select rota, to_decide from feed;
grant select on feed_to_decide to crisiscover_api;

-- Whether the bytes of a body are still there, for anyone who reads the past; not the bytes.
create view body_kept as select sha256, bytes is not null as kept from body;
grant select on body_kept to crisiscover_api;

-- --------------------------------------------------------------------------------------------------------------------------------------- rights

-- PostgreSQL lets everybody execute a new function.
revoke all on all functions in schema crisiscover from public;
