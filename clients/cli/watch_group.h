/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>
#include <stdbool.h>

/*
 * Decides for which flags a person is called. One source that fails makes many gaps, and each has flags of its
 * own, since a subscriber may follow only one place; the member `group` of those flags says that they belong
 * together. A person is called for:
 *
 *   a flag without a group;
 *   the first gap of a group, and a gap that is more severe than all before it;
 *   the growth of a group, once in half an hour;
 *   the first start, the first acknowledgement, each reminder, and the end of the last gap.
 *
 * This is decided from the flags that arrive, not from the leader of a group, which may be a gap at a place
 * that this subscriber does not follow. Nothing is stored: after a restart the first flag of a group calls
 * again.
 */
struct watch_groups;

struct watch_groups *watch_groups_new(void);
void watch_groups_free(struct watch_groups *groups);
void watch_groups_forget(struct watch_groups *groups);

/* Records ${flag} and returns whether a person is called for it. ${members}: how many gaps of its group are open,
 * as far as is known; 0: it has no group. */
bool watch_groups_call(struct watch_groups *groups, const json_t *flag, size_t *members);
