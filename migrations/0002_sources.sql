-- SPDX-License-Identifier: MIT

-- What sources say, and what people say of them: calendars that are fetched, files that are uploaded, decisions about words and titles, overrides
-- and absences. All of it becomes rows of `shift`.
--
-- Each function is one transaction of one caller; C never holds one open. Two questions guard every write of a reading, both asked under the
-- lock of the feed's row: does the caller still hold its claim, and do the shifts in force still come from the reading it compared with.
-- Instants of the record are taken after that lock, so they rise with each change.
--
-- Locks are taken in this order: the feed's row, an import's row, dirty, the counter of flags.

set local search_path = crisiscover;
set local check_function_bodies = off;

-- -------------------------------------------------------------------------------------------------------------------------- bodies and readings

-- Exact bytes as they came, content-addressed, never trusted. The bytes may go after a while; their hash and what was read from them stay.
create table body (
  sha256     bytea primary key check (length(sha256) = 32),
  bytes      bytea,
  first_seen timestamptz not null default clock_timestamp(),
  used_at    timestamptz not null default clock_timestamp()   -- when they were last stored, or in force, or held
);
grant insert, select on body to crisiscover_feeds;

-- Bytes that come again are stored again, and touching the row holds up the one who is about to let them go.
create function body_comes() returns trigger language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
begin
  update body set bytes = coalesce(bytes, new.bytes), used_at = clock_timestamp() where sha256 = new.sha256;
  return new;
end $$;
create trigger comes before insert on body for each row execute function body_comes();

-- What the sandboxed reader made of one body under one rota's rules.
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
  horizon     timestamptz,             -- design 6; null: it says nothing at all
  zone_used   text
);
create index reading_by_rota on reading (rota, id);
create trigger keep before update or delete on reading for each row execute function keep_the_record();
create trigger keep_all before truncate on reading execute function keep_the_record();
grant select on reading to crisiscover_api;
grant insert, select on reading to crisiscover_feeds;

-- -------------------------------------------------------------------------------------------------------------------------------------- imports

-- A calendar or a roster that somebody has sent, or that the guards have held: read, shown as a preview, and put in force or not.
create table import (
  id             bigint generated always as identity primary key,
  rota           text not null references rota,
  by_account     text not null,
  format         text not null check (format in ('text/calendar', 'text/csv')),
  mode           text not null check (mode in ('ask', 'if_safe', 'now')),  -- now: a source of kind `file` applied with the region
  body           bytea not null references body,
  state          text not null default 'uploaded'
                 check (state in ('uploaded', 'preview', 'applied', 'discarded', 'refused', 'undone')),
  claimed_until  timestamptz,
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
  takes_place_of bytea                        -- of one that came with a file: the body in force that it is to replace
);
create index import_waiting on import (id) where state = 'uploaded';
create index import_by_rota on import (rota, id);
create index import_if_safe on import (id) where state = 'preview' and mode = 'if_safe' and safe;
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

-- ---------------------------------------------------------------------------------------------------------------------------------------- feeds

create sequence feed_claim;
grant usage on sequence feed_claim to crisiscover_feeds;

-- One row for each rota of the region in force: where its source stands. Operational state, changed in place; what it led to is not.
create table feed (
  rota             text primary key references rota,
  kind             text not null check (kind in ('ical_url', 'file', 'typed')),
  url              text,               -- a bearer secret: only crisiscover_feeds may read this column
  every            interval not null default '5 minutes',
  next_at          timestamptz not null default now(),   -- when it is due; infinity for uploads and typed rotas
  claimed_until    timestamptz,        -- somebody is at it until then
  refresh_asked_at timestamptz,
  -- validators of the ACCEPTED body only: a held body must not come back as "not modified" for ever
  etag             text,
  last_modified    text,
  state            text not null default 'never' check (state in ('never', 'good', 'failing', 'held')),
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
  -- Who is at it: a number of its own for each claim. A claim that ran out, or that a change of the region took away, writes nothing.
  claim            bigint,
  -- Of `body`: an upload may be a roster.
  format           text not null default 'text/calendar' check (format in ('text/calendar', 'text/csv')),
  -- What `body` was last read with, well or badly: if that is not what it would be read with now, it is read again.
  read_with        bytea,
  -- The last answer of the address that proved the shifts in force, and what it was read with. Usually `body` itself; a calendar that only
  -- changes its time stamps with each answer is another one each time, reads the same, and is not kept. The validators are of this one.
  seen_body        bytea,
  seen_with        bytea,
  full_at          timestamptz,                       -- when the address last gave a whole calendar: once a day it is asked for one
  told_stale       boolean not null default false,    -- a flag said that it is stale, and none yet that it is back
  held_import      bigint references import,          -- the held body as an import that a person can confirm or discard
  -- Of the body in force, 32 bytes an event: which it is, SEQUENCE, DTSTAMP, what it says (hashes). A newer body whose versions go back is
  -- applied and told of. Operational: it says nothing that the body does not.
  versions         bytea,
  -- What its owner should know of the body in force though it was applied: findings, each with a `kind`.
  warnings         jsonb not null default '[]',
  -- By how many seconds the clock of its server is ahead of ours; null: by less than anybody need know.
  clock_off        integer,
  -- The rules of all time zones that the body in force was read with, as one number.
  zones            text,
  -- What is open in the body in force, as its reading listed it: words, names, names of time zones, the order of dates. Not of the record: it
  -- says nothing that the body and the rules of reading do not.
  to_decide        jsonb not null default '[]',
  -- The reader's own rules that the body in force was read with, as a digest; null: not known. Empty: what those rules would add to the
  -- cover waits for a person, until another body or an import is in force.
  rules            text,
  -- The import that stands instead of the address; null: what is in force is the address's word, or the rota has no address.
  upload           bigint references import,
  -- Of the body in force, 32 bytes: a hash of what its events say, whatever their keys and time stamps.
  content          bytea,
  -- The same of what the address gave last before the upload: what says that is nothing newer than the upload.
  address_content  bytea,
  listed_over_at   timestamptz,                       -- when the address last listed what was over
  dropped          integer not null default 0,        -- readings that dropped what began, since it last listed something that had begun
  dropped_start    timestamptz,                       -- start of the last shift that it dropped
  check ((kind = 'ical_url') = (url is not null)),
  check ((state = 'held') = (held_body is not null)),
  check (upload is null or kind = 'ical_url')
);
create index feed_due on feed (next_at);
create index feed_updated on feed (updated_at);
create index feed_good on feed (last_good_at) where kind = 'ical_url';
create index feed_refresh on feed (refresh_asked_at) where refresh_asked_at is not null;
create index feed_to_tell on feed (last_good_at) where kind = 'ical_url' and not told_stale;
grant select (rota, kind, every, next_at, refresh_asked_at, state, fault, failures, last_attempt_at, last_good_at, last_change_at, reading,
  horizon, updated_at, held_import) on feed to crisiscover_api;
grant select, update on feed to crisiscover_feeds;

-- A body that comes into force or is held must have its bytes; one that ceases to be begins to age.
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
    if exists (select from body where sha256 in (new.body, new.held_body) and bytes is null) then
      raise exception 'the calendar that this would come back to is no longer kept: send the calendar that it should have'
        using errcode = 'P0001';
    end if;
  end if;
  return null;
end $$;
create trigger body_used after insert or update on feed for each row execute function body_used();

-- Each change of a feed's state, for ever: how fresh it was thought to be when. In months by when it was noted.
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

-- Bodies on their way through the reader, counted before they are handed over: what kills it again and again is set aside.
create table reading_attempt (
  rota     text not null references rota,
  body     bytea not null check (length(body) = 32),
  n        integer not null default 1,
  first_at timestamptz not null default clock_timestamp(),
  primary key (rota, body)
);
grant delete, insert, select, update on reading_attempt to crisiscover_feeds;

-- ----------------------------------------------------------------------------------------------------------------------- overrides and absences

-- What people of ours say here: overrides (for this time X stands in for Y, or nobody is on) and absences (for this time X is away). Both are rows of
-- `shift`, so that spans, the record and "what was known then" need nothing new; the tables here say who said it, when, and what became of it.
-- A row of `shift` that belongs to an override has no reading: what a calendar says never supersedes it. Where an override stands against its
-- rota's calendar is looked at again with every change of the rota's shifts, in the same transaction (overrides_settle).
--
-- An override says no more than was meant. It is on where the shifts of the replaced person are and nowhere else, so it has as many rows of
-- `shift` as there are pieces of such shifts in its time, each of one class:
--
--   named      the stand-in is on
--   nobody     this rota has nobody (an override of kind nobody)
--   undecided  the calendar has taken the shift away, or names a third person: the override is in dispute, and a person must decide
--
-- What an override rests on is kept with each of its events: the replaced person's shifts (`rests`) and, of each, the piece that the stand-in has
-- (`pieces`). So a shift that is gone later is a dispute and not "nothing to replace", and a piece that began or ended with its shift follows it
-- when it moves. Where an override stands:
--
--   waiting      the calendar does not say it yet, and has the replaced person on where it had: the stand-in is on
--   followed     the same, but shifts of the replaced person have moved and the stand-in has moved with them: people are told
--   reconciled   the calendar names the stand-in wherever a shift was replaced, and the replaced person nowhere: there are no rows
--   conflicting  some of the shifts are gone (shift_gone), or a third person has come in their place (another_person): undecided there. Of an
--                override that replaces nobody: somebody else has come on beside the one who was put on, who stays on
--
-- Of a dispute people are told, also where no gap comes of it because others cover: a flag when it begins or spreads to other times, and one when
-- it ends, in the transaction that finds it. It also ends by itself when its time is over (`end` of the flag).

create table override (
  id           bigint generated always as identity primary key,   -- the order of making: a later one wins over an earlier one
  rota         text not null references rota,
  person       text references person,                            -- is on, from starts_at to expires_at; null: nobody is
  instead      text references person,                            -- and this one is not; null: nobody is replaced
  starts_at    timestamptz not null,
  ends_at      timestamptz not null,                              -- as it was asked for
  expires_at   timestamptz not null,                              -- when it stops to count, ends_at at the latest
  note         text check (length(note) between 1 and 200),
  made_at      timestamptz not null default clock_timestamp(),
  made_by      text not null,
  saw          bigint[] not null,                                 -- what the calendar said of that time when it was made
  withdrawn_at timestamptz,
  withdrawn_by text,
  nobody       boolean not null default false,   -- this rota has nobody, whatever its calendar says
  late         boolean not null default false,   -- a correction of what was over, or had begun more than a day before, when it was made
  check (starts_at < expires_at and expires_at <= ends_at),
  check (isfinite(starts_at) and isfinite(ends_at)),
  check (person <> instead),
  check ((withdrawn_at is null) = (withdrawn_by is null)),
  check ((person is null) = nobody),
  check (not nobody or (instead is null and note is not null))
);
create index override_by_rota on override (rota, expires_at);
create trigger keep_all before truncate on override execute function keep_the_record();
grant select on override to crisiscover_api, crisiscover_coverage;

-- Each change of where an override stands, for ever: when, and by which reading.
create table override_event (
  id       bigint generated always as identity primary key,
  override bigint not null references override,
  at       timestamptz not null,
  standing text not null check (standing in ('waiting', 'followed', 'reconciled', 'conflicting')),
  dispute  text check (dispute in ('another_person', 'times_changed', 'shift_gone')),
  third    text[],                           -- whom the calendar names that the override knows nothing of, at most four
  reading  bigint references reading,        -- that was in force then; null: none
  rests    tstzrange[],                      -- whole shifts of the replaced person; null: nobody is replaced
  pieces   tstzrange[],                      -- of each, what the override has
  check ((standing = 'conflicting') = (dispute is not null)),
  check (dispute is null or (dispute = 'another_person') = (third is not null)),
  check (cardinality(third) between 1 and 4),
  check ((rests is null) = (pieces is null) and cardinality(rests) = cardinality(pieces))
);
create index override_event_by_override on override_event (override, id);
create trigger keep before update or delete on override_event for each row execute function keep_the_record();
create trigger keep_all before truncate on override_event execute function keep_the_record();
grant select on override_event to crisiscover_api, crisiscover_coverage;

-- The disputes that people believe in: what was told and has not been told to be over.
create table override_told (
  override bigint primary key references override,
  disputed tstzmultirange not null check (not isempty(disputed))
);

-- No reason is stored, here or anywhere: it is nobody's business, and there is no column for it.
create table absence (
  id           bigint generated always as identity primary key,
  person       text not null references person,
  starts_at    timestamptz not null,
  ends_at      timestamptz not null,
  made_at      timestamptz not null default clock_timestamp(),
  made_by      text not null,
  withdrawn_at timestamptz,
  withdrawn_by text,
  check (starts_at < ends_at),
  check (isfinite(starts_at) and isfinite(ends_at)),
  check ((withdrawn_at is null) = (withdrawn_by is null))
);
create index absence_by_person on absence (person, ends_at);
create trigger keep_all before truncate on absence execute function keep_the_record();
grant select on absence to crisiscover_api;

-- Where typed absences stand in `shift`. No rota of a region can be called so: a code has no colon.
insert into rota (id) values ('absence:typed');

-- --------------------------------------------------------------------------------------------------------------------------------------- shifts

-- The classes of the reader that matter later: absences take cover away, the others are weighed by the sweep. Noise and cancelled events are
-- counted in the reading and not kept here.
--
-- Rows that are in force stand apart, however old they are: superseding a row moves it to the month in which it ceased to be known.
create table shift (
  id           bigint generated always as identity,
  rota         text not null references rota,
  key          text not null check (length(key) between 1 and 600),
  class        text not null check (class in ('named', 'tentative', 'team', 'nobody', 'undecided', 'unreadable', 'absence')),
  person       text references person,
  team         text,
  title        text,                   -- cleaned by the reader: no numbers, no reason for an absence
  starts_at    timestamptz not null,
  ends_at      timestamptz not null,
  reading      bigint references reading,
  known_from   timestamptz not null default clock_timestamp(),
  known_to     timestamptz not null default 'infinity',
  override     bigint references override,   -- the override that made this row; null: its source says so
  -- Its calendar lists it no longer: when it was last seen to. Until its end it is kept on as last read, or (key left/...) it is undecided.
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
-- One truth at a time for each occurrence.
create unique index shift_in_force on shift_current (rota, key) where known_to = 'infinity';
create index shift_by_time on shift_current (rota, ends_at) where known_to = 'infinity';
create index shift_absences on shift_current (person, ends_at) where known_to = 'infinity' and class = 'absence';
create index shift_known on shift (rota, known_to);
-- Who has cover anywhere: an absence takes it away on every rota that names the person.
create index shift_people on shift_current (person, ends_at) where known_to = 'infinity' and class = 'named';
-- Which absences have come or gone on a rota lately.
create index shift_absence_changes on shift (rota, known_to) where class = 'absence';
-- Anyone who was away: asked of any instant, whatever rota said it.
create index shift_absences_ever on shift (ends_at) where class = 'absence';
create index shift_of_override on shift (override) where override is not null;
create trigger keep before update on shift for each row execute function record_keep('shift');
create trigger keep_all before delete or truncate on shift execute function record_keep('shift');
create trigger keep_all before delete or truncate on shift_current execute function record_keep('shift');
create trigger keep_all before delete or truncate on shift_rest execute function record_keep('shift');
grant select on shift to crisiscover_api, crisiscover_coverage;
grant insert, select on shift to crisiscover_feeds;
grant update (known_to) on shift to crisiscover_feeds;

-- ------------------------------------------------------------------------------------------------------------------------------------ decisions

-- What a rota manager decides is remembered for that rota: what an exact title reads as, that on this rota JJ means a certain person, what a word
-- or a phrase means ("Surge-AM" says nothing, "jury duty": that person is away), which zone of the tz database a calendar's own name of a time zone
-- stands for, and whether the dates of its rosters are dd/mm or mm/dd. A decision is never changed and never deleted. Another one about the same
-- words takes its place, or it is withdrawn: then its time of being known ends, and who ended it is noted. What it says is weighed by the
-- reader, which never lets a decision make a placeholder count.
--
-- The feeds role reads by the decisions it knows, so it claims only while these are the ones in force; a decision makes the rota's stored body
-- due, and has imports of that rota which are still a preview read again.

create table decision (
  id         bigint generated always as identity primary key,
  rota       text not null references rota,
  kind       text not null check (kind in ('title', 'alias', 'word', 'zone', 'date_order')),
  words      text not null check (length(words) between 1 and 400),  -- the title without numbers and reasons, or the name, as it was decided
  key        text not null check (key <> ''),                        -- what is the same to the reader is the same here
  reads      text not null,
  person     text references person,
  team       text,
  decided_by text not null,
  known_from timestamptz not null default clock_timestamp(),
  known_to   timestamptz not null default 'infinity',
  ended_by   text,
  zone       text,                                                   -- of the tz database
  check (known_from <= known_to),
  check ((known_to = 'infinity') = (ended_by is null)),
  -- promise 1: a decision that may count names a person, or a team of the rota
  check ((reads in ('named', 'absence')) = (person is not null)),
  check ((reads = 'team') = (team is not null)),
  constraint decision_reads_check check (case kind
    when 'title' then reads in ('named', 'team', 'nobody', 'undecided', 'absence', 'noise')
    when 'alias' then reads = 'named'
    when 'word' then reads in ('nothing', 'nobody', 'away')
    when 'zone' then reads = 'zone'
    when 'date_order' then reads in ('dmy', 'mdy') end),
  constraint decision_zone_check check ((kind = 'zone') = (zone is not null))
);
-- One word at a time on each title and each name.
create unique index decision_in_force on decision (rota, kind, key) where known_to = 'infinity';
create index decision_by_rota on decision (rota, id);
grant select on decision to crisiscover_api, crisiscover_feeds;

-- The record is only ever added to: of a decision, only its end is ever written, and once.
create function keep_decisions() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.known_to = 'infinity' and new.known_to <> 'infinity'
     and to_jsonb(new) - array['known_to', 'ended_by'] = to_jsonb(old) - array['known_to', 'ended_by'] then
    return new;
  end if;
  raise exception '% on %: the record is only ever added to', lower(tg_op), tg_table_name using errcode = 'P0002';
end $$;
create trigger keep before update or delete on decision for each row execute function keep_decisions();
create trigger keep_all before truncate on decision execute function keep_decisions();

-- Moves with every decision: the feeds role follows by it.
create table decision_head (
  only_row boolean primary key default true check (only_row),
  version  bigint not null
);
insert into decision_head (version) values (1);
grant select on decision_head to crisiscover_feeds;

-- ----------------------------------------------------------------------------------------------------------------------- how full calendars are

-- Publishers that list only what is to come drop a shift when it begins: what is remembered of a calendar, to tell that from a shift that
-- somebody took away (model/forget.h). And how full readings were, so that a calendar which loses a little with each reading is compared with the
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
grant execute on function feed_learn to crisiscover_feeds;

create function fullness_goes() returns trigger language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  delete from calendar_fullness where rota = old.rota;
  return null;
end $$;
create trigger fullness_goes after delete on feed for each row execute function fullness_goes();

-- ------------------------------------------------------------------------------------------------------------------------ the schedule of feeds

-- How long until the next check: the interval itself, up to four times as long while it keeps failing but then at most 15 minutes; a tenth
-- more or less, so that feeds of one host do not come in step.
create function feeds_wait(a_every interval, a_failures integer) returns interval language sql volatile as $$
  select (case when a_failures <= 0 then a_every
               else least(a_every * 2 ^ least(a_failures - 1, 2), interval '15 minutes' / 1.1) end) * (0.9 + 0.2 * random())
$$;
grant execute on function feeds_wait to crisiscover_feeds;

-- Claims at most a_limit feeds that are due, those somebody asked for first. Nothing while the caller knows another region, or other decisions, than
-- those in force: it would read by rules that are no longer meant. A claim lasts 60 seconds, which is longer than a job may take.
create function feeds_claim(a_limit integer, a_region bigint, a_decisions bigint)
returns table (rota text, claim bigint, kind text, url text, etag text, last_modified text, body bytea, format text, read_with bytea,
               seen_body bytea, seen_with bytea, held_body bytea, whole_due boolean)
language sql volatile as $$
  with due as (
    select f.rota from feed f
    where (f.next_at <= clock_timestamp() or f.refresh_asked_at is not null)
      and (f.claimed_until is null or f.claimed_until <= clock_timestamp())
      and a_region = (select max(version) from region) and a_decisions = (select version from decision_head)
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
grant execute on function feeds_claim to crisiscover_feeds;

-- When the a_nth of many feeds that are all due now should have its turn: fifty a second, and within a minute whatever their number, so
-- that what we do at once is not a stampede at the door of one host.
create function feeds_turn(a_nth bigint) returns timestamptz language sql volatile as $$
  select clock_timestamp() + least(interval '20 milliseconds' * a_nth, interval '1 minute' * random())
$$;
grant execute on function feeds_turn to crisiscover_feeds;

-- After a start, everything that fell due while nobody was there is spread. Feeds that were never tried are not kept waiting.
create function feeds_spread() returns void language sql volatile as $$
  with late as (
    select rota from feed where next_at <= clock_timestamp() and last_attempt_at is not null and kind = 'ical_url'
      and (claimed_until is null or claimed_until <= clock_timestamp())
    for update skip locked),
  turns as (select rota, row_number() over (order by random()) as nth from late)
  update feed f set next_at = feeds_turn(t.nth) from turns t where f.rota = t.rota
$$;
grant execute on function feeds_spread to crisiscover_feeds;

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
grant execute on function feeds_outdated to crisiscover_feeds;

-- Counts one more handing over of a body to the reader; answers how many that makes. After a day it is forgotten: what failed may have
-- been the machine.
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

-- Puts a claimed feed back, due in a_seconds (null: not before somebody makes it due), as if nobody had been there.
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
  update feed set refresh_asked_at = clock_timestamp(), updated_at = clock_timestamp() where rota = a_rota and kind = 'ical_url';
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
  insert into reading (rota, body, read_with, window_from, window_to, events, counts, findings, first_start, horizon, zone_used)
  values (a_rota, a_body, a_read_with, (a_reading->>'window_from')::timestamptz, (a_reading->>'window_to')::timestamptz,
          (a_reading->>'events')::integer, a_reading->'counts', a_reading->'findings', (a_reading->>'first_start')::timestamptz,
          (a_reading->>'horizon')::timestamptz, a_reading->>'zone_used')
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

-- The rows that a change ends are in force: they need not be looked for in every month.
create function record_moment(a_superseded bigint[]) returns timestamptz language sql volatile as $$
  select greatest(clock_timestamp(), (select max(known_from) from shift where id = any (a_superseded) and known_to = 'infinity'))
$$;
grant execute on function record_moment to crisiscover_feeds;

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
grant execute on function shifts_supersede to crisiscover_feeds;

create sequence dirty_mark;
grant usage on sequence dirty_mark to crisiscover_feeds;

-- What must be looked at again. `n` grows with every mark, so that coverage clears only what it has seen; a number never comes again, or anyone who
-- had read that of an older mark would clear a younger one, and with it a change that nobody had swept.
create table dirty (
  rota  text primary key references rota,
  n     bigint not null default nextval('dirty_mark'),
  since timestamptz not null default clock_timestamp()
);
grant select on dirty to crisiscover_api, crisiscover_coverage;
grant insert, select, update on dirty to crisiscover_feeds;

-- Marks rotas for coverage, as shifts_changed did; on its own for what leaves the calendar as it is.
create function shifts_mark(a_rotas text[]) returns void language plpgsql as $$
begin
  insert into dirty (rota) select distinct unnest(a_rotas) order by 1
    on conflict (rota) do update set n = nextval('dirty_mark');
  notify shifts_changed;
end $$;
grant execute on function shifts_mark to crisiscover_feeds;

-- Shifts of these rotas have changed: their overrides are looked at again, people are told of new disputes, and coverage is to sweep. Anyone who
-- changes what a calendar says comes through here.
create function shifts_changed(a_rotas text[]) returns void language plpgsql as $$
begin
  perform overrides_settle(a_rotas);
  perform shifts_mark(a_rotas);
  perform overrides_tell(a_rotas);
end $$;
grant execute on function shifts_changed to crisiscover_feeds;

-- Leaves a trace when a feed's state changes, for ever.
create function feed_note(a_before feed, a_state text, a_fault text, a_last_good timestamptz, a_body bytea)
returns void language sql volatile as $$
  insert into feed_event (rota, state, fault, last_good_at, body)
  select a_before.rota, a_state, a_fault, a_last_good, a_body
  where (a_before.state, a_before.fault) is distinct from (a_state, a_fault)
$$;
grant execute on function feed_note to crisiscover_feeds;

-- Whether coverage saw this source as unknown, so that a good check alone changes the map.
create function feed_was_unknown(a_before feed) returns boolean language sql stable as $$
  select a_before.kind = 'ical_url'
     and (a_before.last_good_at is null or a_before.last_good_at < clock_timestamp() - interval '6 hours')
$$;
grant execute on function feed_was_unknown to crisiscover_feeds;

-- The all-clear for anyone who was told that the feed is stale. Takes the counter of flags: the last act of a transaction. The rota's code
-- travels as the cause.
create function feed_restored(a_before feed) returns void language plpgsql as $$
begin
  if a_before.told_stale then
    perform flag_add('feed_restored', null, null, null, null, 'fresh', null, null, 'normal', a_before.rota);
  end if;
end $$;
grant execute on function feed_restored to crisiscover_feeds;

-- The address's server said what time it is there. a_off: seconds ahead of ours, null: it is right.
create function feeds_clock(a_rota text, a_claim bigint, a_off integer) returns void language sql volatile as $$
  update feed set clock_off = a_off, updated_at = clock_timestamp() where rota = a_rota and claim = a_claim
$$;
grant execute on function feeds_clock to crisiscover_feeds;

-- A reading that was written tells what its caller found beside it: a_reading has `versions` (hexadecimal), `content`, `zones` and `warnings`.
-- What is said of a change stays until the next change; what the body's own time stamps say is said anew each time.
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

-- A calendar whose bytes are the same is read again whenever something that shapes its reading changes. What that takes away ends at once; what it
-- would add waits for a person where the guards question it. Which shifts turned by it is kept, for the rota's manager to see.

-- Each time that a stored body said something else when it was read again.
create table reread (
  id     bigint generated always as identity primary key,
  rota   text not null references rota,
  at     timestamptz not null default clock_timestamp(),
  why    text not null check (why in ('rules', 'zones', 'rota')),  -- the reader's, those of time zones, or what was decided or set up for it
  lost   integer not null,    -- shifts that counted and do not
  gained integer not null,    -- shifts that count and did not
  other  integer not null,    -- of somebody else now, or otherwise changed
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

-- Notes which of a_before, rows that were in force until now, read otherwise in reading a_reading. A shift that the window only reached by
-- now (from a_until on) did not turn, nor did one that only goes by another key.
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

-- What the guards question in a body that was read again waits for a person: as an import of the same bytes, unless another one of this
-- rota is held already. The caller holds the feed's row.
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
grant execute on function feeds_good to crisiscover_feeds;

-- The address has what is held already. That is no good check, and nothing new.
create function feeds_still_held(a_rota text, a_claim bigint, a_held_body bytea, a_whole boolean) returns text language plpgsql as $$
begin
  update feed set
    last_attempt_at = clock_timestamp(), failures = 0, full_at = case when a_whole then clock_timestamp() else full_at end,
    claim = null, claimed_until = null, next_at = clock_timestamp() + feeds_wait(every, 0), updated_at = clock_timestamp()
    where rota = a_rota and claim = a_claim and held_body = a_held_body;
  return case when found then 'done' else 'gone' end;
end $$;
grant execute on function feeds_still_held to crisiscover_feeds;

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
grant execute on function feeds_failed to crisiscover_feeds;

-- The stored body of a feed that is fetched could not be read again: noted, so that it is not tried with every fetch. The claim is kept:
-- the address is asked next, and its answer tells more.
create function feeds_reread_failed(a_rota text, a_claim bigint, a_read_with bytea) returns text language plpgsql as $$
begin
  update feed set read_with = a_read_with where rota = a_rota and claim = a_claim;
  return case when found then 'done' else 'gone' end;
end $$;
grant execute on function feeds_reread_failed to crisiscover_feeds;

-- Writes a body that was read and may replace what is in force: the part of feeds_apply that is about the shifts and the state of the feed.
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
grant execute on function feeds_write to crisiscover_feeds;

-- A body was read and may replace what is in force. a_base: the reading whose shifts it was compared with; `again` when it is no longer
-- that one. a_fetched: the address gave it just now; else it is the stored body, read again because what it is read with has changed, which
-- says nothing about freshness, and a feed that is fetched keeps its claim for that. What reads like the body that is held stays held,
-- even if time alone has made it look harmless: `held`.
--
-- a_reading has, beside the counts: what the calendar teaches (feed_learn), what is to be told of it (feed_keep_notes), `to_decide`, `rules`, and
-- `withheld`, a sentence, where rows that would have been cover were made doubtful. Reading a stored body again by other rules of time zones
-- leaves a trace for ever, also if it moved nothing: a_reading->'moved' shifts are at other times. Which shifts turned is kept (reread_note).
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
grant execute on function feeds_tell_stale to crisiscover_feeds;

-- ------------------------------------------------------------------------------------------------------------------ what the api reads of feeds

-- All that a feed is told off for; and for a week, that other rules have made something else of it.
create function feed_warnings(a_feed feed) returns jsonb language sql stable as $$
  select a_feed.warnings || case when a_feed.clock_off is null then '[]' else jsonb_build_array(jsonb_build_object(
    'kind', 'clock', 'level', 'warning',
    'text', format('The clock of the address''s server is %s minutes %s ours.', round(abs(a_feed.clock_off) / 60.0),
                   case when a_feed.clock_off > 0 then 'ahead of' else 'behind' end),
    'remedy', 'Whoever runs that server should set its clock: what it says of the age of a calendar cannot be relied on.')) end
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
create view feed_told as select rota, feed_warnings(feed) as warnings from feed;
grant select on feed_told to crisiscover_api;

create view feed_to_decide as select rota, to_decide from feed;
grant select on feed_to_decide to crisiscover_api;

-- Since when, and by whom, of those that stand.
create view feed_upload as
  select f.rota, i.id, i.decided_at, i.decided_by from feed f join import i on i.id = f.upload;
grant select on feed_upload to crisiscover_api;

-- Whether the bytes of a body are still there, for anyone who reads the past; not the bytes.
create view body_kept as select sha256, bytes is not null as kept from body;
grant select on body_kept to crisiscover_api;

-- -------------------------------------------------------------------------------------------------------------------------------------- uploads

-- An upload that a person confirmed on a rota that has an address stands instead of the address until a person chooses otherwise. The address is
-- still asked. What it gave before the upload is nothing new; what it gives after that is held, compared with the upload, and confirming it ends
-- the upload, discarding it keeps it. An upload is withdrawn by taking it back (import_undo), however old it is.

-- Keeps an uploaded file for the reader and answers the number it can be asked after by. P0001: no such rota in the region.
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
  insert into audit (actor, action, object, detail)
    values (a_actor, 'import_uploaded', 'import/' || added,
            jsonb_build_object('rota', a_rota, 'mode', a_mode, 'bytes', length(a_bytes), 'sha256', encode(a_sha256, 'hex')));
  notify import_changed;
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
language sql volatile as $$
  with waiting as (
    select i.id from import i
    where i.state = 'uploaded' and (i.claimed_until is null or i.claimed_until <= clock_timestamp())
      and a_region = (select max(version) from region) and a_decisions = (select version from decision_head)
    order by i.id limit a_limit
    for update skip locked)
  update import i set claimed_until = clock_timestamp() + interval '60 seconds', claim = nextval('feed_claim')
  from waiting, body b where i.id = waiting.id and b.sha256 = i.body
  returning i.id, i.rota, i.format, i.body, b.bytes, i.claim
$$;
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
    reading = case when a_reading is not null then reading_add(i.rota, i.body, a_read_with, a_reading) end
    where id = a_import;
  notify import_changed;
  return 'done';
end $$;
grant execute on function import_refused to crisiscover_feeds;

-- A file was read: keeps what it would change. Mode `now` puts it in force in the same transaction. `again` when the rota's shifts have changed
-- since a_base; `gone` when somebody else has the claim. A file that was a preview before is one again, with what it would change now. What an
-- address gave and no longer gives is not asked about any more. A file that asks nobody and is to take the place of certain bytes does so only
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
  -- What is to be told of it comes first: a mode that asks nobody puts it in force at once.
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
  if i.filed and i.mode <> 'ask' and before.body is distinct from i.takes_place_of and before.body is distinct from i.body then
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
grant execute on function import_preview to crisiscover_feeds;

-- As feeds_outdated for files that wait for a decision: a preview says what the file means now, whatever has changed since it was
-- made. Those of a rota that has no shifts in force have a reading as well.
create function imports_outdated(a_rotas text[], a_calendar bytea[], a_roster bytea[]) returns bigint language sql volatile as $$
  with outdated as (
    select i.id from import i join reading r on r.id = i.reading
      join unnest(a_rotas, a_calendar, a_roster) as now_with (rota, calendar, roster) on now_with.rota = i.rota
    where i.state = 'preview'
      and r.read_with is distinct from case i.format when 'text/csv' then now_with.roster else now_with.calendar end
    for update of i skip locked),
  due as (
    update import i set state = 'uploaded', claim = null, claimed_until = null, step = null from outdated o where i.id = o.id returning 1)
  select count(*) from due
$$;
grant execute on function imports_outdated to crisiscover_feeds;

-- How large an upload is, for the api, which has no business with its bytes.
create view import_size as select i.id, length(b.bytes) as bytes from import i join body b on b.sha256 = i.body;
grant select on import_size to crisiscover_api;

-- ------------------------------------------------------------------------------------------------------------------- putting an import in force

-- However an import comes into force, the feed takes over what was noted of it, and the import keeps how the feed stood, for an undo.
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
  -- What a person has confirmed is what is full from now on; what the guards let pass is compared with what was before it as well.
  if new.mode <> 'if_safe' then
    delete from calendar_fullness where rota = new.rota;
  end if;
  perform fullness_keep(new.rota, new.learnt->'ahead');
  return new;
end $$;
grant execute on function import_takes_force to crisiscover_feeds;
create trigger takes_force before update on import for each row when (old.state <> 'applied' and new.state = 'applied')
  execute function import_takes_force();

-- Puts a preview in force: the one act behind confirming, and behind the modes that ask nobody. The caller holds the feed's row and the
-- import's and has asked whether it may.
create function import_put_in_force(i import, before feed, a_actor text, a_reason text) returns void language plpgsql as $$
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
grant execute on function import_apply to crisiscover_api;

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
  -- Anyone who keeps the upload has decided about this calendar of the address: it is nothing new any more.
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

-- Takes back the import whose bytes are in force, for 30 days; an upload that stands instead of an address, however old it is. What is in force
-- afterwards is, for the time ahead, exactly what was in force the moment before the import, whatever was read again in between, under the
-- codes of now: rows that are the same stay, the others are ended, what is missing comes back. What is over stays as it is known now: it was in
-- force while it lasted. The body before the import is then read again, which settles what has changed in the rules meanwhile. What is typed
-- in beside the feed is not the feed's.
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

  -- In force the moment before, and not over.
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
    -- A key that is in force now is of a shift that is over and stays: the one that comes back goes by another.
    select i.rota, case when o.id is null then w.key else left(w.key, 580) || '@undone' end, w.class,
           code_now('person', w.person, i.decided_at), w.team, w.title, w.starts_at, w.ends_at, w.reading, moment, w.last_read_at
    from shift w left join shift o on o.rota = i.rota and o.key = w.key and o.known_to = 'infinity'
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
grant execute on function import_undo to crisiscover_api;

-- Of each rota: the bytes that a region file brought last (whatever became of them), those in force, and, where a person put the latter there, or
-- took the former back, who and when. Hexadecimal.
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

-- An import that opens a gap within days is not put in force without a reason. Whether it opens one is worked out by the api, from its map and
-- the preview (server/api/views/imports/import_judge.h), for a person who confirms and for the mode `if_safe` alike: so the feeds role leaves a
-- preview of that mode as it is, and the api puts it in force once it has judged it.

-- Whether a map of this epoch and version, made with this version of the region, lacks a change of the rota's shifts that is in the tables.
create function map_lacks(a_rota text, a_epoch bigint, a_version bigint, a_region bigint) returns boolean language sql stable as $$
  select h.epoch <> a_epoch or a_region is distinct from (select max(version) from region)
      or exists (select from dirty where rota = a_rota)
      or exists (select from map_change m where m.epoch = h.epoch and m.version > a_version and m.rota = a_rota)
  from map_head h
$$;
grant execute on function map_lacks to crisiscover_api;

-- When an import was read, in microseconds: which reading of it somebody has judged.
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

-- ------------------------------------------------------------------------------------------------------------------------- following the region

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

  -- Another source: nothing is known of it yet, and anyone who is asking the old one has lost its claim. The shifts stay until it speaks.
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
grant execute on function feeds_sync_region to crisiscover_api;

-- Another address is another calendar.
create function feed_source_changes() returns trigger language plpgsql as $$
begin
  new.address_content := null;
  new.upload := case when new.kind = 'ical_url' and old.kind = 'ical_url' then old.upload end;
  new.listed_over_at := null;
  new.dropped := 0;
  new.dropped_start := null;
  delete from calendar_fullness where rota = old.rota;
  return new;
end $$;
create trigger source_changes before update of kind, url on feed for each row
  when ((old.kind, old.url) is distinct from (new.kind, new.url)) execute function feed_source_changes();

-- ------------------------------------------------------------------------------------------------------------------------------------- deciding

-- Decisions of a rota have changed. The caller holds the feed's row. A check that was asked for stays due until it is done, also when somebody is
-- at that feed just now; what it is read with then tells whether its stored body is worth reading again.
create function decisions_changed(a_rota text) returns void language plpgsql as $$
begin
  update feed set refresh_asked_at = clock_timestamp() where rota = a_rota and body is not null;
  update import set state = 'uploaded', claim = null, claimed_until = null where rota = a_rota and state in ('uploaded', 'preview');
  update decision_head set version = version + 1;
  notify decisions_changed;
end $$;

-- One of what decisions_make() is given, under the feed's lock.
create function decision_keep(a_rota text, a_said jsonb, a_actor text) returns bigint language plpgsql as $$
declare
  before decision;
  moment timestamptz;
  made bigint;
begin
  perform from person where id = a_said->>'person' and retired_at is not null for share;
  if found or (a_said->>'person' is not null and not exists (select from person where id = a_said->>'person')) then
    raise exception 'there is no person % in the region', a_said->>'person' using errcode = 'P0001';
  end if;
  select * into before from decision
    where rota = a_rota and kind = a_said->>'kind' and key = a_said->>'key' and known_to = 'infinity' for update;
  if found and (before.reads, before.person, before.team, before.zone)
               is not distinct from (a_said->>'reads', a_said->>'person', a_said->>'team', a_said->>'zone') then
    return before.id;
  end if;
  moment := greatest(clock_timestamp(), before.known_from);
  update decision set known_to = moment, ended_by = a_actor where id = before.id;
  insert into decision (rota, kind, words, key, reads, person, team, zone, decided_by, known_from)
    values (a_rota, a_said->>'kind', a_said->>'words', a_said->>'key', a_said->>'reads', a_said->>'person', a_said->>'team', a_said->>'zone',
            a_actor, moment)
    returning id into made;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'decision_made', 'decision/' || made,
            jsonb_strip_nulls(jsonb_build_object('rota', a_rota, a_said->>'kind', a_said->>'words', 'reads', a_said->>'reads',
                                                 'person', a_said->>'person', 'team', a_said->>'team', 'means', a_said->>'zone',
                                                 'instead_of', before.id)));
  return made;
end $$;

-- Keeps some decisions of a rota, all or none, and answers their numbers in the same order. a_said: [{"kind", "words", "key", "reads", "person",
-- "team", "zone"}, …]. What is decided so already is not decided again; another one about the same words ends. The rota is read again once for
-- all of them. The api has asked whether a_actor may, and whether the rota's directory has the people. P0001: the rota or a person is gone.
create function decisions_make(a_rota text, a_said jsonb, a_actor text) returns bigint[]
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  head bigint := (select max(id) from decision);
  one jsonb;
  made bigint[] := '{}';
begin
  perform from feed where rota = a_rota for update;
  if not found then
    raise exception 'there is no rota % in the region', a_rota using errcode = 'P0001';
  end if;
  for one in select value from jsonb_array_elements(a_said) loop
    made := made || decision_keep(a_rota, one, a_actor);
  end loop;
  -- What is decided so already is not decided again, and nothing is read again for it.
  if exists (select from unnest(made) m where m > coalesce(head, 0)) then
    perform decisions_changed(a_rota);
  end if;
  return made;
end $$;
grant execute on function decisions_make to crisiscover_api;

-- Takes a decision back. False: that rota has none of this number in force.
create function decision_withdraw(a_rota text, a_decision bigint, a_actor text) returns boolean
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare before decision;
begin
  perform from feed where rota = a_rota for update;
  select * into before from decision where id = a_decision and rota = a_rota and known_to = 'infinity' for update;
  if not found then
    return false;
  end if;
  update decision set known_to = greatest(clock_timestamp(), known_from), ended_by = a_actor where id = a_decision;
  perform decisions_changed(a_rota);
  insert into audit (actor, action, object, detail)
    values (a_actor, 'decision_withdrawn', 'decision/' || a_decision,
            jsonb_build_object('rota', a_rota, before.kind, before.words));
  return true;
end $$;
grant execute on function decision_withdraw to crisiscover_api;

-- --------------------------------------------------------------------------------------------------------------------- where an override stands

-- Of what was said, only the withdrawal is ever written; and its codes follow where something is renamed, in the transaction that does.
create function keep_what_was_said() returns trigger language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
declare
  before jsonb := to_jsonb(old);
  after jsonb;
begin
  if tg_op = 'UPDATE' then
    after := to_jsonb(new);
    if before->'withdrawn_at' = 'null' and after - array['withdrawn_at', 'withdrawn_by'] = before - array['withdrawn_at', 'withdrawn_by'] then
      return new;
    end if;
    if after - array['rota', 'person', 'instead'] = before - array['rota', 'person', 'instead']
       and not exists (
         select from (values ('rota', 'rota'), ('person', 'person'), ('instead', 'person')) k (key, kind)
         where before->>k.key is distinct from after->>k.key
           and not exists (select from renamed r where r.kind = k.kind and r.was = before->>k.key and r.code = after->>k.key and r.at >= now())) then
      return new;
    end if;
  end if;
  raise exception '% on %: the record is only ever added to', lower(tg_op), tg_table_name using errcode = 'P0002';
end $$;
create trigger keep before update or delete on override for each row execute function keep_what_was_said();
create trigger keep before update or delete on absence for each row execute function keep_what_was_said();

-- Nothing is said of a person who has left the region while it was on its way. The row of the person is locked, so that it is said before he
-- leaves, and region_put sees it, or not at all.
create function people_there(a_people text[]) returns void language plpgsql as $$
declare gone text;
begin
  for gone in select p.id from person p where p.id = any (a_people) order by p.id for share loop
    continue when exists (select from person p where p.id = gone and p.retired_at is null)
      -- A code that comes back in a renaming: the region file follows in the same transaction.
      or exists (select from renamed r where r.kind = 'person' and r.code = gone and r.at >= now());
    raise exception '% is no longer in the region', gone using errcode = 'P0001';
  end loop;
end $$;

create function said_of_who_is_there() returns trigger language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  perform people_there(array[new.person, to_jsonb(new)->>'instead']);
  return new;
end $$;
create trigger who_is_there before insert on absence for each row execute function said_of_who_is_there();
create trigger who_is_there before insert on override for each row execute function said_of_who_is_there();
create trigger who_is_there before insert on decision for each row when (new.person is not null) execute function said_of_who_is_there();

-- Where the stand-in goes when the shift that a_piece was of, a_shift, has become a_now: an edge that was the shift's own moves with it, if the
-- shift moved rather than became another (by its length, and by how much of it stays where it was); an edge that was asked for stays.
create function override_piece_follows(o override, a_shift tstzrange, a_piece tstzrange, a_now tstzrange) returns tstzrange
language plpgsql immutable as $$
declare
  was constant interval := upper(a_shift) - lower(a_shift);
  now_is constant interval := upper(a_now) - lower(a_now);
  common constant tstzrange := a_shift * a_now;
  moved constant boolean := not isempty(common) and now_is <= was * 1.5 and (upper(common) - lower(common)) * 2 >= least(was, now_is);
begin
  return tstzrange(case when moved and lower(a_piece) = lower(a_shift) then lower(a_now) else greatest(lower(a_now), o.starts_at) end,
                   case when moved and upper(a_piece) = upper(a_shift) then upper(a_now) else least(upper(a_now), o.expires_at) end);
exception when data_exception then   -- nothing of it is left
  return 'empty';
end $$;

-- The shifts of the replaced person that could matter to an override: the calendar's, and those that an earlier override gives.
create function override_shifts_of(o override) returns tstzrange[] language sql stable as $$
  select coalesce(array_agg(distinct tstzrange(s.starts_at, s.ends_at)), '{}')
  from shift s
  where s.rota = o.rota and s.known_to = 'infinity' and s.person = o.instead
    and s.ends_at > o.starts_at - interval '4 days' and s.starts_at < o.expires_at + interval '4 days'
    and (s.override is null and s.class in ('named', 'tentative', 'undecided', 'unreadable') or s.override < o.id and s.class = 'named')
$$;

-- Those whom the calendar confirms at some time of a_at and of whom it did not speak when the override was made; of whom it spoke then is known
-- under the codes of then.
create function override_strangers(o override, a_at tstzmultirange) returns table (person text, at tstzmultirange) language sql stable as $$
  select s.person, range_agg(tstzrange(s.starts_at, s.ends_at)) * a_at
  from shift s
  where s.rota = o.rota and s.known_to = 'infinity' and s.override is null and s.class = 'named'
    and s.person is distinct from o.person and s.person is distinct from o.instead
    and tstzrange(s.starts_at, s.ends_at) && a_at
    and not exists (select from shift b where b.id = any (o.saw) and b.class = 'named'
                      and code_now('person', b.person, o.made_at) = s.person
                      and b.starts_at < s.ends_at and b.ends_at > s.starts_at)
  group by s.person
  order by min(s.starts_at), s.person
  limit 4
$$;

-- Where an override is on, and where it is in dispute, by what is in force now. a_rests, a_pieces: what it rested on until now; a_first: the
-- event that says what it was made for; null: it is being made. Shifts are compared by person and time, never by key: many programs give new keys with each export.
create function override_look(o override, a_first override_event, a_rests tstzrange[], a_pieces tstzrange[], out on_at tstzmultirange,
                              out disputed tstzmultirange, out rests tstzrange[], out pieces tstzrange[], out standing text, out dispute text, out third text[])
language plpgsql stable as $$
declare
  span constant tstzrange := tstzrange(o.starts_at, o.expires_at);
  own tstzmultirange;                 -- when the calendar itself has the stand-in on
  shifts tstzrange[];
  given tstzmultirange;               -- what it was made for, where nobody is on by it any more
  found_one boolean;
  piece tstzrange;
  shift_now tstzrange;
  i integer;
begin
  on_at := '{}';
  disputed := '{}';
  standing := 'waiting';
  select coalesce(range_agg(tstzrange(s.starts_at, s.ends_at)), '{}') into own
    from shift s
    where s.rota = o.rota and s.known_to = 'infinity' and s.override is null and s.class = 'named' and s.person = o.person
      and s.ends_at > o.starts_at - interval '4 days' and s.starts_at < o.expires_at + interval '4 days';
  shifts := override_shifts_of(o);

  if o.nobody then
    select coalesce(range_agg(x.r), '{}') into disputed from override_strangers(o, tstzmultirange(span)) s, unnest(s.at) x (r);
    on_at := tstzmultirange(span) - disputed;
    select array_agg(s.person) into third from override_strangers(o, disputed) s;
  elsif o.instead is null then
    on_at := tstzmultirange(span);
    if own @> span and not exists (select from unnest(shifts) s (r) where s.r && span) then
      on_at := '{}';
      standing := 'reconciled';
      return;
    end if;
    select array_agg(s.person) into third from override_strangers(o, on_at) s;
    if third is not null then
      standing := 'conflicting';
      dispute := 'another_person';
    end if;
    return;
  else
    rests := '{}';
    pieces := '{}';
    for i in 1 .. coalesce(cardinality(a_rests), 0) loop
      if a_rests[i] = any (shifts) then
        rests := rests || a_rests[i];
        pieces := pieces || a_pieces[i];
        continue;
      end if;
      found_one := false;
      foreach shift_now in array shifts loop
        continue when not shift_now && a_pieces[i];
        found_one := true;
        piece := override_piece_follows(o, a_rests[i], a_pieces[i], shift_now);
        continue when isempty(piece) or shift_now = any (rests) or shift_now = any (a_rests);
        rests := rests || shift_now;
        pieces := pieces || piece;
      end loop;
      if not found_one then
        rests := rests || a_rests[i];
        pieces := pieces || a_pieces[i];
        disputed := disputed + tstzmultirange(a_pieces[i]);
      end if;
    end loop;
    foreach shift_now in array shifts loop
      continue when not shift_now && span or shift_now = any (rests);
      rests := rests || shift_now;
      pieces := pieces || shift_now * span;
    end loop;
    for i in 1 .. cardinality(rests) loop
      if rests[i] = any (shifts) then
        on_at := on_at + tstzmultirange(pieces[i]);
      end if;
    end loop;
    disputed := disputed - own - on_at;
    given := (select coalesce(range_agg(r), '{}') from unnest(a_first.pieces) r) - on_at - own;
    select disputed + coalesce(range_agg(x.r), '{}') into disputed from override_strangers(o, given) s, unnest(s.at) x (r);
    select array_agg(s.person) into third from override_strangers(o, disputed) s;
    if isempty(on_at) and isempty(disputed) and cardinality(rests) > 0 then
      standing := 'reconciled';
      return;
    end if;
  end if;
  if not isempty(disputed) then
    standing := 'conflicting';
    dispute := case when third is null then 'shift_gone' else 'another_person' end;
  elsif exists (select from unnest(rests) r where r = any (shifts) and not r = any (a_first.rests)) then
    standing := 'followed';
  end if;
end $$;

-- Makes the rows of an override in force what they are to be: on at a_on, undecided at a_disputed. What is so already is not touched.
create function override_write(o override, a_on tstzmultirange, a_disputed tstzmultirange, a_moment timestamptz) returns boolean
language plpgsql as $$
declare
  ended bigint[];
  moment timestamptz;
  written bigint;
begin
  select array_agg(s.id), greatest(a_moment, max(s.known_from)) into ended, moment
    from shift s
    where s.override = o.id and s.known_to = 'infinity'
      and not exists (select from unnest(case s.class when 'undecided' then a_disputed else a_on end) w (r)
                      where w.r = tstzrange(s.starts_at, s.ends_at));
  if ended is not null then
    perform shifts_supersede(ended, moment);
  end if;
  insert into shift (rota, key, class, person, starts_at, ends_at, override, known_from)
    select o.rota, 'override:' || o.id || ':' || extract(epoch from lower(w.r))::bigint, w.class, o.person, lower(w.r), upper(w.r), o.id, moment
    from (select case when o.nobody then 'nobody' else 'named' end, r from unnest(a_on) r
          union all select 'undecided', r from unnest(a_disputed) r) w (class, r)
    where not exists (select from shift s where s.override = o.id and s.known_to = 'infinity' and (s.class = 'undecided') = (w.class = 'undecided')
                        and tstzrange(s.starts_at, s.ends_at) = w.r)
    order by lower(w.r);
  get diagnostics written = row_count;
  return written > 0 or ended is not null;
end $$;

-- The overrides of these rotas that are looked at when a calendar changes.
create function overrides_live(a_rotas text[]) returns setof override language sql stable as $$
  select x.* from override x
  where x.rota = any (a_rotas) and x.withdrawn_at is null
    and (x.expires_at > clock_timestamp()
         or exists (select from shift h where h.override = x.id and h.known_to = 'infinity' and h.ends_at > clock_timestamp()))
  order by x.id
$$;

-- Where each of these overrides stands.
create function overrides_stand(a_overrides bigint[]) returns setof override_event language sql stable as $$
  select e.* from unnest(a_overrides) o (id)
  cross join lateral (select x.* from override_event x where x.override = o.id order by x.id desc limit 1) e
$$;

-- What an override has come to, as the one who decides has seen it.
create function override_turn(e override_event) returns text language sql immutable as $$
  select e.override || ' ' || e.standing || coalesce(' ' || e.dispute, '') || coalesce(' ' || array_to_string(e.third, ','), '')
$$;

-- Of overrides, where they stood and stand: those that stand otherwise.
create function overrides_turned(a_stood override_event[], a_stands override_event[]) returns table (stood override_event, stands override_event)
language sql stable as $$
  select w, e from unnest(a_stood) w join unnest(a_stands) e on e.override = w.override
  where (w.standing, w.dispute, w.third) is distinct from (e.standing, e.dispute, e.third) order by e.override
$$;

-- The shifts of these rotas have changed: where do their overrides stand now? One after another in the order of their making, since a later one
-- may replace a stand-in. The caller holds the feeds' rows. Changes become known at the instant of the change that brings them about: a moment
-- in which neither the old calendar nor the override counted never was.
create function overrides_settle(a_rotas text[]) returns void language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
declare
  o override;
  s record;
  first override_event;
  last override_event;
  moment timestamptz;
begin
  for o in select x.* from overrides_live(a_rotas) x join feed f on f.rota = x.rota order by x.id loop
    select * into last from override_event e where e.override = o.id order by e.id desc limit 1;
    select * into first from override_event e where e.override = o.id and e.rests is not null order by e.id limit 1;
    select * into s from override_look(o, first, last.rests, last.pieces);
    select coalesce(max(greatest(x.known_from, case when isfinite(x.known_to) then x.known_to end)), clock_timestamp()) into moment
      from shift x where x.rota = o.rota and x.known_to >= now() and (x.known_from >= now() or isfinite(x.known_to));
    if (last.standing, last.dispute, last.third, last.rests, last.pieces)
       is distinct from (s.standing, s.dispute, s.third, s.rests, s.pieces) then
      insert into override_event (override, at, standing, dispute, third, reading, rests, pieces)
        select o.id, greatest(moment, last.at), s.standing, s.dispute, s.third, f.reading, s.rests, s.pieces from feed f where f.rota = o.rota;
    end if;
    perform override_write(o, s.on_at, s.disputed, moment);
  end loop;
end $$;
grant execute on function overrides_settle to crisiscover_feeds;

-- Tells what has changed of disputes on these rotas. It takes the counter of flags: whatever else the transaction locks comes before it. The
-- caller holds the feeds' rows.
create function overrides_tell(a_rotas text[]) returns void language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
declare
  o record;
  told boolean := false;
begin
  for o in
    select x.id, x.rota, coalesce(t.disputed, '{}') as was,
           case when x.withdrawn_at is null then coalesce(d.disputed, '{}') else '{}' end as now_is
    from (select id from overrides_live(a_rotas)
          union select t.override from override_told t join override v on v.id = t.override where v.rota = any (a_rotas)) n
    join override x on x.id = n.id
    left join override_told t on t.override = x.id
    left join lateral (select range_agg(tstzrange(s.starts_at, s.ends_at)) as disputed from shift s
                       where s.override = x.id and s.known_to = 'infinity' and s.class = 'undecided') d on true
    order by x.id loop
    continue when o.was = o.now_is;
    if isempty(o.now_is) then
      delete from override_told where override = o.id;
      perform flag_add('override_settled', null, null, null, null, 'settled', lower(o.was), upper(o.was), 'normal', o.rota,
                       jsonb_build_object('override', o.id));
      told := true;
      continue;
    end if;
    insert into override_told (override, disputed) values (o.id, o.now_is)
      on conflict (override) do update set disputed = excluded.disputed;
    if not o.was @> o.now_is then
      perform flag_add('override_disputed', null, null, null, null, 'unknown', lower(o.now_is), upper(o.now_is), 'high', o.rota,
                       jsonb_build_object('override', o.id));
      told := true;
    end if;
  end loop;
  if told then
    notify flags_filled;
  end if;
end $$;
grant execute on function overrides_tell to crisiscover_feeds;

-- ------------------------------------------------------------------------------------------------------------- overrides and absences by people

-- "override 12 (s-ahmed instead of jo-jones, made by fenmere-rotas on 21 Nov 2026 at 21:05)"
create function override_words(x override) returns text language sql stable as $$
  select format('override %s (%s%s, made by %s on %s)', x.id, coalesce(x.person, 'nobody'), coalesce(' instead of ' || x.instead, ''), x.made_by,
                to_char(x.made_at at time zone 'Europe/London', 'FMDD Mon YYYY "at" HH24:MI'))
$$;

-- The api has asked who may and whether the person is fit for it. a_person null: nobody. One place at one instant has one override: that is
-- decided here, behind the lock of the rota's feed. The calendar is not asked whether it says the same already: what is said here counts even when
-- the calendar cannot be believed. P0001, with a sentence, when it cannot be.
--
-- What an override said that is over can be corrected for 31 days, also that nobody was on: such an override cannot be withdrawn any more, and had
-- the place of everybody, so that whom it was who came could not be said at all. A late correction that puts somebody on is laid over it. One
-- that is itself a late correction can be withdrawn at any time.
create function override_add(a_rota text, a_person text, a_instead text, a_start timestamptz, a_end timestamptz, a_expires timestamptz,
                             a_note text, a_late boolean, a_actor text) returns bigint
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  f feed;
  o override;
  place record;
  first override;
  ends constant timestamptz := least(a_end, a_expires);
begin
  select * into f from feed where rota = a_rota for update;
  if not found then
    raise exception 'the rota % is no longer in the region', a_rota using errcode = 'P0001';
  end if;
  select x.* into first from override x
    where x.rota = a_rota and x.withdrawn_at is null and x.starts_at < ends and x.expires_at > a_start
      and (x.instead = a_instead or x.nobody or a_person is null)
      and not (x.nobody and not x.late and a_late and a_person is not null and x.expires_at <= clock_timestamp())
    order by x.id limit 1;
  if found then
    raise exception '% came first and has that place at some of that time: %', override_words(first),
      case when first.expires_at > clock_timestamp() or first.late then 'withdraw it before you make another'
           when first.person is not null then format('it is over; put somebody on instead of %s to correct it', first.person)
           else 'it is over' end using errcode = 'P0001';
  end if;
  select x.* into first from override x
    where x.rota = a_rota and x.person = a_person and x.withdrawn_at is null and x.starts_at < ends and x.expires_at > a_start
      and exists (select from shift h where h.override = x.id and h.known_to = 'infinity' and h.starts_at < ends and h.ends_at > a_start)
    order by x.id limit 1;
  if found then
    raise exception '% came first and already puts this person on this rota at some of that time: withdraw it before you make another',
      override_words(first) using errcode = 'P0001';
  end if;
  insert into override (rota, person, instead, starts_at, ends_at, expires_at, note, nobody, late, made_by, saw)
    select a_rota, a_person, a_instead, a_start, a_end, ends, a_note, a_person is null, a_late, a_actor,
           coalesce(array_agg(s.id order by s.id), '{}')
    from shift s
    where s.rota = a_rota and s.known_to = 'infinity' and s.override is null and s.ends_at > a_start and s.starts_at < a_end
      -- Whom an earlier override has taken off is not on; if that one goes, he comes as a third person.
      and not exists (select from override x join shift h on h.override = x.id and h.known_to = 'infinity'
                      where x.rota = a_rota and x.withdrawn_at is null and x.instead = s.person and h.starts_at < s.ends_at and h.ends_at > s.starts_at)
    returning * into o;
  select * into place from override_look(o, null, null, null);
  if a_instead is not null and cardinality(place.rests) = 0 then
    raise exception '% has no shift on this rota at any of that time: leave it out to put somebody on as well', a_instead using errcode = 'P0001';
  end if;
  insert into override_event (override, at, standing, reading, rests, pieces) values (o.id, o.made_at, 'waiting', f.reading, place.rests, place.pieces);
  perform override_write(o, case when o.nobody or o.instead is not null then place.on_at + place.disputed
                                 else tstzmultirange(tstzrange(o.starts_at, o.expires_at)) end, '{}', o.made_at);
  insert into audit (actor, action, object, detail)
    values (a_actor, 'override_made', 'override/' || o.id,
            jsonb_build_object('rota', a_rota, 'person', a_person, 'instead', a_instead, 'starts_at', a_start, 'ends_at', a_end,
                               'expires_at', o.expires_at, 'late', a_late));
  perform shifts_mark(array[a_rota]);
  return o.id;
end $$;
grant execute on function override_add to crisiscover_api;

-- Those that rest on an override: they replace the one it puts on.
create function override_resting(o override) returns setof override language sql stable as $$
  select x.* from override x
  where x.rota = o.rota and x.id > o.id and x.withdrawn_at is null and x.instead = o.person
    and x.starts_at < o.expires_at and x.expires_at > o.starts_at and x.expires_at > clock_timestamp()
  order by x.id
$$;

-- Takes an override back, from now on: what it covered, it covered. A correction of what was over goes as a whole. One on which others rest goes
-- only when that is said (a_confirm), and they are looked at again: they will be in dispute, and people are told. P0001 when it cannot be.
create function override_withdraw(a_id bigint, a_confirm boolean, a_actor text) returns void
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  o override;
  held bigint[];
  past tstzmultirange;
  stays tstzmultirange := '{}';
  doubted tstzmultirange := '{}';
  moment timestamptz;
  resting text;
begin
  perform from feed where rota = (select rota from override where id = a_id) for update;
  select * into o from override where id = a_id for update;
  if not found then
    raise exception 'there is no override %', a_id using errcode = 'P0001';
  elsif o.withdrawn_at is not null then
    raise exception 'this override was withdrawn before' using errcode = 'P0001';
  elsif o.expires_at <= clock_timestamp() and not o.late then
    raise exception 'this override is over: there is nothing left to take back' using errcode = 'P0001';
  end if;
  select string_agg(override_words(x), ', ') into resting from override_resting(o) x;
  if resting is not null and not a_confirm then
    raise exception '% rests on this one, and would be in dispute without it: withdraw that first, or confirm', resting using errcode = 'P0001';
  end if;
  select array_agg(id) into held from shift where override = a_id and known_to = 'infinity';
  moment := record_moment(coalesce(held, '{}'));
  update override set withdrawn_at = moment, withdrawn_by = a_actor where id = a_id;
  if not o.late then
    past := tstzmultirange(tstzrange('-infinity', date_trunc('second', moment)));
    select coalesce(range_agg(tstzrange(s.starts_at, s.ends_at)) filter (where s.class <> 'undecided'), '{}') * past,
           coalesce(range_agg(tstzrange(s.starts_at, s.ends_at)) filter (where s.class = 'undecided'), '{}') * past
      into stays, doubted
      from shift s where s.id = any (held);
  end if;
  perform override_write(o, stays, doubted, moment);
  insert into audit (actor, action, object, detail)
    values (a_actor, 'override_withdrawn', 'override/' || a_id, jsonb_build_object('rota', o.rota));
  perform overrides_settle(array[o.rota]);
  perform shifts_mark(array[o.rota]);
  perform overrides_tell(array[o.rota]);
end $$;
grant execute on function override_withdraw to crisiscover_api;

create function absence_write(a absence, a_ends timestamptz, a_moment timestamptz) returns void language sql volatile as $$
  insert into shift (rota, key, class, person, starts_at, ends_at, known_from)
    values ('absence:typed', 'absence:' || a.id, 'absence', a.person, a.starts_at, a_ends, a_moment)
$$;

create function absence_add(a_person text, a_start timestamptz, a_end timestamptz, a_actor text) returns bigint
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare a absence;
begin
  insert into absence (person, starts_at, ends_at, made_by) values (a_person, a_start, a_end, a_actor) returning * into a;
  perform absence_write(a, a.ends_at, a.made_at);
  insert into audit (actor, action, object, detail)
    values (a_actor, 'absence_made', 'absence/' || a.id,
            jsonb_build_object('person', a_person, 'starts_at', a_start, 'ends_at', a_end));
  perform shifts_mark(array['absence:typed']);
  return a.id;
end $$;
grant execute on function absence_add to crisiscover_api;

-- From now on, as for an override.
create function absence_withdraw(a_id bigint, a_actor text) returns void
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  a absence;
  held bigint;
  moment timestamptz;
begin
  select * into a from absence where id = a_id for update;
  if not found then
    raise exception 'there is no absence %', a_id using errcode = 'P0001';
  elsif a.withdrawn_at is not null then
    raise exception 'this absence was withdrawn before' using errcode = 'P0001';
  elsif a.ends_at <= clock_timestamp() then
    raise exception 'this absence is over: there is nothing left to take back' using errcode = 'P0001';
  end if;
  select id into strict held from shift where rota = 'absence:typed' and key = 'absence:' || a_id and known_to = 'infinity';
  moment := record_moment(array[held]);
  update absence set withdrawn_at = moment, withdrawn_by = a_actor where id = a_id;
  perform shifts_supersede(array[held], moment);
  if a.starts_at < date_trunc('second', moment) then
    perform absence_write(a, date_trunc('second', moment), moment);
  end if;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'absence_withdrawn', 'absence/' || a_id, jsonb_build_object('person', a.person));
  perform shifts_mark(array['absence:typed']);
end $$;
grant execute on function absence_withdraw to crisiscover_api;

-- ------------------------------------------------------------------------------------------------------------------------------------- previews

-- What a rota would say if it were done, by doing it and taking it back: the columns of a shift as the api reads them.
create type shift_shown as (rota text, id bigint, class text, person text, team text, title text, starts_at timestamptz, ends_at timestamptz,
  override bigint, instead text, made_at timestamptz, made_by text, note text, dispute text, third text[], late boolean);

create function rota_shown(a_rota text, a_after timestamptz, a_before timestamptz) returns setof shift_shown language sql stable as $$
  select s.rota, s.id, s.class, s.person, s.team, s.title, s.starts_at, s.ends_at, s.override, o.instead, o.made_at, o.made_by, o.note,
         case when s.class = 'undecided' or (e.rests is null and s.class = 'named') then e.dispute when e.standing = 'followed' then 'times_changed' end,
         case when s.class = 'undecided' or (e.rests is null and s.class = 'named') then e.third end, o.late
  from shift s left join override o on o.id = s.override
  left join lateral (select x.* from override_event x where x.override = o.id order by x.id desc limit 1) e on true
  where s.rota = a_rota and s.known_to = 'infinity' and s.ends_at > a_after and s.starts_at < a_before
$$;

create function override_add_try(a_rota text, a_person text, a_instead text, a_start timestamptz, a_end timestamptz, a_expires timestamptz,
                                 a_note text, a_late boolean, a_actor text, a_after timestamptz, a_before timestamptz) returns setof shift_shown
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare shown shift_shown[];
begin
  begin
    perform override_add(a_rota, a_person, a_instead, a_start, a_end, a_expires, a_note, a_late, a_actor);
    select array_agg(x) into shown from rota_shown(a_rota, a_after, a_before) x;
    raise exception 'taken back' using errcode = 'P0003';
  exception when sqlstate 'P0003' then
    null;
  end;
  return query select * from unnest(shown);
end $$;
grant execute on function override_add_try to crisiscover_api;

create function override_withdraw_try(a_id bigint, a_actor text, a_after timestamptz, a_before timestamptz) returns setof shift_shown
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare shown shift_shown[];
begin
  begin
    perform override_withdraw(a_id, true, a_actor);
    select array_agg(x) into shown from override o, rota_shown(o.rota, a_after, a_before) x where o.id = a_id;
    raise exception 'taken back' using errcode = 'P0003';
  exception when sqlstate 'P0003' then
    null;
  end;
  return query select * from unnest(shown);
end $$;
grant execute on function override_withdraw_try to crisiscover_api;

-- A preview put in force (a_undo: what is in force, undone), and taken back: the rota's shifts that end after a_after and start before a_before, and,
-- of each override that comes to stand otherwise, where it stood (was) and would stand (becomes; turn: override_turn()), in columns of its own.
-- `part`:
--   brings    the rota has no override that could be touched: a shift that comes beside those that are not superseded (id below zero)
--   rota      a shift of the rota as it would be
--   override  an override: id, person, from starts_at to ends_at, and what becomes of it
-- horizon and last_good_at: where the rota's source would stand, in every row; null of the part `brings`. An undo always has a row; it is
-- refused (P0001) as by import_undo().
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

-- Does what was judged, by the same transaction's comparison: confirms a preview that was read at a_read_us (a_undo: undoes the import), and refuses
-- (P0001) if the overrides come to another standing than a_turns, or as import_apply() and import_undo() do.
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

-- A function is everybody's unless somebody says otherwise.
revoke all on all functions in schema crisiscover from public;
