/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/ask/plain_page.h"
#include "server/api/views/now/now_lines.h"
#include "server/api/views/now/now_render.h"

/* The lines of the Now answer as elements: the same words as plain text has. */

#define WHO_COLUMNS 4
#define DETAIL_COLUMNS 6

static void
add_heading(struct buf *out, const struct now_line *line, bool *open)
{
	if (*open)
		buf_add_text(out, "</section>\n");
	*open = true;
	/* The tone is one of our own words. */
	buf_printf(out, "<section class=\"%s\">\n<h2>", line->tone != NULL ? line->tone : "");
	plain_page_text(out, line->text);
	buf_add_text(out, "</h2>\n");
}

/* Opens in another tab, so that the answer stays on the screen. */
static void
add_link(struct buf *out, const char *href)
{
	buf_add_text(out, "<a target=\"_blank\" rel=\"noopener noreferrer\" href=\"");
	plain_page_text(out, href);
	buf_add_text(out, "\">");
	plain_page_text(out, href);
	buf_add_text(out, "</a>");
}

/* What is indented furthest is about the person above it. ${first} ends with the blanks that
 * indent, or with a mark after them ("  Ring: "). */
static void
add_line(struct buf *out, const struct now_line *line, bool strong)
{
	size_t blanks = strspn(line->first, " ");
	const char *class = blanks >= DETAIL_COLUMNS          ? " class=\"detail\""
			    : blanks >= WHO_COLUMNS || strong ? " class=\"strong\""
							      : "";

	buf_printf(out, "<p%s>", class);
	plain_page_text(out, line->first + blanks);
	if (line->link)
		add_link(out, line->text);
	else
		plain_page_ringing(out, line->text);
	buf_add_text(out, "</p>\n");
}

void
now_render_html(struct buf *out, const struct now_frame *frame)
{
	struct arena *arena = arena_new(0);
	struct now_lines lines = {.arena = arena};
	bool open = false;

	now_render_lines(&lines, frame);
	for (size_t i = 0; i < lines.items.count; i++) {
		const struct now_line *line = &lines.items.items[i];
		bool state = i > 0 && lines.items.items[i - 1].kind == NOW_HEADING;

		if (line->kind == NOW_HEADING) {
			add_heading(out, line, &open);
		} else if (line->kind == NOW_TITLE) {
			buf_add_text(out, "<h1>");
			plain_page_text(out, line->text);
			buf_add_text(out, "</h1>\n");
		} else if (line->kind == NOW_LINE) {
			add_line(out, line, state);
		}
	}
	if (open)
		buf_add_text(out, "</section>\n");
	arena_free(arena);
}
