/* SPDX-License-Identifier: MIT */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/file.h"
#include "server/post/post_private.h"
#include "server/post/sms_text.h"

/* SMS, by a request to the operator's gateway. */

enum { GATEWAY_MOST = 16384 };

static const char *
unknown_field(const struct template *gateway)
{
	static const char *const all[] = {"to", "to_digits", "text", "id", "secret", "basic", NULL};
	static const char *const of_headers[] = {"id", "secret", "basic", NULL};

	if (!template_knows(gateway->url, all))
		return "its URL has another field than ${to}, ${to_digits}, ${text}, ${id}, ${secret} and ${basic}, or one without an end";
	for (size_t i = 0; gateway->headers[i] != NULL; i++)
		if (!template_knows(gateway->headers[i], of_headers))
			return "a header has another field than ${id}, ${secret} and ${basic}, or one without an end";
	if (!template_knows(gateway->body, all))
		return "its body has another field than ${to}, ${to_digits}, ${text}, ${id}, ${secret} and ${basic}, or one without an end";
	if (strstr(gateway->url, "${text}") == NULL && strstr(gateway->body, "${text}") == NULL)
		return "it has no ${text}";
	return NULL;
}

bool
sms_open(struct post *post, char reason[POST_REASON_MAX])
{
	const char *fault = "the file cannot be read";
	char *bytes;
	size_t len;

	if (*post->config->sms_gateway == '\0')
		return true;
	if (file_read(post->config->sms_gateway, GATEWAY_MOST, &bytes, &len) == STATUS_OK) {
		fault = template_read((struct slice){bytes, len}, &post->gateway);
		free(bytes);
		if (fault == NULL)
			fault = unknown_field(&post->gateway);
	}
	if (fault != NULL)
		snprintf(reason, POST_REASON_MAX, "sms_gateway: %s", fault);
	return fault == NULL;
}

/* The secret of the gateway as the template may need it: as it is in the file, and in base64 for "Authorization: Basic". */
struct known_by {
	char secret[SECRET_MAX], basic[SECRET_MAX * 2];
};

static bool
read_known_by(const char *path, struct known_by *known)
{
	*known = (struct known_by){0};
	if (*path == '\0')
		return true;
	if (!http_secret(path, 0, known->secret))
		return false;
	sodium_bin2base64(known->basic, sizeof known->basic, (const unsigned char *)known->secret,
	    strlen(known->secret), sodium_base64_VARIANT_ORIGINAL);
	return true;
}

struct filled {
	struct buf url, body, headers[16];
	const char *lines[17];
};

static bool
fill(struct filled *filled, const struct template *gateway, const struct template_field *fields)
{
	bool good = template_fill(&filled->url, gateway->url, fields, TEMPLATE_URL) &&
		    template_fill(&filled->body, gateway->body, fields, gateway->body_place);

	for (size_t i = 0; gateway->headers[i] != NULL; i++) {
		good = template_fill(
			   &filled->headers[i], gateway->headers[i], fields, TEMPLATE_HEADER) &&
		       good;
		filled->lines[i] = filled->headers[i].at;
	}
	return good;
}

static void
wipe_buf(struct buf *buf)
{
	if (buf->at != NULL)
		sodium_memzero(buf->at, buf->len);
	buf_free(buf);
}

static void
wipe(struct filled *filled)
{
	wipe_buf(&filled->url);
	wipe_buf(&filled->body);
	for (size_t i = 0; i < sizeof filled->headers / sizeof *filled->headers; i++)
		wipe_buf(&filled->headers[i]);
}

static void
ask(struct post_sending *sending, const struct template_field *fields)
{
	const struct template *gateway = &sending->post->gateway;
	struct filled filled = {0};

	if (fill(&filled, gateway, fields)) {
		struct web_get get = {.method = gateway->method,
		    .url = filled.url.at,
		    .headers = filled.lines,
		    .content_type = gateway->type,
		    .body = {filled.body.at, filled.body.len}};

		http_start(sending, &get);
	} else {
		post_finish_soon(sending, POST_LATER, true,
		    "The secret for the SMS gateway cannot stand in a header (setting sms_secret).");
	}
	wipe(&filled);
}

static void
write_text(struct buf *out, const struct post_message *message, unsigned parts)
{
	struct buf text = {0};

	buf_add_line(&text, slice_of(message->subject));
	buf_printf(&text, "%s%s", *message->text == '\0' ? "" : "\n", message->text);
	while (text.len > 0 && text.at[text.len - 1] == '\n')
		text.at[--text.len] = '\0';
	sms_write(out, (struct slice){text.at, text.len}, message->link, parts);
	buf_free(&text);
}

void
sms_start(struct post_sending *sending, const struct post_message *message)
{
	const struct config *config = sending->post->config;
	struct known_by known;
	struct buf text = {0};
	char to[SMS_NUMBER_MAX];

	sms_number(message->address, to);
	write_text(&text, message, (unsigned)config->sms_parts);
	if (read_known_by(config->sms_secret, &known))
		ask(sending, (const struct template_field[]){{"to", to}, {"to_digits", to + 1},
				 {"text", text.at}, {"id", message->id}, {"secret", known.secret},
				 {"basic", known.basic}, {NULL, NULL}});
	else
		post_finish_soon(sending, POST_LATER, true,
		    "The secret for the SMS gateway cannot be read. The server's administrator looks at the file of the setting sms_secret: it is for the notify role's user alone (chmod 400).");
	sodium_memzero(&known, sizeof known);
	buf_free(&text);
}
