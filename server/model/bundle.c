/* SPDX-License-Identifier: MIT */
#include "server/model/bundle.h"

#include <ctype.h>
#include <string.h>

/*
 * A flow of heads into parts, one path at a time. Where teams must differ, heads of one team enter a
 * part through one gate, of which there is one for each team and part. A path begins at the part that
 * is to get one more, and goes back over heads that fill other parts until it comes to a head that
 * fills none.
 */
#define NO_PART REGION_NONE

/* What may fill a part: what is known for certain, people whose team is not known as well, and
 * everything that is not known. */
enum world { CERTAIN, TEAMS_MAY_DIFFER, MAY_BE };

struct matching {
	const struct bundle_asked *asked;
	enum world world;
	uint32_t *part_of; /* by head: what it fills */
	bool *head_seen, part_seen[REGION_PARTS_MAX];
};

static bool
is_line(const struct bundle_head *head)
{
	return (head->who & SWEEP_LINE) != 0;
}

/* Whether the head is of one of the part's functions, whatever its team. */
static bool
is_of(const struct bundle_need *need, const struct bundle_head *head)
{
	return (need->functions & head->functions) != 0 && (need->team_counts || !is_line(head));
}

/* Two whose team is not known may be of one team. */
static bool
may_fill(const struct matching *m, uint32_t part, uint32_t head)
{
	const struct bundle_need *need = &m->asked->needs[part];

	return is_of(need, &m->asked->heads[head]) &&
	       (!need->different_teams || m->asked->heads[head].team != NULL ||
		   m->world != CERTAIN);
}

/* The letter or digit at *at or after it, small; NUL at the end. */
static char
next_letter(const char **at)
{
	while (**at == '-' || **at == '_' || **at == '.')
		(*at)++;
	if (**at == '\0')
		return '\0';
	return (char)tolower((unsigned char)*(*at)++);
}

/* "CRHT-East" and "crht_east" are one team. Taken for two, they would make up a bundle that wants two different teams. */
static bool
same_team(const char *a, const char *b)
{
	char x, y;

	do {
		x = next_letter(&a);
		y = next_letter(&b);
	} while (x == y && x != '\0');
	return x == y;
}

/* Whether two heads have one gate to the part. */
static bool
one_gate(const struct matching *m, uint32_t part, uint32_t a, uint32_t b)
{
	const char *x = m->asked->heads[a].team, *y = m->asked->heads[b].team;

	return m->asked->needs[part].different_teams && x != NULL && y != NULL && same_team(x, y);
}

/* Whether a head that fills the part keeps the gate of ${head}. */
static bool
gate_is_taken(const struct matching *m, uint32_t part, uint32_t head)
{
	for (uint32_t i = 0; i < m->asked->nheads; i++)
		if (m->part_of[i] == part && one_gate(m, part, i, head))
			return true;
	return false;
}

static bool part_gets(struct matching *m, uint32_t part);
static bool head_comes(struct matching *m, uint32_t head, uint32_t part);

/* Whether the part that ${head} fills can do without it: by another head of its gate, or by any
 * other. Nothing is changed until a path is found to its end. */
static bool
is_replaced(struct matching *m, uint32_t head)
{
	uint32_t part = m->part_of[head];

	for (uint32_t i = 0; i < m->asked->nheads; i++)
		if (m->part_of[i] != part && one_gate(m, part, i, head) && may_fill(m, part, i) &&
		    head_comes(m, i, part))
			return true;
	return part_gets(m, part);
}

static bool
head_comes(struct matching *m, uint32_t head, uint32_t part)
{
	if (m->head_seen[head])
		return false;
	m->head_seen[head] = true;
	if (m->part_of[head] != NO_PART && !is_replaced(m, head))
		return false;
	m->part_of[head] = part;
	return true;
}

/* Whether the part can have one more, and every other part as many as before. */
static bool
part_gets(struct matching *m, uint32_t part)
{
	if (m->part_seen[part])
		return false;
	m->part_seen[part] = true;
	if (m->world == MAY_BE && (m->asked->needs[part].functions & m->asked->doubts) != 0)
		return true;
	for (uint32_t i = 0; i < m->asked->nheads; i++)
		if (m->part_of[i] != part && may_fill(m, part, i) && !gate_is_taken(m, part, i) &&
		    head_comes(m, i, part))
			return true;
	return false;
}

static bool
fill_one(struct matching *m, uint32_t part)
{
	memset(m->head_seen, 0, m->asked->nheads * sizeof *m->head_seen);
	memset(m->part_seen, 0, sizeof m->part_seen);
	return part_gets(m, part);
}

/* A copy that may be tried out. */
static struct matching
copy_of(struct arena *arena, const struct matching *m, enum world world)
{
	struct matching copy = *m;

	copy.world = world;
	copy.part_of = arena_copy(arena, m->part_of, m->asked->nheads * sizeof *m->part_of);
	return copy;
}

/* The first head of each part comes before the second of any: no part is empty that need not be. Then
 * all that can be filled. */
static void
fill(struct arena *arena, struct matching *m, struct bundle_state *out)
{
	const struct bundle_asked *asked = m->asked;
	struct matching maybe;

	for (uint32_t i = 0; i < asked->nneeds; i++)
		out->parts[i].present = fill_one(m, i);
	maybe = copy_of(arena, m, MAY_BE);
	for (uint32_t i = 0; i < asked->nneeds; i++)
		if (out->parts[i].present == 0)
			out->parts[i].state = fill_one(&maybe, i) ? COVER_UNKNOWN : COVER_GAP;
	for (uint32_t i = 0; i < asked->nneeds; i++)
		while (out->parts[i].present > 0 && out->parts[i].present < asked->needs[i].count &&
		       fill_one(m, i))
			out->parts[i].present++;
}

/* Whether the part could have one more in another world. */
static bool
could_have(struct arena *arena, const struct matching *m, uint32_t part, enum world world)
{
	struct matching copy = copy_of(arena, m, world);

	return fill_one(&copy, part);
}

/* Why the part is not known: its own functions first. */
static enum bundle_want
doubt_of(struct arena *arena, const struct matching *m, uint32_t part)
{
	if ((m->asked->needs[part].functions & m->asked->doubts) != 0)
		return BUNDLE_WANT_PEOPLE;
	return could_have(arena, m, part, TEAMS_MAY_DIFFER) ? BUNDLE_WANT_TEAM : BUNDLE_WANT_OTHERS;
}

/* Why a part that is known is not full: somebody of its functions is on and does not fill it. */
static enum bundle_want
lack_of(const struct matching *m, uint32_t part)
{
	enum bundle_want want = BUNDLE_WANT_PEOPLE;

	for (uint32_t i = 0; i < m->asked->nheads; i++) {
		if (m->part_of[i] == part || !is_of(&m->asked->needs[part], &m->asked->heads[i]))
			continue;
		if (m->part_of[i] == NO_PART)
			return BUNDLE_WANT_OTHER_TEAM;
		want = BUNDLE_WANT_SAME_PERSON;
	}
	return want;
}

static void
judge_part(
    struct arena *arena, const struct matching *m, uint32_t part, struct bundle_part_state *out)
{
	if (out->present == m->asked->needs[part].count) {
		out->state = COVER_COVERED;
		return;
	}
	if (out->present > 0)
		out->state = could_have(arena, m, part, MAY_BE) ? COVER_UNKNOWN : COVER_SHORT;
	out->want = out->state == COVER_UNKNOWN ? doubt_of(arena, m, part) : lack_of(m, part);
}

void
bundle_judge(struct arena *arena, const struct bundle_asked *asked, struct bundle_state *out)
{
	struct matching m = {
	    .asked = asked,
	    .world = CERTAIN,
	    .part_of = arena_array(arena, asked->nheads, sizeof *m.part_of),
	    .head_seen = arena_array(arena, asked->nheads, sizeof *m.head_seen),
	};

	*out = (struct bundle_state){.state = COVER_COVERED, .filled = m.part_of};
	for (uint32_t i = 0; i < asked->nheads; i++)
		m.part_of[i] = NO_PART;
	fill(arena, &m, out);
	for (uint32_t i = 0; i < asked->nneeds; i++) {
		judge_part(arena, &m, i, &out->parts[i]);
		out->present += out->parts[i].present;
		out->required += asked->needs[i].count;
		if (cover_state_rank(out->parts[i].state) < cover_state_rank(out->state))
			out->state = out->parts[i].state;
	}
}
