/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/server/coverage/testbed.h"

static const char region[] =
    "{\"crisiscover\":1,\"time_zone\":\"Europe/London\",\"bank_holidays\":\"england-and-wales\",\"organisations\":[{\"code\":\"ZFC\",\"name\":\"Fenmere "
    "County Council\",\"kind\":\"local_authority\"}],\"functions\":[{\"code\":\"amhp\",\"name\":\"Approved mental health "
    "professional\"}],\"places\":[{\"code\":\"P1\",\"name\":\"Fenmere\",\"kind\":\"council_area\"}],"
    "\"people\":[{\"id\":\"ann\",\"name\":\"Ann A\",\"organisation\":\"ZFC\",\"roles\":[\"amhp\"]},"
    "{\"id\":\"bob\",\"name\":\"Bob B\",\"organisation\":\"ZFC\",\"roles\":[\"amhp\"]},"
    "{\"id\":\"cyd\",\"name\":\"Cyd C\",\"organisation\":\"ZFC\",\"roles\":[\"amhp\"]}],"
    "\"services\":[{\"id\":\"S1\",\"name\":\"Duty\",\"function\":\"amhp\",\"organisation\":\"ZFC\",\"places\":[\"P1\"],"
    "\"phone\":\"+441632960456\",\"fallback\":{\"text\":\"Ring the team\",\"phone\":\"+441632960111\"}}],"
    "\"rotas\":[{\"id\":\"r1\",\"service\":\"S1\",\"tier\":1,\"source\":{\"kind\":\"ical_url\",\"url\":\"https://rotas.example/r1.ics\"}},{\"id\":\"r2\",\"service\":\"S1\",\"tier\":2,\"source\":{\"kind\":\"file\",\"path\":\"r2.csv\"}},{\"id\":\"r3\",\"service\":\"S1\",\"tier\":3,\"source\":{\"kind\":\"file\",\"path\":\"r3.csv\"}},{\"id\":\"leave\",\"organisation\":\"ZFC\",\"absences\":true,\"source\":{\"kind\":\"file\",\"path\":\"leave.ics\"}}],\"requirements\":[{\"id\":\"Q1\",\"place\":\"P1\",\"function\":\"amhp\",\"count\":%d,\"hours\":[{\"days\":[\"all\"],\"from\":\"00:00\",\"to\":\"24:00\"}]}%s%s],\"accounts\":[]}";

static const char q2[] = ",{\"id\":\"Q2\",\"place\":\"P1\",\"function\":\"amhp\",\"count\":2,"
			 "\"hours\":[{\"days\":[\"mon\",\"tue\",\"wed\",\"thu\",\"fri\"],\"from\":"
			 "\"09:00\",\"to\":\"17:00\"}]}";

void
testbed_apply_region(const char *more_requirements, int q1_count, bool with_q2)
{
	char *document;

	if (asprintf(&document, region, q1_count, with_q2 ? q2 : "", more_requirements) < 0)
		abort();
	testbed_sql("select apply_region($region$%s$region$)", document);
	free(document);
}
