/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/ask/csv.h"

/* The columns of every list, in the order in which they are written. Programs and people's spreadsheets go by them:
 * none is taken away or moved, new ones come last. A test compares each list with its JSON, member by member. */

#define LIST(route, member, ...)                                                                   \
	{                                                                                          \
		.path = route, .rows = member, .columns = __VA_ARGS__                              \
	}

/* The same rows, asked for by an administrator or by the account itself. */
#define TOKEN_COLUMNS                                                                              \
	"id made_at made_by expires_at scopes link.kind link.of revoked_at revoked_by used_at"

static const struct csv_list lists[] = {
    {.path = "/v1/coverage",
	.rows = "requirements",
	.within = "spans",
	.as = "span",
	.columns =
	    "id asked place from_place function count template span.start span.end span.state span.present "
	    "span.required span.people span.cause span.cause_code sources_at_fault disputes late_corrections "
	    "span.accepted_until"},
    LIST("/v1/audit", "rows",
	"seq at added_at prev hash digest salt erased_at withheld actor action object detail row"),
    LIST("/v1/gaps", "gaps",
	"id requirement asked place from_place function state start end start_local end_local present required "
	"template cause cause_code severity lead_minutes opened_at changed_at told owner closed_at settles_at passed "
	"why_closed group lead acknowledged_at acknowledged_by acknowledged_until note notes acknowledge_again "
	"alerts next_alert_at late_corrections commissioners accepted_until risk"),
    LIST("/v1/flags", "flags",
	"id v kind gap place function requirement state start end severity lead_minutes cause at to group lead "
	"members number contacts practice"),
    LIST("/v1/feeds", "feeds",
	"rota organisation kind freshness state fault held failures last_attempt_at last_good_at last_change_at next_at horizon uploaded_at upload.import upload.at upload.text held_import shifts warnings reported"),
    LIST("/v1/shifts", "shifts",
	"id class override as_last_read person name team title start end start_local end_local"),
    LIST("/v1/overrides", "overrides",
	"id rota person.id person.name instead.id instead.name nobody late start end expires note made_at made_by "
	"state standing in_dispute standing_since reading withdrawn_at withdrawn_by warning"),
    LIST("/v1/swaps", "swaps", "id state shifts offered_at offered_by expires overruled"),
    LIST("/v1/leave", "leave",
	"id person.id person.name start end state requested_at requested_by decided_at decided_by reason absence overrides"),
    LIST("/v1/rotas/{id}/fairness", "fairness", "person name hours nights weekends bank_holidays"),
    LIST("/v1/me/shifts", "shifts",
	"rota service class override away start end start_local end_local"),
    LIST("/v1/needs-cover", "needs_cover",
	"rota person.id person.name start end start_local end_local"),
    LIST("/v1/absences", "absences",
	"id person name start end made_at made_by withdrawn_at withdrawn_by"),
    LIST("/v1/people/{id}/merges", "merges",
	"id gone kept at by reason undone_at undone_by undone_reason"),
    LIST("/v1/proposals", "proposals",
	"id kind code change body until reason shown by at expires_at state decided_by decided_at why"),
    LIST("/v1/single-handed", "single_handed",
	"id version by reason shown places at reviewed_at reviewed_by review_note"),
    LIST("/v1/organisations", "organisations", "code name kind from until successors"),
    LIST("/v1/functions", "functions", "code name severity.critical_hours severity.high_hours"),
    LIST("/v1/accounts", "accounts", "name kind role organisation places person"),
    LIST("/v1/places", "places",
	"code name kind from until successors parents under first services"),
    LIST("/v1/areas", "areas", "code name kind place also"),
    LIST("/v1/navigators", "navigators",
	"id name kind organisation organisation_name for address phone extension bleep via_switchboard hours walk_in self_referral places functions state until opens closed_since closed_until text areas"),
    LIST("/v1/bundles", "bundles",
	"id asked place from_place function state cause cause_code accepted_until required present missing since until parts"),
    LIST("/v1/people", "people",
	"id name organisation roles work_phone work_extension work_bleep work_via_switchboard"),
    LIST("/v1/services", "services",
	"id name function organisation places footprint rotas phone extension bleep via_switchboard fallback.text "
	"fallback.phone"),
    LIST("/v1/rotas", "rotas",
	"id service organisation tier from until absences kind tentative_counts may_change"),
    LIST("/v1/requirements", "requirements",
	"id place function count team_counts tolerance_minutes role max_share from until pack template confirmed.by "
	"confirmed.on hours severity.critical_hours severity.high_hours owner deputy commissioner commissioners "
	"alerts handover_minutes needs"),
    LIST("/v1/approvals", "approvals",
	"person name organisation function approved_by until days_left"),
    LIST("/v1/contacts/unverified", "contacts", "kind code name organisation verified_at days"),
    LIST("/v1/contacts", "contacts",
	"id at until by place function service rota person.id person.name outcome open withdrawn_at settled_at "
	"settled_by settle_note told wanted"),
    LIST("/v1/notes", "notes",
	"id on.person on.rota on.team on.start on.end on.service on.place on.function name text at until by "
	"account removable"),
    LIST("/v1/packs", "packs", "pack name about places functions requirements"),
    LIST("/v1/accounts/{name}/tokens", "tokens", TOKEN_COLUMNS),
    LIST("/v1/me/tokens", "tokens", TOKEN_COLUMNS),
    LIST("/v1/links", "links",
	"id of.rota of.service of.person of.gaps_of_place of.closing_of names note made_by made_at expires_at expired used_at of.closing_of_navigator"),
    LIST("/v1/subscriptions", "subscriptions",
	"id account channel address about places functions severity alerted_to digest quiet.from quiet.until made_at made_by sent_at undelivered"),
    LIST("/v1/messages", "messages",
	"id account channel address message_id at severity subject text link state attempts next_at why receipt ended_at"),
    LIST("/v1/rotas/{id}/decisions", "decisions",
	"id kind title alias word zone date_order reads means person name team stands by at local"),
    LIST("/v1/rotas/{id}/turned", "turned", "at local why lost gained other count shifts"),
    LIST("/v1/protocols", "protocols",
	"id edition place place_name function name version review overdue url pdf sha256 bytes owner since"),
    LIST("/v1/reports/month", "lines",
	"place about function service hours_covered hours_short hours_gap hours_unknown hours_not_commissioned gaps gaps_ahead unknowns "
	"unknowns_ahead calls answered wrong_person no_answer answered_percent wrong_person_percent searches found found_median_minutes "
	"found_p90_minutes hidden"),
    LIST("/v1/risks", "risks",
	"id state requirement place function reason until at by commissioners accepted of in_force_at ended_at ended_by why"),
    LIST("/v1/new-people", "new_people",
	"id person name rota by at reviewed_at reviewed_by review_note"),
    LIST("/v1/imports", "imports",
	"id rota by format mode state uploaded_at safe why decided_at decided_by"),
    LIST("/v1/break-glass", "break_glass",
	"id account place reason note at until reviewed_at reviewed_by review_note"),
    LIST("/v1/places/{code}/devices", "devices",
	"device label state made_at made_by code_until enrolled_at used_at client"),
    LIST("/v1/providers", "providers", "id provider set_at set_by"),
    LIST("/v1/identities", "identities",
	"id state provider organisation name account asked_at decided_at decided_by used_at"),
    LIST("/v1/sessions", "sessions", "id how client made_at used_at ends_at current"),
};
#define NLISTS (sizeof lists / sizeof *lists)

const struct csv_list *
csv_lists(size_t *count)
{
	*count = NLISTS;
	return lists;
}

const struct csv_list *
csv_list_of(const char *path)
{
	for (size_t i = 0; i < NLISTS; i++)
		if (strcmp(lists[i].path, path) == 0)
			return &lists[i];
	return NULL;
}
