/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/keep/snapshot_store.h"
#include "server/base/status.h"
#include "server/base/text.h"
#include "server/loop/loop.h"

/*
 * The last-good file: a snapshot in the state directory, from which a process can answer that starts while the
 * database is away. It is used only if its SHA-256 is right; the file before it is kept as well, in case the
 * newest is damaged. It contains personal data, so its mode is 0600.
 */

/* Converts a store to bytes and back. Pure. STATUS_MALFORMED: the bytes are no such file, have another format, or
 * have been cut or changed. */
void snapshot_file_pack(struct buf *out, const struct snapshot_store *store);
MUST_USE enum status snapshot_file_unpack(
    struct slice bytes, const struct snapshot_tools *tools, struct snapshot_store *store);

/* Reads the newest undamaged file in ${directory} and shows it in ${store}. STATUS_GONE: there is none. Blocks, so
 * it is called only at the start. */
MUST_USE enum status snapshot_file_read(
    const char *directory, const struct snapshot_tools *tools, struct snapshot_store *store);

/* Writes a new file and makes the newest one the former one. Where the newest does not know of an erasure of which
 * ${store} does, or cannot be read here, both become the new one: neither may say who was erased. Where it fails (a full
 * disk), both are as before.
 * Blocks: only for the forked child, and at the end of the process. STATUS_AGAIN: not written; errno says why. */
MUST_USE enum status snapshot_file_write(const char *directory, const struct snapshot_store *store);

/* Writes the file after changes, by a forked child, one at a time and at most every 10 s. All api processes of a
 * machine read the file; one of them writes it. */
struct snapshot_writer;
struct snapshot_writer *snapshot_writer_new(
    struct loop *loop, const char *directory, const struct snapshot_store *store);
void snapshot_writer_changed(struct snapshot_writer *writer);
/* Writes once more, in this process, if something is not written yet. */
void snapshot_writer_free(struct snapshot_writer *writer);
