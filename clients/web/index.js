// The front door: sign in, or go where you need to be.
import { api, me, show, text, forget } from './app.js';

const signIn = document.getElementById('sign-in');
const doors = document.getElementById('doors');
const fault = document.getElementById('sign-in-error');

async function enter(token) {
  await api('/v1/session', { method: 'POST', headers: { Authorization: `Bearer ${token}` } });
  const next = new URLSearchParams(location.search).get('next');
  // Only our own pages: a path with one leading slash.
  location.replace(next && /^\/[a-z]+\.html(\?[\w=&.%-]*)?$/.test(next) ? next : '/');
}

document.getElementById('sign-in-form').addEventListener('submit', async (event) => {
  event.preventDefault();
  show(fault, false);
  try {
    await enter(document.getElementById('token').value.trim());
  } catch (problem) {
    text(fault, problem.status === 401 ? 'That token is not known here. Check it, or ask for a new one.' : problem.message);
    show(fault, true);
  }
});

try {
  await me();
  show(doors, true);
} catch (problem) {
  forget();
  show(signIn, true);
  if (problem.status !== 401) {
    text(fault, problem.message);
    show(fault, true);
  }
}
