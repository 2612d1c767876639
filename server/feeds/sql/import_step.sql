-- SPDX-License-Identifier: MIT

-- Notes how far the reading of an import has come.
--
-- takes
--   $1 import  bigint
--   $2 step    text
--   $3 events  integer
-- gives
--   import_step  void
prepare feeds_import_step as
select import_step($1::bigint, $2::text, $3::integer);
