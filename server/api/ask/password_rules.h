/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/text.h"

/*
 * Which passwords are taken: 12 to 128 characters of any kind, and not one that everybody tries
 * first. No other rule: which characters it is made of is nobody's business.
 */
#define PASSWORD_LETTERS_MIN 12
#define PASSWORD_LETTERS_MAX 128

/* NULL: it is taken. Else what is wrong with it, as words that follow "the password". ${account}:
 * whose it is to be. */
const char *password_fault(struct slice password, const char *account);
