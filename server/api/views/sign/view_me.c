/* SPDX-License-Identifier: MIT */
#include "server/api/ask/ask.h"
#include "server/api/ask/rights_swaps.h"
#include "server/api/views/sign/me.h"
#include "server/api/views/sign/sign.h"
#include "server/api/views/views.h"

/* The account that asks. */

void
me_put(struct json_out *out, const struct region *region, const struct account *account,
    enum session_how how)
{
	uint32_t person = rights_own_person(region, account);

	out_object(out, NULL);
	out_text(out, "account", account->name);
	out_text(out, "kind", account->kind);
	out_text(out, "role", account_role_name(account->role));
	out_text(out, "organisation", account->organisation);
	out_text(
	    out, "person", person == REGION_NONE ? NULL : region_person(region, person)->shown_id);
	out_array(out, "places");
	for (uint32_t i = 0; i < account->nplaces; i++) {
		/* A place may have left the region after the account was read; its code is still
		 * what the account lists. */
		uint32_t place = table_get(&region->place_by_code, account->places[i]);

		out_object(out, NULL);
		out_text(out, "code", account->places[i]);
		out_text(out, "name", place == TABLE_NONE ? NULL : region->places[place].name);
		out_object_end(out);
	}
	out_array_end(out);
	out_text(out, "sign_out", how == SESSION_BY_PROVIDER ? SIGN_OUT_AT_PROVIDER : NULL);
	out_object_end(out);
}

void
view_me(struct ask *ask)
{
	struct json_out out = {0};

	if (!ask_fine(ask))
		return;
	/* Of who asks by a token, the session is empty: SESSION_BY_TOKEN. */
	me_put(&out, ask->region, ask->account, ask->session.how);
	/* A device's session has no end of its own, and browsers keep a cookie for 400 days at
	 * most: it is set again whenever the device's page is opened. */
	if (ask->session.id[0] != '\0' && ask->session.how == SESSION_BY_DEVICE)
		ask_reply_with(ask, 200, &out, session_cookie_again(ask));
	else
		ask_reply(ask, &out);
	ask_end(ask);
}
