/* SPDX-License-Identifier: MIT */
#include "server/api/views/messages/message_whose.h"

#include <string.h>

#include "server/api/ask/rights.h"

static const char others[] =
    "What another account is told is for its owner, and for who looks after the accounts of its organisation.";

bool
message_whose_may(const struct ask *ask, const char *account, const char *organisation)
{
	if (strcmp(account, ask->account->name) == 0)
		return !rights_is_device(ask->account);
	if (organisation == NULL)
		return ask->account->role == ROLE_ADMINISTRATOR;
	return rights_keeps_accounts(ask->account, organisation);
}

/* The organisation of an account in the set-up. NULL where there is no such account as well as where it has none: the answers to both are the same, so that
 * nobody learns which accounts there are. */
static const char *
organisation_of(const struct region *region, const char *account)
{
	uint32_t index = table_get(&region->account_by_name, account), of;

	if (index == TABLE_NONE)
		return NULL;
	of = region->accounts[index].organisation;
	return of == REGION_NONE ? NULL : region->organisations[of].code;
}

bool
message_whose_account(struct ask *ask, const char *account)
{
	if (message_whose_may(ask, account, organisation_of(ask->region, account)))
		return true;
	ask_refuse(ask, 403, "%s", others);
	return false;
}

struct message_whose
message_whose_read(struct ask *ask)
{
	struct message_whose whose = {ask_text(ask, "account"), ask_text(ask, "organisation")};

	if (ask_yes(ask, "everybody")) {
		if (ask->account->role != ROLE_ADMINISTRATOR)
			ask_refuse(ask, 403, "Everybody's messages are for administrators.");
		return (struct message_whose){0};
	}
	if (whose.organisation != NULL) {
		if (!rights_keeps_accounts(ask->account, whose.organisation))
			ask_refuse(ask, 403, "%s", others);
		return whose;
	}
	if (whose.account == NULL)
		whose.account = ask->account->name;
	message_whose_account(ask, whose.account);
	return whose;
}
