/* SPDX-License-Identifier: MIT */
#pragma once

/* The version of the programs, as "0.1.0". It is in one place: project() in the top CMakeLists.txt,
 * which compiles it into version.c. */
const char *version_text(void);
