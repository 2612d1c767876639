// SPDX-License-Identifier: MIT
// When the server cannot be reached, the Now page still opens and shows its last answer with its time. The network is always asked first, and
// its answer is preferred. keep() in app.js stores the answers, until the person signs out.

const SHELL = 'shell';
const ANSWERS = 'answers';
const KEEP_MS = 12 * 3600000;
const PATIENCE_MS = 8000;
const files = ['/now.html', '/style.css', '/icon.svg', '/app.js', '/dom.js', '/london.js', '/now-ends.js', '/now-row.js', '/now.js', '/words.js'];

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(files)).then(() => self.skipWaiting()));
});
self.addEventListener('activate', (event) => { event.waitUntil(self.clients.claim()); });

async function fetched(request, path) {
  const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
  if (answer.ok && files.includes(path)) await (await caches.open(SHELL)).put(path, answer.clone());
  return answer;
}

async function kept(request, path) {
  if (files.includes(path)) return (await caches.open(SHELL)).match(path);
  const cache = await caches.open(ANSWERS);
  const answer = await cache.match(request.url);
  if (!answer) return undefined;
  if (Date.now() - Date.parse(answer.headers.get('Crisiscover-Kept-At')) < KEEP_MS) return answer;
  await cache.delete(request.url);
  return undefined;
}

async function answer(request, path) {
  try {
    return await fetched(request, path);
  } catch (problem) {
    return await kept(request, path) || Response.error();
  }
}

self.addEventListener('fetch', (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (event.request.method !== 'GET' || origin !== self.location.origin) return;
  if (files.includes(pathname) || /^\/v1\/(me|now|places|services)$/.test(pathname)) event.respondWith(answer(event.request, pathname));
});
