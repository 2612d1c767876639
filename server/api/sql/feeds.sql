-- SPDX-License-Identifier: MIT

-- The feeds that have changed since an instant.
--
-- takes
--   $1 since  timestamptz  -infinity: all
-- gives
--   rota             text
--   kind             text
--   state            text
--   fault            text
--   failures         integer
--   every            bigint       seconds
--   last_attempt_at  timestamptz
--   last_good_at     timestamptz
--   last_change_at   timestamptz
--   horizon          timestamptz
--   next_at          timestamptz
--   reading          bigint
--   held_import      bigint       0: none
--   warnings         text         JSON
--   upload           bigint       that stands instead of its address (null: none)
--   upload_since     timestamptz
--   to_decide        integer      open questions
prepare api_feeds as
select rota, kind, state, fault, failures, extract(epoch from every)::bigint as every, last_attempt_at,
  last_good_at, last_change_at, horizon, next_at, reading, held_import, warnings::text, upload, upload_since,
  to_decide
from feeds_since($1);
