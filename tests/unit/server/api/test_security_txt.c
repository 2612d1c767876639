/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/unit.h"

#include "server/api/views/operations/security_txt.h"

#define NOW 1795316999 /* 2026-11-22T03:09:59Z */

static void
contacts_are_addresses_that_may_stand_there(void **state)
{
	static const char *const fine[] = {"", "mailto:security@example.org",
	    "https://example.org/report", "tel:+44-1632-960000",
	    "mailto:a@example.org, https://example.org/x"};
	static const char *const bad[] = {"security@example.org", "http://example.org",
	    "mailto:", ",", "mailto:a b@example.org", "mailto:a@example.org\nExpires: never",
	    "https://example.org/\xc3\xa9", "javascript:alert(1)"};

	(void)state;
	for (size_t i = 0; i < sizeof fine / sizeof *fine; i++)
		if (!security_contact_fine(fine[i]))
			fail_msg("refused: %s", fine[i]);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (security_contact_fine(bad[i]))
			fail_msg("taken: %s", bad[i]);
}

static void
the_file_is_as_rfc_9116_has_it(void **state)
{
	struct buf text = {0};

	(void)state;
	security_txt_put(&text, "mailto:a@example.org, https://example.org/x", NOW);
	assert_string_equal(text.at,
	    "Contact: mailto:a@example.org\nContact: https://example.org/x\n"
	    "Expires: 2027-05-21T00:00:00Z\nPreferred-Languages: en\n");
	buf_free(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(contacts_are_addresses_that_may_stand_there),
	    cmocka_unit_test(the_file_is_as_rfc_9116_has_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
