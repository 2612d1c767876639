/* SPDX-License-Identifier: MIT */
/* The options of commands about what people agree among themselves, and about their own shifts. */
#include "clients/cli/command_options.h"

#include "clients/cli/command_option_rows.h"

const struct option_help leave_options[] = {
    {"--from T", "when it begins; of an approval, when who stands in begins"},
    {"--to T", "when it ends"},
    {"--cover ROTA=PERSON", "who stands in on that rota"},
    {"--gap-reason TEXT", "why a gap is accepted, which is yours then; never why somebody is away"},
    {"--force", "a check of who stands in that fails does not matter"},
    {"--reason TEXT", "why: required with --force, kept with a refusal"},
    {"--dry-run", "say which shifts and which cover it concerns, and change nothing"},
    JSON_ROW,
    {NULL, NULL},
};

const struct option_help swap_options[] = {
    {"--from T", "when what is given begins: the shift, or a later part of it"},
    {"--to T", "when it ends"},
    {"--gives ID", "who gives it; without it the person whose account this is"},
    {"--return-rota ROTA", "the rota of the shift that is given for it"},
    {"--return-from T", "when that one begins"},
    {"--return-to T", "when that one ends"},
    {"--expires T", "until when it may be accepted; without it until the first shift begins"},
    {"--link",
	"print a link by which who takes the shift accepts or refuses once, without an account"},
    {"--force", "a check that fails does not matter; for managers"},
    {"--reason TEXT", "why: required with --force, kept with a refusal or a withdrawal"},
    {"--dry-run", "say what is against it and which cover would change, and change nothing"},
    JSON_ROW,
    {NULL, NULL},
};

const struct option_help fairness_options[] = {
    {"--from T", "from when on; without it 13 weeks before the end"},
    {"--to T", "until when; without it until now"},
    JSON_ROW,
    {NULL, NULL},
};

const struct option_help my_shifts_options[] = {
    {"--from T", "from when on; without it from now on"},
    {"--to T", "until when"},
    JSON_ROW,
    {NULL, NULL},
};
