-- SPDX-License-Identifier: MIT

-- Uses up what was shown beside a password: whether all is as it was when they were compared.
--
-- takes
--   $1 account   text
--   $2 password  text    the hash
--   $3 step      bigint  of the code; null: none
--   $4 recovery  bytea   the hash of a recovery code; null: none
-- gives
--   fine  boolean
prepare api_credential_use as
select credential_use($1, $2, $3, $4) as fine;
