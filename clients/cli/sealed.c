/* SPDX-License-Identifier: MIT */
#include "clients/cli/sealed.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include <string.h>

#include "clients/cli/command.h"
#include "clients/cli/show.h"
#include "server/base/file.h"
#include "server/base/sandbox.h"

/* More than the reader's own limit of processor time: a busy machine makes it slow, and only the
 * wall clock sees that. */
enum { WALL_MS = 10000 };

static const struct sandbox_limits limits = {
    .wall_ms = WALL_MS,
    .request_max_bytes = SEALED_FILE_MAX + (8 << 20), /* the directory comes along */
    .answer_max_bytes = 256 << 20,
    .cpu_seconds = 2,
    .memory_bytes = 512 << 20,
};

/* What the name of a file says of it. Other workbooks than .xlsx are sent as that: the reader says what
 * they are. */
static const struct {
	const char *suffix, *type;
	enum reading_kind kind;
} kinds[] = {
    {".csv", "text/csv", READING_CSV},
    {".xlsx", SEALED_WORKBOOK, READING_CSV},
    {".xlsm", SEALED_WORKBOOK, READING_CSV},
    {".xlsb", SEALED_WORKBOOK, READING_CSV},
    {".xls", SEALED_WORKBOOK, READING_CSV},
    {".ods", SEALED_WORKBOOK, READING_CSV},
    {".numbers", SEALED_WORKBOOK, READING_CSV},
    {"", "text/calendar", READING_ICALENDAR},
};

static size_t
kind_of(const char *path)
{
	size_t len = strlen(path), i = 0;

	/* The last one fits any name. */
	for (;; i++) {
		size_t tail = strlen(kinds[i].suffix);

		if (len >= tail && strcasecmp(path + len - tail, kinds[i].suffix) == 0)
			return i;
	}
}

const char *
sealed_type(const char *path)
{
	return kinds[kind_of(path)].type;
}

static const char *
reason_for(enum status st)
{
	switch (st) {
	case STATUS_LIMIT:
		return "it wants more time or memory than any honest calendar does";
	case STATUS_REFUSED:
		return "this machine does not let the reader seal itself off, so nothing was read";
	default:
		/* A crash of the child is our fault, but to the person it is a file that cannot be
		 * read. */
		return "the reader broke on it";
	}
}

static int
refuse(const char *path, const char *why)
{
	fprintf(stderr, "crisiscover: %s: %s\n", path, why);
	return EXIT_INPUT_REFUSED;
}

int
sealed_read(
    struct arena *arena, const char *path, struct reading_options *options, struct reading *out)
{
	struct reading_tools tools = {.zones = show_zones()};
	struct buf request = {0}, answer = {0};
	enum status st;
	char *bytes;
	size_t len;

	st = file_read(path, SEALED_FILE_MAX, &bytes, &len);
	if (st != STATUS_OK)
		return refuse(
		    path, st == STATUS_LIMIT ? "it is larger than 10 MiB" : "it cannot be opened");
	options->kind = kinds[kind_of(path)].kind;
	reading_pack_request(&request, options, (struct slice){bytes, len});
	free(bytes);
	/* Before the fork: the child cannot open files. */
	reading_prepare();
	st = sandbox_run(
	    &limits, reading_answer, &tools, (struct slice){request.at, request.len}, &answer);
	if (st == STATUS_OK)
		st = reading_unpack((struct slice){answer.at, answer.len}, options, arena, out);
	buf_free(&request);
	buf_free(&answer);
	/* A refusal by the reading is STATUS_OK: it has a sentence of its own for the calendar's
	 * owner. */
	return st == STATUS_OK ? EXIT_FINE : refuse(path, reason_for(st));
}
