/* SPDX-License-Identifier: MIT */
/* crisiscover sheet: tonight at a place, for paper. */
#include <stdio.h>

#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/server.h"
#include "clients/cli/sheet_page.h"
#include "clients/cli/sheet_pdf.h"
#include "server/base/file.h"

/* In the place of the last one only once it is whole: a printer never gets half a sheet. Only its
 * owner may read it, since it names people. */
static int
write_pdf(const char *path, const json_t *answer)
{
	struct buf pdf = {0};
	const char *fault = sheet_pdf(&pdf, answer);
	int status = EXIT_FINE;

	if (fault != NULL) {
		fprintf(stderr, "crisiscover: %s\n", fault);
		status = EXIT_INPUT_REFUSED;
	} else if (file_replace(path, pdf.at, pdf.len, 0600) != STATUS_OK) {
		fprintf(stderr, "crisiscover: %s cannot be written\n", path);
		status = EXIT_INPUT_REFUSED;
	}
	buf_free(&pdf);
	return status;
}

static int
write_text(const json_t *answer)
{
	struct buf text = {0};

	sheet_text(&text, answer);
	fwrite(text.at, 1, text.len, stdout);
	buf_free(&text);
	return ferror(stdout) || fflush(stdout) != 0 ? EXIT_INPUT_REFUSED : EXIT_FINE;
}

int
command_sheet(int argc, char **argv)
{
	const char *place = NULL, *pdf = NULL, *fault;
	bool text = false;
	const struct option_row rows[] = {
	    {"pdf", &pdf, NULL}, {"text", NULL, &text}, {NULL, NULL, NULL}};
	struct server_answer answer;
	struct buf path = {0};
	int status;

	fault = options_read(argc, argv, rows, &place, 1);
	if (fault == NULL && place == NULL)
		fault = "which place?";
	if (fault == NULL && text && pdf != NULL)
		fault = "either --pdf FILE or --text";
	if (fault != NULL)
		return command_refuse("sheet", fault);
	buf_add_text(&path, "/v1/sheet?place=");
	buf_add_encoded(&path, place);
	status = server_ask(&(struct server_ask){.path = path.at}, &answer);
	if (status == EXIT_FINE)
		status = pdf != NULL ? write_pdf(pdf, answer.json) : write_text(answer.json);
	server_answer_free(&answer);
	buf_free(&path);
	return status;
}
