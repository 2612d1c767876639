/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/web/gate/gate.h"

/* Between the gate's own files. */
#define GATE_FINE ((struct gate_refusal){0})

struct gate_refusal gate_refuse(unsigned status, const char *detail);
bool gate_is_token(const char *bytes, size_t len);

/* The request line without its CRLF: method, path, query, minor. */
struct gate_refusal gate_judge_line(const char *bytes, size_t len, struct gate_head *head);

/* The rules about fields that depend on each other, on the method and on the version. */
struct gate_refusal gate_judge_meaning(const char *bytes, struct gate_head *head);
