/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/base/vec.h"
#include "server/model/region_compare.h"
#include "server/model/region_kind.h"

/*
 * Compares two set-ups. Things are matched by code, and so is what they refer to, because indexes
 * of two set-ups are not comparable. Each region_compare_ function sets the bits of the keys of the
 * region file that differ; the keys are in its row of the table of kinds.
 */
#define KEYS_MAX 24

struct kind {
	const struct region_kind *of;
	region_compare_fn *compare;
	const char *keys[KEYS_MAX];
};

struct comparison {
	struct arena *arena;
	const struct region *before, *after;
	struct {
		struct region_change *items;
		size_t count, capacity;
	} changes;
};

/* A key that is new in the region file gets its bit here. */
static const struct kind kinds[] = {
    [REGION_KIND_ORGANISATION] = {&region_kinds[REGION_KIND_ORGANISATION],
	region_compare_organisation, {"name", "kind", "from", "until", "successors"}},
    [REGION_KIND_FUNCTION] = {&region_kinds[REGION_KIND_FUNCTION], region_compare_function,
	{"name", "severity"}},
    [REGION_KIND_PLACE] = {&region_kinds[REGION_KIND_PLACE], region_compare_place,
	{"name", "kind", "parents", "from", "until", "successors", "switchboard", "first",
	    "public_card", "ladders", "sites", "research"}},
    [REGION_KIND_PERSON] = {&region_kinds[REGION_KIND_PERSON], region_compare_person,
	{"name", "organisation", "aliases", "roles", "work_phone", "former_names", "protected",
	    "team"}},
    [REGION_KIND_SERVICE] = {&region_kinds[REGION_KIND_SERVICE], region_compare_service,
	{"name", "function", "organisation", "places", "phone", "fallback", "self_referral"}},
    [REGION_KIND_ROTA] = {&region_kinds[REGION_KIND_ROTA], region_compare_rota,
	{"service", "organisation", "absences", "tier", "source", "reading", "from", "until"}},
    [REGION_KIND_REQUIREMENT] = {&region_kinds[REGION_KIND_REQUIREMENT], region_compare_requirement,
	{"place", "function", "count", "team_counts", "tolerance_minutes", "hours", "severity",
	    "owner", "deputy", "commissioner", "alerts", "handover_minutes", "max_share", "from",
	    "until", "role", "pack", "confirmed", "approvers", "needs", "commissioners"}},
    [REGION_KIND_ACCOUNT] = {&region_kinds[REGION_KIND_ACCOUNT], region_compare_account,
	{"kind", "role", "organisation", "places", "person"}},
    [REGION_KIND_AREA] = {&region_kinds[REGION_KIND_AREA], region_compare_area,
	{"name", "kind", "place", "also"}},
    [REGION_KIND_NAVIGATOR] = {&region_kinds[REGION_KIND_NAVIGATOR], region_compare_navigator,
	{"name", "kind", "organisation", "for", "address", "phone", "places", "functions", "hours",
	    "walk_in", "self_referral", "from", "until", "areas"}},
};

static struct region_change *
note(struct comparison *c, char sign, const char *kind, const char *code, const char *what)
{
	struct region_change *change = VEC_PUSH(c->arena, &c->changes);

	*change = (struct region_change){
	    .sign = sign,
	    .kind = kind,
	    .code = arena_strdup(c->arena, code),
	    .what = what,
	};
	return change;
}

/* The thing of the set-up before that is now thing ${index}: with the same code, with one of its
 * former codes, or with a code that it now has again. If another thing now has that code, it is
 * that other thing. */
static uint32_t
find_before(const struct comparison *c, const struct kind *kind, uint32_t index)
{
	const char *id = region_kind_code(kind->of, c->after, index), *own;
	const struct region *after = c->after;
	uint32_t found = region_kind_find(kind->of, c->before, id), heir;

	for (uint32_t i = 0; found == TABLE_NONE && i < after->nformers; i++)
		if (strcmp(after->formers[i].kind, kind->of->kind) == 0 &&
		    strcmp(after->formers[i].code, id) == 0)
			found = region_kind_find(kind->of, c->before, after->formers[i].was);
	if (found == TABLE_NONE)
		return TABLE_NONE;
	own = region_kind_code(kind->of, c->before, found);
	heir = region_kind_find(kind->of, after, own);
	/* A code that another thing bears now is that thing's: this one is new. */
	if (strcmp(own, id) != 0 && heir != TABLE_NONE &&
	    strcmp(region_kind_code(kind->of, after, heir), own) == 0)
		return TABLE_NONE;
	return found;
}

/* The bits are in the order of the row's keys, which is also the order in which they are shown. */
static const char *
keys_text(struct arena *arena, const struct kind *kind, unsigned mask)
{
	const char *text = NULL;
	size_t i;

	for (i = 0; i < KEYS_MAX; i++)
		if (mask & (1U << i))
			text = text ? arena_printf(arena, "%s, %s", text, kind->keys[i])
				    : kind->keys[i];
	return text;
}

const char *
region_compare_keys(struct arena *arena, const struct region_kind *kind,
    const struct region *before, const struct region *after, uint32_t index)
{
	const struct kind *row = &kinds[kind - region_kinds];

	return keys_text(arena, row, row->compare(before, index, after, index));
}

static void
compare_thing(struct comparison *c, const struct kind *kind, uint32_t old, uint32_t new)
{
	const char *id = region_kind_code(kind->of, c->after, new),
		   *was = region_kind_code(kind->of, c->before, old);
	const char *keys = keys_text(c->arena, kind, kind->compare(c->before, old, c->after, new));

	/* Another code is one change of the thing, together with its other keys. References to
	 * it have not changed (same_code). */
	if (strcmp(id, was) == 0) {
		if (keys)
			note(c, '~', kind->of->kind, id, keys);
		return;
	}
	keys = keys ? arena_printf(c->arena, "code, %s", keys) : "code";
	note(c, '~', kind->of->kind, id, keys)->was = arena_strdup(c->arena, was);
}

/* A thing is found by code and not by its place in the file: moving lines about is no change. */
static void
compare_kind(struct comparison *c, const struct kind *kind)
{
	bool *met = arena_array(c->arena, region_kind_count(kind->of, c->before) + 1, sizeof *met);
	uint32_t i;

	for (i = 0; i < region_kind_count(kind->of, c->after); i++) {
		uint32_t old = find_before(c, kind, i);

		if (old == TABLE_NONE) {
			note(c, '+', kind->of->kind, region_kind_code(kind->of, c->after, i), NULL);
			continue;
		}
		met[old] = true;
		compare_thing(c, kind, old, i);
	}
	for (i = 0; i < region_kind_count(kind->of, c->before); i++)
		if (!met[i])
			note(
			    c, '-', kind->of->kind, region_kind_code(kind->of, c->before, i), NULL);
}

/* Answers list functions in the order of the file, so the order is part of the comparison. Only
 * functions that both set-ups have are compared: one that was added or removed is a change of its
 * own. */
static bool
same_order(const struct region *a, const struct region *b)
{
	uint32_t i, index, last = 0;
	bool first = true;

	for (i = 0; i < b->nfunctions; i++) {
		index = table_get(&a->function_by_code, b->functions[i].code);
		if (index == TABLE_NONE)
			continue;
		if (!first && index < last)
			return false;
		last = index;
		first = false;
	}
	return true;
}

static bool
same_holidays(const struct region *a, const struct region *b)
{
	uint32_t i;

	if (a->nholidays_added != b->nholidays_added ||
	    a->nholidays_removed != b->nholidays_removed)
		return false;
	for (i = 0; i < a->nholidays_added; i++)
		if (a->holidays_added[i].day != b->holidays_added[i].day ||
		    !region_same_text(a->holidays_added[i].name, b->holidays_added[i].name))
			return false;
	for (i = 0; i < a->nholidays_removed; i++)
		if (a->holidays_removed[i] != b->holidays_removed[i])
			return false;
	return true;
}

static void
compare_root(struct comparison *c)
{
	const struct region *a = c->before, *b = c->after;
	const char *what = NULL;

	if (!region_same_text(a->time_zone, b->time_zone))
		what = "time_zone";
	if (!region_same_text(a->holidays, b->holidays) || !same_holidays(a, b))
		what = what ? "time_zone, bank_holidays" : "bank_holidays";
	if (a->practice != b->practice)
		note(c, '~', "region", "region", "practice");
	if (what)
		note(c, '~', "region", "region", what);
	if (!same_order(a, b))
		note(c, '~', "region", "functions", "order");
}

/* Without a set-up before, everything is new. The members of the root have defaults then and are
 * not listed. */
void
region_compare(struct arena *arena, const struct region *before, const struct region *after,
    struct region_changes *out)
{
	static const struct region nothing;
	struct comparison c = {
	    .arena = arena,
	    .before = before ? before : &nothing,
	    .after = after,
	};
	size_t i;

	if (before)
		compare_root(&c);
	for (i = 0; i < sizeof kinds / sizeof *kinds; i++)
		compare_kind(&c, &kinds[i]);
	*out = (struct region_changes){.items = c.changes.items, .count = c.changes.count};
}
