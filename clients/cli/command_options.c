/* SPDX-License-Identifier: MIT */
#include "clients/cli/command_options.h"

#include "clients/cli/command_option_rows.h"

/* In the order of the table of commands. Those of commands on accounts and rights are in
 * command_options_access.c, those on the set-up in command_options_setup.c. */

const struct option_help now_options[] = {
    {"--function F", "only this function, by its code"},
    {"--at T", "ask about this instant instead of the present one"},
    JSON_ROW,
    {NULL, NULL},
};

const struct option_help ladder_options[] = {
    {"--at T", "ask about this instant instead of the present one"},
    JSON_ROW,
    {NULL, NULL},
};

const struct option_help gaps_options[] = {
    {"--place P", "only gaps of this place and of the places below it"},
    {"--alone", "leave out the places below it"},
    {"--group", "list gaps with one cause, such as one dead feed, as one line"},
    {"--state open|closed|all", "which gaps; open ones if this is left out"},
    CSV_ROW,
    JSON_ROW,
    {NULL, NULL},
};

const struct option_help acknowledge_options[] = {
    {"--note TEXT", "a note for others, kept with the gap"},
    {"--group", "acknowledge every gap that has the same cause on the same rota"},
    {"--withdraw", "take the acknowledgement back"},
    JSON_ROW,
    {NULL, NULL},
};

const struct option_help coverage_options[] = {
    {"--from T", "the beginning of the time that is asked about"},
    {"--to T", "its end, at most 92 days later"},
    {"--function F", "only this function, by its code"},
    {"--alone", "leave out the places below it"},
    CSV_ROW,
    JSON_ROW,
    {NULL, NULL},
};

const struct option_help history_options[] = {
    {"--at T", "the instant that is asked about"},
    {"--known-at K", "what was known at this instant; T if this is left out"},
    {"--function F", "only this function, by its code"},
    {"--looked MINUTES",
	"list who looked at the place in so many minutes before K, 0 to 1440; 30 if this is left out"},
    JSON_ROW,
    {NULL, NULL},
};

const struct option_help audit_options[] = {
    {"--head FILE", "verify: also compare with the heads of the chain in this file"},
    {"--after N", "list: rows after this number"},
    {"--limit N", "list: at most so many rows, 1 to 1000; 100 if this is left out"},
    JSON_ROW,
    {NULL, NULL},
};

const struct option_help watch_options[] = {
    {"--place P", "only flags of this place"},
    {"--function F", "only flags of this function"},
    {"--group", "tell gaps with one cause as one"},
    {"--exec CMD", "run this command for each flag, with the flag as JSON on its input"},
    {"--state FILE", "keep the newest flag in this file, and continue after it"},
    JSON_ROW,
    {NULL, NULL},
};

const struct option_help read_options[] = {
    {"--from T", "show shifts from this instant; yesterday if this is left out"},
    {"--to T", "show shifts until this instant; 400 days ahead if this is left out"},
    {"--zone Z", "the time zone of times that name none, as in Europe/London"},
    {"--region FILE", "read it by the rules and with the people of this region file"},
    {"--rota ID", "the rota of that file whose rules hold"},
    {"--json", "print one JSON object a line, for programs"},
    {NULL, NULL},
};

const struct option_help import_options[] = {
    {"--confirm", "put the file in force after the preview"},
    {"--reason TEXT",
	"why; needed where the import was held, opens a gap within 7 days or disputes an override"},
    {"--also ROTAS",
	"other rotas that read the same grid, with commas between them, or all: each is shown and confirmed by itself"},
    {"--withdraw IMPORT", "take back the import with this number"},
    {"--dry-run", "with --withdraw: only show what that would do"},
    JSON_ROW,
    {NULL, NULL},
};

const struct option_help decide_options[] = {
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

const struct option_help override_options[] = {
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

const struct option_help absence_options[] = {
    {"--from T", "when it begins"},
    {"--to T", "when it ends"},
    {"--withdraw ID", "take back the absence with this number"},
    {"--dry-run", "say which cover would change and who could stand in, and change nothing"},
    JSON_ROW,
    {NULL, NULL},
};

const struct option_help shift_options[] = {
    {"--from T", "when the shift begins"},
    {"--until T", "when it ends"},
    {"--person ID", "move: who has it from now on"},
    {"--note TEXT", "one line for colleagues"},
    {"--confirm",
	"do it although it is unusual: the person is on already or may not be free, or it is very long"},
    {"--dry-run", "show which gaps it would close and open, and write nothing"},
    JSON_ROW,
    {NULL, NULL},
};

const struct option_help rotation_options[] = {
    {"--from DAY", "end: from this day on (yyyy-mm-dd); from now on if this is left out"},
    {"--dry-run", "show a year of shifts and which gaps would close and open, and write nothing"},
    JSON_ROW,
    {NULL, NULL},
};

const struct option_help tonight_options[] = {
    {"--until T", "until when they are on"},
    {"--from T", "from when; from now on if this is left out"},
    {"--reason TEXT", "why no calendar says so, for colleagues and the record"},
    {"--confirm",
	"do it although it is unusual: somebody may not be free, or is on already, or has the name of another"},
    {"--dry-run", "show which gaps it would close and open, and write nothing"},
    JSON_ROW,
    {NULL, NULL},
};

const struct option_help new_people_options[] = {
    {"--all", "list: also those whom somebody has looked at"},
    {"--phone NUMBER", "add: the work telephone, like +441632960123"},
    {"--said NAME", "add: the name as the rota has it"},
    {"--confirm", "add: it is another person of the same name"},
    {"--dry-run", "add: show who would be added, and write nothing"},
    {"--note TEXT", "review: a note for others"},
    JSON_ROW,
    {NULL, NULL},
};

const struct option_help sheet_options[] = {
    {"--pdf FILE", "write it as a PDF, in the place of what is there"},
    {"--text", "print it as text; so it is if --pdf is left out"},
    {NULL, NULL},
};

const struct option_help areas_options[] = {
    {"--kind KIND", "the kind of lines that say none: council, gp_area or postcode_district"},
    {"--only", "remove areas that are not in the file"},
    {"--alone REASON",
	"move or remove areas without a second person; the reason is told, and somebody else reviews it"},
    {"--dry-run", "say what would change, and change nothing"},
    {NULL, NULL},
};

const struct option_help contacted_options[] = {
    {"--place P", "from where it was rung; list: only from there"},
    {"--function F",
	"what is wanted: whom to ring next is of its ladder; else of the function of who was rung"},
    {"--entry E", "who was rung: the entry that now shows"},
    {"--rota ID", "who was rung: the rota, with --person; list: only of this rota"},
    {"--person ID", "who was rung, on that rota"},
    {"--service ID", "the line of this service was rung"},
    {"--note TEXT", "settle: what was done, in one line"},
    {"--all", "list: also what wants nothing any more"},
    JSON_ROW,
    {NULL, NULL},
};

const struct option_help note_options[] = {
    {"--person ID", "add: on this person, wherever the person is on"},
    {"--entry E", "add: on the shift of this entry that now shows"},
    {"--service ID", "add: on this service"},
    {"--place P", "add: on a function at this place, with --function"},
    {"--function F", "add: on this function, with --place"},
    {"--until T", "add: shown until then, at most 7 days ahead; without it for 12 hours"},
    JSON_ROW,
    {NULL, NULL},
};

const struct option_help bundles_options[] = {
    {"--function F", "only those of this function"},
    {"--state S", "all (default), whole, or missing: those of which a part is missing or unknown"},
    JSON_ROW,
    CSV_ROW,
    {NULL, NULL},
};

const struct option_help closed_options[] = {
    {"--until TIME",
	"the next time that the clocks say so, such as 23:00; tomorrow noon at the latest, 09:00 where it is left out"},
    {"--open", "it is open after all"},
    {NULL, NULL},
};

const struct option_help navigators_options[] = {
    {"--function F", "only those that are there instead of this function"},
    JSON_ROW,
    CSV_ROW,
    {NULL, NULL},
};

const struct option_help subscription_options[] = {
    {"--account A", "list, add: of this account, for who looks after its organisation's accounts"},
    {"--organisation O", "list: of all accounts of this organisation, for the same"},
    {"--everybody", "list: of everybody, for administrators"},
    {"--email ADDRESS", "add, change: tell by e-mail"},
    {"--webhook URL", "add, change: tell by JSON, signed"},
    {"--teams URL", "add, change: tell a channel of Teams by its webhook"},
    {"--slack URL", "add, change: tell a channel of Slack by its webhook"},
    {"--sms NUMBER", "add, change: tell by SMS, to a number such as +447700900123"},
    {"--about WORDS",
	"add, change: gap, closed, feed, dispute, contact, unverified, decision, review, access, undelivered; without it all"},
    {"--places CODES", "add, change: these places and all below them; without it all"},
    {"--functions CODES", "add, change: these functions; without it all"},
    {"--severity S", "add, change: normal, high or critical: from this one on"},
    {"--alerted-to R",
	"add, change: of gaps, not before their alerts come to the owner, deputy or commissioner"},
    {"--digest TIMES", "add, change: what can wait is told at these times, such as 08:30,16:00"},
    {"--quiet FROM-UNTIL", "add, change: only critical news from 22:00-07:00, say"},
    CSV_ROW,
    JSON_ROW,
    {NULL, NULL},
};

const struct option_help messages_options[] = {
    {"--account A", "of this account, for who looks after its organisation's accounts"},
    {"--organisation O", "of all accounts of this organisation, for the same"},
    {"--everybody", "of everybody, for administrators"},
    {"--state S", "waiting, sent or undelivered; without it all"},
    CSV_ROW,
    JSON_ROW,
    {NULL, NULL},
};

const struct option_help risk_options[] = {
    {"--requirement R", "accept: whose gaps, as requirements list them"},
    {"--place P", "accept: where"},
    {"--reason TEXT", "accept: why the risk is accepted; withdraw: why no longer"},
    {"--until TIME", "accept: until when, such as 2027-01-31T12:00:00Z; at most a year ahead"},
    {"--state S", "list: open (default), or all with those that have ended"},
    {"--known-at K", "list: as they stood then"},
    CSV_ROW,
    JSON_ROW,
    {NULL, NULL},
};

const struct option_help protocol_options[] = {
    {"--place P", "list: those that hold there; add: whose it is"},
    {"--function F", "list: of this function; add: for asking which"},
    {"--overdue", "list: whose review day is over"},
    {"--mine", "list: that this account looks after"},
    {"--name N", "add, replace: its title"},
    {"--version V", "add, replace: the version that the document itself has"},
    {"--owner ACCOUNT", "add, replace: who looks after it; without it this account, or who did"},
    {"--review DAY", "add, replace: the last day before a review is due"},
    {"--url LINK", "add, replace: the document, of http or https"},
    {"--pdf FILE", "add, replace: the document, at most 2 MB"},
    {"--edition N", "replace, withdraw: the one that you saw; fetch: a former one"},
    {"--reason TEXT", "withdraw: why"},
    CSV_ROW,
    JSON_ROW,
    {NULL, NULL},
};

const struct option_help export_options[] = {
    {"--from MONTH",
	"the first month, such as 2026-01; eleven before the last if this is left out"},
    {"--to MONTH", "the last month; the last that is over if this is left out"},
    {"--licence TEXT", "under which licence the file is given on, for its head"},
    {NULL, NULL},
};

const struct option_help report_options[] = {
    {"--place P", "the place; those below it have lines of their own"},
    {"--month MONTH",
	"such as 2026-11; the last that is over if this is left out, the present one until now"},
    {"--alone", "leave out the places below it"},
    CSV_ROW,
    JSON_ROW,
    {NULL, NULL},
};

const struct option_help ods_options[] = {
    {"--overwrite", "take the published name, end and successors over those that somebody has set"},
    {"--reason TEXT", "why, for the audit and for proposals; said by itself if it is left out"},
    {"--dry-run", "say what would change, and change nothing"},
    {NULL, NULL},
};

const struct option_help pack_options[] = {
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

const struct option_help people_options[] = {
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

const struct option_help feeds_options[] = {
    {"--wrong", "only those that want something done"},
    CSV_ROW,
    JSON_ROW,
    {NULL, NULL},
};

const struct option_help contacts_options[] = {
    {"--days N", "checked within so many days is recent, 0 to 3660; 90 if this is left out"},
    JSON_ROW,
    {NULL, NULL},
};

const struct option_help json_options[] = {JSON_ROW, {NULL, NULL}};
const struct option_help no_options[] = {{NULL, NULL}};

const struct option_help overrides_options[] = {
    {"--rota ID", "only overrides of this rota"},
    CSV_ROW,
    JSON_ROW,
    {NULL, NULL},
};
