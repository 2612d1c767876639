/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/unit.h"

#include <sodium.h>

#include "server/api/ask/browser.h"
#include "server/api/ask/link.h"
#include "server/api/ask/password_rules.h"
#include "server/api/ask/seal.h"
#include "server/api/ask/totp.h"

/* Codes, recovery codes, links, sealed secrets, the mark of a browser, and which passwords are taken. */

static const uint8_t rfc[TOTP_SECRET_BYTES] = "12345678901234567890";

static int
set_up(void **state)
{
	(void)state;
	return sodium_init() >= 0 ? 0 : -1;
}

/* RFC 6238, appendix B (SHA-1), its last six digits. */
static void
codes_are_those_of_the_rfc(void **state)
{
	static const struct {
		int64_t at;
		uint32_t code;
	} rows[] = {{59, 287082}, {1111111109, 81804}, {1111111111, 50471}, {1234567890, 5924},
	    {2000000000, 279037}, {20000000000, 353130}};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(totp_code(rfc, rows[i].at / TOTP_STEP_SECONDS), rows[i].code);
}

static void
a_code_is_taken_around_its_time_and_once(void **state)
{
	int64_t now = 1111111109, step = now / 30;

	(void)state;
	assert_int_equal(totp_match(rfc, SLICE("081804"), now, 0), step);
	assert_int_equal(totp_match(rfc, SLICE("081804"), now + 30, 0), step);
	assert_int_equal(totp_match(rfc, SLICE("081804"), now - 30, 0), step);
	assert_int_equal(totp_match(rfc, SLICE("081804"), now + 61, 0), 0);
	assert_int_equal(totp_match(rfc, SLICE("081804"), now - 61, 0), 0);
	assert_int_equal(totp_match(rfc, SLICE("081804"), now, step), 0);
	assert_int_equal(totp_match(rfc, SLICE("081804"), now, step - 1), step);
	assert_int_equal(totp_match(rfc, SLICE("81804"), now, 0), 0);
	assert_int_equal(totp_match(rfc, SLICE("+81804"), now, 0), 0);
	assert_int_equal(totp_match(rfc, SLICE(" 81804"), now, 0), 0);
	assert_int_equal(totp_match(rfc, SLICE("0818040"), now, 0), 0);
	assert_int_equal(totp_match(rfc, SLICE(""), now, 0), 0);
}

static void
the_secret_is_base32(void **state)
{
	char text[TOTP_SECRET_TEXT_LEN + 1];

	(void)state;
	totp_secret_text(rfc, text);
	assert_string_equal(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
}

static void
recovery_codes_are_read_as_people_type_them(void **state)
{
	char code[RECOVERY_TEXT_LEN + 1], typed[64];
	uint8_t made[32], read[32];

	(void)state;
	recovery_make(code, made);
	assert_int_equal(strlen(code), RECOVERY_TEXT_LEN);
	assert_true(recovery_hash(slice_of(code), read));
	assert_memory_equal(made, read, 32);
	for (size_t i = 0, j = 0; i <= strlen(code); i++)
		if (code[i] != '-')
			typed[j++] =
			    (char)(code[i] >= 'A' && code[i] <= 'Z' ? code[i] + 32 : code[i]);
	assert_true(recovery_hash(slice_of(typed), read));
	assert_memory_equal(made, read, 32);
	assert_false(recovery_hash(SLICE("123456"), read));
	assert_false(recovery_hash(SLICE(""), read));
	assert_false(recovery_hash((struct slice){code, RECOVERY_TEXT_LEN - 1}, read));
}

static void
a_link_is_known_by_its_hash(void **state)
{
	struct link one, two;
	uint8_t sha256[32];

	(void)state;
	link_make(&one, LINK_PATH);
	link_make(&two, LINK_PATH);
	assert_string_not_equal(one.path, two.path);
	assert_true(link_hash(slice_of(one.path + strlen(LINK_PATH)), sha256));
	assert_memory_equal(sha256, one.sha256, 32);
	assert_false(link_hash(SLICE("short"), sha256));
}

static void
what_is_sealed_opens_with_its_key_alone(void **state)
{
	uint8_t key[KEY_FILE_BYTES] = {1}, other[KEY_FILE_BYTES] = {2}, out[20];
	struct buf sealed = {0};

	(void)state;
	seal(key, (struct slice){(const char *)rfc, sizeof rfc}, &sealed);
	assert_true(unseal(key, (struct slice){sealed.at, sealed.len}, out, sizeof out));
	assert_memory_equal(out, rfc, sizeof rfc);
	assert_false(unseal(other, (struct slice){sealed.at, sealed.len}, out, sizeof out));
	assert_false(unseal(key, (struct slice){sealed.at, sealed.len - 1}, out, sizeof out));
	assert_false(unseal(key, (struct slice){0}, out, sizeof out));
	sealed.at[sealed.len - 1] ^= 1;
	assert_false(unseal(key, (struct slice){sealed.at, sealed.len}, out, sizeof out));
	buf_free(&sealed);
}

static void
a_browser_is_known_by_its_mark(void **state)
{
	uint8_t key[KEY_FILE_BYTES] = {7}, other[KEY_FILE_BYTES] = {8};
	char value[BROWSER_TEXT_MAX], header[256], id[BROWSER_ID_LEN + 1], name[16];
	struct browser browser = {0};

	(void)state;
	browser_mark(key, &browser, "ann", value);
	snprintf(header, sizeof header, BROWSER_COOKIE "=%s", value);
	browser_read(key, slice_of(header), false, &browser);
	assert_int_equal(strlen(browser.id), BROWSER_ID_LEN);
	memcpy(id, browser.id, sizeof id);
	assert_true(browser_knows(key, &browser, "ann"));
	assert_false(browser_knows(key, &browser, "bob"));
	assert_null(strstr(value, "ann"));
	browser_read(key, slice_of(header), true, &browser);
	assert_int_equal(browser.id[0], '\0');
	browser_read(other, slice_of(header), false, &browser);
	assert_int_equal(browser.id[0], '\0');
	for (size_t i = 0; i < strlen(value); i++) {
		char spoilt[256];

		memcpy(spoilt, header, strlen(header) + 1);
		spoilt[sizeof BROWSER_COOKIE + i] ^= 1;
		browser_read(key, slice_of(spoilt), false, &browser);
		assert_int_equal(browser.id[0], '\0');
	}
	/* It remembers the last eight, and stays the same browser. */
	for (int i = 0; i < 12; i++) {
		browser_read(key, slice_of(header), false, &browser);
		snprintf(name, sizeof name, "n%d", i);
		browser_mark(key, &browser, name, value);
		snprintf(header, sizeof header, BROWSER_COOKIE "=%s", value);
	}
	browser_read(key, slice_of(header), false, &browser);
	assert_string_equal(browser.id, id);
	assert_int_equal(browser.ntags, BROWSER_ACCOUNTS);
	assert_true(browser_knows(key, &browser, "n11"));
	assert_true(browser_knows(key, &browser, "n4"));
	assert_false(browser_knows(key, &browser, "n3"));
}

static void
passwords_that_everybody_tries_are_refused(void **state)
{
	static const char *const refused[] = {"", "short", "elevenchars", "password1234",
	    "Password2026!", "P@$$w0rd2026!!", "passwordpassword", "liverpool-2026", "qwerty123456",
	    "123456789012", "abcdefghijklm", "zyxwvutsrqpon", "aaaaaaaaaaaaaaa", "ababababababab",
	    "1qaz2wsx3edc", "ann.o'brien-2026", "2026 crisiscover!", "Crisis Cover 1!"};
	static const char *const taken[] = {"correct horse battery staple", "winter mornings, tea",
	    "kx7#mQ2pL9vz", "ein langes Kennwort", "\xc3\xa9t\xc3\xa9 \xc3\xa0 la plage!",
	    "passwords are tedious", "rota manager of ward 7"};
	char longest[200];

	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		if (password_fault(slice_of(refused[i]), "Ann.O'Brien") == NULL)
			fail_msg("\"%s\" is taken", refused[i]);
	for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
		if (password_fault(slice_of(taken[i]), "ann") != NULL)
			fail_msg("\"%s\" %s", taken[i], password_fault(slice_of(taken[i]), "ann"));
	for (size_t i = 0; i < sizeof longest; i++)
		longest[i] = (char)('a' + i * i % 23);
	assert_null(password_fault((struct slice){longest, 128}, "ann"));
	assert_non_null(password_fault((struct slice){longest, 129}, "ann"));
	longest[20] = '\0';
	assert_non_null(password_fault((struct slice){longest, 100}, "ann"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(codes_are_those_of_the_rfc),
	    cmocka_unit_test(a_code_is_taken_around_its_time_and_once),
	    cmocka_unit_test(the_secret_is_base32),
	    cmocka_unit_test(recovery_codes_are_read_as_people_type_them),
	    cmocka_unit_test(a_link_is_known_by_its_hash),
	    cmocka_unit_test(what_is_sealed_opens_with_its_key_alone),
	    cmocka_unit_test(a_browser_is_known_by_its_mark),
	    cmocka_unit_test(passwords_that_everybody_tries_are_refused),
	};

	return cmocka_run_group_tests_name("sign_in_parts", tests, set_up, NULL);
}
