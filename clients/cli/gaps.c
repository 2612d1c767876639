/* crisiscover gaps: open gaps in cover. */
#include <stdio.h>

#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"

static void
print_gap(const json_t *gap)
{
	show_cell(show_text(gap, "severity"), 8);
	show_cell(show_text(gap, "state"), 7);
	show_cell(show_text(gap, "place"), 10);
	show_cell(show_text(gap, "function"), 14);
	show_cell(show_time(gap, "start"), 25);
	show_cell(show_time(gap, "end"), 25);
	printf("%s\n", show_text(gap, "cause"));
}

int
command_gaps(int argc, char **argv)
{
	const char *place = NULL, *fault;
	bool json = false;
	const struct option_row rows[] = {
	    {"place", &place, NULL}, {"json", NULL, &json}, {NULL, NULL, NULL}};
	struct buf path = {0}, cursor = {0};
	int status = EXIT_FINE;
	bool more = true;

	fault = options_read(argc, argv, rows, NULL, 0);
	if (fault != NULL)
		return command_refuse("gaps", fault);
	while (more && status == EXIT_FINE) {
		struct server_answer answer;
		json_t *gaps, *gap;
		size_t i;

		buf_reset(&path);
		buf_add_text(&path, "/v1/gaps?state=open&limit=500");
		if (place != NULL) {
			buf_add_text(&path, "&place=");
			server_encode(&path, place);
		}
		if (cursor.len > 0) {
			buf_add_text(&path, "&cursor=");
			server_encode(&path, cursor.at);
		}
		status = server_ask(&(struct server_ask){.path = path.at}, &answer);
		more = status == EXIT_FINE && *show_text(answer.json, "next_cursor") != '\0';
		buf_reset(&cursor);
		if (more)
			buf_add_text(&cursor, show_text(answer.json, "next_cursor"));
		gaps = json_object_get(answer.json, "gaps");
		if (status == EXIT_FINE && json)
			show_json(answer.json);
		else if (status == EXIT_FINE)
			json_array_foreach(gaps, i, gap) print_gap(gap);
		server_answer_free(&answer);
	}
	buf_free(&path);
	buf_free(&cursor);
	return status;
}
