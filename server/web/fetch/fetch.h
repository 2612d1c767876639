/* SPDX-License-Identifier: MIT */
#pragma once

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "server/web/client.h"
#include "server/web/fetch/address.h"

/* Between client.c (libcurl's multi interface on the loop) and fetch.c (one fetch). */

struct web_fetch {
	struct web_client *client;
	LIST_ENTRY(web_fetch) entry;
	web_got_fn *done;
	void *ctx;

	CURL *easy;
	bool added; /* to the multi handle */
	struct curl_slist *headers;
	bool authorized;                 /* the first of ${headers} is the authorization */
	bool stays;                      /* redirects are not followed */
	struct loop_timer *start_failed; /* called for a fetch that never began */

	char *url;                      /* of this hop */
	char *proxy, *proxy_login, *ca; /* see struct web_get; proxy: NULL: the client's */
	bool by_proxy;                  /* this hop */
	bool moved;
	char *method;
	int64_t ends_ms;
	size_t max_bytes;
	unsigned redirects;

	/* The answer so far. */
	enum web_fault fault; /* ours; wins over what libcurl then says */
	bool address_refused;
	struct buf body;
	bool head_ended;
	unsigned header_lines;
	size_t header_bytes;
	struct buf type, etag, last_modified, date, age, retry_after, link;
};

LIST_HEAD(web_fetches, web_fetch);

struct web_client {
	struct loop *loop;
	CURLM *multi;
	bool closed;
	bool allow_any;
	const char *proxy, *ca;
	const char *const *no_proxy;
	struct address_range *allowed;
	size_t allowed_count;
	struct loop_timer *timer;
	struct web_fetches fetches;
};

/* client.c */
bool client_may_connect(const struct web_client *client, const struct sockaddr *address);

/* rules.c: the options and the callbacks of libcurl. */
void fetch_set_up(struct web_fetch *fetch, const struct web_get *get);
void fetch_forget_headers(struct web_fetch *fetch);
void fetch_free_headers(struct curl_slist *headers);
void fetch_set_proxy(struct web_fetch *fetch);          /* for this hop */
void fetch_drop_authorization(struct web_fetch *fetch); /* another server must not learn it */

/* fetch.c: libcurl has finished with this hop: follows a redirect, or calls back and frees. */
void fetch_hop_done(struct web_fetch *fetch, CURLcode result);
