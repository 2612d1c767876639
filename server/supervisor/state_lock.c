/* SPDX-License-Identifier: MIT */
#include "server/supervisor/state_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/base/fatal.h"

#define LOCK_FILE "serve.lock"

static bool
is_same(int held, int fd)
{
	struct stat before, now;

	return held > 0 && fstat(held, &before) == 0 && fstat(fd, &now) == 0 &&
	       before.st_dev == now.st_dev && before.st_ino == now.st_ino;
}

/* Its number is for people; what counts is the lock. */
static void
say_who_has_it(const char *directory, int fd)
{
	char pid[16] = "";
	ssize_t got = pread(fd, pid, sizeof pid - 1, 0);

	pid[got > 0 ? strcspn(pid, "\n") : 0] = '\0';
	fprintf(stderr,
	    "crisiscoverd: the state directory %s is in use by another crisiscoverd serve%s%s. "
	    "End that one first, or set another state_directory.\n",
	    directory, pid[0] == '\0' ? "" : ", process ", pid);
}

static void
write_number(int fd)
{
	char *text = xasprintf("%d\n", (int)getpid());

	/* A full disk costs the number and not the lock. */
	if (ftruncate(fd, 0) != 0 || pwrite(fd, text, strlen(text), 0) < 0)
		(void)0;
	free(text);
}

int
state_lock(const char *directory, int held)
{
	char *path = xasprintf("%s/" LOCK_FILE, directory);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		fprintf(stderr,
		    "crisiscoverd: could not write in the state directory %s: %s. Make it, for the user "
		    "who runs this, or set state_directory.\n",
		    directory, strerror(errno));
	free(path);
	if (fd < 0)
		return -1;
	if (is_same(held, fd)) {
		close(fd);
		return held;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		say_who_has_it(directory, fd);
		close(fd);
		return -1;
	}
	write_number(fd);
	return fd;
}
