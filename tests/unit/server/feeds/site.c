/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/feeds/site.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static const char login_page[] =
    "<!DOCTYPE html><html><head><title>Sign in</title></head><body><form>Password</form></body>";

static void
say(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t put = send(fd, bytes, len, MSG_NOSIGNAL);

		if (put <= 0)
			return;
		bytes += put;
		len -= (size_t)put;
	}
}

static void
reply(int fd, const char *status, const char *type, const char *headers, const char *body,
    size_t announced, size_t given)
{
	char head[1024];
	int len = snprintf(head, sizeof head,
	    "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n%sConnection: close\r\n\r\n",
	    status, type, announced, headers);

	say(fd, head, (size_t)len);
	say(fd, body, given);
}

/* The text with "STAMP" replaced by the number of this request. */
static void
stamp(char *out, size_t size, const char *text, unsigned hits)
{
	const char *at = strstr(text, "STAMP");

	if (at == NULL)
		snprintf(out, size, "%s", text);
	else
		snprintf(out, size, "%.*s%05u%s", (int)(at - text), text, hits, at + 5);
}

static void
answer_collection(int fd, struct site_page *page, const char *request)
{
	bool tag = strncmp(request, "PROPFIND ", 9) == 0;
	char told[1024];

	snprintf(page->asked, sizeof page->asked, "%s", strstr(request, "\r\n\r\n") + 4);
	snprintf(told, sizeof told,
	    "<?xml version=\"1.0\"?><multistatus xmlns=\"DAV:\" xmlns:S=\"http://calendarserver.org/ns/\"><response>"
	    "<href>/c/</href><propstat><prop><S:getctag>%s</S:getctag></prop><status>HTTP/1.1 200 OK</status></propstat>"
	    "</response></multistatus>",
	    page->tag);
	if (strncmp(request, "GET ", 4) == 0)
		reply(fd, "200 OK", "text/html", "", login_page, sizeof login_page - 1,
		    sizeof login_page - 1);
	else
		reply(fd, "207 Multi-Status", "application/xml; charset=utf-8", "",
		    tag ? told : page->text, strlen(tag ? told : page->text),
		    strlen(tag ? told : page->text));
}

static void
answer(int fd, struct site_page *page, const char *request)
{
	size_t len = strlen(page->text);
	bool conditional = strstr(request, "If-None-Match:") != NULL;
	char headers[256] = "", *stamped;

	page->hits++;
	page->conditional += conditional;
	page->secrets += strstr(request, "\r\nAuthorization:") != NULL;
	if (page->wanted[0] != '\0') {
		snprintf(headers, sizeof headers, "\r\nAuthorization: %s\r\n", page->wanted);
		if (strstr(request, headers) == NULL) {
			reply(fd, "401 Unauthorized", "text/plain", "", "who?", 4, 4);
			return;
		}
		headers[0] = '\0';
	}
	if (page->tag[0] != '\0')
		snprintf(headers, sizeof headers, "ETag: \"%s\"\r\n", page->tag);
	switch (page->answer) {
	case SITE_CALENDAR:
		if (conditional && page->tag[0] != '\0' && strstr(request, page->tag) != NULL)
			reply(fd, "304 Not Modified", "text/calendar", headers, "", 0, 0);
		else
			reply(fd, "200 OK", "text/calendar", headers, page->text, len, len);
		break;
	case SITE_STAMPED:
		stamped = malloc(sizeof page->text);
		stamp(stamped, sizeof page->text, page->text, page->hits);
		reply(fd, "200 OK", "text/calendar", "", stamped, strlen(stamped), strlen(stamped));
		free(stamped);
		break;
	case SITE_ERROR:
		reply(fd, "500 Internal Server Error", "text/plain", "", "oops", 4, 4);
		break;
	case SITE_LOGIN:
		reply(fd, "200 OK", "text/html", "", login_page, sizeof login_page - 1,
		    sizeof login_page - 1);
		break;
	case SITE_CUT:
		reply(fd, "200 OK", "text/calendar", "", page->text, len, len / 2);
		break;
	case SITE_UNFINISHED:
		reply(fd, "200 OK", "text/calendar", "", page->text, len / 2, len / 2);
		break;
	case SITE_HANG_UP:
		break;
	case SITE_MOVED:
		snprintf(headers, sizeof headers, "Location: %.200s\r\n", page->text);
		reply(fd, "302 Found", "text/plain", headers, "", 0, 0);
		break;
	case SITE_COLLECTION:
		answer_collection(fd, page, request);
		break;
	}
}

/* With all of its body: the connection would be reset if some of it was left unread. */
static bool
is_whole(const char *request)
{
	const char *end = strstr(request, "\r\n\r\n");
	const char *announced = strstr(request, "Content-Length: ");

	return end != NULL && (announced == NULL || announced > end ||
				  strlen(end + 4) >= strtoul(announced + 16, NULL, 10));
}

static void
serve_one(struct site *site, int fd)
{
	char request[8192];
	size_t len = 0;
	ssize_t got;

	while (len < sizeof request - 1 &&
	       (got = recv(fd, request + len, sizeof request - 1 - len, 0)) > 0) {
		len += (size_t)got;
		request[len] = '\0';
		if (is_whole(request))
			break;
	}
	for (int i = 0; len > 0 && i < SITE_PAGES; i++) {
		size_t path = strlen(site->pages[i].path), method = strcspn(request, " ") + 1;

		if (path > 0 && strncmp(request + method, site->pages[i].path, path) == 0 &&
		    request[method + path] == ' ') {
			answer(fd, &site->pages[i], request);
			return;
		}
	}
	reply(fd, "404 Not Found", "text/plain", "", "", 0, 0);
}

static void
serve(struct site *site, int listener)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		struct timeval patience = {.tv_sec = 2};
		int fd = accept(listener, NULL, NULL);

		if (fd < 0)
			continue;
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
		serve_one(site, fd);
		close(fd);
	}
}

void
site_open(struct site *site)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
	    listen(listener, 64) != 0 ||
	    getsockname(listener, (struct sockaddr *)&address, &len) != 0)
		abort();
	site->port = ntohs(address.sin_port);
	site->pages = mmap(NULL, sizeof *site->pages * SITE_PAGES, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	site->pid = fork();
	if (site->pid == 0)
		serve(site, listener);
	close(listener);
}

void
site_close(struct site *site)
{
	kill(site->pid, SIGKILL);
	waitpid(site->pid, NULL, 0);
	munmap(site->pages, sizeof *site->pages * SITE_PAGES);
}

struct site_page *
site_page(struct site *site, const char *path)
{
	for (int i = 0; i < SITE_PAGES; i++) {
		struct site_page *page = &site->pages[i];

		if (strcmp(page->path, path) == 0)
			return page;
		if (page->path[0] == '\0') {
			snprintf(page->path, sizeof page->path, "%s", path);
			return page;
		}
	}
	abort();
}

void
site_put(struct site *site, const char *path, const char *tag, const char *text)
{
	struct site_page *page = site_page(site, path);

	snprintf(page->text, sizeof page->text, "%s", text);
	snprintf(page->tag, sizeof page->tag, "%s", tag != NULL ? tag : "");
	page->answer = SITE_CALENDAR;
}
