/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>
#include <stdbool.h>

/* Prints the effect that the server gives for an override or an absence, for people. */
void plan_print(const json_t *plan);

/* POSTs ${body} (taken over) to ${path}, ?dry_run=1 if ${dry}, and prints what came of it: JSON, or
 * for people. ${what} is what it is called: "override". An exit code. */
int plan_send(const char *path, const char *what, json_t *body, bool dry, bool json);

/* DELETEs number ${id} below ${path}; only prints what that would do if ${dry}; ${confirm}:
 * although others depend on it. An exit code. */
int plan_withdraw(const char *path, const char *id, bool dry, bool confirm);
