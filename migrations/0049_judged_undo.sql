-- SPDX-License-Identifier: MIT

-- Undoing an import is judged as confirming one is, by trying it and taking it back. And whatever is decided is what was seen: a decision carries
-- what would become of the overrides, and is refused when that is not what becomes of them.

set local search_path = crisiscover;

-- What an override has come to, as the one who decides has seen it.
create function override_turn(e override_event) returns text language sql immutable as $$
  select e.override || ' ' || e.standing || coalesce(' ' || e.dispute, '') || coalesce(' ' || array_to_string(e.third, ','), '')
$$;

-- Of overrides, where they stood and stand: those that stand otherwise.
create function overrides_turned(a_stood override_event[], a_stands override_event[]) returns table (stood override_event, stands override_event)
language sql stable as $$
  select w, e from unnest(a_stood) w join unnest(a_stands) e on e.override = w.override
  where (w.standing, w.dispute, w.third) is distinct from (e.standing, e.dispute, e.third) order by e.override
$$;

-- A preview put in force (a_undo: what is in force, undone), and taken back: the rota's shifts that end after a_after and start before a_before, and,
-- of each override that comes to stand otherwise, where it stood (was) and would stand (becomes; turn: override_turn()), in columns of its own.
-- `part`:
--   brings    the rota has no override that could be touched: a shift that comes beside those that are not superseded (id below zero)
--   rota      a shift of the rota as it would be
--   override  an override: id, person, from starts_at to ends_at, and what becomes of it
-- horizon and last_good_at: where the rota's source would stand, in every row; null of the part `brings`. An undo always has a row; it is
-- refused (P0001) as by import_undo().
create function import_outcome(a_import bigint, a_undo boolean, a_after timestamptz, a_before timestamptz)
returns table (rota text, id bigint, class text, person text, team text, title text, starts_at timestamptz, ends_at timestamptz, override bigint,
               instead text, made_at timestamptz, made_by text, note text, dispute text, third text[], late boolean, as_last_read boolean,
               part text, was text, becomes text, turn text, horizon timestamptz, last_good_at timestamptz)
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
  select * into i from import x where x.id = a_import and (a_undo or x.state = 'preview');
  if not found then
    return;
  end if;
  live := array(select x.id from overrides_live(array[i.rota]) x);
  if a_undo or cardinality(live) > 0 then
    perform import_lock(a_import);
    select * into i from import x where x.id = a_import;
    select * into f from feed x where x.rota = i.rota;
  end if;
  if not a_undo and (cardinality(live) = 0 or not import_fits(i)) then
    return query select i.rota, -row_number() over (order by n.starts_at, n.key), n.class, n.person, n.team, n.title, n.starts_at, n.ends_at,
                        null::bigint, null::text, null::timestamptz, null::text, null::text, null::text, null::text[], false,
                        i.learnt->'as_last_read' ? n.key is true, 'brings', null::text, null::text, null::text, null::timestamptz, null::timestamptz
                 from import_shift n where n.import = i.id order by n.starts_at, n.key;
    return;
  end if;
  begin
    stood := array(select e from overrides_stand(live) e);
    if a_undo then
      perform import_undo(a_import, i.by_account, null);
    else
      perform import_put_in_force(i, f, i.by_account, null);
    end if;
    stands := array(select e from overrides_stand(live) e);
    shown := array(select x from rota_shown(i.rota, a_after, a_before) x);
    select * into f from feed x where x.rota = i.rota;
    raise exception 'taken back' using errcode = 'P0003';
  exception when sqlstate 'P0003' then
    null;
  end;
  return query select s.*, false, 'rota', null::text, null::text, null::text, f.horizon, f.last_good_at from unnest(shown) s;
  return query select o.rota, o.id, null::text, o.person, null::text, null::text, o.starts_at, o.expires_at, o.id, o.instead, o.made_at, o.made_by,
                      o.note, case (t.stands).standing when 'followed' then 'times_changed' else (t.stands).dispute end, (t.stands).third, o.late, false,
                      'override', (t.stood).standing, (t.stands).standing, override_turn(t.stands), f.horizon, f.last_good_at
               from overrides_turned(stood, stands) t join override o on o.id = (t.stands).override order by o.id;
  if a_undo and cardinality(shown) = 0 then
    return query select i.rota, null::bigint, null::text, null::text, null::text, null::text, null::timestamptz, null::timestamptz, null::bigint,
                        null::text, null::timestamptz, null::text, null::text, null::text, null::text[], null::boolean, null::boolean,
                        null::text, null::text, null::text, null::text, f.horizon, f.last_good_at;
  end if;
end $$;

-- As in 0046, of what a confirmation comes to; the role of the version before asks here.
create or replace function import_would(a_import bigint, a_after timestamptz, a_before timestamptz)
returns table (rota text, id bigint, class text, person text, team text, title text, starts_at timestamptz, ends_at timestamptz, override bigint,
               instead text, made_at timestamptz, made_by text, note text, dispute text, third text[], late boolean, as_last_read boolean,
               part text, was text, becomes text)
language sql security definer set search_path = crisiscover, pg_temp as $$
  select o.rota, o.id, o.class, o.person, o.team, o.title, o.starts_at, o.ends_at, o.override, o.instead, o.made_at, o.made_by, o.note, o.dispute,
         o.third, o.late, o.as_last_read, o.part, o.was, o.becomes
  from import_outcome(a_import, false, a_after, a_before) o
$$;

-- Does what was judged, by the same transaction's comparison: confirms a preview that was read at a_read_us (a_undo: undoes the import), and refuses
-- (P0001) if the overrides come to another standing than a_turns, or as import_apply() and import_undo() do.
create function import_decide(a_import bigint, a_undo boolean, a_actor text, a_reason text, a_read_us bigint, a_turns text[]) returns void
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  i import;
  live bigint[];
  stood override_event[];
begin
  perform import_lock(a_import);
  select * into i from import where id = a_import;
  if i.state = 'preview' and import_read_us(i) is distinct from a_read_us then
    raise exception 'the rota has changed since this preview was made: look at it again' using errcode = 'P0001';
  end if;
  live := array(select x.id from overrides_live(array[i.rota]) x);
  stood := array(select e from overrides_stand(live) e);
  if a_undo then
    perform import_undo(a_import, a_actor, a_reason);
  else
    perform import_apply(a_import, a_actor, a_reason);
  end if;
  if a_turns is distinct from array(select override_turn(t.stands) from overrides_turned(stood, array(select e from overrides_stand(live) e)) t
                                    order by (t.stands).override) then
    raise exception 'what this does to the overrides of the rota has changed since it was looked at: look at it again' using errcode = 'P0001';
  end if;
end $$;

revoke all on function override_turn, overrides_turned, import_outcome, import_decide from public;
grant execute on function import_outcome, import_decide to crisiscover_api;
