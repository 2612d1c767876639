/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <string.h>

#include "server/pg/pg_migrate_files.h"

/* Finds the line of an error. For some errors the server gives the number of a character; for
 * others only the number of statements before it is known. */

unsigned
migrate_line_of_position(const char *sql, unsigned position)
{
	unsigned line = 1;

	for (unsigned character = 1; *sql != '\0' && character < position; sql++) {
		line += *sql == '\n';
		/* Characters, not bytes: the second and later bytes of one do not count. */
		character += ((unsigned char)sql[1] & 0xc0) != 0x80;
	}
	return line;
}

/* After the next ${mark}, or the end of the text. */
static const char *
after(const char *at, const char *mark)
{
	const char *end = strstr(at, mark);

	return end != NULL ? end + strlen(mark) : at + strlen(at);
}

/* After $tag$ … $tag$; NULL if ${at} does not begin one. */
static const char *
after_dollars(const char *at)
{
	size_t len =
	    1 + strspn(at + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
	char tag[66];

	if (at[len] != '$' || (at[1] >= '0' && at[1] <= '9') || len > 63)
		return NULL;
	memcpy(tag, at, len + 1);
	tag[len + 1] = '\0';
	return after(at + len + 1, tag);
}

/* After a token at ${at} in which a semicolon does not end a statement; otherwise one character
 * on. */
static const char *
after_token(const char *at)
{
	const char *end;

	if (strncmp(at, "--", 2) == 0)
		return after(at, "\n");
	if (strncmp(at, "/*", 2) == 0)
		return after(at, "*/");
	if (*at == '\'' || *at == '"')
		return after(at + 1, *at == '\'' ? "'" : "\"");
	if (*at == '$' && (end = after_dollars(at)) != NULL)
		return end;
	return at + 1;
}

static bool
is_blank(const char *at)
{
	return strchr(" \t\r\n", *at) != NULL || strncmp(at, "--", 2) == 0 ||
	       strncmp(at, "/*", 2) == 0;
}

unsigned
migrate_line_of_statement(const char *sql, unsigned statement)
{
	const char *at = sql;
	unsigned line = 1;

	while (*at != '\0' && statement > 0) {
		if (*at == ';')
			statement--;
		at = after_token(at);
	}
	/* The line of the statement and not of the comment before it. */
	while (*at != '\0' && is_blank(at))
		at = after_token(at);
	for (const char *each = sql; each < at; each++)
		line += *each == '\n';
	return line;
}
