// SPDX-License-Identifier: MIT

// Without TLS there is no navigator.clipboard; what is selected can still be copied.
function copiedBySelection(text) {
  const before = document.activeElement;
  const box = Object.assign(document.createElement('textarea'), { value: text, readOnly: true, className: 'out-of-sight' });
  document.body.append(box);
  box.select();
  const done = document.execCommand('copy');
  box.remove();
  if (before) before.focus();
  return done;
}

/** Copies a text; answers whether it is in the clipboard. */
export async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedBySelection(text);
  }
}
