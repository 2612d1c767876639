-- SPDX-License-Identifier: MIT

-- Issues a token. For the owner of the database, not for the api.
--
-- takes
--   $1 account  text
--   $2 role     text
--   $3 id       text
--   $4 sha256   bytea
-- gives
--   token_issue  text
prepare api_token_issue as
select crisiscover.token_issue($1, $2, $3, $4)::text;
