/* SPDX-License-Identifier: MIT */
#include "clients/cli/apply_print.h"

#include <stdio.h>
#include <string.h>

#include "clients/cli/show.h"

/* So many gaps of either kind are printed; a requirement that begins or ends has one a day for a year. */
#define GAPS_MAX 20

static long long
show_number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static void
print_changes(const json_t *answer)
{
	json_t *change;
	size_t i;

	json_array_foreach(json_object_get(answer, "changes"), i, change)
	{
		printf("%s %s %s", show_text(change, "sign"), show_text(change, "kind"),
		    show_text(change, "code"));
		if (*show_text(change, "what") != '\0')
			printf(": %s", show_text(change, "what"));
		printf("\n");
		if (*show_text(change, "second") != '\0')
			printf("  wants a second person: %s\n", show_text(change, "second"));
	}
}

/* Demands, also where it is no requirement that changes: the end of a place. */
static void
print_less(const json_t *answer)
{
	json_t *less;
	size_t i;

	json_array_foreach(json_object_get(answer, "less"), i, less)
	{
		const char *from = show_text(less, "from");

		printf("less: requirement %s at place %s%s%s\n", show_text(less, "requirement"),
		    show_text(less, "place"), *from != '\0' ? " from " : "", from);
	}
}

/* The fate of a conflict, in words. A fate that this version does not know is shown as the worst
 * one. */
static const char *
fate_words(const char *fate)
{
	if (strcmp(fate, "kept") == 0)
		return "it stays as it is";
	if (strcmp(fate, "overwritten") == 0)
		return "it is overwritten";
	return "the file would undo it";
}

static void
print_conflicts(const json_t *answer)
{
	json_t *conflict;
	size_t i;

	json_array_foreach(json_object_get(answer, "conflicts"), i, conflict)
	{
		printf("conflict %s: changed since the file was applied (in force by %s, %s); %s\n",
		    show_text(conflict, "id"), show_text(conflict, "by"), show_text(conflict, "at"),
		    fate_words(show_text(conflict, "fate")));
	}
}

unsigned
apply_refused(const json_t *answer)
{
	unsigned count = 0;
	json_t *conflict;
	size_t i;

	json_array_foreach(json_object_get(answer, "conflicts"), i, conflict) count +=
	    strcmp(show_text(conflict, "fate"), "refused") == 0;
	return count;
}

static void
print_dependents(const json_t *effect)
{
	json_t *said;
	size_t i;

	json_array_foreach(json_object_get(effect, "said"), i, said) printf(
	    "goes: %s %lld (rota %s, person %s) by %s\n", show_text(said, "kind"),
	    show_number(said, "id"), *show_text(said, "rota") ? show_text(said, "rota") : "-",
	    *show_text(said, "person") ? show_text(said, "person") : "-", show_text(said, "by"));
}

static void
print_people_and_rotas(const json_t *effect)
{
	json_t *item;
	size_t i;

	json_array_foreach(json_object_get(effect, "names"), i, item)
	    printf("name: \"%s\" stays an alias of %s (%s); \"former_names\": [] would drop it\n",
		show_text(item, "was"), show_text(item, "now"), show_text(item, "person"));
	json_array_foreach(json_object_get(effect, "rotas"), i, item)
	    printf("rota %s: %s (%lld coming shifts)\n", show_text(item, "rota"),
		show_text(item, "why"), show_number(item, "shifts"));
	json_array_foreach(json_object_get(effect, "undecided"), i, item)
	    printf("undecided: %s%lld coming shifts of %s (%s) on rota %s: %s\n",
		json_is_false(json_object_get(item, "certain")) ? "up to " : "",
		show_number(item, "shifts"), show_text(item, "name"), show_text(item, "person"),
		show_text(item, "rota"), show_text(item, "why"));
}

/* Said where the second one comes, and not when a shift of either is undecided. */
static void
print_alike(const json_t *effect)
{
	json_t *item;
	size_t i;

	json_array_foreach(json_object_get(effect, "alike"), i, item) printf(
	    "alike: a calendar that has \"%s\" could mean %s (%s) or %s (%s), and counts for neither until its rota says whom "
	    "(crisiscover decide)\n",
	    *show_text(item, "written") ? show_text(item, "written") : "the name",
	    show_text(item, "name"), show_text(item, "person"), show_text(item, "other_name"),
	    show_text(item, "other"));
	if (show_number(effect, "alike_total") > (long long)i)
		printf("alike: %lld pairs in all\n", show_number(effect, "alike_total"));
}

/* Codes are in bookmarks, subscriptions and channels outside of this system, which cannot be found
 * and changed here. */
static void
print_codes(const json_t *effect)
{
	json_t *item;
	size_t i;

	json_array_foreach(json_object_get(effect, "codes"), i, item)
	{
		/* Without a new code the thing is gone, and what pointed to it breaks. */
		const char *now = show_text(item, "now");

		printf("code: %s %s %s%s; bookmarks, calendars and subscriptions that use it %s\n",
		    show_text(item, "kind"), show_text(item, "was"),
		    *now ? "is now " : "is no more", now,
		    *now ? "are answered, channels have the new one" : "break");
	}
	/* The tokens of an account that is removed are revoked, and somebody's screen stops
	 * working: so it is printed before. */
	json_array_foreach(json_object_get(effect, "tokens"), i, item)
	    printf("account %s goes: %lld of its tokens revoked\n", show_text(item, "account"),
		show_number(item, "tokens"));
}

/* Gaps as the server works them out for the new set-up; nothing is opened or closed yet. */
static void
print_gaps(const json_t *effect, const char *key, const char *word)
{
	const json_t *list = json_object_get(effect, key);
	char total[32];
	json_t *gap;
	size_t i;

	json_array_foreach(list, i, gap)
	{
		if (i == GAPS_MAX)
			break;
		printf("%s %s: %s %s at %s, %s to %s\n", word, show_text(gap, "state"),
		    show_text(gap, "requirement"), show_text(gap, "function"),
		    show_text(gap, "place"), show_text(gap, "start"), show_text(gap, "end"));
	}
	snprintf(total, sizeof total, "%s_total", key);
	/* The list is cut, here and by the server; the number is not. */
	if (show_number(effect, total) > (long long)i)
		printf("%s: %lld in all\n", word, show_number(effect, total));
}

/* Accepted risks that are to be accepted again. */
static void
print_risks(const json_t *effect)
{
	json_t *risk;
	size_t i;

	json_array_foreach(json_object_get(effect, "risks"), i, risk)
	    printf("ends accepted risk %lld of %s at %s, until %s: %s\n", show_number(risk, "id"),
		show_text(risk, "requirement"), show_text(risk, "place"), show_text(risk, "until"),
		show_text(risk, "why"));
}

static void
print_effect(const json_t *effect)
{
	print_dependents(effect);
	print_people_and_rotas(effect);
	print_alike(effect);
	print_codes(effect);
	print_gaps(effect, "opens", "opens");
	print_gaps(effect, "closes", "closes");
	print_risks(effect);
}

void
apply_print(const json_t *answer, bool quiet)
{
	json_t *warning;
	size_t i;

	print_changes(answer);
	print_less(answer);
	print_conflicts(answer);
	print_effect(json_object_get(answer, "effect"));
	json_array_foreach(json_object_get(answer, "warnings"), i, warning) fprintf(
	    stderr, "warning: %s: %s\n", show_text(warning, "path"), show_text(warning, "detail"));
	/* Printed only if nothing at all happens, files included. */
	if (quiet && json_array_size(json_object_get(answer, "changes")) == 0)
		printf("the set-up is as the file says\n");
}

void
apply_print_alone(const json_t *answer)
{
	long long number = show_number(answer, "single_handed");

	if (number != 0)
		printf(
		    "made without a second person: told at the places it touches, and listed for review as %lld (crisiscover single-handed)\n",
		    number);
}
