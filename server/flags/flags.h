/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/role.h"

/* The flags role; flags.c tells its story. */
role_main_fn flags_main;
