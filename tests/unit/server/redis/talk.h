/* SPDX-License-Identifier: MIT */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/redis/redis.h"
#include "tests/support/run_until.h"
#include "tests/support/scratch.h"

/* Shared by the tests of server/redis: a reply that is kept as text. */

struct heard {
	int times;
	enum status st;
	char text[512]; /* the reply as told by tell() */
	int order;
	int *count;
};

/* nil, 7, "text", !ERR …, [a, b] */
static inline void
tell(struct buf *buf, const struct redis_reply *reply)
{
	switch (reply->kind) {
	case REDIS_NIL:
		buf_add_text(buf, "nil");
		break;
	case REDIS_INT:
		buf_printf(buf, "%lld", (long long)reply->num);
		break;
	case REDIS_TEXT:
		buf_add_json_string(buf, reply->text);
		break;
	case REDIS_ERROR:
		buf_printf(buf, "!%.*s", (int)reply->text.len, reply->text.at);
		break;
	case REDIS_ARRAY:
		buf_add_text(buf, "[");
		for (size_t i = 0; i < reply->count; i++) {
			buf_add_text(buf, i > 0 ? ", " : "");
			tell(buf, &reply->items[i]);
		}
		buf_add_text(buf, "]");
	}
}

static inline void
on_heard(void *ctx, enum status st, const struct redis_reply *reply)
{
	struct heard *heard = ctx;
	struct buf buf = {0};

	heard->times++;
	heard->st = st;
	if (heard->count != NULL)
		heard->order = ++*heard->count;
	if (st != STATUS_OK) {
		assert_null(reply);
		return;
	}
	tell(&buf, reply);
	snprintf(heard->text, sizeof heard->text, "%s", buf.at);
	buf_free(&buf);
}

/* One command of words between spaces. */
static inline struct redis_call *
say(struct redis *redis, const char *command, struct heard *heard)
{
	struct slice argv[16];
	size_t argc = 0;

	while (*command != '\0') {
		size_t len = strcspn(command, " ");

		argv[argc++] = (struct slice){command, len};
		command += len + strspn(command + len, " ");
	}
	return redis_call(redis, argv, argc, on_heard, heard);
}

static inline struct heard
ask(struct loop *loop, struct redis *redis, const char *command)
{
	struct heard heard = {0};

	say(redis, command, &heard);
	assert_int_equal(heard.times, 0);
	run_until(loop, &heard.times);
	return heard;
}
