/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <sys/socket.h>

#include "server/base/fatal.h"
#include "server/web/fetch/fetch.h"
#include "server/web/fetch/proxy.h"

/* The options and callbacks that libcurl gets for a fetch. */

#define FETCH_CONNECT_MS 5000L
#define FETCH_HEADER_LINES_MAX 100
#define FETCH_HEADER_BYTES_MAX ((size_t)64 << 10)

/* The only place that sees the address that is really connected to. CURL_SOCKET_BAD makes libcurl
 * try the next address of the name, if there is one. */
static curl_socket_t
on_open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct web_fetch *fetch = ctx;

	(void)purpose;
	/* The operator has set the proxy of the client, which is usually inside of the own network. */
	if (!(fetch->by_proxy && fetch->proxy == NULL) &&
	    !client_may_connect(fetch->client, &address->addr)) {
		fetch->address_refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* Any answer but "all taken" ends the transfer. The length is that after decompression, so that a
 * small answer cannot fill the memory. */
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

void
fetch_forget_headers(struct web_fetch *fetch)
{
	buf_reset(&fetch->type);
	buf_reset(&fetch->etag);
	buf_reset(&fetch->last_modified);
	buf_reset(&fetch->date);
	buf_reset(&fetch->age);
	buf_reset(&fetch->retry_after);
	buf_reset(&fetch->link);
	fetch->head_ended = false;
}

/* Bounded in number and size, because libcurl bounds neither tightly enough. */
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
		fetch_forget_headers(fetch); /* of an interim answer */
	/* The empty line: the head is whole. */
	fetch->head_ended |= line.len == 0;
	keep_header(&fetch->type, header_value(line, "Content-Type:"));
	keep_header(&fetch->etag, header_value(line, "ETag:"));
	keep_header(&fetch->last_modified, header_value(line, "Last-Modified:"));
	keep_header(&fetch->date, header_value(line, "Date:"));
	keep_header(&fetch->age, header_value(line, "Age:"));
	keep_header(&fetch->retry_after, header_value(line, "Retry-After:"));
	keep_header(&fetch->link, header_value(line, "Link:"));
	return size * count;
}

/* A value that is put into a header must not be able to end it. */
static bool
is_header_text(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return false;
	return true;
}

/* A value that could end the header is left out rather than changed; the request then fails at the
 * publisher and not here. */
static void
add_header(struct web_fetch *fetch, const char *name_colon, const char *value)
{
	struct buf line = {0};
	struct curl_slist *longer;

	if (value == NULL || !is_header_text(name_colon) || !is_header_text(value))
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
	add_header(fetch, "If-Match: ", get->if_match);
	add_header(fetch, "Idempotency-Key: ", get->idempotency_key);
	add_header(fetch, "Depth: ", get->depth);
	add_header(fetch, "Accept: ", get->accept == NULL ? "*/*" : get->accept);
	fetch->stays = get->headers != NULL;
	for (const char *const *line = get->headers; line != NULL && *line != NULL; line++)
		add_header(fetch, *line, "");
	add_header(fetch, "Expect:", ""); /* libcurl would wait for leave to send a body */
	if (get->body.len > 0)
		add_header(fetch, "Content-Type: ",
		    get->content_type == NULL ? "application/octet-stream" : get->content_type);
	curl_easy_setopt(fetch->easy, CURLOPT_HTTPHEADER, fetch->headers);
}

/* "" where there is none: a proxy from the environment would open the connection in our place, past
 * on_open_socket(). */
void
fetch_set_proxy(struct web_fetch *fetch)
{
	const char *proxy = fetch->proxy != NULL ? fetch->proxy : fetch->client->proxy;

	fetch->by_proxy =
	    proxy != NULL && *proxy != '\0' && proxy_may_ask(fetch->url, fetch->client->no_proxy);
	curl_easy_setopt(fetch->easy, CURLOPT_PROXY, fetch->by_proxy ? proxy : "");
	curl_easy_setopt(
	    fetch->easy, CURLOPT_PROXYUSERPWD, fetch->by_proxy ? fetch->proxy_login : NULL);
}

/* Besides those of the system: libcurl looks for the others in its folder of them, which it keeps. */
static void
set_authorities(struct web_fetch *fetch)
{
	const char *set = fetch->client->ca, *own = fetch->ca;
	struct buf both = {0};
	struct curl_blob blob = {.flags = CURL_BLOB_COPY};

	if (set == NULL && own == NULL)
		return;
	buf_printf(&both, "%s\n%s", set != NULL ? set : "", own != NULL ? own : "");
	blob.data = both.at;
	blob.len = both.len;
	curl_easy_setopt(fetch->easy, CURLOPT_CAINFO_BLOB, &blob);
	buf_free(&both);
}

/* One of them may be a secret. */
void
fetch_free_headers(struct curl_slist *headers)
{
	for (struct curl_slist *item = headers; item != NULL; item = item->next)
		explicit_bzero(item->data, strlen(item->data));
	curl_slist_free_all(headers);
}

/* Another server must not learn what was meant for the first. The list is a chain that libcurl
 * holds too: the new head is set before the old item is freed. */
void
fetch_drop_authorization(struct web_fetch *fetch)
{
	struct curl_slist *first = fetch->headers;

	if (!fetch->authorized)
		return;
	fetch->authorized = false;
	fetch->moved = true;
	fetch->headers = first->next;
	first->next = NULL;
	curl_easy_setopt(fetch->easy, CURLOPT_HTTPHEADER, fetch->headers);
	fetch_free_headers(first);
}

/* CUSTOMREQUEST changes the name alone; POSTFIELDS makes libcurl send a body. */
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
	/* A proxy has its own headers: what is meant for the server is not told to it, and its answer
	 * to CONNECT is not the server's. */
	curl_easy_setopt(easy, CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
	curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(easy, CURLOPT_PROXYAUTH, (long)CURLAUTH_BASIC);
	/* Which requests go by the proxy is decided here: set_proxy. */
	curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
	curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	/* See the top of fetch.c: each hop opens its own socket, so that each address is
	 * checked. */
	curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
	curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "crisiscover");
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, FETCH_CONNECT_MS);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 100L);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, 10L);
	/* Refuses by the announced length; on_body() by what really comes. */
	curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)fetch->max_bytes);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, fetch);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, fetch);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, fetch);
}

void
fetch_set_up(struct web_fetch *fetch, const struct web_get *get)
{
	set_rules(fetch);
	set_authorities(fetch);
	set_method(fetch, get);
	set_headers(fetch, get);
}
