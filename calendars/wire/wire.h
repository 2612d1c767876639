/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

/* The longest text in a request or an answer; a longer one makes the message malformed. Internal to
 * wire*.c. */
#define WIRE_TEXT_MAX ((size_t)64 * 1024)
