/* SPDX-License-Identifier: MIT */
#pragma once

#include <sys/queue.h>

#include "server/base/text.h"
#include "server/post/post.h"
#include "server/post/template.h"
#include "server/web/client.h"

/* Between post.c and what sends on each channel. */

struct mail_child;

struct post_sending {
	struct post *post;
	LIST_ENTRY(post_sending) entry;
	post_done_fn *done;
	void *ctx;
	enum post_channel channel;
	struct loop_timer *early; /* an outcome that is known without asking anybody */
	char reason[POST_REASON_MAX];
	enum post_end early_end;
	bool early_of_channel;

	struct web_fetch *fetch; /* webhooks and SMS */
	int64_t now;

	/* E-mail. */
	TAILQ_ENTRY(post_sending) waiting; /* while ${queued} */
	bool queued;
	char *to;
	struct buf bytes;
	struct mail_child *child;
};

LIST_HEAD(post_sendings, post_sending);
TAILQ_HEAD(post_queue, post_sending);
LIST_HEAD(mail_children, mail_child);

struct post {
	struct loop *loop;
	const struct config *config;
	char *mail_url; /* with the name to greet with; NULL: no e-mail */
	struct post_sendings sendings;
	struct post_queue mail_waits;
	struct mail_children mail_children;
	unsigned mail_at_once;

	struct arena *arena;
	struct web_client *web;
	const char *const *hosts; /* of webhooks */
	struct template gateway;  /* its ${method} is NULL: no SMS */
};

/* Ends ${sending}: its callback, and then it is no more. */
void post_finish(struct post_sending *sending, const struct post_outcome *outcome);

/* Ends it in a later turn. */
void post_finish_soon(
    struct post_sending *sending, enum post_end end, bool of_channel, const char *reason);

/* mail.c: the e-mail ${sending}, whose ${to} and ${bytes} are written; and gives it up. */
bool mail_open(struct post *post, char reason[POST_REASON_MAX]);
void mail_close(struct post *post);
void mail_start(struct post_sending *sending);
void mail_give_up(struct post_sending *sending);

/* http.c: what webhooks and SMS share. */
bool http_open(struct post *post, char reason[POST_REASON_MAX]);
void http_close(struct post *post);
/* Asks, and ends ${sending} with what the answer means. The proxy's login and the limits are added to ${get}. */
void http_start(struct post_sending *sending, struct web_get *get);
/* The line ${line} (0 or 1) of the secret file ${path}, in ${out}: wiped by the caller. False: it cannot be read, or has no such line. */
#define SECRET_MAX 1024
bool http_secret(const char *path, unsigned line, char out[SECRET_MAX]);

/* webhook.c, sms.c. */
const char *webhook_fault(const char *url);
void webhook_start(struct post_sending *sending, const struct post_message *message);
bool sms_open(struct post *post, char reason[POST_REASON_MAX]);
void sms_start(struct post_sending *sending, const struct post_message *message);
