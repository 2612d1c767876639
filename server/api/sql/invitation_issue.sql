-- SPDX-License-Identifier: MIT

-- Makes a person's account and a link for it. For the owner of the database, not for the api.
--
-- takes
--   $1 account  text
--   $2 role     text
--   $3 sha256   bytea
--   $4 seconds  integer
-- gives
--   made  text
-- refuses P0001
prepare api_invitation_issue as
select crisiscover.invitation_issue($1, $2, $3, $4)::text as made;
