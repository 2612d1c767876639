-- SPDX-License-Identifier: MIT

-- Of codes that are not in the region in force, those that once were.
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
