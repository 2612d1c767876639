-- SPDX-License-Identifier: MIT

-- Gaps of the record, by their start and id.
--
-- takes
--   $1 places       text[]         null: every
--   $2 begins       timestamptz[]  from when each place is meant
--   $3 ends         timestamptz[]  until when
--   $4 function     text           null: every
--   $5 begin        timestamptz
--   $6 finish       timestamptz
--   $7 closed       boolean        only those
--   $8 after_start  timestamptz
--   $9 after_id     uuid
--   $10 most        bigint
-- gives as API_GAPS
--   passed    boolean
--   function  text
--   severity  text     as it was written down last
--   retired   boolean  whether it closed because nobody asked for it any more
prepare api_closed_gaps as
select requirement, place, id::text, starts_at, ends_at, state, cause, present, required, opened_at, changed_at,
  acknowledged_at, acknowledged_by, note, alerts_sent, acknowledged_severity, cause_group, lead, told, closed_at,
  settle_at, acknowledged_until, gap_notes(id) as notes, accepted_until,
  case when closed_at is null then gap_risk(requirement, place) end as risk, passed, function, severity,
  exists (
    select
    from demand d
    where d.requirement = gap.requirement and d.place = gap.place and d.retired_at = gap.closed_at
  ) as retired
from gap
where ($1::text[] is null
      or (place = any($1)
          and exists (
            select
            from unnest($1, $2::timestamptz[], $3::timestamptz[]) w (place, begins, ends)
            where w.place = gap.place and starts_at < w.ends and ends_at > w.begins
          )))
  and ($4::text is null or function = $4)
  and ends_at > $5
  and starts_at < $6
  and (closed_at is not null or not $7)
  and (starts_at, id) > ($8, $9::uuid)
order by starts_at, id
limit $10;
