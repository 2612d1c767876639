/* SPDX-License-Identifier: MIT */
#include "server/api/views/parts/effect_gaps_put.h"
#include "server/api/views/setup/region_effect.h"
#include "server/model/region_protected.h"

/* So many gaps of either kind are listed, and of people who are alike; the totals count all of them. */
#define GAPS_MAX 200
#define ALIKE_MAX 200

/* Cut in the middle of the list, not refused: a region that is emptied by mistake opens thousands
 * of gaps, and the answer must still be made. */
static void
put_gaps(struct json_out *out, const char *key, const struct region *region,
    const struct effect_list *list)
{
	effect_gaps_put(
	    out, key, region, list->items, list->count < GAPS_MAX ? list->count : GAPS_MAX);
}

static void
put_turned(struct json_out *out, const struct region *region, const struct region_effect *effect)
{
	out_array(out, "undecided");
	for (size_t i = 0; i < effect->nturned; i++) {
		const struct region_turned *turned = &effect->turned[i];

		out_object(out, NULL);
		out_text(out, "person", region_person(region, turned->person)->shown_id);
		out_text(out, "name", region_person(region, turned->person)->name);
		out_text(out, "rota", region->rotas[turned->rota].id);
		out_int(out, "shifts", turned->shifts);
		out_time(out, "first", turned->first);
		out_text(out, "why", turned->why);
		/* "certain" is for people who skim: a person who leaves the region certainly loses
		 * the shifts; a name that is removed may not be used by any title. */
		out_bool(out, "certain", !turned->may);
		out_object_end(out);
	}
	out_array_end(out);
}

/* ${person} of the set-up as it would be, as the asker may see somebody of the one in force. */
static const struct region_person *
as_seen(const struct ask *ask, const struct region_person *person)
{
	uint32_t known = table_get(&ask->region->person_by_id, person->id);

	return known != TABLE_NONE && region_is_withheld(region_person(ask->region, known))
		   ? region_person(ask->region, known)
		   : person;
}

static void
put_names(struct json_out *out, const struct ask *ask, const struct region *after,
    const struct region_effect *effect)
{
	out_array(out, "names");
	for (size_t i = 0; i < effect->nnames; i++) {
		const struct region_person *person =
		    as_seen(ask, region_person(after, effect->names[i].person));

		out_object(out, NULL);
		out_text(out, "person", person->shown_id);
		out_text(
		    out, "was", region_is_withheld(person) ? person->name : effect->names[i].was);
		out_text(out, "now", person->name);
		out_object_end(out);
	}
	out_array_end(out);
}

static void
put_alike(struct json_out *out, const struct ask *ask, const struct region *after,
    const struct region_effect *effect)
{
	out_array(out, "alike");
	for (size_t i = 0; i < effect->nalike && i < ALIKE_MAX; i++) {
		const struct region_alike *alike = &effect->alike[i];
		const struct region_person *person =
		    as_seen(ask, region_person(after, alike->person));
		const struct region_person *other =
		    as_seen(ask, region_person(after, alike->other));
		bool withheld = region_is_withheld(person) || region_is_withheld(other);

		out_object(out, NULL);
		out_text(out, "person", person->shown_id);
		out_text(out, "name", person->name);
		out_text(out, "other", other->shown_id);
		out_text(out, "other_name", other->name);
		out_text(out, "written", withheld ? NULL : alike->written);
		out_object_end(out);
	}
	out_array_end(out);
	out_int(out, "alike_total", (int64_t)effect->nalike);
}

static void
put_emptied(struct json_out *out, const struct region *region, const struct region_effect *effect)
{
	out_array(out, "rotas");
	for (size_t i = 0; i < effect->nemptied; i++) {
		out_object(out, NULL);
		out_text(out, "rota", region->rotas[effect->emptied[i].rota].id);
		out_int(out, "shifts", effect->emptied[i].shifts);
		out_text(out, "why", effect->emptied[i].why);
		out_object_end(out);
	}
	out_array_end(out);
}

static void
put_codes(struct json_out *out, const struct region_effect *effect)
{
	out_array(out, "codes");
	for (size_t i = 0; i < effect->ncodes; i++) {
		out_object(out, NULL);
		out_text(out, "kind", effect->codes[i].kind);
		out_text(out, "was", effect->codes[i].was);
		out_text(out, "now", effect->codes[i].now);
		out_object_end(out);
	}
	out_array_end(out);
	out_array(out, "tokens");
	for (size_t i = 0; i < effect->nends; i++) {
		out_object(out, NULL);
		out_text(out, "account", effect->ends[i].account);
		out_int(out, "tokens", effect->ends[i].tokens);
		out_object_end(out);
	}
	out_array_end(out);
}

void
region_effect_put(struct json_out *out, const struct ask *ask, const struct region_effect *effect,
    const struct region *after)
{
	const struct region *before = ask->region;

	put_emptied(out, before, effect);
	put_turned(out, before, effect);
	put_names(out, ask, after, effect);
	put_alike(out, ask, after, effect);
	put_codes(out, effect);
	put_gaps(out, "opens", after, &effect->gaps.opens);
	/* Gaps that close are of demands in force, those that open are of the set-up that is to be:
	 * each list has the indexes of its own region. */
	put_gaps(out, "closes", before, &effect->gaps.closes);
	out_int(out, "opens_total", (int64_t)effect->gaps.opens.count);
	out_int(out, "closes_total", (int64_t)effect->gaps.closes.count);
}
