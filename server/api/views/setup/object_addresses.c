/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/views/setup/object.h"

/*
 * Whose addresses a change of a rota may use. Everybody who sees a rota sees its mask, and a mask that is
 * sent means the address that it stands for: without a rule, who may change any rota could have every
 * calendar of the region read into it.
 */

static bool
is_brought(const struct addresses *addresses, const char *mask)
{
	for (size_t i = 0; i < addresses->count; i++)
		if (strcmp(addresses->items[i].mask, mask) == 0)
			return true;
	return false;
}

static bool
was_its_own(const struct setup_object *object, const char *mask)
{
	for (const char *const *had = object->had; *had != NULL; had++)
		if (strcmp(*had, mask) == 0)
			return true;
	return false;
}

/* Whether a rota in force has it that the asker may change: there the address could be changed, too. */
static bool
is_kept_by(const struct account *account, const struct region *region, const char *mask)
{
	const struct region_kind *kind = &region_kinds[REGION_KIND_ROTA];

	for (uint32_t i = 0; i < region->nrotas; i++)
		if (region->rotas[i].url != NULL && strcmp(region->rotas[i].url, mask) == 0 &&
		    rights_setup_touches(region, account, kind, region->rotas[i].id))
			return true;
	return false;
}

/* The mask that the rota is to have; NULL: none. */
static const char *
wanted(const struct region_put *put)
{
	const struct region_kind *kind = &region_kinds[REGION_KIND_ROTA];
	uint32_t rota;

	if (put->object->kind != kind || put->object->now == NULL)
		return NULL;
	rota = region_kind_find(kind, put->region, put->object->now);
	return rota == TABLE_NONE ? NULL : put->region->rotas[rota].url;
}

bool
setup_object_may_read(struct job *job)
{
	static const struct problem_fault fault = {"$.source.url",
	    "this mask stands for no address of a rota that this account may change: give the address itself"};
	const struct region_put *put = job->data;
	const struct account *account = job->ask.account;
	const char *mask = wanted(put);

	/* An administrator may change every rota. A proposal was judged when it was made, by the rights of who
	 * made it; the address that came with it is kept since then. */
	if (mask == NULL || account->role == ROLE_ADMINISTRATOR || put->object->proposal != 0 ||
	    is_brought(&put->addresses, mask) || was_its_own(put->object, mask) ||
	    is_kept_by(account, put->before, mask))
		return true;
	problem_reply_with(job->ask.exchange, 422,
	    "A rota cannot have an address that this account does not know; nothing was changed.",
	    &(struct problem_more){.faults = &fault, .nfaults = 1});
	job_end(job);
	return false;
}
