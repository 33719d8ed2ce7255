// What is shared, and the System screens, in a real browser: what people do there. How they look is test/screens.test.ts's.

import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../src/adapters/system/clock.ts';
import { thumbnailer } from '../src/adapters/thumbnail/thumbnail.ts';
import { episodeId } from '../src/domain/ids.ts';
import { type EpochMs, epochMs } from '../src/domain/units.ts';
import { type AccountStage, accountStages, own } from '../src/testing/account-stage.ts';
import { drawnPhoto } from '../src/testing/drawn-photo.ts';
import { GARDEN, watched } from '../src/testing/web-stage.ts';
import type { ShareMade, ShareScopeWish } from '../src/web/wire-accounts.ts';
import { browser as startBrowser } from './support/browser.ts';

const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1440, height: 900 };
const MINUTE = 60_000;
const accountStage = accountStages();
const clock = systemClock();
const ago = (minutes: number): EpochMs => epochMs(clock.now().wall - minutes * MINUTE);

let browser: Browser;
let jpegs: readonly Uint8Array[];
beforeAll(async () => {
  browser = await startBrowser();
  const looks = [{ hour: 14 }, { hour: 14, visitor: true }, { hour: 14, parcel: true }, { hour: 8 }];
  jpegs = await Promise.all(looks.map((look) => drawnPhoto({ ...look, width: 960, height: 540 })));
});
afterAll(() => browser.close());
const contexts: BrowserContext[] = [];
afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close();
});

interface Site extends AccountStage {
  readonly address: string;
  /** The owner's cookie, as a header. */
  readonly cookie: string;
  readonly episode: string;
}

const site = async (): Promise<Site> => {
  const stage = await accountStage({
    web: { clock, thumbnails: thumbnailer(), cameras: [watched('Garden'), watched('Drive')] },
  });
  const address = await stage.app.listen({ host: '127.0.0.1', port: 0 });
  const episode = episodeId(GARDEN, ago(31));
  const size = { width: 960, height: 540 };
  for (const [at, kind] of (['before', 'peak', 'calm'] as const).entries()) {
    const jpeg = jpegs[at];
    await stage.add({ kind, episode, takenAt: ago(31 - at), ...size, ...(jpeg ? { jpeg } : {}) });
  }
  for (let at = 0; at < 8; at++) {
    const jpeg = jpegs[at % jpegs.length];
    await stage.add({ takenAt: ago(60 + at * 47), ...size, ...(jpeg ? { jpeg } : {}) });
  }
  return { ...stage, address, episode, cookie: await stage.logIn() };
};

interface Opened {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly complaints: string[];
}

const open = async (url: string, cookie: string | undefined, options: BrowserContextOptions = {}): Promise<Opened> => {
  const context = await browser.newContext({ viewport: DESKTOP, locale: 'en-GB', reducedMotion: 'reduce', ...options });
  contexts.push(context);
  if (cookie) {
    const [name = '', value = ''] = cookie.split('=');
    await context.addCookies([{ name, value, url: new URL(url).origin }]);
  }
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    // That the page itself is one that says no is not a mistake of the page.
    const isRefusal = message.location().url === url && / 40[34] /.test(message.text());
    if ((message.type() === 'error' || message.type() === 'warning') && !isRefusal) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(url);
  return { page, context, complaints };
};

describe('a share link', () => {
  const linkTo = async (stage: Site, scope: ShareScopeWish): Promise<string> => {
    const headers = own(stage.cookie);
    const made = await stage.send({ method: 'POST', url: '/api/v1/shares', payload: { scope, days: 7 }, headers });
    return stage.address + made.json<ShareMade>().path;
  };

  it('is looked at by somebody with a phone and nothing else, without script too', async () => {
    const stage = await site();
    const link = await linkTo(stage, { of: 'episode', episode: stage.episode });
    const { page } = await open(link, undefined, { javaScriptEnabled: false, viewport: PHONE });
    const photo = page.locator('.stage .picture img').first();
    await photo.waitFor();
    await expect
      .poll(() => page.evaluate("document.querySelector('#stage .picture img').naturalWidth"))
      .toBeGreaterThan(0);
    await page.locator('.strip a').first().click();
    await page.waitForURL(/\/s\/[\w-]{43}\/[0-9a-f]{32}/);
    expect(await page.locator('nav.main-nav').count()).toBe(0);
  });
});

describe('an owner', () => {
  it('adds somebody by keyboard alone, who then sees one camera and not this page', async () => {
    const stage = await site();
    const { page, complaints } = await open(`${stage.address}/users`, stage.cookie);
    await page.waitForSelector('#add summary');
    const press = async (selector: string, key: string): Promise<void> => {
      await page.locator(selector).focus();
      await page.keyboard.press(key);
    };
    await press('#add summary', 'Enter');
    await page.locator('#new-name').focus();
    await page.keyboard.type('Ib');
    await page.keyboard.press('Tab');
    await page.keyboard.type('four words that differ');
    // All cameras off, then all but the garden off.
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('Ib', { exact: true }).waitFor();
    expect((await stage.accounts.userByName('Ib'))?.cameras).toEqual([GARDEN]);
    expect(complaints).toEqual([]);
    const ib = await open(`${stage.address}/users`, await stage.logIn('Ib', 'four words that differ'));
    await ib.page.getByText('Not for this account').waitFor();
  });

  it('makes a token and a link, sees both listed, and takes them back', async () => {
    const stage = await site();
    const { page, complaints } = await open(`${stage.address}/account`, stage.cookie);
    await page.getByText('New token').first().click();
    await page.locator('#token-name').fill('Home Assistant');
    await page.locator('form button', { hasText: 'New token' }).click();
    expect(await page.locator('#token').inputValue()).toMatch(/^sw_[\w-]{43}$/);
    await page.getByRole('button', { name: 'Take away: Home Assistant' }).click();
    await page.getByText('There are none.').waitFor();
    await page.goto(`${stage.address}/e/${stage.episode}`);
    await page.getByRole('button', { name: 'Share', exact: true }).click();
    await page.getByRole('button', { name: 'Make the link' }).click();
    const link = await page.locator('dialog input[readonly]').inputValue();
    expect(link).toContain(`${stage.address}/s/`);
    const guest = await open(link, undefined, { viewport: PHONE });
    await guest.page.waitForSelector('#stage img');
    expect(guest.complaints).toEqual([]);
    await page.goto(`${stage.address}/users`);
    await page.getByRole('button', { name: /^Take back: Garden/ }).click();
    await page.getByText('No link is open.').waitFor();
    await guest.page.reload();
    await guest.page.getByText('This link does not work any more').waitFor();
    expect(complaints).toEqual([]);
  });

  it('tries keep rules before they take anything', async () => {
    const stage = await site();
    const { page, complaints } = await open(`${stage.address}/storage`, stage.cookie);
    await page.locator('#days').fill('30');
    await page.getByRole('button', { name: 'What would go?' }).click();
    await page.getByText('No photo would go.').waitFor();
    expect(complaints).toEqual([]);
    // Whoever has lost the connection is told so, in words, where the wish was made.
    await page.context().setOffline(true);
    await page.getByRole('button', { name: 'What would go?' }).click();
    await page.getByText('No answer came.').waitFor();
    await page.context().setOffline(false);
    await page.getByRole('button', { name: 'What would go?' }).click();
    await page.getByText('No photo would go.').waitFor();
  });
});
