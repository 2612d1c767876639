/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/unit.h"

#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/api/ask/session.h"
#include "server/api/ask/token.h"
#include "tests/support/scratch.h"

/* Tokens, and what sessions have of them. */

#define NOW 1795316999

static struct token_made made;

static struct accounts *
accounts_with(int64_t expires_at)
{
	struct arena *arena = arena_new(0);
	struct account *account = arena_alloc(arena, sizeof *account);
	struct token *token = arena_alloc(arena, sizeof *token);

	account->name = "someone";
	memcpy(token->id, made.id, sizeof token->id);
	memcpy(token->sha256, made.sha256, sizeof token->sha256);
	token->expires_at = expires_at;
	return accounts_new(arena, &(struct accounts_read){1, account, 1, token, 1});
}

static int
set_up(void **state)
{
	(void)state;
	assert_true(sodium_init() >= 0);
	token_make(&made);
	return 0;
}

/* holds: A12 */
static void
a_token_opens_only_whole(void **state)
{
	struct accounts *accounts = accounts_with(INT64_MAX);
	char text[TOKEN_LEN + 1];

	(void)state;
	assert_int_equal(strlen(made.text), TOKEN_LEN);
	assert_non_null(token_check(accounts, slice_of(made.text), NOW));
	for (size_t i = 0; i < TOKEN_LEN; i++) {
		memcpy(text, made.text, sizeof text);
		text[i] = text[i] == 'x' ? 'y' : 'x';
		assert_null(token_check(accounts, slice_of(text), NOW));
		assert_null(token_check(accounts, (struct slice){made.text, i}, NOW));
	}
	accounts_unref(accounts);
}

/* Who was found right before is remembered, and asked about again all the same: the row may have gone, or be of another. */
/* holds: A12 */
static void
a_token_that_was_right_is_compared_with_its_row_again(void **state)
{
	struct accounts *accounts = accounts_with(INT64_MAX), *none;
	struct token_made right = made;

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_non_null(token_check(accounts, slice_of(right.text), NOW));
	accounts_unref(accounts);
	made.sha256[31] ^= 1;
	accounts = accounts_with(INT64_MAX);
	assert_null(token_check(accounts, slice_of(right.text), NOW));
	accounts_unref(accounts);
	made = right;
	accounts = accounts_with(NOW);
	assert_null(token_check(accounts, slice_of(right.text), NOW));
	accounts_unref(accounts);
	none = accounts_new(arena_new(0), &(struct accounts_read){1, NULL, 0, NULL, 0});
	assert_null(token_check(none, slice_of(right.text), NOW));
	accounts_unref(none);
}

/* The kind of the row decides, whatever the text begins with: neither is ever taken for the other, and a link for no
 * link of another kind. */
/* holds: A12 */
static void
a_link_is_no_token_and_a_token_no_link(void **state)
{
	struct arena *arena = arena_new(0);
	struct account *account = arena_alloc(arena, sizeof *account);
	struct token *tokens = arena_array(arena, 2, sizeof *tokens);
	struct token_made link, texts[2];
	struct accounts *accounts;

	(void)state;
	token_make_link(&link);
	account->name = "someone";
	texts[0] = made;
	texts[1] = link;
	for (size_t i = 0; i < 2; i++) {
		memcpy(tokens[i].id, texts[i].id, sizeof tokens[i].id);
		memcpy(tokens[i].sha256, texts[i].sha256, sizeof tokens[i].sha256);
		tokens[i].expires_at = NOW + 1;
	}
	/* The first looks like a token and is a link by its row, the second the other way. */
	for (int kind = LINK_NONE; kind < LINK_KINDS; kind++) {
		tokens[0].link = tokens[1].link =
		    (struct token_link){(enum link_kind)kind, "x", false};
		accounts =
		    accounts_new(arena_new(0), &(struct accounts_read){1, account, 1, tokens, 2});
		assert_int_equal(
		    token_check(accounts, slice_of(made.text), NOW) != NULL, kind == LINK_NONE);
		assert_null(token_check(accounts, slice_of(link.text), NOW));
		for (int wanted = LINK_NONE; wanted < LINK_KINDS; wanted++) {
			const struct token *found = token_check_link(
			    accounts, slice_of(link.text), (enum link_kind)wanted, NOW);

			assert_int_equal(found != NULL, kind != LINK_NONE && wanted == kind);
			assert_null(token_check_link(
			    accounts, slice_of(made.text), (enum link_kind)wanted, NOW));
			assert_null(token_check_link(
			    accounts, slice_of(link.text), (enum link_kind)wanted, NOW + 1));
		}
		accounts_unref(accounts);
	}
	arena_free(arena);
}

static void
no_two_tokens_are_alike(void **state)
{
	struct token_made other;

	(void)state;
	token_make(&other);
	assert_string_not_equal(other.text, made.text);
	assert_string_not_equal(other.id, made.id);
	assert_true(token_id_valid(slice_of(other.id)));
	assert_false(token_id_valid(SLICE("0123456789A_")));
	assert_false(token_id_valid(SLICE("short")));
}

static void
an_expired_token_opens_nothing(void **state)
{
	struct accounts *accounts = accounts_with(NOW);

	(void)state;
	assert_null(token_check(accounts, slice_of(made.text), NOW));
	assert_non_null(token_check(accounts, slice_of(made.text), NOW - 1));
	accounts_unref(accounts);
}

static void
all_processes_share_one_key(void **state)
{
	char *folder = scratch_folder(), path[512];
	uint8_t first[SESSION_KEY_BYTES], second[SESSION_KEY_BYTES];
	struct stat st;

	(void)state;
	assert_int_equal(key_file_open(folder, "session.key", first), STATUS_OK);
	assert_int_equal(key_file_open(folder, "session.key", second), STATUS_OK);
	assert_memory_equal(first, second, sizeof first);
	snprintf(path, sizeof path, "%s/session.key", folder);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(key_file_open("/nonexistent", "session.key", first), STATUS_GONE);
	free(folder);
}

/* holds: A8 */
static void
changes_come_from_our_own_pages(void **state)
{
	static const struct {
		const char *site, *origin;
		bool fine;
	} rows[] = {
	    {"same-origin", NULL, true},
	    {"same-origin", "https://cover.example", true},
	    {NULL, "http://cover.example", true},
	    {"cross-site", "https://cover.example", false},
	    {"same-site", NULL, false},
	    {"same-origin", "https://evil.example", false},
	    {NULL, "https://cover.example.evil", false},
	    {NULL, "null", false},
	    {NULL, NULL, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(
		    session_same_origin(rows[i].site ? slice_of(rows[i].site) : (struct slice){0},
			rows[i].origin ? slice_of(rows[i].origin) : (struct slice){0},
			SLICE("cover.example")),
		    rows[i].fine);
}

static void
an_id_is_of_its_letters_only(void **state)
{
	(void)state;
	assert_true(token_id_valid(SLICE("0123456789az")));
	assert_false(token_id_valid(SLICE("0123456789aZ")));
	assert_false(token_id_valid((struct slice){"0123456789a\0", TOKEN_ID_LEN}));
	assert_false(token_id_valid(SLICE("0123456789a")));
}

static void
what_was_made_is_wiped(void **state)
{
	static const struct token_made nothing;
	struct token_made another = {0};

	(void)state;
	token_make(&another);
	assert_memory_not_equal(&another, &nothing, sizeof another);
	token_wipe(&another);
	assert_memory_equal(&another, &nothing, sizeof another);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_id_is_of_its_letters_only),
	    cmocka_unit_test(what_was_made_is_wiped),
	    cmocka_unit_test(a_token_opens_only_whole),
	    cmocka_unit_test(a_token_that_was_right_is_compared_with_its_row_again),
	    cmocka_unit_test(a_link_is_no_token_and_a_token_no_link),
	    cmocka_unit_test(no_two_tokens_are_alike),
	    cmocka_unit_test(an_expired_token_opens_nothing),
	    cmocka_unit_test(all_processes_share_one_key),
	    cmocka_unit_test(changes_come_from_our_own_pages),
	};

	return cmocka_run_group_tests_name("tokens", tests, set_up, NULL);
}
