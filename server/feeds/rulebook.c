#include "server/feeds/rulebook.h"

#include <sodium.h>
#include <stdlib.h>

#include "server/base/fatal.h"
#include "server/base/pack.h"
#include "server/rota/rota_options.h"

/* Raise it with every change of calendars/ that makes the same bytes mean something else. */
#define WAY_OF_READING 3

struct rulebook {
	unsigned refs;
	struct arena *arena;
	const struct zonedb *zones;
	const struct region *region;
	const struct zone *zone;
	int64_t version;
};

static bool
zone_known(void *ctx, const char *name)
{
	return zonedb_find(ctx, name) != NULL;
}

enum status
rulebook_read(
    const struct zonedb *zones, int64_t version, struct slice document, struct rulebook **out)
{
	struct rulebook *rulebook = xcalloc(1, sizeof *rulebook);
	struct region_faults faults;
	enum status st;

	rulebook->refs = 1;
	rulebook->arena = arena_new(0);
	rulebook->zones = zones;
	rulebook->version = version;
	st = region_read(rulebook->arena, document, zone_known, (void *)(uintptr_t)zones,
	    &rulebook->region, &faults);
	if (st != STATUS_OK) {
		rulebook_unref(rulebook);
		return st;
	}
	rulebook->zone = zonedb_find(zones, rulebook->region->time_zone);
	*out = rulebook;
	return STATUS_OK;
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
	free(rulebook);
}

int64_t
rulebook_version(const struct rulebook *rulebook)
{
	return rulebook->version;
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

void
rulebook_options(const struct rulebook *rulebook, struct arena *arena,
    const struct region_rota *rota, enum reading_kind kind, int64_t now,
    struct reading_options *out)
{
	rota_options(arena, rulebook->region, rota, rulebook->zones, out);
	out->kind = kind;
	rulebook_window(rulebook, now, &out->from, &out->until);
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

	pack_u32(&buf, WAY_OF_READING);
	/* A machine whose package says no version, or that mends a zone without a new one, still
	 * has its rotas read again. */
	pack_i64(&buf, (int64_t)zonedb_fingerprint(rulebook->zones));
	/* What is sent to the reader is what the reading depends on. */
	reading_pack_request(&buf, options, SLICE(""));
	crypto_hash_sha256(with.hash, (const unsigned char *)buf.at, buf.len);
	buf_free(&buf);
	return with;
}
