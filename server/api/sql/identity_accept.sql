-- SPDX-License-Identifier: MIT

-- Links the person of a request to an account: what is in the way, or null.
--
-- takes
--   $1 id       bigint
--   $2 account  text
--   $3 by       text
-- gives
--   refused  text
prepare api_identity_accept as
select identity_accept($1, $2, $3) as refused;
