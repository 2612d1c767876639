-- SPDX-License-Identifier: MIT

-- Protocols: the documents by which a function is asked for at a place, each a link or a PDF, with who looks after it and until when it is to be
-- reviewed. A document is known by the number of its first edition; a newer edition takes the turn of the one before, which stays with its file: what
-- a ward was told to do at a time can be read again.
--
-- Channel: protocols_changed (a hint, backed by a slow poll of protocol_head).
--
-- The record is only ever added to: of a row nothing is ever written but its end, once. Rows keep the codes of the time at which they were written
-- (code_since()). Nothing is deleted: no row says anything about a patient, and none about a person but who acted.

set local search_path = crisiscover;
set local check_function_bodies = off;

-- The version grows with every change, in the order of the commits: who takes it holds the row until then.
create table protocol_head (
  only_row boolean primary key default true check (only_row),
  version  bigint not null
);
insert into protocol_head (version) values (1);
grant select on protocol_head to crisiscover_api;
analyze protocol_head;

create function protocol_version() returns bigint language sql as $$
  notify protocols_changed;
  update protocol_head set version = version + 1 returning version
$$;

-- The bytes of a file, once, however many places and editions have it. Apart from its protocols, so that these are read without it.
create table protocol_file (
  sha256 bytea primary key check (sha256 = sha256(pdf)),
  pdf    bytea not null check (octet_length(pdf) between 5 and 2097152 and substring(pdf from 1 for 5) = '%PDF-'),
  at     timestamptz not null default clock_timestamp()
);
alter table protocol_file alter column pdf set storage external;   -- a PDF is compressed by itself
create trigger keep before update or delete on protocol_file for each row execute function keep_the_record();
create trigger keep_all before truncate on protocol_file execute function keep_the_record();
grant select on protocol_file to crisiscover_api;

create table protocol (
  id        bigint generated always as identity primary key,
  protocol  bigint not null,                     -- the id of its first edition
  edition   integer not null check (edition >= 1),
  at        timestamptz not null default clock_timestamp(),
  account   text not null,
  place     text not null references place,
  function  text not null,
  name      text not null check (octet_length(name) between 1 and 200),
  version   text not null check (octet_length(version) between 1 and 40),     -- as the document itself has it
  owner     text not null,                       -- the account that looks after it
  review    date not null,                       -- the last day before a review is due
  url       text check (octet_length(url) between 1 and 1000),
  sha256    bytea references protocol_file,
  ended_at  timestamptz,
  ended_by  text,
  why       text check (why <> ''),              -- it was withdrawn; null: the next edition took its turn
  unique (protocol, edition),
  check ((url is null) <> (sha256 is null)),
  check (protocol <= id and (edition = 1) = (protocol = id)),
  check ((ended_at is null) = (ended_by is null)),
  check (why is null or ended_at is not null)
);
create unique index protocol_in_force on protocol (protocol) where ended_at is null;
create index protocol_place on protocol (place, function) where ended_at is null;
create index protocol_file_of on protocol (sha256) where sha256 is not null;

create function keep_protocols() returns trigger language plpgsql as $$
declare
  ends constant text[] := array['ended_at', 'ended_by', 'why'];
begin
  if tg_op = 'UPDATE' and old.ended_at is null and to_jsonb(new) - ends = to_jsonb(old) - ends then
    return new;
  end if;
  raise exception '% on %: the record is only ever added to', lower(tg_op), tg_table_name using errcode = 'P0002';
end $$;
create trigger keep before update or delete on protocol for each row execute function keep_protocols();
create trigger keep_all before truncate on protocol execute function keep_the_record();
select let_erasing_through();
grant select on protocol to crisiscover_api;

-- What the audit has of an edition: from which to which.
create function protocol_said(p protocol) returns jsonb language sql immutable as $$
  select jsonb_strip_nulls(jsonb_build_object('edition', p.edition, 'name', p.name, 'version', p.version, 'owner', p.owner, 'review', p.review,
                                              'url', p.url, 'sha256', encode(p.sha256, 'hex')))
$$;

-- Refuses a new file with which the PDFs of a_accounts (those of one organisation) would have more than a_bytes. The PDFs of all editions count, also of
-- protocols that were withdrawn, since none is deleted; one that two organisations have counts for both. A file that is kept already takes no more room.
create function protocol_fits(a_sha256 bytea, a_len integer, a_accounts text[], a_bytes bigint) returns void language plpgsql as $$
declare
  has bigint;
begin
  if exists (select from protocol_file where sha256 = a_sha256) then
    return;
  end if;
  -- PostgreSQL knows the length of a value that is stored external without reading it.
  select coalesce(sum(octet_length(f.pdf)), 0) into has from protocol_file f
    where f.sha256 in (select p.sha256 from protocol p
                       where p.account = any (array(select codes_ever('account', x.name) from unnest(a_accounts) x (name))));
  if has + a_len > a_bytes then
    raise exception 'your organisation has % MB of PDFs, and this one would make it more than the % MB that are kept: give a link to it, or ask who runs the server for more room',
      round(has / 1048576.0, 1), a_bytes / 1048576 using errcode = 'P0001';
  end if;
end $$;

-- Keeps an edition: the first of a new protocol, if a_protocol is null, and else the next after a_edition. a_is: {"place", "function", "name", "version",
-- "owner", "review", "url"}; place and function only of the first. a_pdf: the file, instead of the url; of a later edition both may be missing: it has the
-- document of the one before. stale: another edition came first, or it was withdrawn; nothing is kept then. P0001: the place has left the region, or
-- has a_most for this function already, or the file is new and does not fit into the a_bytes that the PDFs of a_accounts may have, those of one
-- organisation.
create function protocol_put(a_protocol bigint, a_edition integer, a_is jsonb, a_pdf bytea, a_account text, a_most integer, a_accounts text[], a_bytes bigint,
                             out protocol bigint, out edition integer, out stale boolean)
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  p protocol := jsonb_populate_record(null::protocol, a_is);
  before protocol;
begin
  perform protocol_version();
  stale := false;
  if a_protocol is not null then
    select * into before from protocol x where x.protocol = a_protocol and x.ended_at is null;
    if before.edition is distinct from a_edition then
      stale := true;
      return;
    end if;
    p.place := code_now('place', before.place, before.at);
    p.function := code_now('function', before.function, before.at);
  end if;
  perform from place where code = p.place and retired_at is null for share;
  if not found then
    raise exception 'there is no place % in the region', p.place using errcode = 'P0001';
  end if;
  if a_protocol is null
     and (select count(*) from protocol x where x.place = any (array(select codes_ever('place', p.place)))
            and x.function = any (array(select codes_ever('function', p.function))) and x.ended_at is null) >= a_most then
    raise exception 'there are % protocols of this function at this place already: withdraw one first', a_most using errcode = 'P0001';
  end if;
  if a_pdf is not null then
    p.sha256 := sha256(a_pdf);
    perform protocol_fits(p.sha256, octet_length(a_pdf), a_accounts, a_bytes);
    insert into protocol_file (sha256, pdf) values (p.sha256, a_pdf) on conflict do nothing;
  elsif p.url is null then
    p.url := before.url;
    p.sha256 := before.sha256;
  end if;
  update protocol x set ended_at = clock_timestamp(), ended_by = a_account where x.id = before.id;
  p.id := nextval(pg_get_serial_sequence('protocol', 'id'));
  protocol := coalesce(a_protocol, p.id);
  edition := coalesce(before.edition, 0) + 1;
  insert into protocol as x (id, protocol, edition, account, place, function, name, version, owner, review, url, sha256) overriding system value
    values (p.id, protocol_put.protocol, protocol_put.edition, a_account, p.place, p.function, p.name, p.version, p.owner, p.review, p.url, p.sha256)
    returning * into p;
  perform audit_add(a_account, case when before.id is null then 'protocol_added' else 'protocol_replaced' end, 'protocol/' || protocol_put.protocol,
                    jsonb_strip_nulls(jsonb_build_object('place', p.place, 'function', p.function,
                                                         'from', case when before.id is not null then protocol_said(before) end,
                                                         'to', protocol_said(p))));
end $$;
grant execute on function protocol_put to crisiscover_api;

-- Withdraws a protocol, if a_edition is the one in force. False: it is not.
create function protocol_withdraw(a_protocol bigint, a_edition integer, a_why text, a_account text) returns boolean
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  p protocol;
begin
  perform protocol_version();
  update protocol x set ended_at = clock_timestamp(), ended_by = a_account, why = a_why
    where x.protocol = a_protocol and x.edition = a_edition and x.ended_at is null
    returning * into p;
  if not found then
    return false;
  end if;
  perform audit_add(a_account, 'protocol_withdrawn', 'protocol/' || a_protocol,
                    jsonb_build_object('place', p.place, 'function', p.function, 'from', protocol_said(p), 'why', a_why));
  return true;
end $$;
grant execute on function protocol_withdraw to crisiscover_api;

-- The editions in force as they were known at a_known, with the codes of that time.
create function protocols_shown(a_known timestamptz)
returns table (protocol bigint, edition integer, at timestamptz, place text, function text, name text, version text, owner text, review date, url text,
               sha256 text, bytes integer)
language sql stable as $$
  select p.protocol, p.edition, p.at, code_since('place', p.place, p.at, a_known), code_since('function', p.function, p.at, a_known), p.name, p.version,
         code_since('account', p.owner, p.at, a_known), p.review, p.url, encode(p.sha256, 'hex'),
         (select octet_length(f.pdf) from protocol_file f where f.sha256 = p.sha256)
  from protocol p
  where p.at <= a_known and (p.ended_at is null or p.ended_at > a_known)
$$;
grant execute on function protocols_shown to crisiscover_api;

-- --------------------------------------------------------------------------------------------------------------------------------------- rights

-- PostgreSQL lets everybody execute a new function.
revoke all on all functions in schema crisiscover from public;
