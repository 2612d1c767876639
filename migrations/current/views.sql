-- SPDX-License-Identifier: MIT

-- Written by tests/schema from the migrations; not run by anything. Change a migration, then run it again.

-- Whether the bytes of a body are still there, for anyone who reads the past; not the bytes.
create view body_kept as
 SELECT body.sha256,
    (body.bytes IS NOT NULL) AS kept
   FROM body;
grant select on body_kept to crisiscover_api;

-- For the api, which may read neither the address nor what was learnt from it.
create view feed_to_decide as
 SELECT feed.rota,
    feed.to_decide
   FROM feed;
grant select on feed_to_decide to crisiscover_api;

-- How large an upload is, for the api, which may not read its bytes.
create view import_size as
 SELECT i.id,
    b.size AS bytes
   FROM (import i
     JOIN body b ON ((b.sha256 = i.body)));
grant select on import_size to crisiscover_api;

create view proposal_told as
 SELECT proposal.id,
    proposal.kind,
    proposal.key,
    proposal.change,
    (proposal.body)::text AS body,
    proposal.version,
    proposal.until,
    proposal.reason,
    (proposal.shown)::text AS shown,
    proposal.by_account,
    proposal.made_at,
    proposal.expires_at,
        CASE
            WHEN (proposal.outcome IS NOT NULL) THEN proposal.outcome
            WHEN (proposal.expires_at <= clock_timestamp()) THEN 'expired'::text
            ELSE 'open'::text
        END AS state,
    proposal.decided_by,
    proposal.decided_at,
    proposal.why
   FROM proposal;
grant select on proposal_told to crisiscover_api;

-- Versions as region files, each list in its order.
create view region_whole as
 SELECT r.version,
    r.applied_at,
    (r.head || ( SELECT COALESCE(jsonb_object_agg(k.list, of_kind.items), '{}'::jsonb) AS "coalesce"
           FROM (( SELECT i.kind,
                    jsonb_agg(i.item ORDER BY i."position") AS items
                   FROM setup_item i
                  WHERE ((i.version <= r.version) AND ((i.ended IS NULL) OR (i.ended > r.version)))
                  GROUP BY i.kind) of_kind
             JOIN setup_kinds() k(rank, kind, list, id) USING (kind)))) AS document
   FROM region r;
grant select on region_whole to crisiscover_api;
grant select on region_whole to crisiscover_coverage;
grant select on region_whole to crisiscover_feeds;

-- The state of each rota's source, without its address. It does not age while an upload is in force instead of it.
create view source as
 SELECT feed.rota,
    (feed.fetched AND (feed.upload IS NULL)) AS ages,
    feed.last_good_at,
    feed.horizon
   FROM feed;
grant select on source to crisiscover_coverage;
