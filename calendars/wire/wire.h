/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

/* The longest text that crosses the border, in a request and in an answer. Internal to wire*.c. */
#define WIRE_TEXT_MAX ((size_t)64 * 1024)
