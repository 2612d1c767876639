-- SPDX-License-Identifier: MIT

-- Notes that an import is not safe.
--
-- takes
--   $1 id       bigint
--   $2 read_us  bigint  when it was read, in microseconds
--   $3 why      text
-- gives
--   import_not_safe  text
prepare api_import_not_safe as
select import_not_safe($1, $2, $3)::text;
