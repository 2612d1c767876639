/* SPDX-License-Identifier: MIT */
#include "tests/simulation/db.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/coverage/coverage_sql.h"
#include "tests/simulation/host.h"
#include "tests/simulation/sim.h"

struct node {
	struct db db;
	bool up;
	int64_t lock; /* the session that leads flags */
};

static struct {
	struct node nodes[DB_NODES];
	int primary;
	int64_t clock_us; /* how far its clock is from the world's */
	int64_t promoted_us;
	int64_t numbers, regions;
} cluster;

int64_t
db_next_number(void)
{
	return ++cluster.numbers;
}

int64_t
db_next_region(void)
{
	return ++cluster.regions;
}

void *
db_grow(void *items, size_t count, size_t *capacity, size_t size)
{
	if (count == *capacity) {
		*capacity = *capacity > 0 ? *capacity * 2 : 16;
		items = xrealloc(items, *capacity * size);
	}
	memset((char *)items + count * size, 0, size);
	return items;
}

/* -------------------------------------------------------------------------------------- nodes */

static void *
copy_of(const void *items, size_t count, size_t *capacity, size_t size)
{
	void *copy = count > 0 ? xmalloc(count * size) : NULL;

	if (count > 0)
		memcpy(copy, items, count * size);
	*capacity = count;
	return copy;
}

#define COPY_TABLE(table)                                                                          \
	((table).items =                                                                           \
		copy_of((table).items, (table).count, &(table).capacity, sizeof *(table).items))

static void
free_tables(struct db *db)
{
	free(db->shifts.items);
	free(db->demands.items);
	free(db->spans.items);
	free(db->gaps.items);
	free(db->groups.items);
	free(db->flags.items);
}

static void
copy_db(struct db *to, const struct db *from)
{
	free_tables(to);
	*to = *from;
	COPY_TABLE(to->shifts);
	COPY_TABLE(to->demands);
	COPY_TABLE(to->spans);
	COPY_TABLE(to->gaps);
	COPY_TABLE(to->groups);
	COPY_TABLE(to->flags);
}

void
db_begin(bool large)
{
	struct db *db = &cluster.nodes[0].db;

	memset(&cluster, 0, sizeof cluster);
	db->timeline = db->incarnation_timeline = 1;
	db->counter_epoch = db->head_epoch = 1;
	for (int rota = 0; rota < DB_ROTAS; rota++) {
		db->source[rota].ages = rota == 0;
		db->source[rota].last_good_us = db->source[rota].horizon = PG_NULL_INT8;
		db->seen[rota].horizon = db->seen[rota].trusted = PG_NULL_INT8;
	}
	region_begin(large);
	cluster.nodes[0].up = cluster.nodes[1].up = true;
	db_apply_region();
	db_replicate();
}

void
db_finish(void)
{
	for (int node = 0; node < DB_NODES; node++)
		free_tables(&cluster.nodes[node].db);
	region_finish();
}

struct db *
db_primary(void)
{
	return &cluster.nodes[cluster.primary].db;
}

int
db_primary_node(void)
{
	return cluster.nodes[cluster.primary].up ? cluster.primary : -1;
}

bool
db_node_up(int node)
{
	return cluster.nodes[node].up;
}

bool
db_in_recovery(int node)
{
	return node != cluster.primary;
}

int64_t *
db_lock_of(int node)
{
	return &cluster.nodes[node].lock;
}

/* Marks that are not on the disk yet are lost in a crash, and do not reach the standby. */
static void
lose_marks(struct db *db)
{
	for (size_t i = 0; i < db->flags.count; i++) {
		struct db_flag *flag = &db->flags.items[i];

		if (flag->mark_lasts_us > sim_now_us()) {
			flag->published = false;
			flag->mark_lasts_us = 0;
		}
	}
}

void
db_replicate(void)
{
	struct db *standby = &cluster.nodes[1 - cluster.primary].db;

	copy_db(standby, db_primary());
	lose_marks(standby);
}

static void
down(int node)
{
	cluster.nodes[node].up = false;
	cluster.nodes[node].lock = 0;
	fake_pg_break_all(node);
}

void
db_stop(void)
{
	bool crash = sim_odds(2);

	sim_note("the database %s", crash ? "crashes" : "stops");
	if (crash)
		lose_marks(db_primary());
	down(cluster.primary);
}

void
db_resume(void)
{
	sim_note("the database is back");
	cluster.nodes[cluster.primary].up = true;
}

/* The old one comes back as the standby of the new. */
void
db_promote(void)
{
	int old = cluster.primary;
	struct db *before = db_primary(), *db = &cluster.nodes[1 - old].db;

	down(old);
	sim_note("node %d is promoted: flags up to %" PRId64 "-%" PRId64 " of %" PRId64 "-%" PRId64,
	    1 - old, db->counter_epoch, db->counter_seq, before->counter_epoch,
	    before->counter_seq);
	cluster.primary = 1 - old;
	db->timeline = before->timeline + 1;
	cluster.promoted_us = sim_now_us();
	db_replicate();
	cluster.nodes[old].up = true;
}

bool
db_promoted_recently(void)
{
	return cluster.promoted_us > 0 && sim_now_us() - cluster.promoted_us < 20000000;
}

int64_t
db_now_us(void)
{
	return sim_now_us() + cluster.clock_us;
}

void
db_jump(int64_t us)
{
	sim_note("the database's clock jumps by %" PRId64 " s", us / 1000000);
	cluster.clock_us += us;
}

void
db_session_over(int64_t session)
{
	for (int node = 0; node < DB_NODES; node++)
		if (cluster.nodes[node].lock == session)
			cluster.nodes[node].lock = 0;
}

struct pg_rows *
db_run(int node, int64_t session, const struct loop *client, const struct pg_stmt *stmt,
    const struct pg_args *args, enum status *st)
{
	struct db *db = &cluster.nodes[node].db;

	*st = STATUS_OK;
	if (strncmp(stmt->name, "FLAGS_", 6) == 0)
		return db_run_flags(db, node, session, client, stmt, args, st);
	if (!db_in_recovery(node))
		return db_run_coverage(db, stmt, args, st);
	*st = STATUS_AGAIN; /* what it was connected to is a standby now */
	return NULL;
}

/* -------------------------------------------------------------------------------------- flags */

bool
db_flag_after(const struct db_flag *flag, int64_t epoch, int64_t seq)
{
	return flag->epoch > epoch || (flag->epoch == epoch && flag->seq > seq);
}

bool
db_flag_visible(const struct db_flag *flag)
{
	return flag->visible_us <= sim_now_us();
}

void
db_flag_add(struct db *db, const char *kind, const struct db_gap *gap)
{
	struct db_flag *flag = DB_PUSH(&db->flags);
	const char *place = db->demands.items[gap->demand].place;

	*flag = (struct db_flag){.epoch = db->counter_epoch,
	    .seq = ++db->counter_seq,
	    .gap = gap->id,
	    .start = gap->start,
	    .end = gap->end,
	    .committed_us = sim_now_us(),
	    .visible_us = sim_now_us()};
	/* The fault: numbers of a sequence, taken long before their transactions end. */
	if (sim_faulty("numbers-of-a-sequence") && sim_odds(4)) {
		flag->visible_us += sim_between(1000, 400000);
		flag->committed_us = flag->visible_us;
	}
	snprintf(flag->kind, sizeof flag->kind, "%s", kind);
	snprintf(flag->state, sizeof flag->state, "%s", gap->state);
	snprintf(flag->cause, sizeof flag->cause, "%s", gap->cause);
	snprintf(flag->severity, sizeof flag->severity, "%s", gap->severity);
	snprintf(flag->place, sizeof flag->place, "%s", place);
	sim_note(
	    "flag %" PRId64 "-%" PRId64 " %s gap %" PRId64, flag->epoch, flag->seq, kind, gap->id);
}

const char *
db_flag_payload(const struct db_flag *flag, char *out, size_t size)
{
	snprintf(out, size,
	    "{\"id\":\"%" PRId64 "-%" PRId64 "\",\"kind\":\"%s\",\"gap\":%" PRId64
	    ",\"start\":%" PRId64 ",\"end\":%" PRId64
	    ",\"state\":\"%s\",\"cause\":\"%s\",\"severity\":\"%s\"}",
	    flag->epoch, flag->seq, flag->kind, flag->gap, flag->start, flag->end, flag->state,
	    flag->cause, flag->severity);
	return out;
}

/* --------------------------------------------------------------------------------------- names */

int
db_demand_of(const struct db *db, const char *requirement, const char *place)
{
	for (size_t i = 0; i < db->demands.count; i++)
		if (strcmp(db->demands.items[i].place, place) == 0 &&
		    strcmp(db->demands.items[i].requirement, requirement) == 0)
			return (int)i;
	return -1;
}

static const char *const rotas[DB_ROTAS] = {"r1", "r2", "r3", "leave"};
static const char *const people[] = {"ann", "bob", "cyd"};

int
db_rota_of(const char *name)
{
	for (int rota = 0; rota < DB_ROTAS; rota++)
		if (strcmp(name, rotas[rota]) == 0)
			return rota;
	return -1;
}

const char *
db_rota_name(int rota)
{
	return rotas[rota];
}

const char *
db_person_name(int person)
{
	return person >= 0 ? people[person] : NULL;
}
