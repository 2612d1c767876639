/* SPDX-License-Identifier: MIT */
/* crisiscover swap: offers a shift to somebody, answers an offer, and shows what became of swaps. */
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

struct swap_asked {
	const char *from, *to, *gives, *expires, *reason;
	const char *return_rota, *return_from, *return_to;
	bool link, force, dry, json;
};

/* ------------------------------------------------------------------------------------- print */

static void
print_shift(const json_t *shift)
{
	const json_t *gives = json_object_get(shift, "gives"),
		     *takes = json_object_get(shift, "takes");

	printf("    ");
	show_cell(show_text(shift, "rota"), 24);
	show_cell(show_time(shift, "start"), 25);
	show_cell(show_time(shift, "end"), 25);
	printf("%s gives it to %s\n", show_text(gives, "name"), show_text(takes, "name"));
}

static void
print_shifts(const json_t *swap)
{
	json_t *shift;
	size_t i;

	json_array_foreach(json_object_get(swap, "shifts"), i, shift) print_shift(shift);
}

/* ${code} of the record in words; others as they are. */
static const char *
in_words(const char *code)
{
	static const char *const words[][2] = {{"in_feed", "in the calendar"},
	    {"receiver", "who takes it"}, {"link", "by the link"}, {"word", "by a manager's word"},
	    {"calendar", "as the calendar has changed"}, {"other", "as another swap came first"}};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strcmp(words[i][0], code) == 0)
			return words[i][1];
	}
	return code;
}

static void
print_swap(const json_t *swap)
{
	printf("%lld  ", (long long)json_integer_value(json_object_get(swap, "id")));
	show_cell(in_words(show_text(swap, "state")), 16);
	printf("offered by %s %s", show_text(swap, "offered_by"), show_time(swap, "offered_at"));
	if (strcmp(show_text(swap, "state"), "offered") == 0)
		printf(", open until %s", show_time(swap, "expires"));
	printf("\n");
	print_shifts(swap);
}

static void
print_swaps(const void *ctx, const json_t *answer)
{
	json_t *swap;
	size_t i;

	(void)ctx;
	json_array_foreach(json_object_get(answer, "swaps"), i, swap) print_swap(swap);
}

static void
print_history(const json_t *swap)
{
	json_t *event;
	size_t i;

	json_array_foreach(json_object_get(swap, "history"), i, event)
	{
		const char *reason = show_text(event, "reason");

		printf("    %s  %s%s%s%s%s%s%s\n", show_time(event, "at"),
		    in_words(show_text(event, "step")),
		    *show_text(event, "who") != '\0' ? " by " : "", show_text(event, "who"),
		    *show_text(event, "how") != '\0' ? ", " : "", in_words(show_text(event, "how")),
		    *reason != '\0' ? ": " : "", reason);
	}
}

/* -------------------------------------------------------------------------------------- send */

static void
print_answer(const void *ctx, const json_t *answer)
{
	const struct swap_asked *asked = ctx;

	if (asked->json) {
		show_json(answer);
		return;
	}
	print_shifts(answer);
	agreed_print_checks(answer);
	if (asked->dry) {
		if (json_is_true(json_object_get(answer, "stopped")))
			printf("What is against it would stop it.\n");
		plan_print(answer);
		return;
	}
	printf("swap %lld: %s\n", (long long)json_integer_value(json_object_get(answer, "id")),
	    show_text(answer, "state"));
	if (*show_text(answer, "link") != '\0')
		printf("Send this link to who takes the shift. It works once, until %s:\n%s%s\n",
		    show_time(answer, "expires"), server_setting("CRISISCOVER_URL", "url"),
		    show_text(answer, "link"));
}

/* ------------------------------------------------------------------------------------- offer */

static const char *
set_time(json_t *body, const char *key, const char *option, const char *text)
{
	char instant[CIVIL_RFC3339_MAX];
	int64_t utc;
	const char *fault = options_time(option, text, show_london(), &utc);

	if (fault != NULL)
		return fault;
	civil_rfc3339(utc, instant);
	json_object_set_new(body, key, json_string(instant));
	return NULL;
}

static const char *
set_return(json_t *body, const struct swap_asked *asked)
{
	json_t *other = json_pack("{s:s}", "rota", asked->return_rota);
	const char *fault = set_time(other, "start", "--return-from", asked->return_from);

	if (fault == NULL)
		fault = set_time(other, "end", "--return-to", asked->return_to);
	json_object_set_new(body, "in_return", other);
	return fault;
}

static int
offer(const struct swap_asked *asked, const char *rota, const char *takes)
{
	json_t *body =
	    json_pack("{s:s, s:s, s:s*, s:s*, s:b, s:b}", "rota", rota, "takes", takes, "gives",
		asked->gives, "reason", asked->reason, "link", asked->link, "force", asked->force);
	const char *fault = set_time(body, "start", "--from", asked->from);

	if (fault == NULL)
		fault = set_time(body, "end", "--to", asked->to);
	if (fault == NULL && asked->expires != NULL)
		fault = set_time(body, "expires", "--expires", asked->expires);
	if (fault == NULL && asked->return_rota != NULL)
		fault = set_return(body, asked);
	if (fault != NULL) {
		json_decref(body);
		return command_refuse("swap", fault);
	}
	return agreed_send(
	    agreed_path("/v1/swaps", NULL, "", asked->dry), body, print_answer, asked);
}

/* ------------------------------------------------------------------------------------- others */

static int
list(const struct swap_asked *asked)
{
	return pages_ask("/v1/swaps?limit=500", asked->json, print_swaps, NULL);
}

static int
show(const struct swap_asked *asked, const char *number)
{
	struct server_answer answer;
	char *path = agreed_path("/v1/swaps", number, "", false);
	int status = server_ask(&(struct server_ask){.path = path}, &answer);

	if (status == EXIT_FINE && asked->json) {
		show_json(answer.json);
	} else if (status == EXIT_FINE) {
		print_swap(answer.json);
		print_history(answer.json);
	}
	server_answer_free(&answer);
	free(path);
	return status;
}

static int
answer_offer(const struct swap_asked *asked, const char *what, const char *number)
{
	bool accepts = strcmp(what, "accept") == 0;
	json_t *body = json_pack("{s:s*}", "reason", asked->reason);
	char rest[16];

	/* Only what is accepted is checked, so only there something can be overruled. */
	if (accepts)
		json_object_set_new(body, "force", json_boolean(asked->force));
	snprintf(rest, sizeof rest, "/%s", what);
	return agreed_send(agreed_path("/v1/swaps", number, rest, accepts && asked->dry), body,
	    print_answer, asked);
}

int
command_swap(int argc, char **argv)
{
	static const char usage[] =
	    "offer ROTA PERSON, list, show NUMBER, accept NUMBER, refuse NUMBER or withdraw NUMBER";
	static const char *const answers[] = {"accept", "refuse", "withdraw", NULL};
	struct swap_asked asked = {0};
	const char *words[3] = {NULL}, *fault;
	const struct option_row rows[] = {{"from", &asked.from, NULL}, {"to", &asked.to, NULL},
	    {"gives", &asked.gives, NULL}, {"expires", &asked.expires, NULL},
	    {"reason", &asked.reason, NULL}, {"return-rota", &asked.return_rota, NULL},
	    {"return-from", &asked.return_from, NULL}, {"return-to", &asked.return_to, NULL},
	    {"link", NULL, &asked.link}, {"force", NULL, &asked.force},
	    {"dry-run", NULL, &asked.dry}, {"json", NULL, &asked.json}, {NULL, NULL, NULL}};

	fault = options_read(argc, argv, rows, words, 3);
	if (fault != NULL || words[0] == NULL)
		return command_refuse("swap", fault != NULL ? fault : usage);
	if (strcmp(words[0], "offer") == 0 && words[2] != NULL)
		return offer(&asked, words[1], words[2]);
	if (strcmp(words[0], "list") == 0 && words[1] == NULL)
		return list(&asked);
	if (words[1] == NULL || words[2] != NULL)
		return command_refuse("swap", usage);
	if (strcmp(words[0], "show") == 0)
		return show(&asked, words[1]);
	if (text_is_one_of(words[0], answers))
		return answer_offer(&asked, words[0], words[1]);
	return command_refuse("swap", usage);
}
