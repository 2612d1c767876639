/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "clients/cli/options.h"
#include "server/base/arena.h"
#include "server/model/region.h"

/*
 * The calendar files beside a region file, at most one for each rota. A file is sent only if its bytes
 * differ from those that were sent with the region file before; otherwise it is left alone, whatever is in
 * force now. If a person has put another calendar in force since then, sending the file would undo that:
 * this is a conflict, "rota:ID:file".
 */
enum apply_fate {
	APPLY_SAME,    /* the same bytes: not sent */
	APPLY_ABSENT,  /* there is no such file, and the rota has shifts from an upload: not sent */
	APPLY_SENT,    /* sent, and put in force */
	APPLY_KEPT,    /* a conflict: what is in force stays, as --keep says */
	APPLY_REFUSED, /* a conflict that the command line does not settle */
};

struct apply_file {
	const struct region_rota *rota;
	const char *path;     /* relative to the working directory */
	const char *in_force; /* SHA-256 of the calendar that it would replace; NULL: none */
	const json_t *known;  /* the server's entry about the rota's file; NULL: a new rota */
	enum apply_fate fate;
	unsigned ahead, counts, doubtful; /* of a file that was checked: its entries that are not
					     over, those that count, those that are unknown */
};

struct apply_files {
	struct apply_file *items;
	unsigned count, refused, sent;
};

/* What the command line decides: about conflicts, and about changes that need a second person. */
struct apply_wish {
	const struct option_values *overwrite;
	bool keep;
	const char *alone; /* the reason of --alone; NULL: not given */
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

/* Reads the files that are to be sent, with the reader that the server uses, and counts their entries.
 * EXIT_INPUT_REFUSED after reporting on stderr a file that the server would refuse. */
int apply_files_check(const struct region *region, struct apply_files *files);

/* Prints the outcome for each file that differs. */
void apply_files_print(const struct apply_files *files);

/* For a dry run: prints what each file would do to gaps and overrides. Each is uploaded as an import that is
 * discarded after its preview. Computed with the set-up in force, so a new rota has no preview. Returns an
 * exit code. */
int apply_files_preview(const struct apply_files *files);

/* Sends the files, and waits until they are in force. Returns an exit code. */
int apply_files_send(struct arena *arena, const struct apply_files *files);
