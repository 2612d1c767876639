/* SPDX-License-Identifier: MIT */
#include "server/api/views/setup/region_effect.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/vec.h"
#include "server/map/cover.h"
#include "server/map/snapshot_move.h"
#include "server/model/region_keys.h"

/* ------------------------------------------------------------------------------------- gaps */

/* Keys that say nothing about who covers what when. A key that is not listed counts as one that does:
 * a new key costs a sweep, and never a gap that the preview does not show. */
#define IDLE                                                                                       \
	"name, phone, fallback, work_phone, aliases, former_names, severity, owner, deputy, "      \
	"commissioner, commissioners, alerts, tolerance_minutes, handover_minutes, switchboard, "  \
	"first, public_card, research, ladders, self_referral, code, id, order"

/* Whether one of them is of ${kind}, and not only of keys in ${idle}. */
static bool
has_change(const struct region_changes *changes, const char *kind, const char *idle)
{
	for (size_t i = 0; i < changes->count; i++) {
		const struct region_change *change = &changes->items[i];

		if (strcmp(change->kind, kind) == 0 &&
		    (change->sign != '~' || !region_keys_all(idle, change->what)))
			return true;
	}
	return false;
}

static bool
moves_the_map(const struct region_changes *changes)
{
	for (size_t i = 0; i < changes->count; i++) {
		const struct region_change *change = &changes->items[i];

		/* Accounts, areas, navigators and organisations never decide whether a demand is covered. */
		if (strcmp(change->kind, "account") == 0 || strcmp(change->kind, "area") == 0 ||
		    strcmp(change->kind, "organisation") == 0 ||
		    strcmp(change->kind, "navigator") == 0)
			continue;
		if (change->sign != '~' || !region_keys_all(IDLE, change->what))
			return true;
	}
	return false;
}

/* The demand in the other region with the same requirement and place. Indexes differ between two
 * regions, so codes are compared; the tables know former codes, so a renamed requirement is
 * found again. */
static uint32_t
same_demand(const struct region *region, uint32_t demand, const struct snapshot *other)
{
	const struct region_demand *own = &region->demands[demand];

	/* The table of codes is not built for a region without demands. */
	if (other->setup->region->ndemands == 0)
		return REGION_NONE;
	return snapshot_demand(
	    other, region->requirements[own->requirement].id, region->places[own->place].code);
}

static void
compare_gaps(struct arena *arena, const struct region_effect_asked *asked,
    const struct snapshot *after, struct effect_gaps *gaps)
{
	const struct region *before = asked->map->setup->region, *region = after->setup->region;
	struct span_time window = {asked->now, asked->now + EFFECT_AHEAD_SECONDS};
	struct cover_asked is = {.map = asked->map, .now = asked->now};
	struct cover_asked would_be = {.map = after, .now = asked->now};
	bool *met = arena_array(arena, region->ndemands + 1, sizeof *met);
	struct cover was, will;

	/* Two passes: demands in force first, then those that only the new set-up has. A demand
	 * that is removed is compared with nothing, so the gaps it had are listed as closing. */
	for (uint32_t i = 0; i < before->ndemands; i++) {
		uint32_t to = same_demand(before, i, after);

		cover_demand(arena, &is, i, window, &was);
		will = (struct cover){0};
		if (to != REGION_NONE) {
			cover_demand(arena, &would_be, to, window, &will);
			met[to] = true;
		}
		effect_gaps_compare(arena, &(struct effect_side){i, was.spans},
		    &(struct effect_side){to, will.spans}, gaps);
	}
	for (uint32_t i = 0; i < region->ndemands; i++) {
		if (met[i])
			continue;
		cover_demand(arena, &would_be, i, window, &will);
		effect_gaps_compare(arena, &(struct effect_side){REGION_NONE, {0}},
		    &(struct effect_side){i, will.spans}, gaps);
	}
	effect_gaps_sort(gaps);
}

/* ----------------------------------------------------------------------------------- people */

/* Names are compared letter by letter here, not as titles match them: a change of case is shown as
 * a name that is removed, which warns too often and never too seldom. */
static bool
is_called(const struct region_person *person, const char *name)
{
	if (strcmp(person->name, name) == 0)
		return true;
	for (const char *const *alias = person->aliases; *alias != NULL; alias++)
		if (strcmp(*alias, name) == 0)
			return true;
	return false;
}

static bool
loses_a_name(const struct region_person *was, const struct region_person *will)
{
	if (!is_called(will, was->name))
		return true;
	for (const char *const *alias = was->aliases; *alias != NULL; alias++)
		if (!is_called(will, *alias))
			return true;
	return false;
}

static void
find_names(struct arena *arena, const struct region_effect_asked *asked, struct region_effect *out)
{
	const struct region *before = asked->map->setup->region, *after = asked->setup->region;
	VEC(struct region_name) names = {0};

	if (!has_change(asked->changes, "person", "work_phone, aliases, roles, organisation"))
		return;
	for (uint32_t i = 0; after->npeople > 0 && i < before->npeople; i++) {
		const struct region_person *was = region_person(before, i);
		uint32_t to = table_get(&after->person_by_id, was->id);

		/* The old name still leads to the person, since the set-up keeps it in
		 * former_names: titles keep working, and the answer says so. */
		if (to != TABLE_NONE && strcmp(region_person(after, to)->name, was->name) != 0 &&
		    is_called(region_person(after, to), was->name))
			*VEC_PUSH(arena, &names) = (struct region_name){to, was->name};
	}
	out->names = names.items;
	out->nnames = names.count;
}

/* Why shifts on that rota would no longer be known to be the person's; NULL: they still are. */
static const char *
why_turned(const struct region *after, const struct region_person *was, uint32_t rota, bool *may)
{
	uint32_t to = after->npeople == 0 ? REGION_NONE : table_get(&after->person_by_id, was->id);

	/* Three reasons, the certain ones first. Nobody can say here whether the rota's titles use
	 * a name that is removed, since the snapshot keeps shifts and not titles: "may". */
	*may = false;
	if (to == REGION_NONE)
		return "leaves the region";
	if (!region_in_directory(after, &after->rotas[rota], region_person(after, to)))
		return "is no longer among those whom this rota may name";
	if (!loses_a_name(was, region_person(after, to)))
		return NULL;
	*may = true;
	return "a name that its titles may use goes";
}

static bool
is_coming(const struct kept_shift *shift, int64_t now)
{
	return (int64_t)shift->end > now;
}

/* How often the coming shifts of a rota name a person, and from when on. By person; ${named} lists
 * those who are named. */
struct tally {
	uint32_t shifts;
	int64_t first;
};
struct tallies {
	struct tally *of;
	uint32_t *named, count;
};

static int
by_index(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return left < right ? -1 : left > right;
}

static void
count_people(const struct rota_block *block, int64_t now, struct tallies *tallies)
{
	while (tallies->count > 0)
		tallies->of[tallies->named[--tallies->count]] = (struct tally){0};
	for (uint32_t i = 0; i < block->count; i++) {
		const struct kept_shift *shift = &block->shifts[i];
		struct tally *tally;

		/* An override names a person by code, not by a title, so the removal of a name
		 * cannot change its meaning. */
		if (shift->person == REGION_NONE || shift->override || !is_coming(shift, now))
			continue;
		tally = &tallies->of[shift->person];
		/* Shifts of a block are sorted by start, so the first one met is the earliest. */
		if (tally->shifts++ > 0)
			continue;
		tally->first = shift->start;
		tallies->named[tallies->count++] = shift->person;
	}
	if (tallies->count > 0)
		qsort(tallies->named, tallies->count, sizeof *tallies->named, by_index);
}

typedef VEC(struct region_turned) turned_list;

static void
turn_on(struct arena *arena, const struct region_effect_asked *asked, uint32_t rota,
    const struct tallies *tallies, turned_list *found)
{
	const struct region *before = asked->map->setup->region, *after = asked->setup->region;
	uint32_t to = table_get(&after->rota_by_id, before->rotas[rota].id);
	bool may;

	for (uint32_t i = 0; i < tallies->count; i++) {
		uint32_t person = tallies->named[i];
		const struct tally *tally = &tallies->of[person];
		const char *why = why_turned(after, region_person(before, person), to, &may);

		if (why != NULL)
			*VEC_PUSH(arena, found) = (struct region_turned){
			    person, rota, why, may, tally->shifts, tally->first};
	}
}

/* Whether titles could name other people after the change. It skips a walk over all shifts for changes that cannot
 * have this effect, such as another telephone number. */
static bool
may_turn(const struct region_changes *changes)
{
	return has_change(changes, "person", "work_phone") ||
	       has_change(changes, "rota", "source, reading, tier, from, until") ||
	       has_change(changes, "service", "name, phone, fallback, places");
}

static void
find_turned(struct arena *arena, const struct region_effect_asked *asked, struct region_effect *out)
{
	const struct region *before = asked->map->setup->region, *after = asked->setup->region;
	turned_list found = {0};
	struct tallies tallies;

	if (!may_turn(asked->changes))
		return;
	tallies = (struct tallies){
	    .of = arena_array(arena, before->npeople + 1, sizeof *tallies.of),
	    .named = arena_array(arena, before->npeople + 1, sizeof *tallies.named),
	};
	/* A region that was never read has no table of rotas. */
	for (uint32_t rota = 0; after->nrotas > 0 && rota < before->nrotas; rota++) {
		/* Rotas that leave are listed by find_emptied; here they would be counted twice. */
		if (table_get(&after->rota_by_id, before->rotas[rota].id) == TABLE_NONE)
			continue;
		count_people(asked->map->rotas[rota], asked->now, &tallies);
		turn_on(arena, asked, rota, &tallies, &found);
	}
	out->turned = found.items;
	out->nturned = found.count;
}

/* ------------------------------------------------------------------------ rotas and codes */

static uint32_t
count_coming(const struct rota_block *block, int64_t now)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < block->count; i++)
		count += is_coming(&block->shifts[i], now);
	return count;
}

static void
find_emptied(
    struct arena *arena, const struct region_effect_asked *asked, struct region_effect *out)
{
	const struct region *before = asked->map->setup->region, *after = asked->setup->region;
	VEC(struct region_emptied) found = {0};

	if (!has_change(asked->changes, "rota", "service, tier, from, until, reading"))
		return;
	for (uint32_t i = 0; i < before->nrotas; i++) {
		uint32_t to = after->nrotas == 0
				  ? TABLE_NONE
				  : table_get(&after->rota_by_id, before->rotas[i].id);
		const char *why = NULL;

		if (to == TABLE_NONE)
			why = "leaves the region";
		else if (asked->other_source[to])
			/* Typed shifts have no file or address to come from again, so they end with
			 * the source. Shifts of a calendar stay in force until the new source has
			 * been read: an empty rota in between would be gaps that nobody made. */
			why = before->rotas[i].source == REGION_SOURCE_TYPED
				  ? "is no longer typed in: what was typed in goes"
				  : "has another source: its shifts stay until that speaks";
		if (why != NULL)
			*VEC_PUSH(arena, &found) = (struct region_emptied){
			    i, why, count_coming(asked->map->rotas[i], asked->now)};
	}
	out->emptied = found.items;
	out->nemptied = found.count;
}

static uint32_t
count_tokens(const struct accounts *accounts, const char *name)
{
	uint32_t account = accounts->count == 0 ? TABLE_NONE : table_get(&accounts->by_name, name),
		 count = 0;

	for (uint32_t i = 0; account != TABLE_NONE && i < accounts->ntokens; i++)
		count += accounts->tokens[i].account == account;
	return count;
}

/* The code of the object that has ${change->code} as a former code, such as that of a person into whom another was
 * merged; NULL: none. */
static const char *
find_heir(struct arena *arena, const struct region *after, const struct region_change *change)
{
	const char *now = region_codes(arena, after, change->kind, change->code)[0];

	return strcmp(now, change->code) != 0 ? now : NULL;
}

static void
find_codes(struct arena *arena, const struct region_effect_asked *asked, struct region_effect *out)
{
	VEC(struct region_code) codes = {0};
	VEC(struct region_account_end) ends = {0};

	for (size_t i = 0; i < asked->changes->count; i++) {
		const struct region_change *change = &asked->changes->items[i];

		/* A rename is both: the former code in "codes" with its new one, since bookmarks,
		 * Redis channels and links use codes. */
		if (change->was != NULL)
			*VEC_PUSH(arena, &codes) =
			    (struct region_code){change->kind, change->was, change->code};
		if (change->sign != '-')
			continue;
		/* The tokens of an account that ends are revoked by a trigger, so they are part of
		 * the effect. */
		if (strcmp(change->kind, "account") == 0)
			*VEC_PUSH(arena, &ends) = (struct region_account_end){
			    change->code, count_tokens(asked->map->accounts, change->code)};
		else
			*VEC_PUSH(arena, &codes) = (struct region_code){change->kind, change->code,
			    find_heir(arena, asked->setup->region, change)};
	}
	out->codes = codes.items;
	out->ncodes = codes.count;
	out->ends = ends.items;
	out->nends = ends.count;
}

void
region_effect(
    struct arena *arena, const struct region_effect_asked *asked, struct region_effect *out)
{
	struct snapshot *after;

	*out = (struct region_effect){.known = true};
	find_codes(arena, asked, out);
	find_emptied(arena, asked, out);
	find_turned(arena, asked, out);
	find_names(arena, asked, out);
	region_effect_alike(arena, asked, out);
	/* Sweeping more than a year for each demand of the region is by far the dearest part, so it
	 * is done only for changes that can matter. */
	if (asked->after == NULL && !moves_the_map(asked->changes))
		return;
	after = asked->after != NULL ? snapshot_ref(asked->after)
				     : snapshot_move(asked->map, asked->setup, asked->other_source);
	compare_gaps(arena, asked, after, &out->gaps);
	snapshot_unref(after);
}
