-- A region file changes what differs from the file that was applied before, and nothing that somebody has changed since. For that the file is kept as
-- it was sent: what is in force may differ from it, since a change that was made by other means can be kept.

set local search_path = crisiscover;

-- The file that was applied last, by where it comes from: two people with a file each do not undo one another. a_origin is made by whoever
-- sends it, from the file's path; nothing follows from it but which file is compared with which.
create table region_file (
  origin     text primary key check (origin ~ '^[0-9a-f]{1,64}$'),
  document   text not null,           -- as it was sent, with the addresses that its masks stood for
  sha256     bytea not null check (length(sha256) = 32),
  version    bigint not null references region,
  applied_at timestamptz not null default clock_timestamp(),
  applied_by text not null
);

-- A region document without the addresses of its feeds, as region_masked has it.
create function region_mask(a_document text) returns text language sql stable as $$
  select jsonb_set(a_document::jsonb, '{rotas}',
           coalesce((select jsonb_agg(case when r ? 'source' and r->'source' ? 'url'
                                           then jsonb_set(r, '{source,url}', to_jsonb(address_mask(r->'source'->>'url'))) else r end order by n)
                     from jsonb_array_elements(a_document::jsonb->'rotas') with ordinality as x(r, n)), '[]'))::text
$$;

-- What a file is compared with: the set-up in force, and the file that was applied before it: of the same origin, else the very same file, else
-- whichever was applied last. Without any (nothing was ever applied as a file) the set-up in force stands for it. Without addresses. version is
-- null where nothing is in force yet. a_seen: the version that the sender has seen, and what it was, or null.
create function region_base(a_file text, a_origin text, a_seen bigint)
returns table (version bigint, document text, applied_at timestamptz, applied_by text, base text, seen text)
language plpgsql stable security definer set search_path = crisiscover, pg_temp as $$
declare
  newest region;
  before region_file;
begin
  select * into newest from region r order by r.version desc limit 1;
  if a_origin is not null then
    select f.* into before from region_file f
      order by (f.origin = a_origin) desc, (f.sha256 = sha256(convert_to(region_unmasked(a_file), 'UTF8'))) desc, f.applied_at desc limit 1;
  end if;
  return query select newest.version, region_mask(newest.document), newest.applied_at, newest.applied_by,
                      case when before.document is not null then region_mask(before.document) end,
                      (select region_mask(r.document) from region r where r.version = a_seen and r.version <> newest.version);
end $$;

-- Puts a region file in force (region_apply), and keeps the file as it was sent. a_seen: the version that a_document was compared with; where
-- another is in force meanwhile nothing is done, and the version that is answered is null.
create function region_put(a_document text, a_file text, a_origin text, a_seen bigint, a_actor text, out version bigint, out applied boolean)
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare sent text;
begin
  lock table region in share row exclusive mode;
  applied := false;
  if a_seen is distinct from (select max(r.version) from region r) then
    return;
  end if;
  -- Before the addresses of the set-up before may go.
  sent := region_unmasked(a_file);
  select a.version, a.applied into version, applied from region_apply(a_document, a_actor) a;
  if a_origin is not null then
    insert into region_file as f (origin, document, sha256, version, applied_by)
      values (a_origin, sent, sha256(convert_to(sent, 'UTF8')), region_put.version, a_actor)
      on conflict (origin) do update
        set document = excluded.document, sha256 = excluded.sha256, version = excluded.version, applied_at = excluded.applied_at,
            applied_by = excluded.applied_by
        where f.sha256 <> excluded.sha256 or f.version <> excluded.version;
  end if;
end $$;

-- ---------------------------------------------------------------------------------------------------- the files of uploaded rotas

-- Whether a file came with a region file, or by somebody's hand. Until now only the command that applies one sent files that ask nobody.
alter table import add column filed boolean not null default false;
update import set filed = true where mode = 'now';

-- Of each rota: the bytes that a region file brought last (whatever became of them), those in force, and, where a person put the latter there, or
-- took the former back, who and when. Hexadecimal.
create function region_files(a_rotas text[])
returns table (rota text, filed text, in_force text, import bigint, decided_by text, decided_at timestamptz)
language sql stable security definer set search_path = crisiscover, pg_temp as $$
  select f.rota, encode(filed.body, 'hex'), encode(f.body, 'hex'), decided.id, decided.decided_by, decided.decided_at
  from feed f
  left join lateral (select i.body from import i
                     where i.rota = f.rota and i.filed and i.state in ('uploaded', 'applied', 'undone')
                     order by i.id desc limit 1) filed on true
  left join lateral (select i.id, i.decided_by, i.decided_at from import i
                     where i.rota = f.rota and f.body is distinct from filed.body
                       and ((i.state = 'applied' and not i.filed and i.body = f.body)
                            or (i.state = 'undone' and i.filed and i.body = filed.body))
                     order by i.decided_at desc limit 1) decided on true
  where f.rota = any (a_rotas)
  order by f.rota
$$;

-- As import_add, for a file that comes with a region file and is to take the place of a_over (null: of nothing). P0001: something else is in
-- force meanwhile.
create function import_add_over(a_rota text, a_actor text, a_format text, a_mode text, a_sha256 bytea, a_bytes bytea, a_over bytea)
returns bigint language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  f feed;
  added bigint;
begin
  select * into f from feed where rota = a_rota for update;
  if found and f.body is distinct from a_over then
    raise exception 'the rota % has changed since this file was compared with it: compare again', a_rota using errcode = 'P0001';
  end if;
  added := import_add(a_rota, a_actor, a_format, a_mode, a_sha256, a_bytes);
  update import set filed = true where id = added;
  return added;
end $$;

-- What people have said that goes with these rotas and people: overrides and absences that are not over, and decisions in force.
create function region_said(a_rotas text[], a_people text[])
returns table (kind text, id bigint, rota text, person text, words text, by_account text, made_at timestamptz)
language sql stable security definer set search_path = crisiscover, pg_temp as $$
  select 'override', o.id, o.rota, o.person, o.note, o.made_by, o.made_at from override o
    where o.withdrawn_at is null and o.expires_at > clock_timestamp()
      and (o.rota = any (a_rotas) or o.person = any (a_people) or o.instead = any (a_people))
  union all
  select 'absence', a.id, null, a.person, null, a.made_by, a.made_at from absence a
    where a.withdrawn_at is null and a.ends_at > clock_timestamp() and a.person = any (a_people)
  union all
  select 'decision', d.id, d.rota, d.person, d.words, d.decided_by, d.known_from from decision d
    where d.known_to = 'infinity' and (d.rota = any (a_rotas) or d.person = any (a_people))
  order by 1, 2
$$;

revoke all on function region_mask, region_base, region_put, region_files, import_add_over, region_said from public;
grant execute on function region_base, region_put, region_files, import_add_over, region_said to crisiscover_api;
