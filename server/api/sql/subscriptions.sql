-- SPDX-License-Identifier: MIT

-- Subscriptions in force, and how they do.
--
-- takes
--   $1 account       text    null: of any
--   $2 organisation  text    whose accounts; null: of any
--   $3 after         bigint  with a higher number
--   $4 most          bigint
-- gives
--   id            bigint
--   account       text
--   channel       text
--   address       text
--   about         text[]
--   places        text[]
--   functions     text[]
--   severity      text
--   alerted_to          text
--   digest        bigint[]  minutes of the day
--   quiet_from    integer
--   quiet_until   integer
--   at            timestamptz
--   made_by       text
--   sent_at       timestamptz  when a message last got through; null: none has
--   undelivered   bigint       messages since
prepare api_subscriptions as
select s.id, a.name as account, s.channel, s.address, s.about, array(select code_now('place', p, s.at) from unnest(s.places) p) as places,
  array(select code_now('function', p, s.at) from unnest(s.functions) p) as functions, s.severity, s.alerted_to, s.digest::bigint[] as digest, s.quiet_from,
  s.quiet_until, s.at, code_now('account', s.made_by, s.at) as made_by, x.sent_at,
  (select count(*) from message m where m.subscription = s.id and m.state = 'undelivered' and m.ended_at > coalesce(x.sent_at, '-infinity')) as undelivered
from subscription s
join account a on a.name = code_now('account', s.account, s.at)
cross join lateral (select max(m.ended_at) as sent_at from message m where m.subscription = s.id and m.state = 'sent') x
where s.ended_at is null and s.id > $3::bigint and ($1::text is null or a.name = $1) and ($2::text is null or a.organisation = $2)
order by s.id limit $4::bigint;

-- Keeps a subscription: a new one, or in place of one in force.
--
-- takes
--   $1 id     bigint   null: a new one
--   $2 is     jsonb    as the columns
--   $3 actor  text
--   $4 most   integer  of one account
-- gives
--   id  bigint
-- refuses P0001
prepare api_subscription_put as
select subscription_put($1, $2::jsonb, $3, $4) as id;

-- Ends a subscription. done: false if it is not in force, or another account's.
--
-- takes
--   $1 id       bigint
--   $2 account  text    whose it is
--   $3 actor    text
-- gives
--   done  boolean
prepare api_subscription_end as
select subscription_end($1, $2, $3) as done;

-- Whose a subscription is that is in force; no row: there is none.
--
-- takes
--   $1 id  bigint
-- gives
--   account       text
--   organisation  text
prepare api_subscription_whose as
select a.name as account, a.organisation
from subscription s join account a on a.name = code_now('account', s.account, s.at)
where s.id = $1 and s.ended_at is null;

-- Messages, the newest first.
--
-- takes
--   $1 account       text    null: of any
--   $2 organisation  text    whose accounts; null: of any
--   $3 state         text    null: in any
--   $4 before        bigint  with a lower number; null: from the newest on
--   $5 most          bigint
-- gives
--   id          bigint
--   account     text
--   channel     text
--   address     text
--   message_id  text
--   at          timestamptz
--   severity    text
--   subject     text
--   body        text
--   link        text
--   state       text
--   attempts    integer
--   next_at     timestamptz
--   reason      text
--   receipt     text
--   ended_at    timestamptz
prepare api_messages as
select m.id, code_now('account', s.account, s.at) as account, s.channel, s.address, m.message_id::text as message_id, m.at, m.severity, m.subject, m.body,
  m.link, m.state, m.attempts, m.next_at, m.reason, m.receipt, m.ended_at
from message m join subscription s on s.id = m.subscription
left join account a on a.name = code_now('account', s.account, s.at)
where ($1::text is null or a.name = $1) and ($2::text is null or a.organisation = $2) and ($3::text is null or m.state = $3)
  and ($4::bigint is null or m.id < $4)
order by m.id desc limit $5::bigint;
