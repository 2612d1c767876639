-- SPDX-License-Identifier: MIT

-- Keeps the preview of an upload that was read.
--
-- An upload whose reading was delayed must not replace a later upload of its rota. If another one is put in force after this statement has read, the
-- base changes, and the next attempt sees it.
--
-- takes
--   $1 import      bigint
--   $2 claim       bigint
--   $3 base        bigint         the reading that it was compared with
--   $4 read_with   bytea
--   $5 reading     jsonb          JSON
--   $6 safe        boolean
--   $7 why         text
--   $8 diff        jsonb          JSON
--   $9 superseded  bigint[]
--   $10 keys       text[]
--   $11 classes    text[]
--   $12 persons    text[]
--   $13 teams      text[]
--   $14 titles     text[]
--   $15 starts     timestamptz[]
--   $16 ends       timestamptz[]
--   $17 body       bytea          SHA-256
--   $18 kept       bytea          what is kept of it from now on
-- gives
--   outcome   text
--   lessened  void
-- time-out 15 s
-- refuses 23503 23505 23514
prepare feeds_preview_import as
select case when exists (
    select
    from import i
    join import later on later.rota = i.rota and later.id > i.id and later.state in ('applied', 'undone')
    where i.id = $1::bigint and i.mode in ('if_safe', 'now')
  ) then case import_refused($1::bigint, $2::bigint,
      'A later upload of this rota has been put in force meanwhile, so this one was not. Send it again if it is to count.',
      $4, $5::jsonb) when 'done' then 'overtaken' else 'gone' end
  else import_preview($1::bigint, $2::bigint, $3::bigint, $4, $5::jsonb, $6::boolean, $7::text, $8::jsonb, $9,
    $10, $11, $12, $13, $14, $15, $16)
  end as outcome, body_lessen($17, $18) as lessened;
