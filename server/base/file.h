/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

#include "server/base/status.h"

/* Whole small files, for starts and for commands; never on a running loop. */

/* Reads ${path}, at most ${max} bytes, NUL added at the end. Free ${bytes} with free().
 * STATUS_GONE: cannot be opened or read; STATUS_LIMIT: longer. */
MUST_USE enum status file_read(const char *path, size_t max, char **bytes, size_t *len);

/* As file_read(), of a file that is to be secret. STATUS_REFUSED: its mode has one of the bits ${closed_to}
 * (077: for its user alone). It is refused, because a warning in a log would be overlooked. */
MUST_USE enum status file_read_secret(
    const char *path, unsigned closed_to, size_t max, char **bytes, size_t *len);

/* Replaces ${path} with ${len} bytes so that a crash leaves the old or the new whole: temporary
 * file beside it with
 * ${mode}, fsync, rename, fsync of the folder. STATUS_AGAIN with errno set on failure; no
 * temporary file remains. Of a process of root, the file stays with the user who had it; a new one is of the user whose
 * folder it is in. */
MUST_USE enum status file_replace(const char *path, const void *bytes, size_t len, unsigned mode);

/* As file_replace(), and the file that was ${path} becomes ${former}, in the same folder. The former ${former} is
 * dropped last, so that there are never fewer of the two than before: not when the disk is full, and not when the
 * process is killed. ${former} may be NULL. */
MUST_USE enum status file_replace_keeping(
    const char *path, const char *former, const void *bytes, size_t len, unsigned mode);
