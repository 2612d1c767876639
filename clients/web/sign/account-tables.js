// SPDX-License-Identifier: MIT
// The sessions and the tokens of an account as tables.
import { html } from '../parts/html.js';
import { age } from '../parts/age.js';
import { button } from '../parts/button.js';
import { fullWhen, when } from '../parts/london.js';
import { table } from '../parts/table.js';

const ways = { token: 'an access token', password: 'a password', device: 'a device code', provider: 'your organisation' };

/** A name that a browser gives itself, as people know it; the whole of it is shown on request. */
export function browserName(client) {
  const kind = [['Edg/', 'Edge'], ['Firefox/', 'Firefox'], ['Chrome/', 'Chrome'], ['Safari/', 'Safari']].find(([mark]) => client.includes(mark));
  const system = [['Windows', 'Windows'], ['Android', 'Android'], ['iPhone', 'iPhone'], ['iPad', 'iPad'], ['Mac OS', 'Mac'], ['Linux', 'Linux']].find(([mark]) => client.includes(mark));
  return kind ? `${kind[1]}${system ? ` on ${system[1]}` : ''}` : client || 'unknown';
}

export function sessionTable(sessions, end) {
  const act = (one) => (one.current ? 'this browser' : button('End', () => end(one), { kind: 'second', name: `End the session in ${browserName(one.client)} of ${when(one.made_at)}` }));
  return table('The one that was used last first.', ['Browser', 'Signed in', 'By', 'Last used', 'Ends', 'Do'], sessions.map((one) => [
    html`<strong>${browserName(one.client)}</strong>`, when(one.made_at), ways[one.how] || one.how, age(one.used_at), one.ends_at ? fullWhen(one.ends_at) : 'when it is not used', act(one)]));
}

function mayDo(one) {
  if (one.link) return `opens one thing: ${one.link.kind} ${one.link.of}`;
  return one.scopes ? one.scopes.join(', ') : 'all that the account may';
}

export function tokenTable(tokens, revoke) {
  const act = (one) => (one.revoked_at ? `revoked ${when(one.revoked_at)}` : button('Revoke', () => revoke(one), { kind: 'danger', name: `Revoke token ${one.id}` }));
  return table('In the order in which they were made.', ['Token', 'Made', 'Last used', 'Expires', 'May', 'Do'], tokens.map((one) => [
    html`<strong>${one.id}</strong>`, `${fullWhen(one.made_at)}${one.made_by ? ` by ${one.made_by}` : ''}`, one.used_at ? `in the hour from ${when(one.used_at)}` : 'never',
    one.expires_at ? fullWhen(one.expires_at) : 'never', mayDo(one), act(one)]));
}
