/* SPDX-License-Identifier: MIT */
#include "server/api/views/now/now_render.h"
#include "server/base/civil.h"

/* Sentences that the Now answer has in JSON and in text. */

/* The readers are in a hurry and have not read any description. */
const char *
now_state_words(enum cover_state state)
{
	switch (state) {
	case COVER_COVERED:
		return "COVERED";
	case COVER_SHORT:
		return "SHORT: fewer than needed";
	case COVER_GAP:
		return "GAP: NOBODY IS ON THE ROTA";
	case COVER_UNKNOWN:
		return "We cannot confirm who is on call";
	case COVER_NOT_COMMISSIONED:
	case COVER_STATES:
		break;
	}
	return "Not commissioned at this hour";
}

/* Of a bundle others are on: it is not said that nobody is. */
const char *
now_bundle_words(enum cover_state state)
{
	return state == COVER_GAP ? "GAP: PART OF IT IS MISSING" : now_state_words(state);
}

const char *
now_function_words(const struct lookup_function *item)
{
	return item->nbundles > 0 ? now_bundle_words(item->state) : now_state_words(item->state);
}

/* "1 Apr 2027" */
static void
add_day(struct buf *words, int64_t days)
{
	static const char *const months[] = {
	    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	int year, month, day;

	civil_from_days(days, &year, &month, &day);
	buf_printf(words, "%d %s %d", day, months[month - 1], year);
}

/* For a place that does not exist at that instant: who answers in its stead. */
static void
add_send_on(struct buf *words, const struct now_frame *frame)
{
	const struct region *region = frame->map->setup->region;
	const struct succession *succession = &frame->lookup->succession;
	bool ended = succession->life == PLACE_ENDED;

	buf_printf(words, "%s %s on ", region->places[frame->lookup->place].name,
	    ended ? "ended" : "begins");
	add_day(words, succession->day);
	buf_add_text(words, succession->instead.count > 0 ? ". Ask for "
			    : ended ? ". No successor is named: ask your switchboard"
				    : ". Ask your switchboard");
	for (uint32_t i = 0; i < succession->instead.count; i++) {
		const struct region_place *other = &region->places[succession->instead.items[i]];

		buf_printf(words, "%s%s (%s)", i == 0 ? "" : " or ", other->name, other->code);
	}
}

/* False: there is no fallback. A place that does not exist sends callers on, whatever its services
 * say. */
bool
now_fallback_words(
    struct buf *words, const struct now_frame *frame, const struct lookup_function *item)
{
	if (frame->lookup->succession.life != PLACE_LIVES)
		add_send_on(words, frame);
	else if (item->fallback_text != NULL)
		buf_add_text(words, now_shown_text(frame, item->fallback_text));
	else
		return false;
	return true;
}

/* A line that is probably not answered is described as such, so that the caller does not wait at
 * it. */
bool
now_number_words(
    struct buf *words, const struct now_frame *frame, const struct lookup_number *number)
{
	const struct region *region = frame->map->setup->region;
	const struct region_service *service =
	    number->service == REGION_NONE ? NULL : &region->services[number->service];

	if (number->kind == LOOKUP_SWITCHBOARD)
		buf_printf(words, "Switchboard of %s", region->places[frame->lookup->place].name);
	else if (service == NULL)
		add_send_on(words, frame);
	else if (number->kind == LOOKUP_LINE)
		buf_printf(words, "%s: nobody is %son this rota: this line may not be answered",
		    service->name, number->nobody ? "" : "confirmed ");
	else if (service->fallback_text != NULL)
		buf_add_text(words, now_shown_text(frame, service->fallback_text));
	else
		return false;
	return true;
}
