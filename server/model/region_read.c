/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/model/region_kind.h"
#include "server/model/region_parts.h"
#include "server/model/region_people.h"

/* The reader of one object of each kind. */
region_part_fn *const region_part_readers[REGION_KINDS] = {
    [REGION_KIND_ORGANISATION] = region_organisation_read,
    [REGION_KIND_FUNCTION] = region_function_read,
    [REGION_KIND_PLACE] = region_place_read,
    [REGION_KIND_PERSON] = region_person_read,
    [REGION_KIND_SERVICE] = region_service_read,
    [REGION_KIND_ROTA] = region_rota_read,
    [REGION_KIND_REQUIREMENT] = region_requirement_read,
    [REGION_KIND_ACCOUNT] = region_account_read,
    [REGION_KIND_AREA] = region_area_read,
    [REGION_KIND_NAVIGATOR] = region_navigator_read,
};

static const char *const root_keys[] = {"crisiscover", "practice", "time_zone", "bank_holidays",
    "organisations", "functions", "places", "people", "services", "rotas", "requirements",
    "accounts", "areas", "navigators", NULL};

/* "/v1/rotas/x.ics" is the calendar of rota x: a rota "x.ics" could never be asked for by its own code. So it is
 * for codes of every kind, since any may be given a calendar. */
static bool
is_of_calendar(const struct region_field *field, const char *code)
{
	size_t len = strlen(code), suffix = strlen(".ics");

	if (len < suffix || strcmp(code + len - suffix, ".ics") != 0)
		return false;
	field_fault(field, "must not end in .ics, as the addresses of calendars do");
	return true;
}

/* Gives every object of a kind its index and its id, so that references find it. Every struct
 * begins with its id. Two passes, because a thing may refer to another that comes later in the
 * file: first every id gets an index, then everything is read. */
static void *
declare(const struct region_field *root, const struct region_kind *kind)
{
	struct region *region = root->reader->region;
	struct arena *arena = root->reader->arena;
	struct region_field list = field_get(root, kind->list);
	size_t count = field_list(&list, REGION_OPTIONAL), i;
	char *items = arena_array(arena, count, kind->size);
	struct table *table = (struct table *)(void *)((char *)region + kind->table_at);

	table_init(table, arena, count);
	for (i = 0; i < count; i++) {
		struct region_field item = field_at(&list, i);
		struct region_field id = field_get(&item, kind->id);
		const char *code;

		if (!json_is_object(item.json))
			continue; /* a fault of the item, noted when it is read */
		code = field_code(&item, kind->id);
		/* References to it still find it: one mistake has one fault. */
		if (code)
			is_of_calendar(&id, code);
		if (code && table_put(table, arena, code, (uint32_t)i) != TABLE_NONE)
			field_fault(&id, "there is another %s \"%s\"", kind->kind, code);
		/* The kinds differ in size only; the id is the first member of each. */
		memcpy(items + i * kind->size, &code, sizeof code);
	}
	*(uint32_t *)(void *)((char *)region + kind->count_at) = (uint32_t)count;
	if (kind == &region_kinds[REGION_KIND_PERSON])
		region->people = region_people_over(arena, (const void *)items, (uint32_t)count);
	else
		memcpy((char *)region + kind->items_at, &items, sizeof items);
	return items;
}

/* Adds a former code of ${item}, so that references find it. A code is never used again, so it must
 * not be the code of another thing. */
static void
declare_former(const struct region_field *field, const struct region_kind *kind, uint32_t index,
    const char *code, const char *was)
{
	struct region_reader *reader = field->reader;
	struct table *table = (struct table *)(void *)((char *)reader->region + kind->table_at);
	uint32_t other;

	if (was == NULL || code == NULL)
		return;
	if (!text_is_code(slice_of(was))) {
		field_fault(field, "must be a code: letters, digits, '.', '_' and '-'");
		return;
	}
	if (is_of_calendar(field, was))
		return;
	/* Into the same table as codes in force, so that references by a former code find the
	 * thing. */
	other = table_put(table, reader->arena, was, index);
	if (other != TABLE_NONE) {
		field_fault(field,
		    "\"%s\" stands for %s %s in this file: a code is never used again", was,
		    other == index ? "this very" : "another", kind->kind);
		return;
	}
	*VEC_PUSH(reader->arena, &reader->formers) = (struct region_former){kind->kind, code, was};
}

/* Reads "renamed_from" of every item: a code, or a list of codes. Removes it from the item, so that
 * the readers of the parts need not know it. */
static void
declare_formers(const struct region_field *root, const struct region_kind *kind, const char *items)
{
	struct region_field list = field_get(root, kind->list);

	for (size_t i = 0; i < json_array_size(list.json); i++) {
		struct region_field item = field_at(&list, i);
		struct region_field former = field_get(&item, "renamed_from");
		size_t count = 0;
		const char *code;

		if (former.json == NULL)
			continue;
		memcpy(&code, items + i * kind->size, sizeof code);
		if (json_is_string(former.json))
			declare_former(&former, kind, (uint32_t)i, code, field_own_text(&former));
		else
			count = field_list(&former, REGION_REQUIRED);
		for (size_t j = 0; j < count; j++) {
			struct region_field one = field_at(&former, j);

			declare_former(&one, kind, (uint32_t)i, code, field_own_text(&one));
		}
		/* The item is a part of the document that was parsed for this call alone. */
		json_object_del(item.json, "renamed_from");
	}
}

/* A list that is no list has been noted by declare(); its size is 0 here. */
static void
read_section(const struct region_field *root, const struct region_kind *kind, char *items)
{
	struct region_field list = field_get(root, kind->list);
	size_t i;

	for (i = 0; i < json_array_size(list.json); i++) {
		struct region_field item = field_at(&list, i);

		region_part_readers[kind - region_kinds](&item, items + i * kind->size);
	}
}

static void
read_root(const struct region_field *root)
{
	struct region_reader *reader = root->reader;
	struct region_field version = field_get(root, "crisiscover");
	struct region_field zone = field_get(root, "time_zone");
	const char *name;

	if (json_integer_value(version.json) != 1)
		field_fault(&version, "must be 1, the version of this format");
	name = field_text(root, "time_zone", REGION_OPTIONAL);
	reader->region->time_zone = name ? name : "Europe/London";
	if (name && !reader->zones.known(reader->zones.ctx, name))
		field_fault(&zone, "there is no time zone \"%s\"", name);
	reader->region->practice = field_bool(root, "practice");
	region_holidays_read(root);
}

static void
read_file(const struct region_field *root)
{
	void *items[REGION_KINDS];
	size_t i;

	if (!field_object(root, root_keys))
		return;
	read_root(root);
	for (i = 0; i < REGION_KINDS; i++)
		items[i] = declare(root, &region_kinds[i]);
	/* After all codes in force: a former code must be none of theirs, wherever they are. */
	for (i = 0; i < REGION_KINDS; i++)
		declare_formers(root, &region_kinds[i], items[i]);
	root->reader->region->formers = root->reader->formers.items;
	root->reader->region->nformers = (uint32_t)root->reader->formers.count;
	for (i = 0; i < REGION_KINDS; i++)
		read_section(root, &region_kinds[i], items[i]);
	if (root->reader->nfaults > 0)
		return; /* faults of a set-up that is only half read would be noise */
	region_successors_check(root);
	region_life_check(root);
	region_ladders_check(root);
	region_needs_check(root);
	region_navigators_check(root);
	region_derive(root, &(struct region_drafts){
				.functions = items[REGION_KIND_FUNCTION],
				.places = items[REGION_KIND_PLACE],
				.services = items[REGION_KIND_SERVICE],
				.rotas = items[REGION_KIND_ROTA],
			    });
}

/* A file that is not JSON has no paths, so the fault names line and column. */
static void
note_syntax(struct region_reader *reader, const json_error_t *error)
{
	*VEC_PUSH(reader->arena, &reader->faults) = (struct region_fault){
	    .path = arena_printf(reader->arena, "line %d, column %d", error->line, error->column),
	    .detail = arena_printf(reader->arena, "this is not well-formed JSON: %s", error->text),
	};
	reader->nfaults++;
}

static bool
zone_known(const void *zonedb, const char *name)
{
	return zonedb_find(zonedb, name) != NULL;
}

struct region_zones
region_zones_of(const struct zonedb *zonedb)
{
	return (struct region_zones){.known = zone_known, .ctx = zonedb};
}

enum status
region_read(struct arena *arena, struct slice json, struct region_zones zones,
    const struct region **out, struct region_faults *faults)
{
	struct region_reader reader = {
	    .arena = arena,
	    .region = arena_alloc(arena, sizeof(struct region)),
	    .zones = zones,
	};
	struct region_field root = {.reader = &reader};
	json_error_t error;

	/* A key that occurs twice would be read as one value here and as another elsewhere. */
	root.json = json_loadb(json.at, json.len, JSON_REJECT_DUPLICATES, &error);
	if (root.json)
		read_file(&root);
	else
		note_syntax(&reader, &error);
	json_decref(root.json);
	faults->items = reader.faults.items;
	faults->count = reader.faults.count;
	/* Warnings do not refuse a file. */
	if (reader.nfaults > 0)
		return STATUS_MALFORMED;
	*out = reader.region;
	return STATUS_OK;
}
