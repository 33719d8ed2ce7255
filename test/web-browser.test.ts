// The web in a real browser: what a person sees, when a photo arrives, without script, and what axe-core finds.

import axe from 'axe-core';
import { type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../src/adapters/system/clock.ts';
import { thumbnailer } from '../src/adapters/thumbnail/thumbnail.ts';
import { cameraId, episodeId } from '../src/domain/ids.ts';
import { triggerId } from '../src/domain/ledger.ts';
import { type Principal, ROLE_PERMISSIONS } from '../src/domain/permission.ts';
import { type EpochMs, epochMs, ms } from '../src/domain/units.ts';
import { drawnPhoto } from '../src/testing/drawn-photo.ts';
import { GARDEN, type StageOptions, type WebStage, watched, webStage } from '../src/testing/web-stage.ts';
import { browser as startBrowser } from './support/browser.ts';

const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1360, height: 900 };
const MINUTE = 60_000;

const clock = systemClock();
const now = (): EpochMs => clock.now().wall;
const ago = (minutes: number): EpochMs => epochMs(now() - minutes * MINUTE);

let browser: Browser;
let jpegs: readonly Uint8Array[];

beforeAll(async () => {
  browser = await startBrowser();
  const looks = [{ hour: 14, parcel: true }, { hour: 12, visitor: true }, { hour: 8 }, { hour: 23 }];
  jpegs = await Promise.all(looks.map((look) => drawnPhoto({ ...look, width: 960, height: 540 })));
});
afterAll(() => browser.close());

interface Opened {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Console errors, exceptions and failed requests so far. */
  readonly complaints: string[];
}

const stages: WebStage[] = [];
const contexts: BrowserContext[] = [];
afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close();
  for (const stage of stages.splice(0)) await stage.app.close();
});

const serve = async (options: StageOptions = {}): Promise<{ stage: WebStage; address: string }> => {
  const stage = await webStage({ clock, thumbnails: thumbnailer(), ...options });
  stages.push(stage);
  return { stage, address: await stage.app.listen({ host: '127.0.0.1', port: 0 }) };
};

const addPhotos = async (stage: WebStage, count: number): Promise<void> => {
  for (let at = 0; at < count; at++) {
    const jpeg = jpegs[at % jpegs.length];
    const picture = { width: 960, height: 540, delay: ms(600), isDemo: at % 3 === 2 };
    await stage.add({ takenAt: ago(5 + at * 47), ...picture, ...(jpeg ? { jpeg } : {}) });
  }
};

const arrive = (stage: WebStage): ReturnType<WebStage['add']> =>
  stage.add({ takenAt: now(), width: 960, height: 540, ...(jpegs[0] ? { jpeg: jpegs[0] } : {}) });

/** @param isAwaited also waits until the server has answered the live connection */
const open = async (address: string, options: BrowserContextOptions = {}, isAwaited = false): Promise<Opened> => {
  const context = await browser.newContext({ viewport: DESKTOP, locale: 'en-GB', ...options });
  contexts.push(context);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('requestfailed', (request) => {
    // What a browser without script refuses to fetch ahead is its own choice.
    if (options.javaScriptEnabled === false && /\/assets\/\w+-[\w-]+\.js$/.test(request.url())) return;
    if (!request.url().endsWith('/api/v1/live'))
      complaints.push(`${request.url()} ${request.failure()?.errorText ?? ''}`);
  });
  const live = isAwaited ? page.waitForResponse((answer) => answer.url().endsWith('/api/v1/live')) : undefined;
  await page.goto(address);
  await live;
  return { page, context, complaints };
};

/** A value that a reload would lose. */
const mark = (page: Page): Promise<void> => page.evaluate("document.documentElement.dataset.mark = 'here'");
const isMarked = (page: Page): Promise<boolean> => page.evaluate("document.documentElement.dataset.mark === 'here'");

/** What axe-core finds. */
const violations = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(axe.source);
  const found = await page.evaluate<{
    violations: { id: string; nodes: { html: string }[] }[];
    passes: unknown[];
  }>('axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })');
  // An axe that looked at nothing finds nothing.
  expect(found.passes.length).toBeGreaterThan(15);
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
};

describe('a photo arrives', () => {
  for (const path of ['/', '/photos', '/photos/today']) {
    it(`and is on ${path} without a reload`, async () => {
      const { stage, address } = await serve();
      await addPhotos(stage, 6);
      const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Copenhagen' }).format(now());
      const { page, complaints } = await open(address + path.replace('today', day));
      await mark(page);
      const still = await arrive(stage);
      const its = path === '/' ? `[data-still="${still.id}"] img` : `.cell[data-path="${still.path}"] img`;
      await page.waitForSelector(its, { state: 'attached' });
      await page.waitForFunction(
        `(() => { const image = document.querySelector('${its}'); return image.complete && image.naturalWidth > 0; })()`,
      );
      expect(await isMarked(page)).toBe(true);
      expect(await page.locator(its).count()).toBe(1);
      expect(complaints).toEqual([]);
    });
  }

  it('as the first ever, and is announced to those who do not see it', async () => {
    const { stage, address } = await serve();
    const { page, complaints } = await open(address);
    await page.getByText('No photos yet').waitFor();
    await mark(page);
    const still = await arrive(stage);
    await page.waitForSelector(`#newest[data-still="${still.id}"]`);
    await page.getByText(/^New photo, \d\d:\d\d:\d\d$/).waitFor({ state: 'attached' });
    expect(await page.getByText('No photos yet').count()).toBe(0);
    expect(await isMarked(page)).toBe(true);
    expect(complaints).toEqual([]);
  });

  it('and what was there stays: the same elements, the same focus', async () => {
    const { stage, address } = await serve();
    await addPhotos(stage, 8);
    const { page } = await open(`${address}/photos`);
    const second = page.locator('.cell a').nth(1);
    await second.focus();
    await page.evaluate('document.activeElement.kept = true');
    const still = await arrive(stage);
    await page.waitForSelector(`#newest[data-still="${still.id}"]`);
    expect(await page.evaluate('document.activeElement.kept')).toBe(true);
    await page.waitForSelector(`.cell[data-path="${still.path}"]`, { state: 'attached' });
    expect(await page.evaluate('document.activeElement.kept')).toBe(true);
  });

  it('while the server was away: the page says so, connects again and catches up', async () => {
    const { stage, address } = await serve();
    await addPhotos(stage, 3);
    const { page } = await open(address, {}, true);
    await mark(page);
    const port = Number(new URL(address).port);
    await stage.app.close();
    await page.getByText('No connection to Stillwatch').waitFor();
    expect(await page.locator('html.is-lost').count()).toBe(1);

    const again = await webStage({ clock, thumbnails: thumbnailer() });
    stages.push(again);
    const still = await arrive(again);
    await again.app.listen({ host: '127.0.0.1', port });
    await page.waitForSelector(`#newest[data-still="${still.id}"]`, { timeout: 60_000 });
    await page.waitForSelector('html:not(.is-lost)');
    expect(await page.getByText('No connection to Stillwatch').isVisible()).toBe(false);
    expect(await isMarked(page)).toBe(true);
  });
});

describe('a camera', () => {
  const episode = episodeId(GARDEN, epochMs(1));

  it('counts down to calm, starts again when something moves, and says when the photo is taken', async () => {
    const { stage, address } = await serve();
    stage.feed.tell({ type: 'seeing', camera: GARDEN, at: now(), codec: 'h264' });
    const { page, complaints } = await open(address);
    const tile = page.locator('#camera-garden');
    await tile.getByText('Calm', { exact: true }).waitFor();
    const arc = async (): Promise<number> =>
      Number.parseFloat((await tile.locator('.ring-arc').getAttribute('stroke-dasharray')) ?? '100');

    stage.feed.tell({ type: 'episode-opened', camera: GARDEN, at: now(), episode, cause: 'pixels' });
    await tile.getByText('Something moves', { exact: true }).waitFor();
    stage.feed.tell({ type: 'moving', camera: GARDEN, at: now(), episode, score: 1, calmAt: epochMs(now() + 3000) });
    await tile.getByText(/^[0-2] s to calm/).waitFor();
    await expect.poll(arc).toBeLessThan(20);
    // Further than the calm period: the ring stays full however slow this machine is.
    stage.feed.tell({ type: 'moving', camera: GARDEN, at: now(), episode, score: 1, calmAt: epochMs(now() + 60_000) });
    await tile.getByText('10 s to calm').waitFor();
    await expect.poll(arc).toBeGreaterThan(80);
    stage.feed.tell({ type: 'episode-ended', camera: GARDEN, at: now(), episode, end: 'calm', peakScore: 1 });
    await tile.getByText('Taking the photo').waitFor();
    expect(complaints).toEqual([]);
  });

  it('goes blind in front of the viewer: in words, with the remedy, and nothing calm is left', async () => {
    const { stage, address } = await serve();
    stage.feed.tell({ type: 'seeing', camera: GARDEN, at: now(), codec: 'h264' });
    const { page } = await open(address, { locale: 'da-DK' });
    await page.getByText('Kameraet ser').waitFor();
    stage.feed.tell({
      type: 'blind',
      camera: GARDEN,
      at: now(),
      code: 'SW_CAM_STREAM_LIMIT',
      facts: {},
      retryAt: epochMs(now() + 30_000),
    });
    await page
      .locator('#sentence')
      .getByText(/^Blind siden/)
      .waitFor();
    await page.getByText('Kameraet giver ikke flere videostrømme').waitFor();
    expect(await page.locator('.is-good, .camera-calm').count()).toBe(0);
    await page.getByRole('link', { name: 'Hvad gør jeg?' }).click();
    await page.waitForURL((url) => url.hash !== '');
    expect(page.url()).toContain('#camera-garden');
  });
});

describe('a photo by hand', () => {
  const owner: Principal = {
    kind: 'user',
    id: 'owner',
    name: 'owner',
    permissions: ROLE_PERMISSIONS.owner,
    cameras: 'all',
  };
  const identify = async (): Promise<Principal> => owner;

  it('is asked for by keyboard once, says that it is being taken, then where it is', async () => {
    let answer = (): void => undefined;
    const released = new Promise<void>((resolve) => (answer = resolve));
    let asked = 0;
    const { stage, address } = await serve({
      cameras: [watched('Garden'), watched('Shed')],
      identify,
      takePhoto: async (camera) => {
        asked += 1;
        await released;
        const { id } = await stage.add({ camera, kind: 'manual', takenAt: now(), width: 960, height: 540 });
        return { type: 'taken', trigger: triggerId(camera, 'owner', now()), still: id };
      },
    });
    const { page } = await open(address, { reducedMotion: 'reduce' });
    const button = page.getByRole('button', { name: 'Take a photo: Shed' });
    await button.focus();
    await page.keyboard.press('Enter');
    const said = page.locator('#camera-shed').getByRole('status');
    await said.getByText('Taking the photo').waitFor();
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Enter');
    answer();
    await said.getByText('The photo is taken and kept.').waitFor();
    expect(asked).toBe(1);
    expect(await page.evaluate("document.activeElement.matches('#camera-shed .take button')")).toBe(true);
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/photo\/[0-9a-f]{32}$/);
    await page.getByText('Shed').first().waitFor();
  });

  it('says why there is none and what to do, and may be asked for again', async () => {
    const { address } = await serve({
      identify,
      takePhoto: async (camera) => ({
        type: 'missed',
        trigger: triggerId(camera, 'owner', now()),
        code: 'SW_CAM_STREAM_LIMIT',
        facts: {},
      }),
    });
    const { page } = await open(address, { locale: 'da-DK', viewport: PHONE });
    const button = page.getByRole('button', { name: 'Tag et billede' });
    await button.click();
    const alert = page.locator('#camera-garden').getByRole('alert');
    await alert.getByText(/^Der er intet billede\. Kameraet giver ikke flere videostrømme/).waitFor();
    expect(await button.getAttribute('aria-disabled')).toBe('false');
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    await page.route('**/stills', (route) => route.abort());
    await button.click();
    await alert.getByText('Stillwatch svarede ikke.').waitFor();
  });

  it('is offered to nobody who may only look, and never without a script to ask with', async () => {
    const { address } = await serve();
    const { page } = await open(address);
    await page.waitForSelector('html.has-script');
    expect(await page.locator('#camera-garden h3').count()).toBe(1);
    expect(await page.locator('.take').count()).toBe(0);
    const owned = await serve({ identify });
    const plain = await open(owned.address, { javaScriptEnabled: false });
    expect(await plain.page.locator('#camera-garden h3').count()).toBe(1);
    expect(await plain.page.locator('.take').count()).toBe(0);
  });
});

describe('without script', () => {
  it('every photo can be reached, page by page, and opened at full size', async () => {
    const { stage, address } = await serve();
    await addPhotos(stage, 70);
    const { page, complaints } = await open(address, { javaScriptEnabled: false });
    expect(await page.locator('.card').count()).toBe(12);
    await page.getByRole('link', { name: 'All photos' }).click();
    await page.waitForURL(`${address}/photos`);
    expect(await page.locator('.card').count()).toBe(59);
    await page.getByRole('link', { name: 'Older' }).click();
    await page.waitForURL((url) => url.search !== '');
    expect(await page.locator('.card').count()).toBe(10);
    await page.getByRole('link', { name: 'Newer' }).click();
    await page.waitForURL(`${address}/photos`);
    await page.locator('.card a').nth(3).click();
    await page.waitForURL((url) => url.pathname.startsWith('/photo/'));
    await page.locator('#stage a').click();
    await page.waitForURL((url) => url.pathname.startsWith('/snapshots/'));
    expect(page.url()).toMatch(/\/snapshots\/\d{4}-\d\d-\d\d\/\d\d-\d\d-\d\d\.jpg$/);
    expect(complaints).toEqual([]);
  });

  it('says when the page was made, and offers to make it anew', async () => {
    const { address } = await serve();
    const { page } = await open(address, { javaScriptEnabled: false });
    await page.getByRole('link', { name: 'Reload' }).waitFor();
  });
});

describe('on every screen', () => {
  const fill = {
    empty: async (stage: WebStage) => {
      stage.feed.tell({ type: 'seeing', camera: GARDEN, at: now(), codec: 'h264' });
    },
    photos: async (stage: WebStage) => {
      stage.feed.tell({ type: 'seeing', camera: GARDEN, at: now(), codec: 'h264' });
      const episode = episodeId(GARDEN, epochMs(1));
      stage.feed.tell({ type: 'moving', camera: GARDEN, at: now(), episode, score: 1, calmAt: epochMs(now() + 9000) });
      await addPhotos(stage, 20);
    },
    blind: async (stage: WebStage) => {
      const at = now();
      stage.feed.tell({ type: 'blind', camera: GARDEN, at, code: 'SW_CAM_AUTH', facts: {}, retryAt: undefined });
      const episode = episodeId(GARDEN, epochMs(1));
      const facts = { detail: 'half' };
      stage.feed.tell({
        type: 'still-missed',
        camera: GARDEN,
        at,
        episode,
        kind: 'calm',
        code: 'SW_STILL_DAMAGED',
        facts,
      });
      await addPhotos(stage, 2);
    },
  } as const;
  const addresses = {
    empty: ['/', '/photos'],
    photos: ['/', '/photos', '/nothing', '/ledger', '/search?q=garden'],
    blind: ['/'],
  } as const;

  for (const state of ['empty', 'photos', 'blind'] as const) {
    it(`axe-core finds nothing, no line is too wide: ${state}`, async () => {
      const { stage, address } = await serve({
        cameras: state === 'photos' ? [watched('Garden'), watched('Shed', true)] : [watched('Garden')],
        isDemo: state === 'empty',
      });
      if (state === 'photos') {
        stage.feed.tell({ type: 'seeing', camera: cameraId('shed'), at: now(), codec: 'h265' });
      }
      await fill[state](stage);
      for (const path of addresses[state]) {
        for (const colorScheme of ['light', 'dark'] as const) {
          for (const viewport of [PHONE, DESKTOP]) {
            const { page, context } = await open(address + path, { viewport, colorScheme, reducedMotion: 'reduce' });
            expect(await violations(page), `${path} ${colorScheme} ${viewport.width}`).toEqual([]);
            const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
            expect(overflow, `${path} ${viewport.width}`).toBeLessThanOrEqual(0);
            await context.close();
          }
        }
      }
    });
  }

  it('is used by keyboard alone: skip link, navigation, photo', async () => {
    const { stage, address } = await serve();
    await addPhotos(stage, 3);
    const { page } = await open(address);
    await page.keyboard.press('Tab');
    await expect.poll(() => page.evaluate('document.activeElement.className')).toBe('skip');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('content');
    // Until noon the night's sum comes first.
    await page.keyboard.press('Tab');
    while (await page.evaluate('document.activeElement.pathname === "/search"')) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/photo\//);
  });

  it('speaks the visitor’s language, and the other one on request', async () => {
    const { stage, address } = await serve();
    await addPhotos(stage, 2);
    const { page } = await open(`${address}/photos`, { locale: 'da-DK' });
    expect(await page.title()).toBe('Billeder · Stillwatch');
    await page.getByRole('link', { name: 'English' }).click();
    await page.getByRole('link', { name: 'Photos' }).first().waitFor();
    expect(await page.title()).toBe('Photos · Stillwatch');
    await page.goto(address);
    expect(await page.evaluate('document.documentElement.lang')).toBe('en');
  });
});
