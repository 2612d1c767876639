/* SPDX-License-Identifier: MIT */
#include "server/base/stack.h"

#include <execinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "server/base/civil.h"
#include "server/base/clock.h"

/*
 * What runs in the handler is async-signal-safe: the process may have been interrupted anywhere, in malloc() too.
 * So the line is made in memory that is kept for it, and no function of the log is called. backtrace() loads a
 * library at its first call, which is made before.
 */
#define FRAMES_MAX 48
#define LINE_MAX_BYTES 16384 /* less than a pipe holds */
#define LINE_END "]}\n"

static struct {
	char role[32];
	pid_t pid;
	size_t len;
	char line[LINE_MAX_BYTES];
} stack;

static void
put_text(const char *text)
{
	while (*text != '\0' && stack.len < sizeof stack.line)
		stack.line[stack.len++] = *text++;
}

/* The fields that every line of the log has (log.c). */
static void
put_head(void)
{
	char at[CIVIL_RFC3339_MAX];

	civil_rfc3339(clock_wall(), at);
	put_text("{\"at\":\"");
	put_text(at);
	put_text("\",\"level\":\"error\",\"role\":\"");
	put_text(stack.role);
	put_text("\",\"event\":\"stack\",\"frames\":[");
}

/* A byte of the list, which has a frame a line. What JSON would want escaped stands in none of our paths. */
static void
put_byte(char byte, bool *in_frame, bool *first)
{
	char text[] = {byte, '\0'};

	if (byte == '\n') {
		put_text(*in_frame ? "\"" : "");
		*in_frame = false;
		return;
	}
	if (!*in_frame)
		put_text(*first ? "\"" : ",\"");
	*in_frame = true;
	*first = false;
	put_text((unsigned char)byte < ' ' || byte == '"' || byte == '\\' ? "?" : text);
}

/* backtrace_symbols_fd() writes to a descriptor only, so that its text goes through a pipe. If there is no pipe,
 * the text goes to the log as it is: that is better than none. */
static void
put_frames(void)
{
	void *frames[FRAMES_MAX];
	int count = backtrace(frames, FRAMES_MAX), ends[2];
	bool in_frame = false, first = true;
	char byte;

	if (pipe(ends) != 0) {
		backtrace_symbols_fd(frames, count, STDERR_FILENO);
		return;
	}
	backtrace_symbols_fd(frames, count, ends[1]);
	close(ends[1]);
	while (stack.len < sizeof stack.line - 512 && read(ends[0], &byte, 1) == 1)
		put_byte(byte, &in_frame, &first);
	put_text(in_frame ? "\"" : "");
}

static void
on_abort(int number)
{
	ssize_t ignored;

	signal(number, SIG_DFL);
	if (getpid() == stack.pid) {
		put_head();
		put_frames();
		put_text(LINE_END);
		ignored = write(STDERR_FILENO, stack.line, stack.len);
		(void)ignored;
	}
	raise(number);
}

void
stack_on_abort(const char *role)
{
	struct sigaction action = {.sa_handler = on_abort};
	void *frame;

	snprintf(stack.role, sizeof stack.role, "%s", role);
	stack.pid = getpid();
	(void)backtrace(&frame, 1);
	sigemptyset(&action.sa_mask);
	sigaction(SIGABRT, &action, NULL);
}
