/* SPDX-License-Identifier: MIT */
#include "server/model/region_field.h"

#include <stdarg.h>
#include <string.h>

#include "server/base/civil.h"
#include "server/base/text.h"
#include "server/model/region_canary.h"

/* Longer than any name, and short enough for a line of a log and a cell of a page. */
#define REGION_TEXT_MAX_BYTES 400

/* A key of other characters is quoted in a path: where keys are names, a file may use anything. */
static bool
is_plain_key(const char *key)
{
	return *key != '\0' &&
	       strspn(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") ==
		   strlen(key);
}

/* Built from the outside in, and only for a fault: most fields never need their path. */
static const char *
path_of(const struct region_field *field)
{
	struct arena *arena = field->reader->arena;
	struct buf quoted = {0};
	const char *path;

	if (!field->parent)
		return "$";
	path = path_of(field->parent);
	if (!field->key)
		return arena_printf(arena, "%s[%zu]", path, field->index);
	if (is_plain_key(field->key))
		return arena_printf(arena, "%s.%s", path, field->key);
	buf_add_json_string(&quoted, slice_of(field->key));
	/* A long key is cut: the path is shown to people, not parsed. */
	path = arena_printf(arena, "%s[%.80s]", path, quoted.at);
	buf_free(&quoted);
	return path;
}

static void note(const struct region_field *field, bool warning, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

static void
note(const struct region_field *field, bool warning, const char *format, va_list args)
{
	struct region_reader *reader = field->reader;
	size_t *seen = warning ? &reader->nwarnings : &reader->nfaults;

	/* Counted beyond the most that are kept: the number says how much is wrong in all. */
	if ((*seen)++ >= REGION_FAULTS_MAX)
		return;
	*VEC_PUSH(reader->arena, &reader->faults) = (struct region_fault){
	    .path = path_of(field),
	    .detail = arena_vprintf(reader->arena, format, args),
	    .warning = warning,
	};
}

void
field_fault(const struct region_field *field, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	note(field, false, format, args);
	va_end(args);
}

void
field_warn(const struct region_field *field, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	note(field, true, format, args);
	va_end(args);
}

static bool
among(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(word, *words) == 0)
			return true;
	return false;
}

/* "a, b or c". */
static const char *
alternatives(struct arena *arena, const char *const *words)
{
	const char *text = "";
	size_t i;

	for (i = 0; words[i]; i++)
		text = arena_printf(arena, "%s%s%s", text,
		    i == 0         ? ""
		    : words[i + 1] ? ", "
				   : " or ",
		    words[i]);
	return text;
}

/* An object with unknown keys is still read, so that its other faults are found too. */
bool
field_object(const struct region_field *field, const char *const *known)
{
	const char *key;
	json_t *value;

	if (!json_is_object(field->json)) {
		field_fault(field, "must be an object {…}");
		return false;
	}
	json_object_foreach(field->json, key, value)
	{
		struct region_field member = field_get(field, key);

		/* An unknown key is a fault and not passed over: a misspelt "until" would leave the
		 * thing in force without end. */
		if (!among(key, known))
			field_fault(&member, "is not a known key; known here: %s",
			    alternatives(field->reader->arena, known));
	}
	return true;
}

/* A member that is missing is a field as well, without JSON: a fault can name its path. */
struct region_field
field_get(const struct region_field *object, const char *key)
{
	return (struct region_field){
	    .reader = object->reader,
	    .parent = object,
	    .key = key,
	    .json = json_object_get(object->json, key),
	};
}

struct region_field
field_at(const struct region_field *list, size_t index)
{
	return (struct region_field){
	    .reader = list->reader,
	    .parent = list,
	    .index = index,
	    .json = json_array_get(list->json, index),
	};
}

/* Whether ${field} is present; if not, and it is required, that is noted. A null is present, and of a wrong
 * type. */
static bool
is_there(const struct region_field *field, enum region_need need)
{
	if (field->json)
		return true;
	if (need == REGION_REQUIRED)
		field_fault(field, "is missing");
	return false;
}

size_t
field_list(const struct region_field *list, enum region_need need)
{
	if (!is_there(list, need))
		return 0;
	if (json_is_array(list->json))
		return json_array_size(list->json);
	field_fault(list, "must be a list […]");
	return 0;
}

/* One fault at most, so that a person sees one sentence for one mistake. */
const char *
field_own_text(const struct region_field *field)
{
	const char *text = json_string_value(field->json);

	if (!text)
		field_fault(field, "must be a text \"…\"");
	else if (slice_trim(slice_of(text)).len == 0)
		field_fault(field, "must not be empty");
	else if (json_string_length(field->json) > REGION_TEXT_MAX_BYTES)
		field_fault(field, "must not be longer than %d bytes", REGION_TEXT_MAX_BYTES);
	else if (!text_is_line(text))
		field_fault(
		    field, "must be one line without control characters or turns of direction");
	else
		return arena_strdup(field->reader->arena, text);
	return NULL;
}

const char *
field_text(const struct region_field *object, const char *key, enum region_need need)
{
	struct region_field field = field_get(object, key);

	return is_there(&field, need) ? field_own_text(&field) : NULL;
}

const char *
field_code(const struct region_field *object, const char *key)
{
	struct region_field field = field_get(object, key);
	const char *code = field_text(object, key, REGION_REQUIRED);

	/* No text was a fault already, and one mistake has one fault; so in all that follow. */
	if (!code || text_is_code(slice_of(code)))
		return code;
	if (object->reader->zones.synthetic && strcmp(code, CANARY_CODE) == 0)
		return code;
	field_fault(&field, REGION_CODE_RULE);
	return NULL;
}

/* A number is dialled by programs and by people who are in a hurry, so it must be complete, with
 * country code (E.164: 7 to 15 digits, none of them a leading zero). */
const char *
field_phone(const struct region_field *object, const char *key)
{
	struct region_field field = field_get(object, key);
	const char *phone = field_text(object, key, REGION_OPTIONAL);
	size_t digits = phone && *phone == '+' ? strspn(phone + 1, "0123456789") : 0;

	if (!phone)
		return NULL;
	/* The first digit is that of a country, which is never 0. */
	if (digits >= 7 && digits <= 15 && phone[digits + 1] == '\0' && phone[1] != '0')
		return phone;
	field_fault(&field, "must be a phone number in full, like \"+441632960123\"");
	return NULL;
}

const char *
field_choice(const struct region_field *object, const char *key, const char *const *choices)
{
	struct region_field field = field_get(object, key);
	const char *text = field_text(object, key, REGION_REQUIRED);

	if (!text || among(text, choices))
		return text;
	field_fault(&field, "must be one of %s", alternatives(object->reader->arena, choices));
	return NULL;
}

bool
field_bool(const struct region_field *object, const char *key)
{
	struct region_field field = field_get(object, key);

	if (field.json && !json_is_boolean(field.json))
		field_fault(&field, "must be true or false");
	return json_is_true(field.json);
}

int32_t
field_int(const struct region_field *object, const char *key, enum region_need need,
    struct field_range range)
{
	struct region_field field = field_get(object, key);
	json_int_t value = json_integer_value(field.json);

	if (!is_there(&field, need))
		return range.otherwise;
	/* JSON numbers such as 1.0 and 1e3 are no integers here. */
	if (json_is_integer(field.json) && value >= range.min && value <= range.max)
		return (int32_t)value;
	field_fault(&field, "must be a whole number from %d to %d", range.min, range.max);
	return range.otherwise;
}

/* 24:00 is allowed, because hours end then. */
int32_t
field_time(const struct region_field *object, const char *key)
{
	struct region_field field = field_get(object, key);
	const char *text = field_text(object, key, REGION_REQUIRED);
	int64_t hour, minute;

	if (!text)
		return -1;
	if (strlen(text) == 5 && text[2] == ':' &&
	    text_int((struct slice){text, 2}, 0, 24, &hour) &&
	    text_int((struct slice){text + 3, 2}, 0, 59, &minute) && hour * 60 + minute <= 1440)
		return (int32_t)(hour * 3600 + minute * 60);
	field_fault(&field, "must be a time of day from \"00:00\" to \"24:00\"");
	return -1;
}

bool
field_own_day(const struct region_field *field, int64_t *day)
{
	const char *text = field_own_text(field);

	if (!text)
		return false;
	if (civil_parse_day(slice_of(text), day))
		return true;
	field_fault(field, "must be a day that exists, like \"2027-04-01\"");
	return false;
}

int64_t
field_day(
    const struct region_field *object, const char *key, enum region_need need, int64_t otherwise)
{
	struct region_field field = field_get(object, key);
	int64_t day;

	return is_there(&field, need) && field_own_day(&field, &day) ? day : otherwise;
}

const char *const *
field_texts(const struct region_field *object, const char *key)
{
	struct region_field list = field_get(object, key);
	size_t count = field_list(&list, REGION_OPTIONAL), i, n = 0;
	const char **texts = arena_array(object->reader->arena, count + 1, sizeof *texts);

	for (i = 0; i < count; i++) {
		struct region_field item = field_at(&list, i);
		const char *text = field_own_text(&item);

		/* Twice is a slip: probably another one was meant. */
		if (text && among(text, texts))
			field_fault(&item, "stands in this list twice");
		else if (text)
			/* The array was filled with NULL, so it is terminated at each step. */
			texts[n++] = text;
	}
	return texts;
}

uint32_t
field_own_ref(const struct region_field *field, const struct table *table, const char *what)
{
	const char *code = field_own_text(field);
	uint32_t index = code ? table_get(table, code) : TABLE_NONE;

	if (code && index == TABLE_NONE)
		field_fault(field, "there is no %s \"%s\"", what, code);
	return index == TABLE_NONE ? REGION_NONE : index;
}

uint32_t
field_ref(const struct region_field *object, const char *key, enum region_need need,
    const struct table *table, const char *what)
{
	struct region_field field = field_get(object, key);

	return is_there(&field, need) ? field_own_ref(&field, table, what) : REGION_NONE;
}

/* A linear search: such lists have a few items. */
static bool
holds(const uint32_t *items, uint32_t count, uint32_t index)
{
	for (; count > 0; count--)
		if (items[count - 1] == index)
			return true;
	return false;
}

struct region_list
field_refs(const struct region_field *object, const char *key, enum region_need need,
    const struct table *table, const char *what)
{
	struct region_field list = field_get(object, key);
	size_t count = field_list(&list, need), i;
	uint32_t *items = arena_array(object->reader->arena, count, sizeof *items), n = 0;

	for (i = 0; i < count; i++) {
		struct region_field item = field_at(&list, i);
		uint32_t index = field_own_ref(&item, table, what);

		/* Left out after its fault, so that no list has a gap in it. */
		if (index == REGION_NONE)
			continue;
		if (holds(items, n, index))
			field_fault(&item, "stands in this list twice");
		else
			items[n++] = index;
	}
	return (struct region_list){.items = items, .count = n};
}
