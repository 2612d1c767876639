/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/redis/redis.h"

/*
 * Redis as the flags see it: one stream, whose ids only grow, and what the two scripts of
 * server/flags/flags_redis.c do with it. It may go away, come back without its data or with what it
 * held a while ago, and lose or repeat what it publishes. What must hold of the stream is checked
 * as it grows.
 */
struct loop;

enum { STREAM_MAX = 60 }; /* it is trimmed to about so many entries, and filled again as far back */

void stream_begin(void);
void stream_finish(void);

bool stream_up(void);
void stream_stop(void);
void stream_resume(void);
void stream_wipe(void);
void stream_roll_back(void); /* to what it held some entries ago */

/* How often a message is lost or repeated, once in so many; 0: never. */
void stream_trouble(uint32_t loses, uint32_t repeats);
bool stream_loses(void);
bool stream_repeats(void);

/* Runs a command of ${client} (NULL: it is gone). */
struct redis_reply *stream_run(const struct loop *client, char *const *argv, size_t argc);
void stream_reply_free(struct redis_reply *reply);

/* The newest id; when entry ${epoch}-${seq} was published to the channel (-1: it was not). */
void stream_top(int64_t *epoch, int64_t *seq);
int64_t stream_published_us(int64_t epoch, int64_t seq);
size_t stream_count(void);
