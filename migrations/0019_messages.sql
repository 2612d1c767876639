-- SPDX-License-Identifier: MIT

-- Messages: how people are told, by e-mail, webhook or SMS, of what the flags say and of what wants somebody's doing.
--
--   flag, feed, protocol  ->  news  ->  news_for (who wants it)  ->  message (waiting, then sent or undelivered)
--
-- The notify role does all of it from this database: Redis may be down. What is wanted by whom and when it is told are rules of the program
-- (server/model/news.h, news_due.h); each step writes what it decided in one transaction, and done again it changes nothing. A message is sent at
-- least once, each time with the same Message-ID, so that who gets it twice can tell.
--
-- Channel: messages_changed (a hint, backed by a slow poll).
--
-- Neither news nor a message says who is on call, or a reason that somebody gave: they leave this server for places that nobody here looks after.

set local search_path = crisiscover;
set local check_function_bodies = off;

-- How far the flags have been read, when what no flag tells was looked for, and when the role last did all that it had to do.
create table message_head (
  only_row boolean primary key default true check (only_row),
  epoch    integer not null default 0,
  seq      bigint not null default 0,
  found_at timestamptz not null default '-infinity',
  run_at   timestamptz not null default '-infinity'
);
insert into message_head default values;
grant select on message_head to crisiscover_api, crisiscover_notify;
analyze message_head;

-- -------------------------------------------------------------------------------------------------------------------------------- subscriptions

-- Which news an account gets, and how. One for each address: nobody is told the same thing twice at one. Rows keep the codes of the time at which they
-- were written; they end, and nothing else is written into them.
create table subscription (
  id           bigint generated always as identity primary key,
  at           timestamptz not null default clock_timestamp(),
  account      text not null,
  channel      text not null check (channel in ('email', 'webhook', 'teams', 'slack', 'sms')),
  address      text not null check (octet_length(address) between 3 and 1000),
  about        text[] not null default '{}',       -- kinds of news (news_about in server/model/news.h); empty: all
  places       text[] not null default '{}',       -- with all below them; empty: all that the account may see
  functions    text[] not null default '{}',       -- empty: all
  severity     text not null default 'normal' check (severity in ('normal', 'high', 'critical')),   -- from this one on
  alerted_to   text check (alerted_to in ('owner', 'deputy', 'commissioner')),                     -- of alerts; null: from the first flag on
  digest       integer[] not null default '{}',    -- minutes of the day in the region's time at which what can wait is told; empty: when it comes
  quiet_from   integer check (quiet_from between 0 and 1439),
  quiet_until  integer check (quiet_until between 0 and 1439),
  made_by      text not null,
  ended_at     timestamptz,
  ended_by     text,
  check ((quiet_from is null) = (quiet_until is null) and quiet_from is distinct from coalesce(quiet_until, -1)),
  check (cardinality(digest) <= 24 and 0 <= all (digest) and 1440 > all (digest)),
  check ((ended_at is null) = (ended_by is null))
);
create unique index subscription_in_force on subscription (account, channel, address) where ended_at is null;
create index subscription_of on subscription (account, id);

create function keep_subscriptions() returns trigger language plpgsql as $$
declare
  ends constant text[] := array['ended_at', 'ended_by'];
begin
  if tg_op = 'UPDATE' and old.ended_at is null and to_jsonb(new) - ends = to_jsonb(old) - ends then
    return new;
  end if;
  raise exception '% on %: the record is only ever added to', lower(tg_op), tg_table_name using errcode = 'P0002';
end $$;
create trigger keep before update or delete on subscription for each row execute function keep_subscriptions();
create trigger keep_all before truncate on subscription execute function keep_the_record();
select let_erasing_through();
grant select on subscription to crisiscover_api;

-- What the audit has of it: not the address, which may be somebody's own.
create function subscription_said(s subscription) returns jsonb language sql immutable as $$
  select jsonb_strip_nulls(jsonb_build_object('account', s.account, 'channel', s.channel, 'about', s.about, 'places', s.places, 'functions', s.functions,
                                              'severity', s.severity, 'alerted_to', s.alerted_to, 'digest', s.digest, 'quiet_from', s.quiet_from,
                                              'quiet_until', s.quiet_until))
$$;

-- Keeps a subscription: a new one (a_id null), or in place of one in force. P0001: there is another for this address, a_id is not in force, or the account
-- has a_most already.
create function subscription_put(a_id bigint, a_is jsonb, a_actor text, a_most integer) returns bigint
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  s subscription := jsonb_populate_record(null::subscription, a_is);
  before subscription;
begin
  perform from account where name = s.account and retired_at is null for update;
  if not found then
    raise exception 'there is no account %', s.account using errcode = 'P0001';
  end if;
  if a_id is not null then
    update subscription x set ended_at = clock_timestamp(), ended_by = a_actor
      where x.id = a_id and x.ended_at is null and code_now('account', x.account, x.at) = s.account returning * into before;
    if not found then
      raise exception 'this subscription has been ended or changed since: look again' using errcode = 'P0001';
    end if;
  elsif (select count(*) from subscription x where x.ended_at is null and code_now('account', x.account, x.at) = s.account) >= a_most then
    raise exception 'this account has % subscriptions already: end one first', a_most using errcode = 'P0001';
  end if;
  if exists (select from subscription x where x.ended_at is null and code_now('account', x.account, x.at) = s.account
             and (x.channel, x.address) = (s.channel, s.address)) then
    raise exception 'this account has a subscription for this address already: change that one' using errcode = 'P0001';
  end if;
  insert into subscription as x (account, channel, address, about, places, functions, severity, alerted_to, digest, quiet_from, quiet_until, made_by)
    values (s.account, s.channel, s.address, coalesce(s.about, '{}'), coalesce(s.places, '{}'), coalesce(s.functions, '{}'),
            coalesce(s.severity, 'normal'), s.alerted_to, coalesce(s.digest, '{}'), s.quiet_from, s.quiet_until, a_actor)
    returning * into s;
  -- What waited for the one before is told under the new one.
  update news_for set subscription = s.id where subscription = before.id and message is null;
  perform audit_add(a_actor, case when before.id is null then 'subscription_added' else 'subscription_changed' end, 'account/' || s.account,
                    jsonb_strip_nulls(jsonb_build_object('number', s.id, 'from', case when before.id is not null then subscription_said(before) end,
                                                         'to', subscription_said(s))));
  notify messages_changed;
  return s.id;
end $$;
grant execute on function subscription_put to crisiscover_api;

-- Ends one. False: it is not in force, or another account's. What waited for it is not told.
create function subscription_end(a_id bigint, a_account text, a_actor text) returns boolean
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  s subscription;
begin
  update subscription x set ended_at = clock_timestamp(), ended_by = a_actor
    where x.id = a_id and x.ended_at is null and code_now('account', x.account, x.at) = a_account returning * into s;
  if not found then
    return false;
  end if;
  perform audit_add(a_actor, 'subscription_ended', 'account/' || a_account, jsonb_build_object('number', a_id, 'from', subscription_said(s)));
  return true;
end $$;
grant execute on function subscription_end to crisiscover_api;

-- ------------------------------------------------------------------------------------------------------------------------------------------ news

-- What people may be told. In order; each row is written once, and shared out once.
create table news (
  id           bigint generated always as identity primary key,
  at           timestamptz not null default clock_timestamp(),
  kind         text not null,                   -- of the flag, or decision_wanted, review_overdue
  severity     text not null check (severity in ('normal', 'high', 'critical')),
  of_group     text not null,                   -- things told under one head: the gaps of one source, a rota, an organisation
  gap          uuid,
  lead         boolean not null default true,   -- false: another gap of its group is the one that is announced
  place        text,
  function     text,
  requirement  text,
  rota         text,
  organisation text,                            -- whose doing it wants, if it is not a place's
  account      text,                            -- of a review: who looks after the document
  alerted_to   text,                            -- whom its alerts have come to
  state        text,
  starts_at    timestamptz,
  ends_at      timestamptz,
  number       bigint,                          -- how many gaps, decisions or contacts; which protocol
  outcome      text,                            -- of a call
  epoch        integer,                         -- its flag
  seq          bigint,
  shared_at    timestamptz,
  readers      integer,                         -- for how many subscriptions it was, then
  unique (epoch, seq)
);
create index news_to_share on news (id) where shared_at is null;
create index news_of_group on news (of_group, id);
grant select on news to crisiscover_api, crisiscover_notify;

-- What no flag tells, and when it was last told: again after a week while it lasts.
create table news_found (
  kind text not null,
  key  text not null,
  at   timestamptz not null default clock_timestamp(),
  primary key (kind, key)
);

create table message (
  id           bigint generated always as identity primary key,
  subscription bigint not null references subscription,
  at           timestamptz not null default clock_timestamp(),
  message_id   uuid not null unique default gen_random_uuid(),      -- the same each time it is sent
  severity     text not null check (severity in ('normal', 'high', 'critical')),
  subject      text not null,
  body         text not null,
  link         text not null,
  state        text not null default 'waiting' check (state in ('waiting', 'sent', 'undelivered')),
  attempts     integer not null default 0,
  next_at      timestamptz default clock_timestamp(),               -- null: nothing more is tried
  reason       text,                                                -- of the last attempt that failed
  receipt      text,                                                -- what the other side said as it took it
  ended_at     timestamptz,
  flagged      boolean not null default false,                      -- a flag says that it is undelivered
  check ((state = 'waiting') = (ended_at is null) and (state = 'waiting') = (next_at is not null))
);
create index message_due on message (next_at) where state = 'waiting';
create index message_of on message (subscription, id);
create index message_undelivered on message (id) where state = 'undelivered';
grant select on message to crisiscover_api;

create table news_for (
  subscription bigint not null references subscription,
  news         bigint not null references news,
  message      bigint references message,                           -- null: it waits
  primary key (subscription, news)
);
create index news_for_waiting on news_for (subscription) where message is null;
create index news_for_message on news_for (message);
create index news_for_news on news_for (news);
grant select on news_for to crisiscover_api;

-- The place and all above it, under their codes of today.
create function news_above(a_places text[]) returns text[] language sql stable as $$
  with recursive above (code) as (
    select p from unnest(a_places) p
    union
    select coalesce(x.value->>'place', x.value #>> '{}')
    from above a join setup_item i on i.kind = 'place' and i.key = a.code and i.ended is null
    cross join lateral jsonb_array_elements(case when jsonb_typeof(i.item->'parents') = 'array' then i.item->'parents' else '[]' end) x)
  select array(select code from above where code is not null order by 1)
$$;

-- The places of a service, an object of the set-up.
create function news_served(a_service jsonb) returns text[] language sql immutable as $$
  select array(select coalesce(x.value->>'place', x.value #>> '{}')
               from jsonb_array_elements(case when jsonb_typeof(a_service->'places') = 'array' then a_service->'places' else '[]' end) x)
$$;

-- The set-up's object of this code; null: it has left the region.
create function news_item(a_kind text, a_key text) returns jsonb language sql stable as $$
  select item from setup_item where kind = a_kind and key = a_key and ended is null
$$;

create function news_service(a_rota text) returns jsonb language sql stable as $$
  select news_item('service', news_item('rota', a_rota)->>'service')
$$;

-- Whether a flag of a gap says more than the last news of its group: a higher severity, somebody else whom its alerts have come to, or more gaps. Also if
-- there was none.
create function news_says_more(n news) returns boolean language sql stable as $$
  select coalesce(bool_and(array_position(array['normal', 'high', 'critical'], n.severity) > array_position(array['normal', 'high', 'critical'], b.severity)
                           or n.alerted_to is distinct from b.alerted_to or n.number > coalesce(b.number, 1)), true)
  from (select * from news x where x.of_group = n.of_group and x.lead order by x.id desc limit 1) b
$$;

-- One flag as news; null: nobody need be told.
create function news_of_flag(f flag) returns news language plpgsql stable as $$
declare
  p constant jsonb := f.payload::jsonb;
  n news;
begin
  if f.kind = 'acknowledged' or f.kind = 'feed_restored' or f.kind = 'override_settled' then
    return null;
  end if;
  n.at := f.at;
  n.kind := f.kind;
  n.severity := coalesce(p->>'severity', 'normal');
  n.gap := f.gap;
  n.lead := not (p ? 'group') or coalesce((p->>'lead')::boolean, false);
  n.place := f.place;
  n.function := f.function;
  n.requirement := p->>'requirement';
  n.alerted_to := p->>'to';
  n.state := p->>'state';
  n.starts_at := (p->>'start')::timestamptz;
  n.ends_at := (p->>'end')::timestamptz;
  n.number := coalesce(p->>'members', p->>'contacts', p->>'number')::bigint;
  n.outcome := p->>'outcome';
  n.epoch := f.epoch;
  n.seq := f.seq;
  if f.kind in ('feed_stale', 'feed_held', 'override_disputed', 'person_new', 'contact_failed') then
    n.rota := p->>'cause';
    n.organisation := coalesce(news_service(n.rota), news_item('service', p->>'service'))->>'organisation';
  elsif f.kind in ('contacts_unverified', 'message_undelivered') then
    n.organisation := p->>'cause';
  end if;
  n.of_group := coalesce(p->>'group', f.gap::text, f.kind || '/' || coalesce(n.rota, p->>'service', n.organisation, f.place, ''));
  return n;
end $$;

create function news_add(n news) returns void language sql as $$
  insert into news (at, kind, severity, of_group, gap, lead, place, function, requirement, rota, organisation, account, alerted_to, state, starts_at, ends_at, number,
                    outcome, epoch, seq)
    values (n.at, n.kind, n.severity, n.of_group, n.gap, coalesce(n.lead, true), n.place, n.function, n.requirement, n.rota, n.organisation, n.account, n.alerted_to, n.state,
            n.starts_at, n.ends_at, n.number, n.outcome, n.epoch, n.seq)
    on conflict do nothing
$$;

-- a_keys: all of a kind that there is now. Keeps them as found, forgets others of the kind, and gives those that are to be told: those that were not found before,
-- or were told a week ago.
create function news_find(a_kind text, a_keys text[]) returns setof text language plpgsql as $$
begin
  delete from news_found where kind = a_kind and key <> all (a_keys);
  return query
    insert into news_found as f (kind, key) select a_kind, k from unnest(a_keys) k
      on conflict (kind, key) do update set at = clock_timestamp() where f.at < clock_timestamp() - interval '7 days'
      returning f.key;
end $$;

-- Rotas of which a person must decide what they say, and documents whose review is overdue.
create function news_look() returns void language plpgsql as $$
begin
  perform news_add(jsonb_populate_record(null::news, jsonb_build_object(
      'at', clock_timestamp(), 'kind', 'decision_wanted', 'severity', 'normal', 'of_group', 'decision_wanted/' || k, 'rota', k,
      'organisation', coalesce(news_service(k)->>'organisation', news_item('rota', k)->>'organisation'), 'number', jsonb_array_length(d.to_decide))))
    from news_find('decision_wanted', array(select rota from feed where jsonb_array_length(to_decide) > 0)) k join feed d on d.rota = k;
  perform news_add(jsonb_populate_record(null::news, jsonb_build_object(
      'at', clock_timestamp(), 'kind', 'review_overdue', 'severity', 'normal', 'of_group', 'review_overdue/' || k, 'number', d.protocol,
      'place', d.place, 'function', d.function, 'account', code_now('account', d.owner, d.at))))
    from news_find('review_overdue', array(select protocol::text from protocol
                                           where ended_at is null and review < (clock_timestamp() at time zone 'Europe/London')::date)) k
    join protocol d on d.protocol = k::bigint and d.ended_at is null;
end $$;

-- ------------------------------------------------------------------------------------------------------------------------- what the role calls

-- Whether this session is the one that does all of this: it has a lock, which ends with it. A lock of a standby is not seen by the primary, so that nobody leads
-- there.
create function notify_lead() returns boolean language sql
security definer set search_path = crisiscover, pg_temp as $$
  select not pg_is_in_recovery() and pg_try_advisory_lock(4242018)
$$;
grant execute on function notify_lead to crisiscover_notify;

-- Reads the next flags, and once a minute what no flag tells. Answers whether there may be more.
create function notify_collect(a_most integer) returns boolean language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
declare
  head message_head;
  f flag;
  n news;
  count integer := 0;
begin
  select * into head from message_head for update;
  for f in select * from flag x where (x.epoch, x.seq) > (head.epoch, head.seq) order by x.epoch, x.seq limit a_most loop
    n := news_of_flag(f);
    if n.kind is not null and (n.kind <> 'changed' or news_says_more(n)) then
      perform news_add(n);
    end if;
    head.epoch := f.epoch;
    head.seq := f.seq;
    count := count + 1;
  end loop;
  if head.found_at < clock_timestamp() - interval '1 minute' then
    perform news_look();
    head.found_at := clock_timestamp();
  end if;
  update message_head set epoch = head.epoch, seq = head.seq, found_at = head.found_at
    where (epoch, seq, found_at) is distinct from (head.epoch, head.seq, head.found_at);
  return count = a_most;
end $$;
grant execute on function notify_collect to crisiscover_notify;

-- News that nobody has shared out yet, with what it is judged by: the places that it is about and all above them, functions, and whose doing it wants.
create function notify_unshared(a_most integer)
returns table (id bigint, at timestamptz, kind text, severity text, alerted_to text, organisation text, account text, above text[], functions text[])
language sql stable security definer set search_path = crisiscover, pg_temp as $$
  select n.id, n.at, n.kind, n.severity, n.alerted_to, n.organisation, n.account,
         news_above(case when n.place is not null then array[code_now('place', n.place, n.at)] else news_served(news_service(n.rota)) end),
         array_remove(array[coalesce(code_now('function', n.function, n.at), news_service(n.rota)->>'function')], null)
  from news n where n.shared_at is null order by n.id limit a_most
$$;
grant execute on function notify_unshared to crisiscover_notify;

-- The subscriptions in force of accounts that are still there, under the codes of today.
create function notify_readers()
returns table (id bigint, at timestamptz, account text, about text[], places text[], functions text[], severity text, alerted_to text, role text,
               own_places text[], organisation text)
language sql stable security definer set search_path = crisiscover, pg_temp as $$
  select s.id, s.at, a.name, s.about, array(select code_now('place', p, s.at) from unnest(s.places) p),
         array(select code_now('function', p, s.at) from unnest(s.functions) p), s.severity, s.alerted_to, a.role, a.places, a.organisation
  from subscription s join account a on a.name = code_now('account', s.account, s.at) and a.retired_at is null and a.kind <> 'device'
  where s.ended_at is null order by s.id
$$;
grant execute on function notify_readers to crisiscover_notify;

-- Whether news adds something for a subscription to what it has had. Of the gaps of one source the one that leads is told; who may not see that one, or has
-- chosen other places, is told of the first that it may have, and of one that is worse. That a gap is closed is told to those who were told of it.
create function news_adds(n news, a_subscription bigint) returns boolean language sql stable as $$
  select case
    when n.kind = 'closed' then
      exists (select from news_for f join news o on o.id = f.news
              where f.subscription = a_subscription and o.of_group = n.of_group and (o.gap = n.gap or n.lead) and o.kind <> 'closed' and o.id < n.id)
    when n.lead then true
    else not exists (
      select from news_for f join news o on o.id = f.news
      where f.subscription = a_subscription and o.of_group = n.of_group and o.id < n.id and o.kind <> 'closed' and o.at > n.at - interval '14 days'
        and array_position(array['normal', 'high', 'critical'], o.severity) >= array_position(array['normal', 'high', 'critical'], n.severity)) end
$$;

-- Shares news out. a_news and a_subscriptions run in parallel; a_all: all that was judged, also what nobody wants.
create function notify_share(a_all bigint[], a_news bigint[], a_subscriptions bigint[]) returns void language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
declare
  one record;
begin
  for one in
    select n, s.id as subscription
    from unnest(a_news, a_subscriptions) x (news, subscription)
    join news n on n.id = x.news and n.shared_at is null join subscription s on s.id = x.subscription and s.ended_at is null
    order by n.id, s.id loop
    if news_adds(one.n, one.subscription) then
      insert into news_for (news, subscription) values ((one.n).id, one.subscription) on conflict do nothing;
    end if;
  end loop;
  update news n set shared_at = clock_timestamp(), readers = (select count(*) from news_for f where f.news = n.id)
    where n.id = any (a_all) and n.shared_at is null;
end $$;
grant execute on function notify_share to crisiscover_notify;

-- What waits to be told, by subscription and in order; and of each group what the same subscription was told within the hour before.
create function notify_waiting(a_most integer)
returns table (subscription bigint, news bigint, at timestamptz, kind text, severity text, of_group text, gap uuid, place text, place_name text,
               function text, function_name text, rota text, alerted_to text, state text, starts_at timestamptz, ends_at timestamptz, number bigint, outcome text,
               digest bigint[], quiet_from integer, quiet_until integer, told_critical_at timestamptz, told_at timestamptz, zone text,
               practice boolean)
language sql stable security definer set search_path = crisiscover, pg_temp as $$
  select s.id, n.id, n.at, n.kind, n.severity, n.of_group, n.gap, c.place, news_item('place', c.place)->>'name', c.function,
         news_item('function', c.function)->>'name', n.rota, n.alerted_to, n.state, n.starts_at, n.ends_at, n.number, n.outcome, s.digest::bigint[], s.quiet_from, s.quiet_until,
         (select max(m.at) from message m join news_for t on t.message = m.id join news o on o.id = t.news
          where m.subscription = any (l.ids) and m.at > n.at - interval '1 hour' and o.of_group = n.of_group and o.severity = 'critical'),
         (select max(m.at) from message m where m.subscription = any (l.ids)),
         coalesce(r.head->>'time_zone', 'Europe/London'), coalesce((r.head->>'practice')::boolean, false)
  from news_for f join subscription s on s.id = f.subscription and s.ended_at is null join news n on n.id = f.news
  cross join lateral (select code_now('place', n.place, n.at) as place,
                             coalesce(code_now('function', n.function, n.at), news_service(n.rota)->>'function') as function) c
  -- Of the same address, also before it was changed.
  cross join lateral (select array(select x.id from subscription x where (x.account, x.channel, x.address) = (s.account, s.channel, s.address)) as ids) l
  left join (select x.head from region x order by x.version desc limit 1) r on true
  where f.message is null
  order by s.id, n.id limit a_most
$$;
grant execute on function notify_waiting to crisiscover_notify;

-- Writes a message that tells these news, unless another was written meanwhile that tells one of them. Answers its number.
create function notify_write(a_subscription bigint, a_news bigint[], a_severity text, a_subject text, a_body text, a_link text) returns bigint
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  made bigint;
begin
  perform from news_for where subscription = a_subscription and news = any (a_news) and message is null order by news for update;
  if (select count(*) from news_for where subscription = a_subscription and news = any (a_news) and message is null) < cardinality(a_news) then
    return null;
  end if;
  insert into message (subscription, severity, subject, body, link) values (a_subscription, a_severity, a_subject, a_body, a_link) returning id into made;
  update news_for set message = made where subscription = a_subscription and news = any (a_news);
  return made;
end $$;
grant execute on function notify_write to crisiscover_notify;

-- Messages whose time has come, but a_not, which are being sent; and when the next one's does. One row at least, which may have no message.
create function notify_due(a_most integer, a_not bigint[])
returns table (id bigint, message_id text, at timestamptz, channel text, address text, severity text, subject text, body text, link text, attempts integer,
               thread text, now timestamptz, next_at timestamptz)
language sql stable security definer set search_path = crisiscover, pg_temp as $$
  select m.id, m.message_id::text, m.at, s.channel, s.address, m.severity, m.subject, m.body, m.link, m.attempts,
         (select f.message_id::text from news_for a join news n on n.id = a.news join news o on o.of_group = n.of_group and o.at > m.at - interval '14 days'
          join news_for b on b.news = o.id and b.subscription = a.subscription join message f on f.id = b.message and f.id < m.id
          where a.message = m.id order by f.id limit 1), clock_timestamp(),
         (select min(x.next_at) from message x where x.state = 'waiting' and x.id <> all (a_not))
  from (select) one
  left join (message m join subscription s on s.id = m.subscription) on m.state = 'waiting' and m.next_at <= clock_timestamp() and m.id <> all (a_not)
  order by array_position(array['critical', 'high', 'normal'], m.severity), m.id limit a_most
$$;
grant execute on function notify_due to crisiscover_notify;

-- For how long a message is tried, and how long after an attempt the next one comes: twice as long each time, an hour at most.
create function message_patience() returns interval language sql immutable as $$ select interval '1 day' $$;
create function message_pause(a_attempts integer) returns interval language sql immutable as $$
  select least(interval '1 hour', interval '15 seconds' * 2 ^ least(a_attempts - 1, 12))
$$;

-- Nobody is to believe that somebody was told who was not: the first undelivered message of an address is told by a flag, until one gets through again.
create function message_flag(m message, s subscription) returns void language plpgsql as $$
begin
  if exists (select from message x where x.subscription = s.id and x.flagged
             and not exists (select from message y where y.subscription = s.id and y.state = 'sent' and y.ended_at > x.ended_at)) then
    return;
  end if;
  update message set flagged = true where id = m.id;
  perform flag_add('message_undelivered', null, null, null, null, null, null, null, 'high',
                   (select a.organisation from account a where a.name = code_now('account', s.account, s.at)),
                   jsonb_build_object('channel', s.channel, 'number', m.id));
  notify flags_filled;
end $$;

-- What came of an attempt: sent (with a receipt), later (tried again, not before a_after seconds) or refused (undelivered at once). An attempt at a message
-- that has ended meanwhile changes nothing.
create function notify_done(a_id bigint, a_outcome text, a_words text, a_after integer) returns text
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  m message;
  s subscription;
  ends boolean;
begin
  select * into m from message where id = a_id and state = 'waiting' for update;
  if not found then
    return null;
  end if;
  select * into s from subscription where id = m.subscription;
  if a_outcome = 'sent' then
    update message set state = 'sent', attempts = attempts + 1, next_at = null, ended_at = clock_timestamp(), receipt = a_words where id = a_id;
    return 'sent';
  end if;
  ends := a_outcome = 'refused' or m.at + message_patience() < clock_timestamp() or s.ended_at is not null;
  update message set attempts = attempts + 1, reason = a_words, state = case when ends then 'undelivered' else 'waiting' end,
                     next_at = case when not ends then clock_timestamp() + greatest(message_pause(m.attempts + 1), make_interval(secs => a_after)) end,
                     ended_at = case when ends then clock_timestamp() end
    where id = a_id returning * into m;
  if ends and s.ended_at is null then
    perform message_flag(m, s);
  end if;
  return m.state;
end $$;
grant execute on function notify_done to crisiscover_notify;

-- All was done that there was to do. Answers the figures: how many messages wait, since when the oldest, how many of the last week are undelivered.
create function notify_run(out waiting bigint, out oldest timestamptz, out undelivered bigint)
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
begin
  update message_head set run_at = clock_timestamp();
  select count(*), min(at) into waiting, oldest from message where state = 'waiting';
  select count(*) into undelivered from message where state = 'undelivered' and ended_at > clock_timestamp() - interval '7 days';
end $$;
grant execute on function notify_run to crisiscover_notify;

-- Deletes what is older than a_days and over: messages, and news of which none is left to be told. 0: never. Answers how many messages.
create function notify_tidy(a_days integer) returns bigint language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
declare
  before constant timestamptz := clock_timestamp() - make_interval(days => a_days);
  messages bigint;
begin
  if a_days = 0 then
    return 0;
  end if;
  delete from news_for f using message m where m.id = f.message and m.state <> 'waiting' and m.ended_at < before;
  delete from news_for f using subscription s where s.id = f.subscription and f.message is null and s.ended_at < before;
  delete from message where state <> 'waiting' and ended_at < before;
  get diagnostics messages = row_count;
  delete from news n where n.shared_at < before and not exists (select from news_for f where f.news = n.id);
  return messages;
end $$;
grant execute on function notify_tidy to crisiscover_notify;

-- --------------------------------------------------------------------------------------------------------------------------------------- rights

-- PostgreSQL lets everybody execute a new function.
revoke all on all functions in schema crisiscover from public;
