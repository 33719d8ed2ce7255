// Every budget of the web with its measured value: bytes, first paint on a slow phone, a timeline over more than a million
// photos, the server's time for each page. Beside it a plain list as a server would draw it, and peers from npm.
//   npx tsx bench/web-budgets.ts [photos] [catalogue file]
// default 1 160 000; the rows are made in a temporary folder first, or in that file when it is not there yet

import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { sqlCatalog } from '../src/adapters/catalog-sql/catalog-sql.ts';
import { systemClock } from '../src/adapters/system/clock.ts';
import { thumbnailer } from '../src/adapters/thumbnail/thumbnail.ts';
import type { Thumbnailer } from '../src/ports/thumbnailer.ts';
import { drawnPhoto } from '../src/testing/drawn-photo.ts';
import { type WebStage, watched, webStage } from '../src/testing/web-stage.ts';
import { loadAssets } from '../src/web/assets.ts';
import { browser as startBrowser } from '../test/support/browser.ts';
import { CAMERAS, fillHouse, LARGE_DAY, USUAL_DAY } from './lib/house-archive.ts';
import { machine } from './lib/machine.ts';
import { measureTimeline, quantile } from './lib/timeline-measures.ts';
import { kB, measureLayouts, measurePlainList, measureVirtualList, ms, type Told } from './lib/web-peers.ts';

const photos = Number(process.argv[2] ?? 1_160_000);
const ROUNDS = 21;
/** WebPageTest's "4G", and its mid-range phone. */
const NETWORK = { offline: false, latency: 170, downloadThroughput: (9e6 / 8) | 0, uploadThroughput: (9e6 / 8) | 0 };
const CPU = 4;

const rows: string[][] = [];
const add: Told = (what, budget, value, note = '') => {
  rows.push([what, budget, value, note]);
  process.stderr.write(`${what}: ${value} (${budget}) ${note}\n`);
};

/** Scales each width once: what a browser waits for is the timeline, not the server's picture library. */
const warmThumbnails = (): Thumbnailer => {
  const scaler = thumbnailer();
  const made = new Map<number, Promise<Uint8Array>>();
  return {
    scale(jpeg, width) {
      const known = made.get(width) ?? scaler.scale(jpeg, width);
      made.set(width, known);
      return known;
    },
  };
};

const measureBytes = async (): Promise<void> => {
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
  const first = follow([client, now, english], /(?:from|import)\s*["'`]\.\/([\w-]+\.js)["'`]/g);
  add('script, first view of `/`, packed', '60 kB', kB(first));
  add('script, whole app, packed', '180 kB', kB(follow([client], /["'`]\.\/([\w-]+\.js)["'`]/g)));
  add('style, packed', '12 kB', kB(gz(assets.style)));
  add('font, one file', '34 kB', kB(assets.get(assets.font.replace('/assets/', ''))?.body.length ?? 0));
};

const ADDRESSES = [
  '/',
  '/photos',
  `/photos/${USUAL_DAY}`,
  `/photos/${LARGE_DAY}`,
  '/photos?what=person',
  '/photos?what=animal',
  '/search?q=garden+last+30+days+person',
  '/search?q=animal',
  '/ledger',
  '/api/v1/timeline',
  '/api/v1/timeline?what=favourite',
  '/api/v1/timeline?what=person',
  '/api/v1/timeline?camera=garden',
  `/api/v1/timeline/${USUAL_DAY}`,
  `/api/v1/timeline/${LARGE_DAY}/hours`,
  `/api/v1/timeline/${LARGE_DAY}?camera=garden&hour=13`,
  `/api/v1/timeline/${LARGE_DAY}`,
];

const measureServer = async ({ app }: WebStage): Promise<void> => {
  for (const url of ADDRESSES) {
    const headers = { host: 'localhost', accept: url.startsWith('/api') ? 'application/json' : 'text/html' };
    const times: number[] = [];
    // What it costs the processor, whoever else wants it.
    const costs: number[] = [];
    let bytes = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const [start, before] = [performance.now(), process.cpuUsage()];
      const answer = await app.inject({ url, headers });
      times.push(performance.now() - start);
      const { user, system } = process.cpuUsage(before);
      costs.push((user + system) / 1000);
      bytes = answer.rawPayload.length;
      if (answer.statusCode !== 200) throw new Error(`${url} answers ${answer.statusCode}`);
    }
    const told = `p50 ${ms(quantile(times, 0.5))}, p95 ${ms(quantile(times, 0.95))}`;
    add(`server: \`${url}\``, '', told, `processor ${ms(quantile(costs, 0.5))}, ${kB(bytes)}`);
  }
};

/** The largest contentful paint of the front page, on a phone far away. */
const measurePaint = async (browser: Browser, address: string): Promise<void> => {
  const paints: number[] = [];
  for (let round = 0; round < 3; round++) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, serviceWorkers: 'block' });
    const page = await context.newPage();
    const cdp = await context.newCDPSession(page);
    await cdp.send('Network.enable');
    await cdp.send('Network.emulateNetworkConditions', NETWORK);
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: CPU });
    await page.addInitScript(
      'window.lcp = 0; new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.lcp = entry.startTime; }).observe({ type: "largest-contentful-paint", buffered: true });',
    );
    await page.goto(`${address}/`);
    await page.waitForFunction('document.querySelector("#newest img")?.complete');
    await page.waitForTimeout(1000);
    paints.push(await page.evaluate<number>('window.lcp'));
    await context.close();
  }
  const told = `${ms(Math.min(...paints))}, median ${ms(quantile(paints, 0.5))}`;
  add('LCP of `/`, CPU 4 times slower, 4G (9 Mbit/s, 170 ms)', '1500 ms', told);
};

const folder = await mkdtemp(join(tmpdir(), 'stillwatch-web-budgets-'));
const file = process.argv[3] ?? join(folder, 'catalog.sqlite');
const isNew = !existsSync(file);
const catalog = await sqlCatalog({ file });
try {
  if (isNew) await fillHouse(catalog, photos);
  const jpeg = await drawnPhoto({ width: 1920, height: 1080 });
  const stage = await webStage({
    clock: systemClock(),
    thumbnails: warmThumbnails(),
    cameras: CAMERAS.map((id) => watched(id)),
    catalog,
    store: { read: async () => jpeg },
  });
  const address = await stage.app.listen({ host: '127.0.0.1', port: 0 });
  await measureBytes();
  await measureServer(stage);
  await using browser = await startBrowser();
  await measurePaint(browser, address);
  await measureTimeline(browser, { address, largeDay: LARGE_DAY, add });
  const small = await thumbnailer().scale(jpeg, 320);
  const paths = (await catalog.sheet(LARGE_DAY)).map(({ path }) => path);
  const day = { address, jpeg: small, paths };
  await measureVirtualList(browser, day, { folder, counts: [paths.length, photos], add });
  await measurePlainList(browser, day, add);
  measureLayouts(folder, add);
  await stage.app.close();
} finally {
  await catalog.close();
  await rm(folder, { recursive: true, force: true });
}

console.log(`# Budgets of the web, ${photos.toLocaleString('en')} photos\n`);
console.log(`${JSON.stringify(machine())}\n`);
console.log('| what | budget | measured | besides |\n| --- | --- | --- | --- |');
for (const row of rows) console.log(`| ${row.join(' | ')} |`);
