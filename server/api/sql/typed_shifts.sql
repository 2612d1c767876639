-- SPDX-License-Identifier: MIT

-- A shift of a rota, by any number that it has had, as it is in force now. No row: the rota never had it.
--
-- takes
--   $1 rota  text
--   $2 id    bigint
-- gives
--   id         bigint       in force (null: it was removed, or is no typed shift)
--   key        text
--   override   bigint       null: it is no override's
--   person     text         null: nobody
--   starts_at  timestamptz
--   ends_at    timestamptz
--   note       text         null: none
prepare api_typed_shift as
select n.id, s.key, s.override, n.person, n.starts_at, n.ends_at, n.title as note
from shift s
left join shift n on n.rota = s.rota and n.key = s.key and n.known_to = 'infinity'
where s.rota = $1 and s.id = $2
limit 1;

-- Puts a person on a typed rota.
--
-- takes
--   $1 rota     text
--   $2 person   text
--   $3 start    timestamptz
--   $4 finish   timestamptz
--   $5 note     text         null: none
--   $6 account  text
-- gives
--   id  bigint
-- refuses P0001
prepare api_typed_add as
select typed_add($1, $2, $3, $4, $5, $6) as id;

-- Changes a typed shift, and gives its new number.
--
-- takes
--   $1 rota     text
--   $2 shift    bigint       in force
--   $3 person   text
--   $4 start    timestamptz
--   $5 finish   timestamptz
--   $6 note     text         null: none
--   $7 account  text
-- gives
--   id  bigint
-- refuses P0001
prepare api_typed_change as
select typed_change($1, $2, $3, $4, $5, $6, $7) as id;

-- Takes a typed shift off from now on.
--
-- takes
--   $1 rota     text
--   $2 shift    bigint  in force
--   $3 account  text
-- gives
--   done  text
-- refuses P0001
prepare api_typed_remove as
select typed_remove($1, $2, $3)::text as done;

-- How far the sources of rotas reach, as this transaction sees it.
--
-- takes
--   $1 rotas  text[]
-- gives
--   rota          text
--   horizon       timestamptz  null: nothing was ever said
--   last_good_at  timestamptz
prepare api_typed_horizons as
select rota, horizon, last_good_at
from feed
where rota = any($1);
