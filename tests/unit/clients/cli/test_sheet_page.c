/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "clients/cli/sheet_page.h"

/* A sheet on paper: everything is on it once, within its margins, in letters that can be read. */

/* Every character is as wide as half its height. */
static double
half(void *ctx, const char *text, size_t len, bool bold)
{
	size_t at = 0, count = 0;

	(void)ctx;
	(void)bold;
	while (at < len) {
		size_t step = text_utf8_len(text + at, len - at);

		at += step == 0 ? 1 : step;
		count++;
	}
	return (double)count * 0.5;
}

static const struct sheet_font font = {half, NULL};

/* ${blocks} blocks of ${lines} lines, each of which has ${word} ${words} times. */
static json_t *
answer_of(int blocks, int lines, const char *word, int words)
{
	json_t *all = json_array();
	struct buf text = {0};

	for (int i = 0; i < words; i++)
		buf_printf(&text, "%s%s", i > 0 ? " " : "", word);
	for (int i = 0; i < blocks; i++) {
		json_t *block = json_array();

		for (int j = 0; j < lines; j++)
			json_array_append_new(
			    block, json_pack("{s:s, s:s}", "first", "    ", "text", text.at));
		json_array_append_new(
		    all, json_pack("{s:s, s:o}", "heading", "Heading", "lines", block));
	}
	buf_free(&text);
	return json_pack(
	    "{s:[{s:s, s:s}], s:o}", "head", "first", "", "text", "Place", "blocks", all);
}

/* How many lines with that text there are; all of them within the margins and apart. */
static size_t
count(const struct sheet_pages *pages, const char *text)
{
	size_t found = 0;

	for (size_t i = 0; i < pages->items.count; i++) {
		const struct sheet_page *page = &pages->items.items[i];
		double above = SHEET_HEIGHT;

		assert_true(page->lines.count > 0);
		for (size_t j = 0; j < page->lines.count; j++) {
			const struct sheet_line *line = &page->lines.items[j];

			found += strcmp(line->text, text) == 0;
			assert_true(line->y >= SHEET_MARGIN);
			assert_true(line->y <= above - pages->points);
			assert_true(line->x >= SHEET_MARGIN);
			assert_true(line->x + half(NULL, line->text, strlen(line->text), false) *
						  pages->points <=
				    SHEET_WIDTH - SHEET_MARGIN + 0.01);
			above = line->y;
		}
	}
	return found;
}

static void
check(json_t *answer, size_t pages, double points, const char *text, size_t times)
{
	struct arena *arena = arena_new(0);
	struct sheet_pages out;

	sheet_lay_out(arena, answer, &font, &out);
	assert_int_equal(out.items.count, pages);
	assert_true(out.points == points);
	assert_int_equal(count(&out, text), times);
	arena_free(arena);
	json_decref(answer);
}

static void
what_fits_is_on_one_page_in_the_largest_letters(void **state)
{
	(void)state;
	check(answer_of(0, 0, "", 1), 1, 11, "Place", 1);
	check(answer_of(10, 3, "Jo", 1), 1, 11, "Jo", 30);
	/* More of it: smaller letters, but still one page. */
	check(answer_of(14, 3, "Jo", 1), 1, 9.5, "Jo", 42);
}

static void
no_letter_is_smaller_than_nine_points(void **state)
{
	(void)state;
	check(answer_of(30, 2, "Jo", 1), 2, 9, "Jo", 60);
	check(answer_of(30, 9, "Jo", 1), 5, 9, "Jo", 270);
}

/* A function stands on one page; only one that is longer than a page is divided. */
static void
a_block_stays_together(void **state)
{
	struct arena *arena = arena_new(0);
	json_t *answer = answer_of(30, 3, "Jo", 1);
	struct sheet_pages pages;

	(void)state;
	sheet_lay_out(arena, answer, &font, &pages);
	assert_int_equal(pages.items.count, 2);
	assert_string_equal(pages.items.items[1].lines.items[0].text, "Heading");
	json_decref(answer);
	arena_free(arena);
	check(answer_of(1, 200, "Jo", 1), 4, 9, "Jo", 200);
}

static void
a_long_line_goes_on_below(void **state)
{
	struct arena *arena = arena_new(0);
	json_t *answer = answer_of(1, 1, "W\xc3\xb3jcik", 60);
	struct sheet_pages pages;
	size_t bytes = 0;

	(void)state;
	sheet_lay_out(arena, answer, &font, &pages);
	assert_int_equal(count(&pages, "Place"), 1);
	for (size_t i = 2; i < pages.items.items[0].lines.count; i++)
		bytes += strlen(pages.items.items[0].lines.items[i].text) + 1;
	assert_int_equal(bytes, 60 * 8);
	json_decref(answer);
	/* A word that is longer than a line, of characters of two bytes. */
	answer = answer_of(1, 1,
	    "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
	    "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
	    "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
	    "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
	    "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
	    "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
	    "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
	    "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
	    "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
	    "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9",
	    1);
	sheet_lay_out(arena, answer, &font, &pages);
	assert_int_equal(count(&pages, "Place"), 1);
	assert_int_equal(pages.items.items[0].lines.count, 4);
	for (size_t i = 2; i < 4; i++)
		assert_true(text_utf8_valid(pages.items.items[0].lines.items[i].text,
		    strlen(pages.items.items[0].lines.items[i].text)));
	json_decref(answer);
	arena_free(arena);
}

/* The same words as text, in 80 columns. */
static void
text_has_eighty_columns(void **state)
{
	json_t *answer = answer_of(2, 2, "W\xc3\xb3jcik", 30);
	struct buf text = {0};
	size_t words = 0;

	(void)state;
	sheet_text(&text, answer);
	for (char *line = strtok(text.at, "\n"); line != NULL; line = strtok(NULL, "\n")) {
		assert_true(half(NULL, line, strlen(line), false) * 2 <= 80);
		for (char *at = strstr(line, "jcik"); at != NULL; at = strstr(at + 1, "jcik"))
			words++;
	}
	assert_int_equal(words, 120);
	buf_free(&text);
	json_decref(answer);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_fits_is_on_one_page_in_the_largest_letters),
	    cmocka_unit_test(no_letter_is_smaller_than_nine_points),
	    cmocka_unit_test(a_block_stays_together),
	    cmocka_unit_test(a_long_line_goes_on_below),
	    cmocka_unit_test(text_has_eighty_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
