/* SPDX-License-Identifier: MIT */
#include "server/model/region_compare_private.h"

/* The comparison of places: their ladders and the sites of their services. */

static bool
same_step(const struct region *a, const struct region_step *x, const struct region *b,
    const struct region_step *y)
{
	return x->kind == y->kind && SAME_REF(FUNCTION, x->function, y->function) &&
	       SAME_REF(SERVICE, x->service, y->service) && SAME_REF(PLACE, x->place, y->place) &&
	       SAME_REF(NAVIGATOR, x->navigator, y->navigator) && x->tier == y->tier &&
	       region_same_text(x->name, y->name) && region_same_text(x->phone, y->phone) &&
	       x->wait_seconds == y->wait_seconds &&
	       region_same_hours(x->hours, x->nhours, y->hours, y->nhours);
}

/* The order of the ladders says nothing, but is kept as it was written, like that of everything. */
static bool
same_ladders(const struct region *a, const struct region_place *x, const struct region *b,
    const struct region_place *y)
{
	uint32_t i, j;

	if (x->nladders != y->nladders)
		return false;
	for (i = 0; i < x->nladders; i++) {
		const struct region_ladder *one = &x->ladders[i], *other = &y->ladders[i];

		if (!SAME_REF(FUNCTION, one->function, other->function) ||
		    one->nsteps != other->nsteps)
			return false;
		for (j = 0; j < one->nsteps; j++)
			if (!same_step(a, &one->steps[j], b, &other->steps[j]))
				return false;
	}
	return true;
}

static bool
same_sites(const struct region *a, const struct region_place *x, const struct region *b,
    const struct region_place *y)
{
	if (x->nsites != y->nsites)
		return false;
	for (uint32_t i = 0; i < x->nsites; i++) {
		const struct region_site *one = &x->sites[i], *other = &y->sites[i];

		if (!region_same_text(one->name, other->name) ||
		    !region_same_text(one->phone, other->phone) ||
		    !region_same_hours(one->hours, one->nhours, other->hours, other->nhours) ||
		    !SAME_REFS(SERVICE, one->services, other->services))
			return false;
	}
	return true;
}

unsigned
region_compare_place(const struct region *a, uint32_t i, const struct region *b, uint32_t j)
{
	const struct region_place *x = &a->places[i], *y = &b->places[j];

	return BIT(0, !region_same_text(x->name, y->name)) |
	       BIT(1, !region_same_text(x->kind, y->kind)) |
	       BIT(2, !region_same_dated_places(a, &x->under, b, &y->under)) |
	       BIT(3, x->life.start != y->life.start) | BIT(4, x->life.end != y->life.end) |
	       BIT(5, !SAME_REFS(PLACE, x->successors, y->successors)) |
	       BIT(6, !region_same_text(x->switchboard, y->switchboard)) |
	       BIT(7, !SAME_REFS(FUNCTION, x->first, y->first)) |
	       BIT(8, x->public_card != y->public_card) | BIT(9, !same_ladders(a, x, b, y)) |
	       BIT(10, !same_sites(a, x, b, y)) | BIT(11, x->research != y->research);
}
