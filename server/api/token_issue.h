/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * `crisiscoverd token NAME`, for the owner of the database: makes the account with ${role} if it does not
 * exist, and a new token of it. Writes the token and a line feed to ${out_fd}; the database has only its hash.
 * ${conninfo} must be that of the owner. Returns the exit status: 0, or 1 after an error on stderr. Blocks.
 */
int api_token_issue(const char *conninfo, const char *account, const char *role, int out_fd);

/*
 * `crisiscoverd invite NAME`: the same, but with a link by which the person sets the password of the account.
 * Writes the path of the link to ${out_fd}.
 */
int api_invitation_issue(const char *conninfo, const char *account, const char *role, int out_fd);
