/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "clients/cli/object_fields.h"

/* The meaning of FIELD=VALUE of set and add. */
static const struct {
	const char *assignment, *wanted; /* NULL: refused */
} rows[] = {
    {"name=J Jones", "{\"name\":\"J Jones\"}"},
    {"work_phone=+441632960123", "{\"work_phone\":\"+441632960123\"}"},
    {"work_phone=", "{\"work_phone\":null}"},
    {"count=2", "{\"count\":2}"},
    {"name=\"2\"", "{\"name\":\"2\"}"},
    {"team_counts=true", "{\"team_counts\":true}"},
    {"until=2027-01-01", "{\"until\":\"2027-01-01\"}"},
    {"roles=amhp", "{\"roles\":[\"amhp\"]}"},
    {"roles=amhp,edt", "{\"roles\":[\"amhp\",\"edt\"]}"},
    {"roles=[\"a,b\"]", "{\"roles\":[\"a,b\"]}"},
    {"fallback.phone=+441632960111", "{\"fallback\":{\"phone\":\"+441632960111\"}}"},
    {"reading.all_day.hours=24", "{\"reading\":{\"all_day\":{\"hours\":24}}}"},
    {"source.url=https://example.org/a.ics?x=1&y=2",
	"{\"source\":{\"url\":\"https://example.org/a.ics?x=1&y=2\"}}"},
    {"hours=[{\"days\":[\"all\"],\"from\":\"00:00\",\"to\":\"24:00\"}]",
	"{\"hours\":[{\"days\":[\"all\"],\"from\":\"00:00\",\"to\":\"24:00\"}]}"},
    {"name", NULL},
    {"=x", NULL},
    {"name=\xff", NULL},
};

static void
a_change_means_a_member(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		json_t *object = json_object(), *wanted;
		const char *fault = object_field_add(object, rows[i].assignment);
		char *text = json_dumps(object, JSON_COMPACT);

		assert_int_equal(fault == NULL, rows[i].wanted != NULL);
		if (rows[i].wanted != NULL) {
			wanted = json_loads(rows[i].wanted, 0, NULL);
			if (!json_equal(object, wanted))
				fail_msg("%s: %s", rows[i].assignment, text);
			json_decref(wanted);
		}
		free(text);
		json_decref(object);
	}
}

static void
several_go_into_one(void **state)
{
	json_t *object = json_object();

	(void)state;
	assert_null(object_field_add(object, "source.kind=ical_url"));
	assert_null(object_field_add(object, "source.url=https://example.org/a.ics"));
	assert_int_equal(json_object_size(json_object_get(object, "source")), 2);
	json_decref(object);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_change_means_a_member),
	    cmocka_unit_test(several_go_into_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
