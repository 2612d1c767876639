#include "server/feeds/feeds_sql.h"

/* A whole calendar at a time. */
#define WRITE_TIMEOUT_MS 15000

/* What a body can bring about that the guards before did not think of: it fails that body, not this
 * process. */
#define NOT_KEPT "23503 23505 23514"

/* Always one row: the region, null if there is no newer one, and the database's clock. */
const struct pg_stmt FEEDS_REGION = {
    .name = "FEEDS_REGION",
    .sql = "select r.version, r.document, clock_timestamp() from (values (1)) always left join "
	   "(select version, document from region where version > $1::bigint "
	   "order by version desc limit 1) r on true",
};

/* One statement, so one instant: where the decisions stand, and all of them that are in force if
 * that is further than $1. The first row has the version; without decisions its others are null. */
const struct pg_stmt FEEDS_DECISIONS = {
    .name = "FEEDS_DECISIONS",
    .sql = "select h.version, d.rota, d.kind, d.words, d.reads, d.person, d.team, "
	   "d.zone from decision_head h left join decision d on d.known_to = 'infinity' "
	   "where h.version > $1::bigint order by d.rota collate \"C\", d.id",
    .timeout_ms = WRITE_TIMEOUT_MS,
};

const struct pg_stmt FEEDS_SPREAD = {
    .name = "FEEDS_SPREAD",
    .sql = "select feeds_spread()",
};

const struct pg_stmt FEEDS_MARK_OUTDATED = {
    .name = "FEEDS_MARK_OUTDATED",
    .sql = "select feeds_outdated($1, $2, $3) + imports_outdated($1, $2, $3)",
};

const struct pg_stmt FEEDS_CLAIM = {
    .name = "FEEDS_CLAIM",
    .sql = "select c.rota, c.claim, c.kind = 'ical_url', c.url, c.etag, c.last_modified, c.body, "
	   "c.format = 'text/csv', c.read_with, c.seen_body, c.seen_with, c.held_body, "
	   "c.whole_due, coalesce(f.clock_off, 0), f.rules "
	   "from feeds_claim($1::integer, $2::bigint, $3::bigint) c left join feed f on f.rota = "
	   "c.rota",
};

const struct pg_stmt FEEDS_CLOCK = {
    .name = "FEEDS_CLOCK",
    .sql = "select feeds_clock($1::text, $2::bigint, nullif($3::integer, 0))",
};

/* Beside FEEDS_ROWS, which has a row for each shift: what is remembered of the calendar. $2: the
 * first day of those that the fullest readings are counted from. */
const struct pg_stmt FEEDS_VERSIONS = {
    .name = "FEEDS_VERSIONS",
    .sql = "select versions, address_content, listed_over_at, dropped, dropped_start, "
	   "feeds_fullest($1::text, interval '24 hours', $2::integer), "
	   "feeds_fullest($1::text, interval '7 days', $2::integer) "
	   "from feed where rota = $1::text",
    .timeout_ms = WRITE_TIMEOUT_MS,
};

const struct pg_stmt FEEDS_BODY = {
    .name = "FEEDS_BODY",
    .sql = "select bytes from body where sha256 = $1",
};

/* One statement, so one instant: the reading, and exactly the rows that are in force with it; the
 * last columns are the body they come from and, while an upload stands instead of the address, when
 * it was confirmed. Rows before the window are the past and are not compared; of those only the
 * keys are wanted that the new reading uses again. What was typed in beside the feed is not the
 * feed's to supersede. */
const struct pg_stmt FEEDS_ROWS = {
    .name = "FEEDS_ROWS",
    .sql = "select f.reading, s.id, s.key, s.starts_at, s.ends_at, s.class, s.person, s.title, "
	   "s.team, f.body, u.decided_at, coalesce(s.last_read_at is not null, false) from feed f "
	   "left join import u on u.id = f.upload left "
	   "join shift s on s.rota = f.rota and s.known_to = "
	   "'infinity' "
	   "and s.reading is not null and (s.ends_at > $2 or s.key = any ($3)) "
	   "where f.rota = $1::text",
    .timeout_ms = WRITE_TIMEOUT_MS,
};

const struct pg_stmt FEEDS_COUNT_ATTEMPT = {
    .name = "FEEDS_COUNT_ATTEMPT",
    .sql = "select feeds_attempt($1::text, $2)",
};

const struct pg_stmt FEEDS_FORGET_ATTEMPT = {
    .name = "FEEDS_FORGET_ATTEMPT",
    .sql = "select feeds_attempt_forget($1::text, $2)",
};

const struct pg_stmt FEEDS_GOOD = {
    .name = "FEEDS_GOOD",
    .sql = "select feeds_good($1::text, $2::bigint, $3, $4, $5::text, $6::text, $7::boolean)",
};

const struct pg_stmt FEEDS_STILL_HELD = {
    .name = "FEEDS_STILL_HELD",
    .sql = "select feeds_still_held($1::text, $2::bigint, $3, $4::boolean)",
};

const struct pg_stmt FEEDS_FAILED = {
    .name = "FEEDS_FAILED",
    .sql = "select feeds_failed($1::text, $2::bigint, $3::text, $4)",
};

const struct pg_stmt FEEDS_REREAD_FAILED = {
    .name = "FEEDS_REREAD_FAILED",
    .sql = "select feeds_reread_failed($1::text, $2::bigint, $3)",
};

const struct pg_stmt FEEDS_RELEASE = {
    .name = "FEEDS_RELEASE",
    .sql = "select feeds_release($1::text, $2::bigint, $3::integer)",
};

const struct pg_stmt FEEDS_APPLY = {
    .name = "FEEDS_APPLY",
    .sql = "select feeds_apply_turned($1::text, $2::bigint, $3::bigint, $4, $5, $6, $7::jsonb, "
	   "$8::boolean, $9::text, $10::text, $11, $12, $13, $14, $15, $16, $17, $18)",
    .timeout_ms = WRITE_TIMEOUT_MS,
    .expects = NOT_KEPT,
};

const struct pg_stmt FEEDS_HOLD = {
    .name = "FEEDS_HOLD",
    .sql = "select feeds_held_ruled($1::text, $2::bigint, $3::bigint, $4, $5, $6, $7::jsonb, "
	   "$8::text, "
	   "$9::jsonb, $10, $11, $12, $13, $14, $15, $16, $17)",
    .timeout_ms = WRITE_TIMEOUT_MS,
    .expects = NOT_KEPT,
};

const struct pg_stmt FEEDS_TELL_STALE = {
    .name = "FEEDS_TELL_STALE",
    .sql = "select (extract(epoch from feeds_tell_stale() - clock_timestamp()) * 1000)::bigint",
};

const struct pg_stmt FEEDS_CLAIM_IMPORTS = {
    .name = "FEEDS_CLAIM_IMPORTS",
    .sql = "select id, rota, format = 'text/csv', body, bytes, claim "
	   "from imports_claim($1::integer, $2::bigint, $3::bigint)",
};

const struct pg_stmt FEEDS_IMPORT_STEP = {
    .name = "FEEDS_IMPORT_STEP",
    .sql = "select import_step($1::bigint, $2::text, $3::integer)",
};

const struct pg_stmt FEEDS_REFUSE_IMPORT = {
    .name = "FEEDS_REFUSE_IMPORT",
    .sql = "select import_refused($1::bigint, $2::bigint, $3::text, $4, $5::jsonb)",
};

const struct pg_stmt FEEDS_PREVIEW_IMPORT = {
    .name = "FEEDS_PREVIEW_IMPORT",
    /* An upload that was held up must not come over a later one of its rota. What is put in force
     * after this has looked changes the base, and is seen by the next try. */
    .sql = "select case when exists (select from import i join import later on later.rota = "
	   "i.rota and later.id > i.id and later.state in ('applied', 'undone') where i.id = "
	   "$1::bigint and i.mode <> 'ask') "
	   "then case import_refused($1::bigint, $2::bigint, 'A later upload of this rota has "
	   "been put in force meanwhile, so this one was not. Send it again if it is to count.', "
	   "$4, $5::jsonb) when 'done' then 'overtaken' else 'gone' end "
	   "else import_preview_ruled($1::bigint, $2::bigint, $3::bigint, $4, $5::jsonb, "
	   "$6::boolean, $7::text, $8::jsonb, $9, $10, $11, $12, $13, $14, $15, $16) end",
    .timeout_ms = WRITE_TIMEOUT_MS,
    .expects = NOT_KEPT,
};
