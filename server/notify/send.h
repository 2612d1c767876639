/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/config.h"
#include "server/loop/loop.h"
#include "server/pg/pg.h"

/*
 * Sends the messages whose time has come, several at once, and writes what came of each. What is under way is forgotten if
 * the process ends: the message waits still, and is sent again.
 */
struct send;

struct send *send_new(struct loop *loop, struct pg *pg, const struct config *config);
void send_free(struct send *send);

/* There may be messages to send. Called only while this process leads. */
void send_look(struct send *send);
