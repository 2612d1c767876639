/* SPDX-License-Identifier: MIT */
#include "server/post/webhook.h"

#include <curl/curl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "server/base/fatal.h"
#include "server/post/cards.h"
#include "server/post/post_private.h"
#include "server/post/signature.h"

/* Webhooks: JSON by POST to a URL that an account has given. Where it may lead is bounded by the operator's list of hosts, and by the check of addresses of
 * every fetch. */

enum { SECRET_LEAST = 32, SECRETS_MOST = 2, URL_MOST = 2000 };

static const char no_key[] =
    "The secret for signatures cannot be read. The server's administrator looks at the file of the setting webhook_secret: it is for the notify role's user alone (chmod 400), and has 32 characters or more in its first line.";

/* With libcurl's parser, because libcurl connects. */
static char *
host_of(const char *text)
{
	CURLU *url = curl_url();
	char *host = NULL;

	INVARIANT(url != NULL);
	if (curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK)
		curl_url_get(url, CURLUPART_HOST, &host, 0);
	curl_url_cleanup(url);
	return host;
}

const char *
webhook_fault(const char *url)
{
	static const char fault[] =
	    "This is no address of a webhook: https:// and a host are wanted, without a user or a blank.";
	char *host;
	bool good;

	if (strncmp(url, "https://", 8) != 0 || strlen(url) > URL_MOST ||
	    strchr(url, ' ') != NULL || !text_is_line(url))
		return fault;
	host = host_of(url);
	good = host != NULL && memchr(url, '@', 8 + strcspn(url + 8, "/?#")) == NULL;
	curl_free(host);
	return good ? NULL : fault;
}

static bool
is_under(const char *host, const char *domain)
{
	size_t len = strlen(host), end;

	domain += strspn(domain, "*.");
	end = strlen(domain);
	if (end == 0 || len < end || strcasecmp(host + len - end, domain) != 0)
		return false;
	return len == end || host[len - end - 1] == '.';
}

bool
webhook_may_go(const char *const *hosts, const char *url)
{
	char *host = host_of(url);
	bool may = false;

	for (; host != NULL && !may && *hosts != NULL; hosts++)
		may = strcmp(*hosts, "*") == 0 || is_under(host, *hosts);
	curl_free(host);
	return may;
}

static bool
read_secret(const struct config *config, unsigned line, char secret[SECRET_MAX])
{
	return http_secret(config->webhook_secret, line, secret) && strlen(secret) >= SECRET_LEAST;
}

bool
webhook_secret_of(const struct config *config, const char *url, char *out, size_t size)
{
	unsigned char key[SIGNATURE_KEY_BYTES];
	char secret[SECRET_MAX] = "", text[SIGNATURE_SECRET_MAX];
	bool good = read_secret(config, 0, secret);

	signature_key(slice_of(secret), url, key);
	signature_secret(key, text);
	if (good)
		snprintf(out, size, "%s", text);
	sodium_memzero(key, sizeof key);
	sodium_memzero(text, sizeof text);
	sodium_memzero(secret, sizeof secret);
	return good;
}

/* One signature for each secret of the file: while there are two, each receiver changes to the new one when it likes. False: the file has none. */
static bool
sign(struct buf *header, const struct config *config, const char *url,
    const struct signed_text *text)
{
	char secret[SECRET_MAX], made[SIGNATURE_HEADER_MAX];
	unsigned char key[SIGNATURE_KEY_BYTES];
	unsigned line = 0;

	buf_add_text(header, "webhook-signature:");
	for (; line < SECRETS_MOST && read_secret(config, line, secret); line++) {
		signature_key(slice_of(secret), url, key);
		signature_make(key, text, made);
		buf_printf(header, " %s", made);
	}
	sodium_memzero(secret, sizeof secret);
	sodium_memzero(key, sizeof key);
	return line > 0;
}

static void
post_json(struct post_sending *sending, const struct post_message *message, struct slice body,
    const char *const *headers)
{
	struct web_get get = {.method = "POST",
	    .url = message->address,
	    .headers = headers,
	    .content_type = "application/json",
	    .body = body};

	http_start(sending, &get);
}

static void
send_signed(struct post_sending *sending, const struct post_message *message, struct slice body)
{
	struct signed_text text = {.id = message->id, .at = message->now, .body = body};
	struct buf signature = {0};
	char id[96], at[64];
	const char *headers[] = {id, at, NULL, NULL};

	snprintf(id, sizeof id, "webhook-id: %.64s", message->id);
	snprintf(at, sizeof at, "webhook-timestamp: %lld", (long long)message->now);
	if (sign(&signature, sending->post->config, message->address, &text)) {
		headers[2] = signature.at;
		post_json(sending, message, body, headers);
	} else {
		post_finish_soon(sending, POST_LATER, true, no_key);
	}
	buf_free(&signature);
}

/* Only a webhook of the account's own is signed: Teams and Slack check no signature, their URLs are secret. */
void
webhook_start(struct post_sending *sending, const struct post_message *message)
{
	static const char *const no_headers[] = {NULL};
	struct buf body = {0};

	if (!webhook_may_go(sending->post->hosts, message->address)) {
		post_finish_soon(sending, POST_REFUSED, false,
		    "This server sends no webhooks to that host. The server's administrator may name it (setting webhook_hosts).");
		return;
	}
	if (message->channel == POST_TEAMS)
		card_teams(&body, message);
	else if (message->channel == POST_SLACK)
		card_slack(&body, message);
	else
		card_webhook(&body, message);
	if (message->channel == POST_WEBHOOK)
		send_signed(sending, message, (struct slice){body.at, body.len});
	else
		post_json(sending, message, (struct slice){body.at, body.len}, no_headers);
	buf_free(&body);
}
