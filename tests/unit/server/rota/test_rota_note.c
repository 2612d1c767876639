/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "calendars/titles/uncertain.h"
#include "server/rota/rota_note.h"

/* What is typed beside a shift by hand: words of doubt are read as in a calendar. */

struct want {
	const char *note;
	enum rota_note_says says;
	const char *words; /* NULL: not compared */
};

/* holds: H04.2 */
static void
a_note_is_read_as_beside_a_title(void **state)
{
	static const struct want wants[] = {
	    {"TBC", ROTA_NOTE_UNCERTAIN, "TBC"},
	    {"tbc with agency", ROTA_NOTE_UNCERTAIN, "tbc"},
	    {"T.B.C.", ROTA_NOTE_UNCERTAIN, NULL},
	    {"Ring ward 7; Provisional", ROTA_NOTE_UNCERTAIN, "Provisional"},
	    {"covers if needed", ROTA_NOTE_UNCERTAIN, "if needed"},
	    {"to be  confirmed by noon", ROTA_NOTE_UNCERTAIN, NULL},
	    {"not yet confirmed", ROTA_NOTE_UNCERTAIN, "not yet confirmed"},
	    {"pencilled in", ROTA_NOTE_UNCERTAIN, "pencilled in"},
	    {"maybe", ROTA_NOTE_UNCERTAIN, "maybe"},
	    {"Sam?", ROTA_NOTE_UNCERTAIN, "?"},
	    {"cancelled", ROTA_NOTE_OFF, "cancelled"},
	    {"Off sick, see the hub", ROTA_NOTE_OFF, NULL},
	    {"annual leave", ROTA_NOTE_OFF, NULL},
	    {"vacant", ROTA_NOTE_OFF, NULL},
	    {"This shift has been withdrawn by the office", ROTA_NOTE_OFF, NULL},
	    {"now swapped with Jo", ROTA_NOTE_DOUBT, "swapped with"},
	    {"pending", ROTA_NOTE_OFF, "pending"},
	    {"pending with the bank", ROTA_NOTE_DOUBT, "pending"},
	    {"shadowing", ROTA_NOTE_OFF, NULL},
	    {"with a student shadowing", ROTA_NOTE_DOUBT, NULL},
	    {"ask at the desk", ROTA_NOTE_DOUBT, "ask"},
	    {"mobile flat, ring 01632 960144", ROTA_NOTE_NOTHING, NULL},
	    {"bleep 4421 via switchboard", ROTA_NOTE_NOTHING, NULL},
	    {"in the 136 suite until 05:30, no signal there", ROTA_NOTE_NOTHING, NULL},
	    {"covers both councils tonight", ROTA_NOTE_NOTHING, NULL},
	    {"https://rota.example/?id=4", ROTA_NOTE_NOTHING, NULL},
	    {"confirmed by telephone", ROTA_NOTE_NOTHING, NULL},
	    {"", ROTA_NOTE_NOTHING, NULL},
	};
	struct arena *arena = arena_new(0);

	(void)state;
	for (size_t i = 0; i < sizeof wants / sizeof *wants; i++) {
		struct rota_note found = rota_note_read(arena, wants[i].note);

		if (found.says != wants[i].says ||
		    (wants[i].words != NULL && strcmp(found.words, wants[i].words) != 0))
			fail_msg("\"%s\" says %d by \"%s\"", wants[i].note, found.says,
			    found.words ? found.words : "");
		assert_true((found.words == NULL) == (found.says == ROTA_NOTE_NOTHING));
	}
	arena_free(arena);
}

/* Why somebody is put on is often that somebody else is not there. */
static void
a_reason_may_be_that_another_is_away(void **state)
{
	static const char *const fine[] = {"Jo is off sick", "swapped with Jo", "no answer",
	    "The calendars are not published", "strike", "Jo cancelled", "covered by Sam", "test",
	    NULL};
	static const char *const uncertain[] = {"TBC", "agency, provisional", "Sam if needed",
	    "to be confirmed", "agreed in principle", "Sam?", NULL};
	struct arena *arena = arena_new(0);

	(void)state;
	for (size_t i = 0; fine[i] != NULL; i++)
		if (rota_reason_uncertain(arena, fine[i]) != NULL)
			fail_msg("refused: %s", fine[i]);
	for (size_t i = 0; uncertain[i] != NULL; i++)
		if (rota_reason_uncertain(arena, uncertain[i]) == NULL)
			fail_msg("taken: %s", uncertain[i]);
	arena_free(arena);
}

/* A phrase that the lexicon does not have, or has with another meaning, would never be found. */
static void
each_phrase_is_one_of_doubt_in_the_lexicon(void **state)
{
	struct arena *arena = arena_new(0);

	(void)state;
	for (size_t i = 0; uncertain_phrases[i] != NULL; i++) {
		const char *words = rota_reason_uncertain(arena, uncertain_phrases[i]);

		if (words == NULL || strcmp(words, uncertain_phrases[i]) != 0)
			fail_msg("not found: %s", uncertain_phrases[i]);
	}
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_note_is_read_as_beside_a_title),
	    cmocka_unit_test(a_reason_may_be_that_another_is_away),
	    cmocka_unit_test(each_phrase_is_one_of_doubt_in_the_lexicon),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
