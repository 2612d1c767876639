/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/role.h"

/* The notify role; notify.c describes how the process works. */
role_main_fn notify_main;
