/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/faults.h"
#include "server/base/text.h"

/*
 * The parts of a zip archive in memory, as libzip unpacks them. A hostile archive may be small and
 * unpack to any size, and what it says of its sizes may be wrong: bytes are counted as they come,
 * over all parts that are read.
 */
struct archive;

/* Opens ${bytes}, which must stay as they are until archive_close(). NULL: it is no archive that can be
 * read, which is noted in ${faults}. */
struct archive *archive_open(struct slice bytes, struct faults *faults);
void archive_close(struct archive *archive);

/* Has what is refused from now on noted in ${faults}. Returns those that had it noted before. */
struct faults *archive_note_in(struct archive *archive, struct faults *faults);

/* Whether there is a part of that name; case does not matter, as programs differ in it. */
bool archive_has(const struct archive *archive, const char *name);

/* Gets the next bytes of a part. False: no more are wanted, and the function has noted why. */
typedef bool archive_piece_fn(void *ctx, struct slice piece);

/* Unpacks the part ${name} piece by piece. False: it was refused, which is noted in the faults. A missing
 * part is refused. */
bool archive_read(struct archive *archive, const char *name, archive_piece_fn *on_piece, void *ctx);
