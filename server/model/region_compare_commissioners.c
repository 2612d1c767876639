/* SPDX-License-Identifier: MIT */
#include "server/model/region_compare.h"

/* Who commissions a requirement, before and after. */

/* The one of "commissioner"; NULL: they are in the list, or there is none. */
static const char *
alone(const struct region_requirement *requirement)
{
	return requirement->joint || requirement->ncommissioners == 0
		   ? NULL
		   : requirement->commissioners[0].who;
}

/* Those of the list. */
bool
region_same_commissioners(const struct region_requirement *x, const struct region_requirement *y)
{
	if (x->joint != y->joint || (x->joint && x->ncommissioners != y->ncommissioners))
		return false;
	for (uint32_t i = 0; x->joint && i < x->ncommissioners; i++)
		if (!region_same_text(x->commissioners[i].who, y->commissioners[i].who) ||
		    x->commissioners[i].share != y->commissioners[i].share ||
		    x->commissioners[i].of != y->commissioners[i].of)
			return false;
	return true;
}

bool
region_same_commissioner(const struct region_requirement *x, const struct region_requirement *y)
{
	return region_same_text(alone(x), alone(y));
}
