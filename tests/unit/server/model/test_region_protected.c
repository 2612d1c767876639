/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/model/region_contact.h"
#include "server/model/region_protected.h"
#include "tests/unit/server/model/region_text.h"

/* What is shown of a protected person outside the organisation. */

static const char file[] =
    "{'crisiscover':1,'organisations':[{'code':'O','name':'O','kind':'other'}],"
    "'functions':[{'code':'amhp','name':'Approved professional'},{'code':'liaison','name':'Liaison'}],"
    "'people':[{'id':'one','name':'Zoe','organisation':'O','roles':['amhp'],'protected':true,"
    "'aliases':['Z'],'former_names':['Zo'],'work_phone':'+441632960124'},"
    "{'id':'two','name':'Una','organisation':'O','roles':['amhp','liaison']},"
    "{'id':'none','name':'Ned','organisation':'O'}]}";

static void
expect_name(struct arena *arena, const struct region *region, uint32_t person, uint32_t function,
    const char *want)
{
	assert_string_equal(
	    region_withheld_name(arena, region, region_person(region, person), function), want);
}

/* The person's only function, or the one in which the person is shown; of several none is guessed. */
static void
the_name_is_what_the_person_is_on_call_as(void **state)
{
	struct region_faults faults;
	const struct region *region = region_text_read(*state, file, &faults);

	expect_name(*state, region, 0, REGION_NONE, "AMHP on call, via the team's number");
	expect_name(*state, region, 0, 1, "Liaison on call, via the team's number");
	expect_name(*state, region, 1, REGION_NONE, "Person on call, via the team's number");
	expect_name(*state, region, 1, 0, "AMHP on call, via the team's number");
	expect_name(*state, region, 2, REGION_NONE, "Person on call, via the team's number");
}

static void
nothing_of_the_person_is_left(void **state)
{
	struct region_faults faults;
	const struct region *region = region_text_read(*state, file, &faults);
	const struct region_person *person = region_person(region, 0);
	struct region_person shown = region_withhold(*state, region, person, "p-0123");

	assert_false(region_is_withheld(person));
	assert_true(region_is_withheld(&shown));
	assert_string_equal(shown.shown_id, "p-0123");
	assert_string_equal(shown.name, "AMHP on call, via the team's number");
	assert_null(shown.aliases[0]);
	assert_int_equal(shown.nformer_names, 0);
	assert_null(shown.work_phone);
	assert_true(shown.contact->via_switchboard);
	/* It counts as before. */
	assert_string_equal(shown.id, "one");
	assert_int_equal(shown.roles.count, 1);
	assert_int_equal(shown.organisation, person->organisation);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_text_setup, region_text_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_name_is_what_the_person_is_on_call_as),
	    TEST(nothing_of_the_person_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
