/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/status.h"
#include "server/base/text.h"
#include "server/loop/loop.h"

/*
 * Fetching over HTTP(S) with libcurl's multi interface on the loop. Keeps the six rules of loop.h.
 * http and https only, at most 3 redirects (from https never to http), no proxy from the
 * environment, no cookies, no netrc, gzip only, TLS 1.2 or later.
 *
 * Addresses: the resolved address of every connection, redirects included, is checked as the socket
 * is opened, which is what stops DNS rebinding. Loopback, private, link-local, shared, multicast
 * and mapped ranges are refused unless allowed.
 *
 * Proxy: https goes through it by CONNECT, http is asked of it with the whole URL. It resolves the name, so that
 * only the name can be judged here: names and addresses of inside networks are never asked of it, but directly,
 * where the check of addresses holds (fetch/proxy.h). Which others it connects to is for the proxy to decide.
 */
struct web_client;
struct web_fetch;

struct web_client_options {
	const char *const *allow_cidrs; /* further allowed ranges ("127.0.0.0/8"), NULL-terminated,
					   or NULL; kept */
	/* The proxy of all fetches that name none ("http://host:port"), or NULL; which hosts are asked without it
	 * (NULL-terminated, or NULL: see fetch/proxy.h); certificates (PEM) of authorities that are trusted
	 * besides those of the system, or NULL. Kept. The proxy is set by the operator, so its address is not
	 * checked. */
	const char *proxy;
	const char *const *no_proxy;
	const char *ca;
	bool allow_any; /* for a person's own command line (crisiscover), where the person names the
			   server */
};

/* NULL if a range cannot be read, or the proxy's address (${reason} says which; static memory). */
struct web_client *web_client_open(
    struct loop *loop, const struct web_client_options *options, const char **reason);
void web_client_close(struct web_client *client);

struct web_get {
	const char *method; /* NULL: GET */
	const char *url;
	const char *etag, *last_modified; /* sent as If-None-Match / If-Modified-Since, or NULL */
	const char *if_match;             /* value of that header, or NULL */
	const char *idempotency_key;      /* value of that header, or NULL */
	const char *authorization;        /* value of that header, or NULL */
	const char *accept;               /* NULL: any */
	const char *depth;                /* value of that header (RFC 4918), or NULL */
	/* Further lines "Name: value" (NULL-terminated), or NULL. They may hold secrets: with them no redirect is followed. */
	const char *const *headers;
	const char *proxy; /* NULL: the client's; "": none; else its address, which is checked as
					     that of a server is */
	const char *proxy_login;  /* "user:password" for the proxy, or NULL */
	const char *ca;           /* certificates (PEM) that are trusted besides, or NULL */
	const char *content_type; /* with a body */
	struct slice body;        /* copied */
	size_t max_bytes;         /* decoded; 0: 10 MiB */
	unsigned limit_ms;        /* 0: 20,000 in all */
};

/* Why a fetch brought nothing, chosen for the sentence that a rota manager reads. */
enum web_fault {
	WEB_FAULT_NONE = 0,
	WEB_FAULT_URL,     /* cannot be used at all */
	WEB_FAULT_NAME,    /* the host name does not resolve */
	WEB_FAULT_ADDRESS, /* it resolves to an address that may not be asked */
	WEB_FAULT_CONNECT,
	WEB_FAULT_TLS,
	WEB_FAULT_SLOW, /* time limit, or under 100 B/s for 10 s */
	WEB_FAULT_TOO_BIG,
	WEB_FAULT_CUT, /* ended before its announced length */
	WEB_FAULT_REDIRECTS,
	WEB_FAULT_PROXY,         /* it cannot be reached, or broke off */
	WEB_FAULT_PROXY_SIGN_IN, /* it wants another user and password (407) */
	WEB_FAULT_PROXY_WAYS,    /* it takes no user and password, but NTLM or the like (407) */
	WEB_FAULT_PROXY_REFUSED, /* it did not make a connection to the server */
	WEB_FAULT_CA,            /* the certificates that are trusted besides cannot be read */
	WEB_FAULT_OTHER,
};

struct web_got {
	enum web_fault fault;
	unsigned status; /* HTTP status, 0 if none */
	bool moved;      /* redirected to another server, which the authorization was not sent to */
	struct slice body;
	struct slice type, etag, last_modified, date, age, retry_after,
	    link; /* header values, empty if absent */
};

/* STATUS_OK whenever an HTTP answer came whole (whatever its status); else STATUS_AGAIN,
 * STATUS_LIMIT or STATUS_REFUSED with got->fault saying why. ${got} is always given. */
typedef void web_got_fn(void *ctx, enum status st, const struct web_got *got);
struct web_fetch *web_fetch(
    struct web_client *client, const struct web_get *get, web_got_fn *done, void *ctx);
void web_fetch_cancel(struct web_fetch *fetch);

/* A sentence for people about ${got}: "The server answered 503 (Service Unavailable)." In ${out}.
 * Never contains the URL. */
void web_got_sentence(const struct web_got *got, char *out, size_t size);
