/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "calendars/titles/people.h"
#include "calendars/titles/people_alike.h"
#include "server/base/arena.h"

/* Whom of a directory a title may call the same: "one+other written", a line each. */
static void
expect(const struct reading_person *list, size_t count, const char *wanted)
{
	struct arena *arena = arena_new(0);
	struct people_alikes found = people_alike(arena, list, count);
	char text[400] = "";
	size_t len = 0;

	for (size_t i = 0; i < found.count; i++)
		len += (size_t)snprintf(text + len, sizeof text - len, "%s+%s %s\n",
		    found.items[i].one->id, found.items[i].other->id, found.items[i].written);
	assert_string_equal(text, wanted);
	/* No more than the matcher itself: what is said to mean both means nobody. */
	for (size_t i = 0; i < found.count; i++) {
		struct people people;
		struct tokens tokens;

		people_init(&people, arena, &(struct people_known){.list = list, .count = count});
		tokens_make(&tokens, arena, found.items[i].written);
		assert_null(people_match(&people, &tokens, 0).person);
	}
	arena_free(arena);
}

#define EXPECT(wanted, ...)                                                                        \
	do {                                                                                       \
		static const struct reading_person list[] = {__VA_ARGS__};                         \
		expect(list, sizeof list / sizeof *list, wanted);                                  \
	} while (0)

static const char *const jj[] = {"JJ", NULL};
static const char *const j_jones[] = {"J Jones", NULL};

static void
an_initial_and_a_family_name_are_two_people_s(void **state)
{
	(void)state;
	EXPECT("jo+jan j jones\n", {"jo", "Jo Jones", NULL}, {"jan", "Jan Jones", NULL});
	EXPECT("jo+j j jones\n", {"jo", "Jo Jones", NULL}, {"j", "J Jones", NULL});
	EXPECT("a+b j jones\n", {"a", "Dr Jo Jones", NULL}, {"b", "JONES, Joan (ST5)", NULL});
	EXPECT("a+b j jones\n", {"a", "Jo Jones", NULL}, {"b", "Jo Jones", NULL});
	EXPECT("a+b j jones\na+c j jones\nb+c j jones\n", {"a", "Jo Jones", NULL},
	    {"b", "Jan Jones", NULL}, {"x", "Sam Lee", NULL}, {"c", "Joy Jones", NULL});
}

static void
what_many_share_is_none(void **state)
{
	(void)state;
	EXPECT("", {"jo", "Jo Jones", NULL}, {"sam", "Sam Jones", NULL});
	EXPECT("", {"jo", "Jo Jones", NULL}, {"jim", "Jim Jackson", NULL});
	EXPECT("", {"jo", "Jo Jones", NULL});
	EXPECT("", {"a", "Jan Jones", NULL}, {"b", "Jan Jones Smith", NULL});
	EXPECT("", {"a", "Jones Smith", NULL}, {"b", "Jones Ann Smith-Lee", NULL});
	EXPECT("", {"cher", "Cher", NULL}, {"jo", "Jo Jones", NULL});
}

static void
an_alias_is_shared_with_an_alias_alone(void **state)
{
	(void)state;
	EXPECT("a+b jj\n", {"a", "Jo Jones", jj}, {"b", "Jim Jackson", jj});
	/* The alias wins over the name. */
	EXPECT("", {"a", "Kim Lee", j_jones}, {"b", "Jo Jones", NULL});
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_initial_and_a_family_name_are_two_people_s),
	    cmocka_unit_test(what_many_share_is_none),
	    cmocka_unit_test(an_alias_is_shared_with_an_alias_alone),
	};

	return cmocka_run_group_tests_name("people_alike", tests, NULL, NULL);
}
