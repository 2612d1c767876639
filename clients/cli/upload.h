/* SPDX-License-Identifier: MIT */
#pragma once

struct upload {
	const char *rota, *file;
	const char *mode; /* ?apply=: "ask", "if-safe", "now", "look" */
	const char *over; /* SHA-256 of what it is to take the place of, "none", or NULL: of
			     whatever there is */
	/* As in struct server_ask: for a rota that was applied a moment ago. */
	unsigned patience_ms;
};

/* Exit codes as ever; the import's id in ${id}. */
int upload(const struct upload *what, long long *id);
