/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/post/cards.h"
#include "server/post/mime.h"
#include "server/post/sms_text.h"
#include "server/post/template.h"
#include "tests/fuzz/fuzz.h"

/*
 * What is written of texts that others chose: the subject is all before the first NUL byte, the text all after it. Whatever they are, an e-mail's
 * head has the lines that were meant, no line of it is too long, and JSON stays JSON.
 */

enum { HEADERS_OF_A_MESSAGE = 10, LINE_MOST = 78 };

/* The lines of the head that go on with none before them; checks each line's length and end. */
static unsigned
count_headers(const struct buf *mail)
{
	const char *at = mail->at, *end = mail->at + mail->len;
	unsigned count = 0;

	while (at < end && memcmp(at, "\r\n", 2) != 0) {
		const char *next = memchr(at, '\n', (size_t)(end - at));

		INVARIANT(next != NULL && next > at && next[-1] == '\r' && next - at <= LINE_MOST);
		count += *at != ' ';
		at = next + 1;
	}
	for (; at < end; at++)
		INVARIANT(*at != '\n' || at[-1] == '\r');
	INVARIANT(mail->len >= 2 && memcmp(end - 2, "\r\n", 2) == 0);
	return count;
}

static void
check_mail(const struct post_message *message)
{
	struct buf out = {0};

	mime_write(&out, message, "cover@fenmere.example");
	INVARIANT(count_headers(&out) == HEADERS_OF_A_MESSAGE);
	for (size_t i = 0; i < out.len; i++)
		INVARIANT((unsigned char)out.at[i] < 0x80 && out.at[i] != '\0');
	buf_free(&out);
}

/* Quotes, and brackets outside of them, stand as in any JSON; nothing but text is in strings. */
static void
check_json(const struct buf *json)
{
	int depth = 0;
	bool within = false;

	for (size_t i = 0; i < json->len; i++) {
		char byte = json->at[i];

		INVARIANT((unsigned char)byte >= 0x20);
		if (within && byte == '\\')
			i++;
		else if (byte == '"')
			within = !within;
		else if (!within)
			depth += (byte == '{' || byte == '[') - (byte == '}' || byte == ']');
		INVARIANT(depth > 0 || i + 1 == json->len);
	}
	INVARIANT(depth == 0 && !within && text_utf8_valid(json->at, json->len));
}

static void
check_card(void (*card)(struct buf *out, const struct post_message *message),
    const struct post_message *message)
{
	struct buf out = {0};

	card(&out, message);
	check_json(&out);
	buf_free(&out);
}

static void
check_template(const struct post_message *message)
{
	struct template_field fields[] = {
	    {"subject", message->subject}, {"text", message->text}, {NULL, NULL}};
	struct template template;
	struct buf out = {0};

	INVARIANT(
	    template_fill(&out, "{\"a\": ${text}, \"b\": [${subject}]}", fields, TEMPLATE_JSON));
	check_json(&out);
	buf_reset(&out);
	INVARIANT(template_fill(&out, "${text}&${subject}", fields, TEMPLATE_FORM));
	INVARIANT(
	    memchr(out.at, '\n', out.len) == NULL && strchr(out.at, '&') == strrchr(out.at, '&'));
	buf_free(&out);
	if (template_read(slice_of(message->text), &template) == NULL)
		template_free(&template);
}

static void
check_sms(const struct post_message *message)
{
	struct buf out = {0};

	sms_write(&out, slice_of(message->text), message->link, 2);
	INVARIANT(out.at == NULL || sms_measure((struct slice){out.at, out.len}).parts <= 2);
	buf_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *input, size_t len)
{
	char *subject = xcalloc(len + 2, 1);
	struct post_message message = {.address = "rota@fenmere.example",
	    .id = "m-1",
	    .severity = "normal",
	    .subject = subject,
	    .link = "https://cover.example/"};

	memcpy(subject, input, len);
	message.text = subject + strlen(subject) + 1;
	if (strlen(subject) == len)
		message.text = "";
	check_mail(&message);
	check_card(card_webhook, &message);
	check_card(card_teams, &message);
	check_card(card_slack, &message);
	check_template(&message);
	check_sms(&message);
	free(subject);
	return 0;
}
