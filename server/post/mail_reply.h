/* SPDX-License-Identifier: MIT */
#pragma once

#include <curl/curl.h>

#include "server/base/text.h"
#include "server/post/post.h"

/* What an SMTP conversation means that has ended. Pure, but for libcurl's names of its own results. */

/* Which command was the last that was sent. */
enum mail_step {
	MAIL_CONNECT, /* none yet */
	MAIL_HELLO,
	MAIL_TLS,
	MAIL_LOGIN,
	MAIL_FROM,
	MAIL_TO,
	MAIL_DATA, /* asked whether the message may come */
	MAIL_BODY  /* it may; perhaps it is there already */
};

struct mail_talk {
	enum mail_step step;
	unsigned code;        /* of the last reply; 0: none to this step */
	char reply[256];      /* its last line, as it came */
	bool over;            /* leave was taken: nothing that comes after counts */
	bool address_refused; /* ours: it is not on this machine, and TLS is off */
};

/* Takes note of a command that is sent, and of a line that has come. */
void mail_talk_command(struct mail_talk *talk, struct slice line);
void mail_talk_reply(struct mail_talk *talk, struct slice line);

/* Whether the server has taken the message: whatever comes after does not count. */
bool mail_talk_is_taken(const struct mail_talk *talk);

/* Whether it has taken or refused it. */
bool mail_talk_is_decided(const struct mail_talk *talk);

struct mail_end {
	enum post_end end;
	bool of_channel;
	char text[POST_REASON_MAX];
};

/* What the end means for the message. */
void mail_judge(const struct mail_talk *talk, CURLcode result, struct mail_end *end);
