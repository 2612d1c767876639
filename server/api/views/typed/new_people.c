/* SPDX-License-Identifier: MIT */
#include "server/api/views/typed/new_people.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/views/setup/region_put.h"
#include "server/base/fatal.h"
#include "server/model/region_item.h"

#define NAME_MAX_BYTES 200
#define CODE_MAX_BYTES 64
#define PHONE_MAX_BYTES 32
#define ARENA_BYTES ((size_t)512 << 20)

/* ------------------------------------------------------------------------------------------ reading */

static const char *
member(const struct ask *ask, const struct ask_object *object, const char *key)
{
	return arena_printf(ask->arena, "%s.%s", object->path, key);
}

static const char *
read_name(struct ask *ask, const struct ask_object *object, const char *key, enum ask_need need)
{
	const char *name = ask_object_text(ask, object, key, NAME_MAX_BYTES, need);

	if (name != NULL && slice_trim(slice_of(name)).len == 0) {
		ask_fault(ask, member(ask, object, key), "is not a name");
		return NULL;
	}
	return name;
}

/* The function of the rota, which the person must hold to count there. */
static const char *
read_role(struct ask *ask, const struct ask_object *object, uint32_t rota)
{
	const struct region *region = ask->region;
	const char *own =
	    region->functions[region->services[region->rotas[rota].service].function].code;
	const char *role = ask_object_text(ask, object, "role", CODE_MAX_BYTES, ASK_OPTIONAL);

	if (role != NULL && strcmp(role, own) != 0)
		ask_fault(ask, member(ask, object, "role"),
		    "is another function than the rota's: it must be \"%s\", or left out", own);
	return own;
}

/* Two people of one name stay two: nobody is taken for another by the name, and it is said that there is one. */
static const char *
find_namesake(const struct ask *ask, const struct new_person *person)
{
	const struct region *region = ask->region;

	for (uint32_t i = 0; i < region->npeople; i++)
		if (slice_is_nocase(slice_of(region_person(region, i)->name), person->name) &&
		    region_in_directory(
			region, &region->rotas[person->rota], region_person(region, i)))
			return arena_printf(ask->arena,
			    "There is a %s already (%s): name that person, unless this is another of the same name.",
			    region_person(region, i)->name, region_person(region, i)->shown_id);
	return NULL;
}

void
new_person_read(
    struct ask *ask, const struct ask_object *object, uint32_t rota, struct new_person *out)
{
	*out = (struct new_person){
	    .path = object->path,
	    .rota = rota,
	    .name = read_name(ask, object, "name", ASK_REQUIRED),
	    .role = read_role(ask, object, rota),
	    .phone = ask_object_text(ask, object, "phone", PHONE_MAX_BYTES, ASK_OPTIONAL),
	    .said = read_name(ask, object, "said", ASK_OPTIONAL),
	};
	if (out->name == NULL)
		return;
	/* An alias that is the name itself adds nothing to find the person by. */
	if (out->said != NULL && strcmp(out->said, out->name) == 0)
		out->said = NULL;
	out->doubt = find_namesake(ask, out);
}

/* -------------------------------------------------------------------------------------- the set-up */

/* The data of the job while the set-up is changed. */
struct adding {
	struct region_put put; /* first: the steps of region_put.c find it as the job's data */
	struct new_people *people;
	new_people_fn *then;
	size_t *at; /* where each is in the list of people */
};

/* "sam-okoro" of "Dr. Sam Okoro": letters and digits of the name, and what cannot be in a code left out. */
static const char *
id_of(struct arena *arena, const char *name)
{
	char *id = arena_alloc(arena, strlen(name) + 8);
	size_t len = 0;

	for (const char *at = name; *at != '\0' && len < 40; at++)
		if (isalnum((unsigned char)*at))
			id[len++] = (char)tolower((unsigned char)*at);
		else if (len > 0 && id[len - 1] != '-' && (unsigned char)*at < 0x80)
			id[len++] = '-';
	/* "Sam (Okoro)" would end in a hyphen. */
	while (len > 0 && id[len - 1] == '-')
		len--;
	/* A name in another script has no letter that a code may have. */
	if (len == 0)
		len = (size_t)snprintf(id, 8, "person");
	id[len] = '\0';
	return id;
}

/* An id that nobody has, nor had: what was decided about that person would become this one's. */
static const char *
free_id(struct region_put *put, const char *name)
{
	const struct region_kind *kind = &region_kinds[REGION_KIND_PERSON];
	const char *stem = id_of(put->arena, name), *id = stem;

	for (unsigned n = 2;
	     table_get(&put->before->person_by_id, id) != TABLE_NONE ||
	     region_item_get(put->arena, put->document, &(struct region_item){kind, id}).len > 0;
	     n++)
		id = arena_printf(put->arena, "%s-%u", stem, n);
	return id;
}

static void
add_one(struct job *job, struct adding *adding, size_t index)
{
	struct region_put *put = &adding->put;
	struct new_person *person = &adding->people->items[index];
	const struct region *region = job->ask.region;
	/* Of the rota's organisation, whose managers can then correct or remove the person. */
	const char *organisation =
	    region->organisations[region->rotas[person->rota].organisation].code;
	json_t *item;
	char *text;

	person->id = arena_strdup(job->ask.arena, free_id(put, person->name));
	item = json_pack("{s:s, s:s, s:s, s:[s], s:s*}", "id", person->id, "name", person->name,
	    "organisation", organisation, "roles", person->role, "work_phone", person->phone);
	if (person->said != NULL)
		json_object_set_new(item, "aliases", json_pack("[s]", person->said));
	text = json_dumps(item, JSON_COMPACT);
	put->document = region_item_set(put->arena, put->document,
	    &(struct region_item){&region_kinds[REGION_KIND_PERSON], person->id}, slice_of(text),
	    &adding->at[index]);
	free(text);
	json_decref(item);
}

/* Faults of the set-up with the paths of the request: "$.people[26].work_phone" is "$.shifts[3].new.phone". */
static void
name_faults(struct adding *adding)
{
	struct region_put *put = &adding->put;
	struct region_fault *faults =
	    arena_array(put->arena, put->faults.count + 1, sizeof *faults);

	for (size_t i = 0; i < put->faults.count; i++) {
		faults[i] = put->faults.items[i];
		for (size_t j = 0; j < adding->people->count; j++) {
			const char *own = region_item_path(put->arena,
			    &region_kinds[REGION_KIND_PERSON], adding->at[j], faults[i].path);

			if (own != NULL)
				faults[i].path =
				    arena_printf(put->arena, "%s%s", adding->people->items[j].path,
					strcmp(own, "$.work_phone") == 0 ? ".phone" : own + 1);
		}
	}
	put->faults.items = faults;
}

static void
on_base(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct adding *adding = job->data;
	struct region_put *put = &adding->put;

	(void)st;
	region_put_take_base(job, rows);
	/* One after the other, each in the document with those before it: two of one name get two ids. */
	put->document = region_put_before_document(put);
	for (size_t i = 0; i < adding->people->count; i++)
		add_one(job, adding, i);
	/* Read as a whole file is: a person added here is held to the rules of everybody. */
	if (region_put_read(job, put->document) == STATUS_OK) {
		region_put_compare(job, NULL);
		return;
	}
	name_faults(adding);
	region_put_reply_faults(job, NULL);
}

/* The job's data is the caller's from here on; what the change of the set-up holds is freed with the job. */
static void
on_added(struct job *job)
{
	struct adding *adding = job->data;

	adding->then(job, adding->put.setup);
}

/* The steps of the set-up find their data as the job's; at its end it may be another's. */
static void
drop(struct job *job)
{
	const struct new_people *people = job->more;

	job->data = people->adding;
	region_put_drop(job);
}

void
new_people_add(struct job *job, struct new_people *people, new_people_fn *then)
{
	struct adding *adding = arena_alloc(job->ask.arena, sizeof *adding);

	*adding = (struct adding){
	    .put = {.judged = true, .then = on_added, .arena = arena_new(ARENA_BYTES)},
	    .people = people,
	    .then = then,
	    .at = arena_array(job->ask.arena, people->count + 1, sizeof *adding->at),
	};
	job->data = adding;
	people->adding = adding;
	/* drop() finds them there; the job's data is exchanged on the way. */
	INVARIANT(job->more == people);
	job->drop = drop;
	region_put_ask_base(job, on_base);
}

/* -------------------------------------------------------------------------------------- telling it */

struct noting {
	struct new_people *people;
	size_t done;
	void (*then)(struct job *job);
};

static void note_next(struct job *job);

static void
on_noted(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct noting *noting = job->data;

	(void)st;
	noting->people->items[noting->done++].number = pg_get_int(rows, 0, API_PERSON_NEW_ADD_ID);
	note_next(job);
}

static void
note_next(struct job *job)
{
	struct noting *noting = job->data;
	const struct new_person *person = &noting->people->items[noting->done];
	struct pg_args args = {0};

	/* One call each: a call under way holds the job. */
	if (noting->done == noting->people->count) {
		noting->then(job);
		return;
	}
	pg_text(&args, person->id);
	pg_text(&args, job->ask.region->rotas[person->rota].id);
	pg_text(&args, job->ask.account->name);
	job_write(job, &API_PERSON_NEW_ADD, &args, on_noted);
}

void
new_people_note(struct job *job, struct new_people *people, void (*then)(struct job *job))
{
	struct noting *noting = arena_alloc(job->ask.arena, sizeof *noting);

	*noting = (struct noting){people, 0, then};
	job->data = noting;
	note_next(job);
}

void
new_people_put(
    struct json_out *out, const struct ask *ask, const struct new_people *people, bool dry)
{
	const struct region *region = ask->region;

	out_array(out, "people");
	for (size_t i = 0; i < people->count; i++) {
		const struct new_person *person = &people->items[i];

		out_object(out, NULL);
		out_text(out, "person", person->id);
		out_text(out, "name", person->name);
		out_text(out, "organisation",
		    region->organisations[region->rotas[person->rota].organisation].code);
		out_text(out, "role", person->role);
		out_text(out, "phone", person->phone);
		out_text(out, "said", person->said);
		out_bool(out, "new", true);
		if (!dry)
			out_int(out, "number", person->number);
		else
			out_null(out, "number");
		out_object_end(out);
	}
	out_array_end(out);
}
