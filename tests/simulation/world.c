/* SPDX-License-Identifier: MIT */
#include "tests/simulation/world.h"

#include <inttypes.h>
#include <string.h>

#include "tests/simulation/calendars.h"
#include "tests/simulation/db.h"
#include "tests/simulation/host.h"
#include "tests/simulation/roles.h"
#include "tests/simulation/sim.h"
#include "tests/simulation/stream.h"

const struct world_fault world_faults[] = {
    {"marks-first",
	"flags are marked as published when they are read, and a leader goes on after its marks",
	1},
    {"after-the-top",
	"a leader goes on after the newest entry of the stream, whatever is unmarked before it",
	90},
    {"reads-before-subscribed", "a subscriber's catch-up reads the stream before it is subscribed",
	210},
    {"numbers-of-a-sequence",
	"flags are numbered by a sequence, so that a lower number may be committed later", 1},
    {"no-recovery-check", "a standby's grant of the lead counts", 1},
    {"no-new-epoch", "a promotion begins no new epoch", 150},
    {"epoch-again",
	"a promotion begins the epoch after the last one it knows, though another timeline may have begun it",
	2070},
    {"no-compare", "the scripts do not compare the newest entry with the expected one", 1},
    {"no-id-rule", "the stream takes an id that is not newer than its last", 1},
    {"clears-grown-marks", "a commit clears a rota's mark though it has grown", 80},
    {"marks-from-one", "a mark that is made again begins with the number it had before", 0},
    {"no-versions", "a commit does not look at the versions of its demands", 1},
    {"clock-of-the-look", "a sweep goes by the clock of the look that began its run", 1400},
    {"region-once", "a region that was taken once is never taken again", 60},
    {"used-is-seen", "a source that a sweep has used counts as seen by all its demands", 150},
    {"settles-unseen", "that a held closing was told moves no version", 0},
    {"state-without-held", "the whole state leaves out gaps whose closing is held back", 1355},
    {"place-before-effect", "a subscriber stores its place before it acts", 1},
    {NULL, NULL, 0},
};

enum { COVERAGES = 2, FLAGS = 2, SUBSCRIBERS = 3 };

#define MS INT64_C(1000)
#define SECOND (1000 * MS)
#define SETTLES_WITHIN (180 * SECOND)

/* The world of one seed. */
static struct {
	struct role *coverage[COVERAGES], *flags[FLAGS];
	struct subscriber *subscribers[SUBSCRIBERS];
	unsigned nsubscribers;
	bool quiet; /* no more changes, no more faults */
	int64_t began_us, ended_us;
	int64_t change_us, fault_us, lag_us; /* how often, how late at most */
	uint32_t kinds;                      /* of faults that come up, by bit */
	uint32_t region_odds;                /* one change in so many is of the region */
} world;

/* ------------------------------------------------------------------------------------ changes */

/* Somebody acknowledges a gap or, now and then, takes an acknowledgement back. */
static void
take_on_or_back(uint32_t any)
{
	if (any % 5 == 0)
		db_take_back(any);
	else
		db_acknowledge(any);
}

static void
on_change(void *ctx)
{
	(void)ctx;
	if (world.quiet)
		return;
	sim_after(sim_between(1, 2 * world.change_us), on_change, NULL);
	if (sim_odds(12) && db_primary_node() >= 0)
		take_on_or_back(sim_below(1000));
	else if (sim_odds(world.region_odds) && db_primary_node() >= 0)
		db_apply_region();
	else
		calendars_change();
}

/* ------------------------------------------------------------------------------------- faults */

enum fault_kind {
	KILL_COVERAGE,
	KILL_FLAGS,
	KILL_SUBSCRIBER,
	FREEZE,
	ASLEEP,
	CUT_ROLE,
	CUT_SUBSCRIBER,
	STOP_DATABASE,
	PROMOTE,
	STOP_REDIS,
	WIPE_REDIS,
	FLUSH_REDIS,
	ROLL_REDIS_BACK,
	API_AWAY,
	TIME_PASSES,
	FAULT_KINDS
};

static void
on_database_back(void *ctx)
{
	(void)ctx;
	if (db_primary_node() < 0)
		db_resume();
}

static void
on_redis_back(void *ctx)
{
	(void)ctx;
	if (!stream_up())
		stream_resume();
}

static void
on_api_back(void *ctx)
{
	(void)ctx;
	api_away(false);
}

static struct role *
any_role(void)
{
	return sim_odds(2) ? world.coverage[sim_below(COVERAGES)] : world.flags[sim_below(FLAGS)];
}

static void
stop_redis(bool wiped, bool rolled_back)
{
	if (!stream_up())
		return;
	stream_stop();
	if (wiped)
		stream_wipe();
	if (rolled_back)
		stream_roll_back();
	sim_after(sim_between(10 * MS, 20 * SECOND), on_redis_back, NULL);
}

/* Hours without an event, as after a machine was asleep; or the database's clock put right. */
static void
let_time_pass(void)
{
	static const int64_t hours[] = {1, 3, 7, 26, 80};

	db_jump(sim_odds(3) ? sim_between(-3, 120) * SECOND : hours[sim_below(5)] * 3600 * SECOND);
}

static void
do_fault(enum fault_kind kind)
{
	switch (kind) {
	case KILL_COVERAGE:
		role_kill(world.coverage[sim_below(COVERAGES)], sim_between(MS, 8 * SECOND));
		break;
	case KILL_FLAGS:
		role_kill(world.flags[sim_below(FLAGS)], sim_between(MS, 8 * SECOND));
		break;
	case KILL_SUBSCRIBER:
		subscriber_kill(world.subscribers[sim_below(world.nsubscribers)]);
		break;
	case FREEZE:
		role_freeze(any_role(), sim_between(100 * MS, 20 * SECOND));
		break;
	case ASLEEP: /* while the world went on */
		role_freeze(world.coverage[sim_below(COVERAGES)], sim_between(SECOND, 15 * SECOND));
		let_time_pass();
		break;
	case CUT_ROLE:
		role_cut(any_role());
		break;
	case CUT_SUBSCRIBER:
		subscriber_cut(world.subscribers[sim_below(world.nsubscribers)]);
		break;
	case STOP_DATABASE:
		if (db_primary_node() >= 0) {
			db_stop();
			sim_after(sim_between(10 * MS, 15 * SECOND), on_database_back, NULL);
		}
		break;
	case PROMOTE:
		if (db_primary_node() >= 0 && !db_promoted_recently())
			db_promote();
		break;
	case STOP_REDIS:
	case WIPE_REDIS:
	case ROLL_REDIS_BACK:
		stop_redis(kind == WIPE_REDIS, kind == ROLL_REDIS_BACK);
		break;
	case FLUSH_REDIS: /* no connection notices */
		if (stream_up())
			stream_wipe();
		break;
	case API_AWAY:
		api_away(true);
		sim_after(sim_between(SECOND, 30 * SECOND), on_api_back, NULL);
		break;
	case TIME_PASSES:
	case FAULT_KINDS:
		let_time_pass();
		break;
	}
}

static void
on_fault(void *ctx)
{
	enum fault_kind kind = (enum fault_kind)sim_below(FAULT_KINDS);

	(void)ctx;
	if (world.quiet)
		return;
	sim_after(sim_between(1, 2 * world.fault_us), on_fault, NULL);
	if ((world.kinds >> kind & 1) != 0)
		do_fault(kind);
}

static void
on_replicate(void *ctx)
{
	(void)ctx;
	sim_after(sim_between(1, world.lag_us), on_replicate, NULL);
	if (db_primary_node() >= 0)
		db_replicate();
}

static void
on_snapshot(void *ctx)
{
	(void)ctx;
	sim_after(sim_between(50 * MS, 2 * SECOND), on_snapshot, NULL);
	api_refresh();
}

/* ------------------------------------------------------------------------------- what must hold */

/* Every epoch's numbers are 1, 2, 3, …: whatever was lost, nothing is missing between. */
static void
check_numbers(const struct db *db)
{
	int64_t epoch = 0, seq = 0;

	for (size_t i = 0; i < db->flags.count; i++) {
		const struct db_flag *flag = &db->flags.items[i];

		seq = flag->epoch == epoch ? seq + 1 : 1;
		if (flag->epoch < epoch || flag->seq != seq)
			sim_fail("the outbox has %" PRId64 "-%" PRId64 " where %" PRId64
				 " would be next",
			    flag->epoch, flag->seq, seq);
		epoch = flag->epoch;
	}
}

static const char held_closing[] = "a closing is held back";

/* NULL once nothing is left to do; else what is. */
static const char *
unsettled(void)
{
	const struct db *db = db_primary();
	int64_t epoch, seq;

	for (unsigned i = 0; i < COVERAGES; i++)
		if (!role_runs(world.coverage[i]))
			return "a coverage is not back";
	for (int rota = 0; rota < DB_ROTAS; rota++)
		if (db->dirty[rota].n > 0)
			return "a rota is marked";
	if (db->head_region != db->region)
		return "the map is not of the region in force";
	for (size_t i = 0; i < db->demands.count; i++)
		if (!db->demands.items[i].retired && db->demands.items[i].next_us <= db_now_us())
			return "a demand is due";
	for (size_t i = 0; i < db->flags.count; i++)
		if (!db->flags.items[i].published)
			return "a flag is unpublished";
	for (size_t i = 0; i < db->gaps.count; i++)
		if (db->gaps.items[i].settle_us != PG_INFINITY)
			return held_closing;
	stream_top(&epoch, &seq);
	if (db->flags.count > 0 && db->counter_seq > 0 &&
	    (epoch != db->counter_epoch || seq != db->counter_seq))
		return "the stream lags";
	for (unsigned i = 0; i < world.nsubscribers; i++)
		if (!subscriber_settled(world.subscribers[i]))
			return "a subscriber lags";
	return NULL;
}

static void
settle(void)
{
	int64_t limit = sim_now_us() + SETTLES_WITHIN;
	const char *why = "?";

	while (sim_failure() == NULL && sim_now_us() < limit) {
		why = unsettled();
		if (why == NULL)
			return;
		if (why == held_closing)
			db_jump(60 * SECOND);
		sim_run_until(sim_now_us() + SECOND);
	}
	if (sim_failure() == NULL)
		sim_fail("long after the last fault %s", why);
}

static int64_t
active_demands(const struct db *db)
{
	int64_t count = 0;

	for (size_t i = 0; i < db->demands.count; i++)
		count += !db->demands.items[i].retired;
	return count;
}

/* The product's own self-check of every demand: what differs from a fresh sweep is logged as an
 * error, which fails the world. */
static void
check_map(void)
{
	int64_t wanted = db_primary()->checked + active_demands(db_primary());
	int64_t limit = sim_now_us() + SETTLES_WITHIN;

	/* Asked again now and then: a check is dropped when its region is replaced. */
	while (sim_failure() == NULL && sim_now_us() < limit && db_primary()->checked < wanted) {
		role_check_all(world.coverage[0]);
		sim_run_until(sim_now_us() + 10 * SECOND);
	}
	if (sim_failure() == NULL && db_primary()->checked < wanted)
		sim_fail("the self-check did not come to its end");
	if (sim_failure() == NULL && db_primary()->mismatched > 0)
		sim_fail("the map is not what the shifts make of it");
}

/* -------------------------------------------------------------------------------- a whole world */

static void
choose_troubles(bool large)
{
	static const int64_t paces[] = {300 * MS, 1500 * MS, 6 * SECOND, 20 * SECOND};

	/* Faults that show only in a large world with many changes get one. */
	world.change_us = paces[!large ? sim_below(4) : sim_faulty("marks-from-one") ? 1 : 3];
	world.fault_us = sim_odds(10) ? 0 : paces[sim_below(4)];
	world.lag_us = sim_odds(3) ? 6 * SECOND : 300 * MS;
	world.region_odds = sim_seed() % 20 == 7 ? 3 : 25;
	world.kinds = sim_odds(3) ? UINT32_MAX : sim_below(1U << FAULT_KINDS);
	if (sim_odds(2))
		stream_trouble(sim_odds(2) ? 3 : 0, sim_odds(2) ? 3 : 0);
}

static void
begin(uint64_t seed, const char *fault, bool verbose, const struct setup_tools *context)
{
	bool large;

	memset(&world, 0, sizeof world);
	sim_begin(seed, fault, verbose);
	/* A large world: a rota's demands fill more than one commit. Faults that show only there get
	 * one. */
	large = sim_odds(60) || sim_faulty("marks-from-one");
	stream_begin();
	db_begin(large);
	calendars_begin(large);
	api_begin();
	choose_troubles(large);
	world.began_us = sim_now_us();
	for (unsigned i = 0; i < COVERAGES; i++)
		world.coverage[i] = role_coverage(i + 1, context);
	for (unsigned i = 0; i < FLAGS; i++)
		world.flags[i] = role_flags(i + 1);
	world.nsubscribers = 1 + sim_below(SUBSCRIBERS);
	for (unsigned i = 0; i < world.nsubscribers; i++)
		world.subscribers[i] = subscriber_new(i + 1);
	sim_after(0, on_change, NULL);
	if (world.fault_us > 0)
		sim_after(0, on_fault, NULL);
	sim_after(0, on_replicate, NULL);
	sim_after(0, on_snapshot, NULL);
}

/* Everybody is back, calendars are fetched once more, and nothing goes wrong any longer. */
static void
calm(void)
{
	world.quiet = true;
	sim_note("calm");
	stream_trouble(0, 0);
	on_database_back(NULL);
	on_redis_back(NULL);
	api_away(false);
	calendars_fetch_all();
}

static void
end(void)
{
	world.ended_us = sim_now_us();
	for (unsigned i = 0; i < COVERAGES; i++)
		role_free(world.coverage[i]);
	for (unsigned i = 0; i < FLAGS; i++)
		role_free(world.flags[i]);
	for (unsigned i = 0; i < world.nsubscribers; i++)
		subscriber_free(world.subscribers[i]);
	fake_pg_finish();
	fake_redis_finish();
	sim_end();
	api_finish();
	db_finish();
	stream_finish();
}

/* The last thing that happens: a region comes, and the primary goes before much of what it brought
 * has reached the standby. */
static void
lose_a_region(void)
{
	if (db_primary_node() < 0)
		db_resume();
	db_apply_region();
	db_replicate();
	sim_run_until(sim_now_us() + sim_between(10 * MS, 250 * MS));
	if (sim_failure() == NULL && db_primary_node() >= 0)
		db_promote();
}

bool
world_live(uint64_t seed, const char *fault, bool verbose, const struct setup_tools *context)
{
	begin(seed, fault, verbose, context);
	sim_run_until(sim_now_us() + sim_between(20, 120) * SECOND);
	if (sim_failure() == NULL && seed % 20 == 7)
		lose_a_region();
	if (sim_failure() == NULL) {
		calm();
		settle();
	}
	if (sim_failure() == NULL)
		calendars_check();
	if (sim_failure() == NULL)
		check_map();
	if (sim_failure() == NULL)
		settle();
	if (sim_failure() == NULL)
		check_numbers(db_primary());
	for (unsigned i = 0; sim_failure() == NULL && i < world.nsubscribers; i++)
		subscriber_check(world.subscribers[i]);
	end();
	return sim_failure() == NULL;
}

int64_t
world_seconds(void)
{
	return (world.ended_us - world.began_us) / SECOND;
}
