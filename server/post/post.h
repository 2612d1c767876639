/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/config.h"
#include "server/loop/loop.h"

/*
 * How a message leaves this machine: an e-mail over SMTP, a webhook, an SMS through the operator's gateway. One message goes to one address:
 * an address that is refused loses nobody else's, and nobody sees who else is told. Nothing is kept here: who is told what, when it is tried again
 * and what was undelivered is the caller's (the notify role).
 *
 * A message may arrive more than once (an answer that was lost is "later", and later it is sent again), and carries its ${id} each time.
 * Keeps the six rules of loop.h. Secrets are read from files as they are needed, and wiped. Nothing is logged here: an address is somebody's.
 */
struct post;
struct post_sending;

enum post_channel {
	POST_EMAIL,
	POST_WEBHOOK, /* signed JSON (webhook.h) */
	POST_TEAMS,   /* an Adaptive Card, for a Workflow of Microsoft Teams */
	POST_SLACK,   /* blocks, for an incoming webhook of Slack */
	POST_SMS,
	POST_CHANNELS /* how many */
};

/* "email", "webhook", "teams", "slack", "sms". */
const char *post_channel_name(enum post_channel channel);
enum post_channel post_channel_of(const char *name); /* POST_CHANNELS: none */

struct post_field {
	const char *name, *value; /* name: a code, a key of the JSON; value: UTF-8 */
};

/* Borrowed until post_send() has returned. Text is UTF-8; what is not seen in it is replaced. */
struct post_message {
	enum post_channel channel;
	/* of e-mail: "name@host"; of a webhook: its https URL; of an SMS: "+447700900123", blanks allowed */
	const char *address;
	const char *id; /* a code, the same each time that this message is sent */
	/* the id of the first message about this matter, or NULL: programs show them together */
	const char *thread;
	int64_t made; /* when the message was made: the Date of an e-mail, the same each time */
	int64_t now;  /* by the database's clock: the time in a signature */
	const char *severity;            /* a code; "critical" is marked as urgent */
	const char *subject;             /* one line */
	const char *text;                /* lines that end with \n */
	const char *link;                /* where it is seen to, after signing in; or NULL */
	const struct post_field *fields; /* of webhooks, and shown as lines in Teams and Slack */
	size_t field_count;
};

enum post_end {
	POST_SENT,    /* the other side has taken it */
	POST_LATER,   /* it may have; nothing is wrong with the address: to be sent again */
	POST_REFUSED, /* this message to this address never again */
};

struct post_outcome {
	enum post_end end;
	/* POST_SENT: what the other side said, which finds the message in its logs. Else the reason and the remedy in a sentence or two. No address
	 * and no secret is in it. */
	const char *text;
	/* POST_LATER: what the other side asked for, at most a day; 0: as the caller's back-off says */
	int64_t wait_s;
	/* POST_LATER: it is our set-up or our relay, so that other messages of this channel will not leave either. */
	bool of_channel;
};

/* ${outcome} is borrowed until it returns. */
typedef void post_done_fn(void *ctx, const struct post_outcome *outcome);

/* NULL if a setting cannot be used; ${reason} (POST_REASON_MAX) has which and why. ${config} is kept. */
#define POST_REASON_MAX 512
struct post *post_new(struct loop *loop, const struct config *config, char reason[POST_REASON_MAX]);

/* What is under way is cancelled. NULL does nothing. */
void post_free(struct post *post);

/* Whether the operator has set up what ${channel} needs. */
bool post_has(const struct post *post, enum post_channel channel);

/* What is wrong with ${address} for ${channel}, a sentence (static); NULL: nothing that can be seen from here. Pure. */
const char *post_address_fault(enum post_channel channel, const char *address);

/* An attempt takes at most messages_seconds from when it begins; a few e-mails are sent at once, the others wait. */
struct post_sending *post_send(
    struct post *post, const struct post_message *message, post_done_fn *done, void *ctx);

/* It may arrive all the same. */
void post_cancel(struct post_sending *sending);
