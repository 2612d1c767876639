set local search_path = crisiscover;

-- The first answer to each write that came with an Idempotency-Key, kept in the transaction of the write itself: both are there, or neither. Whoever asks
-- again with the key gets that answer, and nothing is done a second time. The key itself is not kept, and the answer is sealed with it: a row
-- tells nothing (a new token, a name) to whoever has not got the key.
create table answer_kept (
  account text not null,
  key     bytea not null check (length(key) = 32),     -- SHA-256
  request bytea not null check (length(request) = 32), -- SHA-256 of method, path, query and body
  made_at timestamptz not null default clock_timestamp(),
  answer  bytea,                                       -- null only while its transaction is under way
  primary key (account, key)
);
create index answer_kept_made on answer_kept (made_at);

-- Begins a write with a key. first: it is the first, and is to be done. Else answer and request are those of the first. Another call with the same key
-- waits here until that one's transaction has ended.
create function answer_begin(a_account text, a_key bytea, a_request bytea, out first boolean, out request bytea, out answer bytea)
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  delete from answer_kept where ctid = any (array(
    select k.ctid from answer_kept k where k.made_at < now() - interval '7 days' order by k.made_at limit 100 for update skip locked));
  delete from answer_kept k where k.account = a_account and k.key = a_key and k.made_at < now() - interval '7 days';
  insert into answer_kept (account, key, request) values (a_account, a_key, a_request) on conflict do nothing;
  first := found;
  if not first then
    select k.request, k.answer into request, answer from answer_kept k where k.account = a_account and k.key = a_key;
  end if;
end $$;

create function answer_keep(a_account text, a_key bytea, a_answer bytea) returns void
language sql security definer set search_path = crisiscover, pg_temp as $$
  update answer_kept set answer = a_answer where account = a_account and key = a_key
$$;

create function answer_find(a_account text, a_key bytea) returns table (request bytea, answer bytea)
language sql stable security definer set search_path = crisiscover, pg_temp as $$
  select k.request, k.answer from answer_kept k where k.account = a_account and k.key = a_key and k.made_at >= now() - interval '7 days'
$$;

revoke all on function answer_begin, answer_keep, answer_find from public;
grant execute on function answer_begin, answer_keep, answer_find to crisiscover_api;
