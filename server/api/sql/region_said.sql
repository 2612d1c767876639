-- SPDX-License-Identifier: MIT

-- Overrides, absences and decisions that would end with rotas and people.
--
-- takes
--   $1 rotas   text[]
--   $2 people  text[]
-- gives
--   kind        text
--   id          bigint
--   rota        text
--   person      text
--   words       text
--   by_account  text
--   made_at     timestamptz
prepare api_region_said as
select kind, id, rota, person, words, by_account, made_at
from region_said($1, $2);
