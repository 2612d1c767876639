/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/unit.h"

#include "server/api/ask/rights_people.h"
#include "tests/unit/server/api/atlas.h"

/* Who may make one of two people, and two of one. */

#define ACCOUNT(name, role, more) "{'name':'" name "','kind':'person','role':'" role "'" more "}"
#define OWN ",'organisation':'O'"
#define FILE(people)                                                                               \
	"{'crisiscover':1,'organisations':[{'code':'O','name':'O','kind':'other'},"                \
	"{'code':'P','name':'P','kind':'other'}],'functions':[{'code':'f','name':'F'}],"           \
	"'places':[{'code':'A','name':'A','kind':'icb'}],'people':[" people                        \
	"],'accounts':[" ACCOUNT("viewer", "viewer", OWN) "," ACCOUNT(                             \
	    "switchboard", "switchboard", OWN) "," ACCOUNT("rotas", "rota_manager",                \
	    OWN) "," ACCOUNT("others", "rota_manager", ",'organisation':'P'") "," ACCOUNT("board", \
	    "commissioner", ",'places':['A']" OWN) "," ACCOUNT("ward", "place_manager",            \
	    ",'places':['A']" OWN) "," ACCOUNT("keeper", "organisation_administrator",             \
	    OWN) "," ACCOUNT("auditor", "auditor", OWN) "," ACCOUNT("chief", "administrator",      \
	    "") "]}"
#define PERSON(id, organisation, roles)                                                            \
	"{'id':'" id "','name':'" id "','organisation':'" organisation "','roles':[" roles "]}"
#define APPROVED "{'function':'f','approved_by':'P'}"

static const char *const accounts[] = {"viewer", "switchboard", "rotas", "others", "board", "ward",
    "keeper", "auditor", "chief", NULL};

/* "rotas keeper", those who may; "!" after one who wants a second person. */
static void
expect(const char *before, const char *after, bool split, const char *wanted)
{
	struct atlas a, b;
	char may[200] = "";

	atlas_open_quoted(&a, before);
	atlas_open_quoted(&b, after);
	for (size_t i = 0; accounts[i] != NULL; i++) {
		const struct setup_question question = {
		    a.map->setup->region, b.map->setup->region, atlas_account(&a, accounts[i])};
		struct setup_answer answer = rights_people_change(&question, "b", "a", split);

		if (answer.verdict == SETUP_REFUSED)
			continue;
		snprintf(may + strlen(may), sizeof may - strlen(may), "%s%s%s", may[0] ? " " : "",
		    accounts[i], answer.verdict == SETUP_SECOND ? "!" : "");
	}
	assert_string_equal(may, wanted);
	atlas_close(&a);
	atlas_close(&b);
}

static void
those_who_keep_both_merge_them(void **state)
{
	(void)state;
	expect(FILE(PERSON("a", "O", "") "," PERSON("b", "O", "")), FILE(PERSON("b", "O", "")),
	    false, "rotas keeper chief");
	expect(FILE(PERSON("a", "P", "") "," PERSON("b", "O", "")), FILE(PERSON("b", "O", "")),
	    false, "chief");
	expect(FILE(PERSON("a", "O", "") "," PERSON("b", "P", "")), FILE(PERSON("b", "O", "")),
	    false, "chief");
	expect(FILE(PERSON("a", "P", "") "," PERSON("b", "P", "")), FILE(PERSON("b", "P", "")),
	    false, "others chief");
}

static void
nobody_else_becomes_approved(void **state)
{
	(void)state;
	expect(FILE(PERSON("a", "O", APPROVED) "," PERSON("b", "O", "")),
	    FILE(PERSON("b", "O", APPROVED)), false, "rotas! keeper! chief");
	expect(FILE(PERSON("a", "O", "") "," PERSON("b", "O", APPROVED)),
	    FILE(PERSON("b", "O", APPROVED)), false, "rotas keeper chief");
}

static void
those_who_keep_one_split_it(void **state)
{
	(void)state;
	expect(FILE(PERSON("b", "O", APPROVED)),
	    FILE(PERSON("a", "O", APPROVED) "," PERSON("b", "O", "")), true, "rotas keeper chief");
	/* Somebody new with an approval that the one did not have; and of another organisation. */
	expect(FILE(PERSON("b", "O", "")),
	    FILE(PERSON("a", "O", APPROVED) "," PERSON("b", "O", "")), true,
	    "rotas! keeper! chief");
	expect(FILE(PERSON("b", "O", "")), FILE(PERSON("a", "P", "") "," PERSON("b", "O", "")),
	    true, "chief");
}

static void
who_may_at_all(void **state)
{
	struct atlas atlas;

	(void)state;
	atlas_open_quoted(&atlas, FILE(PERSON("b", "O", "")));
	for (size_t i = 0; accounts[i] != NULL; i++) {
		bool may = rights_people_touches(
		    atlas.map->setup->region, atlas_account(&atlas, accounts[i]), "b");

		assert_int_equal(may, strstr("rotas keeper chief", accounts[i]) != NULL);
	}
	atlas_close(&atlas);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(those_who_keep_both_merge_them),
	    cmocka_unit_test(nobody_else_becomes_approved),
	    cmocka_unit_test(those_who_keep_one_split_it),
	    cmocka_unit_test(who_may_at_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
