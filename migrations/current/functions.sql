-- SPDX-License-Identifier: MIT

-- Written by tests/schema from the migrations; not run by anything. Change a migration, then run it again.

create function absence_add(a_person text, a_start timestamp with time zone, a_end timestamp with time zone, a_actor text)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare a absence;
begin
  insert into absence (person, starts_at, ends_at, made_by) values (a_person, a_start, a_end, a_actor) returning * into a;
  perform absence_write(a, a.ends_at, a.made_at);
  insert into audit (actor, action, object, detail)
    values (a_actor, 'absence_made', 'absence/' || a.id,
            jsonb_build_object('person', a_person, 'starts_at', a_start, 'ends_at', a_end));
  perform shifts_mark(array['absence:typed']);
  return a.id;
end $function$;
-- may be called by: crisiscover_api

-- From now on, as for an override.
create function absence_withdraw(a_id bigint, a_actor text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  a absence;
  held bigint;
  moment timestamptz;
begin
  select * into a from absence where id = a_id for update;
  if not found then
    raise exception 'there is no absence %', a_id using errcode = 'P0001';
  elsif a.withdrawn_at is not null then
    raise exception 'this absence was withdrawn before' using errcode = 'P0001';
  elsif a.ends_at <= clock_timestamp() then
    raise exception 'this absence is over: there is nothing left to take back' using errcode = 'P0001';
  end if;
  select id into strict held from shift where rota = 'absence:typed' and key = 'absence:' || a_id and known_to = 'infinity';
  moment := record_moment(array[held]);
  update absence set withdrawn_at = moment, withdrawn_by = a_actor where id = a_id;
  perform shifts_supersede(array[held], moment);
  if a.starts_at < date_trunc('second', moment) then
    perform absence_write(a, date_trunc('second', moment), moment);
  end if;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'absence_withdrawn', 'absence/' || a_id, jsonb_build_object('person', a.person));
  perform shifts_mark(array['absence:typed']);
end $function$;
-- may be called by: crisiscover_api

create function absence_write(a absence, a_ends timestamp with time zone, a_moment timestamp with time zone)
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into shift (rota, key, class, person, starts_at, ends_at, known_from)
    values ('absence:typed', 'absence:' || a.id, 'absence', a.person, a.starts_at, a_ends, a_moment)
$function$;
-- may be called by: its owner

-- When an account is retired or comes back, all its earlier tokens are revoked.
create function account_ended()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform tokens_revoke_all(new.name, coalesce((select applied_by from region order by version desc limit 1), 'owner'));
  return null;
end $function$;
-- may be called by: its owner

-- Whichever way an account ends or begins again, nobody is linked to it any more.
create function account_ended_identities()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform identities_end(array(select id from identity where account = new.name and state = 'linked'),
                         coalesce((select applied_by from region order by version desc limit 1), 'owner'));
  return null;
end $function$;
-- may be called by: its owner

-- However an account ends or begins again: none of its earlier sessions is valid, nor its password.
create function account_ended_sessions()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform account_sign_out(new.name, null, coalesce((select applied_by from region order by version desc limit 1), 'owner'));
  delete from credential where account = new.name;
  update invitation set void_at = clock_timestamp() where account = new.name and used_at is null and void_at is null;
  return null;
end $function$;
-- may be called by: its owner

-- Ends all of an account but one (null: all). Answers how many.
create function account_sign_out(a_account text, a_but text, a_actor text)
 RETURNS bigint
 LANGUAGE sql
AS $function$
  select sessions_end(array(select id from session where account = a_account and ended_at is null and id is distinct from a_but), a_actor)
$function$;
-- may be called by: its owner

create function addresses_are_masks(a_document jsonb)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select coalesce(bool_and(crisiscover.source_is_masked(r->'source')), true) from jsonb_array_elements(a_document->'rotas') r
$function$;
-- may be called by: its owner

-- Refuses rotas with the mask of an address, or the name of a secret, that is not kept and is not among a_coming.
create function addresses_check(a_rotas jsonb, a_coming text[] DEFAULT '{}'::text[])
 RETURNS void
 LANGUAGE plpgsql
 STABLE
AS $function$
begin
  if exists (select from jsonb_array_elements(coalesce(a_rotas, '[]')) r
             where r->'source' ? 'url' and not exists (select from feed_address a where a.mask = r->'source'->>'url')
               and r->'source'->>'url' not in (select m from unnest(a_coming) m)) then
    raise exception 'the address of a rota stands for none that is known here: give the address itself' using errcode = 'P0001';
  end if;
  if exists (select from jsonb_array_elements(coalesce(a_rotas, '[]')) r
             where r->'source'->'secret' ? 'sealed'
               and not exists (select from feed_address a where a.mask = r->'source'->'secret'->>'sealed')
               and r->'source'->'secret'->>'sealed' not in (select m from unnest(a_coming) m)) then
    raise exception 'the secret of a rota stands for none that is known here: give the secret itself' using errcode = 'P0001';
  end if;
end $function$;
-- may be called by: its owner

-- Keeps addresses that a change brings (a_masks, a_boxes side by side). One that is kept stays, unless it was sealed with another key: then somebody
-- has given it again, and its feeds are asked at once.
create function addresses_keep(a_masks text[], a_boxes bytea[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare again text[];
begin
  if cardinality(a_masks) = 0 then   -- hardly any change brings one: no table is read for it
    return;
  end if;
  with brought as (select distinct on (u.mask) u.mask, u.box from unnest(a_masks, a_boxes) u (mask, box)),
  kept as (
    insert into feed_address as a (mask, box)
      select b.mask, b.box from brought b
      where not exists (select from feed_address x where x.mask = b.mask and substr(x.box, 1, 8) = substr(b.box, 1, 8))
      on conflict (mask) do update set box = excluded.box, kept_at = clock_timestamp()
      returning a.mask)
  select array_agg(f.rota order by f.rota) into again
    from feed f where f.address in (select mask from kept) or f.way->'secret'->>'sealed' in (select mask from kept);
  if again is not null then
    update feed set refresh_asked_at = clock_timestamp() where rota = any (again);
    notify refresh_asked;
  end if;
end $function$;
-- may be called by: its owner

-- Begins a write with a key. first: it is the first, and is to be done. Else answer and request are those of the first. Another call with the same key
-- waits here until that one's transaction has ended. It writes nothing.
create function answer_begin(a_account text, a_key bytea, OUT first boolean, OUT request bytea, OUT answer bytea)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
begin
  perform pg_advisory_xact_lock(hashtextextended('answer ' || encode(a_key, 'hex'), 0));
  select f.request, f.answer into request, answer from answer_find(a_account, a_key) f;
  first := not found;
end $function$;
-- may be called by: crisiscover_api

create function answer_find(a_account text, a_key bytea)
 RETURNS TABLE(request bytea, answer bytea)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
  select k.request, k.answer from answer_kept k where k.account = a_account and k.key = a_key and k.made_at >= now() - interval '7 days'
$function$;
-- may be called by: crisiscover_api

-- Keeps the answer of a transaction that answer_begin began, if it has written something.
create function answer_keep(a_account text, a_key bytea, a_request bytea, a_answer bytea)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
begin
  if pg_current_xact_id_if_assigned() is null then
    return;
  end if;
  delete from answer_kept where ctid = any (array(
    select k.ctid from answer_kept k where k.made_at < now() - interval '7 days' order by k.made_at limit 100 for update skip locked));
  delete from answer_kept k where k.account = a_account and k.key = a_key and k.made_at < now() - interval '7 days';
  insert into answer_kept (account, key, request, answer) values (a_account, a_key, a_request, a_answer);
end $function$;
-- may be called by: crisiscover_api

-- The one way to add to it. (An insert into audit is chained as well.)
create function audit_add(a_actor text, a_action text, a_object text, a_detail jsonb)
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into audit (actor, action, object, detail) values (a_actor, a_action, a_object, a_detail)
$function$;
-- may be called by: crisiscover_feeds

-- Puts a row into the chain when its transaction commits, whenever in it the row was written: the head is locked after every other lock, and only
-- during the commit. The order is: the map's head, feeds, imports, dirty, the counter of flags, this.
--
-- The chain is of digests, and a digest is of a salt and the row's text. So the text of a row can be erased later and the chain still holds; and without
-- the salt, nobody can find out by trying what the text was.
create function audit_chain()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
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
end $function$;
-- may be called by: its owner

-- A row is never changed, except that its place in the chain is filled in once. This holds for the owner too, unless the trigger is dropped;
-- a change is then found by verifying the chain.
create function audit_keep()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'UPDATE' and old.seq is null and new.seq is not null
     and to_jsonb(new) - array['seq', 'prev_hash', 'hash', 'salt', 'digest'] = to_jsonb(old) - array['seq', 'prev_hash', 'hash', 'salt', 'digest'] then
    return new;
  end if;
  raise exception '% on audit: the record is only ever added to', lower(tg_op) using errcode = 'P0002';
end $function$;
-- may be called by: its owner

-- Answers that held somebody's name or number: who asked, what about, how often within a minute. Never the names. The arrays run in
-- parallel, ascending by number; an instant that was not asked for is -infinity. Answers how many were new.
create function audit_reads(a_writer text, a_numbers bigint[], a_at timestamp with time zone[], a_accounts text[], a_routes text[], a_objects text[], a_functions text[], a_asked_at timestamp with time zone[], a_known_at timestamp with time zone[], a_counts bigint[])
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
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
end $function$;
-- may be called by: crisiscover_api

-- The text that is hashed for a row: one line of JSON as PostgreSQL writes jsonb, so that anyone who has the rows can verify the hash.
create function audit_text(a_seq bigint, a_at timestamp with time zone, a_added_at timestamp with time zone, a_actor text, a_action text, a_object text, a_detail jsonb)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select jsonb_build_array(a_seq, to_char(a_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                           to_char(a_added_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                           a_actor, a_action, a_object, a_detail)::text
$function$;
-- may be called by: crisiscover_api

-- Keeps the file that a process works with, if it is another one than before.
create function bank_holidays_keep(a_csv text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
begin
  lock table bank_holidays in share row exclusive mode;
  insert into bank_holidays (sha256, csv)
    select sha256(convert_to(a_csv, 'UTF8')), a_csv
    where sha256(convert_to(a_csv, 'UTF8')) is distinct from (select b.sha256 from bank_holidays b order by b.id desc limit 1);
end $function$;
-- may be called by: crisiscover_api

-- Deletes the bytes of bodies that were not used for so many days.
create function bodies_delete(a_before timestamp with time zone)
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
declare gone bigint;
begin
  update body b set bytes = null
    where b.bytes is not null and b.used_at < a_before and not body_is_needed(b.sha256);
  get diagnostics gone = row_count;
  return gone;
end $function$;
-- may be called by: its owner

-- Bytes that come again are stored again. The update locks the row, so a retention run that is about to delete its bytes waits.
create function body_comes()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
begin
  update body set bytes = coalesce(bytes, new.bytes), used_at = clock_timestamp(), hash_alone = hash_alone or new.hash_alone where sha256 = new.sha256;
  new.size := coalesce(new.size, length(new.bytes), 0);
  return new;
end $function$;
-- may be called by: its owner

-- Whether the bytes of a body may be wanted: it is in force, held or was seen last, an upload of it waits, or undoing the import in force would bring it back.
create function body_is_needed(a_sha256 bytea)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select exists (select from feed f where a_sha256 in (f.body, f.held_body, f.seen_body))
      or exists (select from import i where i.body = a_sha256 and i.state in ('uploaded', 'preview'))
      or exists (select from feed f join import i on i.rota = f.rota and i.body = f.body and i.state = 'applied'
                 join reading r on r.id = i.base where r.body = a_sha256)
$function$;
-- may be called by: its owner

-- Keeps of a body no more than a_bytes, with which it reads the same; null: no more than its hash.
create function body_lessen(a_sha256 bytea, a_bytes bytea)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
  update body set bytes = a_bytes, hash_alone = a_bytes is null
    where sha256 = a_sha256 and (bytes <> a_bytes or hash_alone <> (a_bytes is null) or a_bytes is null and bytes is not null)
$function$;
-- may be called by: crisiscover_feeds

-- Of a calendar, and of leave, that was refused or was discarded unread nothing is kept: nobody knows what is in it.
create function body_unread(a_import bigint)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
  update body b set bytes = null
    from import i
    where i.id = a_import and i.state in ('refused', 'discarded') and (i.format = 'text/calendar' or rota_is_of_leave(i.rota))
      and b.sha256 = i.body and not body_is_needed(b.sha256)
$function$;
-- may be called by: crisiscover_feeds

-- A body that comes into force or is held must have its bytes, unless only its hash is kept. The days of retention begin when it is no longer in force or held.
create function body_used()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare changed bytea[];
begin
  if tg_op = 'UPDATE' then
    changed := array[old.body, old.held_body];
  end if;
  if tg_op = 'INSERT' or (new.body, new.held_body) is distinct from (old.body, old.held_body) then
    changed := array_remove(changed || array[new.body, new.held_body], null);
    update body set used_at = clock_timestamp() where sha256 in (select distinct unnest(changed));
    if exists (select from body where sha256 in (new.body, new.held_body) and bytes is null and not hash_alone) then
      raise exception 'the calendar that this would come back to is no longer kept: send the calendar that it should have'
        using errcode = 'P0001';
    end if;
  end if;
  return null;
end $function$;
-- may be called by: its owner

create function break_glass_add(a_account text, a_place text, a_reason text, a_note text, a_seconds integer, OUT id bigint, OUT until timestamp with time zone)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
begin
  insert into break_glass as b (account, place, reason, note, until)
    values (a_account, a_place, a_reason, a_note, clock_timestamp() + make_interval(secs => a_seconds))
    returning b.id, b.until into id, until;
  update account_head set version = version + 1;
  notify accounts_changed;
  -- The account is not named: the flag reaches everybody who follows the place.
  perform flag_add('break_glass', null, a_place, null, null, null, null, until, 'normal', a_reason, jsonb_build_object('number', id));
  perform audit_add(a_account, 'break_glass', 'place/' || a_place, jsonb_build_object('reason', a_reason, 'number', id, 'until', iso(until)));
end $function$;
-- may be called by: crisiscover_api

-- The reason why it is not done: 'absent', 'own' (nobody reviews what they did themselves), 'done', or null.
create function break_glass_review(a_id bigint, a_note text, a_actor text)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare b break_glass;
begin
  select * into b from break_glass where id = a_id for update;
  if not found then
    return 'absent';
  elsif is_same_person(b.account, a_actor) then
    return 'own';
  elsif b.reviewed_at is not null then
    return 'done';
  end if;
  update break_glass set reviewed_at = clock_timestamp(), reviewed_by = a_actor, review_note = a_note where id = a_id;
  perform audit_add(a_actor, 'break_glass_reviewed', 'place/' || b.place, jsonb_build_object('number', a_id));
  return null;
end $function$;
-- may be called by: crisiscover_api

-- A flag of it. Others than those of the gap that the last change has opened are dropped.
create function canary_flag(a_kind text, a_starts timestamp with time zone, a_payload text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  update canary_swept s set turn = c.turn, turned_at = c.turned_at, flag = a_payload
    from canary c where a_kind = 'opened' and c.hole_at = a_starts;
end $function$;
-- may be called by: its owner

-- Of the canary nothing superseded is kept: the row that would go to a month's partition goes nowhere.
create function canary_keeps_nothing()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  return null;
end $function$;
-- may be called by: its owner

-- Its map has changed; the caller has locked map_head. Gaps that are closed and cannot open again are deleted, and none is held back: to announce its
-- closing would make a version of the map.
create function canary_swept(a_moment timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  update canary_swept set version = version + 1;
  update gap set settle_at = null where place = '.canary' and settle_at is not null;
  delete from gap where place = '.canary' and closed_at < a_moment - interval '15 minutes';
  notify coverage_changed;
end $function$;
-- may be called by: its owner

-- Changes the rota of the canary, unless somebody has done so within a_seconds or there is no region yet. Answers whether it did. The hour that is not
-- covered is weeks ahead, so that nobody would have to be reminded of it, and another one each time, so that its gap is a new one.
create function canary_turn(a_seconds bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  hole timestamptz;
  ended bigint[];
  moment timestamptz;
begin
  if not exists (select from region) then
    return false;
  end if;
  -- Nine tenths of the time: the callers' timers are not exact, and one that is early must not miss its turn.
  update canary set turn = turn + 1, turned_at = clock_timestamp(),
                    hole_at = date_trunc('day', clock_timestamp()) + interval '40 days' + (turn + 1) % 180 * interval '2 hours'
    where turned_at < clock_timestamp() - make_interval(secs => a_seconds * 0.9) or turned_at > clock_timestamp()
    returning hole_at into hole;
  if not found then
    return false;
  end if;
  -- Never stale: the canary shows that a change comes through, and nothing about sources.
  insert into feed (rota, kind, state, last_good_at, horizon, next_at) values ('.canary', 'typed', 'good', now(), '2100-01-01', 'infinity')
    on conflict do nothing;
  select coalesce(array_agg(id), '{}') into ended from shift where rota = '.canary' and known_to = 'infinity';
  moment := record_moment(ended);
  -- Not by shifts_supersede(), which counts the rows that it has moved to a month's partition: these are dropped.
  update shift set known_to = moment where id = any (ended) and known_to = 'infinity';
  insert into shift (rota, key, class, person, starts_at, ends_at, known_from)
    values ('.canary', 'before', 'named', '.canary', '2000-01-01', hole, moment),
           ('.canary', 'after', 'named', '.canary', hole + interval '1 hour', '2100-01-01', moment);
  perform shifts_mark(array['.canary']);
  return true;
end $function$;
-- may be called by: crisiscover_feeds

-- The rota of a group's name, "<rota>.<cause>".
create function cause_group_rota(a_group text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select left(a_group, greatest(0, length(a_group) - position('.' in reverse(a_group))))
$function$;
-- may be called by: its owner

-- Whether a claim holds: it has not run out, and the session that made it has not ended, as when its process was killed. Sees only sessions of the
-- caller's login, which makes all claims.
create function claim_holds(a_until timestamp with time zone, a_by text)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce(a_until > clock_timestamp(), false)
     and (a_by is null or exists (select from pg_stat_activity where a_by = pid || ' ' || extract(epoch from backend_start)))
$function$;
-- may be called by: crisiscover_feeds

-- Ends what that link has said of these rotas; whether there was anything.
create function closing_end(a_rotas text[], a_actor text)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
declare
  o bigint;
  any_was boolean := false;
begin
  for o in select id from override where rota = any (a_rotas) and nobody and made_by = a_actor and withdrawn_at is null
                                     and expires_at > clock_timestamp() order by id loop
    perform override_withdraw(o, true, a_actor);
    any_was := true;
  end loop;
  return any_was;
end $function$;
-- may be called by: its owner

-- Says that the rotas of a service have nobody from now until a_until, by overrides of a_actor ("link/ID"), who may say it again until another hour. P0001,
-- without a name: the link shows none.
create function closing_put(a_service text, a_rotas text[], a_until timestamp with time zone, a_actor text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare r text;
begin
  perform from feed where rota = any (a_rotas) order by rota for update;
  if (select count(*) from audit where actor = a_actor and action = 'closing_said' and at > clock_timestamp() - interval '1 day') >= 10 then
    raise exception 'this link has said so ten times within a day: ring your organisation instead' using errcode = 'P0001';
  end if;
  perform closing_end(a_rotas, a_actor);
  foreach r in array a_rotas loop
    begin
      perform override_add(r, null, null, date_trunc('second', clock_timestamp()), a_until, a_until, 'Closed tonight, as its own link says', false, a_actor);
    exception when sqlstate 'P0001' then
      raise exception 'somebody was put on this service by hand for some of that time, so it was not closed: ring your organisation, which can take that back'
        using errcode = 'P0001';
    end;
  end loop;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'closing_said', 'service/' || a_service, jsonb_build_object('rotas', a_rotas, 'until', a_until));
end $function$;
-- may be called by: crisiscover_api

-- Takes it back: the service is open again, as its rotas say.
create function closing_take_back(a_service text, a_rotas text[], a_actor text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
begin
  perform from feed where rota = any (a_rotas) order by rota for update;
  if not closing_end(a_rotas, a_actor) then
    return false;
  end if;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'closing_taken_back', 'service/' || a_service, jsonb_build_object('rotas', a_rotas));
  return true;
end $function$;
-- may be called by: crisiscover_api

-- The present code of the thing that had this code at a_known: the inverse of code_then().
create function code_now(a_kind text, a_code text, a_known timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select code_since(a_kind, a_code, a_known, 'infinity')
$function$;
-- may be called by: crisiscover_api

-- The code at a_known of the thing that had this code at a_since, which is earlier: of a person who was merged into another by then
-- (0010_people.sql), that other.
create function code_since(a_kind text, a_code text, a_since timestamp with time zone, a_known timestamp with time zone)
 RETURNS text
 LANGUAGE plpgsql
 STABLE
AS $function$
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
end $function$;
-- may be called by: crisiscover_api

-- The code that an object had at a_known, if it has had this code at some time since.
create function code_then(a_kind text, a_code text, a_known timestamp with time zone)
 RETURNS text
 LANGUAGE plpgsql
 STABLE
AS $function$
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
end $function$;
-- may be called by: crisiscover_api

-- Every code that the thing has or ever had.
create function codes_ever(a_kind text, a_code text)
 RETURNS SETOF text
 LANGUAGE sql
 STABLE
AS $function$
  with recursive c (code) as (
    select a_code
    union
    select case when r.was = c.code then r.code else r.was end
    from c join renamed r on r.kind = a_kind and c.code in (r.was, r.code))
  select code from c
$function$;
-- may be called by: crisiscover_api

-- A telephone for the audit: the last digits distinguish two numbers; of a personal one not even those are shown.
create function contact_audited(a_contact jsonb)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select case when jsonb_typeof(a_contact) <> 'object' then to_jsonb('…' || right(a_contact #>> '{}', 3))
              when a_contact->'personal' = 'true' then a_contact - 'extension' || '{"number": "…"}'
              when a_contact ? 'number' then a_contact || jsonb_build_object('number', '…' || right(a_contact->>'number', 3))
              else a_contact end
$function$;
-- may be called by: its owner

-- Given every contact that is unverified now: reminds of those of which nobody was reminded for a_days, with one flag for each organisation that says how
-- many they are. Which they are is in GET /v1/contacts/unverified, for those who may know. Answers how many flags.
create function contacts_remind(a_kinds text[], a_codes text[], a_organisations text[], a_days integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  one record;
  flags integer := 0;
begin
  -- One process after the other, so that each contact is told once.
  lock table contact_reminded in share row exclusive mode;
  delete from contact_reminded r
    where not exists (select from unnest(a_kinds, a_codes) d (kind, code) where (d.kind, d.code) = (r.kind, r.code));
  for one in
    with told as (
      insert into contact_reminded as r (kind, code) select d.kind, d.code from unnest(a_kinds, a_codes) d (kind, code)
        on conflict (kind, code) do update set at = clock_timestamp() where r.at < clock_timestamp() - make_interval(days => a_days)
        returning r.kind, r.code)
    select d.organisation, count(*) as contacts
      from told join unnest(a_kinds, a_codes, a_organisations) d (kind, code, organisation) using (kind, code)
      group by d.organisation order by d.organisation
  loop
    perform flag_add('contacts_unverified', null, null, null, null, null, null, null, 'normal', one.organisation,
                     jsonb_build_object('contacts', one.contacts));
    flags := flags + 1;
  end loop;
  return flags;
end $function$;
-- may be called by: crisiscover_coverage

-- Writes what one sweep of a few demands has found: one transaction, one version of the map. Demands are referred to by their place (from 1) in
-- a_demands. outcome:
--   'written'  done;
--   'stale'    nothing was written, since the region or one of the demands has moved since it was read: read again;
--   'busy'     only for a self-check: shifts or sources have moved meanwhile, so a difference would prove nothing.
-- Gaps may follow their group, and gaps in no group may join one without a flag: they were announced before.
create function coverage_commit(a_now timestamp with time zone, a_stale bigint, a_check boolean, a_region bigint, a_swept_to timestamp with time zone, a_demands commit_demand[], a_ended commit_ended[], a_begun commit_span[], a_gaps commit_gap[], a_marks commit_mark[], a_sources commit_source[], OUT outcome text, OUT version bigint, OUT ended integer, OUT written integer, OUT opened integer, OUT closed integer, OUT flags integer)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  head map_head;
  moment timestamptz;
  touched bigint[];
  seen bigint[];                       -- of them, those that anybody sees
  complete boolean;
  step record;
  g gap;
  was gap;
  groups text[] := '{}';
  led text[] := '{}';
  known text[] := '{}';
  resumable bigint[];                  -- demands that have a gap that was acknowledged, and closed meanwhile
  resumed uuid[] := '{}';
  members jsonb := '{}';               -- by group
  one text;
  ids uuid[] := array_fill(null::uuid, array[cardinality(a_gaps)]);
begin
  -- First of all, and held until the commit.
  select * into head from map_head for update;
  version := head.version; ended := 0; written := 0; opened := 0; closed := 0; flags := 0;

  outcome := 'stale';
  if a_region is distinct from (select max(r.version) from region r) then
    return;
  end if;
  if cardinality(a_demands) <>
     (select count(*) from demand d join unnest(a_demands) u on d.requirement = u.requirement and d.place = u.place and d.version = u.version
      where d.retired_at is null) then
    return;
  end if;
  select coalesce(array_agg(distinct n), '{}') into touched
    from (select demand from unnest(a_ended) union all select demand from unnest(a_begun) union all select demand from unnest(a_gaps)) x (n);
  if a_check then
    outcome := 'busy';
    if exists (select from dirty) or exists (select from coverage_sources_changed(a_now, a_stale))
       or exists (select from demand d join unnest(a_demands) u on d.requirement = u.requirement and d.place = u.place
                  where d.next_at <= clock_timestamp()) then
      return;
    end if;
    update self_check set checked = checked + cardinality(a_demands), mismatched = mismatched + cardinality(touched), last_at = clock_timestamp();
  end if;
  outcome := 'written';

  -- One instant for the whole version, later than that of every version before it: what was known at K is then always a whole version.
  moment := greatest(clock_timestamp(), head.at + interval '1 microsecond');

  update span s set known_to = moment
    from unnest(a_ended) o
    where s.requirement = (a_demands[o.demand]).requirement and s.place = (a_demands[o.demand]).place and s.starts_at = o.starts_at
      and s.known_to = 'infinity';
  get diagnostics ended = row_count;
  insert into span (requirement, place, starts_at, ends_at, state, cause, present, required, shifts, version, known_from)
    select (a_demands[n.demand]).requirement, (a_demands[n.demand]).place, n.starts_at, n.ends_at, n.state, n.cause, n.present, n.required,
           n.shifts, head.version + 1, moment
    from unnest(a_begun) n;
  get diagnostics written = row_count;

  select coalesce(array_agg(distinct u.n), '{}') into resumable
    from unnest(a_demands) with ordinality u (requirement, place, function, version, next_at, n)
    join gap x on x.requirement = u.requirement and x.place = u.place and not x.passed and x.acknowledged_until > moment;
  for step in select * from unnest(a_gaps) with ordinality
              x (demand, id, event, flag, starts_at, ends_at, state, cause, present, required, severity, marks, cause_group, alerts_sent, alerted_to,
                 n) loop
    was := null;
    if step.id is null then
      insert into gap (requirement, place, function, starts_at, ends_at, state, cause, present, required, severity, told, started,
                       opened_at, changed_at, cause_group, lead, alerts_sent, alerted_to, alarmed_at)
        values ((a_demands[step.demand]).requirement, (a_demands[step.demand]).place, (a_demands[step.demand]).function, step.starts_at, step.ends_at, step.state,
                step.cause, step.present, step.required, step.severity, step.marks & 2 <> 0, step.marks & 1 <> 0, moment, moment,
                step.cause_group, step.cause_group is null, step.alerts_sent, step.alerted_to,
                case when step.flag = 'opened' then moment end)
        returning * into g;
      opened := opened + 1;
    else
      select * into strict was from gap where id = step.id::uuid and (closed_at is not null) = (step.marks & 16 <> 0);
      update gap set
          starts_at = step.starts_at, ends_at = step.ends_at, state = step.state, cause = step.cause,
          present = step.present, required = step.required, severity = step.severity,
          started = step.marks & 1 <> 0, told = step.marks & 2 <> 0, changed_at = moment,
          closed_at = case when step.marks & 4 <> 0 then moment end,
          passed = case when step.marks & 4 <> 0 then step.marks & 8 <> 0 end,
          settle_at = case when step.marks & 32 <> 0 then moment + gap_settles_after() end,
          cause_group = step.cause_group,
          lead = step.cause_group is null or (was.lead and was.cause_group is not distinct from step.cause_group and was.closed_at is null),
          alerts_sent = step.alerts_sent, alerted_to = step.alerted_to,
          alarmed_at = case when step.flag = 'opened' then moment else alarmed_at end,
          alarmed_before_at = case when step.flag = 'opened' then alarmed_at else alarmed_before_at end
        where id = was.id
        returning * into g;
      opened := opened + (step.marks & 16 <> 0)::int;
      closed := closed + (step.marks & 4 <> 0)::int;
    end if;
    -- A reminder is due so long after the last flag about its severity; edges that move do not delay it.
    update gap set remind_at = case when gap_remind_at(g, moment) is null then null
                                    when was.severity = g.severity and was.remind_at is not null then was.remind_at
                                    else gap_remind_at(g, moment) end
      where id = g.id returning * into g;
    if step.event is not null then
      insert into gap_event (gap, at, step, row_after) values (g.id, moment, step.event, to_jsonb(g));
    end if;
    if step.id is not null and g.alerts_sent > was.alerts_sent then
      insert into gap_event (gap, at, step, row_after) values (g.id, moment, 'alerted', to_jsonb(g));
    end if;
    ids[step.n] := g.id;
    if g.cause_group is not null and g.cause_group <> all (groups) then
      groups := groups || g.cause_group;
    end if;
    if was.cause_group is not null and was.cause_group <> all (groups) then
      groups := groups || was.cause_group;
    end if;
    if step.marks & 64 <> 0 then
      perform gap_follow(g);
      known := known || g.cause_group;
    elsif step.id is null and step.demand = any (resumable) and gap_resume(g) then
      resumed := resumed || g.id;
      known := known || g.cause_group;
    elsif was.told and was.cause_group is null and was.closed_at is null and step.flag is null and g.cause_group is not null then
      known := known || g.cause_group;
    end if;
  end loop;

  -- The version grows even where nothing differs: a process that read this demand before us may have read older shifts, and must read again.
  update demand d set version = d.version + 1, next_at = u.next_at, swept_to = a_swept_to, region_version = a_region
    from unnest(a_demands) u
    where d.requirement = u.requirement and d.place = u.place;

  -- Only marks that have not grown since they were read. A row that is locked is about to grow, and is skipped.
  with seen as (
    select d.rota from dirty d join unnest(a_marks) u on d.rota = u.rota and d.n = u.n
    for update of d skip locked)
  delete from dirty using seen where dirty.rota = seen.rota;
  insert into source_seen (rota, horizon, trusted_until) select * from unnest(a_sources)
    on conflict (rota) do update set horizon = excluded.horizon, trusted_until = excluded.trusted_until;

  complete := head.region_version < a_region and coverage_region_complete();
  seen := array(select n from unnest(touched) n where (a_demands[n]).place <> '.canary');
  if cardinality(seen) < cardinality(touched) then
    perform canary_swept(moment);
  end if;
  if cardinality(seen) > 0 or exists (select from unnest(a_marks) u where u.rota <> '.canary') or complete then
    version := head.version + 1;
    update map_head set version = head.version + 1, at = moment,
                        region_version = case when complete then a_region else head.region_version end;
    insert into map_change (epoch, version, rota) select head.epoch, head.version + 1, u.rota from unnest(a_marks) u where u.rota <> '.canary';
    insert into map_change (epoch, version, requirement, place)
      select head.epoch, head.version + 1, (a_demands[n]).requirement, (a_demands[n]).place from unnest(seen) n;
    notify coverage_changed;
  end if;

  -- A region that retires demands may have taken leaders with them.
  if complete then
    groups := groups || array(select x.cause_group from gap x where x.cause_group is not null and x.closed_at is null
                              group by x.cause_group having not bool_or(x.lead));
  end if;
  groups := array(select distinct x from unnest(groups) x order by 1);
  foreach one in array groups loop
    perform gap_elect(one, moment);
    members := members || jsonb_build_object(one, gap_members(one));
  end loop;

  -- Last, since the counter stays locked until the commit.
  for step in select x.flag, y.* from unnest(a_gaps) with ordinality x (demand, id, event, flag, starts_at, ends_at, state, cause, present,
              required, severity, marks, cause_group, alerts_sent, alerted_to, n) join gap y on y.id = ids[x.n] where x.flag is not null
              order by y.starts_at, y.id loop
    perform flag_put(step.flag, step.id, step.place, step.function, step.requirement, step.state, step.starts_at, step.ends_at,
                     step.severity, step.cause, '{}', (members->>step.cause_group)::integer);
    flags := flags + 1;
    if step.lead and step.cause_group is not null then
      led := led || step.cause_group;
    end if;
  end loop;
  -- Those who were told that it opened hear that it has been acknowledged.
  for g in select * from gap x where x.id = any (resumed) and x.lead and x.told order by x.starts_at, x.id loop
    perform flag_add_gap('acknowledged', g);
    flags := flags + 1;
  end loop;
  foreach one in array groups loop
    perform gap_group_note(one, one = any (led), moment, cardinality(array_positions(known, one)));
  end loop;
  perform gap_take_expected(ids, moment);
  if flags > 0 then
    notify flags_filled;
  end if;
end $function$;
-- may be called by: crisiscover_coverage

-- How many of these are due at a_moment, and when the next one is: reminders, held closings, groups that have grown, acknowledgements that run
-- out.
create function coverage_due(a_moment timestamp with time zone, OUT due bigint, OUT next timestamp with time zone)
 RETURNS record
 LANGUAGE sql
 STABLE
AS $function$
  select (select count(*) from gap where remind_at <= a_moment) + (select count(*) from gap where settle_at <= a_moment)
         + (select count(*) from gap_group where tell_at <= a_moment)
         + (select count(*) from gap where acknowledged_until <= a_moment and closed_at is null) + r.due,
         least(r.next, (select min(remind_at) from gap where remind_at is not null), (select min(settle_at) from gap where settle_at is not null),
               (select min(tell_at) from gap_group where tell_at is not null),
               (select min(acknowledged_until) from gap where acknowledged_until is not null and closed_at is null))
  from risk_due(a_moment) r
$function$;
-- may be called by: crisiscover_coverage

-- The people named by shifts of a class on a rota that have come or gone since a mark was made, and end after a_begin.
create function coverage_marked_people(a_rota text, a_since timestamp with time zone, a_class text, a_begin timestamp with time zone)
 RETURNS SETOF text
 LANGUAGE sql
 STABLE
AS $function$
  select x.person
  from shift x
  where x.rota = a_rota and x.class = a_class and x.known_to > a_since - interval '1 day'
    and (x.known_from > a_since - interval '1 day' or x.known_to < 'infinity') and x.ends_at > a_begin
  offset 0
$function$;
-- may be called by: crisiscover_coverage

-- Makes the demands those of region a_region: new ones begin, missing ones are retired, and everything is due. Called again, it does nothing. 'stale'
-- if a newer region has come meanwhile. Closings that are held back are announced when their demand is retired, which is when they leave the list.
create function coverage_region(a_region bigint, a_requirements text[], a_places text[], a_functions text[], OUT outcome text, OUT retired integer, OUT flags integer)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  head map_head;
  moment timestamptz;
  cut timestamptz;
  gone demand[];
  d demand;
  g gap;
  of text;
  closed gap[] := '{}';
  complete boolean;
begin
  select * into head from map_head for update;
  outcome := 'stale'; retired := 0; flags := 0;
  if a_region is distinct from (select max(version) from region) then
    return;
  end if;
  outcome := 'done';
  moment := greatest(clock_timestamp(), head.at + interval '1 microsecond');

  insert into demand (requirement, place) select * from unnest(a_requirements, a_places)
    on conflict (requirement, place) do update set retired_at = null, region_version = 0 where demand.retired_at is not null;
  if head.taken_region < a_region then
    update map_head set taken_region = a_region, due_region = a_region;
  end if;
  update demand set next_at = '-infinity', version = version + 1
    where retired_at is null and region_version < (select h.due_region from map_head h) and next_at <> '-infinity';

  -- A requirement may have changed its function and kept its name.
  update gap set function = u.function
    from unnest(a_requirements, a_places, a_functions) u (requirement, place, function)
    where gap.requirement = u.requirement and gap.place = u.place and gap.closed_at is null and gap.function <> u.function;

  -- A demand that is no longer required ends now: its past spans stay in force, the others are superseded and not replaced.
  select array_agg(x) into gone from demand x
    where x.retired_at is null
      and not exists (select from unnest(a_requirements, a_places) u (requirement, place)
                      where u.requirement = x.requirement and u.place = x.place);
  cut := date_trunc('second', moment);
  foreach d in array coalesce(gone, '{}') loop
    retired := retired + 1;
    update demand set retired_at = moment, version = version + 1, next_at = 'infinity', region_version = a_region
      where requirement = d.requirement and place = d.place;
    with ended as (
      update span set known_to = moment
        where requirement = d.requirement and place = d.place and known_to = 'infinity' and ends_at > cut
        returning *)
    insert into span (requirement, place, starts_at, ends_at, state, cause, present, required, shifts, version, known_from)
      select requirement, place, starts_at, cut, state, cause, present, required, shifts, head.version + 1, moment
      from ended where starts_at < cut;
    for g in update gap set closed_at = moment, passed = false, changed_at = moment, remind_at = null
             where requirement = d.requirement and place = d.place and closed_at is null returning * loop
      insert into gap_event (gap, at, step, row_after) values (g.id, moment, 'closed', to_jsonb(g));
      if g.told then
        closed := closed || g;
      end if;
    end loop;
    -- The gaps of this region no longer list it, so its closing is announced now.
    for g in update gap set settle_at = null
             where requirement = d.requirement and place = d.place and settle_at is not null returning * loop
      closed := closed || g;
    end loop;
    insert into map_change (epoch, version, requirement, place) values (head.epoch, head.version + 1, d.requirement, d.place);
  end loop;

  complete := head.region_version < a_region and coverage_region_complete();
  if retired > 0 or complete then
    update map_head set version = head.version + 1, at = moment,
                        region_version = case when complete then a_region else head.region_version end;
    notify coverage_changed;
  end if;
  for g in select * from unnest(closed) order by starts_at, id loop
    perform flag_add('closed', g.id, g.place, g.function, g.requirement, g.state, g.starts_at, g.ends_at, g.severity, g.cause);
    flags := flags + 1;
  end loop;
  for of in select distinct x.cause_group from unnest(closed) x where x.cause_group is not null order by 1 loop
    perform gap_group_note(of, false, moment);
  end loop;
  if flags > 0 then
    notify flags_filled;
  end if;
end $function$;
-- may be called by: crisiscover_coverage

-- Records on the head that every demand of the region in force has been swept for it, if that is so. The caller holds the lock of map_head.
-- A region that differs from the one before in nothing that others depend on makes few demands due, or none: the others stay swept.
create function coverage_region_complete()
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select not exists (select from demand d, map_head h where d.retired_at is null and d.region_version < h.due_region)
$function$;
-- may be called by: its owner

-- The same for a region that differs from a_from, in whose place it was put in memory, only in objects that no demand is derived from: the demands
-- of a_requirements are due, no others. 'whole' if the demands are not those of a_from, or a newer one: then nobody knows what else has changed.
create function coverage_region_patched(a_region bigint, a_from bigint, a_requirements text[], OUT outcome text)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare head map_head;
begin
  select * into head from map_head for update;
  outcome := case when a_region is distinct from (select max(version) from region) then 'stale' when head.taken_region < a_from then 'whole' else 'done' end;
  if outcome <> 'done' then
    return;
  end if;
  if head.taken_region < a_region then
    update demand set next_at = '-infinity', version = version + 1, region_version = 0
      where retired_at is null and requirement = any (a_requirements);
    update map_head set taken_region = a_region;
  end if;
  if head.region_version < a_region and coverage_region_complete() then
    update map_head set version = head.version + 1, region_version = a_region, at = greatest(clock_timestamp(), head.at + interval '1 microsecond');
    notify coverage_changed;
  end if;
end $function$;
-- may be called by: crisiscover_coverage

-- Tells what is due, at most a_limit of each: acknowledgements that have run out, reminders, closings that were held back, groups that have grown.
-- Says how many flags. Skips what another coverage process has locked.
--
-- A gap whose closing is held back is in the list of gaps: a reader who begins with that list must find it, since it may open again without a flag.
-- So announcing the closing makes a new version of the map, with the demands that it touches.
create function coverage_remind(a_limit integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  head map_head;
  due gap[];
  settled gap[];
  grown gap[];
  g gap;
  of text;
  lapsed integer;
begin
  -- First, as in every commit of the map: versions change under this lock, and gaps are locked after it.
  perform from map_head for update;
  lapsed := risk_settle() + gap_lapse();
  select * into head from map_head;
  select array_agg(d order by d.starts_at, d.id) into due
  from (select * from gap where remind_at <= clock_timestamp() order by remind_at limit a_limit
        for update skip locked) d;
  update gap set remind_at = clock_timestamp() + coverage_remind_after(severity)
    where id = any (select id from unnest(due));

  -- A closing that was announced cannot be taken back: a sweep that read the demand while the closing was held must read again, or the gap would open
  -- again without a flag.
  select array_agg(d order by d.starts_at, d.id) into settled
  from (select * from gap where settle_at <= clock_timestamp() order by settle_at limit a_limit
        for update skip locked) d;
  if settled is not null then
    update gap set settle_at = null where id = any (select id from unnest(settled));
    update demand d set version = d.version + 1
      where exists (select from unnest(settled) s where s.requirement = d.requirement and s.place = d.place);
    update map_head set version = head.version + 1, at = greatest(clock_timestamp(), head.at + interval '1 microsecond');
    insert into map_change (epoch, version, requirement, place)
      select distinct head.epoch, head.version + 1, s.requirement, s.place from unnest(settled) s;
    notify coverage_changed;
  end if;

  with ripe as (
    select id from gap_group where tell_at <= clock_timestamp() order by tell_at limit a_limit for update skip locked),
  noted as (
    update gap_group x set tell_at = null, told_at = clock_timestamp(),
                           told_members = gap_believed(x.id)
      from ripe where x.id = ripe.id returning x.id)
  select array_agg(m order by m.starts_at, m.id) into grown
    from noted join gap m on m.cause_group = noted.id where m.closed_at is null and m.lead and m.told;

  foreach g in array coalesce(due, '{}') loop
    perform flag_add_gap('reminder', g);
  end loop;
  foreach g in array coalesce(settled, '{}') loop
    perform flag_add_gap('closed', g);
  end loop;
  for of in select distinct s.cause_group from unnest(settled) s where s.cause_group is not null order by 1 loop
    perform gap_group_note(of, false, clock_timestamp());
  end loop;
  foreach g in array coalesce(grown, '{}') loop
    perform flag_add_gap('changed', g);
  end loop;
  if cardinality(due || settled || grown) > 0 then
    notify flags_filled;
  end if;
  return lapsed + coalesce(cardinality(due), 0) + coalesce(cardinality(settled), 0) + coalesce(cardinality(grown), 0);
end $function$;
-- may be called by: crisiscover_coverage

-- How long after its last flag an open, announced, unacknowledged gap is announced again. Critical means that it runs or begins within a
-- day.
create function coverage_remind_after(a_severity text)
 RETURNS interval
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select case a_severity when 'critical' then interval '5 minutes' when 'high' then interval '1 day' end
$function$;
-- may be called by: its owner

-- The rotas that hold confirmed shifts of a person that end after a_begin.
create function coverage_rotas_of(a_person text, a_begin timestamp with time zone)
 RETURNS SETOF text
 LANGUAGE sql
 STABLE
AS $function$
  select x.rota from shift x where x.person = a_person and x.class = 'named' and x.known_to = 'infinity' and x.ends_at > a_begin
  offset 0
$function$;
-- may be called by: crisiscover_coverage

-- The rotas whose source differs from source_seen. The rule of freshness is model/freshness.h; a_stale is its last limit in
-- seconds, past which a feed is unknown. Whole seconds, as there.
create function coverage_sources_changed(a_now timestamp with time zone, a_stale bigint)
 RETURNS SETOF text
 LANGUAGE sql
 STABLE
AS $function$
  select s.rota
  from source s left join source_seen seen using (rota)
  where (seen.horizon, seen.trusted_until) is distinct from
        (coalesce(date_trunc('second', s.horizon), '-infinity'),
         case when not s.ages then 'infinity'
              when s.last_good_at is null then '-infinity'
              when floor(extract(epoch from a_now)) - floor(extract(epoch from s.last_good_at)) > a_stale
              then date_trunc('second', s.last_good_at) + make_interval(secs => a_stale)
              else 'infinity' end)
$function$;
-- may be called by: crisiscover_coverage

-- Deletes the steps of the map that are older than a day.
create function coverage_tidy()
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
  delete from map_change where at < clock_timestamp() - interval '1 day';
$function$;
-- may be called by: crisiscover_coverage

-- The hash that a password is compared with. No row: there is no such account, or it has no password.
create function credential_look(a_name text)
 RETURNS TABLE(password text, totp bytea, totp_step bigint)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
  select c.password, c.totp, c.totp_step from credential c join account a on a.name = c.account
  where c.account = a_name and a.retired_at is null
$function$;
-- may be called by: crisiscover_api

-- Uses up what was shown beside the password: a_step of the code, or the hash of a recovery code. False: the password has been changed since it was
-- compared, or that was used already, or is missing.
create function credential_use(a_name text, a_password text, a_step bigint, a_recovery bytea)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare c credential;
begin
  select * into c from credential where account = a_name for update;
  if c.password is distinct from a_password then
    return false;
  end if;
  if c.totp is null then
    return true;
  end if;
  if a_step is not null then
    update credential set totp_step = a_step where account = a_name and totp_step < a_step;
  else
    update recovery_code set used_at = clock_timestamp() where account = a_name and sha256 = a_recovery and used_at is null;
    if found then
      perform audit_add(a_name, 'recovery_code_used', 'account/' || a_name, null);
      return true;
    end if;
  end if;
  return found;
end $function$;
-- may be called by: crisiscover_api

-- One of what decisions_make() is given, under the feed's lock.
create function decision_keep(a_rota text, a_said jsonb, a_actor text)
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
declare
  before decision;
  moment timestamptz;
  made bigint;
begin
  perform from person where id = a_said->>'person' and retired_at is not null for share;
  if found or (a_said->>'person' is not null and not exists (select from person where id = a_said->>'person')) then
    raise exception 'there is no person % in the region', a_said->>'person' using errcode = 'P0001';
  end if;
  select * into before from decision
    where rota = a_rota and kind = a_said->>'kind' and key = a_said->>'key' and known_to = 'infinity' for update;
  if found and (before.reads, before.person, before.team, before.zone)
               is not distinct from (a_said->>'reads', a_said->>'person', a_said->>'team', a_said->>'zone') then
    return before.id;
  end if;
  moment := greatest(clock_timestamp(), before.known_from);
  update decision set known_to = moment, ended_by = a_actor where id = before.id;
  insert into decision (rota, kind, words, key, reads, person, team, zone, decided_by, known_from)
    values (a_rota, a_said->>'kind', a_said->>'words', a_said->>'key', a_said->>'reads', a_said->>'person', a_said->>'team', a_said->>'zone',
            a_actor, moment)
    returning id into made;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'decision_made', 'decision/' || made,
            jsonb_strip_nulls(jsonb_build_object('rota', a_rota, a_said->>'kind', a_said->>'words', 'reads', a_said->>'reads',
                                                 'person', a_said->>'person', 'team', a_said->>'team', 'means', a_said->>'zone',
                                                 'instead_of', before.id)));
  return made;
end $function$;
-- may be called by: its owner

-- Takes a decision back. False: that rota has none of this number in force.
create function decision_withdraw(a_rota text, a_decision bigint, a_actor text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare before decision;
begin
  perform from feed where rota = a_rota for update;
  select * into before from decision where id = a_decision and rota = a_rota and known_to = 'infinity' for update;
  if not found then
    return false;
  end if;
  update decision set known_to = greatest(clock_timestamp(), known_from), ended_by = a_actor where id = a_decision;
  perform decisions_changed(a_rota);
  insert into audit (actor, action, object, detail)
    values (a_actor, 'decision_withdrawn', 'decision/' || a_decision,
            jsonb_build_object('rota', a_rota, before.kind, before.words));
  return true;
end $function$;
-- may be called by: crisiscover_api

-- These decisions in force once more, with a_changes as above; a_ended: how the former ones ended.
create function decisions_again(a_ids bigint[], a_changes jsonb, a_ended text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  update decision set known_to = greatest(clock_timestamp(), known_from), ended_by = a_ended where id = any (a_ids);
  perform rows_again('decision', jsonb_build_object('known_from', 't.known_to', 'known_to', '''infinity''', 'ended_by', 'null') || a_changes,
                     format('t.id = any (%L)', a_ids));
  update decision_head set version = version + 1 where cardinality(a_ids) > 0;
end $function$;
-- may be called by: its owner

-- A decision is written again when something that it names gets another code. These, and those which they became.
create function decisions_became(a_ids bigint[])
 RETURNS SETOF bigint
 LANGUAGE sql
 STABLE
AS $function$
  with recursive line (id) as (
    select unnest(a_ids)
    union
    select n.id
    from line l join decision d on d.id = l.id and d.ended_by in ('renamed', 'merged', 'split')
    join decision n on n.kind = d.kind and n.key = d.key and n.known_from = d.known_to and n.id > d.id
                   and (n.rota = d.rota or n.rota in (select codes_ever('rota', d.rota))))
  select id from line
$function$;
-- may be called by: its owner

-- Decisions of a rota have changed. The caller holds the feed's row. The check that is asked for stays due until it is done,
-- even if a job has that feed now. Whether the stored body must be read again is seen then, from what it was last read with.
create function decisions_changed(a_rota text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  update feed set refresh_asked_at = clock_timestamp() where rota = a_rota and body is not null;
  update import set state = 'uploaded', claim = null, claimed_until = null where rota = a_rota and state in ('uploaded', 'preview');
  update decision_head set version = version + 1;
  notify decisions_changed;
end $function$;
-- may be called by: its owner

-- Keeps some decisions of a rota, all or none, and answers their numbers in the same order. a_said: [{"kind", "words", "key", "reads", "person",
-- "team", "zone"}, …]. A decision that is in force already is not made again; another one about the same words ends. The rota is read again once for
-- all of them. The api has asked whether a_actor may, and whether the rota's directory has the people. P0001: the rota or a person is gone.
create function decisions_make(a_rota text, a_said jsonb, a_actor text)
 RETURNS bigint[]
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  head bigint := (select max(id) from decision);
  one jsonb;
  made bigint[] := '{}';
begin
  perform from feed where rota = a_rota for update;
  if not found then
    raise exception 'there is no rota % in the region', a_rota using errcode = 'P0001';
  end if;
  for one in select value from jsonb_array_elements(a_said) loop
    made := made || decision_keep(a_rota, one, a_actor);
  end loop;
  -- A decision that is in force already is not made again, and nothing is read again for it.
  if exists (select from unnest(made) m where m > coalesce(head, 0)) then
    perform decisions_changed(a_rota);
  end if;
  return made;
end $function$;
-- may be called by: crisiscover_api

-- A device that waits for its code. Those whose code was never typed go.
create function device_add(a_account text, a_place text, a_label text, a_code bytea, a_seconds integer, a_actor text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare old text;
begin
  perform from place where code = a_place and retired_at is null for share;
  if not found then
    return false;
  end if;
  for old in select account from device where enrolled_at is null and removed_at is null and code_until < clock_timestamp() for update skip locked loop
    perform device_end(old, 'expired');
  end loop;
  insert into account (name, kind, role, places, by_hand) values (a_account, 'device', 'viewer', array[a_place], true);
  insert into device (account, place, label, made_by, code, code_until)
    values (a_account, a_place, a_label, a_actor, a_code, clock_timestamp() + make_interval(secs => a_seconds));
  update account_head set version = version + 1;
  notify accounts_changed;
  perform audit_add(a_actor, 'device_added', 'account/' || a_account, jsonb_build_object('place', a_place));
  return true;
end $function$;
-- may be called by: crisiscover_api

-- Takes a device off: its sessions end with its account.
create function device_end(a_account text, a_actor text)
 RETURNS void
 LANGUAGE sql
AS $function$
  update device set removed_at = clock_timestamp(), removed_by = a_actor, code = null where account = a_account;
  update account set retired_at = clock_timestamp() where name = a_account and retired_at is null;
  update account_head set version = version + 1;
  notify accounts_changed;
$function$;
-- may be called by: its owner

-- The account that a code belongs to; null: there is none, or its time is over. It works once.
create function device_enrol(a_code bytea)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare enrolled text;
begin
  update device set code = null, enrolled_at = clock_timestamp()
    where code = a_code and code_until > clock_timestamp() and removed_at is null returning account into enrolled;
  if found then
    perform audit_add(enrolled, 'device_enrolled', 'account/' || enrolled, null);
  end if;
  return enrolled;
end $function$;
-- may be called by: crisiscover_api

-- False: the place has no such device.
create function device_remove(a_account text, a_place text, a_actor text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
begin
  perform from device where account = a_account and place = a_place and removed_at is null for update;
  if not found then
    return false;
  end if;
  perform device_end(a_account, a_actor);
  perform audit_add(a_actor, 'device_removed', 'account/' || a_account, jsonb_build_object('place', a_place));
  return true;
end $function$;
-- may be called by: crisiscover_api

-- A place under another code keeps its devices, its break-glass rows, and what was made single-handed.
create function devices_rename(a_was text, a_code text)
 RETURNS void
 LANGUAGE sql
AS $function$
  update device set place = a_code where place = a_was;
  update break_glass set place = a_code where place = a_was;
  update single_handed set places = array_replace(places, a_was, a_code) where a_was = any (places);
  update account set places = array_replace(places, a_was, a_code) where by_hand and a_was = any (places)
$function$;
-- may be called by: its owner

-- Keeps what the caller found beside the shifts of a reading: a_reading has `versions` (hexadecimal), `content`, `zones` and `warnings`. Warnings about
-- a change stay until the next change; those about the body's own time stamps are made again with each reading.
create function feed_keep_notes(a_rota text, a_reading jsonb, a_changed boolean)
 RETURNS void
 LANGUAGE sql
AS $function$
  update feed f set
    versions = coalesce(decode(a_reading->>'versions', 'hex'), f.versions),
    content = coalesce(decode(a_reading->>'content', 'hex'), f.content),
    zones = coalesce(a_reading->>'zones', f.zones),
    warnings = coalesce(a_reading->'warnings', '[]') || case
      when a_changed then '[]'
      else (select coalesce(jsonb_agg(w), '[]') from jsonb_array_elements(f.warnings) w
            where w->>'kind' in ('versions', 'zones')
              and not exists (select from jsonb_array_elements(coalesce(a_reading->'warnings', '[]')) n where n->>'kind' = w->>'kind')) end
    where f.rota = a_rota
$function$;
-- may be called by: crisiscover_feeds

-- Keeps what is learnt from a reading that was applied. If our own rules make fewer shifts of the same bytes, the calendar has not shrunk: its
-- fullness is counted from this reading on.
create function feed_learn(a_rota text, a_reading jsonb, a_fetched boolean, a_changed boolean)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare learnt jsonb := a_reading->'learnt';
begin
  if not a_fetched and a_changed then
    delete from calendar_fullness where rota = a_rota;
  end if;
  perform fullness_keep(a_rota, a_reading->'ahead');
  if not a_fetched or learnt is null then
    return;
  end if;
  update feed set
    listed_over_at = case when (learnt->>'listed_over')::boolean then clock_timestamp() else listed_over_at end,
    dropped = case when (learnt->>'listed_begun')::boolean then 0 else dropped + (learnt ? 'dropped_start')::integer end,
    dropped_start = case when (learnt->>'listed_begun')::boolean then null
                         else coalesce((learnt->>'dropped_start')::timestamptz, dropped_start) end
    where rota = a_rota;
end $function$;
-- may be called by: crisiscover_feeds

-- Records a change of a feed's state.
create function feed_note(a_before feed, a_state text, a_fault text, a_last_good timestamp with time zone, a_body bytea)
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into feed_event (rota, state, fault, last_good_at, body)
  select a_before.rota, a_state, a_fault, a_last_good, a_body
  where (a_before.state, a_before.fault) is distinct from (a_state, a_fault)
$function$;
-- may be called by: crisiscover_feeds

-- The all-clear flag after one that said that the feed is stale. Locks the counter of flags, so it is called last in a transaction. The flag's
-- cause is the rota's code.
create function feed_restored(a_before feed)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  if a_before.told_stale then
    perform flag_add('feed_restored', null, null, null, null, 'fresh', null, null, 'normal', a_before.rota);
  end if;
end $function$;
-- may be called by: crisiscover_feeds

-- Another address is another calendar.
create function feed_source_changes()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  new.address_content := null;
  new.upload := case when new.address is not null and old.fetched then old.upload end;
  new.listed_over_at := null;
  new.dropped := 0;
  new.dropped_start := null;
  -- What was uploaded or fetched stays on until somebody takes it off, and is not read again: the rota reaches as far as what is typed in says.
  if new.kind = 'typed' then
    new.body := null;
    new.reading := null;
    new.read_with := null;
  end if;
  delete from calendar_fullness where rota = old.rota;
  return new;
end $function$;
-- may be called by: its owner

-- All warnings about a feed; for a week also that newer rules read it differently.
create function feed_warnings(a_feed feed)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
AS $function$
  select a_feed.warnings || case when a_feed.clock_off is null then '[]' else jsonb_build_array(jsonb_build_object(
    'kind', 'clock', 'level', 'warning',
    'text', format('The clock of the address''s server is %s minutes %s.', round(abs(a_feed.clock_off) / 60.0),
                   case when a_feed.clock_off > 0 then 'ahead of ours' else 'behind ours' end),
    'remedy', 'Those who run that server should set its clock: what it says of the age of a calendar cannot be relied on.')) end
    || coalesce((
      select jsonb_build_array(jsonb_build_object(
        'kind', 'turned', 'level', 'warning',
        'text', format('The same calendar was read again by newer rules: %s shifts no longer count, %s count that did not.', r.lost, r.gained),
        'remedy', 'Look at which shifts turned, and decide the words that are not understood.'))
      from reread r
      where r.rota = a_feed.rota and r.why = 'rules' and r.lost + r.gained > 0 and r.at > clock_timestamp() - interval '7 days'
      order by r.id desc limit 1), '[]')
$function$;
-- may be called by: crisiscover_api

-- Whether coverage saw this source as unknown, so that a good check alone changes the map.
create function feed_was_unknown(a_before feed)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select a_before.fetched
     and (a_before.last_good_at is null or a_before.last_good_at < clock_timestamp() - interval '6 hours')
$function$;
-- may be called by: crisiscover_feeds

-- A body was read and may replace what is in force. a_base: the reading whose shifts it was compared with; `again` when it is no longer that one.
-- a_fetched: the address gave it just now; else it is the stored body, read again because what it is read with has changed, which says nothing about
-- freshness, and a feed that is fetched keeps its claim for that. A reading that is the same as that of the held body stays held, even if only the
-- time that has passed makes it look harmless: `held`.
--
-- a_reading has, beside the counts: what the calendar teaches (feed_learn), its notes (feed_keep_notes), `to_decide`, `rules`, and `withheld`, a
-- sentence, where rows that would have been cover were made doubtful. Reading a stored body again by other rules of time zones is recorded even if it
-- moved nothing: a_reading->'moved' shifts are at other times. The shifts that turned are kept (reread_note).
create function feeds_apply(a_rota text, a_claim bigint, a_base bigint, a_body bytea, a_bytes bytea, a_read_with bytea, a_reading jsonb, a_fetched boolean, a_etag text, a_last_modified text, a_superseded bigint[], a_keys text[], a_classes text[], a_persons text[], a_teams text[], a_titles text[], a_starts timestamp with time zone[], a_ends timestamp with time zone[])
 RETURNS text
 LANGUAGE plpgsql
AS $function$
declare
  before feed;
  rows_before shift[];
  until timestamptz;
  answer text;
  told text;
  changed constant boolean := cardinality(a_superseded) + cardinality(a_keys) > 0;
begin
  select * into before from feed where rota = a_rota and claim = a_claim for update;
  if not a_fetched and changed then
    select coalesce(array_agg(s), '{}') into rows_before from shift s where s.id = any (a_superseded) and s.known_to = 'infinity';
    select r.window_to into until from reading r where r.id = before.reading;
  end if;
  answer := feeds_write(a_rota, a_claim, a_base, a_body, a_bytes, a_read_with, a_reading, a_fetched, a_etag, a_last_modified,
                        a_superseded, a_keys, a_classes, a_persons, a_teams, a_titles, a_starts, a_ends);
  if answer <> 'done' then
    return answer;
  end if;

  if not a_fetched and before.zones <> a_reading->>'zones' then
    told := format('The rules of time zones on this machine have changed. The calendar was read again by the new ones: %s shifts are at '
                   'other times.', coalesce(a_reading->>'moved', '0'));
    insert into feed_event (rota, state, fault, last_good_at, body) select f.rota, f.state, told, f.last_good_at, f.body
      from feed f where f.rota = a_rota;
    if (a_reading->>'moved')::integer > 0 then
      a_reading := jsonb_set(a_reading, '{warnings}', coalesce(a_reading->'warnings', '[]') || jsonb_build_array(jsonb_build_object(
        'kind', 'zones', 'level', 'warning', 'text', told, 'remedy', 'Check the shifts round the next change of the clocks.')));
    end if;
  end if;
  perform feed_learn(a_rota, a_reading, a_fetched, changed);
  perform feed_keep_notes(a_rota, a_reading, changed);
  update feed set
    to_decide = coalesce(a_reading->'to_decide', '[]'),
    rules = case when a_reading ? 'withheld' then '' else a_reading->>'rules' end
    where rota = a_rota;
  if not a_fetched and changed then
    perform reread_note(a_rota, case
                          when before.rules is distinct from a_reading->>'rules' then 'rules'
                          when before.zones is distinct from a_reading->>'zones' then 'zones'
                          else 'rota' end,
                        rows_before, (select reading from feed where rota = a_rota), until);
  end if;
  if not a_fetched and a_reading ? 'withheld' then
    perform reread_withhold(a_rota, a_reading->>'withheld');
  end if;
  return answer;
end $function$;
-- may be called by: crisiscover_feeds

-- Counts one more handing over of a body to the reader; answers how many that makes. After a day it is forgotten: the machine may
-- have been at fault.
create function feeds_attempt(a_rota text, a_body bytea)
 RETURNS integer
 LANGUAGE sql
AS $function$
  delete from reading_attempt where rota = a_rota and first_at < clock_timestamp() - interval '1 day';
  insert into reading_attempt as a (rota, body) values (a_rota, a_body) on conflict (rota, body) do update set n = a.n + 1 returning n
$function$;
-- may be called by: crisiscover_feeds

-- The reader came back with an answer, or never got the body.
create function feeds_attempt_forget(a_rota text, a_body bytea)
 RETURNS void
 LANGUAGE sql
AS $function$
  delete from reading_attempt where rota = a_rota and body = a_body
$function$;
-- may be called by: crisiscover_feeds

-- Claims at most a_limit feeds that are due, those somebody asked for first. Nothing while the caller knows another region, or other decisions, than
-- those in force: it would read by outdated rules. A claim lasts 60 seconds, which is longer than a job may take.
create function feeds_claim(a_limit integer, a_region bigint, a_decisions bigint)
 RETURNS TABLE(rota text, claim bigint, kind text, address text, box bytea, secret_box bytea, etag text, last_modified text, body bytea, format text, read_with bytea, seen_body bytea, seen_with bytea, held_body bytea, whole_due boolean)
 LANGUAGE sql
AS $function$
  with due as (
    select f.rota from feed f
    where (f.next_at <= clock_timestamp() or f.refresh_asked_at is not null)
      and not claim_holds(f.claimed_until, f.claimed_by)
      and a_region = (select max(version) from region) and a_decisions = (select version from decision_head)
    order by f.refresh_asked_at is null, f.next_at
    limit a_limit
    for update skip locked)
  -- A request stays due until it has been done, even if this process dies.
  update feed f
  set claim = nextval('feed_claim'), claimed_until = clock_timestamp() + interval '60 seconds', claimed_by = session_name(),
      next_at = least(f.next_at, clock_timestamp()), refresh_asked_at = null
  from due where f.rota = due.rota
  returning f.rota, f.claim, f.kind, f.address, (select a.box from feed_address a where a.mask = f.address),
            (select a.box from feed_address a where a.mask = f.way->'secret'->>'sealed'), f.etag, f.last_modified, f.body, f.format, f.read_with, f.seen_body, f.seen_with, f.held_body,
            f.full_at is null or f.full_at < clock_timestamp() - interval '24 hours'
$function$;
-- may be called by: crisiscover_feeds

-- Keeps by how much the clock of the address's server is off. a_off: seconds ahead of the database's; null: it is right.
create function feeds_clock(a_rota text, a_claim bigint, a_off integer)
 RETURNS void
 LANGUAGE sql
AS $function$
  update feed set clock_off = a_off, updated_at = clock_timestamp() where rota = a_rota and claim = a_claim
$function$;
-- may be called by: crisiscover_feeds

-- The check brought nothing that could be used. The last good body and its shifts stay as they are; a body that is held waits for a
-- person whatever the network does. a_read_with (or null): reading the stored body with this has failed; a_unread_with: reading what came now
-- has. a_refused: the server did not accept the secret. It is not tried again before long: a directory locks an account after a few wrong passwords.
create function feeds_failed(a_rota text, a_claim bigint, a_fault text, a_read_with bytea, a_refused boolean DEFAULT false, a_unread_with bytea DEFAULT NULL::bytea)
 RETURNS text
 LANGUAGE plpgsql
AS $function$
declare
  before feed;
  now_state constant text := case when a_refused then 'refused' else 'failing' end;
begin
  select * into before from feed where rota = a_rota and claim = a_claim for update;
  if not found then
    return 'gone';
  end if;
  update feed set
    state = case state when 'held' then 'held' else now_state end, fault = case state when 'held' then fault else a_fault end,
    failures = failures + 1, last_attempt_at = clock_timestamp(), read_with = coalesce(a_read_with, read_with), unread_with = a_unread_with,
    claim = null, claimed_until = null, updated_at = clock_timestamp(),
    next_at = case when not fetched then 'infinity' when a_refused then clock_timestamp() + feeds_wait('1 day', 1)
                   else clock_timestamp() + feeds_wait(every, failures + 1) end
    where rota = a_rota;
  if before.state <> 'held' then
    perform feed_note(before, now_state, a_fault, before.last_good_at, null);
  end if;
  return 'done';
end $function$;
-- may be called by: crisiscover_feeds

-- How many shifts from that day on the fullest reading had that was read within a_since; 0: none was.
create function feeds_fullest(a_rota text, a_since interval, a_day integer)
 RETURNS bigint
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce(max(fullness_after(f.day, f.counts, a_day)), 0) from calendar_fullness f
  where f.rota = a_rota and f.hour > clock_timestamp() - a_since - interval '1 hour'
$function$;
-- may be called by: crisiscover_feeds

-- The address still gives what the shifts in force were made from: not modified, or the same bytes. Only the time of the check changes.
create function feeds_good(a_rota text, a_claim bigint, a_seen_body bytea, a_seen_with bytea, a_etag text, a_last_modified text, a_whole boolean)
 RETURNS text
 LANGUAGE plpgsql
AS $function$
declare
  before feed;
  moment timestamptz;
begin
  select * into before from feed where rota = a_rota and claim = a_claim for update;
  if not found then
    return 'gone';
  end if;
  moment := clock_timestamp();
  update import set state = 'discarded', decided_at = moment, decided_by = 'feed', reason = 'The address gives the accepted calendar again.'
    where id = before.held_import and state = 'preview';
  update feed set
    state = 'good', fault = null, failures = 0, last_attempt_at = moment, last_good_at = moment, told_stale = false,
    seen_body = a_seen_body, seen_with = a_seen_with, etag = a_etag, last_modified = a_last_modified,
    full_at = case when a_whole then moment else full_at end, held_body = null, held_import = null,
    claim = null, claimed_until = null, next_at = moment + feeds_wait(every, 0), updated_at = moment
    where rota = a_rota;
  -- It lists an event that began a while ago, so it does not drop events when they begin.
  if before.dropped > 0 and exists (
      select from shift s where s.rota = a_rota and s.known_to = 'infinity' and s.reading is not null and s.last_read_at is null
        and s.class <> 'unreadable' and s.starts_at <= moment - forget_slack() and s.ends_at > moment) then
    update feed set dropped = 0, dropped_start = null where rota = a_rota;
  end if;
  perform feed_note(before, 'good', null, moment, before.body);
  if feed_was_unknown(before) then
    perform shifts_changed(array[a_rota]);
  end if;
  perform feed_restored(before);
  return 'done';
end $function$;
-- may be called by: crisiscover_feeds

-- A body was read, and the guards require a person's decision. It becomes an import in preview, so that confirming and discarding are the same two
-- acts as for an upload. A body that reads like the one already held takes its place, without another flag.
create function feeds_held(a_rota text, a_claim bigint, a_base bigint, a_body bytea, a_bytes bytea, a_read_with bytea, a_reading jsonb, a_why text, a_diff jsonb, a_superseded bigint[], a_keys text[], a_classes text[], a_persons text[], a_teams text[], a_titles text[], a_starts timestamp with time zone[], a_ends timestamp with time zone[])
 RETURNS text
 LANGUAGE plpgsql
AS $function$
declare
  before feed;
  old import;
  moment timestamptz;
  now_import bigint;
begin
  select * into before from feed where rota = a_rota and claim = a_claim for update;
  if not found then
    return 'gone';
  end if;
  if before.reading is distinct from a_base then
    return 'again';
  end if;
  moment := clock_timestamp();
  select * into old from import where id = before.held_import for update;

  if found and old.base is not distinct from a_base and old.diff = a_diff and reading_same(old.reading, a_reading) then
    now_import := old.id;
    a_body := old.body;  -- that one is kept
  else
    insert into body (sha256, bytes, hash_alone) values (a_body, a_bytes, a_bytes is null) on conflict do nothing;
    perform body_lessen(a_body, a_bytes);
    update import set state = 'discarded', decided_at = moment, decided_by = 'feed', reason = 'The address gives another calendar now.'
      where id = before.held_import and state = 'preview';
    insert into import (rota, by_account, format, mode, body, state, read_at, reading, base, safe, why, diff, superseded)
      values (a_rota, 'feed', coalesce(a_reading->>'format', 'text/calendar'), 'ask', a_body, 'preview', moment,
              reading_add(a_rota, a_body, a_read_with, a_reading), a_base, false, a_why, a_diff, a_superseded)
      returning id into now_import;
    perform import_keep_rows(now_import, a_keys, a_classes, a_persons, a_teams, a_titles, a_starts, a_ends);
  end if;
  update feed set
    state = 'held', fault = a_why, failures = 0, held_body = a_body, held_import = now_import, last_attempt_at = moment, full_at = moment,
    claim = null, claimed_until = null, next_at = moment + feeds_wait(every, 0), updated_at = moment
    where rota = a_rota;
  perform feed_note(before, 'held', a_why, before.last_good_at, a_body);
  if before.state <> 'held' then
    perform flag_add('feed_held', null, null, null, null, 'held', null, null, 'high', a_rota);
  end if;
  update import set
    versions = decode(a_reading->>'versions', 'hex'), content = decode(a_reading->>'content', 'hex'), rules = a_reading->>'rules',
    learnt = jsonb_build_object('as_last_read', a_reading->'as_last_read', 'ahead', a_reading->'ahead'),
    warnings = coalesce(a_reading->'warnings', '[]')
    where id = now_import and state = 'preview';
  return 'done';
end $function$;
-- may be called by: crisiscover_feeds

-- Makes those feeds due whose stored body, or whose body that was refused, would now be read with something else. The arrays run in parallel, and
-- there are two of the second: what a calendar and what a roster of that rota would be read with.
create function feeds_outdated(a_rotas text[], a_calendar bytea[], a_roster bytea[])
 RETURNS bigint
 LANGUAGE sql
AS $function$
  with outdated as (
    select f.rota, feeds_turn(row_number() over (order by f.fetched, random())) as turn
    from feed f join unnest(a_rotas, a_calendar, a_roster) as now_with (rota, calendar, roster) using (rota)
    where (f.body is not null
           and f.read_with is distinct from case f.format when 'text/calendar' then now_with.calendar else now_with.roster end)
       or (f.fetched and f.state = 'failing' and f.unread_with not in (now_with.calendar, now_with.roster))),
  due as (
    -- Never later than it is due anyway; and those that have got a turn are left alone when this is asked again.
    update feed f set next_at = o.turn from outdated o
    where f.rota = o.rota and f.next_at > o.turn + interval '5 seconds'
    returning 1)
  select count(*) from due
$function$;
-- may be called by: crisiscover_feeds

-- Puts a claimed feed back, due in a_seconds (null: not before somebody makes it due), as if it had not been claimed.
create function feeds_release(a_rota text, a_claim bigint, a_seconds integer)
 RETURNS text
 LANGUAGE plpgsql
AS $function$
begin
  update feed set claim = null, claimed_until = null,
                  next_at = case when a_seconds is null then 'infinity' else clock_timestamp() + make_interval(secs => a_seconds) end
    where rota = a_rota and claim = a_claim;
  return case when found then 'done' else 'gone' end;
end $function$;
-- may be called by: crisiscover_feeds

-- The stored body of a feed that is fetched could not be read again: noted, so that it is not tried with every fetch. The claim is kept: the address
-- is asked next, and its answer is recorded under the same claim.
create function feeds_reread_failed(a_rota text, a_claim bigint, a_read_with bytea)
 RETURNS text
 LANGUAGE plpgsql
AS $function$
begin
  update feed set read_with = a_read_with where rota = a_rota and claim = a_claim;
  return case when found then 'done' else 'gone' end;
end $function$;
-- may be called by: crisiscover_feeds

-- The feeds that have changed since an instant (-infinity: all), with their warnings and the upload that is in force instead of an address. Each api
-- process asks several times a second, and may read neither the address nor what was learnt from it.
--
-- PL/pgSQL keeps the plan, and a plan for any instant: one for this instant takes longer to make than to do, and one that is made without knowing that
-- few have changed reads all feeds of a country.
create function feeds_since(a_since timestamp with time zone)
 RETURNS TABLE(rota text, kind text, state text, fault text, failures integer, every interval, last_attempt_at timestamp with time zone, last_good_at timestamp with time zone, last_change_at timestamp with time zone, horizon timestamp with time zone, next_at timestamp with time zone, reading bigint, held_import bigint, warnings jsonb, upload bigint, upload_since timestamp with time zone, to_decide integer)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
 SET enable_seqscan TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
begin
  return query
    select f.rota, f.kind, f.state, f.fault, f.failures, f.every, f.last_attempt_at, f.last_good_at, f.last_change_at, f.horizon, f.next_at, f.reading,
           coalesce(f.held_import, 0), feed_warnings(f), i.id, i.decided_at, jsonb_array_length(f.to_decide)
    from feed f left join import i on i.id = f.upload
    where f.updated_at >= a_since;
end $function$;
-- may be called by: crisiscover_api

-- After a start, spreads the feeds that fell due while no process ran. Feeds that were never tried stay due at once.
create function feeds_spread()
 RETURNS void
 LANGUAGE sql
AS $function$
  with late as (
    select rota from feed where next_at <= clock_timestamp() and last_attempt_at is not null and fetched
      and not claim_holds(claimed_until, claimed_by)
    for update skip locked),
  turns as (select rota, row_number() over (order by random()) as nth from late)
  update feed f set next_at = feeds_turn(t.nth) from turns t where f.rota = t.rota
$function$;
-- may be called by: crisiscover_feeds

-- The address gives the body that is held already. This is not a good check, and nothing new.
create function feeds_still_held(a_rota text, a_claim bigint, a_held_body bytea, a_whole boolean)
 RETURNS text
 LANGUAGE plpgsql
AS $function$
begin
  update feed set
    last_attempt_at = clock_timestamp(), failures = 0, full_at = case when a_whole then clock_timestamp() else full_at end,
    claim = null, claimed_until = null, next_at = clock_timestamp() + feeds_wait(every, 0), updated_at = clock_timestamp()
    where rota = a_rota and claim = a_claim and held_body = a_held_body;
  return case when found then 'done' else 'gone' end;
end $function$;
-- may be called by: crisiscover_feeds

-- Makes the feeds of these rotas (null: of all) those of the set-up in force. Runs inside the transaction that puts it in force. The record is
-- kept: of a rota that leaves, only shifts that are not over are superseded; what it covered, it covered.
create function feeds_sync(a_rotas text[])
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  -- Listed where all are meant: "null or any of these" in a condition has every row looked at, also where one is meant.
  rotas text[] := coalesce(a_rotas, array(select f.rota from feed f where f.rota <> '.canary'   -- which is in no set-up
                                          union select i.key from setup_item i where i.kind = 'rota' and i.ended is null));
  moment timestamptz;
  gone text[];
  other text[];
  ended bigint[];
  touched text[];
begin
  -- From here on no check and no import of these writes.
  perform from feed where rota = any (rotas) order by rota for update;
  -- Most changes of a rota are none of its feed: its tier, how it is read. The rest is not asked then, and searches the shifts.
  if not exists (select from setup_feeds(rotas) w full join (select * from feed where rota = any (rotas)) f on f.rota = w.rota
                 where (f.kind, f.address, f.way, f.every) is distinct from (w.kind, w.address, w.way, w.every)) then
    return;
  end if;
  select coalesce(array_agg(f.rota), '{}') into gone
    from feed f where f.rota = any (rotas) and not exists (select from setup_feeds(rotas) w where w.rota = f.rota);
  select coalesce(array_agg(f.rota), '{}') into other
    from feed f join setup_feeds(rotas) w on w.rota = f.rota where (f.kind, f.address) is distinct from (w.kind, w.address);

  -- Shifts of rotas that leave, and typed shifts of rotas that are typed no longer: no source will confirm them again.
  select coalesce(array_agg(s.id), '{}'), coalesce(array_agg(distinct s.rota), '{}') into ended, touched
    from shift s join feed f on f.rota = s.rota
    where s.known_to = 'infinity' and s.ends_at > clock_timestamp()
      and (s.rota = any (gone) or (s.rota = any (other) and f.kind = 'typed'));
  moment := record_moment(ended);
  perform shifts_supersede(ended, moment);
  update import set state = 'discarded', decided_at = moment, decided_by = 'region', reason = 'The rota has left the region.'
    where state in ('uploaded', 'preview') and rota = any (gone);
  insert into feed_event (rota, state, last_good_at) select f.rota, 'removed', f.last_good_at from feed f where f.rota = any (gone);
  delete from feed where rota = any (gone);
  delete from reading_attempt where rota = any (gone);

  -- Another source: nothing is known of it yet, and a job that is asking the old one loses its claim. The shifts stay until the new source is read.
  update import set state = 'discarded', decided_at = moment, decided_by = 'region', reason = 'The rota has another source now.'
    where state = 'preview' and id in (select f.held_import from feed f where f.rota = any (other));
  update feed f set
    kind = w.kind, address = w.address, way = w.way, every = w.every, next_at = case when w.address is null then 'infinity' else moment end,
    claim = null, claimed_until = null, refresh_asked_at = null, etag = null, last_modified = null, seen_body = null, seen_with = null,
    full_at = null, failures = 0, fault = null, state = case when f.reading is null then 'never' else 'good' end,
    held_body = null, held_import = null, updated_at = moment
    from setup_feeds(rotas) w where w.rota = f.rota and f.rota = any (other);

  -- Another secret, proxy or authority: the same source, tried at once. A job that is asking in the old way loses its claim.
  update feed f set
    way = w.way, next_at = moment, claim = null, claimed_until = null, etag = null, last_modified = null, failures = 0, updated_at = moment
    from setup_feeds(rotas) w where w.rota = f.rota and not f.rota = any (other) and f.way <> w.way;

  -- Another interval between checks.
  update feed f set every = w.every, next_at = least(f.next_at, moment + w.every)
    from setup_feeds(rotas) w where w.rota = f.rota and f.fetched and f.every <> w.every;

  -- New ones.
  insert into rota (id) select w.rota from setup_feeds(rotas) w order by 1 on conflict do nothing;
  insert into feed (rota, kind, address, way, every, next_at)
    select w.rota, w.kind, w.address, w.way, w.every, case when w.address is null then 'infinity' else moment end
    from setup_feeds(rotas) w where not exists (select from feed f where f.rota = w.rota);

  if cardinality(touched) > 0 then
    perform shifts_changed(touched);
  end if;
end $function$;
-- may be called by: its owner

-- One flag for each feed whose last good check has become an hour old. Answers when the next one is due (null: none is in sight).
create function feeds_tell_stale()
 RETURNS timestamp with time zone
 LANGUAGE plpgsql
AS $function$
declare
  stale text[];
  a_rota text;
begin
  with told as (
    update feed set told_stale = true, updated_at = clock_timestamp()
    where rota in (select rota from feed where fetched and not told_stale
                     and last_good_at <= clock_timestamp() - interval '60 minutes'
                   order by last_good_at limit 500 for update skip locked)
    returning rota)
  select array_agg(rota order by rota) into stale from told;
  foreach a_rota in array coalesce(stale, '{}') loop
    perform flag_add('feed_stale', null, null, null, null, 'stale', null, null, 'normal', a_rota);
  end loop;
  return (select min(last_good_at) + interval '60 minutes' from feed where fetched and not told_stale);
end $function$;
-- may be called by: crisiscover_feeds

-- When the a_nth of many feeds that are all due now should have its turn: fifty a second, and within a minute whatever their number, so
-- that one host does not get all requests at once.
create function feeds_turn(a_nth bigint)
 RETURNS timestamp with time zone
 LANGUAGE sql
AS $function$
  select clock_timestamp() + least(interval '20 milliseconds' * a_nth, interval '1 minute' * random())
$function$;
-- may be called by: crisiscover_feeds

-- How long until the next check: the interval itself, up to four times as long while it keeps failing but then at most 15 minutes; a tenth
-- more or less, so that the feeds of one host are not checked at the same time.
create function feeds_wait(a_every interval, a_failures integer)
 RETURNS interval
 LANGUAGE sql
AS $function$
  select (case when a_failures <= 0 then a_every
               else least(a_every * 2 ^ least(a_failures - 1, 2), interval '15 minutes' / 1.1) end) * (0.9 + 0.2 * random())
$function$;
-- may be called by: crisiscover_feeds

-- Writes a body that was read and may replace what is in force: the part of feeds_apply that is about the shifts and the state of the feed.
-- feeds_apply has locked the feed's row.
create function feeds_write(a_rota text, a_claim bigint, a_base bigint, a_body bytea, a_bytes bytea, a_read_with bytea, a_reading jsonb, a_fetched boolean, a_etag text, a_last_modified text, a_superseded bigint[], a_keys text[], a_classes text[], a_persons text[], a_teams text[], a_titles text[], a_starts timestamp with time zone[], a_ends timestamp with time zone[])
 RETURNS text
 LANGUAGE plpgsql
AS $function$
declare
  before feed;
  moment timestamptz;
  same boolean;
  now_reading bigint;
  now_body bytea;
  now_state text;
begin
  select * into before from feed where rota = a_rota and claim = a_claim;
  if not found then
    return 'gone';
  end if;
  -- While an upload is in force instead of the address, a person decides about what differs from it: feeds_held.
  if before.reading is distinct from a_base
     or (a_fetched and before.upload is not null and cardinality(a_superseded) + cardinality(a_keys) > 0) then
    return 'again';
  end if;
  moment := record_moment(a_superseded);
  if a_fetched and exists (select from import i where i.id = before.held_import and reading_same(i.reading, a_reading)) then
    perform feeds_still_held(a_rota, a_claim, before.held_body, true);
    return 'held';
  end if;

  -- A body that reads the same in everything is not worth keeping.
  same := cardinality(a_superseded) = 0 and cardinality(a_keys) = 0 and reading_same(before.reading, a_reading);
  if same then
    now_reading := before.reading;
    now_body := before.body;
  else
    insert into body (sha256, bytes, hash_alone) values (a_body, a_bytes, a_bytes is null) on conflict do nothing;
    now_reading := reading_add(a_rota, a_body, a_read_with, a_reading);
    now_body := a_body;
  end if;
  -- Of a stored body that another version of the reader has kept whole.
  perform body_lessen(a_body, a_bytes);
  perform shifts_supersede(a_superseded, moment);
  insert into shift (rota, key, class, person, team, title, starts_at, ends_at, reading, known_from, last_read_at)
    select a_rota, n.key, n.class, n.person, n.team, n.title, n.starts_at, n.ends_at, now_reading, moment,
           case when a_reading->'as_last_read' ? n.key then coalesce(before.last_good_at, moment) end
    from unnest(a_keys, a_classes, a_persons, a_teams, a_titles, a_starts, a_ends)
         as n (key, class, person, team, title, starts_at, ends_at);

  -- Reading a stored body again ends no fault of the address. For an upload, reading is the only thing that can fail.
  now_state := case when a_fetched or (not before.fetched and before.state = 'failing') then 'good' else before.state end;
  if a_fetched then
    update import set state = 'discarded', decided_at = moment, decided_by = 'feed', reason = 'The address gives a calendar that is in order.'
      where id = before.held_import and state = 'preview';
  end if;
  update feed set
    state = now_state, fault = case now_state when 'good' then null else fault end,
    held_body = case now_state when 'held' then held_body end, held_import = case now_state when 'held' then held_import end,
    body = now_body, reading = now_reading, read_with = a_read_with, horizon = (a_reading->>'horizon')::timestamptz,
    last_change_at = case when same or not a_fetched then last_change_at else moment end,
    seen_with = case when a_fetched or seen_body = a_body then a_read_with else seen_with end, updated_at = moment
    where rota = a_rota;
  if a_fetched then
    update feed set
      failures = 0, last_attempt_at = moment, last_good_at = moment, full_at = moment, told_stale = false,
      seen_body = a_body, etag = a_etag, last_modified = a_last_modified, upload = null, address_content = null,
      format = case when same then format else coalesce(a_reading->>'format', 'text/calendar') end
      where rota = a_rota;
    if before.upload is not null then
      perform audit_add('feed', 'upload_ended', 'import/' || before.upload,
                        jsonb_build_object('rota', a_rota, 'reason', 'The address gives what was uploaded.'));
    end if;
  end if;
  if a_fetched or not before.fetched then
    update feed set
      claim = null, claimed_until = null, next_at = case when fetched then moment + feeds_wait(every, 0) else 'infinity' end
      where rota = a_rota;
  end if;

  perform feed_note(before, now_state, case now_state when 'good' then null else before.fault end,
                    case when a_fetched then moment else before.last_good_at end, now_body);
  if not same or (a_fetched and feed_was_unknown(before)) then
    perform shifts_changed(array[a_rota]);
  end if;
  if a_fetched then
    perform feed_restored(before);
  end if;
  return 'done';
end $function$;
-- may be called by: crisiscover_feeds

-- As flag_put, and counts the group. The feeds role, whose flags are not about gaps, may not read gaps.
create function flag_add(a_kind text, a_gap uuid, a_place text, a_function text, a_requirement text, a_state text, a_starts timestamp with time zone, a_ends timestamp with time zone, a_severity text, a_cause text, a_more jsonb DEFAULT '{}'::jsonb)
 RETURNS text
 LANGUAGE plpgsql
AS $function$
declare
  members integer;
begin
  if a_gap is not null then
    members := (select gap_members(g.cause_group) from gap g where g.id = a_gap and g.cause_group is not null);
  end if;
  return flag_put(a_kind, a_gap, a_place, a_function, a_requirement, a_state, a_starts, a_ends, a_severity, a_cause, a_more, members);
end $function$;
-- may be called by: crisiscover_feeds

create function flag_add_gap(a_kind text, g gap)
 RETURNS text
 LANGUAGE sql
AS $function$
  select flag_add(a_kind, g.id, g.place, g.function, g.requirement, g.state, g.starts_at, g.ends_at, g.severity, g.cause)
$function$;
-- may be called by: its owner

-- Adds a flag: takes the next number and writes the payload that docs describe. Called as late as possible in a transaction, since it locks the
-- counter until the commit. Times are RFC 3339 UTC. A flag of a gap also has how far up the ladder it has come (`to`), and, where one source makes
-- many gaps, which group it belongs to and whether it is the one that people are called for. The caller passes how many there are of the group, since
-- it may add thousands of flags of one group. a_more: members of its own.
create function flag_put(a_kind text, a_gap uuid, a_place text, a_function text, a_requirement text, a_state text, a_starts timestamp with time zone, a_ends timestamp with time zone, a_severity text, a_cause text, a_more jsonb, a_members integer)
 RETURNS text
 LANGUAGE plpgsql
AS $function$
declare
  head record;
  g gap;
  moment timestamptz := clock_timestamp();
  iso constant text := 'YYYY-MM-DD"T"HH24:MI:SS"Z"';
  payload text;
begin
  if a_gap is not null then
    select * into g from gap where id = a_gap;
  end if;
  -- The canary's take no number: those who follow those would be told of them.
  if a_place is distinct from '.canary' then
    update flag_counter set seq = seq + 1 returning epoch, seq into head;
  else
    select 0 as epoch, turn as seq from canary into head;
  end if;
  payload := (jsonb_strip_nulls(jsonb_build_object(
      'v', 1, 'id', head.epoch || '-' || head.seq, 'kind', a_kind, 'gap', a_gap, 'place', a_place, 'function', a_function,
      'requirement', a_requirement, 'state', a_state,
      'start', to_char(a_starts at time zone 'UTC', iso), 'end', to_char(a_ends at time zone 'UTC', iso),
      'severity', a_severity,
      'lead_minutes', greatest(0, floor(extract(epoch from a_starts - moment) / 60))::bigint,
      'cause', a_cause, 'accepted_until', to_char(g.accepted_until at time zone 'UTC', iso), 'to', g.alerted_to,
      'group', g.cause_group, 'lead', case when g.cause_group is not null then g.lead end, 'members', a_members,
      'practice', (select nullif(r.head->'practice', 'false') from region r order by r.version desc limit 1),
      'at', to_char(moment at time zone 'UTC', iso))) || a_more)::text;
  if a_place is distinct from '.canary' then
    insert into flag (epoch, seq, at, kind, gap, place, function, payload)
      values (head.epoch, head.seq, moment, a_kind, a_gap, a_place, a_function, payload);
  else
    perform canary_flag(a_kind, a_starts, payload);
  end if;
  return head.epoch || '-' || head.seq;
end $function$;
-- may be called by: crisiscover_feeds

-- Makes this session the leader, given the newest id in Redis (0, 0: it has none). Not if another session leads, or if this is a
-- standby. If it leads: the epoch, and the id after which flags have to be in Redis but may not be: before the first that was never published,
-- and not after the newest that is there.
create function flags_lead(a_epoch integer, a_seq bigint, OUT leads boolean, OUT epoch integer, OUT after_epoch integer, OUT after_seq bigint)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  after bigint[];
  unpublished bigint[];
begin
  leads := not pg_is_in_recovery() and pg_try_advisory_lock(4242002);
  if not leads then
    return;
  end if;
  perform flags_renew_epoch(a_epoch, a_seq);
  select c.epoch into epoch from flag_counter c;
  -- After the newest that is there, or as far back as the stream is filled again.
  select greatest(array[a_epoch::bigint, a_seq], coalesce(max(array[f.epoch::bigint, f.seq]), array[0::bigint, 0])) into after
    from (select f.epoch, f.seq from flag f order by f.epoch desc, f.seq desc offset flags_refill_depth() limit 1) f;
  select array[f.epoch::bigint, f.seq - 1] into unpublished
    from flag f where f.published_at is null order by f.epoch, f.seq limit 1;
  after := least(after, unpublished);
  after_epoch := after[1];
  after_seq := after[2];
end $function$;
-- may be called by: crisiscover_flags

-- Notes that everything up to this id is in Redis, without waiting for the disk, and with a plan that is kept: a function in SQL is planned each
-- time, over every month there is. A mark that is lost in a crash is made again by the next leader, since flags_lead goes back before
-- the first unmarked flag, and the stream refuses what it has. The setting must be made here and last until the commit, where it has its effect:
-- a setting attached to the function would end before the commit.
create function flags_mark(a_epoch integer, a_seq bigint)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
begin
  perform set_config('synchronous_commit', 'off', true);
  update flag set published_at = clock_timestamp() where published_at is null and (epoch, seq) <= (a_epoch, a_seq);
end $function$;
-- may be called by: crisiscover_flags

-- Whether the database that hands out numbers now can be one that has lost some it had handed out: restored, or promoted without the
-- last commits. Every promotion begins another timeline and every new cluster has another identity; a copy of the files that was put
-- back shows by Redis knowing more than the counter does.
create function flags_numbers_may_repeat(a_epoch integer, a_seq bigint, a_system bigint, a_timeline integer)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select (a_epoch, a_seq) > (c.epoch, c.seq) or (i.system_identifier, i.timeline) is distinct from (a_system, a_timeline)
  from flag_counter c, (select * from incarnation order by epoch desc limit 1) i
$function$;
-- may be called by: its owner

-- How far back a Redis that has lost its data is filled again, in flags. The stream is trimmed to about as many.
create function flags_refill_depth()
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$ select 100000 $function$;
-- may be called by: its owner

-- Begins a new epoch if numbers may repeat, higher than any that a subscriber may have seen. The map's versions begin it too: they are
-- handed out by the same database. Locks as everybody: the map's head first, the counter of flags last.
--
-- An epoch that a promotion began may have been seen, in a heartbeat or by the api, and be lost with that promotion's node before a flag of it
-- was in Redis. The next promotion is of a later timeline, and begins an epoch as much later.
create function flags_renew_epoch(a_epoch integer, a_seq bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  system bigint;
  -- The timeline written to now; that of the last checkpoint is the old one for a while after a promotion.
  line integer := ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::integer;
  fresh integer;
  lost flag;
begin
  select system_identifier into system from pg_control_system();
  if not flags_numbers_may_repeat(a_epoch, a_seq, system, line) then
    return;
  end if;
  perform from map_head for update;
  perform from flag_counter for update;
  select greatest(c.epoch, a_epoch, h.epoch) + greatest(1, line - i.timeline) into fresh
    from flag_counter c, map_head h, (select x.timeline from incarnation x order by epoch desc limit 1) i;
  insert into incarnation (epoch, system_identifier, timeline) values (fresh, system, line);
  update map_head set epoch = fresh;
  update flag_counter set epoch = fresh, seq = 0;
  -- Flags under numbers that Redis has already: subscribers would take them for those, so they are published again under new ones.
  for lost in select * from flag where published_at is null and (epoch, seq) <= (a_epoch, a_seq) order by epoch, seq loop
    update flag_counter set seq = seq + 1;
    insert into flag (epoch, seq, at, kind, gap, place, function, payload)
      select c.epoch, c.seq, lost.at, lost.kind, lost.gap, lost.place, lost.function,
             jsonb_set(lost.payload::jsonb, '{id}', to_jsonb(c.epoch || '-' || c.seq))::text
      from flag_counter c;
    update flag set published_at = clock_timestamp() where (epoch, seq) = (lost.epoch, lost.seq);
  end loop;
  notify coverage_changed;
end $function$;
-- may be called by: its owner

-- FORGET_SLACK_SECONDS of model/forget.h.
create function forget_slack()
 RETURNS interval
 LANGUAGE sql
 IMMUTABLE
AS $function$ select interval '2 hours' $function$;
-- may be called by: crisiscover_feeds

create function fullness_after(a_day integer, a_counts integer[], a_from integer)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select coalesce(sum(c), 0) from unnest(a_counts) with ordinality as x (c, n) where a_day + n - 1 >= a_from
$function$;
-- may be called by: crisiscover_feeds

create function fullness_goes()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
begin
  delete from calendar_fullness where rota = old.rota;
  return null;
end $function$;
-- may be called by: its owner

-- Notes how full a reading is: a_ahead has `day` and `counts`.
create function fullness_keep(a_rota text, a_ahead jsonb)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  first integer := (a_ahead->>'day')::integer;
  full_of integer[] := array(select x.c::integer from jsonb_array_elements_text(a_ahead->'counts') with ordinality x (c, n) order by x.n);
begin
  if first is null then
    return;
  end if;
  delete from calendar_fullness where rota = a_rota and hour < clock_timestamp() - interval '8 days';
  insert into calendar_fullness as f (rota, hour, day, counts) values (a_rota, date_trunc('hour', clock_timestamp()), first, full_of)
    on conflict (rota, hour) do update set day = excluded.day, counts = excluded.counts
    where fullness_after(f.day, f.counts, first) < fullness_after(first, full_of, first);
end $function$;
-- may be called by: crisiscover_feeds

-- Acknowledges one gap. Answers whether this call did it.
create function gap_acknowledge(a_id uuid, a_who text, a_note text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  taken record;
begin
  select * into taken from gap_take_on(a_id, a_who, a_note, clock_timestamp());
  if taken.cause_group is not null then
    perform gap_elect(taken.cause_group, clock_timestamp());
  end if;
  return taken.done;
end $function$;
-- may be called by: crisiscover_api

-- Acknowledges several gaps of one group: those that are open and unacknowledged; those that are acknowledged already get the note. Answers how many.
-- The leader is elected after all are acknowledged, so that one acknowledgement is announced; all have one instant, so that they run out together,
-- with one reminder.
create function gap_acknowledge_all(a_ids uuid[], a_who text, a_note text)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  one uuid;
  of text;
  taken record;
  groups text[] := '{}';
  number integer := 0;
  moment timestamptz;
begin
  perform from map_head for update;
  moment := clock_timestamp();
  for one in select g.id from gap g where g.id = any (a_ids) and g.closed_at is null
             order by not g.lead, g.starts_at, g.id loop
    select * into taken from gap_take_on(one, a_who, a_note, moment);
    groups := groups || taken.cause_group;
    number := number + taken.done::int;
  end loop;
  for of in select distinct x from unnest(groups) x where x is not null order by 1 loop
    perform gap_elect(of, clock_timestamp());
  end loop;
  return number;
end $function$;
-- may be called by: crisiscover_api

-- How long an acknowledgement holds: GAP_ACKNOWLEDGED_SECONDS of model/gap.h.
create function gap_acknowledged_for()
 RETURNS interval
 LANGUAGE sql
 IMMUTABLE
AS $function$ select interval '7 days' $function$;
-- may be called by: its owner

-- Whether somebody must still acknowledge the gap: gap_awaits of model/gap.h. An acknowledgement that has run out does not count, even before
-- coverage has processed it.
create function gap_awaits(g gap)
 RETURNS boolean
 LANGUAGE sql
AS $function$
  select coalesce(g.accepted_until <= clock_timestamp(), true)
         and (g.acknowledged_until is null or g.acknowledged_until <= clock_timestamp()
              or severity_rank(g.severity) > severity_rank(g.acknowledged_severity))
$function$;
-- may be called by: its owner

-- How many gaps of the group subscribers believe to be open: those that were announced and are open, and those whose closing was not announced yet.
create function gap_believed(a_group text)
 RETURNS integer
 LANGUAGE plpgsql
 STABLE
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
begin
  return (select count(*) from gap where cause_group = a_group and closed_at is null and told)
       + (select count(*) from gap where cause_group = a_group and settle_at is not null);
end $function$;
-- may be called by: its owner

-- Chooses who leads a group. A leader stays one until another gap is more urgent: an unacknowledged one before an
-- acknowledged one, then by severity. The caller holds map_head, as everybody who writes gaps, and has given the map a new version; a demand that has
-- changed in that version is listed once.
create function gap_elect(a_group text, a_moment timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
declare
  leader gap;
  best gap;
begin
  select * into best from gap g where g.cause_group = a_group and g.closed_at is null and g.told
    order by gap_awaits(g) desc, severity_rank(g.severity) desc, g.lead desc, g.starts_at, g.id limit 1;
  if best.id is null or best.lead then
    return;
  end if;
  -- Readers of the map must read both again.
  insert into map_change (epoch, version, requirement, place)
    select distinct h.epoch, h.version, x.requirement, x.place from map_head h, gap x
    where x.cause_group = a_group and x.closed_at is null and (x.lead or x.id = best.id) and x.place <> '.canary'
      and not exists (select from map_change c where c.epoch = h.epoch and c.version = h.version
                                                 and c.requirement = x.requirement and c.place = x.place);
  update gap set lead = false, remind_at = null where cause_group = a_group and closed_at is null and lead;
  best.lead := true;
  update gap set lead = true, remind_at = gap_remind_at(best, a_moment) where id = best.id;
end $function$;
-- may be called by: its owner

-- A gap that the far edge of the window adds to a group, all of which is acknowledged, is acknowledged by the same people for the same time:
-- otherwise somebody would be called each day about a night a year ahead.
create function gap_follow(g gap)
 RETURNS void
 LANGUAGE plpgsql
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
declare
  taken gap;
begin
  select x.* into taken from gap x where x.cause_group = g.cause_group and x.closed_at is null and x.told and x.id <> g.id
    order by gap_awaits(x) desc, x.acknowledged_until desc, x.id limit 1;
  if taken.id is null or gap_awaits(taken) or severity_rank(g.severity) > severity_rank(taken.acknowledged_severity) then
    return;
  end if;
  perform gap_take_over(g, taken, g.severity);
end $function$;
-- may be called by: its owner

-- After flags were added: notes what is now known of a group, counting the gaps that subscribers believe to be open: a gap that closes and opens
-- without a flag is no growth of its group, and a group of that one gap is not a new group each time. a_led: its leader was announced. a_known: the
-- number of gaps that joined the group and were announced before, or for which nobody need be called.
create function gap_group_note(a_group text, a_led boolean, a_moment timestamp with time zone, a_known integer DEFAULT 0)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  n integer := gap_believed(a_group);
begin
  if n = 0 then
    delete from gap_group where id = a_group;
  elsif a_led then
    insert into gap_group (id, told_members, told_at) values (a_group, n, a_moment)
      on conflict (id) do update set told_members = n, told_at = a_moment, tell_at = null;
  else
    insert into gap_group as x (id, told_members, told_at, tell_at)
      values (a_group, least(a_known, n), a_moment, case when n > a_known then a_moment end)
      on conflict (id) do update set
        told_members = least(x.told_members + a_known, n),
        tell_at = case when n > x.told_members + a_known then coalesce(x.tell_at, x.told_at + gap_group_quiet()) end;
  end if;
end $function$;
-- may be called by: its owner

-- How long after the last flag of a group its growth is announced: GAP_GROUP_QUIET_SECONDS of model/gap.h.
create function gap_group_quiet()
 RETURNS interval
 LANGUAGE sql
 IMMUTABLE
AS $function$ select interval '30 minutes' $function$;
-- may be called by: its owner

-- Acknowledgements that have run out. The ladder continues, and people are reminded. Says how many reminders. The caller holds map_head.
create function gap_lapse()
 RETURNS integer
 LANGUAGE plpgsql
AS $function$
declare
  due uuid[];
  g gap;
begin
  select array_agg(id) into due from gap where acknowledged_until <= clock_timestamp() and closed_at is null;
  if due is null then
    return 0;
  end if;
  for g in update gap set acknowledged_until = null, acknowledged_severity = null, changed_at = clock_timestamp() where id = any (due)
           returning * loop
    insert into gap_event (gap, step, row_after) values (g.id, 'lapsed', to_jsonb(g));
  end loop;
  perform gap_touched(due, true);
  return gap_remind_again(due);
end $function$;
-- may be called by: its owner

-- The rota that leaves the gaps of a group empty: of "<rota>.empty-<start of the run>" and "<rota>.empty" (model/gap.h); null of other groups.
create function gap_left_empty_by(a_group text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select substring(a_group from '^(.*)\.empty(-[^.]*)?$')
$function$;
-- may be called by: crisiscover_coverage

-- How many open gaps of the group have been announced.
create function gap_members(a_group text)
 RETURNS integer
 LANGUAGE plpgsql
 STABLE
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
begin
  return (select count(*) from gap where cause_group = a_group and closed_at is null and told);
end $function$;
-- may be called by: its owner

-- The newest notes of a gap as JSON, oldest of them first; null: there are none.
create function gap_notes(a_gap uuid)
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
  select json_agg(json_build_object('at', to_char(n.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'who', n.who, 'step', n.step,
                                    'note', n.note) order by n.id)::text
    from (select * from gap_note where gap = a_gap order by id desc limit 20) n
$function$;
-- may be called by: crisiscover_api

-- Gaps that are no longer acknowledged: elects the leaders of their groups, and reminds once for each group, now. The caller has made their demands'
-- new version.
create function gap_remind_again(a_gaps uuid[])
 RETURNS integer
 LANGUAGE plpgsql
AS $function$
declare
  one text;
  g gap;
  moment timestamptz := clock_timestamp();
  told integer := 0;
begin
  for one in select distinct x.cause_group from gap x where x.id = any (a_gaps) and x.cause_group is not null order by 1 loop
    perform gap_elect(one, moment);
  end loop;
  for g in select x.* from gap x
           where x.closed_at is null and x.told and x.lead and gap_awaits(x)
             and (x.id = any (a_gaps)
                  or x.cause_group in (select y.cause_group from gap y where y.id = any (a_gaps)))
           order by x.starts_at, x.id loop
    update gap set remind_at = gap_remind_at(g, moment) where id = g.id;
    perform flag_add_gap('reminder', g);
    told := told + 1;
  end loop;
  if told > 0 then
    notify flags_filled;
  end if;
  return told;
end $function$;
-- may be called by: its owner

-- When it is announced again, counted from a_from; null: never, since it is closed, untold, acknowledged, or does not lead its group.
create function gap_remind_at(g gap, a_from timestamp with time zone)
 RETURNS timestamp with time zone
 LANGUAGE sql
AS $function$
  select case when g.closed_at is null and g.told and g.lead and gap_awaits(g) then a_from + coverage_remind_after(g.severity) end
$function$;
-- may be called by: its owner

-- While a source is unknown, all that it leaves uncovered is one gap, and the others close though nobody has filled them. A gap that opens where
-- such a one was is acknowledged as that was. Not where somebody was on in between, nor if an acknowledgement was taken back since: then it
-- must be acknowledged again. Answers whether it is acknowledged.
create function gap_resume(g gap)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
declare
  taken gap;
begin
  select x.* into taken from gap x
    where x.requirement = g.requirement and x.place = g.place and not x.passed and x.acknowledged_until > clock_timestamp()
      and x.starts_at < g.ends_at and x.ends_at > g.starts_at
      and not exists (select from span s
                      where s.requirement = g.requirement and s.place = g.place and s.state = 'covered' and s.known_to > x.closed_at
                        and s.starts_at < least(x.ends_at, g.ends_at) and s.ends_at > greatest(x.starts_at, g.starts_at))
      and not exists (select from gap_note n join gap y on y.id = n.gap
                      where y.requirement = g.requirement and y.place = g.place and n.step = 'taken_back' and n.at > x.closed_at)
    order by x.closed_at desc, x.id limit 1;
  if taken.id is null or severity_rank(g.severity) > severity_rank(taken.acknowledged_severity) then
    return false;
  end if;
  perform gap_take_over(g, taken, taken.acknowledged_severity);
  return true;
end $function$;
-- may be called by: its owner

-- What an answer about a gap has of the risk of its requirement: the one in force or that waits, else one that was lost within two weeks. JSON; null: none.
create function gap_risk(a_requirement text, a_place text)
 RETURNS text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
  select json_build_object('id', r.id,
    'state', case when r.how is not null then r.how when r.in_force_at is null then 'waiting' else 'accepted' end,
    'reason', r.reason, 'until', to_char(r.until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    'accepted', (select count(*) from risk_accepted a where a.risk = r.id), 'of', cardinality(r.needed), 'why', r.why)::text
  from risk r
  where code_now('requirement', r.requirement, r.at) = a_requirement and code_now('place', r.place, r.at) = a_place
    and (r.ended_at is null or (r.how = 'lost' and r.ended_at > clock_timestamp() - interval '14 days'))
  order by r.ended_at is not null, r.in_force_at is null, r.id desc limit 1
$function$;
-- may be called by: crisiscover_api

-- How long a closing that is held back is held: GAP_REOPEN_SECONDS of model/gap.h.
create function gap_settles_after()
 RETURNS interval
 LANGUAGE sql
 IMMUTABLE
AS $function$ select interval '10 minutes' $function$;
-- may be called by: its owner

-- Takes back the acknowledgement of several gaps. Answers how many had one. A reminder is sent at once.
create function gap_take_back(a_ids uuid[], a_who text, a_note text)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  g gap;
  freed uuid[] := '{}';
begin
  perform from map_head for update;
  for g in update gap set acknowledged_at = null, acknowledged_by = null, acknowledged_severity = null, acknowledged_until = null,
                          note = null, changed_at = clock_timestamp()
           where id = any (a_ids) and closed_at is null and acknowledged_at is not null returning * loop
    freed := freed || g.id;
    insert into gap_note (gap, who, step, note) values (g.id, a_who, 'taken_back', a_note);
    insert into gap_event (gap, step, row_after) values (g.id, 'taken_back', to_jsonb(g));
    insert into audit (actor, action, object, detail)
      values (a_who, 'gap_taken_back', 'gap/' || g.id, jsonb_build_object('requirement', g.requirement, 'place', g.place));
  end loop;
  if cardinality(freed) > 0 then
    perform gap_touched(freed, true);
    perform gap_remind_again(freed);
  end if;
  return cardinality(freed);
end $function$;
-- may be called by: crisiscover_api

-- Of these gaps, those that somebody has expected are acknowledged by that person, with the reason that was given. Not one of which anybody has said
-- anything yet: what a person does about a gap comes first.
create function gap_take_expected(a_gaps uuid[], a_moment timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  g record;
  taken record;
begin
  for g in
    select y.id, x.who, x.reason from gap y
    cross join lateral (select e.who, e.reason from gap_expected e
                        where e.requirement = y.requirement and e.place = y.place and e.ended_at is null
                          and e.starts_at < y.ends_at and e.ends_at > y.starts_at order by e.id desc limit 1) x
    where y.id = any (a_gaps) and y.closed_at is null and not exists (select from gap_note n where n.gap = y.id)
    order by y.starts_at, y.id loop
    select * into taken from gap_take_on(g.id, g.who, g.reason, a_moment);
    if taken.cause_group is not null then
      perform gap_elect(taken.cause_group, a_moment);
    end if;
  end loop;
end $function$;
-- may be called by: its owner

-- Somebody acknowledges a gap at a_moment: records it, sends a flag, stops the reminders and the ladder for a week, or until the gap is worse by a
-- band. Answers whether this call did it: while an acknowledgement holds, its name stays, and what others say is kept as notes.
-- P0001 with a sentence if there is no such gap, or it is closed.
create function gap_take_on(a_id uuid, a_who text, a_note text, a_moment timestamp with time zone, OUT done boolean, OUT cause_group text)
 RETURNS record
 LANGUAGE plpgsql
AS $function$
declare
  g gap;
begin
  perform from map_head for update;
  done := false;
  select * into g from gap where id = a_id for update;
  if not found then
    raise exception 'There is no gap %.', a_id using errcode = 'P0001';
  elsif g.closed_at is not null then
    raise exception 'This gap was closed at %: there is nothing left to acknowledge.',
      to_char(g.closed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') using errcode = 'P0001';
  elsif not gap_awaits(g) then
    if a_note is not null then
      insert into gap_note (gap, who, step, note) values (g.id, a_who, 'noted', a_note);
      insert into audit (actor, action, object, detail)
        values (a_who, 'gap_noted', 'gap/' || g.id, jsonb_build_object('requirement', g.requirement, 'place', g.place));
      perform gap_touched(array[g.id], false);
    end if;
    return;
  end if;
  update gap set acknowledged_at = a_moment, acknowledged_by = a_who, acknowledged_severity = severity, note = a_note,
                 acknowledged_until = a_moment + gap_acknowledged_for(), changed_at = a_moment, remind_at = null
    where id = a_id returning * into g;
  insert into gap_note (gap, at, who, step, note) values (g.id, a_moment, a_who, 'acknowledged', a_note);
  insert into gap_event (gap, step, row_after) values (g.id, 'acknowledged', to_jsonb(g));
  insert into audit (actor, action, object, detail)
    values (a_who, 'gap_acknowledged', 'gap/' || g.id, jsonb_build_object('requirement', g.requirement, 'place', g.place));
  -- A sweep that has read the gap before must read again, or it would send an alert of the ladder about an acknowledged gap.
  perform gap_touched(array[g.id], false);
  perform flag_add_gap('acknowledged', g);
  notify flags_filled;
  done := true;
  cause_group := g.cause_group;
end $function$;
-- may be called by: its owner

-- The gap has the acknowledgement of another from now on, as of a_severity.
create function gap_take_over(g gap, a_taken gap, a_severity text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  update gap set acknowledged_at = a_taken.acknowledged_at, acknowledged_by = a_taken.acknowledged_by, acknowledged_severity = a_severity,
                 acknowledged_until = a_taken.acknowledged_until, note = a_taken.note, remind_at = null
    where id = g.id returning * into g;
  insert into gap_note (gap, at, who, step, note) values (g.id, a_taken.acknowledged_at, a_taken.acknowledged_by, 'acknowledged', a_taken.note);
  insert into gap_event (gap, step, row_after) values (g.id, 'acknowledged', to_jsonb(g));
end $function$;
-- may be called by: its owner

-- The map has changed at these gaps: makes a new version, so that readers and running sweeps read their demands again. a_climbs: they must be swept,
-- since the ladder continues. The caller holds map_head.
create function gap_touched(a_gaps uuid[], a_climbs boolean)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  head map_head;
begin
  update map_head set version = version + 1, at = greatest(clock_timestamp(), at + interval '1 microsecond') returning * into head;
  insert into map_change (epoch, version, requirement, place)
    select distinct head.epoch, head.version, g.requirement, g.place from gap g where g.id = any (a_gaps);
  update demand d set version = d.version + 1, next_at = case when a_climbs then '-infinity' else d.next_at end
    where d.retired_at is null and exists (select from gap g where g.id = any (a_gaps) and g.requirement = d.requirement and g.place = d.place);
  notify coverage_changed;
  if a_climbs then
    notify shifts_changed;
  end if;
end $function$;
-- may be called by: its owner

-- A row of gap as gap_event keeps it, in the words of the api.
create function gap_words(a_row jsonb)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
AS $function$
  select jsonb_build_object('requirement', a_row->'requirement', 'function', a_row->'function', 'state', a_row->'state', 'cause', a_row->'cause',
           'start', iso((a_row->>'starts_at')::timestamptz), 'end', iso((a_row->>'ends_at')::timestamptz),
           'present', a_row->'present', 'required', a_row->'required', 'severity', a_row->'severity',
           'opened_at', iso((a_row->>'opened_at')::timestamptz), 'acknowledged_at', iso((a_row->>'acknowledged_at')::timestamptz),
           'acknowledged_by', a_row->'acknowledged_by', 'note', a_row->'note')
$function$;
-- may be called by: crisiscover_api

-- The gaps of a place that were open at a_known and lie over a_at, as they stood then, each with its steps since. The place and the function may
-- have other codes since.
create function gaps_then(a_place text, a_function text, a_at timestamp with time zone, a_known timestamp with time zone)
 RETURNS TABLE(gap uuid, as_then text, since text)
 LANGUAGE sql
 STABLE
AS $function$
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
$function$;
-- may be called by: crisiscover_api

-- Ends those of a_ids that are not ended. The accounts they were linked to are signed out of what a provider had signed them in to. How many.
create function identities_end(a_ids bigint[], a_actor text)
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
declare
  accounts text[];
  gone bigint[];
begin
  select coalesce(array_agg(distinct account), '{}') into accounts from identity where id = any (a_ids) and state = 'linked';
  with ended as (
    update identity set state = 'ended', ended_at = clock_timestamp(), ended_by = a_actor, name = null
      where id = any (a_ids) and state <> 'ended' returning id)
  select coalesce(array_agg(id order by id), '{}') into gone from ended;
  perform audit_add(a_actor, 'identity_ended', 'identity/' || id, jsonb_build_object('provider', provider, 'account', account))
    from identity where id = any (gone) order by id;
  perform sessions_end(array(select id from session where account = any (accounts) and how = 'provider' and ended_at is null), a_actor);
  return cardinality(gone);
end $function$;
-- may be called by: its owner

-- What is of no more use: nobody has decided about a request for a month, or a refusal is a month old. The person may ask again.
create function identities_expire()
 RETURNS void
 LANGUAGE sql
AS $function$
  update identity set state = 'ended', ended_at = clock_timestamp(), ended_by = 'expired', name = null
    where state in ('asked', 'refused') and coalesce(decided_at, asked_at) < clock_timestamp() - interval '30 days'
$function$;
-- may be called by: its owner

-- An organisation under another code: its people and its providers follow.
create function identities_rename(a_was text, a_code text)
 RETURNS void
 LANGUAGE sql
AS $function$
  update identity set organisation = a_code where organisation = a_was;
  update provider p set body = jsonb_set(body, '{organisations}', (select jsonb_agg(case when o = to_jsonb(a_was) then to_jsonb(a_code) else o end)
                                                                   from jsonb_array_elements(p.body->'organisations') o))
    where body->'organisations' ? a_was
$function$;
-- may be called by: its owner

-- Links the person of a request to an account of that organisation, or to one that is of none, such as an administrator's: the api sees to it that only
-- an administrator does that. A refusal may be changed into this. What is in the way: 'absent' (no such request), 'done' (linked already), 'account'
-- (there is no such account of a person), or null.
create function identity_accept(a_id bigint, a_account text, a_actor text)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  i identity;
  to_none boolean;
begin
  select * into i from identity where id = a_id and state <> 'ended' for update;
  if not found then
    return 'absent';
  elsif i.state = 'linked' then
    return 'done';
  end if;
  select organisation is null into to_none from account
    where name = a_account and kind = 'person' and coalesce(organisation, i.organisation) = i.organisation and retired_at is null for share;
  if not found then
    return 'account';
  end if;
  update identity set state = 'linked', account = a_account, of_none = to_none, decided_at = clock_timestamp(), decided_by = a_actor, name = null where id = a_id;
  perform audit_add(a_actor, 'identity_linked', 'identity/' || a_id, jsonb_build_object('provider', i.provider, 'account', a_account));
  return null;
end $function$;
-- may be called by: crisiscover_api

-- Takes a link, a request or a refusal away. False: there is none.
create function identity_end(a_id bigint, a_actor text)
 RETURNS boolean
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
  select identities_end(array[a_id], a_actor) = 1
$function$;
-- may be called by: crisiscover_api

-- What is in the way: 'absent', 'done' (decided already), or null.
create function identity_refuse(a_id bigint, a_actor text)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare i identity;
begin
  select * into i from identity where id = a_id and state <> 'ended' for update;
  if not found then
    return 'absent';
  elsif i.state <> 'asked' then
    return 'done';
  end if;
  update identity set state = 'refused', decided_at = clock_timestamp(), decided_by = a_actor, name = null where id = a_id;
  perform audit_add(a_actor, 'identity_refused', 'identity/' || a_id, jsonb_build_object('provider', i.provider));
  return null;
end $function$;
-- may be called by: crisiscover_api

-- A person signs in through a provider, as one of an organisation. The outcome: 'linked' with the account; 'asked' (a request was made, or waits);
-- 'refused'; 'full' (too many requests wait); 'moved' (the account is another organisation's now); 'used' (the token was used before);
-- 'gone' (the provider was taken out meanwhile).
create function identity_sign_in(a_provider text, a_subject text, a_organisation text, a_name text, a_issued bigint, a_token bytea, a_most integer, OUT outcome text, OUT account text)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  i identity;
begin
  perform from provider p where p.id = a_provider and p.removed_at is null for share;
  if not found then
    outcome := 'gone';
    return;
  end if;
  perform identities_expire();
  select x.* into i from identity x
    where x.provider = a_provider and x.subject = a_subject and x.organisation = a_organisation and x.state <> 'ended' for update;
  if not found then
    -- One at a time for an organisation, so that the count is right.
    perform pg_advisory_xact_lock(hashtextextended('identity ' || a_organisation, 0));
    if (select count(*) from identity x where x.organisation = a_organisation and x.state = 'asked') >= a_most then
      outcome := 'full';
      return;
    end if;
    insert into identity as x (provider, subject, organisation, name) values (a_provider, a_subject, a_organisation, a_name)
      on conflict (provider, subject, organisation) where state <> 'ended' do nothing returning * into i;
    if found then
      perform audit_add('provider/' || a_provider, 'identity_asked', 'identity/' || i.id, jsonb_build_object('organisation', a_organisation));
    end if;
    outcome := 'asked';
    return;
  end if;
  if i.state <> 'linked' then
    outcome := i.state;
    return;
  end if;
  perform from account a where a.name = i.account and a.retired_at is null
      and a.organisation is not distinct from case when not i.of_none then i.organisation end for share;
  if not found then
    outcome := 'moved';
    return;
  end if;
  if i.last_issued > a_issued or i.last_token = a_token then
    outcome := 'used';
    return;
  end if;
  update identity x set last_issued = a_issued, last_token = a_token, used_at = clock_timestamp() where x.id = i.id;
  outcome := 'linked';
  account := i.account;
end $function$;
-- may be called by: crisiscover_api

-- Keeps an uploaded file for the reader and answers the number it can be asked after by. One of mode look is not noted here: reading its effect is.
-- P0001: no such rota in the region.
create function import_add(a_rota text, a_actor text, a_format text, a_mode text, a_sha256 bytea, a_bytes bytea)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare added bigint;
begin
  perform from feed where rota = a_rota;
  if not found then
    raise exception 'there is no rota % in the region', a_rota using errcode = 'P0001';
  end if;
  insert into body (sha256, bytes) values (a_sha256, a_bytes) on conflict do nothing;
  insert into import (rota, by_account, format, mode, body) values (a_rota, a_actor, a_format, a_mode, a_sha256) returning id into added;
  notify import_changed;
  if a_mode = 'look' then
    return added;
  end if;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'import_uploaded', 'import/' || added,
            jsonb_build_object('rota', a_rota, 'mode', a_mode, 'bytes', length(a_bytes), 'sha256', encode(a_sha256, 'hex')));
  return added;
end $function$;
-- may be called by: crisiscover_api

-- As import_add, for a file that comes with a region file and is to take the place of a_over (null: of nothing), which is kept for the moment in
-- which the file has been read. P0001: something else is in force meanwhile.
create function import_add_over(a_rota text, a_actor text, a_format text, a_mode text, a_sha256 bytea, a_bytes bytea, a_over bytea)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
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
end $function$;
-- may be called by: crisiscover_api

-- A person confirms a preview. Refused (P0001, a message for people) when it is not one, when the rota has changed since it was made, or when
-- the guards have something against it and no reason is given.
create function import_apply(a_import bigint, a_actor text, a_reason text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  i import;
  f feed;
begin
  perform import_lock(a_import);
  select * into i from import where id = a_import;
  select * into f from feed where rota = i.rota;
  if f.rota is null then
    raise exception 'the rota % is no longer in the region', i.rota using errcode = 'P0001';
  end if;
  if i.mode = 'look' then
    raise exception 'this file was sent to be looked at: send it again to put it in force' using errcode = 'P0001';
  end if;
  if i.state <> 'preview' then
    raise exception 'this import cannot be confirmed: it is %', case i.state when 'uploaded' then 'still being read' else i.state end
      using errcode = 'P0001';
  end if;
  if f.reading is distinct from i.base or exists (select from shift where id = any (i.superseded) and known_to <> 'infinity') then
    raise exception 'the rota has changed since this preview was made: send the file again' using errcode = 'P0001';
  end if;
  if not i.safe and coalesce(btrim(a_reason), '') = '' then
    raise exception 'a reason is needed to confirm this: %', i.why using errcode = 'P0001';
  end if;
  perform import_put_in_force(i, f, a_actor, a_reason);
end $function$;
-- may be called by: crisiscover_api

-- Confirms the preview that was read at a_read_us (a_undo: undoes the import). Refuses (P0001) as import_apply() and import_undo() do, and if the
-- overrides do not become as in a_turns, which is compared in the same transaction.
create function import_decide(a_import bigint, a_undo boolean, a_actor text, a_reason text, a_read_us bigint, a_turns text[])
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
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
end $function$;
-- may be called by: crisiscover_api

-- A person discards an import. A held body stays held until its address gives another one; nobody is asked about it again.
create function import_discard(a_import bigint, a_actor text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare i import;
begin
  perform import_lock(a_import);
  select * into i from import where id = a_import;
  if i.mode = 'look' then
    perform import_look_ends(a_import);
    return;
  end if;
  if i.state not in ('uploaded', 'preview') then
    raise exception 'this import cannot be discarded: it is %', i.state using errcode = 'P0001';
  end if;
  update import set state = 'discarded', decided_at = clock_timestamp(), decided_by = a_actor, claimed_until = null where id = a_import;
  if i.state = 'uploaded' then
    perform body_unread(a_import);
  end if;
  -- To keep the upload is a decision about this calendar of the address: it is no longer new.
  update feed f set
    state = case when failures > 0 then 'failing' else 'good' end,
    fault = case when failures > 0 then 'The address could not be checked the last time.' end,
    held_body = null, held_import = null, seen_body = f.held_body, seen_with = null, etag = null,
    last_modified = null, address_content = i.content, next_at = clock_timestamp(), updated_at = clock_timestamp()
    where f.rota = i.rota and f.held_import = i.id and f.upload is not null and f.held_body <> f.body;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'import_discarded', 'import/' || a_import, jsonb_build_object('rota', i.rota));
  notify import_changed;
end $function$;
-- may be called by: crisiscover_api

-- Whether a preview can be put in force as it is. The caller holds its rota's feed.
create function import_fits(i import)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select i.state = 'preview' and exists (select from feed f where f.rota = i.rota and f.reading is not distinct from i.base)
     and not exists (select from shift s where s.id = any (i.superseded) and s.known_to <> 'infinity')
$function$;
-- may be called by: its owner

-- Keeps the rows of a preview.
create function import_keep_rows(a_import bigint, a_keys text[], a_classes text[], a_persons text[], a_teams text[], a_titles text[], a_starts timestamp with time zone[], a_ends timestamp with time zone[])
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into import_shift (import, key, class, person, team, title, starts_at, ends_at)
    select a_import, n.* from unnest(a_keys, a_classes, a_persons, a_teams, a_titles, a_starts, a_ends) as n
$function$;
-- may be called by: crisiscover_feeds

-- Locks an import's feed and the import, in that order; refuses what is not there.
create function import_lock(a_import bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  perform from feed where rota = (select rota from import where id = a_import) for update;
  perform from import where id = a_import for update;
  if not found then
    raise exception 'there is no import %', a_import using errcode = 'P0001';
  end if;
end $function$;
-- may be called by: its owner

-- Nothing is kept of an import of mode look. Its body is deleted unless something else has the same bytes.
create function import_look_ends(a_import bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare a_body bytea;
begin
  delete from import_shift where import = a_import;
  delete from import where id = a_import and mode = 'look' returning body into strict a_body;
  if exists (select from feed where seen_body = a_body) then
    return;
  end if;
  delete from body where sha256 = a_body;
exception when foreign_key_violation then
  delete from import_shift where import = a_import;
  delete from import where id = a_import and mode = 'look';
end $function$;
-- may be called by: its owner

-- Imports of mode look that were never ended, because the program that sent them was stopped.
create function import_looks_end(a_before timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  perform import_look_ends(i.id) from import i where i.mode = 'look' and i.uploaded_at < a_before;
end $function$;
-- may be called by: its owner

-- A preview of mode `if_safe` that a person has to confirm after all.
create function import_not_safe(a_import bigint, a_read_us bigint, a_why text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
begin
  update import i set safe = false, why = a_why
    where id = a_import and state = 'preview' and mode = 'if_safe' and safe and import_read_us(i) = a_read_us;
  notify import_changed;
end $function$;
-- may be called by: crisiscover_api

-- A preview put in force (a_undo: what is in force, undone), and rolled back: the rota's shifts that end after a_after and start before a_before,
-- and, of each override that changes, its state before and after (was, becomes; turn: override_turn()), in columns of its own. `part`:
--   brings    the rota has no override that could be touched: a shift that comes beside those that are not superseded (id below zero)
--   rota      a shift of the rota as it would be
--   override  an override: id, person, from starts_at to ends_at, and what becomes of it
-- horizon and last_good_at: what the rota's source would have, in every row; null of the part `brings`. An undo always has a row; it is refused
-- (P0001) as by import_undo().
create function import_outcome(a_import bigint, a_undo boolean, a_after timestamp with time zone, a_before timestamp with time zone)
 RETURNS TABLE(rota text, id bigint, class text, person text, team text, title text, starts_at timestamp with time zone, ends_at timestamp with time zone, override bigint, instead text, made_at timestamp with time zone, made_by text, note text, dispute text, third text[], late boolean, as_last_read boolean, part text, was text, becomes text, turn text, horizon timestamp with time zone, last_good_at timestamp with time zone)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
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
    elsif i.looked is not null then
      i.reading := reading_add(i.rota, i.body, '', i.looked);
      perform import_put_in_force(i, f, i.by_account, null);
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
end $function$;
-- may be called by: crisiscover_api

-- A file was read: keeps what it would change. Mode `now` puts it in force in the same transaction. `again` when the rota's shifts have changed since
-- a_base; `gone` when somebody else has the claim. A file that was a preview before is one again, with what it would change now. A calendar that the
-- address gave once and gives no longer is not asked about any more. A file that asks nobody and is to take the place of certain bytes does so only
-- while these are in force: what a person has put in force, or taken back, meanwhile stays.
create function import_preview(a_import bigint, a_claim bigint, a_base bigint, a_read_with bytea, a_reading jsonb, a_safe boolean, a_why text, a_diff jsonb, a_superseded bigint[], a_keys text[], a_classes text[], a_persons text[], a_teams text[], a_titles text[], a_starts timestamp with time zone[], a_ends timestamp with time zone[])
 RETURNS text
 LANGUAGE plpgsql
AS $function$
declare
  before feed;
  i import;
begin
  -- The feed's row is locked before the import's.
  select f.* into before from feed f join import w on w.rota = f.rota where w.id = a_import for update of f;
  if not found then
    return 'gone';
  end if;
  -- Versions and warnings are written first: the mode `now` puts the import in force below.
  update import set
    versions = decode(a_reading->>'versions', 'hex'), content = decode(a_reading->>'content', 'hex'), rules = a_reading->>'rules',
    learnt = jsonb_build_object('as_last_read', a_reading->'as_last_read', 'ahead', a_reading->'ahead'),
    warnings = coalesce(a_reading->'warnings', '[]')
    where id = a_import and state = 'uploaded' and claim = a_claim returning * into i;
  if not found then
    return 'gone';
  end if;
  if i.by_account = 'feed' and before.held_import is distinct from a_import then
    update import set state = 'discarded', decided_at = clock_timestamp(), decided_by = 'feed', claimed_until = null,
                      reason = 'The address gives another calendar now.'
      where id = a_import;
    return 'gone';
  end if;
  if i.filed and i.mode not in ('ask', 'look') and before.body is distinct from i.takes_place_of and before.body is distinct from i.body then
    perform import_refused(a_import, a_claim, 'What is in force on this rota was changed while the file was on its way, so the file was not '
                                              'put in force. Look at what is in force now, and apply again.', a_read_with, a_reading);
    return 'overtaken';
  end if;
  if before.reading is distinct from a_base then
    return 'again';
  end if;
  -- Between an upload and the address a person chooses, with a reason, however harmless the difference.
  if i.by_account = 'feed' and before.upload is not null and i.body <> before.body then
    a_safe := false;
    a_why := coalesce(a_why, 'A calendar that was uploaded here stands instead of the address.');
  end if;

  delete from import_shift where import = a_import;
  update import set
    state = 'preview', read_at = clock_timestamp(), base = a_base,
    reading = case when i.mode <> 'look' then reading_add(i.rota, i.body, a_read_with, a_reading) end,
    looked = case when i.mode = 'look' then a_reading end,
    safe = a_safe, why = a_why, diff = a_diff, superseded = a_superseded, claimed_until = null
    where id = a_import returning * into i;
  perform import_keep_rows(a_import, a_keys, a_classes, a_persons, a_teams, a_titles, a_starts, a_ends);
  if i.mode = 'now' then
    perform import_put_in_force(i, before, i.by_account, null);
    return 'applied';
  end if;
  notify import_changed;
  return 'done';
end $function$;
-- may be called by: crisiscover_feeds

-- Puts a preview in force: used for confirming and for the modes that ask nobody. The caller holds the feed's row and the import's and has checked
-- that it may be put in force.
create function import_put_in_force(i import, before feed, a_actor text, a_reason text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  moment timestamptz := record_moment(i.superseded);
  r reading;
  added bigint;
  -- A file that a person sent is in force instead of the address. A held calendar of the address that a person confirmed does not. An upload that was
  -- read again and held is still that upload.
  again boolean := i.by_account = 'feed' and before.upload is not null and i.body = before.body;
  instead boolean := before.fetched and (i.by_account <> 'feed' or again);
  given bytea := nullif(before.held_body, before.body);  -- what the address gave and is held
begin
  select * into strict r from reading where id = i.reading;
  perform shifts_supersede(i.superseded, moment);
  insert into shift (rota, key, class, person, team, title, starts_at, ends_at, reading, known_from, last_read_at)
    select i.rota, n.key, n.class, n.person, n.team, n.title, n.starts_at, n.ends_at, i.reading, moment,
           case when i.learnt->'as_last_read' ? n.key then coalesce(before.last_good_at, moment) end
    from import_shift n where n.import = i.id;
  get diagnostics added = row_count;

  update import set state = 'applied', decided_at = moment, decided_by = a_actor, reason = a_reason, claimed_until = null where id = i.id;
  -- The held calendar is settled: it is this one, or it was compared with shifts that are no longer in force.
  update import set state = 'discarded', decided_at = moment, decided_by = a_actor, reason = 'Another calendar was put in force.'
    where id = before.held_import and state = 'preview' and id <> i.id;
  update feed set
    state = 'good', fault = null, failures = 0, body = i.body, format = i.format, reading = i.reading, read_with = r.read_with,
    horizon = r.horizon, last_good_at = moment, last_change_at = moment, told_stale = false, held_body = null, held_import = null,
    -- There are no validators for these bytes yet, so the next fetch brings the whole calendar.
    seen_body = i.body, seen_with = r.read_with, etag = null, last_modified = null, updated_at = moment,
    upload = null, address_content = null
    where rota = i.rota and not instead;
  -- The state of the address does not change: when it was good last, and what it gave last.
  update feed set
    state = case state when 'held' then 'good' else state end, fault = case when state in ('failing', 'refused') then fault end,
    body = i.body, format = i.format, reading = i.reading, read_with = r.read_with, horizon = r.horizon, last_change_at = moment,
    held_body = null, held_import = null, upload = case when again then before.upload else i.id end, updated_at = moment,
    seen_body = coalesce(given, before.seen_body), seen_with = case when given is null then before.seen_with end,
    etag = case when given is null then before.etag end,
    last_modified = case when given is null then before.last_modified end,
    address_content = case
      when given is not null then (select h.content from import h where h.id = before.held_import)
      when before.upload is not null then before.address_content
      when before.seen_body is not null then before.content end
    where rota = i.rota and instead;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'import_applied', 'import/' || i.id,
            jsonb_build_object('rota', i.rota, 'mode', i.mode, 'added', added, 'superseded', cardinality(i.superseded), 'reason', a_reason));
  perform feed_note(before, f.state, f.fault, f.last_good_at, i.body) from feed f where f.rota = i.rota;
  perform shifts_changed(array[i.rota]);
  notify import_changed;
  if not instead then
    perform feed_restored(before);
  end if;
end $function$;
-- may be called by: crisiscover_feeds

-- When an import was read, in microseconds: identifies the preview that was judged.
create function import_read_us(i import)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select (extract(epoch from i.read_at) * 1000000)::bigint
$function$;
-- may be called by: crisiscover_api

-- The result of reading an import: its reading, or, of mode look, the values that would become one.
create function import_reading(i import)
 RETURNS SETOF reading
 LANGUAGE sql
 STABLE
AS $function$
  select r.* from reading r where r.id = i.reading
  union all select (jsonb_populate_record(null::reading, i.looked)).* where i.looked is not null
$function$;
-- may be called by: crisiscover_api

-- The file is no calendar, or the reader refused it. a_reading (or null) has the findings.
create function import_refused(a_import bigint, a_claim bigint, a_why text, a_read_with bytea, a_reading jsonb)
 RETURNS text
 LANGUAGE plpgsql
AS $function$
declare i import;
begin
  select * into i from import where id = a_import and state = 'uploaded' and claim = a_claim for update;
  if not found then
    return 'gone';
  end if;
  update import set
    state = 'refused', why = a_why, read_at = clock_timestamp(), claimed_until = null,
    reading = case when a_reading is not null and i.mode <> 'look' then reading_add(i.rota, i.body, a_read_with, a_reading) end,
    looked = case when i.mode = 'look' then a_reading end
    where id = a_import;
  perform body_unread(a_import);
  notify import_changed;
  return 'done';
end $function$;
-- may be called by: crisiscover_feeds

-- How far an upload is. a_events: once they are counted.
create function import_step(a_import bigint, a_step text, a_events integer)
 RETURNS void
 LANGUAGE sql
AS $function$
  update import set step = a_step, events_read = a_events where id = a_import and state = 'uploaded'
$function$;
-- may be called by: crisiscover_feeds

-- Whenever an import comes into force, its feed takes over what the import has noted, and the import keeps how the feed stood, for an undo.
create function import_takes_force()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  select jsonb_build_object('state', f.state, 'fault', f.fault, 'last_good_at', f.last_good_at, 'versions', encode(f.versions, 'hex'),
                            'content', encode(f.content, 'hex'), 'warnings', f.warnings, 'upload', f.upload,
                            'address_content', encode(f.address_content, 'hex'))
    into new.was from feed f where f.rota = new.rota;
  update feed set
    versions = new.versions, content = new.content, warnings = new.warnings, rules = new.rules,
    to_decide = coalesce(new.diff->'to_decide', '[]')
    where rota = new.rota;
  -- After a person's confirmation, fullness is counted from this calendar on. One that the guards let pass is still compared with those before.
  if new.mode <> 'if_safe' then
    delete from calendar_fullness where rota = new.rota;
  end if;
  perform fullness_keep(new.rota, new.learnt->'ahead');
  return new;
end $function$;
-- may be called by: crisiscover_feeds

-- Undoes the import whose bytes are in force, for 30 days; an upload that is in force instead of an address, whatever its age. For the time ahead,
-- what was in force just before the import is in force again, under present codes: rows that are the same stay, others are superseded, missing ones
-- are written again. Shifts that are over stay as they are. The body before the import is then read again, so that rules that have changed since are
-- applied. Typed shifts are not touched.
create function import_undo(a_import bigint, a_actor text, a_reason text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
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

  -- In force just before the import, and not over.
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
    -- If the key is in force, it belongs to a shift that is over and stays: the restored shift gets another key.
    select i.rota, case when o.id is null then w.key else left(w.key, 580) || '@undone' end || x.suffix,
           case when x.unclear then 'undecided' else w.class end, x.person, w.team, w.title, w.starts_at, w.ends_at, w.reading, moment, w.last_read_at
    from shift w
    left join shift o on o.rota = i.rota and o.key = w.key and o.known_to = 'infinity'
    left join lateral people_parted(w.person, i.decided_at) p (codes) on w.person is not null
    -- Who was split since may be either: a shift counts for nobody until the calendar has been read again, and an absence takes both away.
    cross join lateral (
      select '' as suffix, p.codes is not null and w.class <> 'absence' as unclear,
             case when p.codes is null or w.class = 'absence' then code_now('person', w.person, i.decided_at) end as person
      union all
      select '#split' || n, false, c from unnest(p.codes) with ordinality c (c, n) where w.class = 'absence') x
    where w.id = any (wanted) and (o.id is null or o.ends_at <= clock_timestamp());

  update import set state = 'undone', decided_at = moment, decided_by = a_actor, reason = a_reason where id = a_import;
  update import set state = 'discarded', decided_at = moment, decided_by = a_actor, reason = 'The import it was compared with was undone.'
    where id = f.held_import and state = 'preview';
  update feed set
    state = case when f.upload = i.id and earlier.id is not null then case f.state when 'held' then 'good' else f.state end
                 when i.was->>'state' in ('good', 'failing', 'refused') then i.was->>'state' when earlier.id is null then 'never' else 'good' end,
    fault = case when f.upload = i.id and earlier.id is not null then case when f.state in ('failing', 'refused') then f.fault end
                 when i.was->>'state' in ('failing', 'refused') then i.was->>'fault' end, failures = 0, held_body = null, held_import = null,
    upload = (i.was->>'upload')::bigint, address_content = decode(i.was->>'address_content', 'hex'),
    -- A source that could not be checked before the import does not become checked by the undo.
    -- Checks of the address while the upload stood are kept.
    last_good_at = case when i.was is null or f.upload = i.id then last_good_at else (i.was->>'last_good_at')::timestamptz end,
    body = earlier.body, reading = earlier.id, read_with = null, horizon = earlier.horizon, last_change_at = moment,
    versions = decode(i.was->>'versions', 'hex'), content = decode(i.was->>'content', 'hex'), warnings = coalesce(i.was->'warnings', '[]'),
    format = coalesce(earlier.format, 'text/calendar'),
    seen_body = null, seen_with = null, etag = null, last_modified = null, claim = null, claimed_until = null,
    next_at = case when fetched or earlier.id is not null then moment else 'infinity' end, updated_at = moment
    where rota = i.rota;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'import_undone', 'import/' || a_import, jsonb_build_object('rota', i.rota, 'reason', a_reason));
  delete from calendar_fullness where rota = i.rota;
  perform shifts_changed(array[i.rota]);
  notify import_changed;
end $function$;
-- may be called by: crisiscover_api

-- Claims uploads that wait to be read. As for feeds, only by who knows the region and the decisions in force.
create function imports_claim(a_limit integer, a_region bigint, a_decisions bigint)
 RETURNS TABLE(id bigint, rota text, format text, body bytea, bytes bytea, claim bigint)
 LANGUAGE plpgsql
AS $function$
#variable_conflict use_column
declare
  taken bigint[];
begin
  with waiting as (
    select i.id from import i
    where i.state = 'uploaded' and not claim_holds(i.claimed_until, i.claimed_by)
      and a_region = (select max(version) from region) and a_decisions = (select version from decision_head)
      and exists (select from body b where b.sha256 = i.body)
    order by i.id limit a_limit
    for update skip locked),
  claimed as (
    update import i set claimed_until = clock_timestamp() + interval '60 seconds', claimed_by = session_name(), claim = nextval('feed_claim')
    from waiting where i.id = waiting.id
    returning i.id)
  select array_agg(c.id) into taken from claimed c;
  -- That statement saw the versions of its beginning, and may have taken a file that a decision has freed since. A decision that comes now waits for
  -- the rows, and takes the claim away.
  if a_region <> (select max(version) from region) or a_decisions <> (select version from decision_head) then
    update import i set claimed_until = null, claim = null where i.id = any (taken);
    return;
  end if;
  return query select i.id, i.rota, i.format, i.body, b.bytes, i.claim from import i join body b on b.sha256 = i.body where i.id = any (taken);
end $function$;
-- may be called by: crisiscover_feeds

-- As feeds_outdated, for previews: a preview must say what the file means now, so it is read again when what it was read with has changed. Also on
-- rotas that have no shifts in force.
create function imports_outdated(a_rotas text[], a_calendar bytea[], a_roster bytea[])
 RETURNS bigint
 LANGUAGE sql
AS $function$
  with outdated as (
    select i.id from import i join reading r on r.id = i.reading
      join unnest(a_rotas, a_calendar, a_roster) as now_with (rota, calendar, roster) on now_with.rota = i.rota
    where i.state = 'preview'
      and r.read_with is distinct from case i.format when 'text/calendar' then now_with.calendar else now_with.roster end
    for update of i skip locked),
  due as (
    update import i set state = 'uploaded', claim = null, claimed_until = null, step = null from outdated o where i.id = o.id returning 1)
  select count(*) from due
$function$;
-- may be called by: crisiscover_feeds

-- For anyone who owns the database: makes the account of a person if it is missing, with this role, and a link for it.
create function invitation_issue(a_account text, a_role text, a_sha256 bytea, a_seconds integer)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
begin
  insert into account (name, kind, role, by_hand) values (a_account, 'person', a_role, true)
    on conflict (name) do update set role = excluded.role, by_hand = true, retired_at = null where account.kind = 'person';
  update account_head set version = version + 1;
  notify accounts_changed;
  if invitation_make(a_account, 'invite', true, a_sha256, a_seconds, 'owner') is not null then
    raise exception 'the account is not a person''s' using errcode = 'P0001';
  end if;
end $function$;
-- may be called by: its owner

-- The purpose of a link, and the secret that belongs to it: a_totp from the first request on. No row: it is none, or none any more.
create function invitation_look(a_sha256 bytea, a_totp bytea)
 RETURNS TABLE(account text, kind text, second boolean, totp bytea, has_totp bytea, totp_step bigint)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
begin
  update invitation i set totp = a_totp
    where i.sha256 = a_sha256 and i.totp is null and a_totp is not null and exists (select from invitation_open(a_sha256));
  return query select i.account, i.kind, i.second, i.totp, c.totp, coalesce(c.totp_step, 0)
               from invitation_open(a_sha256) i left join credential c on c.account = i.account;
end $function$;
-- may be called by: crisiscover_api

-- Makes a link. Earlier ones of the account are of no more use. An invitation is for an account that has no password yet and sets a second factor
-- where the account will need one; a reset keeps that unless a_second. Answers what is in the way: 'absent', 'not_a_person', or null.
create function invitation_make(a_account text, a_kind text, a_second boolean, a_sha256 bytea, a_seconds integer, a_actor text)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  a account;
begin
  select * into a from account where name = a_account and retired_at is null for share;
  if not found then
    return 'absent';
  end if;
  if a.kind <> 'person' then
    return 'not_a_person';
  end if;
  update invitation set void_at = clock_timestamp() where account = a_account and used_at is null and void_at is null;
  insert into invitation (sha256, account, kind, made_by, expires_at, second)
    values (a_sha256, a_account, a_kind, a_actor, clock_timestamp() + make_interval(secs => a_seconds), a_second);
  perform audit_add(a_actor, case a_kind when 'invite' then 'invited' else 'password_reset_offered' end, 'account/' || a_account,
                    jsonb_build_object('second_factor', a_second));
  return null;
end $function$;
-- may be called by: crisiscover_api

create function invitation_open(a_sha256 bytea)
 RETURNS SETOF invitation
 LANGUAGE sql
 STABLE
AS $function$
  select i.* from invitation i join account a on a.name = i.account
  where i.sha256 = a_sha256 and i.used_at is null and i.void_at is null and i.expires_at > clock_timestamp() and a.retired_at is null
$function$;
-- may be called by: its owner

-- Uses a link up: the password, and with a_codes (the hashes of recovery codes; null: the second factor stays as it is) the second factor that it
-- holds. a_step: of the code that was shown. Everybody who is signed in to the account is signed out. False: it is none any more.
create function invitation_use(a_sha256 bytea, a_password text, a_step bigint, a_codes bytea[])
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  i invitation;
begin
  select x.* into i from invitation x where x.sha256 = a_sha256 and exists (select from invitation_open(a_sha256)) for update;
  if not found or i.used_at is not null or i.void_at is not null then
    return false;
  end if;
  insert into credential as c (account, password, totp, totp_step)
    values (i.account, a_password, case when a_codes is not null then i.totp end, coalesce(a_step, 0))
    on conflict (account) do update
      set password = excluded.password, set_at = clock_timestamp(),
          totp = case when a_codes is not null then excluded.totp else c.totp end,
          totp_step = case when a_codes is not null then excluded.totp_step else greatest(c.totp_step, excluded.totp_step) end;
  if a_codes is not null then
    delete from recovery_code where account = i.account;
    insert into recovery_code (account, sha256) select i.account, x from unnest(a_codes) x;
  end if;
  update invitation set used_at = clock_timestamp(), totp = null where sha256 = a_sha256;
  perform account_sign_out(i.account, null, i.account);
  perform audit_add(i.account, 'password_set', 'account/' || i.account,
                    jsonb_build_object('link_made_by', i.made_by, 'second_factor', a_codes is not null));
  return true;
end $function$;
-- may be called by: crisiscover_api

-- Whether a text can stand where an address stood: tables refuse an address itself. Null can.
create function is_address_mask(a_text text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select a_text ~ '^https://address\.invalid/[0-9a-f]{64}$'
$function$;
-- may be called by: its owner

create function is_erasing()
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
  select exists (select from erasing where xid = pg_current_xact_id_if_assigned())
$function$;
-- may be called by: crisiscover_api, crisiscover_coverage, crisiscover_feeds, crisiscover_flags, crisiscover_notify

-- Whether two accounts are one person's, as far as the set-up says it: a second person is another one, whichever account is used. As it is when asked.
create function is_same_person(a_account text, a_other text)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
  select a_account = a_other
      or exists (select from setup_item i join setup_item o on o.kind = 'account' and o.key = a_other and o.ended is null
                 where i.kind = 'account' and i.key = a_account and i.ended is null and i.item->>'person' = o.item->>'person')
$function$;
-- may be called by: crisiscover_api

-- What names a secret: the hash of its address's mask, and its own.
create function is_secret_name(a_text text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select a_text ~ '^[0-9a-f]{64}\.[0-9a-f]{64}$'
$function$;
-- may be called by: its owner

create function iso(a_at timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select to_char(a_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
$function$;
-- may be called by: crisiscover_api

-- An object for the audit: of a work phone the last three digits are left.
create function item_audited(a_item jsonb)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select a_item
      || case when a_item ? 'work_phone' then jsonb_build_object('work_phone', contact_audited(a_item->'work_phone')) else '{}' end
      || case when a_item->'phone'->'personal' = 'true' then jsonb_build_object('phone', contact_audited(a_item->'phone')) else '{}' end
$function$;
-- may be called by: its owner

-- The members of an object that differ from a_other.
create function item_part(a_item jsonb, a_other jsonb)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select coalesce(jsonb_object_agg(m.key, m.value), '{}') from jsonb_each(a_item) m where a_other->m.key is distinct from m.value
$function$;
-- may be called by: its owner

-- Only the end of a decision is ever written, and once.
create function keep_decisions()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'UPDATE' and old.known_to = 'infinity' and new.known_to <> 'infinity'
     and to_jsonb(new) - array['known_to', 'ended_by'] = to_jsonb(old) - array['known_to', 'ended_by'] then
    return new;
  end if;
  raise exception '% on %: the record is only ever added to', lower(tg_op), tg_table_name using errcode = 'P0002';
end $function$;
-- may be called by: its owner

-- At the end of the transaction, since the version is taken after all other rows.
create function keep_leave_versions()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
begin
  if exists (select from leave l where l.absence = new.id) then
    update leave set version = swap_version() where absence = new.id;
  end if;
  return null;
end $function$;
-- may be called by: its owner

create function keep_protocols()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  ends constant text[] := array['ended_at', 'ended_by', 'why'];
begin
  if tg_op = 'UPDATE' and old.ended_at is null and to_jsonb(new) - ends = to_jsonb(old) - ends then
    return new;
  end if;
  raise exception '% on %: the record is only ever added to', lower(tg_op), tg_table_name using errcode = 'P0002';
end $function$;
-- may be called by: its owner

create function keep_risks()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  ends constant text[] := array['in_force_at', 'ended_at', 'ended_by', 'how', 'why'];
begin
  if tg_op = 'UPDATE' and old.ended_at is null and to_jsonb(new) - ends = to_jsonb(old) - ends
     and (old.in_force_at is null or new.in_force_at = old.in_force_at) then
    return new;
  end if;
  raise exception '% on %: the record is only ever added to', lower(tg_op), tg_table_name using errcode = 'P0002';
end $function$;
-- may be called by: its owner

-- Only the end of an edition is ever written, and the rota's code when it is renamed.
create function keep_rotations()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'UPDATE' and to_jsonb(new) - array['known_to', 'ended_by', 'rota'] = to_jsonb(old) - array['known_to', 'ended_by', 'rota']
     and (old.known_to = 'infinity' or (new.known_to, new.ended_by) = (old.known_to, old.ended_by)) then
    return new;
  end if;
  raise exception '% on %: the record is only ever added to', lower(tg_op), tg_table_name using errcode = 'P0002';
end $function$;
-- may be called by: its owner

create function keep_subscriptions()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  ends constant text[] := array['ended_at', 'ended_by'];
begin
  if tg_op = 'UPDATE' and old.ended_at is null and to_jsonb(new) - ends = to_jsonb(old) - ends then
    return new;
  end if;
  raise exception '% on %: the record is only ever added to', lower(tg_op), tg_table_name using errcode = 'P0002';
end $function$;
-- may be called by: its owner

-- Rows of the record may be added, and nothing else.
create function keep_the_record()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception '% on %: the record is only ever added to', lower(tg_op), tg_table_name using errcode = 'P0002';
end $function$;
-- may be called by: its owner

-- Of a swap nothing is ever written but its state, its version, and that its link was used; of a shift its override, once.
create function keep_what_was_offered()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  may constant text[] := case tg_table_name when 'swap' then array['version', 'state', 'link'] else array['override'] end;
begin
  if tg_op = 'UPDATE' and to_jsonb(new) - may = to_jsonb(old) - may
     and (tg_table_name = 'swap' and (to_jsonb(new)->'link' = 'null' or to_jsonb(new)->'link' = to_jsonb(old)->'link')
          or tg_table_name = 'swap_shift' and to_jsonb(old)->'override' = 'null') then
    return new;
  end if;
  raise exception '% on %: the record is only ever added to', lower(tg_op), tg_table_name using errcode = 'P0002';
end $function$;
-- may be called by: its owner

-- What may be written into a row that is there: its version, and once each how it ended. A row is deleted only if it was over before the record of
-- remarks begins, which is noted first.
create function keep_what_was_remarked()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  ends constant text[] := array['withdrawn_at', 'settled_at', 'settled_by', 'settle_note', 'ended_at', 'ended_by'];
begin
  if tg_op = 'DELETE' and old.until < (select at from record_begins where name = 'remark') then
    return old;
  end if;
  if tg_op = 'UPDATE' and not exists (select from jsonb_each(to_jsonb(old)) b
                                      where to_jsonb(new)->b.key is distinct from b.value and b.key <> 'version'
                                        and (b.value <> 'null' or b.key <> all (ends)) and (b.key <> 'told' or b.value = 'true')) then
    return new;
  end if;
  raise exception '% on %: the record is only ever added to', lower(tg_op), tg_table_name using errcode = 'P0002';
end $function$;
-- may be called by: its owner

-- Only what became of it is ever written.
create function keep_what_was_requested()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare may constant text[] := array['state', 'version', 'absence', 'overrides'];
begin
  if tg_op = 'UPDATE' and to_jsonb(new) - may = to_jsonb(old) - may then
    return new;
  end if;
  raise exception '% on %: the record is only ever added to', lower(tg_op), tg_table_name using errcode = 'P0002';
end $function$;
-- may be called by: its owner

-- Of an override or an absence only the withdrawal is ever written, and its codes when something is renamed or people are merged or split, in the
-- transaction that does it.
create function keep_what_was_said()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
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
           and not exists (select from renamed r where r.kind = k.kind and r.was = before->>k.key and r.code = after->>k.key and r.at >= now())
           and not exists (select from person_move m
                           where k.kind = 'person' and m.was = before->>k.key and m.code = after->>k.key and m.at >= now())) then
      return new;
    end if;
  end if;
  raise exception '% on %: the record is only ever added to', lower(tg_op), tg_table_name using errcode = 'P0002';
end $function$;
-- may be called by: its owner

-- Approves leave: the absence, an override for each shift that somebody stands in for (a_covers: [{"rota", "person", "starts_at", "ends_at"}]), and the
-- gaps that it is known to leave (a_gaps: [{"requirement", "place", "starts_at", "ends_at"}]), which are a_actor's, for a_reason. The overrides are made
-- first: they replace somebody who is on.
create function leave_approve(a_leave bigint, a_covers jsonb, a_gaps jsonb, a_reason text, a_actor text, OUT overrides bigint[], OUT absence bigint)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  l leave;
  one jsonb;
  who text;
begin
  perform from feed f where f.rota in (select x->>'rota' from jsonb_array_elements(a_covers) x) order by f.rota for update;
  l := leave_hold(a_leave, array['requested']);
  who := code_now('person', l.person, l.requested_at);
  if l.ends_at <= clock_timestamp() then
    raise exception 'this leave is over' using errcode = 'P0001';
  end if;
  overrides := '{}';
  for one in select x from jsonb_array_elements(a_covers) x loop
    overrides := overrides || override_add(one->>'rota', one->>'person', who, (one->>'starts_at')::timestamptz, (one->>'ends_at')::timestamptz,
                                           (one->>'ends_at')::timestamptz, null, false, a_actor);
  end loop;
  -- From now on: who was on until now was on.
  absence := absence_add(who, greatest(l.starts_at, date_trunc('second', clock_timestamp())), l.ends_at, a_actor);
  insert into gap_expected (requirement, place, starts_at, ends_at, who, reason, made_for)
    select x->>'requirement', x->>'place', (x->>'starts_at')::timestamptz, (x->>'ends_at')::timestamptz, a_actor, a_reason, 'leave/' || a_leave
    from jsonb_array_elements(a_gaps) x;
  update leave x set state = 'approved', absence = leave_approve.absence, overrides = leave_approve.overrides where x.id = a_leave;
  perform leave_step(l, 'approved', a_actor, a_reason, jsonb_build_object('absence', absence, 'overrides', overrides, 'gaps', a_gaps));
end $function$;
-- may be called by: crisiscover_api

-- The shifts of the rotas of a_covers if it were approved; the absence is added by who asks.
create function leave_approve_try(a_leave bigint, a_covers jsonb, a_actor text, a_after timestamp with time zone, a_before timestamp with time zone)
 RETURNS SETOF shift_shown
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare shown shift_shown[];
begin
  begin
    perform leave_approve(a_leave, a_covers, '[]', null, a_actor);
    shown := array(select x from (select distinct c->>'rota' as rota from jsonb_array_elements(a_covers) c) r, rota_shown(r.rota, a_after, a_before) x);
    raise exception 'taken back' using errcode = 'P0003';
  exception when sqlstate 'P0003' then
    null;
  end;
  return query select * from unnest(shown);
end $function$;
-- may be called by: crisiscover_api

-- The row of a request, locked. P0001 where there is none, or it was decided.
create function leave_hold(a_leave bigint, a_states text[])
 RETURNS leave
 LANGUAGE plpgsql
AS $function$
declare l leave;
begin
  select * into l from leave where id = a_leave for update;
  if not found then
    raise exception 'there is no leave %', a_leave using errcode = 'P0001';
  elsif leave_state(l) <> all (a_states) then
    raise exception 'this leave is % already', leave_state(l) using errcode = 'P0001';
  end if;
  return l;
end $function$;
-- may be called by: its owner

create function leave_refuse(a_leave bigint, a_reason text, a_actor text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare l leave := leave_hold(a_leave, array['requested']);
begin
  update leave set state = 'refused' where id = a_leave;
  perform leave_step(l, 'refused', a_actor, a_reason, jsonb_strip_nulls(jsonb_build_object('reason', a_reason)));
end $function$;
-- may be called by: crisiscover_api

-- P0001: the same person has asked for some of that time already, or has left the region.
create function leave_request(a_person text, a_start timestamp with time zone, a_end timestamp with time zone, a_actor text)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  l leave;
  first leave;
begin
  -- The person's row keeps two requests from passing each other.
  perform from person where id = a_person for update;
  perform people_there(array[a_person]);
  select * into first from leave x
    where code_now('person', x.person, x.requested_at) = a_person and x.starts_at < a_end and x.ends_at > a_start
      and leave_state(x) in ('requested', 'approved') order by x.id limit 1;
  if found then
    raise exception 'leave % is % for some of that time already: withdraw it before you ask again', first.id, first.state using errcode = 'P0001';
  end if;
  insert into leave (version, requested_by, person, starts_at, ends_at) values (swap_version(), a_actor, a_person, a_start, a_end) returning * into l;
  perform leave_step(l, 'requested', a_actor, null, '{}');
  return l.id;
end $function$;
-- may be called by: crisiscover_api

-- The leave of these people (codes of today) that ends after a_begin and begins before a_finish, after number a_after; where a_leave is given, it alone.
create function leave_shown(a_people text[], a_begin timestamp with time zone, a_finish timestamp with time zone, a_after bigint, a_most bigint, a_leave bigint DEFAULT NULL::bigint)
 RETURNS TABLE(id bigint, person text, starts_at timestamp with time zone, ends_at timestamp with time zone, state text, requested_at timestamp with time zone, requested_by text, decided_at timestamp with time zone, decided_by text, reason text, absence bigint, overrides bigint[])
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
  select l.id, p.person, l.starts_at, l.ends_at, leave_state(l), l.requested_at, code_now('account', l.requested_by, l.requested_at),
         e.at, code_now('account', e.who, e.at), e.reason, l.absence, l.overrides
  from leave l
  cross join lateral (select code_now('person', l.person, l.requested_at) as person) p
  left join lateral (select x.* from leave_event x where x.leave = l.id and x.step <> 'requested' order by x.id desc limit 1) e on true
  where (a_leave is null or l.id = a_leave) and (a_leave is not null or p.person = any (a_people))
    and l.id > a_after and l.ends_at > a_begin and l.starts_at < a_finish
  order by l.id limit a_most
$function$;
-- may be called by: crisiscover_api

-- Leave whose absence somebody has withdrawn is withdrawn.
create function leave_state(l leave)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select case when l.state = 'approved' and exists (select from absence a where a.id = l.absence and a.withdrawn_at is not null) then 'withdrawn'
              else l.state end
$function$;
-- may be called by: its owner

create function leave_step(l leave, a_step text, a_who text, a_reason text, a_detail jsonb)
 RETURNS void
 LANGUAGE sql
AS $function$
  update leave set version = swap_version() where id = l.id and a_step <> 'requested';
  insert into leave_event (leave, step, who, reason) values (l.id, a_step, a_who, a_reason);
  select audit_add(a_who, 'leave_' || a_step, 'leave/' || l.id, jsonb_build_object('person', l.person, 'starts_at', iso(l.starts_at),
                                                                                  'ends_at', iso(l.ends_at)) || a_detail);
$function$;
-- may be called by: its owner

-- Takes a request back, or approved leave: then the absence ends now, and no gap is expected any more. Answers the overrides that stand all the same: who
-- stands in was asked to, and somebody must decide whether that still holds.
create function leave_withdraw(a_leave bigint, a_actor text)
 RETURNS bigint[]
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare l leave := leave_hold(a_leave, array['requested', 'approved']);
begin
  if l.state = 'approved' then
    perform absence_withdraw(l.absence, a_actor);
    update gap_expected set ended_at = clock_timestamp() where made_for = 'leave/' || a_leave and ended_at is null;
  end if;
  update leave set state = 'withdrawn' where id = a_leave;
  perform leave_step(l, 'withdrawn', a_actor, null, '{}');
  return array(select o.id from override o where o.id = any (l.overrides) and o.withdrawn_at is null and o.expires_at > clock_timestamp() order by 1);
end $function$;
-- may be called by: crisiscover_api

-- Lets an erasure change what the triggers `keep` keep, those that there are so far: each migration that makes one calls it. The setting is only
-- there so that other changes need not look into the table; by itself it opens nothing.
create function let_erasing_through()
 RETURNS void
 LANGUAGE plpgsql
AS $function$
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
end $function$;
-- may be called by: its owner

-- Keeps a new link, of an account that is there. False: it is not. The link itself never comes here, and its note does not go into the audit.
create function link_add(a_account text, a_id text, a_sha256 bytea, a_expires timestamp with time zone, a_kind text, a_of text, a_names boolean, a_note text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
begin
  perform from account where name = a_account and retired_at is null for share;
  if not found then
    return false;
  end if;
  insert into token (id, account, sha256, expires_at, made_by, scopes, link_kind, link_of, link_names, link_note)
    values (a_id, a_account, a_sha256, a_expires, a_account, '{}', a_kind, a_of, a_names, a_note);
  update account_head set version = version + 1;
  insert into audit (actor, action, object, detail)
    values (a_account, 'link_made', a_kind || '/' || a_of, jsonb_build_object('link', a_id, 'names', a_names, 'expires_at', a_expires));
  notify accounts_changed;
  return true;
end $function$;
-- may be called by: crisiscover_api

-- Revokes a link. False: there is none with this id that was not revoked before.
create function link_revoke(a_id text, a_actor text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare t token;
begin
  update token set revoked_at = clock_timestamp(), revoked_by = a_actor where id = a_id and revoked_at is null and link_kind is not null
    returning * into t;
  if not found then
    return false;
  end if;
  update account_head set version = version + 1;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'link_revoked', t.link_kind || '/' || t.link_of, jsonb_build_object('link', t.id));
  notify accounts_changed;
  return true;
end $function$;
-- may be called by: crisiscover_api

-- Whether a map of this epoch and version, made with this version of the region, lacks a change of the rota's shifts that is in the tables.
create function map_lacks(a_rota text, a_epoch bigint, a_version bigint, a_region bigint)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select h.epoch <> a_epoch or a_region is distinct from (select max(version) from region)
      or exists (select from dirty where rota = a_rota)
      or exists (select from map_change m where m.epoch = h.epoch and m.version > a_version and m.rota = a_rota)
  from map_head h
$function$;
-- may be called by: crisiscover_api

create function map_noted()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
begin
  insert into map_past (epoch, version, at)
    values (new.epoch, new.version, case when new.at is distinct from old.at then new.at else clock_timestamp() end);
  return null;
end $function$;
-- may be called by: its owner

-- Nobody is to believe that somebody was told who was not: the first undelivered message of an address is told by a flag, until one gets through again.
create function message_flag(m message, s subscription)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  if exists (select from message x where x.subscription = s.id and x.flagged
             and not exists (select from message y where y.subscription = s.id and y.state = 'sent' and y.ended_at > x.ended_at)) then
    return;
  end if;
  update message set flagged = true where id = m.id;
  perform flag_add('message_undelivered', null, null, null, null, null, null, null, 'high',
                   (select a.organisation from account a where a.name = code_now('account', s.account, s.at)),
                   jsonb_build_object('channel', s.channel, 'number', m.id));
  notify flags_filled;
end $function$;
-- may be called by: its owner

-- For how long a message is tried, and how long after an attempt the next one comes: twice as long each time, an hour at most.
create function message_patience()
 RETURNS interval
 LANGUAGE sql
 IMMUTABLE
AS $function$ select interval '1 day' $function$;
-- may be called by: its owner

create function message_pause(a_attempts integer)
 RETURNS interval
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select least(interval '1 hour', interval '15 seconds' * 2 ^ least(a_attempts - 1, 12))
$function$;
-- may be called by: its owner

-- Says that a card is closed from now until a_until. P0001 without a name: the link shows none.
create function navigator_close(a_card text, a_until timestamp with time zone, a_actor text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
begin
  perform navigator_closing_end(a_card, a_actor);
  if a_actor like 'link/%'
     and (select count(*) from navigator_closing where actor = a_actor and at > clock_timestamp() - interval '1 day') >= 10 then
    raise exception 'this link has said so ten times within a day: ring your organisation instead' using errcode = 'P0001';
  end if;
  insert into navigator_closing (card, until, actor) values (a_card, a_until, a_actor);
  insert into audit (actor, action, object, detail)
    values (a_actor, 'navigator_closed', 'navigator/' || a_card, jsonb_build_object('until', a_until));
  notify navigators_changed;
end $function$;
-- may be called by: crisiscover_api

-- Ends what is said of a card; whether there was anything.
create function navigator_closing_end(a_card text, a_actor text)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
begin
  update navigator_head set version = version + 1;
  update navigator_closing set ended_at = greatest(clock_timestamp(), at), ended_by = a_actor
    where card = a_card and ended_at is null and until > clock_timestamp();
  return found;
end $function$;
-- may be called by: its owner

-- Nothing of a row is ever written but its end.
create function navigator_closing_keep()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'UPDATE' and old.ended_at is null and new.ended_at is not null
     and to_jsonb(new) - 'ended_at' - 'ended_by' = to_jsonb(old) - 'ended_at' - 'ended_by' then
    return new;
  end if;
  raise exception '% on navigator_closing: the record is only ever added to', lower(tg_op) using errcode = 'P0002';
end $function$;
-- may be called by: its owner

-- What was said within the 100 days before an instant, as it was known then: each until it ended.
create function navigator_closings(a_known_at timestamp with time zone)
 RETURNS TABLE(card text, at timestamp with time zone, until timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
  select c.card, c.at, least(c.until, case when c.ended_at <= a_known_at then c.ended_at end)
  from navigator_closing c
  where c.at <= a_known_at and c.at > least(a_known_at, clock_timestamp()) - interval '100 days'
    and (c.ended_at is null or c.ended_at > c.at)
  order by c.id
$function$;
-- may be called by: crisiscover_api

-- It is open again, as its hours say.
create function navigator_reopen(a_card text, a_actor text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
begin
  if not navigator_closing_end(a_card, a_actor) then
    return false;
  end if;
  insert into audit (actor, action, object, detail) values (a_actor, 'navigator_reopened', 'navigator/' || a_card, '{}');
  notify navigators_changed;
  return true;
end $function$;
-- may be called by: crisiscover_api

-- The place and all above it, under their codes of today.
create function news_above(a_places text[])
 RETURNS text[]
 LANGUAGE sql
 STABLE
AS $function$
  with recursive above (code) as (
    select p from unnest(a_places) p
    union
    select coalesce(x.value->>'place', x.value #>> '{}')
    from above a join setup_item i on i.kind = 'place' and i.key = a.code and i.ended is null
    cross join lateral jsonb_array_elements(case when jsonb_typeof(i.item->'parents') = 'array' then i.item->'parents' else '[]' end) x)
  select array(select code from above where code is not null order by 1)
$function$;
-- may be called by: its owner

create function news_add(n news)
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into news (at, kind, severity, of_group, gap, lead, place, function, requirement, rota, organisation, account, alerted_to, state, starts_at, ends_at, number,
                    outcome, epoch, seq)
    values (n.at, n.kind, n.severity, n.of_group, n.gap, coalesce(n.lead, true), n.place, n.function, n.requirement, n.rota, n.organisation, n.account, n.alerted_to, n.state,
            n.starts_at, n.ends_at, n.number, n.outcome, n.epoch, n.seq)
    on conflict do nothing
$function$;
-- may be called by: its owner

-- Whether news adds something for a subscription to what it has had. Of the gaps of one source the one that leads is told; who may not see that one, or has
-- chosen other places, is told of the first that it may have, and of one that is worse. That a gap is closed is told to those who were told of it.
create function news_adds(n news, a_subscription bigint)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select case
    when n.kind = 'closed' then
      exists (select from news_for f join news o on o.id = f.news
              where f.subscription = a_subscription and o.of_group = n.of_group and (o.gap = n.gap or n.lead) and o.kind <> 'closed' and o.id < n.id)
    when n.lead then true
    else not exists (
      select from news_for f join news o on o.id = f.news
      where f.subscription = a_subscription and o.of_group = n.of_group and o.id < n.id and o.kind <> 'closed' and o.at > n.at - interval '14 days'
        and array_position(array['normal', 'high', 'critical'], o.severity) >= array_position(array['normal', 'high', 'critical'], n.severity)) end
$function$;
-- may be called by: its owner

-- a_keys: all of a kind that there is now. Keeps them as found, forgets others of the kind, and gives those that are to be told: those that were not found before,
-- or were told a week ago.
create function news_find(a_kind text, a_keys text[])
 RETURNS SETOF text
 LANGUAGE plpgsql
AS $function$
begin
  delete from news_found where kind = a_kind and key <> all (a_keys);
  return query
    insert into news_found as f (kind, key) select a_kind, k from unnest(a_keys) k
      on conflict (kind, key) do update set at = clock_timestamp() where f.at < clock_timestamp() - interval '7 days'
      returning f.key;
end $function$;
-- may be called by: its owner

-- The set-up's object of this code; null: it has left the region.
create function news_item(a_kind text, a_key text)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
AS $function$
  select item from setup_item where kind = a_kind and key = a_key and ended is null
$function$;
-- may be called by: its owner

-- Rotas of which a person must decide what they say, and documents whose review is overdue.
create function news_look()
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  perform news_add(jsonb_populate_record(null::news, jsonb_build_object(
      'at', clock_timestamp(), 'kind', 'decision_wanted', 'severity', 'normal', 'of_group', 'decision_wanted/' || k, 'rota', k,
      'organisation', coalesce(news_service(k)->>'organisation', news_item('rota', k)->>'organisation'), 'number', jsonb_array_length(d.to_decide))))
    from news_find('decision_wanted', array(select rota from feed where jsonb_array_length(to_decide) > 0)) k join feed d on d.rota = k;
  perform news_add(jsonb_populate_record(null::news, jsonb_build_object(
      'at', clock_timestamp(), 'kind', 'review_overdue', 'severity', 'normal', 'of_group', 'review_overdue/' || k, 'number', d.protocol,
      'place', d.place, 'function', d.function, 'account', code_now('account', d.owner, d.at))))
    from news_find('review_overdue', array(select protocol::text from protocol
                                           where ended_at is null and review < (clock_timestamp() at time zone 'Europe/London')::date)) k
    join protocol d on d.protocol = k::bigint and d.ended_at is null;
end $function$;
-- may be called by: its owner

-- One flag as news; null: nobody need be told.
create function news_of_flag(f flag)
 RETURNS news
 LANGUAGE plpgsql
 STABLE
AS $function$
declare
  p constant jsonb := f.payload::jsonb;
  n news;
begin
  if f.kind = 'acknowledged' or f.kind = 'feed_restored' or f.kind = 'override_settled' then
    return null;
  end if;
  n.at := f.at;
  n.kind := f.kind;
  n.severity := coalesce(p->>'severity', 'normal');
  n.gap := f.gap;
  n.lead := not (p ? 'group') or coalesce((p->>'lead')::boolean, false);
  n.place := f.place;
  n.function := f.function;
  n.requirement := p->>'requirement';
  n.alerted_to := p->>'to';
  n.state := p->>'state';
  n.starts_at := (p->>'start')::timestamptz;
  n.ends_at := (p->>'end')::timestamptz;
  n.number := coalesce(p->>'members', p->>'contacts', p->>'number')::bigint;
  n.outcome := p->>'outcome';
  n.epoch := f.epoch;
  n.seq := f.seq;
  if f.kind in ('feed_stale', 'feed_held', 'override_disputed', 'person_new', 'contact_failed') then
    n.rota := p->>'cause';
    n.organisation := coalesce(news_service(n.rota), news_item('service', p->>'service'))->>'organisation';
  elsif f.kind in ('contacts_unverified', 'message_undelivered') then
    n.organisation := p->>'cause';
  end if;
  n.of_group := coalesce(p->>'group', f.gap::text, f.kind || '/' || coalesce(n.rota, p->>'service', n.organisation, f.place, ''));
  return n;
end $function$;
-- may be called by: its owner

-- Whether a flag of a gap says more than the last news of its group: a higher severity, somebody else whom its alerts have come to, or more gaps. Also if
-- there was none.
create function news_says_more(n news)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce(bool_and(array_position(array['normal', 'high', 'critical'], n.severity) > array_position(array['normal', 'high', 'critical'], b.severity)
                           or n.alerted_to is distinct from b.alerted_to or n.number > coalesce(b.number, 1)), true)
  from (select * from news x where x.of_group = n.of_group and x.lead order by x.id desc limit 1) b
$function$;
-- may be called by: its owner

-- The places of a service, an object of the set-up.
create function news_served(a_service jsonb)
 RETURNS text[]
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select array(select coalesce(x.value->>'place', x.value #>> '{}')
               from jsonb_array_elements(case when jsonb_typeof(a_service->'places') = 'array' then a_service->'places' else '[]' end) x)
$function$;
-- may be called by: its owner

create function news_service(a_rota text)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
AS $function$
  select news_item('service', news_item('rota', a_rota)->>'service')
$function$;
-- may be called by: its owner

-- Keeps a note. a_on: {"on", "person", "rota", "team", "starts_at", "ends_at", "service", "place", "function"}. P0001: its person, rota or place has left
-- the region, its time is over, or there are a_most on the same thing already.
create function note_add(a_on jsonb, a_text text, a_until timestamp with time zone, a_account text, a_role text, a_most integer, OUT id bigint, OUT at timestamp with time zone)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  n note := jsonb_populate_record(null::note, a_on);
begin
  n.version := remark_version();
  n.on_what := a_on->>'on';
  perform from place where code = n.place and retired_at is null for share;
  if not found and n.place is not null then
    raise exception 'there is no place % in the region', n.place using errcode = 'P0001';
  end if;
  perform people_there(array_remove(array[n.person], null));
  if a_until <= clock_timestamp() then
    raise exception 'the note ends before it begins: give it a later end' using errcode = 'P0001';
  end if;
  if (select count(*) from note x
      where x.ended_at is null and x.until > clock_timestamp()
        and (x.on_what, x.person, x.rota, x.team, x.service, x.place, x.function)
            is not distinct from (n.on_what, n.person, n.rota, n.team, n.service, n.place, n.function)
        and (n.starts_at is null or (x.starts_at < n.ends_at and x.ends_at > n.starts_at))) >= a_most then
    raise exception 'there are % notes on this already: take one away first', a_most using errcode = 'P0001';
  end if;
  insert into note as x (version, until, account, role, on_what, person, rota, team, starts_at, ends_at, service, place, function, text)
    values (n.version, a_until, a_account, a_role, n.on_what, n.person, n.rota, n.team, n.starts_at, n.ends_at, n.service, n.place, n.function, a_text)
    returning x.id, x.at into id, at;
  perform audit_add(a_account, 'note_added', 'note/' || id, jsonb_strip_nulls(a_on) || jsonb_build_object('text', a_text, 'until', iso(a_until)));
end $function$;
-- may be called by: crisiscover_api

-- Takes a note away before its time. False: there is none, or it is over. The api has asked whether a_actor may.
create function note_end(a_id bigint, a_actor text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  number bigint := remark_version();
begin
  update note set version = number, ended_at = clock_timestamp(), ended_by = a_actor
    where id = a_id and ended_at is null and until > clock_timestamp();
  if not found then
    return false;
  end if;
  perform audit_add(a_actor, 'note_ended', 'note/' || a_id, null);
  return true;
end $function$;
-- may be called by: crisiscover_api

-- Reads the next flags, and once a minute what no flag tells. Answers whether there may be more.
create function notify_collect(a_most integer)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  head message_head;
  f flag;
  n news;
  count integer := 0;
begin
  select * into head from message_head for update;
  for f in select * from flag x where (x.epoch, x.seq) > (head.epoch, head.seq) order by x.epoch, x.seq limit a_most loop
    n := news_of_flag(f);
    if n.kind is not null and (n.kind <> 'changed' or news_says_more(n)) then
      perform news_add(n);
    end if;
    head.epoch := f.epoch;
    head.seq := f.seq;
    count := count + 1;
  end loop;
  if head.found_at < clock_timestamp() - interval '1 minute' then
    perform news_look();
    head.found_at := clock_timestamp();
  end if;
  update message_head set epoch = head.epoch, seq = head.seq, found_at = head.found_at
    where (epoch, seq, found_at) is distinct from (head.epoch, head.seq, head.found_at);
  return count = a_most;
end $function$;
-- may be called by: crisiscover_notify

-- What came of an attempt: sent (with a receipt), later (tried again, not before a_after seconds) or refused (undelivered at once). An attempt at a message
-- that has ended meanwhile changes nothing.
create function notify_done(a_id bigint, a_outcome text, a_words text, a_after integer)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  m message;
  s subscription;
  ends boolean;
begin
  select * into m from message where id = a_id and state = 'waiting' for update;
  if not found then
    return null;
  end if;
  select * into s from subscription where id = m.subscription;
  if a_outcome = 'sent' then
    update message set state = 'sent', attempts = attempts + 1, next_at = null, ended_at = clock_timestamp(), receipt = a_words where id = a_id;
    return 'sent';
  end if;
  ends := a_outcome = 'refused' or m.at + message_patience() < clock_timestamp() or s.ended_at is not null;
  update message set attempts = attempts + 1, reason = a_words, state = case when ends then 'undelivered' else 'waiting' end,
                     next_at = case when not ends then clock_timestamp() + greatest(message_pause(m.attempts + 1), make_interval(secs => a_after)) end,
                     ended_at = case when ends then clock_timestamp() end
    where id = a_id returning * into m;
  if ends and s.ended_at is null then
    perform message_flag(m, s);
  end if;
  return m.state;
end $function$;
-- may be called by: crisiscover_notify

-- Messages whose time has come, but a_not, which are being sent; and when the next one's does. One row at least, which may have no message.
create function notify_due(a_most integer, a_not bigint[])
 RETURNS TABLE(id bigint, message_id text, at timestamp with time zone, channel text, address text, severity text, subject text, body text, link text, attempts integer, thread text, now timestamp with time zone, next_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
  select m.id, m.message_id::text, m.at, s.channel, s.address, m.severity, m.subject, m.body, m.link, m.attempts,
         (select f.message_id::text from news_for a join news n on n.id = a.news join news o on o.of_group = n.of_group and o.at > m.at - interval '14 days'
          join news_for b on b.news = o.id and b.subscription = a.subscription join message f on f.id = b.message and f.id < m.id
          where a.message = m.id order by f.id limit 1), clock_timestamp(),
         (select min(x.next_at) from message x where x.state = 'waiting' and x.id <> all (a_not))
  from (select) one
  left join (message m join subscription s on s.id = m.subscription) on m.state = 'waiting' and m.next_at <= clock_timestamp() and m.id <> all (a_not)
  order by array_position(array['critical', 'high', 'normal'], m.severity), m.id limit a_most
$function$;
-- may be called by: crisiscover_notify

-- Whether this session is the one that does all of this: it has a lock, which ends with it. A lock of a standby is not seen by the primary, so that nobody leads
-- there.
create function notify_lead()
 RETURNS boolean
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
  select not pg_is_in_recovery() and pg_try_advisory_lock(4242018)
$function$;
-- may be called by: crisiscover_notify

-- The subscriptions in force of accounts that are still there, under the codes of today.
create function notify_readers()
 RETURNS TABLE(id bigint, at timestamp with time zone, account text, about text[], places text[], functions text[], severity text, alerted_to text, role text, own_places text[], organisation text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
  select s.id, s.at, a.name, s.about, array(select code_now('place', p, s.at) from unnest(s.places) p),
         array(select code_now('function', p, s.at) from unnest(s.functions) p), s.severity, s.alerted_to, a.role, a.places, a.organisation
  from subscription s join account a on a.name = code_now('account', s.account, s.at) and a.retired_at is null and a.kind <> 'device'
  where s.ended_at is null order by s.id
$function$;
-- may be called by: crisiscover_notify

-- All was done that there was to do. Answers the figures: how many messages wait, since when the oldest, how many of the last week are undelivered.
create function notify_run(OUT waiting bigint, OUT oldest timestamp with time zone, OUT undelivered bigint)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
begin
  update message_head set run_at = clock_timestamp();
  select count(*), min(at) into waiting, oldest from message where state = 'waiting';
  select count(*) into undelivered from message where state = 'undelivered' and ended_at > clock_timestamp() - interval '7 days';
end $function$;
-- may be called by: crisiscover_notify

-- Shares news out. a_news and a_subscriptions run in parallel; a_all: all that was judged, also what nobody wants.
create function notify_share(a_all bigint[], a_news bigint[], a_subscriptions bigint[])
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  one record;
begin
  for one in
    select n, s.id as subscription
    from unnest(a_news, a_subscriptions) x (news, subscription)
    join news n on n.id = x.news and n.shared_at is null join subscription s on s.id = x.subscription and s.ended_at is null
    order by n.id, s.id loop
    if news_adds(one.n, one.subscription) then
      insert into news_for (news, subscription) values ((one.n).id, one.subscription) on conflict do nothing;
    end if;
  end loop;
  update news n set shared_at = clock_timestamp(), readers = (select count(*) from news_for f where f.news = n.id)
    where n.id = any (a_all) and n.shared_at is null;
end $function$;
-- may be called by: crisiscover_notify

-- Deletes what is older than a_days and over: messages, and news of which none is left to be told. 0: never. Answers how many messages.
create function notify_tidy(a_days integer)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  before constant timestamptz := clock_timestamp() - make_interval(days => a_days);
  messages bigint;
begin
  if a_days = 0 then
    return 0;
  end if;
  delete from news_for f using message m where m.id = f.message and m.state <> 'waiting' and m.ended_at < before;
  delete from news_for f using subscription s where s.id = f.subscription and f.message is null and s.ended_at < before;
  delete from message where state <> 'waiting' and ended_at < before;
  get diagnostics messages = row_count;
  delete from news n where n.shared_at < before and not exists (select from news_for f where f.news = n.id);
  return messages;
end $function$;
-- may be called by: crisiscover_notify

-- News that nobody has shared out yet, with what it is judged by: the places that it is about and all above them, functions, and whose doing it wants.
create function notify_unshared(a_most integer)
 RETURNS TABLE(id bigint, at timestamp with time zone, kind text, severity text, alerted_to text, organisation text, account text, above text[], functions text[])
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
  select n.id, n.at, n.kind, n.severity, n.alerted_to, n.organisation, n.account,
         news_above(case when n.place is not null then array[code_now('place', n.place, n.at)] else news_served(news_service(n.rota)) end),
         array_remove(array[coalesce(code_now('function', n.function, n.at), news_service(n.rota)->>'function')], null)
  from news n where n.shared_at is null order by n.id limit a_most
$function$;
-- may be called by: crisiscover_notify

-- What waits to be told, by subscription and in order; and of each group what the same subscription was told within the hour before.
create function notify_waiting(a_most integer)
 RETURNS TABLE(subscription bigint, news bigint, at timestamp with time zone, kind text, severity text, of_group text, gap uuid, place text, place_name text, function text, function_name text, rota text, alerted_to text, state text, starts_at timestamp with time zone, ends_at timestamp with time zone, number bigint, outcome text, digest bigint[], quiet_from integer, quiet_until integer, told_critical_at timestamp with time zone, told_at timestamp with time zone, zone text, practice boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
  select s.id, n.id, n.at, n.kind, n.severity, n.of_group, n.gap, c.place, news_item('place', c.place)->>'name', c.function,
         news_item('function', c.function)->>'name', n.rota, n.alerted_to, n.state, n.starts_at, n.ends_at, n.number, n.outcome, s.digest::bigint[], s.quiet_from, s.quiet_until,
         (select max(m.at) from message m join news_for t on t.message = m.id join news o on o.id = t.news
          where m.subscription = any (l.ids) and m.at > n.at - interval '1 hour' and o.of_group = n.of_group and o.severity = 'critical'),
         (select max(m.at) from message m where m.subscription = any (l.ids)),
         coalesce(r.head->>'time_zone', 'Europe/London'), coalesce((r.head->>'practice')::boolean, false)
  from news_for f join subscription s on s.id = f.subscription and s.ended_at is null join news n on n.id = f.news
  cross join lateral (select code_now('place', n.place, n.at) as place,
                             coalesce(code_now('function', n.function, n.at), news_service(n.rota)->>'function') as function) c
  -- Of the same address, also before it was changed.
  cross join lateral (select array(select x.id from subscription x where (x.account, x.channel, x.address) = (s.account, s.channel, s.address)) as ids) l
  left join (select x.head from region x order by x.version desc limit 1) r on true
  where f.message is null
  order by s.id, n.id limit a_most
$function$;
-- may be called by: crisiscover_notify

-- Writes a message that tells these news, unless another was written meanwhile that tells one of them. Answers its number.
create function notify_write(a_subscription bigint, a_news bigint[], a_severity text, a_subject text, a_body text, a_link text)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  made bigint;
begin
  perform from news_for where subscription = a_subscription and news = any (a_news) and message is null order by news for update;
  if (select count(*) from news_for where subscription = a_subscription and news = any (a_news) and message is null) < cardinality(a_news) then
    return null;
  end if;
  insert into message (subscription, severity, subject, body, link) values (a_subscription, a_severity, a_subject, a_body, a_link) returning id into made;
  update news_for set message = made where subscription = a_subscription and news = any (a_news);
  return made;
end $function$;
-- may be called by: crisiscover_notify

-- [[1, 3], [7, 7]] of the numbers 1, 2, 3, 7.
create function number_ranges(a_numbers bigint[])
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select coalesce(jsonb_agg(jsonb_build_array(least, greatest) order by least), '[]')
  from (select min(n) as least, max(n) as greatest from (select n, n - row_number() over (order by n) as run from unnest(a_numbers) n) x group by run) y
$function$;
-- may be called by: its owner

-- What was never put in force, and links that nobody can use any more: deleted by the daily round. What an import was, and how many changes it
-- had, stays.
create function offers_end(a_now timestamp with time zone, a_days bigint)
 RETURNS void
 LANGUAGE sql
AS $function$
  with over as (
    update import set diff = diff || '{"changes": []}', looked = null
      where a_days > 0 and state in ('discarded', 'refused') and decided_at < a_now - make_interval(days => a_days::integer)
        and (jsonb_array_length(diff->'changes') > 0 or looked is not null or exists (select from import_shift n where n.import = import.id))
      returning id)
  delete from import_shift where import in (select id from over);
  delete from invitation where expires_at < a_now - interval '30 days'
$function$;
-- may be called by: its owner

-- The api has checked the right to do this and whether the person may cover. a_person null: nobody. One place at one instant has one override: that is
-- checked here, under the lock of the rota's feed. It makes no difference whether the calendar says the same already: an override counts even when
-- the calendar is not trusted. P0001, with a sentence, when it cannot be made.
--
-- An override that is over can be corrected for 31 days, also one for nobody: it can no longer be withdrawn, and it has every place of the rota, so
-- without this nobody could record who came. A late correction that puts somebody on is laid over it. A late correction can itself be withdrawn at
-- any time.
create function override_add(a_rota text, a_person text, a_instead text, a_start timestamp with time zone, a_end timestamp with time zone, a_expires timestamp with time zone, a_note text, a_late boolean, a_actor text)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
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
      -- A person whom an earlier override takes off is not on. If that override goes, the person is a third person.
      and not exists (select from override x join shift h on h.override = x.id and h.known_to = 'infinity'
                      where x.rota = a_rota and x.withdrawn_at is null and x.instead = s.person and h.starts_at < s.ends_at and h.ends_at > s.starts_at)
    returning * into o;
  select * into place from override_look(o, null, null, null);
  if a_instead is not null and cardinality(place.rests) = 0 then
    raise exception '% has no shift on this rota at any of that time. To put somebody on as well, name nobody who is replaced', a_instead using errcode = 'P0001';
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
end $function$;
-- may be called by: crisiscover_api

create function override_add_try(a_rota text, a_person text, a_instead text, a_start timestamp with time zone, a_end timestamp with time zone, a_expires timestamp with time zone, a_note text, a_late boolean, a_actor text, a_after timestamp with time zone, a_before timestamp with time zone)
 RETURNS SETOF shift_shown
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
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
end $function$;
-- may be called by: crisiscover_api

-- Whether a dispute of an override is about this very row of it, whose class is a_class. Before an override had rows of their own for what is
-- in dispute, it had one row, which was in dispute as a whole; its events have no a_rests.
create function override_disputed(a_class text, a_rests tstzrange[])
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select a_class = 'undecided' or (a_rests is null and a_class = 'named')
$function$;
-- may be called by: crisiscover_api

-- Who stands in by the override, and who by later ones stands in for that person, and when. If the calendar names one of them, it has caught up.
create function override_heirs(o override)
 RETURNS TABLE(person text, at tstzrange)
 LANGUAGE sql
 STABLE
AS $function$
  with recursive heir (id, person, at) as (
    select o.id, o.person, tstzrange(o.starts_at, o.expires_at)
    union
    select x.id, x.person, h.at * tstzrange(x.starts_at, x.expires_at)
    from heir h join override x on x.rota = o.rota and x.instead = h.person and x.id > h.id and x.withdrawn_at is null
                                   and tstzrange(x.starts_at, x.expires_at) && h.at)
  select person, at from heir where person is not null
$function$;
-- may be called by: its owner

-- Where an override is on, and where it is in dispute, by what is in force now. a_rests, a_pieces: what it rested on until now; a_first: the
-- event that says what it was made for; null: it is being made. Shifts are compared by person and time, never by key: many programs give new keys with each export.
create function override_look(o override, a_first override_event, a_rests tstzrange[], a_pieces tstzrange[], OUT on_at tstzmultirange, OUT disputed tstzmultirange, OUT rests tstzrange[], OUT pieces tstzrange[], OUT standing text, OUT dispute text, OUT third text[])
 RETURNS record
 LANGUAGE plpgsql
 STABLE
AS $function$
declare
  span constant tstzrange := tstzrange(o.starts_at, o.expires_at);
  own tstzmultirange;                 -- when the calendar itself has the stand-in on, or who stands in for that person
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
      and s.ends_at > o.starts_at - override_reach() and s.starts_at < o.expires_at + override_reach();
  select own + coalesce(range_agg(tstzrange(s.starts_at, s.ends_at) * h.at), '{}') into own
    from override_heirs(o) h join shift s on s.rota = o.rota and s.known_to = 'infinity' and s.override is null and s.class = 'named'
                                             and s.person = h.person and tstzrange(s.starts_at, s.ends_at) && h.at;
  shifts := override_shifts_of(o);

  if o.nobody then
    select coalesce(range_agg(x.r), '{}') into disputed from override_strangers(o, tstzmultirange(span)) s, unnest(s.at) x (r);
    on_at := tstzmultirange(span) - disputed;
    select array_agg(s.person) into third from override_strangers(o, disputed) s;
  elsif o.instead is null then
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
end $function$;
-- may be called by: its owner

-- Where the stand-in's time moves when the shift that a_piece was of, a_shift, has become a_now: an edge that was the shift's own moves with it, if
-- the shift moved rather than became another (by its length, and by how much of it stays where it was); an edge that was asked for stays.
create function override_piece_follows(o override, a_shift tstzrange, a_piece tstzrange, a_now tstzrange)
 RETURNS tstzrange
 LANGUAGE plpgsql
 IMMUTABLE
AS $function$
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
end $function$;
-- may be called by: its owner

-- How far before and after an override a shift may begin and end that can matter to it, also one whose times have changed. Nothing that an
-- override has is further away.
create function override_reach()
 RETURNS interval
 LANGUAGE sql
 IMMUTABLE
AS $function$ select interval '4 days' $function$;
-- may be called by: crisiscover_api

-- Those that depend on an override: they replace the one it puts on.
create function override_resting(o override)
 RETURNS SETOF override
 LANGUAGE sql
 STABLE
AS $function$
  select x.* from override x
  where x.rota = o.rota and x.id > o.id and x.withdrawn_at is null and x.instead = o.person
    and x.starts_at < o.expires_at and x.expires_at > o.starts_at and x.expires_at > clock_timestamp()
  order by x.id
$function$;
-- may be called by: its owner

-- The shifts of the replaced person that could matter to an override: the calendar's, and those that an earlier override gives.
create function override_shifts_of(o override)
 RETURNS tstzrange[]
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce(array_agg(distinct tstzrange(s.starts_at, s.ends_at)), '{}')
  from shift s
  where s.rota = o.rota and s.known_to = 'infinity' and s.person = o.instead
    and s.ends_at > o.starts_at - override_reach() and s.starts_at < o.expires_at + override_reach()
    and (s.override is null and s.class in ('named', 'tentative', 'undecided', 'unreadable') or s.override < o.id and s.class = 'named')
$function$;
-- may be called by: its owner

-- Those whom the calendar confirms at some time of a_at and did not name when the override was made. The people it named are known under the codes of
-- that time.
create function override_strangers(o override, a_at tstzmultirange)
 RETURNS TABLE(person text, at tstzmultirange)
 LANGUAGE sql
 STABLE
AS $function$
  select x.person, x.at
  from (
    select s.person, min(s.starts_at) as first,
           range_agg(tstzrange(s.starts_at, s.ends_at)) * a_at
           - coalesce((select range_agg(h.at) from override_heirs(o) h where h.person = s.person), '{}') as at
    from shift s
    where s.rota = o.rota and s.known_to = 'infinity' and s.override is null and s.class = 'named'
      and s.person is distinct from o.person and s.person is distinct from o.instead
      and tstzrange(s.starts_at, s.ends_at) && a_at
      and not exists (select from shift b where b.id = any (o.saw) and b.class = 'named'
                        and code_now('person', b.person, o.made_at) = s.person
                        and b.starts_at < s.ends_at and b.ends_at > s.starts_at)
    group by s.person) x
  where not isempty(x.at)
  order by x.first, x.person
  limit 4
$function$;
-- may be called by: its owner

-- The standing of an override, as a text that is compared with the one that the person who decides was shown.
create function override_turn(e override_event)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select e.override || ' ' || e.standing || coalesce(' ' || e.dispute, '') || coalesce(' ' || array_to_string(e.third, ','), '')
$function$;
-- may be called by: its owner

-- Withdraws an override from now on; the past keeps it. A late correction is withdrawn as a whole. One that others build on is withdrawn only with
-- a_confirm; the others are then checked again and are in dispute, which is published. P0001 when it cannot be withdrawn.
create function override_withdraw(a_id bigint, a_confirm boolean, a_actor text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
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
    raise exception '% rests on this one, and would be in dispute without it: withdraw that first, or confirm (?confirm=1; with crisiscover, --confirm)', resting using errcode = 'P0001';
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
  perform overrides_tell(array[o.rota]);
end $function$;
-- may be called by: crisiscover_api

create function override_withdraw_try(a_id bigint, a_actor text, a_after timestamp with time zone, a_before timestamp with time zone)
 RETURNS SETOF shift_shown
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
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
end $function$;
-- may be called by: crisiscover_api

-- "override 12 (s-ahmed instead of jo-jones, made by fenmere-rotas on 21 Nov 2026 at 21:05)"
create function override_words(x override)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select format('override %s (%s%s, made by %s on %s)', x.id, coalesce(x.person, 'nobody'), coalesce(' instead of ' || x.instead, ''), x.made_by,
                to_char(x.made_at at time zone 'Europe/London', 'FMDD Mon YYYY "at" HH24:MI'))
$function$;
-- may be called by: its owner

-- Brings the rows of an override to what they should be: on at a_on, undecided at a_disputed. Rows that are right already are not touched.
create function override_write(o override, a_on tstzmultirange, a_disputed tstzmultirange, a_moment timestamp with time zone)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
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
end $function$;
-- may be called by: its owner

-- The overrides of these rotas that are checked when a calendar changes.
create function overrides_live(a_rotas text[])
 RETURNS SETOF override
 LANGUAGE sql
 STABLE
AS $function$
  select x.* from override x
  where x.rota = any (a_rotas) and x.withdrawn_at is null
    and (x.expires_at > clock_timestamp()
         or exists (select from shift h where h.override = x.id and h.known_to = 'infinity' and h.ends_at > clock_timestamp()))
  order by x.id
$function$;
-- may be called by: its owner

-- The shifts of these rotas have changed: determines the standings of their overrides, in the order in which they were made, since a later
-- one may replace a stand-in. The caller holds the feeds' rows. known_from is the instant of the change that caused it, so that the record has no
-- moment in which neither the old calendar nor the override counted.
create function overrides_settle(a_rotas text[])
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
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
end $function$;
-- may be called by: crisiscover_feeds

-- The standing of each of these overrides.
create function overrides_stand(a_overrides bigint[])
 RETURNS SETOF override_event
 LANGUAGE sql
 STABLE
AS $function$
  select e.* from unnest(a_overrides) o (id)
  cross join lateral (select x.* from override_event x where x.override = o.id order by x.id desc limit 1) e
$function$;
-- may be called by: its owner

-- Tells what has changed of disputes on these rotas. It takes the counter of flags: whatever else the transaction locks comes before it. The
-- caller holds the feeds' rows.
create function overrides_tell(a_rotas text[])
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  o record;
  told boolean := false;
begin
  for o in
    select x.id, x.rota, coalesce(t.disputed, '{}') as was,
           case when x.withdrawn_at is null then coalesce(d.disputed, '{}') else '{}' end as now_is
    from (select id from overrides_live(a_rotas)
          union select t.override from override_told t join override v on v.id = t.override where v.rota = any (a_rotas)) n
    join override x on x.id = n.id
    left join override_told t on t.override = x.id
    left join lateral (select range_agg(tstzrange(s.starts_at, s.ends_at)) as disputed from shift s
                       where s.override = x.id and s.known_to = 'infinity' and s.class = 'undecided') d on true
    order by x.id loop
    continue when o.was = o.now_is;
    if isempty(o.now_is) then
      delete from override_told where override = o.id;
      perform flag_add('override_settled', null, null, null, null, 'settled', lower(o.was), upper(o.was), 'normal', o.rota,
                       jsonb_build_object('override', o.id));
      told := true;
      continue;
    end if;
    insert into override_told (override, disputed) values (o.id, o.now_is)
      on conflict (override) do update set disputed = excluded.disputed;
    if not o.was @> o.now_is then
      perform flag_add('override_disputed', null, null, null, null, 'unknown', lower(o.now_is), upper(o.now_is), 'high', o.rota,
                       jsonb_build_object('override', o.id));
      told := true;
    end if;
  end loop;
  if told then
    notify flags_filled;
  end if;
end $function$;
-- may be called by: crisiscover_feeds

-- Of overrides, their states before and after: those that have changed.
create function overrides_turned(a_stood override_event[], a_stands override_event[])
 RETURNS TABLE(stood override_event, stands override_event)
 LANGUAGE sql
 STABLE
AS $function$
  select w, e from unnest(a_stood) w join unnest(a_stands) e on e.override = w.override
  where (w.standing, w.dispute, w.third) is distinct from (e.standing, e.dispute, e.third) order by e.override
$function$;
-- may be called by: its owner

-- An override in which one of the two is on instead of the other says that they are two.
create function people_are_two(a_kept text, a_gone text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare said text;
begin
  select string_agg(override_words(o), ', ' order by o.id) into said from override o
    where o.withdrawn_at is null and o.expires_at > clock_timestamp()
      and (o.person, o.instead) in ((a_kept, a_gone), (a_gone, a_kept));
  if said is not null then
    raise exception '% puts one of the two on instead of the other: withdraw it first', said using errcode = 'P0001';
  end if;
end $function$;
-- may be called by: its owner

-- Every code that the person has or had, and those of everybody who was ever merged with it.
create function people_ever(a_code text)
 RETURNS SETOF text
 LANGUAGE sql
 STABLE
AS $function$
  with recursive c (code) as (
    select a_code
    union
    select case when r.was = c.code then r.code else r.was end
    from c join (select x.was, x.code from renamed x where x.kind = 'person'
                 union all select m.was, m.code from person_move m where m.what = 'merge') r on c.code in (r.was, r.code))
  select code from c
$function$;
-- may be called by: its owner

-- The last step of both: previews are read again, coverage is woken, disputes are told, and the audit says what moved.
create function people_follow(m person_move, a_rotas text[], a_detail jsonb)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  perform setup_follow(m.version, false);
  perform shifts_mark(a_rotas);
  insert into audit (actor, action, object, detail)
    values (m.by_account, case m.what when 'merge' then 'people_merged' else 'person_split' end, 'person/' || m.code,
            jsonb_build_object('move', m.id, 'from', m.was, 'to', m.code, 'version', m.version, 'overrides', m.overrides, 'replaced', m.replaced,
                               'absences', m.absences, 'decisions', m.decisions, 'reason', m.reason) || a_detail);
  perform overrides_tell(a_rotas);
  notify decisions_changed;
end $function$;
-- may be called by: its owner

-- Locks everything that names people. A job that is reading a calendar now reads it by the people of before: it writes nothing, and is done again.
create function people_hold(a_people text[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  perform from feed f order by f.rota for update;
  perform from person p where p.id = any (a_people) order by p.id for update;
  update feed set claim = null, claimed_until = null where claim is not null;
  update import set claim = null, claimed_until = null where claim is not null;
end $function$;
-- may be called by: its owner

-- The codes, as they are now, of those who have been split from a person since a_at, when it was not known which of them was meant: by a merge that was
-- made before and has been taken back since, or who was never told apart before. Null: nobody.
create function people_parted(a_person text, a_at timestamp with time zone)
 RETURNS text[]
 LANGUAGE sql
 STABLE
AS $function$
  select array_agg(code_now('person', m.code, m.at) order by m.id) from person_move m
  where m.what = 'split' and m.at > a_at and code_now('person', m.was, m.at) = code_now('person', a_person, a_at)
    and not exists (select from person_move u where u.id = m.undoes and u.at > a_at)
$function$;
-- may be called by: its owner

-- The rotas that have to do with the people: where they are on, are replaced, or wait in a preview.
create function people_rotas(a_people text[])
 RETURNS text[]
 LANGUAGE sql
 STABLE
AS $function$
  select array(select s.rota from shift s where s.person = any (a_people) and s.known_to = 'infinity'
               union select o.rota from override o where o.person = any (a_people) or o.instead = any (a_people)
               union select o.rota from override o join override_event e on e.override = o.id where e.third && a_people
               union select d.rota from decision d where d.person = any (a_people) and d.known_to = 'infinity'
               union select i.rota from import i join import_shift n on n.import = i.id where i.state = 'preview' and n.person = any (a_people)
               order by 1)
$function$;
-- may be called by: its owner

-- The shifts of every rota that has changed since a_since, in this transaction.
create function people_shown(a_since timestamp with time zone, a_after timestamp with time zone, a_before timestamp with time zone)
 RETURNS SETOF shift_shown
 LANGUAGE sql
 STABLE
AS $function$
  select x.* from (select distinct s.rota from shift s
                   where s.known_to >= a_since and (s.known_from >= a_since or s.known_to < 'infinity') order by 1) r,
                  rota_shown(r.rota, a_after, a_before) x
$function$;
-- may be called by: its owner

-- Refuses (P0001) people who have left the region. Their rows are locked, so that an override, absence or decision is either made before the person
-- leaves, and region_put sees it, or refused.
create function people_there(a_people text[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare gone text;
begin
  for gone in select p.id from person p where p.id = any (a_people) order by p.id for share loop
    continue when exists (select from person p where p.id = gone and p.retired_at is null)
      -- A code that comes back in a renaming: the region file follows in the same transaction.
      or exists (select from renamed r where r.kind = 'person' and r.code = gone and r.at >= now());
    raise exception '% is no longer in the region', gone using errcode = 'P0001';
  end loop;
end $function$;
-- may be called by: its owner

-- The titles of coming shifts that the calendars of these rotas name people by, and how each counts now: to be read again as they would be.
create function people_titles(a_rotas text[])
 RETURNS TABLE(rota text, title text, class text, person text, shifts bigint, first timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
  select s.rota, s.title, s.class, s.person, count(*), min(s.starts_at)
  from shift s
  where s.rota = any (a_rotas) and s.known_to = 'infinity' and s.override is null and s.title is not null and s.ends_at > clock_timestamp()
  group by s.rota, s.title, s.class, s.person order by s.rota, min(s.starts_at), s.title
$function$;
-- may be called by: crisiscover_api

-- Writes a_items ([{"kind", "key", "item"}], item null: it goes) as a new version of the set-up, and answers its number. Who is somebody again comes
-- back to the same place in the list. What follows from it is the caller's to make, by setup_follow().
create function people_write(a_items jsonb, a_actor text, a_reason text)
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
declare
  changes setup_item[];
begin
  select array_agg((jsonb_populate_record(null::setup_item, jsonb_build_object(
           'kind', x->>'kind', 'key', x->>'key',
           'position', coalesce((select i.position from setup_item i where i.kind = x->>'kind' and i.key = x->>'key' order by i.version desc limit 1),
                                (select coalesce(max(i.position), 0) + 1 from setup_item i where i.kind = x->>'kind' and i.ended is null)),
           'item', nullif(x->'item', 'null')))))
    into changes from jsonb_array_elements(a_items) x;
  return setup_write((select r.head from region r order by r.version desc limit 1), changes, a_actor, clock_timestamp(), a_reason);
end $function$;
-- may be called by: its owner

-- What a merge or a split is compared with. a_other: who goes; null: a split. a_undoes: the merge that it takes back; null: none. before and merged:
-- the one who stayed, just before that merge and just after; back: who went; then_document: the whole, just after. One row.
create function person_base(a_code text, a_other text, a_undoes bigint)
 RETURNS TABLE(version bigint, document text, applied_at timestamp with time zone, applied_by text, item text, item_version bigint, made_at timestamp with time zone, made_by text, other text, other_version bigint, other_at timestamp with time zone, other_by text, undoes bigint, gone text, before text, merged text, back text, then_document text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
  select r.version, d.document::text, r.applied_at, r.applied_by,
         i.item::text, i.version, i.known_from, i.made_by, o.item::text, o.version, o.known_from, o.made_by,
         m.id, m.was,
         (select b.item::text from setup_item b where b.kind = 'person' and b.key = m.code and b.ended = m.version),
         (select b.item::text from setup_item b where b.kind = 'person' and b.key = m.code and b.version = m.version),
         (select b.item::text from setup_item b where b.kind = 'person' and b.key = m.was and b.ended = m.version),
         (select t.document::text from region_whole t where t.version = m.version)
  from (select * from region x order by x.version desc limit 1) r
  join region_whole d on d.version = r.version
  left join setup_item i on i.kind = 'person' and i.key = a_code and i.ended is null
  left join setup_item o on o.kind = 'person' and o.key = a_other and o.ended is null
  left join person_move m on m.id = a_undoes and m.what = 'merge' and code_now('person', m.code, m.at) = a_code
                         and not exists (select from person_move u where u.undoes = m.id)
$function$;
-- may be called by: crisiscover_api

-- Overrides (two rows where both people of one are asked about), absences and decisions in force of a_from, and what a split makes of each:
--   goes     to the one who is split off: it was named, or came with the merge that is taken back
--   stays    it was named, was there before the merge, or is over
--   unclear  nobody can tell
-- a_goes, a_stays: 'override:12', 'absence:3', 'decision:7'.
create function person_lots(a_from text, a_undoes bigint, a_goes text[], a_stays text[])
 RETURNS TABLE(kind text, id bigint, member text, rota text, words text, by_account text, made_at timestamp with time zone, lot text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
  with m as (select (select x from person_move x where x.id = a_undoes) as x),
  came as (select decisions_became((m.x).decisions) as id from m),
  own as (select decisions_became((m.x).stayed) as id from m),
  said as (
    select 'override' as kind, o.id, 'person' as member, o.rota, o.note as words, o.made_by as by_account, o.made_at,
           o.id = any ((m.x).overrides) as came, o.made_at < (m.x).at as own, o.withdrawn_at is not null or o.expires_at <= clock_timestamp() as over
      from override o, m where o.person = a_from
    union all
    select 'override', o.id, 'instead', o.rota, o.note, o.made_by, o.made_at,
           o.id = any ((m.x).replaced), o.made_at < (m.x).at, o.withdrawn_at is not null or o.expires_at <= clock_timestamp()
      from override o, m where o.instead = a_from
    union all
    select 'absence', a.id, 'person', null, null, a.made_by, a.made_at,
           a.id = any ((m.x).absences), a.made_at < (m.x).at, a.withdrawn_at is not null or a.ends_at <= clock_timestamp()
      from absence a, m where a.person = a_from
    union all
    select 'decision', d.id, 'person', d.rota, d.words, d.decided_by, d.known_from,
           d.id in (select c.id from came c), d.id in (select w.id from own w), false
      from decision d where d.person = a_from and d.known_to = 'infinity')
  select s.kind, s.id, s.member, s.rota, s.words, s.by_account, s.made_at,
         case when s.kind || ':' || s.id = any (a_goes) then 'goes' when s.kind || ':' || s.id = any (a_stays) then 'stays'
              when s.came then 'goes' when s.own or s.over then 'stays' else 'unclear' end
  from said s order by s.kind, s.id, s.member
$function$;
-- may be called by: crisiscover_api

-- a_gone becomes a_kept, from now on. a_items: both as they are to be, as of people_write(). a_seen: the version of the set-up that it was compared with;
-- both answers are null where another is in force by now. P0001: it cannot be done. What is over and says that they are two stays as it was said.
create function person_merge(a_kept text, a_gone text, a_items jsonb, a_seen bigint, a_actor text, a_reason text, OUT version bigint, OUT move bigint)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  m person_move;
  touched text[];
begin
  lock table region in share row exclusive mode;
  if a_seen is distinct from (select max(r.version) from region r) then
    return;
  end if;
  perform people_hold(array[a_kept, a_gone]);
  perform people_are_two(a_kept, a_gone);
  touched := people_rotas(array[a_kept, a_gone]);

  m.version := people_write(a_items, a_actor, a_reason);
  m.stayed := array(select d.id from decision d where d.person = a_kept and d.known_to = 'infinity' order by 1);
  perform rename_decisions('person', a_gone, a_kept, 'merged');
  insert into person_move as x (what, was, code, by_account, reason, version, overrides, replaced, absences, decisions, stayed)
    values ('merge', a_gone, a_kept, a_actor, a_reason, m.version,
            array(select o.id from override o where o.person = a_gone and o.instead is distinct from a_kept order by 1),
            array(select o.id from override o where o.instead = a_gone and o.person is distinct from a_kept order by 1),
            array(select a.id from absence a where a.person = a_gone order by 1),
            array(select d.id from decision d where d.person = a_kept and d.known_to = 'infinity' and d.id <> all (m.stayed) order by 1), m.stayed)
    returning * into m;
  update override set person = a_kept where id = any (m.overrides);
  update override set instead = a_kept where id = any (m.replaced);
  update absence set person = a_kept where id = any (m.absences);
  perform rename_shifts('person', a_gone, a_kept);
  perform rename_previews(touched);
  perform overrides_settle(touched);
  perform people_follow(m, touched, '{}');
  version := m.version;
  move := m.id;
end $function$;
-- may be called by: crisiscover_api

-- Does it, reads the shifts of the rotas that it changes, and takes it back. A row of nulls: another version of the set-up is in force.
create function person_merge_try(a_kept text, a_gone text, a_items jsonb, a_seen bigint, a_actor text, a_reason text, a_after timestamp with time zone, a_before timestamp with time zone)
 RETURNS SETOF shift_shown
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  shown shift_shown[];
  since constant timestamptz := clock_timestamp();
begin
  begin
    if (select x.version from person_merge(a_kept, a_gone, a_items, a_seen, a_actor, a_reason) x) is null then
      return next null;
    end if;
    shown := array(select x from people_shown(since, a_after, a_before) x);
    raise exception 'taken back' using errcode = 'P0003';
  exception when sqlstate 'P0003' then
    null;
  end;
  return query select * from unnest(shown);
end $function$;
-- may be called by: crisiscover_api

-- The merges of a person: those by which others became this one, and those by which it became another. Of a code that was merged: its own.
create function person_moves(a_code text)
 RETURNS TABLE(id bigint, gone text, kept text, at timestamp with time zone, by_account text, reason text, undone_at timestamp with time zone, undone_by text, undone_reason text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
  select m.id, m.was, code_now('person', m.code, m.at), m.at, m.by_account, m.reason, u.at, u.by_account, u.reason
  from person_move m left join person_move u on u.undoes = m.id
  where m.what = 'merge' and a_code in (m.was, m.code, code_now('person', m.code, m.at))
  order by m.id desc
$function$;
-- may be called by: crisiscover_api

-- Notes a person who has just been put in force, and gives the number. The rota is read again, and so are the imports that are shown. The flag names
-- nobody.
create function person_new_add(a_person text, a_rota text, a_actor text)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare number bigint;
begin
  insert into person_new (person, rota, account) values (a_person, a_rota, a_actor) returning id into number;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'person_new', 'person/' || a_person, jsonb_build_object('rota', a_rota, 'number', number));
  perform from feed where rota = a_rota for update;
  perform decisions_changed(a_rota);
  perform flag_add('person_new', null, null, null, null, null, null, null, 'normal', a_rota, jsonb_build_object('number', number));
  notify flags_filled;
  return number;
end $function$;
-- may be called by: crisiscover_api

-- Says that somebody has looked: null, or why not ('absent', 'own': nobody reviews what they did themselves, 'done').
create function person_new_review(a_id bigint, a_note text, a_actor text)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare n person_new;
begin
  select * into n from person_new where id = a_id for update;
  if not found then
    return 'absent';
  elsif is_same_person(n.account, a_actor) then
    return 'own';
  elsif n.reviewed_at is not null then
    return 'done';
  end if;
  update person_new set reviewed_at = clock_timestamp(), reviewed_by = a_actor, review_note = a_note where id = a_id;
  perform audit_add(a_actor, 'person_new_reviewed', 'person/' || n.person, jsonb_build_object('number', a_id));
  return null;
end $function$;
-- may be called by: crisiscover_api

-- What each override rested on just before the merge that is taken back, for those made before it: a merge lays both people's shifts under it.
create function person_part_rests(m person_move, a_rotas text[])
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into override_event (override, at, standing, dispute, third, reading, rests, pieces)
    select o.id, greatest(clock_timestamp(), l.at), b.standing, b.dispute, b.third, l.reading, b.rests, b.pieces
    from person_move u
    cross join overrides_live(a_rotas) o
    cross join lateral (select e.* from override_event e where e.override = o.id and e.at <= u.at order by e.id desc limit 1) b
    cross join lateral (select e.* from override_event e where e.override = o.id order by e.id desc limit 1) l
    where u.id = m.undoes and l.id > b.id
      and (l.standing, l.dispute, l.third, l.rests, l.pieces) is distinct from (b.standing, b.dispute, b.third, b.rests, b.pieces)
    order by o.id
$function$;
-- may be called by: its owner

-- The shifts in force of m.was, after overrides and absences have got their people: each is whose override or absence it is, or as above. An absence
-- that is unclear takes both away.
create function person_part_shifts(m person_move)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  to_code constant jsonb := jsonb_build_object('person', quote_literal(m.code));
  goes bigint[];
  unclear bigint[];
  away bigint[];
begin
  select coalesce(array_agg(x.id) filter (where x.lot = 'goes'), '{}'),
         coalesce(array_agg(x.id) filter (where x.lot = 'unclear' and x.class <> 'absence'), '{}'),
         coalesce(array_agg(x.id) filter (where x.lot = 'unclear' and x.class = 'absence'), '{}')
    into goes, unclear, away from person_split_shifts(m) x;
  goes := goes || array(select s.id from shift s join override o on o.id = s.override
                        where s.person = m.was and s.known_to = 'infinity' and o.person = m.code)
               || array(select s.id from shift s where s.rota = 'absence:typed' and s.known_to = 'infinity'
                          and s.key in (select 'absence:' || a from unnest(m.absences) a));
  perform shifts_again(goes, to_code);
  perform shifts_again(unclear, '{"person": "null", "class": "''undecided''"}');
  perform rows_again('shift', to_code || jsonb_build_object('key', 'left(t.key, 590) || ''#split''', 'known_from', quote_literal(clock_timestamp())),
                     format('t.id = any (%L)', away));
  -- Nothing proves that these calendars would be read with something else now: they are read again all the same.
  update feed set read_with = null, seen_with = null
    where body is not null and rota in (select s.rota from shift s where s.id = any (unclear || away));
end $function$;
-- may be called by: its owner

-- a_to, who was taken for a_from, is somebody again, or for the first time (a_undoes null). Otherwise as person_merge().
create function person_split(a_from text, a_to text, a_items jsonb, a_undoes bigint, a_goes text[], a_stays text[], a_seen bigint, a_actor text, a_reason text, OUT version bigint, OUT move bigint)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  m person_move;
  lots record;
  touched text[];
begin
  lock table region in share row exclusive mode;
  if a_seen is distinct from (select max(r.version) from region r) then
    return;
  end if;
  perform people_hold(array[a_from, a_to]);
  perform person_split_may(a_from, a_to, a_undoes, a_goes, a_stays);
  touched := people_rotas(array[a_from, a_to]);
  select coalesce(array_agg(l.id order by l.id) filter (where l.lot = 'goes' and l.kind = 'override' and l.member = 'person'), '{}') as overrides,
         coalesce(array_agg(l.id order by l.id) filter (where l.lot = 'goes' and l.kind = 'override' and l.member = 'instead'), '{}') as replaced,
         coalesce(array_agg(l.id order by l.id) filter (where l.lot = 'goes' and l.kind = 'absence'), '{}') as absences,
         coalesce(array_agg(l.id order by l.id) filter (where l.lot = 'goes' and l.kind = 'decision'), '{}') as decisions,
         coalesce(array_agg(l.id order by l.id) filter (where l.lot = 'unclear' and l.kind = 'decision'), '{}') as unclear
    into lots from person_lots(a_from, a_undoes, a_goes, a_stays) l;

  m.version := people_write(a_items, a_actor, a_reason);
  insert into person (id) values (a_to) on conflict (id) do update set retired_at = null;
  perform decisions_again(lots.decisions, jsonb_build_object('person', quote_literal(a_to)), 'split');
  perform person_unclear(lots.unclear, a_actor);
  insert into person_move as x (what, was, code, undoes, by_account, reason, version, overrides, replaced, absences, decisions, stayed)
    values ('split', a_from, a_to, a_undoes, a_actor, a_reason, m.version, lots.overrides, lots.replaced, lots.absences,
            array(select d.id from decision d where d.person = a_to and d.known_to = 'infinity' order by 1), '{}')
    returning * into m;
  update override set person = a_to where id = any (m.overrides);
  update override set instead = a_to where id = any (m.replaced);
  update absence set person = a_to where id = any (m.absences);
  perform person_part_shifts(m);
  perform person_part_rests(m, touched);
  perform decisions_changed(x) from unnest(touched) x where x in (select f.rota from feed f);
  perform overrides_settle(touched);
  perform people_follow(m, touched, jsonb_build_object('undoes', a_undoes, 'unclear', lots.unclear));
  version := m.version;
  move := m.id;
end $function$;
-- may be called by: crisiscover_api

-- P0001 where it is not known of an override or an absence whose it is.
create function person_split_may(a_from text, a_to text, a_undoes bigint, a_goes text[], a_stays text[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare unclear text;
begin
  if a_undoes is null and exists (select from person p where p.id = a_to) then
    raise exception 'person "%" was used before: a code is never used again for another, so choose a new one', a_to using errcode = 'P0001';
  elsif a_undoes is not null and not exists (
      select from person_move x where x.id = a_undoes and x.what = 'merge' and x.was = a_to and code_now('person', x.code, x.at) = a_from
        and not exists (select from person_move y where y.undoes = x.id)) then
    raise exception 'there is no merge % by which % became %, or it was taken back before', a_undoes, a_to, a_from using errcode = 'P0001';
  end if;
  select string_agg(distinct l.kind || ' ' || l.id, ', ') into unclear from person_lots(a_from, a_undoes, a_goes, a_stays) l
    where l.lot = 'unclear' and l.kind <> 'decision';
  if unclear is not null then
    raise exception '%: say of each whether it goes to % or stays with %', unclear, a_to, a_from using errcode = 'P0001';
  end if;
end $function$;
-- may be called by: its owner

-- Whose each calendar's shift in force of m.was is. A shift that reads as it did just before the merge is whose it was then. Any other that is not
-- over is unclear; one that is over stays as it was known when it was on.
create function person_split_shifts(m person_move)
 RETURNS TABLE(id bigint, class text, lot text)
 LANGUAGE sql
 STABLE
AS $function$
  select s.id, s.class,
         case when p.person is not null and code_now('person', p.person, u.at) = m.code then 'goes'
              when p.person is not null and code_now('person', p.person, u.at) = m.was then 'stays'
              when s.ends_at <= clock_timestamp() then 'stays' else 'unclear' end
  from shift s
  left join person_move u on u.id = m.undoes
  left join lateral (
    select x.person from shift x
    where x.rota in (select codes_ever('rota', s.rota)) and x.key = s.key and x.known_from <= u.at and x.known_to >= u.at
      and (x.class, x.title, x.starts_at, x.ends_at) is not distinct from (s.class, s.title, s.starts_at, s.ends_at)
    order by x.known_from limit 1) p on true
  where s.person = m.was and s.known_to = 'infinity' and s.override is null and s.rota <> 'absence:typed'
$function$;
-- may be called by: its owner

create function person_split_try(a_from text, a_to text, a_items jsonb, a_undoes bigint, a_goes text[], a_stays text[], a_seen bigint, a_actor text, a_reason text, a_after timestamp with time zone, a_before timestamp with time zone)
 RETURNS SETOF shift_shown
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  shown shift_shown[];
  since constant timestamptz := clock_timestamp();
begin
  begin
    if (select x.version from person_split(a_from, a_to, a_items, a_undoes, a_goes, a_stays, a_seen, a_actor, a_reason) x) is null then
      return next null;
    end if;
    shown := array(select x from people_shown(since, a_after, a_before) x);
    raise exception 'taken back' using errcode = 'P0003';
  exception when sqlstate 'P0003' then
    null;
  end;
  return query select * from unnest(shown);
end $function$;
-- may be called by: crisiscover_api

-- Overrides and absences change their person in place. Who it was at a_known: a_list says which of its people ('overrides', 'replaced', 'absences'),
-- a_code who it is now.
create function person_then(a_list text, a_id bigint, a_code text, a_known timestamp with time zone)
 RETURNS text
 LANGUAGE plpgsql
 STABLE
AS $function$
declare
  had text := a_code;
  step record;
begin
  for step in
    select r.was, r.code, r.at from renamed r where r.kind = 'person' and r.at > a_known
    union all
    select m.was, m.code, m.at from person_move m
      where m.at > a_known and a_id = any (case a_list when 'overrides' then m.overrides when 'replaced' then m.replaced else m.absences end)
    order by 3 desc
  loop
    if step.code = had then
      had := step.was;
    end if;
  end loop;
  return had;
end $function$;
-- may be called by: crisiscover_api

-- Decisions about titles that could be either's: the title is undecided, and a name stands for nobody any more.
create function person_unclear(a_ids bigint[], a_actor text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  update decision set known_to = greatest(clock_timestamp(), known_from), ended_by = a_actor where id = any (a_ids) and kind <> 'title';
  perform decisions_again(array(select d.id from decision d where d.id = any (a_ids) and d.kind = 'title'),
                          jsonb_build_object('person', 'null', 'reads', quote_literal('undecided'), 'decided_by', quote_literal(a_actor)), a_actor);
  update decision_head set version = version + 1 where cardinality(a_ids) > 0;
end $function$;
-- may be called by: its owner

-- With every place that is put into the set-up, no matter who puts it there.
create function place_keep()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
begin
  insert into place_known (code, name, kind, version)
    values (new.key, coalesce(new.item->>'name', new.key), coalesce(new.item->>'kind', ''), new.version)
    on conflict (code) do update set name = excluded.name, kind = excluded.kind, version = excluded.version;
  return null;
end $function$;
-- may be called by: its owner

-- Of a_codes, those that are not in the region in force and once were: what each stood for, and since when it is retired.
create function places_retired(a_codes text[])
 RETURNS TABLE(code text, name text, kind text, retired_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
  select k.code, k.name, k.kind, p.retired_at
  from place_known k join place p using (code)
  where k.code = any (a_codes) and p.retired_at is not null
  order by k.code
$function$;
-- may be called by: crisiscover_api

-- Accepts or refuses one that is open. P0001: it is not, or it is the actor's own.
create function proposal_decide(a_id bigint, a_outcome text, a_why text, a_actor text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare p proposal;
begin
  select * into p from proposal x where x.id = a_id for update;
  if p.id is null then
    raise exception 'there is no proposal %', a_id using errcode = 'P0001';
  elsif p.outcome is not null then
    raise exception 'proposal % is %, by %', a_id, p.outcome, p.decided_by using errcode = 'P0001';
  elsif p.expires_at <= clock_timestamp() then
    raise exception 'proposal % has expired: propose it again', a_id using errcode = 'P0001';
  elsif is_same_person(p.by_account, a_actor) then
    raise exception 'proposal % is your own: another person decides about it', a_id using errcode = 'P0001';
  end if;
  update proposal set outcome = a_outcome, decided_by = a_actor, decided_at = clock_timestamp(), why = a_why where id = a_id;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'proposal_' || a_outcome, p.kind || '/' || p.key,
            jsonb_build_object('proposal', a_id, 'proposed_by', p.by_account, 'reason', p.reason, 'why', a_why));
end $function$;
-- may be called by: crisiscover_api

-- Only its decision is written later, once; and the code of those who proposed it, if they are called otherwise.
create function proposal_keep()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'UPDATE' and to_jsonb(new) - array['outcome', 'decided_by', 'decided_at', 'why', 'by_account']
                          = to_jsonb(old) - array['outcome', 'decided_by', 'decided_at', 'why', 'by_account']
     and (old.outcome is null or (new.outcome, new.decided_by, new.decided_at) is not distinct from (old.outcome, old.decided_by, old.decided_at)) then
    return new;
  end if;
  raise exception '% on proposal: the record is only ever added to', lower(tg_op) using errcode = 'P0002';
end $function$;
-- may be called by: its owner

-- Answers its number, and until when it may be accepted. What the same account proposes once more while it is open is that proposal: a file of published
-- closures is imported every month.
create function proposal_make(a_kind text, a_key text, a_change text, a_body text, a_version bigint, a_until date, a_reason text, a_shown text, a_actor text, a_masks text[] DEFAULT '{}'::text[], a_boxes bytea[] DEFAULT '{}'::bytea[], OUT id bigint, OUT expires_at timestamp with time zone)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
begin
  perform addresses_keep(a_masks, a_boxes);
  perform addresses_check(jsonb_build_array(a_body::jsonb));
  select p.id, p.expires_at into id, expires_at
    from proposal p
    where p.outcome is null and p.expires_at > clock_timestamp() and p.by_account = a_actor
      and (p.kind, p.key, p.change, p.version) = (a_kind, a_key, a_change, a_version)
      and (p.body, p.until, p.reason) is not distinct from (a_body::jsonb, a_until, a_reason)
    order by p.id desc limit 1;
  if found then
    return;
  end if;
  insert into proposal as p (kind, key, change, body, version, until, reason, shown, by_account)
    values (a_kind, a_key, a_change, a_body::jsonb, a_version, a_until, a_reason, a_shown::jsonb, a_actor)
    returning p.id, p.expires_at into id, expires_at;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'setup_proposed', a_kind || '/' || a_key,
            jsonb_build_object('proposal', id, 'change', a_change, 'body', item_audited(a_body::jsonb), 'until', a_until, 'reason', a_reason));
end $function$;
-- may be called by: crisiscover_api

-- Refuses a new file with which the PDFs of a_accounts (those of one organisation) would have more than a_bytes. The PDFs of all editions count, also of
-- protocols that were withdrawn, since none is deleted; one that two organisations have counts for both. A file that is kept already takes no more room.
create function protocol_fits(a_sha256 bytea, a_len integer, a_accounts text[], a_bytes bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  has bigint;
begin
  if exists (select from protocol_file where sha256 = a_sha256) then
    return;
  end if;
  -- PostgreSQL knows the length of a value that is stored external without reading it.
  select coalesce(sum(octet_length(f.pdf)), 0) into has from protocol_file f
    where f.sha256 in (select p.sha256 from protocol p
                       where p.account = any (array(select codes_ever('account', x.name) from unnest(a_accounts) x (name))));
  if has + a_len > a_bytes then
    raise exception 'your organisation has % MB of PDFs, and this one would make it more than the % MB that are kept: give a link to it, or ask who runs the server for more room',
      round(has / 1048576.0, 1), a_bytes / 1048576 using errcode = 'P0001';
  end if;
end $function$;
-- may be called by: its owner

-- Keeps an edition: the first of a new protocol, if a_protocol is null, and else the next after a_edition. a_is: {"place", "function", "name", "version",
-- "owner", "review", "url"}; place and function only of the first. a_pdf: the file, instead of the url; of a later edition both may be missing: it has the
-- document of the one before. stale: another edition came first, or it was withdrawn; nothing is kept then. P0001: the place has left the region, or
-- has a_most for this function already, or the file is new and does not fit into the a_bytes that the PDFs of a_accounts may have, those of one
-- organisation.
create function protocol_put(a_protocol bigint, a_edition integer, a_is jsonb, a_pdf bytea, a_account text, a_most integer, a_accounts text[], a_bytes bigint, OUT protocol bigint, OUT edition integer, OUT stale boolean)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  p protocol := jsonb_populate_record(null::protocol, a_is);
  before protocol;
begin
  perform protocol_version();
  stale := false;
  if a_protocol is not null then
    select * into before from protocol x where x.protocol = a_protocol and x.ended_at is null;
    if before.edition is distinct from a_edition then
      stale := true;
      return;
    end if;
    p.place := code_now('place', before.place, before.at);
    p.function := code_now('function', before.function, before.at);
  end if;
  perform from place where code = p.place and retired_at is null for share;
  if not found then
    raise exception 'there is no place % in the region', p.place using errcode = 'P0001';
  end if;
  if a_protocol is null
     and (select count(*) from protocol x where x.place = any (array(select codes_ever('place', p.place)))
            and x.function = any (array(select codes_ever('function', p.function))) and x.ended_at is null) >= a_most then
    raise exception 'there are % protocols of this function at this place already: withdraw one first', a_most using errcode = 'P0001';
  end if;
  if a_pdf is not null then
    p.sha256 := sha256(a_pdf);
    perform protocol_fits(p.sha256, octet_length(a_pdf), a_accounts, a_bytes);
    insert into protocol_file (sha256, pdf) values (p.sha256, a_pdf) on conflict do nothing;
  elsif p.url is null then
    p.url := before.url;
    p.sha256 := before.sha256;
  end if;
  update protocol x set ended_at = clock_timestamp(), ended_by = a_account where x.id = before.id;
  p.id := nextval(pg_get_serial_sequence('protocol', 'id'));
  protocol := coalesce(a_protocol, p.id);
  edition := coalesce(before.edition, 0) + 1;
  insert into protocol as x (id, protocol, edition, account, place, function, name, version, owner, review, url, sha256) overriding system value
    values (p.id, protocol_put.protocol, protocol_put.edition, a_account, p.place, p.function, p.name, p.version, p.owner, p.review, p.url, p.sha256)
    returning * into p;
  perform audit_add(a_account, case when before.id is null then 'protocol_added' else 'protocol_replaced' end, 'protocol/' || protocol_put.protocol,
                    jsonb_strip_nulls(jsonb_build_object('place', p.place, 'function', p.function,
                                                         'from', case when before.id is not null then protocol_said(before) end,
                                                         'to', protocol_said(p))));
end $function$;
-- may be called by: crisiscover_api

-- What the audit has of an edition: from which to which.
create function protocol_said(p protocol)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select jsonb_strip_nulls(jsonb_build_object('edition', p.edition, 'name', p.name, 'version', p.version, 'owner', p.owner, 'review', p.review,
                                              'url', p.url, 'sha256', encode(p.sha256, 'hex')))
$function$;
-- may be called by: its owner

create function protocol_version()
 RETURNS bigint
 LANGUAGE sql
AS $function$
  notify protocols_changed;
  update protocol_head set version = version + 1 returning version
$function$;
-- may be called by: its owner

-- Withdraws a protocol, if a_edition is the one in force. False: it is not.
create function protocol_withdraw(a_protocol bigint, a_edition integer, a_why text, a_account text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  p protocol;
begin
  perform protocol_version();
  update protocol x set ended_at = clock_timestamp(), ended_by = a_account, why = a_why
    where x.protocol = a_protocol and x.edition = a_edition and x.ended_at is null
    returning * into p;
  if not found then
    return false;
  end if;
  perform audit_add(a_account, 'protocol_withdrawn', 'protocol/' || a_protocol,
                    jsonb_build_object('place', p.place, 'function', p.function, 'from', protocol_said(p), 'why', a_why));
  return true;
end $function$;
-- may be called by: crisiscover_api

-- The editions in force as they were known at a_known, with the codes of that time.
create function protocols_shown(a_known timestamp with time zone)
 RETURNS TABLE(protocol bigint, edition integer, at timestamp with time zone, place text, function text, name text, version text, owner text, review date, url text, sha256 text, bytes integer)
 LANGUAGE sql
 STABLE
AS $function$
  select p.protocol, p.edition, p.at, code_since('place', p.place, p.at, a_known), code_since('function', p.function, p.at, a_known), p.name, p.version,
         code_since('account', p.owner, p.at, a_known), p.review, p.url, encode(p.sha256, 'hex'),
         (select octet_length(f.pdf) from protocol_file f where f.sha256 = p.sha256)
  from protocol p
  where p.at <= a_known and (p.ended_at is null or p.ended_at > a_known)
$function$;
-- may be called by: crisiscover_api

-- What says whom a subject of a provider means: with another of these, the same subject may be another person.
create function provider_namespace(a_body jsonb)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select jsonb_build_array(a_body->'issuer', a_body->'preset', a_body->'tenant', a_body->'subject_claim')
$function$;
-- may be called by: its owner

-- Adds a provider or changes it. a_seen: its body as it was read (null: there was none). What is in the way: 'changed' (it is another now), 'bound'
-- (people are linked, and their subjects would mean others), 'issuer' (another provider has it), or null. Nothing is written where nothing changes, or
-- where a_try asks only what is in the way.
create function provider_put(a_id text, a_body text, a_seen text, a_try boolean, a_actor text)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  was provider;
  wanted jsonb := a_body;
begin
  lock table provider in share row exclusive mode;
  select * into was from provider where id = a_id;
  if (case when was.removed_at is null then was.body end) is distinct from a_seen::jsonb then
    return 'changed';
  end if;
  if was.body = wanted and was.removed_at is null then
    return null;
  end if;
  if exists (select from provider where issuer = wanted->>'issuer' and id <> a_id and removed_at is null) then
    return 'issuer';
  end if;
  if provider_namespace(was.body) <> provider_namespace(wanted)
     and exists (select from identity where provider = a_id and state <> 'ended') then
    return 'bound';
  end if;
  if a_try then
    return null;
  end if;
  insert into provider (id, issuer, body, set_by) values (a_id, wanted->>'issuer', wanted, a_actor)
    on conflict (id) do update set issuer = excluded.issuer, body = excluded.body, set_at = clock_timestamp(), set_by = excluded.set_by,
                                   removed_at = null, removed_by = null;
  perform audit_add(a_actor, 'provider_set', 'provider/' || a_id,
                    jsonb_build_object('was', case when was.removed_at is null then was.body end, 'is', wanted));
  return null;
end $function$;
-- may be called by: crisiscover_api

-- Takes a provider out: nobody is linked through it any more, and whom it signed in is signed out. What is in the way: 'changed' (it is another than
-- a_seen, or there is none any more), or null.
create function provider_remove(a_id text, a_seen text, a_actor text)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
begin
  update provider set removed_at = clock_timestamp(), removed_by = a_actor where id = a_id and removed_at is null and body = a_seen::jsonb;
  if not found then
    return 'changed';
  end if;
  perform identities_end(array(select id from identity where provider = a_id and state <> 'ended'), a_actor);
  perform audit_add(a_actor, 'provider_removed', 'provider/' || a_id, null);
  return null;
end $function$;
-- may be called by: crisiscover_api

-- Keeps a reading. The values that only people and the horizon need come as one document.
create function reading_add(a_rota text, a_body bytea, a_read_with bytea, a_reading jsonb)
 RETURNS bigint
 LANGUAGE sql
AS $function$
  insert into reading (rota, body, read_with, window_from, window_to, events, counts, findings, first_start, horizon, zone_used, format)
  values (a_rota, a_body, a_read_with, (a_reading->>'window_from')::timestamptz, (a_reading->>'window_to')::timestamptz,
          (a_reading->>'events')::integer, a_reading->'counts', a_reading->'findings', (a_reading->>'first_start')::timestamptz,
          (a_reading->>'horizon')::timestamptz, a_reading->>'zone_used', coalesce(a_reading->>'format', 'text/calendar'))
  returning id
$function$;
-- may be called by: crisiscover_feeds

-- Whether reading a_id says what a_reading says.
create function reading_same(a_id bigint, a_reading jsonb)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select exists (
    select from reading r where r.id = a_id and r.events = (a_reading->>'events')::integer and r.counts = a_reading->'counts'
      and r.findings = a_reading->'findings' and r.first_start is not distinct from (a_reading->>'first_start')::timestamptz
      and r.horizon is not distinct from (a_reading->>'horizon')::timestamptz
      and r.zone_used is not distinct from a_reading->>'zone_used')
$function$;
-- may be called by: crisiscover_feeds

-- Notes that the record of a_name begins here. Called when months are dropped.
create function record_begins_at(a_name text, a_at timestamp with time zone)
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into record_begins as b (name, at) values (a_name, a_at) on conflict (name) do update set at = greatest(b.at, excluded.at)
$function$;
-- may be called by: its owner

-- The same for partitioned tables; the argument is the table's own name. The only change allowed is to write known_to of a row, once. Deletion is
-- refused by a trigger of statements: a row that moves to another partition fires the DELETE triggers of rows, but not those of statements.
create function record_keep()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_level = 'ROW' then
    if old.known_to = 'infinity' and new.known_to <> 'infinity' and to_jsonb(new) - 'known_to' = to_jsonb(old) - 'known_to' then
      return new;
    end if;
  end if;
  raise exception '% on %: the record is only ever added to', lower(tg_op), tg_argv[0] using errcode = 'P0002';
end $function$;
-- may be called by: its owner

-- Copies the last rows before a_begins, which are about to be dropped. They go to `_rest` only once their month's partition is gone, so this is
-- called last.
create function record_last_words(t record_table, a_begins timestamp with time zone, a_gone text[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
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
end $function$;
-- may be called by: its owner

-- The daily round at the present time.
create function record_maintain(a_body_days bigint, a_tables text[], a_days bigint[], OUT made integer, OUT dropped integer, OUT bodies bigint, OUT remarks bigint)
 RETURNS record
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
  select * from record_maintain_at(clock_timestamp(), a_body_days, a_tables, a_days)
$function$;
-- may be called by: crisiscover_coverage

-- The daily round at a_now: partitions of coming months are made, rows that had none get one, unless the record begins after them, and rows that have
-- been kept long enough are deleted. a_days is parallel to the names of settings; 0, and a setting that is not named: never deleted. One at a time. A
-- lock is waited for for less than the second after which PostgreSQL looks for deadlocks, so that in a deadlock this fails and not the reader, and so
-- that others do not queue for long after this one. A partition that could not be locked is handled in the next round.
create function record_maintain_at(a_now timestamp with time zone, a_body_days bigint, a_tables text[], a_days bigint[], OUT made integer, OUT dropped integer, OUT bodies bigint, OUT remarks bigint)
 RETURNS record
 LANGUAGE plpgsql
 SET lock_timeout TO '500ms'
AS $function$
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
end $function$;
-- may be called by: its owner

-- The rows that a change ends are in force: only their partition is searched.
create function record_moment(a_superseded bigint[])
 RETURNS timestamp with time zone
 LANGUAGE sql
AS $function$
  select greatest(clock_timestamp(), (select max(known_from) from shift where id = any (a_superseded) and known_to = 'infinity'))
$function$;
-- may be called by: crisiscover_feeds

create function record_month(a_at timestamp with time zone)
 RETURNS timestamp with time zone
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select date_trunc('month', a_at at time zone 'UTC') at time zone 'UTC'
$function$;
-- may be called by: its owner

create function record_month_after(a_month timestamp with time zone)
 RETURNS timestamp with time zone
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select (a_month at time zone 'UTC' + interval '1 month') at time zone 'UTC'
$function$;
-- may be called by: its owner

-- Makes the partition of a month if it is missing, with the index that only months have, and moves there what had to wait for it. Answers whether
-- it made one.
create function record_month_make(a_table text, a_month timestamp with time zone)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
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
end $function$;
-- may be called by: its owner

create function record_month_name(a_table text, a_month timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select a_table || '_' || to_char(a_month at time zone 'UTC', 'YYYY_MM')
$function$;
-- may be called by: its owner

-- Whether a month may go: all of it is past what is kept, and nothing in it waits for anybody.
create function record_month_over(a_table text, a_partition text, a_month timestamp with time zone, a_before timestamp with time zone)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
declare waits boolean := false;
begin
  if record_month_after(a_month) > a_before then
    return false;
  end if;
  if a_table = 'flag' then
    execute format('select exists (select from %I where published_at is null)', a_partition) into waits;
  end if;
  return not waits;
end $function$;
-- may be called by: its owner

-- Drops the months that are past their days, oldest first; none of a table that keeps an older one. Notes where the record then begins, and copies the
-- last rows. For the audit, where the chain then begins is noted first.
create function record_months_delete(a_table text, a_before timestamp with time zone)
 RETURNS integer
 LANGUAGE plpgsql
AS $function$
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
end $function$;
-- may be called by: its owner

-- Whether what was known at a_known is still there, of one of these; otherwise P0001 with a sentence.
create function record_reaches(a_name text, a_known timestamp with time zone)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE
AS $function$
declare
  begins timestamptz := (select b.at from record_begins b where b.name = a_name and b.at > a_known);
begin
  if begins is not null then
    raise exception 'What was known then is no longer kept: the record begins at %. Ask with a later known_at.', iso(begins)
      using errcode = 'P0001';
  end if;
  return true;
end $function$;
-- may be called by: crisiscover_api

-- Rows may be added, and nothing else. The argument is the table's own name, since a partition has another name.
create function record_stay()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception '% on %: the record is only ever added to', lower(tg_op), tg_argv[0] using errcode = 'P0002';
end $function$;
-- may be called by: its owner

-- Somebody wants a feed checked now. P0001: its source is not an address.
create function refresh_ask(a_rota text, a_actor text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
begin
  update feed set refresh_asked_at = clock_timestamp(), updated_at = clock_timestamp() where rota = a_rota and fetched;
  if not found then
    raise exception 'this rota has no address to be read from: its shifts are uploaded or typed in' using errcode = 'P0001';
  end if;
  insert into audit (actor, action, object) values (a_actor, 'refresh_asked', 'rota/' || a_rota);
  notify refresh_asked;
end $function$;
-- may be called by: crisiscover_api

-- Puts a region file in force, all of it or nothing. The api has read it and found no fault. A document that equals the set-up in force makes no new
-- version, and writes nothing. P0001: it has a mask that stands for no address.
create function region_apply(a_document text, a_actor text, OUT version bigint, OUT applied boolean)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare before bigint;
begin
  -- One at a time; readers continue.
  lock table region in share row exclusive mode;
  select max(r.version) into before from region r;
  perform addresses_check(a_document::jsonb->'rotas');
  version := setup_keep(a_document, a_actor);
  applied := version is distinct from before;
  if applied then
    perform setup_follow(version, true);
  end if;
end $function$;
-- may be called by: crisiscover_api

-- The set-ups that a file is compared with: the one in force, and the file that was applied before it: of the same origin, else the same file, else
-- the one that was applied last. If no file was ever applied, the set-up in force takes its place. version is null where nothing
-- is in force yet. a_seen: the version that the sender has seen, and what it was, or null. a_masks: of the addresses that the file brings; unsealed is
-- those that are not kept under the key pair a_key.
create function region_base(a_file text, a_origin text, a_seen bigint, a_masks text[] DEFAULT '{}'::text[], a_key bytea DEFAULT NULL::bytea)
 RETURNS TABLE(version bigint, document text, applied_at timestamp with time zone, applied_by text, base text, seen text, unsealed text[], begun_at timestamp with time zone)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  newest region;
  before region_file;
begin
  perform addresses_check(a_file::jsonb->'rotas', a_masks);
  select * into newest from region r order by r.version desc limit 1;
  if a_origin is not null then
    select f.* into before from region_file f
      order by (f.origin = a_origin) desc, (f.sha256 = sha256(convert_to(a_file, 'UTF8'))) desc, f.applied_at desc limit 1;
  end if;
  return query select newest.version, (select w.document::text from region_whole w where w.version = newest.version), newest.applied_at,
                      newest.applied_by, before.document,
                      (select w.document::text from region_whole w where w.version = a_seen and w.version <> newest.version),
                      array(select distinct m from unnest(a_masks) m
                            where not exists (select from feed_address a where a.mask = m and substr(a.box, 1, 8) = a_key)),
                      (select r.applied_at from region r order by r.version limit 1);
end $function$;
-- may be called by: crisiscover_api

-- For each rota: the hash of the file that a region file brought last (also if it is not in force), the hash of the body in force, and, if a person
-- put the latter in force or undid the former, who and when. Hexadecimal.
create function region_files(a_rotas text[])
 RETURNS TABLE(rota text, filed text, in_force text, import bigint, decided_by text, decided_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
  select f.rota, encode(filed.body, 'hex'), encode(f.body, 'hex'), decided.id, decided.decided_by, decided.decided_at
  from feed f
  left join lateral (select i.body from import i
                     where i.rota = f.rota and i.filed and i.state in ('uploaded', 'applied', 'undone')
                     order by i.id desc limit 1) filed on true
  left join lateral (select i.id, i.decided_by, i.decided_at from import i
                     where i.rota = f.rota and f.body is distinct from filed.body
                       and ((i.state = 'applied' and not i.filed and i.body = f.body)
                            or (i.state = 'undone' and i.filed and i.body = filed.body))
                     order by i.decided_at desc limit 1) decided on true
  where f.rota = any (a_rotas)
  order by f.rota
$function$;
-- may be called by: crisiscover_api

-- The region file without its lists.
create function region_head(a_document jsonb)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
AS $function$
  select a_document - array(select list from setup_kinds())
$function$;
-- may be called by: its owner

-- Puts a region file in force, and keeps the file as it was sent. The rows of setup_refused, with no version, where it is not.
create function region_put(a_document text, a_file text, a_origin text, a_seen bigint, a_actor text, a_kinds text[], a_was text[], a_codes text[], a_rotas text[], a_people text[], a_said text[], a_masks text[] DEFAULT '{}'::text[], a_boxes bytea[] DEFAULT '{}'::bytea[])
 RETURNS TABLE(version bigint, applied boolean, depends_on text, kind text, id bigint, by_account text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare put record;
begin
  return query select null::bigint, false, x.depends_on, x.kind, x.id, x.by_account
               from setup_refused(a_seen, a_actor, a_kinds, a_was, a_codes, a_rotas, a_people, a_said) x;
  if found then
    return;
  end if;

  perform addresses_keep(a_masks, a_boxes);
  select a.version, a.applied into put from region_apply(a_document, a_actor) a;
  -- Asked before, since ON CONFLICT writes a lock of the row where it changes nothing: a file that is applied again writes nothing at all. region_apply
  -- lets one in at a time.
  if a_origin is not null
     and (put.applied
          or not exists (select from region_file f where f.origin = a_origin and f.sha256 = sha256(convert_to(a_file, 'UTF8')))) then
    insert into region_file (origin, document, sha256, version, applied_by)
      values (a_origin, a_file, sha256(convert_to(a_file, 'UTF8')), put.version, a_actor)
      on conflict (origin) do update
        set document = excluded.document, sha256 = excluded.sha256, version = excluded.version, applied_at = excluded.applied_at,
            applied_by = excluded.applied_by;
  end if;
  return query select put.version, put.applied, null::text, null::text, null::bigint, null::text;
end $function$;
-- may be called by: crisiscover_api

-- With the codes of today. Arguments as of region_put.
create function region_put_try(a_document text, a_file text, a_origin text, a_seen bigint, a_actor text, a_kinds text[], a_was text[], a_codes text[], a_rotas text[], a_people text[], a_said text[], a_masks text[], a_boxes bytea[])
 RETURNS SETOF risk_lost
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  open constant bigint[] := array(select id from risk where ended_at is null);
  lost risk_lost[];
begin
  if cardinality(open) = 0 then
    return;
  end if;
  begin
    perform region_put(a_document, a_file, a_origin, a_seen, a_actor, a_kinds, a_was, a_codes, a_rotas, a_people, a_said, a_masks, a_boxes);
    lost := risks_lost(open);
    raise exception 'taken back' using errcode = 'P0003';
  exception when sqlstate 'P0003' then
    null;
  end;
  return query select l.risk, code_now('requirement', r.requirement, r.at), code_now('place', r.place, r.at), l.until, l.why
               from unnest(lost) l join risk r on r.id = l.risk order by r.id;
end $function$;
-- may be called by: crisiscover_api

-- Gives one thing another code, in every table that keeps its code.
create function region_rename(a_kind text, a_was text, a_code text, a_actor text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
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
end $function$;
-- may be called by: its owner

-- Overrides and absences of these rotas and people that are not over, and decisions in force.
create function region_said(a_rotas text[], a_people text[])
 RETURNS TABLE(kind text, id bigint, rota text, person text, words text, by_account text, made_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
  select 'override', o.id, o.rota, o.person, o.note, o.made_by, o.made_at from override o
    where o.withdrawn_at is null and o.expires_at > clock_timestamp()
      and (o.rota = any (a_rotas) or o.person = any (a_people) or o.instead = any (a_people))
  union all
  select 'absence', a.id, null, a.person, null, a.made_by, a.made_at from absence a
    where a.withdrawn_at is null and a.ends_at > clock_timestamp() and a.person = any (a_people)
  union all
  select 'decision', d.id, d.rota, d.person, d.words, d.decided_by, d.known_from from decision d
    where d.known_to = 'infinity' and (d.rota = any (a_rotas) or d.person = any (a_people))
  order by 1, 2
$function$;
-- may be called by: crisiscover_api

-- What the audit has of a report or a note.
create function remark_object(a_rota text, a_service text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select case when a_rota is null then 'service/' || a_service else 'rota/' || a_rota end
$function$;
-- may be called by: its owner

create function remark_version()
 RETURNS bigint
 LANGUAGE sql
AS $function$
  notify remarks_changed;
  update remark_head set version = version + 1 returning version
$function$;
-- may be called by: its owner

-- Deletes what was over before a_before; answers how many remarks. A report that still waits for somebody is first settled, by the server itself, and
-- is deleted a day later: by then every process has read that nothing is left to do. Where the record then begins is noted first.
create function remarks_delete(a_now timestamp with time zone, a_before timestamp with time zone)
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
declare
  seen constant timestamptz := a_now - interval '1 day';
  reports bigint;
  notes bigint;
begin
  if exists (select from contact_report where until < a_before and outcome <> 'reached' and withdrawn_at is null and settled_at is null) then
    update contact_report
      set version = remark_version(), settled_at = a_now, settled_by = 'crisiscoverd', settle_note = 'Nobody has seen to it for as long as it is kept.'
      where until < a_before and outcome <> 'reached' and withdrawn_at is null and settled_at is null;
  end if;
  if exists (select from contact_report where until < a_before and coalesce(settled_at, until) < seen) or
     exists (select from note where until < a_before) then
    perform record_begins_at('remark', a_before);
  end if;
  delete from contact_report where until < a_before and coalesce(settled_at, until) < seen;
  get diagnostics reports = row_count;
  delete from note where until < a_before;
  get diagnostics notes = row_count;
  return reports + notes;
end $function$;
-- may be called by: its owner

-- Remarks that can be shown after a_from, with the codes of a_known, as they were known then, and every report that wants somebody's doing, however
-- old. a_since: only those that have changed since that version; what has gone since is among them (gone). -1: all. A report that was settled long
-- after it was shown is among the changes too: who has it in memory learns only so that nothing is left to do.
create function remarks_shown(a_since bigint, a_from timestamp with time zone, a_known timestamp with time zone)
 RETURNS TABLE(kind text, id bigint, at timestamp with time zone, until timestamp with time zone, account text, role text, person text, rota text, team text, starts_at timestamp with time zone, ends_at timestamp with time zone, service text, place text, function text, words text, gone boolean, settled boolean)
 LANGUAGE sql
 STABLE
AS $function$
  select 'report', c.id, c.at, c.until, code_since('account', c.account, c.at, a_known), null, code_since('person', c.person, c.at, a_known),
         code_since('rota', c.rota, c.at, a_known), null, null::timestamptz, null::timestamptz, code_since('service', c.service, c.at, a_known),
         code_since('place', c.place, c.at, a_known), code_since('function', c.function, c.at, a_known), c.outcome, coalesce(c.withdrawn_at <= a_known, false),
         coalesce(c.settled_at <= a_known, false)
  from contact_report c
  where c.version > a_since and c.at <= a_known
    and (c.until > a_from or a_since >= 0 or (c.outcome <> 'reached' and c.withdrawn_at is null and c.settled_at is null))
  union all
  select n.on_what, n.id, n.at, n.until, code_since('account', n.account, n.at, a_known), n.role, code_since('person', n.person, n.at, a_known),
         code_since('rota', n.rota, n.at, a_known), n.team, n.starts_at, n.ends_at, code_since('service', n.service, n.at, a_known),
         code_since('place', n.place, n.at, a_known), code_since('function', n.function, n.at, a_known), n.text,
         coalesce(n.ended_at <= a_known, false), false
  from note n
  where n.version > a_since and n.until > a_from and n.at <= a_known
$function$;
-- may be called by: crisiscover_api

create function rename_account(a_was text, a_code text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  update account set retired_at = null where name = a_code;
  if not found then
    perform rows_again('account', jsonb_build_object('name', quote_literal(a_code)), format('t.name = %L', a_was));
  end if;
  update token set account = a_code where account = a_was;
  perform sign_in_rename(a_was, a_code);
  update account set by_hand = false where name = a_was;
end $function$;
-- may be called by: its owner

-- Decisions in force of a rota or a person under another code.
create function rename_decisions(a_column text, a_was text, a_code text, a_ended text DEFAULT 'renamed'::text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare ids bigint[];
begin
  execute format('select coalesce(array_agg(id), ''{}'') from decision where %I = $1 and known_to = ''infinity''', a_column)
    into ids using a_was;
  perform decisions_again(ids, jsonb_build_object(a_column, quote_literal(a_code)), a_ended);
end $function$;
-- may be called by: its owner

-- The demands of a requirement or a place (a_column), with their spans in force and all their gaps. A gap stays the same gap. Subscribers that follow
-- the open ones get its new codes.
create function rename_demands(a_column text, a_was text, a_code text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
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
end $function$;
-- may be called by: its owner

-- Present rows of a_table, if there is such a table, whose a_column is a_was.
create function rename_in_place(a_table text, a_column text, a_was text, a_code text, a_where text DEFAULT 'true'::text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  if to_regclass(a_table) is not null then
    execute format('update %s set %I = $2 where %I = $1 and %s', a_table, a_column, a_column, a_where) using a_was, a_code;
  end if;
end $function$;
-- may be called by: its owner

create function rename_person(a_was text, a_code text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  perform rename_shifts('person', a_was, a_code);
  perform rename_decisions('person', a_was, a_code);
  update override set person = a_code where person = a_was;
  update override set instead = a_code where instead = a_was;
  update absence set person = a_code where person = a_was;
end $function$;
-- may be called by: its owner

-- A preview names people by their codes and says which rows it supersedes; both are others now. Until it has been read again nobody can confirm it.
create function rename_previews(a_rotas text[])
 RETURNS void
 LANGUAGE sql
AS $function$
  update import set state = 'uploaded', claim = null, claimed_until = null, step = null where rota = any (a_rotas) and state = 'preview'
$function$;
-- may be called by: its owner

-- Refuses a code that another thing had before: that thing's record would become part of this one's.
create function rename_refuse(a_kind text, a_was text, a_code text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
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
end $function$;
-- may be called by: its owner

-- The other tables that keep a code: previews, rereadings, fullness of calendars, third persons of overrides, answers that are kept. Called
-- last. The caller holds the feeds' rows.
create function rename_rest(a_kind text, a_was text, a_code text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
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
end $function$;
-- may be called by: its owner

create function rename_rota(a_was text, a_code text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
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
end $function$;
-- may be called by: its owner

-- The shifts in force of a rota or a person (a_column) under another code.
create function rename_shifts(a_column text, a_was text, a_code text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  ids bigint[];
  touched text[];
begin
  execute format('select coalesce(array_agg(id), ''{}''), coalesce(array_agg(distinct rota), ''{}'') from shift '
                 'where %I = $1 and known_to = ''infinity''', a_column) into ids, touched using a_was;
  perform shifts_again(ids, jsonb_build_object(a_column, quote_literal(a_code)));
  delete from dirty where a_column = 'rota' and rota = a_was;
  perform shifts_mark(array(select case when a_column = 'rota' then a_code else x end from unnest(touched) x));
end $function$;
-- may be called by: its owner

-- Notes what came of ringing. told: who keeps the rota has been told of it, at once, by a flag that names nobody. The same from the same account within a minute is the same report: a button was pressed twice. a_rota and a_person are
-- null for the service's line; a_wanted is the function that is looked for, where a ladder led to another one (null: it did not). P0001: the place or the person has left the region, or this account has reported more than one person can ring.
create function report_add(a_account text, a_place text, a_function text, a_service text, a_rota text, a_person text, a_outcome text, a_seconds integer, a_wanted text DEFAULT NULL::text, OUT id bigint, OUT at timestamp with time zone, OUT until timestamp with time zone, OUT told boolean)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  number bigint := remark_version();
  before contact_report;
  made contact_report;
begin
  perform from place where code = a_place and retired_at is null for share;
  if not found then
    raise exception 'there is no place % in the region', a_place using errcode = 'P0001';
  end if;
  perform people_there(array_remove(array[a_person], null));
  select * into before from contact_report c
    where c.service = a_service and c.rota is not distinct from a_rota and c.person is not distinct from a_person and c.withdrawn_at is null
      and c.at > clock_timestamp() - interval '1 minute'
    order by c.id desc limit 1;
  if before.account = a_account and before.outcome = a_outcome and before.place = a_place then
    select before.id, before.at, before.until, before.told into id, at, until, told;
    return;
  end if;
  if (select count(*) >= 200 from (select c.at from contact_report c where c.account = a_account order by c.id desc limit 200) x
      where x.at > clock_timestamp() - interval '10 minutes') then
    raise exception 'this account has reported 200 calls in ten minutes: nothing more is taken from it for a while' using errcode = 'P0001';
  end if;
  insert into contact_report as c (version, at, until, account, place, function, wanted, service, rota, person, outcome)
    select number, x.now, x.now + make_interval(secs => a_seconds), a_account, a_place, a_function, nullif(a_wanted, a_function), a_service, a_rota, a_person,
           a_outcome
    from (select clock_timestamp() as now) x
    returning c.* into made;
  select made.id, made.at, made.until, report_tells(made) into id, at, until, told;
  perform audit_add(a_account, 'contact_reported', remark_object(a_rota, a_service),
                    jsonb_strip_nulls(jsonb_build_object('number', id, 'place', a_place, 'person', a_person, 'outcome', a_outcome,
                                                         'told', nullif(told, false))));
  if told then
    update contact_report c set told = true where c.id = made.id;
    -- Last, since it locks the counter of flags until the commit.
    perform flag_add('contact_failed', null, a_place, a_function, null, null, null, null, 'high', a_rota,
                     jsonb_build_object('service', a_service, 'outcome', a_outcome, 'number', id));
    notify flags_filled;
  end if;
end $function$;
-- may be called by: crisiscover_api

-- Whether it still wants somebody's doing. Who did not answer and was reached later wants nothing; a wrong person is a fault of the rota or the number,
-- and why somebody declined is for who keeps the rota to ask.
create function report_is_open(c contact_report)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select c.outcome <> 'reached' and c.withdrawn_at is null and c.settled_at is null
         and not (c.outcome = 'no_answer'
                  and exists (select from contact_report r
                              where r.outcome = 'reached' and r.withdrawn_at is null and r.id > c.id
                                and case when c.person is null then r.person is null and r.service = c.service
                                         else r.person = c.person and r.function = c.function end))
$function$;
-- may be called by: crisiscover_api

-- Somebody has seen to it. Why it is not done: 'absent', 'done'; null: it is. What is shown of it at the place goes on until its end. The api has asked
-- whether a_actor may.
create function report_settle(a_id bigint, a_note text, a_actor text)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  number bigint := remark_version();
  c contact_report;
begin
  select * into c from contact_report x where x.id = a_id;
  if not found then
    return 'absent';
  elsif c.outcome = 'reached' or c.withdrawn_at is not null or c.settled_at is not null then
    return 'done';
  end if;
  update contact_report set version = number, settled_at = clock_timestamp(), settled_by = a_actor, settle_note = a_note where id = a_id;
  perform audit_add(a_actor, 'contact_report_settled', remark_object(c.rota, c.service),
                    jsonb_strip_nulls(jsonb_build_object('number', a_id, 'note', a_note)));
  return null;
end $function$;
-- may be called by: crisiscover_api

-- Whether the report that has just been made is to be told to who keeps the rota (or the service, for its line): a wrong person, and the second *no
-- answer* of half an hour that nobody was reached after. Not again within half an hour, unless somebody has seen to it.
create function report_tells(c contact_report)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select not coalesce(bool_or(n.told), false)
         and (c.outcome = 'wrong_person' or (c.outcome = 'no_answer' and coalesce(bool_or(report_is_open(n)), false)))
  from contact_report n
  where n.id < c.id and n.outcome = c.outcome and n.withdrawn_at is null and n.settled_at is null and n.at > c.at - interval '30 minutes'
    and (n.rota = c.rota or (c.rota is null and n.rota is null and n.service = c.service))
$function$;
-- may be called by: its owner

-- Takes back what the account itself reported, within a_seconds. Why it is not done: 'absent', 'late', 'done'; null: it is.
create function report_withdraw(a_id bigint, a_account text, a_seconds integer)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  number bigint := remark_version();
  c contact_report;
begin
  select * into c from contact_report x where x.id = a_id;
  if not found or code_now('account', c.account, c.at) <> a_account then
    return 'absent';
  elsif c.withdrawn_at is not null then
    return 'done';
  elsif c.at + make_interval(secs => a_seconds) < clock_timestamp() then
    return 'late';
  end if;
  update contact_report set version = number, withdrawn_at = clock_timestamp() where id = a_id;
  perform audit_add(a_account, 'contact_report_withdrawn', remark_object(c.rota, c.service), jsonb_build_object('number', a_id));
  return null;
end $function$;
-- may be called by: crisiscover_api

-- The reports of some rotas and services, the newest first. a_rotas, a_services: present codes; null: all. a_place: only from there.
create function reports_of(a_rotas text[], a_services text[], a_place text, a_open boolean, a_before bigint, a_most bigint)
 RETURNS TABLE(id bigint, at timestamp with time zone, until timestamp with time zone, account text, place text, function text, wanted text, service text, rota text, person text, outcome text, withdrawn_at timestamp with time zone, settled_at timestamp with time zone, settled_by text, settle_note text, open boolean, told boolean)
 LANGUAGE sql
 STABLE
AS $function$
  select c.id, c.at, c.until, code_now('account', c.account, c.at), code_now('place', c.place, c.at), code_now('function', c.function, c.at),
         code_now('function', coalesce(c.wanted, c.function), c.at), code_now('service', c.service, c.at), code_now('rota', c.rota, c.at), code_now('person', c.person, c.at), c.outcome, c.withdrawn_at, c.settled_at, c.settled_by, c.settle_note,
         report_is_open(c), c.told
  from contact_report c
  where c.id < a_before
    and (c.rota = any (array(select codes_ever('rota', r) from unnest(a_rotas) r))
         or (c.rota is null and c.service = any (array(select codes_ever('service', s) from unnest(a_services) s))))
    and (a_place is null or c.place = any (array(select codes_ever('place', a_place))))
    and (not a_open or (c.outcome <> 'reached' and c.withdrawn_at is null and c.settled_at is null and report_is_open(c)))
  order by c.id desc
  limit a_most
$function$;
-- may be called by: crisiscover_api

-- Notes which of a_before, rows that were in force until now, are read differently in reading a_reading. A shift that has come into the window only
-- now (from a_until on) has not turned, nor has one that only has another key.
create function reread_note(a_rota text, a_why text, a_before shift[], a_reading bigint, a_until timestamp with time zone)
 RETURNS void
 LANGUAGE sql
AS $function$
  with o as (select * from unnest(a_before)),
  n as (select * from shift where rota = a_rota and reading = a_reading and known_to = 'infinity'),
  pairs as (
    select o.id as was, n.id as now, o.class as was_class, n.class as now_class, coalesce(n.starts_at, o.starts_at) as at
    from o full join n on n.key = o.key
    where case
      when o.id is not null and n.id is not null then (o.class, o.person, o.team) is distinct from (n.class, n.person, n.team)
      when n.id is null then (shift_counts(o.class) or o.class = 'absence') and not exists (
        select from n s where (s.starts_at, s.ends_at, s.class) = (o.starts_at, o.ends_at, o.class)
          and (s.person, s.team) is not distinct from (o.person, o.team))
      else n.starts_at < a_until and (shift_counts(n.class) or n.class = 'absence') and not exists (
        select from o s where (s.starts_at, s.ends_at, s.class) = (n.starts_at, n.ends_at, n.class)
          and (s.person, s.team) is not distinct from (n.person, n.team)) end)
  insert into reread (rota, why, lost, gained, other, was, now)
  select a_rota, a_why,
         count(*) filter (where shift_counts(was_class) and not shift_counts(now_class)),
         count(*) filter (where shift_counts(now_class) and not shift_counts(was_class)),
         count(*) filter (where shift_counts(now_class) = shift_counts(was_class)),
         array_agg(was order by at, was, now), array_agg(now order by at, was, now)
  from pairs having count(*) > 0
$function$;
-- may be called by: crisiscover_feeds

-- Makes an import of a body that was read again and that the guards hold, so that a person can decide. Not if another body of this rota is held
-- already. The caller holds the feed's row.
create function reread_withhold(a_rota text, a_why text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  f feed;
  made bigint;
begin
  select * into f from feed where rota = a_rota;
  if f.held_import is not null then
    return;
  end if;
  insert into import (rota, by_account, format, mode, body) values (a_rota, 'feed', f.format, 'ask', f.body) returning id into made;
  update feed set state = 'held', fault = a_why, held_body = f.body, held_import = made where rota = a_rota;
  perform feed_note(f, 'held', a_why, f.last_good_at, f.body);
  notify import_changed;
  perform flag_add('feed_held', null, null, null, null, 'held', null, null, 'high', a_rota);
end $function$;
-- may be called by: crisiscover_feeds

-- P0001: it has ended.
create function risk_accept(a_risk bigint, a_account text, a_for text[])
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
begin
  perform from risk x where x.id = a_risk and x.ended_at is null and x.until > clock_timestamp() for update;
  if not found then
    raise exception 'this risk is accepted no more: it has ended' using errcode = 'P0001';
  end if;
  return risk_sign(a_risk, a_account, a_for);
end $function$;
-- may be called by: crisiscover_api

-- A requirement of a_known with the codes of today, so that what was only renamed is not another place, function or organisation.
create function risk_codes_now(a_item jsonb, a_known timestamp with time zone)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
AS $function$
  select a_item || jsonb_strip_nulls(jsonb_build_object(
    'place', code_now('place', a_item->>'place', a_known),
    'function', code_now('function', a_item->>'function', a_known),
    'commissioner', code_now('organisation', a_item->>'commissioner', a_known),
    'commissioners', (select jsonb_agg(c || jsonb_build_object('commissioner', code_now('organisation', c->>'commissioner', a_known)))
                      from jsonb_array_elements(a_item->'commissioners') c),
    'approvers', (select jsonb_agg(code_now('organisation', o, a_known)) from jsonb_array_elements_text(a_item->'approvers') o)))
$function$;
-- may be called by: its owner

create function risk_commissioners(a_item jsonb)
 RETURNS SETOF text
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select a_item->>'commissioner' where a_item->>'commissioner' is not null
  union all
  select c->>'commissioner' from jsonb_array_elements(coalesce(a_item->'commissioners', '[]')) c
$function$;
-- may be called by: its owner

-- How many are due, with risks that are over; and when the next one ends.
create function risk_due(a_moment timestamp with time zone, OUT due bigint, OUT next timestamp with time zone)
 RETURNS record
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
  select (select count(*) from risk_owed(a_moment)) + (select count(*) from risk where ended_at is null and until <= a_moment),
         (select min(until) from risk where ended_at is null)
$function$;
-- may be called by: crisiscover_coverage

-- Ends a risk, once. The gaps follow.
create function risk_end(a_risk bigint, a_how text, a_by text, a_why text)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
declare
  r risk;
begin
  update risk set ended_at = clock_timestamp(), how = a_how, ended_by = a_by, why = a_why where id = a_risk and ended_at is null returning * into r;
  if not found then
    return false;
  end if;
  perform audit_add(coalesce(a_by, 'crisiscoverd'), 'risk_' || a_how, 'risk/' || r.id,
                    jsonb_strip_nulls(jsonb_build_object('requirement', r.requirement, 'place', r.place, 'why', a_why)));
  notify shifts_changed;
  return true;
end $function$;
-- may be called by: its owner

-- In the transaction that puts another version of a requirement in force, whatever way it came: its risks are lost, and the record says by which key.
create function risk_follow_setup()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  was jsonb;
  stricter text;
  r risk;
begin
  select risk_codes_now(i.item, i.known_from) into was from setup_item i
    where i.kind = 'requirement' and i.ended = new.version and i.key in (select codes_ever('requirement', new.key)) order by i.version desc limit 1;
  if was is null then
    return null;
  end if;
  stricter := risk_stricter(was, new.item);
  if stricter is null then
    return null;
  end if;
  for r in select x.* from risk x where x.ended_at is null and x.requirement in (select codes_ever('requirement', new.key)) order by x.id loop
    perform risk_end(r.id, 'lost', null, format('%s of the requirement %s by %s on the set-up, version %s: it is to be accepted again', stricter,
                                                case stricter when 'commissioners' then 'were changed' else 'was made stricter' end, new.made_by, new.version));
  end loop;
  return null;
end $function$;
-- may be called by: its owner

-- The minutes of hours on each kind of day, as one set: day * 4000 + minute from its midnight on; hours that run into the next day go on beyond 1440.
create function risk_minutes(a_hours jsonb)
 RETURNS int4multirange
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select coalesce(range_agg(int4range(d.n * 4000 + f.m, d.n * 4000 + case when t.m <= f.m then t.m + 1440 else t.m end)), '{}')
  from jsonb_array_elements(a_hours) h
  cross join lateral (select split_part(h->>'from', ':', 1)::integer * 60 + split_part(h->>'from', ':', 2)::integer) f (m)
  cross join lateral (select split_part(h->>'to', ':', 1)::integer * 60 + split_part(h->>'to', ':', 2)::integer) t (m)
  join (values (0, 'mon'), (1, 'tue'), (2, 'wed'), (3, 'thu'), (4, 'fri'), (5, 'sat'), (6, 'sun'), (7, 'bank_holiday')) d (n, day)
    on h->'days' ? d.day or h->'days' ? 'all'
$function$;
-- may be called by: its owner

-- Whether a bundle asks for more than before: each part in its place, as region_lowered compares them.
create function risk_needs_more(a_was jsonb, a_is jsonb)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select jsonb_array_length(coalesce(a_is, '[]')) > jsonb_array_length(coalesce(a_was, '[]'))
    or exists (
      select from jsonb_array_elements(coalesce(a_was, '[]')) with ordinality w (part, n)
      join jsonb_array_elements(coalesce(a_is, '[]')) with ordinality i (part, n) using (n)
      where coalesce((i.part->>'count')::integer, 1) > coalesce((w.part->>'count')::integer, 1)
        or coalesce((i.part->>'different_teams')::boolean, false) and not coalesce((w.part->>'different_teams')::boolean, false)
        or coalesce((w.part->>'team_counts')::boolean, false) and not coalesce((i.part->>'team_counts')::boolean, false)
        or not risk_part_functions(i.part) @> risk_part_functions(w.part))
$function$;
-- may be called by: its owner

-- The open gaps whose mark is not what the risks say, and what it is to be.
create function risk_owed(a_moment timestamp with time zone)
 RETURNS TABLE(gap uuid, risk bigint, until timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
  select g.id, r.id, r.until
  from risk r join gap g on g.requirement = code_now('requirement', r.requirement, r.at) and g.place = code_now('place', r.place, r.at)
  where r.ended_at is null and r.in_force_at is not null and r.until > a_moment and g.closed_at is null and g.starts_at < r.until
    and g.risk is distinct from r.id
  union all
  select g.id, null, null from gap g
  where g.risk is not null and g.closed_at is null
    and not exists (select from risk r where r.id = g.risk and r.ended_at is null and r.until > a_moment and g.starts_at < r.until)
    and not exists (select from risk r where r.ended_at is null and r.in_force_at is not null and r.until > a_moment and g.starts_at < r.until
                      and g.requirement = code_now('requirement', r.requirement, r.at) and g.place = code_now('place', r.place, r.at))
$function$;
-- may be called by: crisiscover_coverage

-- The functions of which a part of a bundle takes any.
create function risk_part_functions(a_part jsonb)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select coalesce(a_part->'any_of', jsonb_build_array(a_part->'function'))
$function$;
-- may be called by: its owner

-- P0001: one waits already, or the end is over.
create function risk_propose(a_requirement text, a_place text, a_reason text, a_until timestamp with time zone, a_account text, a_for text[], a_needed text[], OUT risk bigint, OUT accepted integer)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  other bigint;
begin
  perform from demand d where d.requirement = a_requirement and d.place = a_place and d.retired_at is null for update;
  select x.id into other from risk x
    where x.ended_at is null and x.in_force_at is null and code_now('requirement', x.requirement, x.at) = a_requirement
      and code_now('place', x.place, x.at) = a_place;
  if found then
    raise exception 'risk % waits for the others already: accept that one, or withdraw it first', other using errcode = 'P0001';
  elsif a_until <= clock_timestamp() then
    raise exception 'the end is over already' using errcode = 'P0001';
  end if;
  insert into risk (requirement, place, reason, until, needed, account) values (a_requirement, a_place, a_reason, a_until, a_needed, a_account)
    returning id into risk_propose.risk;
  accepted := risk_sign(risk_propose.risk, a_account, a_for);
end $function$;
-- may be called by: crisiscover_api

-- Whether each of a_some is among a_others, or follows one of them, or is followed by ones that are all among them. One step of succession.
create function risk_same_commissioners(a_some text[], a_others text[])
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select not exists (
    select from unnest(a_some) s
    where s <> all (a_others)
      and not exists (select from setup_item i where i.kind = 'organisation' and i.ended is null and i.key = any (a_others)
                                                and coalesce(i.item->'successors', '[]') ? s)
      and not exists (select from setup_item i where i.kind = 'organisation' and i.ended is null and i.key = s
                        and jsonb_array_length(coalesce(i.item->'successors', '[]')) > 0
                        and not exists (select from jsonb_array_elements_text(i.item->'successors') x where x <> all (a_others))))
$function$;
-- may be called by: its owner

-- Ends what is over, and makes the gaps what the risks say. Gaps that are accepted are told once, as such; those that are no longer are told again. Answers
-- how many flags. The caller holds map_head.
create function risk_settle()
 RETURNS integer
 LANGUAGE plpgsql
AS $function$
declare
  moment timestamptz := clock_timestamp();
  g gap;
  one record;
  of text;
  taken uuid[] := '{}';
  freed uuid[] := '{}';
  told integer := 0;
begin
  for one in select id from risk where ended_at is null and until <= moment order by id loop
    perform risk_end(one.id, 'over', null, null);
  end loop;
  for one in select * from risk_owed(moment) loop
    update gap set risk = one.risk, accepted_until = one.until, changed_at = moment,
                   remind_at = case when one.risk is null then remind_at end
      where id = one.gap returning * into g;
    insert into gap_event (gap, step, row_after)
      values (g.id, case when one.risk is null then 'acceptance_ended' else 'accepted' end, to_jsonb(g));
    if one.risk is null then
      freed := freed || g.id;
    else
      taken := taken || g.id;
    end if;
  end loop;
  if cardinality(taken || freed) = 0 then
    return 0;
  end if;
  perform gap_touched(taken || freed, true);
  for of in select distinct x.cause_group from gap x where x.id = any (taken) and x.cause_group is not null order by 1 loop
    perform gap_elect(of, moment);
  end loop;
  for g in select x.* from gap x where x.id = any (taken) and x.told order by x.starts_at, x.id loop
    perform flag_add_gap('accepted', g);
    told := told + 1;
  end loop;
  if told > 0 then
    notify flags_filled;
  end if;
  return told + gap_remind_again(freed);
end $function$;
-- may be called by: its owner

-- An account accepts for the commissioners a_for. The risk is in force when each of those needed has accepted; the one before, of the same requirement at
-- the same place, ends then. Answers how many have.
create function risk_sign(a_risk bigint, a_account text, a_for text[])
 RETURNS integer
 LANGUAGE plpgsql
AS $function$
declare
  r risk;
  n integer;
  former bigint;
begin
  select * into r from risk where id = a_risk for update;
  insert into risk_accepted (risk, commissioner, account)
    select a_risk, x, a_account from unnest(a_for) x where x = any (r.needed) on conflict do nothing;
  get diagnostics n = row_count;
  if n > 0 then
    perform audit_add(a_account, 'risk_accepted', 'risk/' || a_risk,
                      jsonb_build_object('requirement', r.requirement, 'place', r.place, 'for', a_for, 'until', r.until));
  end if;
  select count(*) into n from risk_accepted where risk = a_risk;
  if n = cardinality(r.needed) and r.in_force_at is null then
    update risk set in_force_at = clock_timestamp() where id = a_risk;
    for former in select x.id from risk x where x.id <> a_risk and x.ended_at is null and x.in_force_at is not null
                    and code_now('requirement', x.requirement, x.at) = code_now('requirement', r.requirement, r.at)
                    and code_now('place', x.place, x.at) = code_now('place', r.place, r.at) loop
      perform risk_end(former, 'replaced', a_account, 'risk ' || a_risk || ' was accepted in its place');
    end loop;
    notify shifts_changed;
  end if;
  return n;
end $function$;
-- may be called by: its owner

-- Which key of a requirement asks for more than before, so that what was accepted of it was another risk: more people, other hours that were not asked
-- for, fewer who count. Null: none. It is region_lowered() of the change back, but for keys that say when a gap is told and how long it may last, which
-- are no other risk (tests/unit/server/api/test_stricter.c).
create function risk_stricter(a_was jsonb, a_is jsonb)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select case
    when a_was->>'place' is distinct from a_is->>'place' then 'place'
    when a_was->>'function' is distinct from a_is->>'function' then 'function'
    when (a_is->>'count')::integer > (a_was->>'count')::integer then 'count'
    when not risk_minutes(a_was->'hours') @> risk_minutes(a_is->'hours') then 'hours'
    when coalesce((a_was->>'team_counts')::boolean, false) and not coalesce((a_is->>'team_counts')::boolean, false) then 'team_counts'
    when a_was->>'role' = 'any' and coalesce(a_is->>'role', 'required') = 'required' then 'role'
    when coalesce((a_is->>'max_share')::integer, case when a_is->>'shared_ok' = 'false' then 1 else 100 end)
         < coalesce((a_was->>'max_share')::integer, case when a_was->>'shared_ok' = 'false' then 1 else 100 end) then 'max_share'
    when coalesce((a_is->>'handover_minutes')::integer, 0) > coalesce((a_was->>'handover_minutes')::integer, 0) then 'handover_minutes'
    when jsonb_array_length(coalesce(a_is->'approvers', '[]')) > 0
         and (jsonb_array_length(coalesce(a_was->'approvers', '[]')) = 0 or not (a_is->'approvers') @> (a_was->'approvers')) then 'approvers'
    when risk_needs_more(a_was->'needs', a_is->'needs') then 'needs'
    when not risk_same_commissioners(array(select risk_commissioners(a_was)), array(select risk_commissioners(a_is)))
         or not risk_same_commissioners(array(select risk_commissioners(a_is)), array(select risk_commissioners(a_was))) then 'commissioners'
  end
$function$;
-- may be called by: its owner

create function risk_withdraw(a_risk bigint, a_account text, a_why text)
 RETURNS boolean
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
  select risk_end(a_risk, 'withdrawn', a_account, a_why)
$function$;
-- may be called by: crisiscover_api

create function risks_lost(a_open bigint[])
 RETURNS risk_lost[]
 LANGUAGE plpgsql
AS $function$
begin
  set constraints crisiscover.risk_follow immediate;
  return array(select (r.id, r.requirement, r.place, r.until, r.why)::risk_lost from risk r where r.id = any (a_open) and r.how = 'lost' order by r.id);
end $function$;
-- may be called by: its owner

-- A role has measured its clock. A machine that has not been heard of for a day is forgotten, unless it is the only one of its role.
create function role_clock_note(a_role text, a_machine text, a_ahead_ms bigint)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
  delete from role_clock where role = a_role and machine <> a_machine and at < clock_timestamp() - interval '1 day';
  insert into role_clock (role, machine, ahead_ms) values (a_role, a_machine, a_ahead_ms)
    on conflict (role, machine) do update set ahead_ms = excluded.ahead_ms, at = excluded.at
$function$;
-- may be called by: crisiscover_coverage, crisiscover_feeds, crisiscover_flags, crisiscover_notify

-- The masks and names of secrets that a rota has had since it began, under each of its codes: version by version backwards, so that what another rota had with the same code
-- before it is not among them.
create function rota_addresses(a_rota text)
 RETURNS text[]
 LANGUAGE sql
 STABLE
AS $function$
  with recursive had as (
    select i.key, i.version, i.item from setup_item i where i.kind = 'rota' and i.key = a_rota and i.ended is null
    union all
    select i.key, i.version, i.item
    from had h join setup_item i on i.kind = 'rota' and i.ended = h.version and i.key in (select codes_ever('rota', a_rota)))
  select coalesce(array_agg(distinct m) filter (where m is not null), '{}')
  from had, lateral (values (item->'source'->>'url'), (item->'source'->'secret'->>'sealed')) x (m)
$function$;
-- may be called by: its owner

-- Whether what the rota brings is leave.
create function rota_is_of_leave(a_rota text)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select exists (select from setup_item where kind = 'rota' and key = a_rota and ended is null and item->'absences' = 'true')
$function$;
-- may be called by: its owner

create function rota_shown(a_rota text, a_after timestamp with time zone, a_before timestamp with time zone)
 RETURNS SETOF shift_shown
 LANGUAGE sql
 STABLE
AS $function$
  select s.rota, s.id, s.class, s.person, s.team, s.title, s.starts_at, s.ends_at, s.override, o.instead, o.made_at, o.made_by, o.note,
         case when override_disputed(s.class, e.rests) then e.dispute when e.standing = 'followed' then 'times_changed' end,
         case when override_disputed(s.class, e.rests) then e.third end, o.late
  from shift s left join override o on o.id = s.override
  left join lateral (select x.* from override_event x where x.override = o.id order by x.id desc limit 1) e on true
  where s.rota = a_rota and s.known_to = 'infinity' and s.ends_at > a_after and s.starts_at < a_before
$function$;
-- may be called by: its owner

-- The editions of a rota, with people by their present codes.
create function rotation_editions(a_rota text)
 RETURNS TABLE(id bigint, starts_at timestamp with time zone, definition jsonb, made_at timestamp with time zone, made_by text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
  select r.id, r.starts_at,
         jsonb_set(r.definition, '{layers}', coalesce((
           select jsonb_agg(jsonb_set(l.layer, '{participants}', coalesce((
             select jsonb_agg(case jsonb_typeof(p.one)
                      when 'array' then (select jsonb_agg(code_now('person', m.code, r.made_at) order by m.n)
                                         from jsonb_array_elements_text(p.one) with ordinality m (code, n))
                      else to_jsonb(code_now('person', p.one #>> '{}', r.made_at)) end order by p.n)
             from jsonb_array_elements(l.layer->'participants') with ordinality p (one, n)), '[]')) order by l.n)
           from jsonb_array_elements(r.definition->'layers') with ordinality l (layer, n)), '[]')),
         r.made_at, r.made_by
  from rotation r where r.rota = a_rota and r.known_to = 'infinity' order by r.starts_at
$function$;
-- may be called by: crisiscover_api, crisiscover_feeds

-- Writes the shifts of a rotation further. 'again': it was changed meanwhile.
create function rotation_extend(a_rota text, a_seen bigint, a_now timestamp with time zone, a_filled_to timestamp with time zone, a_reach timestamp with time zone, a_made_with text, a_persons text[], a_starts timestamp with time zone[], a_ends timestamp with time zone[])
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare f feed;
begin
  select * into f from feed where rota = a_rota and kind = 'typed' for update;
  if not found or a_seen is distinct from (select max(r.id) from rotation r where r.rota = a_rota) then
    return 'again';
  end if;
  perform rotation_fill(f, a_now, a_filled_to, a_reach, a_made_with, a_persons, a_starts, a_ends);
  return 'done';
end $function$;
-- may be called by: crisiscover_feeds

-- Brings the shifts of a rotation that are not over at a_now to those given, which all end after it. A shift that runs at a_now and is another from
-- then on keeps its beginning: the past is not rewritten; where the same person goes on in it, until another time, it stays one shift. Whether anything
-- changed. The caller holds the feed's row.
--
-- Of somebody who was split since the newest edition was made it is not known which of the two takes part: such a shift is undecided until an edition
-- says so.
create function rotation_fill(a_before feed, a_now timestamp with time zone, a_filled_to timestamp with time zone, a_reach timestamp with time zone, a_made_with text, a_persons text[], a_starts timestamp with time zone[], a_ends timestamp with time zone[])
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
declare
  kept bigint[];
  ended bigint[];
  running shift[];
  on_persons text[];
  on_starts timestamptz[];
  moment timestamptz;
  written bigint;
  reach_was timestamptz;
  unclear constant text[] := array(
    select distinct p from unnest(a_persons) p
    where people_parted(p, (select max(r.made_at) from rotation r where r.rota = a_before.rota and r.known_to = 'infinity')) is not null);
begin
  select r.reach into reach_was from rotation_state r where r.rota = a_before.rota;
  insert into rotation_state (rota, filled_to, reach, made_with) values (a_before.rota, a_filled_to, a_reach, a_made_with)
    on conflict (rota) do update set filled_to = excluded.filled_to, reach = excluded.reach, made_with = excluded.made_with;
  select coalesce(array_agg(s.id), '{}') into kept
    from shift s join unnest(a_persons, a_starts, a_ends) w (person, starts_at, ends_at)
      on case when w.person = any (unclear) then s.class = 'undecided' and s.key like 'rotation/%/' || w.person
              else s.class = 'named' and w.person = s.person end and w.ends_at = s.ends_at and (w.starts_at = s.starts_at or (s.starts_at < a_now and w.starts_at <= a_now))
    where s.rota = a_before.rota and s.known_to = 'infinity' and s.key like 'rotation/%' and s.ends_at > a_now;
  select coalesce(array_agg(s.id), '{}'), array_agg(s) filter (where s.starts_at < a_now) into ended, running
    from shift s where s.rota = a_before.rota and s.known_to = 'infinity' and s.key like 'rotation/%' and s.ends_at > a_now and s.id <> all (kept);
  moment := record_moment(ended);
  perform shifts_supersede(ended, moment);
  -- Thousands of both: they are put side by side once.
  with k as materialized (select s.* from shift s where s.id = any (kept) and s.known_to = 'infinity'),
  made as (
    insert into shift (rota, key, class, person, starts_at, ends_at, known_from)
    select a_before.rota, 'rotation/' || extract(epoch from b.starts_at)::bigint || '/' || w.person,
           case when w.person = any (unclear) then 'undecided' else 'named' end, case when w.person <> all (unclear) then w.person end,
           b.starts_at, w.ends_at, moment
    from unnest(a_persons, a_starts, a_ends) w (person, starts_at, ends_at)
    -- Of the same person, who is on now: since when she was.
    cross join lateral (
      select coalesce((select min(r.starts_at) from unnest(running) r where w.starts_at <= a_now and r.class = 'named' and r.person = w.person
                                                                        and w.person <> all (unclear)),
                      greatest(w.starts_at, a_now)) as starts_at) b
    where not exists (select from k s where s.ends_at = w.ends_at
                        and case when w.person = any (unclear) then s.key like 'rotation/%/' || w.person else s.person = w.person end
                        and (w.starts_at = s.starts_at or (s.starts_at < a_now and w.starts_at <= a_now)))
    returning person, starts_at)
  select count(*), array_agg(m.person) filter (where m.starts_at < a_now), array_agg(m.starts_at) filter (where m.starts_at < a_now)
    into written, on_persons, on_starts from made m;
  insert into shift (rota, key, class, person, starts_at, ends_at, known_from)
    select s.rota, s.key, s.class, s.person, s.starts_at, a_now, moment from unnest(running) s
    where not exists (select from unnest(on_persons, on_starts) o (person, starts_at) where o.person = s.person and o.starts_at = s.starts_at);
  if written + cardinality(ended) = 0 and reach_was is not distinct from a_reach then
    return false;
  end if;
  perform typed_changed(a_before, moment);
  return true;
end $function$;
-- may be called by: its owner

-- A rota that is typed no longer has no rotation: the source's shifts are superseded with it (feeds_sync).
create function rotation_goes()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
begin
  update rotation set known_to = clock_timestamp(), ended_by = 'region' where rota = old.rota and known_to = 'infinity';
  delete from rotation_state where rota = old.rota;
  return null;
end $function$;
-- may be called by: its owner

-- Puts an edition of a rotation in force from a_starts on (a_definition null: the rotation ends then), with the shifts that the rotation then makes.
-- a_seen: the newest edition's number that the shifts were made with (0: there was none). Gives the edition's number. P0001: the rota is not typed,
-- a person has left, or somebody was quicker.
create function rotation_put(a_rota text, a_seen bigint, a_starts timestamp with time zone, a_definition jsonb, a_people text[], a_actor text, a_now timestamp with time zone, a_filled_to timestamp with time zone, a_reach timestamp with time zone, a_made_with text, a_persons text[], a_shift_starts timestamp with time zone[], a_shift_ends timestamp with time zone[])
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  f feed;
  made bigint;
  ended bigint[];
begin
  f := typed_lock(a_rota);
  perform people_there(a_people);
  if a_seen is distinct from coalesce((select max(r.id) from rotation r where r.rota = a_rota), 0) then
    raise exception 'the rotation was changed a moment ago: read it again' using errcode = 'P0001';
  end if;
  with gone as (
    update rotation set known_to = clock_timestamp(), ended_by = a_actor
    where rota = a_rota and known_to = 'infinity' and starts_at >= a_starts returning id)
  select coalesce(array_agg(id order by id), '{}') into ended from gone;
  insert into rotation (rota, starts_at, definition, made_by) values (a_rota, a_starts, coalesce(a_definition, '{"layers": []}'), a_actor)
    returning id into made;
  insert into audit (actor, action, object, detail)
    values (a_actor, case when a_definition is null then 'rotation_ended' else 'rotation_made' end, 'rotation/' || made,
            jsonb_build_object('rota', a_rota, 'from', a_starts, 'instead_of', ended, 'people', a_people));
  perform rotation_fill(f, a_now, a_filled_to, a_reach, a_made_with, a_persons, a_shift_starts, a_shift_ends);
  return made;
end $function$;
-- may be called by: crisiscover_api

-- A rota whose rotation must be written further, or again because a_made_with is another now, and its newest edition; none of a_passed. No row: there
-- is none.
create function rotations_due(a_until timestamp with time zone, a_made_with text, a_passed text[])
 RETURNS TABLE(rota text, seen bigint)
 LANGUAGE sql
 STABLE
AS $function$
  select f.rota, (select max(x.id) from rotation x where x.rota = f.rota)
  from rotation_state r join feed f on f.rota = r.rota
  where f.kind = 'typed' and f.rota <> all (a_passed) and (r.filled_to < a_until or r.made_with <> a_made_with)
    and exists (select from rotation x where x.rota = r.rota and x.known_to = 'infinity')
  order by r.filled_to limit 1
$function$;
-- may be called by: crisiscover_feeds

-- The column list and the select list of an insert of rows of a_table t with a_changes ({"column": SQL expression}). All columns, also those that
-- later migrations add, except identity columns.
create function row_again(a_table regclass, a_changes jsonb, OUT names text, OUT selected text)
 RETURNS record
 LANGUAGE sql
 STABLE
AS $function$
  select string_agg(quote_ident(attname), ', ' order by attnum),
         string_agg(coalesce(a_changes->>attname, 't.' || quote_ident(attname)), ', ' order by attnum)
  from pg_attribute
  where attrelid = a_table and attnum > 0 and not attisdropped and attidentity = '' and attgenerated = ''
$function$;
-- may be called by: its owner

-- Rows of a_table that fulfil a_where (of t) once more, with a_changes.
create function rows_again(a_table regclass, a_changes jsonb, a_where text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare c record;
begin
  select * into c from row_again(a_table, a_changes);
  execute format('insert into %s (%s) select %s from %s t where %s', a_table, c.names, c.selected, a_table, a_where);
end $function$;
-- may be called by: its owner

create function said_of_who_is_there()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
begin
  perform people_there(array[new.person, to_jsonb(new)->>'instead']);
  return new;
end $function$;
-- may be called by: its owner

-- Ends one session of an account. False: it has no valid one with this id.
create function session_end(a_id text, a_account text, a_actor text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
begin
  perform from session s where s.id = a_id and s.account = a_account and s.ended_at is null;
  return found and sessions_end(array[a_id], a_actor) = 1;
end $function$;
-- may be called by: crisiscover_api

-- The session that asks, unlike any other, also where its process id comes again.
create function session_name()
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select pid || ' ' || extract(epoch from backend_start) from pg_stat_activity where pid = pg_backend_pid()
$function$;
-- may be called by: crisiscover_feeds

-- A new session. False: the account, or the token it would be made by, is no longer valid. Rows that ended a month ago go.
create function session_open(a_account text, a_how text, a_token text, a_id text, a_sha256 bytea, a_client text, a_idle integer, a_ends timestamp with time zone)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  ends timestamptz := a_ends;
  turn bigint;
begin
  perform from account where name = a_account and retired_at is null for share;
  if not found then
    return false;
  end if;
  if a_token is not null then
    select least(a_ends, t.expires_at) into ends from token t
      where t.id = a_token and t.account = a_account and t.revoked_at is null and t.expires_at > clock_timestamp() for share;
    if not found then
      return false;
    end if;
  end if;
  turn := session_turn();
  delete from session where ends_at < now() - interval '30 days';
  insert into session (id, sha256, account, how, token, client, idle_seconds, ends_at, version)
    values (a_id, a_sha256, a_account, a_how, a_token, a_client, a_idle, ends, turn);
  perform audit_add(a_account, 'signed_in', 'session/' || a_id, jsonb_build_object('how', a_how));
  notify sessions_changed;
  return true;
end $function$;
-- may be called by: crisiscover_api

-- Whether a session is valid, as far as its row shows: the api's processes may know of a use within the last minute.
create function session_stands(a_session session)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select a_session.ended_at is null and a_session.ends_at > now()
         and a_session.used_at + make_interval(secs => a_session.idle_seconds + 60) > now()
$function$;
-- may be called by: crisiscover_api

create function session_turn()
 RETURNS bigint
 LANGUAGE sql
AS $function$
  update session_head set version = version + 1 returning version
$function$;
-- may be called by: its owner

-- Ends those of a_ids that are valid, in their order. Answers how many.
create function sessions_end(a_ids text[], a_actor text)
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
declare
  gone text[];
  turn bigint;
begin
  if not exists (select from session s where s.id = any (a_ids) and s.ended_at is null) then
    return 0;
  end if;
  -- In the order in which the end of an account or a token takes them.
  perform from account_head for update;
  turn := session_turn();
  with ended as (
    update session s set ended_at = clock_timestamp(), ended_by = a_actor, version = turn
      where s.id = any (a_ids) and s.ended_at is null returning s.id)
  select coalesce(array_agg(id order by id), '{}') into gone from ended;
  perform audit_add(a_actor, 'signed_out', 'session/' || id, null) from unnest(gone) id;
  notify sessions_changed;
  return cardinality(gone);
end $function$;
-- may be called by: its owner

-- Notes that sessions were used in a minute: one row in a minute for each, never one for each request.
create function sessions_used(a_ids text[], a_minute timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare turn bigint;
begin
  if not exists (select from session where id = any (a_ids) and used_at < a_minute and ended_at is null) then
    return;
  end if;
  turn := session_turn();
  update session set used_at = a_minute, version = turn where id = any (a_ids) and used_at < a_minute and ended_at is null;
end $function$;
-- may be called by: crisiscover_api

-- Notes in the audit from what to what: an entry for each object, or of very many (a first region file) one for each few hundred.
create function setup_audit(a_version bigint)
 RETURNS void
 LANGUAGE plpgsql
 SET enable_seqscan TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
begin
  with part as materialized (
    select coalesce(b.kind, a.kind) || '/' || coalesce(b.key, a.key) as object, k.rank, coalesce(b.key, a.key) as key,
           case when a.item is null or b.item is null then b.item else item_part(b.item, a.item) end as before,
           case when a.item is null or b.item is null then a.item else item_part(a.item, b.item) end as after
    from (select * from setup_item where ended = a_version) b
    full join (select * from setup_item where version = a_version) a on a.kind = b.kind and a.key = b.key
    join setup_kinds() k on k.kind = coalesce(b.kind, a.kind)),
  change as (select object, rank, key, item_audited(before) as before, item_audited(after) as after from part),
  numbered as (select c.*, row_number() over (order by c.rank, c.key) - 1 as n, count(*) over () > 100 as many from change c),
  entry as (
    select r.applied_by as actor, 1 as step, n as part, 'setup_changed' as action, object,
           jsonb_build_object('version', a_version, 'from', before, 'to', after)
             || jsonb_strip_nulls(jsonb_build_object('reason', r.reason)) as detail
      from numbered, region r where not many and r.version = a_version
    union all
    select r.applied_by, 1, n / 500, 'setup_changed', 'region/' || a_version, jsonb_build_object('version', a_version, 'changes',
             jsonb_agg(jsonb_build_object('object', object, 'from', before, 'to', after) order by n))
      from numbered, region r where many and r.version = a_version group by n / 500, r.applied_by
    union all
    select r.applied_by, 2, 0, 'region_applied', 'region/' || a_version,
           jsonb_build_object('sha256', encode(r.sha256, 'hex'), 'objects', (select count(*) from numbered))
      from region r where r.version = a_version)
  insert into audit (actor, action, object, detail) select e.actor, e.action, e.object, e.detail from entry e order by e.step, e.part;
end $function$;
-- may be called by: its owner

-- The changes that a document would make: the new rows of setup_item (without a version yet), and a row without item for each object that is removed.
-- Objects keep their position if the order is the same; otherwise the whole list is numbered again.
create function setup_differences(a_document jsonb)
 RETURNS SETOF setup_item
 LANGUAGE sql
 STABLE
AS $function$
  with wanted as (
    select k.kind, x.item->>k.id as key, x.n, x.item, s.position as had, s.item as was
    from setup_kinds() k cross join jsonb_array_elements(coalesce(a_document->k.list, '[]')) with ordinality x (item, n)
    left join setup_item s on s.kind = k.kind and s.key = x.item->>k.id and s.ended is null),
  mixed as (
    select kind from (select w.kind, w.had, lag(w.had) over (partition by w.kind order by w.n) as before from wanted w where w.had is not null) x
    where had < before),
  runs as (
    select w.*, count(w.had) over (partition by w.kind order by w.n) as run,
           min(w.had) over (partition by w.kind order by w.n desc) as next
    from wanted w),
  placed as (
    select r.kind, r.key, r.item, r.was, r.had,
           case when r.kind in (select kind from mixed) then r.n
                when r.had is not null then r.had
                else coalesce(max(r.had) over run, 0)
                     + (coalesce(r.next, coalesce(max(r.had) over run, 0) + count(*) over run - count(r.had) over run + 1)
                        - coalesce(max(r.had) over run, 0))
                     * (row_number() over (partition by r.kind, r.run order by r.n) - count(r.had) over run)
                     / (count(*) over run - count(r.had) over run + 1) end as position
    from runs r window run as (partition by r.kind, r.run))
  select p.kind, p.key, p.position, p.item, null::bigint, null::bigint, null::timestamptz, null::timestamptz, null::text
    from placed p where (p.item, p.position) is distinct from (p.was, p.had)
  union all
  select s.kind, s.key, s.position, null::jsonb, null::bigint, null::bigint, null::timestamptz, null::timestamptz, null::text
    from setup_item s where s.ended is null
      and not exists (select from wanted w where w.kind = s.kind and w.key = s.key)
$function$;
-- may be called by: its owner

-- The feeds that the set-up in force wants of these rotas.
create function setup_feeds(a_rotas text[])
 RETURNS TABLE(rota text, kind text, address text, way jsonb, every interval)
 LANGUAGE sql
 STABLE
AS $function$
  select i.key, i.item->'source'->>'kind', i.item->'source'->>'url',
         (i.item->'source') - array['kind', 'url', 'path', 'every_minutes'],
         make_interval(mins => coalesce((i.item->'source'->>'every_minutes')::integer, 5))
  from setup_item i where i.kind = 'rota' and i.ended is null and i.key = any (a_rotas)
$function$;
-- may be called by: its owner

-- Makes the consequences of a version that was just written; a_whole: of the whole set-up, not only of this version's changes.
create function setup_follow(a_version bigint, a_whole boolean)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  kinds text[];
  accounts boolean;
  rotas text[];
begin
  if a_whole then
    perform setup_sync_codes(null, array(select kind from setup_kinds()));
    perform setup_sync_accounts(null);
    perform feeds_sync(null);
  else
    select array_agg(distinct t.kind) filter (where t.was <> t.stays), bool_or(t.kind = 'account'), array_agg(t.key) filter (where t.kind = 'rota')
      into kinds, accounts, rotas from setup_touched(a_version) t;
    if kinds is not null then
      perform setup_sync_codes(a_version, kinds);
    end if;
    if accounts then
      perform setup_sync_accounts(a_version);
    end if;
    if rotas is not null then
      perform feeds_sync(rotas);
    end if;
  end if;
  perform setup_audit(a_version);
  notify region_applied;
end $function$;
-- may be called by: its owner

-- Of a superseded row the end is written, once, and nothing else.
create function setup_item_keep()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'UPDATE' and old.ended is null and new.ended is not null
     and to_jsonb(new) - 'ended' - 'known_to' = to_jsonb(old) - 'ended' - 'known_to' then
    return new;
  end if;
  raise exception '% on setup_item: the record is only ever added to', lower(tg_op) using errcode = 'P0002';
end $function$;
-- may be called by: its owner

-- The same for a whole document; nothing follows it.
create function setup_keep(a_document text, a_actor text, a_at timestamp with time zone DEFAULT clock_timestamp())
 RETURNS bigint
 LANGUAGE sql
AS $function$
  select setup_write(region_head(a_document::jsonb), array(select d from setup_differences(a_document::jsonb) d), a_actor, a_at)
$function$;
-- may be called by: its owner

-- The kinds of objects of a set-up, in the order of the region file: the kind of an object, its list in the file, and the member that names it.
create function setup_kinds()
 RETURNS TABLE(rank integer, kind text, list text, id text)
 LANGUAGE sql
 IMMUTABLE
AS $function$
  values (1, 'organisation', 'organisations', 'code'), (2, 'function', 'functions', 'code'), (3, 'place', 'places', 'code'),
         (4, 'person', 'people', 'id'), (5, 'service', 'services', 'id'), (6, 'rota', 'rotas', 'id'),
         (7, 'requirement', 'requirements', 'id'), (8, 'account', 'accounts', 'name'),
         (9, 'area', 'areas', 'code'), (10, 'navigator', 'navigators', 'id')
$function$;
-- may be called by: crisiscover_api, crisiscover_coverage, crisiscover_feeds

-- An object as it was known at a_known (null: as it is); under the code it had then, whichever of its codes a_key is. No row:
-- there was none.
create function setup_object(a_kind text, a_key text, a_known timestamp with time zone)
 RETURNS TABLE(key text, item text, version bigint, known_from timestamp with time zone, made_by text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
  select i.key, i.item::text, i.version, i.known_from, i.made_by
  from setup_item i, (select max(r.version) as version from region r where a_known is null or r.applied_at <= a_known) v
  where i.kind = a_kind
    and (i.key = a_key or i.key in (select codes_ever(a_kind, a_key)) or (a_kind = 'person' and i.key in (select people_ever(a_key))))
    and i.version <= v.version and (i.ended is null or i.ended > v.version)
  order by i.key = a_key desc, i.version desc
  limit 1
$function$;
-- may be called by: crisiscover_api

-- The set-up that a change of one object is compared with: the one in force, the object in it, and the object at a_seen, the version that somebody has
-- seen. Where another version is in force than a_have, changes says what differs (setup_since), or else document is the whole. One row. In PL/pgSQL
-- for the same reason as setup_since.
create function setup_object_base(a_kind text, a_key text, a_have bigint, a_seen bigint)
 RETURNS TABLE(version bigint, document text, changes text, applied_at timestamp with time zone, applied_by text, item text, item_version bigint, made_at timestamp with time zone, made_by text, seen text, addresses text[])
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
begin
  select x.version, x.applied_at, x.applied_by into version, applied_at, applied_by from region x order by x.version desc limit 1;
  if version > a_have and a_have > 0 then
    changes := setup_since(a_have, version)::text;
  end if;
  if version is distinct from a_have and changes is null then
    document := (select w.document::text from region_whole w where w.version = setup_object_base.version);
  end if;
  select i.item::text, i.version, i.known_from, i.made_by into item, item_version, made_at, made_by
    from setup_item i where i.kind = a_kind and i.key = a_key and i.ended is null;
  seen := (select s.item::text from setup_item s where s.kind = a_kind and s.key = a_key and s.version = a_seen);
  if a_kind = 'rota' then
    addresses := rota_addresses(a_key);
  end if;
  return next;
end $function$;
-- may be called by: crisiscover_api

-- Puts one object in force: a_was, the code that it has (null: it is new), becomes a_key, with the contents of a_item; a_key null: it is removed.
-- a_more: another one of that kind which is new (null: none). The rows of setup_refused, with no version, where it is not.
create function setup_put(a_kind text, a_was text, a_key text, a_item text, a_more_key text, a_more text, a_seen bigint, a_actor text, a_kinds text[], a_was_codes text[], a_codes text[], a_rotas text[], a_people text[], a_said text[], a_reason text DEFAULT NULL::text, a_masks text[] DEFAULT '{}'::text[], a_boxes bytea[] DEFAULT '{}'::bytea[])
 RETURNS TABLE(version bigint, applied boolean, depends_on text, kind text, id bigint, by_account text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  before setup_item;
  after setup_item;
  changes setup_item[] := '{}';
  made bigint;
begin
  return query select null::bigint, false, x.depends_on, x.kind, x.id, x.by_account
               from setup_refused(a_seen, a_actor, a_kinds, a_was_codes, a_codes, a_rotas, a_people, a_said) x;
  if found then
    return;
  end if;

  perform addresses_keep(a_masks, a_boxes);
  perform addresses_check(jsonb_build_array(a_item::jsonb, a_more::jsonb));
  select * into before from setup_item i where i.kind = a_kind and i.key = a_was and i.ended is null;
  if a_key is not null then
    after.kind := a_kind;
    after.key := a_key;
    after.position := coalesce(before.position,
                               (select coalesce(max(i.position), 0) + 1 from setup_item i where i.kind = a_kind and i.ended is null));
    after.item := a_item::jsonb;
  end if;
  if before.key is not null and before.key is distinct from a_key then
    before.item := null;
    changes := array[before];
  end if;
  if a_key is not null and (before.item, before.key) is distinct from (after.item, after.key) then
    changes := changes || after;
  end if;
  if a_more is not null then
    after.kind := a_kind;
    after.key := a_more_key;
    after.position := (select coalesce(max(i.position), 0) + 2 from setup_item i where i.kind = a_kind and i.ended is null);
    after.item := a_more::jsonb;
    changes := changes || after;
  end if;
  made := setup_write(coalesce((select r.head from region r order by r.version desc limit 1), '{"crisiscover": 1}'), changes, a_actor, clock_timestamp(), a_reason);
  if made is distinct from a_seen then
    perform setup_follow(made, false);
  end if;
  return query select made, made is distinct from a_seen, null::text, null::text, null::bigint, null::text;
end $function$;
-- may be called by: crisiscover_api

-- Arguments as of setup_put.
create function setup_put_try(a_kind text, a_was text, a_key text, a_item text, a_more_key text, a_more text, a_seen bigint, a_actor text, a_kinds text[], a_was_codes text[], a_codes text[], a_rotas text[], a_people text[], a_said text[], a_reason text, a_masks text[], a_boxes bytea[])
 RETURNS SETOF risk_lost
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  open constant bigint[] := array(select id from risk where ended_at is null);
  lost risk_lost[];
begin
  if cardinality(open) = 0 then
    return;
  end if;
  begin
    perform setup_put(a_kind, a_was, a_key, a_item, a_more_key, a_more, a_seen, a_actor, a_kinds, a_was_codes, a_codes, a_rotas, a_people, a_said,
                      a_reason, a_masks, a_boxes);
    lost := risks_lost(open);
    raise exception 'taken back' using errcode = 'P0003';
  exception when sqlstate 'P0003' then
    null;
  end;
  return query select l.risk, code_now('requirement', r.requirement, r.at), code_now('place', r.place, r.at), l.until, l.why
               from unnest(lost) l join risk r on r.id = l.risk order by r.id;
end $function$;
-- may be called by: crisiscover_api

-- The conditions for putting a set-up in force, checked while everybody is locked out who could change them; objects with another code are renamed
-- (a_kinds, a_was, a_codes side by side). a_seen: the version that it was compared with; if another is in force by now, there is a row of nulls. If a
-- rota or a person is removed, their overrides, absences and decisions are read again: for each that is not in a_said ("override 12"), and so was
-- made after the comparison, there is a row. If there is any row, nothing is done.
create function setup_refused(a_seen bigint, a_actor text, a_kinds text[], a_was text[], a_codes text[], a_rotas text[], a_people text[], a_said text[])
 RETURNS TABLE(depends_on text, kind text, id bigint, by_account text)
 LANGUAGE plpgsql
AS $function$
declare again record;
begin
  lock table region in share row exclusive mode;
  if cardinality(a_rotas) + cardinality(a_people) > 0 then
    perform from feed f order by f.rota for update;
    perform from person p where p.id = any (a_people) order by p.id for update;
    return query select case when s.rota = any (a_rotas) then 'rota:' || s.rota else 'person:' || s.person end, s.kind, s.id, s.by_account
                 from region_said(a_rotas, a_people) s where s.kind || ' ' || s.id <> all (a_said);
    if found then
      return;
    end if;
  end if;
  if a_seen is distinct from (select max(r.version) from region r) then
    return query select null::text, null::text, null::bigint, null::text;
    return;
  end if;

  if cardinality(a_kinds) > 0 then
    perform from feed f order by f.rota for update;
  end if;
  for again in select * from unnest(a_kinds, a_was, a_codes) as u (kind, was, code) loop
    perform region_rename(again.kind, again.was, again.code, a_actor);
  end loop;
  if 'rota' = any (a_kinds) or 'person' = any (a_kinds) then
    notify decisions_changed;
  end if;
end $function$;
-- may be called by: its owner

-- What is different in version a_version from what it was in a_have: a list of {"kind", "item"}, each object as it is now. A process that has a_have
-- in memory takes these up and does not read the whole again. Null: that cannot be told object by object, since an object came, went or moved, the
-- rest of the file changed, or there are more than a hundred.
--
-- PL/pgSQL keeps the plan, for which SQL takes longer than for the deed: every process asks this at every change. A plan for any version, since most
-- objects may be of one.
create function setup_since(a_have bigint, a_version bigint)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
 SET enable_seqscan TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
begin
  return (
    with changed as materialized (
      select kind, key, position, item from setup_item
      where version > a_have and version <= a_version and (ended is null or ended > a_version) limit 101),
    -- version + 0: else the index of versions is read too, and all that one file has made are under one number.
    before as materialized (
      select kind, key, position from setup_item where ended > a_have and ended <= a_version and version + 0 <= a_have limit 101)
    select jsonb_agg(jsonb_build_object('kind', kind, 'item', item)) from changed
    where (select head from region where version = a_have) = (select head from region where version = a_version)
      and (select count(*) from changed) <= 100
      and not exists (select from changed c full join before b using (kind, key) where c.position is distinct from b.position));
end $function$;
-- may be called by: crisiscover_api, crisiscover_coverage, crisiscover_feeds

-- Accounts: those that a version changed, or all (null).
create function setup_sync_accounts(a_version bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  insert into account as a (name, kind, role, places, organisation)
    select i.key, i.item->>'kind', i.item->>'role', array(select jsonb_array_elements_text(coalesce(i.item->'places', '[]'))), i.item->>'organisation'
    from setup_item i where i.kind = 'account' and i.ended is null and (a_version is null or i.version = a_version)
    on conflict (name) do update
      set kind = excluded.kind, role = excluded.role, places = excluded.places, organisation = excluded.organisation, retired_at = null
      where (a.kind, a.role, a.places, a.organisation, a.retired_at)
            is distinct from (excluded.kind, excluded.role, excluded.places, excluded.organisation, null);
  update account a set retired_at = clock_timestamp()
    where a.retired_at is null and not a.by_hand
      and (a_version is null or a.name in (select i.key from setup_item i where i.kind = 'account' and i.ended = a_version))
      and not exists (select from setup_item i where i.kind = 'account' and i.key = a.name and i.ended is null);
  update account_head set version = version + 1;
  notify accounts_changed;
end $function$;
-- may be called by: its owner

-- Brings the tables that depend on the objects of the set-up up to date, for those that a version changed or for all (null): codes begin, are
-- retired, or come back. a_kinds: of which kinds.
create function setup_sync_codes(a_version bigint, a_kinds text[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare of_kind record;
begin
  for of_kind in select k.kind, k.id from setup_kinds() k where k.kind = any (a_kinds) and k.kind not in ('service', 'account', 'area', 'navigator') order by k.rank loop
    execute format('insert into %1$I (%2$I)
                      select i.key from setup_item i where i.kind = %1$L and i.ended is null and ($1 is null or i.version = $1) order by 1
                      on conflict (%2$I) do update set retired_at = null where %1$I.retired_at is not null', of_kind.kind, of_kind.id)
      using a_version;
    -- Of all, a hash of the keys: what was written in this transaction has no statistics yet. Of one version, those that it ended.
    if a_version is null then
      execute format('update %1$I t set retired_at = clock_timestamp()
                        where t.retired_at is null and t.%2$I not in (select j.key from setup_item j where j.kind = %1$L and j.ended is null)',
                     of_kind.kind, of_kind.id);
    else
      execute format('update %1$I t set retired_at = clock_timestamp() from setup_item i
                        where i.kind = %1$L and i.ended = $1 and t.%2$I = i.key and t.retired_at is null
                          and not exists (select from setup_item j where j.kind = i.kind and j.key = i.key and j.ended is null)',
                     of_kind.kind, of_kind.id)
        using a_version;
    end if;
  end loop;
end $function$;
-- may be called by: its owner

-- The objects that a version changed: whether each was there before, and is there now.
--
-- Here and in the next function the index of versions is to be used: almost all objects may be of one version, that of the first file, and then the
-- planner takes every other for as large. For the same reason it would find each plan for a version it knows nothing of cheaper than the general one, and
-- plan again at every change.
create function setup_touched(a_version bigint)
 RETURNS TABLE(kind text, key text, was boolean, stays boolean)
 LANGUAGE plpgsql
 STABLE
 SET enable_seqscan TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
begin
  return query
    select coalesce(a.kind, b.kind), coalesce(a.key, b.key), b.key is not null, a.key is not null
    from (select i.kind, i.key from setup_item i where i.version = a_version) a
    full join (select i.kind, i.key from setup_item i where i.ended = a_version) b on b.kind = a.kind and b.key = a.key;
end $function$;
-- may be called by: its owner

-- Writes what changes as a new version, and answers its number: the newest one where nothing does. a_changes as setup_differences has it.
create function setup_write(a_head jsonb, a_changes setup_item[], a_actor text, a_at timestamp with time zone DEFAULT clock_timestamp(), a_reason text DEFAULT NULL::text)
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
declare
  newest region;
  made region;
begin
  select * into newest from region r order by r.version desc limit 1;
  if newest.head = a_head and cardinality(a_changes) = 0 then
    return newest.version;
  end if;
  -- Two files that are sent to an empty installation at once were both checked against nothing.
  if newest.version is not null and (newest.head->'practice' is not distinct from 'true') <> (a_head->'practice' is not distinct from 'true') then
    raise exception 'a practice region stays one, and no other region becomes one' using errcode = 'P0001';
  end if;
  insert into region (head, sha256, applied_at, applied_by, reason)
    values (a_head, sha256(coalesce(newest.sha256, '') || convert_to(a_head::text || coalesce(
              (select string_agg(c.kind || ' ' || c.key || ' ' || c.position || ' ' || coalesce(c.item::text, ''), E'\n' order by c.kind, c.key)
               from unnest(a_changes) c), ''), 'UTF8')),
            greatest(a_at, newest.applied_at + interval '1 microsecond'), a_actor, a_reason)
    returning * into made;
  update setup_item s set ended = made.version, known_to = made.applied_at
    from unnest(a_changes) c where s.kind = c.kind and s.key = c.key and s.ended is null;
  insert into setup_item (kind, key, position, item, version, known_from, made_by)
    select c.kind, c.key, c.position, c.item, made.version, made.applied_at, a_actor from unnest(a_changes) c where c.item is not null;
  return made.version;
end $function$;
-- may be called by: its owner

-- How urgent, as a number.
create function severity_rank(a_severity text)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select case a_severity when 'critical' then 3 when 'high' then 2 when 'normal' then 1 else 0 end
$function$;
-- may be called by: its owner

create function shift_counts(a_class text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select coalesce(a_class in ('named', 'team'), false)
$function$;
-- may be called by: crisiscover_feeds

-- Which entry of a rota's source a row of `shift` is, in 64 bits: every version of an entry has the same, and so its event in a calendar keeps its UID.
create function shift_entry(a_rota text, a_key text)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select ('x' || left(md5(a_rota || '/' || a_key), 16))::bit(64)::bigint
$function$;
-- may be called by: crisiscover_api

create function shift_words(s shift)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select jsonb_strip_nulls(jsonb_build_object('person', s.person, 'from', s.starts_at, 'until', s.ends_at, 'note', s.title))
$function$;
-- may be called by: its owner

-- These shifts in force once more, with a_changes as above. The caller marks their rotas for coverage.
create function shifts_again(a_ids bigint[], a_changes jsonb)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare moment timestamptz := record_moment(a_ids);
begin
  perform shifts_supersede(a_ids, moment);
  perform rows_again('shift', a_changes || jsonb_build_object('known_from', quote_literal(moment), 'known_to', '''infinity'''),
                     format('t.id = any (%L)', a_ids));
end $function$;
-- may be called by: its owner

-- Shifts of these rotas have changed: their overrides are checked again, new disputes are published as flags, and coverage is woken to sweep. Every
-- change of what a calendar says calls this.
create function shifts_changed(a_rotas text[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  perform overrides_settle(a_rotas);
  perform shifts_mark(a_rotas);
  perform overrides_tell(a_rotas);
end $function$;
-- may be called by: crisiscover_feeds

-- Marks rotas for coverage. Called alone for changes that leave the calendar as it is; else by shifts_changed().
create function shifts_mark(a_rotas text[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  insert into dirty (rota) select distinct unnest(a_rotas) order by 1
    on conflict (rota) do update set n = nextval('dirty_mark');
  notify shifts_changed;
end $function$;
-- may be called by: crisiscover_feeds

-- Supersedes rows in force: all of them, or the caller did not ask the two questions above (40001).
create function shifts_supersede(a_ids bigint[], a_moment timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare ended bigint;
begin
  update shift set known_to = a_moment where id = any (a_ids) and known_to = 'infinity';
  get diagnostics ended = row_count;
  if ended <> cardinality(a_ids) then
    raise exception '% of % shifts are no longer in force', cardinality(a_ids) - ended, cardinality(a_ids) using errcode = '40001';
  end if;
end $function$;
-- may be called by: crisiscover_feeds

-- Under another code the account signs in as before.
create function sign_in_rename(a_was text, a_code text)
 RETURNS void
 LANGUAGE sql
AS $function$
  delete from credential where account = a_code;
  update credential set account = a_code where account = a_was;
  update invitation set account = a_code where account = a_was;
  update break_glass set account = a_code where account = a_was;
  update single_handed set account = a_code where account = a_was;
  update identity set account = a_code where account = a_was;
$function$;
-- may be called by: its owner

-- Each place has a flag of its own. It names neither the account nor the reason, since it reaches everybody who follows the place.
create function single_handed_add(a_version bigint, a_account text, a_reason text, a_shown text, a_places text[])
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  number bigint;
  one text;
begin
  insert into single_handed (version, account, reason, shown, places) values (a_version, a_account, a_reason, a_shown::jsonb, a_places)
    returning id into number;
  perform audit_add(a_account, 'single_handed', 'region/' || a_version, jsonb_build_object('number', number, 'reason', a_reason, 'places', a_places));
  foreach one in array a_places loop
    perform flag_add('single_handed', null, one, null, null, null, null, null, 'normal', null, jsonb_build_object('number', number));
  end loop;
  return number;
end $function$;
-- may be called by: crisiscover_api

-- The reason why it is not done: 'absent', 'own' (nobody reviews what they did themselves), 'done', or null.
create function single_handed_review(a_id bigint, a_note text, a_actor text)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare s single_handed;
begin
  select * into s from single_handed where id = a_id for update;
  if not found then
    return 'absent';
  elsif is_same_person(s.account, a_actor) then
    return 'own';
  elsif s.reviewed_at is not null then
    return 'done';
  end if;
  update single_handed set reviewed_at = clock_timestamp(), reviewed_by = a_actor, review_note = a_note where id = a_id;
  perform audit_add(a_actor, 'single_handed_reviewed', 'region/' || s.version, jsonb_build_object('number', a_id));
  return null;
end $function$;
-- may be called by: crisiscover_api

-- Every version of the shifts of some rotas over a_at: those known at a_known and those written since, shift by shift, oldest first. A rename makes no
-- new version. Codes are those of a_known.
create function slots_since(a_rotas text[], a_at timestamp with time zone, a_known timestamp with time zone)
 RETURNS TABLE(rota text, key text, id bigint, class text, person text, team text, title text, starts_at timestamp with time zone, ends_at timestamp with time zone, known_from timestamp with time zone, known_to timestamp with time zone, reading bigint, body text)
 LANGUAGE sql
 STABLE
AS $function$
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
$function$;
-- may be called by: crisiscover_api

create function source_check_keep()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'UPDATE' and (new.rota, new.hour) = (old.rota, old.hour) and new.seconds[1:cardinality(old.seconds)] = old.seconds then
    return new;
  end if;
  raise exception '% on source_check: the record is only ever added to', lower(tg_op) using errcode = 'P0002';
end $function$;
-- may be called by: its owner

create function source_checked(a_rota text, a_at timestamp with time zone)
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into source_check as c (rota, hour, seconds)
    values (a_rota, date_trunc('hour', a_at), array[floor(extract(epoch from a_at - date_trunc('hour', a_at)))::smallint])
    on conflict (rota, hour) do update set seconds = c.seconds || excluded.seconds where not c.seconds @> excluded.seconds
$function$;
-- may be called by: its owner

-- The last check that had proved the shifts of a rota at a_known, none before a_since. A check of that very second is not over yet.
create function source_checked_then(a_rota text, a_known timestamp with time zone, a_since timestamp with time zone)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
AS $function$
  select max(h.hour + make_interval(secs => s))
  from (select hour, seconds from source_check where rota = a_rota and hour <= a_known order by hour desc limit 2) h,
       unnest(h.seconds) s
  where h.hour + make_interval(secs => s) < a_known and h.hour + make_interval(secs => s) >= coalesce(a_since, '-infinity')
$function$;
-- may be called by: crisiscover_api

-- Whether nothing of a rota's source is secret: a mask stands where its address stood, a name where its secret did, and none of the secret is left.
create function source_is_masked(a_source jsonb)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select coalesce(crisiscover.is_address_mask(a_source->>'url'), true)
     and (coalesce(jsonb_typeof(a_source->'secret'), 'null') = 'null'
          or (a_source->'secret') - array['kind', 'sealed', 'over_http'] = '{}'
             and coalesce(crisiscover.is_secret_name(a_source->'secret'->>'sealed'), true))
$function$;
-- may be called by: its owner

-- No matter who changes a feed, or how: what it says is noted at the instant that the change itself gives.
create function source_noted()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
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
end $function$;
-- may be called by: its owner

-- Where the sources of some rotas stood at a_known. The answer does not change once a_known is past: every row that it depends on is of that time, or
-- is the first of its kind after it. Before the first row of source_change: an event was kept only when a state changed, so
-- while it was good the last good check was any moment up to then, but none later than the first that is known to have followed; and the
-- horizon is that of the shifts known then.
create function sources_known(a_rotas text[], a_known timestamp with time zone)
 RETURNS TABLE(rota text, state text, fault text, last_good_at timestamp with time zone, last_change_at timestamp with time zone, horizon timestamp with time zone, reading bigint, body text)
 LANGUAGE sql
 STABLE
AS $function$
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
$function$;
-- may be called by: crisiscover_api

-- The person's accounts, under every code that they had.
create function subject_accounts(a_codes text[])
 RETURNS SETOF text
 LANGUAGE sql
 STABLE
AS $function$
  select distinct c.code
  from setup_item i cross join lateral codes_ever('account', i.key) c (code)
  where i.kind = 'account' and i.item->>'person' = any (a_codes)
$function$;
-- may be called by: its owner

-- The columns that may hold a text about somebody. Not those of what is about time and places alone, which are by far the largest tables.
create function subject_columns()
 RETURNS TABLE(tab text, col text, kind text)
 LANGUAGE sql
 STABLE
AS $function$
  select t.relname::text, a.attname::text, format_type(a.atttypid, null)
  from pg_class t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
  where t.relnamespace = 'crisiscover'::regnamespace and t.relkind in ('r', 'p') and not t.relispartition and a.attgenerated = ''
    and format_type(a.atttypid, null) in ('text', 'text[]', 'jsonb')
    and t.relname not in ('migration', 'record_table', 'record_begins', 'erasure', 'erasing', 'span', 'source_check', 'map_change', 'map_past', 'demand')
  order by 1, a.attnum
$function$;
-- may be called by: its owner

-- Erases a person; a_deed false: says what it would do, having done it and taken it back. a_days: how long things are kept; a_inside: also what
-- must be kept for longer. P0001: something stands against it.
create function subject_erase(a_code text, a_days bigint, a_inside boolean, a_deed boolean, a_actor text, a_second text, a_reason text)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
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
end $function$;
-- may be called by: its owner

-- What somebody asks for. a_request null and a_deed: it is noted, and another person is needed; a_request: the number of what another person asked for.
create function subject_erase_ask(a_code text, a_organisation text, a_request bigint, a_reason text, a_deed boolean, a_actor text)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
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
end $function$;
-- may be called by: crisiscover_api

-- The audit: what the rows say is replaced, their digests stay, and their salts go. Answers the numbers of the rows.
create function subject_erase_audit(s subject)
 RETURNS bigint[]
 LANGUAGE plpgsql
AS $function$
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
end $function$;
-- may be called by: its owner

-- Bodies that are no longer in force and have a name in them lose their bytes now; the hash stays. Answers how many did, and how many are in force
-- still: those say the name until their owner takes it out.
create function subject_erase_bodies(s subject, a_codes text[], OUT gone bigint, OUT in_force bigint)
 RETURNS record
 LANGUAGE plpgsql
AS $function$
declare
  names bytea[] := array(select distinct convert_to(i.item->>'name', 'UTF8') from setup_item i where i.kind = 'person' and i.key = any (a_codes)
                         and i.item->>'name' ~ '\S\s+\S');
begin
  update body b set bytes = null
    where b.bytes is not null and exists (select from unnest(names) n where position(n in b.bytes) > 0) and not body_is_needed(b.sha256);
  get diagnostics gone = row_count;
  select count(*) into in_force from body b where b.bytes is not null and exists (select from unnest(names) n where position(n in b.bytes) > 0);
end $function$;
-- may be called by: its owner

-- One table of it. Answers how many rows.
create function subject_erase_table(a_table text, s subject)
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
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
end $function$;
-- may be called by: its owner

-- Everything that is held about a person, table by table; P0001: there is nobody of this code in the organisation.
create function subject_export(a_code text, a_organisation text)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
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
end $function$;
-- may be called by: crisiscover_api

-- Makes a hold, or lifts all that stand (a_lift). Answers the state since.
create function subject_hold(a_code text, a_organisation text, a_lift boolean, a_reason text, a_actor text)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
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
end $function$;
-- may be called by: crisiscover_api

-- Whether a_organisation may ask about the person: it is the one that the person is of, or was of last. Null: it may about all.
create function subject_is_of(a_code text, a_organisation text)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select exists (select from person where id = a_code)
    and (a_organisation is null
         or a_organisation in (select codes_ever('organisation', (
              select i.item->>'organisation' from setup_item i
              where i.kind = 'person' and i.key in (select people_ever(a_code)) order by i.version desc limit 1))))
$function$;
-- may be called by: its owner

-- A person of the set-up, whose code becomes a_code. What cover is computed from stays.
create function subject_item(a_item jsonb, a_code text, s subject)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select jsonb_strip_nulls(jsonb_build_object('id', case when a_item ? 'id' then a_code end, 'name', s.name, 'organisation', a_item->'organisation',
                                              'roles', a_item->'roles'))
$function$;
-- may be called by: its owner

-- What a value becomes; a_under: the name of the member that it is.
create function subject_json(a_value jsonb, s subject, a_under text DEFAULT NULL::text)
 RETURNS jsonb
 LANGUAGE plpgsql
 IMMUTABLE
AS $function$
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
end $function$;
-- may be called by: its owner

-- The names that people of the set-up have or had: of these codes, or (a_others) of all others.
create function subject_names(a_codes text[], a_others boolean)
 RETURNS SETOF text
 LANGUAGE sql
 STABLE
AS $function$
  select n.name
  from setup_item i
  cross join lateral (select i.item->>'name' as name
                      union select x from jsonb_array_elements_text(case when jsonb_typeof(i.item->'aliases') = 'array' then i.item->'aliases' else '[]' end) x
                      union select x from jsonb_array_elements_text(case when jsonb_typeof(i.item->'former_names') = 'array'
                                                                         then i.item->'former_names' else '[]' end) x) n
  where i.kind = 'person' and (i.key = any (a_codes)) <> a_others and n.name is not null
$function$;
-- may be called by: its owner

-- The first thing in a state that stands against it; null: nothing. a_inside: although it is not over yet.
create function subject_obstacle(a_code text, a_state jsonb, a_inside boolean)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
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
$function$;
-- may be called by: its owner

-- a_code may be one that the person no longer has.
create function subject_of(a_code text, a_at timestamp with time zone DEFAULT clock_timestamp())
 RETURNS subject
 LANGUAGE plpgsql
 STABLE
AS $function$
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
end $function$;
-- may be called by: its owner

-- A pattern for regular expressions that finds the person's names and numbers in a text: each name of two words or more, and each telephone number however it
-- is grouped. Initials and single words are not looked for, nor what somebody else or a team has as well: those are other people's, too.
create function subject_pattern(a_codes text[])
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
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
$function$;
-- may be called by: its owner

-- Without what opens something, and without hashes, which tell nobody anything.
create function subject_row(a_row jsonb, a_table text)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce(jsonb_object_agg(e.key, e.value), '{}')
  from jsonb_each(a_row) e
  where e.value <> 'null' and not (a_table = 'credential' and e.key in ('password', 'totp_step'))
    and not exists (select from pg_attribute a where a.attrelid = format('crisiscover.%I', a_table)::regclass and a.attname = e.key
                    and a.atttypid in ('bytea'::regtype, 'bytea[]'::regtype))
$function$;
-- may be called by: its owner

-- What stands against erasing somebody, and from when on the time is over: the end of the financial year in which the last thing happened, and a_days
-- more (null: as the rounds of subjects_due have it). A person of the set-up is never erased.
create function subject_state(a_code text, a_days bigint)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
AS $function$
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
$function$;
-- may be called by: its owner

-- What a text becomes.
create function subject_text(a_text text, s subject)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select case when s.codes ? a_text then s.codes->>a_text
              when a_text = any (s.asked) then split_part(a_text, '/', 1) || '/' || (s.codes->>substr(a_text, strpos(a_text, '/') + 1))
              else subject_unnamed(a_text, s) end
$function$;
-- may be called by: its owner

-- A text without what named the person. It never becomes longer, in letters or in bytes, so that it fits wherever it stood: many columns have a longest
-- text. "[erased]" is longer than the shortest names ("A B"); "[-]" is longer than none.
create function subject_unnamed(a_text text, s subject)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select case when length(erased) <= length(a_text) then erased else regexp_replace(a_text, s.pattern, '[-]', 'gi') end
  from regexp_replace(a_text, s.pattern, '[erased]', 'gi') erased
$function$;
-- may be called by: its owner

-- The condition of a_table's rows t that hold something about the subject $1; null: it has no such column.
create function subject_where(a_table text)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select string_agg(case kind when 'text' then format('t.%1$I = any ($1.asked) or t.%1$I ~* $1.%2$s', col, case col when 'document' then 'json' else 'pattern' end)
                              when 'text[]' then format('t.%1$I && $1.asked or array_to_string(t.%1$I, E''\n'') ~* $1.pattern', col)
                              else format('t.%I::text ~* $1.json', col) end, ' or ')
  from subject_columns() where tab = a_table
$function$;
-- may be called by: its owner

-- Erases one person whose time is over, if there is one; answers how many. A clock that jumps could end the time of everybody at once, and nothing brings back
-- what was erased: so it must have gone on as clocks do for a week, seen by a round at least every two days.
create function subjects_due(a_days bigint, a_now timestamp with time zone DEFAULT clock_timestamp())
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
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
end $function$;
-- may be called by: crisiscover_coverage

-- Ends one. False: it is not in force, or another account's. What waited for it is not told.
create function subscription_end(a_id bigint, a_account text, a_actor text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  s subscription;
begin
  update subscription x set ended_at = clock_timestamp(), ended_by = a_actor
    where x.id = a_id and x.ended_at is null and code_now('account', x.account, x.at) = a_account returning * into s;
  if not found then
    return false;
  end if;
  perform audit_add(a_actor, 'subscription_ended', 'account/' || a_account, jsonb_build_object('number', a_id, 'from', subscription_said(s)));
  return true;
end $function$;
-- may be called by: crisiscover_api

-- Keeps a subscription: a new one (a_id null), or in place of one in force. P0001: there is another for this address, a_id is not in force, or the account
-- has a_most already.
create function subscription_put(a_id bigint, a_is jsonb, a_actor text, a_most integer)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  s subscription := jsonb_populate_record(null::subscription, a_is);
  before subscription;
begin
  perform from account where name = s.account and retired_at is null for update;
  if not found then
    raise exception 'there is no account %', s.account using errcode = 'P0001';
  end if;
  if a_id is not null then
    update subscription x set ended_at = clock_timestamp(), ended_by = a_actor
      where x.id = a_id and x.ended_at is null and code_now('account', x.account, x.at) = s.account returning * into before;
    if not found then
      raise exception 'this subscription has been ended or changed since: look again' using errcode = 'P0001';
    end if;
  elsif (select count(*) from subscription x where x.ended_at is null and code_now('account', x.account, x.at) = s.account) >= a_most then
    raise exception 'this account has % subscriptions already: end one first', a_most using errcode = 'P0001';
  end if;
  if exists (select from subscription x where x.ended_at is null and code_now('account', x.account, x.at) = s.account
             and (x.channel, x.address) = (s.channel, s.address)) then
    raise exception 'this account has a subscription for this address already: change that one' using errcode = 'P0001';
  end if;
  insert into subscription as x (account, channel, address, about, places, functions, severity, alerted_to, digest, quiet_from, quiet_until, made_by)
    values (s.account, s.channel, s.address, coalesce(s.about, '{}'), coalesce(s.places, '{}'), coalesce(s.functions, '{}'),
            coalesce(s.severity, 'normal'), s.alerted_to, coalesce(s.digest, '{}'), s.quiet_from, s.quiet_until, a_actor)
    returning * into s;
  -- What waited for the one before is told under the new one.
  update news_for set subscription = s.id where subscription = before.id and message is null;
  perform audit_add(a_actor, case when before.id is null then 'subscription_added' else 'subscription_changed' end, 'account/' || s.account,
                    jsonb_strip_nulls(jsonb_build_object('number', s.id, 'from', case when before.id is not null then subscription_said(before) end,
                                                         'to', subscription_said(s))));
  notify messages_changed;
  return s.id;
end $function$;
-- may be called by: crisiscover_api

-- What the audit has of it: not the address, which may be somebody's own.
create function subscription_said(s subscription)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select jsonb_strip_nulls(jsonb_build_object('account', s.account, 'channel', s.channel, 'about', s.about, 'places', s.places, 'functions', s.functions,
                                              'severity', s.severity, 'alerted_to', s.alerted_to, 'digest', s.digest, 'quiet_from', s.quiet_from,
                                              'quiet_until', s.quiet_until))
$function$;
-- may be called by: its owner

-- Accepts a swap. a_event: who, how, forced and reason. An override says of itself who made it: of what a link accepted, who offered it.
create function swap_accept(a_swap bigint, a_who text, a_how text, a_forced boolean, a_reason text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare s swap := swap_hold(a_swap);
begin
  perform swap_open(s);
  perform swap_fulfil(s, coalesce(a_who, code_now('account', s.offered_by, s.offered_at)));
  perform swap_step(a_swap, row(null, null, null, 'accepted', a_who, a_how, a_forced, a_reason)::swap_event);
  perform swap_overtakes(s);
end $function$;
-- may be called by: crisiscover_api

-- Whether it could be accepted now: it is, and that is taken back. P0001 with a sentence where it could not.
create function swap_could(s swap, a_actor text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  perform swap_fulfil(s, a_actor);
  raise exception 'taken back' using errcode = 'P0003';
exception when sqlstate 'P0003' then
  null;
end $function$;
-- may be called by: its owner

-- An override has another standing, or was withdrawn: the swap that it is of follows.
create function swap_follows()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  s swap;
  stands text;
  by_hand constant text := to_jsonb(new)->>'withdrawn_by';
begin
  select x.* into s from swap x join swap_shift l on l.swap = x.id
    where l.override = (to_jsonb(new)->>case tg_table_name when 'override' then 'id' else 'override' end)::bigint for update of x;
  if found and s.state in ('accepted', 'in_feed', 'disputed') then
    stands := swap_stands(s.id);
    if stands <> s.state then
      perform swap_step(s.id, row(null, null, null, stands, by_hand, case when by_hand is null then 'calendar' end, false, null)::swap_event);
    end if;
  end if;
  return null;
end $function$;
-- may be called by: its owner

-- Makes the overrides of a swap. Each must be on for the whole of what was offered: a shift that has moved since is another one than the receiver was asked
-- about. P0001 with a sentence where that cannot be.
create function swap_fulfil(s swap, a_actor text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  l swap_shift;
  made bigint;
begin
  for l in select * from swap_shift x where x.swap = s.id order by x.nth loop
    made := override_add(code_now('rota', l.rota, s.offered_at), code_now('person', l.takes, s.offered_at), code_now('person', l.gives, s.offered_at),
                         l.starts_at, l.ends_at, l.ends_at, null, false, a_actor);
    if (select range_agg(tstzrange(h.starts_at, h.ends_at)) from shift h where h.override = made and h.known_to = 'infinity' and h.class = 'named')
       is distinct from tstzmultirange(tstzrange(l.starts_at, l.ends_at)) then
      raise exception '% is not on rota % for all of that time: a shift that has moved is offered again', code_now('person', l.gives, s.offered_at),
        code_now('rota', l.rota, s.offered_at) using errcode = 'P0001';
    end if;
    update swap_shift set override = made where swap = l.swap and nth = l.nth;
  end loop;
end $function$;
-- may be called by: its owner

-- Locks, in the order in which everybody does, the feeds of a swap's rotas, the counter of swaps, and the swap. P0001 where there is none.
create function swap_hold(a_swap bigint)
 RETURNS swap
 LANGUAGE plpgsql
AS $function$
declare s swap;
begin
  perform from feed f where f.rota in (select code_now('rota', l.rota, x.offered_at) from swap_shift l join swap x on x.id = l.swap where x.id = a_swap)
    order by f.rota for update;
  perform from swap_head for update;
  select * into s from swap where id = a_swap for update;
  if not found then
    raise exception 'there is no swap %', a_swap using errcode = 'P0001';
  end if;
  return s;
end $function$;
-- may be called by: its owner

-- The offer that a link is of, while it may be answered.
create function swap_of_link(a_link bytea)
 RETURNS bigint
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
  select s.id from swap s where s.link = a_link and swap_state(s) = 'offered'
$function$;
-- may be called by: crisiscover_api

-- Offers a swap. a_shifts: [{"rota", "gives", "takes", "starts_at", "ends_at"}], one or two. a_link: of who receives it; null: none. The api has checked
-- the right to offer it; a_reason says why the checks a_overruled, which failed, do not matter.
create function swap_offer(a_shifts jsonb, a_expires timestamp with time zone, a_link bytea, a_overruled text[], a_reason text, a_actor text, OUT id bigint, OUT expires timestamp with time zone)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  s swap;
begin
  perform from feed f where f.rota in (select x->>'rota' from jsonb_array_elements(a_shifts) x) order by f.rota for update;
  perform people_there(array(select x->>k from jsonb_array_elements(a_shifts) x, unnest(array['gives', 'takes']) k));
  s.starts_at := (select min((x->>'starts_at')::timestamptz) from jsonb_array_elements(a_shifts) x);
  s.ends_at := (select max((x->>'ends_at')::timestamptz) from jsonb_array_elements(a_shifts) x);
  if least(a_expires, s.starts_at) <= clock_timestamp() then
    raise exception 'the shift has begun: put the other person on by an override' using errcode = 'P0001';
  end if;
  insert into swap as x (version, offered_by, expires_at, starts_at, ends_at, link, overruled)
    values (swap_version(), a_actor, least(a_expires, s.starts_at), s.starts_at, s.ends_at, a_link, a_overruled) returning * into s;
  insert into swap_shift (swap, nth, rota, gives, takes, starts_at, ends_at)
    select s.id, x.n, x.one->>'rota', x.one->>'gives', x.one->>'takes', (x.one->>'starts_at')::timestamptz, (x.one->>'ends_at')::timestamptz
    from jsonb_array_elements(a_shifts) with ordinality x (one, n);
  perform swap_could(s, a_actor);
  insert into swap_event (swap, at, step, who, forced, reason)
    values (s.id, s.offered_at, 'offered', a_actor, cardinality(a_overruled) > 0, a_reason);
  perform audit_add(a_actor, 'swap_offered', 'swap/' || s.id,
                    jsonb_strip_nulls(jsonb_build_object('shifts', a_shifts, 'expires_at', iso(s.expires_at), 'overruled', to_jsonb(a_overruled), 'reason', a_reason)));
  id := s.id;
  expires := s.expires_at;
end $function$;
-- may be called by: crisiscover_api

create function swap_open(s swap)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  if swap_state(s) = 'expired' then
    raise exception 'this offer ran out at %: offer it again', to_char(s.expires_at at time zone 'Europe/London', 'FMDD Mon YYYY "at" HH24:MI')
      using errcode = 'P0001';
  elsif s.state <> 'offered' then
    raise exception 'this swap is no longer open: it is %', replace(s.state, '_', ' ') using errcode = 'P0001';
  end if;
end $function$;
-- may be called by: its owner

-- Other offers of the same shifts, or of parts of them, can no longer be accepted: they end now, and say by which.
create function swap_overtakes(s swap)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare other bigint;
begin
  for other in
    select distinct x.id from swap x join swap_shift l on l.swap = x.id
      join swap_shift m on m.swap = s.id and m.starts_at < l.ends_at and m.ends_at > l.starts_at
       and code_now('rota', m.rota, s.offered_at) = code_now('rota', l.rota, x.offered_at)
       and code_now('person', m.gives, s.offered_at) = code_now('person', l.gives, x.offered_at)
    where x.id <> s.id and swap_state(x) = 'offered' order by 1 loop
    perform swap_step(other, row(null, null, null, 'withdrawn', null, 'other', false, 'swap ' || s.id || ' was accepted')::swap_event);
  end loop;
end $function$;
-- may be called by: its owner

create function swap_refuse(a_swap bigint, a_who text, a_how text, a_reason text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
begin
  perform swap_open(swap_hold(a_swap));
  perform swap_step(a_swap, row(null, null, null, 'refused', a_who, a_how, false, a_reason)::swap_event);
end $function$;
-- may be called by: crisiscover_api

-- The state of an accepted swap, by its overrides.
create function swap_stands(a_swap bigint)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select case when bool_and(o.withdrawn_at is not null) then 'withdrawn'
              when bool_or(o.withdrawn_at is not null or e.standing = 'conflicting') then 'disputed'
              when bool_and(e.standing = 'reconciled') then 'in_feed'
              else 'accepted' end
  from swap_shift l join override o on o.id = l.override, overrides_stand(array[o.id]) e
  where l.swap = a_swap
$function$;
-- may be called by: its owner

-- An offer is open until somebody answers it or its time is over.
create function swap_state(s swap)
 RETURNS text
 LANGUAGE sql
AS $function$
  select case when s.state = 'offered' and s.expires_at <= clock_timestamp() then 'expired' else s.state end
$function$;
-- may be called by: its owner

-- A step of a swap: its new state, its event, and what the audit says of it. The caller holds the feeds' rows, and the swap's.
create function swap_step(a_swap bigint, a_event swap_event)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  update swap set version = swap_version(), state = a_event.step, link = null where id = a_swap;
  insert into swap_event (swap, step, who, how, forced, reason)
    values (a_swap, a_event.step, a_event.who, a_event.how, coalesce(a_event.forced, false), a_event.reason);
  perform audit_add(coalesce(a_event.who, case a_event.how when 'link' then 'link' else 'calendar' end), 'swap_' || a_event.step, 'swap/' || a_swap,
                    jsonb_strip_nulls(jsonb_build_object('how', a_event.how, 'forced', a_event.forced, 'reason', a_event.reason)));
end $function$;
-- may be called by: its owner

-- The shifts of a swap's rotas if it were offered and accepted. a_swap: an offer that there is; null: a_shifts, as of swap_offer().
create function swap_try(a_swap bigint, a_shifts jsonb, a_actor text, a_after timestamp with time zone, a_before timestamp with time zone)
 RETURNS SETOF shift_shown
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  number bigint := a_swap;
  s swap;
  shown shift_shown[];
begin
  begin
    if number is null then
      number := (swap_offer(a_shifts, 'infinity', null, '{}', null, a_actor)).id;
    end if;
    s := swap_hold(number);
    perform swap_open(s);
    perform swap_fulfil(s, a_actor);
    shown := array(select x from (select distinct code_now('rota', l.rota, s.offered_at) as rota from swap_shift l where l.swap = number) r,
                                 rota_shown(r.rota, a_after, a_before) x);
    raise exception 'taken back' using errcode = 'P0003';
  exception when sqlstate 'P0003' then
    null;
  end;
  return query select * from unnest(shown);
end $function$;
-- may be called by: crisiscover_api

create function swap_version()
 RETURNS bigint
 LANGUAGE sql
AS $function$
  notify swaps_changed;
  update swap_head set version = version + 1 returning version
$function$;
-- may be called by: its owner

-- Takes an offer back, or an accepted swap: then its overrides that are not over end now. It is said first: of an exchange, whose overrides end one after
-- the other, nothing else is said on the way.
create function swap_withdraw(a_swap bigint, a_who text, a_reason text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  s swap := swap_hold(a_swap);
  l swap_shift;
begin
  if s.state not in ('accepted', 'in_feed', 'disputed') then
    perform swap_open(s);
  elsif s.ends_at <= clock_timestamp() then
    raise exception 'this swap is over: there is nothing left to take back' using errcode = 'P0001';
  end if;
  perform swap_step(a_swap, row(null, null, null, 'withdrawn', a_who, null, false, a_reason)::swap_event);
  for l in select x.* from swap_shift x join override o on o.id = x.override
           where x.swap = a_swap and o.withdrawn_at is null and o.expires_at > clock_timestamp() order by x.nth loop
    perform override_withdraw(l.override, false, a_who);
  end loop;
end $function$;
-- may be called by: crisiscover_api

-- The swaps of these rotas or of these people (codes of today; null: all) that end after a_begin and begin before a_finish, after number a_after; and
-- where a_swap is given, it alone. Its shifts are in arrays, in their order.
create function swaps_shown(a_rotas text[], a_people text[], a_begin timestamp with time zone, a_finish timestamp with time zone, a_after bigint, a_most bigint, a_swap bigint DEFAULT NULL::bigint)
 RETURNS TABLE(id bigint, state text, offered_at timestamp with time zone, offered_by text, expires_at timestamp with time zone, rotas text[], gives text[], takes text[], starts bigint[], ends bigint[], overrides bigint[], overruled text[])
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
  select s.id, swap_state(s), s.offered_at, code_now('account', s.offered_by, s.offered_at), s.expires_at, l.rotas, l.gives, l.takes, l.starts, l.ends,
         l.overrides, s.overruled
  from swap s
  cross join lateral (
    select array_agg(code_now('rota', x.rota, s.offered_at) order by x.nth) as rotas,
           array_agg(code_now('person', x.gives, s.offered_at) order by x.nth) as gives,
           array_agg(code_now('person', x.takes, s.offered_at) order by x.nth) as takes,
           array_agg(extract(epoch from x.starts_at)::bigint order by x.nth) as starts,
           array_agg(extract(epoch from x.ends_at)::bigint order by x.nth) as ends,
           array_agg(coalesce(x.override, 0) order by x.nth) as overrides
    from swap_shift x where x.swap = s.id) l
  where (a_swap is null or s.id = a_swap) and s.id > a_after and s.ends_at > a_begin and s.starts_at < a_finish
    and (a_rotas is null or l.rotas && a_rotas or l.gives && a_people or l.takes && a_people)
  order by s.id limit a_most
$function$;
-- may be called by: crisiscover_api

-- Swaps, then leave, that have changed since a version and are not long over, for those who follow them. Leave is of its person alone; nobody has to answer it
-- before it is over.
create function swaps_since(a_version bigint)
 RETURNS TABLE(leave boolean, id bigint, version bigint, state text, expires_at timestamp with time zone, ends_at timestamp with time zone, rotas text[], people text[])
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
  select false as leave, s.id, s.version, s.state, s.expires_at, s.ends_at,
         array(select distinct code_now('rota', x.rota, s.offered_at) from swap_shift x where x.swap = s.id order by 1),
         array(select distinct code_now('person', p, s.offered_at) from swap_shift x, unnest(array[x.gives, x.takes]) p where x.swap = s.id order by 1)
  from swap s where s.version > a_version and s.ends_at > now() - interval '1 day'
  union all
  select true, l.id, l.version, leave_state(l), l.ends_at, l.ends_at, '{}', array[code_now('person', l.person, l.requested_at)]
  from leave l where l.version > a_version and l.ends_at > now() - interval '1 day'
  order by leave, id
$function$;
-- may be called by: crisiscover_api

-- A new token for an account that is there. False: it is not. The token itself never comes here.
create function token_add(a_account text, a_id text, a_sha256 bytea, a_expires timestamp with time zone, a_actor text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
begin
  perform from account where name = a_account and retired_at is null for share;
  if not found then
    return false;
  end if;
  perform token_keep(a_account, a_id, a_sha256, a_expires, a_actor);
  return true;
end $function$;
-- may be called by: crisiscover_api

-- token_add with scopes.
create function token_add_scoped(a_account text, a_id text, a_sha256 bytea, a_expires timestamp with time zone, a_scopes text[], a_actor text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
begin
  if not token_add(a_account, a_id, a_sha256, a_expires, a_actor) then
    return false;
  end if;
  update token set scopes = a_scopes where id = a_id;
  return true;
end $function$;
-- may be called by: crisiscover_api

-- Whichever way a token is revoked, the sessions that were made by it end with it.
create function token_ended()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform sessions_end(array(select id from session where token = new.id and ended_at is null), coalesce(new.revoked_by, 'owner'));
  return null;
end $function$;
-- may be called by: its owner

-- For anyone who owns the database: makes the account if it is missing, gives it this role, and keeps a token of it.
create function token_issue(a_account text, a_role text, a_id text, a_sha256 bytea)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
begin
  insert into account (name, kind, role, by_hand) values (a_account, 'program', a_role, true)
    on conflict (name) do update set role = excluded.role, by_hand = true, retired_at = null;
  perform token_keep(a_account, a_id, a_sha256, null, 'owner');
end $function$;
-- may be called by: its owner

-- A token is kept with the account that made it.
create function token_keep(a_account text, a_id text, a_sha256 bytea, a_expires timestamp with time zone, a_actor text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  insert into token (id, account, sha256, expires_at, made_by) values (a_id, a_account, a_sha256, coalesce(a_expires, 'infinity'), a_actor);
  update account_head set version = version + 1;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'token_made', 'token/' || a_id, jsonb_build_object('account', a_account, 'expires_at', a_expires));
  notify accounts_changed;
end $function$;
-- may be called by: its owner

-- False: there is none with this id that was not revoked before.
create function token_revoke(a_id text, a_actor text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
begin
  update token set revoked_at = clock_timestamp(), revoked_by = a_actor where id = a_id and revoked_at is null;
  if not found then
    return false;
  end if;
  update account_head set version = version + 1;
  insert into audit (actor, action, object) values (a_actor, 'token_revoked', 'token/' || a_id);
  notify accounts_changed;
  return true;
end $function$;
-- may be called by: crisiscover_api

-- Revokes all tokens of an account that are still valid. Answers how many.
create function tokens_revoke_all(a_account text, a_actor text)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare gone text[];
begin
  with revoked as (
    update token set revoked_at = clock_timestamp(), revoked_by = a_actor where account = a_account and revoked_at is null returning id)
  select coalesce(array_agg(id order by id), '{}') into gone from revoked;
  if gone <> '{}' then
    update account_head set version = version + 1;
    insert into audit (actor, action, object, detail)
      select a_actor, 'token_revoked', 'token/' || id, jsonb_build_object('account', a_account) from unnest(gone) id;
    notify accounts_changed;
  end if;
  return cardinality(gone);
end $function$;
-- may be called by: crisiscover_api

-- Notes when tokens were last used, to the hour, so that unused ones can be found. A process writes this once an hour for each token, not for each
-- request.
create function tokens_used(a_ids text[], a_hour timestamp with time zone)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
  update token set used_at = a_hour where id = any (a_ids) and (used_at is null or used_at < a_hour)
$function$;
-- may be called by: crisiscover_api

-- Puts several people on several rotas, all or nobody: by a shift where the rota is typed, else by an override that replaces nobody. a_items:
-- [{"rota", "person", "from", "until", "note", "late"}, …]; gives [{"kind": "shift"|"override", "id"}, …] in the same order. The api has checked the rights and
-- the people. P0001 names the rota that refuses.
create function tonight_add(a_place text, a_items jsonb, a_reason text, a_actor text)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  item jsonb;
  made jsonb := '[]';
  kind text;
  id bigint;
  a_from timestamptz;
  a_until timestamptz;
begin
  -- In one order, whatever the order of the items: two calls cannot wait for each other.
  perform from feed where rota in (select i->>'rota' from jsonb_array_elements(a_items) i) order by rota for update;
  for item in select value from jsonb_array_elements(a_items) loop
    a_from := (item->>'from')::timestamptz;
    a_until := (item->>'until')::timestamptz;
    begin
      if exists (select from feed f where f.rota = item->>'rota' and f.kind = 'typed') then
        kind := 'shift';
        id := typed_add(item->>'rota', item->>'person', a_from, a_until, coalesce(item->>'note', a_reason), a_actor);
      else
        kind := 'override';
        id := override_add(item->>'rota', item->>'person', null, a_from, a_until, a_until, coalesce(item->>'note', a_reason),
                           (item->>'late')::boolean, a_actor);
      end if;
    exception when sqlstate 'P0001' then
      raise exception '%: %', item->>'rota', sqlerrm using errcode = 'P0001';
    end;
    made := made || jsonb_build_object('kind', kind, 'id', id);
  end loop;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'tonight', 'place/' || a_place, jsonb_build_object('reason', a_reason, 'made', made));
  return made;
end $function$;
-- may be called by: crisiscover_api

-- A try has failed: counted for each key, a_free failures of which cost nothing; from then on the wait doubles, up to a_most seconds. A count is forgotten
-- a day after its last failure. In the order of the keys, so that two processes never wait for each other.
create function tries_failed(a_keys bytea[], a_free bigint[], a_most bigint[])
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  one record;
  now_tries bigint;
begin
  delete from try_count where key in (select t.key from try_count t where t.last_at < clock_timestamp() - interval '1 day'
                                      order by t.last_at limit 20 for update skip locked);
  for one in select u.key, u.free, u.most from unnest(a_keys, a_free, a_most) u (key, free, most) order by u.key loop
    insert into try_count as t (key) values (one.key)
      on conflict (key) do update
        set tries = case when t.last_at < clock_timestamp() - interval '1 day' then 1 else t.tries + 1 end, last_at = clock_timestamp()
      returning t.tries into now_tries;
    if now_tries > one.free then
      update try_count set until = clock_timestamp() + make_interval(secs => least(one.most, 2 ^ least(now_tries - one.free - 1, 30)))
        where key = one.key;
    end if;
  end loop;
end $function$;
-- may be called by: crisiscover_api

-- One has come right: those before it count no more.
create function tries_good(a_keys bytea[])
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
  delete from try_count where key = any (a_keys)
$function$;
-- may be called by: crisiscover_api

-- For how many seconds the longest of these waits; whether any of them has failures at all.
create function tries_wait(a_keys bytea[], OUT seconds bigint, OUT counted boolean)
 RETURNS record
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
  select coalesce(max(ceil(extract(epoch from until - clock_timestamp()))) filter (where until > clock_timestamp()), 0), count(*) > 0
  from try_count where key = any (a_keys)
$function$;
-- may be called by: crisiscover_api

-- Puts a person on a typed rota and gives the number of the shift. The api has checked the right to do this and whether the person may cover. P0001:
-- the rota is not typed, the person has left, or that very shift is there already (two people typed it, or one twice).
create function typed_add(a_rota text, a_person text, a_start timestamp with time zone, a_end timestamp with time zone, a_note text, a_actor text)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  f feed;
  s shift;
begin
  f := typed_lock(a_rota);
  perform people_there(array[a_person]);
  if exists (select from shift x where x.rota = a_rota and x.known_to = 'infinity' and x.override is null and x.class = 'named'
               and x.person = a_person and x.starts_at = a_start and x.ends_at = a_end) then
    raise exception '% has this very shift on this rota already', a_person using errcode = 'P0001';
  end if;
  insert into shift (rota, key, class, person, title, starts_at, ends_at)
    values (a_rota, 'typed/' || nextval('typed_key'), 'named', a_person, a_note, a_start, a_end) returning * into s;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'shift_added', 'shift/' || s.id, jsonb_build_object('rota', a_rota, 'key', s.key, 'to', shift_words(s)));
  perform typed_changed(f, s.known_from);
  return s.id;
end $function$;
-- may be called by: crisiscover_api

-- Moves a typed shift, or gives it to another person, and gives its new number. Of a shift that has begun the past stays: another person is on from
-- now on. P0001 as above.
create function typed_change(a_rota text, a_shift bigint, a_person text, a_start timestamp with time zone, a_end timestamp with time zone, a_note text, a_actor text)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  f feed;
  s shift;
  made shift;
  moment timestamptz;
  begun boolean;
begin
  f := typed_lock(a_rota);
  s := typed_find(a_rota, a_shift);
  perform people_there(array[a_person]);
  moment := record_moment(array[s.id]);
  begun := s.starts_at < date_trunc('second', moment);
  if begun and a_start <> s.starts_at then
    raise exception 'this shift has begun: its start is not changed' using errcode = 'P0001';
  elsif a_end <= moment then
    raise exception 'the new end is over already: remove the shift, which ends it now' using errcode = 'P0001';
  end if;
  begun := begun and s.person is distinct from a_person;
  perform typed_supersede(s, moment, begun);
  insert into shift (rota, key, class, person, title, starts_at, ends_at, known_from)
    values (a_rota, s.key, 'named', a_person, a_note, case when begun then date_trunc('second', moment) else a_start end, a_end, moment)
    returning * into made;
  insert into audit (actor, action, object, detail)
    values (a_actor, 'shift_changed', 'shift/' || made.id,
            jsonb_build_object('rota', a_rota, 'key', s.key, 'was', s.id, 'from', shift_words(s), 'to', shift_words(made)));
  perform typed_changed(f, moment);
  return made.id;
end $function$;
-- may be called by: crisiscover_api

-- Shifts of a typed rota have changed at a_moment: its horizon follows, its overrides are checked again, and coverage is woken. The caller holds
-- the feed's row, a_before.
create function typed_changed(a_before feed, a_moment timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  update feed set
    state = 'good', fault = null, failures = 0, last_attempt_at = a_moment, last_good_at = a_moment, last_change_at = a_moment,
    horizon = typed_horizon(rota, (select r.reach from rotation_state r where r.rota = a_before.rota)), updated_at = clock_timestamp()
    where rota = a_before.rota;
  perform feed_note(a_before, 'good', null, a_moment, a_before.body);
  perform shifts_changed(array[a_before.rota]);
end $function$;
-- may be called by: its owner

-- The typed shift a_shift as it is in force. P0001 if it cannot be changed.
create function typed_find(a_rota text, a_shift bigint)
 RETURNS shift
 LANGUAGE plpgsql
AS $function$
declare s shift;
begin
  select * into s from shift where rota = a_rota and id = a_shift and known_to = 'infinity' for update;
  if not found then
    raise exception 'this shift was changed or removed a moment ago: read it again' using errcode = 'P0001';
  elsif s.override is not null then
    raise exception 'this shift was made by override %: withdraw that', s.override using errcode = 'P0001';
  elsif s.key like 'rotation/%' then
    raise exception 'this shift is made by the rota''s rotation: change the rotation, or make an override' using errcode = 'P0001';
  elsif s.ends_at <= clock_timestamp() then
    raise exception 'this shift is over, and what was over is not changed: add a shift to correct it' using errcode = 'P0001';
  end if;
  return s;
end $function$;
-- may be called by: its owner

-- How far the rota's own shifts reach; a_rotation: how far its rotation speaks. Null: it says nothing.
create function typed_horizon(a_rota text, a_rotation timestamp with time zone)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
AS $function$
  select greatest(a_rotation, max(s.ends_at))
  from shift s where s.rota = a_rota and s.known_to = 'infinity' and s.override is null and s.class <> 'absence'
$function$;
-- may be called by: its owner

-- The rota's feed, locked. P0001: its shifts are not typed in.
create function typed_lock(a_rota text)
 RETURNS feed
 LANGUAGE plpgsql
AS $function$
declare f feed;
begin
  select * into f from feed where rota = a_rota for update;
  if not found then
    raise exception 'the rota % is no longer in the region', a_rota using errcode = 'P0001';
  elsif f.kind <> 'typed' then
    raise exception 'the shifts of this rota come from a calendar or a file: make an override, or set its source to typed' using errcode = 'P0001';
  end if;
  return f;
end $function$;
-- may be called by: its owner

-- Takes a typed shift off from now on. P0001 as above.
create function typed_remove(a_rota text, a_shift bigint, a_actor text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
declare
  f feed;
  s shift;
  moment timestamptz;
begin
  f := typed_lock(a_rota);
  s := typed_find(a_rota, a_shift);
  moment := record_moment(array[s.id]);
  perform typed_supersede(s, moment, true);
  insert into audit (actor, action, object, detail)
    values (a_actor, 'shift_removed', 'shift/' || s.id, jsonb_build_object('rota', a_rota, 'key', s.key, 'from', shift_words(s)));
  perform typed_changed(f, moment);
end $function$;
-- may be called by: crisiscover_api

-- Ends a typed shift as it is in force, at a_moment; what of it is over stays, if a_keep, as a shift of its own.
create function typed_supersede(s shift, a_moment timestamp with time zone, a_keep boolean)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  perform shifts_supersede(array[s.id], a_moment);
  if a_keep and s.starts_at < date_trunc('second', a_moment) then
    insert into shift (rota, key, class, person, title, starts_at, ends_at, known_from)
      values (s.rota, 'typed/' || nextval('typed_key'), s.class, s.person, s.title, s.starts_at, date_trunc('second', a_moment), a_moment);
  end if;
end $function$;
-- may be called by: its owner

-- The upload that stood on each of some rotas at a_known.
create function uploads_known(a_rotas text[], a_known timestamp with time zone)
 RETURNS TABLE(rota text, upload bigint, decided_at timestamp with time zone)
 LANGUAGE sql
 STABLE
AS $function$
  select r.rota, i.id, i.decided_at
  from unnest(a_rotas) as r (rota)
  cross join lateral (select x.upload from source_change x where x.rota = r.rota and x.at <= a_known order by x.at desc, x.id desc limit 1) c
  join import i on i.id = c.upload
$function$;
-- may be called by: crisiscover_api
