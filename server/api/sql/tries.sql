-- SPDX-License-Identifier: MIT

-- For how long to wait before the next try to sign in.
--
-- takes
--   $1 keys  bytea[]  by what it is counted
-- gives
--   seconds  bigint   0: not at all
--   counted  boolean  there were failures
prepare api_tries_wait as
select seconds, counted from tries_wait($1);

-- A try has failed.
--
-- takes
--   $1 keys  bytea[]
--   $2 free  bigint[] for each key, how many failures cost no wait
--   $3 most  bigint[] for each key, the longest wait in seconds
-- gives
--   done  text
prepare api_tries_failed as
select tries_failed($1, $2, $3)::text as done;

-- A try has come right.
--
-- takes
--   $1 keys  bytea[]  whose failures are forgotten
-- gives
--   done  text
prepare api_tries_good as
select tries_good($1)::text as done;
