/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "server/base/text.h"

/*
 * The text of an SMS. It goes as GSM-7 (3GPP TS 23.038: 160 characters, or 153 in each of several parts) if every character is of that alphabet, else as UCS-2
 * (70, or 67). Each part costs money, so that typographic characters are written as their plain ones, and a text that is too long is cut. Pure.
 */

struct sms_size {
	bool ucs2;
	unsigned units; /* septets, or 16-bit units */
	unsigned parts;
};

struct sms_size sms_measure(struct slice text);

/* "+447700900123" of "+44 7700 900123"; false if it is no number in the international form. ${out} has SMS_NUMBER_MAX bytes. */
#define SMS_NUMBER_MAX 17
bool sms_number(const char *text, char out[SMS_NUMBER_MAX]);

/*
 * Appends ${text}, and ${link} (or NULL) in a line of its own, in at most ${parts} parts. What does not fit is cut from the end of ${text}, at a blank, and "..."
 * stands there: never within a word, and never within a number ("020 7946 0018" is one, a time or a date as well), for half a number is a wrong one.
 * The link is left out rather than cut.
 */
void sms_write(struct buf *out, struct slice text, const char *link, unsigned parts);
