/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/unit.h"

#include "server/api/ask/rights_swaps.h"
#include "tests/unit/server/api/atlas.h"

/* Who may do what with a swap and with leave, as tables. Jo and Sam are of Fenmere, Lee of Alder Vale. */

static const char file[] =
    "{'crisiscover':1,'organisations':[{'code':'ZFC','name':'Fenmere','kind':'local_authority'},"
    "{'code':'ZAV','name':'Alder Vale','kind':'nhs_trust'}],'functions':[{'code':'amhp','name':'AMHP'}],"
    "'places':[{'code':'X1','name':'Fenmere','kind':'council_area'}],'people':["
    "{'id':'jo','name':'Jo','organisation':'ZFC','roles':['amhp']},{'id':'sam','name':'Sam','organisation':'ZFC','roles':['amhp']},"
    "{'id':'lee','name':'Lee','organisation':'ZAV','roles':['amhp']}],'services':["
    "{'id':'amhp','name':'AMHP','function':'amhp','organisation':'ZFC','places':['X1']},"
    "{'id':'north','name':'North','function':'amhp','organisation':'ZAV','places':['X1']}],'rotas':["
    "{'id':'duty','service':'amhp','source':{'kind':'file'}},{'id':'north','service':'north','source':{'kind':'file'}}],"
    "'requirements':[],'accounts':[{'name':'jo','renamed_from':'joanna','kind':'person','role':'viewer','person':'jo'},"
    "{'name':'sam','kind':'person','role':'rota_manager','organisation':'ZFC','person':'sam'},"
    "{'name':'lee','kind':'person','role':'commissioner','person':'lee'},"
    "{'name':'zfc','kind':'person','role':'rota_manager','organisation':'ZFC'},"
    "{'name':'zav','kind':'person','role':'rota_manager','organisation':'ZAV'},"
    "{'name':'viewer','kind':'person','role':'viewer','organisation':'ZFC'},"
    "{'name':'auditor','kind':'person','role':'auditor'},"
    "{'name':'chief','kind':'person','role':'administrator'}]}";

enum { JO, SAM, LEE };
enum { DUTY, NORTH };

static struct atlas atlas;

static int
set_up(void **state)
{
	(void)state;
	atlas_open_quoted(&atlas, file);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	atlas_close(&atlas);
	return 0;
}

/* "sees offers receiver|word|- forces back undoes" of each account, a letter each: SORFBU; '-': not. */
static const char *
rights_of(const char *name, const struct swap_sides *sides)
{
	static char word[8];
	const struct region *region = atlas.region;
	const struct account *account = atlas_account(&atlas, name);
	enum swap_answerer as = rights_swap_answers(region, account, sides);

	word[0] = rights_swap_sees(region, account, sides) ? 'S' : '-';
	word[1] = rights_swap_offers(region, account, sides) ? 'O' : '-';
	word[2] = "-RW"[as];
	word[3] = rights_swap_forces(region, account, sides) ? 'F' : '-';
	word[4] = rights_swap_takes_back(region, account, sides, "viewer") ? 'B' : '-';
	word[5] = rights_swap_undoes(region, account, sides) ? 'U' : '-';
	word[6] = '\0';
	return word;
}

struct row {
	const char *account, *rights;
};

static void
expect_all(const struct row *rows, size_t count, const struct swap_sides *sides)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(rights_of(rows[i].account, sides), rows[i].rights) != 0)
			fail_msg("%s: %s, not %s", rows[i].account,
			    rights_of(rows[i].account, sides), rows[i].rights);
}

static void
a_shift_goes_to_another_organisation(void **state)
{
	static const struct swap_sides sides = {1, {DUTY}, {JO}, {LEE}};
	static const struct row rows[] = {
	    {"jo", "SO--B-"},     /* gives it */
	    {"lee", "S-R---"},    /* takes it, whatever the role */
	    {"zfc", "SOWFBU"},    /* the rota's */
	    {"sam", "SOWFBU"},    /* a manager who is a person too */
	    {"zav", "S-WF--"},    /* of who takes it */
	    {"viewer", "----B-"}, /* but for what it offered itself */
	    {"auditor", "------"},
	    {"chief", "SOWFBU"},
	};

	(void)state;
	expect_all(rows, sizeof rows / sizeof *rows, &sides);
}

static void
an_exchange_is_of_both_organisations(void **state)
{
	static const struct swap_sides sides = {2, {DUTY, NORTH}, {JO, LEE}, {LEE, JO}};
	static const struct row rows[] = {
	    {"jo", "SO--B-"},
	    {"lee", "S-R---"},
	    {"zfc", "SO--B-"}, /* the other rota is not theirs to give from */
	    {"zav", "S-WF--"},
	    {"chief", "SOWFBU"},
	};

	(void)state;
	expect_all(rows, sizeof rows / sizeof *rows, &sides);
}

static void
what_has_left_the_region_is_nobodys(void **state)
{
	static const struct swap_sides sides = {1, {REGION_NONE}, {REGION_NONE}, {REGION_NONE}};
	static const struct row rows[] = {
	    {"jo", "------"}, {"zfc", "------"}, {"zav", "------"}, {"chief", "S-----"}};

	(void)state;
	expect_all(rows, sizeof rows / sizeof *rows, &sides);
}

static void
nobody_decides_about_their_own_leave(void **state)
{
	static const struct {
		const char *account;
		uint32_t person;
		bool knows, decides;
	} rows[] = {
	    {"jo", JO, true, false},
	    {"jo", SAM, false, false},
	    {"sam", SAM, true, false},
	    {"sam", JO, true, true},
	    {"zfc", JO, true, true},
	    {"zav", JO, false, false},
	    {"zav", LEE, true, true},
	    {"lee", LEE, true, false},
	    {"auditor", JO, false, false},
	    {"chief", LEE, true, true},
	    {"chief", REGION_NONE, false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct account *account = atlas_account(&atlas, rows[i].account);

		assert_int_equal(
		    rights_knows_times(atlas.region, account, rows[i].person), rows[i].knows);
		assert_int_equal(
		    rights_leave_decides(atlas.region, account, rows[i].person), rows[i].decides);
	}
}

/* The link is of the set-up in force, and of the account's present name. */
static void
the_link_ends_with_the_set_up(void **state)
{
	static const struct account gone = {.name = "gone", .kind = "person"};
	static const struct account former = {.name = "joanna", .kind = "person"};
	static const struct region empty = {.naccounts = 0};

	(void)state;
	/* The name that an account had may be given to somebody else. */
	assert_int_equal(rights_own_person(atlas.region, &former), REGION_NONE);
	assert_int_equal(rights_own_person(&empty, atlas_account(&atlas, "jo")), REGION_NONE);
	assert_int_equal(rights_own_person(atlas.region, atlas_account(&atlas, "jo")), JO);
	assert_int_equal(
	    rights_own_person(atlas.region, atlas_account(&atlas, "viewer")), REGION_NONE);
	assert_int_equal(rights_own_person(atlas.region, &gone), REGION_NONE);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(a_shift_goes_to_another_organisation),
	    TEST(an_exchange_is_of_both_organisations),
	    TEST(what_has_left_the_region_is_nobodys),
	    TEST(nobody_decides_about_their_own_leave),
	    TEST(the_link_ends_with_the_set_up),
	};

	return cmocka_run_group_tests_name("rights_swaps", tests, NULL, NULL);
}
