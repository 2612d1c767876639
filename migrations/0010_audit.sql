-- Proof of the past. Who changed what and who saw whose name, as a chain in which no row can be altered, taken out or slipped in
-- without its showing; and what an answer about the past would otherwise have to take from the present: where each source stood, which
-- version the map had, which bank holidays were meant.

set local search_path = crisiscover;

-- ------------------------------------------------------------------------------------------------------------------ the chain

-- Rows are numbered without holes, and each carries the hash of the one before it: hash = sha256(prev_hash || audit_text). The first
-- follows 32 zero bytes. `at` is when it happened; `added_at` is when it was written, which for reads may be later.
alter table audit
  add column added_at  timestamptz,
  add column seq       bigint,
  add column prev_hash bytea check (length(prev_hash) = 32),
  add column hash      bytea check (length(hash) = 32);

-- The counter and the end of the chain. Locked at the very end of each transaction that adds a row (see audit_chain), so that order of
-- numbers = order of commits.
create table audit_head (
  only_row boolean primary key default true check (only_row),
  seq      bigint not null,
  hash     bytea not null check (length(hash) = 32),
  at       timestamptz not null
);
insert into audit_head (seq, hash, at) values (0, decode(repeat('00', 32), 'hex'), clock_timestamp());

-- Where the chain that is kept begins: after this row, which went with what was kept long enough.
create table audit_base (
  only_row boolean primary key default true check (only_row),
  seq      bigint not null,
  hash     bytea not null check (length(hash) = 32)
);
insert into audit_base (seq, hash) values (0, decode(repeat('00', 32), 'hex'));

-- What is hashed of a row. Whoever holds the rows can work it out again: one line of JSON as PostgreSQL writes jsonb.
create function audit_text(a_seq bigint, a_at timestamptz, a_added_at timestamptz, a_actor text, a_action text, a_object text, a_detail jsonb)
returns text language sql stable as $$
  select jsonb_build_array(a_seq, to_char(a_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                           to_char(a_added_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                           a_actor, a_action, a_object, a_detail)::text
$$;

-- Nothing of a row is ever changed; once, its place in the chain is filled in. Not the owner's either, unless he takes the trigger away,
-- and then the chain tells.
create function audit_keep() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.seq is null and new.seq is not null
     and to_jsonb(new) - 'seq' - 'prev_hash' - 'hash' = to_jsonb(old) - 'seq' - 'prev_hash' - 'hash' then
    return new;
  end if;
  raise exception '% on audit: the record is only ever added to', lower(tg_op) using errcode = 'P0002';
end $$;

-- The rows of before the chain, in the order in which they came.
alter table audit disable trigger keep;
do $$
declare
  a record;
  last bytea := decode(repeat('00', 32), 'hex');
  n bigint := 0;
begin
  for a in select * from audit order by id loop
    n := n + 1;
    update audit set added_at = at, seq = n, prev_hash = last,
                     hash = sha256(last || convert_to(audit_text(n, at, at, actor, action, object, detail), 'UTF8'))
      where id = a.id returning hash into last;
  end loop;
  update audit_head set seq = n, hash = last;
end $$;
drop trigger keep on audit;
create trigger keep before update or delete on audit for each row execute function audit_keep();

alter table audit alter column added_at set default clock_timestamp(), alter column added_at set not null;
create index audit_by_seq on audit (seq);
create index audit_by_object on audit (object, at);

-- Puts a row into the chain when its transaction commits, wherever in it the row was written: the head is locked last of all, after every
-- other lock, and for no longer than the commit takes. The order is: the map's head, feeds, imports, dirty, the counter of flags, this.
create function audit_chain() returns trigger language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
declare
  head audit_head;
  link bytea;
begin
  select * into head from audit_head for update;
  link := sha256(head.hash || convert_to(audit_text(head.seq + 1, new.at, new.added_at, new.actor, new.action, new.object, new.detail), 'UTF8'));
  update audit set seq = head.seq + 1, prev_hash = head.hash, hash = link where id = new.id and added_at = new.added_at;
  update audit_head set seq = head.seq + 1, hash = link, at = greatest(clock_timestamp(), head.at);
  return null;
end $$;
create constraint trigger chain after insert on audit deferrable initially deferred for each row execute function audit_chain();

-- The one way to add to it. (An insert into audit is chained as well.)
create function audit_add(a_actor text, a_action text, a_object text, a_detail jsonb) returns void language sql as $$
  insert into audit (actor, action, object, detail) values (a_actor, a_action, a_object, a_detail)
$$;

-- -------------------------------------------------------------------------------------------------------- reads of names

-- Who has written reads, and how far: a process numbers its reads, sends them in order, and sends again what it cannot know to have
-- arrived. One row a life of a process.
create table audit_writer (
  id   text primary key check (id ~ '^[0-9a-f]{16}$'),
  last bigint not null,
  at   timestamptz not null default clock_timestamp()
);

-- Answers that held somebody's name or number: who asked, what about, how often within a minute. Never the names. The arrays run in
-- parallel, ascending by number; an instant that was not asked for is -infinity. Answers how many were new.
create function audit_reads(a_writer text, a_numbers bigint[], a_at timestamptz[], a_accounts text[], a_routes text[], a_objects text[],
                            a_functions text[], a_asked_at timestamptz[], a_known_at timestamptz[], a_counts bigint[])
returns bigint language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  so_far bigint;
  added bigint;
begin
  insert into audit_writer (id, last) values (a_writer, -1) on conflict do nothing;
  select last into so_far from audit_writer where id = a_writer for update;
  insert into audit (at, actor, action, object, detail)
    select r.at, r.account, 'read', r.object,
           jsonb_strip_nulls(jsonb_build_object('route', r.route, 'function', r.function, 'count', r.count,
             'at', iso(nullif(r.asked_at, '-infinity')), 'known_at', iso(nullif(r.known_at, '-infinity'))))
    from unnest(a_numbers, a_at, a_accounts, a_routes, a_objects, a_functions, a_asked_at, a_known_at, a_counts)
         as r (number, at, account, route, object, function, asked_at, known_at, count)
    where r.number > so_far order by r.number;
  get diagnostics added = row_count;
  update audit_writer set last = greatest(last, (select max(n) from unnest(a_numbers) n)), at = clock_timestamp() where id = a_writer;
  return added;
end $$;

-- --------------------------------------------------------------------------------------------------------- where sources stood

-- Each change of what a source is and says, for ever. The row of feed has only the present.
create table source_change (
  id             bigint generated always as identity primary key,
  rota           text not null references rota,
  at             timestamptz not null default clock_timestamp(),
  state          text not null,        -- of feed; 'removed': the rota has left the region
  fault          text,
  reading        bigint references reading,
  body           bytea,
  horizon        timestamptz,
  last_change_at timestamptz
);
create index source_change_by_rota on source_change (rota, at);
create trigger keep before update or delete on source_change for each row execute function keep_the_record();
create trigger keep_all before truncate on source_change execute function keep_the_record();

-- Each check that proved the shifts in force: the seconds of an hour. Ten bytes a check instead of a row: there are 500,000 a day in a country.
create table source_check (
  rota    text not null references rota,
  hour    timestamptz not null,
  seconds smallint[] not null,
  primary key (rota, hour)
);

create function source_check_keep() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and (new.rota, new.hour) = (old.rota, old.hour) and new.seconds[1:cardinality(old.seconds)] = old.seconds then
    return new;
  end if;
  raise exception '% on source_check: the record is only ever added to', lower(tg_op) using errcode = 'P0002';
end $$;
create trigger keep before update or delete on source_check for each row execute function source_check_keep();
create trigger keep_all before truncate on source_check execute function keep_the_record();

create function source_checked(a_rota text, a_at timestamptz) returns void language sql as $$
  insert into source_check as c (rota, hour, seconds)
    values (a_rota, date_trunc('hour', a_at), array[floor(extract(epoch from a_at - date_trunc('hour', a_at)))::smallint])
    on conflict (rota, hour) do update set seconds = c.seconds || excluded.seconds where not c.seconds @> excluded.seconds
$$;

-- Whoever changes a feed, and however: what it says is noted at the instant that the change itself gives.
create function source_noted() returns trigger language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
begin
  if tg_op = 'DELETE' then
    insert into source_change (rota, state, last_change_at) values (old.rota, 'removed', old.last_change_at);
    return null;
  end if;
  if tg_op = 'INSERT' or (new.state, new.fault, new.reading, new.body, new.horizon, new.last_change_at)
                         is distinct from (old.state, old.fault, old.reading, old.body, old.horizon, old.last_change_at) then
    insert into source_change (rota, at, state, fault, reading, body, horizon, last_change_at)
      values (new.rota, case when tg_op = 'UPDATE' and new.updated_at is not distinct from old.updated_at then clock_timestamp()
                             else new.updated_at end,
              new.state, new.fault, new.reading, new.body, new.horizon, new.last_change_at);
  end if;
  if new.last_good_at is not null and (tg_op = 'INSERT' or new.last_good_at is distinct from old.last_good_at) then
    perform source_checked(new.rota, new.last_good_at);
  end if;
  return null;
end $$;
create trigger noted after insert or update or delete on feed for each row execute function source_noted();

-- From here on it is known; what was before is as far as feed_event tells.
insert into source_change (rota, state, fault, reading, body, horizon, last_change_at)
  select rota, state, fault, reading, body, horizon, last_change_at from feed order by rota;
do $$ begin perform source_checked(rota, last_good_at) from feed where last_good_at is not null; end $$;

-- The last check that had proved the shifts of a rota at a_known, none before a_since. A check of that very second is not over yet.
create function source_checked_then(a_rota text, a_known timestamptz, a_since timestamptz) returns timestamptz language sql stable as $$
  select max(h.hour + make_interval(secs => s))
  from (select hour, seconds from source_check where rota = a_rota and hour <= a_known order by hour desc limit 2) h,
       unnest(h.seconds) s
  where h.hour + make_interval(secs => s) < a_known and h.hour + make_interval(secs => s) >= coalesce(a_since, '-infinity')
$$;

-- Where the sources of some rotas stood at a_known. Nothing here changes once a_known is past: every row it rests on is of then, or is the first
-- of its kind after it. Before the first row of source_change it is as sources_then has it: an event was kept only when a state changed, so
-- while it was good the last good check was any moment up to then, but none later than the first that is known to have followed; and the
-- horizon is that of the shifts known then.
create function sources_known(a_rotas text[], a_known timestamptz)
returns table (rota text, state text, fault text, last_good_at timestamptz, last_change_at timestamptz, horizon timestamptz,
               reading bigint, body text)
language sql stable as $$
  select r.rota, coalesce(c.state, e.state, 'never'), case when c.id is null then e.fault else c.fault end,
         coalesce(source_checked_then(r.rota, a_known, gone.at),
                  case when c.id is not null then null
                       when e.state = 'good' then least(a_known, later.last_good_at, first.at)
                       else e.last_good_at end),
         case when c.id is null then (select max(s.known_from) from shift s where s.rota = r.rota and s.known_from <= a_known)
              else c.last_change_at end,
         case when c.id is null
              then (select max(s.ends_at) from shift s where s.rota = r.rota and s.known_from <= a_known and s.known_to > a_known)
              else c.horizon end,
         c.reading, encode(coalesce(c.body, (select g.body from reading g where g.id = c.reading)), 'hex')
  from unnest(a_rotas) as r (rota)
  left join lateral (select * from source_change x where x.rota = r.rota and x.at <= a_known order by x.at desc, x.id desc limit 1) c on true
  left join lateral (select max(x.at) as at from source_change x
                     where x.rota = r.rota and x.at <= a_known and x.state = 'removed') gone on true
  left join lateral (select * from feed_event x where x.rota = r.rota and x.at <= a_known order by x.at desc, x.id desc limit 1) e on true
  left join lateral (select * from feed_event x where x.rota = r.rota and x.at > a_known order by x.at, x.id limit 1) later on true
  left join lateral (select min(x.hour + make_interval(secs => s)) as at
                     from (select hour, seconds from source_check k where k.rota = r.rota and k.hour + interval '1 hour' > a_known
                           order by hour limit 2) x, unnest(x.seconds) s
                     where x.hour + make_interval(secs => s) >= a_known) first on true
$$;

-- ----------------------------------------------------------------------------------------------------- the map and the calendar

-- The versions of the map, for ever. map_change is kept for a day.
create table map_past (
  epoch   integer not null,
  version bigint not null,
  at      timestamptz not null
);
create index map_past_by_time on map_past (at);
create trigger keep before update or delete on map_past for each row execute function keep_the_record();
create trigger keep_all before truncate on map_past execute function keep_the_record();

create function map_noted() returns trigger language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
begin
  insert into map_past (epoch, version, at)
    values (new.epoch, new.version, case when new.at is distinct from old.at then new.at else clock_timestamp() end);
  return null;
end $$;
create trigger noted after update on map_head for each row
  when ((old.epoch, old.version) is distinct from (new.epoch, new.version)) execute function map_noted();
insert into map_past (epoch, version, at) select epoch, version, at from map_head;

-- Which days are bank holidays is a file of the machine, and ministers proclaim new ones: each file that was ever in use is kept.
create table bank_holidays (
  id         bigint generated always as identity primary key,
  known_from timestamptz not null default clock_timestamp(),
  sha256     bytea not null check (length(sha256) = 32),
  csv        text not null
);
create trigger keep before update or delete on bank_holidays for each row execute function keep_the_record();
create trigger keep_all before truncate on bank_holidays execute function keep_the_record();

-- Keeps the file that a process works with, if it is another one than before.
create function bank_holidays_keep(a_csv text) returns void language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
begin
  lock table bank_holidays in share row exclusive mode;
  insert into bank_holidays (sha256, csv)
    select sha256(convert_to(a_csv, 'UTF8')), a_csv
    where sha256(convert_to(a_csv, 'UTF8')) is distinct from (select b.sha256 from bank_holidays b order by b.id desc limit 1);
end $$;

-- ----------------------------------------------------------------------------------------------------------- one place, one instant

-- Every version of what was, or came to be, the slots of some rotas over a_at: what was known at a_known and whatever was written
-- since, slot by slot, oldest first.
create function slots_since(a_rotas text[], a_at timestamptz, a_known timestamptz)
returns table (rota text, key text, id bigint, class text, person text, team text, title text, starts_at timestamptz, ends_at timestamptz,
               known_from timestamptz, known_to timestamptz, reading bigint, body text)
language sql stable as $$
  with slot as (select distinct s.rota, s.key from shift s
                where s.rota = any (a_rotas) and s.starts_at <= a_at and s.ends_at > a_at and s.known_to > a_known)
  select s.rota, s.key, s.id, s.class, s.person, s.team, s.title, s.starts_at, s.ends_at, s.known_from, s.known_to, s.reading,
         encode(g.body, 'hex')
  from slot join shift s on s.rota = slot.rota and s.key = slot.key left join reading g on g.id = s.reading
  where s.known_to > a_known
  order by s.rota collate "C", s.key collate "C", s.known_from, s.id
$$;

create function iso(a_at timestamptz) returns text language sql stable as $$
  select to_char(a_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
$$;

-- A row of gap as gap_event keeps it, in the words of the api.
create function gap_words(a_row jsonb) returns jsonb language sql stable as $$
  select jsonb_build_object('requirement', a_row->'requirement', 'function', a_row->'function', 'state', a_row->'state', 'cause', a_row->'cause',
           'start', iso((a_row->>'starts_at')::timestamptz), 'end', iso((a_row->>'ends_at')::timestamptz),
           'present', a_row->'present', 'required', a_row->'required', 'severity', a_row->'severity',
           'opened_at', iso((a_row->>'opened_at')::timestamptz), 'acknowledged_at', iso((a_row->>'acknowledged_at')::timestamptz),
           'acknowledged_by', a_row->'acknowledged_by', 'note', a_row->'note')
$$;

-- The gaps of a place that were open at a_known and lie over a_at, as they stood then, each with its steps since.
create function gaps_then(a_place text, a_function text, a_at timestamptz, a_known timestamptz)
returns table (gap uuid, as_then text, since text)
language sql stable as $$
  select x.gap, gap_words(x.row_after)::text,
         (select coalesce(jsonb_agg(jsonb_build_object('at', iso(l.at), 'step', l.step, 'gap', gap_words(l.row_after)) order by l.id), '[]')::text
          from gap_event l where l.gap = x.gap and l.at > a_known)
  from (select distinct on (e.gap) e.gap, e.step, e.row_after
        from gap g join gap_event e on e.gap = g.id
        where g.place = a_place and (a_function is null or g.function = a_function) and g.opened_at <= a_known and e.at <= a_known
        order by e.gap, e.id desc) x
  where x.step <> 'closed' and (x.row_after->>'starts_at')::timestamptz <= a_at and (x.row_after->>'ends_at')::timestamptz > a_at
  order by (x.row_after->>'starts_at')::timestamptz, x.gap
$$;

-- --------------------------------------------------------------------------------------------------------------------- rights

revoke all on function audit_text, audit_keep, audit_chain, audit_add, audit_reads, source_check_keep, source_checked, source_noted,
  source_checked_then, sources_known, map_noted, bank_holidays_keep, slots_since, gaps_then,
  iso, gap_words from public;
grant execute on function audit_text, audit_reads, source_checked_then, sources_known, bank_holidays_keep, slots_since, gaps_then,
  iso, gap_words to crisiscover_api;
grant select on audit, audit_head, audit_base, source_change, source_check, map_past, bank_holidays, gap_event to crisiscover_api;
-- Who may add a row may not choose its place in the chain.
revoke insert on audit from crisiscover_feeds;
grant insert (actor, action, object, detail) on audit to crisiscover_feeds;
grant execute on function audit_add to crisiscover_feeds;

analyze audit_head;
analyze audit_base;
