/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/post/cards.h"
#include "server/post/signature.h"

/* The shapes of JSON, and the signature, against texts that were made by hand or by another implementation. */

static const struct post_field fields[] = {{"place", "ZED01"}, {"function", "amhp"}};

static const struct post_message full = {.channel = POST_WEBHOOK,
    .address = "https://hooks.fenmere.example/cover",
    .id = "m-2",
    .thread = "m-1",
    .made = 1796094600,
    .severity = "critical",
    .subject = "Gap: <AMHP> & *more*",
    .text = "Nobody is on call.\n<!channel> [a](https://x.example)\n",
    .link = "https://cover.example/gaps",
    .fields = fields,
    .field_count = 2};

static const struct post_message least = {.channel = POST_WEBHOOK,
    .id = "m-1",
    .made = 1796094600,
    .severity = "high",
    .subject = "Gap: AMHP, Alderbrook",
    .text = "Nobody is on call.\n"};

#define LEAST_JSON                                                                                 \
	"{\"id\":\"m-1\",\"made\":\"2026-12-01T03:10:00Z\",\"severity\":\"high\",\"subject\":\"Gap: AMHP, Alderbrook\",\"text\":\"Nobody is on call.\\n\",\"fields\":{}}"

static void
test_webhook(void **state)
{
	struct buf out = {0};

	(void)state;
	card_webhook(&out, &least);
	assert_string_equal(out.at, LEAST_JSON);
	buf_free(&out);
	card_webhook(&out, &full);
	assert_string_equal(out.at,
	    "{\"id\":\"m-2\",\"thread\":\"m-1\",\"made\":\"2026-12-01T03:10:00Z\",\"severity\":\"critical\",\"subject\":\"Gap: <AMHP> & *more*\","
	    "\"text\":\"Nobody is on call.\\n<!channel> [a](https://x.example)\\n\",\"link\":\"https://cover.example/gaps\","
	    "\"fields\":{\"place\":\"ZED01\",\"function\":\"amhp\"}}");
	buf_free(&out);
}

static void
test_teams(void **state)
{
	struct buf out = {0};

	(void)state;
	card_teams(&out, &full);
	assert_string_equal(out.at,
	    "{\"type\":\"message\",\"attachments\":[{\"contentType\":\"application/vnd.microsoft.card.adaptive\",\"contentUrl\":null,\"content\":"
	    "{\"$schema\":\"http://adaptivecards.io/schemas/adaptive-card.json\",\"type\":\"AdaptiveCard\",\"version\":\"1.4\",\"body\":["
	    "{\"type\":\"RichTextBlock\",\"inlines\":[{\"type\":\"TextRun\",\"text\":\"Gap: <AMHP> & *more*\",\"size\":\"Medium\",\"weight\":\"Bolder\","
	    "\"color\":\"Attention\"}]},"
	    "{\"type\":\"RichTextBlock\",\"inlines\":[{\"type\":\"TextRun\",\"text\":\"Nobody is on call.\"}]},"
	    "{\"type\":\"RichTextBlock\",\"inlines\":[{\"type\":\"TextRun\",\"text\":\"<!channel> [a](https://x.example)\"}]},"
	    "{\"type\":\"RichTextBlock\",\"spacing\":\"None\",\"inlines\":[{\"type\":\"TextRun\",\"weight\":\"Bolder\",\"text\":\"place\"},"
	    "{\"type\":\"TextRun\",\"text\":\": \"},{\"type\":\"TextRun\",\"text\":\"ZED01\"}]},"
	    "{\"type\":\"RichTextBlock\",\"spacing\":\"None\",\"inlines\":[{\"type\":\"TextRun\",\"weight\":\"Bolder\",\"text\":\"function\"},"
	    "{\"type\":\"TextRun\",\"text\":\": \"},{\"type\":\"TextRun\",\"text\":\"amhp\"}]}],"
	    "\"actions\":[{\"type\":\"Action.OpenUrl\",\"title\":\"Open\",\"url\":\"https://cover.example/gaps\"}]}}]}");
	buf_free(&out);
}

static void
test_slack(void **state)
{
	struct buf out = {0};

	(void)state;
	card_slack(&out, &full);
	assert_string_equal(out.at,
	    "{\"text\":\"Gap: &lt;AMHP&gt; &amp; *more*\",\"blocks\":["
	    "{\"type\":\"header\",\"text\":{\"type\":\"plain_text\",\"emoji\":false,\"text\":\"Gap: <AMHP> & *more*\"}},"
	    "{\"type\":\"section\",\"text\":{\"type\":\"plain_text\",\"emoji\":false,\"text\":\"Nobody is on call.\\n<!channel> [a](https://x.example)\\n\"}},"
	    "{\"type\":\"section\",\"fields\":[{\"type\":\"plain_text\",\"emoji\":false,\"text\":\"place: ZED01\"},"
	    "{\"type\":\"plain_text\",\"emoji\":false,\"text\":\"function: amhp\"}]},"
	    "{\"type\":\"actions\",\"elements\":[{\"type\":\"button\",\"text\":{\"type\":\"plain_text\",\"emoji\":false,\"text\":\"Open\"},"
	    "\"url\":\"https://cover.example/gaps\",\"style\":\"danger\"}]}]}");
	buf_free(&out);
}

/* Slack refuses a message with a longer head. A character is kept whole. */
static void
test_cut(void **state)
{
	struct post_message message = least;
	char subject[401] = "", wanted[400] = "";
	struct buf out = {0};

	(void)state;
	for (int i = 0; i < 200; i++)
		strcat(subject, "\xc3\xa9");
	for (int i = 0; i < 147; i++)
		strcat(wanted, "\xc3\xa9");
	strcat(wanted, "...\"}");
	message.subject = subject;
	card_slack(&out, &message);
	assert_non_null(strstr(out.at, wanted));
	buf_free(&out);
}

/* README.md has this example. The values were made with Python's hmac. */
static void
test_signature(void **state)
{
	unsigned char key[SIGNATURE_KEY_BYTES];
	char secret[SIGNATURE_SECRET_MAX], header[SIGNATURE_HEADER_MAX];
	struct signed_text text = {.id = "m-1", .at = 1796094605, .body = SLICE(LEAST_JSON)};

	(void)state;
	signature_key(
	    SLICE("0123456789abcdef0123456789abcdef"), "https://hooks.fenmere.example/cover", key);
	signature_secret(key, secret);
	assert_string_equal(secret, "whsec_NMpiyBk9Z3r8bcTUBF/ull1qKJDJW7Xs4ps+27RaRoA=");
	signature_make(key, &text, header);
	assert_string_equal(header, "v1,uW/ofb80n+KPHd/9rN7B0jVvKRYb/488tuopC2OB5bQ=");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_webhook),
	    cmocka_unit_test(test_teams),
	    cmocka_unit_test(test_slack),
	    cmocka_unit_test(test_cut),
	    cmocka_unit_test(test_signature),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
