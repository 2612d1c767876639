/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/web/served.h"

static void
echo(void *ctx, struct web_exchange *exchange)
{
	static const char *const known[] = {"a", "b", NULL};
	struct slice path = web_path(exchange), id = web_param(exchange, "id");
	struct slice name = web_param(exchange, "name"), body = web_body(exchange);
	struct slice a = SLICE("-"), stranger = web_query_stranger(exchange, known);
	struct slice header = web_header(exchange, "x-test");
	struct buf text = {0};

	(void)ctx;
	web_query(exchange, "a", &a);
	buf_printf(&text, "%d|%.*s|id=%.*s|name=%.*s|a=%.*s|stranger=%.*s|x=%.*s|%s|%.*s",
	    (int)web_method(exchange), (int)path.len, path.at, (int)id.len, id.at, (int)name.len,
	    name.at, (int)a.len, a.at, (int)stranger.len, stranger.at, (int)header.len, header.at,
	    web_peer(exchange), (int)body.len, body.at);
	web_reply(exchange,
	    &(struct web_answer){.status = 200, .type = "text/plain", .body = {text.at, text.len}});
	buf_free(&text);
}

static void
tagged(void *ctx, struct web_exchange *exchange)
{
	(void)ctx;
	web_reply(exchange, &(struct web_answer){.status = 200,
				.type = "text/plain",
				.etag = "\"v7\"",
				.cache_control = "private, max-age=1",
				.extra = "Retry-After: 3\r\n",
				.body = SLICE("seven")});
}

static void
large(void *ctx, struct web_exchange *exchange)
{
	struct served *served = ctx;

	web_reply(exchange,
	    &(struct web_answer){
		.status = 200, .type = "text/plain", .shared = web_bytes_ref(served->large)});
}

static void
hold(void *ctx, struct web_exchange *exchange)
{
	struct served *served = ctx;

	served->held = exchange;
	served->held_count++;
}

static void
on_stream_closed(void *ctx)
{
	struct served *served = ctx;

	served->stream_closed = true;
	served->stream = NULL;
}

static void
events(void *ctx, struct web_exchange *exchange)
{
	struct served *served = ctx;

	served->stream = web_stream_open(exchange, "text/event-stream", on_stream_closed, served);
	web_stream_send(served->stream, SLICE("data: 1\n\n"));
}

static void
nothing(void *ctx, struct web_exchange *exchange)
{
	(void)ctx;
	web_reply(exchange, &(struct web_answer){.status = 204});
}

static void
no_such(void *ctx, struct web_exchange *exchange)
{
	(void)ctx;
	web_problem(exchange, 404, "No such \"place\".");
}

/* Replaces what begins with 's', and every byte after it. */
static bool
capital(void *ctx, struct slice body, struct buf *out)
{
	(void)ctx;
	if (body.at[0] != 's')
		return false;
	for (size_t i = 0; i < body.len; i++)
		buf_add(out, "S!", 2);
	return true;
}

static void
drop_filter(void *ctx)
{
	((struct served *)ctx)->filters_dropped++;
}

static void
filtered(void *ctx, struct web_exchange *exchange)
{
	const struct web_filter filter = {capital, drop_filter, ctx};

	/* The second takes the place of the first. */
	web_filter(exchange, &filter);
	web_filter(exchange, &filter);
	tagged(ctx, exchange);
}

static void
filtered_large(void *ctx, struct web_exchange *exchange)
{
	web_filter(exchange, &(struct web_filter){capital, drop_filter, ctx});
	large(ctx, exchange);
}

static void
filtered_problem(void *ctx, struct web_exchange *exchange)
{
	web_filter(exchange, &(struct web_filter){capital, drop_filter, ctx});
	no_such(ctx, exchange);
}

static void
filtered_hold(void *ctx, struct web_exchange *exchange)
{
	web_filter(exchange, &(struct web_filter){capital, drop_filter, ctx});
	hold(ctx, exchange);
}

const struct web_route served_routes[] = {
    {.methods = WEB_GET, .pattern = "/filtered", .handler = filtered},
    {.methods = WEB_GET, .pattern = "/filtered/large", .handler = filtered_large},
    {.methods = WEB_GET, .pattern = "/filtered/problem", .handler = filtered_problem},
    {.methods = WEB_GET, .pattern = "/filtered/hold", .handler = filtered_hold},
    {.methods = WEB_GET, .pattern = "/now/{name}.txt", .handler = echo},
    {.methods = WEB_GET | WEB_POST | WEB_PUT | WEB_DELETE,
	.pattern = "/echo",
	.handler = echo,
	.body_max_bytes = 1 << 20},
    {.methods = WEB_POST, .pattern = "/v1/imports/{id}/confirm", .handler = echo},
    {.methods = WEB_GET, .pattern = "/v1/imports/{id}", .handler = echo},
    {.methods = WEB_GET, .pattern = "/tagged", .handler = tagged},
    {.methods = WEB_GET, .pattern = "/large", .handler = large},
    {.methods = WEB_GET | WEB_POST, .pattern = "/hold", .handler = hold, .limit_ms = 60000},
    {.methods = WEB_GET, .pattern = "/events", .handler = events},
    {.methods = WEB_GET, .pattern = "/nothing", .handler = nothing},
    {.methods = WEB_GET, .pattern = "/problem", .handler = no_such},
    {.pattern = NULL},
};

int
served_open(void **state)
{
	struct served *served = xcalloc(1, sizeof *served);
	char *bytes = xmalloc(SERVED_LARGE_BYTES);

	for (size_t i = 0; i < SERVED_LARGE_BYTES; i++)
		bytes[i] = (char)('a' + i % 23);
	served->large = web_bytes_take(bytes, SERVED_LARGE_BYTES);
	served->loop = loop_new();
	served->server = web_server_open(
	    served->loop, &(struct web_server_options){
			      .address = "127.0.0.1", .routes = served_routes, .ctx = served});
	if (served->server == NULL)
		return 1;
	served->port = web_server_port(served->server);
	*state = served;
	return 0;
}

int
served_close(void **state)
{
	struct served *served = *state;

	web_server_close(served->server);
	loop_free(served->loop);
	web_bytes_unref(served->large);
	free(served);
	return 0;
}

void
served_expect(struct served *served, const char *request, const char *want)
{
	struct buf got = ask(served->loop, served->port, request);

	assert_int_equal(status_of(got.at), 200);
	assert_string_equal(body_of(got.at), want);
	assert_int_equal(answer_len(&got, false), got.len);
	buf_free(&got);
}
