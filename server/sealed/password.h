/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "server/base/status.h"
#include "server/base/text.h"

/*
 * Passwords are kept as argon2id, which takes a good part of a second of the processor and 64 MiB
 * on purpose. So it is computed in a sealed child (server/passwords), never on a loop. The data
 * sent to the child, the answer, and the work. sodium_init comes before the work.
 */
#define PASSWORD_HASH_MAX 128   /* bytes, with the NUL */
#define PASSWORD_BYTES_MAX 1024 /* of what is typed */
#define PASSWORD_REQUEST_MAX 2048
#define PASSWORD_ANSWER_MAX 256
#define PASSWORD_SOCKET "passwords.sock"
#define PASSWORD_CHILDREN 2
#define PASSWORD_CHILD_MS 10000

/* The hash of a password that nobody has, for a name that nobody has: so that a stranger cannot
 * infer from the time it takes whether there is such an account. */
extern const char password_of_nobody[];

/* The request: to compare with ${hash}, or, if that is NULL, to make a new hash. */
void password_pack(struct buf *request, struct slice password, const char *hash);

/* The content of an answer: whether they match, and a new hash, which is empty if none was wanted.
 * STATUS_MALFORMED: it is not ours. */
struct password_answer {
	bool fine;
	char hash[PASSWORD_HASH_MAX];
};
MUST_USE enum status password_unpack(struct slice answer, struct password_answer *out);

/* The work, for a sealed child (sandbox_work_fn). */
void password_work(void *ctx, struct slice request, struct buf *answer);
