/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/readings.h"

/*
 * The receiver of a reader's answer, which trusts the reader with nothing. With the highest bit of
 * the first byte the rest is the answer itself; else it is a calendar whose honest answer is
 * changed: as many changes as the three lowest bits say, each three bytes (where, where, what).
 */
static void
receive(const struct reading_options *options, const char *answer, size_t len)
{
	struct arena *arena = arena_new(0);
	struct reading reading;
	char *exact = xmalloc(len > 0 ? len : 1);

	if (len > 0)
		memcpy(exact, answer, len);
	if (reading_unpack((struct slice){exact, len}, options, arena, &reading) == STATUS_OK)
		readings_check(options, &reading);
	free(exact);
	arena_free(arena);
}

static void
receive_changed(const struct reading_options *options, const uint8_t *bytes, size_t len)
{
	size_t changes = bytes[0] & 7;
	struct buf request = {0}, answer = {0};

	if (len < 1 + 3 * changes)
		return;
	reading_pack_request(&request, options,
	    (struct slice){(const char *)bytes + 1 + 3 * changes, len - 1 - 3 * changes});
	reading_answer(
	    (void *)(uintptr_t)readings_tools(), (struct slice){request.at, request.len}, &answer);
	for (size_t i = 0; i < changes && answer.len > 0; i++) {
		const uint8_t *change = bytes + 1 + 3 * i;

		answer.at[(change[0] | change[1] << 8) % answer.len] ^= (char)change[2];
	}
	receive(options, answer.at, answer.len);
	if (answer.len > 0 && (bytes[0] & 64) != 0)
		receive(options, answer.at, answer.len * (bytes[0] & 63) / 64);
	buf_free(&request);
	buf_free(&answer);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct reading_options options = readings_options(READING_ICALENDAR, 0);

	if (len == 0)
		return 0;
	if ((bytes[0] & 128) != 0)
		receive(&options, (const char *)bytes + 1, len - 1);
	else
		receive_changed(&options, bytes, len);
	return 0;
}
