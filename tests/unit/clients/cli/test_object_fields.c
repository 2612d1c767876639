/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "clients/cli/object_fields.h"
#include "server/base/file.h"

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

/* A file of its own for each text. */
static const char *
from_file(const char *folder, const char *field, const char *text)
{
	static char assignment[300];
	char path[256];

	snprintf(path, sizeof path, "%s/value", folder);
	assert_int_equal(file_replace(path, text, strlen(text), 0600), STATUS_OK);
	snprintf(assignment, sizeof assignment, "%s=@%s", field, path);
	return assignment;
}

static void
a_value_may_be_in_a_file(void **state)
{
	static const char *const refused[] = {"source.secret.password=sesame",
	    "source.secret.token=sesame",
	    "source.secret={\"kind\":\"bearer\",\"token\":\"sesame\"}",
	    "source={\"secret\":{\"token\":\"sesame\"}}", "source.ca=@/nowhere"};
	char folder[] = "/tmp/crisiscover-fields-XXXXXX", path[64];
	json_t *object = json_object(), *wanted;

	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_null(object_field_add(object, "source.secret.user=rota"));
	assert_null(object_field_add(object, from_file(folder, "source.secret.password", "2\n")));
	assert_null(object_field_add(object, from_file(folder, "source.ca", "a\r\nb\r\n")));
	assert_null(object_field_add(object, "tier=2"));
	wanted = json_loads(
	    "{\"source\":{\"secret\":{\"user\":\"rota\",\"password\":\"2\"},\"ca\":\"a\\r\\nb\"},\"tier\":2}",
	    0, NULL);
	assert_true(json_equal(object, wanted));
	assert_non_null(object_field_add(object, from_file(folder, "source.ca", "\xff")));
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		assert_non_null(object_field_add(object, refused[i]));
	snprintf(path, sizeof path, "%s/value", folder);
	unlink(path);
	rmdir(folder);
	json_decref(wanted);
	json_decref(object);
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
	    cmocka_unit_test(a_value_may_be_in_a_file),
	    cmocka_unit_test(several_go_into_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
