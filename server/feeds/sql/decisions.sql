-- SPDX-License-Identifier: MIT

-- The version of the decisions, and all of them that are in force, if it is higher than a version. One statement, so one instant. Without decisions
-- there is one row whose other columns are null.
--
-- takes
--   $1 version  bigint
-- gives
--   version  bigint
--   rota     text
--   kind     text
--   words    text
--   reads    text
--   person   text
--   team     text
--   zone     text
-- time-out 15 s
prepare feeds_decisions as
select h.version, d.rota, d.kind, d.words, d.reads, d.person, d.team, d.zone
from decision_head h
left join decision d on d.known_to = 'infinity'
where h.version > $1::bigint
order by d.rota collate "C", d.id;
