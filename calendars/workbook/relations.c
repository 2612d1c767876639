/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "calendars/workbook/book.h"
#include "calendars/workbook/xml.h"

/* Each hyperlink of a sheet is a relation, too, but points outside and is not kept. */
#define RELATIONS_MAX 5000
#define SEGMENTS_MAX 16

/* "xl/_rels/workbook.xml.rels" of "xl/workbook.xml". */
static const char *
relations_part(struct book *book, const char *part)
{
	const char *slash = strrchr(part, '/');
	int folder = slash == NULL ? 0 : (int)(slash + 1 - part);

	return arena_printf(book->arena, "%.*s_rels/%s.rels", folder, part, part + folder);
}

/* Appends the segments of ${path}; ".." takes one away. */
static size_t
add_segments(struct slice *segments, size_t count, struct slice path)
{
	while (path.len > 0) {
		const char *slash = memchr(path.at, '/', path.len);
		size_t len = slash == NULL ? path.len : (size_t)(slash - path.at);
		struct slice segment = {path.at, len};

		/* Above the root there is nothing. Beyond the limit a path is cut, and then names no part. */
		if (slice_is(segment, ".."))
			count -= count > 0;
		else if (len > 0 && !slice_is(segment, ".") && count < SEGMENTS_MAX)
			segments[count++] = segment;
		len += slash != NULL;
		path = (struct slice){path.at + len, path.len - len};
	}
	return count;
}

/* ${target} as ${part} names it: "worksheets/sheet1.xml", "/xl/styles.xml", "../comments1.xml". */
static const char *
target_of(struct book *book, const char *part, const char *target)
{
	struct slice segments[SEGMENTS_MAX];
	const char *slash = strrchr(part, '/'), *whole = "";
	size_t count = 0;

	if (*target != '/' && slash != NULL)
		count = add_segments(segments, 0, (struct slice){part, (size_t)(slash - part)});
	count = add_segments(segments, count, slice_of(target));
	for (size_t i = 0; i < count; i++)
		whole = arena_printf(book->arena, "%s%s%.*s", whole, i > 0 ? "/" : "",
		    (int)segments[i].len, segments[i].at);
	return whole;
}

struct reading_relations {
	struct book *book;
	const char *part;
	struct book_relations *out;
};

static void
on_start(void *ctx, const char *element, const char *const *names)
{
	struct reading_relations *reading = ctx;
	struct book *book = reading->book;
	const char *id = xml_value(names, "Id"), *type = xml_value(names, "Type");
	const char *target = xml_value(names, "Target"), *mode = xml_value(names, "TargetMode");

	if (strcmp(element, "Relationship") != 0 || id == NULL || type == NULL || target == NULL ||
	    (mode != NULL && strcmp(mode, "External") == 0))
		return;
	if (reading->out->list.count == RELATIONS_MAX) {
		fault_note(
		    book->faults, FAULT_BOOK_TOO_MUCH, FAULT_ANYWHERE, "5,000 relations", NULL);
		return;
	}
	*VEC_PUSH(book->arena, &reading->out->list) = (struct book_relation){
	    .id = arena_strdup(book->arena, id),
	    .target = target_of(book, reading->part, target),
	    .type = arena_strdup(
		book->arena, strrchr(type, '/') != NULL ? strrchr(type, '/') + 1 : type),
	};
}

bool
book_relations_read(struct book *book, const char *part, struct book_relations *out)
{
	const char *name = relations_part(book, part);
	struct reading_relations reading = {book, part, out};

	/* A part without such a list names no other. */
	*out = (struct book_relations){.list = {.items = NULL}};
	if (!archive_has(book->archive, name))
		return true;
	return xml_read(book->archive, book->faults, name,
	    &(struct xml_reader){.on_start = on_start, .ctx = &reading});
}

const char *
book_related(const struct book_relations *relations, const char *type)
{
	const struct book_relation *one;

	VEC_EACH (one, &relations->list)
		if (strcmp(one->type, type) == 0)
			return one->target;
	return NULL;
}
