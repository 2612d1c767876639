/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/coverage/setup.h"

/*
 * The processes of a world. Coverage and flags run the product's cycle.c and publisher.c, wired as
 * their main programs do; a subscriber runs watch_follow.c.
 */
struct role;

/* Starts the role, and starts it again some time after each kill. */
struct role *role_coverage(unsigned number, const struct setup_tools *context);
struct role *role_flags(unsigned number);
void role_free(struct role *role);

/* SIGKILL; SIGSTOP for some time; all connections break; whether it is running. */
void role_kill(struct role *role, int64_t back_after_us);
void role_freeze(struct role *role, int64_t us);
void role_cut(struct role *role);
bool role_runs(const struct role *role);

/* Runs the nightly self-check of coverage now. */
void role_check_all(struct role *role);

struct subscriber;
struct subscriber *subscriber_new(unsigned number);
void subscriber_free(struct subscriber *subscriber);
void subscriber_kill(struct subscriber *subscriber);
void subscriber_cut(struct subscriber *subscriber);

/* Whether it has received everything, knows that it has, and its state is the open gaps of the
 * database; else why not. */
bool subscriber_settled(const struct subscriber *subscriber);
void subscriber_check(const struct subscriber *subscriber);

/* The api as a subscriber sees it: open gaps of some time ago, and flags of the outbox. */
void api_begin(void);
void api_finish(void);
void api_refresh(void);
void api_away(bool away);
