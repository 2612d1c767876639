/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/model/region_areas.h"

/* A table of areas that is put into a region file. */

static json_t *
quoted(struct arena *arena, const char *text)
{
	char *json = arena_strdup(arena, text);

	for (char *c = json; *c != '\0'; c++)
		if (*c == '\'')
			*c = '"';
	return json_loads(json, 0, NULL);
}

static void
check(const char *document, const char *areas, bool only, const char *want)
{
	struct arena *arena = arena_new(0);
	json_t *before = quoted(arena, document), *sent = quoted(arena, areas),
	       *wanted = quoted(arena, want), *is;
	char *text = json_dumps(before, JSON_COMPACT);
	const size_t *at;
	struct slice out =
	    region_areas_put(arena, slice_of(text), &(struct region_areas){sent, only}, &at);

	is = json_loadb(out.at, out.len, 0, NULL);
	if (!json_equal(is, wanted))
		fail_msg("%.*s", (int)out.len, out.at);
	for (size_t i = 0; i < json_array_size(sent); i++)
		if (json_is_object(json_array_get(sent, i)))
			assert_true(json_equal(json_object_get(json_array_get(sent, i), "code"),
			    json_object_get(
				json_array_get(json_object_get(is, "areas"), at[i]), "code")));
	json_decref(before);
	json_decref(sent);
	json_decref(wanted);
	json_decref(is);
	free(text);
	arena_free(arena);
}

static void
each_takes_the_place_of_what_had_its_code(void **state)
{
	(void)state;
	check("{'crisiscover':1}", "[{'code':'A'}]", false,
	    "{'crisiscover':1,'areas':[{'code':'A'}]}");
	check("{'areas':[{'code':'A','name':'1'},{'code':'B','name':'2'}]}",
	    "[{'code':'C','name':'3'},{'code':'A','name':'4'}]", false,
	    "{'areas':[{'code':'A','name':'4'},{'code':'B','name':'2'},{'code':'C','name':'3'}]}");
	check("{'areas':[{'code':'A','name':'1'},{'code':'B','name':'2'}]}",
	    "[{'code':'C','name':'3'},{'code':'B','name':'4'}]", true,
	    "{'areas':[{'code':'B','name':'4'},{'code':'C','name':'3'}]}");
	/* The code that it had before stays known. */
	check("{'areas':[{'code':'A','renamed_from':'Z'}]}", "[{'code':'A','name':'1'}]", false,
	    "{'areas':[{'code':'A','name':'1','renamed_from':'Z'}]}");
	check("{'areas':[{'code':'A','renamed_from':'Z'}]}",
	    "[{'code':'A','renamed_from':['Z','Y']}]", false,
	    "{'areas':[{'code':'A','renamed_from':['Z','Y']}]}");
	/* What is no area at all is for the reader to refuse. */
	check("{'areas':[{'renamed_from':'Z'}]}", "[7]", false, "{'areas':[7]}");
	check("{'areas':[{'code':'A'}]}", "[]", false, "{'areas':[{'code':'A'}]}");
	check("{'areas':[{'code':'A'}]}", "[]", true, "{'areas':[]}");
}

static void
faults_name_what_was_sent(void **state)
{
	static const size_t at[] = {7, 3};
	struct arena *arena = arena_new(0);

	(void)state;
	assert_string_equal(
	    region_areas_path(arena, at, 2, "$.areas[3].place"), "$.areas[1].place");
	assert_string_equal(region_areas_path(arena, at, 2, "$.areas[7]"), "$.areas[0]");
	assert_string_equal(region_areas_path(arena, at, 2, "$.areas[70]"), "$.areas[70]");
	assert_string_equal(region_areas_path(arena, at, 2, "$.places[3]"), "$.places[3]");
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_takes_the_place_of_what_had_its_code),
	    cmocka_unit_test(faults_name_what_was_sent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
