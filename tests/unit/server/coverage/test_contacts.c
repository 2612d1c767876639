/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/coverage/testbed.h"

#include <string.h>

#include "server/coverage/contacts.h"
#include "tests/unit/server/model/region_text.h"

/* Numbers that nobody has checked: which they are, and that each is told once in its time. */

#define TODAY 20500 /* 2026-02-16 */

static const char file[] =
    "{'crisiscover':1,'organisations':[{'code':'O','name':'O','kind':'other'},"
    "{'code':'V','name':'V','kind':'other'}],'functions':[{'code':'f','name':'F'}],"
    "'places':[{'code':'P','name':'P','kind':'hospital'}],"
    "'people':[{'id':'never','name':'N','organisation':'O','work_phone':'+441632960001'},"
    "{'id':'old','name':'A','organisation':'O','work_phone':{'number':'+441632960002','verified_at':'2025-11-17'}},"
    "{'id':'new','name':'B','organisation':'O','work_phone':{'number':'+441632960003','verified_at':'2025-11-18'}},"
    "{'id':'none','name':'C','organisation':'O'}],"
    "'services':[{'id':'team','name':'T','function':'f','organisation':'V','places':['P'],'phone':'+441632960004'},"
    "{'id':'silent','name':'S','function':'f','organisation':'V','places':['P']}]}";

/* holds: H07.2 */
static void
those_without_a_check_in_ninety_days_are_due(void **state)
{
	struct arena *arena = arena_new(0);
	struct region_faults faults;
	struct contacts_due due;
	const char *text = "";

	(void)state;
	contacts_due(arena, region_text_read(arena, file, &faults), TODAY, &due);
	for (size_t i = 0; i < due.count; i++)
		text = arena_printf(arena, "%s%s %s of %s; ", text, due.kinds[i], due.codes[i],
		    due.organisations[i]);
	assert_string_equal(text, "person never of O; person old of O; service team of V; ");
	arena_free(arena);
}

#define TOLD                                                                                                      \
	"select string_agg(payload::jsonb->>'cause' || ' ' || (payload::jsonb->>'contacts'), ', ' order by seq) " \
	"from flag where kind = 'contacts_unverified'"
#define REMIND(kinds, codes, organisations)                                                        \
	"select contacts_remind('{" kinds "}', '{" codes "}', '{" organisations "}', 90)"

/* holds: H07.2 */
static void
each_is_told_once_in_its_time(void **state)
{
	(void)state;
	testbed_expect("2", REMIND("person,person,service", "ann,bob,team", "O,O,V"));
	testbed_expect("O 2, V 1", TOLD);
	testbed_expect("0", REMIND("person,person,service", "ann,bob,team", "O,O,V"));
	/* One that lapses later is told by itself. */
	testbed_expect("1", REMIND("person,person,person,service", "ann,bob,cyd,team", "O,O,O,V"));
	testbed_expect("O 2, V 1, O 1", TOLD);
	/* Ninety days later, those that are still so. */
	testbed_sql("update contact_reminded set at = at - interval '91 days' where code <> 'cyd'");
	testbed_expect("2", REMIND("person,person,service", "bob,cyd,team", "O,O,V"));
	testbed_expect("O 2, V 1, O 1, O 1, V 1", TOLD);
	/* Checked meanwhile, and lapsed again: told again. */
	testbed_expect("0", REMIND("person", "cyd", "O"));
	testbed_expect("1", REMIND("person,person", "bob,cyd", "O,O"));
	testbed_expect("0", REMIND("", "", ""));
	testbed_expect("0", "select count(*) from contact_reminded");
	/* No names, no numbers: everybody reads these flags. */
	testbed_expect("0",
	    "select count(*) from flag where kind = 'contacts_unverified' and payload ~ 'ann|bob|cyd|team|[+]44'");
}

static void
the_role_itself_may_remind(void **state)
{
	(void)state;
	testbed_expect("1", "set role crisiscover_coverage; " REMIND("person", "ann", "O"));
}

#define TEST(name) cmocka_unit_test_setup(name, testbed_clean)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(those_without_a_check_in_ninety_days_are_due),
	    TEST(each_is_told_once_in_its_time),
	    TEST(the_role_itself_may_remind),
	};

	return cmocka_run_group_tests_name("contacts", tests, testbed_open, testbed_close);
}
