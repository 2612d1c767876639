-- SPDX-License-Identifier: MIT

-- Until when these rotas are said to have nobody, by overrides that run now. One row.
--
-- takes
--   $1 rotas    text[]
--   $2 account  text    "link/ID"
-- gives
--   until  timestamptz  null: they are not
--   own    boolean      that account has said it
prepare api_closing as
select max(o.expires_at) as until, coalesce(bool_or(o.made_by = $2::text), false) as own
from override o
where o.rota = any($1) and o.nobody and o.withdrawn_at is null
  and o.starts_at <= clock_timestamp() and o.expires_at > clock_timestamp();

-- Says that they have nobody until then.
--
-- takes
--   $1 service  text
--   $2 rotas    text[]
--   $3 until    timestamptz
--   $4 account  text         "link/ID"
-- gives
--   done  text
-- refuses P0001
prepare api_closing_put as
select closing_put($1, $2, $3, $4)::text as done;

-- Takes back what the account has said.
--
-- takes
--   $1 service  text
--   $2 rotas    text[]
--   $3 account  text
-- gives
--   done  boolean
-- refuses P0001
prepare api_closing_take_back as
select closing_take_back($1, $2, $3) as done;
