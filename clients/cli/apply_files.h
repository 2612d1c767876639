/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "clients/cli/options.h"
#include "server/base/arena.h"
#include "server/model/region.h"

/*
 * The files beside a region file, one for each rota that has one. A file whose bytes are those that
 * the region file brought last is left alone, whatever is in force since. One that would take the
 * place of what a person put in force since is in conflict: "rota:ID:file".
 */
enum apply_fate {
	APPLY_SAME,    /* left alone */
	APPLY_ABSENT,  /* not there, and what is in force came from somewhere: left alone */
	APPLY_SENT,    /* put in force */
	APPLY_KEPT,    /* in conflict; what is in force stays */
	APPLY_REFUSED, /* in conflict, and the caller has not decided between the two */
};

struct apply_file {
	const struct region_rota *rota;
	const char *path;     /* from here */
	const char *in_force; /* SHA-256 of what it is to take the place of; NULL: of nothing */
	const json_t *known;  /* what the server says of it; NULL: it is new there */
	enum apply_fate fate;
	unsigned ahead, counts, doubtful; /* of a file that was checked: its entries that are not
					     over, those that count, those that are unknown */
};

struct apply_files {
	struct apply_file *items;
	unsigned count, refused, sent;
};

/* The decisions on the command line: about conflicts, and about what wants a second person. */
struct apply_wish {
	const struct option_values *overwrite;
	bool keep;
	const char *alone; /* why there is none; NULL: not said */
};

/* The region file that is applied, and what PUT /v1/region answered to it. */
struct apply_region {
	const char *path;
	const struct region *region;
	const json_t *answer;
};

/* Compares the files beside ${of} with what the server has. EXIT_INPUT_REFUSED after printing which
 * of them cannot be read. */
int apply_files_compare(struct arena *arena, const struct apply_region *of,
    const struct apply_wish *wish, struct apply_files *out);

/* Reads those that are to be sent as the server will; a file that it would refuse is reported on
 * stderr, and is EXIT_INPUT_REFUSED. Counts what they say. */
int apply_files_check(const struct region *region, struct apply_files *files);

/* The outcome for each file that differs. */
void apply_files_print(const struct apply_files *files);

/* For a dry run: what each that would be sent would do to gaps and overrides, by the preview of an
 * import, which is then discarded. Against the set-up in force; for a new rota there is none. Exit
 * codes as ever. */
int apply_files_preview(const struct apply_files *files);

/* Sends them, and waits until they are in force. */
int apply_files_send(struct arena *arena, const struct apply_files *files);
