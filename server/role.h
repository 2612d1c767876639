/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/config.h"

/*
 * The things that every role is given, and the steps that all roles share. A role's main runs in a
 * process of its own (fork and exec by the supervisor, or alone by `crisiscoverd role NAME`) and
 * returns its exit status when it was asked to end; whatever else ends it is fatal().
 *
 * The order in every <role>_main: view the environment, make the loop, signals (role_signals), open
 * what it needs, hints, timers, loop_run, close in reverse.
 */
struct role_env {
	const struct config *config;
	const char *name;     /* "api" */
	const char *conninfo; /* of this role's own login: config database + user */
	unsigned instance;    /* 0, 1, … of the api */
};

struct loop;

/* SIGTERM and SIGINT stop ${loop}; SIGPIPE is ignored; SIGHUP stops it too (the supervisor starts
 * it again with the new config). */
void role_signals(struct loop *loop);

typedef int role_main_fn(const struct role_env *env);
