/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "server/base/text.h"

/* Exit codes of every command. Scripts depend on them. */
enum {
	EXIT_FINE = 0,
	EXIT_SERVER_SAID_NO = 1, /* the server refused the request */
	EXIT_USAGE = 2,          /* wrong words or options, or no server is configured */
	EXIT_INPUT_REFUSED = 3,  /* a file that was given cannot be used */
	EXIT_NOT_REACHED = 4,    /* the server does not answer, or not in time */
};

/* The meaning of a command's option, for its help and its manual page. */
struct option_help {
	const char *option; /* "--at T" */
	const char *about;
};

/* One row of the table of commands in commands.c. */
struct command {
	const char *name;
	const char *usage;                 /* what follows the name */
	const char *about;                 /* in one line */
	int (*run)(int argc, char **argv); /* argv[0] is the command's name */
	const struct option_help *options; /* every option that is in ${usage}; ended by NULL */
};

/* The table of commands; the last row has a NULL name. */
extern const struct command commands[];

/* The command that is called ${name}, or NULL. */
const struct command *command_find(const char *name);

/* Prints the list of commands and where they find the server; or one command with its options. The
 * manual page crisiscover(1) is made from both. */
void command_help_all(FILE *to);
void command_help(FILE *to, const struct command *command);

int command_absence(int argc, char **argv);
int command_accept(int argc, char **argv);
int command_proposals(int argc, char **argv);
int command_refuse_proposal(int argc, char **argv);
int command_add(int argc, char **argv);
int command_get(int argc, char **argv);
int command_remove(int argc, char **argv);
int command_set(int argc, char **argv);
int command_acknowledge(int argc, char **argv);
int command_audit(int argc, char **argv);
int command_apply(int argc, char **argv);
int command_coverage(int argc, char **argv);
int command_decide(int argc, char **argv);
int command_decisions(int argc, char **argv);
int command_gaps(int argc, char **argv);
int command_history(int argc, char **argv);
int command_import(int argc, char **argv);
int command_ladder(int argc, char **argv);
int command_note(int argc, char **argv);
int command_bundles(int argc, char **argv);
int command_closed(int argc, char **argv);
int command_navigators(int argc, char **argv);
int command_subscription(int argc, char **argv);
int command_messages(int argc, char **argv);
int command_protocol(int argc, char **argv);
int command_export(int argc, char **argv);
int command_risk(int argc, char **argv);
int command_report(int argc, char **argv);
int command_now(int argc, char **argv);
int command_override(int argc, char **argv);
int command_overrides(int argc, char **argv);
int command_region(int argc, char **argv);
int command_read(int argc, char **argv);
int command_approvals(int argc, char **argv);
int command_contacted(int argc, char **argv);
int command_contacts(int argc, char **argv);
int command_device(int argc, char **argv);
int command_break_glass(int argc, char **argv);
int command_single_handed(int argc, char **argv);
int command_subject(int argc, char **argv);
int command_session(int argc, char **argv);
int command_sheet(int argc, char **argv);
int command_areas(int argc, char **argv);
int command_elsewhere(int argc, char **argv);
int command_ods(int argc, char **argv);
int command_pack(int argc, char **argv);
int command_people(int argc, char **argv);
int command_shift(int argc, char **argv);
int command_rotation(int argc, char **argv);
int command_tonight(int argc, char **argv);
int command_new_people(int argc, char **argv);
int command_fairness(int argc, char **argv);
int command_my_shifts(int argc, char **argv);
int command_leave(int argc, char **argv);
int command_swap(int argc, char **argv);
int command_token(int argc, char **argv);
int command_link(int argc, char **argv);
int command_account(int argc, char **argv);
int command_identity(int argc, char **argv);
int command_provider(int argc, char **argv);
int command_turned(int argc, char **argv);
int command_feeds(int argc, char **argv);
int command_refresh(int argc, char **argv);
int command_undecide(int argc, char **argv);
int command_watch(int argc, char **argv);

/* Prints ${why} and the usage of the command ${name} to stderr. Returns EXIT_USAGE. */
int command_refuse(const char *name, const char *why);

/* Appends "/v1/rotas/{id}/decisions", with ${rota} encoded. */
void decisions_path(struct buf *path, const char *rota);
