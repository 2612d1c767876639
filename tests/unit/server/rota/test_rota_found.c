/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "server/rota/rota_found.h"

/* What a refused grid has, and the reading.grid that is proposed with it. */

static const char *const duties[] = {"AMHP", "EDT"}, *const days[] = {"07/12/2026"},
			 *const people[] = {"J Jones"}, *const codes[] = {"LD"};

static void
what_is_proposed_has_gaps_for_what_nobody_knows(void **state)
{
	static const struct {
		struct reading_found found;
		const char *json;
	} wants[] = {
	    {{READING_DATES_BY_ROLES, duties, 2, NULL, 0, NULL, 0, "AMHP", true},
		"{\"layout\":\"dates_by_roles\",\"columns\":[\"AMHP\",\"EDT\"],\"rows\":[],\"codes\":[],\"own\":\"AMHP\","
		"\"propose\":{\"layout\":\"dates_by_roles\",\"column\":\"AMHP\",\"hours\":{\"from\":\"HH:MM\",\"to\":\"HH:MM\"}}}"},
	    {{READING_WEEKS_BY_ROLES, duties, 1, NULL, 0, NULL, 0, NULL, false},
		"{\"layout\":\"weeks_by_roles\",\"columns\":[\"AMHP\"],\"rows\":[],\"codes\":[],\"own\":null,"
		"\"propose\":{\"layout\":\"weeks_by_roles\",\"column\":\"?\"}}"},
	    {{READING_DATES_BY_HOURS, duties, 1, NULL, 0, NULL, 0, NULL, false},
		"{\"layout\":\"dates_by_hours\",\"columns\":[\"AMHP\"],\"rows\":[],\"codes\":[],\"own\":null,"
		"\"propose\":{\"layout\":\"dates_by_hours\"}}"},
	    {{READING_ROLES_BY_DATES, days, 1, duties, 2, NULL, 0, "EDT", true},
		"{\"layout\":\"roles_by_dates\",\"columns\":[\"07/12/2026\"],\"rows\":[\"AMHP\",\"EDT\"],\"codes\":[],\"own\":\"EDT\","
		"\"propose\":{\"layout\":\"roles_by_dates\",\"row\":\"EDT\",\"hours\":{\"from\":\"HH:MM\",\"to\":\"HH:MM\"}}}"},
	    {{READING_NAMES_BY_DATES, days, 1, people, 1, codes, 1, NULL, false},
		"{\"layout\":\"names_by_dates\",\"columns\":[\"07/12/2026\"],\"rows\":[\"J Jones\"],\"codes\":[\"LD\"],\"own\":null,"
		"\"propose\":{\"layout\":\"names_by_dates\",\"codes\":[\"?\"]}}"},
	};

	(void)state;
	assert_null(rota_found_json(NULL));
	for (size_t i = 0; i < sizeof wants / sizeof *wants; i++) {
		json_t *json = rota_found_json(&wants[i].found);
		char *text = json_dumps(json, JSON_COMPACT | JSON_PRESERVE_ORDER);

		assert_string_equal(text, wants[i].json);
		free(text);
		json_decref(json);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_proposed_has_gaps_for_what_nobody_knows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
