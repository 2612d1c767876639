/* SPDX-License-Identifier: MIT */
/* crisiscover pack: starter packs, the requirements that a commissioner usually loads for a kind of
 * place. */
#include <stdio.h>
#include <string.h>

#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"

static void
print_kinds(const json_t *pack)
{
	json_t *kind;
	size_t i;

	json_array_foreach(json_object_get(pack, "places"), i, kind)
	    printf("%s%s", i > 0 ? ", " : "", json_string_value(kind));
}

static void
print_packs(const json_t *answer)
{
	json_t *pack;
	size_t i;

	json_array_foreach(json_object_get(answer, "packs"), i, pack)
	{
		show_cell(show_text(pack, "pack"), 18);
		show_cell(show_text(pack, "name"), 20);
		printf("%lld requirements, for ",
		    (long long)json_integer_value(json_object_get(pack, "requirements")));
		print_kinds(pack);
		printf("\n");
	}
	printf("%s\n", show_text(answer, "template"));
}

static void
print_hours(const json_t *requirement)
{
	json_t *line, *day;
	size_t i, j;

	json_array_foreach(json_object_get(requirement, "hours"), i, line)
	{
		printf("%s", i > 0 ? "; " : "");
		json_array_foreach(json_object_get(line, "days"), j, day)
		    printf("%s ", json_string_value(day));
		printf("%s-%s", show_text(line, "from"), show_text(line, "to"));
	}
}

static void
print_pack(const json_t *pack)
{
	json_t *item;
	size_t i;

	printf("%s: %s\nfor ", show_text(pack, "name"), show_text(pack, "about"));
	print_kinds(pack);
	printf("\n%s\n\n", show_text(pack, "template"));
	json_array_foreach(json_object_get(pack, "requirements"), i, item)
	{
		show_cell(show_text(item, "id"), 14);
		show_cell(show_text(item, "function"), 20);
		printf("%lld: ", (long long)json_integer_value(json_object_get(item, "count")));
		print_hours(item);
		printf("\n    %s\n", show_text(item, "why"));
	}
}

/* ${pack}: NULL for the list. */
static int
show(const char *pack, bool json)
{
	struct server_answer answer;
	struct buf path = {0};
	int status;

	buf_add_text(&path, "/v1/packs");
	if (pack != NULL) {
		buf_add_text(&path, "/");
		server_encode(&path, pack);
	}
	status = server_ask(&(struct server_ask){.path = path.at}, &answer);
	if (status == EXIT_FINE && json)
		show_json(answer.json);
	else if (status == EXIT_FINE && pack == NULL)
		print_packs(answer.json);
	else if (status == EXIT_FINE)
		print_pack(answer.json);
	server_answer_free(&answer);
	buf_free(&path);
	return status;
}

int
command_pack(int argc, char **argv)
{
	const char *words[2] = {NULL, NULL}, *fault;
	bool json = false;
	const struct option_row rows[] = {{"json", NULL, &json}, {NULL, NULL, NULL}};

	fault = options_read(argc, argv, rows, words, 2);
	if (fault != NULL)
		return command_refuse("pack", fault);
	if (words[0] != NULL && strcmp(words[0], "list") == 0 && words[1] == NULL)
		return show(NULL, json);
	if (words[0] != NULL && strcmp(words[0], "show") == 0 && words[1] != NULL)
		return show(words[1], json);
	return command_refuse("pack", "list, or show PACK");
}
