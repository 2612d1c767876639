// SPDX-License-Identifier: MIT
// What the service worker shows in the place of a page that it could not fetch.
import { byId } from '../parts/dom.js';

byId('again').addEventListener('click', () => location.reload());
