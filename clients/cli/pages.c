/* SPDX-License-Identifier: MIT */
#include "clients/cli/pages.h"

#include "clients/cli/command.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"

int
pages_ask(const char *path, bool json, pages_print_fn *print, const void *ctx)
{
	struct buf page = {0};
	bool more = true;
	int status = EXIT_FINE;

	/* Each page has its own answer as JSON: a program reads several documents, one a line. */
	buf_add_text(&page, path);
	while (more && status == EXIT_FINE) {
		struct server_answer answer;

		status = server_ask(&(struct server_ask){.path = page.at}, &answer);
		more = status == EXIT_FINE && *show_text(answer.json, "next_cursor") != '\0';
		if (more) {
			/* The cursor is added to the question as it was: the server wants the same
			 * question for each page. */
			buf_reset(&page);
			buf_printf(&page, "%s&cursor=", path);
			buf_add_encoded(&page, show_text(answer.json, "next_cursor"));
		}
		if (status == EXIT_FINE && json)
			show_json(answer.json);
		else if (status == EXIT_FINE)
			print(ctx, answer.json);
		server_answer_free(&answer);
	}
	buf_free(&page);
	return status;
}
