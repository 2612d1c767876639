/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/testbed.h"

#include "server/base/text.h"

/*
 * Every text that a call takes by server/openapi.yaml, and every text of a region file, is sent over the real
 * api with what no text may have. A text that passes and is not in the lists below fails: so a new member is
 * checked, or somebody says here why it is not.
 */

#define COMMAND                                                                                    \
	"/usr/bin/python3 -B " SOURCE_ROOT                                                         \
	"/tests/unit/server/api/texts_described.py " SOURCE_ROOT                                   \
	"/server/openapi.yaml <<'REGION'\n"
#define MARK "@MARK@"
#define COLUMNS 6

/* What a region file may hold besides testbed_region(); it is not read further than its texts. */
static const char more[] =
    "{\"people\": [{\"id\": \"a\", \"name\": \"A\", \"organisation\": \"O\", \"roles\": [{\"function\": \"f\", \"approved_by\": "
    "\"O\", \"until\": \"2031-01-01\"}], \"aliases\": [\"AA\"], \"former_names\": [\"B\"], \"renamed_from\": \"b\", "
    "\"work_phone\": {\"number\": \"+441632960123\", \"extension\": \"12\", \"bleep\": \"4471\", \"short_code\": \"111\"}, "
    "\"personal\": \"+441632960124\"}], \"rotas\": [{\"id\": \"r\", \"service\": \"s\", \"organisation\": \"O\", "
    "\"from\": \"2027-01-01\", \"until\": \"2028-01-01\", \"source\": {\"kind\": \"ical_url\", \"url\": "
    "\"https://example.org/a\", \"proxy\": \"http://p:1\", \"ca\": \"PEM\", \"secret\": {\"kind\": \"basic\", \"user\": "
    "\"u\", \"password\": \"p\", \"token\": \"t\"}}, \"reading\": {\"aliases\": {\"JJ\": \"a\"}, \"team_names\": "
    "[\"hub\"], \"titles\": [{\"title\": \"the tall one\", \"reads\": \"named\", \"person\": \"a\", \"team\": \"t\"}], "
    "\"words\": {\"x\": \"noise\"}, \"shift_codes\": {\"N\": {\"from\": \"20:00\", \"to\": \"08:00\"}}, "
    "\"floating_zone\": \"Europe/London\", \"comment\": \"c\"}}], \"services\": [{\"id\": \"s\", \"name\": \"S\", "
    "\"phone\": \"+441632960123\", \"fallback\": {\"text\": \"ring\", \"phone\": \"+441632960123\"}}], \"requirements\": "
    "[{\"id\": \"q\", \"owner\": \"x\", \"commissioner\": \"O\", \"hours\": [{\"days\": [\"all\"], \"from\": \"00:00\", "
    "\"to\": \"24:00\"}], \"verified_at\": \"2026-01-01\", \"by\": \"x\", \"comment\": \"c\", \"alerts\": [{\"to\": "
    "\"owner\"}]}], \"places\": [{\"code\": \"p\", \"name\": \"P\", \"switchboard\": \"+441632960123\", \"first\": "
    "[\"f\"]}], \"areas\": [{\"code\": \"c\", \"name\": \"n\", \"kind\": \"k\", \"names\": [\"m\"]}]}";

/* Their form is checked by their readers: only characters that are not seen are refused here. ".to" is the end of
 * a path. */
static const char *const forms[] = {".from", ".until", ".start", ".end", ".expires", ".expires_at",
    ".to", ".verified_at", ".url", ".proxy", ".number", ".extension", ".bleep", ".phone", ".acr[0]",
    ".seen", ".issuer", ".client_id", ".tenant", ".days[0]", ".bank_holidays", "query.overwrite",
    "query.file", NULL};
/* Secrets, files, and what a calendar says: the same bytes, or they would be others. Nothing shows a secret, and who
 * shows a title shows it as one line (buf_add_line). */
static const char *const quoted[] = {".password", ".pdf", ".secret.user", ".secret.token",
    ".secret.kind", ".ca", ".title", ".titles[0].title", "query.key", NULL};
/* Read by strangers' views, and kept by none. */
static const char *const strangers[] = {"/v1/session", "/now/{place}", "/where/{place}", "/swap",
    "/v1/invitations/{link}", "/now/{place}/sign-out", NULL};

struct text {
	const char *method, *path, *type, *where, *request, *form;
};

static bool
ends_with(const char *text, const char *const *ends)
{
	for (; *ends != NULL; ends++)
		if (strlen(text) >= strlen(*ends) &&
		    strcmp(text + strlen(text) - strlen(*ends), *ends) == 0)
			return true;
	return false;
}

/* ${request} with ${payload} in the place of the mark. Free with free(). */
static char *
filled(const char *request, const char *payload)
{
	const char *mark = strstr(request, MARK);
	struct buf out = {0};

	assert_non_null(mark);
	buf_add(&out, request, (size_t)(mark - request));
	buf_add_text(&out, payload);
	buf_add_text(&out, mark + strlen(MARK));
	return out.at;
}

/* The pattern's {name}s filled in; whether there is such a thing does not matter, for faults come first. */
static void
path_of(const char *pattern, char out[512])
{
	size_t len = 0;

	for (const char *at = pattern; *at != '\0' && len < 500; at++) {
		if (*at == '{') {
			at = strchr(at, '}');
			out[len++] = '1';
		} else {
			out[len++] = *at;
		}
	}
	out[len] = '\0';
}

/* An administrator who is a person, and may decide what another has proposed. */
static char *chief;

static void
sign_in_chief(void)
{
	chief = testbed_token("chief");
	testbed_until_status(
	    &(struct http_ask){.port = testbed_port(), .path = "/v1/me", .token = chief}, 200);
}

static struct http_reply
send(const struct text *text, const char *payload)
{
	bool query = strcmp(text->type, "query") == 0;
	char *request = filled(text->request, payload), path[512];
	struct http_reply reply;

	path_of(query ? request : text->path, path);
	reply = http(&(struct http_ask){.port = testbed_port(),
	    .method = text->method,
	    .path = path,
	    .token = chief,
	    .type = query ? NULL : text->type,
	    .body = query ? NULL : request});
	free(request);
	return reply;
}

static void
expect_refused(const struct text *text, const char *payload, const char *why)
{
	struct http_reply reply = send(text, payload);

	if (reply.status != 400 || strstr(reply.body, why) == NULL ||
	    strstr(reply.body, text->where) == NULL)
		fail_msg("%s %s takes %s at %s: %d %s", text->method, text->path, payload,
		    text->where, reply.status, reply.body);
	http_free(&reply);
}

static bool
is_of_a_stranger(const char *path)
{
	return text_is_one_of(path, strangers);
}

/* Fields of a form and parameters have percent signs; JSON has escapes. */
static void
check(const struct text *text)
{
	bool json = strstr(text->type, "json") != NULL;

	if (is_of_a_stranger(text->path) || ends_with(text->where, quoted))
		return;
	expect_refused(text, json ? "a\\u202eb" : "a%E2%80%AEb", "U+202E");
	if (strcmp(text->form, "form") == 0 || ends_with(text->where, forms))
		return;
	expect_refused(text, json ? "bay 3: 943 476 5919" : "943%20476%205919", "NHS number");
}

static size_t
check_all(const char *region)
{
	char *command = NULL, *line = NULL;
	size_t room = 0, count = 0;
	FILE *in;

	assert_true(asprintf(&command, "%s%s\nREGION\n", COMMAND, region) > 0);
	in = popen(command, "r");
	assert_non_null(in);
	for (; getline(&line, &room, in) > 0; count++) {
		char *rest = line, *columns[COLUMNS];

		line[strcspn(line, "\n")] = '\0';
		for (size_t i = 0; i < COLUMNS; i++)
			assert_non_null(columns[i] = strsep(&rest, "\t"));
		check(&(struct text){
		    columns[0], columns[1], columns[2], columns[3], columns[4], columns[5]});
	}
	assert_int_equal(pclose(in), 0);
	free(line);
	free(command);
	return count;
}

static void
every_text_is_checked(void **state)
{
	(void)state;
	testbed_apply();
	sign_in_chief();
	assert_true(check_all(testbed_region()) > 300);
	assert_true(check_all(more) > 300);
	free(chief);
}

/* The id of a new thing is in its path, and is kept without end. */
static void
no_id_is_an_nhs_number(void **state)
{
	static const char *const paths[] = {"/v1/people/9434765919", "/v1/people/P-943-476-5919",
	    "/v1/accounts/nhs9434765919", "/v1/rotas/dob-1985-03-12"};

	(void)state;
	testbed_apply();
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		struct http_reply reply = http(&(struct http_ask){.port = testbed_port(),
		    .method = "PUT",
		    .path = paths[i],
		    .token = testbed_admin(),
		    .body = "{}"});

		assert_int_equal(reply.status, 400);
		assert_string_equal(http_at(&reply, "errors.0.path"), "path.id");
		http_free(&reply);
	}
}

static void
expect(const char *token, const char *path, const char *body, int status, const char *warned)
{
	struct http_reply reply = http(&(struct http_ask){
	    .port = testbed_port(), .method = "POST", .path = path, .token = token, .body = body});

	if (reply.status != status || strcmp(http_at(&reply, "text_warnings.0.path"), warned) != 0)
		fail_msg("%s with %s: %d %s", path, body, reply.status, reply.body);
	http_free(&reply);
}

/* It is done nevertheless, also where the answer has no body otherwise. */
static void
what_may_be_a_patients_name_is_warned_of(void **state)
{
	static const char *const people = "/v1/rotas/amhp-duty/people";
	struct http_reply reply;
	char *manager, path[64];

	(void)state;
	testbed_apply();
	manager = testbed_token("zfc-rotas");
	sign_in_chief();
	expect(manager, people, "{\"name\": \"Pat Lowe\", \"said\": \"patient J Smith\"}", 201,
	    "$.said");
	/* The name of somebody or something is none. */
	expect(manager, "/v1/rotas/amhp-duty/people?dry_run=1", "{\"name\": \"Patient Low\"}", 200,
	    "(none)");
	testbed_until(
	    &(struct http_ask){.port = testbed_port(), .path = "/v1/new-people", .token = manager},
	    "new_people.0.name", "Pat Lowe");
	reply = testbed_as(manager, "/v1/new-people");
	snprintf(path, sizeof path, "/v1/new-people/%s/review", http_at(&reply, "new_people.0.id"));
	http_free(&reply);
	expect(chief, path, "{\"note\": \"pt: J Smith told us\"}", 200, "$.note");
	expect(chief, path, "{\"note\": \"the Patient Flow Team told us\"}", 409, "(none)");
	free(manager);
	free(chief);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		every_text_is_checked, testbed_set_up, testbed_tear_down),
	    cmocka_unit_test_setup_teardown(
		no_id_is_an_nhs_number, testbed_set_up, testbed_tear_down),
	    cmocka_unit_test_setup_teardown(
		what_may_be_a_patients_name_is_warned_of, testbed_set_up, testbed_tear_down),
	};

	return cmocka_run_group_tests_name("texts", tests, testbed_open, testbed_close);
}
