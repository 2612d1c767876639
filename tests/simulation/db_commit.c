/* SPDX-License-Identifier: MIT */
/* coverage_commit of migrations/0005_map.sql. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/coverage/kinds.h"
#include "server/model/gap.h"
#include "tests/simulation/db.h"
#include "tests/simulation/db_commit_args.h"
#include "tests/simulation/host.h"
#include "tests/simulation/sim.h"

#define SETTLES_US (GAP_REOPEN_SECONDS * 1000000)

static bool
unmoved(struct commit *commit)
{
	INVARIANT(count_of(commit, A_DEMANDS) <= DB_DEMANDS);
	for (size_t i = 0; i < count_of(commit, A_DEMANDS); i++) {
		int demand =
		    db_demand_of(commit->db, text(commit, A_DEMANDS, i, DEMAND_REQUIREMENT),
			text(commit, A_DEMANDS, i, DEMAND_PLACE));

		commit->demands[i] = demand;
		if (demand < 0 || commit->db->demands.items[demand].retired)
			return false;
		if (commit->db->demands.items[demand].version !=
			number(commit, A_DEMANDS, i, DEMAND_VERSION) &&
		    !sim_faulty("no-versions"))
			return false;
	}
	return true;
}

static bool
busy(const struct commit *commit)
{
	const struct db *db = commit->db;

	for (int rota = 0; rota < DB_ROTAS; rota++)
		if (db->dirty[rota].n > 0 || db_source_changed(db, rota, commit->args[A_NOW].number,
						 commit->args[A_STALE].number))
			return true;
	for (size_t i = 0; i < count_of(commit, A_DEMANDS); i++)
		if (db->demands.items[commit->demands[i]].next_us <= db_now_us())
			return true;
	return false;
}

/* ---------------------------------------------------------------------------------------- spans */

static void
end_spans(struct commit *commit)
{
	struct db *db = commit->db;

	for (size_t i = 0; i < count_of(commit, A_ENDED); i++)
		for (size_t j = 0; j < db->spans.count; j++)
			if (db->spans.items[j].demand == demand_at(commit, A_ENDED, i) &&
			    db->spans.items[j].start == number(commit, A_ENDED, i, ENDED_START)) {
				db->spans.items[j] = db->spans.items[--db->spans.count];
				commit->ended++;
				break;
			}
}

static void
read_shifts(const struct record_field *shifts, struct db_span *span)
{
	for (size_t i = 0;
	     i < shifts->count && span->nshifts < sizeof span->shifts / sizeof *span->shifts; i++)
		span->shifts[span->nshifts++] = shifts->numbers[i];
}

static void
begin_spans(struct commit *commit)
{
	struct db *db = commit->db;

	for (size_t i = 0; i < count_of(commit, A_BEGUN); i++) {
		int demand = demand_at(commit, A_BEGUN, i);
		struct db_span *span;

		for (size_t j = 0; j < db->spans.count; j++)
			if (db->spans.items[j].demand == demand &&
			    db->spans.items[j].start == number(commit, A_BEGUN, i, SPAN_START))
				sim_fail("two spans in force of demand %d at %" PRId64, demand,
				    db->spans.items[j].start);
		span = DB_PUSH(&db->spans);
		span->demand = demand;
		span->start = number(commit, A_BEGUN, i, SPAN_START);
		span->end = number(commit, A_BEGUN, i, SPAN_END);
		span->present = number(commit, A_BEGUN, i, SPAN_PRESENT);
		span->required = number(commit, A_BEGUN, i, SPAN_REQUIRED);
		snprintf(
		    span->state, sizeof span->state, "%s", text(commit, A_BEGUN, i, SPAN_STATE));
		snprintf(
		    span->cause, sizeof span->cause, "%s", text(commit, A_BEGUN, i, SPAN_CAUSE));
		read_shifts(arg_field(&commit->args[A_BEGUN], i, SPAN_SHIFTS), span);
		commit->written++;
	}
}

/* ----------------------------------------------------------------------------------------- gaps */

static struct db_gap *
gap_by_id(struct db *db, int64_t id)
{
	for (size_t i = 0; i < db->gaps.count; i++)
		if (db->gaps.items[i].id == id)
			return &db->gaps.items[i];
	return NULL;
}

static void
touch_group(struct commit *commit, const char *id)
{
	if (*id == '\0')
		return;
	for (size_t i = 0; i < commit->ngroups; i++)
		if (strcmp(commit->groups[i].id, id) == 0)
			return;
	INVARIANT(commit->ngroups < GROUPS);
	snprintf(commit->groups[commit->ngroups].id, sizeof commit->groups->id, "%s", id);
	commit->groups[commit->ngroups].known = 0;
	commit->groups[commit->ngroups++].led = false;
}

/* Gaps that follow their group, and those in no group that join one without a flag. */
static void
note_known(struct commit *commit, struct db_gap *gap, const struct db_gap *was, size_t i)
{
	bool follows = (number(commit, A_GAPS, i, GAP_MARKS) & MARK_FOLLOWS) != 0;

	if (follows)
		db_gap_follow(commit->db, gap);
	else if (was == NULL || !was->told || was->closed || *was->group != '\0' ||
		 *gap->group == '\0' || text(commit, A_GAPS, i, GAP_FLAG) != NULL)
		return;
	for (size_t n = 0; n < commit->ngroups; n++)
		if (strcmp(commit->groups[n].id, gap->group) == 0)
			commit->groups[n].known++;
}

static void
set_alarm(struct commit *commit, struct db_gap *gap, size_t i, bool opens)
{
	const char *flag = text(commit, A_GAPS, i, GAP_FLAG);

	if (flag == NULL || strcmp(flag, "opened") != 0)
		return;
	if (!opens)
		gap->alarmed_before_us = gap->alarmed_us;
	gap->alarmed_us = commit->moment;
}

static void
set_gap(struct commit *commit, struct db_gap *gap, size_t i, bool opens)
{
	struct db_gap was = *gap;
	int64_t marks = number(commit, A_GAPS, i, GAP_MARKS), remind;
	const char *group = text(commit, A_GAPS, i, GAP_GROUP);

	group = group != NULL ? group : "";
	gap->start = number(commit, A_GAPS, i, GAP_START);
	gap->end = number(commit, A_GAPS, i, GAP_END);
	gap->present = number(commit, A_GAPS, i, GAP_PRESENT);
	gap->required = number(commit, A_GAPS, i, GAP_REQUIRED);
	gap->alerts_sent = number(commit, A_GAPS, i, GAP_ALERTS_SENT);
	snprintf(gap->state, sizeof gap->state, "%s", text(commit, A_GAPS, i, GAP_STATE));
	snprintf(gap->cause, sizeof gap->cause, "%s", text(commit, A_GAPS, i, GAP_CAUSE));
	snprintf(gap->severity, sizeof gap->severity, "%s", text(commit, A_GAPS, i, GAP_SEVERITY));
	snprintf(gap->group, sizeof gap->group, "%s", group);
	gap->started = (marks & MARK_STARTED) != 0;
	gap->told = (marks & MARK_TOLD) != 0;
	gap->closed = (marks & MARK_CLOSES) != 0;
	gap->passed = gap->closed && (marks & MARK_PASSED) != 0;
	gap->closed_us = gap->closed ? commit->moment : PG_NULL_INT8;
	gap->settle_us = (marks & MARK_HELD) != 0 ? commit->moment + SETTLES_US : PG_INFINITY;
	gap->lead =
	    *group == '\0' || (!opens && was.lead && strcmp(was.group, group) == 0 && !was.closed);
	set_alarm(commit, gap, i, opens);
	remind = db_gap_remind_at(gap, commit->moment);
	if (!opens && remind != PG_INFINITY && strcmp(was.severity, gap->severity) == 0 &&
	    was.remind_us != PG_INFINITY)
		remind = was.remind_us;
	gap->remind_us = remind;
	touch_group(commit, gap->group);
	if (!opens)
		touch_group(commit, was.group);
	note_known(commit, gap, opens ? NULL : &was, i);
}

static void
step_gaps(struct commit *commit, int64_t *ids)
{
	struct db *db = commit->db;

	for (size_t i = 0; i < count_of(commit, A_GAPS); i++) {
		const char *id = text(commit, A_GAPS, i, GAP_ID);
		bool reopens = (number(commit, A_GAPS, i, GAP_MARKS) & MARK_REOPENS) != 0;
		struct db_gap *gap;

		if (id == NULL) {
			gap = DB_PUSH(&db->gaps);
			gap->id = db_next_number();
			gap->demand = demand_at(commit, A_GAPS, i);
			gap->alarmed_us = gap->alarmed_before_us = PG_NULL_INT8;
		} else {
			gap = gap_by_id(db, strtoll(id, NULL, 10));
			if (gap == NULL || gap->closed != reopens) {
				sim_fail("a step of gap %s, which is not %s", id,
				    reopens ? "closed" : "open");
				return;
			}
		}
		commit->opened += id == NULL || reopens;
		set_gap(commit, gap, i, id == NULL);
		commit->closed += gap->closed;
		ids[i] = gap->id;
	}
}

static void
elect_leaders(struct commit *commit, bool complete)
{
	struct db *db = commit->db;

	/* A region that retires demands may have taken leaders with them. */
	for (size_t i = 0; complete && i < db->gaps.count; i++)
		if (!db->gaps.items[i].closed && *db->gaps.items[i].group != '\0' &&
		    db_group_headless(db, db->gaps.items[i].group))
			touch_group(commit, db->gaps.items[i].group);
	for (size_t i = 0; i < commit->ngroups; i++)
		db_group_elect(db, commit->groups[i].id, commit->moment);
}

static void
note_led(struct commit *commit, const struct db_gap *gap)
{
	for (size_t i = 0; gap->lead && i < commit->ngroups; i++)
		if (strcmp(commit->groups[i].id, gap->group) == 0)
			commit->groups[i].led = true;
}

/* In order of start. */
static void
tell(struct commit *commit, int64_t *ids)
{
	size_t count = count_of(commit, A_GAPS);

	for (;;) {
		struct db_gap *gap;
		size_t first = count;

		for (size_t i = 0; i < count; i++)
			if (ids[i] != 0 && text(commit, A_GAPS, i, GAP_FLAG) != NULL &&
			    (first == count || number(commit, A_GAPS, i, GAP_START) <
						   number(commit, A_GAPS, first, GAP_START)))
				first = i;
		if (first == count)
			break;
		gap = gap_by_id(commit->db, ids[first]);
		db_flag_add(commit->db, text(commit, A_GAPS, first, GAP_FLAG), gap);
		note_led(commit, gap);
		ids[first] = 0;
		commit->flags++;
	}
	for (size_t i = 0; i < commit->ngroups; i++)
		db_group_note(commit->db, commit->groups[i].id, commit->groups[i].led,
		    commit->moment, commit->groups[i].known);
	if (commit->flags > 0)
		fake_pg_notify(db_primary_node(), "flags_filled");
}

/* ---------------------------------------------------------------------------- what is done with */

static void
clear_marks(struct commit *commit)
{
	struct db *db = commit->db;

	for (size_t i = 0; i < count_of(commit, A_MARKS); i++) {
		int rota = db_rota_of(text(commit, A_MARKS, i, MARK_ROTA));

		if (db->dirty[rota].n == number(commit, A_MARKS, i, MARK_N) ||
		    sim_faulty("clears-grown-marks"))
			db->dirty[rota].n = 0;
	}
	for (size_t i = 0; i < count_of(commit, A_SOURCES); i++) {
		int rota = db_rota_of(text(commit, A_SOURCES, i, SOURCE_ROTA));

		db->seen[rota].horizon = number(commit, A_SOURCES, i, SOURCE_HORIZON);
		db->seen[rota].trusted = number(commit, A_SOURCES, i, SOURCE_TRUSTED);
	}
}

static void
move_demands(struct commit *commit)
{
	for (size_t i = 0; i < count_of(commit, A_DEMANDS); i++) {
		struct db_demand *demand = &commit->db->demands.items[commit->demands[i]];
		int64_t next = number(commit, A_DEMANDS, i, DEMAND_NEXT);

		demand->version++;
		demand->region_version = commit->args[A_REGION].number;
		demand->next_us = next == PG_INFINITY || next == PG_MINUS_INFINITY
				      ? next
				      : next * INT64_C(1000000);
	}
}

static void
write_all(struct commit *commit)
{
	struct db *db = commit->db;
	int64_t region = commit->args[A_REGION].number;
	int64_t *ids = xcalloc(count_of(commit, A_GAPS), sizeof *ids);
	bool complete, touched;

	commit->moment = db_now_us() > db->head_us ? db_now_us() : db->head_us + 1;
	end_spans(commit);
	begin_spans(commit);
	step_gaps(commit, ids);
	move_demands(commit);
	clear_marks(commit);
	complete = db->head_region < region && db_region_complete(db, region);
	touched =
	    count_of(commit, A_ENDED) + count_of(commit, A_BEGUN) + count_of(commit, A_GAPS) > 0;
	if (complete || touched || count_of(commit, A_MARKS) > 0) {
		db->head_version++;
		db->head_us = commit->moment;
	}
	if (complete)
		db->head_region = region;
	elect_leaders(commit, complete);
	tell(commit, ids);
	free(ids);
}

static struct pg_rows *
answer(const struct commit *commit, const char *outcome)
{
	struct pg_rows *rows = rows_new();

	rows_add(rows);
	rows_text(rows, outcome);
	rows_int(rows, commit->db->head_version);
	rows_int(rows, commit->ended);
	rows_int(rows, commit->written);
	rows_int(rows, commit->opened);
	rows_int(rows, commit->closed);
	rows_int(rows, commit->flags);
	return rows;
}

struct pg_rows *
db_commit(struct db *db, const struct pg_args *args)
{
	struct commit commit = {.db = db, .args = args->items};

	INVARIANT(args->count == A_COUNT);
	if (args->items[A_REGION].number != db->region || !unmoved(&commit))
		return answer(&commit, "stale");
	if (args->items[A_CHECK].number != 0) {
		if (busy(&commit))
			return answer(&commit, "busy");
		db->checked += (int64_t)count_of(&commit, A_DEMANDS);
		db->mismatched += (int64_t)(count_of(&commit, A_ENDED) +
					    count_of(&commit, A_BEGUN) + count_of(&commit, A_GAPS));
	}
	write_all(&commit);
	return answer(&commit, "written");
}
