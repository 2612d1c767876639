/* SPDX-License-Identifier: MIT */
#include "server/api/ask/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/base/fatal.h"
#include "server/base/file.h"

/* Synced before it is linked: if the key were lost in a crash, every cookie that was made with
 * it would be invalid. */
static bool
write_key(const char *path, const uint8_t key[KEY_FILE_BYTES])
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool whole;

	if (fd < 0)
		return false;
	whole = write(fd, key, KEY_FILE_BYTES) == KEY_FILE_BYTES && fsync(fd) == 0;
	close(fd);
	return whole;
}

/* Several processes start at once: each writes a file of its own, and the one whose link comes
 * first has made the key. */
static void
make_key(const char *path)
{
	uint8_t key[KEY_FILE_BYTES];
	char *own = xasprintf("%s.%ld", path, (long)getpid());

	randombytes_buf(key, sizeof key);
	/* Left over from a process with the same number that was killed. */
	(void)unlink(own);
	if (write_key(own, key))
		/* A failure means that another process was first, whose key is read then. */
		(void)!link(own, path);
	(void)unlink(own);
	sodium_memzero(key, sizeof key);
	free(own);
}

/* A file of another length is not a key, and is not replaced: link() fails, and the process does
 * not start. */
static bool
read_key(const char *path, uint8_t key[KEY_FILE_BYTES])
{
	char *bytes;
	size_t len;
	bool whole;

	if (file_read(path, KEY_FILE_BYTES, &bytes, &len) != STATUS_OK)
		return false;
	whole = len == KEY_FILE_BYTES;
	if (whole)
		memcpy(key, bytes, len);
	/* The bytes of file_read() are ordinary memory, which may be given to somebody else. */
	sodium_memzero(bytes, len);
	free(bytes);
	return whole;
}

enum status
key_file_open(const char *directory, const char *name, uint8_t key[KEY_FILE_BYTES])
{
	char *path = xasprintf("%s/%s", directory, name);
	bool whole = read_key(path, key);

	/* Read again after it was made: the key that counts is the one in the file, perhaps another
	 * process's. */
	if (!whole) {
		make_key(path);
		whole = read_key(path, key);
	}
	free(path);
	return whole ? STATUS_OK : STATUS_GONE;
}
