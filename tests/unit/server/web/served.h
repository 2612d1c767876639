/* SPDX-License-Identifier: MIT */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/server/web/harness.h"

/* A server on a free port of 127.0.0.1 for one test, with a handler of every kind. */

#define SERVED_LARGE_BYTES ((size_t)8 << 20)

/* The end of a request's head; after the second the connection ends. */
#define HOST "Host: a\r\n"
#define LAST HOST "Connection: close\r\n\r\n"

struct served {
	struct loop *loop;
	struct web_server *server;
	uint16_t port;
	struct web_bytes *large;
	struct web_exchange *held; /* by the "hold" handler */
	unsigned held_count;
	struct web_stream *stream;
	bool stream_closed;
	unsigned filters_dropped;
};

/* /echo, /tagged, /large, /hold, /events, /nothing, /problem, and the same with a filter. */
extern const struct web_route served_routes[];

int served_open(void **state);  /* set-up of a test */
int served_close(void **state); /* tear-down */

/* That the answer to ${request} is 200, whole, and has the body ${want}. */
void served_expect(struct served *served, const char *request, const char *want);
