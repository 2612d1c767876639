/* SPDX-License-Identifier: MIT */
/* crisiscover subscription: which news an account is told, and how. crisiscover messages: what was sent, waits, or was not
 * delivered. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/pages.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"

struct whose {
	const char *account, *organisation;
	bool everybody;
};

struct subscription_asked {
	struct whose whose;
	const char *email, *webhook, *teams, *slack, *sms;
	const char *about, *places, *functions, *severity, *alerted_to, *digest, *quiet;
	bool csv, json;
};

static void
add_query(struct buf *path, const char *key, const char *value)
{
	if (value == NULL)
		return;
	buf_add_text(path, key);
	buf_add_encoded(path, value);
}

static void
add_whose(struct buf *path, const struct whose *whose)
{
	add_query(path, "&account=", whose->account);
	add_query(path, "&organisation=", whose->organisation);
	buf_add_text(path, whose->everybody ? "&everybody=1" : "");
}

/* "gap, feed"; "all" if there are none. */
static void
print_list(const char *what, const json_t *list)
{
	const char *between = "";
	json_t *one;
	size_t i;

	printf("%s ", what);
	json_array_foreach(list, i, one)
	{
		printf("%s%s", between, json_string_value(one));
		between = ", ";
	}
	printf("%s", json_array_size(list) == 0 ? "all" : "");
}

/* ---------------------------------------------------------------------------------------- list */

static void
print_subscriptions(const void *ctx, const json_t *answer)
{
	json_t *one;
	size_t i;

	(void)ctx;
	json_array_foreach(json_object_get(answer, "subscriptions"), i, one)
	{
		const json_t *quiet = json_object_get(one, "quiet");
		long long undelivered = json_integer_value(json_object_get(one, "undelivered"));

		printf("%lld  ", (long long)json_integer_value(json_object_get(one, "id")));
		show_cell(show_text(one, "account"), 20);
		printf("%s %s\n    ", show_text(one, "channel"), show_text(one, "address"));
		print_list("about", json_object_get(one, "about"));
		print_list("; places", json_object_get(one, "places"));
		print_list("; functions", json_object_get(one, "functions"));
		printf("; from %s on", show_text(one, "severity"));
		if (json_array_size(json_object_get(one, "digest")) > 0)
			print_list("; digest at", json_object_get(one, "digest"));
		if (json_is_object(quiet))
			printf("; quiet %s to %s", show_text(quiet, "from"),
			    show_text(quiet, "until"));
		printf("%s\n", undelivered > 0 ? "; MESSAGES WERE NOT DELIVERED" : "");
	}
}

static int
list(const struct subscription_asked *asked)
{
	struct buf path = {0};
	int status;

	buf_add_text(&path, "/v1/subscriptions?limit=500");
	add_whose(&path, &asked->whose);
	status =
	    pages_ask_as(path.at, pages_form(asked->json, asked->csv), print_subscriptions, NULL);
	buf_free(&path);
	return status;
}

/* --------------------------------------------------------------------------------- add, change */

/* "a,b" as a list; NULL: not given. */
static json_t *
words_of(const char *text)
{
	json_t *list = text == NULL ? NULL : json_array();

	while (text != NULL && *text != '\0') {
		size_t len = strcspn(text, ",");

		json_array_append_new(list, json_stringn(text, len));
		text += len + (text[len] == ',');
	}
	return list;
}

/* "22:00-07:00" */
static json_t *
quiet_of(const char *text)
{
	const char *dash = text == NULL ? NULL : strchr(text, '-');

	if (dash == NULL)
		return text == NULL ? NULL : json_string(text); /* the server says what is wrong */
	return json_pack(
	    "{s:o, s:s}", "from", json_stringn(text, (size_t)(dash - text)), "until", dash + 1);
}

/* The one address that is given; NULL: none, or two. */
static const char *
address_of(const struct subscription_asked *asked, const char **channel)
{
	const char *const names[] = {"email", "webhook", "teams", "slack", "sms"};
	const char *const given[] = {
	    asked->email, asked->webhook, asked->teams, asked->slack, asked->sms};
	const char *address = NULL;

	for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
		if (given[i] == NULL)
			continue;
		if (address != NULL)
			return NULL;
		address = given[i];
		*channel = names[i];
	}
	return address;
}

static json_t *
body_of(const struct subscription_asked *asked, bool change)
{
	const char *channel = NULL, *address = address_of(asked, &channel);
	json_t *body;

	if (address == NULL)
		return NULL;
	body = json_pack("{s:s, s:s, s:s*, s:s*, s:s*}", "channel", channel, "address", address,
	    "account", change ? NULL : asked->whose.account, "severity", asked->severity,
	    "alerted_to", asked->alerted_to);
	if (body == NULL)
		return NULL;
	json_object_set_new(body, "about", words_of(asked->about));
	json_object_set_new(body, "places", words_of(asked->places));
	json_object_set_new(body, "functions", words_of(asked->functions));
	json_object_set_new(body, "digest", words_of(asked->digest));
	json_object_set_new(body, "quiet", quiet_of(asked->quiet));
	return body;
}

static int
keep(const struct subscription_asked *asked, const char *number)
{
	json_t *body = body_of(asked, number != NULL);
	struct server_answer answer;
	struct buf path = {0};
	char *text;
	int status;

	if (body == NULL)
		return command_refuse("subscription",
		    "one address, in UTF-8: --email, --webhook, --teams, --slack or --sms");
	text = json_dumps(body, JSON_COMPACT);
	buf_add_text(&path, number == NULL ? "/v1/subscriptions" : "/v1/subscriptions/");
	if (number != NULL)
		buf_add_encoded(&path, number);
	status = server_ask(&(struct server_ask){.method = number == NULL ? "POST" : "PUT",
				.path = path.at,
				.type = "application/json",
				.body = slice_of(text)},
	    &answer);
	if (status == EXIT_FINE)
		printf("kept as number %lld\n",
		    (long long)json_integer_value(json_object_get(answer.json, "id")));
	server_answer_free(&answer);
	buf_free(&path);
	free(text);
	json_decref(body);
	return status;
}

static int
end(const char *number)
{
	struct server_answer answer;
	struct buf path = {0};
	int status;

	buf_add_text(&path, "/v1/subscriptions/");
	buf_add_encoded(&path, number);
	status = server_ask(&(struct server_ask){.method = "DELETE", .path = path.at}, &answer);
	if (status == EXIT_FINE)
		printf("ended\n");
	server_answer_free(&answer);
	buf_free(&path);
	return status;
}

static int
run(const struct subscription_asked *asked, const char *const words[2])
{
	if (strcmp(words[0], "list") == 0 && words[1] == NULL)
		return list(asked);
	if (strcmp(words[0], "add") == 0 && words[1] == NULL)
		return keep(asked, NULL);
	if (strcmp(words[0], "change") == 0 && words[1] != NULL)
		return keep(asked, words[1]);
	if (strcmp(words[0], "end") == 0 && words[1] != NULL)
		return end(words[1]);
	return command_refuse("subscription", "list, add, change NUMBER or end NUMBER");
}

int
command_subscription(int argc, char **argv)
{
	struct subscription_asked asked = {0};
	const char *words[2] = {NULL}, *fault;
	const struct option_row rows[] = {{"account", &asked.whose.account, NULL},
	    {"organisation", &asked.whose.organisation, NULL},
	    {"everybody", NULL, &asked.whose.everybody}, {"email", &asked.email, NULL},
	    {"webhook", &asked.webhook, NULL}, {"teams", &asked.teams, NULL},
	    {"slack", &asked.slack, NULL}, {"sms", &asked.sms, NULL}, {"about", &asked.about, NULL},
	    {"places", &asked.places, NULL}, {"functions", &asked.functions, NULL},
	    {"severity", &asked.severity, NULL}, {"alerted-to", &asked.alerted_to, NULL},
	    {"digest", &asked.digest, NULL}, {"quiet", &asked.quiet, NULL},
	    {"csv", NULL, &asked.csv}, {"json", NULL, &asked.json}, {NULL, NULL, NULL}};

	fault = options_read(argc, argv, rows, words, 2);
	if (fault != NULL || words[0] == NULL)
		return command_refuse(
		    "subscription", fault != NULL ? fault : "list, add, change or end");
	return run(&asked, words);
}

/* ------------------------------------------------------------------------------------- messages */

static void
print_messages(const void *ctx, const json_t *answer)
{
	json_t *one;
	size_t i;

	(void)ctx;
	json_array_foreach(json_object_get(answer, "messages"), i, one)
	{
		const char *why = show_text(one, "why");

		printf("%lld  %s  ", (long long)json_integer_value(json_object_get(one, "id")),
		    show_text(one, "at"));
		show_cell(show_text(one, "state"), 12);
		show_cell(show_text(one, "account"), 20);
		printf("%s\n", show_text(one, "subject"));
		if (*why != '\0' && strcmp(show_text(one, "state"), "sent") != 0)
			printf("    %s\n", why);
	}
}

int
command_messages(int argc, char **argv)
{
	const char *words[1] = {NULL}, *state = NULL, *fault;
	struct whose whose = {0};
	bool csv = false, json = false;
	struct buf path = {0};
	const struct option_row rows[] = {{"account", &whose.account, NULL},
	    {"organisation", &whose.organisation, NULL}, {"everybody", NULL, &whose.everybody},
	    {"state", &state, NULL}, {"csv", NULL, &csv}, {"json", NULL, &json},
	    {NULL, NULL, NULL}};
	int status;

	fault = options_read(argc, argv, rows, words, 1);
	if (fault != NULL || words[0] != NULL)
		return command_refuse("messages", fault != NULL ? fault : "it takes options alone");
	buf_add_text(&path, "/v1/messages?limit=100");
	add_whose(&path, &whose);
	add_query(&path, "&state=", state);
	status = pages_ask_as(path.at, pages_form(json, csv), print_messages, NULL);
	buf_free(&path);
	return status;
}
