/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/text.h"

/*
 * Which passwords are accepted: 12 to 128 characters of any kind, and none of those that attackers try
 * first. There are no rules about kinds of characters.
 */
#define PASSWORD_LETTERS_MIN 12
#define PASSWORD_LETTERS_MAX 128

/* NULL if the password is accepted; otherwise what is wrong with it, to follow the words "the password".
 * Static memory. ${account}: the name of the account, which is no password. */
const char *password_fault(struct slice password, const char *account);
