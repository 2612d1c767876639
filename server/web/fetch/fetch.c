/* SPDX-License-Identifier: MIT */
#include "server/web/fetch/fetch.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "server/base/clock.h"
#include "server/base/fatal.h"
#include "server/web/fetch/redirect.h"

/*
 * One fetch: a hop, perhaps more hops, one callback. Every hop has a connection of its own, for the
 * address is checked as a socket is opened and a connection that is used again would pass that by.
 * Redirects are followed here rather than by libcurl, so that each is judged.
 */

#define FETCH_MAX_BYTES ((size_t)10 << 20)
#define FETCH_LIMIT_MS 20000
#define FETCH_REDIRECTS_MAX 3

/* All hops share one deadline, or three redirects would take three times the limit. */
static void
start_hop(struct web_fetch *fetch)
{
	int64_t left = fetch->ends_ms - clock_mono_ms();

	fetch->header_lines = 0;
	fetch->header_bytes = 0;
	fetch->address_refused = false;
	buf_reset(&fetch->body);
	fetch_forget_headers(fetch);
	curl_easy_setopt(fetch->easy, CURLOPT_URL, fetch->url);
	fetch_set_proxy(fetch);
	curl_easy_setopt(fetch->easy, CURLOPT_TIMEOUT_MS, (long)(left < 1 ? 1 : left));
	INVARIANT(curl_multi_add_handle(fetch->client->multi, fetch->easy) == CURLM_OK);
	fetch->added = true;
}

/* A handle must leave the multi handle before it is cleaned up. */
static void
destroy(struct web_fetch *fetch)
{
	LIST_REMOVE(fetch, entry);
	loop_timer_cancel(fetch->start_failed);
	if (fetch->added)
		curl_multi_remove_handle(fetch->client->multi, fetch->easy);
	curl_easy_cleanup(fetch->easy);
	fetch_free_headers(fetch->headers);
	buf_free(&fetch->body);
	buf_free(&fetch->type);
	buf_free(&fetch->etag);
	buf_free(&fetch->last_modified);
	buf_free(&fetch->date);
	buf_free(&fetch->age);
	buf_free(&fetch->retry_after);
	buf_free(&fetch->link);
	free(fetch->url);
	free(fetch->method);
	free(fetch->proxy);
	if (fetch->proxy_login != NULL)
		explicit_bzero(fetch->proxy_login, strlen(fetch->proxy_login));
	free(fetch->proxy_login);
	free(fetch->ca);
	free(fetch);
}

/* REFUSED: trying again is of no use until the address is changed. AGAIN: it may work later. */
static enum status
status_of(enum web_fault fault)
{
	switch (fault) {
	case WEB_FAULT_NONE:
		return STATUS_OK;
	case WEB_FAULT_URL:
	case WEB_FAULT_ADDRESS:
	case WEB_FAULT_REDIRECTS:
	case WEB_FAULT_CA:
		return STATUS_REFUSED;
	case WEB_FAULT_TOO_BIG:
		return STATUS_LIMIT;
	default:
		return STATUS_AGAIN;
	}
}

static struct slice
slice_of_buf(const struct buf *buf)
{
	return buf->at == NULL ? SLICE("") : (struct slice){buf->at, buf->len};
}

/* The one callback, then the end. The handle is out of every list first: the callback may close the
 * client. */
static void
finish(struct web_fetch *fetch, enum web_fault fault)
{
	struct web_got got = {.fault = fault};
	struct web_fetch gone = *fetch;
	long status = 0;

	if (fault == WEB_FAULT_NONE) {
		curl_easy_getinfo(fetch->easy, CURLINFO_RESPONSE_CODE, &status);
		got.status = (unsigned)status;
		got.moved = gone.moved;
		got.body = slice_of_buf(&gone.body);
		got.type = slice_of_buf(&gone.type);
		got.etag = slice_of_buf(&gone.etag);
		got.last_modified = slice_of_buf(&gone.last_modified);
		got.date = slice_of_buf(&gone.date);
		got.age = slice_of_buf(&gone.age);
		got.retry_after = slice_of_buf(&gone.retry_after);
		got.link = slice_of_buf(&gone.link);
	}
	fetch->body = fetch->type = fetch->etag = fetch->last_modified = fetch->date = fetch->age =
	    fetch->retry_after = fetch->link = (struct buf){0};
	destroy(fetch);
	gone.done(gone.ctx, status_of(fault), &got);
	buf_free(&gone.body);
	buf_free(&gone.type);
	buf_free(&gone.etag);
	buf_free(&gone.last_modified);
	buf_free(&gone.date);
	buf_free(&gone.age);
	buf_free(&gone.retry_after);
	buf_free(&gone.link);
}

/* Too slow at what? libcurl has a single code for every time limit; which step did not end is seen
 * from the times of those that did. */
static enum web_fault
slow_fault(const struct web_fetch *fetch)
{
	double named = 0, connected = 0;

	curl_easy_getinfo(fetch->easy, CURLINFO_NAMELOOKUP_TIME, &named);
	curl_easy_getinfo(fetch->easy, CURLINFO_CONNECT_TIME, &connected);
	if (named <= 0)
		return WEB_FAULT_NAME;
	return connected > 0 ? WEB_FAULT_SLOW : WEB_FAULT_CONNECT;
}

/* Whether the proxy that asked for a sign-in takes the only one that we have (Basic), as far as it says. */
static bool
takes_passwords(const struct web_fetch *fetch)
{
	long ways = 0;

	curl_easy_getinfo(fetch->easy, CURLINFO_PROXYAUTH_AVAIL, &ways);
	return ways == 0 || (ways & CURLAUTH_BASIC) != 0;
}

/* What the proxy answered in the place of a server; NONE: nothing was wrong with it. */
static enum web_fault
proxy_fault(const struct web_fetch *fetch, CURLcode result)
{
	long tunnel = 0, status = 0;
	double connected = 0;

	if (!fetch->by_proxy)
		return WEB_FAULT_NONE;
	curl_easy_getinfo(fetch->easy, CURLINFO_HTTP_CONNECTCODE, &tunnel);
	curl_easy_getinfo(fetch->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(fetch->easy, CURLINFO_CONNECT_TIME, &connected);
	if (tunnel == 407 || (result == CURLE_OK && status == 407))
		return takes_passwords(fetch) ? WEB_FAULT_PROXY_SIGN_IN : WEB_FAULT_PROXY_WAYS;
	if (tunnel != 0 && tunnel / 100 != 2)
		return WEB_FAULT_PROXY_REFUSED;
	/* Until the tunnel is made, everything that fails is between here and the proxy; for http, until
	 * the proxy is reached. */
	if (result != CURLE_OK &&
	    (strncasecmp(fetch->url, "https://", 8) == 0 ? tunnel == 0 : connected <= 0))
		return fetch->address_refused ? WEB_FAULT_ADDRESS : WEB_FAULT_PROXY;
	return WEB_FAULT_NONE;
}

/* Our own refusals come first, since libcurl only knows that a callback ended the transfer. */
static enum web_fault
fault_of(const struct web_fetch *fetch, CURLcode result)
{
	enum web_fault fault = fetch->fault;

	if (fault == WEB_FAULT_NONE)
		fault = proxy_fault(fetch, result);
	if (fault != WEB_FAULT_NONE)
		return fault;
	switch (result) {
	case CURLE_OK:
		/* To libcurl a connection that ends within the head is a whole answer. */
		return fetch->head_ended ? WEB_FAULT_NONE : WEB_FAULT_CUT;
	case CURLE_URL_MALFORMAT:
		return WEB_FAULT_URL;
	case CURLE_COULDNT_RESOLVE_HOST:
		return WEB_FAULT_NAME;
	case CURLE_COULDNT_CONNECT:
		return fetch->address_refused ? WEB_FAULT_ADDRESS : WEB_FAULT_CONNECT;
	case CURLE_OPERATION_TIMEDOUT:
		return slow_fault(fetch);
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_INVALIDCERTSTATUS:
	case CURLE_PEER_FAILED_VERIFICATION:
		return WEB_FAULT_TLS;
	case CURLE_SSL_CACERT_BADFILE:
		return fetch->ca != NULL ? WEB_FAULT_CA : WEB_FAULT_TLS;
	case CURLE_FILESIZE_EXCEEDED:
		return WEB_FAULT_TOO_BIG;
	case CURLE_PARTIAL_FILE:
	case CURLE_GOT_NOTHING:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
		return WEB_FAULT_CUT;
	default:
		return WEB_FAULT_OTHER;
	}
}

/* Methods that change nothing, and may be repeated elsewhere (RFC 9110 9.2.1, RFC 4918, RFC 3253). */
static bool
is_safe(const char *method)
{
	static const char *const safe[] = {"GET", "HEAD", "PROPFIND", "REPORT"};

	for (size_t i = 0; i < sizeof safe / sizeof *safe; i++)
		if (strcmp(method, safe[i]) == 0)
			return true;
	return false;
}

/* Where the answer sends us; NULL if nowhere, or if a method was asked for that must not be
 * repeated elsewhere. */
static char *
redirect_target(const struct web_fetch *fetch)
{
	long status = 0;
	char *target = NULL;

	if (fetch->stays || !is_safe(fetch->method))
		return NULL;
	curl_easy_getinfo(fetch->easy, CURLINFO_RESPONSE_CODE, &status);
	if (status != 301 && status != 302 && status != 303 && status != 307 && status != 308)
		return NULL;
	curl_easy_getinfo(fetch->easy, CURLINFO_REDIRECT_URL, &target);
	return target;
}

static void
follow(struct web_fetch *fetch, const char *target)
{
	char *next;

	if (fetch->redirects == FETCH_REDIRECTS_MAX || !redirect_may_follow(fetch->url, target)) {
		finish(fetch, WEB_FAULT_REDIRECTS);
		return;
	}
	fetch->redirects++;
	/* Once dropped it stays dropped, also if a later hop leads back. */
	if (!redirect_same_origin(fetch->url, target))
		fetch_drop_authorization(fetch);
	next = xstrdup(target);
	free(fetch->url);
	fetch->url = next;
	start_hop(fetch);
}

/* The handle is removed before a callback or the next hop, which adds it again. */
void
fetch_hop_done(struct web_fetch *fetch, CURLcode result)
{
	enum web_fault fault = fault_of(fetch, result);
	const char *target = fault == WEB_FAULT_NONE ? redirect_target(fetch) : NULL;

	curl_multi_remove_handle(fetch->client->multi, fetch->easy);
	fetch->added = false;
	if (target != NULL)
		follow(fetch, target);
	else
		finish(fetch, fault);
}

/* In a later turn: the caller does not expect its callback before web_fetch() has returned. */
static void
on_start_failed(void *ctx)
{
	struct web_fetch *fetch = ctx;

	fetch->start_failed = NULL;
	finish(fetch, WEB_FAULT_URL);
}

struct web_fetch *
web_fetch(struct web_client *client, const struct web_get *get, web_got_fn *done, void *ctx)
{
	struct web_fetch *fetch = xcalloc(1, sizeof *fetch);

	fetch->client = client;
	fetch->done = done;
	fetch->ctx = ctx;
	fetch->url = xstrdup(get->url);
	fetch->method = xstrdup(get->method == NULL ? "GET" : get->method);
	fetch->max_bytes = get->max_bytes == 0 ? FETCH_MAX_BYTES : get->max_bytes;
	fetch->ends_ms = clock_mono_ms() + (get->limit_ms == 0 ? FETCH_LIMIT_MS : get->limit_ms);
	fetch->proxy = get->proxy == NULL ? NULL : xstrdup(get->proxy);
	fetch->proxy_login = get->proxy_login == NULL ? NULL : xstrdup(get->proxy_login);
	fetch->ca = get->ca == NULL ? NULL : xstrdup(get->ca);
	fetch->easy = curl_easy_init();
	INVARIANT(fetch->easy != NULL);
	LIST_INSERT_HEAD(&client->fetches, fetch, entry);
	fetch_set_up(fetch, get);
	if (redirect_may_start(fetch->url))
		start_hop(fetch);
	else
		fetch->start_failed = loop_after(client->loop, 0, on_start_failed, fetch);
	return fetch;
}

void
web_fetch_cancel(struct web_fetch *fetch)
{
	if (fetch != NULL)
		destroy(fetch);
}
