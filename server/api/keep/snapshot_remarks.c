/* SPDX-License-Identifier: MIT */
#include "server/api/keep/snapshot_remarks.h"

#include "server/api/api_sql.h"
#include "server/base/arena.h"
#include "server/base/fatal.h"
#include "server/base/instant.h"

/* ------------------------------------------------------------------------------------------- rows */

struct loading {
	struct arena *arena;
	const struct region *region;
	const struct pg_rows *rows;
	struct kept_report *reports;
	struct kept_note *notes;
	int64_t *gone_reports, *gone_notes;
	struct remarks_change change;
};

/* Index of the code in a column. REGION_NONE: the row has none. False: the region has no such thing
 * (any more). */
static bool
find(
    const struct loading *loading, size_t row, int column, const struct table *table, uint32_t *out)
{
	*out = REGION_NONE;
	if (pg_is_null(loading->rows, row, column))
		return true;
	*out = table_get(table, pg_get_text(loading->rows, row, column));
	if (*out != TABLE_NONE)
		return true;
	*out = REGION_NONE;
	return false;
}

struct about {
	uint32_t person, rota, service, function, place;
};

static bool
find_about(const struct loading *loading, size_t row, struct about *out)
{
	const struct region *region = loading->region;
	bool found = find(loading, row, API_REMARKS_PERSON, &region->person_by_id, &out->person);

	found &= find(loading, row, API_REMARKS_ROTA, &region->rota_by_id, &out->rota);
	found &= find(loading, row, API_REMARKS_SERVICE, &region->service_by_id, &out->service);
	found &=
	    find(loading, row, API_REMARKS_FUNCTION, &region->function_by_code, &out->function);
	return found & find(loading, row, API_REMARKS_PLACE, &region->place_by_code, &out->place);
}

static void
load_report(struct loading *loading, size_t row)
{
	const struct pg_rows *rows = loading->rows;
	int64_t id = pg_get_int(rows, row, API_REMARKS_ID);
	enum report_outcome outcome;
	struct about about;

	/* The table's own check lists the same outcomes. */
	INVARIANT(report_outcome_of(pg_get_text(rows, row, API_REMARKS_WORDS), &outcome));
	if (pg_get_bool(rows, row, API_REMARKS_GONE) || !find_about(loading, row, &about)) {
		loading->gone_reports[loading->change.ngone_reports++] = id;
		return;
	}
	loading->reports[loading->change.nreports++] = (struct kept_report){
	    .id = id,
	    .at = pg_get_time(rows, row, API_REMARKS_AT),
	    .until = pg_get_time(rows, row, API_REMARKS_UNTIL),
	    .person = about.person,
	    .rota = about.rota,
	    .service = about.service,
	    .function = about.function,
	    .place = about.place,
	    .outcome = (uint8_t)outcome,
	    .settled = pg_get_bool(rows, row, API_REMARKS_SETTLED),
	};
}

static void
load_note(struct loading *loading, size_t row, enum note_on on)
{
	const struct pg_rows *rows = loading->rows;
	int64_t id = pg_get_int(rows, row, API_REMARKS_ID);
	struct about about;

	if (pg_get_bool(rows, row, API_REMARKS_GONE) || !find_about(loading, row, &about)) {
		loading->gone_notes[loading->change.ngone_notes++] = id;
		return;
	}
	loading->notes[loading->change.nnotes++] = (struct kept_note){
	    .id = id,
	    .at = pg_get_time(rows, row, API_REMARKS_AT),
	    .until = pg_get_time(rows, row, API_REMARKS_UNTIL),
	    .start = pg_get_time_or(rows, row, API_REMARKS_STARTS_AT, INSTANT_NONE),
	    .end = pg_get_time_or(rows, row, API_REMARKS_ENDS_AT, INSTANT_NONE),
	    .person = about.person,
	    .rota = about.rota,
	    .service = about.service,
	    .function = about.function,
	    .place = about.place,
	    .on = (uint8_t)on,
	    .team = pg_get_text(rows, row, API_REMARKS_TEAM),
	    .text = pg_get_text(rows, row, API_REMARKS_WORDS),
	    .account = pg_get_text(rows, row, API_REMARKS_ACCOUNT),
	    .role = pg_get_text(rows, row, API_REMARKS_ROLE),
	};
}

void
snapshot_load_remarks(struct snapshot *draft, const struct pg_rows *rows, int64_t version)
{
	size_t count = pg_rows_count(rows);
	struct arena *arena = arena_new(0);
	struct loading loading = {
	    .arena = arena,
	    .region = draft->setup->region,
	    .rows = rows,
	    .reports = arena_array(arena, count + 1, sizeof *loading.reports),
	    .notes = arena_array(arena, count + 1, sizeof *loading.notes),
	    .gone_reports = arena_array(arena, count + 1, sizeof *loading.gone_reports),
	    .gone_notes = arena_array(arena, count + 1, sizeof *loading.gone_notes),
	    .change = {.version = version, .begin = draft->window.start},
	};
	enum note_on on;

	for (size_t row = 0; row < count; row++)
		if (note_on_of(pg_get_text(rows, row, API_REMARKS_KIND), &on))
			load_note(&loading, row, on);
		else
			load_report(&loading, row);
	loading.change.reports = loading.reports;
	loading.change.notes = loading.notes;
	loading.change.gone_reports = loading.gone_reports;
	loading.change.gone_notes = loading.gone_notes;
	snapshot_set_remarks(draft, remarks_changed(draft->remarks, &loading.change));
	/* The texts were copied. */
	arena_free(arena);
}

/* -------------------------------------------------------------------------------------- the file */

#define TEXT_MAX_BYTES 4096

/* The fewest bytes of one item. */
#define REPORT_LEAST PACKED_LEAST(2, 5, 3, 0)
#define NOTE_LEAST PACKED_LEAST(1, 5, 5, 4)

void
snapshot_pack_remarks(struct buf *out, const struct remarks *remarks)
{
	pack_i64(out, remarks->version);
	pack_u32(out, (uint32_t)remarks->nreports);
	for (size_t i = 0; i < remarks->nreports; i++) {
		const struct kept_report *report = &remarks->reports[i];

		pack_i64(out, report->id);
		pack_i64(out, report->at);
		pack_i64(out, report->until);
		pack_u32(out, report->person);
		pack_u32(out, report->rota);
		pack_u32(out, report->service);
		pack_u32(out, report->function);
		pack_u32(out, report->place);
		pack_u8(out, report->outcome);
		pack_u8(out, report->settled);
	}
	pack_u32(out, (uint32_t)remarks->nnotes);
	for (size_t i = 0; i < remarks->nnotes; i++) {
		const struct kept_note *note = &remarks->notes[i];

		pack_i64(out, note->id);
		pack_i64(out, note->at);
		pack_i64(out, note->until);
		pack_i64(out, note->start);
		pack_i64(out, note->end);
		pack_u32(out, note->person);
		pack_u32(out, note->rota);
		pack_u32(out, note->service);
		pack_u32(out, note->function);
		pack_u32(out, note->place);
		pack_u8(out, note->on);
		pack_text(out, note->team);
		pack_text(out, note->text);
		pack_text(out, note->account);
		pack_text(out, note->role);
	}
}

/* An index beyond the list would be read as something else. */
static bool
within(uint32_t index, uint32_t count)
{
	return index == REGION_NONE || index < count;
}

static bool
is_of(const struct region *region, const struct about *about)
{
	return within(about->person, region->npeople) && within(about->rota, region->nrotas) &&
	       within(about->service, region->nservices) &&
	       within(about->function, region->nfunctions) && within(about->place, region->nplaces);
}

static void
unpack_about(struct unpack *in, const struct region *region, struct about *out)
{
	out->person = unpack_u32(in);
	out->rota = unpack_u32(in);
	out->service = unpack_u32(in);
	out->function = unpack_u32(in);
	out->place = unpack_u32(in);
	in->bad |= !is_of(region, out);
}

/* A report has a service, a function and a place, and a person or none. */
static void
unpack_report(struct unpack *in, const struct region *region, struct kept_report *out)
{
	int64_t id = unpack_i64(in), at = unpack_i64(in), until = unpack_i64(in);
	struct about about;

	unpack_about(in, region, &about);
	*out = (struct kept_report){
	    .id = id,
	    .at = at,
	    .until = until,
	    .person = about.person,
	    .rota = about.rota,
	    .service = about.service,
	    .function = about.function,
	    .place = about.place,
	    .outcome = unpack_u8(in),
	};
	out->settled = unpack_u8(in) != 0;
	in->bad |= out->outcome >= REPORT_OUTCOMES || out->service == REGION_NONE ||
		   out->function == REGION_NONE || out->place == REGION_NONE ||
		   (out->person == REGION_NONE) != (out->rota == REGION_NONE);
}

static void
unpack_note(
    struct unpack *in, const struct region *region, struct arena *arena, struct kept_note *out)
{
	int64_t id = unpack_i64(in), at = unpack_i64(in), until = unpack_i64(in);
	struct about about;

	*out = (struct kept_note){.id = id, .at = at, .until = until};
	out->start = unpack_i64(in);
	out->end = unpack_i64(in);
	unpack_about(in, region, &about);
	out->person = about.person;
	out->rota = about.rota;
	out->service = about.service;
	out->function = about.function;
	out->place = about.place;
	out->on = unpack_u8(in);
	out->team = unpack_text(in, arena, TEXT_MAX_BYTES);
	out->text = unpack_text(in, arena, TEXT_MAX_BYTES);
	out->account = unpack_text(in, arena, TEXT_MAX_BYTES);
	out->role = unpack_text(in, arena, TEXT_MAX_BYTES);
	in->bad |=
	    out->on >= NOTE_ONS || out->text == NULL || out->account == NULL || out->role == NULL;
}

struct remarks *
snapshot_unpack_remarks(struct unpack *in, const struct region *region)
{
	struct arena *arena = arena_new(0);
	struct remarks_change change = {.version = unpack_i64(in), .begin = INSTANT_BEGINNING};
	uint32_t nreports = unpack_count(in, REPORT_LEAST), nnotes;
	struct kept_report *reports = arena_array(arena, nreports + 1, sizeof *reports);
	struct kept_note *notes;
	struct remarks *remarks = NULL;

	for (uint32_t i = 0; i < nreports && !in->bad; i++)
		unpack_report(in, region, &reports[i]);
	nnotes = unpack_count(in, NOTE_LEAST);
	notes = arena_array(arena, nnotes + 1, sizeof *notes);
	for (uint32_t i = 0; i < nnotes && !in->bad; i++)
		unpack_note(in, region, arena, &notes[i]);
	change.reports = reports;
	change.nreports = nreports;
	change.notes = notes;
	change.nnotes = nnotes;
	if (!in->bad)
		remarks = remarks_changed(NULL, &change);
	arena_free(arena);
	return remarks;
}
