/* SPDX-License-Identifier: MIT */
#include "server/supervisor/handed.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "server/base/text.h"

#define VARIABLE "CRISISCOVER_HANDED"

static void
keep_on_exec(int fd)
{
	if (fd >= 0)
		fcntl(fd, F_SETFD, 0);
}

void
handed_give(const struct handed *handed)
{
	char text[64];

	keep_on_exec(handed->pulse);
	snprintf(text, sizeof text, "%d", handed->pulse);
	setenv(VARIABLE, text, 1);
}

/* -1 if the text names no open descriptor. */
static int
take_fd(struct slice text)
{
	int64_t fd;

	if (!text_int(text, 0, 1 << 20, &fd) || fcntl((int)fd, F_SETFD, FD_CLOEXEC) != 0)
		return -1;
	return (int)fd;
}

struct handed
handed_take(void)
{
	const char *text = getenv(VARIABLE);
	struct handed handed = {.pulse = text == NULL ? -1 : take_fd(slice_of(text))};

	unsetenv(VARIABLE);
	return handed;
}
