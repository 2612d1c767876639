// SPDX-License-Identifier: MIT
// Signing in with an organisation's own sign-in: which there are, whether they answer, and what came of it.
import { html, render } from '../parts/html.js';
import { ask } from '../parts/ask.js';
import { byId, complain, show } from '../parts/dom.js';

const PATIENCE_MS = 9000;

// What the server says of somebody who came back from a provider (docs/signing-in.md).
const outcomes = {
  asked: 'We have asked an administrator of your organisation to give you an account here. Until then you cannot sign in this way.',
  refused: 'An administrator of your organisation has refused you an account here. Ask them why.',
  full: 'Too many people of your organisation wait for an account here. Ask an administrator of yours.',
  moved: 'Your account here now belongs to another organisation. Ask an administrator of yours.',
  used: 'You were signed out. Choose your organisation to sign in again.',
  gone: 'This sign-in has just been taken out of use. Use a password.',
  again: 'Your account is new. Choose your organisation again in a moment.',
  second_factor: 'Your account may change things, and your organisation\u2019s sign-in did not ask for a second factor. Sign in with a password and a code.',
  unknown: 'This sign-in is not set up here any more. Use a password.',
  other_issuer: 'The sign-in of your organisation spoke for another one. Tell your IT team.',
  stale: 'You showed who you are too long ago. Sign out of your organisation\u2019s sign-in, and sign in again.',
  weak: 'You signed in with less than is asked for here. Use your smartcard, or what else you have been given besides a password.',
  tenant: 'Your account is a guest\u2019s, of another organisation. Choose your own.',
  nobody: 'Your organisation\u2019s sign-in does not say who you are. Tell your IT department.',
  role: 'The role that you chose is not one of yours. Sign in again and choose another.',
  several: 'You belong to several organisations here. Sign in again and choose the role that you act in.',
  elsewhere: 'You belong to no organisation that signs in this way here. Use a password.',
};

/** Says what became of a sign-in through a provider, if one has just led here. */
export function tellOutcome() {
  const found = /^#sign-in=([a-z_]+)$/.exec(location.hash);
  if (!found) return;
  complain(byId('provider-outcome'), outcomes[found[1]] || 'You were not signed in.');
  // The next look at this page is not another sign-in.
  history.replaceState(null, '', location.pathname + location.search);
}

async function answers(path) {
  try {
    return (await fetch(path, { signal: AbortSignal.timeout(PATIENCE_MS) })).ok;
  } catch {
    return false;
  }
}

const way = ({ name, sign_in: address }) => html`<a class="go" href=${address}>${name}</a>`;
const away = ({ name }) => html`<p class="notice">${name} does not answer at the moment. Sign in with a password, or use the ward’s own device.</p>`;

function draw(offered) {
  render(offered.map(({ provider, silent }) => html`<li>${silent ? away(provider) : way(provider)}</li>`), byId('providers'));
}

/** Offers the providers that there are. Without the list there is a password still. */
export async function offerProviders() {
  let offered = [];
  try {
    offered = (await ask('/v1/sign-in/providers')).providers.map((provider) => ({ provider, silent: false }));
  } catch {
    return;
  }
  show(byId('providers-offered'), offered.length > 0);
  draw(offered);
  await Promise.all(offered.map(async (one) => {
    one.silent = !await answers(one.provider.up);
    draw(offered);
  }));
}
