-- SPDX-License-Identifier: MIT

-- Short ways for the tests to say what the feeds role says at length.
set search_path = crisiscover;

-- Everything but the tables; the record too, which nothing but a test may do.
create function testbed_empty() returns void language plpgsql as $$
begin
  set local session_replication_role = replica;
  perform setval('feed_claim', 1, false);
  truncate region, setup_item, organisation, place, function, person, rota, body, reading, feed, feed_event, shift, dirty, flag, import,
           import_shift, audit, reading_attempt, renamed restart identity cascade;
  update flag_counter set seq = 0;
end $$;

create function testbed_apply(a_rotas text) returns void language plpgsql as $$
declare document text := format('{
  "crisiscover": 1, "time_zone": "Europe/London", "bank_holidays": "england-and-wales",
  "organisations": [{"code": "ZFC", "name": "Fenmere County Council", "kind": "local_authority"}],
  "functions": [{"code": "amhp", "name": "Approved mental health professional"}],
  "places": [{"code": "X06000001", "name": "Fenmere", "kind": "council_area"}],
  "people": [
    {"id": "jo-jones", "name": "J Jones", "organisation": "ZFC", "aliases": ["JJ"], "roles": ["amhp"]},
    {"id": "s-ahmed", "name": "S Ahmed", "organisation": "ZFC", "aliases": [], "roles": ["amhp"]}],
  "services": [{"id": "fenmere-amhp", "name": "Fenmere AMHP duty", "function": "amhp", "organisation": "ZFC",
                "places": ["X06000001"], "phone": "+441632960456", "fallback": {"text": "Ring the Emergency Duty Team"}}],
  "rotas": %s, "requirements": [], "accounts": []}', a_rotas);
begin
  insert into person (id) values ('jo-jones'), ('s-ahmed') on conflict do nothing;
  perform setup_keep(document, 'test');
  perform feeds_sync(null);
  notify region_applied;
end $$;

-- One rota of a region file.
create function testbed_rota(a_id text, a_source text) returns text language sql as $$
  select format('{"id": "%s", "service": "fenmere-amhp", "tier": 1, "source": %s}', a_id, a_source)
$$;

-- Claims that one feed and answers the number of the claim.
create function testbed_claim(a_rota text) returns bigint language plpgsql as $$
begin
  update feed set next_at = 'infinity', claim = null, claimed_until = null where rota <> a_rota;
  update feed set next_at = '-infinity', claim = null, claimed_until = null where rota = a_rota;
  return (select claim from feeds_claim(1, (select max(version) from region), (select version from decision_head)));
end $$;

-- A reading that says nothing but how many events there were, with a horizon in ten days.
create function testbed_reading(a_events integer) returns jsonb language sql as $$
  select jsonb_build_object('window_from', now() - interval '1 day', 'window_to', now() + interval '400 days', 'events', a_events,
                            'counts', '{}'::jsonb, 'findings', '[]'::jsonb, 'first_start', null,
                            'horizon', date_trunc('day', now()) + interval '10 days', 'zone_used', null)
$$;

-- The body ${a_text} gave jo-jones the days of ${a_days} (from today, a night each) under keys of ${a_keys}, in place of a_superseded.
create function testbed_written(a_rota text, a_claim bigint, a_base bigint, a_text text, a_fetched boolean, a_superseded bigint[],
                              a_keys text[], a_days integer[]) returns text language sql as $$
  select feeds_apply(a_rota, a_claim, a_base, sha256(a_text::bytea), a_text::bytea, 'with', testbed_reading(cardinality(a_keys)), a_fetched,
                     '"' || a_text || '"', null, a_superseded, a_keys, array_fill('named'::text, array[cardinality(a_keys)]),
                     array_fill('jo-jones'::text, array[cardinality(a_keys)]), array_fill(null::text, array[cardinality(a_keys)]),
                     array_fill('JJ on call'::text, array[cardinality(a_keys)]),
                     (select array_agg(date_trunc('day', now()) + make_interval(days => d, hours => 20) order by n)
                        from unnest(a_days) with ordinality as x(d, n)),
                     (select array_agg(date_trunc('day', now()) + make_interval(days => d, hours => 32) order by n)
                        from unnest(a_days) with ordinality as x(d, n)))
$$;

create function testbed_held(a_rota text, a_claim bigint, a_base bigint, a_text text, a_superseded bigint[]) returns text language sql as $$
  select feeds_held(a_rota, a_claim, a_base, sha256(a_text::bytea), a_text::bytea, 'with', testbed_reading(0), 'It is empty now.',
                    '{"counts": {}, "changes": []}', a_superseded, '{}', '{}', '{}', '{}', '{}', '{}', '{}')
$$;

-- Sends in a file.
create function testbed_send(a_rota text, a_mode text, a_text text) returns bigint language sql as $$
  insert into body (sha256, bytes) values (sha256(a_text::bytea), a_text::bytea) on conflict do nothing;
  insert into import (rota, by_account, format, mode, body) values (a_rota, 'manager', 'text/calendar', a_mode, sha256(a_text::bytea))
    returning id
$$;

-- Its preview: jo-jones on ${a_days} under ${a_keys}.
create function testbed_preview(a_import bigint, a_base bigint, a_safe boolean, a_superseded bigint[], a_keys text[], a_days integer[])
returns text language sql as $$
  update import set claim = coalesce(claim, 7) where id = a_import;
  select import_preview(a_import, (select claim from import where id = a_import), a_base, 'with', testbed_reading(cardinality(a_keys)), a_safe, case when not a_safe then 'It shrinks.' end,
                        '{"counts": {}, "changes": []}', a_superseded, a_keys, array_fill('named'::text, array[cardinality(a_keys)]),
                        array_fill('jo-jones'::text, array[cardinality(a_keys)]), array_fill(null::text, array[cardinality(a_keys)]),
                        array_fill(null::text, array[cardinality(a_keys)]),
                        (select array_agg(date_trunc('day', now()) + make_interval(days => d, hours => 20) order by n)
                           from unnest(a_days) with ordinality as x(d, n)),
                        (select array_agg(date_trunc('day', now()) + make_interval(days => d, hours => 32) order by n)
                           from unnest(a_days) with ordinality as x(d, n)))
$$;

-- Keeps one decision and answers its number.
create function decision_make(a_rota text, a_kind text, a_words text, a_key text, a_reads text, a_person text, a_team text, a_actor text)
returns bigint language sql as $$
  select (decisions_make(a_rota, jsonb_build_array(jsonb_build_object('kind', a_kind, 'words', a_words, 'key', a_key, 'reads', a_reads,
                                                                      'person', a_person, 'team', a_team)), a_actor))[1]
$$;

-- The keys in force on a rota; of an override, without the time of each piece.
create function testbed_keys(a_rota text) returns text language sql as $$
  select coalesce(string_agg(regexp_replace(key, '^(override:\d+):.*', '\1'), ' ' order by key), '-') from shift where rota = a_rota and known_to = 'infinity'
$$;
create function testbed_ids(a_rota text) returns bigint[] language sql as $$
  select coalesce(array_agg(id order by id), '{}') from shift where rota = a_rota and known_to = 'infinity'
$$;
