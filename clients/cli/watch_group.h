/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>
#include <stdbool.h>

/*
 * The flags for which a person is called, of all that arrive. One source that fails makes many
 * gaps, each with its own flag, so that nobody who follows one place misses his; `group` says that
 * they are one matter. A person is called for:
 *
 *   whatever stands for itself;
 *   the first gap of a group, and one that is more severe than all he was called for;
 *   the growth of a group, once in half an hour;
 *   the first start, the first acknowledgement, each reminder, and the end of the last gap.
 *
 * Judged by what is heard and not by who leads the group, which may be a gap at a place that this
 * subscriber does not follow. Forgotten at the end of the process: then the first flag calls again.
 */
struct watch_groups;

struct watch_groups *watch_groups_new(void);
void watch_groups_free(struct watch_groups *groups);
void watch_groups_forget(struct watch_groups *groups);

/* Takes in ${flag}. Whether it calls; ${members}: how many of its group are open by what was heard;
 * 0: it has none. */
bool watch_groups_call(struct watch_groups *groups, const json_t *flag, size_t *members);
