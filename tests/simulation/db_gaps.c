/* SPDX-License-Identifier: MIT */
/* Announcements of gaps: reminders, closings that are held, groups and who leads them, as in
 * migrations/0005_map.sql. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/model/gap.h"
#include "tests/simulation/db.h"
#include "tests/simulation/host.h"
#include "tests/simulation/sim.h"

#define SECOND INT64_C(1000000)
#define DAY_US (INT64_C(86400) * SECOND)
#define QUIET_US (GAP_GROUP_QUIET_SECONDS * SECOND)
#define HOLDS_US (INT64_C(15) * SECOND) /* an acknowledgement: a week in the product */

static int
rank(const char *severity)
{
	return strcmp(severity, "critical") == 0 ? 3 : strcmp(severity, "high") == 0 ? 2 : 1;
}

/* gap_awaits */
static bool
awaits(const struct db_gap *gap)
{
	return !gap->acknowledged || gap->until_us <= db_now_us() ||
	       rank(gap->severity) > rank(gap->acknowledged_as);
}

/* coverage_remind_after, added to ${from}. */
static int64_t
remind_after(const char *severity, int64_t from)
{
	int64_t waits[] = {0, PG_INFINITY, DAY_US, 300 * SECOND};
	int64_t wait = waits[rank(severity)];

	return wait == PG_INFINITY ? wait : from + wait;
}

/* gap_remind_at */
int64_t
db_gap_remind_at(const struct db_gap *gap, int64_t from)
{
	if (gap->closed || !gap->told || !gap->lead || !awaits(gap))
		return PG_INFINITY;
	return remind_after(gap->severity, from);
}

/* --------------------------------------------------------------------------------------- groups */

static bool
member(const struct db_gap *gap, const char *group)
{
	return !gap->closed && strcmp(gap->group, group) == 0;
}

static bool
better(const struct db_gap *a, const struct db_gap *b)
{
	if (awaits(a) != awaits(b))
		return awaits(a);
	if (rank(a->severity) != rank(b->severity))
		return rank(a->severity) > rank(b->severity);
	if (a->lead != b->lead)
		return a->lead;
	return a->start != b->start ? a->start < b->start : a->id < b->id;
}

/* gap_elect */
void
db_group_elect(struct db *db, const char *group, int64_t moment)
{
	struct db_gap *best = NULL;

	for (size_t i = 0; i < db->gaps.count; i++) {
		struct db_gap *gap = &db->gaps.items[i];

		if (member(gap, group) && gap->told && (best == NULL || better(gap, best)))
			best = gap;
	}
	if (best == NULL || best->lead)
		return;
	for (size_t i = 0; i < db->gaps.count; i++)
		if (member(&db->gaps.items[i], group) && db->gaps.items[i].lead) {
			db->gaps.items[i].lead = false;
			db->gaps.items[i].remind_us = PG_INFINITY;
		}
	best->lead = true;
	best->remind_us = db_gap_remind_at(best, moment);
}

/* gap_believed */
static int64_t
believed(const struct db *db, const char *group)
{
	int64_t count = 0;

	for (size_t i = 0; i < db->gaps.count; i++) {
		const struct db_gap *gap = &db->gaps.items[i];

		if (strcmp(gap->group, group) == 0)
			count += (!gap->closed && gap->told) || gap->settle_us != PG_INFINITY;
	}
	return count;
}

static struct db_group *
group_of(struct db *db, const char *id)
{
	for (size_t i = 0; i < db->groups.count; i++)
		if (strcmp(db->groups.items[i].id, id) == 0)
			return &db->groups.items[i];
	return NULL;
}

/* gap_group_note */
void
db_group_note(struct db *db, const char *id, bool led, int64_t moment, int64_t known)
{
	int64_t count = believed(db, id);
	struct db_group *group = group_of(db, id);

	if (count == 0) {
		if (group != NULL)
			*group = db->groups.items[--db->groups.count];
		return;
	}
	if (group == NULL) {
		group = DB_PUSH(&db->groups);
		snprintf(group->id, sizeof group->id, "%s", id);
		group->told_members = led || known > count ? count : known;
		group->told_us = moment;
		group->tell_us = led || count <= known ? PG_INFINITY : moment;
	} else if (led) {
		group->told_members = count;
		group->told_us = moment;
		group->tell_us = PG_INFINITY;
	} else {
		group->told_members += known;
		if (count <= group->told_members)
			group->tell_us = PG_INFINITY;
		else if (group->tell_us == PG_INFINITY)
			group->tell_us = group->told_us + QUIET_US;
		group->told_members = count < group->told_members ? count : group->told_members;
	}
}

/* gap_follow */
void
db_gap_follow(struct db *db, struct db_gap *gap)
{
	const struct db_gap *taken = NULL;

	for (size_t i = 0; i < db->gaps.count; i++) {
		const struct db_gap *one = &db->gaps.items[i];

		if (one == gap || !member(one, gap->group) || !one->told)
			continue;
		if (awaits(one))
			return;
		if (taken == NULL || one->until_us > taken->until_us ||
		    (one->until_us == taken->until_us && one->id < taken->id))
			taken = one;
	}
	if (taken == NULL || rank(gap->severity) > rank(taken->acknowledged_as))
		return;
	gap->acknowledged = true;
	gap->until_us = taken->until_us;
	snprintf(gap->acknowledged_as, sizeof gap->acknowledged_as, "%s", gap->severity);
	gap->remind_us = PG_INFINITY;
}

/* Of the groups that a region's retiring has left without a leader. */
bool
db_group_headless(const struct db *db, const char *id)
{
	for (size_t i = 0; i < db->gaps.count; i++)
		if (member(&db->gaps.items[i], id) && db->gaps.items[i].lead)
			return false;
	return true;
}

/* ---------------------------------------------------------------------------------- what is due */

static int64_t
earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* coverage_due */
int64_t
db_gaps_due(const struct db *db, int64_t now, int64_t *next)
{
	int64_t due = 0;

	*next = PG_INFINITY;
	for (size_t i = 0; i < db->gaps.count; i++) {
		const struct db_gap *gap = &db->gaps.items[i];

		due += (gap->remind_us <= now) + (gap->settle_us <= now);
		*next = earlier(*next, earlier(gap->remind_us, gap->settle_us));
		if (gap->closed || !gap->acknowledged)
			continue;
		due += gap->until_us <= now;
		*next = earlier(*next, gap->until_us);
	}
	for (size_t i = 0; i < db->groups.count; i++) {
		due += db->groups.items[i].tell_us <= now;
		*next = earlier(*next, db->groups.items[i].tell_us);
	}
	return due;
}

static int64_t
tell_grown(struct db *db, struct db_group *group, int64_t now)
{
	group->tell_us = PG_INFINITY;
	group->told_us = now;
	group->told_members = believed(db, group->id);
	for (size_t i = 0; i < db->gaps.count; i++) {
		const struct db_gap *gap = &db->gaps.items[i];

		if (member(gap, group->id) && gap->lead && gap->told) {
			db_flag_add(db, "changed", gap);
			return 1;
		}
	}
	return 0;
}

/* gap_touched and gap_remind_again, of one gap that is no longer acknowledged */
static int64_t
free_gap(struct db *db, struct db_gap *gap, int64_t now)
{
	int64_t told = 0;

	gap->acknowledged = false;
	gap->until_us = 0;
	db->demands.items[gap->demand].version++;
	db->demands.items[gap->demand].next_us = PG_MINUS_INFINITY;
	db->head_version++;
	fake_pg_notify(db_primary_node(), "coverage_changed");
	fake_pg_notify(db_primary_node(), "shifts_changed");
	if (*gap->group != '\0')
		db_group_elect(db, gap->group, now);
	for (size_t i = 0; i < db->gaps.count; i++) {
		struct db_gap *one = &db->gaps.items[i];
		bool ours = one == gap || (*gap->group != '\0' && member(one, gap->group));

		if (!ours || one->closed || !one->told || !one->lead || !awaits(one))
			continue;
		one->remind_us = db_gap_remind_at(one, now);
		db_flag_add(db, "reminder", one);
		told++;
	}
	return told;
}

/* gap_lapse */
static int64_t
lapse(struct db *db, int64_t now)
{
	int64_t told = 0;

	for (size_t i = 0; i < db->gaps.count; i++) {
		struct db_gap *gap = &db->gaps.items[i];

		if (gap->acknowledged && !gap->closed && gap->until_us <= now)
			told += free_gap(db, gap, now);
	}
	return told;
}

/* coverage_remind */
int64_t
db_gaps_tell_due(struct db *db)
{
	int64_t settled = 0, now = db_now_us(), told = lapse(db, now);

	for (size_t i = 0; i < db->gaps.count; i++)
		if (db->gaps.items[i].remind_us <= now) {
			db->gaps.items[i].remind_us = remind_after(db->gaps.items[i].severity, now);
			db_flag_add(db, "reminder", &db->gaps.items[i]);
			told++;
		}
	for (size_t i = 0; i < db->gaps.count; i++)
		if (db->gaps.items[i].settle_us <= now) {
			db->gaps.items[i].settle_us = PG_INFINITY;
			/* A sweep that read it while it was held must read again. The fault: the version
			 * stays. */
			if (!sim_faulty("settles-unseen"))
				db->demands.items[db->gaps.items[i].demand].version++;
			db_flag_add(db, "closed", &db->gaps.items[i]);
			if (*db->gaps.items[i].group != '\0')
				db_group_note(db, db->gaps.items[i].group, false, now, 0);
			settled++;
		}
	if (settled > 0) {
		db->head_version++;
		fake_pg_notify(db_primary_node(), "coverage_changed");
	}
	told += settled;
	for (size_t i = 0; i < db->groups.count; i++)
		if (db->groups.items[i].tell_us <= now)
			told += tell_grown(db, &db->groups.items[i], now);
	if (told > 0)
		fake_pg_notify(db_primary_node(), "flags_filled");
	return told;
}

/* gap_acknowledge */
void
db_acknowledge(uint32_t any)
{
	struct db *db = db_primary();
	struct db_gap *gap;

	if (db->gaps.count == 0)
		return;
	gap = &db->gaps.items[any % db->gaps.count];
	if (gap->closed || !awaits(gap))
		return;
	gap->acknowledged = true;
	gap->until_us = db_now_us() + HOLDS_US;
	snprintf(gap->acknowledged_as, sizeof gap->acknowledged_as, "%s", gap->severity);
	gap->remind_us = PG_INFINITY;
	db->demands.items[gap->demand].version++;
	db->head_version++;
	db_flag_add(db, "acknowledged", gap);
	fake_pg_notify(db_primary_node(), "flags_filled");
	if (*gap->group != '\0')
		db_group_elect(db, gap->group, db_now_us());
}

/* gap_take_back */
void
db_take_back(uint32_t any)
{
	struct db *db = db_primary();
	struct db_gap *gap;

	if (db->gaps.count == 0)
		return;
	gap = &db->gaps.items[any % db->gaps.count];
	if (gap->closed || !gap->acknowledged)
		return;
	if (free_gap(db, gap, db_now_us()) > 0)
		fake_pg_notify(db_primary_node(), "flags_filled");
}
