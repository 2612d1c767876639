-- SPDX-License-Identifier: MIT

-- The record: who changed what and who saw whose name, as a chain in which a row that is altered, removed or inserted is
-- detected; what an answer about the past would otherwise have to take from the present (where each source stood, which version the map had,
-- what a code was called); how long it is kept; and answers to writes that are kept so that nothing is done twice.

set local search_path = crisiscover;
set local check_function_bodies = off;

-- --------------------------------------------------------------------------------------------------------------------------- the audit, a chain

-- Every change somebody asked for, and every reading of names. A chain: see audit_chain.
create table audit (
  id        bigint generated always as identity,
  at        timestamptz not null default clock_timestamp(),
  actor     text not null,
  action    text not null,
  object    text not null,
  detail    jsonb,
  added_at  timestamptz not null default clock_timestamp(),
  seq       bigint,
  prev_hash bytea check (length(prev_hash) = 32),
  hash      bytea check (length(hash) = 32),
  salt      bytea check (length(salt) = 16),       -- null once the row was erased: what it said cannot be tried out against the digest then
  digest    bytea check (length(digest) = 32),     -- of the salt and the text
  erased_at timestamptz,                           -- what it says of a person was replaced (0015_subjects.sql)
  primary key (id, added_at)
) partition by range (added_at);
create table audit_rest partition of audit default;
create index audit_by_seq on audit (seq);
create index audit_by_object on audit (object, at);
create trigger keep_all before delete or truncate on audit execute function record_keep('audit');
create trigger keep_all before delete or truncate on audit_rest execute function record_keep('audit');
grant select on audit to crisiscover_api;
grant insert (actor, action, object, detail) on audit to crisiscover_feeds;

-- The counter and the end of the chain. Locked at the end of each transaction that adds a row (see audit_chain), so that order of
-- numbers = order of commits.
create table audit_head (
  only_row boolean primary key default true check (only_row),
  seq      bigint not null,
  hash     bytea not null check (length(hash) = 32),
  at       timestamptz not null
);
insert into audit_head (seq, hash, at) values (0, decode(repeat('00', 32), 'hex'), clock_timestamp());
grant select on audit_head to crisiscover_api;

-- Where the chain that is kept begins: after this row, which retention deleted.
create table audit_base (
  only_row boolean primary key default true check (only_row),
  seq      bigint not null,
  hash     bytea not null check (length(hash) = 32)
);
insert into audit_base (seq, hash) values (0, decode(repeat('00', 32), 'hex'));
grant select on audit_base to crisiscover_api;

-- Which process has written reads, and how far: a process numbers its reads, sends them in order, and sends again those that may not have arrived.
-- One row for each run of a process.
create table audit_writer (
  id   text primary key check (id ~ '^[0-9a-f]{16}$'),
  last bigint not null,
  at   timestamptz not null default clock_timestamp()
);

-- The text that is hashed for a row: one line of JSON as PostgreSQL writes jsonb, so that anyone who has the rows can verify the hash.
create function audit_text(a_seq bigint, a_at timestamptz, a_added_at timestamptz, a_actor text, a_action text, a_object text, a_detail jsonb)
returns text language sql stable as $$
  select jsonb_build_array(a_seq, to_char(a_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                           to_char(a_added_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                           a_actor, a_action, a_object, a_detail)::text
$$;
grant execute on function audit_text to crisiscover_api;

-- A row is never changed, except that its place in the chain is filled in once. This holds for the owner too, unless the trigger is dropped;
-- a change is then found by verifying the chain.
create function audit_keep() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.seq is null and new.seq is not null
     and to_jsonb(new) - array['seq', 'prev_hash', 'hash', 'salt', 'digest'] = to_jsonb(old) - array['seq', 'prev_hash', 'hash', 'salt', 'digest'] then
    return new;
  end if;
  raise exception '% on audit: the record is only ever added to', lower(tg_op) using errcode = 'P0002';
end $$;
create trigger keep before update on audit for each row execute function audit_keep();

-- Puts a row into the chain when its transaction commits, whenever in it the row was written: the head is locked after every other lock, and only
-- during the commit. The order is: the map's head, feeds, imports, dirty, the counter of flags, this.
--
-- The chain is of digests, and a digest is of a salt and the row's text. So the text of a row can be erased later and the chain still holds; and without
-- the salt, nobody can find out by trying what the text was.
create function audit_chain() returns trigger language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
declare
  head audit_head;
  grain bytea := uuid_send(gen_random_uuid());
  print bytea;
  link bytea;
begin
  select * into head from audit_head for update;
  print := sha256(grain || convert_to(audit_text(head.seq + 1, new.at, new.added_at, new.actor, new.action, new.object, new.detail), 'UTF8'));
  link := sha256(head.hash || print);
  update audit set seq = head.seq + 1, prev_hash = head.hash, hash = link, salt = grain, digest = print where id = new.id and added_at = new.added_at;
  update audit_head set seq = head.seq + 1, hash = link, at = greatest(clock_timestamp(), head.at);
  return null;
end $$;
create constraint trigger chain after insert on audit deferrable initially deferred for each row execute function audit_chain();

-- The one way to add to it. (An insert into audit is chained as well.)
create function audit_add(a_actor text, a_action text, a_object text, a_detail jsonb) returns void language sql as $$
  insert into audit (actor, action, object, detail) values (a_actor, a_action, a_object, a_detail)
$$;
grant execute on function audit_add to crisiscover_feeds;

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
grant execute on function audit_reads to crisiscover_api;

-- -------------------------------------------------------------------------------------------------------------------------- where sources stood

-- Each change of what a source is and says. The row of feed has only the present.
create table source_change (
  id             bigint generated always as identity,
  rota           text not null references rota,
  at             timestamptz not null default clock_timestamp(),
  state          text not null,        -- of feed; 'removed': the rota has left the region
  fault          text,
  reading        bigint references reading,
  body           bytea,
  horizon        timestamptz,
  last_change_at timestamptz,
  upload         bigint,
  primary key (id, at)
) partition by range (at);
create table source_change_rest partition of source_change default;
create index source_change_by_rota on source_change (rota, at);
create trigger keep before update on source_change for each row execute function record_stay('source_change');
create trigger keep_all before delete or truncate on source_change execute function record_keep('source_change');
create trigger keep_all before delete or truncate on source_change_rest execute function record_keep('source_change');
grant select on source_change to crisiscover_api;

-- Each check that proved the shifts in force: the seconds of an hour. Ten bytes a check instead of a row: there are 500,000 a day in a country.
create table source_check (
  rota    text not null references rota,
  hour    timestamptz not null,
  seconds smallint[] not null,
  primary key (rota, hour)
) partition by range (hour);
create table source_check_rest partition of source_check default;
create trigger keep_all before delete or truncate on source_check execute function record_keep('source_check');
create trigger keep_all before delete or truncate on source_check_rest execute function record_keep('source_check');
grant select on source_check to crisiscover_api;

create function source_check_keep() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and (new.rota, new.hour) = (old.rota, old.hour) and new.seconds[1:cardinality(old.seconds)] = old.seconds then
    return new;
  end if;
  raise exception '% on source_check: the record is only ever added to', lower(tg_op) using errcode = 'P0002';
end $$;
create trigger keep before update on source_check for each row execute function source_check_keep();

create function source_checked(a_rota text, a_at timestamptz) returns void language sql as $$
  insert into source_check as c (rota, hour, seconds)
    values (a_rota, date_trunc('hour', a_at), array[floor(extract(epoch from a_at - date_trunc('hour', a_at)))::smallint])
    on conflict (rota, hour) do update set seconds = c.seconds || excluded.seconds where not c.seconds @> excluded.seconds
$$;

-- No matter who changes a feed, or how: what it says is noted at the instant that the change itself gives.
create function source_noted() returns trigger language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
begin
  if tg_op = 'DELETE' then
    insert into source_change (rota, state, last_change_at) values (old.rota, 'removed', old.last_change_at);
    return null;
  end if;
  if tg_op = 'INSERT' or (new.state, new.fault, new.reading, new.body, new.horizon, new.last_change_at, new.upload)
                         is distinct from (old.state, old.fault, old.reading, old.body, old.horizon, old.last_change_at, old.upload) then
    insert into source_change (rota, at, state, fault, reading, body, horizon, last_change_at, upload)
      values (new.rota, case when tg_op = 'UPDATE' and new.updated_at is not distinct from old.updated_at then clock_timestamp()
                             else new.updated_at end,
              new.state, new.fault, new.reading, new.body, new.horizon, new.last_change_at, new.upload);
  end if;
  if new.last_good_at is not null and (tg_op = 'INSERT' or new.last_good_at is distinct from old.last_good_at) then
    perform source_checked(new.rota, new.last_good_at);
  end if;
  return null;
end $$;
create trigger noted after insert or update or delete on feed for each row execute function source_noted();

-- The last check that had proved the shifts of a rota at a_known, none before a_since. A check of that very second is not over yet.
create function source_checked_then(a_rota text, a_known timestamptz, a_since timestamptz) returns timestamptz language sql stable as $$
  select max(h.hour + make_interval(secs => s))
  from (select hour, seconds from source_check where rota = a_rota and hour <= a_known order by hour desc limit 2) h,
       unnest(h.seconds) s
  where h.hour + make_interval(secs => s) < a_known and h.hour + make_interval(secs => s) >= coalesce(a_since, '-infinity')
$$;
grant execute on function source_checked_then to crisiscover_api;

-- Where the sources of some rotas stood at a_known. The answer does not change once a_known is past: every row that it depends on is of that time, or
-- is the first of its kind after it. Before the first row of source_change: an event was kept only when a state changed, so
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
grant execute on function sources_known to crisiscover_api;

-- The upload that stood on each of some rotas at a_known.
create function uploads_known(a_rotas text[], a_known timestamptz) returns table (rota text, upload bigint, decided_at timestamptz)
language sql stable as $$
  select r.rota, i.id, i.decided_at
  from unnest(a_rotas) as r (rota)
  cross join lateral (select x.upload from source_change x where x.rota = r.rota and x.at <= a_known order by x.at desc, x.id desc limit 1) c
  join import i on i.id = c.upload
$$;
grant execute on function uploads_known to crisiscover_api;

-- -------------------------------------------------------------------------------------------------------------------- which version the map had

-- When each version of the map came into force: what was known at an instant is then one version.
create table map_past (
  epoch   integer not null,
  version bigint not null,
  at      timestamptz not null
) partition by range (at);
create table map_past_rest partition of map_past default;
insert into map_past (epoch, version, at) select epoch, version, at from map_head;
create index map_past_by_time on map_past (at);
create trigger keep before update on map_past for each row execute function record_stay('map_past');
create trigger keep_all before delete or truncate on map_past execute function record_keep('map_past');
create trigger keep_all before delete or truncate on map_past_rest execute function record_keep('map_past');
grant select on map_past to crisiscover_api;

create function map_noted() returns trigger language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
begin
  insert into map_past (epoch, version, at)
    values (new.epoch, new.version, case when new.at is distinct from old.at then new.at else clock_timestamp() end);
  return null;
end $$;
create trigger noted after update on map_head for each row
  when ((old.epoch, old.version) is distinct from (new.epoch, new.version)) execute function map_noted();

-- ------------------------------------------------------------------------------------------------------------------------------------- renaming

-- A thing gets another code and stays the same thing: its history, overrides, decisions, acknowledged gaps, imports and tokens stay with it, and a
-- question about its former code is answered.
--
-- The record is only ever added to, and an answer about the past must stay as it was, with the codes of that time. So rows keep codes and not internal
-- numbers for them; a code is moved at one instant, in the transaction that puts the region file in force:
--   rows of the record (shift, span, decision) are superseded, and written again under the new code, known from that instant;
--   the last row about a source (source_change, feed_event) is written again under the new code;
--   rows that are the present (feed, gap, import, token, …) change their code in place;
--   overrides and absences keep their number: their codes follow, and nothing else of them can change (keep_what_was_said).
-- `renamed` has each former code and until when it was used, so that the past can be asked for under today's codes and the other way round.

create table renamed (
  id   bigint generated always as identity primary key,
  kind text not null check (kind in ('organisation', 'function', 'place', 'person', 'service', 'rota', 'requirement', 'account',
                                  'area', 'navigator')),
  was  text not null,
  code text not null check (code <> was),
  at   timestamptz not null default clock_timestamp(),
  by_account text not null
);
create index renamed_was on renamed (kind, was);
create index renamed_code on renamed (kind, code);
create trigger keep before update or delete on renamed for each row execute function keep_the_record();
create trigger keep_all before truncate on renamed execute function keep_the_record();
grant select on renamed to crisiscover_api;

-- Every code that the thing has or ever had.
create function codes_ever(a_kind text, a_code text) returns setof text language sql stable as $$
  with recursive c (code) as (
    select a_code
    union
    select case when r.was = c.code then r.code else r.was end
    from c join renamed r on r.kind = a_kind and c.code in (r.was, r.code))
  select code from c
$$;
grant execute on function codes_ever to crisiscover_api;

-- The code that an object had at a_known, if it has had this code at some time since.
create function code_then(a_kind text, a_code text, a_known timestamptz) returns text language plpgsql stable as $$
declare
  had text := a_code;
  last bigint := 9223372036854775807;
  r renamed;
begin
  loop
    select * into r from renamed x where x.kind = a_kind and x.code = had and x.at > a_known and x.id < last order by x.id desc limit 1;
    exit when not found;
    had := r.was;
    last := r.id;
  end loop;
  return had;
end $$;
grant execute on function code_then to crisiscover_api;

-- The code at a_known of the thing that had this code at a_since, which is earlier: of a person who was merged into another by then
-- (0010_people.sql), that other.
create function code_since(a_kind text, a_code text, a_since timestamptz, a_known timestamptz) returns text language plpgsql stable as $$
declare
  has text := a_code;
  since timestamptz := a_since;
  step record;
begin
  loop
    select x.code, x.at into step
      from (select r.code, r.at from renamed r where r.kind = a_kind and r.was = has and r.at > since and r.at <= a_known
            union all
            select m.code, m.at from person_move m
              where a_kind = 'person' and m.what = 'merge' and m.was = has and m.at > since and m.at <= a_known
                and not exists (select from person_move u where u.undoes = m.id and u.at <= a_known)) x
      order by x.at limit 1;
    exit when not found;
    has := step.code;
    since := step.at;
  end loop;
  return has;
end $$;
grant execute on function code_since to crisiscover_api;

-- The present code of the thing that had this code at a_known: the inverse of code_then().
create function code_now(a_kind text, a_code text, a_known timestamptz) returns text language sql stable as $$
  select code_since(a_kind, a_code, a_known, 'infinity')
$$;
grant execute on function code_now to crisiscover_api;

-- The column list and the select list of an insert of rows of a_table t with a_changes ({"column": SQL expression}). All columns, also those that
-- later migrations add, except identity columns.
create function row_again(a_table regclass, a_changes jsonb, out names text, out selected text) language sql stable as $$
  select string_agg(quote_ident(attname), ', ' order by attnum),
         string_agg(coalesce(a_changes->>attname, 't.' || quote_ident(attname)), ', ' order by attnum)
  from pg_attribute
  where attrelid = a_table and attnum > 0 and not attisdropped and attidentity = '' and attgenerated = ''
$$;

-- Rows of a_table that fulfil a_where (of t) once more, with a_changes.
create function rows_again(a_table regclass, a_changes jsonb, a_where text) returns void language plpgsql as $$
declare c record;
begin
  select * into c from row_again(a_table, a_changes);
  execute format('insert into %s (%s) select %s from %s t where %s', a_table, c.names, c.selected, a_table, a_where);
end $$;

-- These shifts in force once more, with a_changes as above. The caller marks their rotas for coverage.
create function shifts_again(a_ids bigint[], a_changes jsonb) returns void language plpgsql as $$
declare moment timestamptz := record_moment(a_ids);
begin
  perform shifts_supersede(a_ids, moment);
  perform rows_again('shift', a_changes || jsonb_build_object('known_from', quote_literal(moment), 'known_to', '''infinity'''),
                     format('t.id = any (%L)', a_ids));
end $$;

-- The shifts in force of a rota or a person (a_column) under another code.
create function rename_shifts(a_column text, a_was text, a_code text) returns void language plpgsql as $$
declare
  ids bigint[];
  touched text[];
begin
  execute format('select coalesce(array_agg(id), ''{}''), coalesce(array_agg(distinct rota), ''{}'') from shift '
                 'where %I = $1 and known_to = ''infinity''', a_column) into ids, touched using a_was;
  perform shifts_again(ids, jsonb_build_object(a_column, quote_literal(a_code)));
  delete from dirty where a_column = 'rota' and rota = a_was;
  perform shifts_mark(array(select case when a_column = 'rota' then a_code else x end from unnest(touched) x));
end $$;

-- These decisions in force once more, with a_changes as above; a_ended: how the former ones ended.
create function decisions_again(a_ids bigint[], a_changes jsonb, a_ended text) returns void language plpgsql as $$
begin
  update decision set known_to = greatest(clock_timestamp(), known_from), ended_by = a_ended where id = any (a_ids);
  perform rows_again('decision', jsonb_build_object('known_from', 't.known_to', 'known_to', '''infinity''', 'ended_by', 'null') || a_changes,
                     format('t.id = any (%L)', a_ids));
  update decision_head set version = version + 1 where cardinality(a_ids) > 0;
end $$;

-- Decisions in force of a rota or a person under another code.
create function rename_decisions(a_column text, a_was text, a_code text, a_ended text default 'renamed') returns void language plpgsql as $$
declare ids bigint[];
begin
  execute format('select coalesce(array_agg(id), ''{}'') from decision where %I = $1 and known_to = ''infinity''', a_column)
    into ids using a_was;
  perform decisions_again(ids, jsonb_build_object(a_column, quote_literal(a_code)), a_ended);
end $$;

-- The demands of a requirement or a place (a_column), with their spans in force and all their gaps. A gap stays the same gap. Subscribers that follow
-- the open ones get its new codes.
create function rename_demands(a_column text, a_was text, a_code text) returns void language plpgsql as $$
declare
  head map_head;
  moment timestamptz;
  g gap;
begin
  -- From here on coverage writes nothing.
  select * into head from map_head for update;
  moment := greatest(clock_timestamp(), head.at + interval '1 microsecond');
  -- Also those that were retired: their gaps are in the lists. A code that comes back finds its own.
  insert into demand as d (requirement, place, next_at, retired_at)
    select case a_column when 'requirement' then a_code else t.requirement end, case a_column when 'place' then a_code else t.place end,
           case when t.retired_at is null then timestamptz '-infinity' else 'infinity' end, t.retired_at
    from demand t where case a_column when 'requirement' then t.requirement else t.place end = a_was
    on conflict (requirement, place) do update
      set retired_at = excluded.retired_at, next_at = excluded.next_at, version = d.version + 1;
  execute format('update span set known_to = $1 where %I = $2 and known_to = ''infinity''', a_column) using moment, a_was;
  perform rows_again('span', jsonb_build_object(a_column, quote_literal(a_code), 'known_from', quote_literal(moment), 'known_to', '''infinity'''),
                     format('t.%I = %L and t.known_to = %L', a_column, a_was, moment));
  execute format('update gap set %1$I = $1 where %1$I = $2', a_column) using a_code, a_was;
  execute format('update gap_expected set %1$I = $1 where %1$I = $2', a_column) using a_code, a_was;
  execute format('update demand set retired_at = $1, next_at = ''infinity'', version = version + 1 where %I = $2 and retired_at is null',
                 a_column) using moment, a_was;
  for g in execute format('select * from gap where %I = $1 and closed_at is null order by starts_at, id', a_column) using a_code loop
    insert into gap_event (gap, at, step, row_after) values (g.id, moment, 'changed', to_jsonb(g));
    if g.told then
      perform flag_add_gap('changed', g);
    end if;
  end loop;
  notify flags_filled;
end $$;

-- The rota of a group's name, "<rota>.<cause>".
create function cause_group_rota(a_group text) returns text language sql immutable as $$
  select left(a_group, greatest(0, length(a_group) - position('.' in reverse(a_group))))
$$;

create function rename_rota(a_was text, a_code text) returns void language plpgsql as $$
declare f feed;
begin
  select * into f from feed where rota = a_was for update;
  perform rename_shifts('rota', a_was, a_code);
  perform rename_decisions('rota', a_was, a_code);
  update override set rota = a_code where rota = a_was;
  update import set rota = a_code where rota = a_was;
  update reading_attempt set rota = a_code where rota = a_was;
  update source_seen set rota = a_code where rota = a_was;
  update feed set rota = a_code, claim = null, claimed_until = null, updated_at = clock_timestamp() where rota = a_was;
  -- The last state of its source, for anyone who asks from now on.
  perform rows_again('source_change', jsonb_build_object('rota', quote_literal(a_code), 'at', 'clock_timestamp()'),
                     format('t.id = (select x.id from source_change x where x.rota = %L order by x.at desc, x.id desc limit 1)', a_was));
  perform rows_again('feed_event', jsonb_build_object('rota', quote_literal(a_code), 'at', 'clock_timestamp()'),
                     format('t.id = (select x.id from feed_event x where x.rota = %L order by x.at desc, x.id desc limit 1)', a_was));
  if f.last_good_at is not null then
    perform source_checked(a_code, f.last_good_at);
  end if;
  update gap set cause_group = a_code || substr(cause_group, length(a_was) + 1) where cause_group_rota(cause_group) = a_was;
  update gap_group set id = a_code || substr(id, length(a_was) + 1) where cause_group_rota(id) = a_was;
end $$;

create function rename_person(a_was text, a_code text) returns void language plpgsql as $$
begin
  perform rename_shifts('person', a_was, a_code);
  perform rename_decisions('person', a_was, a_code);
  update override set person = a_code where person = a_was;
  update override set instead = a_code where instead = a_was;
  update absence set person = a_code where person = a_was;
end $$;

create function rename_account(a_was text, a_code text) returns void language plpgsql as $$
begin
  update account set retired_at = null where name = a_code;
  if not found then
    perform rows_again('account', jsonb_build_object('name', quote_literal(a_code)), format('t.name = %L', a_was));
  end if;
  update token set account = a_code where account = a_was;
  perform sign_in_rename(a_was, a_code);
  update account set by_hand = false where name = a_was;
end $$;

-- Refuses a code that another thing had before: that thing's record would become part of this one's.
create function rename_refuse(a_kind text, a_was text, a_code text) returns void language plpgsql as $$
begin
  if a_code in (select codes_ever(a_kind, a_was)) then
    return;  -- it had this code itself
  end if;
  if (case a_kind
       when 'organisation' then exists (select from organisation where code = a_code)
       when 'function' then exists (select from function where code = a_code)
       when 'place' then exists (select from place where code = a_code)
       when 'person' then exists (select from person where id = a_code)
       when 'rota' then exists (select from rota where id = a_code)
       when 'requirement' then exists (select from requirement where id = a_code)
       when 'account' then exists (select from account where name = a_code)
       else false end) then
    raise exception '% "%" was used before: a code is never used again for another, so choose a new one', a_kind, a_code
      using errcode = 'P0001';
  end if;
end $$;

-- Present rows of a_table, if there is such a table, whose a_column is a_was.
create function rename_in_place(a_table text, a_column text, a_was text, a_code text, a_where text default 'true') returns void
language plpgsql as $$
begin
  if to_regclass(a_table) is not null then
    execute format('update %s set %I = $2 where %I = $1 and %s', a_table, a_column, a_column, a_where) using a_was, a_code;
  end if;
end $$;

-- A preview names people by their codes and says which rows it supersedes; both are others now. Until it has been read again nobody can confirm it.
create function rename_previews(a_rotas text[]) returns void language sql as $$
  update import set state = 'uploaded', claim = null, claimed_until = null, step = null where rota = any (a_rotas) and state = 'preview'
$$;

-- The other tables that keep a code: previews, rereadings, fullness of calendars, third persons of overrides, answers that are kept. Called
-- last. The caller holds the feeds' rows.
create function rename_rest(a_kind text, a_was text, a_code text) returns void language plpgsql as $$
declare touched text[];
begin
  if a_kind = 'rota' then
    perform rename_previews(array[a_code]);
    perform rows_again('reread', jsonb_build_object('rota', quote_literal(a_code)), format('t.rota = %L order by t.id', a_was));
    perform rename_in_place('calendar_fullness', 'rota', a_was, a_code);
    perform rename_in_place('rotation', 'rota', a_was, a_code);
    perform rename_in_place('rotation_state', 'rota', a_was, a_code);
    perform rename_in_place('person_new', 'rota', a_was, a_code);
  elsif a_kind = 'person' then
    perform rename_in_place('person_new', 'person', a_was, a_code);
    touched := array(select s.rota from shift s where s.person = a_code and s.known_to = 'infinity'
                     union select i.rota from import i join import_shift n on n.import = i.id where i.state = 'preview' and n.person = a_was
                     union select o.rota from override o join override_event e on e.override = o.id where a_was = any (e.third)
                     order by 1);
    perform rename_previews(touched);
    -- If the calendar names the person beside an override, the new code is used there too.
    perform overrides_settle(touched);
  elsif a_kind = 'account' then
    -- Not the answer to the call that renames, which is not there yet.
    perform rename_in_place('proposal', 'by_account', a_was, a_code);
    perform rename_in_place('person_new', 'account', a_was, a_code);
    perform rename_in_place('answer_kept', 'account', a_was, a_code, 'answer is not null');
  end if;
end $$;

-- Gives one thing another code, in every table that keeps its code.
create function region_rename(a_kind text, a_was text, a_code text, a_actor text) returns void language plpgsql as $$
begin
  perform rename_refuse(a_kind, a_was, a_code);
  insert into renamed (kind, was, code, by_account) values (a_kind, a_was, a_code, a_actor);
  case a_kind
    when 'organisation' then
      insert into organisation (code) values (a_code) on conflict (code) do nothing;
      perform identities_rename(a_was, a_code);
    when 'function' then
      insert into function (code) values (a_code) on conflict (code) do nothing;
      update gap set function = a_code where function = a_was;
    when 'place' then
      insert into place (code) values (a_code) on conflict (code) do nothing;
      perform rename_demands('place', a_was, a_code);
      perform devices_rename(a_was, a_code);
    when 'person' then
      insert into person (id) values (a_code) on conflict (id) do nothing;
      perform rename_person(a_was, a_code);
    when 'rota' then
      insert into rota (id) values (a_code) on conflict (id) do nothing;
      perform rename_rota(a_was, a_code);
    when 'requirement' then
      insert into requirement (id) values (a_code) on conflict (id) do nothing;
      perform rename_demands('requirement', a_was, a_code);
    when 'account' then
      perform rename_account(a_was, a_code);
    else null;
  end case;
  perform rename_rest(a_kind, a_was, a_code);
  insert into audit (actor, action, object, detail) values (a_actor, 'renamed', a_kind || '/' || a_code, jsonb_build_object('was', a_was));
end $$;

-- ----------------------------------------------------------------------------------------------------------------------- one place, one instant

-- Every version of the shifts of some rotas over a_at: those known at a_known and those written since, shift by shift, oldest first. A rename makes no
-- new version. Codes are those of a_known.
create function slots_since(a_rotas text[], a_at timestamptz, a_known timestamptz)
returns table (rota text, key text, id bigint, class text, person text, team text, title text, starts_at timestamptz, ends_at timestamptz,
               known_from timestamptz, known_to timestamptz, reading bigint, body text)
language sql stable as $$
  with asked as (select a.rota as shown, c.code from unnest(a_rotas) a (rota), codes_ever('rota', a.rota) c (code)),
  slot as (select distinct a.shown, s.key from asked a join shift s on s.rota = a.code
           where s.starts_at <= a_at and s.ends_at > a_at and s.known_to > a_known),
  version as (select slot.shown, s.key, s.id, s.class, code_then('person', s.person, a_known) as person, s.team, s.title, s.starts_at, s.ends_at,
                     s.known_from, s.known_to, s.reading
              from slot join asked a on a.shown = slot.shown join shift s on s.rota = a.code and s.key = slot.key
              where s.known_to > a_known),
  marked as (select v.*, coalesce(lag(v.known_to) over w = v.known_from
                                  and (v.class, v.person, v.team, v.title, v.starts_at, v.ends_at, v.reading) is not distinct from
                                      (lag(v.class) over w, lag(v.person) over w, lag(v.team) over w, lag(v.title) over w,
                                       lag(v.starts_at) over w, lag(v.ends_at) over w, lag(v.reading) over w), false) as same
             from version v window w as (partition by v.shown, v.key order by v.known_from, v.id)),
  one as (select m.*, count(*) filter (where not same) over (partition by m.shown, m.key order by m.known_from, m.id) as n from marked m),
  whole as (select o.shown, o.key, min(o.id) as id, o.class, o.person, o.team, o.title, o.starts_at, o.ends_at, min(o.known_from) as known_from,
                   max(o.known_to) as known_to, o.reading
            from one o group by o.shown, o.key, o.n, o.class, o.person, o.team, o.title, o.starts_at, o.ends_at, o.reading)
  select w.shown, w.key, w.id, w.class, w.person, w.team, w.title, w.starts_at, w.ends_at, w.known_from, w.known_to, w.reading,
         encode(g.body, 'hex')
  from whole w left join reading g on g.id = w.reading
  order by w.shown collate "C", w.key collate "C", w.known_from, w.id
$$;
grant execute on function slots_since to crisiscover_api;

-- A row of gap as gap_event keeps it, in the words of the api.
create function gap_words(a_row jsonb) returns jsonb language sql stable as $$
  select jsonb_build_object('requirement', a_row->'requirement', 'function', a_row->'function', 'state', a_row->'state', 'cause', a_row->'cause',
           'start', iso((a_row->>'starts_at')::timestamptz), 'end', iso((a_row->>'ends_at')::timestamptz),
           'present', a_row->'present', 'required', a_row->'required', 'severity', a_row->'severity',
           'opened_at', iso((a_row->>'opened_at')::timestamptz), 'acknowledged_at', iso((a_row->>'acknowledged_at')::timestamptz),
           'acknowledged_by', a_row->'acknowledged_by', 'note', a_row->'note')
$$;
grant execute on function gap_words to crisiscover_api;

-- The gaps of a place that were open at a_known and lie over a_at, as they stood then, each with its steps since. The place and the function may
-- have other codes since.
create function gaps_then(a_place text, a_function text, a_at timestamptz, a_known timestamptz)
returns table (gap uuid, as_then text, since text)
language sql stable as $$
  select x.gap, gap_words(x.row_after)::text,
         (select coalesce(jsonb_agg(jsonb_build_object('at', iso(l.at), 'step', l.step, 'gap', gap_words(l.row_after)) order by l.id), '[]')::text
          from gap_event l where l.gap = x.gap and l.at > a_known)
  from (select distinct on (e.gap) e.gap, e.step, e.row_after
        from gap g join gap_event e on e.gap = g.id
        where g.place = any (array(select codes_ever('place', a_place)))
          and (a_function is null or g.function = any (array(select codes_ever('function', a_function))))
          and g.opened_at <= a_known and e.at <= a_known
        order by e.gap, e.id desc) x
  where x.step <> 'closed' and (x.row_after->>'starts_at')::timestamptz <= a_at and (x.row_after->>'ends_at')::timestamptz > a_at
  order by (x.row_after->>'starts_at')::timestamptz, x.gap
$$;
grant execute on function gaps_then to crisiscover_api;

-- ------------------------------------------------------------------------------------------------------------------------ what is kept how long

-- The record is never deleted unless a setting says so. Then whole months are dropped, as partitions: no search, and no deletion of single rows. Each
-- kind has its own setting: who read names is personal data and may have to be deleted sooner than the map. Bytes of bodies are deleted after a
-- while; their hash and what was read from them stay.
--
-- Rows of shift and span that are in force live in a partition of their own, however old they are: superseding a row moves it to the month
-- in which it ceased to be known. The other tables go by the month in which a row was written. Each has a partition (`_rest`) for
-- rows without a month's partition, so that a missing partition does not stop a write.
--
-- A row that still holds must not be dropped with its month: a source that has been in one state for three years has its newest row in a month three
-- years ago. So the last row about each source in a dropped month is copied into `_rest`.

-- Which tables are in months, by which column, and whether rows in force are in a partition of their own.
create table record_table (
  name        text primary key,
  timed_by    text not null,
  in_force    boolean not null,     -- rows whose `timed_by` is infinity
  kept        boolean not null,     -- part of what is only ever added to
  month_index text,                 -- of each month, over these columns; what is in force has it not
  setting     text not null,        -- which setting says how long it is kept
  last_by     text,                 -- of rows that are alike in this, the last one before the record begins is carried over; null: none is
  last_order  text                  -- newest first
);
insert into record_table (name, timed_by, in_force, kept, month_index, setting, last_by, last_order) values
  ('shift', 'known_to', true, true, null, 'shift', null, null),
  ('span', 'known_to', true, true, 'requirement, place, known_to', 'span', null, null),
  ('flag', 'at', false, false, null, 'flag', null, null),
  ('audit', 'added_at', false, true, null, 'audit', null, null),
  ('feed_event', 'at', false, true, null, 'source', 'rota', 'at desc, id desc'),
  ('source_change', 'at', false, true, null, 'source', 'rota', 'at desc, id desc'),
  ('source_check', 'hour', false, true, null, 'source', 'rota', 'hour desc'),
  ('map_past', 'at', false, true, null, 'source', 'epoch', 'at desc, version desc');

-- Names are those of record_maintain's settings. No row: everything since the beginning is there.
create table record_begins (
  name text primary key,
  at   timestamptz not null
);
grant select on record_begins to crisiscover_api;

create function record_month_name(a_table text, a_month timestamptz) returns text language sql immutable as $$
  select a_table || '_' || to_char(a_month at time zone 'UTC', 'YYYY_MM')
$$;

create function record_month(a_at timestamptz) returns timestamptz language sql immutable as $$
  select date_trunc('month', a_at at time zone 'UTC') at time zone 'UTC'
$$;

create function record_month_after(a_month timestamptz) returns timestamptz language sql immutable as $$
  select (a_month at time zone 'UTC' + interval '1 month') at time zone 'UTC'
$$;

-- Makes the partition of a month if it is missing, with the index that only months have, and moves there what had to wait for it. Answers whether
-- it made one.
create function record_month_make(a_table text, a_month timestamptz) returns boolean language plpgsql as $$
declare
  t record_table;
  name text := record_month_name(a_table, a_month);
  range text;
  waiting boolean;
begin
  select * into strict t from record_table r where r.name = a_table;
  if to_regclass(format('crisiscover.%I', name)) is not null then
    return false;
  end if;
  range := format('%1$I >= %2$L and %1$I < %3$L', t.timed_by, a_month, record_month_after(a_month));
  execute format('create table %I (like %I including defaults including constraints including storage)', name, a_table);
  execute format('select exists (select from %I where %s)', a_table || '_rest', range) into waiting;
  if waiting then
    execute format('alter table %I disable trigger user', a_table || '_rest');
    execute format('with moved as (delete from %I where %s returning *) insert into %I select * from moved', a_table || '_rest', range, name);
    execute format('alter table %I enable trigger user', a_table || '_rest');
  end if;
  if t.month_index is not null then
    execute format('create index on %I (%s)', name, t.month_index);
  end if;
  execute format('alter table %I attach partition %I for values from (%L) to (%L)', a_table, name, a_month, record_month_after(a_month));
  if t.kept then
    execute format('create trigger keep_all before delete or truncate on %I execute function record_keep(%L)', name, a_table);
  end if;
  return true;
end $$;

-- Notes that the record of a_name begins here. Called when months are dropped.
create function record_begins_at(a_name text, a_at timestamptz) returns void language sql as $$
  insert into record_begins as b (name, at) values (a_name, a_at) on conflict (name) do update set at = greatest(b.at, excluded.at)
$$;

-- Whether what was known at a_known is still there, of one of these; otherwise P0001 with a sentence.
create function record_reaches(a_name text, a_known timestamptz) returns boolean language plpgsql stable as $$
declare
  begins timestamptz := (select b.at from record_begins b where b.name = a_name and b.at > a_known);
begin
  if begins is not null then
    raise exception 'What was known then is no longer kept: the record begins at %. Ask with a later known_at.', iso(begins)
      using errcode = 'P0001';
  end if;
  return true;
end $$;
grant execute on function record_reaches to crisiscover_api;

-- Whether a month may go: all of it is past what is kept, and nothing in it waits for anybody.
create function record_month_over(a_table text, a_partition text, a_month timestamptz, a_before timestamptz) returns boolean
language plpgsql as $$
declare waits boolean := false;
begin
  if record_month_after(a_month) > a_before then
    return false;
  end if;
  if a_table = 'flag' then
    execute format('select exists (select from %I where published_at is null)', a_partition) into waits;
  end if;
  return not waits;
end $$;

-- Copies the last rows before a_begins, which are about to be dropped. They go to `_rest` only once their month's partition is gone, so this is
-- called last.
create function record_last_words(t record_table, a_begins timestamptz, a_gone text[]) returns void language plpgsql as $$
declare
  rest text := t.name || '_rest';
  one text;
begin
  execute format('create temporary table last_words on commit drop as
                    select distinct on (%1$I) * from %2$I where %3$I < %4$L order by %1$I, %5$s', t.last_by, t.name, t.timed_by, a_begins, t.last_order);
  foreach one in array a_gone loop
    execute format('drop table %I', one);
  end loop;
  execute format('alter table %I disable trigger user', rest);
  execute format('delete from %I where %I < %L', rest, t.timed_by, a_begins);
  execute format('insert into %I overriding system value select * from last_words', rest);
  execute format('alter table %I enable trigger user', rest);
  drop table last_words;
end $$;

-- Drops the months that are past their days, oldest first; none of a table that keeps an older one. Notes where the record then begins, and copies the
-- last rows. For the audit, where the chain then begins is noted first.
create function record_months_delete(a_table text, a_before timestamptz) returns integer language plpgsql as $$
declare
  t record_table;
  p record;
  gone text[] := '{}';
  begins timestamptz;
begin
  select * into strict t from record_table r where r.name = a_table;
  for p in select c.relname as name, make_timestamptz(left(right(c.relname, 7), 4)::integer, right(c.relname, 2)::integer, 1, 0, 0, 0, 'UTC') as month
           from pg_inherits i join pg_class c on c.oid = i.inhrelid
           where i.inhparent = format('crisiscover.%I', a_table)::regclass and c.relname ~ (a_table || '_[0-9]{4}_[0-9]{2}$') order by 1 loop
    exit when not record_month_over(a_table, p.name, p.month, a_before);
    if a_table = 'audit' then
      execute format('update audit_base set (seq, hash) = (select seq, hash from %I order by seq desc limit 1)
                        where seq < (select max(seq) from %1$I)', p.name);
    end if;
    gone := gone || p.name::text;
    begins := record_month_after(p.month);
  end loop;
  if begins is null then
    return 0;
  end if;
  perform record_begins_at(t.setting, begins);
  if t.last_by is not null then
    perform record_last_words(t, begins, gone);
  else
    for p in select x as name from unnest(gone) x loop
      execute format('drop table %I', p.name);
    end loop;
  end if;
  return cardinality(gone);
end $$;

-- Deletes the bytes of bodies that were not used for so many days.
create function bodies_delete(a_before timestamptz) returns bigint language plpgsql as $$
declare gone bigint;
begin
  update body b set bytes = null
    where b.bytes is not null and b.used_at < a_before and not body_is_needed(b.sha256);
  get diagnostics gone = row_count;
  return gone;
end $$;

-- The daily round at a_now: partitions of coming months are made, rows that had none get one, unless the record begins after them, and rows that have
-- been kept long enough are deleted. a_days is parallel to the names of settings; 0, and a setting that is not named: never deleted. One at a time. A
-- lock is waited for for less than the second after which PostgreSQL looks for deadlocks, so that in a deadlock this fails and not the reader, and so
-- that others do not queue for long after this one. A partition that could not be locked is handled in the next round.
create function record_maintain_at(a_now timestamptz, a_body_days bigint, a_tables text[], a_days bigint[],
                                   out made integer, out dropped integer, out bodies bigint, out remarks bigint)
language plpgsql set lock_timeout = '500ms' as $$
declare
  t record_table;
  months timestamptz[];
  month timestamptz;
  kept bigint;
begin
  made := 0; dropped := 0; bodies := 0; remarks := 0;
  if not pg_try_advisory_xact_lock(4242011) then
    return;
  end if;
  for t in select * from record_table order by name loop
    execute format('select array_agg(m order by m) from (
                      select record_month(%1$L::timestamptz + make_interval(months => n)) as m from generate_series(0, 3) n
                      union select record_month(%2$I) from %3$I
                        where isfinite(%2$I) and %2$I >= coalesce((select at from record_begins where name = %4$L), ''-infinity'')) x',
                   a_now, t.timed_by, t.name || '_rest', t.setting) into months;
    foreach month in array months loop
      made := made + record_month_make(t.name, month)::int;
    end loop;
  end loop;
  -- Only then, since tables of one setting begin together.
  for t in select * from record_table order by name loop
    kept := a_days[array_position(a_tables, t.setting)];
    if kept > 0 then
      dropped := dropped + record_months_delete(t.name, a_now - make_interval(days => kept::integer));
    end if;
  end loop;
  if a_body_days > 0 then
    bodies := bodies_delete(a_now - make_interval(days => a_body_days::integer));
  end if;
  kept := a_days[array_position(a_tables, 'remark')];
  if kept > 0 then
    remarks := remarks_delete(a_now, a_now - make_interval(days => kept::integer));
  end if;
  delete from audit_writer where at < a_now - interval '400 days';
  perform import_looks_end(a_now - interval '1 hour');
  perform offers_end(a_now, a_body_days);
end $$;

-- The daily round at the present time.
create function record_maintain(a_body_days bigint, a_tables text[], a_days bigint[],
                                out made integer, out dropped integer, out bodies bigint, out remarks bigint)
language sql security definer set search_path = crisiscover, pg_temp as $$
  select * from record_maintain_at(clock_timestamp(), a_body_days, a_tables, a_days)
$$;
grant execute on function record_maintain to crisiscover_coverage;

-- The first months; record_maintain makes the others. Rows that earlier migrations have written are moved from `_rest`.
do $$
begin
  perform record_month_make(t.name, record_month(now() + make_interval(months => n))) from record_table t, generate_series(0, 3) n
    order by t.name, n;
end $$;

-- ------------------------------------------------------------------------------------------------------------------------ answers that are kept

-- The first answer to each write that came with an Idempotency-Key, kept in the transaction of the write itself: both are there, or neither. Anyone
-- who asks again with the key gets that answer, and nothing is done a second time. What has written nothing needs no answer: to do it again does no
-- harm, and the same request meets the same checks. The key itself is not kept, and the answer is sealed with it: a row shows nothing (a new token, a
-- name) to anyone who has not got the key.
create table answer_kept (
  account text not null,
  key     bytea not null check (length(key) = 32),     -- SHA-256
  request bytea not null check (length(request) = 32), -- SHA-256 of method, path, query and body
  made_at timestamptz not null default clock_timestamp(),
  answer  bytea not null,
  primary key (account, key)
);
create index answer_kept_made on answer_kept (made_at);

-- Begins a write with a key. first: it is the first, and is to be done. Else answer and request are those of the first. Another call with the same key
-- waits here until that one's transaction has ended. It writes nothing.
create function answer_begin(a_account text, a_key bytea, out first boolean, out request bytea, out answer bytea)
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('answer ' || encode(a_key, 'hex'), 0));
  select f.request, f.answer into request, answer from answer_find(a_account, a_key) f;
  first := not found;
end $$;
grant execute on function answer_begin to crisiscover_api;

-- Keeps the answer of a transaction that answer_begin began, if it has written something.
create function answer_keep(a_account text, a_key bytea, a_request bytea, a_answer bytea) returns void
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  if pg_current_xact_id_if_assigned() is null then
    return;
  end if;
  delete from answer_kept where ctid = any (array(
    select k.ctid from answer_kept k where k.made_at < now() - interval '7 days' order by k.made_at limit 100 for update skip locked));
  delete from answer_kept k where k.account = a_account and k.key = a_key and k.made_at < now() - interval '7 days';
  insert into answer_kept (account, key, request, answer) values (a_account, a_key, a_request, a_answer);
end $$;
grant execute on function answer_keep to crisiscover_api;

create function answer_find(a_account text, a_key bytea) returns table (request bytea, answer bytea)
language sql stable security definer set search_path = crisiscover, pg_temp as $$
  select k.request, k.answer from answer_kept k where k.account = a_account and k.key = a_key and k.made_at >= now() - interval '7 days'
$$;
grant execute on function answer_find to crisiscover_api;

-- ---------------------------------------------------------------------------------------------------------------------------- tables of one row

-- PostgreSQL assumes thousands of rows in a table that was never analyzed.
analyze account_head, decision_head, map_head, flag_counter, audit_head, audit_base;
analyze shift, span, feed_event, source_change, source_check, map_past;

-- --------------------------------------------------------------------------------------------------------------------------------------- rights

-- PostgreSQL lets everybody execute a new function.
revoke all on all functions in schema crisiscover from public;
