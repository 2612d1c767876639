/* SPDX-License-Identifier: MIT */
/* crisiscover feeds: the state of every source, and what is wrong with those that are not good.
 * crisiscover refresh: have one checked now. */
#include <stdio.h>
#include <string.h>

#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/pages.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"

struct feed_list {
	const char *rota; /* NULL: all */
	bool wrong;       /* only those that want something done */
	size_t shown;
};

static bool
is_wrong(const json_t *feed)
{
	const char *state = show_text(feed, "state"), *freshness = show_text(feed, "freshness");

	/* "never" is no fault of its own: a source that has not been tried yet. Its age says it. */
	return strcmp(state, "failing") == 0 || strcmp(state, "refused") == 0 ||
	       strcmp(state, "held") == 0 || strcmp(freshness, "fresh") != 0 ||
	       json_array_size(json_object_get(feed, "warnings")) > 0;
}

static void
print_feed(const json_t *feed)
{
	json_t *warning, *held = json_object_get(feed, "held_import");
	size_t i;

	show_cell(show_text(feed, "rota"), 30);
	show_cell(show_text(feed, "organisation"), 5);
	show_cell(show_text(feed, "state"), 7);
	show_cell(show_text(feed, "freshness"), 9);
	printf("good %s, until %s\n",
	    *show_text(feed, "last_good_at") == '\0' ? "never" : show_time(feed, "last_good_at"),
	    *show_text(feed, "horizon") == '\0' ? "-" : show_time(feed, "horizon"));
	if (*show_text(feed, "fault") != '\0')
		printf("    ! %s\n", show_text(feed, "fault"));
	if (json_is_integer(held))
		printf("    ! import %lld waits for a decision: it was held back\n",
		    (long long)json_integer_value(held));
	json_array_foreach(json_object_get(feed, "warnings"), i, warning)
	    printf("    ! %s%s%s\n", show_text(warning, "text"),
		*show_text(warning, "remedy") == '\0' ? "" : " ", show_text(warning, "remedy"));
}

static void
print_page(const void *ctx, const json_t *answer)
{
	/* What was shown is counted over all pages, so that an empty list can be told at the end. */
	struct feed_list *list = *(struct feed_list *const *)ctx;
	json_t *feed;
	size_t i;

	json_array_foreach(json_object_get(answer, "feeds"), i, feed)
	{
		if (list->rota != NULL && strcmp(show_text(feed, "rota"), list->rota) != 0)
			continue;
		if (list->wrong && !is_wrong(feed))
			continue;
		print_feed(feed);
		list->shown++;
	}
}

int
command_feeds(int argc, char **argv)
{
	struct feed_list list = {0}, *ctx = &list;
	const char *fault;
	bool json = false, csv = false;
	const struct option_row rows[] = {{"wrong", NULL, &list.wrong}, {"json", NULL, &json},
	    {"csv", NULL, &csv}, {NULL, NULL, NULL}};
	int status;

	fault = options_read(argc, argv, rows, &list.rota, 1);
	/* The server gives the whole list, and cutting it up here would need a second reader of CSV. */
	if (fault == NULL && csv && (list.wrong || list.rota != NULL))
		fault = "--csv is of all sources: leave out ROTA and --wrong";
	if (fault != NULL)
		return command_refuse("feeds", fault);
	status = pages_ask_as("/v1/feeds?limit=200", pages_form(json, csv), print_page, &ctx);
	if (status != EXIT_FINE || json || csv || list.shown > 0)
		return status;
	if (list.rota != NULL && !list.wrong) {
		fprintf(stderr, "crisiscover: there is no rota %s, or not for this account\n",
		    list.rota);
		return EXIT_SERVER_SAID_NO;
	}
	printf("%s\n", list.wrong ? "no source wants anything done" : "there is no source");
	return status;
}

int
command_refresh(int argc, char **argv)
{
	const char *rota = NULL, *fault;
	const struct option_row rows[] = {{NULL, NULL, NULL}};
	struct server_answer answer;
	struct buf path = {0};
	int status;

	fault = options_read(argc, argv, rows, &rota, 1);
	if (fault != NULL || rota == NULL)
		return command_refuse("refresh", fault != NULL ? fault : "of which rota?");
	buf_add_text(&path, "/v1/feeds/");
	buf_add_encoded(&path, rota);
	buf_add_text(&path, "/refresh");
	status = server_ask(&(struct server_ask){.method = "POST", .path = path.at}, &answer);
	if (status == EXIT_FINE)
		printf("asked: crisiscover feeds %s says what came of it\n", rota);
	server_answer_free(&answer);
	buf_free(&path);
	return status;
}
