/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>

/* An upload of a calendar or a roster, which becomes an import. */
struct upload {
	const char *rota, *file;
	const char *mode; /* the parameter "apply": "ask", "if-safe", "now" or "look" */
	/* Ids of other rotas that read the same grid, or "all"; NULL: none. Their imports, a list of {"rota",
	 * "id"}, are put where ${others} points; the caller drops it. */
	const char *also;
	json_t **others;
	const char *over; /* SHA-256 of the calendar that it may replace, "none", or NULL: any */
	/* As in struct server_ask, for a rota that was applied a moment ago. */
	unsigned patience_ms;
};

/* Sends the file. Returns an exit code; with EXIT_FINE the number of the import is in ${id}. */
int upload(const struct upload *what, long long *id);
