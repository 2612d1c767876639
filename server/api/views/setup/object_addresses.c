/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/views/setup/object.h"

/*
 * Whose addresses and secrets a change of a rota may use. Everybody who sees a rota sees its mask and the name of
 * its secret, and what is sent of them means what it stands for: without a rule, who may change any rota could
 * have every calendar of the region read into it.
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

/* Whether ${rota} has it, as the address or as the secret. */
static bool
has(const struct region_rota *rota, const char *mask)
{
	return (rota->url != NULL && strcmp(rota->url, mask) == 0) ||
	       (rota->way.secret != NULL && strcmp(rota->way.secret, mask) == 0);
}

/* Whether a rota in force has it that the asker may change: there it could be changed, too. */
static bool
is_kept_by(const struct account *account, const struct region *region, const char *mask)
{
	const struct region_kind *kind = &region_kinds[REGION_KIND_ROTA];

	for (uint32_t i = 0; i < region->nrotas; i++)
		if (has(&region->rotas[i], mask) &&
		    rights_setup_touches(region, account, kind, region->rotas[i].id))
			return true;
	return false;
}

static bool
may_use(const struct job *job, const char *mask)
{
	const struct region_put *put = job->data;

	return mask == NULL || is_brought(&put->addresses, mask) ||
	       was_its_own(put->object, mask) || is_kept_by(job->ask.account, put->before, mask);
}

/* The rota as it is to be; NULL: it goes, or this is no rota. */
static const struct region_rota *
wanted(const struct region_put *put)
{
	const struct region_kind *kind = &region_kinds[REGION_KIND_ROTA];
	uint32_t rota;

	if (put->object->kind != kind || put->object->now == NULL)
		return NULL;
	rota = region_kind_find(kind, put->region, put->object->now);
	return rota == TABLE_NONE ? NULL : &put->region->rotas[rota];
}

bool
setup_object_may_read(struct job *job)
{
	static const struct problem_fault faults[] = {
	    {"$.source.url",
		"this mask stands for no address of a rota that this account may change: give the address itself"},
	    {"$.source.secret",
		"this stands for no secret of a rota that this account may change: give the secret itself"}};
	const struct region_put *put = job->data;
	const struct region_rota *rota = wanted(put);
	bool address;

	/* An administrator may change every rota. A proposal was judged when it was made, by the rights of who
	 * made it; the address that came with it is kept since then. */
	if (rota == NULL || job->ask.account->role == ROLE_ADMINISTRATOR ||
	    put->object->proposal != 0)
		return true;
	address = may_use(job, rota->url);
	if (address && may_use(job, rota->way.secret))
		return true;
	problem_reply_with(job->ask.exchange, 422,
	    "A rota cannot have an address or a secret that this account does not know; nothing was changed.",
	    &(struct problem_more){.faults = &faults[address], .nfaults = 1});
	job_end(job);
	return false;
}

const char *
setup_object_address(struct ask *ask, const char *key)
{
	uint32_t rota = ask->region->nrotas == 0 || key == NULL
			    ? TABLE_NONE
			    : table_get(&ask->region->rota_by_id, key);

	return rota == TABLE_NONE ? NULL : ask->region->rotas[rota].url;
}
