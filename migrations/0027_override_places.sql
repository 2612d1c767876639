-- An override says no more than was meant. It is on where the shifts of the replaced person are and nowhere else, so it has as many rows of
-- `shift` as there are pieces of such shifts in its time, each of one class:
--
--   named      the stand-in is on
--   nobody     this rota has nobody (an override of kind nobody)
--   undecided  the calendar has taken the shift away, or names a third person: the override is in dispute, and a person must decide
--
-- What an override rests on is kept with each of its events: the replaced person's shifts (`rests`) and, of each, the piece that the stand-in has
-- (`pieces`). So a shift that is gone later is a dispute and not "nothing to replace", and a piece that began or ended with its shift follows it
-- when it moves. Where an override stands now:
--
--   waiting      the calendar does not say it yet, and has the replaced person on where it had: the stand-in is on
--   followed     the same, but shifts of the replaced person have moved and the stand-in has moved with them: people are told
--   reconciled   the calendar names the stand-in wherever a shift was replaced, and the replaced person nowhere: there are no rows
--   conflicting  some of the shifts are gone (shift_gone), or a third person has come in their place (another_person): undecided there. Of an
--                override that replaces nobody: somebody else has come on beside the one who was put on, who stays on
--
-- An override that was made before this migration is converted: it rests on the shifts of the replaced person that were in force when it was
-- made, and what was shown until now stays in the record. Where there were none (it was made beyond the rota's horizon) it goes on to mean that
-- the stand-in is on for all of its time (`whole`).

set local search_path = crisiscover;

alter table override alter column person drop not null,
  add column nobody boolean not null default false,   -- this rota has nobody, whatever its calendar says
  add column late boolean not null default false,     -- a correction of what was over, or had begun more than a day before, when it was made
  add column whole boolean not null default false,    -- replaces somebody without resting on shifts; only made before shifts were kept
  add check ((person is null) = nobody),
  add check (not nobody or (instead is null and note is not null));

alter table override_event
  add column rests tstzrange[],    -- whole shifts of the replaced person; null: before this was kept, or nobody is replaced
  add column pieces tstzrange[],   -- of each, what the override has
  drop constraint override_event_standing_check,
  drop constraint override_event_dispute_check,
  add constraint override_event_standing_check check (standing in ('waiting', 'followed', 'reconciled', 'conflicting')),
  add constraint override_event_dispute_check check (dispute in ('another_person', 'times_changed', 'shift_gone')),
  add check ((rests is null) = (pieces is null) and cardinality(rests) = cardinality(pieces));

-- Where the stand-in goes when the shift that a_piece was of, a_shift, has become a_now: an edge that was the shift's own moves with it, if the
-- shift moved rather than became another (by its length, and by how much of it stays where it was); an edge that was asked for stays.
create function override_piece_follows(o override, a_shift tstzrange, a_piece tstzrange, a_now tstzrange) returns tstzrange
language plpgsql immutable as $$
declare
  was constant interval := upper(a_shift) - lower(a_shift);
  now_is constant interval := upper(a_now) - lower(a_now);
  common constant tstzrange := a_shift * a_now;
  moved constant boolean := not isempty(common) and now_is <= was * 1.5 and (upper(common) - lower(common)) * 2 >= least(was, now_is);
begin
  return tstzrange(case when moved and lower(a_piece) = lower(a_shift) then lower(a_now) else greatest(lower(a_now), o.starts_at) end,
                   case when moved and upper(a_piece) = upper(a_shift) then upper(a_now) else least(upper(a_now), o.expires_at) end);
exception when data_exception then   -- nothing of it is left
  return 'empty';
end $$;

-- The shifts of the replaced person that could matter to an override: the calendar's, and those that an earlier override gives.
create function override_shifts_of(o override) returns tstzrange[] language sql stable as $$
  select coalesce(array_agg(distinct tstzrange(s.starts_at, s.ends_at)), '{}')
  from shift s
  where s.rota = o.rota and s.known_to = 'infinity' and s.person = o.instead
    and s.ends_at > o.starts_at - interval '4 days' and s.starts_at < o.expires_at + interval '4 days'
    and (s.override is null and s.class in ('named', 'tentative', 'undecided', 'unreadable') or s.override < o.id and s.class = 'named')
$$;

-- Those whom the calendar confirms at some time of a_at and of whom it did not speak when the override was made.
create function override_strangers(o override, a_at tstzmultirange) returns table (person text, at tstzmultirange) language sql stable as $$
  select s.person, range_agg(tstzrange(s.starts_at, s.ends_at)) * a_at
  from shift s
  where s.rota = o.rota and s.known_to = 'infinity' and s.override is null and s.class = 'named'
    and s.person is distinct from o.person and s.person is distinct from o.instead
    and tstzrange(s.starts_at, s.ends_at) && a_at
    and not exists (select from shift b where b.id = any (o.saw) and b.class = 'named' and b.person = s.person
                      and b.starts_at < s.ends_at and b.ends_at > s.starts_at)
  group by s.person
  order by min(s.starts_at), s.person
  limit 4
$$;

drop function override_look;

-- Where an override is on, and where it is in dispute, by what is in force now. a_rests, a_pieces: what it rested on until now; a_first: the
-- event that says what it was made for; null: it is being made. Shifts are compared by person and time, never by key: many programs give new keys with each export.
create function override_look(o override, a_first override_event, a_rests tstzrange[], a_pieces tstzrange[], out on_at tstzmultirange,
                              out disputed tstzmultirange, out rests tstzrange[], out pieces tstzrange[], out standing text, out dispute text, out third text[])
language plpgsql stable as $$
declare
  span constant tstzrange := tstzrange(o.starts_at, o.expires_at);
  own tstzmultirange;                 -- when the calendar itself has the stand-in on
  shifts tstzrange[];
  given tstzmultirange;               -- what it was made for, where nobody is on by it any more
  found_one boolean;
  piece tstzrange;
  shift_now tstzrange;
  i integer;
begin
  on_at := '{}';
  disputed := '{}';
  standing := 'waiting';
  select coalesce(range_agg(tstzrange(s.starts_at, s.ends_at)), '{}') into own
    from shift s
    where s.rota = o.rota and s.known_to = 'infinity' and s.override is null and s.class = 'named' and s.person = o.person
      and s.ends_at > o.starts_at - interval '4 days' and s.starts_at < o.expires_at + interval '4 days';
  shifts := override_shifts_of(o);

  if o.nobody then
    select coalesce(range_agg(x.r), '{}') into disputed from override_strangers(o, tstzmultirange(span)) s, unnest(s.at) x (r);
    on_at := tstzmultirange(span) - disputed;
    select array_agg(s.person) into third from override_strangers(o, disputed) s;
  elsif o.instead is null or o.whole then
    on_at := tstzmultirange(span);
    if own @> span and not exists (select from unnest(shifts) s (r) where s.r && span) then
      on_at := '{}';
      standing := 'reconciled';
      return;
    end if;
    select array_agg(s.person) into third from override_strangers(o, on_at) s;
    if third is not null then
      standing := 'conflicting';
      dispute := 'another_person';
    end if;
    return;
  else
    rests := '{}';
    pieces := '{}';
    for i in 1 .. coalesce(cardinality(a_rests), 0) loop
      if a_rests[i] = any (shifts) then
        rests := rests || a_rests[i];
        pieces := pieces || a_pieces[i];
        continue;
      end if;
      found_one := false;
      foreach shift_now in array shifts loop
        continue when not shift_now && a_pieces[i];
        found_one := true;
        piece := override_piece_follows(o, a_rests[i], a_pieces[i], shift_now);
        continue when isempty(piece) or shift_now = any (rests) or shift_now = any (a_rests);
        rests := rests || shift_now;
        pieces := pieces || piece;
      end loop;
      if not found_one then
        rests := rests || a_rests[i];
        pieces := pieces || a_pieces[i];
        disputed := disputed + tstzmultirange(a_pieces[i]);
      end if;
    end loop;
    foreach shift_now in array shifts loop
      continue when not shift_now && span or shift_now = any (rests);
      rests := rests || shift_now;
      pieces := pieces || shift_now * span;
    end loop;
    for i in 1 .. cardinality(rests) loop
      if rests[i] = any (shifts) then
        on_at := on_at + tstzmultirange(pieces[i]);
      end if;
    end loop;
    disputed := disputed - own - on_at;
    given := (select coalesce(range_agg(r), '{}') from unnest(a_first.pieces) r) - on_at - own;
    select disputed + coalesce(range_agg(x.r), '{}') into disputed from override_strangers(o, given) s, unnest(s.at) x (r);
    select array_agg(s.person) into third from override_strangers(o, disputed) s;
    if isempty(on_at) and isempty(disputed) and cardinality(rests) > 0 then
      standing := 'reconciled';
      return;
    end if;
  end if;
  if not isempty(disputed) then
    standing := 'conflicting';
    dispute := case when third is null then 'shift_gone' else 'another_person' end;
  elsif exists (select from unnest(rests) r where r = any (shifts) and not r = any (a_first.rests)) then
    standing := 'followed';
  end if;
end $$;

-- Makes the rows of an override what it says. Of what is written nothing was known before a_moment. True: something was written.
drop function override_write, override_row;
create function override_write(o override, a_on tstzmultirange, a_disputed tstzmultirange, a_moment timestamptz) returns boolean
language plpgsql as $$
declare
  ended bigint[];
  moment timestamptz;
  written bigint;
begin
  select array_agg(s.id), greatest(a_moment, max(s.known_from)) into ended, moment
    from shift s
    where s.override = o.id and s.known_to = 'infinity'
      and not exists (select from unnest(case s.class when 'undecided' then a_disputed else a_on end) w (r)
                      where w.r = tstzrange(s.starts_at, s.ends_at));
  if ended is not null then
    perform shifts_supersede(ended, moment);
  end if;
  insert into shift (rota, key, class, person, starts_at, ends_at, override, known_from)
    select o.rota, 'override:' || o.id || ':' || extract(epoch from lower(w.r))::bigint, w.class, o.person, lower(w.r), upper(w.r), o.id, moment
    from (select case when o.nobody then 'nobody' else 'named' end, r from unnest(a_on) r
          union all select 'undecided', r from unnest(a_disputed) r) w (class, r)
    where not exists (select from shift s where s.override = o.id and s.known_to = 'infinity' and (s.class = 'undecided') = (w.class = 'undecided')
                        and tstzrange(s.starts_at, s.ends_at) = w.r)
    order by lower(w.r);
  get diagnostics written = row_count;
  return written > 0 or ended is not null;
end $$;

-- The shifts of these rotas have changed: where do their overrides stand now? One after another in the order of their making, since a later one
-- may replace a stand-in. The caller holds the feeds' rows. Changes become known at the instant of the change that brings them about: a moment
-- in which neither the old calendar nor the override counted never was.
create or replace function overrides_settle(a_rotas text[]) returns void language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
declare
  o override;
  s record;
  first override_event;
  last override_event;
  moment timestamptz;
begin
  for o in select x.* from override x join feed f on f.rota = x.rota
           where x.rota = any (a_rotas) and x.withdrawn_at is null
             and (x.expires_at > clock_timestamp()
                  or exists (select from shift h where h.override = x.id and h.known_to = 'infinity' and h.ends_at > clock_timestamp()))
           order by x.id loop
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

-- -------------------------------------------------------------------------------------------------------------- by people

-- "override 12 (s-ahmed instead of jo-jones, made by fenmere-rotas on 21 Nov 2026 at 21:05)"
create function override_words(x override) returns text language sql stable as $$
  select format('override %s (%s%s, made by %s on %s)', x.id, coalesce(x.person, 'nobody'), coalesce(' instead of ' || x.instead, ''), x.made_by,
                to_char(x.made_at at time zone 'Europe/London', 'FMDD Mon YYYY "at" HH24:MI'))
$$;

-- The api has asked who may and whether the person is fit for it. a_person null: nobody. One place at one instant has one override: that is
-- decided here, behind the lock of the rota's feed. The calendar is not asked whether it says the same already: what is said here counts even when
-- the calendar cannot be believed. P0001, with a sentence, when it cannot be.
create function override_add(a_rota text, a_person text, a_instead text, a_start timestamptz, a_end timestamptz, a_expires timestamptz,
                             a_note text, a_late boolean, a_actor text) returns bigint
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  f feed;
  o override;
  place record;
  first override;
  ends constant timestamptz := least(a_end, a_expires);
begin
  select * into f from feed where rota = a_rota for update;
  if not found then
    raise exception 'the rota % is no longer in the region', a_rota using errcode = 'P0001';
  end if;
  select x.* into first from override x
    where x.rota = a_rota and x.withdrawn_at is null and x.starts_at < ends and x.expires_at > a_start
      and (x.instead = a_instead or x.nobody or a_person is null)
    order by x.id limit 1;
  if found then
    raise exception '% came first and has that place at some of that time: %', override_words(first),
      case when first.expires_at > clock_timestamp() then 'withdraw it before you make another'
           when first.person is not null then format('it is over; put somebody on instead of %s to correct it', first.person)
           else 'it is over' end using errcode = 'P0001';
  end if;
  select x.* into first from override x
    where x.rota = a_rota and x.person = a_person and x.withdrawn_at is null and x.starts_at < ends and x.expires_at > a_start
      and exists (select from shift h where h.override = x.id and h.known_to = 'infinity' and h.starts_at < ends and h.ends_at > a_start)
    order by x.id limit 1;
  if found then
    raise exception '% came first and already puts this person on this rota at some of that time: withdraw it before you make another',
      override_words(first) using errcode = 'P0001';
  end if;
  insert into override (rota, person, instead, starts_at, ends_at, expires_at, note, nobody, late, made_by, saw)
    select a_rota, a_person, a_instead, a_start, a_end, ends, a_note, a_person is null, a_late, a_actor,
           coalesce(array_agg(s.id order by s.id), '{}')
    from shift s
    where s.rota = a_rota and s.known_to = 'infinity' and s.override is null and s.ends_at > a_start and s.starts_at < a_end
      -- Whom an earlier override has taken off is not on; if that one goes, he comes as a third person.
      and not exists (select from override x join shift h on h.override = x.id and h.known_to = 'infinity'
                      where x.rota = a_rota and x.withdrawn_at is null and x.instead = s.person and h.starts_at < s.ends_at and h.ends_at > s.starts_at)
    returning * into o;
  select * into place from override_look(o, null, null, null);
  if a_instead is not null and cardinality(place.rests) = 0 then
    raise exception '% has no shift on this rota at any of that time: leave it out to put somebody on as well', a_instead using errcode = 'P0001';
  end if;
  insert into override_event (override, at, standing, reading, rests, pieces) values (o.id, o.made_at, 'waiting', f.reading, place.rests, place.pieces);
  perform override_write(o, case when o.nobody or o.instead is not null then place.on_at + place.disputed
                                 else tstzmultirange(tstzrange(o.starts_at, o.expires_at)) end, '{}', o.made_at);
  insert into audit (actor, action, object, detail)
    values (a_actor, 'override_made', 'override/' || o.id,
            jsonb_build_object('rota', a_rota, 'person', a_person, 'instead', a_instead, 'starts_at', a_start, 'ends_at', a_end,
                               'expires_at', o.expires_at, 'late', a_late));
  perform shifts_mark(array[a_rota]);
  return o.id;
end $$;

-- Those that rest on an override: they replace the one it puts on.
create function override_resting(o override) returns setof override language sql stable as $$
  select x.* from override x
  where x.rota = o.rota and x.id > o.id and x.withdrawn_at is null and x.instead = o.person
    and x.starts_at < o.expires_at and x.expires_at > o.starts_at and x.expires_at > clock_timestamp()
  order by x.id
$$;

-- Takes an override back, from now on: what it covered, it covered. A correction of what was over goes as a whole. One on which others rest goes
-- only when that is said (a_confirm), and they are looked at again: they will be in dispute. P0001 when it cannot be.
create function override_withdraw(a_id bigint, a_confirm boolean, a_actor text) returns void
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  o override;
  held bigint[];
  past tstzmultirange;
  stays tstzmultirange := '{}';
  doubted tstzmultirange := '{}';
  moment timestamptz;
  resting text;
begin
  perform from feed where rota = (select rota from override where id = a_id) for update;
  select * into o from override where id = a_id for update;
  if not found then
    raise exception 'there is no override %', a_id using errcode = 'P0001';
  elsif o.withdrawn_at is not null then
    raise exception 'this override was withdrawn before' using errcode = 'P0001';
  elsif o.expires_at <= clock_timestamp() and not o.late then
    raise exception 'this override is over: there is nothing left to take back' using errcode = 'P0001';
  end if;
  select string_agg(override_words(x), ', ') into resting from override_resting(o) x;
  if resting is not null and not a_confirm then
    raise exception '% rests on this one, and would be in dispute without it: withdraw that first, or confirm', resting using errcode = 'P0001';
  end if;
  select array_agg(id) into held from shift where override = a_id and known_to = 'infinity';
  moment := record_moment(coalesce(held, '{}'));
  update override set withdrawn_at = moment, withdrawn_by = a_actor where id = a_id;
  if not o.late then
    past := tstzmultirange(tstzrange('-infinity', date_trunc('second', moment)));
    select coalesce(range_agg(tstzrange(s.starts_at, s.ends_at)) filter (where s.class <> 'undecided'), '{}') * past,
           coalesce(range_agg(tstzrange(s.starts_at, s.ends_at)) filter (where s.class = 'undecided'), '{}') * past
      into stays, doubted
      from shift s where s.id = any (held);
  end if;
  perform override_write(o, stays, doubted, moment);
  insert into audit (actor, action, object, detail)
    values (a_actor, 'override_withdrawn', 'override/' || a_id, jsonb_build_object('rota', o.rota));
  perform overrides_settle(array[o.rota]);
  perform shifts_mark(array[o.rota]);
end $$;

-- As the version before calls them.
create or replace function override_add(a_rota text, a_person text, a_instead text, a_start timestamptz, a_end timestamptz,
                                        a_expires timestamptz, a_note text, a_actor text) returns bigint
language sql security definer set search_path = crisiscover, pg_temp as $$
  select override_add(a_rota, a_person, a_instead, a_start, a_end, a_expires, a_note, false, a_actor)
$$;
create or replace function override_withdraw(a_id bigint, a_actor text) returns void
language sql security definer set search_path = crisiscover, pg_temp as $$
  select override_withdraw(a_id, false, a_actor)
$$;

-- --------------------------------------------------------------------------------------------------------------- previews

-- What a rota would say if it were done, by doing it and taking it back: the columns of a shift as the api reads them.
create type shift_shown as (rota text, id bigint, class text, person text, team text, title text, starts_at timestamptz, ends_at timestamptz,
  override bigint, instead text, made_at timestamptz, made_by text, note text, dispute text, third text[], late boolean);

create function rota_shown(a_rota text, a_after timestamptz, a_before timestamptz) returns setof shift_shown language sql stable as $$
  select s.rota, s.id, s.class, s.person, s.team, s.title, s.starts_at, s.ends_at, s.override, o.instead, o.made_at, o.made_by, o.note,
         case when s.class = 'undecided' or (e.rests is null and s.class = 'named') then e.dispute when e.standing = 'followed' then 'times_changed' end,
         case when s.class = 'undecided' or (e.rests is null and s.class = 'named') then e.third end, o.late
  from shift s left join override o on o.id = s.override
  left join lateral (select x.* from override_event x where x.override = o.id order by x.id desc limit 1) e on true
  where s.rota = a_rota and s.known_to = 'infinity' and s.ends_at > a_after and s.starts_at < a_before
$$;

create function override_add_try(a_rota text, a_person text, a_instead text, a_start timestamptz, a_end timestamptz, a_expires timestamptz,
                                 a_note text, a_late boolean, a_actor text, a_after timestamptz, a_before timestamptz) returns setof shift_shown
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare shown shift_shown[];
begin
  begin
    perform override_add(a_rota, a_person, a_instead, a_start, a_end, a_expires, a_note, a_late, a_actor);
    select array_agg(x) into shown from rota_shown(a_rota, a_after, a_before) x;
    raise exception 'taken back' using errcode = 'P0003';
  exception when sqlstate 'P0003' then
    null;
  end;
  return query select * from unnest(shown);
end $$;

create function override_withdraw_try(a_id bigint, a_actor text, a_after timestamptz, a_before timestamptz) returns setof shift_shown
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare shown shift_shown[];
begin
  begin
    perform override_withdraw(a_id, true, a_actor);
    select array_agg(x) into shown from override o, rota_shown(o.rota, a_after, a_before) x where o.id = a_id;
    raise exception 'taken back' using errcode = 'P0003';
  exception when sqlstate 'P0003' then
    null;
  end;
  return query select * from unnest(shown);
end $$;

-- -------------------------------------------------------------------------------------------------- those that were made before

alter table override disable trigger keep;
update override o set whole = true
  where o.instead is not null
    and not exists (select from shift s where s.id = any (o.saw) and s.person = o.instead
                      and s.class in ('named', 'tentative', 'undecided', 'unreadable'));
alter table override enable trigger keep;

insert into override_event (override, at, standing, dispute, third, reading, rests, pieces)
  select o.id, clock_timestamp(), e.standing, e.dispute, e.third, e.reading, b.rests, b.pieces
  from override o
  cross join lateral (select x.* from override_event x where x.override = o.id order by x.id desc limit 1) e
  cross join lateral (select array_agg(r order by r) as rests, array_agg(r * tstzrange(o.starts_at, o.expires_at) order by r) as pieces
                      from (select distinct tstzrange(s.starts_at, s.ends_at) from shift s
                            where s.id = any (o.saw) and s.person = o.instead
                              and s.class in ('named', 'tentative', 'undecided', 'unreadable')) x (r)
                      where r && tstzrange(o.starts_at, o.expires_at)) b
  where o.withdrawn_at is null and o.expires_at > clock_timestamp() and o.instead is not null and not o.whole
  order by o.id;

do $$
declare rotas text[];
begin
  select array_agg(distinct rota) into rotas from override where withdrawn_at is null and expires_at > clock_timestamp();
  if rotas is not null then
    perform overrides_settle(rotas);
    perform shifts_mark(rotas);
  end if;
end $$;

-- --------------------------------------------------------------------------------------------------------------------- rights

revoke all on function override_piece_follows, override_shifts_of, override_strangers, override_look, override_write, override_words,
  override_add(text, text, text, timestamptz, timestamptz, timestamptz, text, boolean, text), override_resting,
  override_withdraw(bigint, boolean, text), rota_shown, override_add_try, override_withdraw_try from public;
grant execute on function override_add(text, text, text, timestamptz, timestamptz, timestamptz, text, boolean, text),
  override_withdraw(bigint, boolean, text), override_add_try, override_withdraw_try to crisiscover_api;
