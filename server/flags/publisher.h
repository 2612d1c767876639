/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/loop/loop.h"
#include "server/pg/pg.h"
#include "server/redis/redis.h"

/*
 * Brings the outbox into Redis, in order and without holes, for as long as this process is the one
 * that leads; then says so with a heartbeat. The heartbeat follows a read of the outbox that found
 * nothing more, so it is a promise: everything up to its head is published, and later flags will
 * be.
 */
struct publisher;

/* ${pg} (primary only) and ${redis} are borrowed until publisher_free. */
struct publisher *publisher_new(struct loop *loop, struct pg *pg, struct redis *redis);
void publisher_free(struct publisher *publisher);

/* Either connection has come or gone. */
void publisher_connections(struct publisher *publisher);

/* There may be more flags. */
void publisher_look(struct publisher *publisher);

/* Microseconds since 1970 by the database's clock; 0: it was not read yet. */
int64_t publisher_now_us(const struct publisher *publisher);

/* A heartbeat is due: read the outbox, then publish it. */
void publisher_beat(struct publisher *publisher);
