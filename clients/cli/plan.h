/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>
#include <stdbool.h>

/* Prints the preview of an override or an absence for people. */
void plan_print(const json_t *plan);

/* Sends ${body} (taken over) to ${path} by POST, as a dry run if ${dry}, and prints the answer, as JSON or for
 * people. ${what}: what is made, "override" or "absence". Returns an exit code. */
int plan_send(const char *path, const char *what, json_t *body, bool dry, bool json);

/* Withdraws number ${id} below ${path} by DELETE; if ${dry}, only prints what that would do. ${confirm}: even
 * if other overrides depend on it. Returns an exit code. */
int plan_withdraw(const char *path, const char *id, bool dry, bool confirm);
