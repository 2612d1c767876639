/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/base/civil.h"
#include "server/base/instant.h"
#include "server/base/vec.h"
#include "server/model/gap_run.h"

/* Known emptiness: which rota was not filled in at a hole, from when to when, and which group that
 * is. */

static bool
is_emptiness(const struct gap_hole *hole)
{
	return hole->state == COVER_GAP &&
	       (hole->cause == CAUSE_SILENT || hole->cause == CAUSE_NOBODY);
}

static bool
says_nobody(const struct sweep_rota *rota, const struct gap_hole *hole)
{
	for (size_t i = 0; i < rota->nshifts && rota->shifts[i].start < hole->end; i++)
		if (rota->shifts[i].class == SHIFT_NOBODY && rota->shifts[i].end > hole->start)
			return true;
	return false;
}

/* ${named}: only rotas that say themselves that they have nobody. */
static bool
is_empty_there(const struct gap_rota *rota, const struct gap_hole *hole, bool named)
{
	return gap_has_say(&rota->sweep, hole) && (!named || says_nobody(&rota->sweep, hole));
}

/* The group that the rota has in the run already, of several the one next to the hole. Where the
 * run began need not be seen for that. */
static const char *
group_beside(const struct gap_rota *rota, const struct gap_run *run, const struct gap_hole *hole)
{
	const char *group = NULL;
	int64_t nearest = INT64_MAX;

	for (size_t i = 0; i < rota->ngrouped; i++) {
		const struct gap_grouped *grouped = &rota->grouped[i];
		int64_t away = 0;

		if (grouped->end <= run->start || grouped->start >= run->end)
			continue;
		if (grouped->start > hole->end)
			away = grouped->start - hole->end;
		else if (grouped->end < hole->start)
			away = hole->start - grouped->end;
		if (away < nearest) {
			nearest = away;
			group = grouped->group;
		}
	}
	return group;
}

/* Only confirmed shifts bound a run. The rota's shifts are sorted by start but not by end, so the
 * latest end before the hole is searched for. */
static struct gap_run
run_around(const struct gap_rota *rota, const struct gap_hole *hole)
{
	struct gap_run run = {rota->id, INSTANT_NEVER, INSTANT_END, NULL};

	for (size_t i = 0; i < rota->sweep.nshifts; i++) {
		const struct shift *shift = &rota->sweep.shifts[i];

		/* Undecided and disputed entries do not end a run: nobody is on by them. */
		if (shift->class != SHIFT_NAMED && shift->class != SHIFT_TEAM)
			continue;
		if (shift->start >= hole->end) {
			run.end = shift->start;
			break;
		}
		if (shift->end > run.start)
			run.start = shift->end;
	}
	if (run.start > hole->start)
		run.start = hole->start;
	run.group = group_beside(rota, &run, hole);
	return run;
}

typedef VEC(struct gap_run) run_list;

/* Inserts the last run among those from ${first} on, the run that ends last first. The rota that
 * stays empty longest is the one that was not filled in; other rotas never have anybody on at these
 * hours. */
static void
put_in_order(run_list *runs, size_t first)
{
	struct gap_run last = runs->items[runs->count - 1];
	size_t i = runs->count - 1;

	for (; i > first && runs->items[i - 1].end < last.end; i--)
		runs->items[i] = runs->items[i - 1];
	runs->items[i] = last;
}

/* Adds the runs of the lowest tier that has any. */
static void
add_runs(struct arena *arena, run_list *runs, const struct gap_hole *hole, struct gap_rotas rotas,
    bool named)
{
	size_t first = runs->count;
	int32_t tier = INT32_MAX;

	for (size_t i = 0; i < rotas.count; i++)
		if (rotas.items[i].tier < tier && is_empty_there(&rotas.items[i], hole, named))
			tier = rotas.items[i].tier;
	for (size_t i = 0; i < rotas.count; i++)
		if (rotas.items[i].tier == tier && is_empty_there(&rotas.items[i], hole, named)) {
			*VEC_PUSH(arena, runs) = run_around(&rotas.items[i], hole);
			put_in_order(runs, first);
		}
}

/* If one rota says that it has nobody, it comes first: rotas that are merely silent may not be
 * meant to have anybody on. */
void
gap_find_runs(struct arena *arena, struct gap_hole *hole, struct gap_rotas rotas)
{
	run_list runs = {0};

	if (!is_emptiness(hole))
		return;
	if (hole->cause == CAUSE_NOBODY)
		add_runs(arena, &runs, hole, rotas, true);
	add_runs(arena, &runs, hole, rotas, false);
	hole->runs = runs.items;
	hole->nruns = runs.count;
}

#define EMPTY ".empty"

static bool
is_of_rota(const char *group, const char *rota)
{
	size_t length = strlen(rota);

	if (group == NULL || strncmp(group, rota, length) != 0)
		return false;
	/* The code of the rota may be the beginning of another one's, so what follows it is
	 * checked. */
	group += length;
	return strncmp(group, EMPTY, strlen(EMPTY)) == 0 &&
	       (group[strlen(EMPTY)] == '\0' || group[strlen(EMPTY)] == '-');
}

static const char *
name_of(struct arena *arena, const struct gap_run *run)
{
	char start[CIVIL_RFC3339_MAX];

	if (run->start == INSTANT_NEVER)
		return arena_printf(arena, "%s" EMPTY, run->rota);
	civil_rfc3339(run->start, start);
	return arena_printf(arena, "%s" EMPTY "-%s", run->rota, start);
}

/* The group of an open gap in the run; NULL if there is none. Gaps that are closed lend no name:
 * their group may have been announced as ended. */
static const char *
group_in(const struct gap_run *run, const struct gap *gaps, size_t ngaps)
{
	for (size_t i = 0; i < ngaps; i++)
		if (gaps[i].closed_at == 0 && gaps[i].end > run->start &&
		    gaps[i].start < run->end && is_of_rota(gaps[i].group, run->rota))
			return gaps[i].group;
	return NULL;
}

/* The gap's own group comes first, so that a group keeps its name while the shifts beside it
 * move. */
const char *
gap_group_by_run(struct arena *arena, const struct gap_hole *hole, const struct gap *own,
    const struct gap *gaps, size_t ngaps)
{
	for (size_t i = 0; own != NULL && i < hole->nruns; i++)
		if (is_of_rota(own->group, hole->runs[i].rota))
			return own->group;
	for (size_t i = 0; i < hole->nruns; i++) {
		const char *group = group_in(&hole->runs[i], gaps, ngaps);

		if (group != NULL)
			return group;
	}
	/* Of the first run, which is the most telling (put_in_order). */
	if (hole->runs[0].group != NULL)
		return hole->runs[0].group;
	return name_of(arena, &hole->runs[0]);
}
