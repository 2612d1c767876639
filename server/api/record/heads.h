/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "server/loop/loop.h"
#include "server/pg/pg.h"

/*
 * Copies the end of the audit's chain out of the database. The owner of the database could rewrite the chain from
 * some row on, with hashes that fit; only a copy of an earlier end, kept elsewhere, reveals that. The end is
 * therefore written to the log (event audit_head), which is sent to another machine, and appended to the file
 * `audit-heads` of the state directory, as one JSON object a line, {"seq","hash","at"}: some seconds after each
 * change, and every five minutes. Each time it is checked that the row that was the end before is unchanged. If
 * it is not, the log says audit_rewritten, and the metric is 1 until the process ends.
 */
struct heads;

/* Blocks: for the start. */
struct heads *heads_open(struct loop *loop, struct pg *pg, const char *directory);
void heads_close(struct heads *heads); /* NULL: nothing */

struct heads_state {
	int64_t seq; /* of the last end that was carried out; 0: none yet */
	bool rewritten;
};
struct heads_state heads_state(const struct heads *heads);
