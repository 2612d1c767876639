/* SPDX-License-Identifier: MIT */
#include "server/base/log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "server/base/clock.h"
#include "server/base/text.h"

#define LOG_VALUE_MAX_BYTES 1024

/* The one place that every module writes to without being handed it. */
static struct {
	char role[32];
	enum log_level least;
	unsigned dropped; /* lines that stderr would not take */
} log_state = {.least = LOG_INFO};

static const char *const level_names[LOG_LEVELS] = {
    [LOG_DEBUG] = "debug",
    [LOG_INFO] = "info",
    [LOG_WARN] = "warn",
    [LOG_ERROR] = "error",
};

enum log_level
log_level_of(const char *name)
{
	int level = 0;

	while (level < LOG_LEVELS && strcmp(level_names[level], name) != 0)
		level++;
	return (enum log_level)level;
}

void
log_open(const char *role, enum log_level least)
{
	snprintf(log_state.role, sizeof log_state.role, "%s", role);
	log_state.least = least;
}

static void
add_time(struct buf *line)
{
	int64_t now_us = clock_wall_us();
	time_t seconds = (time_t)(now_us / 1000000);
	struct tm tm;

	/* UTC, whatever TZ says, so that logs of several machines can be laid side by side. */
	gmtime_r(&seconds, &tm);
	buf_printf(line, "{\"at\":\"%04d-%02d-%02dT%02d:%02d:%02d.%03dZ\"", tm.tm_year + 1900,
	    tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
	    (int)(now_us / 1000 % 1000));
}

/* At most LOG_VALUE_MAX_BYTES of ${string}, not ending within a character. */
static struct slice
cut(const char *string)
{
	size_t len = strnlen(string, LOG_VALUE_MAX_BYTES + 1);

	if (len > LOG_VALUE_MAX_BYTES) {
		len = LOG_VALUE_MAX_BYTES;
		/* A character has at most three bytes after its first. */
		for (int back = 0; back < 3 && ((unsigned char)string[len] & 0xc0) == 0x80; back++)
			len--;
	}
	return (struct slice){string, len};
}

static void
add_field(struct buf *line, const char *key, const struct log_field *field)
{
	buf_add(line, ",", 1);
	buf_add_json_string(line, slice_of(key));
	buf_add(line, ":", 1);
	/* Numbers as numbers, so that programs can compare them. */
	if (field->type == LOG_FIELD_INT)
		buf_printf(line, "%lld", (long long)field->num);
	else if (field->str == NULL)
		buf_add_text(line, "null");
	else
		buf_add_json_string(line, cut(field->str));
}

void
log_write(enum log_level level, const char *event, const struct log_field *fields, unsigned count)
{
	struct buf line = {0};
	ssize_t written;
	/* Callers log between a call that failed and reading errno. */
	int saved_errno = errno;

	if (level < log_state.least)
		return;
	add_time(&line);
	add_field(&line, "level", &LOG_STR("level", level_names[level]));
	if (log_state.role[0] != '\0')
		add_field(&line, "role", &LOG_STR("role", log_state.role));
	add_field(&line, "event", &LOG_STR("event", event));
	for (unsigned i = 0; i < count; i++)
		add_field(&line, fields[i].key, &fields[i]);
	/* The next line that gets through says how many did not. */
	if (log_state.dropped > 0)
		add_field(&line, "dropped_lines", &LOG_INT("dropped_lines", log_state.dropped));
	buf_add(&line, "}\n", 2);
	/* One write a line: lines of several processes on one pipe do not mix, and a full disk or a
	 * pipe that would block costs lines, never the service. */
	written = write(STDERR_FILENO, line.at, line.len);
	log_state.dropped = written == (ssize_t)line.len ? 0 : log_state.dropped + 1;
	buf_free(&line);
	errno = saved_errno;
}
