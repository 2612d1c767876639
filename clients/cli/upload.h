/* SPDX-License-Identifier: MIT */
#pragma once

/* An upload of a calendar or a roster, which becomes an import. */
struct upload {
	const char *rota, *file;
	const char *mode; /* the parameter "apply": "ask", "if-safe", "now" or "look" */
	const char *over; /* SHA-256 of the calendar that it may replace, "none", or NULL: any */
	/* As in struct server_ask, for a rota that was applied a moment ago. */
	unsigned patience_ms;
};

/* Sends the file. Returns an exit code; with EXIT_FINE the number of the import is in ${id}. */
int upload(const struct upload *what, long long *id);
