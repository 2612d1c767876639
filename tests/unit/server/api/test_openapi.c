/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/unit.h"

#include "server/api/openapi.h"
#include "server/api/routes.h"
#include "server/api/views/views.h"

/* The description and the table of routes say the same: every path with every method, both ways. */

static const struct {
	enum web_method method;
	const char *word;
} methods[] = {{WEB_GET, "get"}, {WEB_POST, "post"}, {WEB_PUT, "put"}, {WEB_DELETE, "delete"},
    {WEB_PATCH, "patch"}};
#define NMETHODS (sizeof methods / sizeof *methods)

/* One line of the description, without its line feed. */
static bool
next_line(struct slice *text, char line[512])
{
	const char *end = text->len > 0 ? memchr(text->at, '\n', text->len) : NULL;
	size_t len = end ? (size_t)(end - text->at) : text->len;

	if (text->len == 0)
		return false;
	assert_in_range(len, 0, 511);
	memcpy(line, text->at, len);
	line[len] = '\0';
	text->at += len + (end != NULL);
	text->len -= len + (end != NULL);
	return true;
}

static bool
described(const char *path, const char *method)
{
	struct slice text = openapi_text();
	char line[512], path_line[256], method_line[64];
	bool in_path = false;

	snprintf(path_line, sizeof path_line, "  %s:", path);
	snprintf(method_line, sizeof method_line, "    %s:", method);
	while (next_line(&text, line)) {
		if (strncmp(line, "  /", 3) == 0)
			in_path = strcmp(line, path_line) == 0;
		if (in_path && strcmp(line, method_line) == 0)
			return true;
	}
	return false;
}

static bool
routed(const char *path, const char *method)
{
	for (const struct web_route *route = routes_table(); route->pattern != NULL; route++)
		for (size_t i = 0; i < NMETHODS; i++)
			if ((route->methods & methods[i].method) &&
			    strcmp(methods[i].word, method) == 0 &&
			    strcmp(route->pattern, path) == 0)
				return true;
	return false;
}

static bool
is_page(const struct web_route *served)
{
	size_t count;
	const struct route *rows = routes_rows(&count);

	for (size_t i = 0; i < count; i++)
		if (rows[i].pattern == served->pattern)
			return rows[i].open == view_page;
	return false;
}

static void
every_route_is_described(void **state)
{
	(void)state;
	for (const struct web_route *route = routes_table(); route->pattern != NULL; route++)
		for (size_t i = 0; i < NMETHODS; i++)
			if ((route->methods & methods[i].method) && !is_page(route) &&
			    !described(route->pattern, methods[i].word))
				fail_msg("openapi.yaml does not describe %s %s", methods[i].word,
				    route->pattern);
}

static void
whatever_is_described_is_routed(void **state)
{
	struct slice text = openapi_text();
	char line[512], path[256] = "";
	int seen = 0;

	(void)state;
	while (next_line(&text, line)) {
		if (strncmp(line, "components:", 11) == 0)
			break;
		if (strncmp(line, "  /", 3) == 0)
			snprintf(path, sizeof path, "%.*s", (int)strlen(line) - 3, line + 2);
		for (size_t i = 0; i < NMETHODS && path[0] != '\0'; i++) {
			char method_line[64];

			snprintf(method_line, sizeof method_line, "    %s:", methods[i].word);
			if (strcmp(line, method_line) != 0)
				continue;
			seen++;
			if (!routed(path, methods[i].word))
				fail_msg("there is no route %s %s", methods[i].word, path);
		}
	}
	assert_true(seen > 20);
}

static const char *const rights[] = {
    "read", "change", "review", "administer", "set_up", "set_up_read", "none"};

static void
print_param(FILE *out, const struct param *param)
{
	static const char *const kinds[] = {"", "code", "time", "number", "choice", "text"};

	fprintf(out,
	    "{\"name\":\"%s\",\"kind\":\"%s\",\"required\":%s,\"min\":%lld,\"max\":%lld,"
	    "\"otherwise\":%lld,\"choices\":[",
	    param->name, kinds[param->kind], param->required ? "true" : "false",
	    (long long)param->min, (long long)param->max, (long long)param->otherwise);
	for (size_t i = 0; param->choices != NULL && param->choices[i] != NULL; i++)
		fprintf(out, "%s\"%s\"", i > 0 ? "," : "", param->choices[i]);
	fprintf(out, "]}");
}

static void
print_route(FILE *out, const struct route *route)
{
	const char *method = NULL;

	for (size_t i = 0; i < NMETHODS; i++)
		if (route->method == methods[i].method)
			method = methods[i].word;
	assert_non_null(method);
	fprintf(out, "{\"method\":\"%s\",\"path\":\"%s\",\"right\":", method, route->pattern);
	if (route->open != NULL)
		fprintf(out, "\"none\"");
	else
		fprintf(out, "\"%s\"", rights[route->right]);
	fprintf(out, ",\"second\":%s,\"params\":[", route->second ? "true" : "false");
	for (const struct param *param = route->params; param != NULL && param->kind != PARAM_END;
	     param++) {
		fprintf(out, "%s", param != route->params ? "," : "");
		print_param(out, param);
	}
	fprintf(out, "]}\n");
}

/* Parameters, their kinds and limits, and rights: openapi.yaml says what the table says. */
static void
the_table_is_described_as_it_is(void **state)
{
	const char *command =
	    "/usr/bin/python3 -B " SOURCE_ROOT
	    "/tests/unit/server/api/routes_described.py " SOURCE_ROOT "/server/openapi.yaml";
	size_t count;
	const struct route *rows = routes_rows(&count);
	FILE *out = popen(command, "w");

	(void)state;
	assert_non_null(out);
	for (size_t i = 0; i < count; i++)
		if (rows[i].open != view_page)
			print_route(out, &rows[i]);
	assert_int_equal(pclose(out), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_route_is_described),
	    cmocka_unit_test(whatever_is_described_is_routed),
	    cmocka_unit_test(the_table_is_described_as_it_is),
	};

	return cmocka_run_group_tests_name("openapi", tests, NULL, NULL);
}
