/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/route.h"

/* Every view in the table of routes (routes.c), and the handlers that are open to everybody. Each line is one
 * subject, in a file of its name. */
view_fn view_ladder;
view_fn view_now, view_now_text, view_now_page, view_sheet, view_plain_sign_in, view_now_sign_out;
view_fn view_coverage, view_bundles, view_month, view_research;
view_fn view_history;
view_fn view_audit, view_audit_head;
view_fn view_gaps, view_gap_acknowledge, view_gap_take_back;
view_fn view_flags, view_events;
view_fn view_feeds, view_feed_refresh;
view_fn view_shifts, view_places, view_people, view_services, view_rotas, view_requirements,
    view_packs, view_pack, view_pack_add, view_approvals, view_contacts_unverified;
view_fn view_overrides, view_override_make, view_override_withdraw;
view_fn view_typed_add, view_typed_change, view_typed_remove;
view_fn view_closed, view_closed_say;
view_fn view_tonight, view_new_person, view_new_people, view_new_person_review;
view_fn view_rotation, view_rotation_put, view_rotation_end;
view_fn view_subscriptions, view_subscription_add, view_subscription_change, view_subscription_end,
    view_messages;
view_fn view_protocols, view_protocol, view_protocol_pdf, view_protocol_add, view_protocol_replace,
    view_protocol_withdraw;
view_fn view_risks, view_risk_propose, view_risk_accept, view_risk_withdraw;
view_fn view_reports, view_report_add, view_report_withdraw, view_report_settle;
view_fn view_notes, view_note_add, view_note_end;
view_fn view_swaps, view_swap, view_swap_offer, view_swap_accept, view_swap_refuse,
    view_swap_withdraw, view_swap_link_answer;
view_fn view_leave_list, view_leave, view_leave_request, view_leave_approve, view_leave_refuse,
    view_leave_withdraw, view_needs_cover;
view_fn view_fairness, view_my_shifts;
view_fn view_subject, view_subject_erase, view_subject_hold, view_subject_lift;
view_fn view_absences, view_absence_make, view_absence_withdraw;
view_fn view_region, view_region_put, view_object, view_object_change;
view_fn view_person_merge, view_person_split, view_person_merges;
view_fn view_proposals, view_proposal_accept, view_proposal_refuse;
view_fn view_single_handed, view_single_handed_review;
view_fn view_organisations, view_functions, view_accounts, view_areas, view_areas_put,
    view_navigators, view_navigator_closed, view_navigator_closed_say, view_navigator_close,
    view_navigator_reopen;
view_fn view_elsewhere;
view_fn view_rota_calendar, view_service_calendar, view_person_calendar, view_gaps_calendar;
view_fn view_links, view_link_make, view_link_revoke;
view_fn view_token_make, view_token_revoke, view_tokens, view_tokens_revoke, view_my_tokens,
    view_my_token_revoke;
view_fn view_import_upload, view_imports, view_import, view_import_confirm, view_import_discard,
    view_import_undo;
view_fn view_decisions, view_turned, view_decision_make, view_decision_withdraw;
view_fn view_break_glass, view_break_glass_add, view_break_glass_review;
view_fn view_devices, view_device_add, view_device_remove;
view_fn view_sign_in, view_invitation, view_account_invite, view_account_reset;
view_fn view_sign_in_providers, view_providers, view_provider, view_provider_change;
view_fn view_identities, view_identity_accept, view_identity_refuse, view_identity_end;
view_fn view_session_open, view_session_close, view_sessions, view_session_end, view_me;
view_fn view_version;
view_quick_fn view_now_quick;
web_handler_fn view_provider_sign_in; /* of the proxy's socket alone: identity_door.h */
web_handler_fn view_healthz, view_readyz, view_metrics, view_openapi, view_page, view_plain_style,
    view_icon, view_security_txt, view_where, view_swap_link, view_swap_done;
