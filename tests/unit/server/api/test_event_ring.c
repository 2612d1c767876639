/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/unit.h"

#include "server/api/ask/rights.h"
#include "server/api/events/event_ring.h"
#include "server/api/events/event_words.h"
#include "server/base/text.h"
#include "server/base/vec.h"
#include "tests/unit/server/api/atlas.h"
#include "tests/unit/server/model/dice.h"

/* The latest events: who hears which, from where on. The second implementation keeps everything that
 * was ever told, and asks the rights of each event one by one. */

#define NOW_US (ATLAS_NOW * INT64_C(1000000))
#define SECOND_US INT64_C(1000000)
#define EPOCH 3

struct told {
	struct change change;
	int64_t at_us, version;
};

struct bed {
	struct atlas atlas;
	struct arena *arena;
	struct event_ring *ring;
	VEC(struct told) all;
};

static int
set_up(void **state)
{
	static struct bed bed;

	bed = (struct bed){.arena = arena_new(0)};
	atlas_open(&bed.atlas);
	bed.ring = event_ring_new(64);
	event_ring_restart(bed.ring, bed.atlas.region, EPOCH, NOW_US);
	*state = &bed;
	return 0;
}

static int
tear_down(void **state)
{
	struct bed *bed = *state;

	event_ring_free(bed->ring);
	atlas_close(&bed->atlas);
	arena_free(bed->arena);
	return 0;
}

static const uint32_t functions[] = {0, 1};

static struct change
coverage_at(uint32_t place)
{
	return (struct change){.kind = CHANGE_COVERAGE,
	    .place = place,
	    .rota = REGION_NONE,
	    .functions = functions,
	    .nfunctions = 2};
}

static struct change
of_rota(enum change_kind kind, uint32_t rota)
{
	return (struct change){.kind = kind, .place = REGION_NONE, .rota = rota, .waiting = 2};
}

static void
tell(struct bed *bed, struct change change, int64_t version, int64_t at_us)
{
	struct changes changes = {&change, 1};

	event_ring_add(bed->ring, &changes, version, at_us);
	*VEC_PUSH(bed->arena, &bed->all) = (struct told){change, at_us, version};
}

/* What the account hears of ${place} from ${from} on; borrowed until the next call. */
static const char *
hear(struct bed *bed, const struct account *account, uint32_t place, uint64_t *from)
{
	static struct buf out;
	struct event_ear ear = {0};
	uint32_t looked = 0;

	buf_reset(&out);
	buf_add_text(&out, "");
	event_ear_set(&ear, bed->atlas.region, account, place);
	*from = event_ring_hear(bed->ring, &ear, *from, &out, &looked);
	event_ear_free(&ear);
	return out.at;
}

/* ------------------------------------------------------------------------- words, one by one */

static void
words_are_one_line_of_json(void **state)
{
	struct bed *bed = *state;
	struct change gap = coverage_at(1);
	struct buf out = {0};

	event_words(&out, bed->atlas.region, &gap, 123);
	assert_string_equal(out.at,
	    "event: coverage\ndata: {\"place\":\"ZED01\",\"functions\":[\"amhp\",\"liaison\"],\"map\":123}\n\n");
	buf_reset(&out);
	gap.kind = CHANGE_GAP;
	gap.nfunctions = 1;
	gap.how = GAP_ACKNOWLEDGED;
	assert_true(gap_id_of(SLICE("6e8bc430-9c3a-11d9-9669-0800200c9a66"), gap.gap));
	event_words(&out, bed->atlas.region, &gap, 123);
	assert_string_equal(out.at,
	    "event: gap\ndata: {\"gap\":\"6e8bc430-9c3a-11d9-9669-0800200c9a66\",\"place\":\"ZED01\","
	    "\"function\":\"amhp\",\"change\":\"acknowledged\"}\n\n");
	buf_reset(&out);
	gap = of_rota(CHANGE_FEED, 0);
	gap.standing = FEED_HELD;
	gap.freshness = FRESHNESS_AGEING;
	event_words(&out, bed->atlas.region, &gap, 123);
	assert_string_equal(out.at,
	    "event: feed\ndata: {\"rota\":\"amhp-duty\",\"state\":\"held\",\"freshness\":\"ageing\"}\n\n");
	buf_reset(&out);
	gap = of_rota(CHANGE_DECISION, 0);
	event_words(&out, bed->atlas.region, &gap, 123);
	event_words_identify(&out, "3-4");
	assert_string_equal(
	    out.at, "event: decision\ndata: {\"rota\":\"amhp-duty\",\"waiting\":2}\nid: 3-4\n\n");
	buf_reset(&out);
	gap = coverage_at(1);
	gap.kind = CHANGE_CONTACT;
	gap.nfunctions = 1;
	event_words(&out, bed->atlas.region, &gap, 123);
	assert_string_equal(
	    out.at, "event: contact\ndata: {\"place\":\"ZED01\",\"function\":\"amhp\"}\n\n");
	buf_reset(&out);
	gap.kind = CHANGE_NOTE;
	event_words(&out, bed->atlas.region, &gap, 123);
	assert_string_equal(out.at, "event: note\ndata: {\"place\":\"ZED01\"}\n\n");
	buf_reset(&out);
	event_words_heartbeat(&out, &(struct event_age){ATLAS_NOW, ATLAS_NOW - 1, "live", true});
	assert_string_equal(out.at,
	    "event: heartbeat\ndata: {\"now\":\"2026-11-22T03:09:59Z\",\"as_of\":\"2026-11-22T03:09:58Z\","
	    "\"confidence\":\"live\",\"practice\":true}\n\n");
	buf_free(&out);
}

/* ------------------------------------------------------------------------------- who hears it */

/* By the rights of the calls that a listener asks again. */
static bool
naive_hears(const struct bed *bed, const struct account *account, uint32_t place,
    const struct change *change)
{
	const struct region *region = bed->atlas.region;
	const char *code = place == REGION_NONE ? NULL : region->places[place].code;
	/* Somebody who may ask about that place and those below it. */
	struct account below = {.places = &code, .nplaces = code == NULL ? 0 : 1};
	bool decides =
	    change->kind != CHANGE_DECISION || rights_change_rota(region, account, change->rota);

	if (change->place != REGION_NONE)
		return rights_place(region, account, change->place) &&
		       rights_place(region, &below, change->place);
	if (!decides)
		return false;
	if (code == NULL)
		return rights_rota(region, account, change->rota);
	return region->rotas[change->rota].service != REGION_NONE &&
	       rights_service(region, &below, region->rotas[change->rota].service);
}

static void
naive_hear(const struct bed *bed, const struct account *account, uint32_t place, size_t from,
    struct buf *out)
{
	buf_reset(out);
	buf_add_text(out, "");
	for (size_t i = from; i < bed->all.count; i++)
		if (naive_hears(bed, account, place, &bed->all.items[i].change))
			event_words(out, bed->atlas.region, &bed->all.items[i].change,
			    bed->all.items[i].version);
}

static struct change
dice_change(struct dice *dice, const struct region *region)
{
	static const enum change_kind of_place[] = {CHANGE_COVERAGE, CHANGE_CONTACT, CHANGE_NOTE};
	struct change change;

	if (dice_below(dice, 2) == 0) {
		change = coverage_at((uint32_t)dice_below(dice, region->nplaces));
		change.kind = of_place[dice_below(dice, 3)];
		return change;
	}
	return of_rota(dice_below(dice, 2) == 0 ? CHANGE_FEED : CHANGE_DECISION,
	    (uint32_t)dice_below(dice, region->nrotas));
}

/* Every account, for every place that it may ask about and for none, whenever it began to listen. */
static void
an_account_hears_what_it_may_ask_about(void **state)
{
	struct bed *bed = *state;
	const struct region *region = bed->atlas.region;
	const struct accounts *accounts = bed->atlas.map->accounts;
	struct dice dice = dice_of(77);
	struct buf wanted = {0};
	int heard = 0;

	for (int i = 0; i < 40; i++)
		tell(bed, dice_change(&dice, region), 8000 + i, NOW_US + i * SECOND_US);
	for (uint32_t i = 0; i < accounts->count; i++)
		for (uint32_t place = 0; place <= region->nplaces; place++) {
			uint32_t asked = place == region->nplaces ? REGION_NONE : place;
			size_t skip = (size_t)dice_below(&dice, 40);
			uint64_t from = event_ring_end(bed->ring) - 40 + skip;
			const char *got;

			if (asked != REGION_NONE &&
			    !rights_place(region, &accounts->items[i], asked))
				continue;
			got = hear(bed, &accounts->items[i], asked, &from);
			naive_hear(bed, &accounts->items[i], asked, skip, &wanted);
			assert_string_equal(got, wanted.at);
			assert_true(from == event_ring_end(bed->ring));
			heard += wanted.len > 0;
		}
	assert_true(heard > 10);
	buf_free(&wanted);
}

static void
an_opened_place_is_heard_while_it_is_open(void **state)
{
	struct bed *bed = *state;
	struct account_glass glass = {"ZED02", ATLAS_NOW + 10};
	struct account nurse = *atlas_account(&bed->atlas, "oswins-ed");
	uint64_t from = event_ring_end(bed->ring), again = from;

	nurse.glass = &glass;
	nurse.nglass = 1;
	tell(bed, coverage_at(atlas_place(&bed->atlas, "ZED02")), 1, NOW_US);
	assert_string_equal(hear(bed, &nurse, REGION_NONE, &from), "");
	assert_non_null(
	    strstr(hear(bed, rights_with_glass(bed->arena, &nurse, ATLAS_NOW), REGION_NONE, &again),
		"ZED02"));
}

/* ----------------------------------------------------------------------------- coming back */

static bool
resume(struct bed *bed, int64_t shown_us, int64_t now_us, uint64_t *from)
{
	char position[EVENT_POSITION_MAX];

	event_ring_position(bed->ring, shown_us, position);
	return event_ring_resume(bed->ring, slice_of(position), now_us, from);
}

/* Every event since, whatever was dropped: or the listener is told that it has to ask everything. */
static void
who_comes_back_misses_nothing(void **state)
{
	struct bed *bed = *state;
	const struct account *chief = atlas_account(&bed->atlas, "chief");
	struct dice dice = dice_of(5);
	struct buf since = {0};
	int64_t at = NOW_US;
	int resets = 0, resumed = 0;

	for (int i = 0; i < 300; i++) {
		int64_t shown;
		uint64_t from;
		size_t first = 0;

		at += dice_below(&dice, 3) * SECOND_US;
		tell(bed, dice_change(&dice, bed->atlas.region), 1, at);
		shown = at - dice_below(&dice, 150) * SECOND_US;
		if (!resume(bed, shown, at, &from)) {
			resets++;
			continue;
		}
		resumed++;
		while (first < bed->all.count && bed->all.items[first].at_us < shown)
			first++;
		naive_hear(bed, chief, REGION_NONE, first, &since);
		/* All of them, at the end of what is sent. */
		{
			const char *got = hear(bed, chief, REGION_NONE, &from);
			size_t len = strlen(got);

			assert_true(len >= since.len);
			assert_string_equal(got + len - since.len, since.at);
		}
	}
	assert_true(resets > 20 && resumed > 60);
	buf_free(&since);
}

/* Another process may have found a change a moment before this one. */
static void
a_few_seconds_are_told_again(void **state)
{
	struct bed *bed = *state;
	const struct account *chief = atlas_account(&bed->atlas, "chief");
	uint64_t from;

	tell(bed, coverage_at(1), 1, NOW_US + 100 * SECOND_US);
	assert_true(resume(bed, NOW_US + 103 * SECOND_US, NOW_US + 110 * SECOND_US, &from));
	assert_non_null(strstr(hear(bed, chief, REGION_NONE, &from), "ZED01"));
	assert_true(resume(bed, NOW_US + 108 * SECOND_US, NOW_US + 110 * SECOND_US, &from));
	assert_string_equal(hear(bed, chief, REGION_NONE, &from), "");
}

static void
what_is_not_known_any_more_is_a_reset(void **state)
{
	struct bed *bed = *state;
	uint64_t from = 0;

	/* Before this process knew anything, and just after. */
	assert_false(resume(bed, NOW_US - 1, NOW_US, &from));
	assert_false(resume(bed, NOW_US + SECOND_US, NOW_US + SECOND_US, &from));
	assert_true(resume(bed, NOW_US + 9 * SECOND_US, NOW_US + 9 * SECOND_US, &from));
	/* Of a database whose clock is ahead, or of another epoch. */
	assert_false(resume(bed, NOW_US + 60 * SECOND_US, NOW_US + 9 * SECOND_US, &from));
	assert_false(event_ring_resume(bed->ring, SLICE("2-1795317010000000"), NOW_US * 2, &from));
	assert_true(event_ring_resume(bed->ring, SLICE("3-1795317010000000"), NOW_US * 2, &from));
}

static void
nonsense_is_a_reset(void **state)
{
	static const char *const texts[] = {"", "-", "3", "3-", "-3", "x-y", "3-17953170100000001x",
	    "3-99999999999999999999999", "0-1795317010000000", " 3-1795317010000000",
	    "3--1795317010000000", "-3-1795317010000000", "3-1795317010000000-1"};
	struct bed *bed = *state;
	uint64_t from;

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (event_ring_resume(bed->ring, slice_of(texts[i]), NOW_US * 2, &from))
			fail_msg("\"%s\" is a position", texts[i]);
}

/* Everybody is told, also who had heard everything. */
static void
a_restart_resets_everybody(void **state)
{
	struct bed *bed = *state;
	const struct account *chief = atlas_account(&bed->atlas, "chief");
	uint64_t from = event_ring_end(bed->ring), late = from;

	tell(bed, coverage_at(1), 1, NOW_US);
	(void)hear(bed, chief, REGION_NONE, &from);
	event_ring_restart(bed->ring, bed->atlas.region, EPOCH, NOW_US + 60 * SECOND_US);
	assert_string_equal(hear(bed, chief, REGION_NONE, &from), EVENT_RESET);
	assert_string_equal(hear(bed, chief, REGION_NONE, &from), "");
	assert_string_equal(hear(bed, chief, REGION_NONE, &late), EVENT_RESET);
	assert_false(resume(bed, NOW_US + 50 * SECOND_US, NOW_US + 70 * SECOND_US, &from));
	assert_true(resume(bed, NOW_US + 66 * SECOND_US, NOW_US + 70 * SECOND_US, &from));
}

static void
nothing_is_resumed_of_a_map_that_no_database_has_told(void **state)
{
	struct bed *bed = *state;
	uint64_t from;

	event_ring_restart(bed->ring, bed->atlas.region, 0, 0);
	assert_false(resume(bed, NOW_US, NOW_US, &from));
}

/* A client that has missed more than is kept asks for everything again, and then goes on. */
static void
who_is_too_far_behind_is_reset(void **state)
{
	struct bed *bed = *state;
	const struct account *chief = atlas_account(&bed->atlas, "chief");
	uint64_t from = event_ring_end(bed->ring);

	for (int i = 0; i < 65; i++)
		tell(bed, coverage_at(1), i, NOW_US + i * 10 * SECOND_US);
	assert_string_equal(hear(bed, chief, REGION_NONE, &from), EVENT_RESET);
	tell(bed, coverage_at(1), 99, NOW_US + 700 * SECOND_US);
	assert_non_null(strstr(hear(bed, chief, REGION_NONE, &from), "\"map\":99}"));
	/* Two were dropped, the later at second 10. */
	assert_false(resume(bed, NOW_US + 14 * SECOND_US, NOW_US + 700 * SECOND_US, &from));
	assert_true(resume(bed, NOW_US + 16 * SECOND_US, NOW_US + 700 * SECOND_US, &from));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(words_are_one_line_of_json),
	    TEST(an_account_hears_what_it_may_ask_about),
	    TEST(an_opened_place_is_heard_while_it_is_open),
	    TEST(who_comes_back_misses_nothing),
	    TEST(a_few_seconds_are_told_again),
	    TEST(what_is_not_known_any_more_is_a_reset),
	    TEST(nonsense_is_a_reset),
	    TEST(a_restart_resets_everybody),
	    TEST(nothing_is_resumed_of_a_map_that_no_database_has_told),
	    TEST(who_is_too_far_behind_is_reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
