/* SPDX-License-Identifier: MIT */
/* crisiscover leave: asks to be away, shows what that does to cover, and decides about it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/agreed.h"
#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/pages.h"
#include "clients/cli/plan.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"
#include "server/base/civil.h"

struct leave_asked {
	const char *from, *to, *person, *reason, *gap_reason;
	bool force, dry, json;
	json_t *cover; /* as the server takes it */
};

/* ------------------------------------------------------------------------------------- print */

static void
print_leave(const json_t *leave)
{
	const char *reason = show_text(leave, "reason");

	printf("%lld  ", (long long)json_integer_value(json_object_get(leave, "id")));
	show_cell(show_text(leave, "state"), 10);
	show_cell(show_text(json_object_get(leave, "person"), "name"), 22);
	show_cell(show_time(leave, "start"), 25);
	show_cell(show_time(leave, "end"), 25);
	printf("asked for by %s%s%s%s%s\n", show_text(leave, "requested_by"),
	    *show_text(leave, "decided_by") != '\0' ? ", decided by " : "",
	    show_text(leave, "decided_by"), *reason != '\0' ? ": " : "", reason);
}

static void
print_list(const void *ctx, const json_t *answer)
{
	json_t *leave;
	size_t i;

	(void)ctx;
	json_array_foreach(json_object_get(answer, "leave"), i, leave) print_leave(leave);
}

static void
print_shifts(const json_t *answer)
{
	json_t *shift;
	size_t i;

	json_array_foreach(json_object_get(answer, "shifts"), i, shift)
	{
		printf("    ");
		show_cell(show_text(shift, "rota"), 24);
		show_cell(show_time(shift, "start"), 25);
		printf("%s%s\n", show_time(shift, "end"),
		    json_is_true(json_object_get(shift, "may_change"))
			? ""
			: "  (another organisation decides who stands in)");
	}
}

static void
print_needs_cover(const void *ctx, const json_t *answer)
{
	json_t *shift;
	size_t i;

	(void)ctx;
	json_array_foreach(json_object_get(answer, "needs_cover"), i, shift)
	{
		show_cell(show_text(shift, "rota"), 24);
		show_cell(show_time(shift, "start"), 25);
		show_cell(show_time(shift, "end"), 25);
		printf("%s\n", show_text(json_object_get(shift, "person"), "name"));
	}
}

/* -------------------------------------------------------------------------------------- send */

static void
print_answer(const void *ctx, const json_t *answer)
{
	const struct leave_asked *asked = ctx;
	json_t *override;
	size_t i;

	if (asked->json) {
		show_json(answer);
		return;
	}
	agreed_print_checks(answer);
	if (asked->dry) {
		print_shifts(answer);
		if (json_is_true(json_object_get(answer, "leaves_gap")))
			printf("It leaves a gap: approve it with --gap-reason, or with --cover.\n");
		plan_print(answer);
		return;
	}
	printf("leave %lld: %s\n", (long long)json_integer_value(json_object_get(answer, "id")),
	    show_text(answer, "state"));
	json_array_foreach(json_object_get(answer, "stands"), i, override)
	    printf("Override %lld, of who stood in, still counts: withdraw it if it should not.\n",
		(long long)json_integer_value(override));
}

/* -------------------------------------------------------------------------------------- commands */

static int
request(const struct leave_asked *asked, const char *person)
{
	char start[CIVIL_RFC3339_MAX], end[CIVIL_RFC3339_MAX];
	int64_t from, to;
	const char *fault = options_time("--from", asked->from, show_london(), &from);

	if (fault == NULL)
		fault = options_time("--to", asked->to, show_london(), &to);
	if (fault != NULL)
		return command_refuse("leave", fault);
	civil_rfc3339(from, start);
	civil_rfc3339(to, end);
	return agreed_send(agreed_path("/v1/leave", NULL, "", asked->dry),
	    json_pack("{s:s, s:s, s:s*}", "start", start, "end", end, "person", person),
	    print_answer, asked);
}

static int
show(const struct leave_asked *asked, const char *number)
{
	struct server_answer answer;
	char *path = agreed_path("/v1/leave", number, "", false);
	int status = server_ask(&(struct server_ask){.path = path}, &answer);

	if (status == EXIT_FINE && asked->json) {
		show_json(answer.json);
	} else if (status == EXIT_FINE) {
		print_leave(answer.json);
		print_shifts(answer.json);
		/* Once it is decided its effect is a part of the map, and not to come. */
		if (strcmp(show_text(answer.json, "state"), "requested") == 0 &&
		    json_object_get(answer.json, "requirements") != NULL)
			plan_print(answer.json);
	}
	server_answer_free(&answer);
	free(path);
	return status;
}

/* "ROTA=PERSON": for the time of --from and --to. */
static const char *
read_cover(struct leave_asked *asked, const char *text)
{
	const char *equals = text == NULL ? NULL : strchr(text, '=');
	char start[CIVIL_RFC3339_MAX], end[CIVIL_RFC3339_MAX];
	int64_t from, to;
	const char *fault;

	if (text == NULL)
		return NULL;
	if (equals == NULL)
		return "--cover is ROTA=PERSON, with --from and --to";
	fault = options_time("--from", asked->from, show_london(), &from);
	if (fault == NULL)
		fault = options_time("--to", asked->to, show_london(), &to);
	if (fault != NULL)
		return fault;
	civil_rfc3339(from, start);
	civil_rfc3339(to, end);
	asked->cover = json_pack("[{s:s%, s:s, s:s, s:s}]", "rota", text, (size_t)(equals - text),
	    "person", equals + 1, "start", start, "end", end);
	return asked->cover == NULL ? "--cover must be UTF-8" : NULL;
}

static int
decide(struct leave_asked *asked, const char *what, const char *number, const char *cover)
{
	bool approves = strcmp(what, "approve") == 0;
	const char *fault = approves ? read_cover(asked, cover) : NULL;
	json_t *body;
	char rest[16];

	if (fault != NULL)
		return command_refuse("leave", fault);
	body = json_pack("{s:s*}", "reason", asked->reason);
	if (approves) {
		json_object_set_new(body, "force", json_boolean(asked->force));
		json_object_update_new(body, json_pack("{s:s*}", "gap_reason", asked->gap_reason));
	}
	if (asked->cover != NULL)
		json_object_set_new(body, "cover", asked->cover);
	snprintf(rest, sizeof rest, "/%s", what);
	return agreed_send(agreed_path("/v1/leave", number, rest, approves && asked->dry), body,
	    print_answer, asked);
}

int
command_leave(int argc, char **argv)
{
	static const char usage[] =
	    "request [PERSON], list, show NUMBER, approve NUMBER, refuse NUMBER, withdraw NUMBER or needs-cover";
	static const char *const decisions[] = {"approve", "refuse", "withdraw", NULL};
	struct leave_asked asked = {0};
	const char *words[2] = {NULL}, *cover = NULL, *fault;
	const struct option_row rows[] = {{"from", &asked.from, NULL}, {"to", &asked.to, NULL},
	    {"reason", &asked.reason, NULL}, {"gap-reason", &asked.gap_reason, NULL},
	    {"cover", &cover, NULL}, {"force", NULL, &asked.force}, {"dry-run", NULL, &asked.dry},
	    {"json", NULL, &asked.json}, {NULL, NULL, NULL}};

	fault = options_read(argc, argv, rows, words, 2);
	if (fault != NULL || words[0] == NULL)
		return command_refuse("leave", fault != NULL ? fault : usage);
	if (strcmp(words[0], "request") == 0)
		return request(&asked, words[1]);
	if (strcmp(words[0], "list") == 0 && words[1] == NULL)
		return pages_ask("/v1/leave?limit=500", asked.json, print_list, NULL);
	if (strcmp(words[0], "needs-cover") == 0 && words[1] == NULL)
		return pages_ask("/v1/needs-cover", asked.json, print_needs_cover, NULL);
	if (words[1] != NULL && strcmp(words[0], "show") == 0)
		return show(&asked, words[1]);
	if (words[1] != NULL && text_is_one_of(words[0], decisions))
		return decide(&asked, words[0], words[1], cover);
	return command_refuse("leave", usage);
}
