/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/unit.h"

#include "server/map/kept_feed.h"
#include "server/map/remarks.h"
#include "server/map/rota_block.h"
#include "server/map/sessions.h"

/* The words by which the database, the files and the API call what is on the map. They are never
 * renamed. A word that a newer server wrote is read as what claims least. */

static void
scopes_have_names(void **state)
{
	static const char *const names[SCOPES] = {
	    "read", "review", "accounts", "write:cover", "write:setup", "numbers"};
	enum scope scope;

	(void)state;
	for (int i = 0; i < SCOPES; i++) {
		assert_string_equal(scope_name((enum scope)i), names[i]);
		assert_true(scope_of(names[i], &scope));
		assert_int_equal(scope, i);
	}
	assert_false(scope_of("write", &scope));
	assert_false(scope_of("", &scope));
}

static void
ways_to_sign_in_have_names(void **state)
{
	static const char *const names[SESSION_HOWS] = {"token", "password", "device", "provider"};
	enum session_how how;

	(void)state;
	for (int i = 0; i < SESSION_HOWS; i++) {
		assert_string_equal(session_how_name((enum session_how)i), names[i]);
		assert_true(session_how_of(names[i], &how));
		assert_int_equal(how, i);
	}
	assert_false(session_how_of("passkey", &how));
}

static void
roles_have_names(void **state)
{
	static const char *const names[ACCOUNT_ROLES] = {"viewer", "switchboard", "rota_manager",
	    "commissioner", "auditor", "administrator", "place_manager",
	    "organisation_administrator"};
	enum account_role role;

	(void)state;
	for (int i = 0; i < ACCOUNT_ROLES; i++) {
		assert_string_equal(account_role_name((enum account_role)i), names[i]);
		assert_true(account_role_of(names[i], &role));
		assert_int_equal(role, i);
	}
	/* Of a newer server: no right comes of it. */
	assert_false(account_role_of("superuser", &role));
}

static void
sources_have_names(void **state)
{
	static const char *const kinds[FEED_KINDS] = {"ical_url", "file", "typed", "caldav"};
	static const char *const standings[FEED_STANDINGS] = {
	    "never", "good", "failing", "held", "refused"};

	(void)state;
	for (int i = 0; i < FEED_KINDS; i++) {
		assert_string_equal(kept_feed_kind_name((enum feed_kind)i), kinds[i]);
		assert_int_equal(kept_feed_kind_of(kinds[i]), i);
	}
	for (int i = 0; i < FEED_STANDINGS; i++) {
		assert_string_equal(kept_feed_standing_name((enum feed_standing)i), standings[i]);
		assert_int_equal(kept_feed_standing_of(standings[i]), i);
	}
	for (int i = 0; i < FEED_KINDS; i++)
		assert_int_equal(kept_feed_kind_is_fetched((enum feed_kind)i),
		    i == FEED_URL || i == FEED_CALDAV);
	/* It grows old, and nothing is claimed of it. */
	assert_int_equal(kept_feed_kind_of("carrier_pigeon"), FEED_URL);
	assert_int_equal(kept_feed_standing_of("splendid"), FEED_NEVER);
}

static void
classes_of_shifts_have_names(void **state)
{
	static const char *const names[KEPT_CLASSES] = {
	    "named", "tentative", "team", "nobody", "undecided", "unreadable", "absence"};

	(void)state;
	for (int i = 0; i < KEPT_CLASSES; i++) {
		assert_string_equal(kept_class_name((enum kept_class)i), names[i]);
		assert_int_equal(kept_class_of(names[i]), i);
	}
	assert_int_equal(kept_class_of("confirmed_twice"), KEPT_UNREADABLE);
}

static void
links_have_names(void **state)
{
	static const char *const names[LINK_KINDS] = {
	    NULL, "rota", "service", "person", "gaps", "closing", "navigator"};
	enum link_kind kind;

	(void)state;
	for (int i = LINK_NONE + 1; i < LINK_KINDS; i++) {
		assert_string_equal(link_kind_name((enum link_kind)i), names[i]);
		assert_true(link_kind_of(names[i], &kind));
		assert_int_equal(kind, i);
	}
	assert_false(link_kind_of("region", &kind));
	assert_false(link_kind_of("", &kind));
}

static void
remarks_have_names(void **state)
{
	static const char *const outcomes[REPORT_OUTCOMES] = {
	    "reached", "no_answer", "wrong_person", "declined"};
	static const char *const ons[NOTE_ONS] = {"person", "shift", "service", "function"};
	enum report_outcome outcome;
	enum note_on on;

	(void)state;
	for (int i = 0; i < REPORT_OUTCOMES; i++) {
		assert_string_equal(report_outcome_name((enum report_outcome)i), outcomes[i]);
		assert_true(report_outcome_of(outcomes[i], &outcome));
		assert_int_equal(outcome, i);
	}
	for (int i = 0; i < NOTE_ONS; i++) {
		assert_string_equal(note_on_name((enum note_on)i), ons[i]);
		assert_true(note_on_of(ons[i], &on));
		assert_int_equal(on, i);
	}
	assert_false(report_outcome_of("busy", &outcome));
	assert_false(note_on_of("rota", &on));
}

static void
overrides_stand_in_four_ways(void **state)
{
	(void)state;
	assert_int_equal(override_standing_of(NULL), OVERRIDE_WAITING);
	assert_int_equal(override_standing_of("shift_gone"), OVERRIDE_SHIFT_GONE);
	assert_int_equal(override_standing_of("times_changed"), OVERRIDE_TIMES_CHANGED);
	assert_int_equal(override_standing_of("another_person"), OVERRIDE_ANOTHER_PERSON);
	assert_int_equal(rota_block_kind_class(OVERRIDE_NOBODY), KEPT_NOBODY);
	assert_int_equal(rota_block_kind_class(OVERRIDE_DISPUTED), KEPT_UNDECIDED);
	assert_int_equal(rota_block_kind_class(OVERRIDE_PUTS_ON), KEPT_NAMED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(scopes_have_names),
	    cmocka_unit_test(ways_to_sign_in_have_names),
	    cmocka_unit_test(roles_have_names),
	    cmocka_unit_test(sources_have_names),
	    cmocka_unit_test(classes_of_shifts_have_names),
	    cmocka_unit_test(links_have_names),
	    cmocka_unit_test(remarks_have_names),
	    cmocka_unit_test(overrides_stand_in_four_ways),
	};

	return cmocka_run_group_tests_name("map_names", tests, NULL, NULL);
}
