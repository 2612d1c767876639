/* SPDX-License-Identifier: MIT */
#include "tests/support/scratch.h"

#if defined(__SANITIZE_ADDRESS__)
#define LEAK_CHECK 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LEAK_CHECK 1
#endif
#endif

#ifdef LEAK_CHECK
#include <sanitizer/lsan_interface.h>

static int inherited;

/* LeakSanitizer calls this at exit. The reserved name is the only hook that it has. */
int __lsan_is_turned_off(void); /* NOLINT(bugprone-reserved-identifier) */
int
__lsan_is_turned_off(void) /* NOLINT(bugprone-reserved-identifier) */
{
	return inherited;
}

void
scratch_role_begins(void)
{
	inherited = __lsan_do_recoverable_leak_check();
}
#else
void
scratch_role_begins(void)
{
}
#endif
