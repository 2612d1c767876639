/* SPDX-License-Identifier: MIT */
#include "server/web/client.h"

#include <signal.h>
#include <stdlib.h>

#include "server/base/fatal.h"
#include "server/web/fetch/fetch.h"
#include "server/web/fetch/proxy.h"

/*
 * libcurl says which sockets and which timer it waits for; the loop calls libcurl when they are
 * ready. Handles are only added and removed outside of libcurl's own calls, so no user's callback
 * ever runs inside them.
 */

#define TOTAL_CONNECTIONS_MAX 64L
#define HOST_CONNECTIONS_MAX 8L

struct client_socket {
	struct web_client *client;
	curl_socket_t fd;
	struct loop_watch *watch;
};

/* Asked with the address that the socket is opened for, after the name was resolved: a check of the
 * name would be undone by another answer of the name server. */
bool
client_may_connect(const struct web_client *client, const struct sockaddr *address)
{
	if (client->allow_any || address_is_public(address))
		return true;
	for (size_t i = 0; i < client->allowed_count; i++)
		if (address_in_range(address, &client->allowed[i]))
			return true;
	return false;
}

/* A callback of a user may close the client; its memory stays until the end of the turn. Only here
 * do users' callbacks run, outside of libcurl's own calls. */
static void
call_the_finished(struct web_client *client)
{
	CURLMsg *message;
	int left;

	while (!client->closed && (message = curl_multi_info_read(client->multi, &left)) != NULL) {
		struct web_fetch *fetch = NULL;

		INVARIANT(message->msg == CURLMSG_DONE);
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&fetch);
		fetch_hop_done(fetch, message->data.result);
	}
}

static void
act(struct web_client *client, curl_socket_t fd, int what)
{
	int running;

	INVARIANT(curl_multi_socket_action(client->multi, fd, what, &running) == CURLM_OK);
	call_the_finished(client);
}

static void
on_timer(void *ctx)
{
	struct web_client *client = ctx;

	client->timer = NULL;
	act(client, CURL_SOCKET_TIMEOUT, 0);
}

/* libcurl has one timer; -1 removes it. */
static int
on_timer_wanted(CURLM *multi, long ms, void *ctx)
{
	struct web_client *client = ctx;

	(void)multi;
	loop_timer_cancel(client->timer);
	client->timer = ms < 0 ? NULL : loop_after(client->loop, ms, on_timer, client);
	return 0;
}

static void
on_socket_ready(void *ctx, int what)
{
	struct client_socket *socket = ctx;

	act(socket->client, socket->fd,
	    ((what & LOOP_READ) ? CURL_CSELECT_IN : 0) |
		((what & LOOP_WRITE) ? CURL_CSELECT_OUT : 0));
}

static void
forget_socket(struct client_socket *socket)
{
	loop_watch_cancel(socket->watch);
	free(socket);
}

/* libcurl calls this from within its own calls, so that only watches are changed here. */
static int
on_socket_wanted(CURL *easy, curl_socket_t fd, int what, void *ctx, void *socket_ctx)
{
	struct web_client *client = ctx;
	struct client_socket *socket = socket_ctx;
	int wanted =
	    ((what & CURL_POLL_IN) ? LOOP_READ : 0) | ((what & CURL_POLL_OUT) ? LOOP_WRITE : 0);

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (socket != NULL)
			forget_socket(socket);
		curl_multi_assign(client->multi, fd, NULL);
		return 0;
	}
	if (socket == NULL) {
		socket = xcalloc(1, sizeof *socket);
		*socket = (struct client_socket){.client = client, .fd = fd};
		socket->watch = loop_watch(client->loop, fd, wanted, on_socket_ready, socket);
		/* libcurl gives the pointer back with each later call about this descriptor. */
		curl_multi_assign(client->multi, fd, socket);
	} else {
		loop_watch_set(socket->watch, wanted);
	}
	return 0;
}

/* The ranges of ${options}; the text of the first that is none, or NULL. A mistake refuses the
 * start: a range that was meant and is ignored would show itself only when a feed fails. */
static const char *
parse_ranges(struct web_client *client, const struct web_client_options *options)
{
	const char *const *text = options->allow_cidrs;
	size_t count = 0;

	while (text != NULL && text[count] != NULL)
		count++;
	client->allowed = xcalloc(count, sizeof *client->allowed);
	for (size_t i = 0; i < count; i++)
		if (!address_range_parse(text[i], &client->allowed[i]))
			return text[i];
	client->allowed_count = count;
	return NULL;
}

static void
set_up_multi(struct web_client *client)
{
	/* libcurl counts its global users itself. */
	INVARIANT(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
	client->multi = curl_multi_init();
	INVARIANT(client->multi != NULL);
	curl_multi_setopt(client->multi, CURLMOPT_SOCKETFUNCTION, on_socket_wanted);
	curl_multi_setopt(client->multi, CURLMOPT_SOCKETDATA, client);
	curl_multi_setopt(client->multi, CURLMOPT_TIMERFUNCTION, on_timer_wanted);
	curl_multi_setopt(client->multi, CURLMOPT_TIMERDATA, client);
	curl_multi_setopt(client->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, TOTAL_CONNECTIONS_MAX);
	curl_multi_setopt(client->multi, CURLMOPT_MAX_HOST_CONNECTIONS, HOST_CONNECTIONS_MAX);
}

struct web_client *
web_client_open(struct loop *loop, const struct web_client_options *options, const char **reason)
{
	struct web_client *client = xcalloc(1, sizeof *client);
	const char *bad = parse_ranges(client, options);

	if (bad == NULL && options->proxy != NULL && !proxy_is_address(options->proxy))
		bad = options->proxy;
	if (bad != NULL) {
		*reason = bad;
		free(client->allowed);
		free(client);
		return NULL;
	}
	client->loop = loop;
	client->proxy = options->proxy;
	client->no_proxy = options->no_proxy;
	client->ca = options->ca;
	client->allow_any = options->allow_any;
	LIST_INIT(&client->fetches);
	/* OpenSSL writes to sockets that may be shut, and CURLOPT_NOSIGNAL leaves this to us. */
	signal(SIGPIPE, SIG_IGN);
	set_up_multi(client);
	return client;
}

static void
destroy(void *memory)
{
	struct web_client *client = memory;

	free(client->allowed);
	free(client);
}

void
web_client_close(struct web_client *client)
{
	struct web_fetch *fetch;

	if (client == NULL)
		return;
	while ((fetch = LIST_FIRST(&client->fetches)) != NULL)
		web_fetch_cancel(fetch);
	/* After all fetches: libcurl still closes sockets in it and calls on_socket_wanted(). */
	INVARIANT(curl_multi_cleanup(client->multi) == CURLM_OK);
	curl_global_cleanup();
	loop_timer_cancel(client->timer);
	client->closed = true;
	loop_free_later(client->loop, client, destroy);
}
