/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "server/base/text.h"

#define PATIENCE_SECONDS 120

static int
connect_to(int port)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	struct timeval patience = {.tv_sec = PATIENCE_SECONDS};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

static void
send_all(int fd, struct slice bytes)
{
	while (bytes.len > 0) {
		ssize_t sent = send(fd, bytes.at, bytes.len, MSG_NOSIGNAL);

		if (sent <= 0)
			return;
		bytes.at += sent;
		bytes.len -= (size_t)sent;
	}
}

static void
send_ask(int fd, const struct http_ask *ask)
{
	struct buf out = {0};

	buf_printf(&out, "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n",
	    ask->method ? ask->method : "GET", ask->path, ask->port);
	if (ask->token != NULL)
		buf_printf(&out, "Authorization: Bearer %s\r\n", ask->token);
	if (ask->headers != NULL)
		buf_add_text(&out, ask->headers);
	if (ask->body != NULL)
		buf_printf(&out, "Content-Type: %s\r\nContent-Length: %zu\r\n",
		    ask->type ? ask->type : "application/json", strlen(ask->body));
	buf_add_text(&out, "\r\n");
	if (ask->body != NULL)
		buf_add_text(&out, ask->body);
	send_all(fd, (struct slice){out.at, out.len});
	buf_free(&out);
}

/* An answer without an end: its first event is enough. */
static bool
is_heard(const struct buf *in)
{
	const char *body = strstr(in->at, "\r\n\r\n"), *first;

	if (body == NULL || strcasestr(in->at, "content-type: text/event-stream") == NULL)
		return false;
	first = strstr(body, "\nevent: ");
	return first != NULL && strstr(first + 1, "\n\n") != NULL;
}

int
http_begin(const struct http_ask *ask)
{
	int fd = connect_to(ask->port);

	if (fd >= 0)
		send_ask(fd, ask);
	return fd;
}

struct http_reply
http(const struct http_ask *ask)
{
	struct http_reply reply = {0};
	struct buf in = {0};
	char piece[16384], *end;
	ssize_t got;
	int fd = http_begin(ask);

	if (fd < 0)
		return reply;
	while ((got = recv(fd, piece, sizeof piece, 0)) > 0) {
		buf_add(&in, piece, (size_t)got);
		if (is_heard(&in))
			break;
	}
	close(fd);
	end = in.at ? strstr(in.at, "\r\n\r\n") : NULL;
	if (end != NULL && sscanf(in.at, "HTTP/1.1 %d", &reply.status) == 1) {
		reply.head = strndup(in.at, (size_t)(end - in.at) + 2);
		reply.body = strdup(end + 4);
		reply.json = json_loads(reply.body, JSON_REJECT_DUPLICATES, NULL);
	}
	buf_free(&in);
	return reply;
}

void
http_free(struct http_reply *reply)
{
	free(reply->head);
	free(reply->body);
	json_decref(reply->json);
	*reply = (struct http_reply){0};
}

char *
http_header(const struct http_reply *reply, const char *name)
{
	size_t len = strlen(name);

	for (const char *line = reply->head; line != NULL && *line != '\0';) {
		const char *end = strstr(line, "\r\n");

		if (end == NULL)
			break;
		if (strncasecmp(line, name, len) == 0 && line[len] == ':')
			return strndup(line + len + 2, (size_t)(end - line) - len - 2);
		line = end + 2;
	}
	return NULL;
}

static const json_t *
walk(const json_t *json, const char *path)
{
	char key[128];

	while (json != NULL && *path != '\0') {
		size_t len = strcspn(path, ".");

		snprintf(key, sizeof key, "%.*s", (int)len, path);
		json = json_is_array(json) ? json_array_get(json, (size_t)atoi(key))
					   : json_object_get(json, key);
		path += len + (path[len] == '.');
	}
	return json;
}

const char *
http_at(const struct http_reply *reply, const char *path)
{
	static char ring[8][512];
	static unsigned next;
	const json_t *json = walk(reply->json, path);
	char *text = ring[next++ % 8], *dumped;

	if (json == NULL) {
		snprintf(text, sizeof ring[0], "(none)");
	} else if (json_is_string(json)) {
		snprintf(text, sizeof ring[0], "%s", json_string_value(json));
	} else {
		dumped = json_dumps(json, JSON_ENCODE_ANY | JSON_COMPACT);
		snprintf(text, sizeof ring[0], "%s", dumped);
		free(dumped);
	}
	return text;
}
