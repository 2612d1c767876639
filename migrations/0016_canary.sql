-- SPDX-License-Identifier: MIT

-- The canary: a rota that nobody sees changes every minute, and that change must come through as every other does: it is swept, makes a gap and a
-- flag, and is read by each api process (docs/decisions/0038-canary.md).
--
-- Its shifts, spans and gaps are rows of the same tables, under the code '.canary', which no set-up can have (text_is_code). So that the record does
-- not grow by it, what it supersedes is dropped and not kept, and gaps that are over are deleted. It takes no number of a flag and makes no version
-- of the map: those who follow these would be told of it.

set local search_path = crisiscover;
set local check_function_bodies = off;

-- The last change. The rota is covered by one person all the time but for an hour, which begins at hole_at.
create table canary (
  only_row  boolean primary key default true check (only_row),
  turn      bigint not null default 0,
  turned_at timestamptz not null default '2000-01-01',
  hole_at   timestamptz not null default '2000-01-01'   -- none yet
);
insert into canary default values;
grant select on canary to crisiscover_api;

-- What has come of it: `version` grows with each sweep that has changed its map, which each api process follows, and `flag` is the newest that a gap
-- of it was opened with, the one of `turn`. A table of its own: coverage locks it while it has locked marks, and the feeds role marks while it has locked
-- the other.
create table canary_swept (
  only_row  boolean primary key default true check (only_row),
  version   bigint not null default 0,
  turn      bigint not null default 0,
  turned_at timestamptz not null default '2000-01-01',
  flag      text
);
insert into canary_swept default values;
grant select on canary_swept to crisiscover_api, crisiscover_flags;

insert into organisation (code) values ('.canary');
insert into place (code) values ('.canary');
insert into function (code) values ('.canary');
insert into person (id) values ('.canary');
insert into rota (id) values ('.canary');
insert into requirement (id) values ('.canary');

-- Of the canary nothing superseded is kept: the row that would go to a month's partition goes nowhere.
create function canary_keeps_nothing() returns trigger language plpgsql as $$
begin
  return null;
end $$;
create trigger canary_goes before insert on shift for each row when (new.rota = '.canary' and new.known_to <> 'infinity')
  execute function canary_keeps_nothing();
create trigger canary_goes before insert on span for each row when (new.place = '.canary' and new.known_to <> 'infinity')
  execute function canary_keeps_nothing();
create trigger canary_goes before insert on gap_event for each row when (new.row_after->>'place' = '.canary')
  execute function canary_keeps_nothing();

-- Changes the rota of the canary, unless somebody has done so within a_seconds or there is no region yet. Answers whether it did. The hour that is not
-- covered is weeks ahead, so that nobody would have to be reminded of it, and another one each time, so that its gap is a new one.
create function canary_turn(a_seconds bigint) returns boolean language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
declare
  hole timestamptz;
  ended bigint[];
  moment timestamptz;
begin
  if not exists (select from region) then
    return false;
  end if;
  -- Nine tenths of the time: the callers' timers are not exact, and one that is early must not miss its turn.
  update canary set turn = turn + 1, turned_at = clock_timestamp(),
                    hole_at = date_trunc('day', clock_timestamp()) + interval '40 days' + (turn + 1) % 180 * interval '2 hours'
    where turned_at < clock_timestamp() - make_interval(secs => a_seconds * 0.9) or turned_at > clock_timestamp()
    returning hole_at into hole;
  if not found then
    return false;
  end if;
  -- Never stale: the canary shows that a change comes through, and nothing about sources.
  insert into feed (rota, kind, state, last_good_at, horizon, next_at) values ('.canary', 'typed', 'good', now(), '2100-01-01', 'infinity')
    on conflict do nothing;
  select coalesce(array_agg(id), '{}') into ended from shift where rota = '.canary' and known_to = 'infinity';
  moment := record_moment(ended);
  -- Not by shifts_supersede(), which counts the rows that it has moved to a month's partition: these are dropped.
  update shift set known_to = moment where id = any (ended) and known_to = 'infinity';
  insert into shift (rota, key, class, person, starts_at, ends_at, known_from)
    values ('.canary', 'before', 'named', '.canary', '2000-01-01', hole, moment),
           ('.canary', 'after', 'named', '.canary', hole + interval '1 hour', '2100-01-01', moment);
  perform shifts_mark(array['.canary']);
  return true;
end $$;
grant execute on function canary_turn to crisiscover_feeds;

-- Its map has changed; the caller has locked map_head. Gaps that are closed and cannot open again are deleted, and none is held back: to announce its
-- closing would make a version of the map.
create function canary_swept(a_moment timestamptz) returns void language plpgsql as $$
begin
  update canary_swept set version = version + 1;
  update gap set settle_at = null where place = '.canary' and settle_at is not null;
  delete from gap where place = '.canary' and closed_at < a_moment - interval '15 minutes';
  notify coverage_changed;
end $$;

-- A flag of it. Others than those of the gap that the last change has opened are dropped.
create function canary_flag(a_kind text, a_starts timestamptz, a_payload text) returns void language plpgsql as $$
begin
  update canary_swept s set turn = c.turn, turned_at = c.turned_at, flag = a_payload
    from canary c where a_kind = 'opened' and c.hole_at = a_starts;
end $$;

-- PostgreSQL lets everybody execute a new function.
revoke all on all functions in schema crisiscover from public;
