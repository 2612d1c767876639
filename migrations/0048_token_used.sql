-- When a token was last used, to the hour: so that one that nobody needs is seen. A process writes it down once an hour for each token, never for
-- each request.

set local search_path = crisiscover;

alter table token add column used_at timestamptz;

create function tokens_used(a_ids text[], a_hour timestamptz) returns void language sql security definer set search_path = crisiscover, pg_temp as $$
  update token set used_at = a_hour where id = any (a_ids) and (used_at is null or used_at < a_hour)
$$;

revoke execute on function tokens_used from public;
grant execute on function tokens_used to crisiscover_api;
