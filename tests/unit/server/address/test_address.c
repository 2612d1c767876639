/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <sodium.h>

#include "server/address/address_box.h"
#include "server/base/fatal.h"
#include "server/base/file.h"
#include "tests/support/scratch.h"

#define HEX_62 "00000000000000000000000000000000000000000000000000000000000000"
#define ADDRESS "https://rotas.example/duty.ics?key=9f31a"

struct keys {
	char *folder, *seal_path, *open_path;
	struct arena *arena;
	struct address_seal_key seal;
	struct address_open_keys open;
};

static int
begin(void **state)
{
	struct keys *keys = calloc(1, sizeof *keys);

	keys->folder = scratch_folder();
	keys->arena = arena_new(0);
	keys->seal_path = address_key_path("", keys->folder, ADDRESS_SEAL_FILE);
	keys->open_path = address_key_path("", keys->folder, ADDRESS_OPEN_FILE);
	assert_int_equal(address_key_make(keys->seal_path, keys->open_path), 0);
	assert_int_equal(address_seal_key_read(keys->seal_path, &keys->seal), STATUS_OK);
	assert_int_equal(address_open_keys_read(keys->open_path, &keys->open), STATUS_OK);
	*state = keys;
	return 0;
}

static int
end(void **state)
{
	struct keys *keys = *state;

	arena_free(keys->arena);
	free(keys->folder);
	free(keys->seal_path);
	free(keys->open_path);
	free(keys);
	return 0;
}

static char *
bytes_of(const char *path)
{
	char *bytes;
	size_t len;

	assert_int_equal(file_read(path, 4096, &bytes, &len), STATUS_OK);
	return bytes;
}

static void
write_file(const char *path, const char *text)
{
	assert_int_equal(file_replace(path, text, strlen(text), 0400), STATUS_OK);
}

static void
what_was_sealed_is_opened(void **state)
{
	struct keys *keys = *state;
	char out[ADDRESS_MAX_BYTES + 1], longest[ADDRESS_MAX_BYTES + 2];
	struct buf box = {0}, again = {0};

	memset(longest, 'a', ADDRESS_MAX_BYTES);
	longest[ADDRESS_MAX_BYTES] = '\0';
	address_seal(&keys->seal, ADDRESS, &box);
	assert_int_equal(
	    address_open(&keys->open, (struct slice){box.at, box.len}, out), STATUS_OK);
	assert_string_equal(out, ADDRESS);
	/* The same address has another box each time, and nothing of it is to be seen. */
	address_seal(&keys->seal, ADDRESS, &again);
	assert_memory_not_equal(box.at + ADDRESS_KEY_ID_BYTES, again.at + ADDRESS_KEY_ID_BYTES,
	    box.len - ADDRESS_KEY_ID_BYTES);
	assert_null(memmem(box.at, box.len, "rotas", 5));
	buf_reset(&box);
	address_seal(&keys->seal, longest, &box);
	assert_int_equal(
	    address_open(&keys->open, (struct slice){box.at, box.len}, out), STATUS_OK);
	assert_string_equal(out, longest);
	/* A box of more than we ever put into one would not fit. */
	strcat(longest, "a");
	buf_reset(&box);
	address_seal(&keys->seal, longest, &box);
	assert_int_equal(
	    address_open(&keys->open, (struct slice){box.at, box.len}, out), STATUS_MALFORMED);
	buf_free(&box);
	buf_free(&again);
}

static void
a_changed_box_is_not_opened(void **state)
{
	struct keys *keys = *state;
	char out[ADDRESS_MAX_BYTES + 1];
	struct buf box = {0};

	address_seal(&keys->seal, ADDRESS, &box);
	for (size_t i = 0; i < box.len; i++) {
		enum status st;

		box.at[i] ^= 1;
		st = address_open(&keys->open, (struct slice){box.at, box.len}, out);
		assert_int_equal(st, i < ADDRESS_KEY_ID_BYTES ? STATUS_GONE : STATUS_MALFORMED);
		box.at[i] ^= 1;
	}
	for (size_t len = 0; len < box.len; len++)
		assert_int_equal(
		    address_open(&keys->open, (struct slice){box.at, len}, out), STATUS_MALFORMED);
	buf_free(&box);
}

static void
only_its_own_key_opens_a_box(void **state)
{
	struct keys *keys = *state;
	struct address_open_keys others = {.count = 1};
	char out[ADDRESS_MAX_BYTES + 1];
	struct buf box = {0};
	struct slice sealed;

	address_seal(&keys->seal, ADDRESS, &box);
	sealed = (struct slice){box.at, box.len};
	address_open_key_make(&others.keys[0]);
	assert_int_equal(address_open(&others, sealed, out), STATUS_GONE);
	/* A key after others is found, also when it was written and read. */
	others.keys[others.count++] = keys->open.keys[0];
	assert_int_equal(address_open_keys_write(keys->open_path, &others), STATUS_OK);
	assert_int_equal(address_open_keys_read(keys->open_path, &others), STATUS_OK);
	assert_int_equal(others.count, 2);
	assert_int_equal(address_open(&others, sealed, out), STATUS_OK);
	/* And one with others after it. */
	address_open_key_make(&others.keys[others.count++]);
	assert_int_equal(address_open(&others, sealed, out), STATUS_OK);
	assert_true(address_box_is_of(sealed, keys->seal.id));
	assert_false(address_box_is_of(sealed, others.keys[0].id));
	sealed.len = ADDRESS_KEY_ID_BYTES;
	assert_false(address_box_is_of(sealed, keys->seal.id));
	buf_free(&box);
}

static void
a_mask_is_the_same_for_the_same_key_alone(void **state)
{
	struct keys *keys = *state;
	const char *mask = address_mask(keys->arena, &keys->seal, ADDRESS);
	struct address_seal_key other = keys->seal;

	assert_true(address_is_mask(mask));
	assert_false(address_is_mask(ADDRESS));
	assert_false(address_is_mask(NULL));
	assert_int_equal(strlen(mask), strlen(ADDRESS_MASK_PREFIX) + 64);
	assert_string_equal(mask, address_mask(keys->arena, &keys->seal, ADDRESS));
	assert_string_not_equal(mask, address_mask(keys->arena, &keys->seal, ADDRESS "b"));
	/* With all but the key of the mask nobody can try addresses. */
	other.mask[0] ^= 1;
	assert_string_not_equal(mask, address_mask(keys->arena, &other, ADDRESS));
	/* Another pair does not change it. */
	other = keys->seal;
	other.public[0] ^= 1;
	assert_string_equal(mask, address_mask(keys->arena, &other, ADDRESS));
}

static void
keys_are_made_once(void **state)
{
	struct keys *keys = *state;
	char *seal = bytes_of(keys->seal_path), *open = bytes_of(keys->open_path), *now;
	struct stat found;

	assert_int_equal(stat(keys->open_path, &found), 0);
	assert_int_equal(found.st_mode & 0777, 0400);
	assert_int_equal(stat(keys->seal_path, &found), 0);
	assert_int_equal(found.st_mode & 0777, 0400);
	assert_int_equal(address_key_make(keys->seal_path, keys->open_path), 0);
	now = bytes_of(keys->open_path);
	assert_string_equal(now, open);
	free(now);
	/* Half a pair is a loss that somebody must know of; nothing is made in its place. */
	assert_int_equal(unlink(keys->open_path), 0);
	assert_int_equal(address_key_make(keys->seal_path, keys->open_path), 1);
	assert_int_equal(access(keys->open_path, F_OK), -1);
	now = bytes_of(keys->seal_path);
	assert_string_equal(now, seal);
	free(now);
	write_file(keys->open_path, open);
	assert_int_equal(unlink(keys->seal_path), 0);
	assert_int_equal(address_key_make(keys->seal_path, keys->open_path), 1);
	assert_int_equal(access(keys->seal_path, F_OK), -1);
	free(seal);
	free(open);
}

static void
a_file_that_cannot_be_used_is_named_as_such(void **state)
{
	static const char zeros[] =
	    "public = 0000000000000000000000000000000000000000000000000000000000000000\n"
	    "mask = 0000000000000000000000000000000000000000000000000000000000000000\n";
	static const char *const no_keys[] = {"", "secret", "secret = abcd\nsecret: 00\n\n",
	    "secret: 00" HEX_62 "\n", "secret = g" HEX_62 "0\n", "secret = 0000" HEX_62 "\n"};
	static char large[5000];
	struct keys *keys = *state;
	char *seal = bytes_of(keys->seal_path), *mask = strstr(seal, "\nmask = ");

	assert_int_equal(chmod(keys->open_path, 0440), 0);
	assert_int_equal(address_open_keys_read(keys->open_path, &keys->open), STATUS_REFUSED);
	assert_int_equal(chmod(keys->seal_path, 0404), 0);
	assert_int_equal(address_seal_key_read(keys->seal_path, &keys->seal), STATUS_REFUSED);
	/* A group may read what seals: it opens nothing. */
	assert_int_equal(chmod(keys->seal_path, 0440), 0);
	assert_int_equal(address_seal_key_read(keys->seal_path, &keys->seal), STATUS_OK);
	for (size_t i = 0; i < sizeof no_keys / sizeof *no_keys; i++) {
		write_file(keys->open_path, no_keys[i]);
		assert_int_equal(
		    address_open_keys_read(keys->open_path, &keys->open), STATUS_MALFORMED);
	}
	memset(large, '\n', sizeof large - 1);
	write_file(keys->open_path, large);
	assert_int_equal(address_open_keys_read(keys->open_path, &keys->open), STATUS_GONE);
	/* Each of its two lines is needed. */
	write_file(keys->seal_path, mask);
	assert_int_equal(address_seal_key_read(keys->seal_path, &keys->seal), STATUS_MALFORMED);
	*mask = '\0';
	write_file(keys->seal_path, seal);
	assert_int_equal(address_seal_key_read(keys->seal_path, &keys->seal), STATUS_MALFORMED);
	write_file(keys->seal_path, zeros);
	assert_int_equal(address_seal_key_read(keys->seal_path, &keys->seal), STATUS_MALFORMED);
	assert_int_equal(unlink(keys->seal_path), 0);
	assert_int_equal(address_seal_key_read(keys->seal_path, &keys->seal), STATUS_GONE);
	free(seal);
	assert_non_null(strstr(address_key_fault(STATUS_REFUSED), "chmod 400"));
	assert_non_null(strstr(address_key_fault(STATUS_MALFORMED), "damaged"));
	assert_non_null(strstr(address_key_fault(STATUS_GONE), "is not there"));
}

static void
a_path_that_is_set_is_taken_as_it_is(void **state)
{
	struct keys *keys = *state;
	char *path = address_key_path("/etc/x.seal", keys->folder, ADDRESS_SEAL_FILE);

	assert_string_equal(path, "/etc/x.seal");
	free(path);
}

/* The seal file is never there alone: what it seals nobody could open. */
static void
keys_that_cannot_be_written_are_not_half_made(void **state)
{
	struct keys *keys = *state;
	char *nowhere = xasprintf("%s/nowhere/address", keys->folder);

	assert_int_equal(unlink(keys->seal_path), 0);
	assert_int_equal(unlink(keys->open_path), 0);
	assert_int_equal(address_key_make(keys->seal_path, nowhere), 1);
	assert_int_equal(access(keys->seal_path, F_OK), -1);
	assert_int_equal(address_key_make(nowhere, keys->open_path), 1);
	assert_int_equal(access(keys->open_path, F_OK), 0);
	free(nowhere);
}

/* What is in the box of a secret, and its name, are for one address. */
static void
a_secret_is_for_one_address(void **state)
{
	struct keys *keys = *state;
	const char *mask = address_mask(keys->arena, &keys->seal, ADDRESS);
	const char *other = address_mask(keys->arena, &keys->seal, ADDRESS "2");
	const char *text = address_secret_text(keys->arena, mask, "Bearer abc");
	const char *name = address_secret_name(keys->arena, &keys->seal, mask, text);

	assert_string_equal(address_secret_header(text, mask), "Bearer abc");
	assert_null(address_secret_header(text, other));
	/* A mask that is longer is another, and a text of one line has no header. */
	assert_null(
	    address_secret_header(arena_printf(keys->arena, "%s0\nBearer abc", mask), mask));
	assert_null(address_secret_header(mask, mask));
	/* The digits of the mask, a dot, and those of the text. */
	assert_int_equal(strlen(name), 2 * ADDRESS_HASH_DIGITS + 1);
	assert_memory_equal(name, mask + strlen(ADDRESS_MASK_PREFIX), ADDRESS_HASH_DIGITS);
	assert_int_equal(name[ADDRESS_HASH_DIGITS], '.');
	assert_int_equal(
	    strspn(name + ADDRESS_HASH_DIGITS + 1, "0123456789abcdef"), ADDRESS_HASH_DIGITS);
	assert_string_equal(address_secret_name(keys->arena, &keys->seal, mask, text), name);
	assert_string_not_equal(address_secret_name(keys->arena, &keys->seal, mask,
				    address_secret_text(keys->arena, mask, "Bearer abd")),
	    name);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_secret_is_for_one_address),
	    TEST(what_was_sealed_is_opened),
	    TEST(a_changed_box_is_not_opened),
	    TEST(only_its_own_key_opens_a_box),
	    TEST(a_mask_is_the_same_for_the_same_key_alone),
	    TEST(keys_are_made_once),
	    TEST(a_file_that_cannot_be_used_is_named_as_such),
	    TEST(a_path_that_is_set_is_taken_as_it_is),
	    TEST(keys_that_cannot_be_written_are_not_half_made),
	};

	return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
