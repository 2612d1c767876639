/* SPDX-License-Identifier: MIT */
#include "server/api/openapi.h"

/* The description is part of the program, so that the two cannot be of different versions.
 * OPENAPI_FILE comes from CMakeLists.txt. */
__asm__(".pushsection .rodata\n"
	".global openapi_begin\n"
	".global openapi_end\n"
	"openapi_begin:\n"
	".incbin \"" OPENAPI_FILE "\"\n"
	"openapi_end:\n"
	".byte 0\n"
	".popsection\n");

extern const char openapi_begin[], openapi_end[];

struct slice
openapi_text(void)
{
	return (struct slice){openapi_begin, (size_t)(openapi_end - openapi_begin)};
}
