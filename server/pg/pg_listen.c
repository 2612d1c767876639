/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/pg/pg_private.h"

/* The name is put into LISTEN as it is, so it must not need quoting. */
static bool
is_plain(const char *name)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");

	/* NAMEDATALEN is 64: PostgreSQL cuts longer names, and two of them could become one. */
	return len > 0 && len < 64 && name[len] == '\0' && name[0] >= '_';
}

void
pg_listen(struct pg *pg, const char *channel, pg_hint_fn *hint, void *ctx)
{
	INVARIANT(is_plain(channel));
	pg->channels = xrealloc(pg->channels, (pg->channels_count + 1) * sizeof *pg->channels);
	pg->channels[pg->channels_count++] =
	    (struct pg_channel){.name = xstrdup(channel), .hint = hint, .ctx = ctx};
	pg_conn_kick(pg);
}

bool
pg_listen_wanted(struct pg *pg)
{
	for (unsigned i = 0; i < pg->channels_count; i++) {
		if (!pg->channels[i].listening) {
			pg->listening = i;
			return true;
		}
	}
	return false;
}

int
pg_listen_send(struct pg *pg)
{
	char sql[80];

	snprintf(sql, sizeof sql, "LISTEN %s", pg->channels[pg->listening].name);
	/* LISTEN takes no parameters. */
	return PQsendQuery(pg->conn, sql);
}

/* A new connection listens to nothing. Hints that were not yet passed on are dropped as well:
 * the one that each channel gets with the new connection replaces them. */
void
pg_listen_forget(struct pg *pg)
{
	for (unsigned i = 0; i < pg->channels_count; i++) {
		pg->channels[i].listening = false;
		pg->channels[i].hinted = false;
	}
}

void
pg_listen_heard(struct pg *pg, const char *name)
{
	for (unsigned i = 0; i < pg->channels_count; i++) {
		/* Several parts of a role may listen to one channel. */
		if (strcmp(pg->channels[i].name, name) == 0)
			pg->channels[i].hinted = true;
	}
}

/* Hints come last and are merged: ten notifications are one hint. A listener may listen to more
 * channels from here, or close. */
void
pg_listen_hint(struct pg *pg)
{
	for (unsigned i = 0; i < pg->channels_count && !pg->closed; i++) {
		if (pg->channels[i].hinted) {
			pg->channels[i].hinted = false;
			pg->channels[i].hint(pg->channels[i].ctx);
		}
	}
}

void
pg_listen_free(struct pg *pg)
{
	for (unsigned i = 0; i < pg->channels_count; i++)
		free(pg->channels[i].name);
	free(pg->channels);
}
