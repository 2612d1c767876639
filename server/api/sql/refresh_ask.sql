-- SPDX-License-Identifier: MIT

-- Asks for a feed to be fetched now.
--
-- takes
--   $1 rota     text
--   $2 account  text
-- gives
--   refresh_ask  text
-- refuses P0001
prepare api_refresh_ask as
select refresh_ask($1, $2)::text;
