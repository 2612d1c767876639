/* SPDX-License-Identifier: MIT */
#include "server/model/succession.h"

#include "server/model/hours.h"

struct walk {
	const struct succession_asked *asked;
	uint32_t *items,
	    count; /* places to visit, each once, in the order in which they are found */
	bool *seen;
};

/* Each place once: two places may merge into one, and be split again. */
static void
add(struct walk *walk, uint32_t place)
{
	if (walk->seen[place])
		return;
	walk->seen[place] = true;
	walk->items[walk->count++] = place;
}

static bool
is_there(const struct succession_asked *asked, uint32_t place)
{
	return span_has(region_instants(asked->zone, asked->region->places[place].life), asked->at);
}

static void
add_successors(struct walk *walk, uint32_t place)
{
	const struct region_list *next = &walk->asked->region->places[place].successors;

	for (uint32_t i = 0; i < next->count; i++)
		add(walk, next->items[i]);
}

/* A place names its successors only, so predecessors are searched for; this is asked only about a
 * place that does not exist yet. */
static void
add_predecessors(struct walk *walk, uint32_t place)
{
	const struct region *region = walk->asked->region;

	for (uint32_t i = 0; i < region->nplaces; i++)
		for (uint32_t j = 0; j < region->places[i].successors.count; j++)
			if (region->places[i].successors.items[j] == place)
				add(walk, i);
}

/* Follows successors or predecessors until they exist at the instant. A place that exists is an
 * answer, and the search does not continue from it. */
static struct region_list
find_instead(struct arena *arena, const struct succession_asked *asked, enum place_life life)
{
	uint32_t places = asked->region->nplaces, n = 0;
	struct walk walk = {
	    .asked = asked,
	    .items = arena_array(arena, places, sizeof *walk.items),
	    .seen = arena_array(arena, places, sizeof *walk.seen),
	};
	uint32_t *there = arena_array(arena, places, sizeof *there);

	add(&walk, asked->place);
	for (uint32_t i = 0; i < walk.count; i++) {
		if (is_there(asked, walk.items[i]))
			there[n++] = walk.items[i];
		else if (life == PLACE_ENDED)
			add_successors(&walk, walk.items[i]);
		else
			add_predecessors(&walk, walk.items[i]);
	}
	return (struct region_list){there, n};
}

struct succession
succession_find(struct arena *arena, const struct succession_asked *asked)
{
	struct span_time days = asked->region->places[asked->place].life;
	bool ended = asked->at >= region_instants(asked->zone, days).end;
	enum place_life life = ended ? PLACE_ENDED : PLACE_TO_COME;

	if (is_there(asked, asked->place))
		return (struct succession){.life = PLACE_LIVES};
	return (struct succession){
	    .life = life,
	    .day = ended ? days.end : days.start,
	    .instead = find_instead(arena, asked, life),
	};
}
