/* SPDX-License-Identifier: MIT */
#include "server/feeds/learnt.h"

#include <string.h>

#include "server/base/civil.h"
#include "server/base/instant.h"
#include "server/model/guard.h"

#define DAY INT64_C(86400)

/* As far as a calendar is read. */
#define DAYS_MAX 402

static json_t *
learnt_of(const struct forget *forget)
{
	json_t *learnt = json_pack(
	    "{s:b, s:b}", "listed_over", forget->listed_over, "listed_begun", forget->listed_begun);
	char text[CIVIL_RFC3339_MAX];

	if (forget->dropped_start != INSTANT_NEVER) {
		civil_rfc3339(forget->dropped_start, text);
		json_object_set_new(learnt, "dropped_start", json_string(text));
	}
	return learnt;
}

static json_t *
ahead_of(const struct notes_about *about)
{
	int64_t first = guard_first_day(about->now), last = 0, counts[DAYS_MAX] = {0};
	json_t *list = json_array();

	for (size_t i = 0; i < about->listed; i++) {
		const struct merge_row *row = &about->forget->rows[i];
		int64_t day = row->start / DAY - first;

		/* An unreadable event may last for a year; it says nothing of how full a day is. */
		if (strcmp(row->class, "unreadable") == 0 || row->start < first * DAY ||
		    day >= DAYS_MAX)
			continue;
		counts[day]++;
		/* Days after the last shift are left out, so that a short calendar has a short
		 * list. */
		last = day + 1 > last ? day + 1 : last;
	}
	for (int64_t day = 0; day < last; day++)
		json_array_append_new(list, json_integer(counts[day]));
	return json_pack("{s:I, s:o}", "day", (json_int_t)first, "counts", list);
}

static void
warn(json_t *warnings, const char *text)
{
	json_array_append_new(warnings,
	    json_pack("{s:s, s:s, s:s, s:s}", "kind", "forgets", "level", "warning", "text", text,
		"remedy", "Ask the publisher to list shifts until they are over."));
}

void
learnt_add(struct arena *arena, json_t *document, json_t *warnings, const struct notes_about *about)
{
	const struct forget *forget = about->forget;
	json_t *keys = json_array();
	size_t kept = 0, doubted = 0;

	/* The rows of the reading itself come first. Those after them are shifts that it does not
	 * list any more. */
	for (size_t i = about->listed; i < forget->nrows; i++) {
		const struct merge_row *row = &forget->rows[i];

		if (!row->as_last_read)
			continue;
		json_array_append_new(keys, json_string(row->key));
		/* Shifts that are over are kept too, but they need no note. */
		if (row->end > about->now && strncmp(row->key, FORGET_LEFT, 5) == 0)
			doubted++;
		else if (row->end > about->now)
			kept++;
	}
	json_object_set_new(document, "as_last_read", keys);
	json_object_set_new(document, "learnt", learnt_of(forget));
	json_object_set_new(document, "ahead", ahead_of(about));
	if (kept > 0)
		warn(warnings,
		    arena_printf(arena,
			"This calendar drops shifts when they begin. %zu that %s running when it was read %s kept on as last read.",
			kept, kept == 1 ? "was" : "were", kept == 1 ? "is" : "are"));
	if (doubted > 0)
		warn(warnings,
		    arena_printf(arena,
			"%zu running shift%s not listed any more, and nothing tells whether somebody took %s away: "
			"to %s end it cannot be confirmed.",
			doubted, doubted == 1 ? " is" : "s are", doubted == 1 ? "it" : "them",
			doubted == 1 ? "its" : "their"));
}
