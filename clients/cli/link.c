/* SPDX-License-Identifier: MIT */
/* crisiscover link: secret links to calendars. A new one is printed once; the server keeps its hash alone. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/pages.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"
#include "server/base/civil.h"

/* What a link is to, as options and the server name it. */
static const struct {
	const char *option, *member;
} kinds[] = {{"rota", "rota"}, {"service", "service"}, {"person", "person"},
    {"gaps", "gaps_of_place"}, {"closing-of", "closing_of"},
    {"closing-of-navigator", "closing_of_navigator"}};
enum { KINDS = sizeof kinds / sizeof *kinds };

struct link_wish {
	const char *of[KINDS]; /* the code of the one thing; the others are NULL */
	const char *note, *until;
	bool names, json, csv;
};

/* ------------------------------------------------------------------------------------- make */

/* The member that was given; KINDS: none, or several. */
static int
kind_of(const struct link_wish *wish)
{
	int found = KINDS;

	for (int i = 0; i < KINDS; i++)
		if (wish->of[i] != NULL) {
			if (found != KINDS)
				return KINDS;
			found = i;
		}
	return found;
}

static char *
body_of(const struct link_wish *wish, int kind, const char *expires)
{
	json_t *body = json_pack(
	    "{s:{s:s}, s:b}", "of", kinds[kind].member, wish->of[kind], "names", wish->names);
	char *text;

	if (wish->note != NULL)
		json_object_set_new(body, "note", json_string(wish->note));
	if (expires != NULL)
		json_object_set_new(body, "expires_at", json_string(expires));
	text = json_dumps(body, 0);
	json_decref(body);
	return text;
}

static int
make(const struct link_wish *wish)
{
	char expires[CIVIL_RFC3339_MAX], *body;
	struct server_answer answer;
	const char *fault = NULL;
	int kind = kind_of(wish), status;
	int64_t until;

	if (kind == KINDS)
		fault =
		    "make: --rota ID, --service ID, --person ID, --gaps PLACE, --closing-of SERVICE or --closing-of-navigator ID, one of them";
	else if (wish->until != NULL)
		fault = options_time("--until", wish->until, show_london(), &until);
	if (fault != NULL)
		return command_refuse("link", fault);
	if (wish->until != NULL)
		civil_rfc3339(until, expires);
	body = body_of(wish, kind, wish->until == NULL ? NULL : expires);
	status = server_ask(&(struct server_ask){.method = "POST",
				.path = "/v1/links",
				.type = "application/json",
				.body = slice_of(body)},
	    &answer);
	if (status == EXIT_FINE && wish->json)
		show_json(answer.json);
	else if (status == EXIT_FINE)
		/* Alone on its line, so that $(crisiscover link make …) is the address. */
		printf("%s%s\n", server_setting("CRISISCOVER_URL", "url"),
		    show_text(answer.json, "path"));
	server_answer_free(&answer);
	free(body);
	return status;
}

/* ------------------------------------------------------------------------------------- list */

static void
print_link(const json_t *link)
{
	const json_t *of = json_object_get(link, "of");

	show_cell(show_text(link, "id"), 12);
	for (int i = 0; i < KINDS; i++)
		if (json_object_get(of, kinds[i].member) != NULL)
			printf("%s %s", kinds[i].option, show_text(of, kinds[i].member));
	printf("%s, made %s by %s, %s %s",
	    json_is_true(json_object_get(link, "names")) ? ", with names" : "",
	    show_time(link, "made_at"), show_text(link, "made_by"),
	    json_is_true(json_object_get(link, "expired")) ? "expired" : "until",
	    show_time(link, "expires_at"));
	if (json_is_null(json_object_get(link, "used_at")))
		printf(", never used");
	else
		printf(", last used in the hour from %s", show_time(link, "used_at"));
	if (*show_text(link, "note") != '\0')
		printf(" (%s)", show_text(link, "note"));
	putchar('\n');
}

static void
print_links(const void *ctx, const json_t *answer)
{
	json_t *link;
	size_t i;

	(void)ctx;
	json_array_foreach(json_object_get(answer, "links"), i, link) print_link(link);
}

/* ----------------------------------------------------------------------------------- revoke */

static int
revoke(const char *id)
{
	struct server_answer answer;
	struct buf path = {0};
	int status;

	buf_add_text(&path, "/v1/links/");
	buf_add_encoded(&path, id);
	status = server_ask(&(struct server_ask){.method = "DELETE", .path = path.at}, &answer);
	if (status == EXIT_FINE)
		printf("revoked\n");
	server_answer_free(&answer);
	buf_free(&path);
	return status;
}

int
command_link(int argc, char **argv)
{
	struct link_wish wish = {0};
	const char *words[2] = {NULL, NULL}, *fault;
	const struct option_row rows[] = {{"rota", &wish.of[0], NULL},
	    {"service", &wish.of[1], NULL}, {"person", &wish.of[2], NULL},
	    {"gaps", &wish.of[3], NULL}, {"closing-of", &wish.of[4], NULL},
	    {"closing-of-navigator", &wish.of[5], NULL}, {"names", NULL, &wish.names},
	    {"note", &wish.note, NULL}, {"until", &wish.until, NULL}, {"json", NULL, &wish.json},
	    {"csv", NULL, &wish.csv}, {NULL, NULL, NULL}};
	bool plain;

	fault = options_read(argc, argv, rows, words, 2);
	if (fault != NULL)
		return command_refuse("link", fault);
	plain = kind_of(&wish) == KINDS && !wish.names && wish.note == NULL && wish.until == NULL;
	if (words[0] != NULL && strcmp(words[0], "make") == 0 && words[1] == NULL && !wish.csv)
		return make(&wish);
	if (words[0] != NULL && strcmp(words[0], "list") == 0 && words[1] == NULL && plain)
		return pages_ask_as(
		    "/v1/links?limit=500", pages_form(wish.json, wish.csv), print_links, NULL);
	if (words[0] != NULL && strcmp(words[0], "revoke") == 0 && words[1] != NULL && plain &&
	    !wish.json && !wish.csv)
		return revoke(words[1]);
	return command_refuse("link",
	    "make --rota ID|--service ID|--person ID|--gaps PLACE|--closing-of SERVICE|--closing-of-navigator ID [--names] [--note TEXT] [--until T], list, or revoke ID");
}
