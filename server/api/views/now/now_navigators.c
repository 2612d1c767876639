/* SPDX-License-Identifier: MIT */
#include "server/api/views/now/now_lines.h"
#include "server/api/views/now/now_render.h"
#include "server/api/views/parts/hours_words.h"
#include "server/api/views/parts/navigator_words.h"

/* Where to send somebody instead, in the Now answer. Cards name nobody. */

static struct navigator_told
told_of(const struct now_frame *frame)
{
	const struct snapshot_region *setup = frame->map->setup;

	return (struct navigator_told){
	    frame->arena, setup, &setup->region->places[frame->lookup->place]};
}

void
now_put_navigators(struct json_out *out, const struct now_frame *frame)
{
	struct navigator_told told = told_of(frame);

	out_array(out, "navigators");
	for (size_t i = 0; i < frame->lookup->nnavigators; i++) {
		out_object(out, NULL);
		navigator_put(out, &told, &frame->lookup->navigators[i]);
		out_object_end(out);
	}
	out_array_end(out);
}

static void
add_card(
    struct now_lines *out, const struct now_frame *frame, const struct lookup_navigator *navigator)
{
	struct navigator_told told = told_of(frame);
	const struct region *region = frame->map->setup->region;
	const struct region_navigator *card = &region->navigators[navigator->navigator];
	const char *hours = hours_words_of(frame->arena, card->hours, card->nhours);

	now_add_line(out, "  ", "%s: %s", now_shown_text(frame, card->name),
	    navigator_state_words(&told, navigator));
	now_add_line(out, "    ", "%s",
	    now_shown_text(frame, navigator_way_words(&told, navigator->navigator)));
	now_add_line(out, "      ", "For %s", now_shown_text(frame, card->whom));
	if (hours != NULL)
		now_add_line(out, "      ", "Hours: %s", hours);
	now_add_line(out, "      ", "Of %s", region->organisations[card->organisation].name);
}

void
now_add_navigators(struct now_lines *out, const struct now_frame *frame)
{
	if (frame->lookup->nnavigators == 0)
		return;
	now_add_heading(out, "Where else to go", NULL);
	for (size_t i = 0; i < frame->lookup->nnavigators; i++)
		add_card(out, frame, &frame->lookup->navigators[i]);
	now_add_blank(out);
}

/* Cards of this function alone, unless they are shut: those of every function are at the end. */
void
now_add_own_navigators(
    struct now_lines *out, const struct now_frame *frame, const struct lookup_function *item)
{
	struct navigator_told told = told_of(frame);
	const struct lookup *lookup = frame->lookup;

	if (item->state == COVER_COVERED)
		return;
	for (size_t i = 0; i < lookup->nnavigators; i++) {
		const struct lookup_navigator *one = &lookup->navigators[i];
		const struct region_navigator *card =
		    &frame->map->setup->region->navigators[one->navigator];

		if (one->is.state <= NAVIGATOR_UNKNOWN && card->functions.count > 0 &&
		    navigator_serves(card, item->function))
			now_add_line(out, "  Or: ", "%s (%s)  %s",
			    now_shown_text(frame, card->name), navigator_state_words(&told, one),
			    now_shown_text(frame, navigator_way_words(&told, one->navigator)));
	}
	if (lookup->nnavigators > 0)
		now_add_line(out, "  ", "Or see \"Where else to go\" at the end");
}
