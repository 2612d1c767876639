/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

/* In place of _exit, which would take the input that broke an invariant along. */
_Noreturn void __wrap__exit(int status);

_Noreturn void
__wrap__exit(int status)
{
	(void)status;
	abort();
}
