/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "server/base/fatal.h"
#include "server/base/file.h"
#include "server/base/text.h"
#include "tests/fuzz/fuzz.h"

/* Stands in for libFuzzer: every seed as it is, cut at every byte of its start, and with bytes
 * changed, the same way each time. */

#define SEED_MAX_BYTES ((size_t)1 << 20)
#define CUTS 300
/* Readings are slow under sanitizers: a target is given so much processor time for the changes of
 * all its seeds. To search for faults is the work of tests/fuzz/run; this shows that the target and
 * its seeds still work together. */
#define CHANGES 20000
#define SECONDS 1

static clock_t enough;

static uint64_t random_state = 88172645463325252u;

static uint64_t
next_random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

/* In memory of exactly its size, so that a byte read too far is seen. */
static void
run(const char *bytes, size_t len)
{
	uint8_t *copy = xmalloc(len);

	memcpy(copy, bytes, len);
	LLVMFuzzerTestOneInput(copy, len);
	free(copy);
}

static void
run_changed(const char *bytes, size_t len)
{
	char *changed = xmalloc(len);

	memcpy(changed, bytes, len);
	for (uint64_t n = next_random() % 4 + 1; n > 0; n--)
		changed[next_random() % len] = (char)next_random();
	run(changed, len);
	free(changed);
}

static void
run_seed(const char *path)
{
	char *bytes;
	size_t len;

	if (file_read(path, SEED_MAX_BYTES, &bytes, &len) != STATUS_OK)
		fatal("could not read %s", path);
	run(bytes, len);
	for (size_t cut = 0; cut < len && cut < CUTS; cut++)
		run(bytes, cut);
	for (int i = 0; len > 0 && i < CHANGES && clock() < enough; i++)
		run_changed(bytes, len);
	free(bytes);
}

int
main(int argc, char **argv)
{
	DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
	struct dirent *entry;
	unsigned seeds = 0, total = 0;

	if (folder == NULL)
		fatal("usage: %s FOLDER-OF-SEEDS", argv[0]);
	while ((entry = readdir(folder)) != NULL)
		total += entry->d_name[0] != '.';
	rewinddir(folder);
	while ((entry = readdir(folder)) != NULL) {
		struct buf path = {0};

		if (entry->d_name[0] == '.')
			continue;
		buf_printf(&path, "%s/%s", argv[1], entry->d_name);
		/* Each seed has its share. */
		enough = clock() + SECONDS * CLOCKS_PER_SEC / (clock_t)total;
		run_seed(path.at);
		buf_free(&path);
		seeds++;
	}
	closedir(folder);
	printf("%u seeds\n", seeds);
	return seeds > 0 ? 0 : 1;
}
