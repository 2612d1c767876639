/* SPDX-License-Identifier: MIT */
#include "clients/cli/command_options.h"

#include "clients/cli/command_option_rows.h"

/* Options of the commands that change the set-up, and of what wants a second person for it. */

const struct option_help apply_options[] = {
    {"--dry-run", "say what would change, and change nothing"},
    {"--overwrite ID", "let the file win this conflict; may be given several times"},
    {"--keep", "let what was changed on the server win every other conflict"},
    {"--alone REASON",
	"make without a second person what wants one; the reason is told, and somebody else reviews it"},
    {"--practice", "send it as the file of a practice region, in which nothing is real cover"},
    {NULL, NULL},
};

const struct option_help get_options[] = {
    {"--known-at K", "the object as it was known at this instant"},
    {"--q TEXT", "of a list: only those with this in their name or code"},
    {"--json", "of a list: print the server's answer as JSON, for programs"},
    CSV_ROW,
    {NULL, NULL},
};

#define OVERWRITE_ROW                                                                                    \
	{                                                                                                \
		"--overwrite ID",                                                                        \
		    "you mean it although overrides, absences or decisions end with it: person:jo-jones" \
	}
#define TRY_ROW                                                                                    \
	{                                                                                          \
		"--dry-run", "say what would change, and change nothing"                           \
	}

#define REASON_ROW                                                                                 \
	{                                                                                          \
		"--reason TEXT", "why; needed where the change wants a second person"              \
	}

const struct option_help add_options[] = {
    {"--json FILE", "the whole object, as JSON, in place of single fields"},
    TRY_ROW,
    {NULL, NULL},
};

const struct option_help set_options[] = {
    {"--json FILE", "the whole object, as JSON, in place of single fields"},
    REASON_ROW,
    {"--until DAY",
	"of a requirement that is lowered: what it was before holds again from this day on"},
    TRY_ROW,
    OVERWRITE_ROW,
    {NULL, NULL},
};

const struct option_help remove_options[] = {REASON_ROW, TRY_ROW, OVERWRITE_ROW, {NULL, NULL}};

const struct option_help proposals_options[] = {
    {"--all", "also those that are decided or expired"}, JSON_ROW, {NULL, NULL}};

const struct option_help refuse_options[] = {
    {"--reason TEXT", "why; kept with the proposal"}, {NULL, NULL}};
