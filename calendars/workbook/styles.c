/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "calendars/workbook/book.h"
#include "calendars/workbook/xml.h"

/* How cells are shown. A cell names a style by number, and the style a font, a fill and a number format
 * by theirs. */

#define STYLES_MAX 66000 /* Excel has 65,490 */
/* Each is compared with all others. */
#define FILLS_MAX 4000
#define FORMATS_MAX 1000

struct custom {
	uint32_t id;
	struct number_format format;
};

struct font {
	bool struck, white;
};

struct reading_styles {
	struct book *book;
	VEC(struct custom) formats;
	VEC(struct font) fonts;
	VEC(const char *) fills;   /* their colours, in words; "" for none */
	VEC(uint32_t) fill_number; /* equal for equal colours; 0: none */
	bool in_fonts, in_fills, in_xfs, in_dxfs;
	struct buf fill;
};

/* ---- Fills. */

static void
add_attributes(struct buf *buf, const char *element, const char *const *names)
{
	/* A colour is compared as it is written: theme, tint and pattern need not be understood for that. */
	buf_printf(buf, " %s", element);
	for (; *names != NULL; names += 2)
		buf_printf(buf, " %s=%.40s", names[0], names[1]);
}

/* White is the colour of the paper, however it is written. */
static bool
is_white(const char *const *names)
{
	static const char *const indexed[] = {"1", "9", "65", NULL};
	const char *rgb = xml_value(names, "rgb"), *theme = xml_value(names, "theme");
	const char *index = xml_value(names, "indexed"), *tint = xml_value(names, "tint");

	if (rgb != NULL)
		return strcmp(rgb, "FFFFFFFF") == 0 || strcmp(rgb, "00FFFFFF") == 0;
	if (theme != NULL)
		return strcmp(theme, "0") == 0 && (tint == NULL || strtod(tint, NULL) == 0);
	return index != NULL && text_is_one_of(index, indexed);
}

static void
start_font(struct reading_styles *reading, const char *element, const char *const *names)
{
	struct font *last;

	if (strcmp(element, "font") == 0) {
		*VEC_PUSH(reading->book->arena, &reading->fonts) = (struct font){.struck = false};
		return;
	}
	if (reading->fonts.count == 0)
		return;
	last = &reading->fonts.items[reading->fonts.count - 1];
	if (strcmp(element, "strike") == 0)
		last->struck = xml_is_true(names, "val", true);
	else if (strcmp(element, "color") == 0)
		last->white = is_white(names);
}

static void
start_fill(struct reading_styles *reading, const char *element, const char *const *names)
{
	const char *pattern;

	if (strcmp(element, "fill") == 0) {
		buf_reset(&reading->fill);
	} else if (strcmp(element, "patternFill") == 0) {
		pattern = xml_value(names, "patternType");
		if (pattern != NULL && strcmp(pattern, "none") != 0)
			add_attributes(&reading->fill, element, names);
	} else if (strcmp(element, "bgColor") != 0) {
		/* The colour of a solid fill is the one of its foreground. */
		if (strcmp(element, "fgColor") == 0 && is_white(names))
			buf_reset(&reading->fill);
		else if (strcmp(element, "fgColor") != 0 || reading->fill.len > 0)
			add_attributes(&reading->fill, element, names);
	}
}

static void
end_fill(struct reading_styles *reading)
{
	struct arena *arena = reading->book->arena;
	uint32_t number = 0;
	const char *fill =
	    arena_strndup(arena, reading->fill.len > 0 ? reading->fill.at : "", reading->fill.len);

	/* The number of the first of that colour, counted from 1. */
	for (size_t i = 0; *fill != '\0' && number == 0 && i < reading->fills.count; i++)
		if (strcmp(reading->fills.items[i], fill) == 0)
			number = reading->fill_number.items[i];
	if (*fill != '\0' && number == 0)
		number = (uint32_t)reading->fills.count + 1;
	*VEC_PUSH(arena, &reading->fills) = fill;
	*VEC_PUSH(arena, &reading->fill_number) = number;
}

/* ---- Number formats. */

static struct number_format
format_of(const struct reading_styles *reading, uint32_t id)
{
	const struct custom *one;

	/* First, as some programs define numbers again that are built in. */
	VEC_EACH (one, &reading->formats)
		if (one->id == id)
			return one->format;
	return number_format_built_in(id);
}

static void
add_format(struct reading_styles *reading, const char *const *names)
{
	const char *code = xml_value(names, "formatCode");
	struct custom *one;

	if (code == NULL)
		return;
	one = VEC_PUSH(reading->book->arena, &reading->formats);
	one->id = xml_number(names, "numFmtId", UINT32_MAX, 0);
	one->format = number_format_of(reading->book->arena, code);
}

/* ---- Styles. */

static void
add_style(struct reading_styles *reading, const char *const *names)
{
	struct book *book = reading->book;
	uint32_t font = xml_number(names, "fontId", UINT32_MAX, 0);
	uint32_t fill = xml_number(names, "fillId", UINT32_MAX, 0);
	struct book_style *style = VEC_PUSH(book->arena, &book->styles);

	style->format = format_of(reading, xml_number(names, "numFmtId", UINT32_MAX, 0));
	if (font < reading->fonts.count)
		style->struck = reading->fonts.items[font].struck;
	if (fill < reading->fill_number.count)
		style->fill = reading->fill_number.items[fill];
	/* On a colour white letters are the usual ones. */
	style->unseen =
	    style->fill == 0 && font < reading->fonts.count && reading->fonts.items[font].white;
}

/* A style that a rule lays over that of a cell. */
static void
start_rule(struct reading_styles *reading, const char *element, const char *const *names)
{
	struct book *book = reading->book;

	if (strcmp(element, "dxf") == 0)
		*VEC_PUSH(book->arena, &book->rules) = false;
	else if (strcmp(element, "strike") == 0 && book->rules.count > 0)
		book->rules.items[book->rules.count - 1] = xml_is_true(names, "val", true);
}

static void
check_sizes(const struct reading_styles *reading)
{
	struct book *book = reading->book;
	const struct {
		size_t count, most;
		const char *what;
	} kinds[] = {
	    {book->styles.count, STYLES_MAX, "66,000 styles"},
	    {book->rules.count, STYLES_MAX, "66,000 styles of rules"},
	    {reading->fonts.count, STYLES_MAX, "66,000 fonts"},
	    {reading->fills.count, FILLS_MAX, "4,000 colours"},
	    {reading->formats.count, FORMATS_MAX, "1,000 number formats"},
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (kinds[i].count > kinds[i].most)
			fault_note(
			    book->faults, FAULT_BOOK_TOO_MUCH, FAULT_ANYWHERE, kinds[i].what, NULL);
}

static void
on_start(void *ctx, const char *element, const char *const *names)
{
	struct reading_styles *reading = ctx;
	if (strcmp(element, "fonts") == 0)
		reading->in_fonts = true;
	else if (strcmp(element, "fills") == 0)
		reading->in_fills = true;
	else if (strcmp(element, "cellXfs") == 0)
		reading->in_xfs = true;
	else if (strcmp(element, "dxfs") == 0)
		reading->in_dxfs = true;
	/* A style of a rule has a font and a fill as well, which are none of the lists of cells' styles. */
	else if (reading->in_dxfs)
		start_rule(reading, element, names);
	else if (strcmp(element, "numFmt") == 0)
		add_format(reading, names);
	else if (reading->in_fonts)
		start_font(reading, element, names);
	else if (reading->in_fills)
		start_fill(reading, element, names);
	else if (reading->in_xfs && strcmp(element, "xf") == 0)
		add_style(reading, names);
}

static void
on_end(void *ctx, const char *element)
{
	struct reading_styles *reading = ctx;

	if (strcmp(element, "fonts") == 0)
		reading->in_fonts = false;
	else if (strcmp(element, "fills") == 0)
		reading->in_fills = false;
	else if (strcmp(element, "cellXfs") == 0)
		reading->in_xfs = false;
	else if (strcmp(element, "dxfs") == 0)
		reading->in_dxfs = false;
	else if (reading->in_fills && strcmp(element, "fill") == 0)
		end_fill(reading);
	check_sizes(reading);
}

bool
book_styles_read(struct book *book, const char *part)
{
	struct reading_styles reading = {.book = book};
	bool done;

	/* Without styles no number is a date. */
	if (part == NULL)
		return true;
	done = xml_read(book->archive, book->faults, part,
	    &(struct xml_reader){.on_start = on_start, .on_end = on_end, .ctx = &reading});
	buf_free(&reading.fill);
	return done;
}
