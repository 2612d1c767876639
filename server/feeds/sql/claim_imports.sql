-- SPDX-License-Identifier: MIT

-- Claims uploads that wait to be read.
--
-- takes
--   $1 most       integer
--   $2 region     bigint   version
--   $3 decisions  bigint   version
-- gives
--   id         bigint
--   rota       text
--   is_roster  boolean
--   body       bytea    SHA-256
--   bytes      bytea
--   claim      bigint
prepare feeds_claim_imports as
select id, rota, format <> 'text/calendar' as is_roster, body, bytes, claim
from imports_claim($1::integer, $2::bigint, $3::bigint);
