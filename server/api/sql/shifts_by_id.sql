-- SPDX-License-Identifier: MIT

-- The person or team of shifts, by their ids.
--
-- takes
--   $1 ids  bigint[]
-- gives
--   id           bigint
--   rota         text
--   person       text
--   team         text
--   is_override  boolean
-- time-out 30 s
prepare api_shifts_by_id as
select id, rota, person, team, override is not null as is_override
from shift
where id = any($1)
order by id;
