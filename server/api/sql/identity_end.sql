-- SPDX-License-Identifier: MIT

-- Takes a link, a request or a refusal away.
--
-- takes
--   $1 id  bigint
--   $2 by  text
-- gives
--   ended  boolean  false: there is none
prepare api_identity_end as
select identity_end($1, $2) as ended;
