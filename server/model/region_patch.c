/* SPDX-License-Identifier: MIT */
#include "server/model/region_patch.h"

#include <string.h>

#include "server/model/region_compare.h"
#include "server/model/region_keys.h"
#include "server/model/region_parts.h"
#include "server/model/region_people.h"

/*
 * The keys of each kind that make no difference to how any other object is read, and from which
 * nothing is derived: neither demands nor who serves what. A key belongs here only if that is so;
 * test_region_patch.c compares each with the whole file.
 */
#define BUT_WHO_COUNTS                                                                             \
	"count, team_counts, tolerance_minutes, hours, severity, owner, deputy, commissioner, "    \
	"commissioners, alerts, handover_minutes, role, pack, confirmed"
static const char *const own_keys[REGION_KINDS] = {
    [REGION_KIND_ORGANISATION] = "name, kind",
    [REGION_KIND_FUNCTION] = "name",
    [REGION_KIND_PLACE] = "switchboard, first, public_card, research",
    [REGION_KIND_PERSON] = "name, aliases, former_names, work_phone",
    [REGION_KIND_SERVICE] = "name, phone, fallback, self_referral",
    [REGION_KIND_ROTA] = "source, reading",
    [REGION_KIND_REQUIREMENT] = BUT_WHO_COUNTS ", max_share, approvers",
    [REGION_KIND_ACCOUNT] = "kind, role, organisation, places",
    [REGION_KIND_AREA] = "name, kind, also",
    [REGION_KIND_NAVIGATOR] =
	"name, kind, organisation, for, address, functions, hours, walk_in, self_referral, from, until",
};

struct patching {
	struct arena *arena;
	const struct region *before;
	const struct region_patch *patch;
	json_t *item;
	uint32_t index;
	struct region_reader reader; /* of the region that is to be */
};

/* Whether ${item} says of its former codes what the set-up knows of them. */
static bool
same_formers(const struct patching *p, const char *code)
{
	const char *const *codes =
	    region_codes(p->arena, p->before, p->patch->kind->kind, code) + 1;
	const json_t *said = json_object_get(p->item, "renamed_from");
	size_t i;

	if (json_is_string(said))
		return *codes != NULL && strcmp(*codes, json_string_value(said)) == 0 &&
		       codes[1] == NULL;
	if (said != NULL && !json_is_array(said))
		return false;
	for (i = 0; i < json_array_size(said) && codes[i] != NULL; i++) {
		const char *was = json_string_value(json_array_get(said, i));

		if (was == NULL || strcmp(was, codes[i]) != 0)
			return false;
	}
	return i == json_array_size(said) && codes[i] == NULL;
}

/* Finds the object that ${item} replaces. False: there is none that has its code now. */
static bool
find(struct patching *p)
{
	const struct region_kind *kind = p->patch->kind;
	const char *code = json_string_value(json_object_get(p->item, kind->id));

	if (code == NULL)
		return false;
	p->index = region_kind_find(kind, p->before, code);
	return p->index != TABLE_NONE &&
	       strcmp(region_kind_code(kind, p->before, p->index), code) == 0 &&
	       same_formers(p, code);
}

/* A copy of the array of the kind, for ${region}. Answers where the object is in it. */
static void *
copy_items(const struct patching *p, struct region *region)
{
	const struct region_kind *kind = p->patch->kind;
	size_t bytes = region_kind_count(kind, p->before) * kind->size;
	const void *from;
	char *items;

	memcpy(&from, (const char *)p->before + kind->items_at, sizeof from);
	items = arena_copy(p->arena, from, bytes);
	memcpy((char *)region + kind->items_at, &items, sizeof items);
	return items + p->index * kind->size;
}

static void *
copy_person(const struct patching *p, struct region *region)
{
	struct region_person *person =
	    arena_copy(p->patch->texts, region_person(region, p->index), sizeof *person);
	struct region_people_put put = {p->index, person};

	region->people = region_people_with(
	    p->arena, p->patch->texts, p->before, &(struct region_people_puts){&put, 1});
	return person;
}

/* A region like ${before} whose object is its own. Answers the object. */
static void *
copy_region(struct patching *p)
{
	struct region *region = arena_alloc(p->arena, sizeof *region);

	*region = *p->before;
	p->reader.region = region;
	return p->patch->kind == &region_kinds[REGION_KIND_PERSON] ? copy_person(p, region)
								   : copy_items(p, region);
}

/* What is derived from more than the object. None of the keys above has to do with it. */
static void
keep_derived(const struct patching *p, void *item, const void *was)
{
	struct region_function *function = item;
	struct region_place *place = item;
	struct region_service *service = item;
	struct region_rota *rota = item;

	switch (p->patch->kind - region_kinds) {
	case REGION_KIND_FUNCTION:
		function->rotas = ((const struct region_function *)was)->rotas;
		function->holders = ((const struct region_function *)was)->holders;
		function->approved = ((const struct region_function *)was)->approved;
		break;
	case REGION_KIND_PLACE:
		place->demands = ((const struct region_place *)was)->demands;
		place->services = ((const struct region_place *)was)->services;
		place->navigators = ((const struct region_place *)was)->navigators;
		break;
	case REGION_KIND_SERVICE:
		service->rotas = ((const struct region_service *)was)->rotas;
		break;
	case REGION_KIND_ROTA:
		if (rota->service != REGION_NONE)
			rota->organisation = p->before->services[rota->service].organisation;
		break;
	default:
		break;
	}
}

/* Reads the object into its place; what is read of it lives in the arena of texts. */
static void
read_object(struct patching *p, const struct region_field *root, void *item)
{
	const struct region_kind *kind = p->patch->kind;
	struct region_field list = field_get(root, kind->list);
	struct region_field field = field_at(&list, p->index);
	void *was = arena_copy(p->arena, item, kind->size);

	memset(item, 0, kind->size);
	memcpy(item, was, sizeof(const char *)); /* its code, the first member of each kind */
	field.json = p->item;
	json_object_del(p->item, "renamed_from");
	region_part_readers[kind - region_kinds](&field, item);
	keep_derived(p, item, was);
}

/* Another kind of source makes other things of a rota than its address does. */
static bool
keeps_its_kind_of_source(const struct patching *p)
{
	return p->patch->kind != &region_kinds[REGION_KIND_ROTA] ||
	       p->before->rotas[p->index].source == p->reader.region->rotas[p->index].source;
}

/* A person whose number a ladder or a navigator gives is a fault of that one. */
static bool
is_told_by_another(const struct patching *p)
{
	return p->patch->kind == &region_kinds[REGION_KIND_PERSON] &&
	       (region_ladders_tell(p->reader.region, p->index) ||
		   region_navigators_tell(p->reader.region, p->index));
}

/* Two objects may have to do with a third in more than one way. */
static void
drop_repeated(struct region_reader *reader)
{
	size_t kept = 0;

	for (size_t i = 0; i < reader->faults.count; i++) {
		const struct region_fault *fault = &reader->faults.items[i];
		bool again = false;

		for (size_t j = 0; j < kept && !again; j++)
			again = strcmp(reader->faults.items[j].path, fault->path) == 0 &&
				strcmp(reader->faults.items[j].detail, fault->detail) == 0;
		if (!again)
			reader->faults.items[kept++] = *fault;
	}
	reader->faults.count = kept;
}

/* Who may count for a requirement may say who counts for a bundle at the same place. */
static bool
limits_a_bundle(const struct patching *p, const char *keys)
{
	return p->patch->kind == &region_kinds[REGION_KIND_REQUIREMENT] &&
	       !region_keys_all(BUT_WHO_COUNTS, keys) &&
	       region_needs_depend(p->reader.region, p->index);
}

static enum region_patched
patch(struct patching *p, struct region_patch_made *out, struct region_faults *faults)
{
	const struct region_kind *kind = p->patch->kind;
	struct region_field root = {.reader = &p->reader};
	const char *keys;

	if (!find(p))
		return REGION_PATCH_WHOLE;
	read_object(p, &root, copy_region(p));
	keys = region_compare_keys(p->arena, kind, p->before, p->reader.region, p->index);
	if (!region_keys_all(own_keys[kind - region_kinds], keys) || !keeps_its_kind_of_source(p) ||
	    is_told_by_another(p) || limits_a_bundle(p, keys))
		return REGION_PATCH_WHOLE;
	if (p->reader.nfaults == 0)
		region_warn_touched(&root, kind, p->index);
	drop_repeated(&p->reader);
	*faults = (struct region_faults){p->reader.faults.items, p->reader.faults.count};
	if (p->reader.nfaults > 0)
		return REGION_PATCH_FAULTY;
	*out = (struct region_patch_made){p->reader.region, p->index, keys};
	return REGION_PATCHED;
}

enum region_patched
region_patch(struct arena *arena, const struct region *before, const struct region_patch *said,
    struct region_patch_made *out, struct region_faults *faults)
{
	struct patching p = {
	    .arena = arena,
	    .before = before,
	    .patch = said,
	    .item = json_loadb(said->item.at, said->item.len, JSON_REJECT_DUPLICATES, NULL),
	    .reader = {.arena = said->texts, .zones = said->zones},
	};
	enum region_patched patched =
	    json_is_object(p.item) ? patch(&p, out, faults) : REGION_PATCH_WHOLE;

	json_decref(p.item);
	return patched;
}
