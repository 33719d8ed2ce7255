// Finding photos in a real browser: the timeline by scroll, bar and keys; a selection downloaded, deleted and brought back;
// a search as an address; a million photos; and the last previews without a connection.

import { EventEmitter, once } from 'node:events';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../src/adapters/system/clock.ts';
import { thumbnailer } from '../src/adapters/thumbnail/thumbnail.ts';
import { cameraId } from '../src/domain/ids.ts';
import { epochMs } from '../src/domain/units.ts';
import { drawnPhoto } from '../src/testing/drawn-photo.ts';
import { GARDEN, type StageOptions, type WebStage, watched, webStage } from '../src/testing/web-stage.ts';
import { browser as startBrowser } from './support/browser.ts';
import { minutesAgo, OWNER } from './support/screen-scenes.ts';
import { syntheticCatalog } from './support/synthetic-catalog.ts';

const DESKTOP = { width: 1360, height: 900 };
const PHONE = { width: 390, height: 844 };
const SHED = cameraId('shed');
const DAY = 1440;
let browser: Browser;
let jpeg: Uint8Array;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  browser = await startBrowser();
  jpeg = await drawnPhoto({ hour: 14, width: 640, height: 360 });
});
afterAll(() => browser.close());
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const serve = async (options: StageOptions = {}): Promise<{ stage: WebStage; address: string }> => {
  const cameras = [watched('Garden'), watched('Shed')];
  const common = { clock: systemClock(), thumbnails: thumbnailer(), identify: async () => OWNER, cameras };
  const stage = await webStage({ ...common, ...options });
  closing.push(() => stage.app.close());
  return { stage, address: await stage.app.listen({ host: '127.0.0.1', port: 0 }) };
};

/** Photos of both cameras, one each 100 minutes, back over many days; the newest is a minute old. */
const fill = async (stage: WebStage, count: number): Promise<void> => {
  for (let at = 0; at < count; at++) {
    await stage.add({
      camera: at % 3 === 2 ? SHED : GARDEN,
      takenAt: epochMs(minutesAgo(1 + at * 100)),
      width: 640,
      height: 360,
      jpeg,
    });
  }
};

const open = async (
  address: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; complaints: string[] }> => {
  const context = await browser.newContext({ viewport: DESKTOP, locale: 'en-GB', acceptDownloads: true, ...options });
  closing.push(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.addInitScript(
    'window.shifts = []; new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts.push([entry.value, ...entry.sources.map(({ node }) => node?.outerHTML?.slice(0, 80) ?? node?.textContent)].join("|")); }).observe({ type: "layout-shift", buffered: true });',
  );
  await page.goto(address);
  await page.waitForSelector('.timeline #sheet .cell a', { state: 'attached' });
  return { page, complaints };
};

const paths = (page: Page): Promise<readonly string[]> =>
  page.evaluate<string[]>("[...document.querySelectorAll('.cell[data-path]')].map((cell) => cell.dataset.path)");
const focused = (page: Page): Promise<string> =>
  page.evaluate<string>("document.activeElement?.closest('.cell')?.dataset.path ?? ''");
const days = (page: Page): Promise<readonly string[]> =>
  page.evaluate<string[]>("[...document.querySelectorAll('.day-head h2')].map(({ id }) => id.slice(4))");

/** How much of the page moved since it was opened, without a hand on it. */
const moved = async (page: Page): Promise<number> => {
  const shifts = await page.evaluate<string[]>('window.shifts');
  return shifts.reduce((sum, shift) => sum + Number.parseFloat(shift), 0);
};

describe('the timeline', () => {
  it('goes on through the whole archive, by day and camera; a reload comes back to the same row', async () => {
    const { stage, address } = await serve();
    await fill(stage, 150);
    const { page, complaints } = await open(`${address}/photos`);
    // The timeline took the place of what the server drew, and nothing that was there moved.
    await page.waitForSelector('.cell img', { state: 'attached' });
    expect(await moved(page)).toBeLessThan(0.01);
    expect((await paths(page)).length).toBeLessThan(120);
    expect(await page.locator('.day-head + .part-title').first().textContent()).toMatch(/^(Garden|Shed)/);
    const all = await stage.catalog.days();
    const oldest = all.at(-1)?.day ?? '';
    await expect
      .poll(
        async () => {
          await page.mouse.wheel(0, 3000);
          return (await days(page)).includes(oldest);
        },
        { timeout: 60_000 },
      )
      .toBe(true);
    await page.waitForURL((url) => /^\/photos\/\d{4}-/.test(url.pathname));
    await page.waitForSelector('.cell[data-path] img');
    const before = await days(page);
    await page.reload();
    await page.waitForSelector('.timeline #sheet .cell a', { state: 'attached' });
    await expect.poll(() => days(page)).toEqual(before);
    await page.waitForSelector('.cell[data-path] img');
    // The foot of the page came into sight by scrolling, and did not jump there.
    expect(await moved(page)).toBeLessThan(0.01);
    expect(complaints).toEqual([]);
  });

  it('opens at a day and an hour, and goes to another by keyboard alone', async () => {
    const { stage, address } = await serve();
    await fill(stage, 120);
    const named = [...new Set((await stage.catalog.days()).map(({ day }) => day))];
    const [third = '', fifth = ''] = [named[3], named[5]];
    const { page } = await open(`${address}/photos/${third}#10`);
    /** The photos of the first whole row on the screen. */
    const top = async (): Promise<string> => {
      const row = await page.evaluate<string[]>(
        "(() => { const cells = [...document.querySelectorAll('.cell[data-path]')].map((cell) => ({ path: cell.dataset.path, top: cell.getBoundingClientRect().top })).filter(({ top }) => top >= 0); return cells.filter(({ top }) => Math.abs(top - cells[0].top) < 2).map(({ path }) => path); })()",
      );
      return row.join(' ');
    };
    await expect.poll(top).toMatch(new RegExp(`${third}/(10|09|08)-`));
    await page.keyboard.press('g');
    await page.getByRole('dialog').getByLabel('Date').waitFor();
    await page.getByRole('dialog').getByLabel('Date').fill(fifth);
    await page.keyboard.press('Enter');
    await expect.poll(top).toContain(fifth);
    await page.waitForURL(`${address}/photos/${fifth}`);
  });

  it('has a date bar that is moved by keys, and by a drag but never by a tap', async () => {
    const { stage, address } = await serve();
    await fill(stage, 120);
    const { page } = await open(`${address}/photos`);
    const bar = page.getByRole('slider', { name: 'Date' });
    const value = async (): Promise<number> => Number(await bar.getAttribute('aria-valuenow'));
    await bar.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await expect.poll(value).toBeGreaterThanOrEqual(2);
    await page.keyboard.press('End');
    await expect.poll(value).toBeGreaterThanOrEqual(6);
    await page.keyboard.press('Home');
    await expect.poll(value).toBe(0);
    await page.mouse.click(DESKTOP.width - 10, 700);
    expect(await value()).toBe(0);
    const box = await bar.boundingBox();
    if (!box) throw new Error('the bar has no place');
    await page.mouse.move(box.x + 22, box.y + 22);
    await page.mouse.down();
    await page.mouse.move(box.x + 22, box.y + 500, { steps: 8 });
    await expect.poll(value).toBeGreaterThanOrEqual(3);
    const coarse = await value();
    // To the side: the same way moves less.
    await page.mouse.move(box.x - 400, box.y + 500);
    await page.mouse.move(box.x - 400, box.y + 540, { steps: 4 });
    expect(await value()).toBeLessThanOrEqual(coarse + 1);
    await page.mouse.up();
  });

  it('is used by keys alone: from photo to photo, selected, downloaded, deleted, brought back', async () => {
    const { stage, address } = await serve();
    await fill(stage, 40);
    const { page, complaints } = await open(`${address}/photos`);
    const [first = '', second = '', third = ''] = await paths(page);
    await page.locator('.cell a').first().focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => focused(page)).toBe(second);
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => focused(page)).toBe(first);
    await page.keyboard.press('x');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => focused(page)).toBe(second);
    await page.keyboard.press('Shift+ArrowRight');
    await page.getByText('3 photos selected').waitFor();
    const downloading = page.waitForEvent('download');
    await page.keyboard.press('d');
    const download = await downloading;
    expect(download.suggestedFilename()).toMatch(/^stillwatch-.*\.zip$/);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    const zip = Buffer.concat(chunks).toString('latin1');
    for (const path of [first, second, third, 'photos.json']) expect(zip).toContain(path);
    const before = await stage.catalog.count();
    await page.keyboard.press('Delete');
    await page.getByText('3 photos deleted.').waitFor();
    expect(await stage.catalog.count()).toBe(before - 3);
    await page.keyboard.press('z');
    await page.getByText('The photos are back.').waitFor();
    expect(await stage.catalog.count()).toBe(before);
    await page.waitForSelector(`.cell[data-path="${first}"]`, { state: 'attached' });
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    expect(complaints).toEqual([]);
  });

  it('selects by a long press of a finger, and opens by a short one', async () => {
    const { stage, address } = await serve();
    await fill(stage, 6);
    const { page } = await open(`${address}/photos`, {
      viewport: PHONE,
      hasTouch: true,
      isMobile: true,
    });
    const cell = page.locator('.cell a').first();
    await cell.scrollIntoViewIfNeeded();
    await cell.dispatchEvent('touchstart');
    await page.getByText('1 photo selected').waitFor();
    await cell.dispatchEvent('touchend');
    await page.getByRole('button', { name: 'Favourite' }).tap();
    await page.getByText('1 photo is a favourite.').waitFor();
    expect((await stage.catalog.list({ isFavourite: true, limit: 9 })).length).toBe(1);
    // Where a mouse would find the circle to pick it by.
    await page
      .locator('.cell a')
      .nth(1)
      .tap({ position: { x: 14, y: 14 } });
    await page.waitForURL(/\/photo\/[0-9a-f]{32}$/);
  });

  it('is scrolled by a finger and selects nothing; its bar is drawn by a finger, to the hour aside, and never tapped', async () => {
    const { stage, address } = await serve();
    await fill(stage, 150);
    const { page, complaints } = await open(`${address}/photos`, { viewport: PHONE, hasTouch: true, isMobile: true });
    const cdp = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', x = 0, y = 0): Promise<unknown> =>
      cdp.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x, y }] });
    const scrolled = (): Promise<number> => page.evaluate<number>('Math.round(scrollY)');
    const bar = page.getByRole('slider', { name: 'Date' });
    const value = async (): Promise<number> => Number(await bar.getAttribute('aria-valuenow'));

    await touch('touchStart', 120, 760);
    for (let step = 1; step <= 22; step++) await touch('touchMove', 120, 760 - step * 30);
    await touch('touchEnd');
    await expect.poll(scrolled).toBeGreaterThan(400);
    await page.waitForSelector('.cell[data-path] img');
    expect(await page.locator('.cell.is-on').count()).toBe(0);
    // A finger that has let go leaves the page gliding.
    await page.evaluate(
      'new Promise((rested) => { let [last, frames] = [scrollY, 0]; const look = () => { frames = scrollY === last ? frames + 1 : 0; last = scrollY; frames < 30 ? requestAnimationFrame(look) : rested(); }; look(); })',
    );

    // A finger that only touches the bar beside its handle loses no place.
    const [place, day] = [await scrolled(), await value()];
    await page.touchscreen.tap(PHONE.width - 8, 200);
    expect([await scrolled(), await value()]).toEqual([place, day]);

    const box = await bar.boundingBox();
    if (!box) throw new Error('the bar has no place');
    expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(44);
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await touch('touchStart', x, y);
    for (let step = 1; step <= 8; step++) await touch('touchMove', x, y + step * 30);
    await expect.poll(value).toBeGreaterThan(day + 2);
    const coarse = await value();
    // Drawn aside, the same way moves less, and the bubble shows the hours.
    await touch('touchMove', 60, y + 240);
    for (let step = 1; step <= 4; step++) await touch('touchMove', 60, y + 240 - step * 10);
    await page.locator('.scrub-hours').waitFor();
    expect(await value()).toBeGreaterThanOrEqual(coarse - 1);
    await touch('touchEnd');
    await page.locator('.scrub-hours').waitFor({ state: 'detached' });
    await page.waitForURL(/\/photos\/\d{4}-\d{2}-\d{2}$/);
    expect(complaints).toEqual([]);
  });

  it('is narrowed to a camera and to a kind, in the address', async () => {
    const { stage, address } = await serve();
    await fill(stage, 20);
    const { page } = await open(`${address}/photos?camera=shed`);
    expect((await paths(page)).every((path) => path.startsWith('shed/'))).toBe(true);
    await page.goto(`${address}/photos?what=favourite`);
    await page.getByText('No photos of this kind.').waitFor();
  });

  it('keeps a million photos and a day of 86 400 in a page no taller than a browser can draw', async () => {
    const { address } = await serve({
      cameras: [watched('Garden')],
      catalog: syntheticCatalog({
        last: '2026-11-23',
        days: 400,
        perDay: (back) => (back === 1 ? 86_400 : 2700),
        cameras: [GARDEN],
      }),
    });
    const { page } = await open(`${address}/photos/2026-11-22`);
    const tall = await page.evaluate<number>("document.querySelector('#sheet').getBoundingClientRect().height");
    expect(tall).toBeLessThanOrEqual(8_000_000);
    expect(tall).toBeGreaterThan(7_000_000);
    const bar = page.getByRole('slider', { name: 'Date' });
    await bar.focus();
    for (const [key, day] of [
      ['End', '2025-10-20'],
      ['Home', '2026-11-23'],
    ] as const) {
      await page.keyboard.press(key);
      await expect.poll(() => days(page)).toContain(day);
      await page.waitForSelector(`.cell[data-path*="${day}"]`, { state: 'attached' });
      expect(await page.locator('.timeline-sheet > *').count()).toBeLessThan(200);
    }
  });
});

describe('the search', () => {
  for (const javaScriptEnabled of [true, false]) {
    it(`shows a phone what it found before anything is scrolled, ${javaScriptEnabled ? 'with' : 'without'} script`, async () => {
      const { stage, address } = await serve();
      await fill(stage, 9);
      const context = await browser.newContext({ viewport: PHONE, locale: 'en-GB', javaScriptEnabled });
      closing.push(() => context.close());
      const page = await context.newPage();
      await page.goto(`${address}/search?q=nothing+garden&kind=calm`);
      const first = await page.locator('.card .picture').first().boundingBox();
      const bar = await page.locator('.main-nav').boundingBox();
      expect((first?.y ?? Infinity) + (first?.height ?? 0)).toBeLessThan(bar?.y ?? 0);
      expect(await page.locator('#kind').isVisible()).toBe(false);
      // Other words, and the conditions are still asked for.
      await page.locator('#q').fill('shed');
      await page.getByRole('button', { name: 'Search' }).click();
      await page.waitForURL((url) => url.searchParams.get('q') === 'shed' && url.searchParams.get('kind') === 'calm');
      await page.getByText('Change the conditions').click();
      await page.locator('#kind').selectOption('');
      await page.getByLabel('Camera', { exact: true }).selectOption('garden');
      await page.locator('#q').fill('');
      await page.getByRole('button', { name: 'Search' }).click();
      await page.getByText('Looked for: Garden').waitFor();
    });
  }

  it('is an address that says what was understood, and a zip of all of it', async () => {
    const { stage, address } = await serve();
    await fill(stage, 2 * (DAY / 100));
    const context = await browser.newContext({ viewport: DESKTOP, locale: 'da-DK', acceptDownloads: true });
    closing.push(() => context.close());
    const page = await context.newPage();
    // What the page asks for when it is connected comes while someone types; it leaves the words alone.
    const typed = new EventEmitter();
    const isTyped = once(typed, 'typed');
    const drawnAgain = page.waitForResponse(
      (answer) => answer.url().endsWith('/search') && answer.request().resourceType() === 'fetch',
    );
    await page.route('**/search', async (route) => {
      if (route.request().resourceType() === 'fetch') await isTyped;
      await route.continue();
    });
    await page.goto(`${address}/search`);
    await page.waitForSelector('html.has-script');
    await page.keyboard.press('/');
    await page.keyboard.type('shed i ');
    typed.emit('typed');
    await drawnAgain;
    await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
    await page.keyboard.type('går');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${address}/search?q=shed+i+g%C3%A5r`);
    await page.getByText(/^Søgt efter: Shed · /).waitFor();
    const shown = await page.locator('.card').count();
    expect(shown).toBeGreaterThan(0);
    const downloading = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Hent alle som zip' }).click();
    const chunks: Buffer[] = [];
    for await (const chunk of await (await downloading).createReadStream()) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString('latin1').split('PK\u0001\u0002').length - 1).toBe(shown + 1);
  });
});

describe('without a connection', () => {
  it('says so and shows the last photos that were seen here; it is an app that can be installed', async () => {
    const { stage, address } = await serve();
    await fill(stage, 8);
    const { page, complaints } = await open(`${address}/photos`);
    const manifest = await page.evaluate<{ name: string; icons: { src: string; sizes: string }[] }>(
      "fetch(document.querySelector('link[rel=manifest]').href).then((answer) => answer.json())",
    );
    expect(manifest.icons.map(({ sizes }) => sizes)).toEqual(['any', '180x180', '192x192', '512x512']);
    for (const { src } of manifest.icons) expect((await page.request.get(address + src)).status()).toBe(200);
    await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
    // The first page came before its worker; the next one goes through it.
    await page.goto(`${address}/photos`);
    await page.evaluate("document.querySelector('.timeline')?.scrollIntoView()");
    await page.waitForSelector('.cell img');
    await expect
      .poll(() =>
        page.evaluate<number>("caches.open('photos').then((kept) => kept.keys()).then((keys) => keys.length)"),
      )
      .toBeGreaterThan(2);
    expect(complaints).toEqual([]);
    await stage.app.close();
    await page.goto(`${address}/`);
    await page.getByRole('heading', { name: 'No connection to Stillwatch' }).waitFor();
    await expect
      .poll(() =>
        page.evaluate<boolean>(
          "(() => { const images = [...document.querySelectorAll('.offline-photos img')]; return images.length > 2 && images.every((image) => image.complete && image.naturalWidth > 0); })()",
        ),
      )
      .toBe(true);
    expect(await page.locator('.is-good, .camera-calm').count()).toBe(0);
  });
});
