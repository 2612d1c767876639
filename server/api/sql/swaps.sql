-- SPDX-License-Identifier: MIT

-- Swaps of some rotas or people, with their shifts in arrays.
--
-- takes
--   $1 rotas   text[]
--   $2 people  text[]
--   $3 begin   timestamptz  ends after it
--   $4 finish  timestamptz  starts before it
--   $5 after   bigint       id
--   $6 most    bigint
-- gives
--   id          bigint
--   state       text
--   offered_at  timestamptz
--   offered_by  text
--   expires_at  timestamptz
--   rotas       text[]
--   gives       text[]       people
--   takes       text[]       people
--   starts      bigint[]     seconds since 1970
--   ends        bigint[]
--   overrides   bigint[]     0: none yet
--   overruled   text[]       checks
prepare api_swaps as
select id, state, offered_at, offered_by, expires_at, rotas, gives, takes, starts, ends, overrides, overruled
from swaps_shown($1, $2, $3, $4, $5, $6);

-- One of them.
--
-- takes
--   $1 id  bigint
-- gives as API_SWAPS
prepare api_swap as
select id, state, offered_at, offered_by, expires_at, rotas, gives, takes, starts, ends, overrides, overruled
from swaps_shown(null, null, '-infinity', 'infinity', 0, 1, $1);

-- The offer that a link is of. No row: none, or none that may be answered any more.
--
-- takes
--   $1 sha256  bytea
-- gives as API_SWAPS
prepare api_swap_linked as
select id, state, offered_at, offered_by, expires_at, rotas, gives, takes, starts, ends, overrides, overruled
from swaps_shown(null, null, '-infinity', 'infinity', 0, 1, coalesce(swap_of_link($1), 0));

-- The steps of a swap, in their order.
--
-- takes
--   $1 id  bigint
-- gives
--   at      timestamptz
--   step    text
--   who     text         an account; null: a link or a calendar
--   how     text
--   forced  boolean
--   reason  text
prepare api_swap_events as
select at, step, code_now('account', who, at) as who, how, forced, reason
from swap_event
where swap = $1
order by id;
