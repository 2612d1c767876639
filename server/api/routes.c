/* SPDX-License-Identifier: MIT */
#include "server/api/routes.h"

#include <string.h>

#include "server/api/ask/ask.h"
#include "server/api/route_rows.h"
#include "server/api/views/views.h"
#include "server/model/region_contact.h"

/* A region file may be that of a whole country. A calendar may be as large as the reader accepts. */
#define REGION_MAX_BYTES ((size_t)32 << 20)
#define FILE_MAX_BYTES ((size_t)10 << 20)
#define OBJECT_MAX_BYTES ((size_t)1 << 20)
/* For changes that may sweep the whole region. Longer than the limits of their statements, so that the
 * database gives up first and the answer says that nothing was changed. */
#define SLOW_MS 60000
/* A PDF of 2 MB in base64, and the words about it. */
#define PROTOCOL_MAX_BYTES ((size_t)3 << 20)
#define SECRETS_MAX_BYTES 8192
/* Hashing a password may have to wait for others (ask/job.h, sealed/password.h). */
#define SIGN_IN_MS 20000
#define LOOKED_MINUTES_MAX 1440
#define LOOKED_MINUTES 30

static const char *const formats[] = {"json", "csv", NULL};
static const char *const formats_and_page[] = {"json", "csv", "html", NULL};
static const char *const no_yes[] = {"0", "1", NULL};
static const char *const true_false[] = {"true", "false", NULL};
static const char *const contact_kinds[] = {"person", "service", NULL};
static const char *const risk_states[] = {"open", "all", NULL};
static const char *const bundle_states[] = {"all", "whole", "missing", NULL};
static const char *const gap_states[] = {"open", "closed", "all", NULL};
static const char *const message_states[] = {"all", "waiting", "sent", "undelivered", NULL};
static const char *const open_or_all[] = {"open", "all", NULL};
static const char *const identity_states[] = {"asked", "linked", "refused", "all", NULL};
static const char *const import_modes[] = {"ask", "if-safe", "now", "look", NULL};

/* First match wins: fixed segments come before those with a parameter in the same place, and the
 * pages come last. */
static const struct route routes[] = {
    CALENDAR("/v1/rotas/{id}.ics", view_rota_calendar, LINK_ROTA, READ_ROTA_CALENDAR),
    CALENDAR("/v1/services/{id}.ics", view_service_calendar, LINK_SERVICE, READ_SERVICE_CALENDAR),
    CALENDAR("/v1/people/{id}.ics", view_person_calendar, LINK_PERSON, READ_PERSON_CALENDAR),
    CALL(GET, "/v1/gaps.ics", view_gaps_calendar, READ, .dear = true, .link = LINK_GAPS,
	.params = PARAMS(CODE_NEEDED("place"), TEXT("key"))),
    CALL(GET, "/v1/now", view_now, READ, .lookup = true, .glass = true,
	.params = PARAMS(CODE_NEEDED("place"), FUNCTION, TIME("at"), TIME("known_at"),
	    CHOICE("or_first", no_yes)),
	.reads = READS(READ_NOW), .quick = view_now_quick, .limit_ms = 35000),
    CALL(GET, "/now/{place}.txt", view_now_text, READ, .lookup = true, .glass = true,
	.reads = READS(READ_NOW_TEXT)),
    CALL(GET, "/v1/ladder", view_ladder, READ, .lookup = true, .glass = true,
	.params =
	    PARAMS(CODE_NEEDED("place"), CODE_NEEDED("function"), TIME("at"), TIME("known_at")),
	.reads = READS(READ_LADDER), .limit_ms = 35000),
    CALL(GET, "/v1/sheet", view_sheet, READ, .lookup = true, .glass = true,
	.params = PARAMS(CODE_NEEDED("place")), .reads = READS(READ_SHEET)),
    CALL(POST, "/now/{place}/sign-out", NULL, NONE, .stranger = view_now_sign_out,
	.body_max_bytes = SECRETS_MAX_BYTES),
    CALL(POST, "/now/{place}", NULL, NONE, .stranger = view_plain_sign_in,
	.body_max_bytes = SECRETS_MAX_BYTES, .limit_ms = SIGN_IN_MS),
    CALL(GET, "/closed/{id}", view_closed, READ, .link = LINK_CLOSING,
	.params = PARAMS(TEXT("key"))),
    CALL(GET, "/closed-navigator/{id}", view_navigator_closed, READ, .link = LINK_NAVIGATOR,
	.params = PARAMS(TEXT("key"))),
    CALL(POST, "/closed-navigator/{id}", view_navigator_closed_say, READ, .link = LINK_NAVIGATOR,
	.params = PARAMS(TEXT("key")), .body_max_bytes = SECRETS_MAX_BYTES),
    CALL(POST, "/closed/{id}", view_closed_say, READ, .link = LINK_CLOSING,
	.params = PARAMS(TEXT("key")), .body_max_bytes = SECRETS_MAX_BYTES),
    OPEN("/where/{place}", view_where),
    CALL(POST, "/where/{place}", NULL, NONE, .stranger = view_plain_sign_in,
	.body_max_bytes = SECRETS_MAX_BYTES, .limit_ms = SIGN_IN_MS),
    CALL(GET, "/now/{place}", view_now_page, READ, .lookup = true, .glass = true,
	.params = PARAMS(CHOICE("stay", no_yes)), .reads = READS(READ_NOW_PAGE)),
    CALL(GET, "/v1/coverage", view_coverage, READ, .dear = true, .glass = true,
	.params = PARAMS(CODE_NEEDED("place"), FUNCTION, TIME_NEEDED("from"), TIME_NEEDED("to"),
	    TIME("known_at"), WITHIN, PAGE),
	.reads = READS(READ_COVERAGE), .limit_ms = 65000),
    CALL(GET, "/v1/history", view_history, REVIEW, .dear = true,
	.params = PARAMS(CODE_NEEDED("place"), FUNCTION, TIME_NEEDED("at"), TIME("known_at"),
	    NUMBER("looked_minutes", 0, LOOKED_MINUTES_MAX, LOOKED_MINUTES)),
	.reads = READS(READ_HISTORY), .limit_ms = 65000),
    CALL(GET, "/v1/audit", view_audit, REVIEW,
	.params = PARAMS(NUMBER("after", 0, INT64_MAX, 0), LIMIT, FORMAT),
	.reads = READS(READ_AUDIT), .limit_ms = 65000),
    CALL(GET, "/v1/audit/head", view_audit_head, REVIEW),
    CALL(GET, "/v1/gaps", view_gaps, READ, .dear = true, .glass = true,
	.params = PARAMS(PLACE, FUNCTION, TIME("from"), TIME("to"), CHOICE("state", gap_states),
	    CHOICE("grouped", no_yes), WITHIN, PAGE),
	.limit_ms = 35000),
    CALL(POST, "/v1/gaps/{id}/acknowledge", view_gap_acknowledge, READ),
    CALL(DELETE, "/v1/gaps/{id}/acknowledge", view_gap_take_back, READ,
	.params = PARAMS(TEXT("note"), CHOICE("group", no_yes))),
    CALL(GET, "/v1/events", view_events, READ, .glass = true, .aside = true,
	.params = PARAMS(PLACE, TEXT("after"))),
    CALL(GET, "/v1/flags", view_flags, READ, .params = PARAMS(TEXT("after"), LIMIT, FORMAT)),
    CALL(GET, "/v1/feeds", view_feeds, READ, .params = PARAMS(PAGE), .reads = READS(READ_FEEDS)),
    CALL(POST, "/v1/feeds/{rota}/refresh", view_feed_refresh, CHANGE),
    CALL(GET, "/v1/shifts", view_shifts, READ,
	.params = PARAMS(CODE_NEEDED("rota"), TIME("from"), TIME("to"), PAGE),
	.reads = READS(READ_SHIFTS)),
    CALL(GET, "/v1/overrides", view_overrides, READ,
	.params = PARAMS(CODE("rota"), TIME("from"), TIME("to"), PAGE),
	.reads = READS(READ_OVERRIDES)),
    CALL(POST, "/v1/overrides", view_override_make, CHANGE, .params = PARAMS(DRY_RUN),
	.reads = READS(READ_OVERRIDE_PLAN) | READS(READ_OVERRIDE_MADE)),
    CALL(DELETE, "/v1/overrides/{id}", view_override_withdraw, CHANGE,
	.params = PARAMS(DRY_RUN, CHOICE("confirm", no_yes)), .reads = READS(READ_OVERRIDE_PLAN)),
    CALL(GET, "/v1/absences", view_absences, CHANGE,
	.params = PARAMS(TEXT("person"), TIME("from"), TIME("to"), PAGE),
	.reads = READS(READ_ABSENCES)),
    CALL(POST, "/v1/absences", view_absence_make, CHANGE, .params = PARAMS(DRY_RUN),
	.reads = READS(READ_ABSENCE_PLAN)),
    CALL(DELETE, "/v1/absences/{id}", view_absence_withdraw, CHANGE),
    CALL(GET, "/v1/swaps", view_swaps, READ, .params = PARAMS(TIME("from"), TIME("to"), PAGE),
	.reads = READS(READ_SWAPS)),
    CALL(POST, "/v1/swaps", view_swap_offer, READ, .params = PARAMS(DRY_RUN),
	.reads = READS(READ_SWAPS) | READS(READ_SWAP_PLAN)),
    CALL(GET, "/v1/swaps/{id}", view_swap, READ, .reads = READS(READ_SWAP)),
    CALL(POST, "/v1/swaps/{id}/accept", view_swap_accept, READ, .params = PARAMS(DRY_RUN),
	.reads = READS(READ_SWAPS) | READS(READ_SWAP_PLAN)),
    CALL(POST, "/v1/swaps/{id}/refuse", view_swap_refuse, READ, .reads = READS(READ_SWAPS)),
    CALL(POST, "/v1/swaps/{id}/withdraw", view_swap_withdraw, READ, .reads = READS(READ_SWAPS)),
    CALL(GET, "/v1/leave", view_leave_list, READ, .params = PARAMS(TIME("from"), TIME("to"), PAGE),
	.reads = READS(READ_LEAVE)),
    CALL(POST, "/v1/leave", view_leave_request, READ, .params = PARAMS(DRY_RUN),
	.reads = READS(READ_LEAVE_PLAN)),
    CALL(GET, "/v1/leave/{id}", view_leave, READ, .reads = READS(READ_LEAVE)),
    CALL(POST, "/v1/leave/{id}/approve", view_leave_approve, CHANGE, .params = PARAMS(DRY_RUN),
	.reads = READS(READ_LEAVE_PLAN), .limit_ms = 35000),
    CALL(POST, "/v1/leave/{id}/refuse", view_leave_refuse, CHANGE),
    CALL(POST, "/v1/leave/{id}/withdraw", view_leave_withdraw, READ),
    CALL(GET, "/v1/rotas/{id}/fairness", view_fairness, CHANGE, .dear = true,
	.params = PARAMS(TIME("from"), TIME("to"), FORMAT), .reads = READS(READ_FAIRNESS),
	.limit_ms = 35000),
    CALL(GET, "/v1/me/shifts", view_my_shifts, READ,
	.params = PARAMS(TIME("from"), TIME("to"), FORMAT), .reads = READS(READ_MY_SHIFTS)),
    CALL(GET, "/v1/needs-cover", view_needs_cover, CHANGE, .params = PARAMS(TIME("to"), FORMAT),
	.reads = READS(READ_LEAVE)),
    {.method = WEB_GET, .pattern = "/swap", .open = view_swap_link, .params = PARAMS(TEXT("key"))},
    OPEN("/swap/{answer}", view_swap_done),
    CALL(POST, "/swap", NULL, NONE, .stranger = view_swap_link_answer,
	.params = PARAMS(TEXT("key")), .body_max_bytes = SECRETS_MAX_BYTES),
    OBJECT("organisations", .limit_ms = 35000),
    OBJECT("functions", .limit_ms = 35000),
    OBJECT("places", .limit_ms = 35000),
    OBJECT("services", .limit_ms = 35000),
    OBJECT("people", .limit_ms = 35000, .reads = READS(READ_PERSON)),
    OBJECT("rotas", .limit_ms = 35000, .reads = READS(READ_ROTA)),
    OBJECT("requirements", .limit_ms = 35000),
    OBJECT("accounts", .limit_ms = 35000),
    OBJECT("areas", .limit_ms = 35000),
    OBJECT("navigators", .limit_ms = 35000),
    CALL(GET, "/v1/people/{id}/merges", view_person_merges, SET_UP, .params = PARAMS(FORMAT)),
    CALL(POST, "/v1/people/{id}/merge", view_person_merge, SET_UP, .params = PARAMS(DRY_RUN),
	.body_max_bytes = OBJECT_MAX_BYTES, .limit_ms = SLOW_MS),
    CALL(POST, "/v1/people/{id}/split", view_person_split, SET_UP, .params = PARAMS(DRY_RUN),
	.body_max_bytes = OBJECT_MAX_BYTES, .limit_ms = SLOW_MS),
    CALL(GET, "/v1/subjects/{id}", view_subject, SET_UP, .scope = SCOPE_ACCOUNTS, .dear = true,
	.reads = READS(READ_SUBJECT), .limit_ms = SLOW_MS),
    CALL(POST, "/v1/subjects/{id}/erasure", view_subject_erase, SET_UP, .scope = SCOPE_ACCOUNTS,
	.params = PARAMS(DRY_RUN), .limit_ms = SLOW_MS),
    CALL(POST, "/v1/subjects/{id}/hold", view_subject_hold, SET_UP, .scope = SCOPE_ACCOUNTS),
    CALL(POST, "/v1/subjects/{id}/lift", view_subject_lift, SET_UP, .scope = SCOPE_ACCOUNTS),
    CALL(GET, "/v1/proposals", view_proposals, SET_UP_READ,
	.params = PARAMS(CHOICE("state", open_or_all), PAGE), .reads = READS(READ_PROPOSALS)),
    CALL(POST, "/v1/proposals/{id}/accept", view_proposal_accept, SET_UP, .second = true,
	.limit_ms = SLOW_MS),
    CALL(POST, "/v1/proposals/{id}/refuse", view_proposal_refuse, SET_UP, .second = true),
    CALL(GET, "/v1/single-handed", view_single_handed, SET_UP_READ,
	.params = PARAMS(CHOICE("state", open_or_all), PAGE)),
    CALL(POST, "/v1/single-handed/{id}/review", view_single_handed_review, SET_UP, .second = true),
    CALL(GET, "/v1/organisations", view_organisations, READ, .params = PARAMS(TEXT("q"), PAGE)),
    CALL(GET, "/v1/functions", view_functions, READ, .params = PARAMS(TEXT("q"), PAGE)),
    CALL(GET, "/v1/accounts", view_accounts, SET_UP_READ, .params = PARAMS(TEXT("q"), PAGE)),
    CALL(GET, "/v1/places", view_places, READ, .params = PARAMS(TEXT("q"), PAGE)),
    CALL(GET, "/v1/areas", view_areas, READ, .params = PARAMS(TEXT("q"), PAGE)),
    CALL(POST, "/v1/areas", view_areas_put, SET_UP, .params = PARAMS(DRY_RUN, TEXT("alone")),
	.body_max_bytes = OBJECT_MAX_BYTES, .limit_ms = SLOW_MS),
    CALL(GET, "/v1/bundles", view_bundles, READ, .dear = true, .glass = true,
	.params = PARAMS(PLACE, WITHIN, FUNCTION, CHOICE("state", bundle_states), PAGE)),
    CALL(GET, "/v1/navigators", view_navigators, READ, .glass = true,
	.params = PARAMS(PLACE, FUNCTION, TEXT("q"), PAGE)),
    CALL(POST, "/v1/navigators/{id}/closing", view_navigator_close, CHANGE),
    CALL(DELETE, "/v1/navigators/{id}/closing", view_navigator_reopen, CHANGE),
    CALL(GET, "/v1/elsewhere", view_elsewhere, READ, .params = PARAMS(TEXT_NEEDED("of"))),
    CALL(GET, "/v1/people", view_people, READ, .params = PARAMS(TEXT("q"), PAGE),
	.reads = READS(READ_PEOPLE)),
    CALL(GET, "/v1/services", view_services, READ, .glass = true,
	.params = PARAMS(PLACE, FUNCTION, TEXT("q"), PAGE)),
    CALL(GET, "/v1/rotas", view_rotas, READ, .params = PARAMS(TEXT("q"), PAGE)),
    CALL(GET, "/v1/requirements", view_requirements, READ,
	.params = PARAMS(PLACE, FUNCTION, TEXT("q"), PAGE)),
    CALL(GET, "/v1/approvals", view_approvals, CHANGE,
	.params = PARAMS(NUMBER("days", 0, 3660, 90), FORMAT), .reads = READS(READ_APPROVALS)),
    CALL(GET, "/v1/contacts/unverified", view_contacts_unverified, CHANGE,
	.params = PARAMS(
	    CHOICE("kind", contact_kinds), NUMBER("days", 0, 3660, REGION_CONTACT_DAYS), PAGE),
	.reads = READS(READ_CONTACTS)),
    CALL(GET, "/v1/contacts", view_reports, CHANGE,
	.params = PARAMS(CODE("rota"), PLACE, CHOICE("open", no_yes), PAGE),
	.reads = READS(READ_REPORTS)),
    CALL(POST, "/v1/contacts", view_report_add, READ, .glass = true,
	.reads = READS(READ_REPORT_MADE)),
    CALL(DELETE, "/v1/contacts/{id}", view_report_withdraw, READ),
    CALL(POST, "/v1/contacts/{id}/settle", view_report_settle, CHANGE),
    CALL(GET, "/v1/notes", view_notes, READ, .params = PARAMS(CODE_NEEDED("place"), FORMAT),
	.reads = READS(READ_NOTES)),
    CALL(POST, "/v1/notes", view_note_add, READ),
    CALL(DELETE, "/v1/notes/{id}", view_note_end, READ),
    CALL(GET, "/v1/reports/month", view_month, READ, .dear = true,
	.params =
	    PARAMS(CODE_NEEDED("place"), TEXT("month"), WITHIN, CHOICE("format", formats_and_page)),
	.limit_ms = 35000),
    CALL(GET, "/v1/reports/research", view_research, READ, .dear = true,
	.params = PARAMS(TEXT("from_month"), TEXT("to_month"), TEXT("licence")), .limit_ms = 35000),
    CALL(GET, "/v1/protocols", view_protocols, READ, .glass = true,
	.params = PARAMS(PLACE, FUNCTION, CHOICE("overdue", no_yes), CHOICE("mine", no_yes), PAGE)),
    CALL(POST, "/v1/protocols", view_protocol_add, SET_UP, .body_max_bytes = PROTOCOL_MAX_BYTES,
	.limit_ms = 30000),
    CALL(GET, "/v1/protocols/{id}", view_protocol, READ, .glass = true),
    CALL(PATCH, "/v1/protocols/{id}", view_protocol_replace, SET_UP,
	.body_max_bytes = PROTOCOL_MAX_BYTES, .limit_ms = 30000),
    CALL(DELETE, "/v1/protocols/{id}", view_protocol_withdraw, SET_UP,
	.params = PARAMS(NUMBER("edition", 0, INT32_MAX, 0), TEXT("reason"))),
    CALL(GET, "/v1/protocols/{id}/pdf", view_protocol_pdf, READ, .glass = true,
	.params = PARAMS(NUMBER("edition", 0, INT32_MAX, 0))),
    CALL(GET, "/v1/risks", view_risks, READ,
	.params = PARAMS(CHOICE("state", risk_states), TIME("known_at"), PAGE)),
    CALL(POST, "/v1/risks", view_risk_propose, READ),
    CALL(POST, "/v1/risks/{id}/accept", view_risk_accept, READ),
    CALL(DELETE, "/v1/risks/{id}", view_risk_withdraw, READ, .params = PARAMS(TEXT("reason"))),
    CALL(GET, "/v1/packs", view_packs, READ, .params = PARAMS(FORMAT)),
    CALL(GET, "/v1/packs/{code}", view_pack, READ),
    CALL(POST, "/v1/packs/{code}", view_pack_add, SET_UP, .params = PARAMS(DRY_RUN),
	.limit_ms = SLOW_MS),
    CALL(GET, "/v1/region", view_region, REVIEW, .dear = true, .reads = READS(READ_REGION)),
    CALL(PUT, "/v1/region", view_region_put, ADMINISTER,
	.params =
	    PARAMS(DRY_RUN, TEXT("file"), TEXT("overwrite"), CHOICE("keep", no_yes), TEXT("alone")),
	.body_max_bytes = REGION_MAX_BYTES, .limit_ms = SLOW_MS),
    CALL(GET, "/v1/accounts/{name}/tokens", view_tokens, ADMINISTER, .scope = SCOPE_ACCOUNTS,
	.params = PARAMS(FORMAT)),
    CALL(POST, "/v1/accounts/{name}/tokens", view_token_make, ADMINISTER, .scope = SCOPE_ACCOUNTS),
    CALL(DELETE, "/v1/accounts/{name}/tokens", view_tokens_revoke, ADMINISTER,
	.scope = SCOPE_ACCOUNTS),
    CALL(DELETE, "/v1/tokens/{id}", view_token_revoke, ADMINISTER, .scope = SCOPE_ACCOUNTS),
    CALL(GET, "/v1/subscriptions", view_subscriptions, READ, .scope = SCOPE_ACCOUNTS,
	.params = PARAMS(TEXT("account"), TEXT("organisation"), CHOICE("everybody", no_yes), PAGE)),
    CALL(POST, "/v1/subscriptions", view_subscription_add, READ, .scope = SCOPE_ACCOUNTS),
    CALL(PUT, "/v1/subscriptions/{id}", view_subscription_change, READ, .scope = SCOPE_ACCOUNTS),
    CALL(DELETE, "/v1/subscriptions/{id}", view_subscription_end, READ, .scope = SCOPE_ACCOUNTS),
    CALL(GET, "/v1/messages", view_messages, READ, .scope = SCOPE_ACCOUNTS,
	.params = PARAMS(TEXT("account"), TEXT("organisation"), CHOICE("everybody", no_yes),
	    CHOICE("state", message_states), PAGE)),
    CALL(GET, "/v1/links", view_links, READ, .scope = SCOPE_ACCOUNTS, .params = PARAMS(PAGE)),
    CALL(POST, "/v1/links", view_link_make, READ, .scope = SCOPE_ACCOUNTS),
    CALL(DELETE, "/v1/links/{id}", view_link_revoke, READ, .scope = SCOPE_ACCOUNTS),
    CALL(POST, "/v1/rotas/{id}/imports", view_import_upload, CHANGE,
	.params = PARAMS(CHOICE("apply", import_modes), TEXT("over"), TEXT("also")),
	.body_max_bytes = FILE_MAX_BYTES, .limit_ms = 30000),
    CALL(GET, "/v1/rotas/{id}/decisions", view_decisions, READ, .params = PARAMS(FORMAT),
	.reads = READS(READ_DECISIONS)),
    CALL(GET, "/v1/rotas/{id}/turned", view_turned, READ, .params = PARAMS(FORMAT),
	.reads = READS(READ_DECISIONS), .limit_ms = 35000),
    CALL(POST, "/v1/rotas/{id}/decisions", view_decision_make, CHANGE),
    CALL(DELETE, "/v1/rotas/{id}/decisions/{decision}", view_decision_withdraw, CHANGE),
    CALL(POST, "/v1/rotas/{id}/shifts", view_typed_add, CHANGE, .params = PARAMS(DRY_RUN),
	.reads = READS(READ_TYPED)),
    CALL(PATCH, "/v1/rotas/{id}/shifts/{shift}", view_typed_change, CHANGE,
	.params = PARAMS(DRY_RUN), .reads = READS(READ_TYPED)),
    CALL(DELETE, "/v1/rotas/{id}/shifts/{shift}", view_typed_remove, CHANGE,
	.params = PARAMS(DRY_RUN), .reads = READS(READ_TYPED)),
    CALL(POST, "/v1/tonight", view_tonight, CHANGE, .params = PARAMS(DRY_RUN),
	.reads = READS(READ_TONIGHT), .limit_ms = SLOW_MS),
    CALL(POST, "/v1/rotas/{id}/people", view_new_person, CHANGE, .params = PARAMS(DRY_RUN),
	.reads = READS(READ_TYPED), .limit_ms = SLOW_MS),
    CALL(GET, "/v1/new-people", view_new_people, CHANGE,
	.params = PARAMS(CHOICE("state", open_or_all), PAGE), .reads = READS(READ_PEOPLE)),
    CALL(POST, "/v1/new-people/{id}/review", view_new_person_review, CHANGE, .second = true),
    CALL(GET, "/v1/rotas/{id}/rotation", view_rotation, READ, .reads = READS(READ_ROTATION)),
    CALL(PUT, "/v1/rotas/{id}/rotation", view_rotation_put, CHANGE, .params = PARAMS(DRY_RUN),
	.reads = READS(READ_ROTATION), .limit_ms = 30000),
    CALL(DELETE, "/v1/rotas/{id}/rotation", view_rotation_end, CHANGE,
	.params = PARAMS(DRY_RUN, TEXT("from")), .reads = READS(READ_ROTATION), .limit_ms = 30000),
    CALL(GET, "/v1/imports", view_imports, READ, .params = PARAMS(CODE("rota"), PAGE)),
    CALL(
	GET, "/v1/imports/{id}", view_import, READ, .reads = READS(READ_IMPORT), .limit_ms = 35000),
    CALL(POST, "/v1/imports/{id}/confirm", view_import_confirm, CHANGE, .limit_ms = 35000),
    CALL(POST, "/v1/imports/{id}/discard", view_import_discard, CHANGE),
    CALL(POST, "/v1/imports/{id}/undo", view_import_undo, CHANGE, .params = PARAMS(DRY_RUN),
	.reads = READS(READ_IMPORT), .limit_ms = 35000),
    CALL(POST, "/v1/session", view_session_open, READ, .scope = SCOPE_ACCOUNTS,
	.stranger = view_sign_in, .body_max_bytes = SECRETS_MAX_BYTES, .limit_ms = SIGN_IN_MS),
    CALL(DELETE, "/v1/session", view_session_close, READ, .scope = SCOPE_ACCOUNTS),
    CALL(POST, "/v1/invitations/{link}", NULL, NONE, .stranger = view_invitation,
	.body_max_bytes = SECRETS_MAX_BYTES, .limit_ms = SIGN_IN_MS),
    CALL(POST, "/v1/accounts/{name}/invite", view_account_invite, SET_UP, .scope = SCOPE_ACCOUNTS),
    CALL(POST, "/v1/accounts/{name}/reset", view_account_reset, SET_UP, .scope = SCOPE_ACCOUNTS),
    CALL(GET, "/v1/break-glass", view_break_glass, SET_UP_READ, .scope = SCOPE_ACCOUNTS,
	.params = PARAMS(CHOICE("state", open_or_all), PAGE)),
    CALL(POST, "/v1/break-glass", view_break_glass_add, READ, .scope = SCOPE_ACCOUNTS),
    CALL(POST, "/v1/break-glass/{id}/review", view_break_glass_review, SET_UP, .second = true,
	.scope = SCOPE_ACCOUNTS),
    CALL(GET, "/v1/places/{code}/devices", view_devices, SET_UP, .scope = SCOPE_ACCOUNTS,
	.params = PARAMS(FORMAT)),
    CALL(POST, "/v1/places/{code}/devices", view_device_add, SET_UP, .scope = SCOPE_ACCOUNTS),
    CALL(DELETE, "/v1/places/{code}/devices/{device}", view_device_remove, SET_UP,
	.scope = SCOPE_ACCOUNTS),
    CALL(GET, "/v1/sign-in/providers", NULL, NONE, .stranger = view_sign_in_providers),
    CALL(GET, "/v1/providers", view_providers, ADMINISTER, .scope = SCOPE_ACCOUNTS,
	.params = PARAMS(FORMAT)),
    CALL(GET, "/v1/providers/{id}", view_provider, ADMINISTER, .scope = SCOPE_ACCOUNTS),
    PROVIDER_CHANGE(PUT),
    PROVIDER_CHANGE(PATCH),
    PROVIDER_CHANGE(DELETE),
    CALL(GET, "/v1/identities", view_identities, SET_UP, .scope = SCOPE_ACCOUNTS,
	.params = PARAMS(CHOICE("state", identity_states), PAGE)),
    CALL(POST, "/v1/identities/{id}/accept", view_identity_accept, SET_UP, .scope = SCOPE_ACCOUNTS),
    CALL(POST, "/v1/identities/{id}/refuse", view_identity_refuse, SET_UP, .scope = SCOPE_ACCOUNTS),
    CALL(DELETE, "/v1/identities/{id}", view_identity_end, SET_UP, .scope = SCOPE_ACCOUNTS),
    CALL(GET, "/v1/sessions", view_sessions, READ, .scope = SCOPE_ACCOUNTS,
	.params = PARAMS(FORMAT)),
    CALL(DELETE, "/v1/sessions/{id}", view_session_end, READ, .scope = SCOPE_ACCOUNTS),
    CALL(GET, "/v1/me/tokens", view_my_tokens, READ, .scope = SCOPE_ACCOUNTS,
	.params = PARAMS(FORMAT)),
    CALL(DELETE, "/v1/me/tokens/{id}", view_my_token_revoke, READ, .scope = SCOPE_ACCOUNTS),
    CALL(GET, "/v1/me", view_me, READ),
    CALL(GET, "/v1/version", view_version, READ),
    OPEN("/healthz", view_healthz),
    OPEN("/readyz", view_readyz),
    OPEN("/metrics", view_metrics),
    OPEN("/openapi.yaml", view_openapi),
    OPEN("/plain.css", view_plain_style),
    OPEN("/favicon.ico", view_icon),
    OPEN("/.well-known/security.txt", view_security_txt),
    OPEN("/", view_page),
    OPEN("/{page}", view_page),
    OPEN("/{folder}/{page}", view_page),
    OPEN("/{folder}/{inner}/{page}", view_page),
};
#define NROUTES (sizeof routes / sizeof *routes)

const struct param *
route_param(const struct route *route, const char *name)
{
	for (const struct param *param = route->params; param != NULL && param->kind != PARAM_END;
	     param++)
		if (strcmp(param->name, name) == 0)
			return param;
	return NULL;
}

enum scope
route_scope(const struct route *route)
{
	if (route->scope != SCOPE_READ)
		return route->scope;
	if (route->method == WEB_GET)
		return route->right == RIGHT_REVIEW ? SCOPE_REVIEW : SCOPE_READ;
	if (route->right == RIGHT_SET_UP || route->right == RIGHT_ADMINISTER)
		return SCOPE_WRITE_SETUP;
	return SCOPE_WRITE_COVER;
}

const struct route *
routes_rows(size_t *count)
{
	*count = NROUTES;
	return routes;
}
