/* SPDX-License-Identifier: MIT */
/*
 * A flag: from before the transaction that adds it is sent, to the subscriber that hears it. The
 * floors beside it, in turn: the same transaction's commit alone, and a bare PUBLISH. Once with a
 * pause before each, as flags come and as the floors that are aimed at were measured; once without,
 * where each transaction finds the role still at work on the flag before. Then as many flags as
 * eight writers can add at once. The role is a process of its own, as it always is; fsync is on.
 */
#include <libpq-fe.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "server/base/fatal.h"
#include "server/base/log.h"
#include "server/config.h"
#include "server/flags/flags.h"
#include "server/loop/loop.h"
#include "server/pg/pg_migrate.h"
#include "server/redis/redis.h"
#include "tests/benches/map_flags_many.h"
#include "tests/support/scratch.h"

enum { TURNS = 5, EVENTS = 400, ALL = TURNS * EVENTS, PATIENCE_MS = 10000, PAUSE_US = 5000 };

#define CHANNEL "crisiscover:flags"
#define FLOOR "crisiscover:bench"

struct ear {
	struct loop *loop;
	struct redis *redis, *floor, *hands;
	int subscribed;
	char wanted[40]; /* the id of what is waited for, in its quotes */
	bool heard;
	double at;
};

static double
now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static void
on_subscribed(void *ctx)
{
	struct ear *ear = ctx;

	if (++ear->subscribed == 2)
		loop_stop(ear->loop);
}

static void
on_message(void *ctx, struct slice channel, struct slice payload)
{
	struct ear *ear = ctx;

	(void)channel;
	if (memmem(payload.at, payload.len, ear->wanted, strlen(ear->wanted)) == NULL ||
	    memmem(payload.at, payload.len, "heartbeat", 9) != NULL)
		return;
	ear->at = now_us();
	ear->heard = true;
	loop_stop(ear->loop);
}

static void
too_long(void *ctx)
{
	(void)ctx;
	fatal("nothing was heard for %d ms", PATIENCE_MS);
}

static void
expect(struct ear *ear, const char *epoch, int number)
{
	snprintf(ear->wanted, sizeof ear->wanted, "\"%s-%d\"", epoch, number);
	ear->heard = false;
}

static double
hear(struct ear *ear)
{
	struct loop_timer *limit = loop_after(ear->loop, PATIENCE_MS, too_long, ear);

	while (!ear->heard)
		loop_run(ear->loop);
	loop_timer_cancel(limit);
	return ear->at;
}

static void
chain(struct ear *ear, PGconn *conn, int number, double *whole, double *call)
{
	double began;

	expect(ear, "1", number);
	began = now_us();
	many_sql(conn, MANY_FLAG_AND_HINT);
	*call = now_us() - began;
	*whole = hear(ear) - began;
}

static void
on_pushed(void *ctx, enum status st, const struct redis_reply *reply)
{
	(void)ctx;
	INVARIANT(st == STATUS_OK && reply->kind == REDIS_INT);
}

static double
floor_of(struct ear *ear, int number)
{
	char payload[200];
	double began;

	expect(ear, "0", number);
	snprintf(payload, sizeof payload,
	    "{\"v\":1,\"id\":%s,\"kind\":\"feed_stale\",\"state\":\"stale\",\"severity\":"
	    "\"normal\","
	    "\"cause\":\"bench\",\"at\":\"2026-11-25T00:00:00Z\"}",
	    ear->wanted);
	const struct slice argv[] = {SLICE("PUBLISH"), SLICE(FLOOR), slice_of(payload)};

	began = now_us();
	redis_call(ear->hands, argv, 3, on_pushed, ear);
	return hear(ear) - began;
}

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
print_row(const char *what, double *values)
{
	qsort(values, ALL, sizeof *values, ascending);
	printf("%-54s %10.0f %10.0f %10.0f\n", what, values[ALL / 2], values[ALL * 99 / 100],
	    values[ALL - 1]);
}

/* The transaction waits for the disk, which is the same for both: what the flag adds is printed by
 * itself. */
static void
print_all(const char *when, double *bare, double *call, double *rest, double *whole)
{
	double floor;

	printf("\none flag (us), 2,000 of each in turns of 400,\n%-54s %10s %10s %10s\n", when,
	    "p50", "p99", "max");
	print_row("  PUBLISH to subscriber, nothing else", bare);
	print_row("  the transaction that adds it, alone", call);
	print_row("  the transaction's end to subscriber", rest);
	print_row("  the transaction's begin to subscriber", whole);
	floor = bare[ALL * 99 / 100];
	printf("  p50, begin to subscriber to the transaction alone: %.2f\n",
	    whole[ALL / 2] / call[ALL / 2]);
	printf(
	    "  p99, to the bare PUBLISH's: the transaction alone %.1f, its end to subscriber %.1f, begin to subscriber %.1f\n",
	    call[ALL * 99 / 100] / floor, rest[ALL * 99 / 100] / floor,
	    whole[ALL * 99 / 100] / floor);
}

static void
measure(struct ear *ear, PGconn *conn, const char *when, useconds_t pause_us, int *number)
{
	static double bare[ALL], call[ALL], rest[ALL], whole[ALL];

	for (int turn = 0; turn < ALL; turn += EVENTS) {
		for (int i = turn; i < turn + EVENTS; i++) {
			usleep(pause_us);
			bare[i] = floor_of(ear, i);
		}
		for (int i = turn; i < turn + EVENTS; i++) {
			usleep(pause_us);
			chain(ear, conn, (*number)++, &whole[i], &call[i]);
			rest[i] = whole[i] - call[i];
		}
	}
	print_all(when, bare, call, rest, whole);
}

static pid_t
start_role(const struct scratch_redis *redis, const char *conninfo)
{
	pid_t pid = fork();

	if (pid == 0) {
		struct config config = {
		    .redis = scratch_redis_url(redis), .state_directory = "/nowhere"};
		struct role_env env = {.config = &config, .name = "flags", .conninfo = conninfo};

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		log_open("flags", LOG_ERROR);
		_exit(flags_main(&env));
	}
	return pid;
}

int
main(void)
{
	double whole, call;
	struct scratch_postgres *postgres =
	    scratch_postgres_start(&(struct scratch_postgres_options){.fsync = true});
	struct scratch_redis *redis = scratch_redis_start(NULL);
	struct redis_options options = {.url = scratch_redis_url(redis)};
	struct ear ear = {.loop = loop_new()};
	PGconn *conn;
	pid_t role;
	int number = 1;

	log_open("bench", LOG_ERROR);
	if (pg_migrate_run(scratch_postgres_conninfo(postgres), SOURCE_ROOT "/migrations", false) !=
	    0)
		return 1;
	role = start_role(redis, scratch_postgres_conninfo_as(postgres, "crisiscover_flags"));
	conn = many_connect(scratch_postgres_conninfo(postgres));
	ear.redis = redis_open(ear.loop, &options, NULL);
	ear.floor = redis_open(ear.loop, &options, NULL);
	ear.hands = redis_open(ear.loop, &options, NULL);
	redis_subscribe(ear.redis, CHANNEL, on_message, on_subscribed, &ear);
	redis_subscribe(ear.floor, FLOOR, on_message, on_subscribed, &ear);
	loop_run(ear.loop);
	while (number <= 50) /* warm */
		chain(&ear, conn, number++, &whole, &call);
	measure(&ear, conn, "each after a pause of 5 ms", PAUSE_US, &number);
	measure(&ear, conn, "one right after the other", 0, &number);
	many_measure(scratch_postgres_conninfo(postgres));
	kill(role, SIGKILL);
	waitpid(role, NULL, 0);
	redis_close(ear.redis);
	redis_close(ear.floor);
	redis_close(ear.hands);
	loop_free(ear.loop);
	PQfinish(conn);
	scratch_redis_stop(redis);
	scratch_postgres_stop(postgres);
	return 0;
}
