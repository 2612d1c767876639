/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/rota/rota_patient.h"

/* What people write for those who ring: about telephones and doors it is taken, about patients it is not. */

static void
notes_about_ringing_are_taken(void **state)
{
	static const char *const fine[] = {
	    "phone flat until 04:00, ring ward 7",
	    "ring Dr Okoro instead on 01632 960111",
	    "mobile 07700 900123 works, the pager does not",
	    "bleep 0667 via switchboard",
	    "in the 136 suite until 05:30, no signal there",
	    "at Alderbrook police station, ring the custody desk",
	    "swapped with S Ahmed from 20:00 on Sat 24/12",
	    "back at 06:15 on 24/12/2026",
	    "line is down, BT informed, ref 4421",
	    "use the side door, buzzer 3",
	    "answers after ten rings: let it ring",
	    "in MDT until 10, text first",
	    "ring the patient flow manager",
	    "covers both councils tonight",
	    "07700.900.123 or 0300/123/4567",
	    "desk2 at 10.30, then desk12",
	    "back 24.12.2026 06.15",
	    "rota v2.10.2026, room B12",
	    "please ring the hub and not the mobile",
	    "",
	};

	(void)state;
	for (size_t i = 0; i < sizeof fine / sizeof *fine; i++)
		if (rota_speaks_of_patient(fine[i]))
			fail_msg("refused: %s", fine[i]);
}

static void
notes_about_patients_are_not(void **state)
{
	static const char *const patients[] = {
	    "943 476 5919",
	    "9434765919 waiting in bay 3",
	    "NHS no 943-476-5919",
	    "943.476.5919 in resus",
	    "nhs: 943/476/5919",
	    "no:943_476_5919",
	    "NHS9434765919",
	    "DOB 12/03/1985",
	    "born 12 March 1985",
	    "J Smith 12.03.1985 to be seen",
	    "patient waiting since 22:00",
	    "pt is under section 2",
	    "RiO number 123456",
	    "next of kin informed",
	    "overdose in resus",
	};

	(void)state;
	for (size_t i = 0; i < sizeof patients / sizeof *patients; i++)
		if (!rota_speaks_of_patient(patients[i]))
			fail_msg("taken: %s", patients[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(notes_about_ringing_are_taken),
	    cmocka_unit_test(notes_about_patients_are_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
