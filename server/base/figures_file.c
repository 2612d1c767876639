/* SPDX-License-Identifier: MIT */
#include "server/base/figures.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/base/clock.h"
#include "server/base/fatal.h"
#include "server/base/figures_private.h"
#include "server/base/hash.h"
#include "server/base/log.h"

#define SUFFIX ".figures"
#define FIRST_LINE "crisiscover figures 1\n"
#define FILE_MAX_BYTES 16384
#define FILE_ROOM_BYTES                                                                            \
	8192 /* taken from the disk at once, so that a full one does not cut a later text */
#define READ_TRIES 20 /* writing takes microseconds */

static const char *const text_names[FIGURE_TEXTS] = {
    [FIGURE_TEXT_DATABASE] = "says_database",
    [FIGURE_TEXT_REDIS] = "says_redis",
    [FIGURE_TEXT_LAST_GOOD] = "says_last_good",
    [FIGURE_TEXT_WANTED] = "says_wanted",
};

/* Where this process files, and what the one before it has counted. */
static struct {
	int64_t before[FIGURES];
	bool known_before[FIGURES];
	char *path; /* NULL: nothing is filed */
	int fd;     /* -1: the file could not be opened yet */
	bool has;   /* the file is locked: it is ours */
	bool complained;
} own = {.fd = -1};

/* --------------------------------------------------------------------------------------------- text */

void
figures_write_text(struct buf *out, const struct figures *figures)
{
	size_t start = out->len;

	buf_add_text(out, FIRST_LINE);
	buf_printf(out, "role %s\ninstance %u\npid %" PRId64 "\nbeat %" PRId64 "\n", figures->role,
	    figures->instance, figures->pid, figures->beat_ms);
	for (int i = 0; i < FIGURES; i++)
		if (figures->known[i])
			buf_printf(out, "%s %" PRId64 "\n", figure_name(i), figures->values[i]);
	for (int i = 0; i < FIGURE_TEXTS; i++)
		if (figures->texts[i][0] != '\0')
			buf_printf(out, "%s %s\n", text_names[i], figures->texts[i]);
	buf_printf(
	    out, "end %016" PRIx64 "\n", hash_bytes(HASH_START, out->at + start, out->len - start));
}

static void
take_number(const char *name, const char *value, struct figures *out)
{
	int64_t number;

	if (!text_int(slice_of(value), INT64_MIN, INT64_MAX, &number))
		return;
	if (strcmp(name, "pid") == 0)
		out->pid = number;
	else if (strcmp(name, "beat") == 0)
		out->beat_ms = number;
	else if (strcmp(name, "instance") == 0 && number >= 0 && number <= INT16_MAX)
		out->instance = (unsigned)number;
	for (int i = 0; i < FIGURES; i++)
		if (strcmp(name, figure_name(i)) == 0) {
			out->values[i] = number;
			out->known[i] = true;
		}
}

/* What another version of the program has filed besides is passed over. */
static void
take_line(char *line, struct figures *out)
{
	char *value = strchr(line, ' ');

	if (value == NULL)
		return;
	*value++ = '\0';
	if (strcmp(line, "role") == 0)
		snprintf(out->role, sizeof out->role, "%s", value);
	for (int i = 0; i < FIGURE_TEXTS; i++)
		if (strcmp(line, text_names[i]) == 0)
			snprintf(out->texts[i], sizeof out->texts[i], "%s", value);
	take_number(line, value, out);
}

/* After the end there may be some of a longer text from before. */
bool
figures_read_text(struct slice text, struct figures *out)
{
	char *copy = xcalloc(text.len + 1, 1), *end, *rest, *line;
	uint64_t wanted;
	bool fine;

	memcpy(copy, text.at, text.len);
	end = strstr(copy, "\nend ");
	fine = end != NULL && strncmp(copy, FIRST_LINE, strlen(FIRST_LINE)) == 0 &&
	       sscanf(end, "\nend %16" SCNx64, &wanted) == 1 &&
	       hash_bytes(HASH_START, copy, (size_t)(end + 1 - copy)) == wanted;
	if (fine) {
		*out = (struct figures){0};
		*end = '\0';
		rest = copy;
		while ((line = strsep(&rest, "\n")) != NULL)
			take_line(line, out);
	}
	free(copy);
	return fine;
}

/* -------------------------------------------------------------------------------------------- reading */

/* It may be read while it is written: then the hash differs, and it is read again. */
static bool
read_fd(int fd, struct figures *out)
{
	char *text = xcalloc(FILE_MAX_BYTES, 1);
	bool fine = false;

	for (int i = 0; i < READ_TRIES && !fine; i++) {
		ssize_t got = pread(fd, text, FILE_MAX_BYTES, 0);

		fine = got > 0 && figures_read_text((struct slice){text, (size_t)got}, out);
	}
	free(text);
	return fine;
}

/* The lock is of the open file, so that asking does not disturb who has it, and closing what was opened to ask does
 * not give it up. */
static bool
is_locked(int fd)
{
	struct flock lock = {.l_type = F_RDLCK};

	return fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

static bool
take_lock(int fd)
{
	struct flock lock = {.l_type = F_WRLCK};

	return fcntl(fd, F_OFD_SETLK, &lock) == 0;
}

static void
combine(struct figures *out)
{
	*out = figures_own;
	for (int i = 0; i < FIGURES; i++) {
		bool goes_on = figure_kind(i) == FIGURE_COUNTER ||
			       (figure_kind(i) == FIGURE_KEPT && !out->known[i]);

		if (own.known_before[i] && goes_on) {
			out->values[i] += own.before[i];
			out->known[i] = true;
		}
	}
	out->lives = true;
	out->pid = getpid();
	out->beat_ms = clock_boot_ms();
}

static bool
read_file(int directory, const char *name, struct figures *out)
{
	int fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	bool fine;

	if (fd < 0)
		return false;
	fine = read_fd(fd, out);
	out->lives = fine && is_locked(fd);
	close(fd);
	return fine;
}

/* While another process has our file, its figures count: what we would show would be gone when the next process is
 * asked, which sees the file alone. */
static bool
is_own(const char *name)
{
	const char *slash = own.path == NULL ? NULL : strrchr(own.path, '/');

	return own.has && slash != NULL && strcmp(slash + 1, name) == 0;
}

static int
by_role_and_instance(const void *a, const void *b)
{
	const struct figures *one = a, *other = b;
	int order = strcmp(one->role, other->role);

	return order != 0 ? order
			  : (one->instance > other->instance) - (one->instance < other->instance);
}

static bool
has_suffix(const char *name)
{
	size_t len = strlen(name), suffix = strlen(SUFFIX);

	return len > suffix && strcmp(name + len - suffix, SUFFIX) == 0;
}

size_t
figures_read(const char *directory, struct figures *out, size_t most)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;
	size_t count = 0;

	while (dir != NULL && count < most && (entry = readdir(dir)) != NULL)
		if (has_suffix(entry->d_name) && !is_own(entry->d_name) &&
		    read_file(dirfd(dir), entry->d_name, &out[count]))
			count++;
	if (dir != NULL)
		closedir(dir);
	/* Ours also where no file can be had: this process lives, and says so itself. */
	if (count < most && own.path != NULL && (own.has || own.fd < 0))
		combine(&out[count++]);
	qsort(out, count, sizeof *out, by_role_and_instance);
	return count;
}

/* --------------------------------------------------------------------------------------------- filing */

static void
complain(const char *what)
{
	if (!own.complained)
		log_event(LOG_WARN, "figures_not_filed", LOG_STR("path", own.path),
		    LOG_STR("at", what), LOG_STR("reason", strerror(errno)));
	own.complained = true;
}

/* Counters go on from what is in it. */
static void
take_over(void)
{
	struct figures before;

	if (!read_fd(own.fd, &before))
		return;
	for (int i = 0; i < FIGURES; i++) {
		own.before[i] = before.values[i];
		own.known_before[i] = before.known[i];
	}
}

/* The process before may have ended this instant, or drain for some seconds more. */
static void
try_to_have(void)
{
	if (own.fd < 0)
		own.fd = open(own.path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (own.fd < 0) {
		complain("open");
		return;
	}
	/* Where roles have users of their own, all are in the group of the folder. */
	if (fchmod(own.fd, 0640) != 0 && errno != EPERM)
		complain("permissions");
	if (!take_lock(own.fd))
		return;
	/* Without the room it is written all the same, and cut perhaps. */
	if (posix_fallocate(own.fd, 0, FILE_ROOM_BYTES) != 0)
		complain("allocate");
	own.has = true;
	take_over();
}

void
figures_file(void)
{
	struct figures figures;
	struct buf text = {0};

	if (own.path == NULL)
		return;
	if (!own.has)
		try_to_have();
	if (!own.has)
		return;
	combine(&figures);
	figures_write_text(&text, &figures);
	if (pwrite(own.fd, text.at, text.len, 0) != (ssize_t)text.len)
		complain("write");
	else
		own.complained = false;
	buf_free(&text);
}

void
figures_open(const char *directory, const char *role, unsigned instance)
{
	snprintf(figures_own.role, sizeof figures_own.role, "%s", role);
	figures_own.instance = instance;
	own.path = xasprintf("%s/%s-%u" SUFFIX, directory, role, instance);
	figure_set(FIGURE_STARTS, 1);
	figures_file();
}

void
figures_close(bool remove)
{
	figures_file();
	if (own.has && remove)
		unlink(own.path);
	if (own.fd >= 0)
		close(own.fd);
	free(own.path);
	own.path = NULL;
	own.fd = -1;
	own.has = false;
}
