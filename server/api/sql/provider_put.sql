-- SPDX-License-Identifier: MIT

-- Adds an identity provider or changes it: what is in the way, or null.
--
-- takes
--   $1 id    text
--   $2 body  text  JSON
--   $3 by    text
-- gives
--   refused  text
prepare api_provider_put as
select provider_put($1, $2, $3) as refused;
