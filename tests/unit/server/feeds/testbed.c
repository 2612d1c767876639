/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/feeds/testbed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "server/address/address_box.h"

enum { PATIENCE_SECONDS = 120, SQL_MAX = 65536 };

int
testbed_setup(void **state)
{
	struct testbed *testbed = calloc(1, sizeof *testbed);

	testbed->pg = scratch_postgres_start(NULL);
	scratch_migrate(testbed->pg, SOURCE_ROOT "/migrations");
	scratch_psql_file(testbed->pg, SOURCE_ROOT "/tests/unit/server/feeds/testbed.sql");
	testbed->folder = scratch_folder();
	testbed->seal_path = address_key_path("", testbed->folder, ADDRESS_SEAL_FILE);
	testbed->open_path = address_key_path("", testbed->folder, ADDRESS_OPEN_FILE);
	assert_int_equal(address_key_make(testbed->seal_path, testbed->open_path), 0);
	*state = testbed;
	return 0;
}

int
testbed_teardown(void **state)
{
	struct testbed *testbed = *state;

	scratch_postgres_stop(testbed->pg);
	free(testbed->folder);
	free(testbed->seal_path);
	free(testbed->open_path);
	free(testbed);
	return 0;
}

void
testbed_empty(struct testbed *testbed)
{
	testbed_run(testbed, "select testbed_empty()");
}

static void
keep(
    struct testbed *testbed, const struct address_seal_key *key, const char *mask, const char *text)
{
	char hex[2 * ADDRESS_MAX_BYTES + 200];
	struct buf box = {0};

	address_seal(key, text, &box);
	text_hex(box.at, box.len, hex);
	testbed_run(testbed, "select addresses_keep('{%s}', array['\\x%s'::bytea])", mask, hex);
	buf_free(&box);
}

/* As the api does: the address goes into its box, its mask into the set-up; so does the secret, of which a test
 * gives the header. */
static void
seal(struct testbed *testbed, const struct address_seal_key *key, json_t *source)
{
	const char *address = json_string_value(json_object_get(source, "url")), *mask;
	json_t *secret = json_object_get(source, "secret");
	struct arena *arena = arena_new(0);
	const char *text, *name;

	if (address != NULL) {
		mask = address_mask(arena, key, address);
		keep(testbed, key, mask, address);
		json_object_set_new(source, "url", json_string(mask));
	}
	if (secret != NULL) {
		text = address_secret_text(
		    arena, mask, json_string_value(json_object_get(secret, "header")));
		name = address_secret_name(arena, key, mask, text);
		keep(testbed, key, name, text);
		json_object_del(secret, "header");
		json_object_set_new(secret, "sealed", json_string(name));
	}
	arena_free(arena);
}

void
testbed_apply(struct testbed *testbed, const char *rotas)
{
	struct address_seal_key key;
	json_t *list = json_loads(rotas, 0, NULL), *rota;
	char *text;
	size_t i;

	assert_int_equal(address_seal_key_read(testbed->seal_path, &key), STATUS_OK);
	json_array_foreach(list, i, rota)
	{
		seal(testbed, &key, json_object_get(rota, "source"));
	}
	text = json_dumps(list, 0);
	json_decref(list);
	testbed_run(testbed, "select testbed_apply($rotas$%s$rotas$)", text);
	free(text);
}

char *
testbed_mask(struct testbed *testbed, const char *address)
{
	struct arena *arena = arena_new(0);
	struct address_seal_key key;
	char *mask;

	assert_int_equal(address_seal_key_read(testbed->seal_path, &key), STATUS_OK);
	mask = strdup(address_mask(arena, &key, address));
	arena_free(arena);
	return mask;
}

static void fill(char sql[SQL_MAX], const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

static void
fill(char sql[SQL_MAX], const char *format, va_list args)
{
	int len = vsnprintf(sql, SQL_MAX, format, args);

	assert_true(len >= 0 && len < SQL_MAX);
}

/* Says so with nothing left on the heap: processes of later tests look for leaks at their end. */
static void
expect_text(char *sql, char *printed, const char *wanted)
{
	char complaint[2048];
	bool as_wanted = strcmp(printed, wanted) == 0;

	snprintf(complaint, sizeof complaint, "%.1400s\nprinted: %.300s\n wanted: %.300s", sql,
	    printed, wanted);
	free(printed);
	free(sql);
	if (!as_wanted)
		fail_msg("%s", complaint);
}

void
testbed_expect(struct testbed *testbed, const char *wanted, const char *format, ...)
{
	char *sql = malloc(SQL_MAX);
	va_list args;

	va_start(args, format);
	fill(sql, format, args);
	va_end(args);
	expect_text(sql, scratch_psql(testbed->pg, sql), wanted);
}

void
testbed_run(struct testbed *testbed, const char *format, ...)
{
	char *sql = malloc(SQL_MAX);
	va_list args;

	va_start(args, format);
	fill(sql, format, args);
	va_end(args);
	free(scratch_psql(testbed->pg, sql));
	free(sql);
}

void
testbed_refused(struct testbed *testbed, const char *login, const char *message, const char *sql)
{
	char *printed;

	if (scratch_psql_try(testbed->pg, login, sql, &printed) == 0)
		fail_msg("%s\nwas not refused, and printed: %s", sql, printed);
	if (strstr(printed, message) == NULL)
		fail_msg("%s\nwas refused with: %s\nand not with: %s", sql, printed, message);
	free(printed);
}

void
testbed_until(struct testbed *testbed, const char *wanted, const char *format, ...)
{
	char *sql = malloc(SQL_MAX);
	va_list args;

	va_start(args, format);
	fill(sql, format, args);
	va_end(args);
	scratch_psql_until(testbed->pg, sql, wanted, PATIENCE_SECONDS);
	free(sql);
}

int
testbed_begin(void **state)
{
	struct testbed *testbed = *state;

	testbed_empty(testbed);
	testbed_apply(testbed,
	    "[" ROTA_URL("duty", "duty.ics") ", " ROTA_SENT("edt") ", " ROTA_TYPED("extra") "]");
	return 0;
}

void
testbed_have_duty(struct testbed *testbed)
{
	testbed_expect(testbed, "done",
	    "select testbed_written('duty', testbed_claim('duty'), null, 'one', true, '{}', "
	    "'{a,b}', '{1,2}')");
}
