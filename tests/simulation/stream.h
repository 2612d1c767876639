/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/redis/redis.h"

/*
 * A model of Redis as flags use it: one stream with ascending ids, and the effect of the two
 * scripts of server/flags/flags_redis.c. Redis may go away, come back without its data or with
 * older data, and lose or repeat messages. The invariants of the stream are checked as it grows.
 */
struct loop;

enum { STREAM_MAX = 60 }; /* entries, about: it is trimmed to this, and filled again as far */

void stream_begin(void);
void stream_finish(void);

bool stream_up(void);
void stream_stop(void);
void stream_resume(void);
void stream_wipe(void);
void stream_roll_back(void); /* to its content of some entries ago */

/* Once in how many times a message is lost, or repeated; 0: never. */
void stream_trouble(uint32_t loses, uint32_t repeats);
bool stream_loses(void);
bool stream_repeats(void);

/* Runs a command of ${client} (NULL: it has gone). */
struct redis_reply *stream_run(const struct loop *client, char *const *argv, size_t argc);
void stream_reply_free(struct redis_reply *reply);

/* The newest id; when entry ${epoch}-${seq} was published to the channel (-1: it was not). */
void stream_top(int64_t *epoch, int64_t *seq);
int64_t stream_published_us(int64_t epoch, int64_t seq);
size_t stream_count(void);
