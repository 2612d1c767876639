/* SPDX-License-Identifier: MIT */
#include "server/feeds/rulebook.h"

#include <sodium.h>
#include <stdlib.h>

#include "server/base/fatal.h"
#include "server/base/pack.h"
#include "server/rota/rota_options.h"

/* A rulebook whose region was patched shares the decisions of the one before (${said}), which can be many. */
struct rulebook {
	unsigned refs;
	struct arena *arena;   /* of its decisions; NULL: it has none of its own */
	struct rulebook *said; /* whose decisions it has; NULL: its own, or none */
	struct region_shared *shared;
	const struct zonedb *zones;
	struct slice holidays; /* the file; empty: there are none */
	const struct region *region;
	const struct zone *zone;
	int64_t version, decided;
	const struct rota_decision *decisions;
	size_t ndecisions;
	struct table first;  /* rota: index of its first decision */
	const size_t *count; /* of that rota, beside its first */
};

enum status
rulebook_read(
    const struct zonedb *zones, int64_t version, struct slice document, struct rulebook **out)
{
	struct arena *scratch = arena_new(0);
	struct region_shared *shared;
	struct region_faults faults;
	enum status st =
	    region_shared_read(scratch, document, region_zones_of(zones), &shared, &faults);

	arena_free(scratch);
	if (st != STATUS_OK)
		return st;
	region_shared_number(shared, version);
	*out = xcalloc(1, sizeof **out);
	**out = (struct rulebook){
	    .refs = 1,
	    .shared = shared,
	    .zones = zones,
	    .region = shared->region,
	    /* region_read() has checked that the zone is there. */
	    .zone = zonedb_find(zones, shared->region->time_zone),
	    .version = version,
	};
	return STATUS_OK;
}

void
rulebook_set_holidays(struct rulebook *rulebook, struct slice csv)
{
	rulebook->holidays = csv;
}

/* A patch never changes codes or the time zone (model/region_patch.h), so the decisions still apply. */
struct rulebook *
rulebook_patched(struct rulebook *from, struct region_shared *shared)
{
	struct rulebook *rulebook = xcalloc(1, sizeof *rulebook);

	*rulebook = *from;
	rulebook->refs = 1;
	rulebook->arena = NULL;
	rulebook->said = rulebook_ref(from->said != NULL ? from->said : from);
	rulebook->shared = shared;
	rulebook->region = shared->region;
	rulebook->version = shared->region->version;
	return rulebook;
}

static const char *
copy_text(struct arena *arena, const char *text)
{
	return text == NULL ? NULL : arena_strdup(arena, text);
}

static void
keep_decisions(struct rulebook *rulebook, const struct rulebook_decision *decisions, size_t count)
{
	struct arena *arena = rulebook->arena;
	struct rota_decision *kept = arena_array(arena, count, sizeof *kept);
	size_t *counts = arena_array(arena, count, sizeof *counts);

	for (size_t i = 0; i < count; i++) {
		/* Decisions come by rota, so those of one rota are neighbours: the first and a
		 * count find them. */
		uint32_t first = table_put(
		    &rulebook->first, arena, arena_strdup(arena, decisions[i].rota), (uint32_t)i);

		counts[first == TABLE_NONE ? i : first]++;
		kept[i] = decisions[i].decision;
		kept[i].words = copy_text(arena, kept[i].words);
		kept[i].person = copy_text(arena, kept[i].person);
		kept[i].team = copy_text(arena, kept[i].team);
		kept[i].zone = copy_text(arena, kept[i].zone);
	}
	rulebook->decisions = kept;
	rulebook->ndecisions = count;
	rulebook->count = counts;
}

struct rulebook *
rulebook_decide(
    struct rulebook *base, int64_t version, const struct rulebook_decision *decisions, size_t count)
{
	struct rulebook *rulebook = xcalloc(1, sizeof *rulebook);

	*rulebook = (struct rulebook){
	    .refs = 1,
	    .arena = arena_new(0),
	    .shared = region_shared_ref(base->shared),
	    .zones = base->zones,
	    .holidays = base->holidays,
	    .region = base->region,
	    .zone = base->zone,
	    .version = base->version,
	    .decided = version,
	};
	table_init(&rulebook->first, rulebook->arena, 64);
	keep_decisions(rulebook, decisions, count);
	return rulebook;
}

struct rulebook *
rulebook_ref(struct rulebook *rulebook)
{
	rulebook->refs++;
	return rulebook;
}

void
rulebook_unref(struct rulebook *rulebook)
{
	if (rulebook == NULL || --rulebook->refs > 0)
		return;
	arena_free(rulebook->arena);
	rulebook_unref(rulebook->said);
	region_shared_unref(rulebook->shared);
	free(rulebook);
}

int64_t
rulebook_version(const struct rulebook *rulebook)
{
	return rulebook->version;
}

int64_t
rulebook_decided(const struct rulebook *rulebook)
{
	return rulebook->decided;
}

struct region_shared *
rulebook_shared(const struct rulebook *rulebook)
{
	return rulebook->shared;
}

const struct region *
rulebook_region(const struct rulebook *rulebook)
{
	return rulebook->region;
}

const struct region_rota *
rulebook_rota(const struct rulebook *rulebook, const char *id)
{
	uint32_t found = table_get(&rulebook->region->rota_by_id, id);

	return found == TABLE_NONE ? NULL : &rulebook->region->rotas[found];
}

struct reading_options
rulebook_options(const struct rulebook *rulebook, struct arena *arena,
    const struct region_rota *rota, enum reading_kind kind, int64_t now)
{
	uint32_t first =
	    rulebook->ndecisions == 0 ? TABLE_NONE : table_get(&rulebook->first, rota->id);
	struct reading_options out;
	const char *fault;

	rota_options(arena, rulebook->region, rota, rulebook->zones, &out);
	/* The start of the role has read the file, and the region was accepted with it. */
	if (rulebook->holidays.len > 0 && rota_options_holidays(arena, rulebook->holidays,
					      rulebook->region, &out, &fault) != STATUS_OK)
		fatal("could not read the bank holidays: %s", fault);
	if (first != TABLE_NONE)
		rota_options_decide(arena, rulebook->region, rota,
		    (struct rota_decisions){rulebook->decisions + first, rulebook->count[first]},
		    &out);
	/* By what the bytes are, and not by what the region says of the rota: a roster may be
	 * uploaded for a rota that has an address. */
	out.kind = kind;
	rulebook_window(rulebook, now, &out.from, &out.until);
	return out;
}

void
rulebook_window(const struct rulebook *rulebook, int64_t now, int64_t *from, int64_t *until)
{
	rota_window(rulebook->zone, now, from, until);
}

struct read_with
rulebook_read_with(const struct rulebook *rulebook, const struct reading_options *options)
{
	struct read_with with;
	struct buf buf = {0};

	/* The reader itself, and the words it knows. */
	pack_text(&buf, reading_digest());
	/* A machine whose package says no version, or that corrects a zone without a new one, still
	 * has its rotas read again. */
	pack_i64(&buf, (int64_t)zonedb_fingerprint(rulebook->zones));
	/* The reading depends on everything that is sent to the reader. */
	reading_pack_request(&buf, options, SLICE(""));
	crypto_hash_sha256(with.hash, (const unsigned char *)buf.at, buf.len);
	buf_free(&buf);
	return with;
}
