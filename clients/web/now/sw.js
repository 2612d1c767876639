// SPDX-License-Identifier: MIT
// When the server cannot be reached, the Now page still opens and shows its last answer with its time. The network is always asked first, and
// its answer is preferred. keep() in parts/ask.js stores the answers, until the person signs out.

/* global FILES */
const SHELL = 'shell';
const ANSWERS = 'answers';
const KEEP_MS = 12 * 3600000;
const PATIENCE_MS = 8000;
const OFFLINE = '/offline.html';
const files = FILES; // the build puts the addresses in

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(files)).then(() => self.skipWaiting()));
});
// Scripts and styles of earlier versions are of no use to the pages of this one.
async function clean() {
  const cache = await caches.open(SHELL);
  for (const request of await cache.keys()) if (!files.includes(new URL(request.url).pathname)) await cache.delete(request);
}
self.addEventListener('activate', (event) => { event.waitUntil(clean().then(() => self.clients.claim())); });

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
  } catch {
    return await kept(request, path) || Response.error();
  }
}

self.addEventListener('fetch', (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (event.request.method !== 'GET' || origin !== self.location.origin) return;
  if (event.request.mode === 'navigate' && !files.includes(pathname)) {
    event.respondWith(fetch(event.request).catch(async () => (await caches.open(SHELL)).match(OFFLINE)));
    return;
  }
  if (files.includes(pathname) || /^\/v1\/(me|now|places|services)$/.test(pathname)) event.respondWith(answer(event.request, pathname));
});
