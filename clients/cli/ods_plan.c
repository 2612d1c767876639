/* SPDX-License-Identifier: MIT */
#include "clients/cli/ods_plan.h"

#include <string.h>

#include "clients/cli/show.h"
#include "server/base/civil.h"
#include "server/base/instant.h"

/* A plan while it is made. */
struct planning {
	const struct ods_wish *wish;
	const struct ods_organisation *published;
	struct arena *arena;
	const char *code;
	struct ods_plan *plan;
	size_t nnotes;
};

static void
note(struct planning *p, const char *text)
{
	p->plan->notes[p->nnotes++] = text;
}

static void
change(struct planning *p, const char *key, json_t *value)
{
	if (p->plan->patch == NULL)
		p->plan->patch = json_object();
	json_object_set_new(p->plan->patch, key, value);
}

/* A name is filled in only where somebody has entered the code alone: names that people use differ
 * from the published ones, and are theirs. */
static void
plan_name(struct planning *p)
{
	const char *name = show_text(p->wish->object, "name");
	const char *published = ods_name(p->arena, p->published->name);

	/* Only capitals differ: the published ones are all capitals. */
	if (slice_is_nocase(slice_of(name), published))
		return;
	if (p->wish->overwrite || strcmp(name, p->code) == 0)
		change(p, "name", json_string(published));
	else
		note(p, arena_printf(p->arena, "its name stays \"%s\"; published is \"%s\"", name,
			    published));
}

/* Plans the end. Returns whether the object has an end after the change: without one it cannot have
 * successors. */
static bool
plan_end(struct planning *p)
{
	const char *until = show_text(p->wish->object, "until");
	char day[CIVIL_DAY_MAX];

	/* Published as open, and ended here: it was reopened, or somebody here knows more. An end is
	 * never removed. */
	if (!p->published->closed)
		return *until != '\0';
	if (p->published->until == INSTANT_END) {
		note(p, "it is published as closed, and without the day: set its until");
		return *until != '\0';
	}
	civil_day_text(p->published->until, day);
	if (strcmp(until, day) == 0)
		return true;
	if (p->wish->overwrite || *until == '\0')
		change(p, "until", json_string(day));
	else
		note(p, arena_printf(p->arena, "its end stays %s; published is %s", until, day));
	return true;
}

/* The published successors that the region knows, in the order of the file. */
static json_t *
known_successors(struct planning *p)
{
	const struct ods *ods = p->wish->ods;
	json_t *known = json_array();
	const char *missing = NULL;

	for (size_t i = 0; i < ods->successions.count; i++) {
		const struct ods_succession *succession = &ods->successions.items[i];

		if (strcmp(succession->code, p->code) != 0)
			continue;
		/* A successor must be there before anything can end in its favour. */
		if (table_get(p->wish->codes, succession->successor) != TABLE_NONE)
			json_array_append_new(known, json_string(succession->successor));
		else
			missing = missing == NULL ? succession->successor
						  : arena_printf(p->arena, "%s, %s", missing,
							succession->successor);
	}
	if (missing != NULL)
		note(p, arena_printf(p->arena,
			    "it was followed by %s, not in this region: add it first", missing));
	return known;
}

static void
plan_successors(struct planning *p, bool ends)
{
	json_t *set = json_object_get(p->wish->object, "successors");
	json_t *published = known_successors(p);

	if (json_array_size(published) == 0 || json_equal(set, published)) {
		json_decref(published);
		return;
	}
	if (!ends) {
		note(
		    p, "it has published successors and no published end: nothing is said of them");
		json_decref(published);
	} else if (p->wish->overwrite || json_array_size(set) == 0) {
		change(p, "successors", published);
	} else {
		note(p, "its successors stay as somebody has set them; published are others");
		json_decref(published);
	}
}

void
ods_plan(const struct ods_wish *wish, struct ods_plan *plan)
{
	struct planning p = {
	    .wish = wish,
	    .arena = wish->ods->arena,
	    .code = show_text(wish->object, "code"),
	    .plan = plan,
	};

	*plan = (struct ods_plan){0};
	p.published = ods_find(wish->ods, p.code);
	if (p.published != NULL) {
		plan_name(&p);
		plan_successors(&p, plan_end(&p));
	} else {
		/* The file of successors may name a code that no file of organisations has. */
		plan_successors(&p, *show_text(wish->object, "until") != '\0');
	}
}
