/* SPDX-License-Identifier: MIT */
#include "calendars/workbook/archive.h"

#include <stdlib.h>
#include <zip.h>

#include "server/base/fatal.h"

/* A workbook of one year's rota unpacks to a few megabytes; a sheet of a million cells to about 40. */
#define UNPACKED_MAX_BYTES ((size_t)64 << 20)
#define ENTRIES_MAX 2000
/* A sheet of repeated rows is packed to a fiftieth at most. Small parts may be packed better. */
#define RATIO_MAX 200
#define RATIO_FREE_BYTES ((size_t)1 << 20)
#define PIECE_BYTES 32768

struct archive {
	zip_t *zip;
	struct faults *faults;
	size_t unpacked;
};

static void
refuse(struct archive *archive, enum fault fault, const char *what, const char *more)
{
	fault_note(archive->faults, fault, FAULT_ANYWHERE, what, more);
}

/* libzip reads from the buffer; nothing is written, and no file is opened. */
static zip_t *
open_bytes(struct slice bytes)
{
	zip_error_t error;
	zip_source_t *source;
	zip_t *zip;

	zip_error_init(&error);
	source = zip_source_buffer_create(bytes.at, bytes.len, 0, &error);
	zip = source == NULL ? NULL : zip_open_from_source(source, ZIP_RDONLY, &error);
	if (zip == NULL && source != NULL)
		zip_source_free(source);
	zip_error_fini(&error);
	return zip;
}

/* Two parts of one name: programs differ in which of them they show. */
static bool
has_twice(zip_t *zip, zip_int64_t count)
{
	for (zip_int64_t i = 0; i < count; i++) {
		const char *name = zip_get_name(zip, (zip_uint64_t)i, 0);

		/* The first of that name, whatever its case. */
		if (name != NULL && zip_name_locate(zip, name, ZIP_FL_NOCASE) != i)
			return true;
	}
	return false;
}

struct archive *
archive_open(struct slice bytes, struct faults *faults)
{
	struct archive *archive = xcalloc(1, sizeof *archive);
	zip_int64_t count;

	archive->faults = faults;
	archive->zip = open_bytes(bytes);
	count = archive->zip == NULL ? 0 : zip_get_num_entries(archive->zip, 0);
	if (archive->zip == NULL)
		refuse(archive, FAULT_BOOK_BROKEN, "the file", "it is damaged, or breaks off");
	else if (count > ENTRIES_MAX)
		refuse(archive, FAULT_BOOK_TOO_MUCH, "2,000 parts", NULL);
	else if (has_twice(archive->zip, count))
		refuse(archive, FAULT_BOOK_BROKEN, "the file", "it has two parts of one name");
	if (!faults->refused)
		return archive;
	archive_close(archive);
	return NULL;
}

void
archive_close(struct archive *archive)
{
	if (archive->zip != NULL)
		zip_discard(archive->zip);
	free(archive);
}

struct faults *
archive_note_in(struct archive *archive, struct faults *faults)
{
	struct faults *before = archive->faults;

	archive->faults = faults;
	return before;
}

bool
archive_has(const struct archive *archive, const char *name)
{
	return zip_name_locate(archive->zip, name, ZIP_FL_NOCASE) >= 0;
}

/* Why the part may not be unpacked; NULL: it may. */
static const char *
unfit(const zip_stat_t *stat)
{
	if (stat->encryption_method != ZIP_EM_NONE)
		return "it is encrypted";
	/* No office program uses another method; each more is code that meets foreign bytes. */
	if (stat->comp_method != ZIP_CM_STORE && stat->comp_method != ZIP_CM_DEFLATE)
		return "it is packed in a way that no office program uses";
	return NULL;
}

static bool
count_piece(struct archive *archive, size_t *part, zip_int64_t got, const zip_stat_t *stat)
{
	/* Of the sizes that the archive states, only the packed one is used: libzip reads no more than that. */
	*part += (size_t)got;
	archive->unpacked += (size_t)got;
	if (archive->unpacked <= UNPACKED_MAX_BYTES &&
	    (*part <= RATIO_FREE_BYTES || *part / RATIO_MAX <= stat->comp_size))
		return true;
	refuse(
	    archive, FAULT_BOOK_TOO_MUCH, "64 MB, or unpacks to two hundred times its size", NULL);
	return false;
}

static bool
read_pieces(struct archive *archive, zip_file_t *file, const zip_stat_t *stat,
    archive_piece_fn *on_piece, void *ctx)
{
	char piece[PIECE_BYTES];
	zip_int64_t got;
	size_t part = 0;

	while ((got = zip_fread(file, piece, sizeof piece)) > 0) {
		if (!count_piece(archive, &part, got, stat) ||
		    !on_piece(ctx, (struct slice){piece, (size_t)got}))
			return false;
	}
	/* At the end libzip compares the checksum. */
	if (got < 0)
		refuse(archive, FAULT_BOOK_BROKEN, stat->name, "its bytes are damaged");
	return got == 0;
}

bool
archive_read(struct archive *archive, const char *name, archive_piece_fn *on_piece, void *ctx)
{
	zip_int64_t at = zip_name_locate(archive->zip, name, ZIP_FL_NOCASE);
	zip_file_t *file = NULL;
	zip_stat_t stat;
	bool done;

	if (at < 0 || zip_stat_index(archive->zip, (zip_uint64_t)at, 0, &stat) != 0) {
		refuse(archive, FAULT_BOOK_BROKEN, name, "it is missing");
		return false;
	}
	/* Before it is opened: libzip would unpack with every method that it was built with. */
	if (unfit(&stat) != NULL) {
		refuse(archive, FAULT_BOOK_BROKEN, name, unfit(&stat));
		return false;
	}
	file = zip_fopen_index(archive->zip, (zip_uint64_t)at, 0);
	if (file == NULL) {
		refuse(archive, FAULT_BOOK_BROKEN, name, "its bytes are damaged");
		return false;
	}
	done = read_pieces(archive, file, &stat, on_piece, ctx);
	zip_fclose(file);
	return done;
}
