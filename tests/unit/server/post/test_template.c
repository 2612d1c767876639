/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/post/template.h"

static const struct template_field fields[] = {{"to", "+447700900123"}, {"text", "a \"b\" & c=d\n"},
    {"secret", "s3cret"}, {"bad", "x\r\nHost: y"}, {NULL, NULL}};

static const char *
fault_of(const char *text)
{
	struct template template;
	const char *fault = template_read(slice_of(text), &template);

	if (fault == NULL)
		template_free(&template);
	return fault;
}

static void
test_read(void **state)
{
	struct template template;

	(void)state;
	assert_null(template_read(
	    SLICE(
		"POST https://sms.example/v1\r\nAuthorization: Bearer ${secret}\r\nX-A: b\r\nContent-Type: application/json\r\n\r\n{\"a\": ${to},\n"
		"\"b\": ${text}}\n"),
	    &template));
	assert_string_equal(template.method, "POST");
	assert_string_equal(template.url, "https://sms.example/v1");
	assert_string_equal(template.headers[0], "Authorization: Bearer ${secret}");
	assert_string_equal(template.headers[1], "X-A: b");
	assert_null(template.headers[2]);
	assert_string_equal(template.type, "application/json");
	assert_string_equal(template.body, "{\"a\": ${to},\n\"b\": ${text}}");
	assert_int_equal(template.body_place, TEMPLATE_JSON);
	template_free(&template);
	assert_null(
	    template_read(SLICE("GET https://sms.example/?to=${to}&text=${text}"), &template));
	assert_string_equal(template.body, "");
	template_free(&template);
}

static void
test_faults(void **state)
{
	(void)state;
	assert_non_null(strstr(fault_of(""), "first line"));
	assert_non_null(strstr(fault_of("DELETE https://sms.example/\n\nx"), "method"));
	assert_non_null(strstr(fault_of("POST ftp://sms.example/\n\nx"), "https://"));
	assert_non_null(strstr(fault_of("POST https://${to}.example/\n\nx"), "name of the server"));
	assert_non_null(strstr(fault_of("POST https://sms.example/\nno header\n\nx"), "header"));
	assert_non_null(strstr(fault_of("POST https://sms.example/\n\nx"), "Content-Type"));
	assert_non_null(strstr(fault_of("POST https://sms.example/\nContent-Type: text/xml\n\nx"),
	    "application/json"));
	assert_non_null(strstr(
	    fault_of("POST https://sms.example/\nContent-Type: application/json\n\n"), "no body"));
	assert_non_null(strstr(fault_of("POST https://sms.example/\n\n\xff"), "UTF-8"));
}

static void
assert_filled(const char *text, enum template_place place, const char *wanted)
{
	struct buf out = {0};

	assert_true(template_fill(&out, text, fields, place));
	assert_string_equal(out.at, wanted);
	buf_free(&out);
}

static void
test_fill(void **state)
{
	struct buf out = {0};

	(void)state;
	assert_filled("{\"t\": ${text}}", TEMPLATE_JSON, "{\"t\": \"a \\\"b\\\" & c=d\\n\"}");
	assert_filled("to=${to}&t=${text}", TEMPLATE_FORM,
	    "to=%2B447700900123&t=a%20%22b%22%20%26%20c%3Dd%0A");
	assert_filled(
	    "https://x/?t=${text}", TEMPLATE_URL, "https://x/?t=a%20%22b%22%20%26%20c%3Dd%0A");
	assert_filled("A: ${secret}${secret} $ ${ {}", TEMPLATE_HEADER, "A: s3crets3cret $ ${ {}");
	assert_false(template_fill(&out, "A: ${bad}", fields, TEMPLATE_HEADER));
	buf_free(&out);
}

static void
test_knows(void **state)
{
	static const char *const names[] = {"to", "text", NULL};

	(void)state;
	assert_true(template_knows("${to} $ {text} ${text}", names));
	assert_false(template_knows("${to} ${txt}", names));
	assert_false(template_knows("${to", names));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_read),
	    cmocka_unit_test(test_faults),
	    cmocka_unit_test(test_fill),
	    cmocka_unit_test(test_knows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
