// One happening in a real browser: compared, looked through by keys, corrected, deleted and brought back, and without script.

import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../src/adapters/system/clock.ts';
import { thumbnailer } from '../src/adapters/thumbnail/thumbnail.ts';
import { type EpisodeId, episodeId } from '../src/domain/ids.ts';
import { type Principal, ROLE_PERMISSIONS } from '../src/domain/permission.ts';
import { type KeptReading, READING_CELLS } from '../src/domain/readings.ts';
import { type EpochMs, epochMs, ms } from '../src/domain/units.ts';
import { drawnPhoto, PARCEL_MASK } from '../src/testing/drawn-photo.ts';
import { GARDEN, type WebStage, webStage } from '../src/testing/web-stage.ts';
import { browser as startBrowser } from './support/browser.ts';

const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1360, height: 900 };
const clock = systemClock();
const ago = (minutes: number): EpochMs => epochMs(clock.now().wall - minutes * 60_000);

let browser: Browser;
let before: Uint8Array;
let peak: Uint8Array;
let calm: Uint8Array;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  browser = await startBrowser();
  const size = { width: 960, height: 540, hour: 14 };
  before = await drawnPhoto(size);
  peak = await drawnPhoto({ ...size, visitor: true });
  calm = await drawnPhoto({ ...size, parcel: true });
});
afterAll(() => browser.close());
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface Scene {
  readonly stage: WebStage;
  readonly address: string;
  readonly first: EpisodeId;
  readonly second: EpisodeId;
}

const addSet = async (stage: WebStage, minutes: number): Promise<EpisodeId> => {
  const episode = episodeId(GARDEN, ago(minutes));
  const common = { episode, width: 960, height: 540, cause: 'camera' } as const;
  await stage.add({ ...common, kind: 'before', takenAt: epochMs(ago(minutes) - 3000), jpeg: before });
  await stage.add({ ...common, kind: 'peak', takenAt: epochMs(ago(minutes) + 4000), jpeg: peak });
  await stage.add({
    ...common,
    kind: 'calm',
    takenAt: epochMs(ago(minutes) + 20_000),
    jpeg: calm,
    delay: ms(1900),
    change: { verdict: 'arrived', perMille: 31, mask: PARCEL_MASK },
    choice: { way: 'main-ring', reason: 'moment', failed: [] },
  });
  return episode;
};

const OWNER: Principal = {
  kind: 'user',
  id: 'anna',
  name: 'Anna',
  permissions: ROLE_PERMISSIONS.owner,
  cameras: 'all',
};

const scene = async (by?: Principal): Promise<Scene> => {
  const stage = await webStage({
    clock,
    thumbnails: thumbnailer(),
    ...(by ? { identify: async () => by } : {}),
  });
  closing.push(() => stage.app.close());
  const address = await stage.app.listen({ host: '127.0.0.1', port: 0 });
  const first = await addSet(stage, 30);
  const second = await addSet(stage, 10);
  const begin = Math.floor(ago(10) / 1000) * 1000;
  const moving = (second: number): KeptReading => ({
    type: 'moving',
    from: epochMs(begin + second * 1000),
    score: 0.5,
    cells: new Uint8Array(READING_CELLS).fill(9, 60, 64),
  });
  await stage.readings.append(GARDEN, [
    { type: 'calm', from: epochMs(begin - 60_000), seconds: 60 },
    ...[0, 1, 2, 3, 4].map(moving),
    { type: 'calm', from: epochMs(begin + 5000), seconds: 60 },
  ]);
  return { stage, address, first, second };
};

const open = async (
  address: string,
  options: BrowserContextOptions = {},
): Promise<{ readonly page: Page; readonly complaints: string[] }> => {
  const context = await browser.newContext({ viewport: DESKTOP, locale: 'en-GB', ...options });
  closing.push(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(address);
  return { page, complaints };
};

describe('a happening', () => {
  it('is reached from the front page by its strip of three, and compared with a slider that keys move', async () => {
    const { address, second } = await scene();
    const { page, complaints } = await open(address);
    expect(await page.locator('#newest .strip li').count()).toBe(3);
    await page.getByRole('link', { name: 'Compare' }).click();
    await page.waitForURL(`${address}/e/${second}`);
    const slider = page.getByRole('slider');
    // It stands where the parcel is, before anybody touches it.
    await expect.poll(() => slider.inputValue()).toBe('36');
    await slider.focus();
    await page.keyboard.press('Home');
    await expect
      .poll(() => page.evaluate("document.querySelector('.compare-over').style.clipPath"))
      .toBe('inset(0px 100% 0px 0px)');
    await page.keyboard.press('End');
    await expect
      .poll(() => page.evaluate("document.querySelector('.compare-over').style.clipPath"))
      .toBe('inset(0px 0% 0px 0px)');
    expect(complaints).toEqual([]);
  });

  it('is looked through by keys: each photo, what changed, the one before it', async () => {
    const { address, first, second } = await scene();
    const { page, complaints } = await open(`${address}/e/${second}`);
    await page.getByRole('slider').waitFor();
    const shown = page.locator('#stage > .picture img').first();
    for (const [key, ending] of [
      ['1', '.before.jpg'],
      ['2', '.peak.jpg'],
    ] as const) {
      await page.keyboard.press(key);
      await expect.poll(() => shown.getAttribute('src')).toContain(ending);
    }
    await page.keyboard.press('m');
    await page.locator('svg.mask').waitFor();
    await page.keyboard.press('c');
    await page.getByRole('slider').waitFor();
    await page.keyboard.press('ArrowLeft');
    await page.waitForURL(`${address}/e/${first}`);
    await page.getByRole('slider').waitFor();
    await page.keyboard.press('ArrowRight');
    await page.waitForURL(`${address}/e/${second}`);
    expect(complaints).toEqual([]);
  });

  it('is turned over by a finger drawn sideways, wherever it is not the slider', async () => {
    const { address, first, second } = await scene();
    const { page, complaints } = await open(`${address}/e/${second}`, { viewport: PHONE, hasTouch: true });
    await page.getByRole('slider').waitFor();
    const session = await page.context().newCDPSession(page);
    const swipe = async (selector: string, across: number): Promise<void> => {
      await page.locator(selector).scrollIntoViewIfNeeded();
      const box = await page.locator(selector).boundingBox();
      if (!box) throw new TypeError(`${selector} is not on the screen`);
      const y = box.y + box.height / 2;
      const x = box.x + box.width / 2 - across / 2;
      const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', at: number): Promise<unknown> =>
        session.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x: at, y }] });
      await touch('touchStart', x);
      await touch('touchMove', x + across / 2);
      await touch('touchMove', x + across);
      await touch('touchEnd', x + across);
    };
    // On the slider a finger moves the slider.
    const begun = await page.getByRole('slider').inputValue();
    await swipe('.compare', 120);
    await expect.poll(() => page.getByRole('slider').inputValue()).not.toBe(begun);
    expect(page.url()).toBe(`${address}/e/${second}`);
    await page.getByRole('button', { name: 'Calm' }).tap();
    await swipe('#stage > .picture', 160);
    await page.waitForURL(`${address}/e/${first}`);
    await page.getByRole('slider').waitFor();
    await swipe('.strip', -160);
    await page.waitForURL(`${address}/e/${second}`);
    expect(complaints).toEqual([]);
  });

  it('says why it was photographed, in both languages', async () => {
    const { address, second } = await scene();
    const { page } = await open(`${address}/e/${second}`, { locale: 'da-DK' });
    await page.getByText('Noget er kommet til').first().waitFor();
    await page.getByText('Hovedstrømmens gemte sekunder: den når tilbage til øjeblikket').waitFor();
    await page.getByText('3,1 % af billedet').waitFor();
  });

  it('draws what was seen then, second by second, and offers the whole set to whoever may have it', async () => {
    const { address, first, second } = await scene(OWNER);
    const { page, complaints } = await open(`${address}/e/${second}`);
    await page.getByRole('img', { name: 'motion in 5 of them' }).waitFor();
    expect(await page.getByRole('link', { name: 'All 3 as a zip' }).getAttribute('href')).toBe(
      `/api/v1/photos.zip?episode=${second}`,
    );
    await page.goto(`${address}/e/${first}`);
    await page.getByText('Why this photo').waitFor();
    expect(await page.locator('.seen').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('is kept as a favourite, corrected, deleted and brought back by its owner, and the catalogue knows', async () => {
    const { stage, address, second } = await scene(OWNER);
    const { page, complaints } = await open(`${address}/e/${second}`);
    await page.getByRole('slider').waitFor();
    const cover = async () =>
      (await stage.catalog.list({ episode: second, limit: 9 })).find(({ kind }) => kind === 'calm');

    await page.keyboard.press('f');
    await page.getByRole('button', { name: 'Favourite', pressed: true }).waitFor();
    await expect.poll(async () => (await cover())?.isFavourite).toBe(true);

    await page.getByText('What was it really?').click();
    await page.getByRole('button', { name: 'Only the light' }).click();
    await page.getByText('Corrected by you').waitFor();
    await expect.poll(async () => (await cover())?.ownerVerdict).toBe('light-only');

    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Deleted. It can be brought back').waitFor();
    expect(await stage.catalog.list({ episode: second, limit: 9 })).toEqual([]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Delete' }).waitFor();
    expect(await stage.catalog.list({ episode: second, limit: 9 })).toHaveLength(3);
    expect(complaints).toEqual([]);
  });

  it('is whole without script: the photo, its set, the reasons and the way on', async () => {
    const { address, first, second } = await scene();
    const { page, complaints } = await open(`${address}/e/${second}`, { javaScriptEnabled: false });
    expect(await page.locator('#stage > .picture img').count()).toBe(1);
    expect(await page.locator('.strip li').count()).toBe(3);
    await page.getByText('Why this photo').waitFor();
    await page.getByRole('link', { name: 'Previous' }).click();
    await page.waitForURL(`${address}/e/${first}`);
    expect(complaints).toEqual([]);
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const viewport of [PHONE, DESKTOP]) {
      it(`axe-core finds nothing and nothing is too wide: ${colorScheme}, ${viewport.width} px`, async () => {
        const { address, second } = await scene();
        const { page, complaints } = await open(`${address}/e/${second}`, { viewport, colorScheme, locale: 'da-DK' });
        await page.getByRole('slider').waitFor();
        await page.evaluate(axe.source);
        const found = await page.evaluate<{
          violations: { id: string; nodes: { html: string }[] }[];
          passes: unknown[];
        }>('axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })');
        expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual(
          [],
        );
        expect(found.passes.length).toBeGreaterThan(15);
        expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
        expect(complaints).toEqual([]);
      });
    }
  }
});
