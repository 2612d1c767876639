/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sodium.h>
#include <string.h>

#include "server/api/keep/snapshot_file.h"
#include "server/api/views/now/now_render.h"
#include "server/base/log.h"
#include "tests/fuzz/readings.h"
#include "tests/support/allocation.h"
#include "tests/unit/calendars/workbook/book_maker.h"
#include "tests/unit/server/api/atlas.h"
#include "tests/unit/server/web/served.h"

/* Memory runs out at any allocation of what matters: the process says so and ends, or the work is refused. No answer is wrong, nothing
 * is leaked by a process that goes on. */

/* Tried of a scenario in every run, by two ways of failing. */
#define MOST 60
#define MOST_SERVED 16 /* each makes a server with all that the tests of web want */

static void
expect_no_harm(const char *name, enum allocation_end (*run)(void *ctx), unsigned long most)
{
	const struct allocation_scenario scenario = {name, run, NULL};
	struct allocation_tally tally = allocation_fail_each(&scenario, most);

	assert_true(tally.allocations > 0);
	assert_int_equal(tally.wrong, 0);
	assert_int_equal(tally.leaked, 0);
	assert_int_equal(tally.crashed, 0);
	/* Those of a failure that did nothing show nothing. */
	assert_true(tally.ended + tally.refused > 0);
}

/* Whether ${got} is what the first call of the scenario got, which has memory enough; frees it. */
static bool
as_at_first(struct buf *first, struct buf *got)
{
	bool same = first->at == NULL ||
		    (first->len == got->len && memcmp(first->at, got->at, got->len) == 0);

	if (first->at == NULL)
		*first = *got;
	else
		buf_free(got);
	*got = (struct buf){0};
	return same;
}

static const char calendar[] =
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\n"
    "BEGIN:VEVENT\r\nUID:week@test\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;TZID=Europe/London:20260302T080000\r\n"
    "DTEND;TZID=Europe/London:20260302T200000\r\nRRULE:FREQ=WEEKLY;BYDAY=MO,WE;COUNT=12\r\n"
    "EXDATE;TZID=Europe/London:20260304T080000\r\nSUMMARY:AMHP - J Jones\r\nEND:VEVENT\r\n"
    "BEGIN:VEVENT\r\nUID:night@test\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260301T200000Z\r\n"
    "DTEND:20260302T080000Z\r\nSUMMARY:Kay Lee\r\nEND:VEVENT\r\n"
    "BEGIN:VEVENT\r\nUID:tbc@test\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260305T200000Z\r\n"
    "DTEND:20260306T080000Z\r\nSUMMARY:TBC\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

/* Reads it as the reader's child does, and compares the bytes of its answer. */
static enum allocation_end
read_bytes(enum reading_kind kind, struct slice bytes, struct buf *first)
{
	struct reading_options options = readings_options(kind, 0);
	struct buf request = {0}, answer = {0};

	reading_pack_request(&request, &options, bytes);
	reading_answer(
	    (void *)(uintptr_t)readings_tools(), (struct slice){request.at, request.len}, &answer);
	buf_free(&request);
	return as_at_first(first, &answer) ? ALLOCATION_RIGHT : ALLOCATION_WRONG;
}

static enum allocation_end
read_calendar(void *ctx)
{
	static struct buf first;

	(void)ctx;
	return read_bytes(READING_ICALENDAR, SLICE(calendar), &first);
}

/* holds: F18 H01.1 H08.1 */
static void
a_calendar_is_read_or_not(void **state)
{
	(void)state;
	expect_no_harm("calendar", read_calendar, MOST);
}

#define TEXT(at, text) "<c r='" at "' t='inlineStr'><is><t>" text "</t></is></c>"

static enum allocation_end
read_workbook(void *ctx)
{
	static struct buf first, book;

	(void)ctx;
	if (book.at == NULL)
		book = book_make(&(struct book_want){
		    .rows = "<row r='1'>" TEXT("A1", "Date") TEXT("B1", "Start") TEXT("C1", "End")
			TEXT("D1", "Name") "</row>"
					   "<row r='2'>" TEXT("A2", "02/03/2026")
					       TEXT("B2", "08:00") TEXT("C2", "20:00")
						   TEXT("D2", "J Jones") "</row>"});
	return read_bytes(READING_CSV, (struct slice){book.at, book.len}, &first);
}

/* holds: F18 */
static void
a_workbook_is_read_or_not(void **state)
{
	(void)state;
	expect_no_harm("workbook", read_workbook, MOST);
}

/* A region is read, a map is made of it, kept in a file, and read from that. */
static enum allocation_end
keep_map(void *ctx)
{
	static struct buf first;
	struct snapshot_store store = {0};
	struct buf bytes = {0}, again = {0};
	struct atlas atlas;
	bool whole, same = true;

	(void)ctx;
	atlas_open(&atlas);
	atlas_shift(&atlas, "amhp-duty", 11, KEPT_NAMED, "jo-jones", NULL, -2, 10);
	snapshot_file_pack(&bytes, &atlas.store);
	whole = snapshot_file_unpack((struct slice){bytes.at, bytes.len}, &atlas.tools, &store) ==
		STATUS_OK;
	if (whole) {
		snapshot_file_pack(&again, &store);
		same = as_at_first(&first, &again);
	}
	snapshot_store_drop(&store);
	buf_free(&bytes);
	atlas_close(&atlas);
	return !whole ? ALLOCATION_REFUSED : same ? ALLOCATION_RIGHT : ALLOCATION_WRONG;
}

/* holds: F18 F5 */
static void
a_map_is_kept_and_read_or_not(void **state)
{
	(void)state;
	expect_no_harm("map", keep_map, MOST);
}

static struct atlas asked;

static enum allocation_end
look_up(void *ctx)
{
	static struct buf first;
	struct cover_asked of = {.map = asked.map, .now = ATLAS_NOW};
	struct clock_reading reading = {ATLAS_NOW * (int64_t)1000000, 0};
	struct arena *arena = arena_new(0);
	struct json_out json = {0};
	struct lookup lookup;
	struct now_frame frame = {
	    .map = asked.map,
	    .lookup = &lookup,
	    .sight = SIGHT_NAMES,
	    .age = {.confidence = snapshot_store_confidence(&asked.store, reading),
		.as_of = asked.store.checked_at},
	    .now = ATLAS_NOW,
	    .arena = arena,
	};
	struct buf answer = {0};
	bool same;

	(void)ctx;
	lookup_make(arena, &of,
	    &(struct lookup_asked){atlas_place(&asked, "ZED01"), REGION_NONE, ATLAS_NOW}, &lookup);
	now_render_json(&json, &frame);
	now_render_text(&answer, &frame);
	buf_add(&answer, json.buf.at, json.buf.len);
	out_free(&json);
	arena_free(arena);
	same = as_at_first(&first, &answer);
	return same ? ALLOCATION_RIGHT : ALLOCATION_WRONG;
}

/* holds: F18 H09.1 */
static void
who_is_on_call_is_answered_or_not(void **state)
{
	(void)state;
	atlas_open(&asked);
	atlas_shift(&asked, "amhp-duty", 11, KEPT_NAMED, "jo-jones", NULL, -2, 10);
	expect_no_harm("lookup", look_up, MOST);
	atlas_close(&asked);
}

/* A loop, a server on it, a request over a connection and its answer. */
static enum allocation_end
serve(void *ctx)
{
	void *served = NULL;

	(void)ctx;
	served_open(&served);
	served_expect(served, "GET /echo?a=1 HTTP/1.1\r\n" LAST,
	    "1|/echo|id=|name=|a=1|stranger=|x=|127.0.0.1|");
	served_close(&served);
	return ALLOCATION_RIGHT;
}

/* holds: F18 */
static void
a_request_is_answered_or_not(void **state)
{
	(void)state;
	expect_no_harm("request", serve, MOST_SERVED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_calendar_is_read_or_not),
	    cmocka_unit_test(a_workbook_is_read_or_not),
	    cmocka_unit_test(a_map_is_kept_and_read_or_not),
	    cmocka_unit_test(who_is_on_call_is_answered_or_not),
	    cmocka_unit_test(a_request_is_answered_or_not),
	};

	log_open("test", LOG_ERROR);
	return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
