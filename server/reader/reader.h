/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/role.h"

/* The reader role; reader.c tells its story. */
role_main_fn reader_main;
