/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/keep/snapshot_store.h"
#include "server/base/status.h"
#include "server/base/text.h"
#include "server/loop/loop.h"

/*
 * The last-good file: the snapshot at rest, so that a process that starts while the database is
 * away has something to say. Its contents are trusted only after their SHA-256; the generation
 * before is kept beside it for the day the newest is spoilt. Personal data: mode 0600, in the state
 * directory alone.
 */

/* The whole of ${store} as bytes, and back. Pure. STATUS_MALFORMED: not such a file, of another
 * format, cut, or changed by a bit. */
void snapshot_file_pack(struct buf *out, const struct snapshot_store *store);
MUST_USE enum status snapshot_file_unpack(
    struct slice bytes, const struct snapshot_tools *tools, struct snapshot_store *store);

/* Shows the newest generation in ${directory} that is whole. STATUS_GONE: there is none. Blocks:
 * for the start. */
MUST_USE enum status snapshot_file_read(
    const char *directory, const struct snapshot_tools *tools, struct snapshot_store *store);

/* Writes both generations round. Blocks: for the child, and for the end. */
MUST_USE enum status snapshot_file_write(const char *directory, const struct snapshot_store *store);

/* Writes after changes: a forked child, one at a time, at most every 10 s. The file is shared by
 * all api processes of a machine; one of them writes. */
struct snapshot_writer;
struct snapshot_writer *snapshot_writer_new(
    struct loop *loop, const char *directory, const struct snapshot_store *store);
void snapshot_writer_changed(struct snapshot_writer *writer);
/* Writes once more, in this process, if something is not written yet. */
void snapshot_writer_free(struct snapshot_writer *writer);
