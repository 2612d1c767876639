/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_row.h"

#include "calendars/roster/roster_column.h"
#include "calendars/roster/roster_grid.h"
#include "calendars/roster/roster_grid_says.h"
#include "calendars/roster/roster_key.h"
#include "calendars/roster/roster_leave.h"
#include "calendars/roster/roster_lines.h"
#include "calendars/roster/roster_marks.h"
#include "calendars/roster/roster_order.h"
#include "calendars/roster/roster_pair.h"
#include "calendars/roster/roster_remarks.h"
#include "calendars/roster/roster_state.h"
#include "calendars/roster/roster_stood_in.h"
#include "calendars/roster/roster_swap.h"
#include "calendars/roster/roster_text.h"
#include "calendars/titles/shift_codes.h"
#include "server/base/hash.h"
#include "server/base/instant.h"

struct reader {
	struct roster *out;
	struct table slots;
	VEC(unsigned) filled; /* how many rows of each slot came before */
	struct roster_entry entry;
	struct roster_pair pair; /* of the row */
	struct roster_pairs pairs;
	struct roster_swaps swaps;
	struct roster_stood_in stood_in;
};

/* A UID made of unit, grade, shift, date, times, and the number among equal rows. The name is not
 * part of it, so a slot keeps its UID when another person takes it. */
static const char *
make_uid(struct reader *r)
{
	static const enum roster_column slot[] = {
	    ROSTER_UNIT, ROSTER_GRADE, ROSTER_SHIFT, ROSTER_DATE, ROSTER_START, ROSTER_END};
	uint64_t hash = HASH_START;
	const char *base;
	uint32_t index;

	for (size_t i = 0; i < sizeof slot / sizeof *slot; i++)
		/* hash_string() ends each field, so that "A" "B1" and "AB" "1" differ. */
		hash = hash_string(hash, r->entry.row->field[slot[i]]);
	if (r->entry.row->grid.slot != NULL)
		hash = hash_string(hash, arena_printf(r->entry.titles->arena, "%s %d",
					     r->entry.row->grid.slot, r->entry.row->grid.offset));
	base = arena_printf(r->entry.titles->arena, "roster-%016llx", (unsigned long long)hash);
	index = table_put(&r->slots, r->entry.titles->arena, base, (uint32_t)r->filled.count);
	if (index == TABLE_NONE) {
		index = (uint32_t)r->filled.count;
		*VEC_PUSH(r->entry.titles->arena, &r->filled) = 0;
	}
	return arena_printf(r->entry.titles->arena, "%s-%u", base, ++r->filled.items[index]);
}

static void
note(struct reader *r, enum fault fault, const char *what)
{
	fault_note(
	    r->entry.faults, fault, FAULT_EVENT(r->entry.uid, r->entry.row->line), what, NULL);
}

/* Whether the name column itself says that nobody is on: "Vacant". */
static bool
is_nobody(const struct title *title)
{
	return title->nparts == 1 && title->parts[0].class == READING_NOBODY;
}

/* Whether the name would be cover if no other column were against it. */
static bool
counts(const struct title *title)
{
	for (size_t i = 0; i < title->nparts; i++) {
		if (title->parts[i].class == READING_NAMED || title->parts[i].class == READING_TEAM)
			return true;
	}
	return false;
}

/* Reads grade, shift, unit and every column that is not one of enum roster_column. */
static void
read_columns(struct reader *r, const struct row_says *says, struct slot *slot)
{
	for (size_t i = 0; i < r->entry.rows->nheadings; i++) {
		const struct roster_heading *heading = &r->entry.rows->headings[i];

		if (heading->extra == ROSTER_NO_EXTRA && heading->column != ROSTER_GRADE &&
		    heading->column != ROSTER_UNIT &&
		    (heading->column != ROSTER_SHIFT || r->entry.row->shift_is_times ||
			roster_shift_is_settled(&r->entry)))
			continue;
		roster_column_says(says, heading, r->entry.row->cells[i].text, slot);
	}
	if (r->entry.rows->remarks.count > 0)
		roster_remarks_say(&r->entry, says, slot);
	/* A slot that its status has left open has no column: only what is worse is noted. */
	if (slot->column != NULL && slot->state == SLOT_OPEN &&
	    !roster_grid_tells_of(&r->entry, slot->column))
		note(r, FAULT_ROW_COLUMN, slot->column);
}

/* Lists an unknown status among the unknown words, so that it can be decided like them. */
static void
ask_status(struct reader *r, const struct row_says *says, struct slot *slot)
{
	static const struct roster_heading status = {
	    .name = "Status", .says = "Status", .column = ROSTER_STATUS};

	const char *text = r->entry.row->field[ROSTER_STATUS];
	struct title_unknown word = {text, lexicon_key(r->entry.titles->arena, text)};

	if (slot->state != SLOT_OPEN)
		return;
	roster_column_says(says, &status, text, slot);
	/* A word of the lexicon that is no status, such as "Present", can be decided too. */
	if (slot->unknown.count == 0 && word.key != NULL &&
	    roster_only_word(r->entry.titles, text) == WORD_PLAIN)
		*VEC_PUSH(r->entry.titles->arena, &slot->unknown) = word;
}

/* The words that a person must decide about the row: those of the name, then those of the other columns. */
static const struct title_unknown *
all_unknown(struct reader *r, const struct title *name, const struct slot *slot, size_t *count)
{
	struct title_unknown *all =
	    arena_array(r->entry.titles->arena, name->nunknown + slot->unknown.count, sizeof *all);

	*count = 0;
	for (size_t i = 0; i < name->nunknown; i++)
		all[(*count)++] = name->unknown[i];
	for (size_t i = 0; i < slot->unknown.count; i++)
		all[(*count)++] = slot->unknown.items[i];
	return all;
}

/* Whether the row says that nobody is on and a note names somebody, who may be on all the same:
 * "Vacant", "covered by S Ahmed". */
static bool
names_somebody_else(struct reader *r, const struct row_says *says, struct slot *slot)
{
	if (slot->state != SLOT_EMPTY && !is_nobody(says->base))
		return false;
	for (size_t i = 0; i < r->entry.rows->nheadings; i++) {
		const struct roster_heading *heading = &r->entry.rows->headings[i];
		const char *text = r->entry.row->cells[i].text;

		if (heading->extra != ROSTER_TEXT || heading->affirms ||
		    !roster_names_another(says, text))
			continue;
		roster_text_says(says, text, &slot->title);
		note(r, FAULT_ROW_COLUMN, heading->name);
		return true;
	}
	return false;
}

static struct slot
read_slot(
    struct reader *r, const struct row_times *times, const struct title *name, const char *written)
{
	struct slot slot = {.state = SLOT_FILLED};
	struct row_says says = {.titles = r->entry.titles,
	    .name = written,
	    .base = name,
	    .start = times->start,
	    .end = times->end,
	    .duty = r->entry.row->grid.slot};

	if (r->entry.titles->options->absences) {
		slot.state = roster_marks_state(&r->entry, roster_state_of_leave(&r->entry), false);
		return slot;
	}
	slot.state = roster_state_of_slot(&r->entry);
	/* The other columns can only take cover away; where the name gives none, they are not
	 * read. */
	if (counts(name)) {
		ask_status(r, &says, &slot);
		read_columns(r, &says, &slot);
		roster_grid_says(&r->entry, &slot);
		roster_key_says(&r->entry, &slot);
		roster_lines_say(&r->entry, name, &slot);
	}
	slot.state = roster_marks_state(&r->entry, slot.state, counts(name));
	if (names_somebody_else(r, &says, &slot)) {
		slot.state = SLOT_OPEN;
		slot.other = true;
	}
	if (counts(name)) {
		roster_week_says(&r->entry, name, times->start, &slot);
		roster_duty_says(&r->entry, &says, &slot);
	}
	/* From 00:00 to 00:00: some programs write a whole day so, others a row without a shift. */
	if (times->midnights && (slot.state == SLOT_FILLED || slot.state == SLOT_OPEN) &&
	    counts(name)) {
		slot.state = SLOT_OPEN;
		note(r, FAULT_ROW_MIDNIGHTS, NULL);
	}
	if (times->holiday && (slot.state == SLOT_FILLED || slot.state == SLOT_OPEN) &&
	    counts(name)) {
		slot.state = SLOT_OPEN;
		note(r, FAULT_GRID_HOLIDAY, NULL);
	}
	return slot;
}

/* The title of the event: that of the name, changed by what the other columns say. A copy, since titles of
 * one spelling are shared by all rows that have it. */
static const struct title *
read_title(struct reader *r, const struct row_times *times)
{
	struct arena *arena = r->entry.titles->arena;
	const char *written = roster_name_in_order(arena, r->entry.row->field[ROSTER_NAME]);
	const struct title *name = title_read(r->entry.titles, written);
	struct slot slot = read_slot(r, times, name, written);
	struct title *title = arena_alloc(arena, sizeof *title);
	struct title_part *parts = arena_array(arena, name->nparts, sizeof *parts);

	*title = *name;
	for (size_t i = 0; i < name->nparts; i++)
		parts[i] = slot.other ? (struct title_part){.class = READING_UNDECIDED,
					    .shown = name->parts[i].shown}
				      : roster_part_by_state(slot.state, name->parts[i]);
	title->parts = parts;
	r->pair.key = roster_pair_key(arena, r->entry.row, name, times);
	r->pair.cell =
	    r->entry.row->grid.slot == NULL
		? NULL
		: arena_printf(arena, "%lld %s", (long long)times->start, r->entry.row->grid.slot);
	r->pair.state = slot.state;
	title->unknown = all_unknown(r, name, &slot, &title->nunknown);
	/* One statement about the slot, however many names its column has. */
	if (slot.state == SLOT_EMPTY || slot.state == SLOT_NOISE)
		title->nparts = 1;
	if (slot.state == SLOT_AWAY)
		/* As titles of absences are shown: the reason is not kept. */
		title->summary = arena_printf(arena, "unavailable %s", name->summary);
	else if (slot.title != NULL)
		title->summary = slot.title->summary;
	else if (slot.state == SLOT_EMPTY)
		title->summary = r->entry.row->field[ROSTER_STATUS];
	return title;
}

/* If the day is not known, it is not known on which day nobody comes either. */
static const struct title *
undecided(struct reader *r, const struct title *title)
{
	struct title_part *parts =
	    arena_array(r->entry.titles->arena, title->nparts, sizeof *parts);
	struct title *out = arena_alloc(r->entry.titles->arena, sizeof *out);

	*out = *title;
	for (size_t i = 0; i < title->nparts; i++) {
		parts[i] = title->parts[i];
		if (parts[i].class == READING_NOBODY)
			parts[i].class = READING_UNDECIDED;
	}
	out->parts = parts;
	return out;
}

static struct event *
make_event(struct reader *r, const struct row_times *times, const struct title *title)
{
	const struct zone *zone = r->entry.titles->options->zone;
	struct event *event = arena_alloc(r->entry.titles->arena, sizeof *event);

	*event = (struct event){.uid = times->uid,
	    .summary = "",
	    .line = r->entry.row->line,
	    .order = (uint32_t)r->out->events.count,
	    .dtstamp = INSTANT_NONE,
	    .start = {WHEN_LOCAL, times->start, zone},
	    .lasting = {.wall = times->end - times->start},
	    .first_end = zone_instant(zone, times->end, NULL),
	    .title = title};
	*VEC_PUSH(r->entry.titles->arena, &r->out->events) = event;
	r->pair.event = event;
	*VEC_PUSH(r->entry.titles->arena, &r->pairs.list) = r->pair;
	return event;
}

/* Makes an event on each of the two days that the row may be on. Both are undecided: `superseded` keeps
 * either from counting. */
static void
make_both(struct reader *r, struct row_times *times, const struct title *title)
{
	title = undecided(r, title);
	make_event(r, times, title)->superseded = true;
	times->order = READING_DATES_MDY;
	/* Its faults were noted with the first order. */
	times->quiet = true;
	times->uid = arena_printf(r->entry.titles->arena, "%s-mdy", r->entry.uid);
	if (row_times_read(times))
		make_event(r, times, title)->superseded = true;
}

/* Notes and totals among the rows and below them. A name alone may be a shift of which the rest is lost. */
static bool
is_no_shift(struct reader *r, const struct roster_row *row)
{
	if (!row->total && (!row->alone || counts(title_read(r->entry.titles, row->above))))
		return false;
	fault_note(r->entry.faults, FAULT_ROW_NO_SHIFT, FAULT_EVENT(NULL, row->line),
	    row->total ? "Total" : row->above, NULL);
	return true;
}

static void
read_row(struct reader *r, const struct roster_row *row, enum reading_date_order order)
{
	struct row_times times = {.titles = r->entry.titles,
	    .faults = r->entry.faults,
	    .row = row,
	    .by_24 = r->entry.rows->by_24,
	    .order = order == READING_DATES_MDY ? READING_DATES_MDY : READING_DATES_DMY};
	const struct title *title;

	r->entry.row = row;
	r->entry.code = times.code = shift_codes_find(r->entry.titles, row->field[ROSTER_SHIFT]);
	r->entry.uid = times.uid = make_uid(r);
	if (!row_times_read(&times) || roster_is_off_week(&r->entry, times.start))
		return;
	title = read_title(r, &times);
	roster_swaps_note(&r->swaps, &r->entry, title, times.start);
	roster_stood_in_note(&r->stood_in, &r->entry, title, &times);
	/* A row whose dates are one day in either order counts, although the order of the file is
	 * open. */
	if (order == READING_DATES_UNSET && row_is_ambiguous(row))
		make_both(r, &times, title);
	else
		make_event(r, &times, title);
}

/* Notes once for the file which columns were not read word by word, so that a manager can object. */
static void
tell_loose_columns(struct reader *r)
{
	const char *names = NULL;

	for (size_t i = 0; i < r->entry.rows->nheadings; i++) {
		const struct roster_heading *heading = &r->entry.rows->headings[i];

		if (heading->extra == ROSTER_LOOSE)
			names = names == NULL ? heading->name
					      : arena_printf(r->entry.titles->arena, "%s, %s",
						    names, heading->name);
	}
	if (names != NULL)
		fault_note(r->entry.faults, FAULT_CSV_LOOSE, FAULT_ANYWHERE, names, NULL);
}

void
roster_read_rows(
    struct roster *out, struct titles *titles, struct faults *faults, const struct rows *rows)
{
	struct reader r = {.out = out, .entry = {.titles = titles, .faults = faults, .rows = rows}};
	const struct roster_row *row;
	enum reading_date_order order =
	    roster_order(out, titles->options, faults, titles->arena, rows);

	roster_grid_check_weeks(
	    rows, order == READING_DATES_MDY ? READING_DATES_MDY : READING_DATES_DMY, faults);
	if (faults->refused)
		return;
	if (order == READING_DATES_UNSET)
		fault_note(faults, FAULT_DATES_ASK, FAULT_EVENT(NULL, out->dates[0].line),
		    out->dates[0].written, NULL);
	tell_loose_columns(&r);
	table_init(&r.slots, titles->arena, rows->list.count);
	table_init(&r.swaps.told, titles->arena, 16);
	table_init(&r.stood_in.first, titles->arena, 16);
	VEC_EACH (row, &rows->list) {
		if (!is_no_shift(&r, row))
			read_row(&r, row, order);
		if (arena_over(titles->arena)) {
			fault_note(faults, FAULT_TOO_MUCH_MEMORY, FAULT_ANYWHERE, NULL, NULL);
			return;
		}
	}
	roster_pairs_settle(&r.pairs, titles->arena, faults);
	roster_swaps_settle(&r.swaps, &r.pairs, titles->arena, faults);
	roster_stood_in_settle(&r.stood_in, &r.pairs, titles->arena, faults);
}
