/* SPDX-License-Identifier: MIT */
#include "server/map/rota_builder.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/arena.h"
#include "server/base/fatal.h"
#include "server/base/sorted.h"
#include "server/base/table.h"
#include "server/base/vec.h"
#include "server/map/instant32.h"

/* Many shifts of a rota have the same title, so each text is stored once. */
struct rota_builder {
	struct arena *arena;
	VEC(struct kept_shift) shifts;
	VEC(struct kept_override) overrides;
	VEC(struct kept_trace) traces;
	VEC(struct kept_gone) gone;
	struct buf text;
	struct table places;
};

/* Texts are kept in a buffer of their own, not in the arena: their offsets are the values that
 * shifts have. */
static void
builder_begin(struct rota_builder *builder)
{
	arena_free(builder->arena);
	builder->arena = arena_new(0);
	builder->shifts.items = NULL;
	builder->shifts.count = builder->shifts.capacity = 0;
	builder->overrides.items = NULL;
	builder->overrides.count = builder->overrides.capacity = 0;
	builder->traces.items = NULL;
	builder->traces.count = builder->traces.capacity = 0;
	builder->gone.items = NULL;
	builder->gone.count = builder->gone.capacity = 0;
	buf_reset(&builder->text);
	buf_add(&builder->text, "", 1); /* offset 0 means no text */
	table_init(&builder->places, builder->arena, 64);
}

struct rota_builder *
rota_builder_new(void)
{
	struct rota_builder *builder = xcalloc(1, sizeof *builder);

	builder_begin(builder);
	return builder;
}

void
rota_builder_free(struct rota_builder *builder)
{
	if (builder == NULL)
		return;
	arena_free(builder->arena);
	buf_free(&builder->text);
	free(builder);
}

/* The table needs a copy of its key, because the buffer moves when it grows. */
static uint32_t
keep_text(struct rota_builder *builder, const char *text)
{
	uint32_t place;

	if (text == NULL || text[0] == '\0')
		return 0;
	place = table_get(&builder->places, text);
	if (place != TABLE_NONE)
		return place;
	place = (uint32_t)builder->text.len;
	buf_add(&builder->text, text, strlen(text) + 1);
	table_put(&builder->places, builder->arena, arena_strdup(builder->arena, text), place);
	return place;
}

static void
add_override(struct rota_builder *builder, const struct shift_row *row)
{
	struct kept_override *kept = VEC_PUSH(builder->arena, &builder->overrides);

	*kept = (struct kept_override){
	    .id = row->override.id,
	    .shift = row->id,
	    .made_at = row->override.made_at,
	    .start = instant32(row->start),
	    .end = instant32(row->end),
	    .person = row->person,
	    .instead = row->override.instead,
	    .made_by = keep_text(builder, row->override.made_by),
	    .note = keep_text(builder, row->override.note),
	    .standing = (uint8_t)row->override.standing,
	    .took = row->override.took,
	    .nthird = (uint8_t)row->override.nthird,
	    .kind = (uint8_t)override_kind_of(kept_class_name(row->class)),
	    .late = row->override.late,
	};
	memcpy(kept->third, row->override.third, sizeof kept->third);
}

/* Rows of an override are no shifts yet: what becomes of them is settled when all rows are here,
 * since it depends on the shifts beside them. */
void
rota_builder_add(struct rota_builder *builder, const struct shift_row *row)
{
	if (row->override.id != 0) {
		add_override(builder, row);
		return;
	}
	*VEC_PUSH(builder->arena, &builder->shifts) = (struct kept_shift){
	    .id = row->id,
	    .start = instant32(row->start),
	    .end = instant32(row->end),
	    .person = row->person,
	    .team = keep_text(builder, row->team),
	    .title = keep_text(builder, row->title),
	    .class = (uint8_t)row->class,
	    .as_last_read = row->as_last_read,
	};
}

void
rota_builder_trace(struct rota_builder *builder, const struct kept_trace *trace)
{
	*VEC_PUSH(builder->arena, &builder->traces) = *trace;
}

void
rota_builder_gone(struct rota_builder *builder, const struct kept_gone *gone)
{
	*VEC_PUSH(builder->arena, &builder->gone) = *gone;
}

/* Takes apart a block that overrides were already laid over. The shifts that an override made are
 * left out and made again from its rows. A preview uses this to ask what the rota would be without
 * some of its shifts. */
void
rota_builder_add_block(struct rota_builder *builder, const struct rota_block *block,
    const int64_t *without, size_t nwithout)
{
	for (uint32_t i = 0; i < block->count; i++) {
		const struct kept_shift *shift = &block->shifts[i];

		if (shift->override || sorted_has_int(without, nwithout, shift->id))
			continue;
		rota_builder_add(builder, &(struct shift_row){
					      .id = shift->id,
					      .start = shift->start,
					      .end = shift->end,
					      .class = shift->class,
					      .as_last_read = shift->as_last_read != 0,
					      .person = shift->person,
					      .team = rota_block_text(block, shift->team),
					      .title = rota_block_text(block, shift->title),
					  });
	}
	for (uint32_t i = 0; i < block->noverrides; i++) {
		const struct kept_override *override = &block->overrides[i];
		struct shift_row row = {
		    .id = override->shift,
		    .start = override->start,
		    .end = override->end,
		    .class = rota_block_kind_class((enum override_kind) override->kind),
		    .person = override->person,
		    .override =
			{
			    .id = override->id,
			    .made_at = override->made_at,
			    .instead = override->instead,
			    .nthird = override->nthird,
			    .made_by = rota_block_text(block, override->made_by),
			    .note = rota_block_text(block, override->note),
			    .standing = (enum override_standing) override->standing,
			    .took = override->took != 0,
			    .late = override->late != 0,
			},
		};

		memcpy(row.override.third, override->third, sizeof row.override.third);
		rota_builder_add(builder, &row);
	}
}

static int
by_start(const void *left, const void *right)
{
	const struct kept_shift *a = left, *b = right;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	if (a->end != b->end)
		return a->end < b->end ? -1 : 1;
	return (a->id > b->id) - (a->id < b->id);
}

/* The input of override_lay(): shifts and overrides; ids are indexes in the builder. */
static struct override_shifts
lay_over(struct rota_builder *builder)
{
	size_t count = builder->shifts.count, n = builder->overrides.count, kept = 0;
	struct shift *shifts = arena_array(builder->arena, count + 1, sizeof *shifts);
	struct override *overrides = arena_array(builder->arena, n + 1, sizeof *overrides);
	struct override_shifts laid;

	for (size_t i = 0; i < count; i++) {
		const struct kept_shift *shift = &builder->shifts.items[i];

		shifts[kept] = (struct shift){.start = shift->start,
		    .end = shift->end,
		    .id = (int64_t)i,
		    .person = shift->person};
		/* Absences take no part: an override changes who is on, not who is away. settle()
		 * carries them over. */
		if (shift_class_read(kept_class_name((enum kept_class)shift->class),
			shift->person != REGION_NONE, &shifts[kept].class))
			kept++;
	}
	for (size_t i = 0; i < n; i++) {
		const struct kept_override *override = &builder->overrides.items[i];

		overrides[i] = (struct override){
		    .id = override->id,
		    .kind = (enum override_kind) override->kind,
		    .start = override->start,
		    .end = override->end,
		    .shift = (int64_t)i,
		    .person = override->person,
		    .instead = override->instead,
		    .nthird = override->nthird,
		    .took = override->took != 0,
		};
		memcpy(overrides[i].third, override->third, sizeof overrides[i].third);
	}
	laid = override_lay(builder->arena, shifts, kept, overrides, n);
	for (size_t i = 0; i < n; i++)
		/* override_lay() has sorted its overrides; the index that each has in place of its
		 * shift leads back to the row. */
		builder->overrides.items[overrides[i].shift].took = overrides[i].took;
	return laid;
}

static int
by_shift(const void *left, const void *right)
{
	const struct kept_trace *a = left, *b = right;

	return (a->shift > b->shift) - (a->shift < b->shift);
}

static int
by_entry(const void *left, const void *right)
{
	const struct kept_gone *a = left, *b = right;

	if (a->entry != b->entry)
		return a->entry < b->entry ? -1 : 1;
	if (a->person != b->person)
		return a->person < b->person ? -1 : 1;
	return (a->start > b->start) - (a->start < b->start);
}

/* The shifts of the source of which the overrides have left nothing. ${pieces}: of each shift, how many it is
 * in. The traces are in order. */
static void
note_taken(struct rota_builder *builder, const uint32_t *pieces)
{
	for (size_t i = 0; i < builder->shifts.count; i++) {
		const struct kept_shift *shift = &builder->shifts.items[i];
		const struct kept_trace *trace;

		if (pieces[i] > 0 || shift->class == KEPT_ABSENCE)
			continue;
		trace = rota_trace_of(builder->traces.items, builder->traces.count, shift->id);
		if (trace != NULL)
			rota_builder_gone(builder, &(struct kept_gone){
						       .entry = trace->entry,
						       .start = shift->start,
						       .end = shift->end,
						       .person = shift->person,
						       .changed = trace->changed,
						   });
	}
}

/* Replaces the builder's shifts by what the overrides leave of them, and adds the stand-ins'
 * shifts. Done once here, not at each lookup: a block is read thousands of times for each time that
 * it is made. */
static void
settle(struct rota_builder *builder)
{
	struct override_shifts laid;
	VEC(struct kept_shift) after = {0};
	uint32_t *pieces;

	if (builder->overrides.count == 0)
		return;
	laid = lay_over(builder);
	pieces = arena_array(builder->arena, builder->shifts.count + 1, sizeof *pieces);
	for (size_t i = 0; i < builder->shifts.count; i++)
		if (builder->shifts.items[i].class == KEPT_ABSENCE)
			*VEC_PUSH(builder->arena, &after) = builder->shifts.items[i];
	for (size_t i = 0; i < laid.count; i++) {
		const struct shift *piece = &laid.items[i];
		struct kept_shift *kept = VEC_PUSH(builder->arena, &after);

		if (piece->override) {
			const struct kept_override *by = &builder->overrides.items[piece->id];

			*kept = (struct kept_shift){
			    /* The row of the override, not the shift that it replaces: a span of
			     * cover names the rows that it depends on. */
			    .id = by->shift,
			    .person = piece->person,
			    .class = (uint8_t)rota_block_kind_class((enum override_kind)by->kind),
			    .override = 1,
			    .disputed = piece->disputed,
			};
		} else {
			*kept = builder->shifts.items[piece->id];
			pieces[piece->id]++;
			/* In a dispute, what the calendar says is shown and does not count. */
			if (piece->disputed)
				kept->class = KEPT_UNDECIDED;
			kept->disputed = piece->disputed;
		}
		kept->start = instant32(piece->start);
		kept->end = instant32(piece->end);
	}
	note_taken(builder, pieces);
	builder->shifts.items = after.items;
	builder->shifts.count = after.count;
	builder->shifts.capacity = after.capacity;
}

static int
by_id(const void *left, const void *right)
{
	const struct kept_override *a = left, *b = right;

	return (a->id > b->id) - (a->id < b->id);
}

/* What an empty VEC has may not be given to qsort(). */
static void
sort(void *items, size_t count, size_t size, int (*order)(const void *, const void *))
{
	if (count > 1)
		qsort(items, count, size, order);
}

/* Settles, and sorts what the searches of a block depend on. The builder is empty again. */
struct rota_block *
rota_builder_take(struct rota_builder *builder)
{
	struct rota_block *block;

	sort(builder->traces.items, builder->traces.count, sizeof(struct kept_trace), by_shift);
	settle(builder);
	/* Laying overrides has disturbed the order. */
	sort(builder->shifts.items, builder->shifts.count, sizeof(struct kept_shift), by_start);
	sort(builder->overrides.items, builder->overrides.count, sizeof(struct kept_override),
	    by_id);
	sort(builder->gone.items, builder->gone.count, sizeof(struct kept_gone), by_entry);
	block = rota_block_new(&(struct rota_parts){
	    .shifts = builder->shifts.items,
	    .overrides = builder->overrides.items,
	    .traces = builder->traces.items,
	    .gone = builder->gone.items,
	    .text = {builder->text.at, builder->text.len},
	    .count = (uint32_t)builder->shifts.count,
	    .noverrides = (uint32_t)builder->overrides.count,
	    .ntraces = (uint32_t)builder->traces.count,
	    .ngone = (uint32_t)builder->gone.count,
	});
	builder_begin(builder);
	return block;
}
