/* SPDX-License-Identifier: MIT */
#include "server/feeds/address_change.h"

#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/address/address_box.h"
#include "server/base/fatal.h"
#include "server/base/vec.h"
#include "server/feeds/feeds_sql.h"
#include "server/loop/loop.h"
#include "server/pg/pg.h"

#define ARENA_BYTES ((size_t)512 << 20)

/* The state of the command. The steps are: read all boxes, make the key and write both files, seal all addresses
 * again. A run that is cut off between two of them leaves everything usable, since the open file has both keys. */
struct changing {
	const struct address_change *asked;
	struct arena *arena;
	struct loop *loop;
	struct pg *pg;
	struct address_open_keys keys;
	struct address_seal_key seal;
	VEC(struct box {
		const char *mask;
		struct slice bytes;
	})
	boxes;
	uint64_t rewritten, unopened;
	int exit_status;
};

/* Ends the command with an error. */
static void __attribute__((format(printf, 2, 3)))
end(struct changing *changing, const char *format, ...)
{
	va_list args;

	fputs("crisiscoverd address-key-change: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	changing->exit_status = 1;
	loop_stop(changing->loop);
}

/* ------------------------------------------------------------------------------------ the boxes */

static void
on_rewritten(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct changing *changing = ctx;

	if (st != STATUS_OK) {
		end(changing,
		    "the database does not answer; the new key is in the files, and the addresses are sealed as before. "
		    "Nothing is lost: run it again");
		return;
	}
	changing->rewritten = (uint64_t)pg_get_int(rows, 0, FEEDS_ADDRESS_REWRITE_DONE);
	if (changing->unopened > 0)
		end(changing,
		    "%" PRIu64
		    " addresses cannot be opened by any key of %s and stay as they are: put the key that opens them "
		    "into it, a line more, and run this again; or give those addresses again",
		    changing->unopened, changing->asked->open_path);
	else
		loop_stop(changing->loop);
}

/* Opens a box with any of the keys, and seals its address with the new one. False: no key opens it. */
static bool
seal_again(struct changing *changing, const struct box *box, struct slice *out)
{
	char address[ADDRESS_MAX_BYTES + 1];
	struct buf sealed = {0};

	if (address_open(&changing->keys, box->bytes, address) != STATUS_OK)
		return false;
	address_seal(&changing->seal, address, &sealed);
	sodium_memzero(address, sizeof address);
	*out = (struct slice){arena_strndup(changing->arena, sealed.at, sealed.len), sealed.len};
	buf_free(&sealed);
	return true;
}

/* Replaces all boxes in one statement, and so in one transaction. The box as it was is sent too: one that the api
 * has replaced meanwhile is left alone. The feeds role can open old and new boxes. */
static void
rewrite(struct changing *changing)
{
	size_t most = changing->boxes.count + 1, count = 0;
	const char **masks = arena_array(changing->arena, most, sizeof *masks);
	struct slice *before = arena_array(changing->arena, most, sizeof *before);
	struct slice *after = arena_array(changing->arena, most, sizeof *after);
	struct pg_args args = {0};

	for (size_t i = 0; i < changing->boxes.count; i++) {
		const struct box *box = &changing->boxes.items[i];

		if (!seal_again(changing, box, &after[count])) {
			changing->unopened++;
			continue;
		}
		masks[count] = box->mask;
		before[count++] = box->bytes;
	}
	pg_text_array(&args, masks, count);
	pg_bytea_array(&args, before, count);
	pg_bytea_array(&args, after, count);
	pg_call(changing->pg, &FEEDS_ADDRESS_REWRITE, &args, on_rewritten, changing);
}

/* ------------------------------------------------------------------------------------- the keys */

static bool
is_needed(const struct changing *changing, const struct address_open_key *key)
{
	for (size_t i = 0; i < changing->boxes.count; i++)
		if (address_box_is_of(changing->boxes.items[i].bytes, key->id))
			return true;
	return false;
}

/* Puts the new key first and keeps the former keys that are needed; the last one before it always (i == 0), for
 * backups of the database. False: there is no room. */
static bool
add_key(struct changing *changing)
{
	struct address_open_keys *keys = &changing->keys, old = *keys;

	address_open_key_make(&keys->keys[0]);
	keys->count = 1;
	for (size_t i = 0; i < old.count; i++) {
		if (i > 0 && !is_needed(changing, &old.keys[i]))
			continue;
		if (keys->count == ADDRESS_OPEN_KEYS_MAX)
			return false;
		keys->keys[keys->count++] = old.keys[i];
	}
	sodium_memzero(&old, sizeof old);
	return true;
}

/* The open file is written first: the api seals with the new key from the moment at which the other is written. */
static bool
write_files(struct changing *changing)
{
	const struct address_change *asked = changing->asked;
	const char *failed = NULL;
	enum status st;

	if (address_open_keys_write(asked->open_path, &changing->keys) != STATUS_OK)
		failed = asked->open_path;
	else if (address_seal_key_write(
		     asked->seal_path, &changing->keys.keys[0], changing->seal.mask) != STATUS_OK)
		failed = asked->seal_path;
	if (failed != NULL) {
		end(changing, "could not write %s: %s", failed, strerror(errno));
		return false;
	}
	/* Read as the api will read it. */
	st = address_seal_key_read(asked->seal_path, &changing->seal);
	if (st != STATUS_OK)
		end(changing, "%s %s", asked->seal_path, address_key_fault(st));
	return st == STATUS_OK;
}

static void
on_boxes(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct changing *changing = ctx;

	if (st != STATUS_OK) {
		end(changing, "the database does not answer; nothing was changed");
		return;
	}
	for (size_t i = 0; i < pg_rows_count(rows); i++) {
		struct slice box = pg_get_bytes(rows, i, FEEDS_ADDRESS_BOXES_BOX);

		*VEC_PUSH(changing->arena, &changing->boxes) =
		    (struct box){pg_copy_text(changing->arena, rows, i, FEEDS_ADDRESS_BOXES_MASK),
			{arena_strndup(changing->arena, box.at, box.len), box.len}};
	}
	if (!add_key(changing))
		end(changing,
		    "%s has %d keys that addresses still need: give those addresses again first",
		    changing->asked->open_path, ADDRESS_OPEN_KEYS_MAX);
	else if (write_files(changing))
		rewrite(changing);
}

static void
run(struct changing *changing)
{
	struct pg_args none = {0};

	changing->loop = loop_new();
	changing->pg = pg_open(changing->loop, &(struct pg_options){
						   .conninfo = changing->asked->conninfo,
						   .application_name = "crisiscover-address-key",
						   .primary_only = true,
					       });
	pg_call(changing->pg, &FEEDS_ADDRESS_BOXES, &none, on_boxes, changing);
	loop_run(changing->loop);
	pg_close(changing->pg);
	loop_free(changing->loop);
}

int
address_change_run(const struct address_change *change)
{
	struct changing changing = {.asked = change, .arena = arena_new(ARENA_BYTES)};
	const char *path = change->open_path;
	enum status st;

	if (sodium_init() < 0)
		fatal("could not start libsodium");
	st = address_open_keys_read(path, &changing.keys);
	if (st == STATUS_OK) {
		path = change->seal_path;
		st = address_seal_key_read(path, &changing.seal);
	}
	if (st == STATUS_OK)
		run(&changing);
	else
		fprintf(stderr, "crisiscoverd address-key-change: %s %s\n", path,
		    address_key_fault(st));
	if (st == STATUS_OK && changing.exit_status == 0)
		printf(
		    "%" PRIu64
		    " addresses are sealed with a new key. Back up %s, apart from the database.\n",
		    changing.rewritten, change->open_path);
	sodium_memzero(&changing.keys, sizeof changing.keys);
	sodium_memzero(&changing.seal, sizeof changing.seal);
	arena_free(changing.arena);
	return st == STATUS_OK ? changing.exit_status : 1;
}
