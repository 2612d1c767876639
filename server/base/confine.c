/* SPDX-License-Identifier: MIT */
#include "server/base/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "server/base/fatal.h"
#include "server/base/log.h"

void
confine_cores(void)
{
	const struct rlimit none = {0, 0};

	if (setrlimit(RLIMIT_CORE, &none) != 0)
		fatal("could not switch core dumps off: %s", strerror(errno));
}

void
confine_memory(void)
{
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		fatal("could not close this process's memory: %s", strerror(errno));
}

/* ------------------------------------------------------------------------------------------ files */

#define READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define TRUNCATE (UINT64_C(1) << 14) /* of Linux 6.2, later than Debian 12's headers */
#define TRUNCATE_ABI 3
#define WRITE                                                                                      \
	(LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |                           \
	    LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR |                         \
	    LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK)
/* No role does it. */
#define NEVER                                                                                      \
	(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_MAKE_CHAR |                               \
	    LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |                         \
	    LANDLOCK_ACCESS_FS_MAKE_SYM)

/* libc has no functions for it. */
static int
new_ruleset(uint64_t handled)
{
	const struct landlock_ruleset_attr rules = {.handled_access_fs = handled};

	return (int)syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0);
}

/* Of a file that is no folder only the rights of files are taken. */
static void
allow(int ruleset, const char *path, uint64_t rights)
{
	struct landlock_path_beneath_attr rule = {.allowed_access = rights};
	int fd = open(path, O_PATH | O_CLOEXEC);

	if (fd < 0)
		return;
	rule.parent_fd = fd;
	if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0)
		fatal("could not allow %s: %s", path, strerror(errno));
	close(fd);
}

void
confine_files(const char *const *folders, bool reads)
{
	int version =
	    (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	uint64_t truncate = version >= TRUNCATE_ABI ? TRUNCATE : 0;
	uint64_t handled = WRITE | NEVER | truncate | (reads ? 0 : READ);
	int ruleset;

	if (version < 1) {
		log_event(LOG_INFO, "files_not_confined",
		    LOG_STR("reason", "the kernel has no Landlock, or it is switched off"));
		return;
	}
	ruleset = new_ruleset(handled);
	if (ruleset < 0)
		fatal("could not confine files: %s", strerror(errno));
	for (; *folders != NULL; folders++)
		allow(ruleset, *folders, (WRITE | READ | truncate) & handled);
	allow(ruleset, "/dev/null", LANDLOCK_ACCESS_FS_WRITE_FILE);
	/* What a process asks the kernel about itself (linked.h). Of others it tells those of one user alone, and no memory. */
	if (!reads)
		allow(ruleset, "/proc", READ);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    syscall(SYS_landlock_restrict_self, ruleset, 0) != 0)
		fatal("could not confine files: %s", strerror(errno));
	close(ruleset);
	log_event(LOG_INFO, "files_confined", LOG_INT("landlock", version));
}
