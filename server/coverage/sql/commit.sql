-- SPDX-License-Identifier: MIT

-- Writes the result of sweeping some demands, in one transaction.
--
-- takes
--   $1 now       timestamptz
--   $2 stale     bigint           freshness limit in seconds
--   $3 check     boolean          a self-check: whatever differs is a fault
--   $4 region    bigint
--   $5 swept_to  timestamptz
--   $6 demands   commit_demand[]  as read, and as they are to be
--   $7 ended     commit_ended[]   spans that end
--   $8 begun     commit_span[]    spans that begin
--   $9 gaps      commit_gap[]     steps of gaps
--   $10 marks    commit_mark[]    that are done with
--   $11 sources  commit_source[]  as they were read
-- gives
--   outcome  text
--   version  bigint
--   ended    integer
--   written  integer
--   opened   integer
--   closed   integer
--   flags    integer
-- time-out 30 s
prepare coverage_commit as
select outcome, version, ended, written, opened, closed, flags
from coverage_commit($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);
