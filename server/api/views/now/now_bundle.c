/* SPDX-License-Identifier: MIT */
#include "server/api/views/now/now_lines.h"
#include "server/api/views/now/now_render.h"
#include "server/api/views/parts/bundle_put.h"
#include "server/model/region_protected.h"

/* The bundles of a function in the Now answer: what each part needs, who fills it, and what is
 * missing. */

/* As now_name(), of somebody who fills a part. */
static const char *
name_of(const struct now_frame *frame, const struct lookup_filler *filler)
{
	const struct region *region = frame->map->setup->region;

	if (frame->sight == SIGHT_COUNTS)
		return NULL;
	if (filler->person == REGION_NONE ||
	    !region_is_withheld(region_person(region, filler->person)))
		return filler->name;
	return region_withheld_name(
	    frame->arena, region, region_person(region, filler->person), filler->function);
}

static void
put_people(struct json_out *out, const struct now_frame *frame, const struct lookup_part *part)
{
	const struct region *region = frame->map->setup->region;

	out_array(out, "people");
	for (size_t i = 0; i < part->npeople; i++) {
		out_object(out, NULL);
		out_text(out, "name", name_of(frame, &part->people[i]));
		out_text(out, "function", region->functions[part->people[i].function].code);
		out_bool(out, "team", part->people[i].person == REGION_NONE);
		out_object_end(out);
	}
	out_array_end(out);
}

static void
put_part(struct json_out *out, const struct now_frame *frame, const struct lookup_part *part)
{
	out_object(out, NULL);
	bundle_put_part(out, frame->map->setup->region, part);
	put_people(out, frame, part);
	out_object_end(out);
}

void
now_put_bundles(
    struct json_out *out, const struct now_frame *frame, const struct lookup_function *item)
{
	const struct region *region = frame->map->setup->region;

	out_array(out, "bundles");
	for (size_t i = 0; i < item->nbundles; i++) {
		const struct lookup_bundle *bundle = &item->bundles[i];

		out_object(out, NULL);
		out_text(out, "id", region->requirements[bundle->requirement].id);
		out_text(out, "state", cover_state_name(bundle->state));
		bundle_put_cause(out, bundle->cause);
		out_int(out, "required", bundle->required);
		out_int(out, "present", bundle->present);
		out_time(out, "since", bundle->since);
		out_time(out, "until", bundle->until);
		out_array(out, "parts");
		for (size_t j = 0; j < bundle->nparts; j++)
			put_part(out, frame, &bundle->parts[j]);
		out_array_end(out);
		out_object_end(out);
	}
	out_array_end(out);
}

/* --------------------------------------------------------------------------------------- text */

static void
add_part(struct now_lines *out, const struct now_frame *frame, const struct lookup_part *part)
{
	struct buf words = {0};

	bundle_part_words(&words, frame->map->setup->region, part->part);
	buf_printf(&words, ": %d of %d", part->present, part->part->count);
	for (size_t i = 0; frame->sight != SIGHT_COUNTS && i < part->npeople; i++)
		buf_printf(&words, "%s%s", i > 0 ? ", " : " - ", name_of(frame, &part->people[i]));
	now_add_line(
	    out, part->state == COVER_COVERED ? "  Part: " : "  MISSING: ", "%s", words.at);
	if (part->cause != CAUSE_NONE)
		now_add_line(out, "    ", "%s", cover_cause_text(part->cause));
	buf_free(&words);
}

/* Until when the bundle is whole; or since when it is not, and from when on. What is not known is left out. */
static void
add_times(struct now_lines *out, const struct now_frame *frame, const struct lookup_bundle *bundle)
{
	bool whole = bundle->state == COVER_COVERED;
	char time[ZONE_TEXT_MAX];

	if (!whole && bundle->since != INSTANT_NONE)
		now_add_line(
		    out, "  ", "Not whole since %s", now_time_words(frame, bundle->since, time));
	if (bundle->until != INSTANT_NONE)
		now_add_line(out, "  ", whole ? "Whole until %s" : "The rotas say whole from %s",
		    now_time_words(frame, bundle->until, time));
}

void
now_add_bundles(
    struct now_lines *out, const struct now_frame *frame, const struct lookup_function *item)
{
	for (size_t i = 0; i < item->nbundles; i++) {
		const struct lookup_bundle *bundle = &item->bundles[i];

		/* Several at one place are told apart by their ids. */
		if (item->nbundles > 1)
			now_add_line(out, "  ", "%s: %s",
			    frame->map->setup->region->requirements[bundle->requirement].id,
			    now_bundle_words(bundle->state));
		for (size_t j = 0; j < bundle->nparts; j++)
			add_part(out, frame, &bundle->parts[j]);
		add_times(out, frame, bundle);
	}
}
