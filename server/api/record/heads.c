/* SPDX-License-Identifier: MIT */
#include "server/api/record/heads.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/api/api_sql.h"
#include "server/base/civil.h"
#include "server/base/fatal.h"
#include "server/base/file.h"
#include "server/base/log.h"
#include "server/base/text.h"

/* The end of the audit's chain is carried out of the database, into the log and a file. Somebody
 * who rewrites the database cannot rewrite what has been copied elsewhere, so that a cut or changed
 * chain is found. */

#define LOOK_MS 10000
#define AT_LEAST_EVERY 30 /* rounds: five minutes */
#define FILE_MAX_BYTES ((size_t)256 << 20)
#define HASH_TEXT (2 * 32 + 1)

struct heads {
	struct pg *pg;
	struct loop_timer *timer;
	struct pg_call *call;
	int fd;
	int64_t seq; /* of the last line; 0: none */
	char hash[HASH_TEXT];
	bool rewritten;
	unsigned looks; /* since the last was carried out */
};

/* The log usually leaves the machine; the file is for comparing at the next start. */
static void
carry_out(struct heads *heads, int64_t at)
{
	char time[CIVIL_RFC3339_MAX];
	struct buf line = {0};

	civil_rfc3339(at, time);
	log_event(LOG_INFO, "audit_head", LOG_INT("seq", heads->seq), LOG_STR("hash", heads->hash));
	buf_printf(&line, "{\"seq\":%lld,\"hash\":\"%s\",\"at\":\"%s\"}\n", (long long)heads->seq,
	    heads->hash, time);
	if (heads->fd >= 0 && write(heads->fd, line.at, line.len) != (ssize_t)line.len)
		log_event(LOG_ERROR, "audit_head_not_filed", LOG_STR("why", strerror(errno)));
	buf_free(&line);
	heads->looks = 0;
}

/* seq, hash, at of the end now; hash of the row that was the end before (null: it is not there),
 * where the chain that is kept begins. */
static void
on_head(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct heads *heads = ctx;
	const char *was;
	int64_t seq;

	heads->call = NULL;
	if (st != STATUS_OK)
		return;
	seq = pg_get_int(rows, 0, API_AUDIT_HEAD_SEQ);
	/* A row that retention has dropped cannot be compared: the chain begins after it. */
	was = pg_get_text(rows, 0, API_AUDIT_HEAD_KNOWN_HASH);
	if (heads->seq > pg_get_int(rows, 0, API_AUDIT_HEAD_BASE_SEQ) &&
	    /* The end that was carried out before must still be a link of the chain. */
	    (was == NULL || strcmp(was, heads->hash) != 0)) {
		heads->rewritten = true;
		log_event(LOG_ERROR, "audit_rewritten", LOG_INT("seq", heads->seq),
		    LOG_STR("was", heads->hash), LOG_STR("is", was));
	}
	if (seq == 0 || (seq == heads->seq && heads->looks < AT_LEAST_EVERY &&
			    strcmp(heads->hash, pg_get_text(rows, 0, API_AUDIT_HEAD_HASH)) == 0))
		return;
	heads->seq = seq;
	snprintf(heads->hash, sizeof heads->hash, "%s", pg_get_text(rows, 0, API_AUDIT_HEAD_HASH));
	carry_out(heads, pg_get_time(rows, 0, API_AUDIT_HEAD_AT));
}

/* The keeper alone does this, so that there is one file. */
static void
on_look(void *ctx)
{
	struct heads *heads = ctx;
	struct pg_args args = {0};

	heads->looks++;
	if (heads->call != NULL || !pg_connected(heads->pg))
		return;
	pg_int8(&args, heads->seq);
	heads->call = pg_call(heads->pg, &API_AUDIT_HEAD, &args, on_head, heads);
}

/* The end of the chain at the last call. The last whole line; a line that a crash has cut off is no
 * JSON and is passed over. */
static void
read_last(struct heads *heads, const char *path)
{
	char *bytes = NULL, *line, *rest;
	size_t len;

	if (file_read(path, FILE_MAX_BYTES, &bytes, &len) != STATUS_OK)
		return;
	for (rest = bytes; (line = strsep(&rest, "\n")) != NULL;) {
		json_t *head = json_loads(line, 0, NULL);
		const char *hash = json_string_value(json_object_get(head, "hash"));

		if (hash != NULL && strlen(hash) == HASH_TEXT - 1) {
			heads->seq = json_integer_value(json_object_get(head, "seq"));
			snprintf(heads->hash, sizeof heads->hash, "%s", hash);
		}
		json_decref(head);
	}
	free(bytes);
}

struct heads *
heads_open(struct loop *loop, struct pg *pg, const char *directory)
{
	struct heads *heads = xcalloc(1, sizeof *heads);
	char *path = xasprintf("%s/audit-heads", directory);

	heads->pg = pg;
	read_last(heads, path);
	heads->fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (heads->fd < 0)
		log_event(LOG_ERROR, "audit_head_not_filed", LOG_STR("why", strerror(errno)));
	/* The first round carries out whatever it finds, so that the log shows each start. */
	heads->looks = AT_LEAST_EVERY;
	heads->timer = loop_every(loop, LOOK_MS, on_look, heads);
	free(path);
	return heads;
}

void
heads_close(struct heads *heads)
{
	if (heads == NULL)
		return;
	loop_timer_cancel(heads->timer);
	pg_call_cancel(heads->call);
	if (heads->fd >= 0)
		close(heads->fd);
	free(heads);
}

struct heads_state
heads_state(const struct heads *heads)
{
	if (heads == NULL)
		return (struct heads_state){0};
	return (struct heads_state){.seq = heads->seq, .rewritten = heads->rewritten};
}
