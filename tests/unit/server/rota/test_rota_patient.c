/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

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

/* ---- What is refused wherever it is typed. */

static const struct {
	const char *text;
	enum rota_patient says;
} typed[] = {
    {"943 476 5919", ROTA_PATIENT_NUMBER},
    /* Digits of a hash and of a UUID are nobody's number; beside them one is. */
    {"sha256 7be19434765919a02c7be19434765919a02c7be19434765919a02c00112233ff", ROTA_PATIENT_NONE},
    {"0a1b2c3d-1111-4222-8333-ab9434765919", ROTA_PATIENT_NONE},
    {"0a1b2c3d-1111-4222-8333-ab9434765919, 943 476 5919", ROTA_PATIENT_NUMBER},
    {"9434765919-9434765919-9434765919", ROTA_PATIENT_NUMBER},
    {"9434765919", ROTA_PATIENT_NUMBER},
    {"bay 3: 9434765919.", ROTA_PATIENT_NUMBER},
    {"NHS9434765919X", ROTA_PATIENT_NUMBER},
    {"943-476-5919", ROTA_PATIENT_NUMBER},
    {"943.476.5919", ROTA_PATIENT_NUMBER},
    {"943/476/5919", ROTA_PATIENT_NUMBER},
    {"943\u00a0476\u20135919", ROTA_PATIENT_NUMBER},
    {"\uff19\uff14\uff13\uff14\uff17\uff16\uff15\uff19\uff11\uff19", ROTA_PATIENT_NUMBER},
    {"943\u200b4765919", ROTA_PATIENT_NUMBER},
    {"94 34 76 59 19", ROTA_PATIENT_NUMBER},
    {"9 4 3 4 7 6 5 9 1 9", ROTA_PATIENT_NUMBER},
    {"ward 7 943 476 5919", ROTA_PATIENT_NUMBER},
    {"ward 7, 401 023 2137, ring 01632 960111", ROTA_PATIENT_NUMBER},
    {"01632 960111 943 476 5919", ROTA_PATIENT_NUMBER},
    {"+44 7700 900123 943 476 5919", ROTA_PATIENT_NUMBER},
    {"943 476 5919 01632 960111", ROTA_PATIENT_NUMBER},
    {"943 476 5919 401 023 2137", ROTA_PATIENT_NUMBER},
    {"tel 943 476 5919", ROTA_PATIENT_NUMBER},
    {"999 000 0018", ROTA_PATIENT_NUMBER},
    {"DOB 12/03/1985", ROTA_PATIENT_BIRTH},
    {"d.o.b. 12.3.85", ROTA_PATIENT_BIRTH},
    {"dob: 01/02/2021", ROTA_PATIENT_BIRTH},
    {"dob 1 Jan 85", ROTA_PATIENT_BIRTH},
    {"date of birth 4 May 2023", ROTA_PATIENT_BIRTH},
    {"born 12 March 1985", ROTA_PATIENT_BIRTH},
    {"J Smith 12.03.1985", ROTA_PATIENT_BIRTH},
    {"1985-03-12", ROTA_PATIENT_BIRTH},
    {"J Smith, March 1985", ROTA_PATIENT_BIRTH},
    {"X06000001", ROTA_PATIENT_NONE},
    /* Another check digit: no NHS number. */
    {"9434765918", ROTA_PATIENT_NONE},
    {"943 476 5918", ROTA_PATIENT_NONE},
    /* Those that ring true by the check digit, and are rung. */
    {"09434765919", ROTA_PATIENT_NONE},
    {"+449434765919", ROTA_PATIENT_NONE},
    {"+44 943 476 5919", ROTA_PATIENT_NONE},
    {"0044 943 476 5919", ROTA_PATIENT_NONE},
    {"44 943 476 5919", ROTA_PATIENT_NONE},
    {"(0)943 476 5919", ROTA_PATIENT_NONE},
    {"tel 7700900191", ROTA_PATIENT_NONE},
    {"mob: 7700 900 191", ROTA_PATIENT_NONE},
    {"ring 1632960001", ROTA_PATIENT_NONE},
    {"01632 960111 or 07700 900123", ROTA_PATIENT_NONE},
    {"07700900123 01632960111", ROTA_PATIENT_NONE},
    {"0113 496 0999, 020 7946 0958, 0300 123 4567", ROTA_PATIENT_NONE},
    {"bleep 4471 4472 4473", ROTA_PATIENT_NONE},
    {"2026-12-24 20:00 to 2026-12-25 08:00", ROTA_PATIENT_NONE},
    {"from 24/12/2026 0900-1700", ROTA_PATIENT_NONE},
    {"agreed in 2014, renewed 2019", ROTA_PATIENT_NONE},
    {"Ward 12, 3rd floor, BN1 1AA", ROTA_PATIENT_NONE},
    {"patient waiting", ROTA_PATIENT_NONE},
    {"Section 136 Suite", ROTA_PATIENT_NONE},
    {"NHS number 401 023 2137", ROTA_PATIENT_NUMBER},
    {"nhs#4010232137", ROTA_PATIENT_NUMBER},
    {"pt 4010232137 in bay 2, ring 07700 900123", ROTA_PATIENT_NUMBER},
    {"4010232137/07700900123", ROTA_PATIENT_NUMBER},
    {"943-4765919", ROTA_PATIENT_NUMBER},
    {"9434 765 919", ROTA_PATIENT_NUMBER},
    {"943 4765 919", ROTA_PATIENT_NUMBER},
    {"NHS No. 943 476 5919 (DOB unknown)", ROTA_PATIENT_NUMBER},
    {"see 9434765919, 01632 960111", ROTA_PATIENT_NUMBER},
    {"bleep 4471, NHS 943 476 5919", ROTA_PATIENT_NUMBER},
    {"[943 476 5919]", ROTA_PATIENT_NUMBER},
    {"943_476_5919", ROTA_PATIENT_NUMBER},
    {"ref 9434765919", ROTA_PATIENT_NUMBER},
    {"mobile 9434765919", ROTA_PATIENT_NUMBER},
    {"ext 4471, ext 4472, ext 4473", ROTA_PATIENT_NONE},
    {"+44 (0)1632 960 456 option 2", ROTA_PATIENT_NONE},
    {"020 7946 0958", ROTA_PATIENT_NONE},
    {"tel. 0161 496 0123 / 0161 496 0124", ROTA_PATIENT_NONE},
    {"call 116 123 or 111", ROTA_PATIENT_NONE},
    {"rota ref 2026/11/0042", ROTA_PATIENT_NONE},
    {"order 1234567890", ROTA_PATIENT_NONE},
    {"week 47 2026, 23-29 Nov", ROTA_PATIENT_NONE},
    {"0800 028 8000 freephone, 24 hours", ROTA_PATIENT_NONE},
    {"PIN 4471 then 2026", ROTA_PATIENT_NONE},
    {"Mon 30/11 20:00 - Tue 01/12 08:00", ROTA_PATIENT_NONE},
    {"DOB: 1/2/99", ROTA_PATIENT_BIRTH},
    {"D.O.B 01-02-1999", ROTA_PATIENT_BIRTH},
    {"date of birth 2001-05-06", ROTA_PATIENT_BIRTH},
    {"born on 3rd March 1971", ROTA_PATIENT_BIRTH},
    {"b. 12/03/1985", ROTA_PATIENT_BIRTH},
    {"12th March 1985", ROTA_PATIENT_BIRTH},
    {"12 Mar 85 DOB", ROTA_PATIENT_BIRTH},
    {"Smith, 12/03/1985", ROTA_PATIENT_BIRTH},
    {"(12.03.1985)", ROTA_PATIENT_BIRTH},
    /* Eight digits by themselves are a reference. */
    {"12031985 Smith", ROTA_PATIENT_NONE},
    {"back 3 March", ROTA_PATIENT_NONE},
    {"from 1 April 2027", ROTA_PATIENT_NONE},
    {"cover since 2019-04-01", ROTA_PATIENT_NONE},
    {"leave 24/12/26 to 02/01/27", ROTA_PATIENT_NONE},
    {"agreed 12/03/2024", ROTA_PATIENT_NONE},
    {"version of 1 Jan 2020", ROTA_PATIENT_NONE},
    {"ward opened in March 1985", ROTA_PATIENT_NONE},
    {"Patient Group Direction 12", ROTA_PATIENT_NONE},
    {"DOB 12031985", ROTA_PATIENT_BIRTH},
    {"12/03/21 dob Smith", ROTA_PATIENT_BIRTH},
    {"ref 12031985", ROTA_PATIENT_NONE},
    {"signed 4 May 2015", ROTA_PATIENT_NONE},
    {"protocol issued on 12/03/2015", ROTA_PATIENT_NONE},
    {"issued to J Smith 12/03/1985", ROTA_PATIENT_BIRTH},
    {"", ROTA_PATIENT_NONE},
};

static void
numbers_and_births_are_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof typed / sizeof *typed; i++)
		if (rota_patient_in(typed[i].text) != typed[i].says)
			fail_msg("%d, not %d: %s", rota_patient_in(typed[i].text), typed[i].says,
			    typed[i].text);
}

/* Every number with its right check digit, and none with another, in each way of writing. */
static void
check_digits_decide(void **state)
{
	static const char *const marks[] = {"", " ", "-", "."};

	(void)state;
	for (unsigned seed = 0; seed < 400; seed++) {
		unsigned number = 400000000 + seed * 2477801 % 99999999, sum = 0, rest = number;
		char digits[11], text[64], first[4] = {0}, second[4] = {0};
		unsigned check;

		for (unsigned weight = 2; weight <= 10; weight++, rest /= 10)
			sum += rest % 10 * weight;
		check = (11 - sum % 11) % 11;
		for (unsigned last = 0; last < 10; last++) {
			snprintf(digits, sizeof digits, "%09u%u", number, last);
			memcpy(first, digits, 3);
			memcpy(second, digits + 3, 3);
			snprintf(text, sizeof text, "see %s%s%s%s%s today", first, marks[seed % 4],
			    second, marks[seed % 4], digits + 6);
			if ((rota_patient_in(text) == ROTA_PATIENT_NUMBER) != (last == check))
				fail_msg("%s", text);
			/* With its 0 it is rung. */
			snprintf(text, sizeof text, "0%s", digits);
			assert_int_equal(rota_patient_in(text), ROTA_PATIENT_NONE);
		}
	}
}

/* ---- What is warned of. */

static void
names_of_patients_are_guessed(void **state)
{
	static const char *const names[] = {
	    "patient J Smith waits in bay 3",
	    "patient Smith on Rowan Ward",
	    "Pt: John Smith",
	    "pt Smith",
	    "PATIENT SMITH IN ED",
	    "seen with patient Mr O'Brien",
	    "the patient is called Zo\u00eb Ahmed",
	    "service user Mary Jones",
	    "Patient \u00c9lodie Martin",
	    "client Jones, ring first",
	    "patient: Smith",
	    "patient J. Smith",
	    "pt. Smith",
	    "patient Mr. Jones",
	    "patient - Smith",
	    "Patient Anna Kowalska to be seen at 3",
	    "pt Kowalska, resus",
	    "Patient's mother Anna Kowalska rang",
	    "patient: KOWALSKA Anna",
	    "with service user Tom Reed",
	    "the patient, Mr Reed, waits",
	    "patient Mc Donald",
	    "patient O'Neill",
	    "Patient named Reed",
	    "re patient Reed",
	    "Pt. A Reed in the 136 suite",
	    "client Tom Reed",
	    "patients Reed and Shaw",
	    "patient's wife Mary Reed",
	    "the patient, Mrs Reed",
	};
	static const char *const none[] = {
	    "Patient Safety Team",
	    "Patient Transport Service",
	    "patient transport from Rowan",
	    "Outpatient Smith Ward",
	    "Inpatients Rowan",
	    "Patient Flow Manager",
	    "PATIENT FLOW TEAM",
	    "patient Rowan Ward",
	    "PALS: Patient Advice and Liaison Service",
	    "patient waits, ring Dr Smith",
	    "ask the patient. Smith is on",
	    "patient in ED",
	    "pt under S136 in ED",
	    "impatient Smith",
	    "Client Services",
	    "ring Dr Smith",
	    "patient",
	    "",
	    "Patient Experience Network",
	    "Patient Access Team, Rowan House",
	    "the patient on Rowan Ward",
	    "patient on Cedar",
	    "Inpatient unit, Alderbrook",
	    "Patient First Programme",
	    "Patient Safety Incident Response Framework",
	    "PT Team on Rowan",
	    "Client Liaison Officer Jan Jones",
	    "ask the patient first, then ring Dr Reed",
	    "Dr Reed sees the patient",
	    "patient transfers: ring Hatched Ambulance",
	    "service user involvement lead: Jan Jones",
	    "patient at Alderbrook Police Station",
	    "patient from Fenmere",
	    "Patient Tracking List",
	    "Outpatients East",
	    "the patient, Dr Reed is on",
	    "ask the patient. Mr Reed is on",
	    "patient's partner organisation",
	    "Patient Survey Week",
	};

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!rota_names_patient(names[i]))
			fail_msg("no warning: %s", names[i]);
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		if (rota_names_patient(none[i]))
			fail_msg("a warning: %s", none[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(notes_about_ringing_are_taken),
	    cmocka_unit_test(notes_about_patients_are_not),
	    cmocka_unit_test(numbers_and_births_are_found),
	    cmocka_unit_test(check_digits_decide),
	    cmocka_unit_test(names_of_patients_are_guessed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
