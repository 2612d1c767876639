/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/model/sweep.h"

/* Every class that the database keeps, and one that it may keep one day, with a person we know and
 * without. */
static void
only_a_named_person_whom_we_know_is_a_person_on_duty(void **state)
{
	static const struct {
		const char *kept;
		enum shift_class known, stranger;
	} cases[] = {
	    {"named", SHIFT_NAMED, SHIFT_UNDECIDED},
	    {"tentative", SHIFT_UNDECIDED, SHIFT_UNDECIDED},
	    {"team", SHIFT_TEAM, SHIFT_TEAM},
	    {"nobody", SHIFT_NOBODY, SHIFT_NOBODY},
	    {"undecided", SHIFT_UNDECIDED, SHIFT_UNDECIDED},
	    {"unreadable", SHIFT_UNDECIDED, SHIFT_UNDECIDED},
	    {"of another version", SHIFT_UNDECIDED, SHIFT_UNDECIDED},
	};
	enum shift_class class;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_true(shift_class_read(cases[i].kept, true, &class));
		assert_int_equal(class, cases[i].known);
		assert_true(shift_class_read(cases[i].kept, false, &class));
		assert_int_equal(class, cases[i].stranger);
	}
}

static void
an_absence_is_no_shift_of_its_rota(void **state)
{
	enum shift_class class;

	(void)state;
	assert_false(shift_class_read("absence", true, &class));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(only_a_named_person_whom_we_know_is_a_person_on_duty),
	    cmocka_unit_test(an_absence_is_no_shift_of_its_rota),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
