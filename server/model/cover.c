/* SPDX-License-Identifier: MIT */
#include "server/model/sweep.h"

#include <string.h>

/* The names of states and causes, and their sentences. */

const char *
cover_state_name(enum cover_state state)
{
	static const char *const names[COVER_STATES] = {
	    [COVER_COVERED] = "covered",
	    [COVER_SHORT] = "short",
	    [COVER_GAP] = "gap",
	    [COVER_UNKNOWN] = "unknown",
	    [COVER_NOT_COMMISSIONED] = "not_commissioned",
	};

	return names[state];
}

enum cover_state
cover_state_of(const char *name)
{
	int state = 0;

	/* COVER_STATES equals no state: a name that is not known is never taken for a state. */
	while (state < COVER_STATES && strcmp(name, cover_state_name((enum cover_state)state)) != 0)
		state++;
	return (enum cover_state)state;
}

/* For a reader a known gap is worse than doubt, because somebody must act. */
int
cover_state_rank(enum cover_state state)
{
	static const int ranks[COVER_STATES] = {
	    [COVER_GAP] = 0,
	    [COVER_UNKNOWN] = 1,
	    [COVER_SHORT] = 2,
	    [COVER_COVERED] = 3,
	    [COVER_NOT_COMMISSIONED] = 4,
	};

	return ranks[state];
}

static const struct {
	const char *name, *text;
} causes[COVER_CAUSES] = {
    [CAUSE_NONE] = {"none", ""},
    [CAUSE_NO_SOURCE] = {"no_source",
	"No rota is set up for this function here. No service lists this place, or those that do have no rota."},
    [CAUSE_OVERRIDE_DISPUTED] = {"override_disputed",
	"A change that was made here and the calendar no longer agree who is on: a person must decide."},
    [CAUSE_SOURCE_UNKNOWN] = {"source_unknown",
	"A rota has not been checked for more than 6 hours. What it says may no longer hold."},
    [CAUSE_NEVER_READ] = {"never_read", "A rota has not been read yet, or holds nothing yet."},
    [CAUSE_PAST_HORIZON] = {"past_horizon", "A rota does not reach this time yet."},
    [CAUSE_UNDECIDED] = {"undecided",
	"A rota has an entry here that a person must look at. It cannot be read, or is not clear."},
    [CAUSE_TEAMS_UNKNOWN] = {"teams_unknown",
	"Enough people are on. It is not known if their teams differ."},
    [CAUSE_SHARED] = {"shared_too_widely",
	"Somebody is on, but covers more places at once than they may."},
    [CAUSE_NO_ROLE] = {"role_not_held",
	"Somebody is on the rota but is not listed for this function. They do not count."},
    [CAUSE_APPROVAL_ENDED] = {"approval_ended",
	"Somebody is on the rota but is not approved for this function here at that time. They do not count."},
    [CAUSE_NOBODY] = {"nobody", "A rota says that nobody is on."},
    [CAUSE_NOT_FREE] = {"not_free",
	"Somebody is on the rota, but it is not certain that they are free. They do not count."},
    [CAUSE_ONE_TEAM] = {"one_team", "Those who are on are of one team. They must not be."},
    [CAUSE_SAME_PERSON] = {"same_person",
	"Somebody is on for two parts of this. They count for one of them."},
    [CAUSE_SILENT] = {"silent", "No rota has anybody on."},
    [CAUSE_TOO_FEW] = {"too_few", "Fewer people are on than this place needs."},
    [CAUSE_TEAM_ONLY] = {"team_only",
	"Only a team line is on, and a named person is required here."},
    [CAUSE_CLOCK_DOUBTFUL] = {"clock_doubtful",
	"The clocks of this server and its database do not agree. It matters here which of them is right."},
    [CAUSE_NO_RECORD] = {"no_record",
	"Nothing was recorded for this time, or it is no longer kept."},
};

const char *
cover_cause_name(enum cover_cause cause)
{
	return causes[cause].name;
}

/* COVER_CAUSES equals no cause: a row with a cause of another version of this program is never
 * taken for a cause that this one knows. */
enum cover_cause
cover_cause_of(const char *name)
{
	int cause = 0;

	while (cause < COVER_CAUSES && strcmp(name, causes[cause].name) != 0)
		cause++;
	return (enum cover_cause)cause;
}

const char *
cover_cause_text(enum cover_cause cause)
{
	return causes[cause].text;
}
