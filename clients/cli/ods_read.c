/* SPDX-License-Identifier: MIT */
#include "clients/cli/ods_read.h"

#include <csv.h>
#include <jansson.h>
#include <string.h>

#include "clients/cli/ods_fhir.h"
#include "server/base/civil.h"
#include "server/base/instant.h"

enum {
	ORGANISATION_COLUMNS = 27,
	SUCCESSION_COLUMNS = 5,
	CODE = 0,
	NAME = 1,
	SUCCESSOR = 1,
	CLOSE_DATE = 11,
};

struct parse {
	struct ods *ods;
	const char *fields[ORGANISATION_COLUMNS];
	size_t nfields, ncolumns; /* of this row; of the first */
	unsigned line;
	const char *fault;
};

/* Reads the close date yyyymmdd. ${until} is the day after it: the published date is the last day on which the
 * organisation exists, and ends in the set-up are exclusive. */
static bool
read_close_date(struct slice text, int64_t *until)
{
	int64_t number;
	struct civil day = {0};

	if (text.len != 8 || !text_int(text, 0, 99991231, &number))
		return false;
	day.year = (int)(number / 10000);
	day.month = (int)(number / 100 % 100);
	day.day = (int)(number % 100);
	if (!civil_valid(&day))
		return false;
	*until = civil_days(day.year, day.month, day.day) + 1;
	return true;
}

static const char *
row_fault(struct parse *p, const char *what)
{
	return arena_printf(p->ods->arena, "line %u: %s", p->line, what);
}

static const char *
add_organisation(struct parse *p)
{
	struct slice close = slice_of(p->fields[CLOSE_DATE]);
	struct ods_organisation organisation = {
	    .code = p->fields[CODE], .name = p->fields[NAME], .until = INSTANT_END};
	const char *fault;

	/* Its name is all that a new organisation is filled with. */
	if (*organisation.name == '\0')
		return row_fault(p, "the name (column 2) is empty");
	if (close.len > 0 && !read_close_date(close, &organisation.until))
		return row_fault(p, "the close date (column 12) is not a day as yyyymmdd");
	organisation.closed = close.len > 0;
	fault = ods_add(p->ods, &organisation);
	return fault == NULL ? NULL : row_fault(p, fault);
}

static const char *
add_succession(struct parse *p)
{
	if (!text_is_code(slice_of(p->fields[SUCCESSOR])))
		return row_fault(p, "the successor (column 2) is not a code");
	*VEC_PUSH(p->ods->arena, &p->ods->successions) =
	    (struct ods_succession){p->fields[CODE], p->fields[SUCCESSOR]};
	return NULL;
}

static const char *
read_row(struct parse *p)
{
	/* The first row says which file it is, and the others must agree: two files that were put
	 * together are refused rather than read by halves. */
	if (p->ncolumns == 0)
		p->ncolumns = p->nfields;
	if (p->nfields != ORGANISATION_COLUMNS && p->nfields != SUCCESSION_COLUMNS)
		return row_fault(p,
		    arena_printf(p->ods->arena,
			"%zu columns: a file of organisations has 27, and the file of successors 5",
			p->nfields));
	if (p->nfields != p->ncolumns)
		return row_fault(p, "it has not as many columns as the lines before");
	if (!text_is_code(slice_of(p->fields[CODE])))
		return row_fault(
		    p, "column 1 is not a code: the files are published without a heading");
	return p->ncolumns == ORGANISATION_COLUMNS ? add_organisation(p) : add_succession(p);
}

static void
on_field(void *bytes, size_t len, void *ctx)
{
	struct parse *p = ctx;
	struct slice text = slice_trim((struct slice){bytes, len});

	/* Further fields are only counted, for the complaint. */
	if (p->nfields < ORGANISATION_COLUMNS)
		p->fields[p->nfields] = arena_strndup(p->ods->arena, text.at, text.len);
	p->nfields++;
}

static void
on_row(int end, void *ctx)
{
	struct parse *p = ctx;

	(void)end;
	p->line++;
	/* libcsv cannot be stopped from here, so what follows the first fault is passed over. */
	if (p->fault == NULL)
		p->fault = read_row(p);
	p->nfields = 0;
}

static const char *
read_csv(struct ods *ods, struct slice bytes)
{
	struct parse p = {.ods = ods};
	struct csv_parser parser;

	if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
		return "there is no memory for it";
	/* A fault of the quotes may show only at the end of the file. */
	if (csv_parse(&parser, bytes.at, bytes.len, on_field, on_row, &p) != bytes.len ||
	    csv_fini(&parser, on_field, on_row, &p) != 0) {
		p.line++;
		p.fault = p.fault != NULL ? p.fault : row_fault(&p, "its quotes are wrong");
	}
	csv_free(&parser);
	if (p.fault == NULL && p.line == 0)
		return "it is empty";
	return p.fault;
}

const char *
ods_read(struct ods *ods, struct slice bytes)
{
	struct slice text = bytes;

	if (text.len >= 3 && memcmp(text.at, "\xef\xbb\xbf", 3) == 0)
		text = (struct slice){text.at + 3, text.len - 3};
	/* By the first character and not by the name of the file, which people change. */
	while (text.len > 0 && strchr(" \t\r\n", *text.at) != NULL)
		text = (struct slice){text.at + 1, text.len - 1};
	if (text.len > 0 && (*text.at == '{' || *text.at == '['))
		return ods_read_fhir(ods, text);
	return read_csv(ods, text);
}
