// SPDX-License-Identifier: MIT
// Builds the pages: built/ from the sources beside this file. What is in built/ is committed, so that a release needs neither npm nor a network;
// tests/scenarios/test_p_built.py builds again and compares.
//
//   node clients/web/build.mjs [--modules DIR] [--out DIR] [--components]
//
//   --modules     the folder with node_modules (default: build/web, where tests/run web puts them)
//   --out         where to write (default: built/ beside this file)
//   --components  with the page that shows each component in each state, for the tests. It has invented names, so no release has it.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = dirname(fileURLToPath(import.meta.url));
const { values: chosen } = parseArgs({ options: { modules: { type: 'string' }, out: { type: 'string' }, components: { type: 'boolean' } } });
const modules = resolve(chosen.modules || join(here, '../../build/web'), 'node_modules');
const out = resolve(chosen.out || join(here, 'built'));
const { build } = createRequire(join(modules, 'of.js'))('esbuild');

// The oldest browser in use on wards: Chrome 109, the last one for Windows 7.
const TARGET = 'chrome109';

// Each page: its source folder, and whether it opens without the server.
const pages = [
  { name: 'index', source: 'sign/index.html', script: 'sign/index.js' },
  { name: 'account', source: 'sign/account.html', script: 'sign/account.js' },
  { name: 'now', source: 'now/now.html', script: 'now/now.js', offline: true },
  { name: 'switchboard', source: 'switchboard/switchboard.html', script: 'switchboard/switchboard.js', offline: true },
  { name: 'gaps', source: 'gaps/gaps.html', script: 'gaps/gaps.js' },
  { name: 'import', source: 'import/import.html', script: 'import/import.js' },
  { name: '404', source: 'sign/missing.html', script: 'sign/missing.js' },
  { name: '403', source: 'sign/no-right.html', script: 'sign/no-right.js' },
  { name: 'offline', source: 'sign/offline.html', script: 'sign/offline.js', offline: true },
  ...(chosen.components ? [{ name: 'components', source: 'components/components.html', script: 'components/components.js' }] : []),
];

// nhsuk-frontend as it is published, but for its web font: that may be used by the NHS alone, and comes from another host.
const nhsuk = {
  name: 'nhsuk',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^\/assets\/images\// }, ({ path }) => ({ path: join(modules, 'nhsuk-frontend/dist/nhsuk', path) }));
    onLoad({ filter: /nhsuk-frontend\.min\.css$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(/@font-face\s*\{[^}]*\}/g, '').replace(/Frutiger W01,\s*/g, '')
        // For Internet Explorer alone; other browsers, and esbuild, call it an error.
        .replace(/@media screen\\0 and/g, '@media not all and'),
      loader: 'css',
    }));
  },
};

const common = {
  absWorkingDir: here,
  nodePaths: [modules],
  bundle: true,
  format: 'esm',
  target: TARGET,
  minify: true,
  charset: 'utf8',
  legalComments: 'inline',
  write: false,
  metafile: true,
  logLevel: 'warning',
  plugins: [nhsuk],
  loader: { '.svg': 'file' },
};

function put(name, contents) {
  const path = join(out, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, contents);
}

// ------------------------------------------------------------------------------------------------------------- scripts and styles

const made = await build({
  ...common,
  entryPoints: [...pages.map((page) => page.script), 'parts/style.css'],
  splitting: true,
  outdir: join(out, 'assets'),
  entryNames: '[name]-[hash]',
  chunkNames: 'part-[hash]',
  assetNames: '[name]-[hash]',
});
rmSync(out, { recursive: true, force: true });
for (const file of made.outputFiles) put(join('assets', basename(file.path)), file.contents);

const outputs = Object.entries(made.metafile.outputs).map(([path, output]) => ({ address: `/assets/${basename(path)}`, ...output }));
const ofSource = (source) => outputs.find((one) => one.entryPoint === source);
const style = ofSource('parts/style.css').address;
const drawing = readFileSync(join(here, 'parts/icon.svg'));
const icon = `/assets/icon-${createHash('sha256').update(drawing).digest('hex').slice(0, 8)}.svg`;
put(icon, drawing);

/** The addresses of a script and of all that it imports before it runs. */
function needs(output) {
  const found = new Set([output.address]);
  for (const one of output.imports.filter(({ kind }) => kind === 'import-statement')) {
    for (const address of needs(outputs.find(({ address: of }) => of === `/assets/${basename(one.path)}`))) found.add(address);
  }
  return [...found];
}

// --------------------------------------------------------------------------------------------------------------------- pages

const shell = readFileSync(join(here, 'parts/shell.html'), 'utf8');

/** A page's source begins with its title in a comment; the rest is the content of <main>, with what stands beside it after a second comment. */
function pageOf(page) {
  const [, title, main] = /^<!-- SPDX-License-Identifier: MIT -->\n<!-- title: (.*) -->\n([^]*)$/.exec(readFileSync(join(here, page.source), 'utf8'));
  const [script, ...parts] = needs(ofSource(page.script));
  const fill = {
    title, main: main.trimEnd(), style, icon, script, preload: parts.map((part) => `  <link rel="modulepreload" href="${part}">\n`).join(''),
  };
  return shell.replace(/\{\{(\w+)\}\}/g, (_, name) => fill[name]);
}
for (const page of pages) put(`${page.name}.html`, pageOf(page));

// -------------------------------------------------------------------------------------------------------------- service worker

const kept = pages.filter((page) => page.offline);
const files = [...new Set([...kept.map((page) => `/${page.name}.html`), style, icon, ...kept.flatMap((page) => needs(ofSource(page.script)))])];
const worker = await build({ ...common, entryPoints: ['now/sw.js'], outdir: out, define: { FILES: JSON.stringify(files) } });
put('sw.js', worker.outputFiles[0].contents);
