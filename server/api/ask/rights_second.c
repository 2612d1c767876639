/* SPDX-License-Identifier: MIT */
#include "server/api/ask/rights_second.h"

#include <string.h>

#include "server/model/region_critical.h"
#include "server/model/region_keys.h"
#include "server/model/region_lower.h"

#define PROPOSED "it is proposed, with a reason, and done when another person accepts it"

static uint32_t
find(const struct region *region, const char *kind, const char *key)
{
	return region_kind_find(region_kind_of(kind), region, key);
}

static const char *
code_before(const struct region_change *change)
{
	return change->was != NULL ? change->was : change->code;
}

/* -------------------------------------------------------------------------- the maps of others */

/* Keys whose change moves cover from one place or time to another. */
static const struct {
	const char *kind;
	const char *keys[3];
} touching[] = {
    {"service", {"places", "function"}},
    {"rota", {"service", "from", "until"}},
    /* They say whose teams are told to those who ask for a person who lives there. */
    {"area", {"place", "also"}},
    /* They move the hours of every requirement. */
    {"region", {"time_zone", "bank_holidays"}},
};

static struct setup_answer
judge_maps(const struct setup_question *question, const struct region_change *change)
{
	struct setup_answer second = {SETUP_SECOND, NULL, "touches others' maps: " PROPOSED};

	/* Before the first requirement there is no cover to affect. The first file sets everything,
	 * and must not need a second person for it. */
	if (question->before->ndemands == 0)
		return (struct setup_answer){.verdict = SETUP_ALLOWED};
	for (size_t i = 0; i < sizeof touching / sizeof *touching; i++) {
		if (strcmp(touching[i].kind, change->kind) != 0)
			continue;
		if (change->sign == '-')
			return second;
		for (size_t k = 0;
		     change->what != NULL && k < sizeof touching[i].keys / sizeof *touching[i].keys;
		     k++) {
			second.key = touching[i].keys[k];
			if (second.key != NULL &&
			    region_keys_has(change->what, slice_of(second.key)))
				return second;
		}
	}
	return (struct setup_answer){.verdict = SETUP_ALLOWED};
}

static struct setup_answer
judge_numbers(const struct setup_question *question, const struct region_change *change)
{
	const char *key = region_critical(question->before, question->after, change);

	if (key == NULL)
		return (struct setup_answer){.verdict = SETUP_ALLOWED};
	return (struct setup_answer){SETUP_SECOND, key,
	    "replaces a number that is rung when nobody else is known: " PROPOSED};
}

/* -------------------------------------------------------------------------------- requirements */

#define LESS                                                                                       \
	"lowers or ends a requirement: it is proposed, with a reason and an end, and done when another person accepts it"

struct setup_answer
rights_second_less(void)
{
	return (struct setup_answer){SETUP_SECOND, NULL, LESS};
}

/* A requirement that is lowered or removed, even if another one asks for the same: the two may have been
 * made by different people. */
static struct setup_answer
judge_requirement(const struct setup_question *question, const struct region_change *change)
{
	const char *key = NULL;
	uint32_t i, j;

	if (strcmp(change->kind, "requirement") != 0 || change->sign == '+')
		return (struct setup_answer){.verdict = SETUP_ALLOWED};
	i = find(question->before, change->kind, code_before(change));
	j = find(question->after, change->kind, change->code);
	if (i == TABLE_NONE)
		return (struct setup_answer){.verdict = SETUP_ALLOWED};
	/* Deleted: there is nothing to compare, and no key to name. */
	if (change->sign == '~' && j != TABLE_NONE)
		key = region_lowered(question->before, i, question->after, j);
	if (change->sign == '~' && key == NULL)
		return (struct setup_answer){.verdict = SETUP_ALLOWED};
	return (struct setup_answer){SETUP_SECOND, key, LESS};
}

static bool
has_approval(const struct region *region, const struct region_person *person,
    const struct region *other, const struct region_approval *given)
{
	for (uint32_t i = 0; i < person->napprovals; i++) {
		const struct region_approval *own = &person->approvals[i];

		/* By codes, since the two regions have indexes of their own. */
		if (own->organisation != REGION_NONE &&
		    strcmp(region->organisations[own->organisation].code,
			other->organisations[given->organisation].code) == 0 &&
		    strcmp(region->functions[own->function].code,
			other->functions[given->function].code) == 0 &&
		    /* An approval that only becomes shorter was given already. */
		    own->life.start <= given->life.start && own->life.end >= given->life.end)
			return true;
	}
	return false;
}

/* If a requirement names approvers, a person counts only with an approval of one of them. So a rota manager
 * of another organisation may not state such an approval alone. */
static struct setup_answer
judge_approvals(const struct setup_question *question, const struct region_change *change)
{
	/* A person who is new had no approvals. */
	uint32_t i = change->sign != '+' ? find(question->before, "person", code_before(change))
					 : TABLE_NONE;
	uint32_t j = find(question->after, "person", change->code);
	static const struct region_person nobody;
	const struct region_person *before, *after;

	if (question->account->role == ROLE_ADMINISTRATOR || strcmp(change->kind, "person") != 0 ||
	    change->sign == '-' || j == TABLE_NONE)
		return (struct setup_answer){.verdict = SETUP_ALLOWED};
	before = i != TABLE_NONE ? region_person(question->before, i) : &nobody;
	after = region_person(question->after, j);
	for (uint32_t n = 0; n < after->napprovals; n++) {
		const struct region_approval *given = &after->approvals[n];

		if (given->organisation != REGION_NONE &&
		    !rights_setup_is_own(question->after, question->account, given->organisation) &&
		    !has_approval(question->before, before, question->after, given))
			return (struct setup_answer){SETUP_SECOND, "roles",
			    "says that another organisation has approved somebody: " PROPOSED};
	}
	return (struct setup_answer){.verdict = SETUP_ALLOWED};
}

/* In the order in which the reasons are shown: a requirement first, since its proposal also asks for an
 * end. */
struct setup_answer
rights_second_change(const struct setup_question *question, const struct region_change *change)
{
	struct setup_answer answer = judge_requirement(question, change);

	if (answer.verdict == SETUP_ALLOWED)
		answer = judge_maps(question, change);
	if (answer.verdict == SETUP_ALLOWED)
		answer = judge_numbers(question, change);
	if (answer.verdict == SETUP_ALLOWED)
		answer = judge_approvals(question, change);
	return answer;
}
