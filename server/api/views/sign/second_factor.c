/* SPDX-License-Identifier: MIT */
#include "server/api/views/sign/second_factor.h"

#include <sodium.h>

#include "server/api/ask/seal.h"
#include "server/api/ask/totp.h"
#include "server/base/log.h"

struct second_factor
second_factor_read(struct ask *ask, struct slice code, struct slice sealed, int64_t last)
{
	struct second_factor out = {0};
	uint8_t secret[TOTP_SECRET_BYTES];

	/* The secret is wiped before the function returns. */
	if (unseal(ask->api->seal_key, sealed, secret, sizeof secret))
		out.step = totp_match(secret, code, ask->now, last);
	else
		log_plain(LOG_ERROR, "second_factor_not_unsealed"); /* another machine's seal.key */
	/* A recovery code is tried only where the time code is wrong: the two differ in their form,
	 * so neither can be taken for the other. */
	out.is_recovery = out.step == 0 && recovery_hash(code, out.recovery);
	sodium_memzero(secret, sizeof secret);
	return out;
}
