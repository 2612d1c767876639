/* SPDX-License-Identifier: MIT */
#include "server/api/keep/snapshot_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/api/keep/snapshot_format.h"
#include "server/base/fatal.h"
#include "server/base/file.h"
#include "server/base/log.h"
#include "server/base/pack.h"

#define FILE_MAX_BYTES ((size_t)1 << 30)

static const char *const generation_names[] = {"last-good", "last-good.before"};

/* The newest first; if it is damaged, the one before. STATUS_GONE: neither can be used, and the
 * process starts without. */
enum status
snapshot_file_read(
    const char *directory, const struct snapshot_tools *tools, struct snapshot_store *store)
{
	enum status st = STATUS_GONE;

	for (size_t i = 0; i < 2 && st != STATUS_OK; i++) {
		char *path = xasprintf("%s/%s", directory, generation_names[i]), *bytes;
		size_t len;

		if (file_read(path, FILE_MAX_BYTES, &bytes, &len) == STATUS_OK) {
			/* The digest was right or the file is not used; it is not removed, so that
			 * somebody can examine it. */
			st = snapshot_file_unpack((struct slice){bytes, len}, tools, store);
			log_event(st == STATUS_OK ? LOG_INFO : LOG_ERROR, "last_good_read",
			    LOG_STR("file", generation_names[i]),
			    LOG_STR("status", status_name(st)), LOG_INT("bytes", (int64_t)len));
			free(bytes);
		}
		free(path);
	}
	return st == STATUS_OK ? STATUS_OK : STATUS_GONE;
}

/* Whether the file ${path} knows of the newest erasure: of the same, and not of another that had its number before the
 * database was restored from a backup. Only its first bytes are read: what is spoilt in it is as old. */
static bool
knows_erasure(const char *path, const struct snapshot_store *store)
{
	const struct map_mark *mark = &store->current->mark;
	char bytes[FILE_HEAD_BYTES + FILE_MARK_BYTES] = {0};
	struct unpack head = unpack_from(bytes, sizeof bytes);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : pread(fd, bytes, sizeof bytes, 0);

	if (fd >= 0)
		close(fd);
	if (len != (ssize_t)sizeof bytes || unpack_u32(&head) != FILE_MAGIC ||
	    unpack_u32(&head) != FILE_FORMAT)
		return false;
	head = unpack_from(bytes + FILE_HEAD_BYTES, FILE_MARK_BYTES);
	return unpack_i64(&head) == store->erasure && unpack_i64(&head) == mark->epoch &&
	       unpack_i64(&head) <= mark->version;
}

/* Written twice where the newest file, which becomes the former one, may say who was erased. Each time it is a whole file,
 * so that there are never fewer than two. */
enum status
snapshot_file_write(const char *directory, const struct snapshot_store *store)
{
	char *newest = xasprintf("%s/%s", directory, generation_names[0]);
	char *before = xasprintf("%s/%s", directory, generation_names[1]);
	struct buf bytes = {0};
	size_t times = knows_erasure(newest, store) ? 1 : 2;
	enum status st = STATUS_OK;

	snapshot_file_pack(&bytes, store);
	for (size_t i = 0; i < times && st == STATUS_OK; i++)
		st = file_replace_keeping(newest, before, bytes.at, bytes.len, 0600);
	buf_free(&bytes);
	free(newest);
	free(before);
	return st;
}
