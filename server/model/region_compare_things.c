/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/model/region_compare_private.h"

bool
region_same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

bool
region_same_texts(const char *const *a, const char *const *b)
{
	for (; *a && *b; a++, b++)
		if (strcmp(*a, *b) != 0)
			return false;
	return !*a && !*b;
}

/* Whether two codes are of one thing, which may have been renamed between the two set-ups. */
static bool
same_code(const struct region *a, const char *code, const struct region *b, const char *other)
{
	return strcmp(code, other) == 0 || region_is_former(b, other, code) ||
	       region_is_former(a, code, other);
}

bool
region_same_ref(const struct region_pair_of_kind *pair, uint32_t i, uint32_t j)
{
	/* REGION_NONE is no index of a thing. */
	if (i == REGION_NONE || j == REGION_NONE)
		return i == j;
	return same_code(pair->a, region_kind_code(pair->kind, pair->a, i), pair->b,
	    region_kind_code(pair->kind, pair->b, j));
}

/* The order counts: successors and approvers are shown in it. */
bool
region_same_refs(const struct region_pair_of_kind *pair, struct region_list i, struct region_list j)
{
	uint32_t n;

	if (i.count != j.count)
		return false;
	for (n = 0; n < i.count; n++)
		if (!region_same_ref(pair, i.items[n], j.items[n]))
			return false;
	return true;
}

static bool
same_life(struct span_time a, struct span_time b)
{
	return a.start == b.start && a.end == b.end;
}

bool
region_same_dated_places(const struct region *a, const struct region_dated_places *i,
    const struct region *b, const struct region_dated_places *j)
{
	uint32_t n;

	if (i->count != j->count)
		return false;
	for (n = 0; n < i->count; n++)
		if (!SAME_REF(PLACE, i->items[n].place, j->items[n].place) ||
		    !same_life(i->items[n].life, j->items[n].life))
			return false;
	return true;
}

unsigned
region_compare_organisation(const struct region *a, uint32_t i, const struct region *b, uint32_t j)
{
	const struct region_organisation *x = &a->organisations[i], *y = &b->organisations[j];

	return BIT(0, !region_same_text(x->name, y->name)) |
	       BIT(1, !region_same_text(x->kind, y->kind)) |
	       BIT(2, x->life.start != y->life.start) | BIT(3, x->life.end != y->life.end) |
	       BIT(4, !SAME_REFS(ORGANISATION, x->successors, y->successors));
}

static bool
same_severity(struct region_severity a, struct region_severity b)
{
	return a.critical_hours == b.critical_hours && a.high_hours == b.high_hours;
}

unsigned
region_compare_function(const struct region *a, uint32_t i, const struct region *b, uint32_t j)
{
	const struct region_function *x = &a->functions[i], *y = &b->functions[j];

	return BIT(0, !region_same_text(x->name, y->name)) |
	       BIT(1, !same_severity(x->severity, y->severity));
}

bool
region_same_hours(
    const struct region_hours *x, uint32_t nx, const struct region_hours *y, uint32_t ny)
{
	uint32_t i;

	if (nx != ny)
		return false;
	for (i = 0; i < nx; i++)
		if (x[i].days != y[i].days || x[i].from != y[i].from || x[i].to != y[i].to)
			return false;
	return true;
}

/* ${own}: compares aliases; else former names, which are at the end of the same list. An alias
 * that becomes a former name, or the reverse, is a change of both keys. */
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
	return region_same_texts(x->aliases + i, y->aliases + j);
}

static bool
same_approvals(const struct region *a, const struct region_person *x, const struct region *b,
    const struct region_person *y)
{
	if (x->napprovals != y->napprovals)
		return false;
	/* In the order of the file: another order is listed as a change, and does no harm. */
	for (uint32_t i = 0; i < x->napprovals; i++) {
		const struct region_approval *s = &x->approvals[i], *t = &y->approvals[i];

		if (!SAME_REF(FUNCTION, s->function, t->function) ||
		    !SAME_REF(ORGANISATION, s->organisation, t->organisation) ||
		    s->life.start != t->life.start || s->life.end != t->life.end)
			return false;
	}
	return true;
}

static bool
same_contact(const struct region_contact *x, const struct region_contact *y)
{
	/* One that is missing equals only another that is missing. */
	if (x == NULL || y == NULL)
		return x == y;
	return region_same_text(x->number, y->number) &&
	       region_same_text(x->extension, y->extension) &&
	       region_same_text(x->bleep, y->bleep) && x->via_switchboard == y->via_switchboard &&
	       x->personal == y->personal && x->verified_on == y->verified_on;
}

unsigned
region_compare_person(const struct region *a, uint32_t i, const struct region *b, uint32_t j)
{
	const struct region_person *x = region_person(a, i), *y = region_person(b, j);

	return BIT(0, !region_same_text(x->name, y->name)) |
	       BIT(1, !SAME_REF(ORGANISATION, x->organisation, y->organisation)) |
	       BIT(2, !same_names(x, y, true)) |
	       BIT(3, !SAME_REFS(FUNCTION, x->roles, y->roles) || !same_approvals(a, x, b, y)) |
	       BIT(4, !same_contact(x->contact, y->contact)) | BIT(5, !same_names(x, y, false)) |
	       BIT(6, x->protected != y->protected) | BIT(7, !region_same_text(x->team, y->team));
}

unsigned
region_compare_service(const struct region *a, uint32_t i, const struct region *b, uint32_t j)
{
	const struct region_service *x = &a->services[i], *y = &b->services[j];

	return BIT(0, !region_same_text(x->name, y->name)) |
	       BIT(1, !SAME_REF(FUNCTION, x->function, y->function)) |
	       BIT(2, !SAME_REF(ORGANISATION, x->organisation, y->organisation)) |
	       BIT(3, !region_same_dated_places(a, &x->footprint, b, &y->footprint)) |
	       BIT(4, !same_contact(x->line, y->line)) |
	       BIT(5, !region_same_text(x->fallback_text, y->fallback_text) ||
			  !region_same_text(x->fallback_phone, y->fallback_phone)) |
	       BIT(6, x->self_referral != y->self_referral);
}

/* The person whom the alias means on the rota; REGION_NONE if it is none there. */
static uint32_t
alias_person(const struct region_rota *rota, const char *alias)
{
	for (uint32_t i = 0; i < rota->naliases; i++)
		if (strcmp(rota->aliases[i].alias, alias) == 0)
			return rota->aliases[i].person;
	return REGION_NONE;
}

/* Aliases come from a JSON object, so their order does not matter; the order of titles and words
 * does. */
static bool
same_words(const struct region *a, const struct region_rota *x, const struct region *b,
    const struct region_rota *y)
{
	/* Of as many aliases on both sides, each of one must be an alias of the other. */
	if (x->naliases != y->naliases || x->ntitles != y->ntitles || x->nwords != y->nwords)
		return false;
	for (uint32_t i = 0; i < x->naliases; i++)
		if (!SAME_REF(PERSON, x->aliases[i].person, alias_person(y, x->aliases[i].alias)))
			return false;
	for (uint32_t i = 0; i < x->ntitles; i++) {
		const struct region_title *s = &x->titles[i], *t = &y->titles[i];

		if (!region_same_text(s->title, t->title) ||
		    !region_same_text(s->reads, t->reads) || !region_same_text(s->team, t->team) ||
		    !SAME_REF(PERSON, s->person, t->person))
			return false;
	}
	for (uint32_t i = 0; i < x->nwords; i++)
		if (!region_same_text(x->words[i].words, y->words[i].words) ||
		    !region_same_text(x->words[i].means, y->words[i].means))
			return false;
	return true;
}

static bool
same_way(const struct region_way *x, const struct region_way *y)
{
	return region_same_text(x->secret, y->secret) && x->over_http == y->over_http &&
	       region_same_text(x->proxy, y->proxy) && region_same_text(x->ca, y->ca);
}

unsigned
region_compare_rota(const struct region *a, uint32_t i, const struct region *b, uint32_t j)
{
	const struct region_rota *x = &a->rotas[i], *y = &b->rotas[j];

	return BIT(0, !SAME_REF(SERVICE, x->service, y->service)) |
	       /* Of a rota with a service the organisation follows from the service, and is no key
	        * of its own. */
	       BIT(1, x->service == REGION_NONE && y->service == REGION_NONE &&
			  !SAME_REF(ORGANISATION, x->organisation, y->organisation)) |
	       BIT(2, x->absences != y->absences) | BIT(3, x->tier != y->tier) |
	       BIT(4, x->source != y->source || !region_same_text(x->url, y->url) ||
			  !region_same_text(x->path, y->path) ||
			  x->every_minutes != y->every_minutes || !same_way(&x->way, &y->way)) |
	       BIT(5, !region_same_rules(x, y) || !same_words(a, x, b, y)) |
	       BIT(6, x->life.start != y->life.start) | BIT(7, x->life.end != y->life.end);
}

static bool
same_alerts(const struct region_requirement *x, const struct region_requirement *y)
{
	uint32_t i;

	if (x->nalerts != y->nalerts)
		return false;
	for (i = 0; i < x->nalerts; i++)
		if (!region_same_text(x->alerts[i].to, y->alerts[i].to) ||
		    x->alerts[i].lead_hours != y->alerts[i].lead_hours)
			return false;
	return true;
}

/* The order of parts is compared: people see them in it. */
static bool
same_parts(const struct region *a, const struct region_requirement *x, const struct region *b,
    const struct region_requirement *y)
{
	if (x->nparts != y->nparts)
		return false;
	for (uint32_t i = 0; i < x->nparts; i++) {
		const struct region_part *left = &x->parts[i], *right = &y->parts[i];

		if (left->count != right->count ||
		    left->different_teams != right->different_teams ||
		    left->team_counts != right->team_counts ||
		    !SAME_REFS(FUNCTION, left->functions, right->functions))
			return false;
	}
	return true;
}

unsigned
region_compare_requirement(const struct region *a, uint32_t i, const struct region *b, uint32_t j)
{
	const struct region_requirement *x = &a->requirements[i], *y = &b->requirements[j];

	return BIT(0, !SAME_REF(PLACE, x->place, y->place)) |
	       BIT(1, !SAME_REF(FUNCTION, x->function, y->function)) |
	       BIT(2, x->count != y->count) | BIT(3, x->team_counts != y->team_counts) |
	       BIT(4, x->tolerance_minutes != y->tolerance_minutes) |
	       BIT(5, !region_same_hours(x->hours, x->nhours, y->hours, y->nhours)) |
	       /* A requirement without a severity of its own follows its function's, whose change
	        * is listed there. */
	       BIT(6, x->own_severity != y->own_severity ||
			  (x->own_severity && !same_severity(x->severity, y->severity))) |
	       BIT(7, !region_same_text(x->owner, y->owner)) |
	       BIT(8, !region_same_text(x->deputy, y->deputy)) |
	       BIT(9, !region_same_commissioner(x, y)) | BIT(10, !same_alerts(x, y)) |
	       BIT(11, x->handover_minutes != y->handover_minutes) |
	       BIT(12, x->max_share != y->max_share) | BIT(13, x->life.start != y->life.start) |
	       BIT(14, x->life.end != y->life.end) | BIT(15, x->role != y->role) |
	       BIT(16, !region_same_text(x->pack, y->pack)) |
	       BIT(17, !region_same_text(x->confirmed_by, y->confirmed_by) ||
			   x->confirmed_on != y->confirmed_on) |
	       BIT(18, !SAME_REFS(ORGANISATION, x->approvers, y->approvers)) |
	       BIT(19, !same_parts(a, x, b, y)) | BIT(20, !region_same_commissioners(x, y));
}

unsigned
region_compare_account(const struct region *a, uint32_t i, const struct region *b, uint32_t j)
{
	const struct region_account *x = &a->accounts[i], *y = &b->accounts[j];

	return BIT(0, !region_same_text(x->kind, y->kind)) |
	       BIT(1, !region_same_text(x->role, y->role)) |
	       BIT(2, !SAME_REF(ORGANISATION, x->organisation, y->organisation)) |
	       BIT(3, !SAME_REFS(PLACE, x->places, y->places)) |
	       BIT(4, !SAME_REF(PERSON, x->person, y->person));
}

unsigned
region_compare_area(const struct region *a, uint32_t i, const struct region *b, uint32_t j)
{
	const struct region_area *x = &a->areas[i], *y = &b->areas[j];

	return BIT(0, !region_same_text(x->name, y->name)) |
	       BIT(1, !region_same_text(x->kind, y->kind)) |
	       BIT(2, !SAME_REF(PLACE, x->place, y->place)) |
	       BIT(3, !SAME_REFS(PLACE, x->also, y->also));
}

unsigned
region_compare_navigator(const struct region *a, uint32_t i, const struct region *b, uint32_t j)
{
	const struct region_navigator *x = &a->navigators[i], *y = &b->navigators[j];

	return BIT(0, !region_same_text(x->name, y->name)) |
	       BIT(1, !region_same_text(x->kind, y->kind)) |
	       BIT(2, !SAME_REF(ORGANISATION, x->organisation, y->organisation)) |
	       BIT(3, !region_same_text(x->whom, y->whom)) |
	       BIT(4, !region_same_text(x->address, y->address)) |
	       BIT(5, !same_contact(x->line, y->line)) |
	       BIT(6, !SAME_REFS(PLACE, x->places, y->places)) |
	       BIT(7, !SAME_REFS(FUNCTION, x->functions, y->functions)) |
	       BIT(8, !region_same_hours(x->hours, x->nhours, y->hours, y->nhours)) |
	       BIT(9, x->walk_in != y->walk_in) | BIT(10, x->self_referral != y->self_referral) |
	       BIT(11, x->life.start != y->life.start) | BIT(12, x->life.end != y->life.end) |
	       BIT(13, !SAME_REFS(AREA, x->areas, y->areas));
}
