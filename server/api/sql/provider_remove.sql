-- SPDX-License-Identifier: MIT

-- Takes an identity provider out, with everybody who is linked through it.
--
-- takes
--   $1 id  text
--   $2 by  text
-- gives
--   removed  boolean  false: there is none
prepare api_provider_remove as
select provider_remove($1, $2) as removed;
