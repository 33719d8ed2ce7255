// What people do on each screen, by keyboard alone: the table below, one function a row. That everything can be come to and is
// seen to have the focus is test/screens.test.ts's; set-up, tuning, drawing masks and adding somebody have tests of their own
// (web-cameras, web-system), by keyboard too.

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WebStage } from '../src/testing/web-stage.ts';
import { browser as startBrowser } from './support/browser.ts';
import { tabTo } from './support/keyboard.ts';
import { LIVED, newestDay, newestEpisode, type Scene } from './support/screen-scenes.ts';
import { HOUSE } from './support/screens-camera.ts';
import { HOUSEHOLD } from './support/screens-system.ts';
import { servedScenes } from './support/served-scenes.ts';

/** `to`: Tab until it has the focus; `key`: pressed; `text`: typed in place of what is there. */
type Step = { readonly to: string } | { readonly key: string } | { readonly text: string };
interface Row {
  readonly screen: string;
  readonly does: string;
  readonly path: string | ((stage: WebStage) => string | Promise<string>);
  readonly steps: readonly Step[];
  /** An address one is at then, or what is on the screen. */
  readonly shows: RegExp | string;
  readonly scene?: Scene;
}

const to = (selector: string): Step => ({ to: selector });
const keys = (...names: readonly string[]): readonly Step[] => names.map((key) => ({ key }));
const text = (typed: string): Step => ({ text: typed });
const ENTER = { key: 'Enter' } as const;
const button = (name: string): Step => to(`button:text-is("${name}")`);
const CELL = to('.timeline #sheet .cell a');

const ROWS: readonly Row[] = [
  { screen: 'Now', does: 'skips to the content', path: '/', steps: [to('.skip'), ENTER], shows: '#content:focus' },
  { screen: 'Now', does: 'opens the newest photo', path: '/', steps: [to('#newest a'), ENTER], shows: /\/(e|photo)\// },
  { screen: 'Now', does: 'takes a photo', path: '/', steps: [to('.take button'), ENTER], shows: '.take-said a' },
  { screen: 'Now', does: 'lists the keys', path: '/', steps: keys('?'), shows: '#keys-title' },
  { screen: 'Now', does: 'goes to the search', path: '/', steps: keys('/'), shows: '#q:focus' },
  {
    screen: 'Photos',
    does: 'opens the next photo',
    path: '/photos',
    steps: [CELL, ...keys('ArrowRight', 'Enter')],
    shows: /\/(e|photo)\//,
  },
  {
    screen: 'Photos',
    does: 'goes to a date',
    path: '/photos',
    steps: [CELL, ...keys('g', 'Enter')],
    shows: /\/photos\/\d{4}-/,
  },
  {
    screen: 'Photos',
    does: 'selects several',
    path: '/photos',
    steps: [CELL, ...keys('x', 'ArrowRight', 'x')],
    shows: '.selection-count:text("2 photos")',
  },
  {
    screen: 'Photos',
    does: 'deletes and brings back',
    path: '/photos',
    steps: [CELL, ...keys('x', 'Delete'), button('Undo'), ENTER],
    shows: 'text=The photos are back.',
  },
  {
    screen: 'Photos',
    does: 'keeps as favourite',
    path: '/photos',
    steps: [CELL, ...keys('x', 'f')],
    shows: 'text=1 photo is a favourite.',
  },
  {
    screen: 'Photos',
    does: 'narrows to a camera',
    path: '/photos',
    steps: [to('#camera'), ...keys('ArrowDown'), to('button:text-is("Show")'), ENTER],
    shows: /camera=/,
  },
  {
    screen: 'Day',
    does: 'makes a link for one camera',
    path: newestDay,
    steps: [button('Share'), ENTER, to('dialog select'), to('dialog button[type=submit]'), ENTER],
    shows: 'dialog input[readonly]',
    scene: HOUSEHOLD,
  },
  {
    screen: 'Happening',
    does: 'shows the one before',
    path: newestEpisode,
    steps: keys('1'),
    shows: '.views [aria-pressed=true]:text-is("Before")',
    scene: LIVED,
  },
  {
    screen: 'Happening',
    does: 'flips',
    path: newestEpisode,
    steps: keys('x', 'x'),
    shows: '.views [aria-pressed=true]:text-is("Calm")',
    scene: LIVED,
  },
  {
    screen: 'Happening',
    does: 'marks what changed',
    path: newestEpisode,
    steps: keys('m'),
    shows: 'svg.mask',
    scene: LIVED,
  },
  {
    screen: 'Happening',
    does: 'moves the slider',
    path: newestEpisode,
    steps: [...keys('c'), to('.compare input'), ...keys('End')],
    shows: '.compare input[aria-valuetext="100 % before"]',
    scene: LIVED,
  },
  {
    screen: 'Happening',
    does: 'goes to the earlier one',
    path: newestEpisode,
    steps: keys('ArrowLeft'),
    shows: 'a[rel=next]',
    scene: LIVED,
  },
  {
    screen: 'Happening',
    does: 'corrects the verdict',
    path: newestEpisode,
    steps: [to('.correct summary'), ENTER, to('.correct li:last-child button'), ENTER],
    shows: 'text=Corrected by you',
    scene: LIVED,
  },
  {
    screen: 'Happening',
    does: 'deletes and brings back',
    path: newestEpisode,
    steps: [button('Delete'), ENTER, button('Undo'), ENTER],
    shows: 'button:text-is("Delete")',
    scene: LIVED,
  },
  {
    screen: 'Cameras',
    does: 'opens a camera',
    path: '/cameras',
    steps: [to('main a[href="/cameras/garden"]'), ENTER],
    shows: /\/cameras\/garden$/,
  },
  {
    screen: 'Camera',
    does: 'has it asked for its report',
    path: '/cameras/garden?tab=report',
    steps: [button('Ask again'), ENTER],
    shows: 'text=Asking GetProfiles',
  },
  {
    screen: 'Camera',
    does: 'changes a setting',
    path: '/cameras/garden?tab=settings',
    steps: [to('#set-calmPeriod'), text('12s'), ENTER],
    shows: 'text=Saved, and in force.',
  },
  {
    screen: 'Search',
    does: 'finds by words',
    path: '/search',
    steps: [to('#q'), text('garden'), ENTER],
    shows: /q=garden/,
  },
  {
    screen: 'Search',
    does: 'opens more conditions',
    path: '/search',
    steps: [to('.search-more summary'), ENTER, to('#hourFrom')],
    shows: '#hourFrom:focus',
  },
  {
    screen: 'Ledger',
    does: 'shows what was missed',
    path: '/ledger',
    steps: [to('.actions a'), ENTER],
    shows: /missed=1/,
  },
  {
    screen: 'Storage',
    does: 'tries a rule',
    path: '/storage',
    steps: [to('#days'), text('30'), ENTER],
    shows: 'text=No photo would go.',
  },
  {
    screen: 'Account',
    does: 'begins a new token',
    path: '/account',
    steps: [to('details summary'), ENTER],
    shows: '#token-name',
    scene: HOUSEHOLD,
  },
  {
    screen: 'Audit',
    does: 'leaves the looking out',
    path: '/audit',
    steps: [to('a[href="/audit?changes=1"]'), ENTER],
    shows: /changes=1/,
    scene: HOUSEHOLD,
  },
  {
    screen: 'Settings file',
    does: 'writes and saves',
    path: '/system/config',
    steps: [to('textarea'), ...keys('Control+End'), { key: '#' }, button('Save'), ENTER],
    shows: 'button:text-is("Save")[disabled]',
  },
];

let browser: Browser;
const scenes = servedScenes();
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
  await scenes.close();
});
const take = async (page: Page, step: Step): Promise<void> => {
  if ('to' in step) return tabTo(page, step.to);
  if ('key' in step) return page.keyboard.press(step.key);
  await page.keyboard.press('Control+a');
  return page.keyboard.type(step.text);
};

describe('by keyboard alone', () => {
  it.each(ROWS)('$screen: $does', async ({ path, steps, shows, scene = HOUSE }) => {
    const { stage, address } = await scenes.serve(scene);
    const page = await browser.newPage({
      viewport: { width: 1280, height: 900 },
      locale: 'en-GB',
      reducedMotion: 'reduce',
    });
    try {
      await page.goto(address + (typeof path === 'string' ? path : await path(stage)));
      await page.waitForSelector('html.has-script');
      for (const step of steps) await take(page, step);
      if (typeof shows === 'string') await page.locator(shows).first().waitFor();
      else await page.waitForURL(shows);
      expect(await page.evaluate('document.hasFocus()')).toBe(true);
    } finally {
      await page.close();
    }
  });
});
