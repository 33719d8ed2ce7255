// Every budget of the web with its measured value: bytes, first paint on a slow phone, a timeline over more than a million
// photos, the server's time for each page. Beside it a plain list as a server would draw it, and a peer's layout.
//   npx tsx bench/web-budgets.ts [photos]      default 1 160 000; the rows are made in a temporary folder first

import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { sqlCatalog } from '../src/adapters/catalog-sql/catalog-sql.ts';
import { systemClock } from '../src/adapters/system/clock.ts';
import { thumbnailer } from '../src/adapters/thumbnail/thumbnail.ts';
import { type CameraId, cameraId, type StillId } from '../src/domain/ids.ts';
import type { StoredStill } from '../src/domain/still.ts';
import { epochMs } from '../src/domain/units.ts';
import { drawnPhoto } from '../src/testing/drawn-photo.ts';
import { watched, webStage } from '../src/testing/web-stage.ts';
import { loadAssets } from '../src/web/assets.ts';
import { browser as startBrowser } from '../test/support/browser.ts';
import { layoutOf, sheetFrame } from '../ui/timeline/layout.ts';
import { machine } from './lib/machine.ts';

const photos = Number(process.argv[2] ?? 1_160_000);
const DAY_MS = 86_400_000;
const BIG = 86_400;
const DAYS = 730;
const CAMERAS: readonly CameraId[] = ['garden', 'drive', 'gate', 'shed'].map((name) => cameraId(name));
const NEWEST = Date.UTC(2026, 10, 23, 12);
const ROUNDS = 21;
/** WebPageTest's "4G", and its mid-range phone. */
const NETWORK = { offline: false, latency: 170, downloadThroughput: (9e6 / 8) | 0, uploadThroughput: (9e6 / 8) | 0 };
const CPU = 4;

const rows: string[][] = [];
const add = (what: string, budget: string, value: string, note = ''): void => {
  rows.push([what, budget, value, note]);
  process.stderr.write(`${what}: ${value} (${budget})\n`);
};
const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
const kB = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;
const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;

/** Like a house's archive, and one day on which a camera took a photo each second. */
const still = (index: number, takenAt: number, camera: CameraId): StoredStill => {
  const id = index.toString(16).padStart(32, '0');
  const iso = new Date(takenAt + 3_600_000).toISOString();
  const time = iso.slice(11, 19).replaceAll(':', '-');
  return {
    id: id as StillId,
    camera,
    kind: index % 400 === 7 ? 'manual' : 'calm',
    cause: 'pixels',
    episode: undefined,
    takenAt: epochMs(takenAt),
    offsetMinutes: 60,
    width: 1920,
    height: 1080,
    bytes: 300_000,
    sha256: id + id,
    source: 'main-stream',
    delay: undefined,
    isDemo: false,
    claims: index % 50 === 0 ? ['person'] : [],
    ...(index % 1000 === 1 ? { isFavourite: true } : {}),
    path: `${camera}/${iso.slice(0, 10)}/${time}-${(index % 9000) + 2}.jpg`,
  };
};
const bigDay = new Date(NEWEST - 100 * DAY_MS).toISOString().slice(0, 10);

const folder = await mkdtemp(join(tmpdir(), 'stillwatch-web-budgets-'));
const catalog = await sqlCatalog({ file: join(folder, 'catalog.sqlite') });
try {
  const spread = photos - BIG;
  for (let start = 0; start < photos; start += 20_000) {
    const part = Array.from({ length: Math.min(20_000, photos - start) }, (_, at) => {
      const index = start + at;
      if (index >= spread) {
        return still(
          index,
          Date.parse(`${bigDay}T00:00:00+01:00`) + (index - spread) * 1000,
          CAMERAS[0] ?? cameraId('garden'),
        );
      }
      const takenAt = NEWEST - Math.floor(((spread - index) * DAYS * DAY_MS) / spread);
      return still(index, takenAt, CAMERAS[index % CAMERAS.length] ?? cameraId('garden'));
    });
    await catalog.record(part);
  }
  const jpeg = await drawnPhoto({ width: 1920, height: 1080 });
  const stage = await webStage({
    clock: systemClock(),
    thumbnails: thumbnailer(),
    cameras: CAMERAS.map((id) => watched(id)),
    catalog,
    store: { read: async () => jpeg },
  });
  const address = await stage.app.listen({ host: '127.0.0.1', port: 0 });

  // Bytes.
  const assets = await loadAssets();
  const gz = (name: string): number => gzipSync(assets.get(name.replace('/assets/', ''))?.body ?? '').length;
  const follow = (first: readonly string[], names: RegExp): number => {
    const waiting = [...first];
    const seen = new Map<string, number>();
    for (const name of waiting) {
      const asset = assets.get(name);
      if (seen.has(name) || !asset) continue;
      seen.set(name, gz(name));
      for (const [, next = ''] of asset.body.toString().matchAll(names)) waiting.push(next);
    }
    return [...seen.values()].reduce((sum, bytes) => sum + bytes, 0);
  };
  const client = assets.script.replace('/assets/', '');
  const english = /en-[\w-]+\.js/.exec(assets.get(client)?.body.toString() ?? '')?.[0] ?? '';
  const now = assets.pageScript('now')?.replace('/assets/', '') ?? '';
  add(
    'script, first view of `/`, packed',
    '60 kB',
    kB(follow([client, now, english], /(?:from|import)\s*["'`]\.\/([\w-]+\.js)["'`]/g)),
  );
  add('script, whole app, packed', '180 kB', kB(follow([client], /["'`]\.\/([\w-]+\.js)["'`]/g)));
  add('style, packed', '12 kB', kB(gz(assets.style)));
  add('font, one file', '34 kB', kB(assets.get(assets.font.replace('/assets/', ''))?.body.length ?? 0));

  // The server.
  const day = new Date(NEWEST - 10 * DAY_MS).toISOString().slice(0, 10);
  const html = { host: 'localhost', accept: 'text/html' };
  for (const url of [
    '/',
    '/photos',
    `/photos/${day}`,
    `/photos/${bigDay}`,
    '/photos?what=person',
    '/search?q=garden+last+30+days+person',
    '/ledger',
    '/api/v1/timeline',
    '/api/v1/timeline?what=favourite',
    '/api/v1/timeline?what=person',
    `/api/v1/timeline/${day}`,
    `/api/v1/timeline/${bigDay}`,
  ]) {
    const times: number[] = [];
    let bytes = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const start = performance.now();
      const answer = await stage.app.inject({ url, headers: url.startsWith('/api') ? { host: 'localhost' } : html });
      times.push(performance.now() - start);
      bytes = answer.rawPayload.length;
      if (answer.statusCode !== 200) throw new Error(`${url} answers ${answer.statusCode}`);
    }
    add(
      `server: \`${url}\``,
      url.includes(bigDay) ? '200 ms' : '',
      `p50 ${ms(quantile(times, 0.5))}, p95 ${ms(quantile(times, 0.95))}`,
      kB(bytes),
    );
  }

  // The browser.
  await using browser = await startBrowser();
  const openAt = async (path: string, isSlow = false): Promise<Page> => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, serviceWorkers: 'block' });
    const page = await context.newPage();
    if (isSlow) {
      const cdp = await context.newCDPSession(page);
      await cdp.send('Network.enable');
      await cdp.send('Network.emulateNetworkConditions', NETWORK);
      await cdp.send('Emulation.setCPUThrottlingRate', { rate: CPU });
    }
    await page.addInitScript(
      'window.lcp = 0; new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.lcp = entry.startTime; }).observe({ type: "largest-contentful-paint", buffered: true }); window.long = []; new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.long.push(entry.duration); }).observe({ type: "longtask", buffered: true });',
    );
    await page.goto(address + path);
    return page;
  };
  const heapOf = async (page: Page): Promise<number> => {
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('HeapProfiler.collectGarbage');
    return (await cdp.send('Runtime.getHeapUsage')).usedSize;
  };

  const paints: number[] = [];
  for (let round = 0; round < 3; round++) {
    const page = await openAt('/', true);
    await page.waitForFunction('document.querySelector("#newest img")?.complete');
    await page.waitForTimeout(1000);
    paints.push(await page.evaluate<number>('window.lcp'));
    await page.context().close();
  }
  add('LCP of `/`, CPU 4 times slower, 4G (9 Mbit/s, 170 ms)', '1500 ms', ms(quantile(paints, 0.5)));

  const ready = '.timeline #sheet .cell a';
  const page = await openAt('/photos');
  await page.waitForSelector(ready, { state: 'attached' });
  add(
    'timeline over all photos: height of the page',
    '33.5 M px',
    `${Math.round(await page.evaluate<number>('document.querySelector("#sheet").clientHeight')).toLocaleString('en')} px`,
  );
  const heapStart = await heapOf(page);
  // To both ends and back: from the key to the frame that shows the boxes, and to the photos themselves.
  const JUMP = `(async () => {
    const thumb = document.querySelector('[role=slider]');
    const jumps = [];
    for (const key of ['End', 'Home', 'End', 'PageUp', 'PageUp', 'Home', 'PageDown', 'PageDown', 'End', 'Home']) {
      const start = performance.now();
      thumb.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
      await new Promise((resolve) => requestAnimationFrame(() => { document.body.offsetHeight; resolve(); }));
      jumps.push(performance.now() - start);
      while (!document.querySelector('.cell[data-path]')) await new Promise((resolve) => setTimeout(resolve, 5));
      await new Promise((resolve) => setTimeout(resolve, 400));
    }
    return jumps;
  })()`;
  const jumps = await page.evaluate<number[]>(JUMP);
  add(
    'timeline: jump to a date, to the next frame',
    '50 ms',
    `p50 ${ms(quantile(jumps, 0.5))}, p95 ${ms(quantile(jumps, 0.95))}`,
  );
  const SCROLL = `(async () => {
    window.long.length = 0;
    const frames = [];
    let last = performance.now();
    for (let at = 0; at < 300; at++) {
      scrollBy(0, 120);
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const now = performance.now();
      frames.push(now - last);
      last = now;
    }
    return { frames, long: window.long };
  })()`;
  const scrolled = await page.evaluate<{ frames: number[]; long: number[] }>(SCROLL);
  add(
    'timeline: longest task while scrolling',
    '100 ms',
    scrolled.long.length === 0 ? 'under 50 ms' : ms(Math.max(...scrolled.long)),
  );
  add(
    'timeline: frame while scrolling, no GPU',
    '33 ms',
    `p50 ${ms(quantile(scrolled.frames, 0.5))}, p95 ${ms(quantile(scrolled.frames, 0.95))}`,
  );
  add(
    'timeline: heap after jumps and scrolling',
    '30 MB',
    `${((await heapOf(page)) / 1e6).toFixed(1)} MB`,
    `${(heapStart / 1e6).toFixed(1)} MB at first`,
  );
  add(
    'timeline: elements of the sheet',
    '',
    String(await page.evaluate('document.querySelectorAll(".timeline-sheet *").length')),
  );
  await page.context().close();

  const opened = await openAt(`/photos/${bigDay}`);
  const paint = await opened.evaluate<number>(
    'performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN',
  );
  await opened.waitForSelector(ready, { state: 'attached' });
  add(
    `day with ${BIG} photos: first photos on the screen`,
    '200 ms',
    ms(paint),
    `timeline takes over at ${ms(await opened.evaluate<number>('performance.now()'))}`,
  );
  add(`day with ${BIG} photos: heap`, '30 MB', `${((await heapOf(opened)) / 1e6).toFixed(1)} MB`);
  await opened.context().close();

  // A plain list of the same day, as a server would draw it.
  const sheet = await catalog.sheet(bigDay);
  const list = `<!doctype html><title>list</title><style>li{display:inline-block;width:240px;height:175px}img{width:240px;height:135px}</style><ul>${sheet.map(({ path }) => `<li><a href="/photo/at/${path}"><img loading="lazy" src="/snapshots/${path}?w=320" alt=""></a><br>${path.slice(-16)}</li>`).join('')}</ul>`;
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const plain = await context.newPage();
  await plain.route('**/plain', (route) => route.fulfill({ contentType: 'text/html', body: list }));
  await plain.route('**/snapshots/**', (route) =>
    route.fulfill({ contentType: 'image/jpeg', body: Buffer.from(jpeg) }),
  );
  const start = performance.now();
  await plain.goto(`${address}/plain`, { waitUntil: 'domcontentloaded', timeout: 120_000 });
  await plain.evaluate('document.body.offsetHeight');
  add(
    `plain list of ${BIG} photos: loaded and laid out`,
    '',
    ms(performance.now() - start),
    kB(Buffer.byteLength(list)),
  );
  add(
    'plain list: heap and elements',
    '',
    `${((await heapOf(plain)) / 1e6).toFixed(1)} MB`,
    `${String(await plain.evaluate('document.querySelectorAll("*").length'))} elements`,
  );
  const jumped = await plain.evaluate<number>(
    '(async () => { const start = performance.now(); scrollTo(0, 1e6); await new Promise((resolve) => requestAnimationFrame(() => { document.body.offsetHeight; resolve(); })); return performance.now() - start; })()',
  );
  add('plain list: jump', '', ms(jumped));
  await context.close();

  // A peer's layout of the same photos.
  const aspects = Float32Array.from({ length: 100_000 }, (_, index) => 1 + (index % 7) / 8);
  const mine = performance.now();
  layoutOf(aspects, sheetFrame(1280, 44));
  add('layout of 100 000 photos of 7 shapes: ours', '', ms(performance.now() - mine));
  try {
    execFileSync(
      'npm',
      ['install', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts', 'justified-layout@4.1.0'],
      { stdio: 'ignore' },
    );
    const justified = createRequire(join(folder, 'x.js'))('justified-layout') as (
      sizes: readonly number[],
      options: object,
    ) => unknown;
    const theirs = performance.now();
    justified([...aspects], { containerWidth: 1280, targetRowHeight: 180 });
    add('layout of 100 000 photos of 7 shapes: justified-layout 4.1.0', '', ms(performance.now() - theirs));
  } catch (thrown) {
    add('justified-layout 4.1.0', '', 'could not be had', String(thrown).slice(0, 80));
  }
  await stage.app.close();
} finally {
  await catalog.close();
  await rm(folder, { recursive: true, force: true });
}

const here = machine();
console.log(`# Budgets of the web, ${photos.toLocaleString('en')} photos\n`);
console.log(`${JSON.stringify(here)}\n`);
console.log('| what | budget | measured | besides |\n| --- | --- | --- | --- |');
for (const row of rows) console.log(`| ${row.join(' | ')} |`);
