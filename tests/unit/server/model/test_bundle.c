/* SPDX-License-Identifier: MIT */
/*
 * What people fill together. A table by hand, and random cases against every way of filling them
 * (bundle_naive.h). On failure the seed of the case is printed; run `test_bundle SEED` for that one
 * alone. CRISISCOVER_ROUNDS=100 in the environment runs a hundred times as many.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/rounds.h"
#include "tests/unit/server/model/bundle_naive.h"
#include "tests/unit/server/model/dice.h"

#define CASES 10000

static uint64_t only_seed;

/* ------------------------------------------------------------------------------------ the table */

/*
 * A part: the functions of which one is enough (a letter each), how many, and "d" for different
 * teams, "l" where a line counts. A head: its functions, ":" and its team ("?" not known; a capital
 * is another spelling of it); "*" for a
 * line. What is in doubt: functions. A state for each part: c, g, u, s; after it "O", "T", "D", "P" for
 * what it wants besides people: others, a team, another team, another than the same person.
 */
struct row {
	const char *what, *needs, *heads, *doubts;
	enum cover_state state;
	const char *parts;
};

#define MHA "a1 s2d hb1l"

static const struct row rows[] = {
    {"everybody", MHA, "a:x s:y s:z h:?", "", COVER_COVERED, "c c c"},
    {"a line where lines count", MHA, "a:x s:y s:z h*", "", COVER_COVERED, "c c c"},
    {"this or that", MHA, "a:x s:y s:z b:?", "", COVER_COVERED, "c c c"},
    {"no line for a person", MHA, "a* s:y s:z h:?", "", COVER_GAP, "g c c"},
    {"one doctor", MHA, "a:x s:y h:?", "", COVER_SHORT, "c s c"},
    {"no doctor", MHA, "a:x h:?", "", COVER_GAP, "c g c"},
    {"two doctors of one team", MHA, "a:x s:y s:y h:?", "", COVER_SHORT, "c sD c"},
    {"one team in two spellings", MHA, "a:x s:y s:Y h:?", "", COVER_SHORT, "c sD c"},
    {"three doctors, two of one team", MHA, "a:x s:y s:y s:z h:?", "", COVER_COVERED, "c c c"},
    {"a doctor whose team is not known", MHA, "a:x s:y s:? h:?", "", COVER_UNKNOWN, "c uT c"},
    {"two whose teams are not known", MHA, "a:x s:? s:? h:?", "", COVER_UNKNOWN, "c uT c"},
    {"one whose team is not known", MHA, "a:x s:? h:?", "", COVER_UNKNOWN, "c uT c"},
    {"two known, one not", MHA, "a:x s:y s:? s:z h:?", "", COVER_COVERED, "c c c"},
    {"one person as AMHP and doctor", MHA, "as:x s:y h:?", "", COVER_SHORT, "c sP c"},
    {"who does both, with two doctors", MHA, "as:x s:y s:z h:?", "", COVER_COVERED, "c c c"},
    {"who does both, and another AMHP", MHA, "as:x s:y a:z h:?", "", COVER_COVERED, "c c c"},
    {"a chain of three", "a1 s1 h1", "ash:x as:x a:x", "", COVER_COVERED, "c c c"},
    {"two for three", "a1 s1 h1", "ash:x ash:x", "", COVER_GAP, "c c gP"},
    {"a doubtful rota of a full part", MHA, "a:x s:y s:z h:?", "a", COVER_COVERED, "c c c"},
    {"a doubtful rota of the missing part", MHA, "s:y s:z h:?", "a", COVER_UNKNOWN, "u c c"},
    {"a doubtful rota elsewhere", MHA, "s:y s:z h:?", "s", COVER_GAP, "g c c"},
    {"a gap is worse than doubt", MHA, "h:?", "s", COVER_GAP, "g u c"},
    {"doubt that would let another do it", MHA, "as:x s:y h:?", "a", COVER_UNKNOWN, "c uO c"},
    {"one is short, one is not known", MHA, "a:x s:y", "h", COVER_UNKNOWN, "c s u"},
    {"either of two doubtful", MHA, "a:x s:y s:z", "b", COVER_UNKNOWN, "c c u"},
    {"nobody at all", MHA, "", "", COVER_GAP, "g g g"},
    {"nothing is known", MHA, "", "ashb", COVER_UNKNOWN, "u u u"},
    {"an empty part before a second head", "a2 b1", "ab:x b:y", "", COVER_SHORT, "s c"},
    {"each part one, in the other order", "b1 a2", "ab:x b:y", "", COVER_SHORT, "c s"},
    {"one person does not fill two", "a1 a1", "a:x", "", COVER_GAP, "c gP"},
    {"two of one team in two parts", "a1 s1", "a:x s:x", "", COVER_COVERED, "c c"},
};

static uint64_t
functions_of(const char **text)
{
	uint64_t functions = 0;

	for (; **text >= 'a' && **text <= 'z'; (*text)++)
		functions |= UINT64_C(1) << (**text - 'a');
	return functions;
}

static uint32_t
needs_of(const char *text, struct bundle_need *needs)
{
	uint32_t n = 0;

	while (*text != '\0') {
		struct bundle_need *need = &needs[n++];

		*need = (struct bundle_need){.functions = functions_of(&text)};
		need->count = *text++ - '0';
		for (; *text != ' ' && *text != '\0'; text++) {
			need->different_teams |= *text == 'd';
			need->team_counts |= *text == 'l';
		}
		text += *text == ' ';
	}
	return n;
}

static uint32_t
heads_of(const char *text, struct bundle_head *heads)
{
	static const char *const teams[] = {"x", "y-1", "z"}, *const spelt[] = {"X", "Y_1", "Z"};
	uint32_t n = 0;

	while (*text != '\0') {
		struct bundle_head *head = &heads[n];

		*head = (struct bundle_head){.who = n++, .functions = functions_of(&text)};
		if (*text == '*')
			head->who |= SWEEP_LINE;
		else if (*++text != '?')
			head->team = *text >= 'x' ? teams[*text - 'x'] : spelt[*text - 'X'];
		text++;
		text += *text == ' ';
	}
	return n;
}

static char
letter_of(enum cover_state state)
{
	return "csgu"[state];
}

static void
states_as_text(const struct bundle_state *state, uint32_t count, char *out)
{
	static const char wants[] = {[BUNDLE_WANT_PEOPLE] = ' ',
	    [BUNDLE_WANT_OTHERS] = 'O',
	    [BUNDLE_WANT_TEAM] = 'T',
	    [BUNDLE_WANT_OTHER_TEAM] = 'D',
	    [BUNDLE_WANT_SAME_PERSON] = 'P'};

	for (uint32_t i = 0; i < count; i++) {
		if (i > 0)
			*out++ = ' ';
		*out++ = letter_of(state->parts[i].state);
		if (state->parts[i].want != BUNDLE_WANT_PEOPLE)
			*out++ = wants[state->parts[i].want];
	}
	*out = '\0';
}

/* holds: H01.2 */
static void
a_bundle_is_what_its_worst_part_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *doubts = rows[i].doubts;
		struct bundle_need needs[REGION_PARTS_MAX];
		struct bundle_head heads[16];
		struct bundle_asked asked = {.needs = needs,
		    .nneeds = needs_of(rows[i].needs, needs),
		    .heads = heads,
		    .nheads = heads_of(rows[i].heads, heads),
		    .doubts = functions_of(&doubts)};
		struct arena *arena = arena_new(0);
		struct bundle_state found;
		char parts[64];

		bundle_judge(arena, &asked, &found);
		states_as_text(&found, asked.nneeds, parts);
		if (found.state != rows[i].state || strcmp(parts, rows[i].parts) != 0)
			fail_msg("%s: %s (%s), not %s (%s)", rows[i].what,
			    cover_state_name(found.state), parts, cover_state_name(rows[i].state),
			    rows[i].parts);
		arena_free(arena);
	}
}

/* -------------------------------------------------------------------------------- random cases */

struct random_case {
	struct bundle_need needs[4];
	struct bundle_head heads[6];
	struct bundle_asked asked;
};

static void
dice_case(struct dice *dice, struct random_case *c)
{
	static const char *const teams[] = {"x", "y", "z", NULL};

	c->asked = (struct bundle_asked){.needs = c->needs,
	    .nneeds = 1 + (uint32_t)dice_below(dice, 3),
	    .heads = c->heads,
	    .nheads = (uint32_t)dice_below(dice, 7),
	    .doubts =
		(uint64_t)(dice_below(dice, 16) & dice_below(dice, 16) & dice_below(dice, 16))};
	for (uint32_t i = 0; i < c->asked.nneeds; i++) {
		c->needs[i] = (struct bundle_need){
		    .functions = 1 + (uint64_t)dice_below(dice, 15),
		    .count = 1 + (int32_t)dice_below(dice, 3),
		    .team_counts = dice_below(dice, 2) == 0,
		};
		c->needs[i].different_teams =
		    c->needs[i].count > 1 && !c->needs[i].team_counts && dice_below(dice, 3) > 0;
	}
	for (uint32_t i = 0; i < c->asked.nheads; i++) {
		bool line = dice_below(dice, 5) == 0;

		c->heads[i] = (struct bundle_head){.who = i | (line ? SWEEP_LINE : 0),
		    .functions = 1 + (uint64_t)(dice_below(dice, 15) & dice_below(dice, 15)),
		    .team = line ? NULL : teams[dice_below(dice, 4)]};
	}
}

/* That what is said to fill the parts may fill them. */
static void
check_filled(const struct bundle_asked *asked, const struct bundle_state *found, uint64_t seed)
{
	struct naive_trying t = {.asked = asked};
	int32_t present = 0;

	for (uint32_t i = 0; i < asked->nheads; i++) {
		t.part_of[i] = found->filled[i];
		if (found->filled[i] == REGION_NONE)
			continue;
		present++;
		if (!naive_may(&t, found->filled[i], i))
			fail_msg("seed %llu: head %u may not fill part %u",
			    (unsigned long long)seed, i, found->filled[i]);
	}
	naive_score(&t);
	if (t.best.most != present || present != found->present)
		fail_msg("seed %llu: %d heads fill parts, and %d are said to",
		    (unsigned long long)seed, present, found->present);
	for (uint32_t i = 0; i < asked->nneeds; i++) {
		present -= found->parts[i].present;
		if (cover_state_rank(found->parts[i].state) < cover_state_rank(found->state))
			fail_msg("seed %llu: part %u is worse than the whole",
			    (unsigned long long)seed, i);
	}
	assert_int_equal(present, 0);
}

static void
check(uint64_t seed)
{
	struct dice dice = dice_of(seed);
	struct random_case c;
	struct bundle_state found;
	struct arena *arena = arena_new(0);
	enum cover_state wanted;
	int32_t present;

	dice_case(&dice, &c);
	bundle_judge(arena, &c.asked, &found);
	wanted = naive_bundle(&c.asked, &present);
	if (found.state != wanted || found.present != present)
		fail_msg("seed %llu: %s (%d) where the naive one has %s (%d)",
		    (unsigned long long)seed, cover_state_name(found.state), found.present,
		    cover_state_name(wanted), present);
	check_filled(&c.asked, &found, seed);
	arena_free(arena);
}

/* holds: H01.2 */
static void
bundles_equal_the_naive_ones(void **state)
{
	(void)state;
	if (only_seed)
		check(only_seed);
	for (uint64_t seed = 1; !only_seed && seed <= rounds(CASES); seed++)
		check(seed);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_bundle_is_what_its_worst_part_is),
	    cmocka_unit_test(bundles_equal_the_naive_ones),
	};

	if (argc > 1)
		only_seed = strtoull(argv[1], NULL, 10);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
