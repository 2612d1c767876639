-- What was said under codes that have been changed since is understood under the codes of now. An import that was put in force before its rota, or
-- somebody on it, was given another code: the shifts that it superseded stand in the record under the codes of then, so that taking it back found none of
-- them, and the rota was empty until its calendar was read again. And whom an override knew of was a third person once he had another code.

set local search_path = crisiscover;

-- What the thing that had this code at a_known is called now: the other way round than code_then().
create function code_now(a_kind text, a_code text, a_known timestamptz) returns text language plpgsql stable as $$
declare
  has text := a_code;
  last bigint := 0;
  r renamed;
begin
  loop
    select * into r from renamed x where x.kind = a_kind and x.was = has and x.at > a_known and x.id > last order by x.id limit 1;
    exit when not found;
    has := r.code;
    last := r.id;
  end loop;
  return has;
end $$;

-- As in 0025, under the codes of now.
create or replace function import_undo(a_import bigint, a_actor text, a_reason text) returns void
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  i import;
  f feed;
  earlier reading;
  ended bigint[];
  wanted bigint[];
  moment timestamptz;
begin
  perform import_lock(a_import);
  select * into i from import where id = a_import;
  select * into f from feed where rota = i.rota;
  if i.state <> 'applied' then
    raise exception 'this import cannot be undone: it is %', i.state using errcode = 'P0001';
  end if;
  if i.decided_at < clock_timestamp() - interval '30 days' and f.upload is distinct from i.id then
    raise exception 'this import was put in force more than 30 days ago, on %, and can no longer be undone: send the calendar that the rota '
      'should have', to_char(i.decided_at at time zone 'UTC', 'FMDD Mon YYYY') using errcode = 'P0001';
  end if;
  if f.rota is null or f.body is distinct from i.body or f.reading < i.reading then
    raise exception 'the rota has changed since this import: send the calendar that it should have' using errcode = 'P0001';
  end if;
  select * into earlier from reading where id = i.base;

  -- In force the moment before, and not over.
  select coalesce(array_agg(id), '{}') into wanted from shift
    where rota = code_then('rota', i.rota, i.decided_at) and reading is distinct from i.reading and (reading is not null or id = any (i.superseded))
      and known_from <= i.decided_at and known_to >= i.decided_at and ends_at > clock_timestamp();
  select coalesce(array_agg(n.id), '{}') into ended from shift n
    where n.rota = i.rota and n.known_to = 'infinity' and n.reading is not null and n.ends_at > clock_timestamp()
      and not exists (
        select from shift w where w.id = any (wanted) and w.key = n.key and w.class = n.class and w.starts_at = n.starts_at
          and w.ends_at = n.ends_at and (code_now('person', w.person, i.decided_at), w.team, w.title) is not distinct from (n.person, n.team, n.title));
  moment := record_moment(ended);
  perform shifts_supersede(ended, moment);
  insert into shift (rota, key, class, person, team, title, starts_at, ends_at, reading, known_from, last_read_at)
    -- A key that is in force now is of a shift that is over and stays: the one that comes back goes by another.
    select i.rota, case when o.id is null then w.key else left(w.key, 580) || '@undone' end, w.class,
           code_now('person', w.person, i.decided_at), w.team, w.title, w.starts_at, w.ends_at, w.reading, moment, w.last_read_at
    from shift w left join shift o on o.rota = i.rota and o.key = w.key and o.known_to = 'infinity'
    where w.id = any (wanted) and (o.id is null or o.ends_at <= clock_timestamp());

  update import set state = 'undone', decided_at = moment, decided_by = a_actor, reason = a_reason where id = a_import;
  update import set state = 'discarded', decided_at = moment, decided_by = a_actor, reason = 'The import it was compared with was undone.'
    where id = f.held_import and state = 'preview';
  update feed set
    state = case when f.upload = i.id and earlier.id is not null then case f.state when 'held' then 'good' else f.state end
                 when i.was->>'state' in ('good', 'failing') then i.was->>'state' when earlier.id is null then 'never' else 'good' end,
    fault = case when f.upload = i.id and earlier.id is not null then case f.state when 'failing' then f.fault end
                 when i.was->>'state' = 'failing' then i.was->>'fault' end, failures = 0, held_body = null, held_import = null,
    upload = (i.was->>'upload')::bigint, address_content = decode(i.was->>'address_content', 'hex'),
    -- A source that nobody could check before the import is not checked by taking it back.
    -- What the address did while the upload stood is its own.
    last_good_at = case when i.was is null or f.upload = i.id then last_good_at else (i.was->>'last_good_at')::timestamptz end,
    body = earlier.body, reading = earlier.id, read_with = null, horizon = earlier.horizon, last_change_at = moment,
    versions = decode(i.was->>'versions', 'hex'), content = decode(i.was->>'content', 'hex'), warnings = coalesce(i.was->'warnings', '[]'),
    format = coalesce((select format from import o where o.rota = i.rota and o.body = earlier.body and o.state = 'applied'
                       order by o.id desc limit 1), 'text/calendar'),
    seen_body = null, seen_with = null, etag = null, last_modified = null, claim = null, claimed_until = null,
    next_at = case when kind = 'ical_url' or earlier.id is not null then moment else 'infinity' end, updated_at = moment
    where rota = i.rota;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'import_undone', 'import/' || a_import, jsonb_build_object('rota', i.rota, 'reason', a_reason));
  delete from calendar_fullness where rota = i.rota;
  perform shifts_changed(array[i.rota]);
  notify import_changed;
end $$;

-- As in 0027; of whom it spoke when the override was made is known under the codes of then.
-- Those whom the calendar confirms at some time of a_at and of whom it did not speak when the override was made.
create or replace function override_strangers(o override, a_at tstzmultirange) returns table (person text, at tstzmultirange) language sql stable as $$
  select s.person, range_agg(tstzrange(s.starts_at, s.ends_at)) * a_at
  from shift s
  where s.rota = o.rota and s.known_to = 'infinity' and s.override is null and s.class = 'named'
    and s.person is distinct from o.person and s.person is distinct from o.instead
    and tstzrange(s.starts_at, s.ends_at) && a_at
    and not exists (select from shift b where b.id = any (o.saw) and b.class = 'named'
                      and code_now('person', b.person, o.made_at) = s.person
                      and b.starts_at < s.ends_at and b.ends_at > s.starts_at)
  group by s.person
  order by min(s.starts_at), s.person
  limit 4
$$;

revoke execute on function code_now from public;
