/* SPDX-License-Identifier: MIT */
#include "calendars/prescan.h"

#include <string.h>

#include "server/base/fatal.h"
#include "tests/fuzz/fuzz.h"

/*
 * Our own look at the bytes. Text that it lets through has no NUL, has each part whole (as many
 * BEGIN as END, closed at the end), and is within the limits that the library after it needs.
 */
static void
check_text(const struct buf *buf, struct scan_text text)
{
	const char *at, *end;
	long depth = 0;

	if (text.len == 0 || text.from + text.len >= buf->len)
		fatal("a clean copy is not where it is said to be");
	at = buf->at + text.from;
	end = at + text.len;
	if (strlen(at) != text.len || !text_utf8_valid(at, text.len))
		fatal("a clean copy is not clean");
	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t len = stop != NULL ? (size_t)(stop - at) : (size_t)(end - at);

		if (len > (64 << 10) + 2)
			fatal("a clean copy has a line beyond the limit");
		if (len > 6 && memcmp(at, "BEGIN:", 6) == 0)
			depth++;
		if (len > 4 && memcmp(at, "END:", 4) == 0)
			depth--;
		if (depth < 0 || depth > 5)
			fatal("a clean copy closes what was not open, or nests too deep");
		at += len + 1;
	}
	if (depth != 0)
		fatal("a clean copy leaves something open");
}

static void
check_clean(const struct scan *scan)
{
	size_t events = 0;

	for (size_t i = 0; i < scan->calendars.count; i++) {
		check_text(&scan->frames, scan->calendars.items[i].text);
		if (scan->calendars.items[i].first != events)
			fatal("an event belongs to no calendar, or to two");
		events += scan->calendars.items[i].count;
	}
	if (events != scan->events.count)
		fatal("the calendars do not have all events");
	for (size_t i = 0; i < events; i++)
		check_text(&scan->clean, scan->events.items[i].text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct arena *arena = arena_new(0);
	struct faults faults = {.arena = arena, .from = 1767225600, .until = 1798761600};
	struct scan scan;

	if (scan_make(&scan, arena, &faults, (struct slice){(const char *)bytes, len})) {
		if (faults.refused)
			fatal("refused and let through at once");
		check_clean(&scan);
	} else if (!faults.refused || faults.findings.count == 0) {
		fatal("refused without a finding");
	}
	scan_free(&scan);
	arena_free(arena);
	return 0;
}
