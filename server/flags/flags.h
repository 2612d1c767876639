/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/role.h"

/* The flags role; flags.c describes how the process works. */
role_main_fn flags_main;
