/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>

#include "server/base/arena.h"
#include "server/base/text.h"
#include "server/base/vec.h"

/*
 * The answer of GET /v1/sheet laid out on pages: lines that fit the width, blocks that stay together,
 * at the largest size of letters at which all of it is on one page, and no smaller than 9 points.
 * Measures with whatever font it is given. Pure.
 */
#define SHEET_POINTS_LEAST 9.0

/* A4 in points, with margins of 15 mm. */
#define SHEET_WIDTH 595.276
#define SHEET_HEIGHT 841.89
#define SHEET_MARGIN 42.5

struct sheet_line {
	const char *text;
	double x, y; /* of its beginning, from the left and from the bottom */
	bool bold;
};

struct sheet_page {
	VEC(struct sheet_line) lines;
};

struct sheet_pages {
	VEC(struct sheet_page) items;
	double points;
};

/* The width of ${len} bytes of ${text} in letters of one point. */
typedef double sheet_measure_fn(void *ctx, const char *text, size_t len, bool bold);

struct sheet_font {
	sheet_measure_fn *measure;
	void *ctx;
};

/* Everything lives in ${arena}. There is at least one page. */
void sheet_lay_out(struct arena *arena, const json_t *answer, const struct sheet_font *font,
    struct sheet_pages *out);

/* The same as plain text of at most 80 columns. */
void sheet_text(struct buf *out, const json_t *answer);
