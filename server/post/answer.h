/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/post/post.h"
#include "server/web/client.h"

/* What an answer of HTTP means for the message that was sent. Pure. */
struct answer_end {
	enum post_end end;
	bool of_channel;
	int64_t wait_s;
	char text[POST_REASON_MAX];
};

/* ${channel}: POST_SMS, whose server is ours, or one of the others, whose server is the address. ${now}: for a Retry-After that is a date. */
void answer_judge(
    const struct web_got *got, enum post_channel channel, int64_t now, struct answer_end *end);
