/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/role.h"

/* The feeds role; feeds.c describes how the process works. */
role_main_fn feeds_main;
