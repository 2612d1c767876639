#include "server/api/api_sql.h"

/* P0001 is what our SQL functions say to people; everything else of that kind is a fault of ours.
 */
#define REFUSES "P0001"

/* ----------------------------------------------------------------------- following the map */

/* epoch, version, swept region, newest region, flag epoch, flag seq, accounts, oldest change kept,
 * waiting imports of mode now, unpublished flags (up to 10,001), dirty. One statement: all of it is
 * of one instant. */
const struct pg_stmt API_LOOK = {
    .name = "API_LOOK",
    .sql =
	"select h.epoch, h.version, h.region_version, coalesce((select max(r.version) from region "
	"r), 0),"
	" c.epoch, c.seq, a.version,"
	" coalesce((select min(m.version) from map_change m where m.epoch = h.epoch), h.version + "
	"1),"
	" (select count(*) from import i where i.state = 'uploaded' and i.mode = 'now'),"
	" (select count(*) from (select from flag f where f.published_at is null limit 10001) x),"
	" exists (select from dirty) "
	"from map_head h, flag_counter c, account_head a",
};

/* version, document */
const struct pg_stmt API_REGION = {
    .name = "API_REGION",
    .sql = "select version, document from region_masked order by version desc limit 1",
    .timeout_ms = 30000,
};

/* name, kind, role, organisation, places */
const struct pg_stmt API_ACCOUNTS = {
    .name = "API_ACCOUNTS",
    .sql = "select name, kind, role, organisation, places from account where retired_at is null "
	   "order by name collate \"C\"",
};

/* id, account, sha256, expires_at */
const struct pg_stmt API_TOKENS = {
    .name = "API_TOKENS",
    .sql = "select t.id, t.account, t.sha256, t.expires_at from token t join account a on a.name = "
	   "t.account "
	   "where t.revoked_at is null and a.retired_at is null and t.expires_at > now() order by "
	   "t.id",
};

/* $1 moved since (-infinity: all): rota, kind, state, fault, failures, every (seconds),
 * last_attempt, last_good, last_change, horizon, next, reading, updated_at, held import, warnings
 * (JSON) */
const struct pg_stmt API_FEEDS = {
    .name = "API_FEEDS",
    .sql = "select rota, kind, state, fault, failures, extract(epoch from every)::bigint, "
	   "last_attempt_at, last_good_at,"
	   " last_change_at, horizon, next_at, reading, updated_at, coalesce(held_import, 0), "
	   "t.warnings::text from "
	   "feed join feed_told t using (rota) where updated_at >= "
	   "$1 order by updated_at",
};

/* $1 epoch, $2 after this version: rota, requirement, place */
const struct pg_stmt API_CHANGES = {
    .name = "API_CHANGES",
    .sql = "select distinct rota, requirement, place from map_change where epoch = $1 and version "
	   "> $2",
};

/* $1 rotas, $2 ends after, $3 starts before: rota, id, class, person, team, title, starts_at,
 * ends_at */
const struct pg_stmt API_SHIFTS = {
    .name = "API_SHIFTS",
    .sql = "select rota, id, class, person, team, title, starts_at, ends_at from shift "
	   "where rota = any($1) and known_to = 'infinity' and ends_at > $2 and starts_at < $3 "
	   "order by rota, starts_at, ends_at, id",
    .timeout_ms = 30000,
};

/* $1 requirements, $2 places (pairs): requirement, place, id, starts_at, ends_at, state, cause,
 * present, required, opened_at, changed_at, acknowledged_at, acknowledged_by, note */
const struct pg_stmt API_GAPS = {
    .name = "API_GAPS",
    .sql =
	"select g.requirement, g.place, g.id::text, g.starts_at, g.ends_at, g.state, g.cause, "
	"g.present, g.required,"
	" g.opened_at, g.changed_at, g.acknowledged_at, g.acknowledged_by, g.note "
	"from unnest($1::text[], $2::text[]) d (requirement, place) "
	"join gap g on g.requirement = d.requirement and g.place = d.place and g.closed_at is null "
	"order by g.requirement, g.place",
    .timeout_ms = 30000,
};

/* --------------------------------------------------------- what was known then, the record */

/* $1 known at: version in force then */
const struct pg_stmt API_REGION_THEN = {
    .name = "API_REGION_THEN",
    .sql = "select max(version) from region where applied_at <= $1",
};

/* $1 version: version, document */
const struct pg_stmt API_REGION_DOCUMENT = {
    .name = "API_REGION_DOCUMENT",
    .sql = "select version, document from region_masked where version = $1",
    .timeout_ms = 30000,
};

/* $1 rotas, $2 ends after, $3 starts before, $4 known at: as API_SHIFTS, and the absences of
 * everybody. */
const struct pg_stmt API_SHIFTS_THEN = {
    .name = "API_SHIFTS_THEN",
    .sql = "select rota, id, class, person, team, title, starts_at, ends_at from shift "
	   "where (rota = any($1) or class = 'absence') and ends_at > $2 and starts_at < $3"
	   " and known_from <= $4 and known_to > $4 order by rota",
    .timeout_ms = 30000,
};

/* $1 rotas, $2 known at: rota, kind, state, fault, last_good_at, last_change_at, horizon */
const struct pg_stmt API_SOURCES_THEN = {
    .name = "API_SOURCES_THEN",
    .sql = "select rota, kind, state, fault, last_good_at, last_change_at, horizon from "
	   "sources_then($1, $2)",
    .timeout_ms = 30000,
};

/* $1 place, $2 requirements, $3 from, $4 to: requirement, starts_at, ends_at, state, cause,
 * present, required, shifts */
const struct pg_stmt API_SPANS = {
    .name = "API_SPANS",
    .sql =
	"select requirement, starts_at, ends_at, state, cause, present, required, shifts from span "
	"where place = $1 and requirement = any($2) and known_to = 'infinity' and ends_at > $3 and "
	"starts_at < $4 "
	"order by requirement, starts_at",
    .timeout_ms = 30000,
};

/* $1 ids: id, rota, person, team */
const struct pg_stmt API_SHIFTS_BY_ID = {
    .name = "API_SHIFTS_BY_ID",
    .sql = "select id, rota, person, team from shift where id = any($1) order by id",
    .timeout_ms = 30000,
};

/* --------------------------------------------------------------------- lists not in memory */

/* $1 epoch, $2 seq, $3 places (null: every), $4 limit: head's epoch and seq, then epoch, seq,
 * payload of each flag. Without flags there is one row, the last three null. */
const struct pg_stmt API_FLAGS = {
    .name = "API_FLAGS",
    .sql =
	"select c.epoch, c.seq, f.epoch, f.seq, f.payload from flag_counter c left join lateral ("
	"select epoch, seq, payload from flag where (epoch, seq) > ($1, $2)"
	" and ($3::text[] is null or place = any($3) or place is null) order by epoch, seq limit "
	"$4) f on true "
	"order by f.epoch, f.seq",
};

/* $1 places (null: every), $2 function (null: every), $3 from, $4 to, $5 only closed, $6 after
 * start, $7 after id, $8 limit: requirement, place, id, starts_at, ends_at, state, cause, present,
 * required, opened_at, changed_at, acknowledged_at, acknowledged_by, note, closed_at, passed,
 * function */
const struct pg_stmt API_CLOSED_GAPS = {
    .name = "API_CLOSED_GAPS",
    .sql = "select requirement, place, id::text, starts_at, ends_at, state, cause, present, "
	   "required, opened_at, changed_at,"
	   " acknowledged_at, acknowledged_by, note, closed_at, passed, function from gap "
	   "where ($1::text[] is null or place = any($1)) and ($2::text is null or function = $2)"
	   " and ends_at > $3 and starts_at < $4 and (closed_at is not null or not $5)"
	   " and (starts_at, id) > ($6, $7::uuid) order by starts_at, id limit $8",
};

/* $1 id: place, function, requirement */
const struct pg_stmt API_GAP_PLACE = {
    .name = "API_GAP_PLACE",
    .sql = "select place, function, requirement from gap where id = $1::uuid",
};

/* --------------------------------------------------------------------------------- imports */

/* $1 rota, $2 account, $3 format, $4 mode, $5 sha256, $6 bytes: id */
const struct pg_stmt API_IMPORT_ADD = {
    .name = "API_IMPORT_ADD",
    .sql = "select import_add($1, $2, $3, $4, $5, $6)",
    .timeout_ms = 20000,
    .expects = REFUSES,
};

#define IMPORT_COLUMNS                                                                             \
	"i.id, i.rota, i.by_account, i.format, i.mode, i.state, i.uploaded_at, i.read_at, "        \
	"i.safe, i.why,"                                                                           \
	" i.decided_at, i.decided_by, i.reason "

/* $1 rota (null: every), $2 before this id, $3 limit: IMPORT_COLUMNS */
const struct pg_stmt API_IMPORTS = {
    .name = "API_IMPORTS",
    .sql = "select " IMPORT_COLUMNS
	   "from import i where ($1::text is null or i.rota = $1) and i.id < $2 "
	   "order by i.id desc limit $3",
};

/* $1 id: IMPORT_COLUMNS, findings, counts, events, first_start, horizon, zone_used, diff,
 * superseded, sha256 (hexadecimal), step, events read so far, bytes */
const struct pg_stmt API_IMPORT = {
    .name = "API_IMPORT",
    .sql = "select i.id, i.rota, i.by_account, i.format, i.mode, i.state, i.uploaded_at, "
	   "i.read_at, i.safe, i.why,"
	   " i.decided_at, i.decided_by, i.reason, r.findings || i.warnings, r.counts, r.events, "
	   "r.first_start, "
	   "r.horizon, r.zone_used, i.diff,"
	   " i.superseded, encode(i.body, 'hex'), i.step, i.events_read, z.bytes "
	   "from import i join import_size z on z.id = i.id left join reading r on r.id = "
	   "i.reading where i.id = $1",
};

/* $1 import: class, person, team, title, starts_at, ends_at */
const struct pg_stmt API_IMPORT_SHIFTS = {
    .name = "API_IMPORT_SHIFTS",
    .sql = "select class, person, team, title, starts_at, ends_at from import_shift where import = "
	   "$1 order by starts_at, key",
    .timeout_ms = 30000,
};

/* $1 id, $2 account, $3 reason */
const struct pg_stmt API_IMPORT_APPLY = {
    .name = "API_IMPORT_APPLY",
    .sql = "select import_apply($1, $2, $3)::text",
    .timeout_ms = 30000,
    .expects = REFUSES,
};

/* $1 id, $2 account */
const struct pg_stmt API_IMPORT_DISCARD = {
    .name = "API_IMPORT_DISCARD",
    .sql = "select import_discard($1, $2)::text",
    .expects = REFUSES,
};

/* $1 id, $2 account, $3 reason */
const struct pg_stmt API_IMPORT_UNDO = {
    .name = "API_IMPORT_UNDO",
    .sql = "select import_undo($1, $2, $3)::text",
    .timeout_ms = 30000,
    .expects = REFUSES,
};

/* ------------------------------------------------------------------------------- decisions */

/* $1 rota: id, kind, words, key, reads, person, team, decided_by, known_from; the newest first */
const struct pg_stmt API_DECISIONS = {
    .name = "API_DECISIONS",
    .sql = "select id, kind, words, key, reads, person, team, decided_by, known_from "
	   "from decision where rota = $1::text and known_to = 'infinity' order by id desc",
};

/* $1 rota, $2 kind, $3 words, $4 key, $5 reads, $6 person, $7 team, $8 account: id */
const struct pg_stmt API_DECISION_MAKE = {
    .name = "API_DECISION_MAKE",
    .sql = "select decision_make($1, $2, $3, $4, $5, $6, $7, $8)",
    .expects = REFUSES,
};

/* $1 rota, $2 id, $3 account: whether there was one */
const struct pg_stmt API_DECISION_WITHDRAW = {
    .name = "API_DECISION_WITHDRAW",
    .sql = "select decision_withdraw($1, $2, $3)",
    .expects = REFUSES,
};

/* --------------------------------------------------------------------------------- changes */

/* $1 document, $2 account: version, applied */
const struct pg_stmt API_REGION_APPLY = {
    .name = "API_REGION_APPLY",
    .sql = "select version, applied from region_apply($1, $2)",
    .timeout_ms = 50000,
    .expects = REFUSES,
};

/* $1 account, $2 id, $3 sha256, $4 expires (null: never), $5 by: added */
const struct pg_stmt API_TOKEN_ADD = {
    .name = "API_TOKEN_ADD",
    .sql = "select token_add($1, $2, $3, $4, $5)",
};

/* $1 id, $2 by: revoked */
const struct pg_stmt API_TOKEN_REVOKE = {
    .name = "API_TOKEN_REVOKE",
    .sql = "select token_revoke($1, $2)",
};

/* $1 account, $2 role, $3 id, $4 sha256. Of the owner of the database, not of the api. */
const struct pg_stmt API_TOKEN_ISSUE = {
    .name = "API_TOKEN_ISSUE",
    .sql = "select crisiscover.token_issue($1, $2, $3, $4)::text",
};

/* $1 rota, $2 account */
const struct pg_stmt API_REFRESH_ASK = {
    .name = "API_REFRESH_ASK",
    .sql = "select refresh_ask($1, $2)::text",
    .expects = REFUSES,
};

/* $1 gap, $2 account, $3 note: whether this call did it */
const struct pg_stmt API_ACKNOWLEDGE = {
    .name = "API_ACKNOWLEDGE",
    .sql = "select gap_acknowledge($1::uuid, $2, $3)",
    .expects = REFUSES,
};
