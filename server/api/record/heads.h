/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "server/loop/loop.h"
#include "server/pg/pg.h"

/*
 * The end of the audit's chain, kept outside the database: the owner of the database can write the
 * chain again from some row on and make it fit, and then only a copy of an earlier end, kept
 * elsewhere, shows it. So it goes into the log (event audit_head), which is shipped to another
 * machine, and into a file of the state directory that is only ever added to: `audit-heads`, a line
 * of JSON each, {"seq","hash","at"}. At each change, within some seconds, and every five minutes.
 * Each time, the row that was the end before must still be what it was; if not, the log says
 * audit_rewritten, and the metric stays 1 until the process ends.
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
