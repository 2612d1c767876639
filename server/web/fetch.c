#include "server/web/fetch.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "server/base/clock.h"
#include "server/base/fatal.h"
#include "server/web/redirect.h"

/*
 * One fetch: a hop, perhaps more hops, one callback. Every hop has a connection of its own, for the
 * address is checked as a socket is opened and a connection that is used again would pass that by.
 * Redirects are followed here rather than by libcurl, so that each is judged.
 */

#define FETCH_MAX_BYTES ((size_t)10 << 20)
#define FETCH_LIMIT_MS 20000
#define FETCH_CONNECT_MS 5000L
#define FETCH_REDIRECTS_MAX 3
#define FETCH_HEADER_LINES_MAX 100
#define FETCH_HEADER_BYTES_MAX ((size_t)64 << 10)

static curl_socket_t
on_open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct web_fetch *fetch = ctx;

	(void)purpose;
	if (!client_may_connect(fetch->client, &address->addr)) {
		fetch->address_refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* Any answer but "all taken" ends the transfer. */
static size_t
on_body(char *at, size_t size, size_t count, void *ctx)
{
	struct web_fetch *fetch = ctx;
	size_t len = size * count;

	if (len > fetch->max_bytes - fetch->body.len) {
		fetch->fault = WEB_FAULT_TOO_BIG;
		return CURL_WRITEFUNC_ERROR;
	}
	buf_add(&fetch->body, at, len);
	return len;
}

/* The value if ${line} is the header ${name_colon}; at NULL if not. */
static struct slice
header_value(struct slice line, const char *name_colon)
{
	size_t len = strlen(name_colon);

	if (line.len < len || !slice_is_nocase((struct slice){line.at, len}, name_colon))
		return (struct slice){0};
	return slice_trim((struct slice){line.at + len, line.len - len});
}

static void
keep_header(struct buf *buf, struct slice value)
{
	if (value.at == NULL)
		return;
	buf_reset(buf);
	buf_add(buf, value.at, value.len);
}

/* libcurl would undo whatever encodings it was built with, stacked; gzip once is what was asked
 * for. */
static bool
is_wanted_encoding(struct slice line)
{
	struct slice content = header_value(line, "Content-Encoding:");
	struct slice transfer = header_value(line, "Transfer-Encoding:");

	if (content.at != NULL && content.len > 0 && !slice_is_nocase(content, "gzip") &&
	    !slice_is_nocase(content, "identity"))
		return false;
	return transfer.at == NULL || slice_is_nocase(transfer, "chunked");
}

static void
forget_headers(struct web_fetch *fetch)
{
	buf_reset(&fetch->type);
	buf_reset(&fetch->etag);
	buf_reset(&fetch->last_modified);
	buf_reset(&fetch->date);
	fetch->head_ended = false;
}

static size_t
on_header(char *at, size_t size, size_t count, void *ctx)
{
	struct web_fetch *fetch = ctx;
	struct slice line = {at, size * count};

	fetch->header_bytes += line.len;
	if (++fetch->header_lines > FETCH_HEADER_LINES_MAX ||
	    fetch->header_bytes > FETCH_HEADER_BYTES_MAX) {
		fetch->fault = WEB_FAULT_TOO_BIG;
		return 0;
	}
	while (line.len > 0 && (line.at[line.len - 1] == '\n' || line.at[line.len - 1] == '\r'))
		line.len--;
	if (!is_wanted_encoding(line)) {
		fetch->fault = WEB_FAULT_OTHER;
		return 0;
	}
	if (line.len >= 5 && memcmp(line.at, "HTTP/", 5) == 0)
		forget_headers(fetch); /* of an interim answer */
	fetch->head_ended |= line.len == 0;
	keep_header(&fetch->type, header_value(line, "Content-Type:"));
	keep_header(&fetch->etag, header_value(line, "ETag:"));
	keep_header(&fetch->last_modified, header_value(line, "Last-Modified:"));
	keep_header(&fetch->date, header_value(line, "Date:"));
	return size * count;
}

/* What stands in a header of ours must not be able to end it. */
static bool
is_header_text(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return false;
	return true;
}

static void
add_header(struct web_fetch *fetch, const char *name_colon, const char *value)
{
	struct buf line = {0};
	struct curl_slist *longer;

	if (value == NULL || !is_header_text(value))
		return;
	buf_printf(&line, "%s%s", name_colon, value);
	longer = curl_slist_append(fetch->headers, line.at);
	INVARIANT(longer != NULL);
	fetch->headers = longer;
	buf_free(&line);
}

/* The authorization first, where drop_authorization finds it. */
static void
set_headers(struct web_fetch *fetch, const struct web_get *get)
{
	add_header(fetch, "Authorization: ", get->authorization);
	fetch->authorized = fetch->headers != NULL;
	add_header(fetch, "If-None-Match: ", get->etag);
	add_header(fetch, "If-Modified-Since: ", get->last_modified);
	add_header(fetch, "Accept: ", get->accept == NULL ? "*/*" : get->accept);
	add_header(fetch, "Expect:", ""); /* libcurl would wait for leave to send a body */
	if (get->body.len > 0)
		add_header(fetch, "Content-Type: ",
		    get->content_type == NULL ? "application/octet-stream" : get->content_type);
	curl_easy_setopt(fetch->easy, CURLOPT_HTTPHEADER, fetch->headers);
}

/* Another server must not learn what was meant for the first. */
static void
drop_authorization(struct web_fetch *fetch)
{
	struct curl_slist *first = fetch->headers;

	if (!fetch->authorized)
		return;
	fetch->authorized = false;
	fetch->headers = first->next;
	first->next = NULL;
	curl_easy_setopt(fetch->easy, CURLOPT_HTTPHEADER, fetch->headers);
	curl_slist_free_all(first);
}

static void
set_method(struct web_fetch *fetch, const struct web_get *get)
{
	CURL *easy = fetch->easy;

	if (strcmp(fetch->method, "HEAD") == 0) {
		curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
	} else if (strcmp(fetch->method, "GET") != 0) {
		curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)get->body.len);
		curl_easy_setopt(
		    easy, CURLOPT_COPYPOSTFIELDS, get->body.len == 0 ? "" : get->body.at);
		curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, fetch->method);
	}
}

/* Everything that does not change from hop to hop. */
static void
set_rules(struct web_fetch *fetch)
{
	CURL *easy = fetch->easy;

	curl_easy_setopt(easy, CURLOPT_PRIVATE, fetch);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); /* no waiting for a stuck resolver */
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
	curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "crisiscover");
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, FETCH_CONNECT_MS);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 100L);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, 10L);
	curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)fetch->max_bytes);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, fetch);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, fetch);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, fetch);
}

static void
start_hop(struct web_fetch *fetch)
{
	int64_t left = fetch->ends_ms - clock_mono_ms();

	fetch->header_lines = 0;
	fetch->header_bytes = 0;
	fetch->address_refused = false;
	buf_reset(&fetch->body);
	forget_headers(fetch);
	curl_easy_setopt(fetch->easy, CURLOPT_URL, fetch->url);
	curl_easy_setopt(fetch->easy, CURLOPT_TIMEOUT_MS, (long)(left < 1 ? 1 : left));
	INVARIANT(curl_multi_add_handle(fetch->client->multi, fetch->easy) == CURLM_OK);
	fetch->added = true;
}

static void
destroy(struct web_fetch *fetch)
{
	LIST_REMOVE(fetch, entry);
	loop_timer_cancel(fetch->start_failed);
	if (fetch->added)
		curl_multi_remove_handle(fetch->client->multi, fetch->easy);
	curl_easy_cleanup(fetch->easy);
	curl_slist_free_all(fetch->headers);
	buf_free(&fetch->body);
	buf_free(&fetch->type);
	buf_free(&fetch->etag);
	buf_free(&fetch->last_modified);
	buf_free(&fetch->date);
	free(fetch->url);
	free(fetch->method);
	free(fetch);
}

static enum status
status_of(enum web_fault fault)
{
	switch (fault) {
	case WEB_FAULT_NONE:
		return STATUS_OK;
	case WEB_FAULT_URL:
	case WEB_FAULT_ADDRESS:
	case WEB_FAULT_REDIRECTS:
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
		got.body = slice_of_buf(&gone.body);
		got.type = slice_of_buf(&gone.type);
		got.etag = slice_of_buf(&gone.etag);
		got.last_modified = slice_of_buf(&gone.last_modified);
		got.date = slice_of_buf(&gone.date);
	}
	fetch->body = fetch->type = fetch->etag = fetch->last_modified = fetch->date =
	    (struct buf){0};
	destroy(fetch);
	gone.done(gone.ctx, status_of(fault), &got);
	buf_free(&gone.body);
	buf_free(&gone.type);
	buf_free(&gone.etag);
	buf_free(&gone.last_modified);
	buf_free(&gone.date);
}

/* Too slow at what? */
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

static enum web_fault
fault_of(const struct web_fetch *fetch, CURLcode result)
{
	if (fetch->fault != WEB_FAULT_NONE)
		return fetch->fault;
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
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_PEER_FAILED_VERIFICATION:
		return WEB_FAULT_TLS;
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

/* Where the answer sends us; NULL if nowhere, or if a method was asked for that must not be
 * repeated elsewhere. */
static char *
redirect_target(const struct web_fetch *fetch)
{
	long status = 0;
	char *target = NULL;

	if (strcmp(fetch->method, "GET") != 0 && strcmp(fetch->method, "HEAD") != 0)
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
	if (!redirect_same_origin(fetch->url, target))
		drop_authorization(fetch);
	next = xstrdup(target);
	free(fetch->url);
	fetch->url = next;
	start_hop(fetch);
}

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
	fetch->easy = curl_easy_init();
	INVARIANT(fetch->easy != NULL);
	LIST_INSERT_HEAD(&client->fetches, fetch, entry);
	set_rules(fetch);
	set_method(fetch, get);
	set_headers(fetch, get);
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
