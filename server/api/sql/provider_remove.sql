-- SPDX-License-Identifier: MIT

-- Takes an identity provider out, with everybody who is linked through it: what is in the way, or null.
--
-- takes
--   $1 id    text
--   $2 seen  text  as it was read
--   $3 by    text
-- gives
--   refused  text
prepare api_provider_remove as
select provider_remove($1, $2, $3) as refused;
