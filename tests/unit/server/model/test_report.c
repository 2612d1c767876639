/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/model/report.h"

/* The database, programs and pages know an outcome by these words. */
static void
each_outcome_has_its_word(void **state)
{
	static const char *const words[REPORT_OUTCOMES] = {
	    "reached", "no_answer", "wrong_person", "declined"};
	enum report_outcome outcome;

	(void)state;
	for (unsigned i = 0; i < REPORT_OUTCOMES; i++) {
		assert_string_equal(report_outcome_name((enum report_outcome)i), words[i]);
		assert_true(report_outcome_of(words[i], &outcome));
		assert_int_equal(outcome, i);
	}
	assert_false(report_outcome_of("declined again", &outcome));
	assert_false(report_outcome_of("", &outcome));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_outcome_has_its_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
