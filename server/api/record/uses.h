/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "server/loop/loop.h"
#include "server/pg/pg.h"

/*
 * When each token was last used, to the hour. Noting one costs a look into a table of this process;
 * within seconds the first use of a token in an hour is in the database, and no other. What the
 * database cannot take waits; what a process that ends has not written is lost.
 */
struct uses;

struct uses *uses_open(struct loop *loop, struct pg *pg);
void uses_close(struct uses *uses);

/* The token of this id (TOKEN_ID_LEN) was used at ${now}. ${uses} NULL: nobody wants to know. */
void uses_note(struct uses *uses, const char *id, int64_t now);
