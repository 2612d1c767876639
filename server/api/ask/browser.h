/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/api/ask/key_file.h"
#include "server/base/text.h"

/*
 * The mark of a browser in which somebody has signed in before: a signed cookie that outlives the session
 * and gives no right. It has an id of the browser, and for each account that signed in there a tag (eight
 * characters of a keyed hash). By it the tries of a known browser are counted apart from those of
 * strangers, who then cannot use them up (limits.h).
 */
#define BROWSER_COOKIE "crisiscover_browser"
#define BROWSER_COOKIE_TLS "__Host-crisiscover_browser"
#define BROWSER_ACCOUNTS 8
#define BROWSER_TAG_LEN 8
#define BROWSER_ID_LEN 12
#define BROWSER_TEXT_MAX 160
#define BROWSER_SECONDS (400 * 86400)

struct browser {
	char id[BROWSER_ID_LEN + 1]; /* empty: it has none of our marks */
	char tags[BROWSER_ACCOUNTS][BROWSER_TAG_LEN + 1];
	unsigned ntags;
};

/* Reads the mark from ${cookies}, the content of the Cookie header. Without a valid mark ${out} is empty. */
void browser_read(
    const uint8_t key[KEY_FILE_BYTES], struct slice cookies, bool tls, struct browser *out);

/* Whether ${account} has signed in from ${browser} before. */
bool browser_knows(
    const uint8_t key[KEY_FILE_BYTES], const struct browser *browser, const char *account);

/* Writes to ${out} the value of the cookie after ${account} has signed in. A browser without an id gets
 * one. */
void browser_mark(const uint8_t key[KEY_FILE_BYTES], const struct browser *browser,
    const char *account, char out[BROWSER_TEXT_MAX]);
