/* SPDX-License-Identifier: MIT */
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

/* A roster, the way of every upload: the first byte chooses the rota's options, the rest is
 * the body. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	if (len > 0) {
		struct reading_options options = readings_options(READING_CSV, bytes[0]);

		readings_try(&options, (struct slice){(const char *)bytes + 1, len - 1});
		try_grid(options, (struct slice){(const char *)bytes + 1, len - 1});
	}
	return 0;
}
