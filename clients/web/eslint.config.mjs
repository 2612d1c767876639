// SPDX-License-Identifier: MIT
// What the oldest browser on a ward (Chrome 109) does not have is a fault: functions and objects by compat, additions to the language by es-x.
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const load = createRequire(resolve('build/web/of.js'));
const compat = load('eslint-plugin-compat');
const es = load('eslint-plugin-es-x');

// Newer than Chrome 109, and known to neither of them: methods of objects whose kind cannot be told from the source.
const tooNew = ['union', 'intersection', 'symmetricDifference', 'isSubsetOf', 'isSupersetOf', 'isDisjointFrom', 'isWellFormed', 'toWellFormed', 'transferToFixedLength',
  'showPopover', 'hidePopover', 'togglePopover', 'startViewTransition', 'moveBefore', 'setHTML', 'setHTMLUnsafe', 'getHTML', 'requestClose'];
const tooNewOf = { URL: ['parse', 'canParse'], AbortSignal: ['any'], Promise: ['try'], Object: ['groupBy'], Map: ['groupBy'] };

export default [
  {
    files: ['**/*.js'],
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { compat, 'es-x': es },
    settings: { browsers: ['chrome 109'], lintAllEsApis: true, 'es-x': { aggressive: true } },
    languageOptions: { ecmaVersion: 2022, sourceType: 'module' },
    rules: {
      ...es.configs['flat/restrict-to-es2022'].rules,
      // Chrome has had it since 97.
      'es-x/no-array-prototype-findlast-findlastindex': 'off',
      'compat/compat': 'error',
      // A string that becomes markup or a program: the content security policy would stop it, on the ward.
      'no-restricted-properties': ['error', ...['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'createContextualFragment', ...tooNew].map((property) => ({ property })),
        ...Object.entries(tooNewOf).flatMap(([object, names]) => names.map((property) => ({ object, property })))],
      // One place for what may not be shown as it is: parts/html.js.
      'no-restricted-imports': ['error', { paths: [{ name: 'lit/html.js', message: 'Import it from parts/html.js.' }] }],
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-undef': 'off',
      'no-unused-vars': 'error',
      'no-unreachable': 'error',
      eqeqeq: 'error',
    },
  },
  { files: ['**/parts/html.js'], rules: { 'no-restricted-imports': 'off' } },
];
