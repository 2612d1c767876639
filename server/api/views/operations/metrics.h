/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/views/operations/machine.h"

/* The parts of /metrics, in the text format of Prometheus (view_metrics.c). Internal to it. */

/* The lines before the rows of a family: ${type} is "counter" or "gauge". */
void metrics_head(struct buf *out, const char *name, const char *type, const char *help);

/* A gauge of one row without labels, with its head. */
void metrics_one(struct buf *out, const char *name, const char *help, int64_t value);

/* Ends a row with ${ms} as seconds. */
void metrics_seconds(struct buf *out, int64_t ms);

/* What is said of each process that ought to run. */
void metrics_put_processes(struct buf *out, const struct machine *machine);

/* What the database says, as this process has seen it last: the outbox, the clocks, gaps and sources. */
void metrics_put_store(struct buf *out, const struct api *api, const struct machine *machine);
