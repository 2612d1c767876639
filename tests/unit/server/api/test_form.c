/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "server/api/ask/form.h"
#include "server/api/ask/plain_page.h"

/* Forms that browsers send, and text that becomes a part of a page. */

static void
check_form(const char *body, const char *want)
{
	json_t *fields = form_read(slice_of(body));
	char *text = fields != NULL ? json_dumps(fields, JSON_SORT_KEYS | JSON_COMPACT) : NULL;

	if (want == NULL)
		assert_null(fields);
	else
		assert_string_equal(text, want);
	free(text);
	json_decref(fields);
}

static void
a_form_is_its_fields(void **state)
{
	(void)state;
	check_form("", "{}");
	check_form(
	    "name=mary&password=a+b%2B%26%3D&code=", "{\"name\":\"mary\",\"password\":\"a b+&=\"}");
	check_form("na%6De=%C3%A9", "{\"name\":\"\xc3\xa9\"}");
	check_form("a=b=c", "{\"a\":\"b=c\"}");
	check_form("a=1&", "{\"a\":\"1\"}");
}

static void
what_is_no_form_is_none(void **state)
{
	(void)state;
	check_form("name", NULL);
	check_form("name=%", NULL);
	check_form("name=%4", NULL);
	check_form("name=%4g", NULL);
	check_form("name=%ff", NULL);
	check_form("name=%00", NULL);
	check_form("a=1&&b=2", NULL);
	check_form("a=1&a=2", NULL);
	check_form("{\"name\":1}", NULL);
}

static void
check_text(const char *text, const char *want)
{
	struct buf out = {0};

	plain_page_text(&out, text);
	assert_string_equal(out.at == NULL ? "" : out.at, want);
	buf_free(&out);
}

static void
text_of_a_page_has_no_marks_of_html(void **state)
{
	(void)state;
	check_text("", "");
	check_text(
	    "O'Neill & <b>\"Caf\xc3\xa9\"", "O&#39;Neill &amp; &lt;b&gt;&quot;Caf\xc3\xa9&quot;");
	check_text("a\x01\x7f\xff\xc3z", "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_form_is_its_fields),
	    cmocka_unit_test(what_is_no_form_is_none),
	    cmocka_unit_test(text_of_a_page_has_no_marks_of_html),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
