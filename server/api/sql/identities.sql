-- SPDX-License-Identifier: MIT

-- People whom an identity provider knows, the newest first, those that have ended left out.
--
-- takes
--   $1 before  bigint  only numbers below this
--   $2 state   text    only these; null: all
-- gives
--   id            bigint
--   state         text
--   provider      text
--   organisation  text
--   name          text         null: it was decided, or the provider says none
--   account       text         null: none
--   asked_at      timestamptz
--   decided_at    timestamptz  null: not yet
--   decided_by    text         null: not yet
--   used_at       timestamptz  null: never
prepare api_identities as
select i.id, i.state, i.provider, i.organisation, i.name, i.account, i.asked_at, i.decided_at, i.decided_by, i.used_at
from identity i
where i.id < $1 and i.state = coalesce($2, i.state) and i.state <> 'ended'
order by i.id desc
limit 1000;

-- The organisation of one of them. No row: there is none, or it has ended.
--
-- takes
--   $1 id  bigint
-- gives
--   organisation  text
prepare api_identity_organisation as
select i.organisation from identity i where i.id = $1 and i.state <> 'ended';
