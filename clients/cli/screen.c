/* SPDX-License-Identifier: MIT */
#include "clients/cli/screen.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* More than a character has, or a line's end. */
#define HELD_MAX 4

struct screen {
	int fd;
	char held
	    [HELD_MAX]; /* the begin of a character, or of a line's end, whose rest is not written yet */
	size_t nheld;
};

/* Whether the bytes at the end of ${text} may be completed by what is written next. */
static bool
may_go_on(struct slice text, const struct text_hidden *found)
{
	size_t left = text.len - found->at;

	if (found->point == '\r')
		return left == 1;
	/* A lead byte and as many of the bytes after it as there are: "e2 80". */
	return found->point == TEXT_NOT_UTF8 && left < HELD_MAX &&
	       (unsigned char)text.at[found->at] >= 0xc2;
}

static void
add_hidden(struct buf *out, struct slice text, const struct text_hidden *found)
{
	bool crlf =
	    found->point == '\r' && found->at + 1 < text.len && text.at[found->at + 1] == '\n';

	if (found->point == '\n' || found->point == '\t' || crlf)
		buf_add(out, text.at + found->at, 1);
	else
		buf_add(out, "\xef\xbf\xbd", 3);
}

size_t
screen_add(struct buf *out, struct slice text, bool more)
{
	size_t taken = 0;

	while (text.len > 0) {
		struct text_hidden found = text_find_hidden(text);
		size_t passed = found.at + found.len;

		buf_add(out, text.at, found.at);
		if (more && found.len > 0 && may_go_on(text, &found))
			return taken + found.at;
		if (found.len > 0)
			add_hidden(out, text, &found);
		taken += passed;
		text = (struct slice){text.at + passed, text.len - passed};
	}
	return taken;
}

/* ------------------------------------------------------------------------------------ streams */

static bool
write_all(int fd, struct slice bytes)
{
	while (bytes.len > 0) {
		ssize_t written = write(fd, bytes.at, bytes.len);

		if (written < 0 && errno != EINTR)
			return false;
		if (written > 0)
			bytes = (struct slice){bytes.at + written, bytes.len - (size_t)written};
	}
	return true;
}

static ssize_t
on_write(void *cookie, const char *bytes, size_t len)
{
	struct screen *screen = cookie;
	struct buf text = {0}, out = {0};
	size_t taken;
	bool fine;

	buf_add(&text, screen->held, screen->nheld);
	buf_add(&text, bytes, len);
	taken = screen_add(&out, (struct slice){text.at, text.len}, true);
	screen->nheld = text.len - taken;
	memcpy(screen->held, text.at + taken, screen->nheld);
	fine = write_all(screen->fd, (struct slice){out.at, out.len});
	buf_free(&text);
	buf_free(&out);
	/* As fopencookie(3) has it, 0 and not -1 says that it failed. */
	return fine ? (ssize_t)len : 0;
}

static void
show_on(FILE **stream, int fd, struct screen *screen)
{
	FILE *shown;

	*screen = (struct screen){.fd = fd};
	shown = fopencookie(screen, "w", (cookie_io_functions_t){.write = on_write});
	/* Without memory for a stream nothing can be printed in any case. */
	if (shown == NULL)
		return;
	/* As the streams that they stand for. */
	setvbuf(shown, NULL, fd == STDERR_FILENO ? _IONBF : isatty(fd) ? _IOLBF : _IOFBF, BUFSIZ);
	*stream = shown;
}

void
screen_open(void)
{
	static struct screen out, err;

	fflush(stdout);
	fflush(stderr);
	show_on(&stdout, STDOUT_FILENO, &out);
	show_on(&stderr, STDERR_FILENO, &err);
}
