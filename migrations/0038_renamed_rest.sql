-- What a renaming (0031) left behind, and what a region file could undo between its comparison and its deed.

set local search_path = crisiscover;

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

-- After all else that 0031 does for the code. The caller holds the feeds' rows.
create function rename_rest(a_kind text, a_was text, a_code text) returns void language plpgsql as $$
declare touched text[];
begin
  if a_kind = 'rota' then
    perform rename_previews(array[a_code]);
    perform rows_again('reread', jsonb_build_object('rota', quote_literal(a_code)), format('t.rota = %L order by t.id', a_was));
    perform rename_in_place('calendar_fullness', 'rota', a_was, a_code);
  elsif a_kind = 'person' then
    touched := array(select s.rota from shift s where s.person = a_code and s.known_to = 'infinity'
                     union select i.rota from import i join import_shift n on n.import = i.id where i.state = 'preview' and n.person = a_was
                     union select o.rota from override o join override_event e on e.override = o.id where a_was = any (e.third)
                     order by 1);
    perform rename_previews(touched);
    -- Where the calendar names him beside an override, that is said of his new code.
    perform overrides_settle(touched);
  elsif a_kind = 'account' then
    -- Not the answer to the call that renames, which is not there yet.
    perform rename_in_place('answer_kept', 'account', a_was, a_code, 'answer is not null');
  end if;
end $$;

-- As in 0031, and with the rest.
create or replace function region_rename(a_kind text, a_was text, a_code text, a_actor text) returns void language plpgsql as $$
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
  perform rename_rest(a_kind, a_was, a_code);
  insert into audit (actor, action, object, detail) values (a_actor, 'renamed', a_kind || '/' || a_code, jsonb_build_object('was', a_was));
end $$;

revoke all on function rename_in_place, rename_previews, rename_rest from public;

-- ----------------------------------------------------------------------------------------- what is said while a file is on its way

-- Nothing is said of a person who has left the region while it was on its way. The row of the person is locked, so that it is said before he
-- leaves, and region_put sees it, or not at all.
create function people_there(a_people text[]) returns void language plpgsql as $$
declare gone text;
begin
  for gone in select p.id from person p where p.id = any (a_people) order by p.id for share loop
    continue when exists (select from person p where p.id = gone and p.retired_at is null)
      -- A code that comes back in a renaming: the region file follows in the same transaction.
      or exists (select from renamed r where r.kind = 'person' and r.code = gone and r.at >= now());
    raise exception '% is no longer in the region', gone using errcode = 'P0001';
  end loop;
end $$;

create function said_of_who_is_there() returns trigger language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  perform people_there(array[new.person, to_jsonb(new)->>'instead']);
  return new;
end $$;
create trigger who_is_there before insert on absence for each row execute function said_of_who_is_there();
create trigger who_is_there before insert on override for each row execute function said_of_who_is_there();
create trigger who_is_there before insert on decision for each row when (new.person is not null) execute function said_of_who_is_there();

-- As in 0031. Where a rota or a person goes, what people have said of them is looked at once more, with everybody kept out who could say
-- something: what is not in a_said ("override 12") came after the file was compared. Then nothing is done, and there is a row for each of it.
create function region_put(a_document text, a_file text, a_origin text, a_seen bigint, a_actor text, a_kinds text[], a_was text[],
                           a_codes text[], a_rotas text[], a_people text[], a_said text[])
returns table (version bigint, applied boolean, hangs_on text, kind text, id bigint, by_account text)
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  lock table region in share row exclusive mode;
  if cardinality(a_rotas) + cardinality(a_people) > 0 then
    perform from feed f order by f.rota for update;
    perform from person p where p.id = any (a_people) order by p.id for update;
    return query select null::bigint, false, case when s.rota = any (a_rotas) then 'rota:' || s.rota else 'person:' || s.person end,
                        s.kind, s.id, s.by_account
                 from region_said(a_rotas, a_people) s where s.kind || ' ' || s.id <> all (a_said);
    if found then
      return;
    end if;
  end if;
  return query select p.version, p.applied, null::text, null::text, null::bigint, null::text
               from region_put(a_document, a_file, a_origin, a_seen, a_actor, a_kinds, a_was, a_codes) p;
end $$;

-- ----------------------------------------------------------------------------------------- what is put in force while a file is read

-- What a file that came with a region file is to take the place of, as import_add_over was told; null: of nothing.
alter table import add column takes_place_of bytea;
update import i set takes_place_of = f.body from feed f where f.rota = i.rota and i.filed and i.state = 'uploaded';

-- As in 0030, and it is kept for the moment in which the file has been read.
create or replace function import_add_over(a_rota text, a_actor text, a_format text, a_mode text, a_sha256 bytea, a_bytes bytea, a_over bytea)
returns bigint language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  f feed;
  added bigint;
begin
  select * into f from feed where rota = a_rota for update;
  if found and f.body is distinct from a_over then
    raise exception 'the rota % has changed since this file was compared with it: compare again', a_rota using errcode = 'P0001';
  end if;
  added := import_add(a_rota, a_actor, a_format, a_mode, a_sha256, a_bytes);
  update import set filed = true, takes_place_of = a_over where id = added;
  return added;
end $$;

-- As in 0007. A file that asks nobody and is to take the place of certain bytes does so only while these are in force: what a person has put in
-- force, or taken back, meanwhile stays.
create or replace function import_preview(a_import bigint, a_claim bigint, a_base bigint, a_read_with bytea, a_reading jsonb, a_safe boolean,
                               a_why text, a_diff jsonb, a_superseded bigint[],
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
  if i.filed and i.mode <> 'ask' and before.body is distinct from i.takes_place_of and before.body is distinct from i.body then
    perform import_refused(a_import, 'What is in force on this rota was changed while the file was on its way, so the file was not put in force. '
                                     'Look at what is in force now, and apply again.', a_read_with, a_reading);
    return 'overtaken';
  end if;
  if before.reading is distinct from a_base then
    return 'again';
  end if;
  delete from import_shift where import = a_import;
  return import_preview(a_import, a_base, a_read_with, a_reading, a_safe, a_why, a_diff, a_superseded, a_keys, a_classes, a_persons,
                        a_teams, a_titles, a_starts, a_ends);
end $$;

revoke all on function people_there, said_of_who_is_there,
  region_put(text, text, text, bigint, text, text[], text[], text[], text[], text[], text[]) from public;
grant execute on function region_put(text, text, text, bigint, text, text[], text[], text[], text[], text[], text[]) to crisiscover_api;
