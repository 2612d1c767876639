/*
 * crisiscover: the command line for people and programs. Talks to the same HTTP API as everybody;
 * `read` needs no server at all.
 */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "clients/cli/command.h"
#include "server/base/log.h"
#include "server/base/version.h"

static const struct command commands[] = {
    {"now", "PLACE [--function F] [--at T] [--json]", "who is on call at a place", command_now},
    {"gaps", "[--place P [--alone]] [--group] [--state open|closed|all] [--json]",
	"gaps in cover; of a place with those below it, unless --alone", command_gaps},
    {"acknowledge", "GAP [--note TEXT] [--group] [--withdraw] [--json]",
	"take a gap on, or all that its rota has made; or take that back", command_acknowledge},
    {"coverage", "PLACE --from T --to T [--function F] [--alone] [--json]",
	"the map of a place, and of those below it unless --alone, over a time", command_coverage},
    {"history", "PLACE --at T [--known-at K] [--function F] [--looked MINUTES] [--json]",
	"what was said of a place then, from which bytes, and what was corrected since",
	command_history},
    {"audit", "verify [--head FILE] | list [--after N] [--limit N] | head [--json]",
	"who changed what and who saw whose name, and whether that is all there ever was",
	command_audit},
    {"watch", "[--place P] [--function F] [--group] [--exec CMD] [--state FILE] [--json]",
	"every flag as it is raised, none twice, none missed", command_watch},
    {"read", "FILE [--from T] [--to T] [--zone Z] [--region FILE --rota ID] [--json]",
	"what a calendar or roster says, without a server", command_read},
    {"import", "ROTA FILE [--confirm] [--reason TEXT] [--json], or --withdraw IMPORT",
	"upload a calendar, see what it would change, confirm; take one back", command_import},
    {"decisions", "ROTA [--json]",
	"what was decided about a rota's titles and words, and what is left, heaviest first",
	command_decisions},
    {"decide",
	"ROTA (--word W --means nothing|nobody|away | --alias A --person ID | --title T --reads "
	"CLASS [--person ID] [--team NAME] | --zone Z --means ZONE | --date-order dmy|mdy) "
	"[--json]",
	"say once what a word, a name, a title, a time zone's name or a date means on a rota",
	command_decide},
    {"undecide", "ROTA NUMBER [--json]", "take a decision back", command_undecide},
    {"turned", "ROTA [--json]", "which shifts a rota's calendar gave another meaning, read again",
	command_turned},
    {"override",
	"ROTA PERSON|--nobody --from T --to T [--instead ID] [--note TEXT] [--expires T] "
	"[--confirm] [--dry-run] [--json] | --withdraw ID [--confirm] [--dry-run]",
	"put somebody on a rota, instead of another or besides, or nobody; or take that back",
	command_override},
    {"overrides", "[--rota ID] [--json]", "what was said here over the calendars",
	command_overrides},
    {"absence", "PERSON --from T --to T [--dry-run] [--json] | --withdraw ID",
	"somebody is away; or is not, after all", command_absence},
    {"apply", "FILE [--dry-run] [--overwrite ID]… [--keep]",
	"make the server agree with a region file, but for what was changed there since; region "
	"get "
	"is the set-up as a file",
	command_apply},
    {"region", "get", "the set-up in force, as a region file", command_region},
    {"token", "ACCOUNT | list ACCOUNT [--json] | revoke ID | revoke --all ACCOUNT",
	"a new token for an account of the region; which there are; the end of one or of all",
	command_token},
};

enum { NCOMMANDS = sizeof commands / sizeof *commands };

static void
print_usage(FILE *to)
{
	fputs("usage: crisiscover COMMAND …\n\n", to);
	for (unsigned i = 0; i < NCOMMANDS; i++)
		fprintf(to, "  %s %s\n      %s\n", commands[i].name, commands[i].usage,
		    commands[i].about);
	fputs("\nServer and token come from CRISISCOVER_URL and CRISISCOVER_TOKEN, or from url= "
	      "and token= in "
	      "~/.config/crisiscover;\nwatch takes Redis from REDIS_URL or redis=. T is "
	      "2026-11-22T03:10:00Z, "
	      "\"2026-11-22 03:10\" (London's clocks) or 2026-11-22 (London midnight). CLASS is "
	      "named, team, nobody, undecided, absence or "
	      "noise.\n",
	    to);
}

static const struct command *
find(const char *name)
{
	for (unsigned i = 0; i < NCOMMANDS; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

int
command_refuse(const char *name, const char *why)
{
	fprintf(stderr, "crisiscover %s: %s\nusage: crisiscover %s %s\n", name, why, name,
	    find(name)->usage);
	return EXIT_USAGE;
}

int
main(int argc, char **argv)
{
	const struct command *command;

	setlocale(LC_CTYPE, "C.UTF-8");
	log_open("crisiscover", LOG_ERROR);
	if (argc >= 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)) {
		print_usage(stdout);
		return EXIT_FINE;
	}
	if (argc >= 2 && strcmp(argv[1], "--version") == 0) {
		printf("crisiscover %s\n", version_text());
		return EXIT_FINE;
	}
	command = argc >= 2 ? find(argv[1]) : NULL;
	if (command == NULL) {
		print_usage(stderr);
		return EXIT_USAGE;
	}
	return command->run(argc - 1, argv + 1);
}
