/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/pg/pg.h"
#include "tests/simulation/fake_pg.h"

/*
 * A model of the database as coverage and flags use it: the tables that they need, and the effect
 * of each of their statements, as one transaction at one instant. There are two nodes: what is
 * committed on the primary reaches the standby later, or never. Times are microseconds where the
 * tables have timestamps, and seconds where they have edges.
 */
enum { DB_NODES = 2, DB_ROTAS = 4, DB_LEAVE = 3, DB_DEMANDS = 160, DB_NAME = 24 };

enum db_class { DB_NAMED, DB_TEAM, DB_NOBODY, DB_UNDECIDED, DB_ABSENCE };

struct db_shift {
	int64_t id, start, end, from_us, to_us; /* to_us: PG_INFINITY while in force */
	int key, person;                        /* person: index, -1: none */
	int rota;
	enum db_class class;
};

struct db_demand {
	char requirement[DB_NAME], place[DB_NAME], function[DB_NAME];
	bool retired;
	int64_t version, next_us, region_version;
};

struct db_span { /* only those in force */
	int demand;
	int64_t start, end, present, required;
	char state[16], cause[16];
	int64_t shifts[32];
	size_t nshifts;
};

struct db_gap { /* PG_INFINITY if there is no such moment, or PG_NULL_INT8 where null is read */
	int64_t id, start, end, present, required, alerts_sent;
	int64_t remind_us, settle_us, closed_us, alarmed_us, alarmed_before_us;
	int64_t until_us; /* acknowledged until then */
	int demand;
	char state[16], cause[16], severity[12], acknowledged_as[12], group[64];
	bool started, told, acknowledged, closed, passed, lead;
};

struct db_group {
	char id[64];
	int64_t told_members, told_us, tell_us;
};

struct db_flag {
	int64_t epoch, seq, gap, start, end, committed_us;
	int64_t visible_us; /* later than its commit only because of a fault */
	char kind[14], state[16], cause[16], severity[12], place[DB_NAME];
	bool published;
	int64_t mark_lasts_us; /* a crash before then forgets that it was published */
};

#define DB_TABLE(type)                                                                             \
	struct {                                                                                   \
		type *items;                                                                       \
		size_t count, capacity;                                                            \
	}

struct db {
	int64_t timeline, incarnation_timeline;
	int64_t counter_epoch, counter_seq;
	int64_t head_epoch, head_version, head_region, head_us;
	int64_t region; /* the newest version; region_document says its content */
	struct {
		int64_t n, since_us; /* n 0: not marked */
	} dirty[DB_ROTAS];
	struct {
		bool ages;
		int64_t last_good_us, horizon; /* PG_NULL_INT8: null */
	} source[DB_ROTAS];
	struct {
		int64_t horizon, trusted; /* PG_NULL_INT8: no row */
	} seen[DB_ROTAS];
	int64_t checked, mismatched;
	DB_TABLE(struct db_shift) shifts;
	DB_TABLE(struct db_demand) demands;
	DB_TABLE(struct db_span) spans;
	DB_TABLE(struct db_gap) gaps;
	DB_TABLE(struct db_group) groups;
	DB_TABLE(struct db_flag) flags;
};

/* The next number of a sequence: of shifts, gaps, marks. It increases across a promotion, because a
 * sequence logs numbers before it gives them out. */
int64_t db_next_number(void);
int64_t db_next_region(void);

/* Appends an item of zeros to a table. */
void *db_grow(void *items, size_t count, size_t *capacity, size_t size);
#define DB_PUSH(table)                                                                             \
	((table)->items = db_grow(                                                                 \
	     (table)->items, (table)->count, &(table)->capacity, sizeof *(table)->items),          \
	    &(table)->items[(table)->count++])

/* ------------------------------------------------------------------------------------ the nodes */

void db_begin(bool large);
void db_finish(void);

struct db *db_primary(void); /* its tables, also while it is away */
int db_primary_node(void);   /* -1: away */
bool db_node_up(int node);

/* Sends to the standby what the primary has committed. */
void db_replicate(void);

/* Stops or crashes the primary; starts it again; or promotes the standby, without what has not
 * reached it. */
void db_stop(void);
void db_resume(void);
void db_promote(void);
bool db_promoted_recently(void); /* results that are on their way may be from before */

int64_t db_now_us(void); /* the database's clock */
void db_jump(int64_t us);

/* Releases the locks of the session. */
void db_session_over(int64_t session);
struct pg_rows *db_run(int node, int64_t session, const struct loop *client,
    const struct pg_stmt *stmt, const struct pg_args *args, enum status *st);

/* ---------------------------------------------------------------------------- what others write */

/* The shifts of a rota become ${rows} (merged by model/merge.h), and its source is good, with the
 * horizon ${horizon}. */
struct db_event {
	int key, person;
	enum db_class class;
	int64_t start, end;
};
void db_import(int rota, const struct db_event *events, size_t count, int64_t horizon);

/* Applies the next version of the region; its number decides which document it is. */
void db_apply_region(void);
void region_begin(bool large);
void region_finish(void);
const char *region_document(int64_t version);

void db_acknowledge(uint32_t any);
void db_take_back(uint32_t any);

/* ------------------------------------------------------------------------------------- for db_*.c
 */

int db_demand_of(const struct db *db, const char *requirement, const char *place);
int db_rota_of(const char *name); /* -1: it is not in the region */
const char *db_rota_name(int rota);
const char *db_person_name(int person);
void db_flag_add(struct db *db, const char *kind, const struct db_gap *gap);
const char *db_flag_payload(const struct db_flag *flag, char *out, size_t size);
bool db_flag_after(const struct db_flag *flag, int64_t epoch, int64_t seq);
bool db_flag_visible(const struct db_flag *flag);

/* Of db_gaps.c. */
int64_t db_gap_remind_at(const struct db_gap *gap, int64_t from);
void db_group_elect(struct db *db, const char *group, int64_t moment);
void db_group_note(struct db *db, const char *group, bool led, int64_t moment, int64_t known);
void db_gap_follow(struct db *db, struct db_gap *gap);
bool db_group_headless(const struct db *db, const char *group);
int64_t db_gaps_due(const struct db *db, int64_t now, int64_t *next);
int64_t db_gaps_tell_due(struct db *db);

/* The statements, by role; NULL with ${st} set: an error. */
struct pg_rows *db_run_flags(struct db *db, int node, int64_t session, const struct loop *client,
    const struct pg_stmt *stmt, const struct pg_args *args, enum status *st);
struct pg_rows *db_run_coverage(
    struct db *db, const struct pg_stmt *stmt, const struct pg_args *args, enum status *st);
struct pg_rows *db_commit(struct db *db, const struct pg_args *args); /* coverage_commit */
bool db_source_changed(const struct db *db, int rota, int64_t now, int64_t stale);
bool db_region_complete(const struct db *db, int64_t region);
bool db_in_recovery(int node);
int64_t *db_lock_of(int node); /* the session that leads flags there; 0: none */
