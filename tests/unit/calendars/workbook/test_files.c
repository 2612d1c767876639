/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/base/file.h"
#include "tests/unit/calendars/support.h"
#include "tests/unit/calendars/workbook/book_show.h"

/* One workbook, as openpyxl and as LibreOffice write it (files/make.py). */

static const char *
show(struct arena *arena, const char *path)
{
	const char *shown;
	char *bytes;
	size_t len;

	assert_int_equal(file_read(path, 1 << 20, &bytes, &len), STATUS_OK);
	shown = book_show(arena, (struct slice){bytes, len}, NULL);
	free(bytes);
	return shown;
}

static void
check(const char *path, const char *wants)
{
	struct arena *arena = arena_new(0);
	const char *got = show(arena, path);

	if (strcmp(got, wants) != 0)
		fail_msg("%s gives\n%s\nwants\n%s", path, got, wants);
	arena_free(arena);
}

#define FILES SOURCE_ROOT "/tests/unit/calendars/workbook/files/"
#define TOP                                                                                        \
	"1: AMHP rota, January 2026|||||\n"                                                        \
	"2: Name|Date|Start|End|Band|Notes\n"                                                      \
	"3: J Jones|2026-01-05|21:00|09:00|7|\n"                                                   \
	"4: Kay Lee[struck]|2026-01-06|21:00|09:00|6|\n"                                           \
	"5: S Ahmed[filled]|2026-01-07|21:00|09:00|7|\n"                                           \
	"6: P Patel[noted]|2026-01-08|21:00|09:00|6|\n"                                            \
	"7: C Chen[hidden]|2026-01-09[hidden]|21:00[hidden]|09:00[hidden]|7[hidden]|\n"            \
	"8: G Gill|2026-01-10|2026-01-10 21:00|09:00|6|\n"
#define OTHERS                                                                                     \
	"\nwarning: Only the sheet \"On call\" of the workbook was read, and not: \"Key\", \"Old\"."

/* It cannot calculate. */
static void
openpyxl_writes_formulas_without_values(void **state)
{
	(void)state;
	check(FILES "openpyxl.xlsx", TOP "9: W Nowak|[novalue]|21:00|09:00|7|\n"
					 "10: A Smith|2026-01-12|21:00|09:00|6|[novalue]" OTHERS);
}

static void
libreoffice_writes_their_values(void **state)
{
	(void)state;
	check(FILES "libreoffice.xlsx", TOP "9: W Nowak|2026-01-11|21:00|09:00|7|\n"
					    "10: A Smith|2026-01-12|21:00|09:00|6|on call" OTHERS);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(openpyxl_writes_formulas_without_values),
	    cmocka_unit_test(libreoffice_writes_their_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
