// SPDX-License-Identifier: MIT
// The front door: sign in, or go where you need to be.
import { ask, me } from './app.js';
import { byId, complain, show } from './dom.js';

const fault = byId('sign-in-error');
const token = byId('token');

async function enter() {
  await ask('/v1/session', { method: 'POST', headers: { Authorization: `Bearer ${token.value.trim()}` } });
  const next = new URLSearchParams(location.search).get('next');
  // Only our own pages: a path with one leading slash.
  location.replace(next && /^\/[a-z]+\.html(\?[\w=&.%-]*)?$/.test(next) ? next : '/');
}

byId('sign-in-form').addEventListener('submit', async (event) => {
  event.preventDefault();
  complain(fault, '');
  try {
    await enter();
  } catch (problem) {
    complain(fault, problem.status === 401 ? 'That token is not known here. Check it, or ask for a new one.' : problem.message);
    token.setAttribute('aria-invalid', String(problem.status === 401));
    token.focus();
  }
});

try {
  await me();
  show(byId('doors'), true);
} catch (problem) {
  show(byId('sign-in'), true);
  if (problem.status !== 401) complain(fault, problem.message);
}
