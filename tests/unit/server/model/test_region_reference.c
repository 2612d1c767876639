/* SPDX-License-Identifier: MIT */
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/unit/server/model/region_text.h"

/*
 * docs/region.md lists every key of a region file, each with an example. Here the examples are read
 * with the reader itself, and the keys that it lists are compared with those that the reader knows:
 * an unknown key is put into every object of the examples, and the fault names the known ones. Each
 * value of the examples is changed in turn, and the comparison of set-ups must tell of it.
 */

#define UNKNOWN "zz"
enum { LINE_MAX_BYTES = 1024, EXAMPLE_MAX_BYTES = 16384, PATH_MAX_BYTES = 160 };

struct reference {
	json_t *listed, *known, *shown; /* sets: "$.rotas[].source url" */
	json_t *base;                   /* the first example, a whole region */
	unsigned examples;
	unsigned altered, unchanged; /* values of examples, and those whose change was not seen */
};

static void
put(json_t *set, const char *path, const char *key)
{
	char name[2 * PATH_MAX_BYTES];

	assert_in_range(snprintf(name, sizeof name, "%s %s", path, key), 1, sizeof name - 1);
	json_object_set_new(set, name, json_true());
}

/* "$.rotas[3].reading.shift_codes.LD" as the page writes it: "$.rotas[].reading.shift_codes.CODE". */
static void
normalise(const char *path, char out[PATH_MAX_BYTES])
{
	static const char codes[] = ".shift_codes.";
	size_t used = 0;
	char *code;

	for (; *path != '\0' && used < PATH_MAX_BYTES - 8; path++)
		if (*path < '0' || *path > '9' || used == 0 || out[used - 1] != '[')
			out[used++] = *path;
	out[used] = '\0';
	code = strstr(out, codes);
	if (code != NULL)
		snprintf(code + strlen(codes),
		    PATH_MAX_BYTES - (size_t)(code - out) - strlen(codes), "CODE");
}

/* ---------------------------------------------------------------------------- the examples */

static const char *
name_of(const json_t *item)
{
	static const char *const keys[] = {"code", "id", "name"};

	for (size_t i = 0; i < 3; i++)
		if (json_is_string(json_object_get(item, keys[i])))
			return json_string_value(json_object_get(item, keys[i]));
	return "";
}

static void
merge_item(json_t *list, json_t *item)
{
	size_t i;
	json_t *other;

	json_array_foreach(list, i, other)
	{
		if (strcmp(name_of(other), name_of(item)) == 0) {
			json_array_set(list, i, item);
			return;
		}
	}
	json_array_append(list, item);
}

static json_t *
merge(const json_t *base, json_t *example)
{
	json_t *whole = json_deep_copy(base), *value, *item;
	const char *key;
	size_t i;

	json_object_foreach(example, key, value)
	{
		json_t *list = json_object_get(whole, key);

		if (!json_is_array(list) || !json_is_array(value)) {
			json_object_set(whole, key, value);
			continue;
		}
		json_array_foreach(value, i, item)
		{
			merge_item(list, item);
		}
	}
	return whole;
}

/* Notes every key of every object in ${value}, and puts the unknown key into each. */
static void
walk(struct reference *reference, json_t *value, const char *path)
{
	char below[PATH_MAX_BYTES], as_written[PATH_MAX_BYTES];
	const char *key;
	json_t *item;
	size_t i;

	json_array_foreach(value, i, item)
	{
		snprintf(below, sizeof below, "%s[]", path);
		walk(reference, item, below);
	}
	json_object_foreach(value, key, item)
	{
		snprintf(below, sizeof below, "%s.%s", path, key);
		normalise(path, as_written);
		put(reference->shown, as_written, key);
		walk(reference, item, below);
	}
	if (json_is_object(value))
		json_object_set_new(value, UNKNOWN, json_true());
}

static bool
read_json(struct arena *arena, const json_t *whole, struct region_faults *faults)
{
	const struct region *region;
	char *text = json_dumps(whole, JSON_COMPACT);
	enum status st = region_read(arena, slice_of(text), region_text_zones(), &region, faults);

	free(text);
	return st == STATUS_OK;
}

/* "… known here: a, b or c". */
static void
note_known(struct reference *reference, const char *path, const char *detail)
{
	const char *at = strstr(detail, "known here: ");
	char words[LINE_MAX_BYTES], *rest, *word;

	if (at == NULL)
		return;
	snprintf(words, sizeof words, "%s", at + strlen("known here: "));
	for (word = strtok_r(words, " ,", &rest); word; word = strtok_r(NULL, " ,", &rest))
		if (strcmp(word, "or") != 0)
			put(reference->known, path, word);
}

static void
ask_the_reader(struct reference *reference, const struct region_faults *faults)
{
	for (size_t i = 0; i < faults->count; i++) {
		const char *path = faults->items[i].path;
		size_t len = strlen(path), own = strlen("." UNKNOWN);
		char object[PATH_MAX_BYTES], as_written[PATH_MAX_BYTES];

		if (len < own || strcmp(path + len - own, "." UNKNOWN) != 0)
			continue;
		snprintf(object, sizeof object, "%.*s", (int)(len - own), path);
		normalise(object, as_written);
		note_known(reference, as_written, faults->items[i].detail);
	}
}

/* ------------------------------------------------------------------------ what a value counts */

/* Strings that may replace another, if the reader takes them. */
static const char *const others[] = {"sat", "high", "critical", "auditor", "commissioner",
    "hospital", "nhs_trust", "typed", "person", "device", "scotland", "night", "absence", "mdy",
    "nothing", "away", "team", "Europe/London"};

struct values {
	struct reference *reference;
	struct arena *arena;
	const json_t *whole;
	const struct region *before;
};

static const struct region *
region_of(struct arena *arena, const json_t *whole)
{
	const struct region *region = NULL;
	struct region_faults faults = {0};
	char *text = json_dumps(whole, JSON_COMPACT);
	enum status st = region_read(arena, slice_of(text), region_text_zones(), &region, &faults);

	free(text);
	return st == STATUS_OK ? region : NULL;
}

/* ${whole} has another value at ${path} than before: if it is read at all, it is another set-up. */
static void
expect_change(struct values *values, const char *path)
{
	struct region_changes changes = {0};
	const struct region *after = region_of(values->arena, values->whole);

	if (after == NULL)
		return;
	values->reference->altered++;
	region_compare(values->arena, values->before, after, &changes);
	if (changes.count > 0)
		return;
	print_error("%s: another value is no change\n", path);
	values->reference->unchanged++;
}

/* The ${n}-th other value for ${value}; NULL: there are no more. */
static json_t *
altered(const json_t *value, size_t n)
{
	char text[512];
	size_t len;

	if (json_is_integer(value))
		return n < 2 ? json_integer(json_integer_value(value) + (n == 0 ? 1 : -1)) : NULL;
	if (json_is_boolean(value))
		return n < 1 ? json_boolean(!json_is_true(value)) : NULL;
	if (!json_is_string(value) || n >= 2 + sizeof others / sizeof *others)
		return NULL;
	if (n >= 2)
		return json_string(others[n - 2]);
	snprintf(text, sizeof text - 1, "%s", json_string_value(value));
	len = strlen(text);
	if (n == 1 || len == 0)
		strcat(text, "x");
	else if (text[len - 1] >= '0' && text[len - 1] <= '9')
		text[len - 1] = text[len - 1] == '9' ? '8' : (char)(text[len - 1] + 1);
	return json_string(text);
}

static void alter_each(struct values *values, json_t *value, const char *path);

/* One member of ${parent}, by its name, or of an array by its place. */
static void
alter(struct values *values, json_t *parent, const char *key, size_t place, const char *path)
{
	json_t *value = key ? json_object_get(parent, key) : json_array_get(parent, place), *other;

	json_incref(value);
	alter_each(values, value, path);
	for (size_t n = 0; (other = altered(value, n)) != NULL; n++) {
		if (json_equal(other, value)) {
			json_decref(other);
			continue;
		}
		if (key != NULL)
			json_object_set_new(parent, key, other);
		else
			json_array_set_new(parent, place, other);
		expect_change(values, path);
	}
	if (key != NULL)
		json_object_set_new(parent, key, value);
	else
		json_array_set_new(parent, place, value);
}

static void
alter_each(struct values *values, json_t *value, const char *path)
{
	char below[PATH_MAX_BYTES];
	const char *key;
	json_t *item, *last;
	size_t i;

	json_object_foreach(value, key, item)
	{
		snprintf(below, sizeof below, "%s.%s", path, key);
		/* It says where a thing comes from, and is nothing of the thing. */
		if (strcmp(key, "renamed_from") != 0)
			alter(values, value, key, 0, below);
	}
	json_array_foreach(value, i, item)
	{
		snprintf(below, sizeof below, "%s[%zu]", path, i);
		alter(values, value, NULL, i, below);
	}
	if (json_array_size(value) == 0)
		return;
	last = json_incref(json_array_get(value, json_array_size(value) - 1));
	json_array_remove(value, json_array_size(value) - 1);
	expect_change(values, path);
	json_array_append_new(value, last);
}

/* Every value of ${example}, which is part of ${whole}, counts: a dry run that does not tell of it,
 * and a file that is taken for the one in force, would leave it out silently. */
static void
every_value_counts(struct reference *reference, json_t *whole, json_t *example)
{
	struct arena *arena = arena_new(0);
	struct values values = {reference, arena, whole, region_of(arena, whole)};
	char path[PATH_MAX_BYTES];
	const char *key;
	json_t *value, *item;
	size_t i;

	/* The whole has lists of its own, and the items and objects of the example. */
	json_object_foreach(example, key, value)
	{
		snprintf(path, sizeof path, "$.%s", key);
		if (json_is_object(value))
			alter_each(&values, value, path);
		else if (!json_is_array(value))
			alter(&values, whole, key, 0, path);
		json_array_foreach(value, i, item)
		{
			snprintf(path, sizeof path, "$.%s[%zu]", key, i);
			alter_each(&values, item, path);
		}
	}
	arena_free(arena);
}

static void
take_example(struct reference *reference, const char *text)
{
	struct arena *arena = arena_new(0);
	struct region_faults faults;
	json_t *example = json_loads(text, JSON_REJECT_DUPLICATES, NULL), *whole;

	reference->examples++;
	if (example == NULL)
		fail_msg("an example is not JSON: %.80s", text);
	if (reference->base == NULL)
		reference->base = json_deep_copy(example);
	whole = merge(reference->base, example);
	if (!read_json(arena, whole, &faults))
		fail_msg("an example is refused: %s %s: %.80s", faults.items[0].path,
		    faults.items[0].detail, text);
	every_value_counts(reference, whole, example);
	walk(reference, example, "$");
	json_decref(whole);
	whole = merge(reference->base, example);
	assert_false(read_json(arena, whole, &faults));
	ask_the_reader(reference, &faults);
	json_decref(whole);
	json_decref(example);
	arena_free(arena);
}

/* -------------------------------------------------------------------------------- the page */

/* Every `word` of the row's first cell is a key of the object at ${path}. */
static void
take_row(struct reference *reference, const char *path, const char *line)
{
	const char *end = strchr(line + 1, '|'), *at = strchr(line, '`');

	while (at != NULL && at < end) {
		const char *close = strchr(at + 1, '`');
		char key[64];

		assert_non_null(close);
		snprintf(key, sizeof key, "%.*s", (int)(close - at - 1), at + 1);
		put(reference->listed, path, key);
		at = strchr(close + 1, '`');
	}
}

/* The last `$…` of a line is the object that the next table is about. */
static void
take_path(const char *line, char path[PATH_MAX_BYTES])
{
	for (const char *at = strstr(line, "`$"); at != NULL; at = strstr(at + 1, "`$"))
		snprintf(path, PATH_MAX_BYTES, "%.*s", (int)strcspn(at + 1, "`"), at + 1);
}

static void
read_page(struct reference *reference)
{
	FILE *page = fopen(SOURCE_ROOT "/docs/region.md", "r");
	char line[LINE_MAX_BYTES], example[EXAMPLE_MAX_BYTES] = "", path[PATH_MAX_BYTES] = "";
	bool in_example = false, in_table = false;

	assert_non_null(page);
	while (fgets(line, sizeof line, page) != NULL) {
		if (in_example && strncmp(line, "```", 3) == 0)
			take_example(reference, example);
		if (in_example && strncmp(line, "```", 3) != 0)
			strncat(example, line, sizeof example - strlen(example) - 1);
		if (!in_example)
			example[0] = '\0';
		in_example =
		    in_example ? strncmp(line, "```", 3) != 0 : strncmp(line, "```json", 7) == 0;
		in_table = line[0] == '|' && (in_table || strncmp(line, "| key |", 7) == 0);
		if (in_table && strncmp(line, "| `", 3) == 0)
			take_row(reference, path, line);
		else if (!in_table && !in_example)
			take_path(line, path);
	}
	fclose(page);
}

/* -------------------------------------------------------------------------------- the test */

/* Every "path key" of ${these} is in ${those}; ${why} says what is wrong with one that is not. */
static unsigned
missing(const json_t *these, const json_t *those, const char *why)
{
	unsigned count = 0;
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)these, name, value)
	{
		if (json_object_get(those, name) != NULL)
			continue;
		print_error("docs/region.md: %s %s\n", name, why);
		count++;
	}
	return count;
}

/* The reader takes this key out before it reads an item, so it is in no list of known keys. */
static void
add_renamed_from(struct reference *reference)
{
	static const char *const sections[] = {"organisations", "functions", "places", "people",
	    "services", "rotas", "requirements", "accounts", "areas", "navigators"};
	char path[PATH_MAX_BYTES];

	for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
		snprintf(path, sizeof path, "$.%s[]", sections[i]);
		put(reference->known, path, "renamed_from");
	}
}

static void
every_key_is_listed_with_an_example_and_its_value_counts(void **state)
{
	struct reference reference = {json_object(), json_object(), json_object(), NULL, 0, 0, 0};
	unsigned faults;

	(void)state;
	read_page(&reference);
	add_renamed_from(&reference);
	assert_true(reference.examples > 10);
	assert_true(json_object_size(reference.known) > 100);
	faults = missing(reference.known, reference.listed, "is known to the reader, not listed");
	faults += missing(reference.listed, reference.known, "is listed, not known to the reader");
	faults += missing(reference.known, reference.shown, "has no example");
	json_decref(reference.listed);
	json_decref(reference.known);
	json_decref(reference.shown);
	json_decref(reference.base);
	assert_int_equal(faults, 0);
	assert_true(reference.altered > 300);
	assert_int_equal(reference.unchanged, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_key_is_listed_with_an_example_and_its_value_counts),
	};

	return cmocka_run_group_tests_name("region reference", tests, NULL, NULL);
}
