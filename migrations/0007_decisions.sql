-- What a rota manager decides about titles and names is remembered for that rota: "this exact title reads as ..." and "on this rota JJ means
-- ...". A decision is never changed and never deleted. Another one about the same words takes its place, or it is withdrawn: then its time of
-- being known ends, and who ended it is noted. What it says is weighed by the reader, which never lets a decision make a placeholder count.
--
-- The feeds role reads by the decisions it knows, so it claims only while these are the ones in force; a decision makes the rota's stored body
-- due, and has imports of that rota which are still a preview read again. Channel: decisions_changed.

set local search_path = crisiscover;

create table decision (
  id         bigint generated always as identity primary key,
  rota       text not null references rota,
  kind       text not null check (kind in ('title', 'alias')),
  words      text not null check (length(words) between 1 and 400),  -- the title without numbers and reasons, or the name, as it was decided
  key        text not null check (key <> ''),                        -- what is the same to the reader is the same here
  reads      text not null check (reads in ('named', 'team', 'nobody', 'undecided', 'absence', 'noise')),
  person     text references person,
  team       text,
  decided_by text not null,
  known_from timestamptz not null default clock_timestamp(),
  known_to   timestamptz not null default 'infinity',
  ended_by   text,
  check (known_from <= known_to),
  check ((known_to = 'infinity') = (ended_by is null)),
  -- promise 1: a decision that may count names a person, or a team of the rota
  check ((reads in ('named', 'absence')) = (person is not null)),
  check ((reads = 'team') = (team is not null)),
  check (kind = 'title' or reads = 'named')
);
-- One word at a time on each title and each name.
create unique index decision_in_force on decision (rota, kind, key) where known_to = 'infinity';
create index decision_by_rota on decision (rota, id);

-- Moves with every decision: the feeds role follows by it.
create table decision_head (
  only_row boolean primary key default true check (only_row),
  version  bigint not null
);
insert into decision_head (version) values (1);
analyze decision_head;

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

-- Who is at a file: a number of its own for each claim, so that what was read by decisions which no longer hold is not kept.
alter table import add column claim bigint;

-- ------------------------------------------------------------------------------------------------------------------- deciding

-- Decisions of a rota have changed. The caller holds the feed's row. A check that was asked for stays due until it is done, also when somebody is
-- at that feed just now; what it is read with then tells whether its stored body is worth reading again.
create function decisions_changed(a_rota text) returns void language plpgsql as $$
begin
  update feed set refresh_asked_at = clock_timestamp() where rota = a_rota and body is not null;
  update import set state = 'uploaded', claim = null, claimed_until = null where rota = a_rota and state in ('uploaded', 'preview');
  update decision_head set version = version + 1;
  notify decisions_changed;
end $$;

-- Keeps a decision and answers its number; the one about the same words that was in force ends. What is decided so already is not decided
-- again. The api has asked whether a_actor may, and whether the rota's directory has the person. P0001: the rota or the person is gone.
create function decision_make(a_rota text, a_kind text, a_words text, a_key text, a_reads text, a_person text, a_team text, a_actor text)
returns bigint language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  before decision;
  moment timestamptz;
  made bigint;
begin
  perform from feed where rota = a_rota for update;
  if not found then
    raise exception 'there is no rota % in the region', a_rota using errcode = 'P0001';
  end if;
  perform from person where id = a_person and retired_at is not null for share;
  if found or (a_person is not null and not exists (select from person where id = a_person)) then
    raise exception 'there is no person % in the region', a_person using errcode = 'P0001';
  end if;

  select * into before from decision where rota = a_rota and kind = a_kind and key = a_key and known_to = 'infinity' for update;
  if found and (before.reads, before.person, before.team) is not distinct from (a_reads, a_person, a_team) then
    return before.id;
  end if;
  moment := greatest(clock_timestamp(), before.known_from);
  update decision set known_to = moment, ended_by = a_actor where id = before.id;
  insert into decision (rota, kind, words, key, reads, person, team, decided_by, known_from)
    values (a_rota, a_kind, a_words, a_key, a_reads, a_person, a_team, a_actor, moment) returning id into made;
  perform decisions_changed(a_rota);
  insert into audit (actor, action, object, detail)
    values (a_actor, 'decision_made', 'decision/' || made,
            jsonb_strip_nulls(jsonb_build_object('rota', a_rota, a_kind, a_words, 'reads', a_reads, 'person', a_person, 'team', a_team,
                                                 'instead_of', before.id)));
  return made;
end $$;

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

-- ------------------------------------------------------------------------------------------------- the feeds role, by decisions
-- These stand beside the functions of 0002 of the same names, which the version before calls while this file is applied.

-- As feeds_claim of two, and nothing while the caller knows other decisions than those in force.
create function feeds_claim(a_limit integer, a_region bigint, a_decisions bigint)
returns table (rota text, claim bigint, kind text, url text, etag text, last_modified text, body bytea, format text, read_with bytea,
               seen_body bytea, seen_with bytea, held_body bytea, whole_due boolean)
language sql volatile as $$
  select c.* from feeds_claim(case when a_decisions = (select version from decision_head) then a_limit else 0 end, a_region) c
$$;

-- The same for files, with the number of the claim.
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

-- As import_refused of four, by who holds the claim.
create function import_refused(a_import bigint, a_claim bigint, a_why text, a_read_with bytea, a_reading jsonb) returns text
language plpgsql as $$
begin
  perform from import where id = a_import and state = 'uploaded' and claim = a_claim for update;
  if not found then
    return 'gone';
  end if;
  return import_refused(a_import, a_why, a_read_with, a_reading);
end $$;

-- As import_preview of fifteen, by who holds the claim. A file that was a preview before is one again, with what it would change now. What an address
-- gave and no longer gives is not asked about any more.
create function import_preview(a_import bigint, a_claim bigint, a_base bigint, a_read_with bytea, a_reading jsonb, a_safe boolean, a_why text,
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
  select * into i from import where id = a_import and state = 'uploaded' and claim = a_claim for update;
  if not found then
    return 'gone';
  end if;
  if i.by_account = 'feed' and before.held_import is distinct from a_import then
    update import set state = 'discarded', decided_at = clock_timestamp(), decided_by = 'feed', claimed_until = null,
                      reason = 'The address gives another calendar now.'
      where id = a_import;
    return 'gone';
  end if;
  if before.reading is distinct from a_base then
    return 'again';
  end if;
  delete from import_shift where import = a_import;
  return import_preview(a_import, a_base, a_read_with, a_reading, a_safe, a_why, a_diff, a_superseded, a_keys, a_classes, a_persons,
                        a_teams, a_titles, a_starts, a_ends);
end $$;

-- --------------------------------------------------------------------------------------------------------------------- rights

revoke execute on function keep_decisions(), decisions_changed(text),
  decision_make(text, text, text, text, text, text, text, text), decision_withdraw(text, bigint, text),
  feeds_claim(integer, bigint, bigint), imports_claim(integer, bigint, bigint), import_refused(bigint, bigint, text, bytea, jsonb),
  import_preview(bigint, bigint, bigint, bytea, jsonb, boolean, text, jsonb, bigint[], text[], text[], text[], text[], text[], timestamptz[],
                 timestamptz[])
  from public;

grant select on decision, decision_head to crisiscover_feeds;
grant delete on import_shift to crisiscover_feeds;
grant execute on function feeds_claim(integer, bigint, bigint), imports_claim(integer, bigint, bigint),
  import_refused(bigint, bigint, text, bytea, jsonb),
  import_preview(bigint, bigint, bigint, bytea, jsonb, boolean, text, jsonb, bigint[], text[], text[], text[], text[], text[], timestamptz[],
                 timestamptz[])
  to crisiscover_feeds;

grant select on decision to crisiscover_api;
grant execute on function decision_make(text, text, text, text, text, text, text, text), decision_withdraw(text, bigint, text)
  to crisiscover_api;
