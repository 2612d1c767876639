-- SPDX-License-Identifier: MIT

-- Refuses a request: what is in the way, or null.
--
-- takes
--   $1 id  bigint
--   $2 by  text
-- gives
--   refused  text
prepare api_identity_refuse as
select identity_refuse($1, $2) as refused;
