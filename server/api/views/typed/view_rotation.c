/* SPDX-License-Identifier: MIT */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/etag.h"
#include "server/api/views/typed/cover_after.h"
#include "server/api/views/typed/rotation_wish.h"
#include "server/api/views/views.h"
#include "server/base/instant.h"

/*
 * /v1/rotas/{id}/rotation: the rule by which people take turns on a typed rota. What is put is an edition,
 * which holds from an instant on; editions before it stay as they were. The shifts are made here, for 400
 * days ahead, and written with the edition in one transaction; the feeds role writes them further each day.
 */

/* A year shows both changes of the clocks and every holiday once. */
#define PREVIEW_SECONDS (366 * (int64_t)86400)
#define OTHER_SOURCE                                                                               \
	"The shifts of this rota come from a calendar or a file: set its source to typed to give it a rotation."
#define UNREADABLE                                                                                 \
	"A later version of this program made a rotation of this rota. This one cannot read it."

struct putting {
	struct rotation_wish wish;
	struct rotation_fill fill;
	int64_t id;
	struct cover_after_asked asked;
	const char *rota;
};

/* ---------------------------------------------------------------------------------------- answers */

static void
note_read(const struct ask *ask, uint32_t rota)
{
	ask_read(ask, READ_ROTATION, ask->region->rotas[rota].id, NULL, INSTANT_NONE);
}

static void
put_shift(struct json_out *out, const struct ask *ask, const struct rotation_shift *shift)
{
	/* Editions that are in force may have somebody who has left since. */
	uint32_t person = table_get(&ask->region->person_by_id, shift->person);

	out_object(out, NULL);
	out_text(out, "person", ask_shown_id(ask, shift->person));
	out_text(
	    out, "name", person == TABLE_NONE ? NULL : region_person(ask->region, person)->name);
	out_time(out, "from", shift->start);
	out_time(out, "until", shift->end);
	out_local(out, "from_local", ask->map->setup->zone, shift->start);
	out_local(out, "until_local", ask->map->setup->zone, shift->end);
	out_object_end(out);
}

/* Who is on for a year, from when the edition begins. */
static void
put_preview(struct json_out *out, const struct ask *ask, const struct putting *putting)
{
	const struct rotation_shifts *shifts = &putting->fill.shifts;
	int64_t from = putting->wish.starts_at, until = from + PREVIEW_SECONDS;

	out_array(out, "shifts");
	for (size_t i = 0; i < shifts->count; i++)
		if (shifts->items[i].end > from && shifts->items[i].start < until)
			put_shift(out, ask, &shifts->items[i]);
	out_array_end(out);
}

static void
put_edition(struct json_out *out, const struct ask *ask, const struct putting *putting)
{
	const struct rotation_wish *wish = &putting->wish;

	out_bool(out, "dry_run", wish->dry);
	out_text(out, "rota", ask->region->rotas[wish->rota].id);
	if (wish->dry)
		out_null(out, "version");
	else
		out_int(out, "version", putting->id);
	out_time(out, "from", wish->starts_at);
	out_time(out, "filled_to", putting->fill.filled_to);
	out_time(out, "reach", putting->fill.reach);
}

static void
on_effect(struct job *job, const struct region *region, const struct effect_gaps *gaps)
{
	const struct putting *putting = job->more;
	struct json_out out = {0};

	out_object(&out, NULL);
	put_edition(&out, &job->ask, putting);
	put_preview(&out, &job->ask, putting);
	cover_after_put(&out, region, gaps);
	out_object_end(&out);
	note_read(&job->ask, putting->wish.rota);
	cover_after_nothing_kept(job);
	ask_reply_with(&job->ask, 200, &out, NULL);
	job_end(job);
}

static void
on_put(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct putting *putting = job->more;
	struct json_out out = {0};

	if (st == STATUS_REFUSED) {
		job_refuse(job, 409, rows);
		return;
	}
	putting->id = pg_get_int(rows, 0, API_ROTATION_PUT_ID);
	/* The rows are written in both cases; of a dry run on_effect() lets them be rolled back. */
	if (putting->wish.dry) {
		cover_after_find(job, &putting->asked, on_effect);
		return;
	}
	out_object(&out, NULL);
	put_edition(&out, &job->ask, putting);
	out_object_end(&out);
	ask_reply_with(&job->ask, 200, &out,
	    arena_printf(
		job->ask.arena, "ETag: %s\r\n", rotation_etag(job->ask.arena, putting->id)));
	job_end(job);
}

/* ------------------------------------------------------------------------------------------ the deed */

static bool
refuse(struct job *job, unsigned status, const char *detail, const char *extra)
{
	problem_reply_with(
	    job->ask.exchange, status, detail, &(struct problem_more){.extra = extra});
	job_end(job);
	return false;
}

/* Whether the sender has seen what is in force. */
static bool
has_seen(struct job *job, const struct rotation_kept *kept)
{
	const struct rotation_wish *wish = &((struct putting *)job->more)->wish;
	const char *tag = arena_printf(
	    job->ask.arena, "ETag: %s\r\n", rotation_etag(job->ask.arena, kept->version));

	if (kept->count == 0 && wish->ends)
		return refuse(job, 404, "This rota has no rotation.", NULL);
	/* The first rotation of a rota replaces nothing, and a dry run changes nothing. */
	if (wish->seen == kept->version || (wish->seen == 0 && (wish->dry || kept->count == 0)))
		return true;
	if (wish->seen == 0)
		return refuse(job, 428,
		    "Say what you have seen: If-Match with the ETag of the rotation as you read it.",
		    tag);
	return refuse(job, 412,
	    "This rotation was changed since you read it; nothing was changed. Read it again, and change that.",
	    tag);
}

static void
on_kept(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct putting *putting = job->more;
	struct ask *ask = &job->ask;
	struct rotation_kept kept;
	struct pg_args args = {0};

	(void)st;
	/* To write over an edition that cannot be read would undo in silence what somebody decided. */
	if (rotation_kept_read(ask->arena, rows, &kept) != STATUS_OK) {
		refuse(job, 409, UNREADABLE, NULL);
		return;
	}
	if (!has_seen(job, &kept))
		return;
	putting->fill = rotation_wish_fill(ask, &putting->wish, &kept);
	putting->rota = ask->region->rotas[putting->wish.rota].id;
	putting->asked = (struct cover_after_asked){&putting->rota, 1, NULL};
	rotation_wish_args(ask, &putting->wish, &kept, &putting->fill, &args);
	job_write(job, &API_ROTATION_PUT, &args, on_put);
}

static void
drop(struct job *job)
{
	struct putting *putting = job->more;

	json_decref(putting->wish.layers);
	putting->wish.layers = NULL;
}

static void
begin(struct ask *ask, bool ends)
{
	struct putting putting = {.wish = {.ends = ends, .dry = ask_yes(ask, "dry_run")}};
	struct pg_args args = {0};
	struct job *job;

	putting.wish.rota = ask_rota_changed(ask, "id");
	/* A calendar and a rotation would contradict each other on one rota. */
	if (ask->refused == 0 &&
	    ask->region->rotas[putting.wish.rota].source != REGION_SOURCE_TYPED)
		ask_refuse(ask, 409, OTHER_SOURCE);
	else if (ask->refused == 0 && ask->region->rotas[putting.wish.rota].service == REGION_NONE)
		ask_refuse(ask, 409, "This is a leave calendar: nobody is on call by it.");
	rotation_wish_read(ask, &putting.wish);
	putting.wish.seen = etag_number(ask->exchange, "rotation-");
	/* As it was read from a rota that has none. */
	if (slice_is(
		slice_trim(web_header(ask->exchange, "if-match")), rotation_etag(ask->arena, 0)))
		putting.wish.seen = 0;
	/* Layers are no memory of the arena, and there is no job yet that drops them. */
	if (!ask_fine(ask)) {
		json_decref(putting.wish.layers);
		return;
	}
	pg_text(&args, ask->region->rotas[putting.wish.rota].id);
	job = job_new(ask, sizeof putting);
	*(struct putting *)job->data = putting;
	job->more = job->data;
	job->drop = drop;
	job_call(job, &API_ROTATION, &args, on_kept);
}

void
view_rotation_put(struct ask *ask)
{
	begin(ask, false);
}

void
view_rotation_end(struct ask *ask)
{
	begin(ask, true);
}

/* ---------------------------------------------------------------------------------------------- GET */

/* People by the ids that the asker knows them by. */
static void
show_people(const struct ask *ask, json_t *list)
{
	json_t *one;
	size_t i;

	json_array_foreach(list, i, one)
	{
		if (json_is_string(one))
			json_string_set(one, ask_shown_id(ask, json_string_value(one)));
		else
			show_people(ask, one);
	}
}

static void
put_layers(struct json_out *out, const struct ask *ask, struct slice text)
{
	json_t *value = json_loadb(text.at, text.len, 0, NULL), *layers, *layer;
	char *shown;
	size_t i;

	layers = json_object_get(value, "layers");
	json_array_foreach(layers, i, layer)
	    show_people(ask, json_object_get(layer, "participants"));
	/* As it is kept but for people: an answer can be sent back as the next edition. */
	shown = json_dumps(layers, JSON_COMPACT);
	out_raw(out, "layers", slice_of(shown));
	free(shown);
	json_decref(value);
}

static void
put_kept(struct json_out *out, const struct ask *ask, const struct pg_rows *rows, size_t row)
{
	out_object(out, NULL);
	out_int(out, "id", pg_get_int(rows, row, API_ROTATION_ID));
	out_time(out, "from", pg_get_time(rows, row, API_ROTATION_STARTS_AT));
	out_time(out, "made_at", pg_get_time(rows, row, API_ROTATION_MADE_AT));
	out_text(out, "made_by", pg_get_text(rows, row, API_ROTATION_MADE_BY));
	put_layers(out, ask, pg_get_bytes(rows, row, API_ROTATION_DEFINITION));
	out_object_end(out);
}

static void
on_asked(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct ask *ask = &job->ask;
	uint32_t rota = *(uint32_t *)job->data;
	struct json_out out = {0};
	int64_t version = pg_get_int(rows, 0, API_ROTATION_VERSION);

	(void)st;
	out_object(&out, NULL);
	out_text(&out, "rota", ask->region->rotas[rota].id);
	out_int(&out, "version", version);
	out_time(&out, "filled_to", pg_get_time_or(rows, 0, API_ROTATION_FILLED_TO, INSTANT_NEVER));
	out_time(&out, "reach", pg_get_time_or(rows, 0, API_ROTATION_REACH, INSTANT_NEVER));
	out_array(&out, "editions");
	/* One row of nulls with the version comes for a rota without a rotation. */
	for (size_t i = 0; i < pg_rows_count(rows) && !pg_is_null(rows, i, API_ROTATION_ID); i++)
		put_kept(&out, ask, rows, i);
	out_array_end(&out);
	out_object_end(&out);
	note_read(ask, rota);
	ask_reply_with(&job->ask, 200, &out,
	    arena_printf(ask->arena, "ETag: %s\r\n", rotation_etag(ask->arena, version)));
	job_end(job);
}

void
view_rotation(struct ask *ask)
{
	uint32_t rota = ask_rota_reviewed(ask, "its rotation");
	struct pg_args args = {0};
	struct job *job;

	if (!ask_fine(ask))
		return;
	pg_text(&args, ask->region->rotas[rota].id);
	job = job_new(ask, sizeof rota);
	*(uint32_t *)job->data = rota;
	job_call(job, &API_ROTATION, &args, on_asked);
}
