/* SPDX-License-Identifier: MIT */
#include "server/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "server/base/fatal.h"
#include "server/base/text.h"

#define READ_STEP_BYTES 65536

/* Appends all that ${fd} gives to ${buf}, one byte past ${max} at most. */
static bool
read_all(int fd, size_t max, struct buf *buf)
{
	char *piece = xmalloc(READ_STEP_BYTES);
	ssize_t got;

	do {
		got = read(fd, piece, READ_STEP_BYTES);
		if (got > 0)
			buf_add(buf, piece, (size_t)got);
		/* Not by the size that stat() gives: it may grow, and files of /proc have none. */
	} while ((got > 0 && buf->len <= max) || (got < 0 && errno == EINTR));
	free(piece);
	return got >= 0;
}

enum status
file_read(const char *path, size_t max, char **bytes, size_t *len)
{
	struct buf buf = {0};
	/* Not inherited by children: each descriptor here is one that a child would hold open. */
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool whole;

	if (fd < 0)
		return STATUS_GONE;
	/* So that an empty file gives an empty text and not NULL. */
	buf_add(&buf, "", 0);
	whole = read_all(fd, max, &buf);
	close(fd);
	if (!whole || buf.len > max) {
		buf_free(&buf);
		return whole ? STATUS_LIMIT : STATUS_GONE;
	}
	*bytes = buf.at;
	*len = buf.len;
	return STATUS_OK;
}

enum status
file_read_secret(const char *path, unsigned closed_to, size_t max, char **bytes, size_t *len)
{
	struct stat found;

	if (stat(path, &found) != 0)
		return STATUS_GONE;
	/* systemd lets a unit's user read a credential by an access list, whose mask stands where the permissions of the
	 * group do; the group is root's. */
	if (found.st_uid == 0 && found.st_gid == 0 &&
	    getxattr(path, "system.posix_acl_access", NULL, 0) > 0)
		closed_to &= ~(unsigned)S_IRGRP;
	if ((found.st_mode & closed_to) != 0)
		return STATUS_REFUSED;
	return file_read(path, max, bytes, len);
}

static bool
write_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t put = write(fd, bytes, len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return false;
		bytes += put;
		len -= (size_t)put;
	}
	return true;
}

/* An administrator who replaces a file of another user as root leaves it to that user; a new one is of the user whose
 * folder it is in. Only by the descriptor: that user may change what the path leads to at any moment. */
static bool
give_to_its_user(int fd, const char *path)
{
	char *folder;
	const char *slash;
	struct stat of;
	bool found;

	if (geteuid() != 0)
		return true;
	folder = xstrdup(path);
	slash = strrchr(folder, '/');
	folder[slash == NULL || slash == folder ? 0 : slash - folder] = '\0';
	found = lstat(path, &of) == 0 || lstat(folder[0] != '\0' ? folder
					       : slash == NULL   ? "."
								 : "/",
					     &of) == 0;
	free(folder);
	return found && fchown(fd, of.st_uid, of.st_gid) == 0;
}

static bool
fill(int fd, const void *bytes, size_t len, unsigned mode)
{
	/* The mode before the first byte, so that a secret is never readable by others; on disk
	 * before the rename, so that the name never points to an empty file. */
	return fchmod(fd, mode) == 0 && write_all(fd, bytes, len) && fsync(fd) == 0;
}

/* The folder's own entry must be on disk too, or the rename may be lost. */
static bool
sync_folder(const char *path)
{
	char *folder = xstrdup(path);
	char *slash = strrchr(folder, '/');
	bool done = false;
	int fd;

	/* In the root folder: the name of the folder is the slash itself. */
	if (slash == folder)
		slash++;
	if (slash != NULL)
		*slash = '\0';
	fd = open(slash == NULL ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		done = fsync(fd) == 0;
		close(fd);
	}
	free(folder);
	return done;
}

/* Writes a file beside ${path}, with a name of its own, which is put into ${name}. On failure none is left, and
 * errno is the reason. */
static bool
write_beside(struct buf *name, const char *path, struct slice bytes, unsigned mode)
{
	bool filled;
	int fd, cause;

	buf_printf(name, "%s.XXXXXX", path);
	/* In the same folder, because rename() is atomic only within one file system. */
	fd = mkostemp(name->at, O_CLOEXEC);
	if (fd < 0)
		return false;
	filled = give_to_its_user(fd, path) && fill(fd, bytes.at, bytes.len, mode);
	cause = errno;
	/* NFS and quotas report some errors at close() only. */
	if (close(fd) != 0 && filled) {
		filled = false;
		cause = errno;
	}
	if (!filled)
		unlink(name->at);
	errno = cause;
	return filled;
}

/* Gives the file ${path}, if there is one, a second name, so that it outlives its replacement. */
static bool
hold(const char *path, const char *second)
{
	/* Of a process that was killed here. */
	if (unlink(second) != 0 && errno != ENOENT)
		return false;
	return link(path, second) == 0 || errno == ENOENT;
}

static bool
put_in_place(const char *new, const char *path, const char *former)
{
	struct buf held = {0};
	bool done;

	if (former == NULL)
		return rename(new, path) == 0;
	buf_printf(&held, "%s.new", former);
	/* The oldest goes last: wherever this is cut off, two whole files are left under their names. */
	done = hold(path, held.at) && rename(new, path) == 0 &&
	       (rename(held.at, former) == 0 || errno == ENOENT);
	buf_free(&held);
	return done;
}

enum status
file_replace_keeping(
    const char *path, const char *former, const void *bytes, size_t len, unsigned mode)
{
	struct buf beside = {0};
	enum status st = STATUS_AGAIN;
	int cause;

	if (write_beside(&beside, path, (struct slice){bytes, len}, mode)) {
		if (put_in_place(beside.at, path, former) && sync_folder(path))
			st = STATUS_OK;
		/* unlink() changes errno, and the caller prints the reason of the failure. */
		cause = errno;
		if (st != STATUS_OK)
			unlink(beside.at);
		errno = cause;
	}
	buf_free(&beside);
	return st;
}

enum status
file_replace(const char *path, const void *bytes, size_t len, unsigned mode)
{
	return file_replace_keeping(path, NULL, bytes, len, mode);
}
