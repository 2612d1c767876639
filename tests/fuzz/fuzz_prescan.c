#include "calendars/prescan.h"

#include <string.h>

#include "server/base/fatal.h"
#include "tests/fuzz/fuzz.h"

/*
 * Our own look at the bytes. What it lets through is text without NUL, whole (as many BEGIN as END,
 * closed at the end), and within the limits that the library behind it needs.
 */
static void
check_clean(const struct scan *scan)
{
	const char *at = scan->clean.at, *end = at + scan->clean.len;
	long depth = 0;

	if (scan->clean.len == 0)
		return;
	if (memchr(at, '\0', scan->clean.len) != NULL || !text_utf8_valid(at, scan->clean.len))
		fatal("the clean copy is not clean");
	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t len = stop != NULL ? (size_t)(stop - at) : (size_t)(end - at);

		if (len > (64 << 10) + 2)
			fatal("the clean copy has a line beyond the limit");
		if (len > 6 && memcmp(at, "BEGIN:", 6) == 0)
			depth++;
		if (len > 4 && memcmp(at, "END:", 4) == 0)
			depth--;
		if (depth < 0 || depth > 5)
			fatal("the clean copy closes what was not open, or nests too deep");
		at += len + 1;
	}
	if (depth != 0)
		fatal("the clean copy leaves something open");
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
