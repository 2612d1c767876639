/* SPDX-License-Identifier: MIT */
#pragma once

#include "clients/cli/command.h"

/*
 * What each option of a command means, for its help and its manual page; each list ends with a row of
 * NULL. A test compares them with the options that the command reads. Only for the table in commands.c.
 */
extern const struct option_help absence_options[];
extern const struct option_help account_options[];
extern const struct option_help acknowledge_options[];
extern const struct option_help add_options[];
extern const struct option_help apply_options[], shift_options[], rotation_options[],
    tonight_options[], new_people_options[];
extern const struct option_help approvals_options[];
extern const struct option_help audit_options[];
extern const struct option_help break_glass_options[];
extern const struct option_help contacted_options[];
extern const struct option_help contacts_options[];
extern const struct option_help coverage_options[];
extern const struct option_help feeds_options[];
extern const struct option_help decide_options[];
extern const struct option_help gaps_options[];
extern const struct option_help get_options[];
extern const struct option_help history_options[];
extern const struct option_help identity_options[];
extern const struct option_help import_options[];
extern const struct option_help json_options[];
extern const struct option_help no_options[];
extern const struct option_help note_options[];
extern const struct option_help bundles_options[];
extern const struct option_help closed_options[];
extern const struct option_help navigators_options[];
extern const struct option_help subscription_options[];
extern const struct option_help messages_options[];
extern const struct option_help protocol_options[];
extern const struct option_help export_options[];
extern const struct option_help risk_options[];
extern const struct option_help report_options[];
extern const struct option_help now_options[];
extern const struct option_help ladder_options[];
extern const struct option_help ods_options[];
extern const struct option_help areas_options[];
extern const struct option_help sheet_options[];
extern const struct option_help override_options[];
extern const struct option_help overrides_options[];
extern const struct option_help pack_options[];
extern const struct option_help people_options[];
extern const struct option_help proposals_options[];
extern const struct option_help provider_options[];
extern const struct option_help read_options[];
extern const struct option_help refuse_options[];
extern const struct option_help remove_options[];
extern const struct option_help set_options[];
extern const struct option_help single_handed_options[];
extern const struct option_help subject_options[];
extern const struct option_help fairness_options[];
extern const struct option_help my_shifts_options[];
extern const struct option_help leave_options[];
extern const struct option_help swap_options[];
extern const struct option_help token_options[];
extern const struct option_help link_options[];
extern const struct option_help watch_options[];
