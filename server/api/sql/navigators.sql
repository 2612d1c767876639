-- SPDX-License-Identifier: MIT

-- Navigators that said that they are closed, and when, in the last 100 days.
--
-- gives
--   card   text
--   at     timestamptz
--   until  timestamptz
prepare api_closings as
select card, at, until from navigator_closings('infinity');

-- The same as they were known at an instant.
--
-- takes
--   $1 known_at  timestamptz
-- gives as API_CLOSINGS
prepare api_closings_then as
select card, at, until from navigator_closings($1);

-- Says that a card is closed until then.
--
-- takes
--   $1 card   text
--   $2 until  timestamptz
--   $3 actor  text         "link/ID", or an account
-- gives
--   done  text
-- refuses P0001
prepare api_navigator_close as
select navigator_close($1, $2, $3)::text as done;

-- Takes it back.
--
-- takes
--   $1 card   text
--   $2 actor  text
-- gives
--   done  boolean
prepare api_navigator_reopen as
select navigator_reopen($1, $2) as done;
