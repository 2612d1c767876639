/* SPDX-License-Identifier: MIT */
#include "server/rota/rota_options.h"

#include "server/base/civil.h"
#include <string.h>

#include "server/base/vec.h"
#include "server/model/hours.h"
#include "server/rota/rota_names.h"

enum { DAY = 86400, DAYS_AHEAD = 400 };

/* The reader gets the directory even if it is empty: then no title names anybody, which differs
 * from not having a directory at all. */
static void
add_directory(struct arena *arena, const struct region *region, const struct region_rota *rota,
    struct reading_options *out)
{
	VEC(struct reading_person) people = {0};

	for (uint32_t i = 0; i < region->npeople; i++) {
		const struct region_person *person = region_person(region, i);

		/* Names of other organisations would fit people whom this rota never means. */
		if (region_in_directory(region, rota, person))
			*VEC_PUSH(arena, &people) =
			    (struct reading_person){person->id, person->name, person->aliases};
	}
	out->people = people.items;
	out->npeople = people.count;
	out->directory = true;
}

/* The region's kinds and the reader's are two lists, because calendars/ knows nothing of a
 * region. */
static void
add_codes(struct arena *arena, const struct region_rota *rota, struct reading_options *out)
{
	static const enum reading_code_kind kinds[] = {
	    [REGION_CODE_HOURS] = READING_CODE_HOURS,
	    [REGION_CODE_ABSENCE] = READING_CODE_ABSENCE,
	    [REGION_CODE_NOISE] = READING_CODE_NOISE,
	};
	struct reading_shift_code *codes = arena_array(arena, rota->nshift_codes, sizeof *codes);

	for (uint32_t i = 0; i < rota->nshift_codes; i++) {
		const struct region_shift_code *code = &rota->shift_codes[i];

		codes[i] = (struct reading_shift_code){
		    code->code, code->names, kinds[code->kind], code->from, code->to};
	}
	out->shift_codes = codes;
	out->nshift_codes = rota->nshift_codes;
}

/* UNSET: the region file does not have the order of dates. */
static void
add_times(struct arena *arena, const struct region_rota *rota, struct reading_options *out)
{
	static const enum reading_date_order orders[] = {
	    [REGION_DATES_UNSET] = READING_DATES_UNSET,
	    [REGION_DATES_DMY] = READING_DATES_DMY,
	    [REGION_DATES_MDY] = READING_DATES_MDY,
	};
	struct reading_zone *zones = arena_array(arena, rota->nzones, sizeof *zones);

	for (uint32_t i = 0; i < rota->nzones; i++)
		zones[i] = (struct reading_zone){rota->zones[i].name, rota->zones[i].zone};
	out->zones = zones;
	out->nzones = rota->nzones;
	out->date_order = orders[rota->date_order];
}

static void
add_sheet(const struct region_rota *rota, struct reading_options *out)
{
	static const enum reading_mark_means means[] = {
	    [REGION_MARK_UNDECIDED] = READING_MARK_UNDECIDED,
	    [REGION_MARK_NOTHING] = READING_MARK_NOTHING,
	    [REGION_MARK_OFF] = READING_MARK_OFF,
	};

	out->sheet = rota->sheet;
	out->marks = (struct reading_marks){.fill = means[rota->marks.fill],
	    .comment = means[rota->marks.comment],
	    .hidden = means[rota->marks.hidden]};
}

static void
add_grid(const struct region_rota *rota, struct reading_options *out)
{
	const struct region_grid *grid = &rota->grid;

	/* False for a fault alone, which the reader of the region has refused. */
	if (grid->layout == NULL || !reading_layout_of(grid->layout, &out->grid.layout))
		return;
	out->grid.own = grid->own;
	out->grid.hours = (struct reading_hours){grid->hours, grid->from, grid->to};
	out->grid.weekend =
	    (struct reading_hours){grid->weekend, grid->weekend_from, grid->weekend_to};
	out->grid.bank_holiday =
	    (struct reading_hours){grid->bank_holiday, grid->holiday_from, grid->holiday_to};
}

/* The decisions of the region file; its reader has checked them. Put in the form of decisions, so
 * that one function turns both into options. Decisions of people are laid over them afterwards
 * (rota_options_decide()). */
static void
add_words(struct arena *arena, const struct region *region, const struct region_rota *rota,
    struct reading_options *out)
{
	struct rota_decision *decisions = arena_array(
	    arena, (size_t)rota->naliases + rota->ntitles + rota->nwords, sizeof *decisions);
	size_t count = 0;

	for (uint32_t i = 0; i < rota->naliases; i++)
		decisions[count++] = (struct rota_decision){
		    .kind = ROTA_ALIAS,
		    .words = rota->aliases[i].alias,
		    .reads = READING_NAMED,
		    .person = region_person(region, rota->aliases[i].person)->id,
		};
	for (uint32_t i = 0; i < rota->ntitles; i++) {
		const struct region_title *title = &rota->titles[i];

		decisions[count] = (struct rota_decision){
		    .words = title->title,
		    .person = title->person == REGION_NONE
				  ? NULL
				  : region_person(region, title->person)->id,
		    .team = title->team,
		};
		/* False for a fault alone, which the reader of the region has refused. */
		if (rota_reads(title->reads, &decisions[count].reads))
			count++;
	}
	for (uint32_t i = 0; i < rota->nwords; i++) {
		decisions[count] =
		    (struct rota_decision){.kind = ROTA_WORD, .words = rota->words[i].words};
		if (reading_word_means_of(rota->words[i].means, &decisions[count].means))
			count++;
	}
	rota_options_decide(arena, region, rota, (struct rota_decisions){decisions, count}, out);
}

/* add_words() is last, because it adds to lists that the others have set. */
void
rota_options(struct arena *arena, const struct region *region, const struct region_rota *rota,
    const struct zonedb *zones, struct reading_options *out)
{
	*out = (struct reading_options){
	    .zone = zonedb_find(zones, rota->floating_zone),
	    .all_day_rule = rota->all_day_rule,
	    .all_day_start = rota->all_day_start,
	    .all_day_hours = rota->all_day_hours,
	    .tentative_counts = rota->tentative_counts,
	    .team_names = rota->team_names,
	    .absences = rota->absences,
	};
	out->known_names = rota_names(arena, region, rota);
	out->own_names = rota_own_names(arena, region, rota);
	add_directory(arena, region, rota, out);
	add_codes(arena, rota, out);
	add_times(arena, rota, out);
	add_sheet(rota, out);
	add_grid(rota, out);
	add_words(arena, region, rota, out);
}

/* Whether hours of the grid, or the days of a duty, may be others on a bank holiday: a week's "AMHP Mon-Fri" may have it or
 * not, and "AMHP bank holidays" is of no other day. */
static bool
may_ask_holidays(const struct reading_grid *grid)
{
	if (grid->weekend.set || grid->bank_holiday.set || grid->layout == READING_WEEKS_BY_ROLES ||
	    grid->layout == READING_DATES_BY_HOURS)
		return true;
	for (const char *const *own = grid->own; own != NULL && *own != NULL; own++) {
		if (strcasestr(*own, "hol") != NULL || strcasestr(*own, "bh") != NULL ||
		    strcasestr(*own, "b/h") != NULL)
			return true;
	}
	return false;
}

enum status
rota_options_holidays(struct arena *arena, struct slice csv, const struct region *region,
    struct reading_options *options, const char **fault)
{
	struct holidays holidays;
	enum status st;

	if (!may_ask_holidays(&options->grid))
		return STATUS_OK;
	st = holidays_of(arena, csv, region, &holidays, fault);
	if (st != STATUS_OK)
		return st;
	options->holidays = holidays.days;
	options->nholidays = holidays.count;
	return STATUS_OK;
}

/* From yesterday, since a night shift that began then may be under way, to 400 whole days from
 * today. */
void
rota_window(const struct zone *zone, int64_t now, int64_t *from, int64_t *until)
{
	int64_t today = civil_day_of(zone_local(zone, now)) * DAY;

	*from = zone_instant(zone, today - DAY, NULL);
	*until = zone_instant(zone, today + (DAYS_AHEAD + 1) * (int64_t)DAY, NULL);
}
