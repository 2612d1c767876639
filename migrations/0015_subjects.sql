-- SPDX-License-Identifier: MIT

-- What is held about one person: given out whole, and erased once it has been kept long enough (docs/retention.md).
--
-- Both go over every column of every table that can hold a text, by its type and not by a list: a column that a later migration adds is exported and
-- erased without anybody thinking of it. The dry run of an erasure is the erasure, taken back.
--
-- To erase is to replace. Each code of the person and of the person's accounts becomes another one by which nobody knows who it was, the name becomes "A
-- person erased on …", and what named the person in texts is taken out of them. Rows, their times, and the states of places stay: who was on is
-- still a person, one whom nobody can name. The record is otherwise only added to, and its triggers let this one function through.

set local search_path = crisiscover;
set local check_function_bodies = off;

-- -------------------------------------------------------------------------------------------------------------- what must not, and what may be

-- Somebody's record is kept while a claim or an inquiry needs it, however old it is.
create table legal_hold (
  id          bigint generated always as identity primary key,
  person      text not null references person,
  reason      text not null check (length(reason) between 1 and 400),
  made_by     text not null,
  made_at     timestamptz not null default clock_timestamp(),
  lifted_by   text,
  lifted_at   timestamptz,
  lift_reason text check (length(lift_reason) between 1 and 400),
  check ((lifted_at is null) = (lifted_by is null))
);
create index legal_hold_person on legal_hold (person) where lifted_at is null;

-- Erasures that somebody has asked for before the time is over: another person makes or refuses them.
create table erasure_request (
  id         bigint generated always as identity primary key,
  person     text not null references person,
  reason     text not null check (length(reason) between 1 and 400),
  made_by    text not null,
  made_at    timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null default clock_timestamp() + interval '7 days',
  decided_by text,
  decided_at timestamptz,
  check ((decided_at is null) = (decided_by is null))
);
create unique index erasure_request_open on erasure_request (person) where decided_at is null;

-- What was erased: never who.
create table erasure (
  id     bigint generated always as identity primary key,
  person text not null,                     -- the code since
  at     timestamptz not null default clock_timestamp(),
  by     text not null,                     -- 'retention': nobody asked, the time was over
  second text,                              -- who agreed
  rows   jsonb not null                     -- how many of each table
);
-- The api processes ask for the newest with each look, and read everything again when there is one.
grant select (id) on erasure to crisiscover_api;

-- In which transaction the triggers of the record let changes through. A row is there only while subject_erase runs.
create unlogged table erasing (xid xid8 primary key);

-- How long the rounds of subjects_due have found the clock to go on as clocks do.
create table erasure_clock (
  only_row boolean primary key default true check (only_row),
  since    timestamptz not null,
  last     timestamptz not null,
  days     bigint not null               -- the setting retain_person_days, of which people are told
);

create function is_erasing() returns boolean language sql stable security definer set search_path = crisiscover, pg_temp as $$
  select exists (select from erasing where xid = pg_current_xact_id_if_assigned())
$$;

-- Lets an erasure change what the triggers `keep` keep, those that there are so far: each migration that makes one calls it. The setting is only
-- there so that other changes need not look into the table; by itself it opens nothing.
create function let_erasing_through() returns void language plpgsql as $$
declare
  t record;
  gate constant text := 'case when coalesce(current_setting(''crisiscover.erasing'', true), '''') = '''' then true else not crisiscover.is_erasing() end';
begin
  for t in select g.tgname as name, g.tgrelid::regclass as tab, pg_get_triggerdef(g.oid) as made
           from pg_trigger g join pg_class c on c.oid = g.tgrelid
           where c.relnamespace = 'crisiscover'::regnamespace and not g.tgisinternal and g.tgparentid = 0 and g.tgname = 'keep' and g.tgqual is null
           order by 2 loop
    execute format('drop trigger %I on %s', t.name, t.tab);
    execute regexp_replace(t.made, ' FOR EACH ROW EXECUTE', ' FOR EACH ROW WHEN (' || gate || ') EXECUTE');
  end loop;
end $$;
select let_erasing_through();

-- ------------------------------------------------------------------------------------------------------------------------------- who it is

-- The person's accounts, under every code that they had.
create function subject_accounts(a_codes text[]) returns setof text language sql stable as $$
  select distinct c.code
  from setup_item i cross join lateral codes_ever('account', i.key) c (code)
  where i.kind = 'account' and i.item->>'person' = any (a_codes)
$$;

-- The names that people of the set-up have or had: of these codes, or (a_others) of all others.
create function subject_names(a_codes text[], a_others boolean) returns setof text language sql stable as $$
  select n.name
  from setup_item i
  cross join lateral (select i.item->>'name' as name
                      union select x from jsonb_array_elements_text(case when jsonb_typeof(i.item->'aliases') = 'array' then i.item->'aliases' else '[]' end) x
                      union select x from jsonb_array_elements_text(case when jsonb_typeof(i.item->'former_names') = 'array'
                                                                         then i.item->'former_names' else '[]' end) x) n
  where i.kind = 'person' and (i.key = any (a_codes)) <> a_others and n.name is not null
$$;

-- A pattern for regular expressions that finds the person's names and numbers in a text: each name of two words or more, and each telephone number however it
-- is grouped. Initials and single words are not looked for, nor what somebody else or a team has as well: those are other people's, too.
create function subject_pattern(a_codes text[]) returns text language sql stable as $$
  with name as (
    select n as name from subject_names(a_codes, false) n where n ~ '\S\s+\S'
    except select n from subject_names(a_codes, true) o (other), lateral (select n from subject_names(a_codes, false) n where lower(n) = lower(other)) x),
  number as (
    select distinct regexp_replace(n.value #>> '{}', '^(\+44|0044|0)|[^0-9]', '', 'g') as digits
    from setup_item i, jsonb_path_query(i.item->'work_phone', '$.**') n (value)
    where i.kind = 'person' and i.key = any (a_codes) and jsonb_typeof(n.value) = 'string'),
  own as (
    select m.digits from number m
    where length(m.digits) >= 9
      and not exists (select from setup_item o
                      where (o.kind = 'service' or o.kind = 'person' and o.key <> all (a_codes))
                        and position(m.digits in regexp_replace(o.item::text, '[^0-9]', '', 'g')) > 0))
  select coalesce('(?<![[:alnum:]])(' || string_agg(p, '|' order by p) || ')(?![[:alnum:]])', '_none_of_these_')
  from (select regexp_replace(regexp_replace(name, '([.^$|(){}*+?\[\]\\])', '\\\1', 'g'), '\s+', '\\s+', 'g') as p from name
        union
        select '(\+44|0044|0)?[ ()-]*' || regexp_replace(left(digits, -1), '(.)', '\1[ -]?', 'g') || right(digits, 1) from own) x
$$;

create type subject as (
  codes   jsonb,   -- of the person and the accounts, and what each becomes
  asked   text[],  -- the codes as they may stand in a column: by themselves, and after their kind
  pattern text,    -- of names and numbers
  json    text,    -- the same in the text of a jsonb, with the codes
  name    text     -- what the name becomes
);

-- a_code may be one that the person no longer has.
create function subject_of(a_code text, a_at timestamptz default clock_timestamp()) returns subject language plpgsql stable as $$
declare
  s subject;
  people text[] := array(select p from people_ever(a_code) p where exists (select from person where id = p) order by 1);
  accounts text[] := array(select subject_accounts(people) order by 1);
  every text[] := array(select unnest(people) union select unnest(accounts) order by 1);
  stem text := 'erased-' || left(replace(gen_random_uuid()::text, '-', ''), 12);
begin
  s.codes := (select jsonb_object_agg(c, stem || case when n = 1 then '' else '-' || n end) from unnest(every) with ordinality x (c, n));
  s.asked := every || array(select 'person/' || p from unnest(people) p) || array(select 'account/' || a from unnest(accounts) a);
  s.pattern := subject_pattern(people);
  s.json := s.pattern || '|"((person|account)/)?(' ||
            (select string_agg(regexp_replace(c, '([.^$|(){}*+?\[\]\\])', '\\\1', 'g'), '|') from unnest(every) c) || ')"';
  s.name := 'A person erased on ' || to_char(a_at at time zone 'Europe/London', 'FMDD FMMonth YYYY');
  return s;
end $$;

-- --------------------------------------------------------------------------------------------------------------------- where something is held

-- The columns that may hold a text about somebody. Not those of what is about time and places alone, which are by far the largest tables.
create function subject_columns() returns table (tab text, col text, kind text) language sql stable as $$
  select t.relname::text, a.attname::text, format_type(a.atttypid, null)
  from pg_class t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
  where t.relnamespace = 'crisiscover'::regnamespace and t.relkind in ('r', 'p') and not t.relispartition and a.attgenerated = ''
    and format_type(a.atttypid, null) in ('text', 'text[]', 'jsonb')
    and t.relname not in ('migration', 'record_table', 'record_begins', 'erasure', 'erasing', 'span', 'source_check', 'map_change', 'map_past', 'demand')
  order by 1, a.attnum
$$;

-- The condition of a_table's rows t that hold something about the subject $1; null: it has no such column.
create function subject_where(a_table text) returns text language sql stable as $$
  select string_agg(case kind when 'text' then format('t.%1$I = any ($1.asked) or t.%1$I ~* $1.%2$s', col, case col when 'document' then 'json' else 'pattern' end)
                              when 'text[]' then format('t.%1$I && $1.asked or array_to_string(t.%1$I, E''\n'') ~* $1.pattern', col)
                              else format('t.%I::text ~* $1.json', col) end, ' or ')
  from subject_columns() where tab = a_table
$$;

-- Without what opens something, and without hashes, which tell nobody anything.
create function subject_row(a_row jsonb, a_table text) returns jsonb language sql stable as $$
  select coalesce(jsonb_object_agg(e.key, e.value), '{}')
  from jsonb_each(a_row) e
  where e.value <> 'null' and not (a_table = 'credential' and e.key in ('password', 'totp_step'))
    and not exists (select from pg_attribute a where a.attrelid = format('crisiscover.%I', a_table)::regclass and a.attname = e.key
                    and a.atttypid in ('bytea'::regtype, 'bytea[]'::regtype))
$$;

-- Whether a_organisation may ask about the person: it is the one that the person is of, or was of last. Null: it may about all.
create function subject_is_of(a_code text, a_organisation text) returns boolean language sql stable as $$
  select exists (select from person where id = a_code)
    and (a_organisation is null
         or a_organisation in (select codes_ever('organisation', (
              select i.item->>'organisation' from setup_item i
              where i.kind = 'person' and i.key in (select people_ever(a_code)) order by i.version desc limit 1))))
$$;

-- Everything that is held about a person, table by table; P0001: there is nobody of this code in the organisation.
create function subject_export(a_code text, a_organisation text) returns jsonb
language plpgsql stable security definer set search_path = crisiscover, pg_temp as $$
declare
  s subject;
  t record;
  found jsonb;
  every jsonb := '{}';
begin
  if not subject_is_of(a_code, a_organisation) then
    raise exception 'there is nobody of the code % in an organisation whose people you look after', a_code using errcode = 'P0001';
  end if;
  s := subject_of(a_code);
  for t in select c.tab, subject_where(c.tab) as fits from (select distinct tab from subject_columns()) c order by 1 loop
    execute format('select jsonb_agg(subject_row(to_jsonb(t), %L)) from %I t where %s', t.tab, t.tab, t.fits) into found using s;
    if found is not null then
      every := every || jsonb_build_object(t.tab, found);
    end if;
  end loop;
  return jsonb_build_object('person', a_code, 'at', iso(clock_timestamp()), 'held', every, 'state', subject_state(a_code, null));
end $$;
grant execute on function subject_export to crisiscover_api;

-- ------------------------------------------------------------------------------------------------------------------------------------ erasure

-- A text without what named the person. It never becomes longer, in letters or in bytes, so that it fits wherever it stood: many columns have a longest
-- text. "[erased]" is longer than the shortest names ("A B"); "[-]" is longer than none.
create function subject_unnamed(a_text text, s subject) returns text language sql immutable as $$
  select case when length(erased) <= length(a_text) then erased else regexp_replace(a_text, s.pattern, '[-]', 'gi') end
  from regexp_replace(a_text, s.pattern, '[erased]', 'gi') erased
$$;

-- What a text becomes.
create function subject_text(a_text text, s subject) returns text language sql immutable as $$
  select case when s.codes ? a_text then s.codes->>a_text
              when a_text = any (s.asked) then split_part(a_text, '/', 1) || '/' || (s.codes->>substr(a_text, strpos(a_text, '/') + 1))
              else subject_unnamed(a_text, s) end
$$;

-- A person of the set-up, whose code becomes a_code. What cover is computed from stays.
create function subject_item(a_item jsonb, a_code text, s subject) returns jsonb language sql immutable as $$
  select jsonb_strip_nulls(jsonb_build_object('id', case when a_item ? 'id' then a_code end, 'name', s.name, 'organisation', a_item->'organisation',
                                              'roles', a_item->'roles'))
$$;

-- What a value becomes; a_under: the name of the member that it is.
create function subject_json(a_value jsonb, s subject, a_under text default null) returns jsonb language plpgsql immutable as $$
declare about boolean;
begin
  case jsonb_typeof(a_value)
    when 'string' then
      return to_jsonb(subject_text(a_value #>> '{}', s));
    when 'array' then
      return coalesce((select jsonb_agg(subject_json(x, s, a_under) order by n) from jsonb_array_elements(a_value) with ordinality e (x, n)), '[]');
    when 'object' then
      if s.codes ? (a_value->>'id') then
        return subject_item(a_value, s.codes->>(a_value->>'id'), s);
      end if;
      about := exists (select from unnest(array['person', 'instead', 'gives', 'takes']) k where s.codes ? (a_value->>k));
      return coalesce((select jsonb_object_agg(
                                case when s.codes ? e.key then s.codes->>e.key
                                     when a_under = 'aliases' and s.codes ? (e.value #>> '{}') then 'erased ' || e.n
                                     else e.key end,
                                case when about and jsonb_typeof(e.value) = 'string' and e.key in ('title', 'words', 'alias', 'name', 'note', 'text', 'reason')
                                     then '"[erased]"' else subject_json(e.value, s, e.key) end)
                       from jsonb_each(a_value) with ordinality e (key, value, n)), '{}');
    else
      return a_value;
  end case;
end $$;

-- What stands against erasing somebody, and from when on the time is over: the end of the financial year in which the last thing happened, and a_days
-- more (null: as the rounds of subjects_due have it). A person of the set-up is never erased.
create function subject_state(a_code text, a_days bigint) returns jsonb language sql stable as $$
  with codes as (select array(select people_ever(a_code)) as all_codes),
  last as (
    -- What was taken back before it came is over since then.
    select greatest((select max(least(ends_at, known_to)) from shift, codes where person = any (all_codes)),
                    (select max(least(expires_at, withdrawn_at)) from override, codes where person = any (all_codes) or instead = any (all_codes)),
                    (select max(least(ends_at, withdrawn_at)) from absence, codes where person = any (all_codes)),
                    (select max(retired_at) from person, codes where id = any (all_codes))) as at),
  year as (select make_timestamptz(extract(year from l.at at time zone 'Europe/London' + interval '9 months')::integer, 4, 1, 0, 0, 0, 'Europe/London') as ends
           from last l)
  select jsonb_build_object(
    'in_set_up', exists (select from person, codes where id = any (all_codes) and retired_at is null),
    'account_in_set_up', exists (select from account, codes where name in (select subject_accounts(all_codes)) and retired_at is null),
    'held', coalesce((select jsonb_agg(jsonb_build_object('hold', h.id, 'reason', h.reason, 'by', h.made_by, 'at', iso(h.made_at)) order by h.id)
                      from legal_hold h, codes where h.person = any (all_codes) and h.lifted_at is null), '[]'),
    'split', exists (select from person_move m, codes where m.what = 'split' and (m.was = any (all_codes) or m.code = any (all_codes))),
    'last_at', iso((select at from last)),
    'kept_until', iso((select ends from year) + make_interval(days => nullif(coalesce(a_days, (select days from erasure_clock)), 0)::integer)))
$$;

-- The first thing in a state that stands against it; null: nothing. a_inside: although it is not over yet.
create function subject_obstacle(a_code text, a_state jsonb, a_inside boolean) returns text language sql stable as $$
  select case
    when not exists (select from person where id = a_code) then format('there is nobody of the code %s', a_code)
    when a_code like 'erased-%' then 'this person was erased already'
    when (a_state->>'in_set_up')::boolean then 'the person is in the set-up: take them out of it first'
    when (a_state->>'account_in_set_up')::boolean then 'an account of the person is in the set-up: take it out first'
    when a_state->'held' <> '[]' then format('a legal hold stands against it: %s', a_state#>>'{held,0,reason}')
    when (a_state->>'split')::boolean then 'the person was split from another: which rows are whose is not known'
    when (a_state->>'last_at')::timestamptz > clock_timestamp() then 'something of the person is still to come'
    when not a_inside and coalesce((a_state->>'kept_until')::timestamptz > clock_timestamp(), true)
      then format('it must be kept until %s', coalesce(a_state->>'kept_until', 'retain_person_days says how long'))
    end
$$;

-- [[1, 3], [7, 7]] of the numbers 1, 2, 3, 7.
create function number_ranges(a_numbers bigint[]) returns jsonb language sql immutable as $$
  select coalesce(jsonb_agg(jsonb_build_array(least, greatest) order by least), '[]')
  from (select min(n) as least, max(n) as greatest from (select n, n - row_number() over (order by n) as run from unnest(a_numbers) n) x group by run) y
$$;

-- One table of it. Answers how many rows.
create function subject_erase_table(a_table text, s subject) returns bigint language plpgsql as $$
declare
  sets text;
  about text;
  done bigint;
  rows bigint;
begin
  -- Rows that are about the person alone: what somebody wrote in them goes whole, since it may say who it was in words that no list has.
  select string_agg(format('t.%I = any ($1.asked)', col), ' or ') into about
    from subject_columns() where tab = a_table and col in ('person', 'instead', 'gives', 'takes');
  select string_agg(format('%1$I = case when t.%1$I is null then null else ''[erased]'' end', col), ', ') into sets
    from subject_columns() where tab = a_table and kind = 'text' and col in ('title', 'words', 'text', 'note', 'reason', 'settle_note', 'review_note');
  if a_table = 'decision' then
    sets := sets || ', key = ''erased '' || t.id';
  end if;
  if a_table = 'setup_item' then
    update setup_item t set item = subject_item(t.item, s.codes->>t.key, s) where t.kind = 'person' and s.codes ? t.key;
  end if;
  if about is not null and sets is not null then
    execute format('update %I t set %s where %s', a_table, sets, about) using s;
  end if;
  select string_agg(case when kind = 'jsonb' then format('%1$I = subject_json(t.%1$I, $1)', col)
                         when kind = 'text[]' then format('%1$I = case when t.%1$I is null then null else array(select subject_text(x, $1) '
                                                          'from unnest(t.%1$I) with ordinality u (x, n) order by n) end', col)
                         when col = 'document' then format('%1$I = subject_json(t.%1$I::jsonb, $1)::text', col)
                         else format('%1$I = subject_text(t.%1$I, $1)', col) end, ', ') into sets
    from subject_columns() where tab = a_table;
  execute format('update %I t set %s where %s', a_table, sets, subject_where(a_table)) using s;
  get diagnostics done = row_count;
  return done;
end $$;

-- The audit: what the rows say is replaced, their digests stay, and their salts go. Answers the numbers of the rows.
create function subject_erase_audit(s subject) returns bigint[] language plpgsql as $$
declare numbers bigint[];
begin
  execute format($sql$
    with gone as (
      update audit t set actor = subject_text(t.actor, $1), object = subject_text(t.object, $1),
                         detail = case when t.object = any ($1.asked) and t.detail is not null then '{"erased": true}' else subject_json(t.detail, $1) end,
                         salt = null, erased_at = coalesce(t.erased_at, clock_timestamp())
        where t.seq is not null and (%s) returning t.seq)
    select coalesce(array_agg(seq order by seq), '{}') from gone $sql$, subject_where('audit')) into numbers using s;
  return numbers;
end $$;

-- Bodies that are no longer in force and have a name in them lose their bytes now; the hash stays. Answers how many did, and how many are in force
-- still: those say the name until their owner takes it out.
create function subject_erase_bodies(s subject, a_codes text[], out gone bigint, out in_force bigint) language plpgsql as $$
declare
  names bytea[] := array(select distinct convert_to(i.item->>'name', 'UTF8') from setup_item i where i.kind = 'person' and i.key = any (a_codes)
                         and i.item->>'name' ~ '\S\s+\S');
begin
  update body b set bytes = null
    where b.bytes is not null and exists (select from unnest(names) n where position(n in b.bytes) > 0) and not body_is_needed(b.sha256);
  get diagnostics gone = row_count;
  select count(*) into in_force from body b where b.bytes is not null and exists (select from unnest(names) n where position(n in b.bytes) > 0);
end $$;

-- Erases a person; a_deed false: says what it would do, having done it and taken it back. a_days: how long things are kept; a_inside: also what
-- must be kept for longer. P0001: something stands against it.
create function subject_erase(a_code text, a_days bigint, a_inside boolean, a_deed boolean, a_actor text, a_second text, a_reason text) returns jsonb
language plpgsql as $$
declare
  state jsonb := subject_state(a_code, a_days);
  obstacle text := subject_obstacle(a_code, state, a_inside);
  codes text[] := array(select people_ever(a_code));
  s subject;
  c record;
  n bigint;
  numbers bigint[];
  bodies record;
  counts jsonb := '{}';
  plan jsonb;
begin
  if obstacle is not null then
    raise exception '%', obstacle using errcode = 'P0001';
  end if;
  s := subject_of(a_code);
  if exists (select from setup_item i where i.kind not in ('person', 'account') and s.codes ? i.key) then
    raise exception 'another thing has the code of the person or of an account: rename that thing first' using errcode = 'P0001';
  end if;
  begin
    insert into erasing (xid) values (pg_current_xact_id());
    perform set_config('crisiscover.erasing', 'yes', true);
    select * into bodies from subject_erase_bodies(s, codes);
    delete from credential where s.codes ? account;
    delete from recovery_code where s.codes ? account;
    delete from invitation where s.codes ? account;
    delete from session where s.codes ? account;
    delete from identity where s.codes ? account;
    update subscription x set address = '[erased]', ended_at = coalesce(x.ended_at, clock_timestamp()), ended_by = coalesce(x.ended_by, a_actor)
      where s.codes ? x.account;
    insert into person (id, retired_at) select s.codes->>p.id, p.retired_at from person p where s.codes ? p.id;
    perform rows_again('account', jsonb_build_object('name', format('%L::jsonb->>t.name', s.codes)), format('%L::jsonb ? t.name', s.codes));
    for c in select distinct tab from subject_columns() where tab not in ('audit', 'person', 'account') order by 1 loop
      n := subject_erase_table(c.tab, s);
      if n > 0 then
        counts := counts || jsonb_build_object(c.tab, n);
      end if;
    end loop;
    delete from account where s.codes ? name;
    delete from person where s.codes ? id;
    numbers := subject_erase_audit(s);
    delete from erasing;
    perform set_config('crisiscover.erasing', '', true);
    counts := counts || jsonb_build_object('audit', cardinality(numbers), 'body', bodies.gone);
    plan := jsonb_build_object('person', s.codes->>a_code, 'name', s.name, 'rows', counts, 'bodies_in_force', bodies.in_force, 'state', state);
    if not a_deed then
      raise exception 'taken back' using errcode = 'P0003';
    end if;
    insert into erasure (person, by, second, rows) values (s.codes->>a_code, subject_text(a_actor, s), subject_text(a_second, s), counts);
    insert into audit (actor, action, object, detail)
      values (subject_text(a_actor, s), 'subject_erased', 'person/' || (s.codes->>a_code),
              jsonb_build_object('rows', number_ranges(numbers), 'counts', counts, 'second', subject_text(a_second, s), 'reason', subject_text(a_reason, s)));
    -- Any of its hints would do: what the api processes have in memory names the person.
    notify accounts_changed;
  exception when sqlstate 'P0003' then
    null;
  end;
  return plan || jsonb_build_object('erased', a_deed);
end $$;

-- What somebody asks for. a_request null and a_deed: it is noted, and another person is needed; a_request: the number of what another person asked for.
create function subject_erase_ask(a_code text, a_organisation text, a_request bigint, a_reason text, a_deed boolean, a_actor text)
returns jsonb language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  r erasure_request;
  plan jsonb;
begin
  if not subject_is_of(a_code, a_organisation) then
    raise exception 'there is nobody of the code % in an organisation whose people you look after', a_code using errcode = 'P0001';
  elsif a_request is null then
    plan := subject_erase(a_code, null, true, false, a_actor, null, a_reason);
    if not a_deed then
      return plan;
    end if;
    delete from erasure_request where person = a_code and decided_at is null and expires_at <= clock_timestamp();
    insert into erasure_request (person, reason, made_by) values (a_code, a_reason, a_actor) on conflict do nothing returning * into r;
    if r.id is null then
      raise exception 'this was asked for already, as request %', (select id from erasure_request where person = a_code and decided_at is null)
        using errcode = 'P0001';
    end if;
    insert into audit (actor, action, object, detail)
      values (a_actor, 'subject_erasure_asked', 'person/' || a_code, jsonb_build_object('request', r.id, 'reason', a_reason));
    return plan || jsonb_build_object('request', r.id, 'expires_at', iso(r.expires_at));
  end if;
  select * into r from erasure_request x where x.id = a_request and x.person in (select people_ever(a_code)) for update;
  if r.id is null or r.decided_at is not null or r.expires_at <= clock_timestamp() then
    raise exception 'there is no request % that waits', a_request using errcode = 'P0001';
  elsif is_same_person(r.made_by, a_actor) then
    raise exception 'request % is your own: another person decides about it', a_request using errcode = 'P0001';
  end if;
  if a_deed then
    update erasure_request set decided_by = a_actor, decided_at = clock_timestamp() where id = r.id;
  end if;
  return subject_erase(a_code, null, true, a_deed, r.made_by, a_actor, r.reason);
end $$;
grant execute on function subject_erase_ask to crisiscover_api;

-- Makes a hold, or lifts all that stand (a_lift). Answers the state since.
create function subject_hold(a_code text, a_organisation text, a_lift boolean, a_reason text, a_actor text) returns jsonb
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  if not subject_is_of(a_code, a_organisation) then
    raise exception 'there is nobody of the code % in an organisation whose people you look after', a_code using errcode = 'P0001';
  end if;
  -- An erasure that is under way is waited for.
  perform from person where id = a_code for update;
  if a_lift then
    update legal_hold set lifted_by = a_actor, lifted_at = clock_timestamp(), lift_reason = a_reason
      where person in (select people_ever(a_code)) and lifted_at is null;
  else
    insert into legal_hold (person, reason, made_by) values (a_code, a_reason, a_actor);
  end if;
  insert into audit (actor, action, object, detail)
    values (a_actor, case when a_lift then 'legal_hold_lifted' else 'legal_hold_made' end, 'person/' || a_code, jsonb_build_object('reason', a_reason));
  return jsonb_build_object('person', a_code, 'state', subject_state(a_code, null));
end $$;
grant execute on function subject_hold to crisiscover_api;

-- Erases one person whose time is over, if there is one; answers how many. A clock that jumps could end the time of everybody at once, and nothing brings back
-- what was erased: so it must have gone on as clocks do for a week, seen by a round at least every two days.
create function subjects_due(a_days bigint, a_now timestamptz default clock_timestamp()) returns bigint
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  clock erasure_clock;
  due text;
begin
  if not pg_try_advisory_xact_lock(4242015) then
    return 0;
  end if;
  insert into erasure_clock as k (since, last, days) values (a_now, a_now, a_days)
    on conflict (only_row) do update
      set since = case when a_now >= k.last and a_now < k.last + interval '2 days' then k.since else a_now end, last = a_now, days = a_days
    returning * into clock;
  if a_days <= 0 or a_now < clock.since + interval '7 days' then
    return 0;
  end if;
  select p.id into due
    from person p
    where p.retired_at < a_now - make_interval(days => a_days::integer) and p.id not like 'erased-%' and p.id <> '.canary'
      and subject_obstacle(p.id, subject_state(p.id, a_days), false) is null
    order by p.retired_at, p.id limit 1;
  if due is null then
    return 0;
  end if;
  perform subject_erase(due, a_days, false, true, 'retention', null, 'kept for as long as it must be');
  return 1;
end $$;
grant execute on function subjects_due to crisiscover_coverage;

-- What was never put in force, and links that nobody can use any more: deleted by the daily round. What an import was, and how many changes it
-- had, stays.
create function offers_end(a_now timestamptz, a_days bigint) returns void language sql as $$
  with over as (
    update import set diff = diff || '{"changes": []}', looked = null
      where a_days > 0 and state in ('discarded', 'refused') and decided_at < a_now - make_interval(days => a_days::integer)
        and (jsonb_array_length(diff->'changes') > 0 or looked is not null or exists (select from import_shift n where n.import = import.id))
      returning id)
  delete from import_shift where import in (select id from over);
  delete from invitation where expires_at < a_now - interval '30 days'
$$;

-- --------------------------------------------------------------------------------------------------------------------------------------- rights

-- PostgreSQL lets everybody execute a new function.
revoke all on all functions in schema crisiscover from public;
-- The triggers ask it as the login that makes the change.
grant execute on function is_erasing to crisiscover_api, crisiscover_feeds, crisiscover_coverage, crisiscover_flags, crisiscover_notify;
