/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/model/region_parts.h"

/* Who commissions a requirement: one in "commissioner", or several with their shares in "commissioners". */

#define PER_CENT 100
#define PARTS_MAX 1000

/* "1/3" */
static bool
read_parts(const char *text, struct region_commissioner *out)
{
	const char *slash = strchr(text, '/');
	int64_t share, of;

	if (slash == NULL ||
	    !text_int((struct slice){text, (size_t)(slash - text)}, 1, PARTS_MAX, &share) ||
	    !text_int(slice_of(slash + 1), 1, PARTS_MAX, &of) || share > of)
		return false;
	out->share = (int32_t)share;
	out->of = (int32_t)of;
	return true;
}

static void
read_share(const struct region_field *item, struct region_commissioner *out)
{
	struct region_field share = field_get(item, "share");
	json_int_t per_cent = json_integer_value(share.json);

	out->share = out->of = 0;
	if (json_is_integer(share.json) && per_cent >= 1 && per_cent <= PER_CENT) {
		out->share = (int32_t)per_cent;
		out->of = PER_CENT;
	} else if (!json_is_string(share.json) || !read_parts(json_string_value(share.json), out)) {
		field_fault(&share,
		    "must be a whole number of per cent, 1 to %d, or parts such as \"1/3\", of at most %d",
		    PER_CENT, PARTS_MAX);
	}
}

static void
read_one(const struct region_field *item, struct region_commissioner *out)
{
	static const char *const known[] = {"commissioner", "share", NULL};
	struct region_field who = field_get(item, "commissioner");

	*out = (struct region_commissioner){0};
	if (!field_object(item, known))
		return;
	out->who = region_who_read(item, "commissioner");
	if (who.json == NULL)
		field_fault(&who, "is missing: the account or organisation that commissions");
	read_share(item, out);
}

/* Each is there once: of two shares of one, one would be overlooked. */
static void
check_distinct(
    const struct region_field *list, const struct region_commissioner *items, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++) {
			struct region_field item = field_at(list, i);

			if (items[i].who == NULL || items[j].who == NULL ||
			    strcmp(items[i].who, items[j].who) != 0)
				continue;
			field_fault(&item, "\"%s\" stands in this list already", items[i].who);
			break;
		}
}

/* One whole for all, and all of it: what nobody pays for would be nobody's. */
static void
check_whole(const struct region_field *list, const struct region_commissioner *items, size_t count)
{
	int32_t sum = 0;

	for (size_t i = 0; i < count; i++) {
		struct region_field item = field_at(list, i);

		if (items[i].of == 0)
			return;
		if (items[i].of != items[0].of) {
			field_fault(&item,
			    "has a share of another whole than the first: give all in per cent, or all in parts of one "
			    "number, such as \"2/6\" and \"4/6\"");
			return;
		}
		sum += items[i].share;
	}
	if (count > 0 && sum != items[0].of)
		field_fault(list, "has shares of %d in all, which must be %d", sum, items[0].of);
}

static void
read_list(const struct region_field *list, struct region_requirement *requirement)
{
	size_t count = field_list(list, REGION_REQUIRED);
	struct region_commissioner *items;

	if (json_is_array(list->json) && count == 0)
		field_fault(list, "must name at least one commissioner, or not be there");
	if (count > REGION_COMMISSIONERS_MAX) {
		field_fault(list, "must have at most %d items", REGION_COMMISSIONERS_MAX);
		return;
	}
	items = arena_array(list->reader->arena, count + 1, sizeof *items);
	for (size_t i = 0; i < count; i++) {
		struct region_field item = field_at(list, i);

		read_one(&item, &items[i]);
	}
	check_distinct(list, items, count);
	check_whole(list, items, count);
	requirement->commissioners = items;
	requirement->ncommissioners = (uint32_t)count;
	requirement->joint = true;
}

void
region_commissioners_read(const struct region_field *item, struct region_requirement *requirement)
{
	struct region_field list = field_get(item, "commissioners");
	const char *one = region_who_read(item, "commissioner");
	struct region_commissioner *alone;

	if (list.json != NULL && one != NULL)
		field_fault(
		    &list, "and \"commissioner\" are two ways to say it: give one of the two");
	if (list.json != NULL) {
		read_list(&list, requirement);
		return;
	}
	if (one == NULL)
		return;
	alone = arena_alloc(item->reader->arena, sizeof *alone);
	*alone = (struct region_commissioner){one, 1, 1};
	requirement->commissioners = alone;
	requirement->ncommissioners = 1;
}
