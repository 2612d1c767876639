/* SPDX-License-Identifier: MIT */
#include "server/api/keep/ended_sessions.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/base/fatal.h"
#include "server/base/file.h"
#include "server/base/instant.h"
#include "server/base/log.h"

/* Sessions that have ended, one id a line, noted as soon as they are known. The last-good file is
 * written every ten seconds; a process that started from one without the end of a session would let
 * its cookie in until the database answers. */

#define LINE_BYTES (SESSION_ID_LEN + 1)
#define KEPT_BYTES                                                                                 \
	((size_t)LINE_BYTES * 20000) /* more than end within one life of a last-good file */
#define LONG_BYTES (2 * KEPT_BYTES)
/* A file that is larger was not written by us: it is left alone. */
#define FILE_MAX_BYTES ((size_t)64 << 20)

char *
ended_sessions_path(const char *directory)
{
	return xasprintf("%s/ended-sessions", directory);
}

/* O_APPEND: a line of this length is written whole or not at all. A failure is logged and the end
 * still holds in this process. */
void
ended_sessions_note(const char *path, const char *id)
{
	/* No lock: several api processes of a machine append to the same file. */
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	char line[LINE_BYTES];

	memcpy(line, id, SESSION_ID_LEN);
	line[SESSION_ID_LEN] = '\n';
	if (fd < 0 || write(fd, line, sizeof line) != (ssize_t)sizeof line)
		log_event(LOG_ERROR, "ended_session_not_noted", LOG_INT("errno", errno));
	if (fd >= 0)
		close(fd);
}

/* A line that a crash has cut is followed by others: each line is recognised by its end. The
 * instant of the end is not in the file, and any instant in the past does as well. */
static void
end_session(struct sessions *sessions, const char *line, size_t len)
{
	char id[SESSION_ID_LEN + 1] = {0};
	struct session *session;

	if (len != SESSION_ID_LEN)
		return;
	memcpy(id, line, len);
	session = sessions_find(sessions, id);
	if (session != NULL && session->ended_at == INSTANT_NEVER)
		session->ended_at = session->used_at;
}

/* A session that is not in the last-good file needs no end. */
void
ended_sessions_read(const char *path, struct sessions *sessions)
{
	char *bytes;
	size_t len;

	if (file_read(path, FILE_MAX_BYTES, &bytes, &len) != STATUS_OK)
		return;
	for (char *at = bytes; at < bytes + len;) {
		size_t line = strcspn(at, "\n");

		end_session(sessions, at, line);
		at += line + 1;
	}
	free(bytes);
}

/* At the start only, so that nothing else writes to the file meanwhile. Cut at a line's end. */
void
ended_sessions_trim(const char *path)
{
	char *bytes, *from;
	size_t len;

	if (file_read(path, FILE_MAX_BYTES, &bytes, &len) != STATUS_OK)
		return;
	from = len > LONG_BYTES ? strchr(bytes + len - KEPT_BYTES, '\n') : NULL;
	if (from != NULL &&
	    file_replace(path, from + 1, (size_t)(bytes + len - from - 1), 0600) != STATUS_OK)
		log_event(LOG_ERROR, "ended_sessions_not_trimmed", LOG_INT("errno", errno));
	free(bytes);
}
