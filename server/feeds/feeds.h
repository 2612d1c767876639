/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/role.h"

/* The feeds role; feeds.c tells its story. */
role_main_fn feeds_main;
