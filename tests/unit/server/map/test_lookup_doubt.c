/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/base/arena.h"
#include "server/map/lookup.h"

/* Which of two instants it is, nobody knows: only what both answer alike is said. */

#define ANN                                                                                        \
	{                                                                                          \
		.rota = 1, .person = 1, .name = "Ann"                                              \
	}
#define BOB                                                                                        \
	{                                                                                          \
		.rota = 1, .person = 2, .name = "Bob"                                              \
	}
#define OLD                                                                                        \
	{                                                                                          \
		.rota = 9, .person = 9, .name = "Old"                                              \
	}

struct side {
	enum cover_state state;
	struct lookup_duty duties[3];
	size_t count;
};

/* Function 7 as ${mine} and as ${other} have it; OLD is last known already. */
static struct lookup_function
doubted(struct arena *arena, const struct side *mine, const struct side *other, uint32_t theirs)
{
	static const struct lookup_duty before[] = {OLD};
	struct lookup_function here = {.function = 7,
	    .state = mine->state,
	    .present = (int32_t)mine->count,
	    .required = 1,
	    .on_call = {mine->duties, mine->count},
	    .last_known = {before, 1}};
	struct lookup_function there = {
	    .function = theirs, .state = other->state, .on_call = {other->duties, other->count}};
	struct lookup lookup = {.items = &here, .count = 1};
	const struct lookup elsewhere = {.items = &there, .count = 1};

	lookup_doubt(arena, &lookup, &elsewhere);
	return lookup.items[0];
}

static const char *
names_of(struct arena *arena, struct lookup_duties duties)
{
	const char *names = "";

	for (size_t i = 0; i < duties.count; i++)
		names =
		    arena_printf(arena, "%s%s%s", names, i > 0 ? " " : "", duties.items[i].name);
	return names;
}

static void
what_both_say_is_said(void **state)
{
	static const struct side sides[][2] = {
	    {{COVER_COVERED, {ANN}, 1}, {COVER_COVERED, {ANN}, 1}},
	    {{COVER_COVERED, {ANN, BOB}, 2}, {COVER_COVERED, {BOB, ANN}, 2}},
	    {{COVER_GAP, {ANN}, 0}, {COVER_GAP, {ANN}, 0}},
	};
	struct arena *arena = arena_new(0);

	(void)state;
	for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
		struct lookup_function said = doubted(arena, &sides[i][0], &sides[i][1], 7);

		assert_int_equal(said.state, sides[i][0].state);
		assert_int_equal(said.present, sides[i][0].count);
		assert_ptr_equal(said.on_call.items, sides[i][0].duties);
		assert_string_equal(names_of(arena, said.last_known), "Old");
	}
	arena_free(arena);
}

struct doubtful {
	struct side mine, other;
	const char *last_known;
	bool other_function;
};

static const struct doubtful doubtfuls[] = {
    {{COVER_COVERED, {ANN}, 1}, {COVER_COVERED, {BOB}, 1}, "Ann Bob Old", false},
    {{COVER_COVERED, {ANN, BOB}, 2}, {COVER_COVERED, {ANN}, 1}, "Ann Bob Old", false},
    {{COVER_COVERED, {ANN}, 1}, {COVER_COVERED, {ANN, BOB}, 2}, "Ann Bob Old", false},
    {{COVER_COVERED, {ANN}, 1}, {COVER_SHORT, {ANN}, 1}, "Ann Old", false},
    {{COVER_COVERED, {ANN}, 1}, {COVER_GAP, {ANN}, 0}, "Ann Old", false},
    {{COVER_GAP, {ANN}, 0}, {COVER_COVERED, {BOB}, 1}, "Bob Old", false},
    /* On another rota, and two of one number (team lines have none) by their names. */
    {{COVER_COVERED, {ANN}, 1}, {COVER_COVERED, {{.rota = 2, .person = 1, .name = "Ann"}}, 1},
	"Ann Ann Old", false},
    {{COVER_COVERED, {ANN}, 1}, {COVER_COVERED, {{.rota = 1, .person = 1, .name = "Hub"}}, 1},
	"Ann Hub Old", false},
    /* The other instant has no such function. */
    {{COVER_COVERED, {ANN}, 1}, {COVER_COVERED, {ANN}, 1}, "Ann Old", true},
};

/* holds: H01.4 F12 */
static void
what_they_say_otherwise_is_unknown_and_all_of_them_last_known(void **state)
{
	struct arena *arena = arena_new(0);

	(void)state;
	for (size_t i = 0; i < sizeof doubtfuls / sizeof *doubtfuls; i++) {
		const struct doubtful *it = &doubtfuls[i];
		struct lookup_function said =
		    doubted(arena, &it->mine, &it->other, it->other_function ? 8 : 7);

		if (said.state != COVER_UNKNOWN ||
		    strcmp(names_of(arena, said.last_known), it->last_known) != 0)
			fail_msg("%zu: state %d, last known %s, not %s", i, said.state,
			    names_of(arena, said.last_known), it->last_known);
		assert_int_equal(said.cause, CAUSE_CLOCK_DOUBTFUL);
		assert_int_equal(said.present, 0);
		assert_int_equal(said.on_call.count, 0);
	}
	arena_free(arena);
}

/* Where the record does not reach, silence of it is no gap; what somebody said stands. */
/* holds: H08.3 */
static void
silence_of_no_record_is_unknown(void **state)
{
	static const struct {
		enum cover_state state;
		enum cover_cause cause;
		bool unknown;
	} cases[] = {
	    {COVER_GAP, CAUSE_SILENT, true},
	    {COVER_GAP, CAUSE_NO_SOURCE, true},
	    {COVER_SHORT, CAUSE_TOO_FEW, true},
	    {COVER_GAP, CAUSE_NOBODY, false},
	    {COVER_COVERED, CAUSE_NONE, false},
	    {COVER_UNKNOWN, CAUSE_UNDECIDED, false},
	};
	struct arena *arena = arena_new(0);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct lookup_function before = {
		    .function = 7, .state = cases[i].state, .cause = cases[i].cause};
		struct lookup lookup = {.items = &before, .count = 1};

		lookup_unrecorded(arena, &lookup);
		assert_int_equal(lookup.items[0].function, 7);
		assert_int_equal(
		    lookup.items[0].state, cases[i].unknown ? COVER_UNKNOWN : cases[i].state);
		assert_int_equal(
		    lookup.items[0].cause, cases[i].unknown ? CAUSE_NO_RECORD : cases[i].cause);
		assert_int_equal(before.state, cases[i].state);
	}
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_both_say_is_said),
	    cmocka_unit_test(silence_of_no_record_is_unknown),
	    cmocka_unit_test(what_they_say_otherwise_is_unknown_and_all_of_them_last_known),
	};

	return cmocka_run_group_tests_name("lookup_doubt", tests, NULL, NULL);
}
