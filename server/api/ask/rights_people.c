/* SPDX-License-Identifier: MIT */
#include "server/api/ask/rights_people.h"

/* For merges an organisation's administrator has the rights of its rota managers, so the rules for those are
 * applied to a copy of the account with that role. */
static struct account
as_keeper(const struct account *account)
{
	struct account keeper = *account;

	if (keeper.role == ROLE_ORGANISATION_ADMINISTRATOR)
		keeper.role = ROLE_ROTA_MANAGER;
	return keeper;
}

bool
rights_people_touches(const struct region *region, const struct account *account, const char *code)
{
	struct account keeper = as_keeper(account);

	return rights_setup_touches(region, &keeper, &region_kinds[REGION_KIND_PERSON], code);
}

struct setup_answer
rights_people_change(
    const struct setup_question *question, const char *code, const char *other, bool split)
{
	struct account keeper = as_keeper(question->account);
	const struct setup_question asked = {question->before, question->after, &keeper};
	/* A merge is judged as a change of one person and the removal of the other; a split as two
	 * changes. The person who is split off is compared with the one before (`was`), whose approvals they had. */
	const struct region_change changes[] = {
	    {.sign = '~', .kind = "person", .code = code},
	    {.sign = split ? '~' : '-',
		.kind = "person",
		.code = other,
		.was = split ? code : NULL},
	};
	struct setup_answer answer = rights_setup_change(&asked, &changes[0]);

	return answer.verdict == SETUP_ALLOWED ? rights_setup_change(&asked, &changes[1]) : answer;
}
