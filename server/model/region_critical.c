/* SPDX-License-Identifier: MIT */
#include "server/model/region_critical.h"

#include <string.h>

#include "server/model/region_compare.h"
#include "server/model/region_kind.h"

/* The key, if the switchboard is replaced or removed. ${is} NULL: the place is removed. */
static const char *
switchboard(const struct region_place *was, const struct region_place *is)
{
	if (was->switchboard == NULL ||
	    (is != NULL && region_same_text(was->switchboard, is->switchboard)))
		return NULL;
	return "switchboard";
}

/* The same of the fallback. Its text decides whether there is one, since a number without a text is not
 * accepted. */
static const char *
fallback(const struct region_service *was, const struct region_service *is)
{
	if (was->fallback_text == NULL ||
	    (is != NULL && region_same_text(was->fallback_text, is->fallback_text) &&
		region_same_text(was->fallback_phone, is->fallback_phone)))
		return NULL;
	return "fallback";
}

const char *
region_critical(
    const struct region *before, const struct region *after, const struct region_change *change)
{
	const struct region_kind *kind = region_kind_of(change->kind);
	const char *was = change->was != NULL ? change->was : change->code;
	uint32_t i, j;

	if (kind == NULL || change->sign == '+')
		return NULL;
	i = region_kind_find(kind, before, was);
	/* What is removed is in no set-up after it, unless the code is a former one of another. */
	j = change->sign == '-' ? TABLE_NONE : region_kind_find(kind, after, change->code);
	if (i == TABLE_NONE)
		return NULL;
	if (kind == &region_kinds[REGION_KIND_PLACE])
		return switchboard(&before->places[i], j == TABLE_NONE ? NULL : &after->places[j]);
	if (kind == &region_kinds[REGION_KIND_SERVICE])
		return fallback(&before->services[i], j == TABLE_NONE ? NULL : &after->services[j]);
	return NULL;
}
