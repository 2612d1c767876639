-- SPDX-License-Identifier: MIT

-- Claims feeds that are due, for a process that knows the newest region and decisions.
--
-- takes
--   $1 most       integer
--   $2 region     bigint   version
--   $3 decisions  bigint   version
-- gives
--   rota           text
--   claim          bigint
--   is_fetched     boolean
--   is_collection  boolean  its address is a collection of CalDAV
--   address        text     its mask
--   box            bytea    its address, sealed
--   secret         bytea    sealed (null: none)
--   etag           text
--   last_modified  text
--   body           bytea    SHA-256 in force
--   is_roster      boolean
--   read_with      bytea
--   seen_body      bytea
--   seen_with      bytea
--   held_body      bytea
--   whole_due      boolean
--   clock_off      integer  seconds
--   rules          text
prepare feeds_claim as
select c.rota, c.claim, c.address is not null as is_fetched, c.kind = 'caldav' as is_collection, c.address, c.box,
  c.secret_box as secret, c.etag, c.last_modified, c.body,
  c.format <> 'text/calendar' as is_roster, c.read_with, c.seen_body, c.seen_with, c.held_body, c.whole_due,
  coalesce(f.clock_off, 0) as clock_off, f.rules
from feeds_claim($1::integer, $2::bigint, $3::bigint) c
left join feed f on f.rota = c.rota;
