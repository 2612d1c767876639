-- SPDX-License-Identifier: MIT

-- Written by tests/schema from the migrations; not run by anything. Change a migration, then run it again.

-- The arguments of coverage_commit, one type for each kind of row. `demand` is the place of a demand in the array of them, from 1. A demand: as read,
-- and when time alone may change it next.
create type commit_demand as (requirement text, place text, function text, version bigint, next_at timestamp with time zone);

-- A span that ends, by its start.
create type commit_ended as (demand bigint, starts_at timestamp with time zone);

-- A step of a gap: its id is null when it opens, its event null when there is none to write, its flag null when nothing is announced. Bits of marks:
-- 1 started, 2 announced, 4 closes, 8 passed, 16 opens again, 32 the closing is held, 64 it follows its group.
create type commit_gap as (demand bigint, id text, event text, flag text, starts_at timestamp with time zone, ends_at timestamp with time zone, state text, cause text, present bigint, required bigint, severity text, marks bigint, cause_group text, alerts_sent bigint, alerted_to text);

-- A mark of a rota that is done with, as it was read, and a source as it was read.
create type commit_mark as (rota text, n bigint);

create type commit_source as (rota text, horizon timestamp with time zone, trusted_until timestamp with time zone);

-- A span that begins.
create type commit_span as (demand bigint, starts_at timestamp with time zone, ends_at timestamp with time zone, state text, cause text, present bigint, required bigint, shifts bigint[]);

create sequence dirty_mark;
grant usage on sequence dirty_mark to crisiscover_feeds;

create sequence feed_claim;
grant usage on sequence feed_claim to crisiscover_feeds;

-- What a change of the set-up would end. It is made as it would be, looked at, and taken back; without open risks there is nothing to look at.
create type risk_lost as (risk bigint, requirement text, place text, until timestamp with time zone, why text);

-- Previews do the change, read the rota, and roll the change back. The columns of a shift are those that the api reads.
create type shift_shown as (rota text, id bigint, class text, person text, team text, title text, starts_at timestamp with time zone, ends_at timestamp with time zone, override bigint, instead text, made_at timestamp with time zone, made_by text, note text, dispute text, third text[], late boolean);

create type subject as (codes jsonb, asked text[], pattern text, json text, name text);

-- Each typed shift has a key "typed/N", which it keeps when it is changed.
create sequence typed_key;

-- The reason is never stored: there is no column for it, here or in any other table.
create table absence (
  id bigint generated always as identity,
  person text not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  made_at timestamp with time zone default clock_timestamp() not null,
  made_by text not null,
  withdrawn_at timestamp with time zone,
  withdrawn_by text,
  constraint absence_pkey PRIMARY KEY (id),
  constraint absence_check CHECK ((starts_at < ends_at)),
  constraint absence_check1 CHECK ((isfinite(starts_at) AND isfinite(ends_at))),
  constraint absence_check2 CHECK (((withdrawn_at IS NULL) = (withdrawn_by IS NULL))),
  constraint absence_person_fkey FOREIGN KEY (person) REFERENCES person(id)
);
CREATE INDEX absence_by_person ON crisiscover.absence USING btree (person, ends_at);
CREATE TRIGGER keep BEFORE DELETE OR UPDATE ON crisiscover.absence FOR EACH ROW WHEN (
        CASE
            WHEN (COALESCE(current_setting('crisiscover.erasing'::text, true), ''::text) = ''::text) THEN true
            ELSE (NOT is_erasing())
        END) EXECUTE FUNCTION keep_what_was_said();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON crisiscover.absence FOR EACH STATEMENT EXECUTE FUNCTION keep_the_record();
CREATE CONSTRAINT TRIGGER keep_leave AFTER UPDATE OF withdrawn_at ON crisiscover.absence DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((new.withdrawn_at IS NOT NULL)) EXECUTE FUNCTION keep_leave_versions();
CREATE TRIGGER who_is_there BEFORE INSERT ON crisiscover.absence FOR EACH ROW EXECUTE FUNCTION said_of_who_is_there();
grant select on absence to crisiscover_api;

-- The accounts that may ask. Accounts come from the region file; the administrator's own is made by `crisiscoverd token`. The api decides from role
-- and places what they may see.
create table account (
  name text not null,
  kind text not null,
  role text not null,
  places text[] default '{}'::text[] not null,
  organisation text,
  retired_at timestamp with time zone,
  by_hand boolean default false not null,
  constraint account_pkey PRIMARY KEY (name),
  constraint account_kind_check CHECK ((kind = ANY (ARRAY['person'::text, 'device'::text, 'program'::text]))),
  constraint account_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'switchboard'::text, 'rota_manager'::text, 'commissioner'::text, 'place_manager'::text, 'organisation_administrator'::text, 'auditor'::text, 'administrator'::text]))),
  constraint account_organisation_fkey FOREIGN KEY (organisation) REFERENCES organisation(code)
);
CREATE TRIGGER account_ended AFTER UPDATE OF retired_at ON crisiscover.account FOR EACH ROW WHEN ((old.retired_at IS DISTINCT FROM new.retired_at)) EXECUTE FUNCTION account_ended();
CREATE TRIGGER account_ended_identities AFTER UPDATE OF retired_at ON crisiscover.account FOR EACH ROW WHEN ((old.retired_at IS DISTINCT FROM new.retired_at)) EXECUTE FUNCTION account_ended_identities();
CREATE TRIGGER account_ended_sessions AFTER UPDATE OF retired_at ON crisiscover.account FOR EACH ROW WHEN ((old.retired_at IS DISTINCT FROM new.retired_at)) EXECUTE FUNCTION account_ended_sessions();
grant select on account to crisiscover_api;

-- The version grows with every change of accounts or tokens: the api polls it.
create table account_head (
  only_row boolean default true not null,
  version bigint not null,
  constraint account_head_pkey PRIMARY KEY (only_row),
  constraint account_head_only_row_check CHECK (only_row)
);
grant select on account_head to crisiscover_api;

-- The first answer to each write that came with an Idempotency-Key, kept in the transaction of the write itself: both are there, or neither. Anyone
-- who asks again with the key gets that answer, and nothing is done a second time. What has written nothing needs no answer: to do it again does no
-- harm, and the same request meets the same checks. The key itself is not kept, and the answer is sealed with it: a row shows nothing (a new token, a
-- name) to anyone who has not got the key.
create table answer_kept (
  account text not null,
  key bytea not null,  -- SHA-256
  request bytea not null,  -- SHA-256 of method, path, query and body
  made_at timestamp with time zone default clock_timestamp() not null,
  answer bytea not null,
  constraint answer_kept_pkey PRIMARY KEY (account, key),
  constraint answer_kept_key_check CHECK ((length(key) = 32)),
  constraint answer_kept_request_check CHECK ((length(request) = 32))
);
CREATE INDEX answer_kept_made ON crisiscover.answer_kept USING btree (made_at);

-- Every change somebody asked for, and every reading of names. A chain: see audit_chain.
create table audit (
  id bigint generated always as identity,
  at timestamp with time zone default clock_timestamp() not null,
  actor text not null,
  action text not null,
  object text not null,
  detail jsonb,
  added_at timestamp with time zone default clock_timestamp() not null,
  seq bigint,
  prev_hash bytea,
  hash bytea,
  salt bytea,  -- null once the row was erased: what it said cannot be tried out against the digest then
  digest bytea,  -- of the salt and the text
  erased_at timestamp with time zone,  -- what it says of a person was replaced (0015_subjects.sql)
  constraint audit_pkey PRIMARY KEY (id, added_at),
  constraint audit_digest_check CHECK ((length(digest) = 32)),
  constraint audit_hash_check CHECK ((length(hash) = 32)),
  constraint audit_prev_hash_check CHECK ((length(prev_hash) = 32)),
  constraint audit_salt_check CHECK ((length(salt) = 16))
) partition by RANGE (added_at);
CREATE INDEX audit_by_object ON ONLY crisiscover.audit USING btree (object, at);
CREATE INDEX audit_by_seq ON ONLY crisiscover.audit USING btree (seq);
CREATE CONSTRAINT TRIGGER chain AFTER INSERT ON crisiscover.audit DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_chain();
CREATE TRIGGER keep BEFORE UPDATE ON crisiscover.audit FOR EACH ROW WHEN (
        CASE
            WHEN (COALESCE(current_setting('crisiscover.erasing'::text, true), ''::text) = ''::text) THEN true
            ELSE (NOT is_erasing())
        END) EXECUTE FUNCTION audit_keep();
CREATE TRIGGER keep_all BEFORE DELETE OR TRUNCATE ON crisiscover.audit FOR EACH STATEMENT EXECUTE FUNCTION record_keep('audit');
grant select on audit to crisiscover_api;
grant insert (actor, action, object, detail) on audit to crisiscover_feeds;

create table audit_rest partition of audit default;
CREATE TRIGGER keep_all BEFORE DELETE OR TRUNCATE ON crisiscover.audit_rest FOR EACH STATEMENT EXECUTE FUNCTION record_keep('audit');

-- Where the chain that is kept begins: after this row, which retention deleted.
create table audit_base (
  only_row boolean default true not null,
  seq bigint not null,
  hash bytea not null,
  constraint audit_base_pkey PRIMARY KEY (only_row),
  constraint audit_base_hash_check CHECK ((length(hash) = 32)),
  constraint audit_base_only_row_check CHECK (only_row)
);
grant select on audit_base to crisiscover_api;

-- The counter and the end of the chain. Locked at the end of each transaction that adds a row (see audit_chain), so that order of
-- numbers = order of commits.
create table audit_head (
  only_row boolean default true not null,
  seq bigint not null,
  hash bytea not null,
  at timestamp with time zone not null,
  constraint audit_head_pkey PRIMARY KEY (only_row),
  constraint audit_head_hash_check CHECK ((length(hash) = 32)),
  constraint audit_head_only_row_check CHECK (only_row)
);
grant select on audit_head to crisiscover_api;

-- Which process has written reads, and how far: a process numbers its reads, sends them in order, and sends again those that may not have arrived.
-- One row for each run of a process.
create table audit_writer (
  id text not null,
  last bigint not null,
  at timestamp with time zone default clock_timestamp() not null,
  constraint audit_writer_pkey PRIMARY KEY (id),
  constraint audit_writer_id_check CHECK ((id ~ '^[0-9a-f]{16}$'::text))
);

-- Bank holidays are a file of the machine, and new ones are proclaimed: each file that was ever in use is kept.
create table bank_holidays (
  id bigint generated always as identity,
  known_from timestamp with time zone default clock_timestamp() not null,
  sha256 bytea not null,
  csv text not null,
  constraint bank_holidays_pkey PRIMARY KEY (id),
  constraint bank_holidays_sha256_check CHECK ((length(sha256) = 32))
);
CREATE TRIGGER keep BEFORE DELETE OR UPDATE ON crisiscover.bank_holidays FOR EACH ROW WHEN (
        CASE
            WHEN (COALESCE(current_setting('crisiscover.erasing'::text, true), ''::text) = ''::text) THEN true
            ELSE (NOT is_erasing())
        END) EXECUTE FUNCTION keep_the_record();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON crisiscover.bank_holidays FOR EACH STATEMENT EXECUTE FUNCTION keep_the_record();
grant select on bank_holidays to crisiscover_api;

-- What came, by the hash of its exact bytes, never trusted. Of a calendar the bytes are those that are kept (calendars/kept.h), from when it has been read:
-- without descriptions, alarms and mail addresses. They may go after a while; the hash and what was read stay. Of leave that would read otherwise without
-- its reasons nothing else is kept from when it has been read.
create table body (
  sha256 bytea not null,
  bytes bytea,
  size integer not null,  -- of an upload, as it was sent
  first_seen timestamp with time zone default clock_timestamp() not null,
  used_at timestamp with time zone default clock_timestamp() not null,  -- when they were last stored, or in force, or held
  hash_alone boolean default false not null,  -- it may be in force and held without its bytes: leave that cannot be kept without its reasons
  constraint body_pkey PRIMARY KEY (sha256),
  constraint body_sha256_check CHECK ((length(sha256) = 32))
);
CREATE TRIGGER comes BEFORE INSERT ON crisiscover.body FOR EACH ROW EXECUTE FUNCTION body_comes();
grant insert, select on body to crisiscover_feeds;

-- Accounts that opened the cover of a place that is not theirs, with the reason. For half an hour each; the place's manager sees them until somebody
-- has reviewed them.
create table break_glass (
  id bigint generated always as identity,
  account text not null,
  place text not null,
  reason text not null,
  note text,
  at timestamp with time zone default clock_timestamp() not null,
  until timestamp with time zone not null,
  reviewed_at timestamp with time zone,
  reviewed_by text,
  review_note text,
  constraint break_glass_pkey PRIMARY KEY (id),
  constraint break_glass_check CHECK (((reviewed_at IS NULL) = (reviewed_by IS NULL))),
  constraint break_glass_reason_check CHECK ((reason = ANY (ARRAY['patient_from_there'::text, 'transfer'::text, 'no_cover_here'::text, 'major_incident'::text, 'other'::text]))),
  constraint break_glass_account_fkey FOREIGN KEY (account) REFERENCES account(name),
  constraint break_glass_place_fkey FOREIGN KEY (place) REFERENCES place(code)
);
CREATE INDEX break_glass_account ON crisiscover.break_glass USING btree (account, until);
CREATE INDEX break_glass_open ON crisiscover.break_glass USING btree (at) WHERE (reviewed_at IS NULL);
grant select on break_glass to crisiscover_api;

-- Of each hour the fullest reading of a rota: shifts by the day (from 1970, in UTC) on which they begin, from `day` on. Operational, for a week.
create table calendar_fullness (
  rota text not null,
  hour timestamp with time zone not null,
  day integer not null,
  counts integer[] not null,
  constraint calendar_fullness_pkey PRIMARY KEY (rota, hour),
  constraint calendar_fullness_rota_fkey FOREIGN KEY (rota) REFERENCES rota(id)
);
grant delete, insert, select, update on calendar_fullness to crisiscover_feeds;

-- The last change. The rota is covered by one person all the time but for an hour, which begins at hole_at.
create table canary (
  only_row boolean default true not null,
  turn bigint default 0 not null,
  turned_at timestamp with time zone default '2000-01-01 00:00:00+00'::timestamp with time zone not null,
  hole_at timestamp with time zone default '2000-01-01 00:00:00+00'::timestamp with time zone not null,  -- none yet
  constraint canary_pkey PRIMARY KEY (only_row),
  constraint canary_only_row_check CHECK (only_row)
);
grant select on canary to crisiscover_api;

-- What has come of it: `version` grows with each sweep that has changed its map, which each api process follows, and `flag` is the newest that a gap
-- of it was opened with, the one of `turn`. A table of its own: coverage locks it while it has locked marks, and the feeds role marks while it has locked
-- the other.
create table canary_swept (
  only_row boolean default true not null,
  version bigint default 0 not null,
  turn bigint default 0 not null,
  turned_at timestamp with time zone default '2000-01-01 00:00:00+00'::timestamp with time zone not null,
  flag text,
  constraint canary_swept_pkey PRIMARY KEY (only_row),
  constraint canary_swept_only_row_check CHECK (only_row)
);
grant select on canary_swept to crisiscover_api;
grant select on canary_swept to crisiscover_flags;

-- Contacts that nobody has checked for a long time, and when their organisation's managers were last reminded of each. A contact that is checked, or
-- gone, has no row.
create table contact_reminded (
  kind text not null,
  code text not null,
  at timestamp with time zone default clock_timestamp() not null,
  constraint contact_reminded_pkey PRIMARY KEY (kind, code),
  constraint contact_reminded_kind_check CHECK ((kind = ANY (ARRAY['person'::text, 'service'::text])))
);

-- Somebody rang, and reached the person, or nobody, or another, or the person declined. It is about a person on a rota, or about the line of a service. Never counted by
-- person.
create table contact_report (
  id bigint generated always as identity,
  version bigint not null,
  at timestamp with time zone default clock_timestamp() not null,
  until timestamp with time zone not null,  -- shown until then, if nothing newer was reported
  account text not null,
  place text not null,  -- from where it was rung
  function text not null,  -- of who was rung
  wanted text,  -- the one that was looked for; null: that
  service text not null,
  rota text,
  person text,
  outcome text not null,
  told boolean default false not null,  -- who keeps the rota was told by a flag
  withdrawn_at timestamp with time zone,  -- taken back by who reported it
  settled_at timestamp with time zone,  -- seen to by who keeps the rota
  settled_by text,
  settle_note text,
  constraint contact_report_pkey PRIMARY KEY (id),
  constraint contact_report_check CHECK ((isfinite(until) AND (until > at))),
  constraint contact_report_check1 CHECK (((rota IS NULL) = (person IS NULL))),
  constraint contact_report_check2 CHECK (((settled_at IS NULL) = (settled_by IS NULL))),
  constraint contact_report_outcome_check CHECK ((outcome = ANY (ARRAY['reached'::text, 'no_answer'::text, 'wrong_person'::text, 'declined'::text]))),
  constraint contact_report_settle_note_check CHECK ((settle_note <> ''::text)),
  constraint contact_report_person_fkey FOREIGN KEY (person) REFERENCES person(id),
  constraint contact_report_place_fkey FOREIGN KEY (place) REFERENCES place(code),
  constraint contact_report_rota_fkey FOREIGN KEY (rota) REFERENCES rota(id)
);
CREATE INDEX contact_report_account ON crisiscover.contact_report USING btree (account, id);
CREATE INDEX contact_report_open ON crisiscover.contact_report USING btree (id) WHERE ((outcome <> 'reached'::text) AND (withdrawn_at IS NULL) AND (settled_at IS NULL));
CREATE INDEX contact_report_person ON crisiscover.contact_report USING btree (person, id);
CREATE INDEX contact_report_place ON crisiscover.contact_report USING btree (place, at);
CREATE INDEX contact_report_rota ON crisiscover.contact_report USING btree (rota, id);
CREATE INDEX contact_report_service ON crisiscover.contact_report USING btree (service, id);
CREATE INDEX contact_report_until ON crisiscover.contact_report USING btree (until);
CREATE INDEX contact_report_version ON crisiscover.contact_report USING btree (version);
CREATE TRIGGER keep BEFORE DELETE OR UPDATE ON crisiscover.contact_report FOR EACH ROW WHEN (
        CASE
            WHEN (COALESCE(current_setting('crisiscover.erasing'::text, true), ''::text) = ''::text) THEN true
            ELSE (NOT is_erasing())
        END) EXECUTE FUNCTION keep_what_was_remarked();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON crisiscover.contact_report FOR EACH STATEMENT EXECUTE FUNCTION keep_the_record();
grant select on contact_report to crisiscover_api;

-- How an account signs in by name. No login may read this table: its functions answer about one account. The secret of the codes is sealed with a
-- key that is not in the database.
create table credential (
  account text not null,
  password text not null,
  totp bytea,  -- null: it needs no code
  totp_step bigint default 0 not null,  -- the last whose code was used
  set_at timestamp with time zone default clock_timestamp() not null,
  constraint credential_pkey PRIMARY KEY (account),
  constraint credential_password_check CHECK ((password ~~ '$argon2id$%'::text)),
  constraint credential_account_fkey FOREIGN KEY (account) REFERENCES account(name)
);

create table decision (
  id bigint generated always as identity,
  rota text not null,
  kind text not null,
  words text not null,  -- the title without numbers and reasons, or the name, as it was decided
  key text not null,  -- equal for words that the reader takes for the same
  reads text not null,
  person text,
  team text,
  decided_by text not null,
  known_from timestamp with time zone default clock_timestamp() not null,
  known_to timestamp with time zone default 'infinity'::timestamp with time zone not null,
  ended_by text,
  zone text,  -- of the tz database
  constraint decision_pkey PRIMARY KEY (id),
  constraint decision_check CHECK ((known_from <= known_to)),
  constraint decision_check1 CHECK (((known_to = 'infinity'::timestamp with time zone) = (ended_by IS NULL))),
  constraint decision_check2 CHECK (((reads = ANY (ARRAY['named'::text, 'absence'::text])) = (person IS NOT NULL))),
  constraint decision_check3 CHECK (((reads = 'team'::text) = (team IS NOT NULL))),
  constraint decision_key_check CHECK ((key <> ''::text)),
  constraint decision_kind_check CHECK ((kind = ANY (ARRAY['title'::text, 'alias'::text, 'word'::text, 'zone'::text, 'date_order'::text]))),
  constraint decision_reads_check CHECK (
CASE kind
    WHEN 'title'::text THEN (reads = ANY (ARRAY['named'::text, 'team'::text, 'nobody'::text, 'undecided'::text, 'absence'::text, 'noise'::text]))
    WHEN 'alias'::text THEN (reads = 'named'::text)
    WHEN 'word'::text THEN (reads = ANY (ARRAY['nothing'::text, 'nobody'::text, 'away'::text]))
    WHEN 'zone'::text THEN (reads = 'zone'::text)
    WHEN 'date_order'::text THEN (reads = ANY (ARRAY['dmy'::text, 'mdy'::text]))
    ELSE NULL::boolean
END),
  constraint decision_words_check CHECK (((length(words) >= 1) AND (length(words) <= 400))),
  constraint decision_zone_check CHECK (((kind = 'zone'::text) = (zone IS NOT NULL))),
  constraint decision_person_fkey FOREIGN KEY (person) REFERENCES person(id),
  constraint decision_rota_fkey FOREIGN KEY (rota) REFERENCES rota(id)
);
CREATE INDEX decision_by_rota ON crisiscover.decision USING btree (rota, id);
CREATE UNIQUE INDEX decision_in_force ON crisiscover.decision USING btree (rota, kind, key) WHERE (known_to = 'infinity'::timestamp with time zone);
CREATE TRIGGER keep BEFORE DELETE OR UPDATE ON crisiscover.decision FOR EACH ROW WHEN (
        CASE
            WHEN (COALESCE(current_setting('crisiscover.erasing'::text, true), ''::text) = ''::text) THEN true
            ELSE (NOT is_erasing())
        END) EXECUTE FUNCTION keep_decisions();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON crisiscover.decision FOR EACH STATEMENT EXECUTE FUNCTION keep_decisions();
CREATE TRIGGER who_is_there BEFORE INSERT ON crisiscover.decision FOR EACH ROW WHEN ((new.person IS NOT NULL)) EXECUTE FUNCTION said_of_who_is_there();
grant select on decision to crisiscover_api;
grant select on decision to crisiscover_feeds;

-- The version grows with every decision: the feeds role polls it.
create table decision_head (
  only_row boolean default true not null,
  version bigint not null,
  constraint decision_head_pkey PRIMARY KEY (only_row),
  constraint decision_head_only_row_check CHECK (only_row)
);
grant select on decision_head to crisiscover_feeds;

-- One requirement at one place (its own or inherited): the unit of the map. `version` guards against two writers; `next_at` is the next
-- instant at which time alone changes something here.
create table demand (
  requirement text not null,
  place text not null,
  version bigint default 0 not null,
  next_at timestamp with time zone default '-infinity'::timestamp with time zone not null,
  swept_to timestamp with time zone,
  retired_at timestamp with time zone,
  region_version bigint default 0 not null,  -- the region it was last swept for
  constraint demand_pkey PRIMARY KEY (requirement, place),
  constraint demand_place_fkey FOREIGN KEY (place) REFERENCES place(code),
  constraint demand_requirement_fkey FOREIGN KEY (requirement) REFERENCES requirement(id)
);
CREATE INDEX demand_due ON crisiscover.demand USING btree (next_at) WHERE (retired_at IS NULL);
CREATE INDEX demand_swept ON crisiscover.demand USING btree (region_version) WHERE (retired_at IS NULL);
grant select on demand to crisiscover_api;
grant select on demand to crisiscover_coverage;

-- A ward's machine that is signed in without a person. Its account is made with its code and sees one place; no region file knows of it. The code is
-- kept as a hash with a key that is not in the database, for ten minutes.
create table device (
  account text not null,
  place text not null,
  label text not null,
  made_at timestamp with time zone default clock_timestamp() not null,
  made_by text not null,
  code bytea,  -- null: it was typed, or its time is over
  code_until timestamp with time zone not null,
  enrolled_at timestamp with time zone,
  removed_at timestamp with time zone,
  removed_by text,
  constraint device_pkey PRIMARY KEY (account),
  constraint device_check CHECK (((removed_at IS NULL) = (removed_by IS NULL))),
  constraint device_code_check CHECK ((length(code) = 32)),
  constraint device_account_fkey FOREIGN KEY (account) REFERENCES account(name),
  constraint device_place_fkey FOREIGN KEY (place) REFERENCES place(code),
  constraint device_code_key UNIQUE (code)
);
CREATE INDEX device_place ON crisiscover.device USING btree (place);
grant select (account, place, label, made_at, made_by, code_until, enrolled_at, removed_at, removed_by) on device to crisiscover_api;

-- Sources that must be read again. `n` grows with every mark, so that coverage clears only what it has seen; a number is never used twice: otherwise
-- a process that read an older mark could clear a newer one, and lose a change that was not swept.
create table dirty (
  rota text not null,
  n bigint default nextval('dirty_mark'::regclass) not null,
  since timestamp with time zone default clock_timestamp() not null,
  constraint dirty_pkey PRIMARY KEY (rota),
  constraint dirty_rota_fkey FOREIGN KEY (rota) REFERENCES rota(id)
);
grant select on dirty to crisiscover_api;
grant select on dirty to crisiscover_coverage;
grant insert, select, update on dirty to crisiscover_feeds;

create table erasing (
  xid xid8 not null,
  constraint erasing_pkey PRIMARY KEY (xid)
);

-- What was erased: never who.
create table erasure (
  id bigint generated always as identity,
  person text not null,  -- the code since
  at timestamp with time zone default clock_timestamp() not null,
  by text not null,  -- 'retention': nobody asked, the time was over
  second text,  -- who agreed
  rows jsonb not null,  -- how many of each table
  constraint erasure_pkey PRIMARY KEY (id)
);
grant select (id) on erasure to crisiscover_api;

-- How long the rounds of subjects_due have found the clock to go on as clocks do.
create table erasure_clock (
  only_row boolean default true not null,
  since timestamp with time zone not null,
  last timestamp with time zone not null,
  days bigint not null,  -- the setting retain_person_days, of which people are told
  constraint erasure_clock_pkey PRIMARY KEY (only_row),
  constraint erasure_clock_only_row_check CHECK (only_row)
);

-- Erasures that somebody has asked for before the time is over: another person makes or refuses them.
create table erasure_request (
  id bigint generated always as identity,
  person text not null,
  reason text not null,
  made_by text not null,
  made_at timestamp with time zone default clock_timestamp() not null,
  expires_at timestamp with time zone default (clock_timestamp() + '7 days'::interval) not null,
  decided_by text,
  decided_at timestamp with time zone,
  constraint erasure_request_pkey PRIMARY KEY (id),
  constraint erasure_request_check CHECK (((decided_at IS NULL) = (decided_by IS NULL))),
  constraint erasure_request_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 400))),
  constraint erasure_request_person_fkey FOREIGN KEY (person) REFERENCES person(id)
);
CREATE UNIQUE INDEX erasure_request_open ON crisiscover.erasure_request USING btree (person) WHERE (decided_at IS NULL);

-- One row for each rota of the region in force: the state of its source. Operational state, changed in place; what it led to is not.
create table feed (
  rota text not null,
  kind text not null,
  fetched boolean default (kind = ANY (ARRAY['ical_url'::text, 'caldav'::text])) not null,  -- its source is an address
  address text,  -- its mask
  way jsonb default '{}'::jsonb not null,  -- how the address is asked: its secret by name, proxy, authority, as in the set-up
  every interval default '00:05:00'::interval not null,
  next_at timestamp with time zone default now() not null,  -- when it is due; infinity for uploads and typed rotas
  claimed_until timestamp with time zone,  -- a job has it until then,
  claimed_by text,  -- or until this session ends (session_name)
  refresh_asked_at timestamp with time zone,
  etag text,
  last_modified text,
  state text default 'never'::text not null,  -- refused: the address's server wants another secret
  fault text,  -- a sentence for people when not good
  failures integer default 0 not null,
  last_attempt_at timestamp with time zone,
  last_good_at timestamp with time zone,  -- the last check that proved the current shifts: freshness counts from here
  last_change_at timestamp with time zone,  -- when a new body was last applied
  body bytea,  -- the body the current shifts come from
  reading bigint,  -- and its reading
  horizon timestamp with time zone,
  held_body bytea,
  updated_at timestamp with time zone default clock_timestamp() not null,  -- moved by every change: the api polls by it
  claim bigint,
  format text default 'text/calendar'::text not null,
  read_with bytea,
  unread_with bytea,
  seen_body bytea,
  seen_with bytea,
  full_at timestamp with time zone,  -- when the address last gave a whole calendar: once a day it is asked for one
  told_stale boolean default false not null,  -- a flag said that it is stale, and none since that it is fresh again
  held_import bigint,  -- the held body as an import that a person can confirm or discard
  versions bytea,
  warnings jsonb default '[]'::jsonb not null,
  clock_off integer,
  zones text,
  to_decide jsonb default '[]'::jsonb not null,
  rules text,
  upload bigint,
  content bytea,
  address_content bytea,
  listed_over_at timestamp with time zone,  -- when the address last listed what was over
  dropped integer default 0 not null,  -- readings that dropped what began, since it last listed something that had begun
  dropped_start timestamp with time zone,  -- start of the last shift that it dropped
  constraint feed_pkey PRIMARY KEY (rota),
  constraint feed_check CHECK ((fetched = (address IS NOT NULL))),
  constraint feed_check1 CHECK (((state = 'held'::text) = (held_body IS NOT NULL))),
  constraint feed_check2 CHECK (((upload IS NULL) OR fetched)),
  constraint feed_format_check CHECK ((format = ANY (ARRAY['text/calendar'::text, 'text/csv'::text, 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'::text]))),
  constraint feed_kind_check CHECK ((kind = ANY (ARRAY['ical_url'::text, 'caldav'::text, 'file'::text, 'typed'::text]))),
  constraint feed_state_check CHECK ((state = ANY (ARRAY['never'::text, 'good'::text, 'failing'::text, 'held'::text, 'refused'::text]))),
  constraint feed_address_fkey FOREIGN KEY (address) REFERENCES feed_address(mask),
  constraint feed_body_fkey FOREIGN KEY (body) REFERENCES body(sha256),
  constraint feed_held_body_fkey FOREIGN KEY (held_body) REFERENCES body(sha256),
  constraint feed_held_import_fkey FOREIGN KEY (held_import) REFERENCES import(id),
  constraint feed_reading_fkey FOREIGN KEY (reading) REFERENCES reading(id),
  constraint feed_rota_fkey FOREIGN KEY (rota) REFERENCES rota(id),
  constraint feed_upload_fkey FOREIGN KEY (upload) REFERENCES import(id)
);
CREATE INDEX feed_due ON crisiscover.feed USING btree (next_at);
CREATE INDEX feed_good ON crisiscover.feed USING btree (last_good_at) WHERE fetched;
CREATE INDEX feed_refresh ON crisiscover.feed USING btree (refresh_asked_at) WHERE (refresh_asked_at IS NOT NULL);
CREATE INDEX feed_to_tell ON crisiscover.feed USING btree (last_good_at) WHERE (fetched AND (NOT told_stale));
CREATE INDEX feed_updated ON crisiscover.feed USING btree (updated_at);
CREATE TRIGGER body_used AFTER INSERT OR UPDATE ON crisiscover.feed FOR EACH ROW EXECUTE FUNCTION body_used();
CREATE TRIGGER fullness_goes AFTER DELETE ON crisiscover.feed FOR EACH ROW EXECUTE FUNCTION fullness_goes();
CREATE TRIGGER noted AFTER INSERT OR DELETE OR UPDATE ON crisiscover.feed FOR EACH ROW EXECUTE FUNCTION source_noted();
CREATE TRIGGER rotation_goes AFTER DELETE ON crisiscover.feed FOR EACH ROW WHEN ((old.kind = 'typed'::text)) EXECUTE FUNCTION rotation_goes();
CREATE TRIGGER rotation_source AFTER UPDATE OF kind ON crisiscover.feed FOR EACH ROW WHEN (((old.kind = 'typed'::text) AND (new.kind <> 'typed'::text))) EXECUTE FUNCTION rotation_goes();
CREATE TRIGGER source_changes BEFORE UPDATE OF kind, address ON crisiscover.feed FOR EACH ROW WHEN (((old.kind IS DISTINCT FROM new.kind) OR (old.address IS DISTINCT FROM new.address))) EXECUTE FUNCTION feed_source_changes();
grant select (rota, kind, fetched, every, next_at, refresh_asked_at, state, fault, failures, last_attempt_at, last_good_at, last_change_at, reading, horizon, updated_at, held_import) on feed to crisiscover_api;
grant select, update on feed to crisiscover_feeds;

-- An address is a bearer secret: who has it reads the calendar. Its mask stands for it in the set-up, the audit and everything else here: a keyed hash
-- (server/address/), so that the same address has the same mask, and nobody finds the address by trying. The address itself is here alone, in a box
-- that no key of this database opens; it begins with eight bytes that name the key pair. The secret that is sent to an address is kept in the same way,
-- with its name in the place of the mask.
create table feed_address (
  mask text not null,
  box bytea not null,
  kept_at timestamp with time zone default clock_timestamp() not null,
  constraint feed_address_pkey PRIMARY KEY (mask),
  constraint feed_address_box_check CHECK ((length(box) > 56)),
  constraint feed_address_mask_check CHECK ((is_address_mask(mask) OR is_secret_name(mask)))
);
grant select on feed_address to crisiscover_feeds;

-- Each change of a feed's state, kept as long as the record. In partitions by the month in which it was noted.
create table feed_event (
  id bigint generated always as identity,
  rota text not null,
  at timestamp with time zone default clock_timestamp() not null,
  state text not null,
  fault text,
  last_good_at timestamp with time zone,
  body bytea,
  constraint feed_event_pkey PRIMARY KEY (id, at),
  constraint feed_event_rota_fkey FOREIGN KEY (rota) REFERENCES rota(id)
) partition by RANGE (at);
CREATE INDEX feed_event_by_rota ON ONLY crisiscover.feed_event USING btree (rota, at);
CREATE TRIGGER keep BEFORE UPDATE ON crisiscover.feed_event FOR EACH ROW WHEN (
        CASE
            WHEN (COALESCE(current_setting('crisiscover.erasing'::text, true), ''::text) = ''::text) THEN true
            ELSE (NOT is_erasing())
        END) EXECUTE FUNCTION record_stay('feed_event');
CREATE TRIGGER keep_all BEFORE DELETE OR TRUNCATE ON crisiscover.feed_event FOR EACH STATEMENT EXECUTE FUNCTION record_keep('feed_event');
grant select on feed_event to crisiscover_api;
grant insert on feed_event to crisiscover_feeds;

create table feed_event_rest partition of feed_event default;
CREATE TRIGGER keep_all BEFORE DELETE OR TRUNCATE ON crisiscover.feed_event_rest FOR EACH STATEMENT EXECUTE FUNCTION record_keep('feed_event');

-- Each flag, in order, until its month is deleted. published_at: when it was in Redis.
create table flag (
  epoch integer not null,
  seq bigint not null,
  at timestamp with time zone default clock_timestamp() not null,
  kind text not null,
  gap uuid,
  place text,
  function text,
  payload text not null,
  published_at timestamp with time zone,
  constraint flag_pkey PRIMARY KEY (epoch, seq, at),
  constraint flag_kind_check CHECK ((kind = ANY (ARRAY['opened'::text, 'changed'::text, 'acknowledged'::text, 'closed'::text, 'started'::text, 'reminder'::text, 'feed_stale'::text, 'feed_restored'::text, 'feed_held'::text, 'override_disputed'::text, 'override_settled'::text, 'break_glass'::text, 'single_handed'::text, 'contacts_unverified'::text, 'person_new'::text, 'contact_failed'::text, 'message_undelivered'::text, 'accepted'::text]))),
  constraint flag_payload_check CHECK ((octet_length(payload) <= 2048)),
  constraint flag_gap_fkey FOREIGN KEY (gap) REFERENCES gap(id)
) partition by RANGE (at);
CREATE INDEX flag_unpublished ON ONLY crisiscover.flag USING btree (epoch, seq) WHERE (published_at IS NULL);
grant select on flag to crisiscover_api;
grant insert on flag to crisiscover_feeds;
grant select on flag to crisiscover_flags;

create table flag_rest partition of flag default;

-- The outbox. The counter is locked by the transaction that adds a flag, until it commits: order of numbers = order of commits, no holes.
create table flag_counter (
  only_row boolean default true not null,
  epoch integer not null,
  seq bigint not null,
  constraint flag_counter_pkey PRIMARY KEY (only_row),
  constraint flag_counter_only_row_check CHECK (only_row)
);
grant select on flag_counter to crisiscover_api;
grant select, update on flag_counter to crisiscover_feeds;

create table function (
  code text not null,
  retired_at timestamp with time zone,
  constraint function_pkey PRIMARY KEY (code)
);

-- A time at which a demand is not covered, from when it is first known until it is closed. Changed in place; gap_event has each step.
create table gap (
  id uuid default gen_random_uuid() not null,
  requirement text not null,
  place text not null,
  function text not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  state text not null,
  cause text not null,
  present integer not null,
  required integer not null,
  severity text not null,
  told boolean not null,  -- announced: longer than the requirement's tolerance
  started boolean default false not null,
  opened_at timestamp with time zone default clock_timestamp() not null,
  changed_at timestamp with time zone default clock_timestamp() not null,
  acknowledged_at timestamp with time zone,
  acknowledged_by text,
  note text,
  closed_at timestamp with time zone,
  passed boolean,  -- closed because its time came and went
  remind_at timestamp with time zone,  -- when the next reminder is due; null: none is
  cause_group text,
  lead boolean default true not null,
  alerts_sent integer default 0 not null,
  alerted_to text,
  acknowledged_severity text,
  alarmed_at timestamp with time zone,
  alarmed_before_at timestamp with time zone,
  settle_at timestamp with time zone,
  acknowledged_until timestamp with time zone,
  risk bigint,
  accepted_until timestamp with time zone,
  constraint gap_pkey PRIMARY KEY (id),
  constraint gap_acknowledged_severity_check CHECK ((acknowledged_severity = ANY (ARRAY['critical'::text, 'high'::text, 'normal'::text]))),
  constraint gap_alerted_to_check CHECK ((alerted_to = ANY (ARRAY['owner'::text, 'deputy'::text, 'commissioner'::text]))),
  constraint gap_alerts_sent_check CHECK ((alerts_sent >= 0)),
  constraint gap_check CHECK (((risk IS NULL) = (accepted_until IS NULL))),
  constraint gap_check1 CHECK ((starts_at < ends_at)),
  constraint gap_check2 CHECK (((acknowledged_at IS NULL) = (acknowledged_by IS NULL))),
  constraint gap_check3 CHECK (((closed_at IS NULL) = (passed IS NULL))),
  constraint gap_check4 CHECK (((settle_at IS NULL) OR (closed_at IS NOT NULL))),
  constraint gap_severity_check CHECK ((severity = ANY (ARRAY['critical'::text, 'high'::text, 'normal'::text]))),
  constraint gap_state_check CHECK ((state = ANY (ARRAY['gap'::text, 'short'::text, 'unknown'::text]))),
  constraint gap_function_fkey FOREIGN KEY (function) REFERENCES function(code),
  constraint gap_requirement_place_fkey FOREIGN KEY (requirement, place) REFERENCES demand(requirement, place)
);
CREATE INDEX gap_accepted ON crisiscover.gap USING btree (risk) WHERE ((risk IS NOT NULL) AND (closed_at IS NULL));
CREATE INDEX gap_by_time ON crisiscover.gap USING btree (place, starts_at);
CREATE INDEX gap_filled ON crisiscover.gap USING btree (requirement, place, closed_at) WHERE (NOT passed);
CREATE INDEX gap_lapses ON crisiscover.gap USING btree (acknowledged_until) WHERE ((acknowledged_until IS NOT NULL) AND (closed_at IS NULL));
CREATE INDEX gap_left_empty ON crisiscover.gap USING btree (gap_left_empty_by(cause_group)) WHERE ((cause_group IS NOT NULL) AND (closed_at IS NULL));
CREATE INDEX gap_of_group ON crisiscover.gap USING btree (cause_group) WHERE ((cause_group IS NOT NULL) AND (closed_at IS NULL));
CREATE INDEX gap_open ON crisiscover.gap USING btree (requirement, place) WHERE (closed_at IS NULL);
CREATE INDEX gap_over ON crisiscover.gap USING btree (starts_at, id);
CREATE INDEX gap_remind ON crisiscover.gap USING btree (remind_at) WHERE (remind_at IS NOT NULL);
CREATE INDEX gap_settles ON crisiscover.gap USING btree (settle_at) WHERE (settle_at IS NOT NULL);
grant select on gap to crisiscover_api;
grant select on gap to crisiscover_coverage;

-- Every step of every gap. Only added to.
create table gap_event (
  id bigint generated always as identity,
  gap uuid not null,
  at timestamp with time zone default clock_timestamp() not null,
  step text not null,
  row_after jsonb not null,
  constraint gap_event_pkey PRIMARY KEY (id),
  constraint gap_event_step_check CHECK ((step = ANY (ARRAY['opened'::text, 'changed'::text, 'started'::text, 'alerted'::text, 'acknowledged'::text, 'closed'::text, 'reopened'::text, 'lapsed'::text, 'taken_back'::text, 'accepted'::text, 'acceptance_ended'::text]))),
  constraint gap_event_gap_fkey FOREIGN KEY (gap) REFERENCES gap(id)
);
CREATE INDEX gap_event_by_gap ON crisiscover.gap_event USING btree (gap, id);
CREATE TRIGGER canary_goes BEFORE INSERT ON crisiscover.gap_event FOR EACH ROW WHEN (((new.row_after ->> 'place'::text) = '.canary'::text)) EXECUTE FUNCTION canary_keeps_nothing();
CREATE TRIGGER keep BEFORE DELETE OR UPDATE ON crisiscover.gap_event FOR EACH ROW WHEN (
        CASE
            WHEN (COALESCE(current_setting('crisiscover.erasing'::text, true), ''::text) = ''::text) THEN true
            ELSE (NOT is_erasing())
        END) EXECUTE FUNCTION keep_the_record();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON crisiscover.gap_event FOR EACH STATEMENT EXECUTE FUNCTION keep_the_record();
grant select on gap_event to crisiscover_api;

-- Gaps that somebody foresees, has accepted with a reason, and answers for: what leave was approved with. Such a gap is acknowledged as it opens, once.
create table gap_expected (
  id bigint generated always as identity,
  requirement text not null,
  place text not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  who text not null,
  reason text not null,
  made_for text not null,  -- 'leave/12'
  made_at timestamp with time zone default clock_timestamp() not null,
  ended_at timestamp with time zone,  -- it is expected no more
  constraint gap_expected_pkey PRIMARY KEY (id),
  constraint gap_expected_check CHECK ((starts_at < ends_at)),
  constraint gap_expected_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 400))),
  constraint gap_expected_place_fkey FOREIGN KEY (place) REFERENCES place(code),
  constraint gap_expected_requirement_fkey FOREIGN KEY (requirement) REFERENCES requirement(id)
);
CREATE INDEX gap_expected_for ON crisiscover.gap_expected USING btree (made_for);
CREATE INDEX gap_expected_of ON crisiscover.gap_expected USING btree (requirement, place) WHERE (ended_at IS NULL);
CREATE TRIGGER keep_all BEFORE TRUNCATE ON crisiscover.gap_expected FOR EACH STATEMENT EXECUTE FUNCTION keep_the_record();

-- The last flag of each group that has open gaps, and when its growth is announced.
create table gap_group (
  id text not null,
  told_members integer not null,
  told_at timestamp with time zone not null,
  tell_at timestamp with time zone,
  constraint gap_group_pkey PRIMARY KEY (id)
);
CREATE INDEX gap_group_grown ON crisiscover.gap_group USING btree (tell_at) WHERE (tell_at IS NOT NULL);
grant select on gap_group to crisiscover_coverage;

-- All notes of people on a gap, oldest first. Only ever added to.
create table gap_note (
  id bigint generated always as identity,
  gap uuid not null,
  at timestamp with time zone default clock_timestamp() not null,
  who text not null,
  step text not null,
  note text,
  constraint gap_note_pkey PRIMARY KEY (id),
  constraint gap_note_step_check CHECK ((step = ANY (ARRAY['acknowledged'::text, 'noted'::text, 'taken_back'::text]))),
  constraint gap_note_gap_fkey FOREIGN KEY (gap) REFERENCES gap(id)
);
CREATE INDEX gap_note_of ON crisiscover.gap_note USING btree (gap, id);
grant select on gap_note to crisiscover_api;

-- A person as a provider knows them, in one organisation, and the account that this person was given there. A sign-in without one makes a request
-- ('asked') and gives no right. What the provider calls the person is kept until somebody has decided.
create table identity (
  id bigint generated always as identity,
  provider text not null,
  subject text not null,
  organisation text not null,
  state text default 'asked'::text not null,
  name text,
  account text,
  of_none boolean default false not null,  -- the account was linked as one that is of no organisation
  asked_at timestamp with time zone default clock_timestamp() not null,
  decided_at timestamp with time zone,
  decided_by text,
  ended_at timestamp with time zone,
  ended_by text,
  used_at timestamp with time zone,  -- the last sign-in
  last_issued bigint,  -- of the token that was used last: when it was issued, and its hash; neither is used again
  last_token bytea,
  constraint identity_pkey PRIMARY KEY (id),
  constraint identity_check CHECK (((state = 'linked'::text) <= (account IS NOT NULL))),
  constraint identity_check1 CHECK (((ended_at IS NULL) = (state <> 'ended'::text))),
  constraint identity_last_token_check CHECK ((length(last_token) = 32)),
  constraint identity_state_check CHECK ((state = ANY (ARRAY['asked'::text, 'linked'::text, 'refused'::text, 'ended'::text]))),
  constraint identity_subject_check CHECK (((length(subject) >= 1) AND (length(subject) <= 255))),
  constraint identity_account_fkey FOREIGN KEY (account) REFERENCES account(name),
  constraint identity_organisation_fkey FOREIGN KEY (organisation) REFERENCES organisation(code),
  constraint identity_provider_fkey FOREIGN KEY (provider) REFERENCES provider(id)
);
CREATE INDEX identity_account ON crisiscover.identity USING btree (account) WHERE (state = 'linked'::text);
CREATE INDEX identity_list ON crisiscover.identity USING btree (organisation, id) WHERE (state <> 'ended'::text);
CREATE UNIQUE INDEX identity_one ON crisiscover.identity USING btree (provider, subject, organisation) WHERE (state <> 'ended'::text);
grant select (id, provider, organisation, state, name, account, asked_at, decided_at, decided_by, used_at) on identity to crisiscover_api;

-- A calendar or a roster that somebody has sent, or that the guards have held: read, shown as a preview, and put in force or not.
create table import (
  id bigint generated always as identity,
  rota text not null,
  by_account text not null,
  format text not null,
  mode text not null,
  body bytea not null,
  state text default 'uploaded'::text not null,
  claimed_until timestamp with time zone,  -- as of feed
  claimed_by text,
  uploaded_at timestamp with time zone default clock_timestamp() not null,
  read_at timestamp with time zone,
  reading bigint,
  base bigint,  -- the rota's reading when the preview was made: confirm wants it unchanged
  safe boolean,  -- the guards have nothing against it
  why text,  -- what they have against it, or why it was refused: a sentence
  diff jsonb,  -- {"counts":{…},"changes":[{"kind","before","after"}, …]}
  superseded bigint[],  -- rows whose time ends if this is applied
  decided_at timestamp with time zone,
  decided_by text,
  reason text,
  claim bigint,  -- as of feed
  versions bytea,
  warnings jsonb default '[]'::jsonb not null,
  step text,
  events_read integer,
  was jsonb,
  rules text,
  content bytea,
  learnt jsonb,  -- what the feed is to learn of how full the calendar is
  filed boolean default false not null,  -- it came with a region file, not by somebody's hand
  takes_place_of bytea,  -- of one that came with a file: the body in force that it is to replace
  looked jsonb,  -- of mode look: what would be its reading, which would have to be kept
  constraint import_pkey PRIMARY KEY (id),
  constraint import_format_check CHECK ((format = ANY (ARRAY['text/calendar'::text, 'text/csv'::text, 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'::text]))),
  constraint import_mode_check CHECK ((mode = ANY (ARRAY['ask'::text, 'if_safe'::text, 'now'::text, 'look'::text]))),
  constraint import_state_check CHECK ((state = ANY (ARRAY['uploaded'::text, 'preview'::text, 'applied'::text, 'discarded'::text, 'refused'::text, 'undone'::text]))),
  constraint import_step_check CHECK ((step = ANY (ARRAY['reading'::text, 'comparing'::text]))),
  constraint import_base_fkey FOREIGN KEY (base) REFERENCES reading(id),
  constraint import_body_fkey FOREIGN KEY (body) REFERENCES body(sha256),
  constraint import_reading_fkey FOREIGN KEY (reading) REFERENCES reading(id),
  constraint import_rota_fkey FOREIGN KEY (rota) REFERENCES rota(id)
);
CREATE INDEX import_by_body ON crisiscover.import USING btree (body, by_account);
CREATE INDEX import_by_rota ON crisiscover.import USING btree (rota, id);
CREATE INDEX import_if_safe ON crisiscover.import USING btree (id) WHERE ((state = 'preview'::text) AND (mode = 'if_safe'::text) AND safe);
CREATE INDEX import_looked ON crisiscover.import USING btree (uploaded_at) WHERE (mode = 'look'::text);
CREATE INDEX import_waiting ON crisiscover.import USING btree (id) WHERE (state = 'uploaded'::text);
CREATE TRIGGER takes_force BEFORE UPDATE ON crisiscover.import FOR EACH ROW WHEN (((old.state <> 'applied'::text) AND (new.state = 'applied'::text))) EXECUTE FUNCTION import_takes_force();
grant select on import to crisiscover_api;
grant insert, select, update on import to crisiscover_feeds;

-- The rows of an import that would be new. Written with the preview, copied into shift by the confirmation.
create table import_shift (
  import bigint not null,
  key text not null,
  class text not null,
  person text,
  team text,
  title text,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  constraint import_shift_pkey PRIMARY KEY (import, key),
  constraint import_shift_import_fkey FOREIGN KEY (import) REFERENCES import(id)
);
grant select on import_shift to crisiscover_api;
grant delete, insert, select on import_shift to crisiscover_feeds;

create table incarnation (
  epoch integer not null,
  system_identifier bigint not null,
  timeline integer not null,
  started_at timestamp with time zone default clock_timestamp() not null,
  constraint incarnation_pkey PRIMARY KEY (epoch)
);

-- Links that let their bearer set the password of an account, once. Only the SHA-256 of what is in the link is kept.
create table invitation (
  sha256 bytea not null,
  account text not null,
  kind text not null,
  made_at timestamp with time zone default clock_timestamp() not null,
  made_by text not null,
  expires_at timestamp with time zone not null,
  second boolean not null,  -- a new second factor is set as well
  totp bytea,  -- that will be, sealed: as it was shown
  used_at timestamp with time zone,
  void_at timestamp with time zone,  -- another link was made since
  constraint invitation_pkey PRIMARY KEY (sha256),
  constraint invitation_kind_check CHECK ((kind = ANY (ARRAY['invite'::text, 'reset'::text]))),
  constraint invitation_sha256_check CHECK ((length(sha256) = 32)),
  constraint invitation_account_fkey FOREIGN KEY (account) REFERENCES account(name)
);
CREATE INDEX invitation_account ON crisiscover.invitation USING btree (account);

-- Somebody asks to be away. Approved leave is an absence (0003_decisions.sql), with overrides for those who stand in. Why somebody is away is not asked and
-- not kept: a reason here is of a refusal, or of a gap that the approval leaves open (gap_expected).
create table leave (
  id bigint generated always as identity,
  version bigint not null,
  requested_at timestamp with time zone default clock_timestamp() not null,
  requested_by text not null,
  person text not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  state text default 'requested'::text not null,
  absence bigint,
  overrides bigint[] default '{}'::bigint[] not null,
  constraint leave_pkey PRIMARY KEY (id),
  constraint leave_check CHECK ((isfinite(starts_at) AND isfinite(ends_at) AND (starts_at < ends_at))),
  constraint leave_check1 CHECK (((state <> 'approved'::text) OR (absence IS NOT NULL))),
  constraint leave_state_check CHECK ((state = ANY (ARRAY['requested'::text, 'approved'::text, 'refused'::text, 'withdrawn'::text]))),
  constraint leave_absence_fkey FOREIGN KEY (absence) REFERENCES absence(id),
  constraint leave_person_fkey FOREIGN KEY (person) REFERENCES person(id),
  constraint leave_absence_key UNIQUE (absence)
);
CREATE INDEX leave_by_person ON crisiscover.leave USING btree (person, ends_at);
CREATE INDEX leave_by_version ON crisiscover.leave USING btree (version);
CREATE TRIGGER keep BEFORE DELETE OR UPDATE ON crisiscover.leave FOR EACH ROW WHEN (
        CASE
            WHEN (COALESCE(current_setting('crisiscover.erasing'::text, true), ''::text) = ''::text) THEN true
            ELSE (NOT is_erasing())
        END) EXECUTE FUNCTION keep_what_was_requested();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON crisiscover.leave FOR EACH STATEMENT EXECUTE FUNCTION keep_the_record();
grant select on leave to crisiscover_api;

create table leave_event (
  id bigint generated always as identity,
  leave bigint not null,
  at timestamp with time zone default clock_timestamp() not null,
  step text not null,
  who text not null,
  reason text,
  constraint leave_event_pkey PRIMARY KEY (id),
  constraint leave_event_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 400))),
  constraint leave_event_step_check CHECK ((step = ANY (ARRAY['requested'::text, 'approved'::text, 'refused'::text, 'withdrawn'::text]))),
  constraint leave_event_leave_fkey FOREIGN KEY (leave) REFERENCES leave(id)
);
CREATE INDEX leave_event_by_leave ON crisiscover.leave_event USING btree (leave, id);
CREATE TRIGGER keep BEFORE DELETE OR UPDATE ON crisiscover.leave_event FOR EACH ROW WHEN (
        CASE
            WHEN (COALESCE(current_setting('crisiscover.erasing'::text, true), ''::text) = ''::text) THEN true
            ELSE (NOT is_erasing())
        END) EXECUTE FUNCTION keep_the_record();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON crisiscover.leave_event FOR EACH STATEMENT EXECUTE FUNCTION keep_the_record();
grant select on leave_event to crisiscover_api;

-- Somebody's record is kept while a claim or an inquiry needs it, however old it is.
create table legal_hold (
  id bigint generated always as identity,
  person text not null,
  reason text not null,
  made_by text not null,
  made_at timestamp with time zone default clock_timestamp() not null,
  lifted_by text,
  lifted_at timestamp with time zone,
  lift_reason text,
  constraint legal_hold_pkey PRIMARY KEY (id),
  constraint legal_hold_check CHECK (((lifted_at IS NULL) = (lifted_by IS NULL))),
  constraint legal_hold_lift_reason_check CHECK (((length(lift_reason) >= 1) AND (length(lift_reason) <= 400))),
  constraint legal_hold_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 400))),
  constraint legal_hold_person_fkey FOREIGN KEY (person) REFERENCES person(id)
);
CREATE INDEX legal_hold_person ON crisiscover.legal_hold USING btree (person) WHERE (lifted_at IS NULL);

-- The rotas and demands that each version changed, for readers who follow in steps. Kept for a day; a reader that is older reads everything.
create table map_change (
  epoch integer not null,
  version bigint not null,
  rota text,
  requirement text,
  place text,
  at timestamp with time zone default clock_timestamp() not null
);
CREATE INDEX map_change_by_version ON crisiscover.map_change USING btree (epoch, version);
grant select on map_change to crisiscover_api;

-- The head of the map. Locked by each commit of coverage, so versions are in commit order.
create table map_head (
  only_row boolean default true not null,
  epoch integer not null,
  version bigint not null,
  region_version bigint not null,  -- the region this map was swept for
  taken_region bigint default 0 not null,  -- the newest one whose demands are those of the table
  due_region bigint default 0 not null,  -- the newest one that made all of them due
  at timestamp with time zone not null,
  constraint map_head_pkey PRIMARY KEY (only_row),
  constraint map_head_only_row_check CHECK (only_row)
);
CREATE TRIGGER noted AFTER UPDATE ON crisiscover.map_head FOR EACH ROW WHEN (((old.epoch IS DISTINCT FROM new.epoch) OR (old.version IS DISTINCT FROM new.version))) EXECUTE FUNCTION map_noted();
grant select on map_head to crisiscover_api;
grant select on map_head to crisiscover_coverage;

-- When each version of the map came into force: what was known at an instant is then one version.
create table map_past (
  epoch integer not null,
  version bigint not null,
  at timestamp with time zone not null
) partition by RANGE (at);
CREATE INDEX map_past_by_time ON ONLY crisiscover.map_past USING btree (at);
CREATE TRIGGER keep BEFORE UPDATE ON crisiscover.map_past FOR EACH ROW WHEN (
        CASE
            WHEN (COALESCE(current_setting('crisiscover.erasing'::text, true), ''::text) = ''::text) THEN true
            ELSE (NOT is_erasing())
        END) EXECUTE FUNCTION record_stay('map_past');
CREATE TRIGGER keep_all BEFORE DELETE OR TRUNCATE ON crisiscover.map_past FOR EACH STATEMENT EXECUTE FUNCTION record_keep('map_past');
grant select on map_past to crisiscover_api;

create table map_past_rest partition of map_past default;
CREATE TRIGGER keep_all BEFORE DELETE OR TRUNCATE ON crisiscover.map_past_rest FOR EACH STATEMENT EXECUTE FUNCTION record_keep('map_past');

create table message (
  id bigint generated always as identity,
  subscription bigint not null,
  at timestamp with time zone default clock_timestamp() not null,
  message_id uuid default gen_random_uuid() not null,  -- the same each time it is sent
  severity text not null,
  subject text not null,
  body text not null,
  link text not null,
  state text default 'waiting'::text not null,
  attempts integer default 0 not null,
  next_at timestamp with time zone default clock_timestamp(),  -- null: nothing more is tried
  reason text,  -- of the last attempt that failed
  receipt text,  -- what the other side said as it took it
  ended_at timestamp with time zone,
  flagged boolean default false not null,  -- a flag says that it is undelivered
  constraint message_pkey PRIMARY KEY (id),
  constraint message_check CHECK ((((state = 'waiting'::text) = (ended_at IS NULL)) AND ((state = 'waiting'::text) = (next_at IS NOT NULL)))),
  constraint message_severity_check CHECK ((severity = ANY (ARRAY['normal'::text, 'high'::text, 'critical'::text]))),
  constraint message_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sent'::text, 'undelivered'::text]))),
  constraint message_subscription_fkey FOREIGN KEY (subscription) REFERENCES subscription(id),
  constraint message_message_id_key UNIQUE (message_id)
);
CREATE INDEX message_due ON crisiscover.message USING btree (next_at) WHERE (state = 'waiting'::text);
CREATE INDEX message_of ON crisiscover.message USING btree (subscription, id);
CREATE INDEX message_undelivered ON crisiscover.message USING btree (id) WHERE (state = 'undelivered'::text);
grant select on message to crisiscover_api;

-- How far the flags have been read, when what no flag tells was looked for, and when the role last did all that it had to do.
create table message_head (
  only_row boolean default true not null,
  epoch integer default 0 not null,
  seq bigint default 0 not null,
  found_at timestamp with time zone default '-infinity'::timestamp with time zone not null,
  run_at timestamp with time zone default '-infinity'::timestamp with time zone not null,
  constraint message_head_pkey PRIMARY KEY (only_row),
  constraint message_head_only_row_check CHECK (only_row)
);
grant select on message_head to crisiscover_api;
grant select on message_head to crisiscover_notify;

create table navigator_closing (
  id bigint generated always as identity,
  card text not null,  -- of the navigator, when it was said
  at timestamp with time zone default date_trunc('second'::text, clock_timestamp()) not null,
  until timestamp with time zone not null,
  actor text not null,  -- "link/ID", or an account
  ended_at timestamp with time zone,  -- it was taken back, or said again until another hour
  ended_by text,
  constraint navigator_closing_pkey PRIMARY KEY (id),
  constraint navigator_closing_check CHECK ((until > at)),
  constraint navigator_closing_check1 CHECK ((ended_at >= at)),
  constraint navigator_closing_check2 CHECK (((ended_at IS NULL) = (ended_by IS NULL)))
);
CREATE INDEX navigator_closing_card ON crisiscover.navigator_closing USING btree (card, at);
CREATE TRIGGER keep BEFORE DELETE OR UPDATE ON crisiscover.navigator_closing FOR EACH ROW WHEN (
        CASE
            WHEN (COALESCE(current_setting('crisiscover.erasing'::text, true), ''::text) = ''::text) THEN true
            ELSE (NOT is_erasing())
        END) EXECUTE FUNCTION navigator_closing_keep();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON crisiscover.navigator_closing FOR EACH STATEMENT EXECUTE FUNCTION keep_the_record();

-- The version grows with every change, in the order of the commits: who takes it holds the row until then.
create table navigator_head (
  only_row boolean default true not null,
  version bigint not null,
  constraint navigator_head_pkey PRIMARY KEY (only_row),
  constraint navigator_head_only_row_check CHECK (only_row)
);
grant select on navigator_head to crisiscover_api;

-- What people may be told. In order; each row is written once, and shared out once.
create table news (
  id bigint generated always as identity,
  at timestamp with time zone default clock_timestamp() not null,
  kind text not null,  -- of the flag, or decision_wanted, review_overdue
  severity text not null,
  of_group text not null,  -- things told under one head: the gaps of one source, a rota, an organisation
  gap uuid,
  lead boolean default true not null,  -- false: another gap of its group is the one that is announced
  place text,
  function text,
  requirement text,
  rota text,
  organisation text,  -- whose doing it wants, if it is not a place's
  account text,  -- of a review: who looks after the document
  alerted_to text,  -- whom its alerts have come to
  state text,
  starts_at timestamp with time zone,
  ends_at timestamp with time zone,
  number bigint,  -- how many gaps, decisions or contacts; which protocol
  outcome text,  -- of a call
  epoch integer,  -- its flag
  seq bigint,
  shared_at timestamp with time zone,
  readers integer,  -- for how many subscriptions it was, then
  constraint news_pkey PRIMARY KEY (id),
  constraint news_severity_check CHECK ((severity = ANY (ARRAY['normal'::text, 'high'::text, 'critical'::text]))),
  constraint news_epoch_seq_key UNIQUE (epoch, seq)
);
CREATE INDEX news_of_group ON crisiscover.news USING btree (of_group, id);
CREATE INDEX news_to_share ON crisiscover.news USING btree (id) WHERE (shared_at IS NULL);
grant select on news to crisiscover_api;
grant select on news to crisiscover_notify;

create table news_for (
  subscription bigint not null,
  news bigint not null,
  message bigint,  -- null: it waits
  constraint news_for_pkey PRIMARY KEY (subscription, news),
  constraint news_for_message_fkey FOREIGN KEY (message) REFERENCES message(id),
  constraint news_for_news_fkey FOREIGN KEY (news) REFERENCES news(id),
  constraint news_for_subscription_fkey FOREIGN KEY (subscription) REFERENCES subscription(id)
);
CREATE INDEX news_for_message ON crisiscover.news_for USING btree (message);
CREATE INDEX news_for_news ON crisiscover.news_for USING btree (news);
CREATE INDEX news_for_waiting ON crisiscover.news_for USING btree (subscription) WHERE (message IS NULL);
grant select on news_for to crisiscover_api;

-- What no flag tells, and when it was last told: again after a week while it lasts.
create table news_found (
  kind text not null,
  key text not null,
  at timestamp with time zone default clock_timestamp() not null,
  constraint news_found_pkey PRIMARY KEY (kind, key)
);

-- What to know before one rings. On a person, wherever that person is on; on a shift; on a service; on a function at a place. A note on a shift is kept
-- as who is on which rota and when, and not as the shift's number: it stays when the shift is read again, and goes when another person takes it.
create table note (
  id bigint generated always as identity,
  version bigint not null,
  at timestamp with time zone default clock_timestamp() not null,
  until timestamp with time zone not null,
  account text not null,
  role text not null,  -- of the account, when it was written
  on_what text not null,
  person text,
  rota text,
  team text,  -- of a shift without a person
  starts_at timestamp with time zone,
  ends_at timestamp with time zone,
  service text,
  place text,
  function text,
  text text not null,
  ended_at timestamp with time zone,  -- taken away before its time
  ended_by text,
  constraint note_pkey PRIMARY KEY (id),
  constraint note_check CHECK ((isfinite(until) AND (until > at))),
  constraint note_check1 CHECK (((ended_at IS NULL) = (ended_by IS NULL))),
  constraint note_check2 CHECK (
CASE on_what
    WHEN 'person'::text THEN ((person IS NOT NULL) AND (num_nonnulls(rota, team, starts_at, ends_at, service, place, function) = 0))
    WHEN 'shift'::text THEN ((rota IS NOT NULL) AND (starts_at < ends_at) AND ((person IS NULL) <> (team IS NULL)) AND (num_nonnulls(service, place, function) = 0))
    WHEN 'service'::text THEN ((service IS NOT NULL) AND (num_nonnulls(person, rota, team, starts_at, ends_at, place, function) = 0))
    WHEN 'function'::text THEN ((place IS NOT NULL) AND (function IS NOT NULL) AND (num_nonnulls(person, rota, team, starts_at, ends_at, service) = 0))
    ELSE NULL::boolean
END),
  constraint note_on_what_check CHECK ((on_what = ANY (ARRAY['person'::text, 'shift'::text, 'service'::text, 'function'::text]))),
  constraint note_text_check CHECK (((octet_length(text) >= 1) AND (octet_length(text) <= 200))),
  constraint note_person_fkey FOREIGN KEY (person) REFERENCES person(id),
  constraint note_place_fkey FOREIGN KEY (place) REFERENCES place(code),
  constraint note_rota_fkey FOREIGN KEY (rota) REFERENCES rota(id)
);
CREATE INDEX note_until ON crisiscover.note USING btree (until);
CREATE INDEX note_version ON crisiscover.note USING btree (version);
CREATE TRIGGER keep BEFORE DELETE OR UPDATE ON crisiscover.note FOR EACH ROW WHEN (
        CASE
            WHEN (COALESCE(current_setting('crisiscover.erasing'::text, true), ''::text) = ''::text) THEN true
            ELSE (NOT is_erasing())
        END) EXECUTE FUNCTION keep_what_was_remarked();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON crisiscover.note FOR EACH STATEMENT EXECUTE FUNCTION keep_the_record();
grant select on note to crisiscover_api;

-- The codes that shifts, spans and gaps refer to. A code that leaves the region is retired, never deleted: the past still names it.
create table organisation (
  code text not null,
  retired_at timestamp with time zone,
  constraint organisation_pkey PRIMARY KEY (code)
);

create table override (
  id bigint generated always as identity,  -- the order of making: a later one wins over an earlier one
  rota text not null,
  person text,  -- is on, from starts_at to expires_at; null: nobody is
  instead text,  -- and this one is not; null: nobody is replaced
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,  -- as it was asked for
  expires_at timestamp with time zone not null,  -- when it stops to count, ends_at at the latest
  note text,
  made_at timestamp with time zone default clock_timestamp() not null,
  made_by text not null,
  saw bigint[] not null,  -- what the calendar said of that time when it was made
  withdrawn_at timestamp with time zone,
  withdrawn_by text,
  nobody boolean default false not null,  -- this rota has nobody, whatever its calendar says
  late boolean default false not null,  -- a correction of what was over, or had begun more than a day before, when it was made
  constraint override_pkey PRIMARY KEY (id),
  constraint override_check CHECK (((starts_at < expires_at) AND (expires_at <= ends_at))),
  constraint override_check1 CHECK ((isfinite(starts_at) AND isfinite(ends_at))),
  constraint override_check2 CHECK ((person <> instead)),
  constraint override_check3 CHECK (((withdrawn_at IS NULL) = (withdrawn_by IS NULL))),
  constraint override_check4 CHECK (((person IS NULL) = nobody)),
  constraint override_check5 CHECK (((NOT nobody) OR ((instead IS NULL) AND (note IS NOT NULL)))),
  constraint override_note_check CHECK (((length(note) >= 1) AND (length(note) <= 200))),
  constraint override_instead_fkey FOREIGN KEY (instead) REFERENCES person(id),
  constraint override_person_fkey FOREIGN KEY (person) REFERENCES person(id),
  constraint override_rota_fkey FOREIGN KEY (rota) REFERENCES rota(id)
);
CREATE INDEX override_by_rota ON crisiscover.override USING btree (rota, expires_at);
CREATE TRIGGER keep BEFORE DELETE OR UPDATE ON crisiscover.override FOR EACH ROW WHEN (
        CASE
            WHEN (COALESCE(current_setting('crisiscover.erasing'::text, true), ''::text) = ''::text) THEN true
            ELSE (NOT is_erasing())
        END) EXECUTE FUNCTION keep_what_was_said();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON crisiscover.override FOR EACH STATEMENT EXECUTE FUNCTION keep_the_record();
CREATE TRIGGER swap_follows AFTER UPDATE OF withdrawn_at ON crisiscover.override FOR EACH ROW WHEN (((old.withdrawn_at IS NULL) AND (new.withdrawn_at IS NOT NULL))) EXECUTE FUNCTION swap_follows();
CREATE TRIGGER who_is_there BEFORE INSERT ON crisiscover.override FOR EACH ROW EXECUTE FUNCTION said_of_who_is_there();
grant select on override to crisiscover_api;
grant select on override to crisiscover_coverage;

-- Each change of an override's standing: when, and by which reading. Only added to.
create table override_event (
  id bigint generated always as identity,
  override bigint not null,
  at timestamp with time zone not null,
  standing text not null,
  dispute text,
  third text[],  -- whom the calendar names that the override knows nothing of, at most four
  reading bigint,  -- that was in force then; null: none
  rests tstzrange[],  -- whole shifts of the replaced person; null: nobody is replaced
  pieces tstzrange[],  -- of each, what the override has
  constraint override_event_pkey PRIMARY KEY (id),
  constraint override_event_check CHECK (((standing = 'conflicting'::text) = (dispute IS NOT NULL))),
  constraint override_event_check1 CHECK (((dispute IS NULL) OR ((dispute = 'another_person'::text) = (third IS NOT NULL)))),
  constraint override_event_check2 CHECK ((((rests IS NULL) = (pieces IS NULL)) AND (cardinality(rests) = cardinality(pieces)))),
  constraint override_event_dispute_check CHECK ((dispute = ANY (ARRAY['another_person'::text, 'times_changed'::text, 'shift_gone'::text]))),
  constraint override_event_standing_check CHECK ((standing = ANY (ARRAY['waiting'::text, 'followed'::text, 'reconciled'::text, 'conflicting'::text]))),
  constraint override_event_third_check CHECK (((cardinality(third) >= 1) AND (cardinality(third) <= 4))),
  constraint override_event_override_fkey FOREIGN KEY (override) REFERENCES override(id),
  constraint override_event_reading_fkey FOREIGN KEY (reading) REFERENCES reading(id)
);
CREATE INDEX override_event_by_override ON crisiscover.override_event USING btree (override, id);
CREATE TRIGGER keep BEFORE DELETE OR UPDATE ON crisiscover.override_event FOR EACH ROW WHEN (
        CASE
            WHEN (COALESCE(current_setting('crisiscover.erasing'::text, true), ''::text) = ''::text) THEN true
            ELSE (NOT is_erasing())
        END) EXECUTE FUNCTION keep_the_record();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON crisiscover.override_event FOR EACH STATEMENT EXECUTE FUNCTION keep_the_record();
CREATE TRIGGER swap_follows AFTER INSERT ON crisiscover.override_event FOR EACH ROW EXECUTE FUNCTION swap_follows();
grant select on override_event to crisiscover_api;
grant select on override_event to crisiscover_coverage;

-- The disputes that flags have announced, and whose end no flag has announced.
create table override_told (
  override bigint not null,
  disputed tstzmultirange not null,
  constraint override_told_pkey PRIMARY KEY (override),
  constraint override_told_disputed_check CHECK ((NOT isempty(disputed))),
  constraint override_told_override_fkey FOREIGN KEY (override) REFERENCES override(id)
);

create table person (
  id text not null,
  retired_at timestamp with time zone,
  constraint person_pkey PRIMARY KEY (id)
);

create table person_move (
  id bigint generated always as identity,
  what text not null,
  was text not null,  -- of a merge: who went; of a split: who was two. Codes are those of that time
  code text not null,  -- whose it is since
  undoes bigint,  -- of a split: the merge that it takes back; null: somebody new was split off
  at timestamp with time zone default clock_timestamp() not null,
  by_account text not null,
  reason text not null,
  version bigint not null,  -- of the set-up that it made
  overrides bigint[] not null,  -- in which the person is on
  replaced bigint[] not null,  -- in which the person is replaced
  absences bigint[] not null,
  decisions bigint[] not null,  -- as they were written again
  stayed bigint[] not null,  -- decisions in force of ${code} itself, before
  constraint person_move_pkey PRIMARY KEY (id),
  constraint person_move_check CHECK ((was <> code)),
  constraint person_move_check1 CHECK (((undoes IS NULL) OR (what = 'split'::text))),
  constraint person_move_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 400))),
  constraint person_move_what_check CHECK ((what = ANY (ARRAY['merge'::text, 'split'::text]))),
  constraint person_move_code_fkey FOREIGN KEY (code) REFERENCES person(id),
  constraint person_move_undoes_fkey FOREIGN KEY (undoes) REFERENCES person_move(id),
  constraint person_move_version_fkey FOREIGN KEY (version) REFERENCES region(version),
  constraint person_move_was_fkey FOREIGN KEY (was) REFERENCES person(id),
  constraint person_move_undoes_key UNIQUE (undoes)
);
CREATE INDEX person_move_code ON crisiscover.person_move USING btree (code);
CREATE INDEX person_move_was ON crisiscover.person_move USING btree (was);
CREATE TRIGGER keep BEFORE DELETE OR UPDATE ON crisiscover.person_move FOR EACH ROW WHEN (
        CASE
            WHEN (COALESCE(current_setting('crisiscover.erasing'::text, true), ''::text) = ''::text) THEN true
            ELSE (NOT is_erasing())
        END) EXECUTE FUNCTION keep_the_record();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON crisiscover.person_move FOR EACH STATEMENT EXECUTE FUNCTION keep_the_record();
grant select on person_move to crisiscover_api;

-- People whom a rota's manager added because a rota named them and nobody knew them, until somebody else of the organisation has looked.
create table person_new (
  id bigint generated always as identity,
  person text not null,
  rota text not null,
  account text not null,
  at timestamp with time zone default clock_timestamp() not null,
  reviewed_at timestamp with time zone,
  reviewed_by text,
  review_note text,
  constraint person_new_pkey PRIMARY KEY (id),
  constraint person_new_check CHECK (((reviewed_at IS NULL) = (reviewed_by IS NULL))),
  constraint person_new_review_note_check CHECK (((length(review_note) >= 1) AND (length(review_note) <= 500))),
  constraint person_new_person_fkey FOREIGN KEY (person) REFERENCES person(id),
  constraint person_new_rota_fkey FOREIGN KEY (rota) REFERENCES rota(id)
);
CREATE INDEX person_new_open ON crisiscover.person_new USING btree (id) WHERE (reviewed_at IS NULL);
grant select on person_new to crisiscover_api;

create table place (
  code text not null,
  retired_at timestamp with time zone,
  constraint place_pkey PRIMARY KEY (code)
);

-- As the newest set-up that had the code had it. Kept when the code is retired.
create table place_known (
  code text not null,
  name text not null,
  kind text not null,
  version bigint not null,  -- the last one that changed it
  constraint place_known_pkey PRIMARY KEY (code),
  constraint place_known_version_fkey FOREIGN KEY (version) REFERENCES region(version)
);

-- Changes of one object that want a second person. A proposal is part of the record; it is decided once.
create table proposal (
  id bigint generated always as identity,
  kind text not null,
  key text not null,
  change text not null,
  body jsonb,  -- of put and patch
  version bigint not null,  -- of the object that it was made of
  until date,  -- the first day on which the former requirement holds again
  reason text not null,
  shown jsonb not null,  -- what it does, as it was shown to those who proposed it
  by_account text not null,
  made_at timestamp with time zone default clock_timestamp() not null,
  expires_at timestamp with time zone default (clock_timestamp() + '7 days'::interval) not null,
  outcome text,
  decided_by text,
  decided_at timestamp with time zone,
  why text,
  constraint proposal_pkey PRIMARY KEY (id),
  constraint proposal_body_check CHECK (source_is_masked((body -> 'source'::text))),
  constraint proposal_change_check CHECK ((change = ANY (ARRAY['put'::text, 'patch'::text, 'delete'::text]))),
  constraint proposal_check CHECK ((((outcome IS NULL) = (decided_at IS NULL)) AND ((outcome IS NULL) = (decided_by IS NULL)))),
  constraint proposal_outcome_check CHECK ((outcome = ANY (ARRAY['accepted'::text, 'refused'::text]))),
  constraint proposal_reason_check CHECK ((reason <> ''::text))
);
CREATE INDEX proposal_open ON crisiscover.proposal USING btree (expires_at) WHERE (outcome IS NULL);
CREATE TRIGGER keep BEFORE DELETE OR UPDATE ON crisiscover.proposal FOR EACH ROW WHEN (
        CASE
            WHEN (COALESCE(current_setting('crisiscover.erasing'::text, true), ''::text) = ''::text) THEN true
            ELSE (NOT is_erasing())
        END) EXECUTE FUNCTION proposal_keep();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON crisiscover.proposal FOR EACH STATEMENT EXECUTE FUNCTION keep_the_record();

create table protocol (
  id bigint generated always as identity,
  protocol bigint not null,  -- the id of its first edition
  edition integer not null,
  at timestamp with time zone default clock_timestamp() not null,
  account text not null,
  place text not null,
  function text not null,
  name text not null,
  version text not null,  -- as the document itself has it
  owner text not null,  -- the account that looks after it
  review date not null,  -- the last day before a review is due
  url text,
  sha256 bytea,
  ended_at timestamp with time zone,
  ended_by text,
  why text,  -- it was withdrawn; null: the next edition took its turn
  constraint protocol_pkey PRIMARY KEY (id),
  constraint protocol_check CHECK (((url IS NULL) <> (sha256 IS NULL))),
  constraint protocol_check1 CHECK (((protocol <= id) AND ((edition = 1) = (protocol = id)))),
  constraint protocol_check2 CHECK (((ended_at IS NULL) = (ended_by IS NULL))),
  constraint protocol_check3 CHECK (((why IS NULL) OR (ended_at IS NOT NULL))),
  constraint protocol_edition_check CHECK ((edition >= 1)),
  constraint protocol_name_check CHECK (((octet_length(name) >= 1) AND (octet_length(name) <= 200))),
  constraint protocol_url_check CHECK (((octet_length(url) >= 1) AND (octet_length(url) <= 1000))),
  constraint protocol_version_check CHECK (((octet_length(version) >= 1) AND (octet_length(version) <= 40))),
  constraint protocol_why_check CHECK ((why <> ''::text)),
  constraint protocol_place_fkey FOREIGN KEY (place) REFERENCES place(code),
  constraint protocol_sha256_fkey FOREIGN KEY (sha256) REFERENCES protocol_file(sha256),
  constraint protocol_protocol_edition_key UNIQUE (protocol, edition)
);
CREATE INDEX protocol_file_of ON crisiscover.protocol USING btree (sha256) WHERE (sha256 IS NOT NULL);
CREATE INDEX protocol_place ON crisiscover.protocol USING btree (place, function) WHERE (ended_at IS NULL);
CREATE UNIQUE INDEX protocol_in_force ON crisiscover.protocol USING btree (protocol) WHERE (ended_at IS NULL);
CREATE TRIGGER keep BEFORE DELETE OR UPDATE ON crisiscover.protocol FOR EACH ROW WHEN (
        CASE
            WHEN (COALESCE(current_setting('crisiscover.erasing'::text, true), ''::text) = ''::text) THEN true
            ELSE (NOT is_erasing())
        END) EXECUTE FUNCTION keep_protocols();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON crisiscover.protocol FOR EACH STATEMENT EXECUTE FUNCTION keep_the_record();
grant select on protocol to crisiscover_api;

-- The bytes of a file, once, however many places and editions have it. Apart from its protocols, so that these are read without it.
create table protocol_file (
  sha256 bytea not null,
  pdf bytea not null,
  at timestamp with time zone default clock_timestamp() not null,
  constraint protocol_file_pkey PRIMARY KEY (sha256),
  constraint protocol_file_check CHECK ((sha256 = sha256(pdf))),
  constraint protocol_file_pdf_check CHECK ((((octet_length(pdf) >= 5) AND (octet_length(pdf) <= 2097152)) AND (SUBSTRING(pdf FROM 1 FOR 5) = '\x255044462d'::bytea)))
);
CREATE TRIGGER keep BEFORE DELETE OR UPDATE ON crisiscover.protocol_file FOR EACH ROW WHEN (
        CASE
            WHEN (COALESCE(current_setting('crisiscover.erasing'::text, true), ''::text) = ''::text) THEN true
            ELSE (NOT is_erasing())
        END) EXECUTE FUNCTION keep_the_record();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON crisiscover.protocol_file FOR EACH STATEMENT EXECUTE FUNCTION keep_the_record();
grant select on protocol_file to crisiscover_api;

-- The version grows with every change, in the order of the commits: who takes it holds the row until then.
create table protocol_head (
  only_row boolean default true not null,
  version bigint not null,
  constraint protocol_head_pkey PRIMARY KEY (only_row),
  constraint protocol_head_only_row_check CHECK (only_row)
);
grant select on protocol_head to crisiscover_api;

-- A provider, with everything the api and the proxy's configuration know of it but its client's secret. The api checks and reads the body
-- (server/api/ask/provider.h); the database keeps it as it is.
create table provider (
  id text not null,
  issuer text not null,
  body jsonb not null,
  set_at timestamp with time zone default clock_timestamp() not null,
  set_by text not null,
  removed_at timestamp with time zone,
  removed_by text,
  constraint provider_pkey PRIMARY KEY (id),
  constraint provider_check CHECK ((issuer = (body ->> 'issuer'::text))),
  constraint provider_check1 CHECK (((removed_at IS NULL) = (removed_by IS NULL))),
  constraint provider_id_check CHECK ((id ~ '^[a-z0-9][a-z0-9-]{0,39}$'::text))
);
CREATE UNIQUE INDEX provider_issuer ON crisiscover.provider USING btree (issuer) WHERE (removed_at IS NULL);
grant select on provider to crisiscover_api;

-- The result of reading one body under one rota's rules in the sandbox.
create table reading (
  id bigint generated always as identity,
  rota text not null,
  body bytea not null,
  read_with bytea not null,  -- hash of everything the reading depended on: rules, directory, tz database, window
  made_at timestamp with time zone default clock_timestamp() not null,
  window_from timestamp with time zone not null,
  window_to timestamp with time zone not null,
  events integer not null,
  counts jsonb not null,  -- {"named": 12, "nobody": 1, …}
  findings jsonb not null,  -- [{"level","uid","line","text","remedy"}, …]
  first_start timestamp with time zone,
  horizon timestamp with time zone,  -- last instant that the reading says anything about; null: it says nothing
  zone_used text,
  format text default 'text/calendar'::text not null,  -- what the body was read as
  constraint reading_pkey PRIMARY KEY (id),
  constraint reading_format_check CHECK ((format = ANY (ARRAY['text/calendar'::text, 'text/csv'::text, 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'::text]))),
  constraint reading_body_fkey FOREIGN KEY (body) REFERENCES body(sha256),
  constraint reading_rota_fkey FOREIGN KEY (rota) REFERENCES rota(id)
);
CREATE INDEX reading_by_rota ON crisiscover.reading USING btree (rota, id);
CREATE TRIGGER keep BEFORE DELETE OR UPDATE ON crisiscover.reading FOR EACH ROW WHEN (
        CASE
            WHEN (COALESCE(current_setting('crisiscover.erasing'::text, true), ''::text) = ''::text) THEN true
            ELSE (NOT is_erasing())
        END) EXECUTE FUNCTION keep_the_record();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON crisiscover.reading FOR EACH STATEMENT EXECUTE FUNCTION keep_the_record();
grant select on reading to crisiscover_api;
grant insert, select on reading to crisiscover_feeds;

-- Bodies that are with the reader, counted before they are handed over: a body that kills the reader again and again is set aside.
create table reading_attempt (
  rota text not null,
  body bytea not null,
  n integer default 1 not null,
  first_at timestamp with time zone default clock_timestamp() not null,
  constraint reading_attempt_pkey PRIMARY KEY (rota, body),
  constraint reading_attempt_body_check CHECK ((length(body) = 32)),
  constraint reading_attempt_rota_fkey FOREIGN KEY (rota) REFERENCES rota(id)
);
grant delete, insert, select, update on reading_attempt to crisiscover_feeds;

-- Names are those of record_maintain's settings. No row: everything since the beginning is there.
create table record_begins (
  name text not null,
  at timestamp with time zone not null,
  constraint record_begins_pkey PRIMARY KEY (name)
);
grant select on record_begins to crisiscover_api;

-- Which tables are in months, by which column, and whether rows in force are in a partition of their own.
create table record_table (
  name text not null,
  timed_by text not null,
  in_force boolean not null,  -- rows whose `timed_by` is infinity
  kept boolean not null,  -- part of what is only ever added to
  month_index text,  -- of each month, over these columns; what is in force has it not
  setting text not null,  -- which setting says how long it is kept
  last_by text,  -- of rows that are alike in this, the last one before the record begins is carried over; null: none is
  last_order text,  -- newest first
  constraint record_table_pkey PRIMARY KEY (name)
);

-- Codes that replace a lost authenticator, each once.
create table recovery_code (
  account text not null,
  sha256 bytea not null,
  used_at timestamp with time zone,
  constraint recovery_code_pkey PRIMARY KEY (account, sha256),
  constraint recovery_code_sha256_check CHECK ((length(sha256) = 32)),
  constraint recovery_code_account_fkey FOREIGN KEY (account) REFERENCES credential(account) ON UPDATE CASCADE ON DELETE CASCADE
);

-- Every version of the set-up: one for each change that was put in force. The newest is in force; the one in force at K is the newest that was made by K. A
-- version consists of its head and the objects of setup_item that were in it. sha256 is of the previous version and all that this one changed.
create table region (
  version bigint generated always as identity,
  head jsonb not null,  -- the region file without its lists
  sha256 bytea not null,
  applied_at timestamp with time zone default clock_timestamp() not null,
  applied_by text not null,
  reason text,  -- where one was given
  constraint region_pkey PRIMARY KEY (version),
  constraint region_sha256_check CHECK ((length(sha256) = 32))
);
CREATE TRIGGER keep BEFORE DELETE OR UPDATE ON crisiscover.region FOR EACH ROW WHEN (
        CASE
            WHEN (COALESCE(current_setting('crisiscover.erasing'::text, true), ''::text) = ''::text) THEN true
            ELSE (NOT is_erasing())
        END) EXECUTE FUNCTION keep_the_record();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON crisiscover.region FOR EACH STATEMENT EXECUTE FUNCTION keep_the_record();
grant select (version, sha256, applied_at, applied_by) on region to crisiscover_api;
grant select on region to crisiscover_feeds;

-- The file that was applied last from each origin, so that two people with a file each do not undo each other's changes. The sender makes the origin
-- from the file's path; it decides only which files are compared.
create table region_file (
  origin text not null,
  document text not null,  -- as it was sent, with masks in place of addresses
  sha256 bytea not null,
  version bigint not null,
  applied_at timestamp with time zone default clock_timestamp() not null,
  applied_by text not null,
  constraint region_file_pkey PRIMARY KEY (origin),
  constraint region_file_document_check CHECK (addresses_are_masks((document)::jsonb)),
  constraint region_file_origin_check CHECK ((origin ~ '^[0-9a-f]{1,64}$'::text)),
  constraint region_file_sha256_check CHECK ((length(sha256) = 32)),
  constraint region_file_version_fkey FOREIGN KEY (version) REFERENCES region(version)
);

-- The version grows with every change of a remark, in the order of the commits: who takes it holds the row until then. A row has the version of its
-- last change.
create table remark_head (
  only_row boolean default true not null,
  version bigint not null,
  constraint remark_head_pkey PRIMARY KEY (only_row),
  constraint remark_head_only_row_check CHECK (only_row)
);
grant select on remark_head to crisiscover_api;

create table renamed (
  id bigint generated always as identity,
  kind text not null,
  was text not null,
  code text not null,
  at timestamp with time zone default clock_timestamp() not null,
  by_account text not null,
  constraint renamed_pkey PRIMARY KEY (id),
  constraint renamed_check CHECK ((code <> was)),
  constraint renamed_kind_check CHECK ((kind = ANY (ARRAY['organisation'::text, 'function'::text, 'place'::text, 'person'::text, 'service'::text, 'rota'::text, 'requirement'::text, 'account'::text, 'area'::text, 'navigator'::text])))
);
CREATE INDEX renamed_code ON crisiscover.renamed USING btree (kind, code);
CREATE INDEX renamed_was ON crisiscover.renamed USING btree (kind, was);
CREATE TRIGGER keep BEFORE DELETE OR UPDATE ON crisiscover.renamed FOR EACH ROW WHEN (
        CASE
            WHEN (COALESCE(current_setting('crisiscover.erasing'::text, true), ''::text) = ''::text) THEN true
            ELSE (NOT is_erasing())
        END) EXECUTE FUNCTION keep_the_record();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON crisiscover.renamed FOR EACH STATEMENT EXECUTE FUNCTION keep_the_record();
grant select on renamed to crisiscover_api;

create table requirement (
  id text not null,
  retired_at timestamp with time zone,
  constraint requirement_pkey PRIMARY KEY (id)
);

-- Each rereading of a stored body that had another result.
create table reread (
  id bigint generated always as identity,
  rota text not null,
  at timestamp with time zone default clock_timestamp() not null,
  why text not null,  -- the reader's, those of time zones, or what was decided or set up for it
  lost integer not null,  -- shifts that counted and do not
  gained integer not null,  -- shifts that count and did not
  other integer not null,  -- of another person now, or changed in another way
  was bigint[] not null,  -- the shifts, by their start; null: there was none
  now bigint[] not null,  -- and what became of each; null: it is no shift any more
  constraint reread_pkey PRIMARY KEY (id),
  constraint reread_check CHECK ((cardinality(was) = cardinality(now))),
  constraint reread_why_check CHECK ((why = ANY (ARRAY['rules'::text, 'zones'::text, 'rota'::text]))),
  constraint reread_rota_fkey FOREIGN KEY (rota) REFERENCES rota(id)
);
CREATE INDEX reread_by_rota ON crisiscover.reread USING btree (rota, id);
CREATE TRIGGER keep BEFORE DELETE OR UPDATE ON crisiscover.reread FOR EACH ROW WHEN (
        CASE
            WHEN (COALESCE(current_setting('crisiscover.erasing'::text, true), ''::text) = ''::text) THEN true
            ELSE (NOT is_erasing())
        END) EXECUTE FUNCTION keep_the_record();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON crisiscover.reread FOR EACH STATEMENT EXECUTE FUNCTION keep_the_record();
grant select on reread to crisiscover_api;
grant insert on reread to crisiscover_feeds;

create table risk (
  id bigint generated always as identity,
  requirement text not null,
  place text not null,
  reason text not null,
  until timestamp with time zone not null,
  needed text[] not null,  -- commissioners, each of whom must accept
  at timestamp with time zone default clock_timestamp() not null,
  account text not null,
  in_force_at timestamp with time zone,  -- all have accepted; null: it waits for the others
  ended_at timestamp with time zone,
  ended_by text,  -- the account; null: nobody's deed
  how text,
  why text,
  constraint risk_pkey PRIMARY KEY (id),
  constraint risk_check CHECK ((until > at)),
  constraint risk_check1 CHECK (((ended_at IS NULL) = (how IS NULL))),
  constraint risk_how_check CHECK ((how = ANY (ARRAY['over'::text, 'withdrawn'::text, 'lost'::text, 'replaced'::text]))),
  constraint risk_needed_check CHECK ((cardinality(needed) >= 1)),
  constraint risk_reason_check CHECK (((octet_length(reason) >= 1) AND (octet_length(reason) <= 400)))
);
CREATE INDEX risk_open ON crisiscover.risk USING btree (requirement, place) WHERE (ended_at IS NULL);
CREATE TRIGGER keep BEFORE DELETE OR UPDATE ON crisiscover.risk FOR EACH ROW WHEN (
        CASE
            WHEN (COALESCE(current_setting('crisiscover.erasing'::text, true), ''::text) = ''::text) THEN true
            ELSE (NOT is_erasing())
        END) EXECUTE FUNCTION keep_risks();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON crisiscover.risk FOR EACH STATEMENT EXECUTE FUNCTION keep_the_record();
grant select on risk to crisiscover_api;

-- Who has accepted for which of them.
create table risk_accepted (
  risk bigint not null,
  commissioner text not null,
  account text not null,
  at timestamp with time zone default clock_timestamp() not null,
  constraint risk_accepted_pkey PRIMARY KEY (risk, commissioner),
  constraint risk_accepted_risk_fkey FOREIGN KEY (risk) REFERENCES risk(id)
);
CREATE TRIGGER keep BEFORE DELETE OR UPDATE ON crisiscover.risk_accepted FOR EACH ROW WHEN (
        CASE
            WHEN (COALESCE(current_setting('crisiscover.erasing'::text, true), ''::text) = ''::text) THEN true
            ELSE (NOT is_erasing())
        END) EXECUTE FUNCTION keep_the_record();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON crisiscover.risk_accepted FOR EACH STATEMENT EXECUTE FUNCTION keep_the_record();
grant select on risk_accepted to crisiscover_api;

-- By how much the database's clock was ahead of that of a machine on which a role runs, when the role measured it last. Roles without a port have no
-- other way to say so; the api shows it in its metrics. Changed in place.
create table role_clock (
  role text not null,
  machine text not null,
  ahead_ms bigint not null,
  at timestamp with time zone default clock_timestamp() not null,
  constraint role_clock_pkey PRIMARY KEY (role, machine),
  constraint role_clock_machine_check CHECK (((length(machine) >= 1) AND (length(machine) <= 255))),
  constraint role_clock_role_check CHECK ((role = ANY (ARRAY['feeds'::text, 'coverage'::text, 'flags'::text, 'notify'::text])))
);
grant select on role_clock to crisiscover_api;

create table rota (
  id text not null,
  retired_at timestamp with time zone,
  constraint rota_pkey PRIMARY KEY (id)
);

-- A rotation is kept in editions: each holds from an instant on, until the next one begins. An edition is never changed; another one that begins
-- at the same instant or before it takes its place. `definition` is what was sent, with the people as they were called then.
create table rotation (
  id bigint generated always as identity,
  rota text not null,
  starts_at timestamp with time zone not null,
  definition jsonb not null,
  made_at timestamp with time zone default clock_timestamp() not null,
  made_by text not null,
  known_to timestamp with time zone default 'infinity'::timestamp with time zone not null,
  ended_by text,
  constraint rotation_pkey PRIMARY KEY (id),
  constraint rotation_check CHECK (((known_to = 'infinity'::timestamp with time zone) = (ended_by IS NULL))),
  constraint rotation_starts_at_check CHECK (isfinite(starts_at)),
  constraint rotation_rota_fkey FOREIGN KEY (rota) REFERENCES rota(id)
);
CREATE UNIQUE INDEX rotation_in_force ON crisiscover.rotation USING btree (rota, starts_at) WHERE (known_to = 'infinity'::timestamp with time zone);
CREATE TRIGGER keep BEFORE DELETE OR UPDATE ON crisiscover.rotation FOR EACH ROW WHEN (
        CASE
            WHEN (COALESCE(current_setting('crisiscover.erasing'::text, true), ''::text) = ''::text) THEN true
            ELSE (NOT is_erasing())
        END) EXECUTE FUNCTION keep_rotations();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON crisiscover.rotation FOR EACH STATEMENT EXECUTE FUNCTION keep_rotations();
grant select on rotation to crisiscover_api;
grant select on rotation to crisiscover_feeds;

-- How far the shifts of a rotation are written. Operational.
create table rotation_state (
  rota text not null,
  filled_to timestamp with time zone not null,  -- every shift that begins before it is written
  reach timestamp with time zone not null,  -- what the rotation speaks about: filled_to, or its end if that comes first
  made_with text not null,  -- bank holidays, time zones and rules that they were made with
  constraint rotation_state_pkey PRIMARY KEY (rota),
  constraint rotation_state_rota_fkey FOREIGN KEY (rota) REFERENCES rota(id)
);
grant select on rotation_state to crisiscover_api;
grant select on rotation_state to crisiscover_feeds;

-- The counts of the self-check, for the metrics.
create table self_check (
  only_row boolean default true not null,
  checked bigint default 0 not null,  -- demands
  mismatched bigint default 0 not null,  -- of them, those whose spans or gaps differed from a sweep of their shifts
  last_at timestamp with time zone,
  constraint self_check_pkey PRIMARY KEY (only_row),
  constraint self_check_only_row_check CHECK (only_row)
);

-- A browser that is signed in. Its cookie is shown once and kept only as SHA-256. A session is valid while it has not been ended, ends_at has not
-- come, and it was used within idle_seconds.
create table session (
  id text not null,
  sha256 bytea not null,
  account text not null,
  how text not null,
  token text,  -- by which it was made, and with which it ends
  client text not null,  -- what the browser calls itself
  made_at timestamp with time zone default clock_timestamp() not null,
  used_at timestamp with time zone default clock_timestamp() not null,  -- to the minute or so: see sessions_used
  idle_seconds integer not null,
  ends_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  ended_by text,
  version bigint not null,
  constraint session_pkey PRIMARY KEY (id),
  constraint session_check CHECK (((ended_at IS NULL) = (ended_by IS NULL))),
  constraint session_how_check CHECK ((how = ANY (ARRAY['token'::text, 'password'::text, 'device'::text, 'provider'::text]))),
  constraint session_id_check CHECK ((id ~ '^[0-9a-z]{12}$'::text)),
  constraint session_idle_seconds_check CHECK ((idle_seconds > 0)),
  constraint session_sha256_check CHECK ((length(sha256) = 32)),
  constraint session_account_fkey FOREIGN KEY (account) REFERENCES account(name),
  constraint session_token_fkey FOREIGN KEY (token) REFERENCES token(id)
);
CREATE INDEX session_account ON crisiscover.session USING btree (account) WHERE (ended_at IS NULL);
CREATE INDEX session_ends ON crisiscover.session USING btree (ends_at);
CREATE INDEX session_token ON crisiscover.session USING btree (token) WHERE (ended_at IS NULL);
CREATE INDEX session_version ON crisiscover.session USING btree (version);
grant select on session to crisiscover_api;

-- Moves with every change of a session. Its row is locked by the statement that changes one, so that versions are in the order of commits: a process that has read
-- all up to a version has missed nothing below it.
create table session_head (
  only_row boolean default true not null,
  version bigint not null,
  constraint session_head_pkey PRIMARY KEY (only_row),
  constraint session_head_only_row_check CHECK (only_row)
);
grant select on session_head to crisiscover_api;

-- The objects of the set-up, as the region file has them: one row for each and each time that it changed. Superseded by itself, never deleted.
-- version put it there, ended took it away or replaced it. A list is in the order of position; an object that is put between two others gets a
-- position between theirs, so that they stay as they are.
create table setup_item (
  kind text not null,  -- see setup_kinds
  key text not null,  -- its code, id or name
  "position" numeric not null,
  item jsonb not null,
  version bigint not null,
  ended bigint,  -- null while it stands
  known_from timestamp with time zone not null,
  known_to timestamp with time zone default 'infinity'::timestamp with time zone not null,
  made_by text not null,
  constraint setup_item_pkey PRIMARY KEY (kind, key, version),
  constraint setup_item_item_check CHECK (source_is_masked((item -> 'source'::text))),
  constraint setup_item_ended_fkey FOREIGN KEY (ended) REFERENCES region(version),
  constraint setup_item_version_fkey FOREIGN KEY (version) REFERENCES region(version)
);
CREATE INDEX setup_item_ended ON crisiscover.setup_item USING btree (ended) WHERE (ended IS NOT NULL);
CREATE INDEX setup_item_position ON crisiscover.setup_item USING btree (kind, "position") WHERE (ended IS NULL);
CREATE INDEX setup_item_version ON crisiscover.setup_item USING btree (version);
CREATE UNIQUE INDEX setup_item_in_force ON crisiscover.setup_item USING btree (kind, key) WHERE (ended IS NULL);
CREATE TRIGGER keep BEFORE DELETE OR UPDATE ON crisiscover.setup_item FOR EACH ROW WHEN (
        CASE
            WHEN (COALESCE(current_setting('crisiscover.erasing'::text, true), ''::text) = ''::text) THEN true
            ELSE (NOT is_erasing())
        END) EXECUTE FUNCTION setup_item_keep();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON crisiscover.setup_item FOR EACH STATEMENT EXECUTE FUNCTION keep_the_record();
CREATE TRIGGER keep_place AFTER INSERT ON crisiscover.setup_item FOR EACH ROW WHEN ((new.kind = 'place'::text)) EXECUTE FUNCTION place_keep();
CREATE CONSTRAINT TRIGGER risk_follow AFTER INSERT ON crisiscover.setup_item DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((new.kind = 'requirement'::text)) EXECUTE FUNCTION risk_follow_setup();
grant select (kind, key, version) on setup_item to crisiscover_api;
grant select on setup_item to crisiscover_feeds;

-- The classes of the reader that matter later: absences take cover away, the others are weighed by the sweep. Noise and cancelled events are
-- counted in the reading and not kept here.
--
-- Rows in force are in a partition of their own, whatever their age: superseding a row moves it to the month of its known_to.
create table shift (
  id bigint generated always as identity,
  rota text not null,
  key text not null,
  class text not null,
  person text,
  team text,
  title text,  -- cleaned by the reader: without numbers and without the reason for an absence
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  reading bigint,
  known_from timestamp with time zone default clock_timestamp() not null,
  known_to timestamp with time zone default 'infinity'::timestamp with time zone not null,
  override bigint,  -- the override that made this row; null: its source says so
  last_read_at timestamp with time zone,
  constraint shift_pkey PRIMARY KEY (id, known_to),
  constraint shift_check CHECK ((starts_at < ends_at)),
  constraint shift_check1 CHECK ((isfinite(starts_at) AND isfinite(ends_at))),
  constraint shift_check2 CHECK ((known_from <= known_to)),
  constraint shift_check3 CHECK (((class <> ALL (ARRAY['named'::text, 'absence'::text])) OR (person IS NOT NULL))),
  constraint shift_check4 CHECK (((class <> 'team'::text) OR (team IS NOT NULL))),
  constraint shift_class_check CHECK ((class = ANY (ARRAY['named'::text, 'tentative'::text, 'team'::text, 'nobody'::text, 'undecided'::text, 'unreadable'::text, 'absence'::text]))),
  constraint shift_key_check CHECK (((length(key) >= 1) AND (length(key) <= 600))),
  constraint shift_override_fkey FOREIGN KEY (override) REFERENCES override(id),
  constraint shift_person_fkey FOREIGN KEY (person) REFERENCES person(id),
  constraint shift_reading_fkey FOREIGN KEY (reading) REFERENCES reading(id),
  constraint shift_rota_fkey FOREIGN KEY (rota) REFERENCES rota(id)
) partition by RANGE (known_to);
CREATE INDEX shift_absence_changes ON ONLY crisiscover.shift USING btree (rota, known_to) WHERE (class = 'absence'::text);
CREATE INDEX shift_absences_ever ON ONLY crisiscover.shift USING btree (ends_at) WHERE (class = 'absence'::text);
CREATE INDEX shift_known ON ONLY crisiscover.shift USING btree (rota, known_to);
CREATE INDEX shift_of_override ON ONLY crisiscover.shift USING btree (override) WHERE (override IS NOT NULL);
CREATE INDEX shift_override_times ON ONLY crisiscover.shift USING btree (rota, ends_at) WHERE (override IS NOT NULL);
CREATE TRIGGER canary_goes BEFORE INSERT ON crisiscover.shift FOR EACH ROW WHEN (((new.rota = '.canary'::text) AND (new.known_to <> 'infinity'::timestamp with time zone))) EXECUTE FUNCTION canary_keeps_nothing();
CREATE TRIGGER keep BEFORE UPDATE ON crisiscover.shift FOR EACH ROW WHEN (
        CASE
            WHEN (COALESCE(current_setting('crisiscover.erasing'::text, true), ''::text) = ''::text) THEN true
            ELSE (NOT is_erasing())
        END) EXECUTE FUNCTION record_keep('shift');
CREATE TRIGGER keep_all BEFORE DELETE OR TRUNCATE ON crisiscover.shift FOR EACH STATEMENT EXECUTE FUNCTION record_keep('shift');
grant select on shift to crisiscover_api;
grant select on shift to crisiscover_coverage;
grant insert, select on shift to crisiscover_feeds;
grant update (known_to) on shift to crisiscover_feeds;

create table shift_current partition of shift for values from ('infinity') to (maxvalue);
CREATE INDEX shift_absences ON crisiscover.shift_current USING btree (person, ends_at) WHERE ((known_to = 'infinity'::timestamp with time zone) AND (class = 'absence'::text));
CREATE INDEX shift_by_time ON crisiscover.shift_current USING btree (rota, ends_at) WHERE (known_to = 'infinity'::timestamp with time zone);
CREATE INDEX shift_people ON crisiscover.shift_current USING btree (person, ends_at) WHERE ((known_to = 'infinity'::timestamp with time zone) AND (class = 'named'::text));
CREATE UNIQUE INDEX shift_in_force ON crisiscover.shift_current USING btree (rota, key) WHERE (known_to = 'infinity'::timestamp with time zone);
CREATE TRIGGER keep_all BEFORE DELETE OR TRUNCATE ON crisiscover.shift_current FOR EACH STATEMENT EXECUTE FUNCTION record_keep('shift');

create table shift_rest partition of shift default;
CREATE TRIGGER keep_all BEFORE DELETE OR TRUNCATE ON crisiscover.shift_rest FOR EACH STATEMENT EXECUTE FUNCTION record_keep('shift');

-- Files that an administrator put in force without the second person whom a part of them wanted, with the reason, what it was, and the places it
-- touches. Listed until somebody else has reviewed it.
create table single_handed (
  id bigint generated always as identity,
  version bigint not null,
  account text not null,
  reason text not null,
  shown jsonb not null,
  places text[] not null,
  at timestamp with time zone default clock_timestamp() not null,
  reviewed_at timestamp with time zone,
  reviewed_by text,
  review_note text,
  constraint single_handed_pkey PRIMARY KEY (id),
  constraint single_handed_check CHECK (((reviewed_at IS NULL) = (reviewed_by IS NULL))),
  constraint single_handed_reason_check CHECK ((reason <> ''::text))
);
CREATE INDEX single_handed_open ON crisiscover.single_handed USING btree (at) WHERE (reviewed_at IS NULL);
grant select on single_handed to crisiscover_api;

-- Each change of what a source is and says. The row of feed has only the present.
create table source_change (
  id bigint generated always as identity,
  rota text not null,
  at timestamp with time zone default clock_timestamp() not null,
  state text not null,  -- of feed; 'removed': the rota has left the region
  fault text,
  reading bigint,
  body bytea,
  horizon timestamp with time zone,
  last_change_at timestamp with time zone,
  upload bigint,
  constraint source_change_pkey PRIMARY KEY (id, at),
  constraint source_change_reading_fkey FOREIGN KEY (reading) REFERENCES reading(id),
  constraint source_change_rota_fkey FOREIGN KEY (rota) REFERENCES rota(id)
) partition by RANGE (at);
CREATE INDEX source_change_by_rota ON ONLY crisiscover.source_change USING btree (rota, at);
CREATE TRIGGER keep BEFORE UPDATE ON crisiscover.source_change FOR EACH ROW WHEN (
        CASE
            WHEN (COALESCE(current_setting('crisiscover.erasing'::text, true), ''::text) = ''::text) THEN true
            ELSE (NOT is_erasing())
        END) EXECUTE FUNCTION record_stay('source_change');
CREATE TRIGGER keep_all BEFORE DELETE OR TRUNCATE ON crisiscover.source_change FOR EACH STATEMENT EXECUTE FUNCTION record_keep('source_change');
grant select on source_change to crisiscover_api;

create table source_change_rest partition of source_change default;
CREATE TRIGGER keep_all BEFORE DELETE OR TRUNCATE ON crisiscover.source_change_rest FOR EACH STATEMENT EXECUTE FUNCTION record_keep('source_change');

-- Each check that proved the shifts in force: the seconds of an hour. Ten bytes a check instead of a row: there are 500,000 a day in a country.
create table source_check (
  rota text not null,
  hour timestamp with time zone not null,
  seconds smallint[] not null,
  constraint source_check_pkey PRIMARY KEY (rota, hour),
  constraint source_check_rota_fkey FOREIGN KEY (rota) REFERENCES rota(id)
) partition by RANGE (hour);
CREATE TRIGGER keep BEFORE UPDATE ON crisiscover.source_check FOR EACH ROW WHEN (
        CASE
            WHEN (COALESCE(current_setting('crisiscover.erasing'::text, true), ''::text) = ''::text) THEN true
            ELSE (NOT is_erasing())
        END) EXECUTE FUNCTION source_check_keep();
CREATE TRIGGER keep_all BEFORE DELETE OR TRUNCATE ON crisiscover.source_check FOR EACH STATEMENT EXECUTE FUNCTION record_keep('source_check');
grant select on source_check to crisiscover_api;

create table source_check_rest partition of source_check default;
CREATE TRIGGER keep_all BEFORE DELETE OR TRUNCATE ON crisiscover.source_check_rest FOR EACH STATEMENT EXECUTE FUNCTION record_keep('source_check');

-- Each source as the map was last made with it. A source that differs from this is swept again, whatever changed it; above all a feed that has
-- become unknown because time has passed.
create table source_seen (
  rota text not null,
  horizon timestamp with time zone not null,  -- -infinity: never read, or it says nothing
  trusted_until timestamp with time zone not null,  -- infinity: not unknown
  constraint source_seen_pkey PRIMARY KEY (rota),
  constraint source_seen_rota_fkey FOREIGN KEY (rota) REFERENCES rota(id)
);
grant select on source_seen to crisiscover_coverage;

-- The state of each demand over time. not_commissioned is not stored: it is all time outside a requirement's hours. As in shift, rows in force are in
-- a partition of their own.
--
-- No foreign key: every span is written by coverage_commit, which has found its demand with the expected version, under the lock that retiring a
-- demand needs; and no demand is ever deleted. The check of the key cost more than the rest of the insert.
create table span (
  requirement text not null,
  place text not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  state text not null,
  cause text not null,
  present integer not null,
  required integer not null,
  shifts bigint[] default '{}'::bigint[] not null,  -- the shifts that count in it
  version bigint not null,
  known_from timestamp with time zone not null,
  known_to timestamp with time zone default 'infinity'::timestamp with time zone not null,
  constraint span_check CHECK ((starts_at < ends_at)),
  constraint span_check1 CHECK ((known_from <= known_to)),
  constraint span_check2 CHECK (((state <> 'covered'::text) OR ((present >= required) AND (cardinality(shifts) >= 1)))),
  constraint span_check3 CHECK (((state <> 'gap'::text) OR (present < required))),
  constraint span_present_check CHECK ((present >= 0)),
  constraint span_required_check CHECK ((required > 0)),
  constraint span_state_check CHECK ((state = ANY (ARRAY['covered'::text, 'short'::text, 'gap'::text, 'unknown'::text])))
) partition by RANGE (known_to);
CREATE TRIGGER canary_goes BEFORE INSERT ON crisiscover.span FOR EACH ROW WHEN (((new.place = '.canary'::text) AND (new.known_to <> 'infinity'::timestamp with time zone))) EXECUTE FUNCTION canary_keeps_nothing();
CREATE TRIGGER keep BEFORE UPDATE ON crisiscover.span FOR EACH ROW WHEN (
        CASE
            WHEN (COALESCE(current_setting('crisiscover.erasing'::text, true), ''::text) = ''::text) THEN true
            ELSE (NOT is_erasing())
        END) EXECUTE FUNCTION record_keep('span');
CREATE TRIGGER keep_all BEFORE DELETE OR TRUNCATE ON crisiscover.span FOR EACH STATEMENT EXECUTE FUNCTION record_keep('span');
grant select on span to crisiscover_api;
grant select on span to crisiscover_coverage;

create table span_current partition of span for values from ('infinity') to (maxvalue);
CREATE UNIQUE INDEX span_in_force ON crisiscover.span_current USING btree (requirement, place, starts_at) WHERE (known_to = 'infinity'::timestamp with time zone);
CREATE TRIGGER keep_all BEFORE DELETE OR TRUNCATE ON crisiscover.span_current FOR EACH STATEMENT EXECUTE FUNCTION record_keep('span');

create table span_rest partition of span default;
CREATE INDEX span_rest_requirement_place_known_to_idx ON crisiscover.span_rest USING btree (requirement, place, known_to);
CREATE TRIGGER keep_all BEFORE DELETE OR TRUNCATE ON crisiscover.span_rest FOR EACH STATEMENT EXECUTE FUNCTION record_keep('span');

-- Which news an account gets, and how. One for each address: nobody is told the same thing twice at one. Rows keep the codes of the time at which they
-- were written; they end, and nothing else is written into them.
create table subscription (
  id bigint generated always as identity,
  at timestamp with time zone default clock_timestamp() not null,
  account text not null,
  channel text not null,
  address text not null,
  about text[] default '{}'::text[] not null,  -- kinds of news (news_about in server/model/news.h); empty: all
  places text[] default '{}'::text[] not null,  -- with all below them; empty: all that the account may see
  functions text[] default '{}'::text[] not null,  -- empty: all
  severity text default 'normal'::text not null,  -- from this one on
  alerted_to text,  -- of alerts; null: from the first flag on
  digest integer[] default '{}'::integer[] not null,  -- minutes of the day in the region's time at which what can wait is told; empty: when it comes
  quiet_from integer,
  quiet_until integer,
  made_by text not null,
  ended_at timestamp with time zone,
  ended_by text,
  constraint subscription_pkey PRIMARY KEY (id),
  constraint subscription_address_check CHECK (((octet_length(address) >= 3) AND (octet_length(address) <= 1000))),
  constraint subscription_alerted_to_check CHECK ((alerted_to = ANY (ARRAY['owner'::text, 'deputy'::text, 'commissioner'::text]))),
  constraint subscription_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'webhook'::text, 'teams'::text, 'slack'::text, 'sms'::text]))),
  constraint subscription_check CHECK ((((quiet_from IS NULL) = (quiet_until IS NULL)) AND (quiet_from IS DISTINCT FROM COALESCE(quiet_until, '-1'::integer)))),
  constraint subscription_check1 CHECK (((ended_at IS NULL) = (ended_by IS NULL))),
  constraint subscription_digest_check CHECK (((cardinality(digest) <= 24) AND (0 <= ALL (digest)) AND (1440 > ALL (digest)))),
  constraint subscription_quiet_from_check CHECK (((quiet_from >= 0) AND (quiet_from <= 1439))),
  constraint subscription_quiet_until_check CHECK (((quiet_until >= 0) AND (quiet_until <= 1439))),
  constraint subscription_severity_check CHECK ((severity = ANY (ARRAY['normal'::text, 'high'::text, 'critical'::text])))
);
CREATE INDEX subscription_of ON crisiscover.subscription USING btree (account, id);
CREATE UNIQUE INDEX subscription_in_force ON crisiscover.subscription USING btree (account, channel, address) WHERE (ended_at IS NULL);
CREATE TRIGGER keep BEFORE DELETE OR UPDATE ON crisiscover.subscription FOR EACH ROW WHEN (
        CASE
            WHEN (COALESCE(current_setting('crisiscover.erasing'::text, true), ''::text) = ''::text) THEN true
            ELSE (NOT is_erasing())
        END) EXECUTE FUNCTION keep_subscriptions();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON crisiscover.subscription FOR EACH STATEMENT EXECUTE FUNCTION keep_the_record();
grant select on subscription to crisiscover_api;

create table swap (
  id bigint generated always as identity,
  version bigint not null,
  offered_at timestamp with time zone default clock_timestamp() not null,
  offered_by text not null,
  expires_at timestamp with time zone not null,  -- until when it may be accepted
  starts_at timestamp with time zone not null,  -- of the first of its shifts
  ends_at timestamp with time zone not null,  -- of the last
  link bytea,  -- SHA-256 of what is in the link of who receives it; null: there is none, or it was used
  overruled text[] default '{}'::text[] not null,  -- checks that had failed when it was offered, and that the offer says do not matter
  state text default 'offered'::text not null,
  constraint swap_pkey PRIMARY KEY (id),
  constraint swap_check CHECK ((isfinite(expires_at) AND (offered_at < expires_at) AND (expires_at <= starts_at) AND (starts_at < ends_at))),
  constraint swap_check1 CHECK (((link IS NULL) OR (state = 'offered'::text))),
  constraint swap_link_check CHECK ((length(link) = 32)),
  constraint swap_state_check CHECK ((state = ANY (ARRAY['offered'::text, 'accepted'::text, 'refused'::text, 'withdrawn'::text, 'in_feed'::text, 'disputed'::text]))),
  constraint swap_link_key UNIQUE (link)
);
CREATE INDEX swap_ends ON crisiscover.swap USING btree (ends_at);
CREATE INDEX swap_version_of ON crisiscover.swap USING btree (version);
CREATE TRIGGER keep BEFORE DELETE OR UPDATE ON crisiscover.swap FOR EACH ROW WHEN (
        CASE
            WHEN (COALESCE(current_setting('crisiscover.erasing'::text, true), ''::text) = ''::text) THEN true
            ELSE (NOT is_erasing())
        END) EXECUTE FUNCTION keep_what_was_offered();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON crisiscover.swap FOR EACH STATEMENT EXECUTE FUNCTION keep_the_record();
grant select (id, version, offered_at, offered_by, expires_at, starts_at, ends_at, overruled, state) on swap to crisiscover_api;

-- Every step of a swap, only added to. who: an account, or null: the link, or the calendar. how: by whom it was accepted or refused ('receiver': who
-- takes the shift, 'link': by the link, 'word': a manager says so), 'calendar' where a calendar has changed, 'other' where another swap came first.
create table swap_event (
  id bigint generated always as identity,
  swap bigint not null,
  at timestamp with time zone default clock_timestamp() not null,
  step text not null,
  who text,
  how text,
  forced boolean default false not null,  -- a check that had failed was overruled
  reason text,
  constraint swap_event_pkey PRIMARY KEY (id),
  constraint swap_event_check CHECK (((NOT forced) OR (reason IS NOT NULL))),
  constraint swap_event_how_check CHECK ((how = ANY (ARRAY['receiver'::text, 'link'::text, 'word'::text, 'calendar'::text, 'other'::text]))),
  constraint swap_event_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 400))),
  constraint swap_event_step_check CHECK ((step = ANY (ARRAY['offered'::text, 'accepted'::text, 'refused'::text, 'withdrawn'::text, 'in_feed'::text, 'disputed'::text]))),
  constraint swap_event_swap_fkey FOREIGN KEY (swap) REFERENCES swap(id)
);
CREATE INDEX swap_event_by_swap ON crisiscover.swap_event USING btree (swap, id);
CREATE TRIGGER keep BEFORE DELETE OR UPDATE ON crisiscover.swap_event FOR EACH ROW WHEN (
        CASE
            WHEN (COALESCE(current_setting('crisiscover.erasing'::text, true), ''::text) = ''::text) THEN true
            ELSE (NOT is_erasing())
        END) EXECUTE FUNCTION keep_the_record();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON crisiscover.swap_event FOR EACH STATEMENT EXECUTE FUNCTION keep_the_record();
grant select on swap_event to crisiscover_api;

-- The version grows with every change of a swap or of leave, in the order of the commits: who takes it holds the row until then. Each has the version of its
-- last change. It is taken after the rows of feeds.
create table swap_head (
  only_row boolean default true not null,
  version bigint not null,
  constraint swap_head_pkey PRIMARY KEY (only_row),
  constraint swap_head_only_row_check CHECK (only_row)
);
grant select on swap_head to crisiscover_api;

-- The shifts that change hands: the first, and of an exchange the second, in which it is the other way round.
create table swap_shift (
  swap bigint not null,
  nth smallint not null,
  rota text not null,
  gives text not null,
  takes text not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  override bigint,  -- since it was accepted
  constraint swap_shift_pkey PRIMARY KEY (swap, nth),
  constraint swap_shift_check CHECK ((gives <> takes)),
  constraint swap_shift_check1 CHECK ((isfinite(starts_at) AND isfinite(ends_at) AND (starts_at < ends_at))),
  constraint swap_shift_nth_check CHECK ((nth = ANY (ARRAY[1, 2]))),
  constraint swap_shift_gives_fkey FOREIGN KEY (gives) REFERENCES person(id),
  constraint swap_shift_override_fkey FOREIGN KEY (override) REFERENCES override(id),
  constraint swap_shift_rota_fkey FOREIGN KEY (rota) REFERENCES rota(id),
  constraint swap_shift_swap_fkey FOREIGN KEY (swap) REFERENCES swap(id),
  constraint swap_shift_takes_fkey FOREIGN KEY (takes) REFERENCES person(id),
  constraint swap_shift_override_key UNIQUE (override)
);
CREATE INDEX swap_shift_gives ON crisiscover.swap_shift USING btree (gives);
CREATE INDEX swap_shift_rota ON crisiscover.swap_shift USING btree (rota);
CREATE INDEX swap_shift_takes ON crisiscover.swap_shift USING btree (takes);
CREATE TRIGGER keep BEFORE DELETE OR UPDATE ON crisiscover.swap_shift FOR EACH ROW WHEN (
        CASE
            WHEN (COALESCE(current_setting('crisiscover.erasing'::text, true), ''::text) = ''::text) THEN true
            ELSE (NOT is_erasing())
        END) EXECUTE FUNCTION keep_what_was_offered();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON crisiscover.swap_shift FOR EACH STATEMENT EXECUTE FUNCTION keep_the_record();
grant select on swap_shift to crisiscover_api;

-- A bearer token is shown once and kept only as SHA-256. The public half finds the row, the whole is compared in constant time.
create table token (
  id text not null,
  account text not null,
  sha256 bytea not null,
  created_at timestamp with time zone default clock_timestamp() not null,
  expires_at timestamp with time zone default 'infinity'::timestamp with time zone not null,
  revoked_at timestamp with time zone,
  made_by text,
  revoked_by text,
  used_at timestamp with time zone,  -- when it was last used, to the hour or so: see tokens_used
  scopes text[],
  link_kind text,  -- null: a token of all its account may
  link_of text,
  link_names boolean default false not null,  -- whether its answers name people
  link_note text,  -- for whom it is, in the words of the account that made it
  constraint token_pkey PRIMARY KEY (id),
  constraint token_check CHECK (((link_kind IS NULL) = (link_of IS NULL))),
  constraint token_check1 CHECK (((link_kind IS NULL) OR (scopes = '{}'::text[]))),
  constraint token_id_check CHECK ((id ~ '^[0-9a-z]{12}$'::text)),
  constraint token_link_kind_check CHECK ((link_kind = ANY (ARRAY['rota'::text, 'service'::text, 'person'::text, 'gaps'::text, 'closing'::text, 'navigator'::text]))),
  constraint token_link_note_check CHECK (((length(link_note) >= 1) AND (length(link_note) <= 200))),
  constraint token_sha256_check CHECK ((length(sha256) = 32)),
  constraint token_account_fkey FOREIGN KEY (account) REFERENCES account(name)
);
CREATE INDEX token_account ON crisiscover.token USING btree (account);
CREATE INDEX token_link ON crisiscover.token USING btree (link_kind, link_of) WHERE (link_kind IS NOT NULL);
CREATE TRIGGER token_ended AFTER UPDATE OF revoked_at ON crisiscover.token FOR EACH ROW WHEN (((old.revoked_at IS NULL) AND (new.revoked_at IS NOT NULL))) EXECUTE FUNCTION token_ended();
grant select on token to crisiscover_api;

create table try_count (
  key bytea not null,
  tries integer default 1 not null,
  last_at timestamp with time zone default clock_timestamp() not null,
  until timestamp with time zone default '-infinity'::timestamp with time zone not null,
  constraint try_count_pkey PRIMARY KEY (key),
  constraint try_count_key_check CHECK ((length(key) = 16))
);
CREATE INDEX try_count_last ON crisiscover.try_count USING btree (last_at);
