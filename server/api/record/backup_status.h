/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "server/base/text.h"

/*
 * What deploy/backup has noted in backup-status: when the newest backup was made, and when all of them were last checked.
 * Seconds since 1970; 0: never.
 */
struct backup_status {
	int64_t backup_at, check_at;
};

/* Of the text of the file. Pure. Both 0 where it is no JSON object. */
struct backup_status backup_status_read(struct slice text);

/* Sets the figures of it (base/figures.h), of the file in ${directory}; to be called each second, and looks each minute.
 * Where there is no file nothing is known: no backup was asked for. */
void backup_status_figures(const char *directory);
