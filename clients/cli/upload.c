/* SPDX-License-Identifier: MIT */
#include "clients/cli/upload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/command.h"
#include "clients/cli/sealed.h"
#include "clients/cli/server.h"
#include "server/base/file.h"

int
upload(const struct upload *what, long long *id)
{
	struct server_answer answer;
	struct buf path = {0};
	char *bytes;
	size_t len;
	int status;

	/* The limit of the server, so that a large file is refused before it is sent. */
	if (file_read(what->file, SEALED_FILE_MAX, &bytes, &len) != STATUS_OK) {
		fprintf(stderr, "crisiscover: %s: it cannot be opened, or is larger than 10 MiB\n",
		    what->file);
		return EXIT_INPUT_REFUSED;
	}
	buf_add_text(&path, "/v1/rotas/");
	buf_add_encoded(&path, what->rota);
	buf_printf(&path, "/imports?apply=%s", what->mode);
	if (what->also != NULL) {
		buf_add_text(&path, "&also=");
		buf_add_encoded(&path, what->also);
	}
	if (what->over != NULL)
		/* So that a file which somebody has put in force meanwhile is not overwritten
		 * unseen. */
		buf_printf(&path, "&over=%s", what->over);
	status = server_ask(&(struct server_ask){.method = "POST",
				.path = path.at,
				.type = sealed_type(what->file),
				.body = {bytes, len},
				.patience_ms = what->patience_ms},
	    &answer);
	if (status == EXIT_FINE)
		*id = json_integer_value(json_object_get(answer.json, "id"));
	if (status == EXIT_FINE && what->also != NULL)
		*what->others = json_incref(json_object_get(answer.json, "also"));
	server_answer_free(&answer);
	buf_free(&path);
	free(bytes);
	return status;
}
