/* SPDX-License-Identifier: MIT */
#include "clients/cli/command.h"

#include <string.h>

#include "clients/cli/command_options.h"

/*
 * The table of commands. Help, usage errors and the manual page crisiscover(1) are made from it;
 * tests hold each command's options to those that its code takes.
 */

const struct command commands[] = {
    {"now", "PLACE [--function F] [--at T] [--json]", "say who is on call at a place", command_now,
	now_options},
    {"ladder", "PLACE FUNCTION [--at T] [--json]",
	"say whom to ring for a function at a place, one after the other", command_ladder,
	ladder_options},
    {"elsewhere", "AREA [--json]",
	"say whom to ring about somebody who lives elsewhere: the team numbers of a council, a GP area or a postcode district",
	command_elsewhere, json_options},
    {"sheet", "PLACE [--pdf FILE] [--text]",
	"make tonight's sheet of a place for paper: who is on until the morning, and whom to ring instead",
	command_sheet, sheet_options},
    {"gaps", "[--place P [--alone]] [--group] [--state open|closed|all] [--json] [--csv]",
	"list gaps in cover", command_gaps, gaps_options},
    {"acknowledge", "GAP [--note TEXT] [--group] [--withdraw] [--json]",
	"say that you deal with a gap; GAP is an id from gaps --json", command_acknowledge,
	acknowledge_options},
    {"coverage", "PLACE --from T --to T [--function F] [--alone] [--json] [--csv]",
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
	"ROTA FILE [--also ROTAS] [--confirm] [--reason TEXT] [--json], or --withdraw IMPORT [--dry-run] "
	"[--reason TEXT] [--json]",
	"upload a calendar or a roster and show what it would change", command_import,
	import_options},
    {"feeds", "[ROTA] [--wrong] [--json] [--csv]",
	"list the state of every source: when it was last good, until when it speaks, what is wrong with it",
	command_feeds, feeds_options},
    {"refresh", "ROTA", "have a source checked now", command_refresh, no_options},
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
    {"overrides", "[--rota ID] [--json] [--csv]", "list overrides", command_overrides,
	overrides_options},
    {"absence", "PERSON --from T --to T [--dry-run] [--json] | --withdraw ID",
	"record that a person is away", command_absence, absence_options},
    {"shift",
	"add ROTA PERSON --from T --until T [--note TEXT] | move ROTA SHIFT [--person ID] [--from T] [--until T] [--note TEXT] | remove ROTA SHIFT, "
	"each [--confirm] [--dry-run] [--json]",
	"put a person on a typed rota, move a shift or take one off", command_shift, shift_options},
    {"rotation", "get ROTA | put ROTA FILE | end ROTA [--from DAY], each [--dry-run] [--json]",
	"show the rotation of a typed rota, give it one (FILE is JSON, as PUT /v1/rotas/{id}/rotation takes it), end it",
	command_rotation, rotation_options},
    {"tonight",
	"PLACE FUNCTION=PERSON… --until T [--from T] --reason TEXT [--confirm] [--dry-run] [--json]",
	"say who is on tonight, for several functions of a place at once; rota:ROTA=PERSON names a rota, FUNCTION=new:NAME,NUMBER somebody nobody knows",
	command_tonight, tonight_options},
    {"new-people",
	"list [--all] [--json] | add ROTA NAME [--phone NUMBER] [--said NAME] [--confirm] [--dry-run] | review NUMBER [--note TEXT]",
	"list people whom a rota named and nobody knew, add one, say that you have looked",
	command_new_people, new_people_options},
    {"fairness", "ROTA [--from T] [--to T] [--json]",
	"who has done how many hours, nights, weekends and bank holidays on a rota, of the last 13 weeks",
	command_fairness, fairness_options},
    {"my-shifts", "[--from T] [--to T] [--json]", "when the person whose account this is is on",
	command_my_shifts, my_shifts_options},
    {"leave",
	"request [PERSON] --from T --to T [--dry-run] [--json] | list [--json] | show NUMBER [--json] | "
	"approve NUMBER [--cover ROTA=PERSON --from T --to T] [--gap-reason TEXT] [--force --reason TEXT] [--dry-run] [--json] | "
	"refuse NUMBER [--reason TEXT] | withdraw NUMBER | needs-cover [--json]",
	"ask to be away, see what that does to cover, approve or refuse it; list shifts of your rotas whose person is away",
	command_leave, leave_options},
    {"swap",
	"offer ROTA PERSON --from T --to T [--gives ID] [--return-rota ROTA --return-from T --return-to T] [--expires T] [--link] "
	"[--force --reason TEXT] [--dry-run] [--json] | list [--json] | show NUMBER [--json] | "
	"accept NUMBER [--force --reason TEXT] [--dry-run] | refuse NUMBER [--reason TEXT] | withdraw NUMBER [--reason TEXT]",
	"offer a shift to somebody, perhaps for another one; answer an offer, take one back, see what became of swaps",
	command_swap, swap_options},
    {"apply", "FILE [--dry-run] [--overwrite ID]… [--keep] [--alone REASON] [--practice]",
	"make the server agree with a region file", command_apply, apply_options},
    {"region", "get", "print the set-up in force as a region file", command_region, no_options},
    {"get", "KIND [KEY] [--known-at K] [--q TEXT] [--json] [--csv]",
	"show one object of the set-up, or list those of a kind; KIND is organisation, function, place, person, service, rota, requirement, account or navigator",
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
    {"contacted",
	"reached|no-answer|wrong-person|declined --place P (--entry E | --rota ID [--person ID] | --service ID) [--function F] | "
	"list [--rota ID] [--place P] [--all] [--json] | settle NUMBER [--note TEXT] | take-back NUMBER",
	"report what came of ringing somebody, see what was reported of your rotas, take back your own within ten minutes",
	command_contacted, contacted_options},
    {"note",
	"add TEXT (--person ID | --entry E | --service ID | --place P --function F) [--until T] | list PLACE [--json] | remove NUMBER",
	"write what to know before one rings somebody, list the notes of a place, take one away",
	command_note, note_options},
    {"bundles", "[PLACE] [--function F] [--state all|whole|missing] [--json] [--csv]",
	"show what several people are needed for together, whether it is whole now, and what is missing",
	command_bundles, bundles_options},
    {"navigators", "[PLACE] [--function F] [--json] [--csv]",
	"where to send somebody when nobody is on, or has to be, and what of it is open now",
	command_navigators, navigators_options},
    {"closed", "NAVIGATOR [--until TIME] | NAVIGATOR --open",
	"say, as who keeps its card, that a navigator is closed tonight, or open after all",
	command_closed, closed_options},
    {"subscription",
	"list [--account A | --organisation O | --everybody] [--json] [--csv] | add (--email ADDRESS | --webhook URL | --teams URL | --slack URL | --sms NUMBER) "
	"[--account A] [--about WORDS] [--places CODES] [--functions CODES] [--severity S] [--alerted-to R] [--digest TIMES] [--quiet FROM-UNTIL] | "
	"change NUMBER (as add) | end NUMBER",
	"be told of gaps and of what wants your doing by e-mail, webhook or SMS; list, change and end that",
	command_subscription, subscription_options},
    {"messages", "[--account A | --organisation O | --everybody] [--state S] [--json] [--csv]",
	"what was sent to you, what waits to be sent, and what was not delivered", command_messages,
	messages_options},
    {"protocol",
	"list [--place P] [--function F] [--overdue] [--mine] [--json] [--csv] | add --place P --function F --name N --version V --review DAY (--url LINK | --pdf FILE) "
	"[--owner ACCOUNT] | replace NUMBER --edition N [--name N] [--version V] [--review DAY] [--url LINK | --pdf FILE] [--owner ACCOUNT] | "
	"withdraw NUMBER --reason TEXT [--edition N] | fetch NUMBER FILE [--edition N]",
	"list the documents by which a function is asked for, add one, replace it by its next edition, withdraw it, save its PDF",
	command_protocol, protocol_options},
    {"risk",
	"list [--state open|all] [--known-at K] [--json] [--csv] | accept NUMBER | accept --requirement R --place P --reason TEXT --until TIME | withdraw NUMBER --reason TEXT",
	"accept, as a commissioner, the risk of a requirement at a place until a time; each commissioner must. The gap stays a gap, and any of them withdraws it",
	command_risk, risk_options},
    {"report", "month --place P [--month MONTH] [--alone] [--json] [--csv]",
	"say how a place was covered in a month, and whether who was rung answered; no number is about a person",
	command_report, report_options},
    {"export", "research [--from MONTH] [--to MONTH] [--licence TEXT]",
	"write the history of cover at places that have chosen it, for research, as CSV: without names, and without what is few",
	command_export, export_options},
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
    {"areas", "import FILE [--kind KIND] [--only] [--alone REASON] [--dry-run]",
	"put a table of areas in force (CSV with code, name, kind and place), which elsewhere is answered from",
	command_areas, areas_options},
    {"token",
	"ACCOUNT [--scopes LIST] [--expires T] | list ACCOUNT|--mine [--json] | revoke [--mine] ID | revoke --all ACCOUNT",
	"make, list or revoke tokens of an account; with --mine list or revoke one's own",
	command_token, token_options},
    {"link",
	"make (--rota ID | --service ID | --person ID | --gaps PLACE | --closing-of SERVICE | --closing-of-navigator ID) [--names] [--note TEXT] [--until T] [--json] | list [--json] [--csv] | revoke ID",
	"make, list or revoke secret links: to a calendar for programs, or to the page on which a service or a navigator says that it is closed tonight",
	command_link, link_options},
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
    {"subject",
	"export PERSON [--json] | erase PERSON (--reason TEXT | --request N) [--dry-run] [--json] | hold PERSON --reason TEXT | lift PERSON --reason TEXT",
	"print everything that is held about a person, erase a person who has left, keep one from being erased",
	command_subject, subject_options},
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
