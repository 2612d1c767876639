/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/post/mime.h"

static const struct post_message plain = {.channel = POST_EMAIL,
    .address = "rota@fenmere.example",
    .id = "0b9f6a52-7f0e-4d0b-9d1c-0d8f7e5a1c11",
    .made = 1796094600,
    .severity = "normal",
    .subject = "Gap: AMHP, Alderbrook, from 21:00",
    .text = "Nobody is on call.\n",
    .link = "https://cover.example/gaps?place=ZED01"};

static void
test_a_whole_message(void **state)
{
	struct buf out = {0};

	(void)state;
	mime_write(&out, &plain, "cover@fenmere.example");
	assert_string_equal(out.at,
	    "From: Crisis Cover <cover@fenmere.example>\r\n"
	    "To: <rota@fenmere.example>\r\n"
	    "Subject: Gap: AMHP, Alderbrook, from 21:00\r\n"
	    "Date: Tue, 1 Dec 2026 03:10:00 +0000\r\n"
	    "Message-ID: <0b9f6a52-7f0e-4d0b-9d1c-0d8f7e5a1c11@fenmere.example>\r\n"
	    "Auto-Submitted: auto-generated\r\n"
	    "X-Auto-Response-Suppress: All\r\n"
	    "MIME-Version: 1.0\r\n"
	    "Content-Type: text/plain; charset=UTF-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n"
	    "\r\n"
	    "Nobody is on call.\r\n"
	    "\r\n"
	    "https://cover.example/gaps?place=3DZED01\r\n");
	buf_free(&out);
}

static void
test_urgent_and_of_a_thread(void **state)
{
	struct post_message message = plain;
	struct buf out = {0};

	(void)state;
	message.severity = "critical";
	message.thread = "first";
	mime_write(&out, &message, "cover@fenmere.example");
	assert_non_null(strstr(out.at,
	    "\r\nIn-Reply-To: <first@fenmere.example>\r\nReferences: <first@fenmere.example>\r\n"));
	assert_non_null(strstr(out.at, "\r\nImportance: high\r\nX-Priority: 1 (Highest)\r\n"));
	buf_free(&out);
}

static const char *
header(struct buf *out, const char *text)
{
	buf_free(out);
	mime_header(out, "Subject", slice_of(text));
	return out->at;
}

static void
test_headers(void **state)
{
	struct buf out = {0};

	(void)state;
	assert_string_equal(header(&out, "Café"), "Subject: =?UTF-8?B?Q2Fmw6k=?=\r\n");
	assert_string_equal(
	    header(&out, "=?UTF-8?B?eA==?="), "Subject: =?UTF-8?B?PT9VVEYtOD9CP2VBPT0/PQ==?=\r\n");
	assert_string_equal(
	    header(&out, "one two three four five six seven eight nine ten eleven twelve thirteen"),
	    "Subject: one two three four five six seven eight nine ten eleven twelve\r\n thirteen\r\n");
	assert_string_equal(header(&out, "a  b"), "Subject: =?UTF-8?B?YSAgYg==?=\r\n");
	/* A character is never divided between two words. */
	assert_string_equal(header(&out, "éééééééééééééééééééééééééé"),
	    "Subject: =?UTF-8?B?w6nDqcOpw6nDqcOpw6nDqcOpw6nDqcOpw6nDqcOpw6nDqcOpw6k=?=\r\n =?UTF-8?B?w6nDqcOpw6nDqcOpw6k=?=\r\n");
	buf_free(&out);
}

/* No text of others ends a header or begins one: each line of the head is one that was meant, or goes on with the one before. */
static void
test_nothing_is_injected(void **state)
{
	static const char *const tries[] = {"x\r\nBcc: all@fenmere.example", "x\nBcc: a@b.example",
	    "x\r\n\r\nbody", "x\rBcc: a@b.example",
	    "x\xc2\x85"
	    "Bcc: a@b.example",
	    "x\xe2\x80\xa8"
	    "Bcc: a@b.example",
	    "\r\n.\r\nMAIL FROM:<a@b.example>"};
	struct buf out = {0};

	(void)state;
	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
		const char *line = header(&out, tries[i]);
		const char *end = line + strlen(line) - 2;

		assert_string_equal(end, "\r\n");
		for (const char *at = line; at < end; at++)
			assert_true(*at != '\n' || at[1] == ' ');
		assert_null(strstr(line, "\nBcc"));
	}
	buf_free(&out);
}

static void
test_quoted_printable(void **state)
{
	struct buf out = {0};

	(void)state;
	mime_quoted_printable(&out, slice_of("a=b \n\tx\nCaf\xc3\xa9\n.\nlast"));
	assert_string_equal(out.at, "a=3Db=20\r\n\tx\r\nCaf=C3=A9\r\n.\r\nlast\r\n");
	buf_free(&out);
	mime_quoted_printable(&out,
	    slice_of(
		"0123456789012345678901234567890123456789012345678901234567890123456789012345678\n"));
	assert_string_equal(out.at,
	    "012345678901234567890123456789012345678901234567890123456789012345678901234=\r\n5678\r\n");
	buf_free(&out);
}

static void
test_base64(void **state)
{
	struct buf out = {0};

	(void)state;
	mime_base64(&out, slice_of("M\xc3\xbcller\n"));
	assert_string_equal(out.at, "TcO8bGxlcg0K\r\n");
	buf_free(&out);
}

static void
test_addresses(void **state)
{
	static const char *const good[] = {
	    "a@b.example", "first.last+rota@x-y.nhs.example", "o'neil@b.example"};
	static const char *const bad[] = {"", "a", "@b.example", "a@", "a@b.", "a@.b",
	    "a..b@c.example", ".a@c.example", "a b@c.example", "<a@b.example>",
	    "a@b.example\r\nRCPT TO:<c@d.example>", "\"a b\"@c.example", "a@[127.0.0.1]",
	    "a@-b.example", "a@b-.example", "caf\xc3\xa9@b.example", "a@b@c.example",
	    "a,b@c.example"};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_true(mime_is_address(good[i]));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(mime_is_address(bad[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_whole_message),
	    cmocka_unit_test(test_urgent_and_of_a_thread),
	    cmocka_unit_test(test_headers),
	    cmocka_unit_test(test_nothing_is_injected),
	    cmocka_unit_test(test_quoted_printable),
	    cmocka_unit_test(test_base64),
	    cmocka_unit_test(test_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
