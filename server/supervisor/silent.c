/* SPDX-License-Identifier: MIT */
#include "server/supervisor/silent.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/base/figures.h"
#include "server/base/log.h"

bool
silent_is_new(struct silent *silent, int64_t done_ms, int64_t now_ms, int64_t limit_seconds)
{
	bool was = silent->raised;

	if (silent->since_ms == 0)
		silent->since_ms = now_ms;
	if (done_ms > silent->since_ms)
		silent->since_ms = done_ms;
	silent->raised = now_ms - silent->since_ms >= limit_seconds * 1000;
	return silent->raised != was;
}

/* When any process of the role last had a good round; 0: none has filed one. */
static int64_t
last_done(const char *directory)
{
	struct figures *all = xcalloc(FIGURES_FILES_MAX, sizeof *all);
	size_t count = figures_read(directory, all, FIGURES_FILES_MAX);
	int64_t last = 0;

	for (size_t i = 0; i < count; i++)
		if (strcmp(all[i].role, "notify") == 0 && all[i].known[FIGURE_NOTIFY_ROUND_AT] &&
		    all[i].values[FIGURE_NOTIFY_ROUND_AT] > last)
			last = all[i].values[FIGURE_NOTIFY_ROUND_AT];
	free(all);
	return last;
}

void
silent_look(struct silent *silent, const char *directory, int64_t now_ms, int64_t limit_seconds)
{
	if (silent_is_new(silent, last_done(directory), now_ms, limit_seconds)) {
		log_event(silent->raised ? LOG_ERROR : LOG_INFO,
		    silent->raised ? "notify_silent" : "notify_not_silent",
		    LOG_INT("seconds", (now_ms - silent->since_ms) / 1000));
	}
	figure_set(FIGURE_NOTIFY_SILENT, silent->raised);
}
