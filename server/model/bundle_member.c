/* SPDX-License-Identifier: MIT */
#include "server/base/vec.h"
#include "server/model/approval.h"
#include "server/model/bundle_private.h"
#include "server/model/demand_private.h"

/* Who counts for one function of a bundle. */

typedef VEC(struct person_time) time_list;

/* Adds ${times}, but only on the days on which ${demand} is in force. */
static void
add_in_force(const struct bundling *b, const struct region_demand *demand,
    struct person_times times, time_list *out)
{
	for (size_t i = 0; i < times.count; i++)
		for (size_t j = 0; j < demand->days.count; j++) {
			const struct person_time *time = &times.items[i];
			struct span_time both =
			    span_clip((struct span_time){time->start, time->end},
				region_instants(b->asked->context.zone, demand->days.items[j]));

			if (!span_is_empty(both))
				*VEC_PUSH(b->arena, out) =
				    (struct person_time){time->person, both.start, both.end};
		}
}

static void
add_all(const struct bundling *b, struct person_times times, time_list *out)
{
	for (size_t i = 0; i < times.count; i++)
		*VEC_PUSH(b->arena, out) = times.items[i];
}

static struct person_times
sorted(time_list *times)
{
	if (times->count > 1)
		person_times_sort(times->items, times->count);
	return (struct person_times){times->items, times->count};
}

/* When people do not count: they are not approved for the function, or not by those whom a
 * requirement of it names, or are on in more places than one lets them. */
static void
find_limits(const struct bundling *b, uint32_t function, time_list *unapproved, time_list *spread)
{
	const struct region *region = b->region;
	const struct zone *zone = b->asked->context.zone;
	const struct region_list *demands = &region->places[b->demand->place].demands;
	const bool *people = demand_people(b->arena, b->asked);
	struct region_requirement bare = {.function = function, .role = REGION_ROLE_REQUIRED};

	add_all(b,
	    approval_missing(b->arena, &(struct approval_wanted){region, zone, &bare}, people),
	    unapproved);
	for (uint32_t i = 0; i < demands->count; i++) {
		const struct region_demand *other = &region->demands[demands->items[i]];
		const struct region_requirement *wanted = &region->requirements[other->requirement];

		if (other->function != function)
			continue;
		if (wanted->approvers.count > 0)
			add_in_force(b, other,
			    approval_missing(
				b->arena, &(struct approval_wanted){region, zone, wanted}, people),
			    unapproved);
		if (wanted->max_share > 0)
			add_in_force(b, other,
			    share_spread(b->arena, region, zone, demands->items[i],
				demand_duties(b->arena, b->asked)),
			    spread);
	}
}

/* Whether a part takes lines of the function's teams. */
static bool
takes_lines(const struct bundling *b, uint32_t member)
{
	for (uint32_t i = 0; i < b->requirement->nparts; i++)
		if (b->needs[i].team_counts && (b->needs[i].functions >> member & 1) != 0)
			return true;
	return false;
}

struct cover_spans
bundle_sweep_member(const struct bundling *b, uint32_t index, const struct sweep_rota *rotas)
{
	const struct region_member *member = &b->demand->members[index];
	time_list unapproved = {0}, spread = {0};

	find_limits(b, member->function, &unapproved, &spread);
	return sweep(b->arena, &(struct sweep_input){
				   .window = b->asked->window,
				   .hours = (struct span_times){&b->asked->window, 1},
				   .required = INT32_MAX,
				   .team_counts = takes_lines(b, index),
				   .rotas = rotas + member->supplies,
				   .nrotas = member->nsupplies,
				   .absences = b->asked->absences,
				   .spread = sorted(&spread),
				   .unapproved = sorted(&unapproved),
				   .holders = b->region->functions[member->function].holders,
				   .members = true,
			       });
}
