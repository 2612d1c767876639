/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/base/log.h"
#include "server/base/text.h"
#include "tests/support/scratch.h"
#include "tests/unit/server/model/lowered_rows.h"

/*
 * What makes a requirement stricter, so that an accepted risk of it ends, is what would lower it if it were taken back: by the rows
 * that hold region_lowered().
 */

static struct scratch_postgres *postgres;

/* Keys by which less is asked for, and that make no other risk of what was accepted. */
static bool
is_no_other_risk(const char *key)
{
	static const char *const keys[] = {"until", "from", "tolerance_minutes", "severity"};

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (strcmp(keys[i], key) == 0)
			return true;
	return false;
}

struct pair {
	const char *was, *is, *key;
};

/* By which key the second of each pair is stricter than the first: one statement for all, "none" where none. */
static void
are_stricter_by(const struct pair *pairs, size_t count)
{
	struct buf sql = {0};
	char *said, *rest = NULL, *one;

	buf_add_text(&sql,
	    "select string_agg(coalesce(crisiscover.risk_stricter(was::jsonb, item::jsonb), 'none'), ' ' order by n) from (values ");
	for (size_t i = 0; i < count; i++)
		buf_printf(&sql, "%s(%zu, '{%s}', '{%s}')", i > 0 ? ", " : "", i, pairs[i].was,
		    pairs[i].is);
	buf_add_text(&sql, ") v (n, was, item)");
	said = scratch_psql(postgres, sql.at);
	one = strtok_r(said, " \n", &rest);
	for (size_t i = 0; i < count; i++, one = strtok_r(NULL, " \n", &rest))
		if (one == NULL || strcmp(one, pairs[i].key) != 0)
			fail_msg("from %s to %s it is stricter by %s, not %s", pairs[i].was,
			    pairs[i].is, one == NULL ? "nothing" : one, pairs[i].key);
	free(said);
	buf_free(&sql);
}

#define NROWS (sizeof lowered_rows / sizeof *lowered_rows)

static void
stricter_is_lowered_the_other_way(void **state)
{
	struct pair pairs[NROWS];

	(void)state;
	for (size_t i = 0; i < NROWS; i++) {
		const char *key = lowered_rows[i].key;

		pairs[i].was = lowered_rows[i].after;
		pairs[i].is = lowered_rows[i].before;
		pairs[i].key = key == NULL || is_no_other_risk(key) ? "none" : key;
	}
	are_stricter_by(pairs, NROWS);
}

#define OTHERS(list) WITH(ALL, ",\"count\":1,\"commissioners\":[" list "]")
#define SHARE(who, share) "{\"commissioner\":\"" who "\",\"share\":" #share "}"

static void
other_commissioners_are_another_risk(void **state)
{
	static const struct pair pairs[] = {
	    {WITH(ALL, ",\"count\":1,\"commissioner\":\"O\""),
		OTHERS(SHARE("O", 60) "," SHARE("V", 40)), "commissioners"},
	    {OTHERS(SHARE("O", 60) "," SHARE("V", 40)),
		WITH(ALL, ",\"count\":1,\"commissioner\":\"O\""), "commissioners"},
	    {OTHERS(SHARE("O", 60) "," SHARE("V", 40)), OTHERS(SHARE("O", 50) "," SHARE("V", 50)),
		"none"},
	};

	(void)state;
	are_stricter_by(pairs, sizeof pairs / sizeof *pairs);
}

static int
open_tables(void **state)
{
	(void)state;
	log_open("test", LOG_ERROR);
	postgres = scratch_postgres_start(NULL);
	scratch_migrate(postgres, SOURCE_ROOT "/migrations");
	return 0;
}

static int
close_tables(void **state)
{
	(void)state;
	scratch_postgres_stop(postgres);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(stricter_is_lowered_the_other_way),
	    cmocka_unit_test(other_commissioners_are_another_risk),
	};

	return cmocka_run_group_tests_name("stricter", tests, open_tables, close_tables);
}
