/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/api/ask/key_file.h"
#include "server/base/text.h"

/*
 * The mark of a browser that somebody has signed in with: a cookie of its own, which outlives the
 * session and gives no right. It says, signed, which browser it is and as whom it has signed in, so
 * that those who try from elsewhere do not use up its tries (limits.h). Of an account it holds eight
 * characters of a keyed hash.
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

/* The contents of the Cookie header. */
void browser_read(
    const uint8_t key[KEY_FILE_BYTES], struct slice cookies, bool tls, struct browser *out);

bool browser_knows(
    const uint8_t key[KEY_FILE_BYTES], const struct browser *browser, const char *account);

/* The mark of it after ${account} has signed in: the cookie's value. */
void browser_mark(const uint8_t key[KEY_FILE_BYTES], const struct browser *browser,
    const char *account, char out[BROWSER_TEXT_MAX]);
