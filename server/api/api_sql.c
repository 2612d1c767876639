#include "server/api/api_sql.h"

/* P0001 is what our SQL functions say to people; everything else of that kind is a fault of ours.
 */
#define REFUSES "P0001"

/* ----------------------------------------------------------------------- following the map */

/* epoch, version, swept region, newest region, flag epoch, flag seq, accounts, oldest change kept,
 * waiting imports of mode now, unpublished flags (up to 10,001), dirty, the database's clock. One
 * statement: all of it is of one instant. */
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
	" exists (select from dirty), clock_timestamp() "
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
 * (JSON), the upload that stands instead of its address (null: none), since when */
const struct pg_stmt API_FEEDS = {
    .name = "API_FEEDS",
    .sql = "select rota, kind, state, fault, failures, extract(epoch from every)::bigint, "
	   "last_attempt_at, last_good_at,"
	   " last_change_at, horizon, next_at, reading, updated_at, coalesce(held_import, 0), "
	   "t.warnings::text, u.id, u.decided_at from "
	   "feed join feed_told t using (rota) left join feed_upload u using (rota) where "
	   "updated_at >= "
	   "$1 order by updated_at",
};

/* $1 epoch, $2 after this version: rota, requirement, place */
const struct pg_stmt API_CHANGES = {
    .name = "API_CHANGES",
    .sql = "select distinct rota, requirement, place from map_change where epoch = $1 and version "
	   "> $2",
};

/* Of a shift and, if it is one's, of its override: what stands against this very row. Before an
 * override had rows of their own for what is in dispute, its one row was in dispute as a whole. */
#define OF_THE_ROW "s.class = 'undecided' or (o.rests is null and s.class = 'named')"
#define SHIFT_COLUMNS                                                                              \
	"s.rota, s.id, s.class, s.person, s.team, s.title, s.starts_at, s.ends_at, s.override, "   \
	"o.instead, o.made_at, o.made_by, o.note, case when " OF_THE_ROW " then o.dispute when "   \
	"o.standing = 'followed' then 'times_changed' end, case when " OF_THE_ROW " then o.third " \
	"end, o.late, s.last_read_at is not null "

/* The overrides of rotas $1 that were not over long before $2, as they stood at ${known}: few, so
 * they are worked out once and not for each shift. One that has followed a shift may end later than
 * was asked. */
#define OVERRIDES_AS_OF(known)                                                                     \
	"(select v.id, v.instead, v.made_at, v.made_by, v.note, v.late, e.standing, e.dispute, "   \
	"e.third, e.rests "                                                                        \
	"from override v join lateral (select x.* from override_event x "                          \
	"where x.override = v.id " known "order by x.id desc limit 1) e on true "                  \
	"where v.rota = any($1) and v.expires_at > $2 - interval '4 days') o "

/* $1 rotas, $2 ends after, $3 starts before: SHIFT_COLUMNS. One statement: a shift that an override
 * replaces and the override belong together, or both would be shown, or neither. */
const struct pg_stmt API_SHIFTS = {
    .name = "API_SHIFTS",
    .sql = "select " SHIFT_COLUMNS "from shift s left join " OVERRIDES_AS_OF(
	"") "on o.id = "
	    "s.override where s.rota = any($1) and s.known_to = 'infinity' and s.ends_at > $2 and "
	    "s.starts_at "
	    "< $3 order by s.rota, s.starts_at, s.ends_at, s.id",
    .timeout_ms = 30000,
};

/* $1 requirements, $2 places (pairs): requirement, place, id, starts_at, ends_at, state, cause,
 * present, required, opened_at, changed_at, acknowledged_at, acknowledged_by, note, rung, severity
 * when it was acknowledged, group, whether it leads it, whether it was announced, closed at, when
 * its closing is told, until when it is acknowledged, its notes (JSON): of those that are open, and
 * of those whose closing is held back */
const struct pg_stmt API_GAPS = {
    .name = "API_GAPS",
    .sql = "select g.requirement, g.place, g.id::text, g.starts_at, g.ends_at, g.state, g.cause, "
	   "g.present, g.required,"
	   " g.opened_at, g.changed_at, g.acknowledged_at, g.acknowledged_by, g.note, g.rung,"
	   " g.acknowledged_severity, g.cause_group, g.lead, g.told, g.closed_at, g.settle_at,"
	   " g.acknowledged_until, gap_notes(g.id) "
	   "from unnest($1::text[], $2::text[]) d (requirement, place) "
	   "join (select * from gap where closed_at is null union all select * from gap where "
	   "settle_at is not null) g on g.requirement = d.requirement and g.place = d.place "
	   "order by g.requirement, g.place",
    .timeout_ms = 30000,
};

/* --------------------------------------------------------- what was known then, the record */

/* What was known at an instant is read by several statements, and between two of them a month of
 * the record may go. So each that reads what may go asks for itself whether the record still
 * reaches back to then; the refusal is a sentence. */
#define REACHES(name, known) "(select record_reaches('" name "', " known "))"

/* $1 known at, $2 sha256 of the bank holidays of this process: version of the region then, epoch
 * and version of the map then, the bank holidays of then (null: those of this process), where the
 * record of looks begins (null: with the first). Before the first file that was kept, the first is
 * meant. */
const struct pg_stmt API_KNOWN_THEN = {
    .name = "API_KNOWN_THEN",
    .sql =
	"select r.version, m.epoch, m.version, case when h.sha256 = $2 then null else h.csv end, "
	"(select at from record_begins where name = 'audit') "
	"from (select max(version) as version from region where applied_at <= $1) r "
	"left join lateral (select epoch, version from map_past where at <= $1 "
	"order by at desc, version desc limit 1) m on true "
	"left join lateral (select sha256, csv from bank_holidays order by known_from <= $1 desc, "
	"case when known_from <= $1 then -id else id end limit 1) h on true",
};

/* $1 the file */
const struct pg_stmt API_BANK_HOLIDAYS_KEEP = {
    .name = "API_BANK_HOLIDAYS_KEEP",
    .sql = "select bank_holidays_keep($1)::text",
};

/* $1 version: version, document */
const struct pg_stmt API_REGION_DOCUMENT = {
    .name = "API_REGION_DOCUMENT",
    .sql = "select version, document from region_masked where version = $1",
    .timeout_ms = 30000,
};

/* $1 rotas, $2 ends after, $3 starts before, $4 known at: as API_SHIFTS, the absences of everybody,
 * and the confirmed shifts of the rotas $5. */
const struct pg_stmt API_SHIFTS_THEN = {
    .name = "API_SHIFTS_THEN",
    .sql = "select " SHIFT_COLUMNS "from shift s left join " OVERRIDES_AS_OF(
	"and x.at <= $4 ") "on o.id = s.override where (s.rota = any($1) or s.class = 'absence' "
			   "or (s.rota = any($5) and s.class = 'named')) "
			   "and s.ends_at > $2 and s.starts_at < $3 and s.known_from <= $4 and "
			   "s.known_to > $4 and " REACHES("shift", "$4") " order by s.rota",
    .expects = REFUSES,
    .timeout_ms = 30000,
};

/* $1 rotas, $2 known at: rota, state, fault, last_good_at, last_change_at, horizon, reading, body
 * (hexadecimal), the upload that stood instead of its address (null: none), since when */
const struct pg_stmt API_SOURCES_THEN = {
    .name = "API_SOURCES_THEN",
    .sql = "select rota, state, fault, last_good_at, last_change_at, horizon, reading, body, "
	   "u.upload, u.decided_at from sources_known($1, $2) "
	   "left join uploads_known($1, $2) u using (rota) where " REACHES("source", "$2"),
    .expects = REFUSES,
    .timeout_ms = 30000,
};

/* $1 places, $2 requirements (pairs), $3 from, $4 to: which pair, from 1, starts_at, ends_at,
 * state, cause, present, required, shifts. Spans in force do not overlap, so none before the last
 * that begins by $3 can reach it. */
const struct pg_stmt API_SPANS = {
    .name = "API_SPANS",
    .sql = "select r.n, s.starts_at, s.ends_at, s.state, s.cause, s.present, s.required, s.shifts "
	   "from unnest($1::text[], $2::text[]) with ordinality r (place, requirement, n) "
	   "cross join lateral (select coalesce(max(x.starts_at), '-infinity') as at from span x "
	   "where x.requirement = r.requirement and x.place = r.place and x.known_to = 'infinity' "
	   "and x.starts_at <= $3) before "
	   "join span s on s.requirement = r.requirement and s.place = r.place and s.starts_at >= "
	   "before.at where s.known_to = 'infinity' and s.ends_at > $3 and s.starts_at < $4 "
	   "order by r.n, s.starts_at",
    .timeout_ms = 30000,
};

/* As API_SPANS, $5 known at. */
const struct pg_stmt API_SPANS_THEN = {
    .name = "API_SPANS_THEN",
    .sql = "select r.n, s.starts_at, s.ends_at, s.state, s.cause, s.present, s.required, s.shifts "
	   "from unnest($1::text[], $2::text[]) with ordinality r (place, requirement, n) "
	   "join span s on s.requirement = r.requirement and s.place = r.place "
	   "where " REACHES("span", "$5") " and s.known_from <= $5 and s.known_to > $5 and "
					  "s.ends_at > $3 and s.starts_at < $4 "
					  "order by r.n, s.starts_at",
    .expects = REFUSES,
    .timeout_ms = 30000,
};

/* $1 ids: id, rota, person, team, whether it is an override's */
const struct pg_stmt API_SHIFTS_BY_ID = {
    .name = "API_SHIFTS_BY_ID",
    .sql = "select id, rota, person, team, override is not null from shift where id = any($1) "
	   "order by id",
    .timeout_ms = 30000,
};

/* $1 rotas, $2 at, $3 known at: rota, key, id, class, person, team, title, starts_at, ends_at,
 * known_from, known_to, reading, body (hexadecimal), whether its bytes are still kept, and of
 * an override's whether it is late */
const struct pg_stmt API_SLOTS_SINCE = {
    .name = "API_SLOTS_SINCE",
    .sql =
	"select s.rota, s.key, s.id, s.class, s.person, s.team, s.title, s.starts_at, "
	"s.ends_at, s.known_from, s.known_to, s.reading, s.body, coalesce(k.kept, false), "
	"(select o.late from override o where o.id = (select x.override from shift x where x.id = "
	"s.id)) "
	"from slots_since($1, $2, $3) s left join body_kept k on k.sha256 = decode(s.body, 'hex') "
	"where " REACHES(
	    "shift", "$3") " "
			   "order by s.rota collate \"C\", s.key collate \"C\", s.known_from, s.id",
    .expects = REFUSES,
    .timeout_ms = 30000,
};

/* $1 place, $2 function (null: every), $3 at, $4 known at: id, JSON of then, JSON of its steps
 * since
 */
const struct pg_stmt API_GAPS_THEN = {
    .name = "API_GAPS_THEN",
    .sql = "select gap::text, as_then, since from gaps_then($1, $2, $3, $4)",
    .timeout_ms = 30000,
};

/* $1 place, $2 function (null: every), $3 from, $4 to: at, account, detail (JSON) */
const struct pg_stmt API_LOOKED = {
    .name = "API_LOOKED",
    .sql = "select at, actor, detail::text from audit where object in (select 'place/' || "
	   "codes_ever('place', $1)) "
	   "and "
	   "action = 'read' and at >= $3 and at <= $4 and ($2::text is null or "
	   "coalesce(detail->>'function', $2) = $2) order by at, seq limit 1000",
    .timeout_ms = 30000,
};

/* $1 version: applied_at, applied_by, sha256 (hexadecimal) */
const struct pg_stmt API_REGION_MARK = {
    .name = "API_REGION_MARK",
    .sql = "select applied_at, applied_by, encode(sha256, 'hex') from region where version = $1",
};

/* ------------------------------------------------------------------------------- the audit */

/* $1 writer, $2 numbers, $3 first at, $4 accounts, $5 routes, $6 objects, $7 functions, $8 asked
 * at, $9 known at, $10 counts: how many were new */
const struct pg_stmt API_AUDIT_READS = {
    .name = "API_AUDIT_READS",
    .sql = "select audit_reads($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    .timeout_ms = 20000,
};

/* $1 the end of before: seq, hash, at of the end now; hash of the row that was the end before; seq
 * and hash of the row that the chain begins after; rows outside of the chain */
const struct pg_stmt API_AUDIT_HEAD = {
    .name = "API_AUDIT_HEAD",
    .sql = "select h.seq, encode(h.hash, 'hex'), h.at, "
	   "(select encode(a.hash, 'hex') from audit a where a.seq = $1 order by a.id limit 1), "
	   "b.seq, encode(b.hash, 'hex'), (select count(*) from audit a where a.seq is null) "
	   "from audit_head h, audit_base b",
};

#define AUDIT_TIME(column)                                                                         \
	"to_char(" column " at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"

/* $1 after, $2 limit: seq, at, added_at, actor, action, object, detail (JSON), prev_hash, hash
 * (hexadecimal), what is hashed. Rows that share a number are never parted. */
const struct pg_stmt API_AUDIT = {
    .name = "API_AUDIT",
    .sql = "select a.seq, " AUDIT_TIME("a.at") ", " AUDIT_TIME(
	"a.added_at") ", a.actor, a.action, a.object, a.detail::text, encode(a.prev_hash, 'hex'), "
		      "encode(a.hash, 'hex'), audit_text(a.seq, a.at, a.added_at, a.actor, "
		      "a.action, a.object, a.detail) "
		      "from audit a where a.seq > $1 order by a.seq fetch first ($2) rows with "
		      "ties",
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

/* $1 places, $2 from when and $3 until when each is meant (null: every place, always), $4 function
 * (null: every), $5 from, $6 to, $7 only closed, $8 after
 * start, $9 after id, $10 limit: as API_GAPS, then passed, function, severity as it was
 * written down last, whether it closed because nobody asked for it any more */
const struct pg_stmt API_CLOSED_GAPS = {
    .name = "API_CLOSED_GAPS",
    .sql = "select requirement, place, id::text, starts_at, ends_at, state, cause, present, "
	   "required, opened_at, changed_at,"
	   " acknowledged_at, acknowledged_by, note, rung, acknowledged_severity, cause_group,"
	   " lead, told, closed_at, settle_at, acknowledged_until, gap_notes(id), passed, "
	   "function, severity, exists (select from "
	   "demand d"
	   " where d.requirement = gap.requirement and d.place = gap.place"
	   " and d.retired_at = gap.closed_at) from gap "
	   "where ($1::text[] is null or (place = any($1) and exists (select from unnest($1, "
	   "$2::timestamptz[], $3::timestamptz[]) w (place, begins, ends) "
	   "where w.place = gap.place and starts_at < w.ends and ends_at > w.begins)))"
	   " and ($4::text is null or function = $4)"
	   " and ends_at > $5 and starts_at < $6 and (closed_at is not null or not $7)"
	   " and (starts_at, id) > ($8, $9::uuid) order by starts_at, id limit $10",
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

/* As API_IMPORT_ADD, then $7 SHA-256 of what it is to take the place of (null: of nothing) */
const struct pg_stmt API_IMPORT_ADD_OVER = {
    .name = "API_IMPORT_ADD_OVER",
    .sql = "select import_add_over($1, $2, $3, $4, $5, $6, $7)",
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

/* What a preview would make of its rota (import_would): SHIFT_COLUMNS, then which part the row is,
 * and of the part `override` where it stood and would stand. */
#define WOULD_COLUMNS                                                                              \
	"w.rota, w.id, w.class, w.person, w.team, w.title, w.starts_at, w.ends_at, w.override, "   \
	"w.instead, w.made_at, w.made_by, w.note, w.dispute, w.third, w.late, w.as_last_read, "    \
	"w.part, w.was, w.becomes "

/* $1 import, $2 ends after, $3 starts before: WOULD_COLUMNS */
const struct pg_stmt API_IMPORT_SHIFTS = {
    .name = "API_IMPORT_SHIFTS",
    .sql = "select " WOULD_COLUMNS "from import_would($1, $2, $3) w",
    .timeout_ms = 30000,
};

/* $1 import, $2 epoch, $3 version of the map, $4 version of its region, $5 ends after, $6 starts
 * before: WOULD_COLUMNS (null where it brings nothing), then rota, state, when it was read
 * (microseconds), whether the map lacks a change of the rota, horizon, and, in one row only,
 * superseded. */
const struct pg_stmt API_IMPORT_JUDGED = {
    .name = "API_IMPORT_JUDGED",
    .sql = "select " WOULD_COLUMNS ", i.rota, i.state, import_read_us(i), map_lacks(i.rota, $2, "
	   "$3, $4), r.horizon, case when w.n is null or w.n = 1 then i.superseded end "
	   "from import i left join reading r on r.id = i.reading left join lateral "
	   "import_would(i.id, $5, $6) with ordinality w (rota, id, class, person, team, title, "
	   "starts_at, ends_at, override, instead, made_at, made_by, note, dispute, third, late, "
	   "as_last_read, part, was, becomes, n) on true where i.id = $1 order by w.n",
    .timeout_ms = 30000,
};

/* Previews that are put in force by themselves if nothing is against it: id, by */
const struct pg_stmt API_IMPORTS_IF_SAFE = {
    .name = "API_IMPORTS_IF_SAFE",
    .sql = "select id, by_account from import where state = 'preview' and mode = 'if_safe' and "
	   "safe order by id limit 1000",
};

/* $1 id, $2 account, $3 when it was read (microseconds) */
const struct pg_stmt API_IMPORT_APPLY_JUDGED = {
    .name = "API_IMPORT_APPLY_JUDGED",
    .sql = "select import_apply_judged($1, $2, $3)::text",
    .timeout_ms = 30000,
    .expects = REFUSES,
};

/* $1 id, $2 when it was read (microseconds), $3 why */
const struct pg_stmt API_IMPORT_NOT_SAFE = {
    .name = "API_IMPORT_NOT_SAFE",
    .sql = "select import_not_safe($1, $2, $3)::text",
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

/* $1 rota: id, kind, words, key, reads, person, team, decided_by, known_from, zone; the newest
 * first
 */
const struct pg_stmt API_DECISIONS = {
    .name = "API_DECISIONS",
    .sql = "select id, kind, words, key, reads, person, team, decided_by, known_from, zone "
	   "from decision where rota = $1::text and known_to = 'infinity' order by id desc",
};

/* $1 rota: what is open in the body in force; no row: it has no feed */
const struct pg_stmt API_TO_DECIDE = {
    .name = "API_TO_DECIDE",
    .sql = "select to_decide from feed_to_decide where rota = $1::text",
};

/* $1 rota: of its last 20 rereads, the newest first: id, at, why, lost, gained, other, how many
 * turned; and of the first 500 of each: title, starts_at, ends_at, then class, person and team
 * before and after. A shift that retention has let go is null on both sides. */
const struct pg_stmt API_TURNED = {
    .name = "API_TURNED",
    .sql = "select r.id, r.at, r.why, r.lost, r.gained, r.other, cardinality(r.was), "
	   "coalesce(n.title, o.title), coalesce(n.starts_at, o.starts_at), "
	   "coalesce(n.ends_at, o.ends_at), o.class, o.person, o.team, n.class, n.person, n.team "
	   "from (select * from reread where rota = $1::text order by id desc limit 20) r "
	   "cross join lateral unnest(r.was, r.now) with ordinality as t (was, now, nth) "
	   "left join shift o on o.id = t.was left join shift n on n.id = t.now "
	   "where t.nth <= 500 order by r.id desc, t.nth",
    .timeout_ms = 30000,
};

/* $1 rota, $2 decisions as JSON, $3 account: their ids, in that order */
const struct pg_stmt API_DECISIONS_MAKE = {
    .name = "API_DECISIONS_MAKE",
    .sql = "select decisions_make($1, $2::jsonb, $3)",
    .expects = REFUSES,
};

/* $1 rota, $2 id, $3 account: whether there was one */
const struct pg_stmt API_DECISION_WITHDRAW = {
    .name = "API_DECISION_WITHDRAW",
    .sql = "select decision_withdraw($1, $2, $3)",
    .expects = REFUSES,
};

/* --------------------------------------------------------------------------------- changes */

/* $1 codes that are not in the region in force; of those that once were: code, name, kind,
 * retired_at */
const struct pg_stmt API_PLACES_RETIRED = {
    .name = "API_PLACES_RETIRED",
    .sql = "select code, name, kind, retired_at from places_retired($1)",
};

/* $1 file, $2 origin (null: no file before it), $3 version that the sender has seen (null: not
 * said): version in force (null: none), document, applied_at, applied_by, the file before (null:
 * none), what the sender has seen (null: what is in force); all without addresses */
const struct pg_stmt API_REGION_BASE = {
    .name = "API_REGION_BASE",
    .sql = "select version, document, applied_at, applied_by, base, seen from region_base($1, $2, "
	   "$3)",
    .timeout_ms = 30000,
    .expects = REFUSES,
};

/* $1 document, $2 file as it was sent, $3 origin (null), $4 version it was compared with (null), $5
 * account, $6 kinds of what is renamed, $7 the codes it had, $8 those it gets, $9 rotas and $10
 * people that go, $11 what is known to go with them ("override 12"): version (null: another is in
 * force), applied; or, where something else would go by now, of each what it hangs on
 * ("person:jo"), kind, id, who said it */
const struct pg_stmt API_REGION_PUT = {
    .name = "API_REGION_PUT",
    .sql = "select version, applied, hangs_on, kind, id, by_account "
	   "from region_put($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    .timeout_ms = 50000,
    .expects = REFUSES,
};

/* $1 rotas: rota, SHA-256 of what a file brought last, of what is in force, the import by which a
 * person changed that, by, at */
const struct pg_stmt API_REGION_FILES = {
    .name = "API_REGION_FILES",
    .sql = "select rota, filed, in_force, import, decided_by, decided_at from region_files($1)",
};

/* $1 rotas, $2 people that leave: kind, id, rota, person, words, by, at */
const struct pg_stmt API_REGION_SAID = {
    .name = "API_REGION_SAID",
    .sql = "select kind, id, rota, person, words, by_account, made_at from region_said($1, $2)",
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

/* $1 account, $2 sha256 of the key, $3 sha256 of the request: whether it is the first; else the
 * request and the sealed answer of the first */
const struct pg_stmt API_ANSWER_BEGIN = {
    .name = "API_ANSWER_BEGIN",
    .sql = "select first, request, answer from answer_begin($1, $2, $3)",
};

/* $1 account, $2 sha256 of the key, $3 the sealed answer */
const struct pg_stmt API_ANSWER_KEEP = {
    .name = "API_ANSWER_KEEP",
    .sql = "select answer_keep($1, $2, $3)::text",
};

/* $1 account, $2 sha256 of the key: request, sealed answer; no row if there is none */
const struct pg_stmt API_ANSWER_FIND = {
    .name = "API_ANSWER_FIND",
    .sql = "select request, answer from answer_find($1, $2)",
};

/* $1 account: id, created_at, made_by, expires_at (infinity: never), revoked_at, revoked_by; a row
 * of nulls for an account that never was */
const struct pg_stmt API_ACCOUNT_TOKENS = {
    .name = "API_ACCOUNT_TOKENS",
    .sql = "select t.id, t.created_at, t.made_by, t.expires_at, t.revoked_at, t.revoked_by "
	   "from account a left join token t on t.account = a.name where a.name = $1 "
	   "order by t.created_at, t.id",
};

/* $1 account, $2 by: how many; null for an account that never was */
const struct pg_stmt API_TOKENS_REVOKE_ALL = {
    .name = "API_TOKENS_REVOKE_ALL",
    .sql = "select case when exists (select from account where name = $1) "
	   "then tokens_revoke_all($1, $2) end",
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

/* $1 gaps, $2 account, $3 note: how many of them this call took on */
const struct pg_stmt API_ACKNOWLEDGE_ALL = {
    .name = "API_ACKNOWLEDGE_ALL",
    .sql = "select gap_acknowledge_all($1::text[]::uuid[], $2, $3)",
    .timeout_ms = 20000,
};

/* $1 gaps, $2 account, $3 note: how many had an acknowledgement */
const struct pg_stmt API_TAKE_BACK = {
    .name = "API_TAKE_BACK",
    .sql = "select gap_take_back($1::text[]::uuid[], $2, $3)",
    .timeout_ms = 20000,
};

/* $1 gap, $2 account, $3 note: whether this call did it */
const struct pg_stmt API_ACKNOWLEDGE = {
    .name = "API_ACKNOWLEDGE",
    .sql = "select gap_acknowledge($1::uuid, $2, $3)",
    .expects = REFUSES,
};

/* -------------------------------------------------------------------- overrides and absences */

/* SHIFT_COLUMNS of the type shift_shown, which does not tell what stands as it was last read. */
#define TRIED_COLUMNS                                                                              \
	"rota, id, class, person, team, title, starts_at, ends_at, override, instead, made_at, "   \
	"made_by, note, dispute, third, late, false "

/* $1 rota, $2 person (null: this rota has nobody), $3 instead (null: nobody is replaced), $4 start,
 * $5 end, $6 expires, $7 note (null: none), $8 whether it is late, $9 account: id */
const struct pg_stmt API_OVERRIDE_ADD = {
    .name = "API_OVERRIDE_ADD",
    .sql = "select override_add($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    .expects = REFUSES,
};

/* As API_OVERRIDE_ADD, $10 ends after, $11 starts before: the rota's SHIFT_COLUMNS if it were made
 */
const struct pg_stmt API_OVERRIDE_TRY = {
    .name = "API_OVERRIDE_TRY",
    .sql = "select " TRIED_COLUMNS "from override_add_try($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, "
	   "$11)",
    .expects = REFUSES,
};

/* $1 id, $2 whether those that rest on it may fall into dispute, $3 account */
const struct pg_stmt API_OVERRIDE_WITHDRAW = {
    .name = "API_OVERRIDE_WITHDRAW",
    .sql = "select override_withdraw($1, $2, $3)::text",
    .expects = REFUSES,
};

/* $1 id, $2 account, $3 ends after, $4 starts before: the rota's SHIFT_COLUMNS if it were withdrawn
 */
const struct pg_stmt API_OVERRIDE_WITHDRAW_TRY = {
    .name = "API_OVERRIDE_WITHDRAW_TRY",
    .sql = "select " TRIED_COLUMNS "from override_withdraw_try($1, $2, $3, $4)",
    .expects = REFUSES,
};

#define OVERRIDE_COLUMNS                                                                           \
	"o.id, o.rota, o.person, o.instead, o.starts_at, o.ends_at, o.expires_at, o.note, "        \
	"o.made_at, o.made_by, o.withdrawn_at, o.withdrawn_by, e.standing, e.dispute, e.third, "   \
	"e.at, e.reading, o.nobody, o.late "                                                       \
	"from override o join lateral (select x.* from override_event x where x.override = o.id "  \
	"order by x.id desc limit 1) e on true "

/* $1 rotas, $2 expires after, $3 starts before, $4 after this id, $5 limit: OVERRIDE_COLUMNS */
const struct pg_stmt API_OVERRIDES = {
    .name = "API_OVERRIDES",
    .sql = "select " OVERRIDE_COLUMNS
	   "where o.rota = any($1) and o.expires_at > $2 and o.starts_at < $3 and o.id > $4 "
	   "order by o.id limit $5",
};

/* $1 id: OVERRIDE_COLUMNS */
const struct pg_stmt API_OVERRIDE = {
    .name = "API_OVERRIDE",
    .sql = "select " OVERRIDE_COLUMNS "where o.id = $1",
};

/* $1 person, $2 start, $3 end, $4 account: id */
const struct pg_stmt API_ABSENCE_ADD = {
    .name = "API_ABSENCE_ADD",
    .sql = "select absence_add($1, $2, $3, $4)",
    .expects = REFUSES,
};

/* $1 id, $2 account */
const struct pg_stmt API_ABSENCE_WITHDRAW = {
    .name = "API_ABSENCE_WITHDRAW",
    .sql = "select absence_withdraw($1, $2)::text",
    .expects = REFUSES,
};

#define ABSENCE_COLUMNS                                                                            \
	"id, person, starts_at, ends_at, made_at, made_by, withdrawn_at, withdrawn_by from "       \
	"absence "

/* $1 people, $2 ends after, $3 starts before, $4 after this id, $5 limit: ABSENCE_COLUMNS */
const struct pg_stmt API_ABSENCES = {
    .name = "API_ABSENCES",
    .sql = "select " ABSENCE_COLUMNS "where person = any($1) and ends_at > $2 and starts_at < $3 "
	   "and id > $4 order by id limit $5",
};

/* $1 id: ABSENCE_COLUMNS */
const struct pg_stmt API_ABSENCE = {
    .name = "API_ABSENCE",
    .sql = "select " ABSENCE_COLUMNS "where id = $1",
};
