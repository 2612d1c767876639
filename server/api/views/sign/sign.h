/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/job.h"
#include "server/map/sessions.h"

/* The end of every way to sign in: makes a session of ${account} and answers with its cookie and
 * who it is. ${token}: the id of the token by which it signs in, with which the session ends; NULL.
 * Ends the job. */
void sign_in(
    struct job *job, const struct account *account, enum session_how how, const char *token);
