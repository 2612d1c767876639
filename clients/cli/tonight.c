/* SPDX-License-Identifier: MIT */
/* crisiscover tonight, new-people: who is on although no calendar says so, and people whom nobody knew. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/pages.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"
#include "clients/cli/typed.h"

#define LIMIT_MS 60000
enum { NAMES_MAX = 50 };

static void
print_people(const json_t *answer)
{
	json_t *one;
	size_t i;

	json_array_foreach(json_object_get(answer, "people"), i, one)
	    printf("new: %s (%s) of %s, %s, %s\n", show_text(one, "name"), show_text(one, "person"),
		show_text(one, "organisation"), show_text(one, "role"),
		*show_text(one, "phone") != '\0' ? show_phone(one, "phone") : "no number");
}

static void
print_tonight(const json_t *answer)
{
	json_t *one;
	size_t i;

	json_array_foreach(json_object_get(answer, "shifts"), i, one)
	{
		show_cell(show_text(one, "function"), 12);
		show_cell(show_text(one, "name"), 24);
		printf("%s to ", show_time(one, "from"));
		printf("%s on %s (%s)\n", show_time(one, "until"), show_text(one, "rota"),
		    show_text(one, "kind"));
	}
	print_people(answer);
	typed_print_effect(answer);
}

static int
send(const char *path, json_t *body, bool json, void (*print)(const json_t *answer))
{
	char *text = json_dumps(body, JSON_COMPACT);
	struct server_answer answer;
	int status = server_ask(&(struct server_ask){.method = "POST",
				    .path = path,
				    .type = "application/json",
				    .body = slice_of(text),
				    .limit_ms = LIMIT_MS},
	    &answer);

	if (status == EXIT_FINE && json)
		show_json(answer.json);
	else if (status == EXIT_FINE)
		print(answer.json);
	server_answer_free(&answer);
	free(text);
	return status;
}

/* ---------------------------------------------------------------------------------------- tonight */

/* "Sam Okoro" or "Sam Okoro,+441632960777". */
static json_t *
new_person(const char *text)
{
	const char *comma = strrchr(text, ',');
	size_t len = comma != NULL ? (size_t)(comma - text) : strlen(text);

	return json_pack(
	    "{s:s%, s:s*}", "name", text, len, "phone", comma != NULL ? comma + 1 : NULL);
}

/* "amhp=jo-jones", "rota:fenmere-duty=jo-jones", "amhp=new:Sam Okoro,+441632960777". NULL: it is none of these. */
static json_t *
read_word(const char *word)
{
	const char *equals = strchr(word, '='), *who = equals != NULL ? equals + 1 : "";
	bool rota = strncmp(word, "rota:", 5) == 0;
	const char *what = rota ? word + 5 : word;
	json_t *one;

	if (equals == NULL || *who == '\0' || equals <= what)
		return NULL;
	one = json_pack("{s:s%}", rota ? "rota" : "function", what, (size_t)(equals - what));
	if (strncmp(who, "new:", 4) == 0)
		json_object_set_new(one, "new", new_person(who + 4));
	else
		json_object_set_new(one, "person", json_string(who));
	return one;
}

static const char *
read_names(json_t *body, const char *const *words)
{
	json_t *list = json_array(), *one;

	json_object_set_new(body, "shifts", list);
	for (; *words != NULL; words++) {
		one = read_word(*words);
		if (one == NULL)
			return "who is on for what? FUNCTION=PERSON, rota:ROTA=PERSON or FUNCTION=new:NAME,NUMBER";
		json_array_append_new(list, one);
	}
	return json_array_size(list) > 0 ? NULL : "who is on for what? FUNCTION=PERSON …";
}

int
command_tonight(int argc, char **argv)
{
	const char *words[NAMES_MAX + 2] = {NULL}, *from = NULL, *until = NULL, *reason = NULL,
				      *fault;
	bool dry = false, json = false, confirm = false;
	const struct option_row rows[] = {{"from", &from, NULL}, {"until", &until, NULL},
	    {"reason", &reason, NULL}, {"confirm", NULL, &confirm}, {"dry-run", NULL, &dry},
	    {"json", NULL, &json}, {NULL, NULL, NULL}};
	json_t *body;
	int status;

	fault = options_read(argc, argv, rows, words, NAMES_MAX + 1);
	if (fault == NULL && words[0] == NULL)
		fault = "at which place?";
	if (fault == NULL && reason == NULL)
		fault = "why? (--reason)";
	body =
	    json_pack("{s:s*, s:s*, s:b}", "place", words[0], "reason", reason, "confirm", confirm);
	if (fault == NULL && from != NULL)
		fault = typed_set_time(body, "from", "--from", from);
	if (fault == NULL)
		fault = typed_set_time(body, "until", "--until", until);
	if (fault == NULL)
		fault = read_names(body, words + 1);
	status = fault != NULL ? command_refuse("tonight", fault)
			       : send(dry ? "/v1/tonight?dry_run=1" : "/v1/tonight", body, json,
				     print_tonight);
	json_decref(body);
	return status;
}

/* ------------------------------------------------------------------------------------- new people */

static void
print_list(const void *ctx, const json_t *answer)
{
	json_t *one;
	size_t i;

	(void)ctx;
	json_array_foreach(json_object_get(answer, "new_people"), i, one)
	{
		const char *reviewer = show_text(one, "reviewed_by");

		printf("%lld %s: %s (%s), on %s, by %s%s%s\n",
		    (long long)json_integer_value(json_object_get(one, "id")), show_time(one, "at"),
		    show_text(one, "name"), show_text(one, "person"), show_text(one, "rota"),
		    show_text(one, "by"), *reviewer != '\0' ? ", reviewed by " : "", reviewer);
	}
}

static void
print_added(const json_t *answer)
{
	print_people(answer);
	typed_print_effect(answer);
}

static void
print_reviewed(const json_t *answer)
{
	(void)answer;
	printf("reviewed\n");
}

struct new_words {
	const char *words[3], *phone, *said, *note;
	bool dry, json, all, confirm;
};

static int
add(const struct new_words *said)
{
	json_t *body = json_pack("{s:s, s:s*, s:s*, s:b}", "name", said->words[2], "phone",
	    said->phone, "said", said->said, "confirm", said->confirm);
	struct buf path = {0};
	int status;

	buf_add_text(&path, "/v1/rotas/");
	buf_add_encoded(&path, said->words[1]);
	buf_add_text(&path, said->dry ? "/people?dry_run=1" : "/people");
	status = send(path.at, body, said->json, print_added);
	buf_free(&path);
	json_decref(body);
	return status;
}

static int
review(const struct new_words *said)
{
	json_t *body = json_pack("{s:s*}", "note", said->note);
	struct buf path = {0};
	int status;

	buf_add_text(&path, "/v1/new-people/");
	buf_add_encoded(&path, said->words[1]);
	buf_add_text(&path, "/review");
	status = send(path.at, body, false, print_reviewed);
	buf_free(&path);
	json_decref(body);
	return status;
}

int
command_new_people(int argc, char **argv)
{
	struct new_words said = {0};
	const struct option_row rows[] = {{"phone", &said.phone, NULL}, {"said", &said.said, NULL},
	    {"note", &said.note, NULL}, {"all", NULL, &said.all}, {"confirm", NULL, &said.confirm},
	    {"dry-run", NULL, &said.dry}, {"json", NULL, &said.json}, {NULL, NULL, NULL}};
	const char *fault = options_read(argc, argv, rows, said.words, 3);

	if (fault != NULL || said.words[0] == NULL)
		return command_refuse("new-people", fault != NULL ? fault : "list, add or review?");
	if (strcmp(said.words[0], "list") == 0 && said.words[1] == NULL)
		return pages_ask(
		    said.all ? "/v1/new-people?limit=1000&state=all" : "/v1/new-people?limit=1000",
		    said.json, print_list, NULL);
	if (strcmp(said.words[0], "add") == 0 && said.words[2] != NULL)
		return add(&said);
	if (strcmp(said.words[0], "review") == 0 && said.words[1] != NULL && said.words[2] == NULL)
		return review(&said);
	return command_refuse("new-people", "list, add ROTA NAME or review NUMBER?");
}
