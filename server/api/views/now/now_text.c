/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/api/views/now/now_parts.h"
#include "server/api/views/parts/hours_words.h"
#include "server/api/views/parts/notices.h"
#include "server/api/views/parts/override_words.h"
#include "server/api/views/parts/sources.h"

/* Each name is followed by its source and the age of that: on paper nothing else says how old it
 * is. */
static void
add_source(struct now_lines *out, const struct now_frame *frame, uint32_t rota)
{
	const struct kept_feed *feed = frame->map->feeds[rota];
	const char *id = frame->map->setup->region->rotas[rota].id;
	int64_t uploaded_at = source_uploaded_at(feed);
	char age[40], checked[ZONE_TEXT_MAX];

	/* Nothing is fetched for a typed rota, so there is no check whose age could be shown. */
	if (feed != NULL && feed->facts.kind == FEED_TYPED) {
		now_add_line(out, "      ", "rota %s, typed in here", id);
		return;
	}
	/* An uploaded file is not checked again, so its age is that of the upload. */
	if (uploaded_at != INSTANT_NEVER) {
		now_add_line(out, "      ", "rota %s, %s, %s ago, %s", id,
		    feed->facts.upload != 0 ? source_instead : "uploaded",
		    now_age_words(frame->now - uploaded_at, age),
		    now_time_words(frame, uploaded_at, checked));
		return;
	}
	if (feed != NULL && feed->facts.kind == FEED_FILE) {
		now_add_line(out, "      ", "rota %s, nothing uploaded yet", id);
		return;
	}
	if (feed == NULL || feed->facts.last_good_at == INSTANT_NEVER) {
		now_add_line(out, "      ", "rota %s, never checked", id);
		return;
	}
	now_add_line(out, "      ", "rota %s, %s: checked %s ago, %s", id,
	    freshness_name(kept_feed_freshness(feed, frame->now)),
	    now_age_words(frame->now - feed->facts.last_good_at, age),
	    now_time_words(frame, feed->facts.last_good_at, checked));
}

/* An override is said to be one, with who made it: the calendar on the reader's wall may have another name. */
static void
add_override(struct now_lines *out, const struct now_frame *frame, const struct lookup_duty *duty)
{
	struct buf words = {0};

	override_words_made(&words, frame->map->setup, duty->override,
	    rota_block_text(frame->map->rotas[duty->rota], duty->override->made_by),
	    frame->sight != SIGHT_COUNTS);
	now_add_wrapped(out, "      ", words.at);
	buf_free(&words);
}

static void
add_warnings(
    struct now_lines *out, const struct now_frame *frame, const struct lookup_function *item)
{
	struct buf words = {0};

	for (size_t i = 0; i < item->nwarnings; i++) {
		buf_reset(&words);
		override_words_warning(
		    &words, &(struct override_told){
				frame->map->setup,
				frame->map->setup->region->rotas[item->warnings[i].rota].id,
				item->warnings[i].override,
				frame->sight != SIGHT_COUNTS,
			    });
		now_add_wrapped(out, "  WARNING: ", words.at);
	}
	buf_free(&words);
}

/* " DISPUTED: S Ahmed or P Lee tel +441632960456": all who may be on, and the number at which to
 * ask. None of them counts as cover. */
static void
add_disputed(
    struct now_lines *out, const struct now_frame *frame, const struct lookup_function *item)
{
	const struct region *region = frame->map->setup->region;
	bool named = frame->sight != SIGHT_COUNTS;

	for (size_t i = 0; i < item->nwarnings; i++) {
		const struct kept_override *override = item->warnings[i].override;
		uint32_t rota = item->warnings[i].rota;
		struct region_ring ring =
		    now_team_ring(frame, region->rotas[rota].service, REGION_NONE);
		struct buf names = {0};

		if (override->kind != OVERRIDE_DISPUTED)
			continue;
		/* Names are replaced by their side where the account sees none, so that the line
		 * still shows that two are in question. */
		buf_add_text(&names, override->person == REGION_NONE ? "nobody"
				     : named ? region_person(region, override->person)->name
					     : "(by a change here)");
		for (uint32_t j = 0; j < override->nthird; j++)
			buf_printf(&names, " or %s",
			    named && override->third[j] != REGION_NONE
				? region_person(region, override->third[j])->name
				: "(by the calendar)");
		if (override->nthird == 0 && override->instead != REGION_NONE)
			buf_printf(&names, " or %s",
			    named ? region_person(region, override->instead)->name
				  : "(who was replaced)");
		buf_add_text(&names, "  tel ");
		region_ring_words(&names, &ring, "none given");
		now_add_line(out, "  DISPUTED: ", "%s", names.at);
		buf_free(&names);
	}
}

/* The person covers other places at the same time, so may take longer to come. */
static void
add_shared(struct now_lines *out, const struct now_frame *frame, const struct lookup_duty *duty)
{
	const struct region *region = frame->map->setup->region;
	struct buf names = {0};

	if (duty->shared.count == 0)
		return;
	for (uint32_t i = 0; i < duty->shared.count; i++)
		buf_printf(
		    &names, "%s%s", i == 0 ? "" : ", ", region->places[duty->shared.items[i]].name);
	now_add_line(out, "      ", "shared with %s", names.at);
	buf_free(&names);
}

/* "J Jones  tel +441632960456 ext 4421  mobile +447700900123" */
void
now_who_words(struct buf *words, const struct now_frame *frame, const struct lookup_duty *duty)
{
	struct region_ring team = now_team_ring(frame, duty->service, duty->person);
	struct region_ring own = now_own_ring(frame, duty->person);
	const struct region *region = frame->map->setup->region;
	const char *name =
	    now_name(frame, duty, &region->functions[region->services[duty->service].function]);

	buf_printf(words, "%s%s  tel ", name != NULL ? name : "(on call)",
	    duty->person == REGION_NONE ? " (team)" : "");
	region_ring_words(words, &team, "none given");
	if (frame->sight == SIGHT_MOBILES && (own.phone != NULL || own.via_switchboard)) {
		buf_add_text(words, "  mobile ");
		region_ring_words(words, &own, "");
	}
}

static void
add_who(struct now_lines *out, const struct now_frame *frame, const struct lookup_duty *duty)
{
	struct buf words = {0};

	now_who_words(&words, frame, duty);
	now_add_line(out, "    ", "%s", words.at);
	buf_free(&words);
}

static void
add_duty(struct now_lines *out, const struct now_frame *frame, const struct lookup_duty *duty)
{
	bool named = frame->sight != SIGHT_COUNTS;
	char until[ZONE_TEXT_MAX], from[ZONE_TEXT_MAX];

	add_who(out, frame, duty);
	now_add_reported(out, frame, "      ! ", duty->reported);
	now_add_notes(out, frame, "      NOTE: ", duty->notes);
	if (!duty->holds)
		now_add_line(out, "      ",
		    "not listed as holding this function: on the rota as a member of the organisation only");
	if (!duty->approved)
		now_add_line(out, "      ", "NOT APPROVED for this function here at the time");
	if (!now_reachable(frame, duty))
		now_add_line(out, "      ", "NO NUMBER IS KNOWN: ask your switchboard");
	if (duty->next_name != NULL)
		now_add_line(out, "      ", "until %s, then %s from %s",
		    now_time_words(frame, duty->served.end, until),
		    named ? duty->next_name : "another",
		    now_time_words(frame, duty->next_from, from));
	else
		now_add_line(
		    out, "      ", "until %s", now_time_words(frame, duty->served.end, until));
	add_shared(out, frame, duty);
	if (duty->override != NULL)
		add_override(out, frame, duty);
	if (duty->shift->as_last_read)
		now_add_line(out, "      ", "%s", source_as_last_read);
	add_source(out, frame, duty->rota);
}

static void
add_duties(struct now_lines *out, const struct now_frame *frame, const char *heading,
    struct lookup_duties duties)
{
	if (duties.count == 0)
		return;
	now_add_line(out, "  ", "%s", heading);
	for (size_t i = 0; i < duties.count; i++)
		add_duty(out, frame, &duties.items[i]);
}

/* "Rota fenmere-duty is held back, the last good copy is used: The calendar is empty now; …" What is wrong is for those
 * who can fix it: what it means for everybody else is in the state and its cause. */
static void
add_source_fault(struct now_lines *out, const struct now_frame *frame, uint32_t rota)
{
	const struct region *region = frame->map->setup->region;
	const struct kept_feed *feed = frame->map->feeds[rota];
	bool fixes = frame->fixer != NULL && rights_change_rota(region, frame->fixer, rota);
	const char *use = "";

	if (feed != NULL && feed->facts.upload != 0)
		use = arena_printf(out->arena, ", %s", source_instead);
	else if (feed != NULL && feed->facts.standing == FEED_HELD)
		use = " is held back, the last good copy is used";
	if (fixes)
		now_add_line(out, "  ", "! Rota %s%s: %s", region->rotas[rota].id, use,
		    source_fault(frame->map, rota, frame->now));
	else if (*use != '\0')
		now_add_line(out, "  ", "! Rota %s%s", region->rotas[rota].id, use);
}

/* Faults come before the names, so that they are read first. */
static void
add_sources(struct now_lines *out, const struct now_frame *frame, uint32_t function)
{
	struct source_walk walk = source_walk(frame->map, frame->now, frame->lookup->place,
	    function, (struct span_time){frame->lookup->at, frame->lookup->at + 1});
	uint32_t rota;

	while ((rota = source_walk_next(&walk)) != REGION_NONE)
		add_source_fault(out, frame, rota);
}

/* Entries of the rota that nobody has decided yet; a title may hold any name. */
static void
add_undecided(
    struct now_lines *out, const struct now_frame *frame, const struct lookup_function *item)
{
	char until[ZONE_TEXT_MAX];

	for (size_t i = 0; i < item->nundecided; i++) {
		const struct lookup_entry *entry = &item->undecided[i];
		const char *title = now_shown_text(
		    frame, rota_block_text(frame->map->rotas[entry->rota], entry->shift->title));

		now_add_line(out, "  ", "Rota %s says, undecided, until %s: %s",
		    frame->map->setup->region->rotas[entry->rota].id,
		    now_time_words(frame, entry->served.end, until),
		    frame->sight == SIGHT_COUNTS ? "(not shown to you)"
		    : title != NULL              ? title
						 : "(nothing)");
	}
}

static void
add_fallback(
    struct now_lines *out, const struct now_frame *frame, const struct lookup_function *item)
{
	struct buf words = {0};

	if (now_fallback_words(&words, frame, item))
		now_add_line(out, "  ", "Instead: %s", words.at);
	buf_free(&words);
}

/* The numbers to ring where cover is missing or doubtful.
 * The same order as in JSON (put_numbers()). */
void
now_add_numbers(
    struct now_lines *out, const struct now_frame *frame, const struct lookup_function *item)
{
	static const char *const ring[] = {
	    [LOOKUP_SWITCHBOARD] = "Ring",
	    [LOOKUP_FALLBACK] = "Instead",
	    [LOOKUP_LINE] = "Last resort",
	};

	for (size_t i = 0; i < item->nnumbers; i++) {
		const struct lookup_number *number = &item->numbers[i];
		struct buf words = {0};

		if (!now_number_words(&words, frame, number))
			buf_add_text(&words, "the fallback");
		buf_add_text(&words, "  tel ");
		region_ring_words(&words,
		    &(struct region_ring){number->phone,
			number->line == NULL ? NULL : number->line->extension,
			number->line == NULL ? NULL : number->line->bleep, false},
		    "");
		now_add_line(out, "  ", "%s: %s", ring[number->kind], words.at);
		now_add_reported(out, frame, "    ! ", number->reported);
		buf_free(&words);
	}
	if (item->nnumbers == 0 && (item->state == COVER_GAP || item->state == COVER_UNKNOWN))
		now_add_line(out, "  ", "NO NUMBER IS KNOWN: ask your switchboard");
	/* A fallback that has a number was printed with the numbers. */
	if (item->fallback_phone == NULL && item->state != COVER_COVERED)
		add_fallback(out, frame, item);
}

/* When somebody will be on, for who asks while nobody has to be. */
static void
add_hours(struct now_lines *out, const struct now_frame *frame, const struct lookup_function *item)
{
	const char *hours = hours_words(frame->arena, frame->map->setup, frame->lookup->place,
	    item->function, frame->lookup->at);

	if (hours != NULL)
		now_add_line(out, "  ", "Commissioned: %s", hours);
}

void
now_add_state(
    struct now_lines *out, const struct now_frame *frame, const struct lookup_function *item)
{
	const struct region *region = frame->map->setup->region;

	now_add_heading(out, region->functions[item->function].name, cover_state_name(item->state));
	if (item->required > 0)
		now_add_line(out, "  ", "%s (%d of %d needed)", now_function_words(item),
		    item->present, item->required);
	else
		now_add_line(out, "  ", "%s", now_function_words(item));
	if (item->state == COVER_NOT_COMMISSIONED)
		add_hours(out, frame, item);
	/* Each part of a bundle has its own. */
	if (item->cause != CAUSE_NONE && item->nbundles == 0)
		now_add_line(out, "  ", "%s", cover_cause_text(item->cause));
	now_add_accepted(out, frame, item);
	now_add_notes(out, frame, "  NOTE: ", item->notes);
}

void
now_add_doubts(
    struct now_lines *out, const struct now_frame *frame, const struct lookup_function *item)
{
	add_sources(out, frame, item->function);
	add_disputed(out, frame, item);
	add_warnings(out, frame, item);
}

void
now_add_unsure(
    struct now_lines *out, const struct now_frame *frame, const struct lookup_function *item)
{
	add_duties(out, frame, "On the rota, but does not count here:", item->not_counted);
	add_duties(out, frame, "Last known, not confirmed since then:", item->last_known);
	add_undecided(out, frame, item);
}

/* In the order in which a reader acts: the state, the fault, who is on, whom to ring. */
static void
add_function(
    struct now_lines *out, const struct now_frame *frame, const struct lookup_function *item)
{
	now_add_state(out, frame, item);
	now_add_bundles(out, frame, item);
	now_add_doubts(out, frame, item);
	for (size_t i = 0; i < item->on_call.count; i++)
		add_duty(out, frame, &item->on_call.items[i]);
	now_add_unsure(out, frame, item);
	/* A ladder has these numbers, too. */
	if (!now_add_ladder(out, frame, item))
		now_add_numbers(out, frame, item);
	now_add_own_navigators(out, frame, item);
	now_add_protocols(out, frame, item->protocols);
	now_add_blank(out);
}

/* Made from the same frame as the JSON, so that the two cannot disagree. */
void
now_render_lines(struct now_lines *out, const struct now_frame *frame)
{
	now_add_head(out, frame);
	for (size_t i = 0; i < frame->lookup->count; i++)
		add_function(out, frame, &frame->lookup->items[i]);
	if (frame->lookup->count == 0)
		now_add_line(out, "", "%s", NOTICE_NOTHING);
	now_add_sites(out, frame);
	now_add_navigators(out, frame);
}

void
now_render_text(struct buf *out, const struct now_frame *frame)
{
	struct arena *arena = arena_new(0);
	struct now_lines lines = {.arena = arena};

	now_render_lines(&lines, frame);
	now_lines_print(out, &lines);
	arena_free(arena);
}
