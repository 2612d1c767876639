/* SPDX-License-Identifier: MIT */
#include "server/api/views/now/now_lines.h"
#include "server/api/views/now/now_render.h"
#include "server/api/views/parts/hours_words.h"
#include "server/model/hours.h"

/* Sites in the Now answer: services that share a front desk, as one card with their states. The
 * state is that of the service's function here; a service of a function that was not asked for has
 * none. */

static const struct region_place *
place_of(const struct now_frame *frame)
{
	return &frame->map->setup->region->places[frame->lookup->place];
}

/* Whether the front desk is answered at the instant. */
static bool
is_open(const struct now_frame *frame, const struct region_site *site)
{
	const struct snapshot_region *setup = frame->map->setup;
	struct hours_lines lines = {site->hours, site->nhours};

	return site->nhours == 0 ||
	       hours_pieces(frame->arena, &lines, setup->zone, &setup->holidays,
		   (struct span_time){frame->lookup->at, frame->lookup->at + 1})
		       .count > 0;
}

static const struct lookup_function *
function_of(const struct now_frame *frame, uint32_t service)
{
	uint32_t function = frame->map->setup->region->services[service].function;

	for (size_t i = 0; i < frame->lookup->count; i++)
		if (frame->lookup->items[i].function == function)
			return &frame->lookup->items[i];
	return NULL;
}

static void
put_service(struct json_out *out, const struct now_frame *frame, uint32_t index)
{
	const struct region *region = frame->map->setup->region;
	const struct region_service *service = &region->services[index];
	const struct lookup_function *item = function_of(frame, index);

	out_object(out, NULL);
	out_text(out, "service", service->id);
	out_text(out, "name", service->name);
	out_text(out, "function", region->functions[service->function].code);
	out_text(out, "state", item != NULL ? cover_state_name(item->state) : NULL);
	out_object_end(out);
}

void
now_put_sites(struct json_out *out, const struct now_frame *frame)
{
	const struct region_place *place = place_of(frame);

	out_array(out, "sites");
	for (uint32_t i = 0; i < place->nsites; i++) {
		const struct region_site *site = &place->sites[i];

		out_object(out, NULL);
		out_text(out, "name", site->name);
		out_text(out, "phone", site->phone);
		out_text(out, "hours", hours_words_of(frame->arena, site->hours, site->nhours));
		out_bool(out, "open", is_open(frame, site));
		out_array(out, "services");
		for (uint32_t j = 0; j < site->services.count; j++)
			put_service(out, frame, site->services.items[j]);
		out_array_end(out);
		out_object_end(out);
	}
	out_array_end(out);
}

void
now_add_sites(struct now_lines *out, const struct now_frame *frame)
{
	const struct region *region = frame->map->setup->region;
	const struct region_place *place = place_of(frame);

	for (uint32_t i = 0; i < place->nsites; i++) {
		const struct region_site *site = &place->sites[i];
		const char *hours = hours_words_of(frame->arena, site->hours, site->nhours);

		now_add_heading(out, now_shown_text(frame, site->name), NULL);
		now_add_line(out, "  ", "Front desk, %s now  tel %s",
		    is_open(frame, site) ? "open" : "closed", site->phone);
		if (hours != NULL)
			now_add_line(out, "  ", "Hours: %s", hours);
		for (uint32_t j = 0; j < site->services.count; j++) {
			uint32_t service = site->services.items[j];
			const struct lookup_function *item = function_of(frame, service);

			now_add_line(out, "    ", "%s: %s", region->services[service].name,
			    item != NULL ? now_function_words(item) : "(not asked for)");
		}
		now_add_blank(out);
	}
}
