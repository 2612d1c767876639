/* SPDX-License-Identifier: MIT */
#pragma once

#include <libpq-fe.h>

#include "server/coverage/setup.h"

/* Sweeps of England, which ${conn} is a superuser's connection to, in memory and in SQL; prints. */
void bench_sweeps(PGconn *conn, const struct setup_tools *context);
