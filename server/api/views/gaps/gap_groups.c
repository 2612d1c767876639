/* SPDX-License-Identifier: MIT */
#include "server/api/views/gaps/gap_groups.h"

#include <stdlib.h>
#include <string.h>

#include "server/model/sweep.h"

/* GET /v1/gaps?grouped=1: one dead feed, or one rota that was not filled in, is shown as one
 * group and not as forty gaps. */

static const char *
group_of(const struct gap_found *found)
{
	return gap_block_text(found->block, found->gap->group);
}

/* Gaps without a group come first; within a group the earliest is first. */
static int
by_group(const void *left, const void *right)
{
	const struct gap_found *a = left, *b = right;
	const char *x = group_of(a), *y = group_of(b);
	int order = strcmp(x ? x : "", y ? y : "");

	if (order != 0)
		return order;
	if (a->gap->start != b->gap->start)
		return a->gap->start < b->gap->start ? -1 : 1;
	return memcmp(a->gap->id, b->gap->id, sizeof a->gap->id);
}

static struct gap_item
item_of(const struct gap_frame *frame, const struct gap_found *found)
{
	return gap_item_of(frame->region, found->block, found->gap, found->demand);
}

/* The gap under which the group is shown: its leader, or, if this account may not see that one, the most severe
 * of those that it may see. */
static const struct gap_found *
leader_of(const struct gap_frame *frame, const struct gap_found *members, size_t count)
{
	const struct gap_found *best = members;

	for (size_t i = 0; i < count; i++) {
		struct gap_item item = item_of(frame, &members[i]), worst = item_of(frame, best);

		if (members[i].gap->lead)
			return &members[i];
		if (gap_item_severity(&item, frame->region, frame->now) >
		    gap_item_severity(&worst, frame->region, frame->now))
			best = &members[i];
	}
	return best;
}

/* Short: only the leader is shown in full, and each member can be asked for by its id. */
static void
put_member(struct json_out *out, const struct gap_frame *frame, const struct gap_found *member)
{
	struct gap_item item = item_of(frame, member);
	char id[GAP_ID_MAX];

	gap_id_text(member->gap->id, id);
	out_object(out, NULL);
	out_text(out, "id", id);
	out_text(out, "requirement", item.requirement);
	places_put(out, frame->region, frame->scope, item.place, item.requirement);
	out_text(out, "function", item.function);
	out_text(out, "state", cover_state_name((enum cover_state)member->gap->state));
	out_time(out, "start", member->gap->start);
	out_time(out, "end", member->gap->end);
	out_text(out, "severity",
	    gap_severity_name(gap_item_severity(&item, frame->region, frame->now)));
	out_text(out, "acknowledged_by", item.acknowledged_by);
	out_bool(out, "awaits", gap_item_awaits(&item, frame->region, frame->now));
	out_object_end(out);
}

/* "<rota>.<cause>" or "<rota>.empty-<start>", cut at the last dot, since neither part after it has
 * one. The cause is the leader's: of one rota some nights may be vacant and others have no row. */
static void
put_name(struct json_out *out, const char *group, const struct gap_item *lead)
{
	const char *dot = strrchr(group, '.');
	struct slice rota = {group, dot ? (size_t)(dot - group) : strlen(group)};
	enum cover_cause cause = (enum cover_cause)lead->gap.cause;

	out_text(out, "group", group);
	out_slice(out, "rota", rota);
	out_text(out, "cause_code", cover_cause_name(cause));
	out_text(out, "cause", cover_cause_text(cause));
}

/* What a person asks about a group before opening it: how many, how severe, and whether anybody deals with them. */
static void
put_sums(struct json_out *out, const struct gap_frame *frame, const struct gap_found *members,
    size_t count)
{
	enum gap_severity worst = GAP_NORMAL;
	uint32_t end = 0;
	int64_t awaiting = 0;

	for (size_t i = 0; i < count; i++) {
		struct gap_item item = item_of(frame, &members[i]);
		enum gap_severity severity = gap_item_severity(&item, frame->region, frame->now);

		worst = severity > worst ? severity : worst;
		end = members[i].gap->end > end ? members[i].gap->end : end;
		awaiting += gap_item_awaits(&item, frame->region, frame->now);
	}
	out_int(out, "count", (int64_t)count);
	out_int(out, "awaiting", awaiting);
	out_text(out, "severity", gap_severity_name(worst));
	out_time(out, "start", members[0].gap->start);
	out_time(out, "end", end);
}

static void
put_group(struct json_out *out, const struct gap_frame *frame, const struct gap_found *members,
    size_t count)
{
	struct gap_item lead = item_of(frame, leader_of(frame, members, count));

	out_object(out, NULL);
	put_name(out, group_of(members), &lead);
	put_sums(out, frame, members, count);
	gap_render(out, "lead", &lead, frame);
	out_array(out, "members");
	for (size_t i = 0; i < count; i++)
		put_member(out, frame, &members[i]);
	out_array_end(out);
	out_object_end(out);
}

void
gap_groups_put(
    struct json_out *out, const struct gap_frame *frame, struct gap_found *found, size_t count)
{
	size_t alone = 0, first, next;

	if (count > 1)
		qsort(found, count, sizeof *found, by_group);
	while (alone < count && group_of(&found[alone]) == NULL)
		alone++;
	out_array(out, "groups");
	/* Gaps of one group are neighbours now: each round of the loop is one group. */
	for (first = alone; first < count; first = next) {
		for (next = first + 1;
		     next < count && strcmp(group_of(&found[next]), group_of(&found[first])) == 0;
		     next++)
			;
		put_group(out, frame, &found[first], next - first);
	}
	out_array_end(out);
	out_array(out, "gaps");
	for (size_t i = 0; i < alone; i++) {
		struct gap_item item = item_of(frame, &found[i]);

		gap_render(out, NULL, &item, frame);
	}
	out_array_end(out);
}
