-- SPDX-License-Identifier: MIT

-- Writes a message that tells these news.
--
-- takes
--   $1 subscription  bigint
--   $2 news          bigint[]
--   $3 severity      text
--   $4 subject       text
--   $5 body          text
--   $6 link          text
-- gives
--   id  bigint  null: some were told meanwhile
prepare notify_write as
select notify_write($1, $2, $3, $4, $5, $6) as id;
