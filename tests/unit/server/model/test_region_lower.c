/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/model/region_lower.h"
#include "tests/unit/server/model/region_text.h"

/* Whether a requirement asks for less than before: key by key, and hours however they are written. */

#define REQUIREMENT "\"id\":\"r\",\"place\":\"P\",\"function\":\"f\""
#define HOURS(days, from, to) "{\"days\":[" days "],\"from\":\"" from "\",\"to\":\"" to "\"}"
#define ALL HOURS("\"all\"", "00:00", "24:00")
#define WITH(hours, more) REQUIREMENT ",\"hours\":[" hours "]" more

static const struct {
	const char *before, *after, *key; /* NULL: no less */
} rows[] = {
    {WITH(ALL, ",\"count\":2"), WITH(ALL, ",\"count\":1"), "count"},
    {WITH(ALL, ",\"count\":1"), WITH(ALL, ",\"count\":2"), NULL},
    {WITH(ALL, ",\"count\":1"), WITH(ALL, ",\"count\":1,\"owner\":\"O\""), NULL},
    {WITH(ALL, ",\"count\":1"), WITH(HOURS("\"all\"", "00:00", "23:59"), ",\"count\":1"), "hours"},
    {WITH(HOURS("\"mon\"", "09:00", "17:00"), ",\"count\":1"), WITH(ALL, ",\"count\":1"), NULL},
    {WITH(HOURS("\"mon\"", "09:00", "17:00"), ",\"count\":1"),
	WITH(HOURS("\"tue\"", "09:00", "17:00"), ",\"count\":1"), "hours"},
    {WITH(HOURS("\"mon\"", "09:00", "17:00"), ",\"count\":1"),
	WITH(HOURS("\"mon\"", "09:00", "12:00") "," HOURS("\"mon\"", "12:00", "17:00"),
	    ",\"count\":1"),
	NULL},
    {WITH(HOURS("\"mon\"", "20:00", "08:00"), ",\"count\":1"),
	WITH(HOURS("\"mon\"", "20:00", "07:00"), ",\"count\":1"), "hours"},
    {WITH(HOURS("\"all\"", "09:00", "17:00"), ",\"count\":1"),
	WITH(HOURS("\"mon\",\"tue\",\"wed\",\"thu\",\"fri\",\"sat\",\"sun\"", "09:00", "17:00"),
	    ",\"count\":1"),
	"hours"}, /* a bank holiday is not asked for any more */
    {WITH(ALL, ",\"count\":1"), WITH(ALL, ",\"count\":1,\"until\":\"2030-01-01\""), "until"},
    {WITH(ALL, ",\"count\":1,\"until\":\"2030-01-01\""), WITH(ALL, ",\"count\":1"), NULL},
    {WITH(ALL, ",\"count\":1"), WITH(ALL, ",\"count\":1,\"from\":\"2030-01-01\""), "from"},
    {WITH(ALL, ",\"count\":1"), WITH(ALL, ",\"count\":1,\"team_counts\":true"), "team_counts"},
    {WITH(ALL, ",\"count\":1"), WITH(ALL, ",\"count\":1,\"role\":\"any\""), "role"},
    {WITH(ALL, ",\"count\":1,\"role\":\"any\""), WITH(ALL, ",\"count\":1"), NULL},
    {WITH(ALL, ",\"count\":1"), WITH(ALL, ",\"count\":1,\"tolerance_minutes\":15"),
	"tolerance_minutes"},
    {WITH(ALL, ",\"count\":1,\"handover_minutes\":15"), WITH(ALL, ",\"count\":1"),
	"handover_minutes"},
    {WITH(ALL, ",\"count\":1,\"severity\":{\"critical_hours\":48,\"high_hours\":96}"),
	WITH(ALL, ",\"count\":1"), "severity"},
    {WITH(ALL, ",\"count\":1,\"approvers\":[\"O\"]"), WITH(ALL, ",\"count\":1"), "approvers"},
    {WITH(ALL, ",\"count\":1,\"approvers\":[\"O\"]"),
	WITH(ALL, ",\"count\":1,\"approvers\":[\"O\",\"V\"]"), "approvers"},
    {WITH(ALL, ",\"count\":1,\"approvers\":[\"O\",\"V\"]"),
	WITH(ALL, ",\"count\":1,\"approvers\":[\"V\"]"), NULL},
    {WITH(ALL, ",\"count\":1"), WITH(ALL, ",\"count\":1,\"approvers\":[\"O\"]"), NULL},
    {WITH(ALL, ",\"count\":1,\"approvers\":[\"O\",\"V\"]"),
	WITH(ALL, ",\"count\":1,\"approvers\":[\"O\"]"), NULL},
    {WITH(ALL, ",\"count\":1,\"max_share\":2"), WITH(ALL, ",\"count\":1,\"max_share\":3"),
	"max_share"},
    {WITH(ALL, ",\"count\":1,\"max_share\":2"), WITH(ALL, ",\"count\":1"), "max_share"},
    {WITH(ALL, ",\"count\":1,\"max_share\":2"), WITH(ALL, ",\"count\":1,\"max_share\":2"), NULL},
    {WITH(ALL, ",\"count\":1,\"max_share\":3"), WITH(ALL, ",\"count\":1,\"max_share\":2"), NULL},
    {WITH(ALL, ",\"count\":1"), WITH(ALL, ",\"count\":1,\"max_share\":2"), NULL},
    {WITH(ALL, ",\"count\":1,\"team_counts\":true"), WITH(ALL, ",\"count\":1,\"team_counts\":true"),
	NULL},
    {WITH(ALL, ",\"count\":1,\"team_counts\":true"), WITH(ALL, ",\"count\":1"), NULL},
    {WITH(ALL, ",\"count\":1,\"role\":\"any\""), WITH(ALL, ",\"count\":1,\"role\":\"any\""), NULL},
    {WITH(ALL, ",\"count\":1,\"severity\":{\"critical_hours\":24,\"high_hours\":96}"),
	WITH(ALL, ",\"count\":1"), "severity"},
    {WITH(ALL, ",\"count\":1,\"severity\":{\"critical_hours\":24,\"high_hours\":48}"),
	WITH(ALL, ",\"count\":1"), NULL},
    {WITH(ALL, ",\"count\":1"),
	"\"id\":\"r\",\"place\":\"P\",\"function\":\"g\",\"count\":1,\"hours\":[" ALL "]",
	"function"},
    {WITH(ALL, ",\"count\":1"),
	"\"id\":\"r\",\"place\":\"Q\",\"function\":\"f\",\"count\":1,\"hours\":[" ALL "]", "place"},
};

static const struct region *
with(struct arena *arena, const char *requirement)
{
	struct region_faults faults = {0};
	const struct region *region = region_text_read(arena,
	    arena_printf(arena,
		"{\"crisiscover\":1,\"organisations\":[{\"code\":\"O\",\"name\":\"O\",\"kind\":\"other\"},"
		"{\"code\":\"V\",\"name\":\"V\",\"kind\":\"other\"}],"
		"\"functions\":[{\"code\":\"f\",\"name\":\"F\"},{\"code\":\"g\",\"name\":\"G\"}],\"places\":[{\"code\":\"P\",\"name\":\"P\","
		"\"kind\":\"council_area\"},{\"code\":\"Q\",\"name\":\"Q\",\"kind\":\"council_area\"}],"
		"\"requirements\":[{%s}]}",
		requirement),
	    &faults);

	if (region == NULL)
		fail_msg("%s: %s", faults.items[0].path, faults.items[0].detail);
	return region;
}

static void
less_is_noticed_by_its_key(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena *arena = arena_new(0);
		const char *key =
		    region_lowered(with(arena, rows[i].before), 0, with(arena, rows[i].after), 0);

		if ((key == NULL) != (rows[i].key == NULL) ||
		    (key != NULL && strcmp(key, rows[i].key) != 0))
			fail_msg("row %zu: %s", i, key ? key : "(none)");
		arena_free(arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(less_is_noticed_by_its_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
