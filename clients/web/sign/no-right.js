// SPDX-License-Identifier: MIT
// The page of those who may not see what they asked for: with what they may.
import { html, render } from '../parts/html.js';
import { me, pagesOf } from '../parts/account.js';
import { byId, text } from '../parts/dom.js';

try {
  const account = await me();
  text(byId('as'), `You are ${account.account}, ${account.role.replace('_', ' ')}.`);
  render(html`${pagesOf(account.role).map(([href, name]) => html`<li><a class="go" href=${href}>${name}</a></li>`)}`, byId('ways'));
} catch {
  // Nobody is signed in, or the server is away: the page says all that it has to say.
}
