-- SPDX-License-Identifier: MIT

-- The rotas and demands that have changed on the map after a version.
--
-- takes
--   $1 epoch    integer
--   $2 version  bigint
-- gives
--   rota         text
--   requirement  text
--   place        text
prepare api_changes as
select distinct rota, requirement, place
from map_change
where epoch = $1 and version > $2;
