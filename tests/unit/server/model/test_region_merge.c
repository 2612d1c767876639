/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/model/region_merge.h"
#include "server/model/region_split.h"

/* Two people made one, and one made two. Texts are JSON with ' for ". */

static struct arena *arena;

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new(0);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static json_t *
json(const char *text)
{
	char *own = strdup(text);
	json_error_t error;
	json_t *value;

	for (char *c = own; *c != '\0'; c++)
		if (*c == '\'')
			*c = '"';
	value = json_loads(own, JSON_DECODE_ANY, &error);
	if (value == NULL)
		fail_msg("%s: %s", text, error.text);
	free(own);
	return value;
}

/* Frees ${value}. */
static void
assert_json(json_t *value, const char *expected)
{
	json_t *wanted = json(expected);

	if (!json_equal(value, wanted)) {
		char *is = json_dumps(value, JSON_SORT_KEYS);

		fail_msg("%s\n  is not %s", is, expected);
	}
	json_decref(value);
	json_decref(wanted);
}

static json_t *
merged(const char *kept, const char *gone, const char *choose, struct region_merge_questions *out)
{
	struct region_merge_questions own;
	json_t *a = json(kept), *b = json(gone), *c = choose != NULL ? json(choose) : NULL;
	json_t *made =
	    region_merge(arena, &(struct region_merge_asked){a, b, c}, out != NULL ? out : &own);

	/* What was given is as it was. */
	assert_json(a, kept);
	assert_json(b, gone);
	json_decref(c);
	return made;
}

/* "key=whose, …"; "?" where nobody has chosen. */
static void
assert_questions(const struct region_merge_questions *questions, const char *expected)
{
	const char *text = "";

	for (size_t i = 0; i < questions->count; i++)
		text = arena_printf(arena, "%s%s%s=%s", text, i > 0 ? ", " : "",
		    questions->items[i].key,
		    questions->items[i].from != NULL ? questions->items[i].from : "?");
	assert_string_equal(text, expected);
}

/* ------------------------------------------------------------------------------------- merging */

static void
every_name_and_code_is_kept(void **state)
{
	struct region_merge_questions questions;

	(void)state;
	assert_json(
	    merged("{'id':'b','name':'Sam Ahmed','aliases':['SA'],'former_names':['Sam Old']}",
		"{'id':'a','name':'S Ahmed','aliases':['SA','Sammy'],'renamed_from':'old-a'}", NULL,
		&questions),
	    "{'id':'b','name':'Sam Ahmed','aliases':['SA','S Ahmed','Sammy'],'former_names':['Sam Old'],"
	    "'renamed_from':['a','old-a']}");
	assert_questions(&questions, "name=b");
	assert_json(merged("{'id':'b','name':'Sam'}", "{'id':'a','name':'Samuel'}", "{'name':'a'}",
			&questions),
	    "{'id':'b','name':'Samuel','aliases':['Sam'],'renamed_from':['a']}");
	assert_questions(&questions, "name=a");
	/* One name is no alias of itself, and asks nothing. */
	assert_json(merged("{'id':'b','name':'Sam'}", "{'id':'a','name':'Sam'}", NULL, &questions),
	    "{'id':'b','name':'Sam','renamed_from':['a']}");
	assert_questions(&questions, "");
}

static void
what_differs_is_asked_and_never_dropped(void **state)
{
	struct region_merge_questions questions;
	const char *b = "{'id':'b','name':'S','work_phone':'+441632960001','organisation':'O'}";
	const char *a = "{'id':'a','name':'S','work_phone':'+441632960002','organisation':'P'}";

	(void)state;
	json_decref(merged(b, a, NULL, &questions));
	assert_questions(&questions, "work_phone=?, organisation=?");
	assert_json(merged(b, a, "{'work_phone':'a','organisation':'b'}", &questions),
	    "{'id':'b','name':'S','work_phone':'+441632960002','organisation':'O','renamed_from':['a']}");
	assert_questions(&questions, "work_phone=a, organisation=b");
	/* Neither of the two: no answer. */
	json_decref(merged(b, a, "{'work_phone':'c','organisation':7}", &questions));
	assert_questions(&questions, "work_phone=?, organisation=?");
	/* What both have alike asks nothing. */
	json_decref(merged(b, "{'id':'a','name':'S','organisation':'O'}", NULL, &questions));
	assert_questions(&questions, "");
	/* What only one has is taken without a question. */
	assert_json(merged("{'id':'b','name':'S'}",
			"{'id':'a','name':'S','work_phone':{'bleep':'1'}}", NULL, &questions),
	    "{'id':'b','name':'S','work_phone':{'bleep':'1'},'renamed_from':['a']}");
	assert_questions(&questions, "");
}

static void
roles_and_approvals_are_united(void **state)
{
	struct region_merge_questions questions;

	(void)state;
	assert_json(
	    merged("{'id':'b','name':'S','roles':['amhp']}",
		"{'id':'a','name':'S','roles':['amhp','cyp',{'function':'s12','approved_by':'O'}]}",
		NULL, &questions),
	    "{'id':'b','name':'S','roles':['amhp','cyp',{'function':'s12','approved_by':'O'}],'renamed_from':['a']}");
	assert_questions(&questions, "");
	/* Of two councils: both, on whichever side they are. */
	assert_json(merged("{'id':'b','name':'S','roles':null}",
			"{'id':'a','name':'S','roles':[{'function':'amhp','approved_by':'O'},"
			"{'function':'amhp','approved_by':'P'}]}",
			NULL, &questions),
	    "{'id':'b','name':'S','roles':[{'function':'amhp','approved_by':'O'},{'function':'amhp','approved_by':'P'}],"
	    "'renamed_from':['a']}");
	assert_questions(&questions, "");
	assert_json(merged("{'id':'b','name':'S','roles':[{'function':'amhp','approved_by':'O'}]}",
			"{'id':'a','name':'S','roles':[{'function':'amhp','approved_by':'P'}]}",
			NULL, &questions),
	    "{'id':'b','name':'S','roles':[{'function':'amhp','approved_by':'O'},{'function':'amhp','approved_by':'P'}],"
	    "'renamed_from':['a']}");
	assert_questions(&questions, "");
}

static void
approvals_that_disagree_are_asked(void **state)
{
	struct region_merge_questions questions;
	const char *b =
	    "{'id':'b','name':'S','roles':[{'function':'amhp','approved_by':'O','until':'2026-12-01'},'cyp']}";
	const char *a = "{'id':'a','name':'S','roles':[{'function':'amhp','approved_by':'O'}]}";
	const char *plain = "{'id':'a','name':'S','roles':['amhp']}";
	const char *nobodys =
	    "{'id':'b','name':'S','roles':[{'function':'amhp','until':'2026-12-01'}]}";

	(void)state;
	json_decref(merged(b, a, NULL, &questions));
	assert_questions(&questions, "roles.amhp=?");
	assert_json(merged(b, a, "{'roles.amhp':'a'}", &questions),
	    "{'id':'b','name':'S','roles':['cyp',{'function':'amhp','approved_by':'O'}],'renamed_from':['a']}");
	assert_json(merged(b, a, "{'roles.amhp':'b'}", &questions),
	    "{'id':'b','name':'S','roles':[{'function':'amhp','approved_by':'O','until':'2026-12-01'},'cyp'],'renamed_from':['a']}");
	json_decref(merged(b, plain, NULL, &questions));
	assert_questions(&questions, "roles.amhp=?");
	json_decref(merged(plain, b, NULL, &questions));
	assert_questions(&questions, "roles.amhp=?");
	/* Both by nobody, with other days. One by nobody stands beside that of a council. */
	json_decref(merged(
	    nobodys, "{'id':'a','name':'S','roles':[{'function':'amhp'}]}", NULL, &questions));
	assert_questions(&questions, "roles.amhp=?");
	json_decref(merged(b, nobodys, NULL, &questions));
	assert_questions(&questions, "");
	json_decref(merged(nobodys, a, NULL, &questions));
	assert_questions(&questions, "");
	/* Twice, and asked once. */
	json_decref(merged(plain,
	    "{'id':'c','name':'S','roles':[{'function':'amhp','approved_by':'O'},'cyp',"
	    "{'function':'amhp','approved_by':'P'}]}",
	    NULL, &questions));
	assert_questions(&questions, "roles.amhp=?");
}

static void
who_is_protected_stays_so(void **state)
{
	(void)state;
	assert_json(
	    merged("{'id':'b','name':'S'}", "{'id':'a','name':'S','protected':true}", NULL, NULL),
	    "{'id':'b','name':'S','protected':true,'renamed_from':['a']}");
	assert_json(merged("{'id':'b','name':'S','protected':true}",
			"{'id':'a','name':'S','protected':false}", NULL, NULL),
	    "{'id':'b','name':'S','protected':true,'renamed_from':['a']}");
	assert_json(merged("{'id':'b','name':'S','protected':false}",
			"{'id':'a','name':'S','protected':true}", NULL, NULL),
	    "{'id':'b','name':'S','protected':true,'renamed_from':['a']}");
}

/* -------------------------------------------------------------------------------------- undoing */

static void
undone_at_once_it_is_as_before(void **state)
{
	static const char *const kept[] = {"{'id':'b','name':'Sam'}",
	    "{'id':'b','name':'Sam','aliases':['S','T'],'roles':['amhp'],'renamed_from':'c'}",
	    "{'id':'b','name':'Sam','aliases':[],'work_phone':'+441632960001','protected':false}",
	    "{'id':'b','name':'A','roles':[{'function':'amhp','approved_by':'O'}],'former_names':['Q']}"};
	static const char *const gone[] = {
	    "{'id':'a','name':'A','aliases':['T','Sam'],'protected':true}",
	    "{'id':'a','name':'Sam','work_phone':'+441632960002','roles':['amhp','cyp'],'renamed_from':['d','e']}"};
	static const char *const choose[] = {
	    "{}", "{'name':'a','work_phone':'a','roles.amhp':'a'}"};

	(void)state;
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		for (size_t j = 0; j < sizeof gone / sizeof *gone; j++)
			for (size_t k = 0; k < sizeof choose / sizeof *choose; k++) {
				json_t *made = merged(kept[i], gone[j], choose[k], NULL);
				json_t *before = json(kept[i]);

				assert_json(region_unmerge(made, before, made), kept[i]);
				json_decref(made);
				json_decref(before);
			}
}

static void
what_was_changed_since_stays_changed(void **state)
{
	json_t *before = json("{'id':'b','name':'Sam','roles':['amhp']}");
	json_t *made = json(
	    "{'id':'b','name':'Sam','aliases':['A'],'roles':['amhp','cyp'],'work_phone':'1','protected':true,"
	    "'renamed_from':['a']}");
	json_t *now = json(
	    "{'id':'c','name':'Sam X','aliases':['A','New'],'roles':['cyp','s12'],'work_phone':'2','protected':true,"
	    "'renamed_from':['b','a']}");

	(void)state;
	assert_json(region_unmerge(now, before, made),
	    "{'id':'c','name':'Sam X','aliases':['New'],'roles':['s12'],'work_phone':'2','renamed_from':['b']}");
	json_decref(now);
	/* Taken away since, whether the merge gave it or found it. */
	now = json("{'id':'b','name':'Sam'}");
	assert_json(region_unmerge(now, before, made), "{'id':'b','name':'Sam','roles':[]}");
	json_decref(before);
	before = json("{'id':'b','name':'Sam','work_phone':'2','roles':['amhp']}");
	assert_json(region_unmerge(now, before, made), "{'id':'b','name':'Sam','roles':[]}");
	json_decref(before);
	json_decref(made);
	json_decref(now);
}

static void
a_code_of_somebody_is_no_former_code(void **state)
{
	json_t *item = json("{'id':'b','renamed_from':['a','c']}"),
	       *people = json("[{'id':'a'},{'id':'z'}]");

	(void)state;
	region_merge_free_codes(item, people);
	assert_json(item, "{'id':'b','renamed_from':['c']}");
	item = json("{'id':'b','renamed_from':'c'}");
	region_merge_free_codes(item, people);
	assert_json(item, "{'id':'b','renamed_from':'c'}");
	json_decref(people);
}

/* ------------------------------------------------------------------------------------ splitting */

static void
what_is_named_goes_with_the_new_one(void **state)
{
	json_t *now = json(
	    "{'id':'b','name':'Sam','aliases':['SA','Sammy'],'former_names':['S Old'],'roles':['amhp','s12'],"
	    "'work_phone':'+441632960001'}");
	json_t *person =
	    json("{'id':'n','name':'Sammy','aliases':['S Old'],'work_phone':'+441632960001'}");
	json_t *patch = json("{'roles':['amhp']}");

	(void)state;
	assert_json(region_split_off(now, person, patch),
	    "{'id':'b','name':'Sam','aliases':['SA'],'former_names':[],'roles':['amhp']}");
	json_decref(person);
	person = json("{'id':'n','name':'Sam','work_phone':'+441632960002'}");
	assert_json(region_split_off(now, person, NULL),
	    "{'id':'b','name':'Sam','aliases':['SA','Sammy'],'former_names':['S Old'],'roles':['amhp','s12'],"
	    "'work_phone':'+441632960001'}");
	/* Who has no number takes none along. */
	json_decref(person);
	person = json("{'id':'n','name':'Sammy'}");
	assert_json(region_split_off(now, person, NULL),
	    "{'id':'b','name':'Sam','aliases':['SA'],'former_names':['S Old'],'roles':['amhp','s12'],"
	    "'work_phone':'+441632960001'}");
	json_decref(now);
	json_decref(person);
	json_decref(patch);
}

#define ROTAS                                                                                                      \
	"{'rotas':[{'id':'r'},{'id':'s','reading':{'aliases':{'JJ':'b','KK':'b','LL':'z','MM':'old'},"             \
	"'titles':[{'title':'Doc','reads':'named','person':'b'},{'title':'Leave','reads':'absence','person':'b'}," \
	"{'title':'None','reads':'noise'},{'title':'Zed','reads':'named','person':'z'}]}}]}"

static void
words_of_rotas_are_never_given_to_one_of_two(void **state)
{
	static const char *const from[] = {"b", "old", NULL};
	json_t *document = json(ROTAS), *goes = json("['alias:s:JJ']"),
	       *stays = json("['title:s:Doc']");
	struct region_split_asked asked = {from, "n", goes, stays, NULL};
	struct region_split_words words;

	(void)state;
	region_split_words(arena, document, &asked, &words);
	assert_json(document,
	    "{'rotas':[{'id':'r'},{'id':'s','reading':{'aliases':{'JJ':'n','LL':'z'},"
	    "'titles':[{'title':'Doc','reads':'named','person':'b'},{'title':'Leave','reads':'undecided'},"
	    "{'title':'None','reads':'noise'},{'title':'Zed','reads':'named','person':'z'}]}}]}");
	assert_int_equal(words.count, 5);
	assert_string_equal(words.items[1].key, "alias:s:KK");
	assert_int_equal(words.items[1].lot, REGION_SPLIT_UNCLEAR);
	json_decref(goes);
	json_decref(stays);
	/* Titles as well, and what is no key is passed over. */
	document = json(ROTAS);
	goes = json("[7,'title:s:Leave']");
	asked = (struct region_split_asked){from, "n", goes, NULL, NULL};
	region_split_words(arena, document, &asked, &words);
	assert_json(document,
	    "{'rotas':[{'id':'r'},{'id':'s','reading':{'aliases':{'LL':'z'},"
	    "'titles':[{'title':'Doc','reads':'undecided'},{'title':'Leave','reads':'absence','person':'n'},"
	    "{'title':'None','reads':'noise'},{'title':'Zed','reads':'named','person':'z'}]}}]}");
	json_decref(goes);
}

static void
words_that_were_there_before_the_merge_stay(void **state)
{
	static const char *const from[] = {"b", NULL};
	json_t *document = json(ROTAS);
	json_t *then = json(
	    "{'rotas':[{'id':'r'},{'id':'s','reading':{'aliases':{'JJ':'b','KK':'a'},"
	    "'titles':[{'title':'Doc','reads':'named','person':'b'},{'title':'Leave','reads':'named','person':'b'}]}}]}");
	struct region_split_asked asked = {from, "a", NULL, NULL, then};
	struct region_split_words words;

	(void)state;
	region_split_words(arena, document, &asked, &words);
	assert_json(document,
	    "{'rotas':[{'id':'r'},{'id':'s','reading':{'aliases':{'JJ':'b','LL':'z','MM':'old'},"
	    "'titles':[{'title':'Doc','reads':'named','person':'b'},{'title':'Leave','reads':'undecided'},"
	    "{'title':'None','reads':'noise'},{'title':'Zed','reads':'named','person':'z'}]}}]}");
	json_decref(then);
	/* Of another person then. */
	document = json(ROTAS);
	then = json(
	    "{'rotas':[{'id':'s','reading':{'titles':[{'title':'Doc','reads':'named','person':'z'},"
	    "{'title':'Leave','reads':'absence','person':'b'}]}}]}");
	asked.then = then;
	region_split_words(arena, document, &asked, &words);
	assert_json(document,
	    "{'rotas':[{'id':'r'},{'id':'s','reading':{'aliases':{'LL':'z','MM':'old'},"
	    "'titles':[{'title':'Doc','reads':'undecided'},{'title':'Leave','reads':'absence','person':'b'},"
	    "{'title':'None','reads':'noise'},{'title':'Zed','reads':'named','person':'z'}]}}]}");
	json_decref(then);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_name_and_code_is_kept),
	    cmocka_unit_test(what_differs_is_asked_and_never_dropped),
	    cmocka_unit_test(roles_and_approvals_are_united),
	    cmocka_unit_test(approvals_that_disagree_are_asked),
	    cmocka_unit_test(who_is_protected_stays_so),
	    cmocka_unit_test(undone_at_once_it_is_as_before),
	    cmocka_unit_test(what_was_changed_since_stays_changed),
	    cmocka_unit_test(a_code_of_somebody_is_no_former_code),
	    cmocka_unit_test(what_is_named_goes_with_the_new_one),
	    cmocka_unit_test(words_of_rotas_are_never_given_to_one_of_two),
	    cmocka_unit_test(words_that_were_there_before_the_merge_stay),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
