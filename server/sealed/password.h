/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "server/base/status.h"
#include "server/base/text.h"

/*
 * The request to the passwords role, its answer, and the work between them. Passwords are kept as
 * argon2id, which by design takes tenths of a second of processor time and 64 MiB. It is therefore
 * computed in a sealed child (server/passwords) and never on the loop of a process that answers
 * requests. Call sodium_init before password_work().
 */
#define PASSWORD_HASH_MAX 128   /* bytes, with the NUL */
#define PASSWORD_BYTES_MAX 1024 /* of what is typed */
#define PASSWORD_REQUEST_MAX 2048
#define PASSWORD_ANSWER_MAX 256
#define PASSWORD_SOCKET "passwords.sock"
#define PASSWORD_CHILDREN 2
#define PASSWORD_CHILD_MS 10000

/* A hash that no password matches. It is compared when somebody signs in with an unknown name, so that the
 * time of the answer does not reveal whether an account exists. */
extern const char password_of_nobody[];

/* Appends a request to ${request}: to compare ${password} with ${hash}, or, if ${hash} is NULL, to make
 * a new hash of it. */
void password_pack(struct buf *request, struct slice password, const char *hash);

/* The answer. ${fine}: the password matches, or the new hash was made. ${hash}: the new hash, empty if the
 * request was a comparison. STATUS_MALFORMED: ${answer} is not one of password_work(). */
struct password_answer {
	bool fine;
	char hash[PASSWORD_HASH_MAX];
};
MUST_USE enum status password_unpack(struct slice answer, struct password_answer *out);

/* The work, a sandbox_work_fn for the sealed child. ${ctx} is not used. Appends nothing if the request is
 * malformed. */
void password_work(void *ctx, struct slice request, struct buf *answer);
