-- SPDX-License-Identifier: MIT

-- Discards an import.
--
-- takes
--   $1 id       bigint
--   $2 account  text
-- gives
--   import_discard  text
-- refuses P0001
prepare api_import_discard as
select import_discard($1, $2)::text;
