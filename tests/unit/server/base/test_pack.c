/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "server/base/pack.h"

static void
pack_sample(struct buf *buf)
{
	pack_u8(buf, 0xfe);
	pack_u32(buf, 0xdeadbeef);
	pack_i64(buf, INT64_MIN);
	pack_bytes(buf, "a\0b", 3);
	pack_text(buf, NULL);
	pack_text(buf, "");
	pack_text(buf, "Zo\xc3\xab");
	pack_u32(buf, 2);
	pack_u8(buf, 1);
	pack_u8(buf, 2);
}

/* Reads the sample whatever it is made of; true if it is whole. */
static bool
unpack_sample(const char *bytes, size_t len, struct arena *arena)
{
	struct unpack unpack = unpack_from(bytes, len);
	bool same = true;
	struct slice raw;
	const char *null, *empty, *name;
	uint32_t count, seen = 0;

	same &= unpack_u8(&unpack) == 0xfe;
	same &= unpack_u32(&unpack) == 0xdeadbeef;
	same &= unpack_i64(&unpack) == INT64_MIN;
	raw = unpack_bytes(&unpack);
	same &= raw.len == 3 && memcmp(raw.at, "a\0b", 3) == 0;
	null = unpack_text(&unpack, arena, 10);
	empty = unpack_text(&unpack, arena, 10);
	name = unpack_text(&unpack, arena, 4);
	same &= null == NULL && empty != NULL && *empty == '\0';
	same &= name != NULL && strcmp(name, "Zo\xc3\xab") == 0;
	count = unpack_count(&unpack, 1);
	for (uint32_t i = 0; i < count; i++)
		seen += unpack_u8(&unpack);
	same &= seen == 3;
	return unpack_done(&unpack) && same;
}

static void
test_round_trip(void **state)
{
	struct arena *arena = arena_new(0);
	struct buf buf = {0};

	(void)state;
	pack_sample(&buf);
	assert_true(unpack_sample(buf.at, buf.len, arena));
	buf_add(&buf, "x", 1);
	assert_false(unpack_sample(buf.at, buf.len, arena));
	buf_free(&buf);
	arena_free(arena);
}

/* Bytes on a heap of exactly their size: reading past the end is seen by the sanitizer. */
static void
test_every_cut_is_bad(void **state)
{
	struct arena *arena = arena_new(0);
	struct buf buf = {0};

	(void)state;
	pack_sample(&buf);
	for (size_t len = 0; len < buf.len; len++) {
		char *part = malloc(len ? len : 1);

		assert_non_null(part);
		memcpy(part, buf.at, len);
		assert_false(unpack_sample(part, len, arena));
		free(part);
	}
	buf_free(&buf);
	arena_free(arena);
}

static void
test_every_flip_is_survived(void **state)
{
	struct arena *arena = arena_new(0);
	struct buf buf = {0};

	(void)state;
	pack_sample(&buf);
	for (size_t i = 0; i < buf.len; i++) {
		for (int bit = 0; bit < 8; bit++) {
			buf.at[i] ^= (char)(1 << bit);
			assert_false(unpack_sample(buf.at, buf.len, arena));
			buf.at[i] ^= (char)(1 << bit);
		}
	}
	buf_free(&buf);
	arena_free(arena);
}

/* As many bytes as the emptiest item has: one less, and the count cannot be true. */
static void
test_a_count_is_believed_if_its_bytes_are_there(void **state)
{
	struct buf buf = {0};
	struct unpack in;

	(void)state;
	pack_u32(&buf, 2);
	for (int item = 0; item < 2; item++) {
		pack_u8(&buf, 1);
		pack_u32(&buf, 0);
		pack_i64(&buf, 0);
		pack_text(&buf, NULL);
		pack_text(&buf, NULL);
	}
	in = unpack_from(buf.at, buf.len);
	assert_int_equal(unpack_count(&in, PACKED_LEAST(1, 1, 1, 2)), 2);
	assert_false(in.bad);
	in = unpack_from(buf.at, buf.len - 1);
	assert_int_equal(unpack_count(&in, PACKED_LEAST(1, 1, 1, 2)), 0);
	assert_true(in.bad);
	buf_free(&buf);
}

static void
test_the_first_fault_sticks(void **state)
{
	static const char bytes[] = {4, 0, 0, 0, 'a', (char)0xff, 'b', 1, 1, 1, 1};
	struct arena *arena = arena_new(0);
	struct unpack unpack = unpack_from(bytes, sizeof bytes);

	(void)state;
	assert_null(unpack_text(&unpack, arena, 10)); /* not UTF-8 */
	assert_true(unpack.bad);
	assert_int_equal(unpack_u8(&unpack), 0);
	assert_int_equal(unpack_bytes(&unpack).len, 0);
	assert_null(unpack_text(&unpack, arena, 10));
	assert_int_equal(unpack_count(&unpack, 1), 0);
	assert_false(unpack_done(&unpack));
	unpack = unpack_from(bytes + 7, 4);
	assert_int_equal(unpack_count(&unpack, 1), 0); /* more items than bytes */
	assert_true(unpack.bad);
	unpack = unpack_from(NULL, 0);
	assert_true(unpack_done(&unpack));
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_round_trip),
	    cmocka_unit_test(test_every_cut_is_bad),
	    cmocka_unit_test(test_every_flip_is_survived),
	    cmocka_unit_test(test_a_count_is_believed_if_its_bytes_are_there),
	    cmocka_unit_test(test_the_first_fault_sticks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
