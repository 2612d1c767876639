/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * For the owner of the database (`crisiscoverd token NAME`): makes ${account} with ${role} if it is
 * missing, and a new token of it, which is written to ${out_fd} with a line feed and kept nowhere
 * but hashed. ${conninfo} is the owner's. Answers the exit status: 0, or 1 after saying on stderr
 * why not. Blocks.
 */
int api_token_issue(const char *conninfo, const char *account, const char *role, int out_fd);

/*
 * The same for `crisiscoverd invite NAME`: makes the account of a person with ${role} if it is
 * missing, and a link by which its password is set, of which the path is written to ${out_fd}.
 */
int api_invitation_issue(const char *conninfo, const char *account, const char *role, int out_fd);
