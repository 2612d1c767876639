/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/views/setup/region_put.h"
#include "server/api/views/views.h"

/* What a set-up that is to be does: asked of the map in memory. */

/* Whether a rota takes its shifts from somewhere else than before: the same question that
 * feeds_sync answers in SQL. */
static const bool *
find_other_sources(struct arena *arena, const struct region *before, const struct region *after)
{
	bool *other = arena_array(arena, after->nrotas + 1, sizeof *other);

	if (before->rotas == after->rotas)
		return other; /* no rota was patched */
	/* A rota that is new has no shifts that could go. */
	for (uint32_t i = 0; before->nrotas > 0 && i < after->nrotas; i++) {
		const struct region_rota *rota = &after->rotas[i];
		uint32_t was = table_get(&before->rota_by_id, rota->id);
		const char *old, *new = rota->url;

		if (was == TABLE_NONE)
			continue;
		old = before->rotas[was].url;
		other[i] = before->rotas[was].source != rota->source ||
			   (old != NULL && new != NULL &&strcmp(old, new) != 0);
	}
	return other;
}

static enum status
make_setup(struct job *job)
{
	struct region_put *put = job->data;
	struct ask *ask = &job->ask;

	if (put->patched == NULL)
		return snapshot_region_read(
		    &ask->api->tools, put->version, put->document, &put->setup);
	put->setup = snapshot_region_patched(ask->whole->setup, region_shared_ref(put->patched));
	return STATUS_OK;
}

bool
region_put_find_effect(struct job *job)
{
	struct region_put *put = job->data;
	struct ask *ask = &job->ask;

	/* The map in memory must be that of the version that is compared: the effect of a change on
	 * another version would be a guess. */
	if (ask->whole->setup->region->version != put->version || make_setup(job) != STATUS_OK)
		return false;
	region_effect(ask->arena,
	    &(struct region_effect_asked){
		.map = ask->whole,
		.setup = put->setup,
		.changes = &put->changes,
		.other_source =
		    find_other_sources(ask->arena, ask->whole->setup->region, put->setup->region),
		.now = ask->now,
	    },
	    &put->effect);
	return true;
}
