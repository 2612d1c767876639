/* SPDX-License-Identifier: MIT */
#include "clients/cli/command.h"

#include <string.h>

/*
 * The table of commands. Help, usage errors and the manual page crisiscover(1) are made from it;
 * tests hold each command's options to those that its code takes.
 */

/* One line for each option in --help and in the manual; JSON_ROW is the same sentence
 * everywhere. */
#define JSON_ROW                                                                                   \
	{                                                                                          \
		"--json", "print the server's answer as JSON, for programs"                        \
	}

static const struct option_help now_options[] = {
    {"--function F", "only this function, by its code"},
    {"--at T", "ask about this instant instead of the present one"},
    JSON_ROW,
    {NULL, NULL},
};

static const struct option_help gaps_options[] = {
    {"--place P", "only gaps of this place and of the places below it"},
    {"--alone", "leave out the places below it"},
    {"--group", "list gaps with one cause, such as one dead feed, as one line"},
    {"--state open|closed|all", "which gaps; open ones if this is left out"},
    JSON_ROW,
    {NULL, NULL},
};

static const struct option_help acknowledge_options[] = {
    {"--note TEXT", "a note for others, kept with the gap"},
    {"--group", "acknowledge every gap that has the same cause on the same rota"},
    {"--withdraw", "take the acknowledgement back"},
    JSON_ROW,
    {NULL, NULL},
};

static const struct option_help coverage_options[] = {
    {"--from T", "the beginning of the time that is asked about"},
    {"--to T", "its end, at most 92 days later"},
    {"--function F", "only this function, by its code"},
    {"--alone", "leave out the places below it"},
    JSON_ROW,
    {NULL, NULL},
};

static const struct option_help history_options[] = {
    {"--at T", "the instant that is asked about"},
    {"--known-at K", "what was known at this instant; T if this is left out"},
    {"--function F", "only this function, by its code"},
    {"--looked MINUTES",
	"list who looked at the place in so many minutes before K, 0 to 1440; 30 if this is left out"},
    JSON_ROW,
    {NULL, NULL},
};

static const struct option_help audit_options[] = {
    {"--head FILE", "verify: also compare with the heads of the chain in this file"},
    {"--after N", "list: rows after this number"},
    {"--limit N", "list: at most so many rows, 1 to 1000; 100 if this is left out"},
    JSON_ROW,
    {NULL, NULL},
};

static const struct option_help watch_options[] = {
    {"--place P", "only flags of this place"},
    {"--function F", "only flags of this function"},
    {"--group", "tell gaps with one cause as one"},
    {"--exec CMD", "run this command for each flag, with the flag as JSON on its input"},
    {"--state FILE", "keep the newest flag in this file, and continue after it"},
    JSON_ROW,
    {NULL, NULL},
};

static const struct option_help read_options[] = {
    {"--from T", "show shifts from this instant; yesterday if this is left out"},
    {"--to T", "show shifts until this instant; 400 days ahead if this is left out"},
    {"--zone Z", "the time zone of times that name none, as in Europe/London"},
    {"--region FILE", "read it by the rules and with the people of this region file"},
    {"--rota ID", "the rota of that file whose rules hold"},
    {"--json", "print one JSON object a line, for programs"},
    {NULL, NULL},
};

static const struct option_help import_options[] = {
    {"--confirm", "put the file in force after the preview"},
    {"--reason TEXT",
	"why; needed where the import was held, opens a gap within 7 days or disputes an override"},
    {"--withdraw IMPORT", "take back the import with this number"},
    {"--dry-run", "with --withdraw: only show what that would do"},
    JSON_ROW,
    {NULL, NULL},
};

static const struct option_help decide_options[] = {
    {"--word W", "decide what this word means, with --means"},
    {"--alias A", "decide whom this name means, with --person"},
    {"--title T", "decide what this whole title means, with --reads"},
    {"--zone Z", "decide what this name of a time zone means, with --means"},
    {"--date-order dmy|mdy", "decide whether dates begin with the day or the month"},
    {"--means nothing|nobody|away|ZONE",
	"of a word: nothing to do with cover, nobody is on, the person beside it is away; of a zone: its IANA name"},
    {"--reads CLASS", "of a title: named, team, nobody, undecided, absence or noise"},
    {"--person ID", "the person who is meant"},
    {"--team NAME", "the team that is meant, one of the rota's team_names"},
    JSON_ROW,
    {NULL, NULL},
};

static const struct option_help override_options[] = {
    {"--from T", "when it begins"},
    {"--to T", "when it ends"},
    {"--nobody", "nobody is on then, whatever the calendar says"},
    {"--instead ID", "the person whose place is taken; without it the person comes on top"},
    {"--note TEXT", "why; the server wants one where nobody is on or the time is over"},
    {"--expires T", "the override ends by itself at this instant"},
    {"--confirm", "you mean it: needed where the server asks to confirm"},
    {"--withdraw ID", "take back the override with this number"},
    {"--dry-run", "say which cover would change, and change nothing"},
    JSON_ROW,
    {NULL, NULL},
};

static const struct option_help absence_options[] = {
    {"--from T", "when it begins"},
    {"--to T", "when it ends"},
    {"--withdraw ID", "take back the absence with this number"},
    {"--dry-run", "say which cover would change and who could stand in, and change nothing"},
    JSON_ROW,
    {NULL, NULL},
};

static const struct option_help apply_options[] = {
    {"--dry-run", "say what would change, and change nothing"},
    {"--overwrite ID", "let the file win this conflict; may be given several times"},
    {"--keep", "let what was changed on the server win every other conflict"},
    {"--alone REASON",
	"make without a second person what wants one; the reason is told, and somebody else reviews it"},
    {"--practice", "send it as the file of a practice region, in which nothing is real cover"},
    {NULL, NULL},
};

static const struct option_help get_options[] = {
    {"--known-at K", "the object as it was known at this instant"},
    {"--q TEXT", "of a list: only those with this in their name or code"},
    {"--json", "of a list: print the server's answer as JSON, for programs"},
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

static const struct option_help add_options[] = {
    {"--json FILE", "the whole object, as JSON, in place of single fields"},
    TRY_ROW,
    {NULL, NULL},
};

static const struct option_help set_options[] = {
    {"--json FILE", "the whole object, as JSON, in place of single fields"},
    REASON_ROW,
    {"--until DAY",
	"of a requirement that is lowered: what it was before holds again from this day on"},
    TRY_ROW,
    OVERWRITE_ROW,
    {NULL, NULL},
};

static const struct option_help remove_options[] = {
    REASON_ROW, TRY_ROW, OVERWRITE_ROW, {NULL, NULL}};

static const struct option_help proposals_options[] = {
    {"--all", "also those that are decided or expired"}, JSON_ROW, {NULL, NULL}};

static const struct option_help refuse_options[] = {
    {"--reason TEXT", "why; kept with the proposal"}, {NULL, NULL}};

static const struct option_help token_options[] = {
    {"--scopes LIST",
	"a new token: what it may do of what its account may, as read,review,accounts,write:cover,write:setup,numbers; all if this is left out"},
    {"--expires T", "a new token: until when, or never; a year if this is left out"},
    {"--all", "revoke: every token of the account"},
    JSON_ROW,
    {NULL, NULL},
};

static const struct option_help break_glass_options[] = {
    {"--reason R",
	"open: patient_from_there, transfer, no_cover_here, major_incident, or other (with a note)"},
    {"--note TEXT", "open, review: in words, without a patient's name"},
    {"--all", "list: also those that somebody has reviewed"},
    JSON_ROW,
    {NULL, NULL},
};

static const struct option_help provider_options[] = {
    {"--dry-run", "set, remove: say what would change and who could not sign in any more"},
    JSON_ROW,
    {NULL, NULL},
};

static const struct option_help single_handed_options[] = {
    {"--note TEXT", "review: in words"},
    {"--all", "list: also those that somebody has reviewed"},
    JSON_ROW,
    {NULL, NULL},
};

static const struct option_help ods_options[] = {
    {"--overwrite", "take the published name, end and successors over those that somebody has set"},
    {"--reason TEXT", "why, for the audit and for proposals; said by itself if it is left out"},
    {"--dry-run", "say what would change, and change nothing"},
    {NULL, NULL},
};

static const struct option_help pack_options[] = {
    {"--place P", "add: the place that the requirements are for"},
    {"--owner WHO", "add: the account or organisation that deals with gaps"},
    {"--deputy WHO", "add: who is told next"},
    {"--commissioner WHO", "add: who is told last"},
    {"--function THEIRS=OURS",
	"add: what this region calls a function of the pack; may be given several times"},
    {"--by TEXT", "confirm: the commissioner's name and office"},
    {"--dry-run", "add: say what would change, and change nothing"},
    JSON_ROW,
    {NULL, NULL},
};

static const struct option_help people_options[] = {
    {"--choose KEY=CODE",
	"merge: whose it is, where the two differ in what one person has only one of; may be given several times"},
    {"--merge NUMBER", "split: takes this merge back"},
    {"--new CODE", "split: the code of somebody new who is split off, with its fields"},
    {"--goes KEY",
	"split: goes to the one who is split off, such as override:12; may be given several times"},
    {"--stays KEY", "split: stays with the one who is split; may be given several times"},
    {"--rest-stays", "split: overrides and absences of which nobody can tell stay"},
    {"--reason TEXT", "why, for the audit"},
    {"--dry-run", "say what it would do, and change nothing"},
    JSON_ROW,
    {NULL, NULL},
};

static const struct option_help approvals_options[] = {
    {"--days N", "how far ahead and back, 0 to 3660; 90 if this is left out"},
    JSON_ROW,
    {NULL, NULL},
};

static const struct option_help contacts_options[] = {
    {"--days N", "checked within so many days is recent, 0 to 3660; 90 if this is left out"},
    JSON_ROW,
    {NULL, NULL},
};

static const struct option_help account_options[] = {
    {"--second-factor", "reset: a new second factor is set as well, where the old one is lost"},
    {NULL, NULL},
};

static const struct option_help identity_options[] = {
    {"--account NAME", "accept: the account that this person has from now on"},
    {"--role ROLE", "accept: the account is new, of the request's organisation, with this role"},
    {"--all", "list: also those that are linked or were refused"},
    JSON_ROW,
    {NULL, NULL},
};

static const struct option_help json_options[] = {JSON_ROW, {NULL, NULL}};
static const struct option_help no_options[] = {{NULL, NULL}};

static const struct option_help overrides_options[] = {
    {"--rota ID", "only overrides of this rota"},
    JSON_ROW,
    {NULL, NULL},
};

const struct command commands[] = {
    {"now", "PLACE [--function F] [--at T] [--json]", "say who is on call at a place", command_now,
	now_options},
    {"gaps", "[--place P [--alone]] [--group] [--state open|closed|all] [--json]",
	"list gaps in cover", command_gaps, gaps_options},
    {"acknowledge", "GAP [--note TEXT] [--group] [--withdraw] [--json]",
	"say that you deal with a gap; GAP is an id from gaps --json", command_acknowledge,
	acknowledge_options},
    {"coverage", "PLACE --from T --to T [--function F] [--alone] [--json]",
	"show how a place, and the places below it, are covered over a time", command_coverage,
	coverage_options},
    {"history", "PLACE --at T [--known-at K] [--function F] [--looked MINUTES] [--json]",
	"show what was said of a place at an instant, from which bytes, and what was corrected since",
	command_history, history_options},
    {"audit", "verify [--head FILE] | list [--after N] [--limit N] | head [--json]",
	"check, list or compare the record of who changed what and who saw whose name",
	command_audit, audit_options},
    {"watch", "[--place P] [--function F] [--group] [--exec CMD] [--state FILE] [--json]",
	"follow the flags from Redis: each once, in order, none left out", command_watch,
	watch_options},
    {"read", "FILE [--from T] [--to T] [--zone Z] [--region FILE --rota ID] [--json]",
	"say what a calendar or a roster means, without a server", command_read, read_options},
    {"import",
	"ROTA FILE [--confirm] [--reason TEXT] [--json], or --withdraw IMPORT [--dry-run] "
	"[--reason TEXT] [--json]",
	"upload a calendar or a roster and show what it would change", command_import,
	import_options},
    {"decisions", "ROTA [--json]",
	"list what was decided about a rota's titles, words and names, and what is left to decide",
	command_decisions, json_options},
    {"decide",
	"ROTA (--word W --means nothing|nobody|away | --alias A --person ID | --title T --reads CLASS [--person ID] [--team NAME] | --zone Z --means ZONE | "
	"--date-order dmy|mdy) [--json]",
	"decide what a word, a name, a title, a time zone or a date means on a rota",
	command_decide, decide_options},
    {"undecide", "ROTA NUMBER [--json]", "take a decision back", command_undecide, json_options},
    {"turned", "ROTA [--json]",
	"list shifts whose meaning changed when the same calendar was read again", command_turned,
	json_options},
    {"override",
	"ROTA PERSON|--nobody --from T --to T [--instead ID] [--note TEXT] [--expires T] "
	"[--confirm] [--dry-run] [--json] | --withdraw ID [--confirm] [--dry-run]",
	"put a person, or nobody, on a rota in place of what its calendar says", command_override,
	override_options},
    {"overrides", "[--rota ID] [--json]", "list overrides", command_overrides, overrides_options},
    {"absence", "PERSON --from T --to T [--dry-run] [--json] | --withdraw ID",
	"record that a person is away", command_absence, absence_options},
    {"apply", "FILE [--dry-run] [--overwrite ID]… [--keep] [--alone REASON] [--practice]",
	"make the server agree with a region file", command_apply, apply_options},
    {"region", "get", "print the set-up in force as a region file", command_region, no_options},
    {"get", "KIND [KEY] [--known-at K] [--q TEXT] [--json]",
	"show one object of the set-up, or list those of a kind; KIND is organisation, function, place, person, service, rota, requirement or account",
	command_get, get_options},
    {"add", "KIND KEY (FIELD=VALUE… | --json FILE) [--dry-run]",
	"add an object to the set-up, by the fields of the region file", command_add, add_options},
    {"set",
	"KIND KEY (FIELD=VALUE… | --json FILE) [--reason TEXT [--until DAY]] [--dry-run] [--overwrite ID]",
	"change fields of an object; FIELD= takes a field out, fallback.phone=… goes inside one",
	command_set, set_options},
    {"remove", "KIND KEY [--reason TEXT] [--dry-run] [--overwrite ID]",
	"take an object out of the set-up", command_remove, remove_options},
    {"proposals", "[--all] [--json]", "list changes of the set-up that want a second person",
	command_proposals, proposals_options},
    {"accept", "NUMBER", "do what another person proposed", command_accept, no_options},
    {"refuse", "NUMBER --reason TEXT", "refuse what another person proposed",
	command_refuse_proposal, refuse_options},
    {"approvals", "[--days N] [--json]",
	"list approvals for a function that end soon, or ended recently", command_approvals,
	approvals_options},
    {"contacts", "[--days N] [--json]",
	"list people and services whose telephone was not checked recently; set its verified_at when you have rung it",
	command_contacts, contacts_options},
    {"pack",
	"list [--json] | show PACK [--json] | add PACK --place P --owner WHO [--deputy WHO] [--commissioner WHO] [--function THEIRS=OURS]… "
	"[--dry-run] | confirm REQUIREMENT --by TEXT",
	"show starter packs, add one for a place, confirm a requirement that came from one",
	command_pack, pack_options},
    {"people",
	"merge GONE into KEPT --reason TEXT [--choose KEY=CODE]… [--dry-run] [--json] | "
	"split PERSON (--merge NUMBER | --new CODE FIELD=VALUE…) --reason TEXT [--goes KEY]… [--stays KEY]… [--rest-stays] [--dry-run] [--json] | "
	"merges PERSON [--json]",
	"make one of two people of the set-up, or two of one; list the merges of a person",
	command_people, people_options},
    {"ods", "import FILE… [--overwrite] [--reason TEXT] [--dry-run]",
	"fill names, ends and successors of organisations and places from files of the Organisation Data Service (CSV, FHIR)",
	command_ods, ods_options},
    {"token",
	"ACCOUNT [--scopes LIST] [--expires T] | list ACCOUNT [--json] | revoke ID | revoke --all ACCOUNT",
	"make, list or revoke tokens of an account", command_token, token_options},
    {"account", "invite NAME | reset NAME [--second-factor]",
	"print a link by which a person sets the password of an account", command_account,
	account_options},
    {"device", "list PLACE [--json] | add PLACE LABEL | remove PLACE DEVICE",
	"list the devices that are signed in at a place, make a code for one, remove one",
	command_device, json_options},
    {"break-glass",
	"list [--all] [--json] | open PLACE --reason R [--note TEXT] | review NUMBER [--note TEXT]",
	"see who opened a place that is not theirs, open one for 30 minutes, record a review",
	command_break_glass, break_glass_options},
    {"single-handed", "list [--all] [--json] | review NUMBER [--note TEXT]",
	"see what was put in force without the second person that it wanted, record a review",
	command_single_handed, single_handed_options},
    {"session", "list [--json] | end SESSION",
	"list the sessions of the account that asks, or end one", command_session, json_options},
    {"identity",
	"list [--all] [--json] | accept NUMBER --account NAME [--role ROLE] | refuse NUMBER | unlink NUMBER",
	"list people who came from an identity provider, link one to an account, refuse one, take a link away",
	command_identity, identity_options},
    {"provider", "list [--json] | set ID FILE [--dry-run] | remove ID [--dry-run]",
	"list, set or remove identity providers; FILE is JSON (docs/signing-in.md)",
	command_provider, provider_options},
    {NULL, NULL, NULL, NULL, NULL},
};

/* A linear search: the table has forty rows. */
const struct command *
command_find(const char *name)
{
	for (const struct command *command = commands; command->name != NULL; command++)
		if (strcmp(command->name, name) == 0)
			return command;
	return NULL;
}

/* Every usage error has the same form and shows the usage, so that nobody needs a second call to
 * --help. */
int
command_refuse(const char *name, const char *why)
{
	fprintf(stderr, "crisiscover %s: %s\nusage: crisiscover %s %s\n", name, why, name,
	    command_find(name)->usage);
	return EXIT_USAGE;
}

/* -------------------------------------------------------------------------------- help */

void
command_help_all(FILE *to)
{
	fputs("usage: crisiscover COMMAND …\n\n", to);
	for (const struct command *command = commands; command->name != NULL; command++)
		fprintf(to, "  %-12s %s\n", command->name, command->about);
	fputs(
	    "\n"
	    "  crisiscover COMMAND --help   options of one command\n"
	    "  crisiscover --version\n"
	    "\n"
	    "The server and the token come from CRISISCOVER_URL and CRISISCOVER_TOKEN, or from url= and token= in\n"
	    "~/.config/crisiscover; watch takes Redis from REDIS_URL or redis=.\n",
	    to);
}

void
command_help(FILE *to, const struct command *command)
{
	fprintf(
	    to, "usage: crisiscover %s %s\n\n%s\n", command->name, command->usage, command->about);
	if (command->options[0].option != NULL)
		fputs("\n", to);
	for (const struct option_help *row = command->options; row->option != NULL; row++)
		fprintf(to, "  %s\n      %s\n", row->option, row->about);
	/* Only where a time can be given. */
	if (strstr(command->usage, " T") != NULL)
		fputs(
		    "\n"
		    "T is 2026-11-22T03:10:00Z, \"2026-11-22 03:10\" by London's clocks, or 2026-11-22 for midnight in London.\n",
		    to);
}
