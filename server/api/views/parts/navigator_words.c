/* SPDX-License-Identifier: MIT */
#include "server/api/views/parts/navigator_words.h"

#include "server/api/views/parts/hours_words.h"
#include "server/api/views/parts/ring_put.h"
#include "server/base/instant.h"

/* With who said so, since when and until when: it is against its hours. */
static const char *
closed_words(
    const struct navigator_told *told, const struct lookup_navigator *navigator, const char *opens)
{
	const struct region *region = told->setup->region;
	uint32_t whose = region->navigators[navigator->navigator].organisation;
	char until[ZONE_TEXT_MAX], since[ZONE_TEXT_MAX];

	zone_text(told->setup->zone, navigator->closed.end, until);
	zone_text(told->setup->zone, navigator->closed.start, since);
	return arena_printf(told->arena, "CLOSED until %s, %s said so on %s%s%s", until,
	    region->organisations[whose].name, since, *opens != '\0' ? "; opens " : "", opens);
}

const char *
navigator_state_words(const struct navigator_told *told, const struct lookup_navigator *navigator)
{
	const struct navigator_answer *is = &navigator->is;
	char until[ZONE_TEXT_MAX] = "", opens[ZONE_TEXT_MAX] = "";

	if (is->until != INSTANT_NONE)
		zone_text(told->setup->zone, is->until, until);
	if (is->opens != INSTANT_NONE)
		zone_text(told->setup->zone, is->opens, opens);
	switch (is->state) {
	case NAVIGATOR_OPEN:
		return *until == '\0' ? "open" : arena_printf(told->arena, "open until %s", until);
	case NAVIGATOR_SHUT:
		return *opens == '\0' ? "shut" : arena_printf(told->arena, "shut, opens %s", opens);
	case NAVIGATOR_CLOSED:
		return closed_words(told, navigator, opens);
	case NAVIGATOR_UNKNOWN:
	case NAVIGATOR_STATES:
		break;
	}
	return "we cannot confirm that it is open: ring first";
}

static struct region_ring
ring_of(const struct navigator_told *told, const struct region_navigator *navigator)
{
	return region_ring(navigator->line, told->from);
}

const char *
navigator_way_words(const struct navigator_told *told, uint32_t index)
{
	const struct region_navigator *navigator = &told->setup->region->navigators[index];
	struct region_ring ring = ring_of(told, navigator);
	struct buf words = {0};
	const char *made;

	if (navigator->line != NULL) {
		buf_add_text(&words, "tel ");
		region_ring_words(&words, &ring, "by your switchboard");
	}
	if (navigator->address != NULL)
		buf_printf(&words, "%s%s%s", words.len > 0 ? ", " : "", navigator->address,
		    navigator->walk_in ? ", no need to ring first" : "");
	made = arena_strdup(told->arena, words.at != NULL ? words.at : "");
	buf_free(&words);
	return made;
}

static const char *
place_code(const struct region *region, uint32_t index)
{
	return region->places[index].code;
}

static const char *
area_code(const struct region *region, uint32_t index)
{
	return region->areas[index].code;
}

static const char *
function_code(const struct region *region, uint32_t index)
{
	return region->functions[index].code;
}

static void
put_codes(struct json_out *out, const char *key, const struct region *region,
    const struct region_list *list, const char *(*code)(const struct region *, uint32_t))
{
	out_array(out, key);
	for (uint32_t i = 0; i < list->count; i++)
		out_text(out, NULL, code(region, list->items[i]));
	out_array_end(out);
}

void
navigator_put(struct json_out *out, const struct navigator_told *told,
    const struct lookup_navigator *navigator)
{
	const struct region *region = told->setup->region;
	const struct region_navigator *card = &region->navigators[navigator->navigator];
	const struct region_organisation *whose = &region->organisations[card->organisation];

	out_text(out, "id", card->id);
	out_text(out, "name", card->name);
	out_text(out, "kind", card->kind);
	out_text(out, "organisation", whose->code);
	out_text(out, "organisation_name", whose->name);
	out_text(out, "for", card->whom);
	out_text(out, "address", card->address);
	ring_put(out, ring_of(told, card));
	out_text(out, "hours", hours_words_of(told->arena, card->hours, card->nhours));
	out_bool(out, "walk_in", card->walk_in);
	out_bool(out, "self_referral", card->self_referral);
	put_codes(out, "places", region, &card->places, place_code);
	put_codes(out, "areas", region, &card->areas, area_code);
	put_codes(out, "functions", region, &card->functions, function_code);
	out_text(out, "state", navigator_state_name(navigator->is.state));
	out_time(out, "until", navigator->is.until);
	out_time(out, "opens", navigator->is.opens);
	out_time(out, "closed_since",
	    span_is_empty(navigator->closed) ? INSTANT_NONE : navigator->closed.start);
	out_time(out, "closed_until",
	    span_is_empty(navigator->closed) ? INSTANT_NONE : navigator->closed.end);
	out_text(out, "text", navigator_state_words(told, navigator));
}
