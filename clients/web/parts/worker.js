// SPDX-License-Identifier: MIT
// Has the browser keep the pages of the wards for times when the server is away (sw.js).

const WORKER = '/sw.js';

// The one script address that this program makes from a text (trusted types).
const policy = window.trustedTypes
  ? window.trustedTypes.createPolicy('crisiscover', { createScriptURL: () => WORKER })
  : { createScriptURL: () => WORKER };

// Without a service worker (an old browser, no TLS) an open page still keeps its answer; only a page that is opened without the server shows nothing.
export function keepForLater() {
  if ('serviceWorker' in navigator) navigator.serviceWorker.register(policy.createScriptURL(WORKER)).catch(() => {});
}
