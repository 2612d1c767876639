/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

#include <stdint.h>

/*
 * One line of JSON an event on stderr:
 * {"at":"2026-11-22T03:10:00.123Z","level":"info","role":"feeds","event":"feed_fetched",…}.
 * ${event} is a constant in past tense. Values are codes, numbers and our own words: never a name,
 * a phone number, a feed URL or text from a feed. A field is cut at 1 KB.
 *
 *   log_event(LOG_INFO, "feed_fetched", LOG_STR("rota", rota), LOG_INT("bytes", n));
 */
enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR, LOG_LEVELS };
enum log_level log_level_of(const char *name); /* of "debug", "info", …; LOG_LEVELS: none */

struct log_field {
	const char *key;
	enum { LOG_FIELD_STR, LOG_FIELD_INT } type;
	union {
		const char *str; /* NULL is logged as null */
		int64_t num;
	};
};

#define LOG_STR(k, v) ((struct log_field){.key = (k), .type = LOG_FIELD_STR, .str = (v)})
#define LOG_INT(k, v) ((struct log_field){.key = (k), .type = LOG_FIELD_INT, .num = (v)})

/* Names this process in every line from now on, and the least level that is written. */
void log_open(const char *role, enum log_level least);

void log_write(
    enum log_level level, const char *event, const struct log_field *fields, unsigned count);

#define log_event(level, ...) LOG_PICK_(level, __VA_ARGS__)
#define LOG_PICK_(level, event, ...)                                                               \
	log_write((level), (event), (const struct log_field[]){__VA_ARGS__},                       \
	    sizeof((const struct log_field[]){__VA_ARGS__}) / sizeof(struct log_field))
/* log_event needs at least one field; an event without any has log_plain. */
#define log_plain(level, event) log_write((level), (event), NULL, 0)
