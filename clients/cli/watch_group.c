/* SPDX-License-Identifier: MIT */
#include "clients/cli/watch_group.h"

#include <stdlib.h>
#include <string.h>

#include "clients/cli/show.h"
#include "server/base/civil.h"
#include "server/base/fatal.h"

/* A source that fails opens one gap after another; the growth of a group is reported once in
 * this time. */
#define QUIET_SECONDS (30 * 60)

/* group -> {"members": {gap: true}, "worst": rank, "at": instant, "heard": {kind: true}} */
struct watch_groups {
	json_t *groups;
	json_t *group_of; /* gap -> group */
};

struct watch_groups *
watch_groups_new(void)
{
	struct watch_groups *groups = xcalloc(1, sizeof *groups);

	groups->groups = json_object();
	groups->group_of = json_object();
	return groups;
}

void
watch_groups_free(struct watch_groups *groups)
{
	if (groups == NULL)
		return;
	json_decref(groups->groups);
	json_decref(groups->group_of);
	free(groups);
}

void
watch_groups_forget(struct watch_groups *groups)
{
	json_object_clear(groups->groups);
	json_object_clear(groups->group_of);
}

static int
rank_of(const json_t *flag)
{
	const char *severity = show_text(flag, "severity");

	/* A severity that this version does not know ranks lowest: it is then reported like any
	 * other gap. */
	return strcmp(severity, "critical") == 0 ? 3 : strcmp(severity, "high") == 0 ? 2 : 1;
}

static int64_t
instant_of(const json_t *flag)
{
	int64_t at = 0;

	return civil_parse_rfc3339(slice_of(show_text(flag, "at")), &at) ? at : 0;
}

/* Takes ${gap} out of its group. Returns whether the group is empty now. */
static bool
leave(struct watch_groups *groups, const char *gap)
{
	char *name = NULL;
	json_t *members;
	bool last;

	if (json_object_get(groups->group_of, gap) == NULL)
		return false;
	/* Copied, because the text is deleted below. */
	name = xstrdup(show_text(groups->group_of, gap));
	members = json_object_get(json_object_get(groups->groups, name), "members");
	json_object_del(members, gap);
	json_object_del(groups->group_of, gap);
	/* An empty group is forgotten, so that it calls again if it comes back. */
	last = json_object_size(members) == 0;
	if (last)
		json_object_del(groups->groups, name);
	free(name);
	return last;
}

static json_t *
group_named(struct watch_groups *groups, const char *name)
{
	json_t *group = json_object_get(groups->groups, name);

	if (group != NULL)
		return group;
	group = json_pack(
	    "{s:{}, s:i, s:I, s:{}}", "members", "worst", 0, "at", (json_int_t)0, "heard");
	json_object_set_new(groups->groups, name, group);
	return group;
}

/* Notes that a person is called for ${flag} of the group. Always true. */
static bool
say(json_t *group, const json_t *flag)
{
	int worst = (int)json_integer_value(json_object_get(group, "worst")), rank = rank_of(flag);

	json_object_set_new(group, "worst", json_integer(rank > worst ? rank : worst));
	json_object_set_new(group, "at", json_integer(instant_of(flag)));
	return true;
}

/* The first of its kind since the group began. */
static bool
is_first(json_t *group, const char *kind)
{
	json_t *heard = json_object_get(group, "heard");

	if (json_object_get(heard, kind) != NULL)
		return false;
	json_object_set_new(heard, kind, json_true());
	return true;
}

/* Whether a flag about an open gap of the group is passed on. */
static bool
hear(json_t *group, const json_t *flag, bool grown)
{
	const char *kind = show_text(flag, "kind");

	/* Never kept back: it is more severe than any that was passed on. */
	if (rank_of(flag) > json_integer_value(json_object_get(group, "worst")))
		return say(group, flag);
	if (strcmp(kind, "reminder") == 0)
		return say(group, flag);
	if (strcmp(kind, "acknowledged") == 0 || strcmp(kind, "started") == 0)
		return is_first(group, kind);
	if (grown)
		json_object_set_new(group, "grown", json_true());
	/* Growth that was kept back calls with the first flag of the group after the half hour. */
	if (json_object_get(group, "grown") != NULL &&
	    instant_of(flag) >= json_integer_value(json_object_get(group, "at")) + QUIET_SECONDS) {
		json_object_del(group, "grown");
		return say(group, flag);
	}
	return false;
}

bool
watch_groups_call(struct watch_groups *groups, const json_t *flag, size_t *members)
{
	const char *name = show_text(flag, "group"), *gap = show_text(flag, "gap");
	const char *was = show_text(groups->group_of, gap);
	json_t *group, *of;
	bool grown;

	*members = 0;
	/* A flag about a feed is in no group. */
	if (*gap == '\0')
		return true;
	if (strcmp(show_text(flag, "kind"), "closed") == 0) {
		bool in_group = *was != '\0', last;

		group = json_object_get(groups->groups, was);
		*members = in_group ? json_object_size(json_object_get(group, "members")) - 1 : 0;
		last = leave(groups, gap);
		/* The end of one gap among many calls nobody; the end of the last one does. */
		return !in_group || last;
	}
	/* A gap changes its group when its cause changes. */
	if (*was != '\0' && strcmp(was, name) != 0)
		leave(groups, gap);
	/* A gap without a group is its own group, and always passed on. */
	if (*name == '\0')
		return true;
	group = group_named(groups, name);
	of = json_object_get(group, "members");
	grown = json_object_get(of, gap) == NULL;
	json_object_set_new(of, gap, json_true());
	json_object_set_new(groups->group_of, gap, json_string(name));
	*members = json_object_size(of);
	return hear(group, flag, grown);
}
