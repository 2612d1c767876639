// SPDX-License-Identifier: MIT
// The page that is shown where there is none: with the bar for the person who is signed in.
import { me } from '../parts/account.js';

try {
  await me();
} catch {
  // Nobody is signed in, or the server is away: the page says all that it has to say.
}
