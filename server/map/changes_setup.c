/* SPDX-License-Identifier: MIT */
#include "server/map/changes_private.h"
#include "server/model/region_kind.h"

/* Two set-ups of which the later was patched: what the objects that differ touch. */

static uint32_t
kind_number(const struct region_kind *kind)
{
	return (uint32_t)(kind - region_kinds);
}

static void
touch_person(struct finding *finding, uint32_t person)
{
	for (uint32_t i = 0; i < finding->region->nrotas; i++)
		if (rota_block_may_name(finding->after->map->rotas[i], person))
			changes_touch_rota(finding, i);
}

/* False: it may touch anything. Accounts are no part of any answer about cover, and whom a listener
 * hears of is decided again by its rights. Areas are asked about, and shown nowhere. */
static bool
touch_object(struct finding *finding, const struct region_edited *object)
{
	switch (kind_number(object->kind)) {
	case REGION_KIND_ACCOUNT:
	case REGION_KIND_AREA:
		return true;
	case REGION_KIND_PERSON:
		touch_person(finding, object->index);
		return true;
	default:
		return false;
	}
}

bool
changes_find_setup(struct finding *finding)
{
	const struct snapshot_region *before = finding->before->map->setup,
				     *after = finding->after->map->setup;
	struct region_edited_list edited;

	if (before == after)
		return true;
	/* An edit takes the place of an object and adds none, so that both have the same indexes. */
	if (!region_shared_edited(finding->arena, before->shared, after->shared, &edited))
		return false;
	for (size_t i = 0; i < edited.count; i++)
		if (!touch_object(finding, &edited.items[i]))
			return false;
	return true;
}
