/* SPDX-License-Identifier: MIT */
#include "clients/cli/pages.h"

#include <string.h>

#include "clients/cli/command.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"

enum pages_form
pages_form(bool json, bool csv)
{
	if (csv)
		return PAGES_CSV;
	return json ? PAGES_JSON : PAGES_PRINTED;
}

/* ------------------------------------------------------------------------------------- CSV */

/* Without its first line, on all pages but the first. */
static void
print_csv(const char *text, bool first)
{
	const char *rest = first ? text : strstr(text, "\r\n");

	/* The heading has no line breaks within it: it is names of members. */
	if (rest != NULL)
		fputs(first ? rest : rest + 2, stdout);
}

/* The path in "</v1/gaps?cursor=x>; rel="next"", in ${page}. False: there is none. */
static bool
next_page(const char *link, struct buf *page)
{
	const char *end = link == NULL ? NULL : strstr(link, ">; rel=\"next\"");

	buf_reset(page);
	if (end == NULL || *link != '<')
		return false;
	buf_add(page, link + 1, (size_t)(end - link) - 1);
	return true;
}

static int
ask_csv(const char *path)
{
	struct buf page = {0};
	bool more = true, first = true;
	int status = EXIT_FINE;

	buf_printf(&page, "%s&format=csv", path);
	while (more && status == EXIT_FINE) {
		struct server_answer answer;

		status = server_ask(&(struct server_ask){.path = page.at}, &answer);
		if (status == EXIT_FINE) {
			print_csv(answer.text, first);
			more = next_page(answer.link, &page);
			first = false;
		}
		server_answer_free(&answer);
	}
	buf_free(&page);
	return status;
}

/* ------------------------------------------------------------------------------------ pages */

int
pages_ask_as(const char *path, enum pages_form form, pages_print_fn *print, const void *ctx)
{
	struct buf page = {0};
	bool more = true;
	int status = EXIT_FINE;

	if (form == PAGES_CSV)
		return ask_csv(path);
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
		if (status == EXIT_FINE && form == PAGES_JSON)
			show_json(answer.json);
		else if (status == EXIT_FINE)
			print(ctx, answer.json);
		server_answer_free(&answer);
	}
	buf_free(&page);
	return status;
}

int
pages_ask(const char *path, bool json, pages_print_fn *print, const void *ctx)
{
	return pages_ask_as(path, json ? PAGES_JSON : PAGES_PRINTED, print, ctx);
}
