/* SPDX-License-Identifier: MIT */
#include <http_parser.h>
#include <stdio.h>

#include "server/web/client.h"

/* The result of a fetch, in a sentence for the person who keeps the rota. */

/* One remedy for each fault. No address or name is in it: it is shown to people who may not see the
 * feed's address, which often holds a secret. */
static const char *
sentence_of(enum web_fault fault)
{
	switch (fault) {
	case WEB_FAULT_NONE:
		break;
	case WEB_FAULT_URL:
		return "The address cannot be used: it must start with https:// or http:// and name a server.";
	case WEB_FAULT_NAME:
		return "The server's name could not be found. Check the address for a typing mistake.";
	case WEB_FAULT_ADDRESS:
		return "The address leads into a private network, which is not allowed here.";
	case WEB_FAULT_CONNECT:
		return "The server could not be reached.";
	case WEB_FAULT_TLS:
		return "No safe connection could be made: the server's certificate may have expired, be for another name, or come from an authority that is not trusted here (setting feeds_ca, or ca of this source).";
	case WEB_FAULT_SLOW:
		return "The server took too long to answer.";
	case WEB_FAULT_TOO_BIG:
		return "The answer is larger than is allowed.";
	case WEB_FAULT_CUT:
		return "The answer broke off before its end.";
	case WEB_FAULT_REDIRECTS:
		return "The server sent us on too often, or to an address that is not safe.";
	case WEB_FAULT_PROXY:
		return "The proxy through which addresses are fetched could not be reached. The server's administrator looks at the proxy, and at the setting feeds_proxy; a source may have its own (proxy).";
	case WEB_FAULT_PROXY_SIGN_IN:
		return "The proxy wants another user and password (407). The server's administrator puts the right ones into the file of the setting feeds_proxy_login.";
	case WEB_FAULT_PROXY_WAYS:
		return "The proxy takes no user and password as such (Basic), but only NTLM, Negotiate or the like, which are not spoken here. Those who run the proxy let this server through by its address, or take Basic from it; or a proxy of one's own, such as cntlm, signs in at theirs (setting feeds_proxy).";
	case WEB_FAULT_PROXY_REFUSED:
		return "The proxy did not connect to the server of this address: it forbids it, or could not reach it. Those who run the proxy allow the address, or the setting feeds_no_proxy names it.";
	case WEB_FAULT_CA:
		return "The certificates of the authority that this source or the setting feeds_ca names cannot be read. Give them again, in PEM.";
	case WEB_FAULT_OTHER:
		break;
	}
	return "The server's answer could not be understood.";
}

void
web_got_sentence(const struct web_got *got, char *out, size_t size)
{
	const char *reason;

	if (got->fault != WEB_FAULT_NONE) {
		snprintf(out, size, "%s", sentence_of(got->fault));
		return;
	}
	reason = http_status_str((enum http_status)got->status);
	if (reason[0] == '<') /* a number nobody has named */
		snprintf(out, size, "The server answered %u.", got->status);
	else
		snprintf(out, size, "The server answered %u (%s).", got->status, reason);
}
