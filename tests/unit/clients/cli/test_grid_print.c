/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "clients/cli/grid_print.h"

/* What is printed of a grid that is not set. */

static void
gives(const char *grid, const char *rota, const char *wants)
{
	json_t *json = grid != NULL ? json_loads(grid, 0, NULL) : NULL;
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	grid_print(out, json, rota);
	fclose(out);
	assert_string_equal(text, wants);
	free(text);
	json_decref(json);
}

static void
the_words_to_paste_are_printed(void **state)
{
	(void)state;
	gives(NULL, "fenmere-duty", "");
	gives(
	    "{\"columns\": [\"AMHP\", \"EDT\"], \"rows\": [], \"codes\": [], \"propose\": {\"hours\": {\"to\": \"HH:MM\", \"from\": \"HH:MM\"}, \"column\": \"AMHP\", \"layout\": \"dates_by_roles\"}}",
	    "fenmere-duty",
	    "    columns: AMHP, EDT\n"
	    "    set, with what is the rota's own for each ? and HH:MM:\n"
	    "    crisiscover set rota fenmere-duty 'reading.grid={\"layout\": \"dates_by_roles\", \"column\": \"AMHP\", \"hours\": {\"from\": \"HH:MM\", \"to\": \"HH:MM\"}}'\n");
	gives(
	    "{\"columns\": [\"07/12/2026\"], \"rows\": [\"D O'Neill\"], \"codes\": [\"LD\", \"N\"], \"propose\": {\"layout\": \"names_by_dates\"}}",
	    NULL,
	    "    columns: 07/12/2026\n    rows: D O'Neill\n    codes: LD, N\n"
	    "    set, with what is the rota's own for each ? and HH:MM:\n"
	    "    crisiscover set rota ID 'reading.grid={\"layout\": \"names_by_dates\"}'\n");
	/* A heading with a quotation mark stays one word of the shell. */
	gives("{\"propose\": {\"column\": \"Jo's\"}}", "r",
	    "    set, with what is the rota's own for each ? and HH:MM:\n"
	    "    crisiscover set rota r 'reading.grid={\"column\": \"Jo'\\''s\"}'\n");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_words_to_paste_are_printed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
