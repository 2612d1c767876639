/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/json_out.h"
#include "server/api/ask/protection.h"
#include "server/api/ask/rights.h"
#include "server/api/views/parts/map_age.h"
#include "server/map/fragile_cover.h"
#include "server/map/lookup.h"
#include "server/model/region_contact.h"

struct now_lines;

/* The Now answer as JSON and as text. Pure. */
struct now_frame {
	const struct snapshot *map;
	const struct lookup *lookup;
	enum sight sight;
	const struct protection_view *view; /* of which ${map} is; NULL: nobody is withheld */
	struct map_age age;
	int64_t now; /* when freshness is judged */
	/* who is told what is wrong with a source of its own; NULL: nobody, as on paper */
	const struct account *fixer;
	const struct fragile_cover_list *fragile; /* NULL: not computed */
	struct arena *arena; /* for sentences: of hours, ${fragile} and ${view} */
};

void now_render_json(struct json_out *out, const struct now_frame *frame);

/* The one source of its words, for every form that people read. */
void now_render_lines(struct now_lines *out, const struct now_frame *frame);

/* The place, the time and the age of the answer. */
void now_add_head(struct now_lines *out, const struct now_frame *frame);

/* "2 h 10 min"; "Sun 22 Nov 2026 03:10 GMT". Both answer ${out}. */
#define NOW_AGE_MAX 40
const char *now_age_words(int64_t seconds, char out[NOW_AGE_MAX]);
const char *now_time_words(const struct now_frame *frame, int64_t utc, char out[ZONE_TEXT_MAX]);

/* At most 80 columns. */
void now_render_text(struct buf *out, const struct now_frame *frame);

/* As the body of a page: escaped, with a heading for each function. */
void now_render_html(struct buf *out, const struct now_frame *frame);

/* Where to go instead of ${item}, appended to ${words}. False: there is none. */
bool now_fallback_words(
    struct buf *words, const struct now_frame *frame, const struct lookup_function *item);

/* The state, for somebody in a hurry. */
const char *now_state_words(enum cover_state state);
const char *now_bundle_words(enum cover_state state);
const char *now_function_words(const struct lookup_function *item);

/* What ${number} is, appended to ${words}. False: it has none. */
bool now_number_words(
    struct buf *words, const struct now_frame *frame, const struct lookup_number *number);

/* Whether any number is known by which to ring them: the service's or their own, no matter who
 * may see it. */
bool now_reachable(const struct now_frame *frame, const struct lookup_duty *duty);

/* The numbers to ring from the place that asks: for ${person} (REGION_NONE: a team line) on call
 * for the service, and the person's own. */
struct region_ring now_team_ring(const struct now_frame *frame, uint32_t service, uint32_t person);
struct region_ring now_own_ring(const struct now_frame *frame, uint32_t person);

/* What was remarked, as JSON and as lines of text. Notes are for those who see names. */
void now_put_reported(
    struct json_out *out, const struct now_frame *frame, const struct kept_report *report);
void now_put_notes(struct json_out *out, const struct now_frame *frame, struct kept_notes notes);
void now_add_reported(struct now_lines *out, const struct now_frame *frame, const char *first,
    const struct kept_report *report);
/* Until when the risk of the gap at the instant is accepted; INSTANT_NEVER: it is covered, or not accepted. */
int64_t now_accepted_until(const struct now_frame *frame, const struct lookup_function *item);
/* Adds that the risk of its gap is accepted, if it is. */
void now_add_accepted(
    struct now_lines *out, const struct now_frame *frame, const struct lookup_function *item);
void now_add_notes(struct now_lines *out, const struct now_frame *frame, const char *first,
    struct kept_notes notes);

/* Whom to ring for ${item}, in order; in ${frame->arena}. */
void now_ladder_of(
    const struct now_frame *frame, const struct lookup_function *item, struct lookup_ladder *out);

/* Of one of them: what was reported (NULL: nothing), who it is in words (appended; false: there are
 * none), and why it is passed over ("no_answer", …, "same_number"; NULL: it is not). */
const struct kept_report *now_step_reported(
    const struct now_frame *frame, const struct lookup_ladder *made, size_t index);
bool now_step_words(struct buf *words, const struct now_frame *frame,
    const struct lookup_ladder *made, size_t index);
const char *now_step_passed(const struct ladder_step *rung);

/* As JSON: one of them, the member "ladder" of a function, and the whole answer about one function. */
void now_put_step(struct json_out *out, const char *key, const struct now_frame *frame,
    const struct lookup_ladder *made, size_t index);
void now_put_ladder(
    struct json_out *out, const struct now_frame *frame, const struct lookup_function *item);
void now_render_ladder(struct json_out *out, const struct now_frame *frame);

/* The protocols of a function, as JSON and as lines of text. */
void now_put_protocols(
    struct json_out *out, const struct now_frame *frame, struct kept_protocols protocols);
void now_add_protocols(
    struct now_lines *out, const struct now_frame *frame, struct kept_protocols protocols);

/* Services of the place that share a front desk, as JSON and as lines of text. */
void now_put_sites(struct json_out *out, const struct now_frame *frame);
void now_add_sites(struct now_lines *out, const struct now_frame *frame);

/* The bundles of a function, as JSON and as lines of text. */
void now_put_bundles(
    struct json_out *out, const struct now_frame *frame, const struct lookup_function *item);
void now_add_bundles(
    struct now_lines *out, const struct now_frame *frame, const struct lookup_function *item);

/* Where to send somebody instead, of all that the answer is about, as JSON and as lines of text; and of one function
 * those that are its own. */
void now_put_navigators(struct json_out *out, const struct now_frame *frame);
void now_add_navigators(struct now_lines *out, const struct now_frame *frame);
void now_add_own_navigators(
    struct now_lines *out, const struct now_frame *frame, const struct lookup_function *item);

/* Whether the answer holds a person's name or number. */
bool now_personal(const struct now_frame *frame);

/* The name of who is on duty as the reader may see it; NULL: none. In ${frame->arena}, or of the
 * map. */
const char *now_name(const struct now_frame *frame, const struct lookup_duty *duty,
    const struct region_function *function);

/* What a rota says, or somebody wrote, as the reader may see it. */
const char *now_shown_text(const struct now_frame *frame, const char *text);
