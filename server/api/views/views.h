/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/web/server.h"

/* Every handler of the table of routes (routes.c); its ctx is the struct api. One file a family. */
web_handler_fn view_now, view_now_text;
web_handler_fn view_coverage;
web_handler_fn view_history;
web_handler_fn view_audit, view_audit_head;
web_handler_fn view_gaps, view_gap_acknowledge, view_gap_take_back;
web_handler_fn view_flags;
web_handler_fn view_feeds, view_feed_refresh;
web_handler_fn view_shifts, view_places, view_people, view_services, view_rotas, view_requirements;
web_handler_fn view_overrides, view_override_make, view_override_withdraw;
web_handler_fn view_absences, view_absence_make, view_absence_withdraw;
web_handler_fn view_region, view_region_put;
web_handler_fn view_token_make, view_token_revoke, view_tokens, view_tokens_revoke;
web_handler_fn view_import_upload, view_imports, view_import, view_import_confirm,
    view_import_discard, view_import_undo;
web_handler_fn view_decisions, view_turned, view_decision_make, view_decision_withdraw;
web_handler_fn view_session_open, view_session_close, view_me;
web_handler_fn view_healthz, view_readyz, view_metrics, view_openapi, view_version;
web_handler_fn view_page;
