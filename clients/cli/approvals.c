/* SPDX-License-Identifier: MIT */
/* crisiscover approvals: whose approval for a function ends soon, or has ended recently. */
#include <stdio.h>

#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"

static void
print_approval(const json_t *approval)
{
	long long left = json_integer_value(json_object_get(approval, "days_left"));

	show_cell(show_text(approval, "until"), 10);
	show_cell(show_text(approval, "person"), 16);
	show_cell(show_text(approval, "name"), 20);
	show_cell(show_text(approval, "function"), 10);
	/* Not "0 days": the last day is over, and from then on cover is missing. */
	if (left > 0)
		printf("%lld days left", left);
	else
		printf("HAS ENDED: does not count where the role must be held");
	if (*show_text(approval, "approved_by") != '\0')
		printf(", approved by %s", show_text(approval, "approved_by"));
	printf("\n");
}

int
command_approvals(int argc, char **argv)
{
	const char *days = NULL, *fault;
	bool json = false;
	const struct option_row rows[] = {
	    {"days", &days, NULL}, {"json", NULL, &json}, {NULL, NULL, NULL}};
	struct server_answer answer;
	struct buf path = {0};
	json_t *approval;
	int status;
	size_t i;

	fault = options_read(argc, argv, rows, NULL, 0);
	if (fault != NULL)
		return command_refuse("approvals", fault);
	buf_add_text(&path, "/v1/approvals");
	if (days != NULL) {
		buf_add_text(&path, "?days=");
		buf_add_encoded(&path, days);
	}
	status = server_ask(&(struct server_ask){.path = path.at}, &answer);
	if (status == EXIT_FINE && json) {
		show_json(answer.json);
	} else if (status == EXIT_FINE) {
		json_array_foreach(json_object_get(answer.json, "approvals"), i, approval)
		    print_approval(approval);
		if (json_array_size(json_object_get(answer.json, "approvals")) == 0)
			printf("no approval ends in that time\n");
	}
	server_answer_free(&answer);
	buf_free(&path);
	return status;
}
