/* SPDX-License-Identifier: MIT */
#include "calendars/wire/wire_found.h"

#include <string.h>

#define TEXT_LEAST PACKED_LEAST(0, 0, 0, 1)

static void
pack_texts(struct buf *buf, const char *const *texts, size_t count)
{
	pack_u32(buf, (uint32_t)count);
	for (size_t i = 0; i < count; i++)
		pack_text(buf, texts[i]);
}

void
wire_pack_found(struct buf *buf, const struct reading *reading)
{
	const struct reading_found *found = reading->found;

	pack_u8(buf, found != NULL);
	if (found == NULL)
		return;
	pack_u8(buf, (uint8_t)found->layout);
	pack_u8(buf, found->hours);
	pack_texts(buf, found->columns, found->ncolumns);
	pack_texts(buf, found->rows, found->nrows);
	pack_texts(buf, found->codes, found->ncodes);
	pack_text(buf, found->own);
}

static const char *const *
unpack_texts(struct unpack *in, struct arena *arena, size_t *count)
{
	const char **list;

	*count = unpack_count(in, TEXT_LEAST);
	if (*count > READING_FOUND_MAX)
		in->bad = true;
	if (in->bad)
		return NULL;
	list = arena_array(arena, *count, sizeof *list);
	for (size_t i = 0; i < *count && !in->bad; i++) {
		list[i] = unpack_text(in, arena, READING_FOUND_BYTES);
		if (list[i] == NULL || *list[i] == '\0')
			in->bad = true;
		for (size_t j = 0; j < i && !in->bad; j++)
			in->bad = strcmp(list[i], list[j]) == 0;
	}
	return list;
}

static bool
has(const char *const *texts, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(texts[i], text) == 0)
			return true;
	}
	return false;
}

/* Only a roster that was refused has it; rows and codes only where columns are days. */
static bool
is_sound(const struct reading_found *found, const struct reading_options *options, bool refused)
{
	bool names = found->layout == READING_NAMES_BY_DATES;

	if (!refused || options->kind != READING_CSV || found->layout <= READING_NO_GRID ||
	    found->layout >= READING_LAYOUTS)
		return false;
	if ((found->nrows > 0 && !names && found->layout != READING_ROLES_BY_DATES) ||
	    (found->ncodes > 0 && !names))
		return false;
	return found->own == NULL || has(found->columns, found->ncolumns, found->own) ||
	       has(found->rows, found->nrows, found->own);
}

void
wire_unpack_found(struct unpack *in, const struct reading_options *options, struct arena *arena,
    struct reading *reading)
{
	uint8_t some = unpack_u8(in), hours;
	struct reading_found *found;

	if (some > 1)
		in->bad = true;
	if (in->bad || some == 0)
		return;
	found = arena_alloc(arena, sizeof *found);
	found->layout = (enum reading_layout)unpack_u8(in);
	hours = unpack_u8(in);
	found->hours = hours != 0;
	found->columns = unpack_texts(in, arena, &found->ncolumns);
	found->rows = unpack_texts(in, arena, &found->nrows);
	found->codes = unpack_texts(in, arena, &found->ncodes);
	found->own = unpack_text(in, arena, READING_FOUND_BYTES);
	if (in->bad || hours > 1 || !is_sound(found, options, reading->refused))
		in->bad = true;
	else
		reading->found = found;
}
