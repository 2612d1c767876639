/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "server/base/sandbox.h"

/*
 * Shuts every door of this process irrevocably, leaving ${*fd} as the only descriptor; it gets
 * another number, written as soon as it has it. False if a door would not shut; the process must
 * then not touch a byte of input. For sandbox.c only.
 */
bool sandbox_shut_doors(int *fd, const struct sandbox_limits *limits);
