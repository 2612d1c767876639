/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "server/model/region_contact.h"
#include "tests/unit/server/model/region_text.h"

/* How somebody is rung: what a region file may say of it, and what is shown of it. */

/* ${own}: of the person, ${line}: of the service, each "'work_phone': …," or empty. */
static const char *
file_with(struct arena *arena, const char *own, const char *line, const char *switchboard)
{
	return arena_printf(arena,
	    "{'crisiscover': 1, 'time_zone': 'Europe/London', 'organisations': ["
	    "{'code': 'ZFC', 'name': 'Fenmere', 'kind': 'local_authority'}],"
	    "'functions': [{'code': 'amhp', 'name': 'AMHP'}],"
	    "'places': [{'code': 'P', 'name': 'Place', %s 'kind': 'hospital'}],"
	    "'people': [{'id': 'a', 'name': 'A', %s 'organisation': 'ZFC', 'roles': ['amhp']}],"
	    "'services': [{'id': 's', 'name': 'S', %s 'function': 'amhp', 'organisation': 'ZFC', 'places': ['P']}],"
	    "'rotas': [{'id': 'r', 'service': 's', 'source': {'kind': 'typed'}}]}",
	    switchboard, own, line);
}

#define SWITCHBOARD "'switchboard': '+441632960100',"

static const struct region *
read_file(struct arena *arena, const char *own, const char *line, struct region_faults *faults)
{
	return region_text_read(arena, file_with(arena, own, line, SWITCHBOARD), faults);
}

static void
expect_words(struct region_ring ring, const char *wanted)
{
	struct buf words = {0};

	region_ring_words(&words, &ring, "none given");
	assert_string_equal(words.at, wanted);
	buf_free(&words);
}

/* The numbers that the place sees of those on call: the service's, and the person's own. */
static void
expect(struct arena *arena, const char *own, const char *line, const char *team, const char *self)
{
	struct region_faults faults;
	const struct region *region = read_file(arena, own, line, &faults);

	expect_words(region_ring_team(region, &region->services[0], 0, &region->places[0]), team);
	expect_words(region_ring_person(region, 0, &region->places[0]), self);
}

/* holds: H07.1 */
static void
what_is_dialled_is_shown_with_the_number(void **state)
{
	expect(*state, "'work_phone': '+447700900123',",
	    "'phone': {'number': '+442079460123', 'extension': '4421', 'bleep': '0667'},",
	    "+442079460123 ext 4421, bleep 0667", "+447700900123");
	expect(*state, "'work_phone': {'number': '+447700900123', 'bleep': '*12#'},",
	    "'phone': {'short_code': '111'},", "111", "+447700900123, bleep *12#");
	expect(*state, "", "", "none given", "none given");
}

/* Nothing but the switchboard's number is shown of a person who is reached through it. */
/* holds: H14.1 */
static void
a_personal_number_is_the_switchboard_s(void **state)
{
	static const char *const own[] = {
	    "'work_phone': {'number': '+447700900123', 'personal': true, 'extension': '5', 'bleep': '12'},",
	    "'work_phone': {'number': '+447700900123', 'via_switchboard': true, 'bleep': '12'},",
	    "'work_phone': {'via_switchboard': true, 'bleep': '12'},",
	};

	for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
		struct region_faults faults;
		const struct region *region = read_file(*state, own[i], "", &faults);

		assert_null(region_person(region, 0)->work_phone);
		expect(*state, own[i], "", "via switchboard +441632960100, bleep 12",
		    "via switchboard +441632960100, bleep 12");
		expect(*state, own[i], "'phone': '+442079460123',", "+442079460123",
		    "via switchboard +441632960100, bleep 12");
		assert_null(region_ring(region_person(region, 0)->contact, NULL).phone);
	}
}

static void
a_switchboard_that_is_needed_and_missing_is_told(void **state)
{
	static const char personal[] =
	    "'work_phone': {'number': '+447700900123', 'personal': true},";
	struct region_faults faults;

	region_text_read(*state, file_with(*state, personal, "", ""), &faults);
	assert_int_equal(faults.count, 1);
	assert_non_null(strstr(faults.items[0].detail, "place P has no switchboard"));
	read_file(*state, personal, "", &faults);
	assert_int_equal(faults.count, 0);
	region_text_read(
	    *state, file_with(*state, "", "'phone': {'via_switchboard': true},", ""), &faults);
	assert_int_equal(faults.count, 1);
}

/* holds: H07.1 */
static void
a_contact_that_cannot_be_rung_is_refused(void **state)
{
	static const struct {
		const char *contact, *path, *detail;
	} cases[] = {
	    {"{}", "", "nothing that can be rung"},
	    {"{'bleep': '0667'}", "", "nothing that can be rung"},
	    {"{'via_switchboard': false}", "", "nothing that can be rung"},
	    {"{'number': '111'}", ".number", "phone number in full"},
	    {"{'number': 111}", ".number", "must be a text"},
	    {"{'short_code': '11'}", ".short_code", "short code"},
	    {"{'short_code': '0800111'}", ".short_code", "short code"},
	    {"{'short_code': '012'}", ".short_code", "short code"},
	    {"{'short_code': '111', 'number': '+442079460123'}", "", "give one"},
	    {"{'short_code': '111', 'extension': '1'}", "", "no extension"},
	    {"{'short_code': '111', 'personal': true}", "", "is personal"},
	    {"{'via_switchboard': true, 'personal': true}", "", "is personal"},
	    {"{'number': '+442079460123', 'extension': 'x44'}", ".extension", "digits"},
	    {"{'number': '+442079460123', 'extension': '12345678901'}", ".extension", "digits"},
	    {"{'number': '+442079460123', 'bleep': '12 3'}", ".bleep", "digits"},
	    {"{'number': '+442079460123', 'personal': 1}", ".personal", "true or false"},
	    {"{'number': '+442079460123', 'verified_at': '2026-13-01'}", ".verified_at", "day"},
	    {"{'number': '+442079460123', 'verified': '2026-12-01'}", ".verified", "known key"},
	    {"['+442079460123']", "", "must be a text"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct region_faults faults;
		const struct region *region = NULL;
		const char *path = arena_printf(*state, "$.people[0].work_phone%s", cases[i].path);

		assert_int_equal(
		    region_text_try(*state,
			file_with(*state,
			    arena_printf(*state, "'work_phone': %s,", cases[i].contact), "",
			    SWITCHBOARD),
			&region, &faults),
		    STATUS_MALFORMED);
		assert_string_equal(faults.items[0].path, path);
		if (strstr(faults.items[0].detail, cases[i].detail) == NULL)
			fail_msg("%s: %s", cases[i].contact, faults.items[0].detail);
	}
}

static void
a_check_counts_for_so_many_days(void **state)
{
	struct region_faults faults;
	const struct region *region = read_file(*state,
	    "'work_phone': {'number': '+447700900123', 'verified_at': '1970-04-11'},", "", &faults);
	const struct region_contact *contact = region_person(region, 0)->contact;

	assert_int_equal(contact->verified_on, 100);
	assert_true(region_contact_checked(contact, 190, 90));
	assert_false(region_contact_checked(contact, 191, 90));
	region = read_file(*state, "'work_phone': '+447700900123',", "", &faults);
	contact = region_person(region, 0)->contact;
	assert_false(region_contact_checked(contact, 0, 3660));
	assert_false(region_contact_checked(NULL, 0, 90));
}

static void
without_a_number_a_switchboard_is_said_alone(void **state)
{
	(void)state;
	expect_words((struct region_ring){.via_switchboard = true}, "via switchboard");
	expect_words((struct region_ring){.via_switchboard = true, .phone = "+441632960003"},
	    "via switchboard +441632960003");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(without_a_number_a_switchboard_is_said_alone),
	    cmocka_unit_test_setup_teardown(
		what_is_dialled_is_shown_with_the_number, region_text_setup, region_text_teardown),
	    cmocka_unit_test_setup_teardown(
		a_personal_number_is_the_switchboard_s, region_text_setup, region_text_teardown),
	    cmocka_unit_test_setup_teardown(a_switchboard_that_is_needed_and_missing_is_told,
		region_text_setup, region_text_teardown),
	    cmocka_unit_test_setup_teardown(
		a_contact_that_cannot_be_rung_is_refused, region_text_setup, region_text_teardown),
	    cmocka_unit_test_setup_teardown(
		a_check_counts_for_so_many_days, region_text_setup, region_text_teardown),
	};

	return cmocka_run_group_tests_name("contact", tests, NULL, NULL);
}
