/* SPDX-License-Identifier: MIT */
#include "server/coverage/contacts.h"

#include "server/base/civil.h"
#include "server/coverage/coverage_sql.h"
#include "server/model/region_contact.h"

struct finding {
	const struct region *region;
	int64_t today;
	struct contacts_due *out;
};

static void
look_at(struct finding *f, const char *kind, const char *code, uint32_t organisation,
    const struct region_contact *contact)
{
	struct contacts_due *out = f->out;

	/* Without a contact there is no number to be checked. */
	if (contact == NULL || region_contact_checked(contact, f->today, REGION_CONTACT_DAYS))
		return;
	out->kinds[out->count] = kind;
	out->codes[out->count] = code;
	out->organisations[out->count++] = f->region->organisations[organisation].code;
}

void
contacts_due(
    struct arena *arena, const struct region *region, int64_t today, struct contacts_due *out)
{
	size_t most = (size_t)region->npeople + region->nservices + 1;
	struct finding f = {region, today, out};

	*out = (struct contacts_due){
	    .kinds = arena_array(arena, most, sizeof *out->kinds),
	    .codes = arena_array(arena, most, sizeof *out->codes),
	    .organisations = arena_array(arena, most, sizeof *out->organisations),
	};
	for (uint32_t i = 0; i < region->npeople; i++)
		look_at(&f, "person", region_person(region, i)->id,
		    region_person(region, i)->organisation, region_person(region, i)->contact);
	for (uint32_t i = 0; i < region->nservices; i++)
		look_at(&f, "service", region->services[i].id, region->services[i].organisation,
		    region->services[i].line);
}

struct pg_call *
contacts_remind(struct pg *pg, const struct setup *setup, int64_t now, pg_done_fn *done, void *ctx)
{
	struct arena *arena = arena_new(0);
	struct contacts_due due;
	struct pg_args args = {0};
	struct pg_call *call;

	/* The region's day, in which people write the day of a check. */
	contacts_due(arena, setup->region, civil_day_of(zone_local(setup->zone, now)), &due);
	pg_text_array(&args, due.kinds, due.count);
	pg_text_array(&args, due.codes, due.count);
	pg_text_array(&args, due.organisations, due.count);
	pg_int4(&args, REGION_CONTACT_DAYS);
	call = pg_call(pg, &COVERAGE_CONTACTS, &args, done, ctx);
	arena_free(arena);
	return call;
}
