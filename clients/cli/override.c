/* SPDX-License-Identifier: MIT */
/* crisiscover override, overrides, absence: decisions made here that take the place of the
 * calendars. */
#include <stdio.h>
#include <string.h>

#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/pages.h"
#include "clients/cli/plan.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"
#include "server/base/civil.h"

/* The value of ${option} as the server wants it. NULL if all is well, else what is wrong. */
static const char *
instant(const char *option, const char *text, char out[CIVIL_RFC3339_MAX])
{
	int64_t utc;
	const char *fault = options_time(option, text, show_london(), &utc);

	if (fault == NULL)
		civil_rfc3339(utc, out);
	return fault;
}

static void
set(json_t *body, const char *key, const char *value)
{
	if (value != NULL)
		json_object_set_new(body, key, json_string(value));
}

int
command_override(int argc, char **argv)
{
	const char *words[2] = {NULL, NULL}, *from = NULL, *to = NULL, *instead = NULL,
		   *note = NULL, *expires = NULL, *withdraw = NULL, *fault;
	char start[CIVIL_RFC3339_MAX], end[CIVIL_RFC3339_MAX], until[CIVIL_RFC3339_MAX];
	bool dry = false, json = false, nobody = false, confirm = false;
	const struct option_row rows[] = {{"from", &from, NULL}, {"to", &to, NULL},
	    {"instead", &instead, NULL}, {"note", &note, NULL}, {"expires", &expires, NULL},
	    {"withdraw", &withdraw, NULL}, {"dry-run", NULL, &dry}, {"json", NULL, &json},
	    {"nobody", NULL, &nobody}, {"confirm", NULL, &confirm}, {NULL, NULL, NULL}};
	json_t *body;

	fault = options_read(argc, argv, rows, words, 2);
	if (fault == NULL && withdraw != NULL)
		return plan_withdraw("/v1/overrides", withdraw, dry, confirm);
	/* Either a person or --nobody, never both and never neither. */
	if (fault == NULL && (words[0] == NULL || (words[1] == NULL) != nobody))
		fault = nobody ? "on which rota? With --nobody no person is named"
			       : "on which rota, and who? (--nobody: this rota has nobody)";
	if (fault == NULL)
		fault = instant("--from", from, start);
	if (fault == NULL)
		fault = instant("--to", to, end);
	if (fault == NULL && expires != NULL)
		fault = instant("--expires", expires, until);
	if (fault != NULL)
		return command_refuse("override", fault);
	body = json_pack("{s:s, s:s, s:s, s:b, s:b}", "rota", words[0], "start", start, "end", end,
	    "nobody", nobody, "confirm", confirm);
	set(body, "person", words[1]);
	set(body, "instead", instead);
	set(body, "note", note);
	set(body, "expires", expires != NULL ? until : NULL);
	return plan_send("/v1/overrides", "override", body, dry, json);
}

int
command_absence(int argc, char **argv)
{
	const char *person = NULL, *from = NULL, *to = NULL, *withdraw = NULL, *fault;
	char start[CIVIL_RFC3339_MAX], end[CIVIL_RFC3339_MAX];
	bool dry = false, json = false;
	const struct option_row rows[] = {{"from", &from, NULL}, {"to", &to, NULL},
	    {"withdraw", &withdraw, NULL}, {"dry-run", NULL, &dry}, {"json", NULL, &json},
	    {NULL, NULL, NULL}};

	fault = options_read(argc, argv, rows, &person, 1);
	/* The server has no preview of this one, and to withdraw for real is not what was asked. */
	if (fault == NULL && withdraw != NULL && dry)
		fault = "--dry-run does not go with --withdraw: an absence is taken back at once";
	if (fault == NULL && withdraw != NULL)
		/* An absence that is withdrawn only adds cover, so that there is nothing to
		 * confirm. */
		return plan_withdraw("/v1/absences", withdraw, false, false);
	if (fault == NULL && person == NULL)
		fault = "who?";
	if (fault == NULL)
		fault = instant("--from", from, start);
	if (fault == NULL)
		fault = instant("--to", to, end);
	if (fault != NULL)
		return command_refuse("absence", fault);
	return plan_send("/v1/absences", "absence",
	    json_pack("{s:s, s:s, s:s}", "person", person, "start", start, "end", end), dry, json);
}

/* ------------------------------------------------------------------------------------- list */

/* The name if this account may see names, else the id. */
static const char *
name_of(const json_t *override, const char *key)
{
	const json_t *person = json_object_get(override, key);

	return *show_text(person, "name") != '\0' ? show_text(person, "name")
						  : show_text(person, "id");
}

static void
print_override(const json_t *override)
{
	const char *instead = name_of(override, "instead");

	printf("%lld  ", (long long)json_integer_value(json_object_get(override, "id")));
	show_cell(show_text(override, "state"), 11);
	show_cell(show_text(override, "rota"), 24);
	show_cell(show_time(override, "start"), 25);
	show_cell(show_time(override, "expires"), 25);
	printf("%s%s%s%s, made by %s %s\n",
	    json_is_true(json_object_get(override, "nobody")) ? "nobody"
							      : name_of(override, "person"),
	    json_is_true(json_object_get(override, "late")) ? " (corrected afterwards)" : "",
	    *instead != '\0' ? " instead of " : "", instead, show_text(override, "made_by"),
	    show_time(override, "made_at"));
	if (*show_text(override, "warning") != '\0')
		printf("    WARNING: %s\n", show_text(override, "warning"));
}

static void
print_overrides(const void *ctx, const json_t *answer)
{
	json_t *override;
	size_t i;

	(void)ctx;
	json_array_foreach(json_object_get(answer, "overrides"), i, override)
	    print_override(override);
}

int
command_overrides(int argc, char **argv)
{
	const char *rota = NULL, *fault;
	bool json = false, csv = false;
	const struct option_row rows[] = {
	    {"rota", &rota, NULL}, {"json", NULL, &json}, {"csv", NULL, &csv}, {NULL, NULL, NULL}};
	struct buf path = {0};
	int status;

	fault = options_read(argc, argv, rows, NULL, 0);
	if (fault != NULL)
		return command_refuse("overrides", fault);
	buf_add_text(&path, "/v1/overrides?limit=500");
	if (rota != NULL) {
		buf_add_text(&path, "&rota=");
		buf_add_encoded(&path, rota);
	}
	status = pages_ask_as(path.at, pages_form(json, csv), print_overrides, NULL);
	buf_free(&path);
	return status;
}
