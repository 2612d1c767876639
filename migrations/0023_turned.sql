-- A calendar whose bytes are the same is read again whenever something that shapes its reading changes. What that takes away ends at once; what it
-- would add waits for a person where the guards question it. Which shifts turned by it is kept, for the rota's manager to see.

set local search_path = crisiscover;

alter table feed
  -- The reader's own rules that the body in force was read with, as a digest; null: not known. Empty: what those rules would add to the
  -- cover waits for a person, until another body or an import is in force.
  add column rules text;

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

create function shift_counts(a_class text) returns boolean language sql immutable as $$
  select coalesce(a_class in ('named', 'team'), false)
$$;

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

-- feeds_apply_open() of 0022; and of a stored body that was read again, which shifts turned. a_reading has `rules`, and `withheld`, a sentence,
-- where rows that would have been cover were made doubtful.
create function feeds_apply_turned(a_rota text, a_claim bigint, a_base bigint, a_body bytea, a_bytes bytea, a_read_with bytea, a_reading jsonb,
                                   a_fetched boolean, a_etag text, a_last_modified text, a_superseded bigint[],
                                   a_keys text[], a_classes text[], a_persons text[], a_teams text[], a_titles text[],
                                   a_starts timestamptz[], a_ends timestamptz[])
returns text language plpgsql as $$
declare
  before feed;
  rows_before shift[];
  until timestamptz;
  answer text;
  changed boolean := cardinality(a_superseded) + cardinality(a_keys) > 0;
begin
  select * into before from feed where rota = a_rota and claim = a_claim for update;
  if not a_fetched and changed then
    select coalesce(array_agg(s), '{}') into rows_before from shift s where s.id = any (a_superseded) and s.known_to = 'infinity';
    select r.window_to into until from reading r where r.id = before.reading;
  end if;
  answer := feeds_apply_open(a_rota, a_claim, a_base, a_body, a_bytes, a_read_with, a_reading, a_fetched, a_etag, a_last_modified,
                             a_superseded, a_keys, a_classes, a_persons, a_teams, a_titles, a_starts, a_ends);
  if answer <> 'done' then
    return answer;
  end if;
  update feed set rules = case when a_reading ? 'withheld' then '' else a_reading->>'rules' end where rota = a_rota;
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

-- All that a feed is told off for, as in 0008; and for a week, that other rules have made something else of it.
create or replace function feed_warnings(a_feed feed) returns jsonb language sql stable as $$
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

-- ------------------------------------------------------------------------------------------------------------------- imports

-- The same of an import's preview; its feed takes it over when the import comes into force.
alter table import add column rules text;

-- feeds_held_noted() of 0008, with the rules it was read by.
create function feeds_held_ruled(a_rota text, a_claim bigint, a_base bigint, a_body bytea, a_bytes bytea, a_read_with bytea, a_reading jsonb,
                                 a_why text, a_diff jsonb, a_superseded bigint[],
                                 a_keys text[], a_classes text[], a_persons text[], a_teams text[], a_titles text[],
                                 a_starts timestamptz[], a_ends timestamptz[])
returns text language plpgsql as $$
declare answer text;
begin
  answer := feeds_held_noted(a_rota, a_claim, a_base, a_body, a_bytes, a_read_with, a_reading, a_why, a_diff, a_superseded,
                             a_keys, a_classes, a_persons, a_teams, a_titles, a_starts, a_ends);
  if answer = 'done' then
    update import i set rules = a_reading->>'rules' from feed f where f.rota = a_rota and i.id = f.held_import and i.state = 'preview';
  end if;
  return answer;
end $$;

-- import_preview_noted() of 0008, with the rules it was read by. The feed's row is locked before the import's.
create function import_preview_ruled(a_import bigint, a_claim bigint, a_base bigint, a_read_with bytea, a_reading jsonb, a_safe boolean,
                                     a_why text, a_diff jsonb, a_superseded bigint[],
                                     a_keys text[], a_classes text[], a_persons text[], a_teams text[], a_titles text[],
                                     a_starts timestamptz[], a_ends timestamptz[])
returns text language plpgsql as $$
begin
  perform from feed f join import i on i.rota = f.rota where i.id = a_import for update of f;
  update import set rules = a_reading->>'rules' where id = a_import and state = 'uploaded' and claim = a_claim;
  return import_preview_noted(a_import, a_claim, a_base, a_read_with, a_reading, a_safe, a_why, a_diff, a_superseded,
                              a_keys, a_classes, a_persons, a_teams, a_titles, a_starts, a_ends);
end $$;

create function import_brings_rules() returns trigger language plpgsql as $$
begin
  update feed set rules = new.rules where rota = new.rota;
  return new;
end $$;
create trigger brings_rules before update on import for each row when (old.state <> 'applied' and new.state = 'applied')
  execute function import_brings_rules();

-- --------------------------------------------------------------------------------------------------------------------- rights

revoke execute on function reread_note, reread_withhold, feeds_apply_turned, shift_counts, feeds_held_ruled, import_preview_ruled,
  import_brings_rules from public;
grant execute on function feeds_apply_turned, reread_note, reread_withhold, shift_counts, feeds_held_ruled, import_preview_ruled
  to crisiscover_feeds;
grant insert on reread to crisiscover_feeds;
grant select on reread to crisiscover_api;
