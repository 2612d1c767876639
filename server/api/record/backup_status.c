/* SPDX-License-Identifier: MIT */
#include "server/api/record/backup_status.h"

#include <jansson.h>
#include <stdlib.h>

#include "server/base/clock.h"
#include "server/base/fatal.h"
#include "server/base/figures.h"
#include "server/base/file.h"

#define FILE_NAME "backup-status"
#define MOST_BYTES 4096
#define LOOK_EVERY_MS 30000

struct backup_status
backup_status_read(struct slice text)
{
	json_t *status = json_loadb(text.at, text.len, 0, NULL);
	struct backup_status read = {
	    .backup_at = json_integer_value(json_object_get(status, "last_backup_at")),
	    .check_at = json_integer_value(json_object_get(status, "last_check_at")),
	};

	json_decref(status);
	return read;
}

static void
set(enum figure figure, int64_t at)
{
	if (at > 0)
		figure_set(figure, at);
	else
		figure_forget(figure);
}

void
backup_status_figures(const char *directory)
{
	static int64_t looked_ms = -LOOK_EVERY_MS;
	struct backup_status status = {0};
	int64_t now_ms = clock_mono_ms();
	char *path, *bytes;
	size_t len;

	if (now_ms - looked_ms < LOOK_EVERY_MS)
		return;
	looked_ms = now_ms;
	path = xasprintf("%s/" FILE_NAME, directory);
	if (file_read(path, MOST_BYTES, &bytes, &len) == STATUS_OK) {
		status = backup_status_read((struct slice){bytes, len});
		free(bytes);
	}
	free(path);
	set(FIGURE_BACKUP_AT, status.backup_at);
	set(FIGURE_BACKUP_CHECK_AT, status.check_at);
}
