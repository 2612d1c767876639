/* SPDX-License-Identifier: MIT */
#pragma once

#include "tests/unit/server/web/harness.h"

/* A server with limits that are small, so that the tests are quick, and how its clients behave. */

#define LARGE_BYTES ((size_t)16 << 20)

static struct loop *loop;
static struct web_server *server;
static struct web_exchange *held;

static inline void
quick(void *ctx, struct web_exchange *exchange)
{
	(void)ctx;
	if (web_header(exchange, "x-known").at != NULL)
		web_known(exchange);
	web_reply(exchange,
	    &(struct web_answer){.status = 200, .type = "text/plain", .body = SLICE("quick")});
}

static inline void
large(void *ctx, struct web_exchange *exchange)
{
	(void)ctx;
	web_reply(exchange, &(struct web_answer){.status = 200,
				.type = "text/plain",
				.shared = web_bytes_take(xcalloc(1, LARGE_BYTES), LARGE_BYTES)});
}

static inline void
client(void *ctx, struct web_exchange *exchange)
{
	char text[80];

	(void)ctx;
	snprintf(
	    text, sizeof text, "%s%s", web_client(exchange), web_is_tls(exchange) ? " tls" : "");
	web_reply(exchange,
	    &(struct web_answer){.status = 200, .type = "text/plain", .body = slice_of(text)});
}

static inline void
hold(void *ctx, struct web_exchange *exchange)
{
	(void)ctx;
	held = exchange;
}

static inline void
length(void *ctx, struct web_exchange *exchange)
{
	char text[32];

	(void)ctx;
	snprintf(text, sizeof text, "%zu", web_body(exchange).len);
	web_reply(exchange,
	    &(struct web_answer){.status = 200, .type = "text/plain", .body = slice_of(text)});
}

static const struct web_route routes[] = {
    {.methods = WEB_POST | WEB_PUT,
	.pattern = "/length",
	.handler = length,
	.body_max_bytes = LARGE_BYTES},
    {.methods = WEB_GET | WEB_POST, .pattern = "/quick", .handler = quick},
    {.methods = WEB_GET, .pattern = "/client", .handler = client},
    {.methods = WEB_GET, .pattern = "/large", .handler = large},
    {.methods = WEB_GET, .pattern = "/hold", .handler = hold, .limit_ms = 100},
    {.pattern = NULL},
};

/* ${options} without an address and routes. */
static inline void
open_server_of(struct web_server_options options)
{
	loop = loop_new();
	held = NULL;
	options.address = "127.0.0.1";
	options.routes = routes;
	server = web_server_open(loop, &options);
	assert_non_null(server);
}

static inline void
open_server(struct web_limits limits)
{
	open_server_of((struct web_server_options){.limits = limits});
}

static inline void
close_server(void)
{
	web_server_close(server);
	loop_free(loop);
}

#define HOST "Host: a\r\n"

static inline void
wait_until_closed(void)
{
	int64_t ends = clock_mono_ms() + HARNESS_PATIENCE_MS;

	while (web_server_stats(server).open_connections > 0) {
		assert_true(clock_mono_ms() < ends);
		turn(loop, -1, 5);
	}
}

/* The answer on ${fd}, once there is a whole one; its status. */
static inline unsigned
take_status(int fd, struct buf *got)
{
	buf_reset(got);
	client_take_one(loop, fd, got);
	return status_of(got->at);
}

static inline void
expect_answer_on(int fd, unsigned status)
{
	static const char request[] = "GET /quick HTTP/1.1\r\n" HOST "\r\n";
	struct buf got = {0};

	if (status == 200)
		client_send(loop, fd, request, sizeof request - 1);
	client_take_one(loop, fd, &got);
	assert_int_equal(status_of(got.at), status);
	buf_free(&got);
}
