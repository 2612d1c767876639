/* SPDX-License-Identifier: MIT */
#include "clients/cli/sheet_page.h"

#include <string.h>

#include "clients/cli/show.h"

#define POINTS_MOST 11.0
#define POINTS_STEP 0.5
#define LEADING 1.22      /* from line to line, in letters */
#define BLOCK_SPACE 0.45  /* before a block */
#define INDENT_COLUMN 0.5 /* for each blank before a line */
#define FOOT_LINES 1.5
#define COLUMNS 80

struct layout {
	struct arena *arena;
	const struct sheet_font *font;
	struct sheet_pages *out;
	double points, y;
};

/* ---------------------------------------------------------------------------- lines of a page */

static double
width_of(const struct layout *layout, const char *text, size_t len, bool bold)
{
	return layout->font->measure(layout->font->ctx, text, len, bold) * layout->points;
}

/* Bytes of the first line of ${text}: up to the last blank before ${width}; a word that is too long
 * is divided between two characters. */
static size_t
fitting(const struct layout *layout, const char *text, double width, bool bold)
{
	size_t len = strlen(text), at = 0, blank = 0;

	while (at < len) {
		size_t step = text_utf8_len(text + at, len - at);

		step = step == 0 ? 1 : step;
		if (at > 0 && width_of(layout, text, at + step, bold) > width)
			return blank > 0 ? blank : at;
		at += step;
		if (text[at] == ' ' || at == len)
			blank = at;
	}
	return len;
}

static void
put(struct layout *layout, double x, const char *text, bool bold)
{
	struct sheet_page *page = &layout->out->items.items[layout->out->items.count - 1];

	layout->y -= layout->points * LEADING;
	*VEC_PUSH(layout->arena, &page->lines) =
	    (struct sheet_line){text, SHEET_MARGIN + x, layout->y, bold};
}

/* ${first}: blanks, and perhaps a mark after them. Further lines of a paragraph stand under its
 * first. */
static void
put_paragraph(struct layout *layout, const char *first, const char *text, bool bold)
{
	size_t blanks = strspn(first, " ");
	double x = (double)blanks * INDENT_COLUMN * layout->points;
	const char *rest = arena_printf(layout->arena, "%s%s", first + blanks, text);

	do {
		size_t len = fitting(layout, rest, SHEET_WIDTH - 2 * SHEET_MARGIN - x, bold);

		put(layout, x, arena_strndup(layout->arena, rest, len), bold);
		rest += len;
		rest += strspn(rest, " ");
	} while (*rest != '\0');
}

static void
new_page(struct layout *layout)
{
	*VEC_PUSH(layout->arena, &layout->out->items) = (struct sheet_page){0};
	layout->y = SHEET_HEIGHT - SHEET_MARGIN;
}

static double
bottom(const struct layout *layout)
{
	return SHEET_MARGIN + FOOT_LINES * layout->points;
}

static void
put_lines(struct layout *layout, const json_t *lines, bool bold)
{
	json_t *line;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)lines, i, line)
	{
		const char *first = show_text(line, "first");

		/* Who is on, and whatever a mark stands before, is read first. */
		put_paragraph(
		    layout, first, show_text(line, "text"), bold || strspn(first, " ") == 4);
	}
}

static void
put_block(struct layout *layout, const json_t *block)
{
	layout->y -= BLOCK_SPACE * layout->points;
	put_paragraph(layout, "", show_text(block, "heading"), true);
	put_lines(layout, json_object_get(block, "lines"), false);
}

/* A block that is longer than a page goes on at the top of the next one. */
static void
break_lines(struct layout *layout)
{
	size_t last = layout->out->items.count - 1, kept = 0;
	struct sheet_page *from = &layout->out->items.items[last];
	double up;

	while (kept < from->lines.count && from->lines.items[kept].y >= bottom(layout))
		kept++;
	if (kept == from->lines.count)
		return;
	new_page(layout);
	from = &layout->out->items.items[last];
	up = layout->y - layout->points * LEADING - from->lines.items[kept].y;
	for (size_t i = kept; i < from->lines.count; i++) {
		struct sheet_line line = from->lines.items[i];

		line.y += up;
		*VEC_PUSH(layout->arena, &layout->out->items.items[last + 1].lines) = line;
		layout->y = line.y;
	}
	from->lines.count = kept;
	break_lines(layout);
}

static void
add_block(struct layout *layout, const json_t *block)
{
	size_t page = layout->out->items.count - 1;
	size_t before = layout->out->items.items[page].lines.count;
	double y = layout->y;

	put_block(layout, block);
	if (layout->y >= bottom(layout))
		return;
	/* Once more, on a page of its own. */
	layout->out->items.items[page].lines.count = before;
	layout->y = y;
	if (before > 0)
		new_page(layout);
	put_block(layout, block);
	break_lines(layout);
}

static void
lay_out_at(struct layout *layout, const json_t *answer)
{
	json_t *block;
	size_t i;

	layout->out->items.count = 0;
	layout->out->points = layout->points;
	new_page(layout);
	put_lines(layout, json_object_get(answer, "head"), true);
	json_array_foreach(json_object_get(answer, "blocks"), i, block) add_block(layout, block);
}

void
sheet_lay_out(struct arena *arena, const json_t *answer, const struct sheet_font *font,
    struct sheet_pages *out)
{
	struct layout layout = {.arena = arena, .font = font, .out = out};

	*out = (struct sheet_pages){0};
	for (layout.points = POINTS_MOST; layout.points >= SHEET_POINTS_LEAST;
	     layout.points -= POINTS_STEP) {
		lay_out_at(&layout, answer);
		if (out->items.count == 1)
			return;
	}
}

/* --------------------------------------------------------------------------------------- text */

static void
print_paragraph(struct buf *out, const char *first, const char *text)
{
	size_t indent = strlen(first), at = 0, used = 0, blank = 0, len = strlen(text);
	bool begun = false;

	do {
		size_t end;

		for (at = 0, used = 0, blank = 0; at < len && used < COLUMNS - indent; used++) {
			size_t step = text_utf8_len(text + at, len - at);

			if (text[at] == ' ')
				blank = at;
			at += step == 0 ? 1 : step;
		}
		end = at >= len || text[at] == ' ' || blank == 0 ? at : blank;
		buf_printf(out, "%*s%.*s\n", (int)indent, begun ? "" : first, (int)end, text);
		begun = true;
		text += end;
		text += strspn(text, " ");
		len = strlen(text);
	} while (len > 0);
}

static void
print_lines(struct buf *out, const json_t *lines)
{
	json_t *line;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)lines, i, line)
	    print_paragraph(out, show_text(line, "first"), show_text(line, "text"));
}

void
sheet_text(struct buf *out, const json_t *answer)
{
	json_t *block;
	size_t i;

	print_lines(out, json_object_get(answer, "head"));
	json_array_foreach(json_object_get(answer, "blocks"), i, block)
	{
		buf_printf(out, "\n%s\n", show_text(block, "heading"));
		print_lines(out, json_object_get(block, "lines"));
	}
}
