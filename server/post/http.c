/* SPDX-License-Identifier: MIT */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/arena.h"
#include "server/base/file.h"
#include "server/post/answer.h"
#include "server/post/post_private.h"

/* What webhooks and SMS share: the client, its proxy, and what an answer means. */

enum { AUTHORITIES_MOST = 1 << 20, ANSWER_MOST = 64 << 10 };

static const char *
or_null(const char *setting)
{
	return *setting == '\0' ? NULL : setting;
}

bool
http_secret(const char *path, unsigned line, char out[SECRET_MAX])
{
	const char *at;
	char *bytes;
	size_t len;
	bool good;

	if (file_read_secret(path, 077, SECRET_MAX - 1, &bytes, &len) != STATUS_OK)
		return false;
	at = bytes;
	for (; line > 0; line--)
		at += strcspn(at, "\n") + (at[strcspn(at, "\n")] == '\n');
	good = strcspn(at, "\r\n") > 0;
	memcpy(out, at, strcspn(at, "\r\n"));
	out[strcspn(at, "\r\n")] = '\0';
	sodium_memzero(bytes, len);
	free(bytes);
	return good;
}

static bool
read_authorities(struct post *post, const char **ca, char reason[POST_REASON_MAX])
{
	const char *path = post->config->messages_ca;
	char *bytes;
	size_t len;

	*ca = NULL;
	if (*path == '\0')
		return true;
	if (file_read(path, AUTHORITIES_MOST, &bytes, &len) != STATUS_OK) {
		snprintf(reason, POST_REASON_MAX, "messages_ca: the file cannot be read");
		return false;
	}
	*ca = arena_strndup(post->arena, bytes, len);
	free(bytes);
	if (strstr(*ca, "-----BEGIN CERTIFICATE-----") != NULL)
		return true;
	snprintf(reason, POST_REASON_MAX, "messages_ca: the file has no certificate in PEM");
	return false;
}

bool
http_open(struct post *post, char reason[POST_REASON_MAX])
{
	const struct config *config = post->config;
	struct web_client_options options = {
	    .allow_cidrs = text_list(post->arena, config->webhook_allow),
	    .proxy = or_null(config->messages_proxy),
	    .no_proxy = text_list(post->arena, config->messages_no_proxy)};
	const char *bad;

	post->hosts = text_list(post->arena, config->webhook_hosts);
	if (!read_authorities(post, &options.ca, reason))
		return false;
	post->web = web_client_open(post->loop, &options, &bad);
	if (post->web == NULL)
		snprintf(reason, POST_REASON_MAX, "%s cannot be used: %s",
		    bad == options.proxy ? "messages_proxy" : "webhook_allow", bad);
	return post->web != NULL;
}

void
http_close(struct post *post)
{
	web_client_close(post->web);
}

static void
on_answer(void *ctx, enum status st, const struct web_got *got)
{
	struct post_sending *sending = ctx;
	struct answer_end end;
	struct post_outcome outcome = {0};

	(void)st;
	sending->fetch = NULL;
	answer_judge(got, sending->channel, sending->now, &end);
	outcome.end = end.end;
	outcome.of_channel = end.of_channel;
	outcome.wait_s = end.wait_s;
	outcome.text = end.text;
	post_finish(sending, &outcome);
}

void
http_start(struct post_sending *sending, struct web_get *get)
{
	const struct config *config = sending->post->config;
	char login[SECRET_MAX] = "";

	if (*config->messages_proxy_login != '\0') {
		if (!http_secret(config->messages_proxy_login, 0, login)) {
			post_finish_soon(sending, POST_LATER, true,
			    "The user and password for the proxy cannot be read. The server's administrator looks at the file of the setting messages_proxy_login: it is for the notify role's user alone (chmod 400).");
			return;
		}
		get->proxy_login = login;
	}
	get->max_bytes = ANSWER_MOST;
	get->limit_ms = (unsigned)config->messages_seconds * 1000;
	sending->fetch = web_fetch(sending->post->web, get, on_answer, sending);
	sodium_memzero(login, sizeof login);
}
