-- SPDX-License-Identifier: MIT

-- Spreads the next fetches of feeds.
--
-- gives
--   feeds_spread  void
prepare feeds_spread as
select feeds_spread();
