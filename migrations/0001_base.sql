-- The tables of Crisis Cover. Data flows one way: body -> reading -> shift -> span -> gap -> flag (design: the pipeline).
-- Shifts and spans are bitemporal: valid time is starts_at..ends_at, and known_from..known_to says when we held it to be so. A row is
-- never changed and never deleted; it is superseded, by closing known_to in the same transaction that writes its successor.
--
-- Later files add, for each role, the functions it calls and the rights it needs: 0002 feeds, 0003 coverage, 0004 flags, 0005 api.
--
-- Channels (NOTIFY without a payload: a hint to look, backed by a slow poll): region_applied, import_changed, refresh_asked,
-- shifts_changed, coverage_changed, flags_filled, accounts_changed.

create schema if not exists crisiscover;
revoke all on schema public from public;

-- One login for each role that speaks to the database; a role of a process can do what it must and nothing else. Logins belong to the
-- cluster, so another database of the same cluster may have made them already.
do $$
declare login text;
begin
  foreach login in array array['crisiscover_api', 'crisiscover_feeds', 'crisiscover_coverage', 'crisiscover_flags'] loop
    if not exists (select from pg_roles where rolname = login) then
      execute format('create role %I login', login);
    end if;
    execute format('alter role %I set search_path = crisiscover', login);
    execute format('alter role %I set timezone = ''UTC''', login);
    execute format('alter role %I set idle_in_transaction_session_timeout = ''10s''', login);
    execute format('alter role %I set lock_timeout = ''2s''', login);
    execute format('grant usage on schema crisiscover to %I', login);
  end loop;
end $$;

set local search_path = crisiscover;

-- ---------------------------------------------------------------------------------------------------------------- the set-up

-- Every region file that was ever applied, to the byte. The newest is in force; what was in force at K is the newest of then.
create table region (
  version    bigint generated always as identity primary key,
  document   text not null,
  sha256     bytea not null check (length(sha256) = 32),
  applied_at timestamptz not null default clock_timestamp(),
  applied_by text not null
);

-- The codes that shifts, spans and gaps refer to. A code that leaves the region is retired, never deleted: the past still names it.
create table organisation (code text primary key, retired_at timestamptz);
create table place        (code text primary key, retired_at timestamptz);
create table function     (code text primary key, retired_at timestamptz);
create table person       (id text primary key, retired_at timestamptz);
create table rota         (id text primary key, retired_at timestamptz);
create table requirement  (id text primary key, retired_at timestamptz);

-- Who may ask. Accounts come from the region file; the administrator's own is made by `crisiscoverd token`. What they may see is decided by the
-- api from role and places.
create table account (
  name         text primary key,
  kind         text not null check (kind in ('person', 'device', 'program')),
  role         text not null check (role in ('viewer', 'switchboard', 'rota_manager', 'commissioner', 'auditor', 'administrator')),
  places       text[] not null default '{}',
  organisation text references organisation,
  retired_at   timestamptz
);

-- A bearer token is shown once and kept only as SHA-256. The public half finds the row, the whole is compared in constant time.
create table token (
  id         text primary key check (id ~ '^[0-9a-z]{12}$'),
  account    text not null references account,
  sha256     bytea not null check (length(sha256) = 32),
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null default 'infinity',
  revoked_at timestamptz
);

-- ------------------------------------------------------------------------------------------------------- bodies, feeds, readings

-- Exact bytes as they came, content-addressed, never trusted.
create table body (
  sha256     bytea primary key check (length(sha256) = 32),
  bytes      bytea not null,
  first_seen timestamptz not null default clock_timestamp()
);

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
  check ((kind = 'ical_url') = (url is not null)),
  check ((state = 'held') = (held_body is not null))
);
create index feed_due on feed (next_at);
create index feed_updated on feed (updated_at);
create index feed_good on feed (last_good_at) where kind = 'ical_url';

-- Each change of a feed's state, for ever: how fresh it was thought to be when.
create table feed_event (
  id       bigint generated always as identity primary key,
  rota     text not null references rota,
  at       timestamptz not null default clock_timestamp(),
  state    text not null,
  fault    text,
  last_good_at timestamptz,
  body     bytea
);
create index feed_event_by_rota on feed_event (rota, at);

-- --------------------------------------------------------------------------------------------------------------------- shifts

-- The classes of the reader that matter later: absences take cover away, the others are weighed by the sweep. Noise and cancelled events are
-- counted in the reading and not kept here.
create table shift (
  id         bigint generated always as identity primary key,
  rota       text not null references rota,
  key        text not null check (length(key) between 1 and 600),
  class      text not null check (class in ('named', 'tentative', 'team', 'nobody', 'undecided', 'unreadable', 'absence')),
  person     text references person,
  team       text,
  title      text,                     -- cleaned by the reader: no numbers, no reason for an absence
  starts_at  timestamptz not null,
  ends_at    timestamptz not null,
  reading    bigint references reading,
  known_from timestamptz not null default clock_timestamp(),
  known_to   timestamptz not null default 'infinity',
  check (starts_at < ends_at),
  check (isfinite(starts_at) and isfinite(ends_at)),
  check (known_from <= known_to),
  -- promise 1, kept by the database itself: what counts as a person's cover names a person
  check (class not in ('named', 'absence') or person is not null),
  check (class <> 'team' or team is not null)
);
-- One truth at a time for each occurrence.
create unique index shift_in_force on shift (rota, key) where known_to = 'infinity';
create index shift_by_time on shift (rota, ends_at) where known_to = 'infinity';
create index shift_absences on shift (person, ends_at) where known_to = 'infinity' and class = 'absence';
create index shift_known on shift (rota, known_to);

-- ------------------------------------------------------------------------------------------------------------------ the map

-- What must be looked at again. `n` grows with every mark, so that coverage clears only what it has seen.
create table dirty (
  rota  text primary key references rota,
  n     bigint not null default 1,
  since timestamptz not null default clock_timestamp()
);

-- One requirement at one place (its own or inherited): the unit of the map. `version` guards against two writers; `next_at` is the next
-- instant at which time alone changes something here.
create table demand (
  requirement text not null references requirement,
  place       text not null references place,
  version     bigint not null default 0,
  next_at     timestamptz not null default '-infinity',
  swept_to    timestamptz,
  retired_at  timestamptz,
  primary key (requirement, place)
);
create index demand_due on demand (next_at) where retired_at is null;

-- The head of the map. Locked by each commit of coverage, so versions are in commit order.
create table map_head (
  only_row       boolean primary key default true check (only_row),
  epoch          integer not null,
  version        bigint not null,
  region_version bigint not null,      -- the region this map was swept for
  at             timestamptz not null
);

-- What each version touched, for readers who follow in steps. Kept for a day; who is further behind reads everything.
create table map_change (
  epoch       integer not null,
  version     bigint not null,
  rota        text,
  requirement text,
  place       text,
  at          timestamptz not null default clock_timestamp()
);
create index map_change_by_version on map_change (epoch, version);

-- not_commissioned is not stored: it is what lies outside a requirement's hours.
create table span (
  requirement text not null,
  place       text not null,
  starts_at   timestamptz not null,
  ends_at     timestamptz not null,
  state       text not null check (state in ('covered', 'short', 'gap', 'unknown')),
  cause       text not null,
  present     integer not null check (present >= 0),
  required    integer not null check (required > 0),
  shifts      bigint[] not null default '{}',   -- the shifts that count in it
  version     bigint not null,
  known_from  timestamptz not null,
  known_to    timestamptz not null default 'infinity',
  check (starts_at < ends_at),
  check (known_from <= known_to),
  -- promise 1 once more: covered rests on shifts
  check (state <> 'covered' or (present >= required and cardinality(shifts) >= 1)),
  check (state not in ('gap') or present = 0),
  foreign key (requirement, place) references demand
);
create unique index span_in_force on span (requirement, place, starts_at) where known_to = 'infinity';
create index span_by_time on span (requirement, place, ends_at) where known_to = 'infinity';
create index span_known on span (requirement, place, known_to);

create table gap (
  id              uuid primary key default gen_random_uuid(),
  requirement     text not null,
  place           text not null,
  function        text not null references function,
  starts_at       timestamptz not null,
  ends_at         timestamptz not null,
  state           text not null check (state in ('gap', 'short', 'unknown')),
  cause           text not null,
  present         integer not null,
  required        integer not null,
  severity        text not null check (severity in ('critical', 'high', 'normal')),
  told            boolean not null,     -- announced: longer than the requirement's tolerance
  started         boolean not null default false,
  opened_at       timestamptz not null default clock_timestamp(),
  changed_at      timestamptz not null default clock_timestamp(),
  acknowledged_at timestamptz,
  acknowledged_by text,
  note            text,
  closed_at       timestamptz,
  passed          boolean,              -- closed because its time came and went
  check (starts_at < ends_at),
  check ((acknowledged_at is null) = (acknowledged_by is null)),
  check ((closed_at is null) = (passed is null)),
  foreign key (requirement, place) references demand
);
create index gap_open on gap (requirement, place) where closed_at is null;
create index gap_by_time on gap (place, starts_at);

-- Every step of every gap, for ever.
create table gap_event (
  id   bigint generated always as identity primary key,
  gap  uuid not null references gap,
  at   timestamptz not null default clock_timestamp(),
  step text not null check (step in ('opened', 'changed', 'started', 'acknowledged', 'closed')),
  row_after jsonb not null
);
create index gap_event_by_gap on gap_event (gap, id);

-- ------------------------------------------------------------------------------------------------------------------- flags

-- The outbox. The counter is locked by the transaction that adds a flag, until it commits: order of numbers = order of commits, no holes.
create table flag_counter (
  only_row boolean primary key default true check (only_row),
  epoch    integer not null,
  seq      bigint not null
);
create table incarnation (
  epoch             integer primary key,
  system_identifier bigint not null,
  timeline          integer not null,
  started_at        timestamptz not null default clock_timestamp()
);
create table flag (
  epoch        integer not null,
  seq          bigint not null,
  at           timestamptz not null default clock_timestamp(),
  kind         text not null check (kind in ('opened', 'changed', 'acknowledged', 'closed', 'started', 'reminder',
                                             'feed_stale', 'feed_restored', 'feed_held')),
  gap          uuid references gap,
  place        text,
  function     text,
  payload      text not null check (octet_length(payload) <= 2048),
  published_at timestamptz,
  primary key (epoch, seq)
);
create index flag_unpublished on flag (epoch, seq) where published_at is null;

insert into flag_counter (epoch, seq) values (1, 0);
insert into map_head (epoch, version, region_version, at) values (1, 0, 0, now());
insert into incarnation (epoch, system_identifier, timeline)
  select 1, s.system_identifier, c.timeline_id from pg_control_system() s, pg_control_checkpoint() c;

-- The one way to add a flag: takes the next number and writes the payload of contract 4. Called as late as possible in a
-- transaction, since it holds the counter until the commit. Times are RFC 3339 UTC.
create function flag_add(a_kind text, a_gap uuid, a_place text, a_function text, a_requirement text, a_state text,
                         a_starts timestamptz, a_ends timestamptz, a_severity text, a_cause text)
returns text language plpgsql as $$
declare
  head record;
  moment timestamptz := clock_timestamp();
  iso constant text := 'YYYY-MM-DD"T"HH24:MI:SS"Z"';
begin
  update flag_counter set seq = seq + 1 returning epoch, seq into head;
  insert into flag (epoch, seq, at, kind, gap, place, function, payload)
  values (head.epoch, head.seq, moment, a_kind, a_gap, a_place, a_function,
    jsonb_strip_nulls(jsonb_build_object(
      'v', 1, 'id', head.epoch || '-' || head.seq, 'kind', a_kind, 'gap', a_gap, 'place', a_place, 'function', a_function,
      'requirement', a_requirement, 'state', a_state,
      'start', to_char(a_starts at time zone 'UTC', iso), 'end', to_char(a_ends at time zone 'UTC', iso),
      'severity', a_severity,
      'lead_minutes', greatest(0, floor(extract(epoch from a_starts - moment) / 60))::bigint,
      'cause', a_cause, 'at', to_char(moment at time zone 'UTC', iso)))::text);
  return head.epoch || '-' || head.seq;
end $$;

-- ------------------------------------------------------------------------------------------------------------------ imports

create table import (
  id          bigint generated always as identity primary key,
  rota        text not null references rota,
  by_account  text not null,
  format      text not null check (format in ('text/calendar', 'text/csv')),
  mode        text not null check (mode in ('ask', 'if_safe', 'now')),  -- now: a source of kind `file` applied with the region
  body        bytea not null references body,
  state       text not null default 'uploaded'
              check (state in ('uploaded', 'preview', 'applied', 'discarded', 'refused', 'undone')),
  claimed_until timestamptz,
  uploaded_at timestamptz not null default clock_timestamp(),
  read_at     timestamptz,
  reading     bigint references reading,
  base        bigint references reading,   -- the rota's reading when the preview was made: confirm wants it unchanged
  safe        boolean,                     -- the guards have nothing against it
  why         text,                        -- what they have against it, or why it was refused: a sentence
  diff        jsonb,                       -- {"counts":{…},"changes":[{"kind","before","after"}, …]}
  superseded  bigint[],                    -- rows whose time ends if this is applied
  decided_at  timestamptz,
  decided_by  text,
  reason      text
);
create index import_waiting on import (id) where state = 'uploaded';
create index import_by_rota on import (rota, id);

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

-- -------------------------------------------------------------------------------------------------------------------- audit

-- Every change somebody asked for.
create table audit (
  id     bigint generated always as identity primary key,
  at     timestamptz not null default clock_timestamp(),
  actor  text not null,
  action text not null,
  object text not null,
  detail jsonb
);

-- ---------------------------------------------------------------------------------------------------------- never forgotten

-- Rows of the record are not deleted, and of a superseded row only the end of its time of being known is ever written.
create function keep_the_record() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and tg_table_name in ('shift', 'span') then
    if old.known_to = 'infinity' and new.known_to <> 'infinity'
       and to_jsonb(new) - 'known_to' = to_jsonb(old) - 'known_to' then
      return new;
    end if;
  end if;
  raise exception '% on %: the record is only ever added to', lower(tg_op), tg_table_name using errcode = 'P0002';
end $$;

create trigger keep before update or delete on shift for each row execute function keep_the_record();
create trigger keep before update or delete on span for each row execute function keep_the_record();
create trigger keep before update or delete on region for each row execute function keep_the_record();
create trigger keep before update or delete on reading for each row execute function keep_the_record();
create trigger keep before update or delete on gap_event for each row execute function keep_the_record();
create trigger keep before update or delete on feed_event for each row execute function keep_the_record();
create trigger keep before update or delete on audit for each row execute function keep_the_record();
create trigger keep_all before truncate on shift execute function keep_the_record();
create trigger keep_all before truncate on span execute function keep_the_record();
create trigger keep_all before truncate on region execute function keep_the_record();
create trigger keep_all before truncate on reading execute function keep_the_record();
create trigger keep_all before truncate on gap_event execute function keep_the_record();
create trigger keep_all before truncate on feed_event execute function keep_the_record();
create trigger keep_all before truncate on audit execute function keep_the_record();

-- ------------------------------------------------------------------------------------------------ shared by feeds and the api

-- Marks rotas for coverage and hints at it. One NOTIFY a transaction.
create function shifts_changed(a_rotas text[]) returns void language plpgsql as $$
begin
  insert into dirty (rota) select distinct unnest(a_rotas) order by 1
    on conflict (rota) do update set n = dirty.n + 1;
  notify shifts_changed;
end $$;

-- What every read of the set-up by a role that has no business with feed addresses gets.
create view region_without_addresses as
  select version, applied_at,
         jsonb_set(document::jsonb, '{rotas}',
           coalesce((select jsonb_agg(case when r ? 'source' and r->'source' ? 'url'
                                           then jsonb_set(r, '{source,url}', '"https://address.invalid/"') else r end order by n)
                     from jsonb_array_elements(document::jsonb->'rotas') with ordinality as x(r, n)), '[]'))::text as document
  from region;
