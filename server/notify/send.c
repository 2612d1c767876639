/* SPDX-License-Identifier: MIT */
#include "server/notify/send.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "server/base/clock.h"
#include "server/base/fatal.h"
#include "server/base/figures.h"
#include "server/base/log.h"
#include "server/notify/notify_sql.h"
#include "server/post/post.h"

#define AT_ONCE 16
#define LOOK_MS 1000 /* the least between two looks that find nothing */
#define RETRY_MS 1000
#define WORDS_MAX 600

/* A message on its way, or whose outcome is being written. */
struct sending {
	struct send *send;
	TAILQ_ENTRY(sending) entry;
	int64_t id;
	struct post_sending *way;
	struct pg_call *call;
	struct loop_timer *again; /* the outcome could not be written */
	enum post_end end;
	char words[WORDS_MAX];
	int64_t wait_s; /* not before so many seconds */
};

struct send {
	struct loop *loop;
	struct pg *pg;
	struct post *post;
	struct pg_call *call;
	struct loop_timer *timer;
	TAILQ_HEAD(, sending) all;
	size_t count;
	bool more;
};

static void look(struct send *send);

static void
drop(struct sending *sending)
{
	TAILQ_REMOVE(&sending->send->all, sending, entry);
	sending->send->count--;
	post_cancel(sending->way);
	pg_call_cancel(sending->call);
	loop_timer_cancel(sending->again);
	free(sending);
}

/* ------------------------------------------------------------------------------------------ done */

static void write_outcome(void *ctx);

static void
on_noted(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct sending *sending = ctx;
	struct send *send = sending->send;

	(void)rows;
	sending->call = NULL;
	/* It was sent and nobody knows: written again until it is, or this process ends. */
	if (st != STATUS_OK) {
		sending->again = loop_after(send->loop, RETRY_MS, write_outcome, sending);
		return;
	}
	drop(sending);
	look(send);
}

static void
write_outcome(void *ctx)
{
	static const char *const names[] = {"sent", "later", "refused"};
	struct sending *sending = ctx;
	struct pg_args args = {0};

	sending->again = NULL;
	pg_int8(&args, sending->id);
	pg_text(&args, names[sending->end]);
	pg_text(&args, sending->words);
	pg_int4(&args, (int32_t)sending->wait_s);
	sending->call = pg_call(sending->send->pg, &NOTIFY_DONE, &args, on_noted, sending);
}

static void
on_sent(void *ctx, const struct post_outcome *outcome)
{
	struct sending *sending = ctx;
	bool sent = outcome->end == POST_SENT;

	sending->way = NULL;
	sending->end = outcome->end;
	sending->wait_s = outcome->wait_s;
	snprintf(sending->words, sizeof sending->words, "%s", outcome->text);
	figure_add(sent ? FIGURE_MESSAGES_SENT : FIGURE_MESSAGES_FAILED, 1);
	if (!sent)
		log_event(LOG_WARN, "message_not_sent", LOG_INT("message", sending->id),
		    LOG_STR("reason", sending->words));
	write_outcome(sending);
}

/* ------------------------------------------------------------------------------------------ send */

static void
begin(struct send *send, const struct pg_rows *rows, size_t row)
{
	struct sending *sending = xcalloc(1, sizeof *sending);
	const char *link = pg_get_text(rows, row, NOTIFY_DUE_LINK);
	struct post_message message = {
	    .channel = post_channel_of(pg_get_text(rows, row, NOTIFY_DUE_CHANNEL)),
	    .address = pg_get_text(rows, row, NOTIFY_DUE_ADDRESS),
	    .id = pg_get_text(rows, row, NOTIFY_DUE_MESSAGE_ID),
	    .thread = pg_get_text(rows, row, NOTIFY_DUE_THREAD),
	    .made = pg_get_time(rows, row, NOTIFY_DUE_AT),
	    .now = pg_get_time(rows, row, NOTIFY_DUE_NOW),
	    .severity = pg_get_text(rows, row, NOTIFY_DUE_SEVERITY),
	    .subject = pg_get_text(rows, row, NOTIFY_DUE_SUBJECT),
	    .text = pg_get_text(rows, row, NOTIFY_DUE_BODY),
	    .link = link[0] == '\0' ? NULL : link,
	};

	sending->send = send;
	sending->id = pg_get_int(rows, row, NOTIFY_DUE_ID);
	TAILQ_INSERT_TAIL(&send->all, sending, entry);
	send->count++;
	sending->way = post_send(send->post, &message, on_sent, sending);
}

static void
on_timer(void *ctx)
{
	struct send *send = ctx;

	send->timer = NULL;
	look(send);
}

static void
on_due(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct send *send = ctx;
	int64_t next = 0, now = 0;

	send->call = NULL;
	if (st != STATUS_OK)
		return; /* the next round comes back to it */
	for (size_t row = 0; row < pg_rows_count(rows); row++) {
		now = pg_get_time(rows, row, NOTIFY_DUE_NOW);
		next = pg_get_time_or(rows, row, NOTIFY_DUE_NEXT_AT, 0);
		if (!pg_is_null(rows, row, NOTIFY_DUE_ID))
			begin(send, rows, row);
	}
	loop_timer_cancel(send->timer);
	send->timer = NULL;
	if (send->more)
		look(send);
	else if (next > now)
		send->timer = loop_after(send->loop, (next - now) * 1000 + LOOK_MS, on_timer, send);
}

static void
look(struct send *send)
{
	int64_t ids[AT_ONCE];
	struct pg_args args = {0};
	struct sending *one;
	size_t count = 0;

	send->more = send->call != NULL;
	if (send->call != NULL || send->count == AT_ONCE || !pg_connected(send->pg))
		return;
	TAILQ_FOREACH(one, &send->all, entry)
	ids[count++] = one->id;
	pg_int4(&args, (int32_t)(AT_ONCE - count));
	pg_int8_array(&args, ids, count);
	send->call = pg_call(send->pg, &NOTIFY_DUE, &args, on_due, send);
}

void
send_look(struct send *send)
{
	look(send);
}

struct send *
send_new(struct loop *loop, struct pg *pg, const struct config *config)
{
	struct send *send = xcalloc(1, sizeof *send);
	char reason[POST_REASON_MAX];

	send->loop = loop;
	send->pg = pg;
	send->post = post_new(loop, config, reason);
	if (send->post == NULL)
		fatal("messages cannot be sent: %s", reason);
	TAILQ_INIT(&send->all);
	return send;
}

void
send_free(struct send *send)
{
	struct sending *one;

	while ((one = TAILQ_FIRST(&send->all)) != NULL)
		drop(one);
	pg_call_cancel(send->call);
	loop_timer_cancel(send->timer);
	post_free(send->post);
	free(send);
}
