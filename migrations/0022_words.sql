-- A word is decided once. Beside whole titles and names, a rota's manager decides what a word or a phrase means on that rota ("Surge-AM" says
-- nothing, "jury duty": that person is away), which zone of the tz database a calendar's own name of a time zone stands for, and whether the
-- dates of its rosters are dd/mm or mm/dd. The record, the way of taking a decision back and the rights are those of 0007.

set local search_path = crisiscover;

alter table decision
  drop constraint decision_kind_check,
  drop constraint decision_reads_check,
  drop constraint decision_check4,  -- of a title or a name only: kind = 'title' or reads = 'named'
  add column zone text,             -- of the tz database
  add constraint decision_kind_check check (kind in ('title', 'alias', 'word', 'zone', 'date_order')),
  add constraint decision_reads_check check (case kind
    when 'title' then reads in ('named', 'team', 'nobody', 'undecided', 'absence', 'noise')
    when 'alias' then reads = 'named'
    when 'word' then reads in ('nothing', 'nobody', 'away')
    when 'zone' then reads = 'zone'
    when 'date_order' then reads in ('dmy', 'mdy') end),
  add constraint decision_zone_check check ((kind = 'zone') = (zone is not null));

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
-- "team", "zone"}, …]. As decision_make() of 0007 for each; the rota is read again once for all of them.
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

-- The version before calls this one.
create or replace function decision_make(a_rota text, a_kind text, a_words text, a_key text, a_reads text, a_person text, a_team text,
                                         a_actor text)
returns bigint language sql security definer set search_path = crisiscover, pg_temp as $$
  select (decisions_make(a_rota, jsonb_build_array(jsonb_build_object('kind', a_kind, 'words', a_words, 'key', a_key, 'reads', a_reads,
                                                                      'person', a_person, 'team', a_team)), a_actor))[1]
$$;

-- -------------------------------------------------------------------------------------------------------------- what is left to decide

-- What is open in the body in force, as its reading listed it: words, names, names of time zones, the order of dates. Not of the record: it
-- says nothing that the body and the rules of reading do not.
alter table feed add column to_decide jsonb not null default '[]';
create view feed_to_decide as select rota, to_decide from feed;

-- feeds_apply_noted() of 0008, and what is left to decide in what was read.
create function feeds_apply_open(a_rota text, a_claim bigint, a_base bigint, a_body bytea, a_bytes bytea, a_read_with bytea, a_reading jsonb,
                                 a_fetched boolean, a_etag text, a_last_modified text, a_superseded bigint[],
                                 a_keys text[], a_classes text[], a_persons text[], a_teams text[], a_titles text[],
                                 a_starts timestamptz[], a_ends timestamptz[])
returns text language plpgsql as $$
declare answer text;
begin
  answer := feeds_apply_noted(a_rota, a_claim, a_base, a_body, a_bytes, a_read_with, a_reading, a_fetched, a_etag, a_last_modified,
                              a_superseded, a_keys, a_classes, a_persons, a_teams, a_titles, a_starts, a_ends);
  if answer = 'done' then
    update feed set to_decide = coalesce(a_reading->'to_decide', '[]') where rota = a_rota;
  end if;
  return answer;
end $$;

-- However an import comes into force, what is open in it is what is open in its rota.
create function import_opens() returns trigger language plpgsql as $$
begin
  update feed set to_decide = coalesce(new.diff->'to_decide', '[]') where rota = new.rota;
  return new;
end $$;
create trigger opens before update on import for each row when (old.state <> 'applied' and new.state = 'applied')
  execute function import_opens();

-- ------------------------------------------------------------------------------------------------------ previews that are outdated

-- As feeds_outdated() of 0002 for files that wait for a decision: a preview says what the file means now, whatever has changed since it was
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

-- --------------------------------------------------------------------------------------------------------------------- rights

revoke execute on function decision_keep(text, jsonb, text), decisions_make(text, jsonb, text), feeds_apply_open, import_opens,
  imports_outdated from public;
grant execute on function decisions_make(text, jsonb, text) to crisiscover_api;
grant execute on function feeds_apply_open, imports_outdated to crisiscover_feeds;
grant select on feed_to_decide to crisiscover_api;

