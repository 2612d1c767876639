-- What a preview would make of its rota, overrides and all: by putting it in force and taking it back, so that what is shown to the person who
-- decides, and what the judge of its gaps looks at, is what the deed does.

set local search_path = crisiscover;

-- The overrides of these rotas that are looked at when a calendar changes.
create function overrides_live(a_rotas text[]) returns setof override language sql stable as $$
  select x.* from override x
  where x.rota = any (a_rotas) and x.withdrawn_at is null
    and (x.expires_at > clock_timestamp()
         or exists (select from shift h where h.override = x.id and h.known_to = 'infinity' and h.ends_at > clock_timestamp()))
  order by x.id
$$;

-- As in 0027.
create or replace function overrides_settle(a_rotas text[]) returns void language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
declare
  o override;
  s record;
  first override_event;
  last override_event;
  moment timestamptz;
begin
  for o in select x.* from overrides_live(a_rotas) x join feed f on f.rota = x.rota order by x.id loop
    select * into last from override_event e where e.override = o.id order by e.id desc limit 1;
    select * into first from override_event e where e.override = o.id and e.rests is not null order by e.id limit 1;
    select * into s from override_look(o, first, last.rests, last.pieces);
    select coalesce(max(greatest(x.known_from, case when isfinite(x.known_to) then x.known_to end)), clock_timestamp()) into moment
      from shift x where x.rota = o.rota and x.known_to >= now() and (x.known_from >= now() or isfinite(x.known_to));
    if (last.standing, last.dispute, last.third, last.rests, last.pieces)
       is distinct from (s.standing, s.dispute, s.third, s.rests, s.pieces) then
      insert into override_event (override, at, standing, dispute, third, reading, rests, pieces)
        select o.id, greatest(moment, last.at), s.standing, s.dispute, s.third, f.reading, s.rests, s.pieces from feed f where f.rota = o.rota;
    end if;
    perform override_write(o, s.on_at, s.disputed, moment);
  end loop;
end $$;

-- Where each of these overrides stands.
create function overrides_stand(a_overrides bigint[]) returns setof override_event language sql stable as $$
  select e.* from unnest(a_overrides) o (id)
  cross join lateral (select x.* from override_event x where x.override = o.id order by x.id desc limit 1) e
$$;

-- Whether a preview can be put in force as it is. The caller holds its rota's feed.
create function import_fits(i import) returns boolean language sql stable as $$
  select i.state = 'preview' and exists (select from feed f where f.rota = i.rota and f.reading is not distinct from i.base)
     and not exists (select from shift s where s.id = any (i.superseded) and s.known_to <> 'infinity')
$$;

-- A preview put in force and taken back: the rota's shifts that end after a_after and start before a_before, and, of each override that comes to
-- stand otherwise, where it stood (was) and would stand (becomes), in columns of its own. `part`:
--   brings    the rota has no override that could be touched: a shift that comes beside those that are not superseded (id below zero)
--   rota      a shift of the rota as it would be
--   override  an override: id, person, from starts_at to ends_at, and what becomes of it
create function import_would(a_import bigint, a_after timestamptz, a_before timestamptz)
returns table (rota text, id bigint, class text, person text, team text, title text, starts_at timestamptz, ends_at timestamptz, override bigint,
               instead text, made_at timestamptz, made_by text, note text, dispute text, third text[], late boolean, as_last_read boolean,
               part text, was text, becomes text)
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
#variable_conflict use_column
declare
  i import;
  f feed;
  live bigint[];
  stood override_event[];
  stands override_event[];
  shown shift_shown[];
begin
  select * into i from import x where x.id = a_import and x.state = 'preview';
  if not found then
    return;
  end if;
  live := array(select x.id from overrides_live(array[i.rota]) x);
  if cardinality(live) > 0 then
    perform import_lock(a_import);
    select * into i from import x where x.id = a_import;
    select * into f from feed x where x.rota = i.rota;
  end if;
  if cardinality(live) = 0 or not import_fits(i) then
    return query select i.rota, -row_number() over (order by n.starts_at, n.key), n.class, n.person, n.team, n.title, n.starts_at, n.ends_at,
                        null::bigint, null::text, null::timestamptz, null::text, null::text, null::text, null::text[], false,
                        i.learnt->'as_last_read' ? n.key is true, 'brings', null::text, null::text
                 from import_shift n where n.import = i.id order by n.starts_at, n.key;
    return;
  end if;
  begin
    stood := array(select e from overrides_stand(live) e);
    perform import_put_in_force(i, f, i.by_account, null);
    stands := array(select e from overrides_stand(live) e);
    shown := array(select x from rota_shown(i.rota, a_after, a_before) x);
    raise exception 'taken back' using errcode = 'P0003';
  exception when sqlstate 'P0003' then
    null;
  end;
  return query select s.*, false, 'rota', null::text, null::text from unnest(shown) s;
  return query select o.rota, o.id, null::text, o.person, null::text, null::text, o.starts_at, o.expires_at, o.id, o.instead, o.made_at, o.made_by,
                      o.note, case e.standing when 'followed' then 'times_changed' else e.dispute end, e.third, o.late, false, 'override',
                      w.standing, e.standing
               from unnest(stood) w join unnest(stands) e on e.override = w.override join override o on o.id = w.override
               where (w.standing, w.dispute, w.third) is distinct from (e.standing, e.dispute, e.third) order by o.id;
end $$;

revoke all on function overrides_live, overrides_stand, import_fits, import_would from public;
grant execute on function import_would to crisiscover_api;
