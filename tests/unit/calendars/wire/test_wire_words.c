/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "calendars/wire/wire_words.h"

/* The unknown words of a reading on their way from the process that read it, which may be in a
 * stranger's hands. */

static bool
crosses(const struct reading_unknown_word *words, size_t count, uint32_t more)
{
	struct reading sent = {.noccurrences = 9,
	    .unknown_words = words,
	    .nunknown_words = count,
	    .more_unknown_words = more};
	struct reading got = {.noccurrences = 9};
	struct arena *arena = arena_new(0);
	struct buf buf = {0};
	struct unpack in;
	bool whole;

	wire_pack_unknown_words(&buf, &sent);
	in = unpack_from(buf.at, buf.len);
	wire_unpack_unknown_words(&in, arena, &got);
	whole = unpack_done(&in);
	buf_free(&buf);
	arena_free(arena);
	return whole;
}

static void
each_word_depends_on_shifts_and_stands_once(void **state)
{
	static const struct {
		struct reading_unknown_word words[2];
		size_t count;
		bool sound;
	} cases[] = {
	    {{{"zog", 1, "zog Jan"}}, 1, true},
	    {{{"zog", 9, "zog Jan"}}, 1, true},
	    {{{"zog", 10, "zog Jan"}}, 1, false},
	    {{{"zog", 0, "zog Jan"}}, 1, false},
	    {{{"", 1, "zog Jan"}}, 1, false},
	    {{{NULL, 1, "zog Jan"}}, 1, false},
	    {{{"zog", 1, NULL}}, 1, false},
	    {{{"zog", 3, "zog Jan"}, {"alb", 2, "alb Jan"}}, 2, true},
	    {{{"zog", 2, "zog Jan"}, {"alb", 3, "alb Jan"}}, 2, false},
	    {{{"alb", 2, "alb Jan"}, {"zog", 2, "zog Jan"}}, 2, true},
	    {{{"zog", 2, "zog Jan"}, {"alb", 2, "alb Jan"}}, 2, false},
	    {{{"zog", 2, "zog Jan"}, {"zog", 2, "zog Jan"}}, 2, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (crosses(cases[i].words, cases[i].count, 0) != cases[i].sound)
			fail_msg("case %zu", i);
}

/* A number of further words is allowed only after a full list. */
static void
more_words_follow_a_full_list(void **state)
{
	struct reading_unknown_word words[READING_UNKNOWN_WORDS_MAX + 1];
	struct arena *arena = arena_new(0);

	(void)state;
	for (size_t i = 0; i <= READING_UNKNOWN_WORDS_MAX; i++)
		words[i] =
		    (struct reading_unknown_word){arena_printf(arena, "w%05zu", i), 1, "example"};
	assert_true(crosses(words, READING_UNKNOWN_WORDS_MAX, 3));
	assert_false(crosses(words, READING_UNKNOWN_WORDS_MAX - 1, 3));
	assert_false(crosses(words, READING_UNKNOWN_WORDS_MAX + 1, 0));
	arena_free(arena);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_word_depends_on_shifts_and_stands_once),
	    cmocka_unit_test(more_words_follow_a_full_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
