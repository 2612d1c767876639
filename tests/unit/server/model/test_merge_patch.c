/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/model/merge_patch.h"

/* The cases of RFC 7396, appendix A, and what they leave open here. */
static const struct {
	const char *target, *patch, *result;
} cases[] = {
    {"{\"a\":\"b\"}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"},
    {"{\"a\":\"b\"}", "{\"b\":\"c\"}", "{\"a\":\"b\",\"b\":\"c\"}"},
    {"{\"a\":\"b\"}", "{\"a\":null}", "{}"},
    {"{\"a\":\"b\",\"b\":\"c\"}", "{\"a\":null}", "{\"b\":\"c\"}"},
    {"{\"a\":[\"b\"]}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"},
    {"{\"a\":\"c\"}", "{\"a\":[\"b\"]}", "{\"a\":[\"b\"]}"},
    {"{\"a\":{\"b\":\"c\"}}", "{\"a\":{\"b\":\"d\",\"c\":null}}", "{\"a\":{\"b\":\"d\"}}"},
    {"{\"a\":[{\"b\":\"c\"}]}", "{\"a\":[1]}", "{\"a\":[1]}"},
    {"[\"a\",\"b\"]", "[\"c\",\"d\"]", "[\"c\",\"d\"]"},
    {"{\"a\":\"b\"}", "[\"c\"]", "[\"c\"]"},
    {"{\"a\":\"foo\"}", "null", "null"},
    {"{\"a\":\"foo\"}", "\"bar\"", "\"bar\""},
    {"{\"e\":null}", "{\"a\":1}", "{\"e\":null,\"a\":1}"},
    {"[1,2]", "{\"a\":\"b\",\"c\":null}", "{\"a\":\"b\"}"},
    {"{}", "{\"a\":{\"bb\":{\"ccc\":null}}}", "{\"a\":{\"bb\":{}}}"},
    /* A null deep inside a list is a value. */
    {"{}", "{\"a\":[{\"b\":null}]}", "{\"a\":[{\"b\":null}]}"},
};

static json_t *
parse(const char *text)
{
	json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);

	assert_non_null(value);
	return value;
}

static void
patches_as_the_rfc_has_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		json_t *target = parse(cases[i].target), *patch = parse(cases[i].patch);
		json_t *wanted = parse(cases[i].result), *result = merge_patch(target, patch);
		json_t *before = parse(cases[i].target);

		if (!json_equal(result, wanted))
			fail_msg("case %zu: %s", i, cases[i].result);
		assert_true(json_equal(target, before));
		json_decref(before);
		json_decref(result);
		json_decref(wanted);
		json_decref(patch);
		json_decref(target);
	}
}

static void
nothing_there_is_an_empty_object(void **state)
{
	json_t *patch = parse("{\"a\":1,\"b\":null}"), *result = merge_patch(NULL, patch);

	(void)state;
	assert_int_equal(json_object_size(result), 1);
	json_decref(result);
	json_decref(patch);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(patches_as_the_rfc_has_it),
	    cmocka_unit_test(nothing_there_is_an_empty_object),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
