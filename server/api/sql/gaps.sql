-- SPDX-License-Identifier: MIT

-- Gaps of demands: those that are open, and those whose closing is held back.
--
-- takes
--   $1 requirements  text[]
--   $2 places        text[]  one for each requirement
-- gives
--   requirement            text
--   place                  text
--   id                     text
--   starts_at              timestamptz
--   ends_at                timestamptz
--   state                  text
--   cause                  text
--   present                integer
--   required               integer
--   opened_at              timestamptz
--   changed_at             timestamptz
--   acknowledged_at        timestamptz
--   acknowledged_by        text
--   note                   text
--   alerts_sent            integer
--   acknowledged_severity  text         severity when it was acknowledged
--   cause_group            text
--   lead                   boolean      whether it leads its group
--   told                   boolean      whether it was announced
--   closed_at              timestamptz
--   settle_at              timestamptz  when its closing is told
--   acknowledged_until     timestamptz
--   notes                  text         JSON
--   accepted_until         timestamptz  its risk is accepted
--   risk                   text         JSON (gap_risk)
-- time-out 30 s
prepare api_gaps as
select g.requirement, g.place, g.id::text, g.starts_at, g.ends_at, g.state, g.cause, g.present, g.required,
  g.opened_at, g.changed_at, g.acknowledged_at, g.acknowledged_by, g.note, g.alerts_sent, g.acknowledged_severity,
  g.cause_group, g.lead, g.told, g.closed_at, g.settle_at, g.acknowledged_until, gap_notes(g.id) as notes,
  g.accepted_until, gap_risk(g.requirement, g.place) as risk
from unnest($1::text[], $2::text[]) d (requirement, place)
join (
    select *
    from gap
    where closed_at is null
    union all
    select *
    from gap
    where settle_at is not null
  ) g on g.requirement = d.requirement
  and g.place = d.place
order by g.requirement, g.place;
