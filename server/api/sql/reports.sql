-- SPDX-License-Identifier: MIT

-- What was reported of some rotas, and of the lines of some services, the newest first.
--
-- takes
--   $1 rotas     text[]
--   $2 services  text[]
--   $3 place     text     null: from anywhere
--   $4 open      boolean  only what wants somebody's doing
--   $5 before    bigint   only numbers below this
--   $6 most      bigint
-- gives
--   id            bigint
--   at            timestamptz
--   until         timestamptz
--   account       text
--   place         text
--   function      text     of who was rung
--   wanted        text     the one that was looked for
--   service       text
--   rota          text
--   person        text
--   outcome       text
--   withdrawn_at  timestamptz
--   settled_at    timestamptz
--   settled_by    text
--   settle_note   text
--   open          boolean
--   told          boolean  who keeps the rota was told at once
prepare api_reports as
select id, at, until, account, place, function, wanted, service, rota, person, outcome, withdrawn_at, settled_at, settled_by, settle_note, open, told
from reports_of($1, $2, $3, $4, $5, $6);

-- What one of them is about. No row: there is none.
--
-- takes
--   $1 id  bigint
-- gives
--   rota     text  null: the service's line
--   service  text
prepare api_report_of as
select code_now('rota', c.rota, c.at) as rota, code_now('service', c.service, c.at) as service
from contact_report c
where c.id = $1;

-- Who is named by an entry of a rota, under the codes of today, even if the entry has been read again since. No row: there is none.
--
-- takes
--   $1 id  bigint
-- gives
--   rota       text
--   class      text
--   person     text
--   team       text
--   starts_at  timestamptz
--   ends_at    timestamptz
prepare api_entry_of as
select code_now('rota', s.rota, s.known_from) as rota, s.class, code_now('person', s.person, s.known_from) as person, s.team, s.starts_at, s.ends_at
from shift s
where s.id = $1;
