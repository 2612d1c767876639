-- SPDX-License-Identifier: MIT

-- Of codes of places that are not in the region in force, those that were in an earlier one.
--
-- takes
--   $1 codes  text[]
-- gives
--   code        text
--   name        text
--   kind        text
--   retired_at  timestamptz
prepare api_places_retired as
select code, name, kind, retired_at
from places_retired($1);
