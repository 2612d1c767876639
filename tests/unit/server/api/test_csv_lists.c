/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/testbed.h"

#include <time.h>

#include "server/api/routes.h"

/*
 * Every list as CSV, held against the same list as JSON, for accounts that see different things: the same rows in the
 * same order, each member of a row in its column, no column without its member. So there is no name in CSV where
 * JSON has none, and no member of a list is forgotten.
 */

#define COLUMNS_MAX 64
#define CELLS_MAX 20000

static const char *const who[] = {"chief", "switch", "board", "zfc-rotas", "reviewer"};
#define NWHO (sizeof who / sizeof *who)
static char *tokens[NWHO];

/* Something in each list that a few statements can fill. */
static void
fill(void)
{
	testbed_good("amhp-duty", "now()");
	testbed_shift("amhp-duty", "a", "named", "jo-jones", -2, 5);
	testbed_shift("amhp-duty", "b", "named", "s-ahmed", 5, 12);
	testbed_sql(
	    "select override_add('amhp-duty', 'p-lee', null, now(), now() + interval '1 hour', now() + interval '1 hour', '=1+1', "
	    "false, 'zfc-rotas');"
	    "select absence_add('jo-jones', now() + interval '3 days', now() + interval '4 days', 'zfc-rotas');"
	    "select report_add('switch', 'ZED01', 'amhp', 'fenmere-amhp', 'amhp-duty', 'jo-jones', 'no_answer', 7200);"
	    "select note_add('{\"on\": \"service\", \"service\": \"fenmere-amhp\"}', '@ ring, \"now\"', now() + interval '1 hour', "
	    "'switch', 'switchboard', 5);"
	    "select protocol_put(null, null, '{\"place\": \"ZED01\", \"function\": \"amhp\", \"name\": \"=Asking\", \"version\": \"1\", "
	    "\"owner\": \"board\", \"review\": \"2999-01-01\", \"url\": \"https://a.example/\"}', null, 'board', 10, array['board'], 100000000);"
	    "select subscription_put(null, ('{\"channel\": \"email\", \"address\": \"duty@trust.example\", \"places\": [\"ZED01\"], "
	    "\"digest\": [480, 960], \"quiet_from\": 1320, \"quiet_until\": 420, \"account\": \"' || a || '\"}')::jsonb, 'chief', 9) "
	    "from unnest(array['chief', 'switch', 'board', 'zfc-rotas', 'reviewer']) a;"
	    "insert into message (subscription, severity, subject, body, link, reason, receipt) "
	    "select id, 'high', '=1+1', '@two\nlines', '', '+44 later', '-ok' from subscription;"
	    "select risk_propose('R01', 'ZED01', '=waits', now() + interval '9 days', 'board', array['board'], array['board', 'ZFC']);"
	    "select break_glass_add('fenmere-all', 'ZED02', 'patient_from_there', null, 600);"
	    "select single_handed_add(1, 'chief', 'reason', '{\"less\": []}', '{ZED01}');"
	    "select decisions_make('amhp-duty', '[{\"kind\": \"word\", \"key\": \"surge\", \"words\": \"Surge\", \"reads\": \"nothing\"}, "
	    "{\"kind\": \"alias\", \"key\": \"jj\", \"words\": \"JJ\", \"reads\": \"named\", \"person\": \"jo-jones\"}]', 'zfc-rotas')");
	testbed_sql(
	    "with g as (insert into gap (requirement, place, function, starts_at, ends_at, state, cause, present, required, severity, told) "
	    "values ('R01', 'ZED01', 'amhp', now() + interval '12 hours', now() + interval '20 hours', 'gap', 'silent', 0, 1, 'high', true) "
	    "returning *) select flag_add('opened', id, place, function, requirement, state, starts_at, ends_at, severity, cause, '{}') from g");
	testbed_sql(
	    "select link_add('chief', 'abcdefghijkl', sha256('x'), now() + interval '1 day', 'rota', 'amhp-duty', false, 'note');"
	    "select device_add('ward-7', 'ZED01', '-label', sha256('c'), 600, 'chief');"
	    "select import_add('amhp-second', 'zfc-rotas', 'text/csv', 'ask', sha256('x'), 'x')");
	testbed_shift("amhp-duty", "c", "named", "s-ahmed", 48, 60);
	testbed_sql(
	    "select swap_offer(('[{\"rota\": \"amhp-duty\", \"gives\": \"s-ahmed\", \"takes\": \"jo-jones\", "
	    "\"starts_at\": \"' || to_char(now() + interval '49 hours', 'YYYY-MM-DD HH24:MI:SSOF') || '\", \"ends_at\": \"' || "
	    "to_char(now() + interval '59 hours', 'YYYY-MM-DD HH24:MI:SSOF') || '\"}]')::jsonb, 'infinity', null, '{}', null, 'zfc-rotas');"
	    "select leave_request('jo-jones', now() + interval '20 days', now() + interval '21 days', 'zfc-rotas');"
	    "select absence_add('s-ahmed', now() + interval '50 hours', now() + interval '51 hours', 'zfc-rotas')");
	testbed_moved("amhp-duty");
	testbed_sql(
	    "begin; update map_head set version = version + 1, at = clock_timestamp();insert into map_change (epoch, version, "
	    "requirement, place) select epoch, version, 'R01', 'ZED01' from map_head;notify coverage_changed; commit");
	testbed_until(
	    &(struct http_ask){
		.port = testbed_port(), .path = "/v1/gaps", .token = testbed_admin()},
	    "gaps.0.requirement", "R01");
}

static int
set_up(void **state)
{
	testbed_set_up(state);
	testbed_apply();
	fill();
	for (size_t i = 0; i < NWHO; i++)
		tokens[i] = testbed_token(who[i]);
	testbed_moved("absence:typed");
	testbed_until(&(struct http_ask){.port = testbed_port(),
			  .path = "/v1/shifts?rota=amhp-duty",
			  .token = testbed_admin()},
	    "shifts.1.name", "P Lee");
	return 0;
}

static int
tear_down(void **state)
{
	for (size_t i = 0; i < NWHO; i++)
		free(tokens[i]);
	return testbed_tear_down(state);
}

/* -------------------------------------------------------------------------- CSV, read again */

struct sheet {
	char *cells[CELLS_MAX];
	size_t width, count;
};

static void
free_table(struct sheet *table)
{
	for (size_t i = 0; i < table->count; i++)
		free(table->cells[i]);
}

/* RFC 4180, strictly: every line ends with CRLF and has as many cells as the heading. */
static void
read_csv(const char *at, struct sheet *table)
{
	size_t in_line = 0;

	*table = (struct sheet){0};
	while (*at != '\0') {
		struct buf cell = {0};
		bool quoted = *at == '"';

		buf_add_text(&cell, "");
		for (at += quoted; quoted ? *at != '"' || at[1] == '"' : strchr(",\r", *at) == NULL;
		     at++) {
			assert_true(*at != '\0' && (quoted || (*at != '"' && *at != '\n')));
			at += quoted && *at == '"';
			buf_add(&cell, at, 1);
		}
		at += quoted;
		assert_true(table->count < CELLS_MAX);
		table->cells[table->count++] = cell.at;
		in_line++;
		if (*at == ',') {
			at++;
			continue;
		}
		assert_memory_equal(at, "\r\n", 2);
		at += 2;
		if (table->width == 0)
			table->width = in_line;
		assert_int_equal(in_line, table->width);
		in_line = 0;
	}
	assert_true(table->width > 0 && table->width <= COLUMNS_MAX);
}

/* No cell would be a formula. What the apostrophe hid is given back. */
static const char *
told(const char *cell, bool number)
{
	const char *after = cell + strspn(cell, "'");

	if (!number && *cell != '\0' && strchr("=+-@\t\r", *cell) != NULL)
		fail_msg("the cell %s is a formula", cell);
	return cell[0] == '\'' && *after != '\0' && strchr("=+-@\t\r", *after) != NULL ? cell + 1
										       : cell;
}

/* ------------------------------------------------------------------------------------- JSON */

static bool
is_plain(const json_t *value)
{
	return !json_is_object(value) && !json_is_array(value);
}

/* The text of a value as its cell must have it; free it. */
static char *
text_of(const json_t *value)
{
	struct buf text = {0};
	bool plain = json_is_array(value);
	size_t i;
	json_t *item;

	if (value == NULL || json_is_null(value))
		return strdup("");
	if (json_is_string(value))
		return strdup(json_string_value(value));
	json_array_foreach(value, i, item) plain &= is_plain(item);
	if (!plain)
		return json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
	buf_add_text(&text, "");
	json_array_foreach(value, i, item)
	{
		char *one = text_of(item);

		buf_printf(&text, "%s%s", i > 0 ? "; " : "", one);
		free(one);
	}
	return text.at;
}

/* A row of the list, and which of its columns a member was found for. */
struct comparing {
	const char *path;
	const struct sheet *table;
	size_t line;
	bool met[COLUMNS_MAX];
};

static void compare(struct comparing *comparing, const char *name, const json_t *value);

static void
compare_members(struct comparing *comparing, const char *before, const json_t *object)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)object, key, value)
	{
		char name[128];

		snprintf(name, sizeof name, "%s%s%s", before, *before ? "." : "", key);
		compare(comparing, name, value);
	}
}

static size_t
column_of(const struct sheet *table, const char *name)
{
	for (size_t i = 0; i < table->width; i++)
		if (strcmp(table->cells[i], name) == 0)
			return i;
	return table->width;
}

/* Whether a column is of a member of ${name}. */
static bool
has_below(const struct sheet *table, const char *name)
{
	for (size_t i = 0; i < table->width; i++)
		if (strncmp(table->cells[i], name, strlen(name)) == 0 &&
		    table->cells[i][strlen(name)] == '.')
			return true;
	return false;
}

static void
compare(struct comparing *comparing, const char *name, const json_t *value)
{
	const struct sheet *table = comparing->table;
	size_t column = column_of(table, name);
	const char *cell;
	char *wanted;

	if (column == table->width) {
		/* An object that is not there has the columns of its members empty. */
		if (json_is_null(value) && has_below(table, name))
			return;
		if (!json_is_object(value))
			fail_msg("%s has no column for %s", comparing->path, name);
		compare_members(comparing, name, value);
		return;
	}
	comparing->met[column] = true;
	wanted = text_of(value);
	cell = told(table->cells[comparing->line * table->width + column], json_is_number(value));
	if (strcmp(cell, wanted) != 0)
		fail_msg("%s, line %zu: %s is \"%s\" and not \"%s\"", comparing->path,
		    comparing->line, name, cell, wanted);
	free(wanted);
}

static void
compare_row(const char *path, const struct sheet *table, size_t line, const json_t *row)
{
	struct comparing comparing = {.path = path, .table = table, .line = line};

	if ((line + 1) * table->width > table->count)
		fail_msg("%s has fewer lines than rows", path);
	compare_members(&comparing, "", row);
	for (size_t i = 0; i < table->width; i++)
		if (!comparing.met[i] && *table->cells[line * table->width + i] != '\0')
			fail_msg("%s: %s is in no JSON", path, table->cells[i]);
}

/* The member that is the list: the only one of the answer whose items stand in the CSV. */
static const json_t *
rows_of(const json_t *answer, const char *path)
{
	static const char *const others[][2] = {{"/v1/audit", "rows"},
	    {"/v1/coverage", "requirements"}, {"/v1/contacts/unverified", "contacts"},
	    {"/v1/reports/month", "lines"}};
	char name[64];

	snprintf(name, sizeof name, "%s", strrchr(path, '/') + 1);
	for (char *at = name; *at != '\0'; at++)
		*at = *at == '-' ? '_' : *at;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (strcmp(others[i][0], path) == 0)
			snprintf(name, sizeof name, "%s", others[i][1]);
	return json_object_get(answer, name);
}

static size_t
compare_answers(const char *pattern, const json_t *answer, const char *csv)
{
	struct sheet *table = malloc(sizeof *table);
	const json_t *rows = rows_of(answer, pattern);
	size_t i, j, line = 1;
	json_t *row, *inner;

	if (!json_is_array(rows))
		fail_msg("%s: the list is not found", pattern);
	read_csv(csv, table);
	json_array_foreach(rows, i, row)
	{
		if (strcmp(pattern, "/v1/coverage") != 0) {
			compare_row(pattern, table, line++, row);
			continue;
		}
		json_array_foreach(json_object_get(row, "spans"), j, inner)
		{
			json_t *both = json_copy(row);

			json_object_del(both, "spans");
			json_object_set(both, "span", inner);
			compare_row(pattern, table, line++, both);
			json_decref(both);
		}
	}
	if (line * table->width != table->count)
		fail_msg("%s has more lines than rows", pattern);
	free_table(table);
	free(table);
	return line - 1;
}

/* ------------------------------------------------------------------------------------ asked */

static void
put_time(char out[32], int64_t after)
{
	time_t at = time(NULL) + (time_t)after;
	struct tm utc;

	gmtime_r(&at, &utc);
	strftime(out, 32, "%Y-%m-%dT%H:%M:00Z", &utc);
}

static const char *
thing(const char *pattern, const char *name)
{
	if (strcmp(name, "name") == 0)
		return "chief";
	if (strstr(pattern, "/people/") != NULL)
		return "jo-jones";
	return strcmp(name, "place") == 0 || strcmp(name, "code") == 0 ? "ZED01" : "amhp-duty";
}

/* The path with what it needs filled in. It ends with '?' or '&'. */
static void
path_of(const struct route *route, char out[512])
{
	size_t len = 0;

	for (const char *at = route->pattern; *at != '\0';) {
		const char *end = *at == '{' ? strchr(at, '}') : NULL;
		char name[32];

		if (end == NULL) {
			out[len++] = *at++;
			continue;
		}
		snprintf(name, sizeof name, "%.*s", (int)(end - at - 1), at + 1);
		len += (size_t)snprintf(out + len, 512 - len, "%s", thing(route->pattern, name));
		at = end + 1;
	}
	out[len++] = '?';
	out[len] = '\0';
	for (const struct param *param = route->params; param != NULL && param->kind != PARAM_END;
	     param++) {
		char value[32];

		if (!param->required)
			continue;
		if (param->kind == PARAM_TIME)
			put_time(value, strcmp(param->name, "to") == 0 ? 86400 : 0);
		else
			snprintf(value, sizeof value, "%s", thing(route->pattern, param->name));
		len += (size_t)snprintf(out + len, 512 - len, "%s=%s&", param->name, value);
	}
}

/* The JSON before and after the CSV: if time has changed something, once more. */
static size_t
ask(const struct route *route, const char *path, const char *token)
{
	for (int i = 0; i < 10; i++) {
		char csv_path[600];
		struct http_reply before, csv, after;
		size_t rows = 0;
		bool same;

		snprintf(csv_path, sizeof csv_path, "%sformat=csv", path);
		before = testbed_as(token, path);
		csv = testbed_as(token, csv_path);
		after = testbed_as(token, path);
		if (csv.status != before.status)
			fail_msg("%s: %d as JSON, %d as CSV: %s", path, before.status, csv.status,
			    csv.body);
		same = json_equal(before.json, after.json);
		if (before.status == 200 && same) {
			char *type = http_header(&csv, "content-type");

			assert_memory_equal(type, "text/csv; charset=utf-8", 23);
			free(type);
			rows = compare_answers(route->pattern, before.json, csv.body);
		}
		http_free(&before);
		http_free(&csv);
		http_free(&after);
		if (same)
			return rows;
	}
	fail_msg("%s does not stay the same", path);
	return 0;
}

static bool
must_have_rows(const char *pattern)
{
	static const char *const empty[] = {"/v1/people/{id}/merges", "/v1/proposals", "/v1/areas",
	    "/v1/approvals", "/v1/rotas/{id}/turned", "/v1/providers", "/v1/identities",
	    "/v1/sessions", "/v1/me/shifts", "/v1/contacts/unverified", "/v1/new-people",
	    "/v1/navigators", "/v1/bundles"};

	for (size_t i = 0; i < sizeof empty / sizeof *empty; i++)
		if (strcmp(empty[i], pattern) == 0)
			return false;
	return true;
}

static void
every_list_has_the_rows_of_its_json(void **state)
{
	size_t count, lists = 0;
	const struct route *routes = routes_rows(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		char path[512];
		size_t most = 0;

		if (route_param(&routes[i], "format") == NULL)
			continue;
		lists++;
		path_of(&routes[i], path);
		for (size_t j = 0; j < NWHO; j++) {
			size_t rows = ask(&routes[i], path, tokens[j]);

			most = rows > most ? rows : most;
		}
		if (most == 0 && must_have_rows(routes[i].pattern))
			fail_msg("%s has no rows to compare", routes[i].pattern);
	}
	assert_true(lists > 30);
}

/* By the header as well, of which the first counts; a page goes on by the Link header. */
static void
it_is_chosen_by_the_header_and_goes_on_by_pages(void **state)
{
	static const struct {
		const char *accept, *type;
	} rows[] = {
	    {"Accept: text/csv\r\n", "text/csv"},
	    {"Accept: text/csv, application/json;q=0.5\r\n", "text/csv"},
	    {"Accept: application/json, text/csv;q=0.5\r\n", "application/json"},
	    {"Accept: */*\r\n", "application/json"},
	};
	struct http_reply reply;
	char *header, *path, *end;
	size_t pages = 0;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		reply = http(&(struct http_ask){.port = testbed_port(),
		    .path = "/v1/places",
		    .token = testbed_admin(),
		    .headers = rows[i].accept});
		header = http_header(&reply, "content-type");
		assert_memory_equal(header, rows[i].type, strlen(rows[i].type));
		free(header);
		http_free(&reply);
	}
	path = strdup("/v1/places?limit=1&format=csv&q=");
	while (path != NULL) {
		reply = testbed_get(path);
		assert_int_equal(reply.status, 200);
		assert_memory_equal(reply.body, "code,name,", 10);
		free(path);
		header = http_header(&reply, "link");
		http_free(&reply);
		pages++;
		path = NULL;
		if (header != NULL) {
			end = strstr(header, ">; rel=\"next\"");
			assert_non_null(end);
			path = strndup(header + 1, (size_t)(end - header) - 1);
		}
		free(header);
	}
	assert_int_equal(pages, 4);
	reply = testbed_get("/v1/places?format=xml");
	assert_int_equal(reply.status, 400);
	http_free(&reply);
	/* What is grouped is no list. */
	reply = testbed_get("/v1/gaps?grouped=1&format=csv");
	assert_int_equal(reply.status, 400);
	http_free(&reply);
	/* What an account may not see it may not see as CSV. */
	reply = testbed_as(tokens[2], "/v1/people?format=csv");
	assert_int_equal(reply.status, 403);
	http_free(&reply);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(every_list_has_the_rows_of_its_json, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		it_is_chosen_by_the_header_and_goes_on_by_pages, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, testbed_open, testbed_close);
}
