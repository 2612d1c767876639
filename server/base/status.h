/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * Six outcomes, chosen by what the caller should do next, not by cause; the cause goes into a log
 * line or a finding. Out-parameters of a fallible function are written only on STATUS_OK.
 */
enum status {
	STATUS_OK = 0,
	STATUS_AGAIN,     /* nobody's fault; try later */
	STATUS_REFUSED,   /* the other side refused; do not repeat */
	STATUS_MALFORMED, /* their bytes make no sense */
	STATUS_LIMIT,     /* too big, too many or too slow for us */
	STATUS_GONE,      /* what was asked for no longer exists */
};

#define MUST_USE __attribute__((warn_unused_result))

/* The name of ${st} for logs: "ok", "again", "refused", "malformed", "limit", "gone". Static
 * memory. */
const char *status_name(enum status st);
