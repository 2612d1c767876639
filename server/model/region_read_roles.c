/* SPDX-License-Identifier: MIT */
#include "server/base/instant.h"
#include "server/base/vec.h"
#include "server/model/region_parts.h"

/* The roles of a person: a function, or a function with an approval of it. */

struct roles {
	struct {
		uint32_t *items;
		size_t count, capacity;
	} functions;
	struct {
		struct region_approval *items;
		size_t count, capacity;
	} approvals;
};

static bool
has_role(const struct roles *roles, uint32_t function)
{
	for (size_t i = 0; i < roles->functions.count; i++)
		if (roles->functions.items[i] == function)
			return true;
	return false;
}

static bool
has_approval(const struct roles *roles, uint32_t function)
{
	for (size_t i = 0; i < roles->approvals.count; i++)
		if (roles->approvals.items[i].function == function)
			return true;
	return false;
}

/* An approval has no default for its dates: without them it holds always. */
static void
read_approval(const struct region_field *item, struct region_approval *approval)
{
	static const char *const known[] = {"function", "approved_by", "from", "until", NULL};
	const struct region *region = item->reader->region;

	/* Set first, since faults leave the members as they are. */
	*approval = (struct region_approval){REGION_NONE, REGION_NONE, REGION_ALWAYS};
	field_object(item, known);
	approval->function =
	    field_ref(item, "function", REGION_REQUIRED, &region->function_by_code, "function");
	approval->organisation = field_ref(
	    item, "approved_by", REGION_OPTIONAL, &region->organisation_by_code, "organisation");
	approval->life = region_life_read(item);
}

/* A function without an approval says that nothing is known about approvals. Together with an approval of the
 * same function that would contradict itself, so it is a fault. */
static void
read_role(const struct region_field *item, struct roles *roles)
{
	struct arena *arena = item->reader->arena;
	const struct region *region = item->reader->region;
	struct region_approval approval = {REGION_NONE, REGION_NONE, REGION_ALWAYS};
	bool plain = !json_is_object(item->json);

	if (plain)
		approval.function = field_own_ref(item, &region->function_by_code, "function");
	else
		read_approval(item, &approval);
	if (approval.function == REGION_NONE)
		return;
	if (has_role(roles, approval.function)) {
		if (plain || !has_approval(roles, approval.function)) {
			field_fault(item,
			    "stands in this list already: a function is either there by itself, "
			    "or once for each approval of it");
			return;
		}
	} else {
		*VEC_PUSH(arena, &roles->functions) = approval.function;
	}
	if (!plain)
		*VEC_PUSH(arena, &roles->approvals) = approval;
}

void
region_roles_read(const struct region_field *item, struct region_person *person)
{
	struct region_field list = field_get(item, "roles");
	size_t count = field_list(&list, REGION_OPTIONAL);
	struct roles roles = {0};

	for (size_t i = 0; i < count; i++) {
		struct region_field role = field_at(&list, i);

		read_role(&role, &roles);
	}
	person->roles =
	    (struct region_list){roles.functions.items, (uint32_t)roles.functions.count};
	person->approvals = roles.approvals.items;
	person->napprovals = (uint32_t)roles.approvals.count;
}
