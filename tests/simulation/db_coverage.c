/* SPDX-License-Identifier: MIT */
/* The statements of coverage, answered as by server/coverage/sql and migrations/0005_map.sql. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/coverage/coverage_sql.h"
#include "server/model/freshness.h"
#include "tests/simulation/db.h"
#include "tests/simulation/host.h"
#include "tests/simulation/sim.h"

#define SECOND INT64_C(1000000)
#define DAY_US (INT64_C(86400) * SECOND)

static int64_t
us_of(int64_t seconds)
{
	return seconds == PG_INFINITY || seconds == PG_MINUS_INFINITY ? seconds : seconds * SECOND;
}

static int64_t
earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static bool
in_force(const struct db_shift *shift)
{
	return shift->to_us == PG_INFINITY;
}

/* --------------------------------------------------------------------------------------- look */

static struct pg_rows *
look(const struct db *db, const struct pg_args *args)
{
	int64_t now = db_now_us(), stale = args->items[0].number, next,
		due = db_gaps_due(db, now, &next);
	struct pg_rows *rows = rows_new();

	for (size_t i = 0; i < db->demands.count; i++)
		if (!db->demands.items[i].retired)
			next = earlier(next, db->demands.items[i].next_us);
	for (int rota = 0; rota < DB_ROTAS; rota++) {
		int64_t good = db->source[rota].last_good_us;

		if (db->source[rota].ages && good != PG_NULL_INT8 &&
		    good / SECOND >= now / SECOND - stale)
			next = earlier(next, (good / SECOND + stale + 1) * SECOND);
	}
	rows_add(rows);
	rows_time_us(rows, now);
	rows_int(rows, db->region);
	rows_int(rows, due);
	rows_time_us(rows, next);
	/* The fault: a region that was taken once counts as taken from then on. */
	rows_int(rows, sim_faulty("region-once") ? db->region : db->head_region);
	return rows;
}

static struct pg_rows *
read_region(const struct pg_args *args)
{
	struct pg_rows *rows = rows_new();

	rows_add(rows);
	/* The regions of this world differ in more than can be patched in. */
	rows_text(rows, NULL);
	rows_text(rows, region_document(args->items[0].number));
	return rows;
}

static struct pg_rows *
remind(struct db *db)
{
	struct pg_rows *rows = rows_new();

	rows_add(rows);
	rows_int(rows, db_gaps_tell_due(db));
	return rows;
}

/* ---------------------------------------------------------------------------------- the region */

bool
db_region_complete(const struct db *db, int64_t region)
{
	for (size_t i = 0; i < db->demands.count; i++)
		if (!db->demands.items[i].retired && db->demands.items[i].region_version < region)
			return false;
	return true;
}

static void
close_gap(struct db_gap *gap)
{
	gap->closed = true;
	gap->closed_us = db_now_us();
	gap->remind_us = PG_INFINITY;
}

static int64_t
close_gaps_of(struct db *db, int demand)
{
	int64_t flags = 0;

	for (size_t i = 0; i < db->gaps.count; i++) {
		struct db_gap *gap = &db->gaps.items[i];

		if (gap->demand != demand)
			continue;
		if (gap->settle_us != PG_INFINITY) {
			gap->settle_us = PG_INFINITY;
			db_flag_add(db, "closed", gap);
			flags++;
		}
		if (!gap->closed) {
			close_gap(gap);
			if (gap->told) {
				db_flag_add(db, "closed", gap);
				flags++;
			}
		}
		if (*gap->group != '\0')
			db_group_note(db, gap->group, false, db_now_us(), 0);
	}
	return flags;
}

/* The past of a retired demand is not modelled: its spans in force are dropped. */
static int64_t
retire(struct db *db, int demand, int64_t region)
{
	struct db_demand *gone = &db->demands.items[demand];

	gone->retired = true;
	gone->version++;
	gone->next_us = PG_INFINITY;
	gone->region_version = region;
	for (size_t i = 0; i < db->spans.count;)
		if (db->spans.items[i].demand == demand)
			db->spans.items[i] = db->spans.items[--db->spans.count];
		else
			i++;
	return close_gaps_of(db, demand);
}

static bool
listed(const struct pg_args *args, const struct db_demand *demand)
{
	for (size_t i = 0; i < args->items[1].count; i++)
		if (strcmp(args->items[1].texts[i], demand->requirement) == 0 &&
		    strcmp(args->items[2].texts[i], demand->place) == 0)
			return true;
	return false;
}

static void
begin_demand(struct db *db, const char *requirement, const char *place)
{
	int known = db_demand_of(db, requirement, place);
	struct db_demand *demand;

	if (known >= 0) {
		db->demands.items[known].retired = false;
		return;
	}
	demand = DB_PUSH(&db->demands);
	demand->next_us = PG_MINUS_INFINITY;
	snprintf(demand->requirement, DB_NAME, "%s", requirement);
	snprintf(demand->place, DB_NAME, "%s", place);
}

static struct pg_rows *
take_region(struct db *db, const struct pg_args *args)
{
	int64_t region = args->items[0].number, retired = 0, flags = 0;
	struct pg_rows *rows = rows_new();
	bool complete;

	rows_add(rows);
	if (region != db->region) {
		rows_text(rows, "stale");
		rows_int(rows, 0);
		rows_int(rows, 0);
		return rows;
	}
	for (size_t i = 0; i < args->items[1].count; i++)
		begin_demand(db, args->items[1].texts[i], args->items[2].texts[i]);
	for (size_t i = 0; i < db->demands.count; i++) {
		struct db_demand *demand = &db->demands.items[i];

		if (demand->retired)
			continue;
		if (!listed(args, demand)) {
			flags += retire(db, (int)i, region);
			retired++;
		} else if (demand->region_version < region &&
			   demand->next_us != PG_MINUS_INFINITY) {
			demand->next_us = PG_MINUS_INFINITY;
			demand->version++;
		}
	}
	complete = db->head_region < region && db_region_complete(db, region);
	if (retired > 0 || complete)
		db->head_version++;
	if (complete)
		db->head_region = region;
	if (flags > 0)
		fake_pg_notify(db_primary_node(), "flags_filled");
	rows_text(rows, "done");
	rows_int(rows, retired);
	rows_int(rows, flags);
	return rows;
}

/* ------------------------------------------------------------------------------------- sources */

static int64_t
trunc_or_never(int64_t horizon)
{
	return horizon == PG_NULL_INT8 ? PG_MINUS_INFINITY : horizon;
}

static int64_t
trusted_until(const struct db *db, int rota, int64_t now, int64_t stale)
{
	int64_t good = db->source[rota].last_good_us;

	if (!db->source[rota].ages)
		return PG_INFINITY;
	if (good == PG_NULL_INT8)
		return PG_MINUS_INFINITY;
	return now - good / SECOND > stale ? good / SECOND + stale : PG_INFINITY;
}

/* coverage_sources_changed */
bool
db_source_changed(const struct db *db, int rota, int64_t now, int64_t stale)
{
	return db->seen[rota].horizon != trunc_or_never(db->source[rota].horizon) ||
	       db->seen[rota].trusted != trusted_until(db, rota, now, stale);
}

static void
put_source(struct pg_rows *rows, const struct db *db, int rota)
{
	rows_int(rows, db->source[rota].ages);
	rows_time_us(rows, db->source[rota].last_good_us);
	rows_time(rows, db->source[rota].horizon);
}

/* --------------------------------------------------------------------------------------- marks */

static void
put_marked(struct pg_rows *rows, const struct db *db)
{
	bool done[DB_ROTAS] = {false};

	for (int round = 0; round < DB_ROTAS; round++) {
		int first = -1;

		for (int rota = 0; rota < DB_ROTAS; rota++)
			if (db->dirty[rota].n > 0 && !done[rota] &&
			    (first < 0 || db->dirty[rota].since_us < db->dirty[first].since_us))
				first = rota;
		if (first < 0)
			return;
		done[first] = true;
		rows_add(rows);
		rows_int(rows, 0);
		rows_text(rows, db_rota_name(first));
		rows_int(rows, db->dirty[first].n);
		rows_null(rows);
		put_source(rows, db, first);
	}
}

static void
put_moved_sources(struct pg_rows *rows, const struct db *db, const struct pg_args *args)
{
	for (int rota = 0; rota < DB_ROTAS; rota++) {
		if (!db_source_changed(db, rota, args->items[0].number, args->items[3].number))
			continue;
		rows_add(rows);
		rows_int(rows, 1);
		rows_text(rows, db_rota_name(rota));
		rows_int(rows, 0);
		rows_null(rows);
		put_source(rows, db, rota);
	}
}

static bool
holds_cover(const struct db *db, int rota, int person, int64_t from)
{
	for (size_t i = 0; i < db->shifts.count; i++) {
		const struct db_shift *shift = &db->shifts.items[i];

		if (shift->rota == rota && shift->person == person && shift->class == DB_NAMED &&
		    in_force(shift) && shift->end > from)
			return true;
	}
	return false;
}

static void
put_elsewhere(struct pg_rows *rows, const struct db *db, int64_t from)
{
	for (size_t i = 0; i < db->shifts.count; i++) {
		const struct db_shift *away = &db->shifts.items[i];
		int64_t since = db->dirty[away->rota].since_us - DAY_US;

		if (away->class != DB_ABSENCE || db->dirty[away->rota].n == 0 ||
		    away->to_us <= since || (away->from_us <= since && in_force(away)) ||
		    away->end <= from)
			continue;
		for (int rota = 0; rota < DB_ROTAS; rota++) {
			if (!holds_cover(db, rota, away->person, from))
				continue;
			rows_add(rows);
			rows_int(rows, 2);
			rows_text(rows, db_rota_name(rota));
			rows_int(rows, 0);
			rows_text(rows, db_rota_name(away->rota));
			for (int i2 = 0; i2 < 3; i2++)
				rows_null(rows);
		}
	}
}

static void
put_due(struct pg_rows *rows, const struct db *db, int64_t now, int64_t limit)
{
	for (size_t i = 0; i < db->demands.count && limit > 0; i++) {
		const struct db_demand *demand = &db->demands.items[i];

		if (demand->retired || demand->next_us > us_of(now))
			continue;
		limit--;
		rows_add(rows);
		rows_int(rows, 3);
		rows_text(rows, demand->requirement);
		rows_int(rows, 0);
		rows_text(rows, demand->place);
		for (int i2 = 0; i2 < 3; i2++)
			rows_null(rows);
	}
}

/* The kinds in any order. Nothing in this world is limited. */
static struct pg_rows *
marks(const struct db *db, const struct pg_args *args, bool sources)
{
	struct pg_rows *rows = rows_new();
	bool due_first = sim_odds(2);

	if (due_first)
		put_due(rows, db, args->items[0].number, args->items[2].number);
	if (sources)
		put_moved_sources(rows, db, args);
	put_elsewhere(rows, db, args->items[1].number);
	put_marked(rows, db);
	if (!due_first)
		put_due(rows, db, args->items[0].number, args->items[2].number);
	return rows;
}

/* ----------------------------------------------------------------------------- the map as it is */

static void
put_state(struct pg_rows *rows, int64_t kind, int64_t n, int64_t version)
{
	rows_add(rows);
	rows_int(rows, kind);
	rows_int(rows, n);
	rows_int(rows, version);
}

static void
put_no_gap(struct pg_rows *rows)
{
	rows_null(rows);
	rows_int(rows, 0);
	rows_null(rows);
	rows_null(rows);
	rows_int(rows, 0);
	rows_null(rows);
}

static void
put_span(struct pg_rows *rows, int64_t n, const struct db_span *span)
{
	put_state(rows, 1, n, 0);
	rows_null(rows);
	rows_time(rows, span->start);
	rows_time(rows, span->end);
	rows_text(rows, span->state);
	rows_text(rows, span->cause);
	rows_int(rows, span->present);
	rows_int(rows, span->required);
	rows_numbers(rows, span->shifts, span->nshifts);
	rows_null(rows);
	rows_int(rows, 0);
	rows_int(rows, 0);
	put_no_gap(rows);
}

static void
put_gap(struct pg_rows *rows, int64_t n, const struct db_gap *gap)
{
	char id[24];

	snprintf(id, sizeof id, "%" PRId64, gap->id);
	put_state(rows, 2, n, 0);
	rows_text(rows, id);
	rows_time(rows, gap->start);
	rows_time(rows, gap->end);
	rows_text(rows, gap->state);
	rows_text(rows, gap->cause);
	rows_int(rows, gap->present);
	rows_int(rows, gap->required);
	rows_null(rows);
	rows_text(rows, gap->severity);
	rows_int(rows, gap->started);
	rows_int(rows, gap->told);
	rows_time_us(rows, gap->closed ? gap->closed_us : PG_NULL_INT8);
	rows_int(rows, gap->settle_us != PG_INFINITY);
	rows_time_us(rows, gap->alarmed_before_us != PG_NULL_INT8
			       ? gap->alarmed_before_us + 3600 * SECOND
			       : PG_NULL_INT8);
	rows_text(rows, gap->acknowledged ? gap->acknowledged_as : NULL);
	rows_int(rows, gap->alerts_sent);
	rows_text(rows, *gap->group != '\0' ? gap->group : NULL);
}

/* Open, or filled recently. */
static bool
gap_counts(const struct db_gap *gap, int64_t after)
{
	return !gap->closed || (!gap->passed && gap->closed_us > us_of(after));
}

static int
span_order(const void *a, const void *b)
{
	const struct db_span *left = *(const struct db_span *const *)a,
			     *right = *(const struct db_span *const *)b;

	return left->start < right->start ? -1 : left->start > right->start;
}

static void
put_spans_of(struct pg_rows *rows, const struct db *db, int demand, int64_t n, int64_t from)
{
	const struct db_span **found = xcalloc(db->spans.count, sizeof(struct db_span *));
	size_t count = 0;

	for (size_t i = 0; i < db->spans.count; i++)
		if (db->spans.items[i].demand == demand && db->spans.items[i].end > from)
			found[count++] = &db->spans.items[i];
	qsort(found, count, sizeof(struct db_span *), span_order);
	for (size_t i = 0; i < count; i++)
		put_span(rows, n, found[i]);
	free(found);
}

static struct pg_rows *
state(const struct db *db, const struct pg_args *args)
{
	const struct pg_arg *requirements = &args->items[0], *places = &args->items[1];
	struct pg_rows *rows = rows_new();
	int *demands = xcalloc(requirements->count, sizeof *demands);

	for (size_t i = 0; i < requirements->count; i++) {
		int demand = db_demand_of(db, requirements->texts[i], places->texts[i]);

		demands[i] = demand >= 0 && !db->demands.items[demand].retired ? demand : -1;
		if (demands[i] < 0)
			continue;
		put_state(rows, 0, (int64_t)i + 1, db->demands.items[demand].version);
		rows_null(rows);
		/* The fault: the sweep has only the clock of the look. */
		rows_time_us(
		    rows, sim_faulty("clock-of-the-look") ? PG_MINUS_INFINITY : db_now_us());
		for (int column = 5; column < 14; column++)
			rows_null(rows);
		put_no_gap(rows);
	}
	for (size_t i = 0; i < requirements->count; i++)
		if (demands[i] >= 0)
			put_spans_of(rows, db, demands[i], (int64_t)i + 1, args->items[2].number);
	for (size_t i = 0; i < requirements->count; i++)
		for (size_t j = 0; j < db->gaps.count; j++)
			if (db->gaps.items[j].demand == demands[i] && demands[i] >= 0 &&
			    gap_counts(&db->gaps.items[j], args->items[3].number))
				put_gap(rows, (int64_t)i + 1, &db->gaps.items[j]);
	free(demands);
	return rows;
}

/* -------------------------------------------------------------------------------------- shifts */

static const char *class_name(enum db_class class)
{
	static const char *const names[] = {"named", "team", "nobody", "undecided", "absence"};

	return names[class];
}

static void
put_shift(struct pg_rows *rows, int64_t n, const struct db_shift *shift)
{
	bool absence = shift->class == DB_ABSENCE;

	rows_add(rows);
	rows_int(rows, absence ? 2 : 1);
	rows_int(rows, n);
	rows_int(rows, shift->id);
	rows_text(rows, class_name(shift->class));
	rows_text(rows, db_person_name(shift->person));
	if (absence)
		rows_text(rows, db_rota_name(shift->rota));
	else
		rows_text(rows, shift->class == DB_TEAM ? "Hub" : NULL);
	rows_time(rows, shift->start);
	rows_time(rows, shift->end);
	rows_int(rows, 0);
	/* Neither a source nor an override: those are not simulated. */
	for (int column = 9; column < 14; column++)
		rows_null(rows);
}

static int
shift_order(const void *a, const void *b)
{
	const struct db_shift *left = *(const struct db_shift *const *)a,
			      *right = *(const struct db_shift *const *)b;

	if (left->start != right->start)
		return left->start < right->start ? -1 : 1;
	if (left->end != right->end)
		return left->end < right->end ? -1 : 1;
	return left->id < right->id ? -1 : left->id > right->id;
}

/* The shifts of one rota (or, -1, every absence) in the order of the statement. */
static void
put_shifts_of(
    struct pg_rows *rows, const struct db *db, int rota, int64_t n, int64_t from, int64_t to)
{
	const struct db_shift **found = xcalloc(db->shifts.count, sizeof(struct db_shift *));
	size_t count = 0;

	for (size_t i = 0; i < db->shifts.count; i++) {
		const struct db_shift *shift = &db->shifts.items[i];

		if (in_force(shift) && shift->end > from && shift->start < to &&
		    (rota < 0 ? shift->class == DB_ABSENCE
			      : shift->rota == rota && shift->class != DB_ABSENCE))
			found[count++] = shift;
	}
	qsort(found, count, sizeof(struct db_shift *), shift_order);
	for (size_t i = 0; i < count; i++)
		put_shift(rows, n, found[i]);
	free(found);
}

/* The fault: whatever a sweep uses counts as seen. */
static void
put_seen(struct pg_rows *rows, const struct db *db, int rota)
{
	bool faulty = sim_faulty("used-is-seen");

	rows_time(rows, faulty ? trunc_or_never(db->source[rota].horizon) : db->seen[rota].horizon);
	rows_time(rows, faulty
			    ? trusted_until(db, rota, db_now_us() / SECOND, FRESHNESS_STALE_SECONDS)
			    : db->seen[rota].trusted);
}

static bool
is_left_empty_by(const struct db_gap *gap, const char *rota)
{
	size_t length = strlen(rota);

	return !gap->closed && strncmp(gap->group, rota, length) == 0 &&
	       strncmp(gap->group + length, ".empty", strlen(".empty")) == 0;
}

/* Gap by gap: the statement puts those together that overlap. No rota here has a dot in its name. */
static void
put_groups_of(struct pg_rows *rows, const struct db *db, const char *rota, int64_t n, int64_t to)
{
	for (size_t i = 0; i < db->gaps.count; i++) {
		const struct db_gap *gap = &db->gaps.items[i];

		if (!is_left_empty_by(gap, rota) || gap->start >= to)
			continue;
		rows_add(rows);
		rows_int(rows, 4);
		rows_int(rows, n);
		rows_int(rows, 0);
		rows_null(rows);
		rows_null(rows);
		rows_text(rows, gap->group);
		rows_time(rows, gap->start);
		rows_time(rows, gap->end);
		rows_int(rows, 0);
		for (int column = 9; column < 14; column++)
			rows_null(rows);
	}
}

static struct pg_rows *
shifts(const struct db *db, const struct pg_args *args)
{
	const struct pg_arg *rotas = &args->items[0];
	struct pg_rows *rows = rows_new();

	for (size_t i = 0; i < rotas->count; i++) {
		rows_add(rows);
		rows_int(rows, 0);
		rows_int(rows, (int64_t)i + 1);
		rows_int(rows, 0);
		for (int column = 3; column < 6; column++)
			rows_null(rows);
		put_seen(rows, db, db_rota_of(rotas->texts[i]));
		put_source(rows, db, db_rota_of(rotas->texts[i]));
		for (int column = 11; column < 14; column++)
			rows_null(rows);
	}
	for (size_t i = 0; i < rotas->count; i++)
		put_shifts_of(rows, db, db_rota_of(rotas->texts[i]), (int64_t)i + 1,
		    args->items[1].number, args->items[2].number);
	/* Absences of people who have no shift there change nothing; the statement leaves them out. */
	put_shifts_of(rows, db, -1, 0, args->items[1].number, args->items[2].number);
	for (size_t i = 0; i < rotas->count; i++)
		put_groups_of(rows, db, rotas->texts[i], (int64_t)i + 1, args->items[2].number);
	return rows;
}

struct pg_rows *
db_run_coverage(
    struct db *db, const struct pg_stmt *stmt, const struct pg_args *args, enum status *st)
{
	(void)st;
	if (stmt == &COVERAGE_LOOK)
		return look(db, args);
	if (stmt == &COVERAGE_READ_REGION)
		return read_region(args);
	if (stmt == &COVERAGE_TAKE_REGION)
		return take_region(db, args);
	if (stmt == &COVERAGE_REMIND)
		return remind(db);
	if (stmt == &COVERAGE_MARKS || stmt == &COVERAGE_MARKS_SOURCES)
		return marks(db, args, stmt == &COVERAGE_MARKS_SOURCES);
	if (stmt == &COVERAGE_STATE)
		return state(db, args);
	if (stmt == &COVERAGE_SHIFTS)
		return shifts(db, args);
	INVARIANT(stmt == &COVERAGE_COMMIT);
	return db_commit(db, args);
}
