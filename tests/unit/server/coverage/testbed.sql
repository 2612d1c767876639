-- SPDX-License-Identifier: MIT

-- Acts of the api and feeds, for tests.
set search_path = crisiscover;

-- A rota and a document as the api sends them, with masks in place of addresses. No test here opens a box.
create function masked_item(a_item jsonb) returns jsonb language plpgsql as $$
declare mask text := 'https://address.invalid/' || encode(sha256(convert_to(a_item->'source'->>'url', 'UTF8')), 'hex');
begin
  if mask is null or is_address_mask(a_item->'source'->>'url') then
    return a_item;
  end if;
  insert into feed_address values (mask, repeat('b', 99)::bytea) on conflict do nothing;
  return jsonb_set(a_item, '{source,url}', to_jsonb(mask));
end $$;
create function masked(a_document jsonb) returns jsonb language sql as $$
  select jsonb_set(a_document, '{rotas}', coalesce((select jsonb_agg(masked_item(r) order by n)
                                                    from jsonb_array_elements(a_document->'rotas') with ordinality x (r, n)), '[]'))
$$;

create function apply_region(a_document text) returns void language plpgsql as $$
declare doc jsonb := masked(a_document::jsonb);
begin
  insert into organisation (code) select x->>'code' from jsonb_array_elements(doc->'organisations') x on conflict do nothing;
  insert into place (code) select x->>'code' from jsonb_array_elements(doc->'places') x on conflict do nothing;
  insert into function (code) select x->>'code' from jsonb_array_elements(doc->'functions') x on conflict do nothing;
  insert into person (id) select x->>'id' from jsonb_array_elements(doc->'people') x on conflict do nothing;
  insert into rota (id) select x->>'id' from jsonb_array_elements(doc->'rotas') x on conflict do nothing;
  insert into requirement (id) select x->>'id' from jsonb_array_elements(doc->'requirements') x on conflict do nothing;
  insert into feed (rota, kind, address, state, last_good_at, horizon)
    select x->>'id', x->'source'->>'kind', x->'source'->>'url', 'good', clock_timestamp(), 'infinity'
    from jsonb_array_elements(doc->'rotas') x on conflict do nothing;
  perform setup_keep(doc::text, 'test');
  notify region_applied;
end $$;

-- A London wall-clock time, so many days from today.
create function d(days integer, at time) returns timestamptz language sql stable as $$
  select ((now() at time zone 'Europe/London')::date + days + at) at time zone 'Europe/London'
$$;

create function shift_end(a_rota text, a_key text) returns void language plpgsql as $$
begin
  update shift set known_to = clock_timestamp() where rota = a_rota and key = a_key and known_to = 'infinity';
  perform shifts_changed(array[a_rota]);
end $$;

create function shift_put(a_rota text, a_key text, a_class text, a_person text, a_from timestamptz, a_to timestamptz) returns void
language plpgsql as $$
begin
  perform shift_end(a_rota, a_key);
  insert into shift (rota, key, class, person, team, starts_at, ends_at)
    values (a_rota, a_key, a_class, a_person, case when a_class = 'team' then 'Hub' end, a_from, a_to);
end $$;
