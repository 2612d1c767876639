-- SPDX-License-Identifier: MIT

-- The protocols in force.
--
-- gives
--   protocol  bigint
--   edition   integer
--   at        timestamptz
--   place     text
--   function  text
--   name      text
--   version   text
--   owner     text
--   review    bigint       days since 1970-01-01
--   url       text         null: it is a PDF
--   sha256    text         null: it is a link
--   bytes     bigint       of the PDF; else 0
prepare api_protocols as
select protocol, edition, at, place, function, name, version, owner, (review - date '1970-01-01')::bigint as review, url, sha256,
  coalesce(bytes, 0)::bigint as bytes
from protocols_shown('infinity');

-- The same as they were known at an instant.
--
-- takes
--   $1 known_at  timestamptz
-- gives as API_PROTOCOLS
prepare api_protocols_then as
select protocol, edition, at, place, function, name, version, owner, (review - date '1970-01-01')::bigint as review, url, sha256,
  coalesce(bytes, 0)::bigint as bytes
from protocols_shown($1);

-- Keeps an edition (protocol_put). stale: another came first, and nothing was kept.
--
-- takes
--   $1 protocol  bigint   null: a new one
--   $2 edition   integer  that it takes the turn of; null: a new one
--   $3 is        jsonb
--   $4 pdf       bytea    null: none
--   $5 account   text
--   $6 most      integer  protocols of one function at one place
--   $7 accounts  text[]   of the organisation of the account
--   $8 bytes     bigint   that their PDFs may have
-- gives
--   protocol  bigint
--   edition   integer
--   stale     boolean
-- refuses P0001
prepare api_protocol_put as
select p.protocol, p.edition, p.stale from protocol_put($1, $2, $3::jsonb, $4, $5, $6, $7, $8) p;

-- Withdraws a protocol. done: false if that edition is not in force.
--
-- takes
--   $1 protocol  bigint
--   $2 edition   integer
--   $3 why       text
--   $4 account   text
-- gives
--   done  boolean
prepare api_protocol_withdraw as
select protocol_withdraw($1, $2, $3, $4) as done;

-- The editions of a protocol, the newest first.
--
-- takes
--   $1 protocol  bigint
-- gives
--   edition   integer
--   at        timestamptz
--   account   text
--   place     text
--   function  text
--   name      text
--   version   text
--   owner     text
--   review    text
--   url       text
--   sha256    text
--   ended_at  timestamptz
--   ended_by  text
--   why       text
prepare api_protocol_editions as
select p.edition, p.at, code_now('account', p.account, p.at) as account, code_now('place', p.place, p.at) as place,
  code_now('function', p.function, p.at) as function, p.name, p.version, code_now('account', p.owner, p.at) as owner,
  to_char(p.review, 'YYYY-MM-DD') as review, p.url, encode(p.sha256, 'hex') as sha256, p.ended_at, code_now('account', p.ended_by, p.ended_at) as ended_by,
  p.why
from protocol p where p.protocol = $1 order by p.edition desc;

-- The file of an edition; no row: there is none.
--
-- takes
--   $1 protocol  bigint
--   $2 edition   integer
-- gives
--   place  text
--   pdf    bytea
prepare api_protocol_pdf as
select code_now('place', p.place, p.at) as place, f.pdf from protocol p join protocol_file f using (sha256) where p.protocol = $1 and p.edition = $2;
