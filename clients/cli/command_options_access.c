/* SPDX-License-Identifier: MIT */
#include "clients/cli/command_options.h"

#include "clients/cli/command_option_rows.h"

/* Options of the commands on who may do what: accounts, tokens, links, identities, what wants a second person, and what is kept of somebody. */

const struct option_help token_options[] = {
    {"--scopes LIST",
	"a new token: what it may do of what its account may, as read,review,accounts,write:cover,write:setup,numbers; all if this is left out"},
    {"--expires T", "a new token: until when, or never; a year if this is left out"},
    {"--mine", "list, revoke: of the account that asks, which need not be an administrator's"},
    {"--all", "revoke: every token of the account"},
    JSON_ROW,
    {NULL, NULL},
};

const struct option_help link_options[] = {
    {"--rota ID", "make: to the calendar of a rota"},
    {"--service ID", "make: to the calendar of a service, with all its rotas"},
    {"--person ID", "make: to the calendar of a person"},
    {"--gaps PLACE", "make: to the open gaps at a place and at those below it"},
    {"--closing-of SERVICE",
	"make: to the page on which the service says that it is closed tonight"},
    {"--closing-of-navigator ID", "make: to the page on which it says that it is closed tonight"},
    {"--names",
	"make: people are named, but for those who are protected; without it nobody is named"},
    {"--note TEXT", "make: for whom it is, as the list shows it"},
    {"--until T", "make: when it expires, at most 400 days from now; a year if this is left out"},
    CSV_ROW,
    JSON_ROW,
    {NULL, NULL},
};

const struct option_help break_glass_options[] = {
    {"--reason R",
	"open: patient_from_there, transfer, no_cover_here, major_incident, or other (with a note)"},
    {"--note TEXT", "open, review: in words, without a patient's name"},
    {"--all", "list: also those that somebody has reviewed"},
    JSON_ROW,
    {NULL, NULL},
};

const struct option_help provider_options[] = {
    {"--dry-run", "set, remove: say what would change and who could not sign in any more"},
    JSON_ROW,
    {NULL, NULL},
};

const struct option_help single_handed_options[] = {
    {"--note TEXT", "review: in words"},
    {"--all", "list: also those that somebody has reviewed"},
    JSON_ROW,
    {NULL, NULL},
};

const struct option_help subject_options[] = {
    {"--reason TEXT", "erase, hold, lift: why"},
    {"--request N", "erase: do what another person has asked for under this number"},
    {"--dry-run", "erase: say what would be erased, and erase nothing"},
    JSON_ROW,
    {NULL, NULL},
};

const struct option_help approvals_options[] = {
    {"--days N", "how far ahead and back, 0 to 3660; 90 if this is left out"},
    JSON_ROW,
    {NULL, NULL},
};

const struct option_help account_options[] = {
    {"--second-factor", "reset: a new second factor is set as well, where the old one is lost"},
    {NULL, NULL},
};

const struct option_help identity_options[] = {
    {"--account NAME", "accept: the account that this person has from now on"},
    {"--role ROLE", "accept: the account is new, of the request's organisation, with this role"},
    {"--all", "list: also those that are linked or were refused"},
    JSON_ROW,
    {NULL, NULL},
};
