/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "server/model/region_parts.h"

/* What the shift codes of a rota mean:
 * {"LD": {"from": "07:30", "to": "20:00"}, "AL": "absence"}. */

enum { CODES_MAX = 200, CODE_MAX_BYTES = 40 };

static void
read_hours(const struct region_field *item, struct region_shift_code *code)
{
	static const char *const known[] = {"from", "to", "names", NULL};
	struct region_field from = field_get(item, "from");

	field_object(item, known);
	code->from = field_time(item, "from");
	code->to = field_time(item, "to");
	code->names = field_texts(item, "names");
	/* 24:00 of a day is 0:00 of the next, and a shift must say on which day it begins. */
	if (code->from == 24 * 3600)
		field_fault(&from, "must be before \"24:00\"");
}

static void
read_code(const struct region_field *item, struct region_shift_code *code)
{
	const char *word = json_string_value(item->json);

	code->code = arena_strdup(item->reader->arena, item->key);
	code->names = arena_array(item->reader->arena, 1, sizeof *code->names);
	if (slice_trim(slice_of(code->code)).len == 0 || strlen(code->code) > CODE_MAX_BYTES)
		field_fault(item, "a shift code has 1 to %d bytes", CODE_MAX_BYTES);
	if (json_is_object(item->json))
		read_hours(item, code);
	else if (word && strcmp(word, "absence") == 0)
		code->kind = REGION_CODE_ABSENCE;
	else if (word && strcmp(word, "noise") == 0)
		code->kind = REGION_CODE_NOISE;
	else
		field_fault(item,
		    "must be {\"from\": \"07:30\", \"to\": \"20:00\"}, \"absence\" or \"noise\"");
}

/* A JSON object has no order. Sorted, two files with the same codes compare as equal. */
static int
compare_codes(const void *a, const void *b)
{
	return strcmp(((const struct region_shift_code *)a)->code,
	    ((const struct region_shift_code *)b)->code);
}

bool
region_code_is_spelt(const struct region_shift_code *code, const char *text)
{
	if (strcasecmp(code->code, text) == 0)
		return true;
	for (size_t i = 0; code->names[i]; i++)
		if (strcasecmp(code->names[i], text) == 0)
			return true;
	return false;
}

/* Notes a fault if two codes have one spelling. A file has at most CODES_MAX codes, so comparing
 * each with each is fast enough. */
static void
check_spellings(
    const struct region_field *field, const struct region_shift_code *codes, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		for (uint32_t j = 0; j < i; j++) {
			bool twice = region_code_is_spelt(&codes[j], codes[i].code);

			for (size_t n = 0; !twice && codes[i].names[n]; n++)
				twice = region_code_is_spelt(&codes[j], codes[i].names[n]);
			if (twice)
				field_fault(field,
				    "the codes \"%s\" and \"%s\" share a spelling (capitals make no difference)",
				    codes[j].code, codes[i].code);
		}
}

void
region_codes_read(const struct region_field *reading, struct region_rota *rota)
{
	struct region_field field = field_get(reading, "shift_codes");
	struct region_shift_code *codes;
	const char *key;
	json_t *value;
	uint32_t count = 0;

	if (!field.json)
		return;
	/* Comparing each with each, below, is fast for so many. */
	if (!json_is_object(field.json) || json_object_size(field.json) > CODES_MAX) {
		field_fault(&field, "must be an object {…} of at most %d codes", CODES_MAX);
		return;
	}
	codes = arena_array(reading->reader->arena, json_object_size(field.json), sizeof *codes);
	json_object_foreach(field.json, key, value)
	{
		struct region_field item = field_get(&field, key);

		read_code(&item, &codes[count++]);
	}
	qsort(codes, count, sizeof *codes, compare_codes);
	check_spellings(&field, codes, count);
	rota->shift_codes = codes;
	rota->nshift_codes = count;
}
