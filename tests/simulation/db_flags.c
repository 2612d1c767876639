/* SPDX-License-Identifier: MIT */
/* The statements of server/flags/sql, as migrations/0006_flags.sql answers them. */
#include <inttypes.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/flags/flags_sql.h"
#include "tests/simulation/db.h"
#include "tests/simulation/host.h"
#include "tests/simulation/sim.h"
#include "tests/simulation/stream.h"

/* Fewer than the publisher asks for, so that few flags make many batches; a long backlog gets all
 * it asks for. */
enum { BATCH = 8, BACKLOG = 200 };

static bool
id_after(int64_t epoch, int64_t seq, int64_t other_epoch, int64_t other_seq)
{
	return epoch > other_epoch || (epoch == other_epoch && seq > other_seq);
}

/* flags_renew_epoch */
static void
renew(struct db *db, int64_t epoch, int64_t seq)
{
	size_t known = db->flags.count;
	int64_t fresh = db->counter_epoch, step = db->timeline - db->incarnation_timeline;

	if (!id_after(epoch, seq, db->counter_epoch, db->counter_seq) &&
	    db->timeline == db->incarnation_timeline)
		return;
	if (sim_faulty("no-new-epoch"))
		return;
	fresh = fresh > epoch ? fresh : epoch;
	/* It grows by as much as the timeline: so an epoch that began on a lost timeline, and was
	 * seen only in a heartbeat or by the api, is not used again. The fault: the next number. */
	if (step < 1 || sim_faulty("epoch-again"))
		step = 1;
	fresh = (fresh > db->head_epoch ? fresh : db->head_epoch) + step;
	db->incarnation_timeline = db->timeline;
	db->head_epoch = db->counter_epoch = fresh;
	db->counter_seq = 0;
	sim_note("epoch %" PRId64 " begins", fresh);
	for (size_t i = 0; i < known; i++) {
		struct db_flag again = db->flags.items[i], *flag;

		if (again.published || db_flag_after(&again, epoch, seq))
			continue;
		db->flags.items[i].published = true;
		again.epoch = fresh;
		again.seq = ++db->counter_seq;
		again.committed_us = sim_now_us();
		flag = DB_PUSH(&db->flags);
		*flag = again;
	}
}

static struct pg_rows *
lead(struct db *db, int node, int64_t session, const struct pg_args *args, enum status *st)
{
	int64_t epoch = args->items[0].number, seq = args->items[1].number;
	int64_t *lock = db_lock_of(node), after_epoch = epoch, after_seq = seq;
	struct pg_rows *rows;
	bool free = *lock == 0 || *lock == session;
	bool leads = free && (!db_in_recovery(node) || sim_faulty("no-recovery-check"));

	if (leads) {
		if (db_in_recovery(node) &&
		    id_after(epoch, seq, db->counter_epoch, db->counter_seq)) {
			*st = STATUS_AGAIN; /* it cannot write there */
			return NULL;
		}
		*lock = session;
		if (!db_in_recovery(node))
			renew(db, epoch, seq);
		if (db->flags.count > STREAM_MAX) {
			const struct db_flag *depth =
			    &db->flags.items[db->flags.count - 1 - STREAM_MAX];

			if (db_flag_after(depth, after_epoch, after_seq)) {
				after_epoch = depth->epoch;
				after_seq = depth->seq;
			}
		}
		for (size_t i = 0; i < db->flags.count; i++) {
			const struct db_flag *flag = &db->flags.items[i];

			if (sim_faulty("marks-first") && flag->published) {
				/* The fault: goes on after its marks, whatever Redis has. */
				after_epoch = flag->epoch;
				after_seq = flag->seq;
			} else if (sim_faulty("after-the-top")) {
				/* The fault: what is in the stream counts as marked. */
			} else if (!flag->published && db_flag_visible(flag)) {
				if (id_after(after_epoch, after_seq, flag->epoch, flag->seq - 1)) {
					after_epoch = flag->epoch;
					after_seq = flag->seq - 1;
				}
				break;
			}
		}
	}
	rows = rows_new();
	rows_add(rows);
	rows_int(rows, leads);
	rows_int(rows, db->counter_epoch);
	rows_int(rows, after_epoch);
	rows_int(rows, after_seq);
	return rows;
}

/* It is not simulated. */
static void
no_canary(struct pg_rows *rows)
{
	for (int i = 0; i < 3; i++)
		rows_null(rows);
}

static struct pg_rows *
next(struct db *db, int node, const struct loop *client, const struct pg_args *args)
{
	struct pg_rows *rows = rows_new();
	char payload[400];
	int64_t found = 0, limit = BATCH;

	if (db->flags.count > BACKLOG && db_flag_after(&db->flags.items[db->flags.count - BACKLOG],
					     args->items[0].number, args->items[1].number))
		limit = args->items[2].number;
	if (client != NULL)
		host_saw_outbox(client, sim_now_us());
	for (size_t i = 0; i < db->flags.count && found < limit; i++) {
		struct db_flag *flag = &db->flags.items[i];

		if (!db_flag_after(flag, args->items[0].number, args->items[1].number) ||
		    !db_flag_visible(flag))
			continue;
		found++;
		rows_add(rows);
		rows_int(rows, flag->epoch);
		rows_int(rows, flag->seq);
		rows_text(rows, flag->place);
		rows_text(rows, "amhp");
		rows_text(rows, db_flag_payload(flag, payload, sizeof payload));
		rows_int(rows, flag->published);
		rows_time_us(rows, db_now_us());
		no_canary(rows);
		if (sim_faulty("marks-first") && !db_in_recovery(node))
			flag->published = true;
	}
	if (found == 0) {
		rows_add(rows);
		for (int i = 0; i < 6; i++)
			rows_null(rows);
		rows_time_us(rows, db_now_us());
		no_canary(rows);
	}
	return rows;
}

/* A mark does not wait for the disk: for a while everybody sees it and a crash loses it. This is
 * harsher than PostgreSQL, where a later commit writes it to the disk too. */
static void
mark(struct db *db, const struct pg_args *args)
{
	for (size_t i = 0; i < db->flags.count; i++) {
		struct db_flag *flag = &db->flags.items[i];

		if (flag->published ||
		    db_flag_after(flag, args->items[0].number, args->items[1].number))
			continue;
		flag->published = true;
		flag->mark_lasts_us = sim_now_us() + sim_between(1000, 600000);
	}
}

struct pg_rows *
db_run_flags(struct db *db, int node, int64_t session, const struct loop *client,
    const struct pg_stmt *stmt, const struct pg_args *args, enum status *st)
{
	if (stmt == &FLAGS_LEAD)
		return lead(db, node, session, args, st);
	if (stmt == &FLAGS_NEXT)
		return next(db, node, client, args);
	if (stmt == &FLAGS_RESIGN) {
		if (*db_lock_of(node) == session)
			*db_lock_of(node) = 0;
		return rows_new();
	}
	INVARIANT(stmt == &FLAGS_MARK);
	if (db_in_recovery(node)) {
		*st = STATUS_AGAIN; /* a standby writes nothing */
		return NULL;
	}
	mark(db, args);
	return rows_new();
}
