/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/config.h"

/*
 * What every role is given, and the steps that all roles share. The main function of a role runs in a process of
 * its own, started by the supervisor or by `crisiscoverd role NAME`. It returns its exit status when it was
 * asked to end; anything else that ends it is fatal().
 *
 * The order in every <role>_main: make the loop, take the signals (role_signals), file its figures (role_figures), open
 * what the role needs, start hints and timers, loop_run, close everything in reverse order.
 */
struct role_env {
	const struct config *config; /* its state_directory is the role's own folder */
	const char *name;            /* "api" */
	const char *state_directory; /* of all roles; NULL: the same */
	const char *conninfo;        /* of this role's own login: config database + user */
	unsigned instance;           /* 0, 1, … of the api */
	/* Of the api: the sockets at which the supervisor listens for it, its own first. */
	const int *listening;
	unsigned listening_count;
	bool waits; /* it takes the place of another process once it is ready (pulse_ready) */
};

/* The folder ${name} of the state directory of all roles: another role's, or "figures" (base/user.h). Free with free(). */
char *role_shared(const struct role_env *env, const char *name);

/* It has read what it wants to read: from here on it opens no file any more but its socket's and its figures'. */
void role_reads_no_more(const struct role_env *env);

/* Permissions of a socket between roles: where they have users of their own, those in the group of the one that listens
 * may connect. */
unsigned role_socket_mode(const struct config *config);

struct loop;

/* Files the figures of this process now and once a second (base/figures.h). ${refresh}, if it is not NULL, sets before that
 * what is not set where it happens. role_run ends it. */
void role_figures(
    struct loop *loop, const struct role_env *env, void (*refresh)(void *ctx), void *ctx);

/* SIGTERM and SIGINT stop ${loop}; SIGPIPE is ignored; SIGHUP stops it too (the supervisor starts
 * it again with the new config). */
void role_signals(struct loop *loop);

typedef int role_main_fn(const struct role_env *env);
