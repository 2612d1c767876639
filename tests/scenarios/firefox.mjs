// SPDX-License-Identifier: MIT
// Firefox ESR for tests/scenarios/firefox.py: commands as lines of JSON on standard input, an answer for each as a line of JSON on standard output.
// Debian 12 has no geckodriver, so Firefox is driven over WebDriver BiDi by puppeteer-core.
//
//   node firefox.mjs MODULES PROFILE

import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const [modules, profile] = process.argv.slice(2);
const puppeteer = createRequire(`${modules}/`)('puppeteer-core');

const browser = await puppeteer.launch({
  browser: 'firefox', executablePath: '/usr/bin/firefox-esr', headless: true, userDataDir: profile, timeout: 240_000, protocolTimeout: 120_000,
  // What a hospital's Firefox would do by itself, and a test should not wait for.
  extraPrefsFirefox: { 'network.proxy.type': 0, 'browser.aboutConfig.showWarning': false, 'dom.serviceWorkers.testing.enabled': true },
});
const page = (await browser.pages())[0] ?? await browser.newPage();
const complaints = [];
page.on('console', (message) => { if (message.type() === 'error') complaints.push(message.text()); });
page.on('pageerror', (fault) => complaints.push(String(fault)));

const commands = {
  open: ({ url }) => page.goto(url, { waitUntil: 'load', timeout: 120_000 }).then(() => true),
  size: ({ width, height }) => page.setViewport({ width, height }).then(() => true),
  // As an expression: the pages' content security policy lets no text become a function.
  js: ({ code, args }) => page.evaluate(`(function () { ${code} }).apply(null, ${JSON.stringify(args)})`),
  click: ({ selector }) => page.click(selector).then(() => true),
  type: ({ text }) => page.keyboard.type(text).then(() => true),
  press: ({ key }) => page.keyboard.press(key).then(() => true),
  complaints: () => complaints.splice(0),
  version: () => browser.version(),
};

process.stdout.write(`${JSON.stringify({ value: await commands.version() })}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  let answer;
  try {
    answer = { value: await commands[asked.do](asked) ?? null };
  } catch (fault) {
    answer = { fault: String(fault) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await browser.close();
