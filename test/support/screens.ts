// Every screen of the web, with the scene that stands behind it. One table drives all proofs that hold for each of them:
// axe, both colour schemes, phone and desktop, no console error, the pseudo-language, the screenshots. An area adds its own
// rows in a file beside this one and spreads them into SCREENS.

import { BLIND, EMPTY, LIVED, newestDay, newestEpisode, REFUSED, type Screen } from './screen-scenes.ts';
import { CAMERA_SCREENS } from './screens-camera.ts';
import { CONFIG_SCREENS } from './screens-config.ts';
import { INBOX_SCREENS } from './screens-inbox.ts';
import { NOTIFICATION_SCREENS } from './screens-notifications.ts';
import { SYSTEM_SCREENS } from './screens-system.ts';

/** Of the areas that are here already: finding photos, and what every page has around it. */
const FINDING: readonly Screen[] = [
  { name: 'now', scene: LIVED, path: '/', shows: '#newest img', isInDocs: true },
  { name: 'now-empty', scene: EMPTY, path: '/', shows: '#newest' },
  { name: 'now-blind', scene: BLIND, path: '/', shows: '.camera-blind' },
  { name: 'photos', scene: LIVED, path: '/photos', shows: '#sheet img', isInDocs: true },
  {
    name: 'photos-selected',
    scene: LIVED,
    path: '/photos',
    shows: '.selection-bar.is-open',
    prepare: async (page) => {
      await page.waitForSelector('.timeline #sheet .cell a', { state: 'attached' });
      await page.locator('.cell .pick').nth(1).dispatchEvent('click');
      await page.locator('.cell .pick').first().dispatchEvent('click');
      await page.locator('.selection-bar').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'photos-date',
    scene: LIVED,
    path: '/photos',
    shows: '#jump-day',
    prepare: async (page) => {
      await page.waitForSelector('.timeline #sheet .cell a', { state: 'attached' });
      await page.keyboard.press('g');
    },
  },
  { name: 'keys', scene: LIVED, path: '/ledger', shows: '#keys-title', prepare: (page) => page.keyboard.press('?') },
  { name: 'offline', scene: EMPTY, path: '/offline', shows: '.offline-photos' },
  { name: 'photos-day', scene: LIVED, path: newestDay, shows: '#sheet img' },
  { name: 'photos-empty', scene: EMPTY, path: '/photos', shows: '.empty' },
  { name: 'episode', scene: LIVED, path: newestEpisode, shows: '#stage img', isInDocs: true },
  { name: 'search', scene: LIVED, path: '/search?q=garden', shows: '#sheet img', isInDocs: true },
  { name: 'search-form', scene: LIVED, path: '/search', shows: '#q' },
  { name: 'search-none', scene: LIVED, path: '/search?q=garden+unicorn+2001-01-01', shows: '.note' },
  { name: 'ledger', scene: LIVED, path: '/ledger', shows: '.ledger-row' },
  { name: 'not-found', scene: EMPTY, path: '/nothing-here', shows: '.note', isRefusal: true },
  { name: 'not-allowed', scene: REFUSED, path: '/photos', shows: '.note', isRefusal: true },
];

export const SCREENS: readonly Screen[] = [
  ...FINDING,
  ...INBOX_SCREENS,
  ...SYSTEM_SCREENS,
  ...NOTIFICATION_SCREENS,
  ...CAMERA_SCREENS,
  ...CONFIG_SCREENS,
];
