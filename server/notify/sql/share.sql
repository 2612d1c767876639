-- SPDX-License-Identifier: MIT

-- Shares news out.
--
-- takes
--   $1 all            bigint[]  the news that was judged
--   $2 news           bigint[]  pairs, with
--   $3 subscriptions  bigint[]
-- gives
--   notify_share  void
prepare notify_share as
select notify_share($1, $2, $3);
