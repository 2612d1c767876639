/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/role.h"

/* The reader role; reader.c describes how the process works. */
role_main_fn reader_main;
