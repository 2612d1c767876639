-- SPDX-License-Identifier: MIT

-- What an override said that is over can be corrected for 31 days, also that nobody was on: such an override cannot be withdrawn any more, and had the
-- place of everybody, so that whom it was who came could not be said at all. A late correction that puts somebody on is laid over it. And one that is
-- itself a late correction can be withdrawn at any time: who is refused because of it is told so.

set local search_path = crisiscover;

-- As in 0027, but for that.
create or replace function override_add(a_rota text, a_person text, a_instead text, a_start timestamptz, a_end timestamptz, a_expires timestamptz,
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
      and not (x.nobody and not x.late and a_late and a_person is not null and x.expires_at <= clock_timestamp())
    order by x.id limit 1;
  if found then
    raise exception '% came first and has that place at some of that time: %', override_words(first),
      case when first.expires_at > clock_timestamp() or first.late then 'withdraw it before you make another'
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
