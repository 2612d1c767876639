-- SPDX-License-Identifier: MIT

-- Uses up a link. Gives false if it was not valid.
--
-- takes
--   $1 sha256    bytea
--   $2 password  text     the hash
--   $3 step      bigint   of the code; null: none was asked for
--   $4 codes     bytea[]  hashes of recovery codes; null: the second factor stays as it is
-- gives
--   used  boolean
prepare api_invitation_use as
select invitation_use($1, $2, $3, $4) as used;
