-- SPDX-License-Identifier: MIT

-- Proposes to accept the risk of a requirement at a place, and accepts it for these commissioners (risk_propose).
--
-- takes
--   $1 requirement  text
--   $2 place        text
--   $3 reason       text
--   $4 until        timestamptz
--   $5 account      text
--   $6 for          text[]  commissioners that the account stands for
--   $7 needed       text[]  all of them
-- gives
--   risk      bigint
--   accepted  integer
-- refuses P0001
prepare api_risk_propose as
select p.risk, p.accepted from risk_propose($1, $2, $3, $4, $5, $6, $7) p;

-- Accepts it for these commissioners as well. Answers how many have.
--
-- takes
--   $1 risk     bigint
--   $2 account  text
--   $3 for      text[]
-- gives
--   accepted  integer
-- refuses P0001
prepare api_risk_accept as
select risk_accept($1, $2, $3) as accepted;

-- Withdraws it. done: false if it has ended.
--
-- takes
--   $1 risk     bigint
--   $2 account  text
--   $3 why      text
-- gives
--   done  boolean
prepare api_risk_withdraw as
select risk_withdraw($1, $2, $3) as done;

-- Risks, the newest first, with the codes of today.
--
-- takes
--   $1 risk    bigint       null: of all
--   $2 before  bigint       numbers below; null: all
--   $3 open    boolean      without those that have ended
--   $4 most    bigint
--   $5 known   timestamptz  as they stood then; null: now
-- gives
--   risk         bigint
--   requirement  text
--   place        text
--   reason       text
--   until        timestamptz
--   at           timestamptz
--   account      text
--   in_force_at  timestamptz
--   ended_at     timestamptz
--   ended_by     text
--   how          text
--   why          text
--   needed       text         JSON: [{"commissioner", "at", "account"}]; the last two null of one that has not accepted
prepare api_risks as
with known (at) as (select coalesce($5::timestamptz, 'infinity'))
select r.id as risk, code_now('requirement', r.requirement, r.at) as requirement, code_now('place', r.place, r.at) as place, r.reason, r.until, r.at,
  code_now('account', r.account, r.at) as account, case when r.in_force_at <= k.at then r.in_force_at end as in_force_at, e.ended_at,
  code_now('account', e.ended_by, e.ended_at) as ended_by, e.how, e.why,
  (
    select json_agg(json_build_object('commissioner', n.who, 'at', to_char(a.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                                      'account', code_now('account', a.account, a.at)) order by n.place)::text
    from unnest(r.needed) with ordinality n (who, place)
    left join risk_accepted a on a.risk = r.id and a.commissioner = n.who and a.at <= k.at
  ) as needed
from known k
join risk r on r.at <= k.at
left join risk e on e.id = r.id and e.ended_at <= k.at
where ($1::bigint is null or r.id = $1) and ($2::bigint is null or r.id < $2) and (not $3 or e.id is null)
order by r.id desc
limit $4;
