-- A thing gets another code and stays what it is: its history, overrides, decisions, acknowledged gaps, imports and tokens go with it, and
-- whoever asks for the code it had is answered.
--
-- The record is only ever added to, and what was known then must go on to answer as it did, under the codes of then. So there is no inner number
-- behind the codes that every row and every reader would have to go through; a code is moved at one instant, in the transaction that puts
-- the region file in force:
--   rows of the record (shift, span, decision) are superseded, and written again under the new code, known from that instant;
--   of what a source said (source_change, feed_event) the last word is written again under the new code;
--   rows that are the present (feed, gap, import, token, …) change their code in place;
--   overrides and absences keep their number: their codes follow, and nothing else of them can change (keep_what_was_said).
-- `renamed` says what was called what until when, for whoever asks for the past under the codes of today or the other way round.

set local search_path = crisiscover;

create table renamed (
  id   bigint generated always as identity primary key,
  kind text not null check (kind in ('organisation', 'function', 'place', 'person', 'service', 'rota', 'requirement', 'account')),
  was  text not null,
  code text not null check (code <> was),
  at   timestamptz not null default clock_timestamp(),
  by_account text not null
);
create index renamed_was on renamed (kind, was);
create index renamed_code on renamed (kind, code);
create trigger keep before update or delete on renamed for each row execute function keep_the_record();
create trigger keep_all before truncate on renamed execute function keep_the_record();

-- Every code that the thing has, had, or will have had.
create function codes_ever(a_kind text, a_code text) returns setof text language sql stable as $$
  with recursive c (code) as (
    select a_code
    union
    select case when r.was = c.code then r.code else r.was end
    from c join renamed r on r.kind = a_kind and c.code in (r.was, r.code))
  select code from c
$$;

-- What the thing that has this code at some time since a_known was called at a_known.
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

-- ------------------------------------------------------------------------------------------------------------------ moving rows

-- What an insert of rows of a_table t with a_changes ({"column": SQL expression}) names and selects. Every column there is, whoever added it; not
-- those that number themselves.
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

-- The shifts in force of a rota or a person (a_column) under another code.
create function rename_shifts(a_column text, a_was text, a_code text) returns void language plpgsql as $$
declare
  ids bigint[];
  touched text[];
  moment timestamptz;
begin
  execute format('select coalesce(array_agg(id), ''{}''), coalesce(array_agg(distinct rota), ''{}'') from shift '
                 'where %I = $1 and known_to = ''infinity''', a_column) into ids, touched using a_was;
  moment := record_moment(ids);
  perform shifts_supersede(ids, moment);
  perform rows_again('shift', jsonb_build_object(a_column, quote_literal(a_code), 'known_from', quote_literal(moment),
                                                 'known_to', '''infinity'''),
                     format('t.id = any (%L)', ids));
  delete from dirty where a_column = 'rota' and rota = a_was;
  perform shifts_mark(array(select case when a_column = 'rota' then a_code else x end from unnest(touched) x));
end $$;

-- Decisions in force likewise.
create function rename_decisions(a_column text, a_was text, a_code text) returns void language plpgsql as $$
declare
  moment timestamptz := clock_timestamp();
  ids bigint[];
begin
  execute format('select coalesce(array_agg(id), ''{}'') from decision where %I = $1 and known_to = ''infinity''', a_column)
    into ids using a_was;
  update decision set known_to = greatest(moment, known_from), ended_by = 'renamed' where id = any (ids);
  perform rows_again('decision', jsonb_build_object(a_column, quote_literal(a_code), 'known_from', 't.known_to', 'known_to', '''infinity''',
                                                    'ended_by', 'null'),
                     format('t.id = any (%L)', ids));
  update decision_head set version = version + 1 where cardinality(ids) > 0;
end $$;

-- The demands of a requirement or a place (a_column), with their spans in force and all their gaps. A gap stays the same gap. Whoever follows those that
-- are open is told its new codes.
create function rename_demands(a_column text, a_was text, a_code text) returns void language plpgsql as $$
declare
  head map_head;
  moment timestamptz;
  g gap;
begin
  -- From here on coverage writes nothing.
  select * into head from map_head for update;
  moment := greatest(clock_timestamp(), head.at + interval '1 microsecond');
  -- Also those that were retired: gaps of theirs are in the lists. A code that comes back finds its own.
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
  -- What its source last said, for whoever asks from now on.
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
  update account set by_hand = false where name = a_was;
end $$;

-- Where something else was called so before, its record would become another's.
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

create function region_rename(a_kind text, a_was text, a_code text, a_actor text) returns void language plpgsql as $$
begin
  perform rename_refuse(a_kind, a_was, a_code);
  insert into renamed (kind, was, code, by_account) values (a_kind, a_was, a_code, a_actor);
  case a_kind
    when 'organisation' then
      insert into organisation (code) values (a_code) on conflict (code) do nothing;
    when 'function' then
      insert into function (code) values (a_code) on conflict (code) do nothing;
      update gap set function = a_code where function = a_was;
    when 'place' then
      insert into place (code) values (a_code) on conflict (code) do nothing;
      perform rename_demands('place', a_was, a_code);
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
  insert into audit (actor, action, object, detail) values (a_actor, 'renamed', a_kind || '/' || a_code, jsonb_build_object('was', a_was));
end $$;

-- Of what was said, only the withdrawal is ever written; and its codes follow where something is renamed, in the transaction that does.
create or replace function keep_what_was_said() returns trigger language plpgsql
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

-- As region_put of 0030; what the file calls otherwise is renamed first (a_kinds, a_was, a_codes side by side).
create function region_put(a_document text, a_file text, a_origin text, a_seen bigint, a_actor text, a_kinds text[], a_was text[],
                           a_codes text[], out version bigint, out applied boolean)
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare r record;
begin
  lock table region in share row exclusive mode;
  applied := false;
  if a_seen is distinct from (select max(x.version) from region x) then
    return;
  end if;
  if cardinality(a_kinds) > 0 then
    perform from feed order by rota for update;
  end if;
  for r in select * from unnest(a_kinds, a_was, a_codes) as u (kind, was, code) loop
    perform region_rename(r.kind, r.was, r.code, a_actor);
  end loop;
  if 'rota' = any (a_kinds) or 'person' = any (a_kinds) then
    notify decisions_changed;
  end if;
  select p.version, p.applied into version, applied from region_put(a_document, a_file, a_origin, a_seen, a_actor) p;
end $$;

-- ------------------------------------------------------------------------------------------------------------------- the past

-- As in 0010, for a slot whose rota or whose person has another code since: one version is one version, whatever it was called when. Codes are those of
-- a_known.
create or replace function slots_since(a_rotas text[], a_at timestamptz, a_known timestamptz)
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

-- As in 0010; the place and the function may have other codes since.
create or replace function gaps_then(a_place text, a_function text, a_at timestamptz, a_known timestamptz)
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

revoke all on function codes_ever, code_then, row_again, rows_again, rename_shifts, rename_decisions, rename_demands, cause_group_rota, rename_rota,
  rename_person, rename_account, rename_refuse, region_rename,
  region_put(text, text, text, bigint, text, text[], text[], text[]) from public;
grant execute on function region_put(text, text, text, bigint, text, text[], text[], text[]), codes_ever, code_then to crisiscover_api;
grant select on renamed to crisiscover_api;
