/* SPDX-License-Identifier: MIT */
#include "server/api/views/parts/notices.h"

#include "server/model/hours.h"

/* Codes in the sentence and in the list; the number is always that of all. */
#define SHOWN_MAX 20

/* Whether any requirement for the function applies at the place, its own or an inherited one. */
static bool
is_asked(const struct region *region, uint32_t place, uint32_t function)
{
	const struct region_list *demands = &region->places[place].demands;

	for (uint32_t i = 0; i < demands->count; i++) {
		if (function == REGION_NONE ||
		    region->demands[demands->items[i]].function == function)
			return true;
	}
	return false;
}

/* Whether the answer is about the place at all: places open, close and move on a date. */
static bool
is_there(const struct ask *ask, const struct notices_about *about, uint32_t place)
{
	const struct region *region = ask->region;
	struct span_time life = region_instants(ask->map->setup->zone, region->places[place].life);

	return rights_place(region, ask->account, place) && life.start < about->window.end &&
	       about->window.start < life.end &&
	       places_scope_holds(about->scope, place, about->window.start, about->window.end);
}

/* By place: whether any other is below it. */
static const bool *
parents_of(struct ask *ask)
{
	const struct region *region = ask->region;
	bool *parent = arena_array(ask->arena, region->nplaces + 1, sizeof *parent);

	for (uint32_t i = 0; i < region->nplaces; i++)
		for (uint32_t j = 0; j < region->places[i].parents.count; j++)
			parent[region->places[i].parents.items[j]] = true;
	return parent;
}

/* The places without requirements. A trust usually has none itself, since its hospitals have them. It is
 * found only if it is asked about alone, or every list would have a notice about it. */
static size_t
find_unasked(struct ask *ask, const struct notices_about *about, uint32_t *found)
{
	const bool *parent = parents_of(ask);
	uint32_t alone = about->scope->within ? REGION_NONE : about->scope->asked;
	size_t count = 0;

	for (uint32_t i = 0; i < ask->region->nplaces; i++) {
		if (is_there(ask, about, i) && !is_asked(ask->region, i, about->function) &&
		    (!parent[i] || i == alone))
			found[count++] = i;
	}
	return count;
}

static void
add_codes(struct buf *words, const struct region *region, const uint32_t *found, size_t count)
{
	for (size_t i = 0; i < count && i < SHOWN_MAX; i++)
		buf_printf(words, "%s%s", i > 0 ? ", " : "", region->places[found[i]].code);
	if (count > SHOWN_MAX)
		buf_printf(words, " and %zu more", count - SHOWN_MAX);
}

static void
put_sentence(struct json_out *out, const struct ask *ask, const struct notices_about *about,
    const uint32_t *found, size_t count)
{
	struct buf words = {0};

	buf_add_text(&words, "No requirement");
	if (about->function != REGION_NONE)
		buf_printf(
		    &words, " of the function %s", ask->region->functions[about->function].code);
	buf_add_text(&words, " applies at ");
	add_codes(&words, ask->region, found, count);
	buf_add_text(&words, ": nothing is asked for there, so nothing can be missing.");
	out_text(out, NULL, words.at);
	buf_free(&words);
}

void
notices_put(struct json_out *out, struct ask *ask, const struct notices_about *about)
{
	uint32_t *found = arena_array(ask->arena, ask->region->nplaces + 1, sizeof *found);
	size_t count = find_unasked(ask, about, found);

	out_object(out, "unasked");
	out_int(out, "count", (int64_t)count);
	out_array(out, "places");
	for (size_t i = 0; i < count && i < SHOWN_MAX; i++)
		out_text(out, NULL, ask->region->places[found[i]].code);
	out_array_end(out);
	out_object_end(out);
	out_array(out, "notices");
	if (count > 0)
		put_sentence(out, ask, about, found, count);
	if (about->over != NULL)
		out_text(out, NULL, about->over);
	out_array_end(out);
}
