/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/model/region_critical.h"
#include "tests/unit/server/model/region_text.h"

/* Numbers that are rung when nobody else is known: which changes of the set-up replace one. */

static const char file[] =
    "{'crisiscover':1,'organisations':[{'code':'O','name':'O','kind':'other'}],"
    "'functions':[{'code':'f','name':'F'}],"
    "'places':[{'code':'P','name':'P','kind':'hospital','switchboard':'+441632960001'},"
    "{'code':'Q','name':'Q','kind':'hospital'}],"
    "'people':[{'id':'jo','name':'Jo','organisation':'O','work_phone':'+441632960002'}],"
    "'services':[{'id':'s','name':'S','function':'f','organisation':'O','places':['P'],"
    "'fallback':{'text':'t','phone':'+441632960003'}},"
    "{'id':'u','name':'U','function':'f','organisation':'O','places':['P']}]}";

static const struct {
	const char *from, *to; /* an edit of the file */
	struct region_change change;
	const char *key; /* NULL: it replaces none */
} rows[] = {
    {"'name':'P'", "'name':'PP'", {'~', "place", "P", "name", NULL}, NULL},
    {"960001", "960009", {'~', "place", "P", "switchboard", NULL}, "switchboard"},
    {",'switchboard':'+441632960001'", "", {'~', "place", "P", "switchboard", NULL}, "switchboard"},
    {"'name':'Q'", "'name':'Q','switchboard':'+441632960009'",
	{'~', "place", "Q", "switchboard", NULL}, NULL},
    {"'code':'P'", "'code':'PP','renamed_from':'P'", {'~', "place", "PP", "code", "P"}, NULL},
    {"'name':'P'", "'name':'P'", {'-', "place", "P", NULL, NULL}, "switchboard"},
    {"'name':'P'", "'name':'P'", {'-', "place", "Q", NULL, NULL}, NULL},
    {"960001", "960009", {'+', "place", "P", NULL, NULL}, NULL},
    {"'name':'P'", "'name':'P'", {'~', "place", "N", "switchboard", NULL}, NULL},
    {"'name':'S'", "'name':'SS'", {'~', "service", "s", "name", NULL}, NULL},
    {"'text':'t'", "'text':'tt'", {'~', "service", "s", "fallback", NULL}, "fallback"},
    {"960003", "960009", {'~', "service", "s", "fallback", NULL}, "fallback"},
    {",'fallback':{'text':'t','phone':'+441632960003'}", "",
	{'~', "service", "s", "fallback", NULL}, "fallback"},
    {"'name':'U'", "'name':'U','fallback':{'text':'t'}", {'~', "service", "u", "fallback", NULL},
	NULL},
    {"'name':'S'", "'name':'S'", {'-', "service", "s", NULL, NULL}, "fallback"},
    {"'name':'S'", "'name':'S'", {'-', "service", "u", NULL, NULL}, NULL},
    /* A number of a person is rung with a name. */
    {"960002", "960009", {'~', "person", "jo", "work_phone", NULL}, NULL},
    {"{'crisiscover':1", "{'crisiscover':1,'time_zone':'Europe/Paris'",
	{'~', "region", "", "time_zone", NULL}, NULL},
};

static void
a_number_that_is_replaced_is_named_by_its_key(void **state)
{
	struct arena *arena = *state;
	struct region_faults faults;
	const struct region *before = region_text_read(arena, file, &faults);

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *edited = region_text_with(arena, file, rows[i].from, rows[i].to);
		const struct region *after;
		const char *key;

		/* A new code stands wherever the old one is referred to. */
		if (rows[i].change.was != NULL) {
			edited = region_text_with(arena, edited, "['P']", "['PP']");
			edited = region_text_with(arena, edited, "['P']", "['PP']");
		}
		after = region_text_read(arena, edited, &faults);
		key = region_critical(before, after, &rows[i].change);
		if ((key == NULL) != (rows[i].key == NULL) ||
		    (key != NULL && strcmp(key, rows[i].key) != 0))
			fail_msg("row %zu: %s", i, key ? key : "(none)");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_number_that_is_replaced_is_named_by_its_key,
		region_text_setup, region_text_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
