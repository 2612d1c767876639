/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * A web site of rotas for tests, in a process of its own: each path answers what the test last said
 * it should, and counts its requests.
 */
enum site_answer {
	SITE_CALENDAR,   /* 200 with the page's text; 304 when asked with its tag */
	SITE_STAMPED,    /* the same, but for a stamp, and without a tag, each time */
	SITE_ERROR,      /* 500 */
	SITE_LOGIN,      /* 200 with a page that wants somebody to sign in */
	SITE_CUT,        /* breaks off in the middle of the calendar */
	SITE_UNFINISHED, /* a whole answer of half a calendar */
	SITE_HANG_UP,    /* no answer at all */
	SITE_MOVED,      /* 302 to ${text} */
	SITE_COLLECTION, /* of CalDAV: its tag to PROPFIND, and ${text} to REPORT */
};

struct site_page {
	char path[64]; /* "/duty.ics"; as a proxy is asked: "http://fenmere.example/duty.ics" */
	volatile enum site_answer answer;
	char tag[32]; /* the ETag; "": none */
	char text[16384];
	char wanted[128]; /* the Authorization that it wants, or it answers 401; "": none */
	char asked[1024]; /* the body of the last request */
	volatile unsigned hits, conditional; /* requests; those with If-None-Match */
	volatile unsigned secrets;           /* those with an Authorization */
};

enum { SITE_PAGES = 8 };

struct site {
	int pid;
	uint16_t port;
	struct site_page *pages; /* shared with the process */
};

void site_open(struct site *site);
void site_close(struct site *site);

/* The page at ${path}, made if there is none. */
struct site_page *site_page(struct site *site, const char *path);

/* Puts ${text} there under ${tag} (NULL: none). */
void site_put(struct site *site, const char *path, const char *tag, const char *text);
