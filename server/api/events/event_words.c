/* SPDX-License-Identifier: MIT */
#include "server/api/events/event_words.h"

#include "server/base/civil.h"
#include "server/base/fatal.h"

static const char *const names[CHANGE_KINDS] = {
    [CHANGE_COVERAGE] = "coverage",
    [CHANGE_GAP] = "gap",
    [CHANGE_FEED] = "feed",
    [CHANGE_DECISION] = "decision",
    [CHANGE_CONTACT] = "contact",
    [CHANGE_NOTE] = "note",
    [CHANGE_PROTOCOL] = "protocol",
    [CHANGE_SWAP] = "swap",
    [CHANGE_LEAVE] = "leave",
};

static const char *const gap_words[] = {
    [GAP_OPENED] = "opened",
    [GAP_CLOSED] = "closed",
    [GAP_ACKNOWLEDGED] = "acknowledged",
    [GAP_CHANGED] = "changed",
};

/* A line end in a text is escaped as JSON has it, so that an event stays one line. */
static void
add_text(struct buf *out, const char *key, const char *value)
{
	buf_printf(out, "\"%s\":", key);
	buf_add_json_string(out, slice_of(value));
}

static void
add_coverage(
    struct buf *out, const struct region *region, const struct change *change, int64_t version)
{
	add_text(out, "place", region->places[change->place].code);
	buf_add_text(out, ",\"functions\":[");
	for (uint32_t i = 0; i < change->nfunctions; i++) {
		if (i > 0)
			buf_add_text(out, ",");
		buf_add_json_string(out, slice_of(region->functions[change->functions[i]].code));
	}
	buf_printf(out, "],\"map\":%lld", (long long)version);
}

static void
add_gap(struct buf *out, const struct region *region, const struct change *change)
{
	char id[GAP_ID_MAX];

	gap_id_text(change->gap, id);
	add_text(out, "gap", id);
	buf_add_text(out, ",");
	add_text(out, "place", region->places[change->place].code);
	buf_add_text(out, ",");
	add_text(out, "function", region->functions[change->functions[0]].code);
	buf_add_text(out, ",");
	add_text(out, "change", gap_words[change->how]);
}

static void
add_rota(struct buf *out, const struct region *region, const struct change *change)
{
	add_text(out, "rota", region->rotas[change->rota].id);
	if (change->kind == CHANGE_DECISION) {
		buf_printf(out, ",\"waiting\":%d", (int)change->waiting);
		return;
	}
	buf_add_text(out, ",");
	add_text(out, "state", kept_feed_standing_name(change->standing));
	buf_add_text(out, ",");
	add_text(out, "freshness", freshness_name(change->freshness));
}

/* Its number and state, and neither who nor when. */
static void
add_swap(struct buf *out, const struct change *change)
{
	buf_printf(out, "\"%s\":%lld,", names[change->kind], (long long)change->swap->id);
	add_text(out, "state", change->state);
}

/* Where to ask again, and neither who was reported nor what the note says. */
static void
add_remark(struct buf *out, const struct region *region, const struct change *change)
{
	add_text(out, "place", region->places[change->place].code);
	if (change->kind != CHANGE_CONTACT)
		return;
	buf_add_text(out, ",");
	add_text(out, "function", region->functions[change->functions[0]].code);
}

void
event_words(
    struct buf *out, const struct region *region, const struct change *change, int64_t version)
{
	INVARIANT(change->kind < CHANGE_KINDS);
	buf_printf(out, "event: %s\ndata: {", names[change->kind]);
	if (change->kind == CHANGE_COVERAGE)
		add_coverage(out, region, change, version);
	else if (change->kind == CHANGE_GAP)
		add_gap(out, region, change);
	else if (change->kind == CHANGE_SWAP || change->kind == CHANGE_LEAVE)
		add_swap(out, change);
	else if (change->kind == CHANGE_CONTACT || change->kind == CHANGE_NOTE ||
		 change->kind == CHANGE_PROTOCOL)
		add_remark(out, region, change);
	else
		add_rota(out, region, change);
	buf_add_text(out, "}\n\n");
}

void
event_words_heartbeat(struct buf *out, const struct event_age *age)
{
	char now[CIVIL_RFC3339_MAX], as_of[CIVIL_RFC3339_MAX];

	civil_rfc3339(age->now, now);
	civil_rfc3339(age->as_of, as_of);
	buf_printf(out,
	    "event: heartbeat\ndata: {\"now\":\"%s\",\"as_of\":\"%s\",\"confidence\":\"%s\"%s}\n\n",
	    now, as_of, age->confidence, age->practice ? ",\"practice\":true" : "");
}

/* An event ends with an empty line, before which its id goes. */
void
event_words_identify(struct buf *out, const char *position)
{
	INVARIANT(out->len > 2);
	out->len--;
	buf_printf(out, "id: %s\n\n", position);
}
