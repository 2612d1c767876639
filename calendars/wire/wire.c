/* SPDX-License-Identifier: MIT */
#include "calendars/kept.h"
#include "calendars/reading.h"
#include "calendars/wire/wire_answer.h"
#include "calendars/wire/wire_request.h"

/*
 * Options and readings as flat records, for the socket to the sealed child that reads. The child
 * (wire_request.c) trusts its parent's request. The parent (wire_answer.c) trusts nothing in the
 * answer: it computes again what can be computed, and checks everything else.
 */

/* Below the address space of the child (server/reader), so that a calendar that needs too much is refused
 * by the arena, with a finding, before the kernel ends the child without one. */
#define ARENA_MAX_BYTES ((size_t)192 * 1024 * 1024)

static bool
reduce(struct buf *kept, const struct reading_tools *tools, const struct reading_options *options,
    struct slice bytes)
{
	return options->kind == READING_ICALENDAR ? kept_make(kept, options, bytes)
						  : kept_roster_make(kept, tools, options, bytes);
}

void
reading_answer(void *ctx, struct slice request, struct buf *answer)
{
	const struct reading_tools *tools = ctx;
	struct arena *arena = arena_new(ARENA_MAX_BYTES);
	struct reading_options options;
	struct slice bytes;
	struct reading reading;
	struct buf kept = {0};

	/* If the request is malformed the answer is empty, which its receiver finds malformed. */
	if (wire_unpack_request(request, tools->zones, arena, &options, &bytes)) {
		/* What is kept is also what is read, so that reading it again is the same. */
		if (reduce(&kept, tools, &options, bytes))
			bytes = (struct slice){kept.at, kept.len};
		reading_make(tools, &options, bytes, arena, &reading);
		if (kept.len > 0 && !reading.refused)
			reading.kept = (struct slice){kept.at, kept.len};
		reading.hash_alone = options.absences && kept.len == 0 && !reading.refused;
		wire_pack_answer(answer, &reading);
	}
	buf_free(&kept);
	arena_free(arena);
}
