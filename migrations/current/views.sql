-- SPDX-License-Identifier: MIT

-- Written by tests/schema from the migrations; not run by anything. Change a migration, then run it again.

-- Whether the bytes of a body are still there, for anyone who reads the past; not the bytes.
create view body_kept as
 SELECT body.sha256,
    (body.bytes IS NOT NULL) AS kept
   FROM body;
grant select on body_kept to crisiscover_api;

create view feed_to_decide as
 SELECT feed.rota,
    feed.to_decide
   FROM feed;
grant select on feed_to_decide to crisiscover_api;

-- For the api, which may read neither the address nor what was learnt from it.
create view feed_told as
 SELECT feed.rota,
    feed_warnings(feed.*) AS warnings
   FROM feed;
grant select on feed_told to crisiscover_api;

-- Since when, and by whom, of those that stand.
create view feed_upload as
 SELECT f.rota,
    i.id,
    i.decided_at,
    i.decided_by
   FROM (feed f
     JOIN import i ON ((i.id = f.upload)));
grant select on feed_upload to crisiscover_api;

-- How large an upload is, for the api, which has no business with its bytes.
create view import_size as
 SELECT i.id,
    length(b.bytes) AS bytes
   FROM (import i
     JOIN body b ON ((b.sha256 = i.body)));
grant select on import_size to crisiscover_api;

create view region_masked as
 SELECT region.version,
    region.applied_at,
    (jsonb_set((region.document)::jsonb, '{rotas}'::text[], COALESCE(( SELECT jsonb_agg(
                CASE
                    WHEN ((x.r ? 'source'::text) AND ((x.r -> 'source'::text) ? 'url'::text)) THEN jsonb_set(x.r, '{source,url}'::text[], to_jsonb(address_mask(((x.r -> 'source'::text) ->> 'url'::text))))
                    ELSE x.r
                END ORDER BY x.n) AS jsonb_agg
           FROM jsonb_array_elements(((region.document)::jsonb -> 'rotas'::text)) WITH ORDINALITY x(r, n)), '[]'::jsonb)))::text AS document
   FROM region;
grant select on region_masked to crisiscover_api;

-- What every read of the set-up by a role that has no business with feed addresses gets.
create view region_without_addresses as
 SELECT region.version,
    region.applied_at,
    (jsonb_set((region.document)::jsonb, '{rotas}'::text[], COALESCE(( SELECT jsonb_agg(
                CASE
                    WHEN ((x.r ? 'source'::text) AND ((x.r -> 'source'::text) ? 'url'::text)) THEN jsonb_set(x.r, '{source,url}'::text[], '"https://address.invalid/"'::jsonb)
                    ELSE x.r
                END ORDER BY x.n) AS jsonb_agg
           FROM jsonb_array_elements(((region.document)::jsonb -> 'rotas'::text)) WITH ORDINALITY x(r, n)), '[]'::jsonb)))::text AS document
   FROM region;
grant select on region_without_addresses to crisiscover_coverage;

-- Where each rota's source stands, without its address. It does not age while a person's upload stands for it.
create view source as
 SELECT feed.rota,
    ((feed.kind = 'ical_url'::text) AND (feed.upload IS NULL)) AS ages,
    feed.last_good_at,
    feed.horizon
   FROM feed;
grant select on source to crisiscover_coverage;
