/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"

/* Whose subscriptions and messages are asked for: one's own, or those of accounts that the asker looks after. */
struct message_whose {
	const char *account;      /* NULL: of any */
	const char *organisation; /* whose accounts; NULL: of any */
};

/* Reads the parameters `account`, `organisation` and `everybody`; without any the asker's own. Another's are for who looks
 * after the accounts of the organisation, everybody's for administrators: else a refusal is noted. */
struct message_whose message_whose_read(struct ask *ask);

/* Whether the asker may see and change what is ${account}'s, of ${organisation} (NULL: of none). */
bool message_whose_may(const struct ask *ask, const char *account, const char *organisation);

/* The same of an account by its name alone; notes a refusal. */
bool message_whose_account(struct ask *ask, const char *account);
