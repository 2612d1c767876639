/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/text.h"
#include "server/post/post.h"

/*
 * A message as JSON, in the shape that its channel wants. Pure. Text of others stays text: what a receiver would read as markup (a link, a mention of
 * everybody) is shown as it is written, because only elements of plain text are used.
 */

/* For programs. Members that a message does not have are absent. */
void card_webhook(struct buf *out, const struct post_message *message);

/* An Adaptive Card (1.4) in the envelope that a Workflow of Teams takes ("Post to a channel when a webhook request is received"). */
void card_teams(struct buf *out, const struct post_message *message);

/* Blocks of Slack; cut to what Slack takes of each. */
void card_slack(struct buf *out, const struct post_message *message);
