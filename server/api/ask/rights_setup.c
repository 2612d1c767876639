/* SPDX-License-Identifier: MIT */
#include "server/api/ask/rights_setup.h"

#include <string.h>

#include "server/api/ask/rights_second.h"
#include "server/model/region_keys.h"

/* ------------------------------------------------------------------------- whose an object is */

bool
rights_setup_is_own(
    const struct region *region, const struct account *account, uint32_t organisation)
{
	return organisation != REGION_NONE && account->organisation != NULL &&
	       strcmp(account->organisation, region->organisations[organisation].code) == 0;
}

/* A place that the account lists, or one below it. An account without places keeps none: here
 * that must not mean "all", as it does for reading. */
static bool
is_own_place(const struct region *region, const struct account *account, uint32_t place)
{
	return account->nplaces > 0 && rights_place(region, account, place);
}

static bool
are_own_places(
    const struct region *region, const struct account *account, const struct region_list *places)
{
	for (uint32_t i = 0; i < places->count; i++)
		if (!is_own_place(region, account, places->items[i]))
			return false;
	/* A list of nothing is not own: such an account would see every place. */
	return places->count > 0;
}

static bool
own_person(const struct region *region, const struct account *account, uint32_t index)
{
	return rights_setup_is_own(region, account, region_person(region, index)->organisation);
}

static bool
own_service(const struct region *region, const struct account *account, uint32_t index)
{
	return rights_setup_is_own(region, account, region->services[index].organisation);
}

static bool
own_navigator(const struct region *region, const struct account *account, uint32_t index)
{
	return rights_setup_is_own(region, account, region->navigators[index].organisation);
}

static bool
own_rota(const struct region *region, const struct account *account, uint32_t index)
{
	return rights_setup_is_own(region, account, region->rotas[index].organisation);
}

static bool
own_requirement(const struct region *region, const struct account *account, uint32_t index)
{
	return is_own_place(region, account, region->requirements[index].place);
}

static bool
own_place(const struct region *region, const struct account *account, uint32_t index)
{
	return is_own_place(region, account, index);
}

/* A screen on a wall of the place: it may read, and change nothing. */
static bool
own_device(const struct region *region, const struct account *account, uint32_t index)
{
	const struct region_account *device = &region->accounts[index];

	return strcmp(device->kind, "device") == 0 && strcmp(device->role, "viewer") == 0 &&
	       are_own_places(region, account, &device->places);
}

/* Accounts that an organisation's administrator may make or change: none that sees or keeps more
 * than it does itself. Roles whose rights go by place are given only for places that it lists. */
static bool
own_account(const struct region *region, const struct account *account, uint32_t index)
{
	static const char *const plain[] = {"viewer", "rota_manager", NULL};
	static const char *const by_place[] = {
	    "switchboard", "commissioner", "place_manager", NULL};
	const struct region_account *other = &region->accounts[index];

	if (!rights_setup_is_own(region, account, other->organisation))
		return false;
	/* Who is linked to a person sees where that person is on, and answers for them. */
	if (other->person != REGION_NONE && !own_person(region, account, other->person))
		return false;
	if (text_is_one_of(other->role, plain))
		return true;
	if (text_is_one_of(other->role, by_place))
		return are_own_places(region, account, &other->places);
	/* Of its own kind only where that one keeps no more places. */
	return strcmp(other->role, "organisation_administrator") == 0 &&
	       (other->places.count == 0 || are_own_places(region, account, &other->places));
}

/* ---------------------------------------------------------------------------------- the table */

static const struct rule {
	enum account_role role;
	const char *kind, *signs;
	const char *keys; /* of a change; NULL: all. Which want a second person: rights_second.h */
	bool (*mine)(const struct region *region, const struct account *account, uint32_t index);
	const char *whose;
	/* the keys are a part of what others keep: it keeps the object for nothing else */
	bool part;
} rules[] = {
    {ROLE_ROTA_MANAGER, "person", "+-~", NULL, own_person, "people of your own organisation",
	false},
    {ROLE_ROTA_MANAGER, "service", "~", "phone, fallback, places, function, self_referral",
	own_service, "telephones, fallbacks and footprints of your own organisation's services",
	false},
    {ROLE_ROTA_MANAGER, "rota", "+-~", NULL, own_rota, "rotas of your own organisation", false},
    {ROLE_ROTA_MANAGER, "navigator", "+-~", NULL, own_navigator,
	"navigators of your own organisation", false},
    {ROLE_COMMISSIONER, "requirement", "+-~", NULL, own_requirement,
	"requirements of the places that your account lists", false},
    {ROLE_COMMISSIONER, "place", "~", "ladders, research", own_place,
	"whom to ring, and in which order, at the places that your account lists, and whether their history may be exported for research",
	true},
    {ROLE_PLACE_MANAGER, "place", "~", "switchboard, first, public_card, sites", own_place,
	"the switchboard and the sites of the places that your account lists, and what their first screens show first",
	false},
    {ROLE_PLACE_MANAGER, "account", "+-~", NULL, own_device,
	"devices that see the places that your account lists", false},
    {ROLE_ORGANISATION_ADMINISTRATOR, "account", "+-~", NULL, own_account,
	"accounts of your own organisation with roles that are not above yours", false},
    {ROLE_ORGANISATION_ADMINISTRATOR, "person", "~", "protected", own_person,
	"which people of your own organisation are protected", false},
};

static const struct rule *
rule_of(const struct account *account, const char *kind)
{
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		if (rules[i].role == account->role && strcmp(rules[i].kind, kind) == 0)
			return &rules[i];
	return NULL;
}

/* The index of an object; REGION_NONE: there is none with exactly this code. A former code is no
 * object that could be changed. */
static uint32_t
find(const struct region *region, const char *kind, const char *key)
{
	return region_kind_find(region_kind_of(kind), region, key);
}

/* ------------------------------------------------------------------------------- the verdict */

/* The key as a constant, because the answer outlives the change that the key is read from. */
static const char *
key_named(const char *key, size_t len)
{
	static const char *const known[] = {"code", "name", "kind", "parents", "from", "until",
	    "successors", "switchboard", "first", "public_card", "ladders", "sites", "research",
	    "self_referral", "also", "organisation", "aliases", "roles", "work_phone",
	    "former_names", "protected", "function", "places", "phone", "fallback", "service",
	    "absences", "tier", "source", "reading", "place", "count", "team_counts",
	    "tolerance_minutes", "hours", "severity", "owner", "deputy", "commissioner", "alerts",
	    "handover_minutes", "max_share", "role", "pack", "confirmed", "approvers",
	    "commissioners", "person", "needs", "team", "for", "address", "functions", "walk_in",
	    NULL};

	for (size_t i = 0; known[i] != NULL; i++)
		if (strlen(known[i]) == len && memcmp(known[i], key, len) == 0)
			return known[i];
	return NULL;
}

static struct setup_answer
judge_keys(const struct rule *rule, const char *what)
{
	while (what != NULL && *what != '\0') {
		size_t len = strcspn(what, ",");
		bool known =
		    rule->keys == NULL || region_keys_has(rule->keys, (struct slice){what, len});

		/* One key that is refused decides, wherever it is. */
		if (!known)
			return (struct setup_answer){
			    SETUP_REFUSED, key_named(what, len), rule->whose};
		what += len;
		what += strspn(what, ", ");
	}
	return (struct setup_answer){.verdict = SETUP_ALLOWED};
}

/* Own before and after: else an object could be taken from another organisation, or given away and
 * kept. */
static bool
is_mine(const struct rule *rule, const struct setup_question *question,
    const struct region_change *change)
{
	const char *was = change->was != NULL ? change->was : change->code;
	uint32_t i = change->sign != '+' ? find(question->before, change->kind, was) : REGION_NONE;
	uint32_t j =
	    change->sign != '-' ? find(question->after, change->kind, change->code) : REGION_NONE;

	return (i != REGION_NONE || j != REGION_NONE) &&
	       (i == REGION_NONE || rule->mine(question->before, question->account, i)) &&
	       (j == REGION_NONE || rule->mine(question->after, question->account, j));
}

struct setup_answer
rights_setup_change(const struct setup_question *question, const struct region_change *change)
{
	const struct rule *rule = rule_of(question->account, change->kind);
	struct setup_answer answer;

	/* The table has no rows for the administrator, who may change everything; but some changes
	 * need a second person even then. */
	if (question->account->role == ROLE_ADMINISTRATOR)
		return rights_second_change(question, change);
	if (rule == NULL)
		return (struct setup_answer){.why = "nothing of this kind"};
	if (strchr(rule->signs, change->sign) == NULL || !is_mine(rule, question, change))
		return (struct setup_answer){.why = rule->whose};
	/* A deletion and an addition concern the whole object, so there are no keys to judge. */
	answer = judge_keys(rule, change->sign == '~' ? change->what : NULL);
	return answer.verdict == SETUP_ALLOWED ? rights_second_change(question, change) : answer;
}

bool
rights_setup_touches(const struct region *region, const struct account *account,
    const struct region_kind *kind, const char *key)
{
	const struct rule *rule = rule_of(account, kind->kind);
	uint32_t index = key != NULL ? find(region, kind->kind, key) : REGION_NONE;

	if (account->role == ROLE_ADMINISTRATOR)
		return true;
	if (rule == NULL)
		return false;
	return key == NULL ? strchr(rule->signs, '+') != NULL
			   : index != REGION_NONE && rule->mine(region, account, index);
}

bool
rights_setup_keeps(const struct region *region, const struct account *account,
    const struct region_kind *kind, const char *key)
{
	const struct rule *rule = rule_of(account, kind->kind);

	return (rule == NULL || !rule->part) && rights_setup_touches(region, account, kind, key);
}

bool
rights_setup_keeps_account(
    const struct region *region, const struct account *account, const char *name)
{
	return rights_setup_touches(region, account, region_kind_of("account"), name);
}

/* -------------------------------------------------------------------------------- who sees it */

bool
rights_setup_knows(const struct region *region, const struct account *account, uint32_t person)
{
	/* Without places an account sees the whole region. */
	if (account->nplaces == 0 || own_person(region, account, person))
		return true;
	for (uint32_t i = 0; i < region->nservices; i++)
		if (region->services[i].organisation ==
			region_person(region, person)->organisation &&
		    rights_service(region, account, i))
			return true;
	return false;
}

static bool
sees(const struct region *region, const struct account *account, const char *kind, uint32_t index)
{
	bool by_name = rights_sight(account) != SIGHT_COUNTS;

	if (strcmp(kind, "place") == 0)
		return rights_place(region, account, index);
	if (strcmp(kind, "person") == 0)
		return by_name && rights_setup_knows(region, account, index);
	if (strcmp(kind, "service") == 0)
		return rights_service(region, account, index) ||
		       own_service(region, account, index);
	/* The meaning of a rota's titles and aliases is a name. */
	if (strcmp(kind, "rota") == 0)
		return by_name && rights_rota(region, account, index);
	if (strcmp(kind, "requirement") == 0)
		return rights_place(region, account, region->requirements[index].place);
	if (strcmp(kind, "account") == 0)
		return rights_has(account, RIGHT_REVIEW) ||
		       (account->role == ROLE_ORGANISATION_ADMINISTRATOR &&
			   rights_setup_is_own(
			       region, account, region->accounts[index].organisation)) ||
		       (account->role == ROLE_PLACE_MANAGER && own_device(region, account, index));
	/* Organisations, functions, areas and navigators are known to everybody. */
	return true;
}

bool
rights_setup_sees(const struct region *region, const struct account *account,
    const struct region_kind *kind, const char *key)
{
	uint32_t index = find(region, kind->kind, key);

	/* An object that is gone: only those who see the whole may learn that it was there. */
	if (index == REGION_NONE)
		return rights_has(account, RIGHT_REVIEW) && account->nplaces == 0;
	return sees(region, account, kind->kind, index);
}

bool
rights_setup_rings(const struct region *region, const struct account *account, const char *key)
{
	uint32_t person = find(region, "person", key);

	/* The scope "numbers" is missing: no work phone, whatever the role. */
	return !account->no_numbers &&
	       (rights_sight(account) == SIGHT_MOBILES ||
		   (person != REGION_NONE && rights_speaks_for(region, account, person)));
}
