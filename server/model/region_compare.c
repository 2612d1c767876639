/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/base/vec.h"
#include "server/model/region.h"

/*
 * Things of the two set-ups meet by code; what they refer to is compared by code too, since indexes
 * mean nothing across set-ups. Each compare_ function adds the keys of the region file that differ
 * to a mask of its row's ${keys}.
 */
#define KEYS_MAX 16

typedef unsigned compare_fn(const struct region *a, uint32_t i, const struct region *b, uint32_t j);

struct kind {
	const char *name;
	size_t size, items_at, count_at, table_at;
	compare_fn *compare;
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

static bool
same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool
same_texts(const char *const *a, const char *const *b)
{
	for (; *a && *b; a++, b++)
		if (strcmp(*a, *b) != 0)
			return false;
	return !*a && !*b;
}

/* The id of the ${index}-th thing of an array of structs, each of which begins with its id. */
static const char *
id_at(const void *items, size_t size, uint32_t index)
{
	const char *id;

	memcpy(&id, (const char *)items + index * size, sizeof id);
	return id;
}

/* Two set-ups, and where the things of one kind begin in each. */
struct pair {
	const struct region *a, *b;
	const void *in_a, *in_b;
	size_t size;
};

/* Whether two codes stand for one thing, also where it has another code in one of the two. */
static bool
same_code(const struct region *a, const char *code, const struct region *b, const char *other)
{
	return strcmp(code, other) == 0 || region_is_former(b, other, code) ||
	       region_is_former(a, code, other);
}

static bool
same_ref(const struct pair *pair, uint32_t i, uint32_t j)
{
	if (i == REGION_NONE || j == REGION_NONE)
		return i == j;
	return same_code(
	    pair->a, id_at(pair->in_a, pair->size, i), pair->b, id_at(pair->in_b, pair->size, j));
}

static bool
same_refs(const struct pair *pair, struct region_list i, struct region_list j)
{
	uint32_t n;

	if (i.count != j.count)
		return false;
	for (n = 0; n < i.count; n++)
		if (!same_ref(pair, i.items[n], j.items[n]))
			return false;
	return true;
}

static bool
same_life(struct span_time a, struct span_time b)
{
	return a.start == b.start && a.end == b.end;
}

#define PAIR(array) (&(struct pair){a, b, a->array, b->array, sizeof *a->array})
#define SAME_REF(array, i, j) same_ref(PAIR(array), (i), (j))
#define SAME_REFS(array, i, j) same_refs(PAIR(array), (i), (j))

static bool
same_stays(const struct region *a, const struct region_stays *i, const struct region *b,
    const struct region_stays *j)
{
	uint32_t n;

	if (i->count != j->count)
		return false;
	for (n = 0; n < i->count; n++)
		if (!SAME_REF(places, i->items[n].place, j->items[n].place) ||
		    !same_life(i->items[n].life, j->items[n].life))
			return false;
	return true;
}

#define BIT(n, differs) ((differs) ? 1U << (n) : 0U)

static unsigned
compare_organisation(const struct region *a, uint32_t i, const struct region *b, uint32_t j)
{
	const struct region_organisation *x = &a->organisations[i], *y = &b->organisations[j];

	return BIT(0, !same_text(x->name, y->name)) | BIT(1, !same_text(x->kind, y->kind));
}

static bool
same_severity(struct region_severity a, struct region_severity b)
{
	return a.critical_hours == b.critical_hours && a.high_hours == b.high_hours;
}

static unsigned
compare_function(const struct region *a, uint32_t i, const struct region *b, uint32_t j)
{
	const struct region_function *x = &a->functions[i], *y = &b->functions[j];

	return BIT(0, !same_text(x->name, y->name)) |
	       BIT(1, !same_severity(x->severity, y->severity));
}

static unsigned
compare_place(const struct region *a, uint32_t i, const struct region *b, uint32_t j)
{
	const struct region_place *x = &a->places[i], *y = &b->places[j];

	return BIT(0, !same_text(x->name, y->name)) | BIT(1, !same_text(x->kind, y->kind)) |
	       BIT(2, !same_stays(a, &x->under, b, &y->under)) |
	       BIT(3, x->life.start != y->life.start) | BIT(4, x->life.end != y->life.end) |
	       BIT(5, !SAME_REFS(places, x->successors, y->successors)) |
	       BIT(6, !same_text(x->switchboard, y->switchboard));
}

/* ${own}: aliases; else the names that somebody had before, which stand behind them. */
static bool
same_names(const struct region_person *x, const struct region_person *y, bool own)
{
	size_t i = 0, j = 0;

	for (; x->aliases[i + x->nformer_names] != NULL && y->aliases[j + y->nformer_names] != NULL;
	     i++, j++)
		if (own && strcmp(x->aliases[i], y->aliases[j]) != 0)
			return false;
	if (own)
		return x->aliases[i + x->nformer_names] == y->aliases[j + y->nformer_names];
	while (x->aliases[i + x->nformer_names] != NULL)
		i++;
	while (y->aliases[j + y->nformer_names] != NULL)
		j++;
	return same_texts(x->aliases + i, y->aliases + j);
}

static unsigned
compare_person(const struct region *a, uint32_t i, const struct region *b, uint32_t j)
{
	const struct region_person *x = &a->people[i], *y = &b->people[j];

	return BIT(0, !same_text(x->name, y->name)) |
	       BIT(1, !SAME_REF(organisations, x->organisation, y->organisation)) |
	       BIT(2, !same_names(x, y, true)) | BIT(3, !SAME_REFS(functions, x->roles, y->roles)) |
	       BIT(4, !same_text(x->work_phone, y->work_phone)) | BIT(5, !same_names(x, y, false));
}

static unsigned
compare_service(const struct region *a, uint32_t i, const struct region *b, uint32_t j)
{
	const struct region_service *x = &a->services[i], *y = &b->services[j];

	return BIT(0, !same_text(x->name, y->name)) |
	       BIT(1, !SAME_REF(functions, x->function, y->function)) |
	       BIT(2, !SAME_REF(organisations, x->organisation, y->organisation)) |
	       BIT(3, !same_stays(a, &x->footprint, b, &y->footprint)) |
	       BIT(4, !same_text(x->phone, y->phone)) |
	       BIT(5, !same_text(x->fallback_text, y->fallback_text) ||
			  !same_text(x->fallback_phone, y->fallback_phone));
}

static bool
same_codes(const struct region_rota *x, const struct region_rota *y)
{
	uint32_t i;

	if (x->nshift_codes != y->nshift_codes)
		return false;
	for (i = 0; i < x->nshift_codes; i++) {
		const struct region_shift_code *a = &x->shift_codes[i], *b = &y->shift_codes[i];

		if (strcmp(a->code, b->code) != 0 || a->kind != b->kind || a->from != b->from ||
		    a->to != b->to || !same_texts(a->names, b->names))
			return false;
	}
	return true;
}

/* Whom the alias means on the rota; REGION_NONE if it is none there. */
static uint32_t
alias_person(const struct region_rota *rota, const char *alias)
{
	for (uint32_t i = 0; i < rota->naliases; i++)
		if (strcmp(rota->aliases[i].alias, alias) == 0)
			return rota->aliases[i].person;
	return REGION_NONE;
}

/* An object's members have no order; the titles and words of a list do. */
static bool
same_words(const struct region *a, const struct region_rota *x, const struct region *b,
    const struct region_rota *y)
{
	if (x->naliases != y->naliases || x->ntitles != y->ntitles || x->nwords != y->nwords)
		return false;
	for (uint32_t i = 0; i < x->naliases; i++)
		if (!SAME_REF(people, x->aliases[i].person, alias_person(y, x->aliases[i].alias)))
			return false;
	for (uint32_t i = 0; i < x->ntitles; i++) {
		const struct region_title *s = &x->titles[i], *t = &y->titles[i];

		if (!same_text(s->title, t->title) || !same_text(s->reads, t->reads) ||
		    !same_text(s->team, t->team) || !SAME_REF(people, s->person, t->person))
			return false;
	}
	for (uint32_t i = 0; i < x->nwords; i++)
		if (!same_text(x->words[i].words, y->words[i].words) ||
		    !same_text(x->words[i].means, y->words[i].means))
			return false;
	return true;
}

static bool
same_times(const struct region_rota *x, const struct region_rota *y)
{
	if (x->date_order != y->date_order || x->nzones != y->nzones)
		return false;
	for (uint32_t i = 0; i < x->nzones; i++)
		if (!same_text(x->zones[i].name, y->zones[i].name) ||
		    !same_text(x->zones[i].zone, y->zones[i].zone))
			return false;
	return true;
}

static unsigned
compare_rota(const struct region *a, uint32_t i, const struct region *b, uint32_t j)
{
	const struct region_rota *x = &a->rotas[i], *y = &b->rotas[j];

	return BIT(0, !SAME_REF(services, x->service, y->service)) |
	       BIT(1, x->service == REGION_NONE && y->service == REGION_NONE &&
			  !SAME_REF(organisations, x->organisation, y->organisation)) |
	       BIT(2, x->absences != y->absences) | BIT(3, x->tier != y->tier) |
	       BIT(4, x->source != y->source || !same_text(x->url, y->url) ||
			  !same_text(x->path, y->path) || x->every_minutes != y->every_minutes) |
	       BIT(5, !same_text(x->floating_zone, y->floating_zone) ||
			  x->all_day_rule != y->all_day_rule ||
			  x->all_day_start != y->all_day_start ||
			  x->all_day_hours != y->all_day_hours ||
			  x->tentative_counts != y->tentative_counts ||
			  !same_texts(x->team_names, y->team_names) || !same_codes(x, y) ||
			  !same_times(x, y) || !same_words(a, x, b, y)) |
	       BIT(6, x->life.start != y->life.start) | BIT(7, x->life.end != y->life.end);
}

static bool
same_hours(const struct region_requirement *x, const struct region_requirement *y)
{
	uint32_t i;

	if (x->nhours != y->nhours)
		return false;
	for (i = 0; i < x->nhours; i++)
		if (x->hours[i].days != y->hours[i].days || x->hours[i].from != y->hours[i].from ||
		    x->hours[i].to != y->hours[i].to)
			return false;
	return true;
}

static bool
same_alerts(const struct region_requirement *x, const struct region_requirement *y)
{
	uint32_t i;

	if (x->nalerts != y->nalerts)
		return false;
	for (i = 0; i < x->nalerts; i++)
		if (!same_text(x->alerts[i].to, y->alerts[i].to) ||
		    x->alerts[i].lead_hours != y->alerts[i].lead_hours)
			return false;
	return true;
}

static unsigned
compare_requirement(const struct region *a, uint32_t i, const struct region *b, uint32_t j)
{
	const struct region_requirement *x = &a->requirements[i], *y = &b->requirements[j];

	return BIT(0, !SAME_REF(places, x->place, y->place)) |
	       BIT(1, !SAME_REF(functions, x->function, y->function)) |
	       BIT(2, x->count != y->count) | BIT(3, x->team_counts != y->team_counts) |
	       BIT(4, x->tolerance_minutes != y->tolerance_minutes) | BIT(5, !same_hours(x, y)) |
	       BIT(6, x->own_severity != y->own_severity ||
			  (x->own_severity && !same_severity(x->severity, y->severity))) |
	       BIT(7, !same_text(x->owner, y->owner)) | BIT(8, !same_text(x->deputy, y->deputy)) |
	       BIT(9, !same_text(x->commissioner, y->commissioner)) | BIT(10, !same_alerts(x, y)) |
	       BIT(11, x->handover_minutes != y->handover_minutes) |
	       BIT(12, x->max_share != y->max_share) | BIT(13, x->life.start != y->life.start) |
	       BIT(14, x->life.end != y->life.end) | BIT(15, x->role != y->role);
}

static unsigned
compare_account(const struct region *a, uint32_t i, const struct region *b, uint32_t j)
{
	const struct region_account *x = &a->accounts[i], *y = &b->accounts[j];

	return BIT(0, !same_text(x->kind, y->kind)) | BIT(1, !same_text(x->role, y->role)) |
	       BIT(2, !SAME_REF(organisations, x->organisation, y->organisation)) |
	       BIT(3, !SAME_REFS(places, x->places, y->places));
}

#define KIND(name, plural, n, table, fn, ...)                                                      \
	{                                                                                          \
		name, sizeof *((struct region *)NULL)->plural, offsetof(struct region, plural),    \
		    offsetof(struct region, n), offsetof(struct region, table), fn,                \
		{                                                                                  \
			__VA_ARGS__                                                                \
		}                                                                                  \
	}

static const struct kind kinds[] = {
    KIND("organisation", organisations, norganisations, organisation_by_code, compare_organisation,
	"name", "kind"),
    KIND("function", functions, nfunctions, function_by_code, compare_function, "name", "severity"),
    KIND("place", places, nplaces, place_by_code, compare_place, "name", "kind", "parents", "from",
	"until", "successors", "switchboard"),
    KIND("person", people, npeople, person_by_id, compare_person, "name", "organisation", "aliases",
	"roles", "work_phone", "former_names"),
    KIND("service", services, nservices, service_by_id, compare_service, "name", "function",
	"organisation", "places", "phone", "fallback"),
    KIND("rota", rotas, nrotas, rota_by_id, compare_rota, "service", "organisation", "absences",
	"tier", "source", "reading", "from", "until"),
    KIND("requirement", requirements, nrequirements, requirement_by_id, compare_requirement,
	"place", "function", "count", "team_counts", "tolerance_minutes", "hours", "severity",
	"owner", "deputy", "commissioner", "alerts", "handover_minutes", "max_share", "from",
	"until", "role"),
    KIND("account", accounts, naccounts, account_by_name, compare_account, "kind", "role",
	"organisation", "places"),
};

static uint32_t
count_of(const struct region *region, const struct kind *kind)
{
	uint32_t count;

	memcpy(&count, (const char *)region + kind->count_at, sizeof count);
	return count;
}

static const char *
id_of(const struct region *region, const struct kind *kind, uint32_t index)
{
	const void *items;

	memcpy(&items, (const char *)region + kind->items_at, sizeof items);
	return id_at(items, kind->size, index);
}

static uint32_t
find(const struct region *region, const struct kind *kind, const char *id)
{
	const struct table *table = (const void *)((const char *)region + kind->table_at);

	return count_of(region, kind) == 0 ? TABLE_NONE : table_get(table, id);
}

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

/* What the ${index}-th thing of the set-up after was before: by its code, by one that it had, or
 * where it has its former code again. A code that another thing of the set-up after has now is that
 * thing's. */
static uint32_t
find_before(const struct comparison *c, const struct kind *kind, uint32_t index)
{
	const char *id = id_of(c->after, kind, index), *own;
	const struct region *after = c->after;
	uint32_t found = find(c->before, kind, id), heir;

	for (uint32_t i = 0; found == TABLE_NONE && i < after->nformers; i++)
		if (strcmp(after->formers[i].kind, kind->name) == 0 &&
		    strcmp(after->formers[i].code, id) == 0)
			found = find(c->before, kind, after->formers[i].was);
	if (found == TABLE_NONE)
		return TABLE_NONE;
	own = id_of(c->before, kind, found);
	heir = find(after, kind, own);
	if (strcmp(own, id) != 0 && heir != TABLE_NONE &&
	    strcmp(id_of(after, kind, heir), own) == 0)
		return TABLE_NONE;
	return found;
}

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

static void
compare_thing(struct comparison *c, const struct kind *kind, uint32_t old, uint32_t new)
{
	const char *id = id_of(c->after, kind, new), *was = id_of(c->before, kind, old);
	unsigned mask = kind->compare(c->before, old, c->after, new);
	const char *keys = keys_text(c->arena, kind, mask);

	if (strcmp(id, was) == 0) {
		if (mask)
			note(c, '~', kind->name, id, keys);
		return;
	}
	keys = keys ? arena_printf(c->arena, "code, %s", keys) : "code";
	note(c, '~', kind->name, id, keys)->was = arena_strdup(c->arena, was);
}

static void
compare_kind(struct comparison *c, const struct kind *kind)
{
	bool *met = arena_array(c->arena, count_of(c->before, kind) + 1, sizeof *met);
	uint32_t i;

	for (i = 0; i < count_of(c->after, kind); i++) {
		uint32_t old = find_before(c, kind, i);

		if (old == TABLE_NONE) {
			note(c, '+', kind->name, id_of(c->after, kind, i), NULL);
			continue;
		}
		met[old] = true;
		compare_thing(c, kind, old, i);
	}
	for (i = 0; i < count_of(c->before, kind); i++)
		if (!met[i])
			note(c, '-', kind->name, id_of(c->before, kind, i), NULL);
}

/* Answers list functions in the order of the file, so another order is a change. */
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
		    !same_text(a->holidays_added[i].name, b->holidays_added[i].name))
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

	if (!same_text(a->time_zone, b->time_zone))
		what = "time_zone";
	if (!same_text(a->holidays, b->holidays) || !same_holidays(a, b))
		what = what ? "time_zone, bank_holidays" : "bank_holidays";
	if (what)
		note(c, '~', "region", "region", what);
	if (!same_order(a, b))
		note(c, '~', "region", "functions", "order");
}

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
