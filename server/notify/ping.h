/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/config.h"
#include "server/loop/loop.h"

/*
 * Asks the address of the setting notify_ping_url after a round in which all went well, once a minute at most: a service outside
 * that misses it raises the alarm. What it answers changes nothing here; a failure is logged, once.
 */
struct ping;

/* NULL: the setting is empty. A setting that cannot be used is fatal. */
struct ping *ping_new(struct loop *loop, const struct config *config);
void ping_free(struct ping *ping);
void ping_now(struct ping *ping); /* NULL: nothing */
