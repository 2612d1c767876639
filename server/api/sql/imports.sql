-- SPDX-License-Identifier: MIT

-- Imports, the newest first, without those of mode look.
--
-- takes
--   $1 rota    text    null: every
--   $2 before  bigint  id
--   $3 most    bigint
-- gives
--   id           bigint
--   rota         text
--   by_account   text
--   format       text
--   mode         text
--   state        text
--   uploaded_at  timestamptz
--   read_at      timestamptz
--   safe         boolean
--   why          text
--   decided_at   timestamptz
--   decided_by   text
--   reason       text
prepare api_imports as
select i.id, i.rota, i.by_account, i.format, i.mode, i.state, i.uploaded_at, i.read_at, i.safe, i.why,
  i.decided_at, i.decided_by, i.reason
from import i
where ($1::text is null or i.rota = $1) and i.id < $2 and i.mode <> 'look'
order by i.id desc
limit $3;
