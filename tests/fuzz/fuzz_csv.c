/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "calendars/kept.h"
#include "server/base/fatal.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/readings.h"

/* A grid of one of the layouts, which the length chooses, so that each changed seed is read as another. */
static void
try_grid(struct reading_options options, struct slice body)
{
	static const char *const headings[] = {"AMHP", "EDT", NULL};
	static const char *const own_codes[] = {"E", "N", NULL};

	options.grid = (struct reading_grid){
	    .layout = (enum reading_layout)(1 + body.len % (READING_LAYOUTS - 1)),
	    .own = headings,
	    .hours = {true, 9 * 3600, 17 * 3600},
	    .weekend = {body.len % 2 == 0, 10 * 3600, 10 * 3600},
	    .bank_holiday = {body.len % 3 == 0, 8 * 3600, 12 * 3600},
	};
	if (options.grid.layout == READING_DATES_BY_HOURS)
		options.grid.own = NULL;
	else if (options.grid.layout == READING_NAMES_BY_DATES)
		options.grid.own = body.len % 2 == 0 ? own_codes : NULL;
	readings_try(&options, body);
}

/* What is kept of a list of leave is kept as it is. */
static void
try_kept(const struct reading_options *options, struct slice body)
{
	struct buf kept = {0}, again = {0};

	if (kept_roster_make(&kept, readings_tools(), options, body) &&
	    (!kept_roster_make(
		 &again, readings_tools(), options, (struct slice){kept.at, kept.len}) ||
		again.len != kept.len || memcmp(again.at, kept.at, kept.len) != 0))
		fatal("is kept as\n%s\nand that as\n%s", kept.at, again.len > 0 ? again.at : "");
	buf_free(&kept);
	buf_free(&again);
}

/* A roster, the way of every upload: the first byte chooses the rota's options, the rest is
 * the body. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	if (len > 0) {
		struct reading_options options = readings_options(READING_CSV, bytes[0]);

		readings_try(&options, (struct slice){(const char *)bytes + 1, len - 1});
		try_kept(&options, (struct slice){(const char *)bytes + 1, len - 1});
		try_grid(options, (struct slice){(const char *)bytes + 1, len - 1});
	}
	return 0;
}
