/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/text.h"
#include "server/config.h"
#include "server/post/mail_reply.h"

/* One e-mail, sent by a process of its own. */

struct mail_letter {
	const struct config *config;
	const char *url, *to;
	struct slice bytes;
};

/*
 * Sends ${letter} and writes a struct mail_end into ${out} as soon as the outcome is known; then it takes leave of the server. Blocks for
 * messages_seconds at most, or twice as long with a server that stalls as it is left.
 */
void mail_send(const struct mail_letter *letter, int out);
