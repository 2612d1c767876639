-- SPDX-License-Identifier: MIT

-- Sources as they were known at an instant.
--
-- takes
--   $1 rotas     text[]
--   $2 known_at  timestamptz
-- gives
--   rota            text
--   state           text
--   fault           text
--   last_good_at    timestamptz
--   last_change_at  timestamptz
--   horizon         timestamptz
--   reading         bigint
--   body            text         hexadecimal
--   upload          bigint       that stood instead of its address (null: none)
--   upload_since    timestamptz
-- time-out 30 s
-- refuses P0001
prepare api_sources_then as
select rota, state, fault, last_good_at, last_change_at, horizon, reading, body, u.upload,
  u.decided_at as upload_since
from sources_known($1, $2)
left join uploads_known($1, $2) u using (rota)
where (select record_reaches('source', $2));
