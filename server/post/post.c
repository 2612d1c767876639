/* SPDX-License-Identifier: MIT */
#include "server/post/post.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/arena.h"
#include "server/base/fatal.h"
#include "server/post/mime.h"
#include "server/post/post_private.h"
#include "server/post/sms_text.h"

/* What all channels share: which there are, and how a sending ends. */

static const char *const channel_names[POST_CHANNELS] = {
    "email", "webhook", "teams", "slack", "sms"};

const char *
post_channel_name(enum post_channel channel)
{
	return channel_names[channel];
}

enum post_channel
post_channel_of(const char *name)
{
	int channel = 0;

	while (channel < POST_CHANNELS && strcmp(channel_names[channel], name) != 0)
		channel++;
	return (enum post_channel)channel;
}

struct post *
post_new(struct loop *loop, const struct config *config, char reason[POST_REASON_MAX])
{
	struct post *post = xcalloc(1, sizeof *post);

	post->loop = loop;
	post->config = config;
	LIST_INIT(&post->sendings);
	TAILQ_INIT(&post->mail_waits);
	LIST_INIT(&post->mail_children);
	post->arena = arena_new(0);
	if (mail_open(post, reason) && http_open(post, reason) && sms_open(post, reason))
		return post;
	post_free(post);
	return NULL;
}

/* Called before the callback of the sending, which may free the whole post: so the sending is in none of its lists by then. */
static void
destroy(struct post_sending *sending)
{
	LIST_REMOVE(sending, entry);
	loop_timer_cancel(sending->early);
	mail_give_up(sending);
	web_fetch_cancel(sending->fetch);
	buf_free(&sending->bytes);
	free(sending->to);
	free(sending);
}

void
post_finish(struct post_sending *sending, const struct post_outcome *outcome)
{
	post_done_fn *done = sending->done;
	void *ctx = sending->ctx;

	destroy(sending);
	done(ctx, outcome);
}

static void
on_early(void *ctx)
{
	struct post_sending *sending = ctx;
	char reason[POST_REASON_MAX];
	struct post_outcome outcome = {
	    .end = sending->early_end, .of_channel = sending->early_of_channel, .text = reason};

	memcpy(reason, sending->reason, sizeof reason);
	sending->early = NULL;
	post_finish(sending, &outcome);
}

void
post_finish_soon(
    struct post_sending *sending, enum post_end end, bool of_channel, const char *reason)
{
	snprintf(sending->reason, sizeof sending->reason, "%s", reason);
	sending->early_end = end;
	sending->early_of_channel = of_channel;
	sending->early = loop_after(sending->post->loop, 0, on_early, sending);
}

void
post_free(struct post *post)
{
	struct post_sending *sending;

	if (post == NULL)
		return;
	while ((sending = LIST_FIRST(&post->sendings)) != NULL)
		destroy(sending);
	mail_close(post);
	http_close(post);
	template_free(&post->gateway);
	arena_free(post->arena);
	free(post);
}

bool
post_has(const struct post *post, enum post_channel channel)
{
	switch (channel) {
	case POST_EMAIL:
		return post->mail_url != NULL;
	case POST_WEBHOOK:
		return post->hosts[0] != NULL && *post->config->webhook_secret != '\0';
	case POST_TEAMS:
	case POST_SLACK:
		return post->hosts[0] != NULL;
	case POST_SMS:
		return post->gateway.method != NULL;
	default:
		return false;
	}
}

const char *
post_address_fault(enum post_channel channel, const char *address)
{
	char number[SMS_NUMBER_MAX];

	switch (channel) {
	case POST_EMAIL:
		return mime_is_address(address)
			   ? NULL
			   : "This is no e-mail address that can be written to from here: name@host in plain letters is wanted.";
	case POST_SMS:
		return sms_number(address, number)
			   ? NULL
			   : "This is no telephone number in the international form, such as +447700900123.";
	default:
		return webhook_fault(address);
	}
}

static void
start(struct post_sending *sending, const struct post_message *message)
{
	const char *fault = post_address_fault(message->channel, message->address);

	if (!post_has(sending->post, message->channel)) {
		post_finish_soon(sending, POST_LATER, true,
		    "This server has not been set up to send on this channel. The server's administrator sets it up (crisiscoverd.conf).");
	} else if (fault != NULL) {
		post_finish_soon(sending, POST_REFUSED, false, fault);
	} else if (message->channel == POST_EMAIL) {
		sending->to = xstrdup(message->address);
		mime_write(&sending->bytes, message, sending->post->config->mail_from);
		mail_start(sending);
	} else if (message->channel == POST_SMS) {
		sms_start(sending, message);
	} else {
		webhook_start(sending, message);
	}
}

struct post_sending *
post_send(struct post *post, const struct post_message *message, post_done_fn *done, void *ctx)
{
	struct post_sending *sending = xcalloc(1, sizeof *sending);

	INVARIANT(text_is_code(slice_of(message->id)));
	INVARIANT(message->channel < POST_CHANNELS);
	INVARIANT(message->thread == NULL || text_is_code(slice_of(message->thread)));
	sending->post = post;
	sending->done = done;
	sending->ctx = ctx;
	sending->channel = message->channel;
	sending->now = message->now;
	LIST_INSERT_HEAD(&post->sendings, sending, entry);
	start(sending, message);
	return sending;
}

void
post_cancel(struct post_sending *sending)
{
	if (sending != NULL)
		destroy(sending);
}
