/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/base/clock.h"
#include "server/base/text.h"
#include "server/flags/flag_id.h"
#include "server/flags/flags.h"
#include "server/loop/loop.h"
#include "server/pg/pg_migrate.h"
#include "server/redis/redis.h"
#include "tests/support/scratch.h"

/*
 * The whole role, as processes of their own, between a real outbox and a real Redis, with a
 * subscriber that hears what is published. The fact that each test waits for is what a subscriber
 * may rely on: every flag in the stream, in order, without holes.
 */

#define PATIENCE_MS 120000
#define STREAM "crisiscover:flags:stream"

/* The messages on one channel: the ids in order, and the last heartbeat. */
struct ear {
	struct redis *redis;
	const char *channel;
	int subscribed, flags, beats;
	char last_id[FLAG_ID_MAX], last_head[FLAG_ID_MAX];
	bool in_order;
};

static struct scratch_postgres *cluster;
static struct scratch_redis *redis;
static struct loop *loop;
static struct ear all, place, function;
static pid_t roles[2];

/* ------------------------------------------------------------------------------------------- the
 * role */

static int
run_role(const char *conninfo)
{
	struct config config = {.redis = scratch_redis_url(redis), .state_directory = "/nowhere"};
	struct role_env env = {.config = &config, .name = "flags", .conninfo = conninfo};

	return flags_main(&env);
}

static pid_t
start_role_at(const char *conninfo)
{
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		scratch_role_begins();
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
		exit(run_role(conninfo)); /* not _exit: leaks are looked for */
	}
	return pid;
}

static pid_t
start_role(void)
{
	return start_role_at(scratch_postgres_conninfo_as(cluster, "crisiscover_flags"));
}

static int
end_role(pid_t *pid, int signal)
{
	int status = 0;

	if (*pid == 0)
		return 0;
	kill(*pid, signal);
	assert_int_equal(waitpid(*pid, &status, 0), *pid);
	*pid = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* --------------------------------------------------------------------------------------------
 * hearing */

static struct slice
field(struct slice payload, const char *name)
{
	char key[40];
	const char *at, *end;

	snprintf(key, sizeof key, "\"%s\":", name);
	at = memmem(payload.at, payload.len, key, strlen(key));
	assert_non_null(at);
	at = memchr(at + strlen(key), '"', 20);
	assert_non_null(at);
	end = memchr(at + 1, '"', (size_t)(payload.at + payload.len - at - 1));
	assert_non_null(end);
	return (struct slice){at + 1, (size_t)(end - at - 1)};
}

static void
on_message(void *ctx, struct slice channel, struct slice payload)
{
	struct ear *ear = ctx;
	bool beat = memmem(payload.at, payload.len, "\"heartbeat\"", 11) != NULL;
	struct slice id = field(payload, beat ? "head" : "id");
	struct flag_id before = {0}, now;

	assert_true(slice_is(channel, ear->channel));
	assert_true(flag_id_parse(id, &now));
	if (beat) {
		ear->beats++;
		snprintf(ear->last_head, FLAG_ID_MAX, "%.*s", (int)id.len, id.at);
		return;
	}
	if (ear->flags++ > 0)
		assert_true(flag_id_parse(slice_of(ear->last_id), &before));
	ear->in_order = ear->in_order && (now.epoch > before.epoch ||
					     (now.epoch == before.epoch && now.seq > before.seq));
	snprintf(ear->last_id, FLAG_ID_MAX, "%.*s", (int)id.len, id.at);
}

static void
on_subscribed(void *ctx)
{
	((struct ear *)ctx)->subscribed++;
}

static void
listen_to(struct ear *ear, const char *channel)
{
	*ear = (struct ear){.channel = channel, .in_order = true};
	ear->redis =
	    redis_open(loop, &(struct redis_options){.url = scratch_redis_url(redis)}, NULL);
	redis_subscribe(ear->redis, channel, on_message, on_subscribed, ear);
}

static void
turn(void *ctx)
{
	loop_stop(ctx);
}

static void
run_for(int ms)
{
	loop_after(loop, ms, turn, loop);
	loop_run(loop);
}

#define AWAIT(fact)                                                                                \
	for (int64_t until_ms = clock_mono_ms() + PATIENCE_MS; !(fact);) {                         \
		run_for(10);                                                                       \
		if (clock_mono_ms() > until_ms)                                                    \
			fail_msg("waited in vain until %s", #fact);                                \
	}

/* ------------------------------------------------------------------------------------- the two
 * stores */

static void
sql(const char *text)
{
	char *all_text;

	assert_true(asprintf(&all_text, "set search_path = crisiscover;\n%s", text) > 0);
	free(scratch_psql(cluster, all_text));
	free(all_text);
}

/* One transaction for each of ${count} flags. */
static void
add_flags(int count)
{
	struct buf text = {0};

	for (int i = 0; i < count; i++)
		buf_add_text(&text,
		    "begin; select flag_add('opened', null, 'ZED01', 'amhp', 'R01', 'gap', now(), "
		    "now() + interval '1 hour', 'critical', 'cause'); notify flags_filled; "
		    "commit;\n");
	sql(text.at);
	buf_free(&text);
}

static bool
sql_is(const char *query, const char *wanted)
{
	char *text = scratch_psql(cluster, query);
	bool same = strcmp(text, wanted) == 0;

	free(text);
	return same;
}

static bool
cli_is(const char *const *command, const char *wanted)
{
	char *text = scratch_redis_cli(redis, command);
	bool same = strcmp(text, wanted) == 0;

	free(text);
	return same;
}

#define CLI(...) ((const char *const[]){__VA_ARGS__, NULL})

/* The ids of the stream, between spaces. Free with free(). */
static char *
stream_ids(void)
{
	return scratch_redis_cli(redis,
	    CLI("EVAL",
		"local t = {} for i, e in ipairs(redis.call('XRANGE', KEYS[1], '-', '+')) do t[i] = e[1] end return table.concat(t, ' ')",
		"1", STREAM));
}

/* The ids of the outbox's flags. */
static char *
outbox_ids(void)
{
	return scratch_psql(cluster, "select string_agg(epoch || '-' || seq, ' ' order by epoch, "
				     "seq) from crisiscover.flag");
}

/* The stream holds what the outbox holds, flag for flag, and the outbox knows it. */
static bool
all_is_told(void)
{
	char *stream = stream_ids(), *outbox = outbox_ids();
	bool same = strcmp(stream, outbox) == 0;

	free(stream);
	free(outbox);
	return same &&
	       sql_is("select count(*) from crisiscover.flag where published_at is null", "0");
}

static bool
somebody_leads(void)
{
	return sql_is("select count(*) from pg_locks where locktype = 'advisory' and granted", "1");
}

static bool
is_connected(void)
{
	return sql_is(
	    "select count(*) > 0 from pg_stat_activity where usename = 'crisiscover_flags'", "t");
}

/* ----------------------------------------------------------------------------------------------
 * set-up */

static int
set_up_cluster(void **state)
{
	(void)state;
	/* Marks wait for no disk: here they wait so long that a crash finds them. */
	cluster = scratch_postgres_start(
	    &(struct scratch_postgres_options){.settings = "wal_writer_delay = 10s"});
	assert_int_equal(
	    pg_migrate_run(scratch_postgres_conninfo(cluster), SOURCE_ROOT "/migrations", false),
	    0);
	return 0;
}

static int
tear_down_cluster(void **state)
{
	(void)state;
	scratch_postgres_stop(cluster);
	return 0;
}

static int
set_up(void **state)
{
	(void)state;
	sql("truncate flag; update flag_counter set epoch = 1, seq = 0; "
	    "update map_head set epoch = 1;delete from incarnation where epoch > 1; update incarnation set timeline = 1");
	redis = scratch_redis_start(&(struct scratch_redis_options){.append_only = true});
	loop = loop_new();
	listen_to(&all, "crisiscover:flags");
	listen_to(&place, "crisiscover:flags:ZED01");
	listen_to(&function, "crisiscover:flags:ZED01:amhp");
	AWAIT(all.subscribed && place.subscribed && function.subscribed);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	end_role(&roles[0], SIGKILL);
	end_role(&roles[1], SIGKILL);
	redis_close(all.redis);
	redis_close(place.redis);
	redis_close(function.redis);
	loop_free(loop);
	scratch_redis_stop(redis);
	return 0;
}

/* -----------------------------------------------------------------------------------------------
 * tests */

/* holds: H06.1 */
static void
flags_are_told_in_order_on_every_channel(void **state)
{
	(void)state;
	add_flags(3); /* before it starts */
	roles[0] = start_role();
	AWAIT(all_is_told());
	add_flags(120); /* more than one batch may hold */
	sql("begin; select flag_add('feed_stale', null, null, null, null, 'stale', null, null, "
	    "'normal', 'rota'); notify flags_filled; commit");
	AWAIT(all_is_told());
	AWAIT(all.flags == 124 && place.flags == 123 && function.flags == 123);
	assert_true(all.in_order && place.in_order && function.in_order);
	assert_string_equal(all.last_id, "1-124");
	assert_string_equal(place.last_id, "1-123");
	assert_true(
	    cli_is(CLI("EVAL",
		       "local e = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1] "
		       "return e[1] .. ' ' .. e[2][1] .. ' ' .. cjson.decode(e[2][2]).kind",
		       "1", STREAM),
		"1-124 p feed_stale"));
}

/* Transactions that overlap, some taken back: numbers are handed out in the order of the commits,
 * so none is missing and none comes late. */
static void
writers_at_once_leave_no_hole(void **state)
{
	pid_t writers[4];

	(void)state;
	roles[0] = start_role();
	for (int i = 0; i < 4; i++) {
		fflush(NULL);
		writers[i] = fork();
		if (writers[i] == 0) {
			for (int n = 0; n < 15; n++) {
				add_flags(2);
				sql("begin; select flag_add('opened', null, 'ZED01', 'amhp', "
				    "'R01', 'gap', now(), now(), 'high', 'x'); rollback");
			}
			_exit(0);
		}
	}
	for (int i = 0; i < 4; i++) {
		int status = 1;

		while (waitpid(writers[i], &status, WNOHANG) == 0)
			run_for(10);
		assert_int_equal(status, 0);
	}
	AWAIT(all_is_told() && all.flags == 120);
	assert_true(all.in_order);
	assert_true(
	    sql_is("select max(seq) = count(*) and count(*) = 120 from crisiscover.flag", "t"));
}

static void
the_heartbeat_carries_the_head(void **state)
{
	(void)state;
	roles[0] = start_role();
	AWAIT(all.beats > 0);
	assert_string_equal(all.last_head, "1-0");
	assert_int_equal(place.beats, 0);
	add_flags(2);
	AWAIT(strcmp(all.last_head, "1-2") == 0);
	assert_true(cli_is(CLI("GET", "crisiscover:flags:head"), "1-2"));
	assert_true(
	    cli_is(CLI("EVAL",
		       "local t = redis.call('TTL', KEYS[1]) return (t > 5 and t <= 15) and 1 or 0",
		       "1", "crisiscover:flags:head"),
		"1"));
}

/* A process that cannot read the outbox must not claim that all is published. */
/* holds: F3 H06.2 */
static void
without_the_database_the_heart_stops(void **state)
{
	(void)state;
	roles[0] = start_role();
	AWAIT(all.beats > 0);
	scratch_postgres_halt(cluster);
	AWAIT(cli_is(CLI("EXISTS", "crisiscover:flags:head"), "0"));
	scratch_postgres_resume(cluster);
	all.beats = 0;
	AWAIT(all.beats > 0);
	add_flags(1);
	AWAIT(all_is_told());
	assert_true(sql_is("select epoch from crisiscover.flag_counter",
	    "1")); /* nothing was lost: no new epoch */
}

/* holds: F6 H06.1 */
static void
flags_wait_for_redis(void **state)
{
	(void)state;
	roles[0] = start_role();
	add_flags(5);
	AWAIT(all_is_told());
	scratch_redis_kill9(redis);
	add_flags(130);
	scratch_redis_resume(redis);
	AWAIT(all_is_told());
	add_flags(1);
	AWAIT(all_is_told());
	assert_true(all.in_order);
}

/* holds: F7 H06.1 */
static void
a_flushed_redis_is_filled_again(void **state)
{
	int told;

	(void)state;
	roles[0] = start_role();
	add_flags(150);
	AWAIT(all_is_told() && all.flags == 150);
	told = all.flags;
	free(scratch_redis_cli(redis, CLI("FLUSHALL")));
	AWAIT(all_is_told());
	AWAIT(strcmp(all.last_head, "1-150") == 0 &&
	      cli_is(CLI("GET", "crisiscover:flags:head"), "1-150"));
	run_for(50);
	assert_int_equal(all.flags, told); /* not told to listeners a second time */
}

/* The flag that comes right after the loss must not shut out those before it. */
static void
a_flag_on_an_emptied_stream_leaves_no_hole(void **state)
{
	(void)state;
	roles[0] = start_role();
	add_flags(20);
	AWAIT(all_is_told());
	free(scratch_redis_cli(redis, CLI("FLUSHALL")));
	add_flags(1);
	AWAIT(all_is_told() && all.flags == 21);
	assert_true(all.in_order);
}

/* An older copy of its data: what came after it is put in again. */
/* holds: F7 */
static void
a_redis_rolled_back_is_filled_from_there(void **state)
{
	(void)state;
	roles[0] = start_role();
	add_flags(10);
	AWAIT(all_is_told());
	free(scratch_redis_cli(redis,
	    CLI("EVAL",
		"local k = {} for _, e in ipairs(redis.call('XRANGE', KEYS[1], '-', '1-6')) do k[#k + 1] = e end redis.call('DEL', "
		"KEYS[1]) for _, e in ipairs(k) do redis.call('XADD', KEYS[1], e[1], e[2][1], e[2][2]) end",
		"1", STREAM)));
	AWAIT(all_is_told());
	assert_int_equal(all.flags, 10);
}

static void
a_redis_that_refuses_is_tried_again(void **state)
{
	(void)state;
	roles[0] = start_role();
	add_flags(2);
	AWAIT(all_is_told());
	free(scratch_redis_cli(redis, CLI("CONFIG", "SET", "maxmemory", "1")));
	add_flags(5);
	AWAIT(sql_is(
	    "select count(*) from pg_stat_activity where application_name = 'crisiscover-flags' and query like "
	    "'%pg_advisory_unlock_all%'",
	    "1"));
	assert_true(
	    sql_is("select count(*) from crisiscover.flag where published_at is null", "5"));
	free(scratch_redis_cli(redis, CLI("CONFIG", "SET", "maxmemory", "0")));
	AWAIT(all_is_told() && all.flags == 7);
	assert_true(all.in_order);
}

/* holds: F8 */
static void
of_two_one_leads_and_the_other_follows_it(void **state)
{
	(void)state;
	roles[0] = start_role();
	AWAIT(somebody_leads());
	roles[1] = start_role();
	add_flags(10);
	AWAIT(all_is_told());
	for (int round = 0; round < 3; round++) {
		/* The one that leads dies; the other takes over; a new one stands by. */
		assert_int_equal(end_role(&roles[round % 2], SIGKILL), -SIGKILL);
		add_flags(10);
		AWAIT(all_is_told());
		AWAIT(somebody_leads());
		roles[round % 2] = start_role();
	}
	AWAIT(all.flags == 40);
	assert_true(all.in_order);
	assert_true(sql_is("select epoch from crisiscover.flag_counter", "1"));
}

/* A mark is worth no wait for the disk, everything else of the role is. */
/* holds: F10 */
static void
only_a_mark_does_without_the_disk(void **state)
{
	char *settings;

	(void)state;
	add_flags(1);
	assert_int_equal(scratch_psql_try(cluster, "crisiscover_flags",
			     "begin; select crisiscover.flags_mark(1, 1); show synchronous_commit; "
			     "commit; show synchronous_commit; "
			     "begin; select crisiscover.flags_lead(1, 1); show synchronous_commit; "
			     "commit",
			     &settings),
	    0);
	assert_string_equal(settings, "\noff\non\n(t,1,1,1)\non");
	free(settings);
	assert_true(
	    sql_is("select count(*) from crisiscover.flag where published_at is null", "0"));
}

/* The server dies with marks that were not on the disk yet. Which is up to its WAL writer, so until
 * it has lost some. How many flags that took. */
static int
lose_marks(void)
{
	int added = 0;

	do {
		assert_true(added < 300);
		roles[0] = start_role();
		add_flags(30);
		added += 30;
		AWAIT(all_is_told() && all.flags == added);
		end_role(&roles[0], SIGKILL);
		scratch_postgres_kill9(cluster);
		scratch_postgres_resume(cluster);
	} while (sql_is("select count(*) from crisiscover.flag where published_at is null", "0"));
	return added;
}

/* holds: F4 */
static void
marks_that_a_crash_took_are_made_again(void **state)
{
	int told = lose_marks();

	(void)state;
	roles[0] = start_role();
	AWAIT(all_is_told());
	add_flags(1);
	AWAIT(all_is_told() && all.flags > told);
	assert_int_equal(all.flags, told + 1); /* none a second time */
	assert_true(all.in_order);
	assert_true(sql_is("select epoch from crisiscover.flag_counter", "1"));
}

static void
it_ends_when_asked_to_and_gives_the_lead_up(void **state)
{
	(void)state;
	roles[0] = start_role();
	AWAIT(somebody_leads());
	assert_int_equal(end_role(&roles[0], SIGTERM), 0);
	AWAIT(!somebody_leads());
	scratch_redis_kill9(redis);
	roles[0] = start_role();
	AWAIT(is_connected()); /* and listens to signals, which comes before */
	assert_int_equal(end_role(&roles[0], SIGTERM), 0);
	scratch_redis_resume(redis);
}

/* -----------------------------------------------------------------------------------------------
 * epochs */

static void
another_database_begins_a_new_epoch(void **state)
{
	(void)state;
	roles[0] = start_role();
	add_flags(3);
	AWAIT(all_is_told());
	end_role(&roles[0], SIGTERM);
	sql("update incarnation set timeline = 77");
	roles[0] = start_role();
	AWAIT(strcmp(all.last_head, "2-0") == 0);
	add_flags(2);
	AWAIT(all_is_told());
	AWAIT(strcmp(all.last_id, "2-2") == 0);
	assert_true(all.in_order);
	assert_true(sql_is("select epoch from crisiscover.map_head", "2"));
	end_role(&roles[0], SIGTERM);
	roles[0] = start_role(); /* the same one again: nothing new about it */
	add_flags(1);
	AWAIT(strcmp(all.last_id, "2-3") == 0);
}

/* Two promotions have happened, and both primaries have gone since. Each may have begun an epoch
 * that somebody saw in a heartbeat and that no database knows any more: none of them may come
 * again. */
static void
epochs_that_were_lost_do_not_come_again(void **state)
{
	(void)state;
	roles[0] = start_role();
	add_flags(1);
	AWAIT(all_is_told());
	end_role(&roles[0], SIGTERM);
	sql("update incarnation set timeline = timeline - 3");
	roles[0] = start_role();
	AWAIT(strcmp(all.last_head, "4-0") == 0);
	add_flags(1);
	AWAIT(strcmp(all.last_id, "4-1") == 0);
}

static void
a_redis_that_knows_a_later_epoch_is_outnumbered(void **state)
{
	(void)state;
	free(scratch_redis_cli(redis, CLI("XADD", STREAM, "7-5", "p", "{}")));
	add_flags(1); /* 1-1 could never be appended */
	roles[0] = start_role();
	AWAIT(strcmp(all.last_id, "8-1") == 0);
	add_flags(1);
	AWAIT(strcmp(all.last_id, "8-2") == 0);
	assert_true(sql_is(
	    "select string_agg(payload::jsonb->>'id', ' ' order by epoch, seq) from crisiscover.flag",
	    "1-1 8-1 8-2"));
}

/* The files were put back from an hour ago, on the same timeline: flags are numbered a second time
 * before anybody notices. */
/* holds: F17 H06.1 */
static void
a_restored_database_loses_no_flag(void **state)
{
	(void)state;
	roles[0] = start_role();
	add_flags(4);
	AWAIT(all_is_told());
	end_role(&roles[0], SIGTERM);
	sql("delete from flag where seq > 1; update flag_counter set seq = 1");
	add_flags(2); /* 1-2 and 1-3 once more, and they are others */
	roles[0] = start_role();
	AWAIT(strcmp(all.last_id, "2-2") == 0);
	assert_int_equal(all.flags, 6);
	/* The mark that it was published follows a moment after. */
	AWAIT(sql_is("select count(*) from crisiscover.flag where published_at is null", "0"));
}

/* holds: F17 */
static void
a_promoted_standby_begins_a_new_epoch(void **state)
{
	struct scratch_postgres *primary = cluster, *standby;

	(void)state;
	roles[0] = start_role();
	add_flags(2);
	AWAIT(all_is_told());
	standby = scratch_postgres_standby(primary);
	roles[1] = start_role_at(scratch_postgres_conninfo_as(standby, "crisiscover_flags"));
	scratch_psql_until(standby, "select count(*) from crisiscover.flag", "2", 20);
	run_for(200); /* time enough for a mistake */
	assert_true(cli_is(CLI("XLEN", STREAM), "2"));
	end_role(&roles[0], SIGKILL);
	scratch_postgres_kill9(primary);
	cluster = standby;
	free(scratch_psql(standby, "select pg_promote()"));
	AWAIT(strcmp(all.last_head, "2-0") == 0);
	add_flags(1);
	AWAIT(strcmp(all.last_id, "2-1") == 0);
	AWAIT(all_is_told());
	assert_true(all.in_order);
	end_role(&roles[1], SIGTERM);
	cluster = primary;
	scratch_postgres_stop(standby);
	scratch_postgres_resume(primary);
}

/* holds: H13.1 */
static void
its_login_may_do_nothing_else(void **state)
{
	static const char *const forbidden[] = {
	    "insert into flag (epoch, seq, kind, payload) values (1, 1, 'opened', '{}')",
	    "update flag set payload = ''", "delete from flag", "update flag_counter set seq = 0",
	    "select * from shift", "select * from region", "select flags_renew_epoch(9, 9)",
	    "create table crisiscover.t ()", "create table public.t ()"};

	(void)state;
	for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++) {
		char *output;

		assert_int_equal(
		    scratch_psql_try(cluster, "crisiscover_flags", forbidden[i], &output), 3);
		assert_non_null(strstr(output, "permission denied"));
		free(output);
	}
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(flags_are_told_in_order_on_every_channel),
	    TEST(writers_at_once_leave_no_hole),
	    TEST(the_heartbeat_carries_the_head),
	    TEST(without_the_database_the_heart_stops),
	    TEST(flags_wait_for_redis),
	    TEST(a_flushed_redis_is_filled_again),
	    TEST(a_flag_on_an_emptied_stream_leaves_no_hole),
	    TEST(a_redis_rolled_back_is_filled_from_there),
	    TEST(a_redis_that_refuses_is_tried_again),
	    TEST(of_two_one_leads_and_the_other_follows_it),
	    TEST(only_a_mark_does_without_the_disk),
	    TEST(marks_that_a_crash_took_are_made_again),
	    TEST(it_ends_when_asked_to_and_gives_the_lead_up),
	    TEST(another_database_begins_a_new_epoch),
	    TEST(epochs_that_were_lost_do_not_come_again),
	    TEST(a_redis_that_knows_a_later_epoch_is_outnumbered),
	    TEST(a_restored_database_loses_no_flag),
	    TEST(a_promoted_standby_begins_a_new_epoch),
	    TEST(its_login_may_do_nothing_else),
	};

	return cmocka_run_group_tests(tests, set_up_cluster, tear_down_cluster);
}
