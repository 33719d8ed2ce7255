// What stands beside the timeline: a plain list as a server would draw it, a virtual list from npm in the same browser, and a
// layout of photos from npm. Packages are fetched when they are measured; nothing depends on them.

import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { layoutOf, sheetFrame } from '../../ui/timeline/layout.ts';

const PEER = '@tanstack/virtual-core';
const PEER_VERSION = '3.19.11';
const VIEWPORT = { width: 1280, height: 800 };
const COLUMNS = 5;
const ROW = 184;
const LARGEST_ELEMENT = 33_554_428;

export interface Told {
  (what: string, budget: string, value: string, note?: string): void;
}
export const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
export const kB = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;

export const heapOf = async (page: Page): Promise<number> => {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('HeapProfiler.collectGarbage');
  return (await cdp.send('Runtime.getHeapUsage')).usedSize;
};

export const install = (folder: string, name: string): void => {
  const words = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts', name];
  execFileSync('npm', words, { stdio: 'ignore' });
};

export interface PeerDay {
  readonly address: string;
  readonly jpeg: Uint8Array;
  /** Paths of a day's photos. */
  readonly paths: readonly string[];
}

const pageWith = async (browser: Browser, day: PeerDay, body: string): Promise<Page> => {
  const page = await (await browser.newContext({ viewport: VIEWPORT })).newPage();
  await page.route('**/peer-page', (route) => route.fulfill({ contentType: 'text/html', body }));
  await page.route('**/snapshots/**', (route) =>
    route.fulfill({ contentType: 'image/jpeg', body: Buffer.from(day.jpeg) }),
  );
  return page;
};

export const measurePlainList = async (browser: Browser, day: PeerDay, add: Told): Promise<void> => {
  const items = day.paths.map(
    (path) =>
      `<li><a href="/photo/at/${path}"><img loading="lazy" src="/snapshots/${path}?w=320" alt=""></a><br>${path.slice(-16)}</li>`,
  );
  const body = `<!doctype html><title>list</title><style>li{display:inline-block;width:240px;height:175px}img{width:240px;height:135px}</style><ul>${items.join('')}</ul>`;
  const page = await pageWith(browser, day, body);
  const start = performance.now();
  await page.goto(`${day.address}/peer-page`, { waitUntil: 'domcontentloaded', timeout: 300_000 });
  await page.evaluate('document.body.offsetHeight');
  const elements = await page.evaluate<number>('document.querySelectorAll("*").length');
  add(
    `plain list of ${day.paths.length} photos: loaded and laid out`,
    '',
    ms(performance.now() - start),
    kB(body.length),
  );
  add('plain list: heap and elements', '', `${((await heapOf(page)) / 1e6).toFixed(1)} MB`, `${elements} elements`);
  await page.context().close();
};

/** As its documentation shows it: rows of five, each where the library says. */
const VIRTUAL_LIST = `<!doctype html><title>virtual list</title>
<style>body{margin:0}#scroll{height:100vh;overflow:auto}#inner{position:relative}.row{position:absolute;display:flex;gap:4px}img{width:240px;height:135px}</style>
<div id="scroll"><div id="inner"></div></div>
<script type="module">
window.process = { env: { NODE_ENV: 'production' } };
const { Virtualizer, elementScroll, observeElementOffset, observeElementRect } = await import('/peer/index.js');
const [scroll, inner] = [document.querySelector('#scroll'), document.querySelector('#inner')];
window.openList = (photos) => {
  const shown = new Map();
  const draw = () => {
    inner.style.height = list.getTotalSize() + 'px';
    const wanted = new Set();
    for (const { index, start } of list.getVirtualItems()) {
      wanted.add(index);
      if (shown.has(index)) continue;
      const row = document.createElement('div');
      row.className = 'row';
      row.style.transform = 'translateY(' + start + 'px)';
      for (let at = index * ${COLUMNS}; at < Math.min(photos, (index + 1) * ${COLUMNS}); at++) {
        const image = document.createElement('img');
        image.src = '/snapshots/' + at + '?w=320';
        row.append(image);
      }
      inner.append(row);
      shown.set(index, row);
    }
    for (const [index, row] of shown) if (!wanted.has(index)) { row.remove(); shown.delete(index); }
  };
  const list = new Virtualizer({
    count: Math.ceil(photos / ${COLUMNS}), estimateSize: () => ${ROW}, overscan: 4, getScrollElement: () => scroll,
    scrollToFn: elementScroll, observeElementRect, observeElementOffset, onChange: draw,
  });
  list._didMount();
  list._willUpdate();
  draw();
  return list;
};
</script>`;

const OPEN_AND_JUMP = `async (photos) => {
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => { document.body.offsetHeight; resolve(); }));
  while (!window.openList) await new Promise((resolve) => setTimeout(resolve, 10));
  let start = performance.now();
  const list = window.openList(photos);
  await frame();
  const opened = performance.now() - start;
  const jumps = [];
  for (const share of [1, 0, 0.5, 0.9, 0.1, 1, 0, 0.3, 0.7, 0]) {
    start = performance.now();
    list.scrollToOffset(list.getTotalSize() * share);
    await frame();
    jumps.push(performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
  list.scrollToOffset(list.getTotalSize());
  await new Promise((resolve) => setTimeout(resolve, 400));
  const reached = Math.max(0, ...list.getVirtualItems().map(({ index }) => index + 1)) * ${COLUMNS};
  return { opened, jumps: jumps.sort((a, b) => a - b), reached, height: document.querySelector('#inner').clientHeight };
}`;

export const measureVirtualList = async (
  browser: Browser,
  day: PeerDay,
  { folder, counts, add }: { readonly folder: string; readonly counts: readonly number[]; readonly add: Told },
): Promise<void> => {
  install(folder, `${PEER}@${PEER_VERSION}`);
  const files = join(folder, 'node_modules', PEER, 'dist', 'esm');
  for (const photos of counts) {
    const page = await pageWith(browser, day, VIRTUAL_LIST);
    await page.route('**/peer/*.js', async (route) => {
      const name = new URL(route.request().url()).pathname.split('/').at(-1) ?? '';
      await route.fulfill({ contentType: 'text/javascript', body: await readFile(join(files, name)) });
    });
    await page.goto(`${day.address}/peer-page`);
    const told = await page.evaluate<{ opened: number; jumps: number[]; reached: number; height: number }>(
      `(${OPEN_AND_JUMP})(${photos})`,
    );
    const name = `${PEER} ${PEER_VERSION}, ${photos.toLocaleString('en')} photos`;
    add(
      `${name}: opened / jump p50 / heap`,
      '',
      `${ms(told.opened)} / ${ms(told.jumps[4] ?? Number.NaN)} / ${((await heapOf(page)) / 1e6).toFixed(1)} MB`,
    );
    const isCut = told.height >= LARGEST_ELEMENT - 100 || told.reached < photos;
    add(
      `${name}: photos that can be scrolled to`,
      '',
      told.reached.toLocaleString('en'),
      isCut ? 'the browser draws nothing below 33 554 428 px' : '',
    );
    await page.context().close();
  }
};

export const measureLayouts = (folder: string, add: Told): void => {
  const aspects = Float32Array.from({ length: 100_000 }, (_, index) => 1 + (index % 7) / 8);
  const mine = performance.now();
  layoutOf(aspects, sheetFrame(VIEWPORT.width, 44));
  add('layout of 100 000 photos of 7 shapes: ours', '', ms(performance.now() - mine));
  install(folder, 'justified-layout@4.1.0');
  const justified = createRequire(join(folder, 'x.js'))('justified-layout') as (
    sizes: readonly number[],
    options: object,
  ) => unknown;
  const theirs = performance.now();
  justified([...aspects], { containerWidth: VIEWPORT.width, targetRowHeight: 180 });
  add('layout of 100 000 photos of 7 shapes: justified-layout 4.1.0', '', ms(performance.now() - theirs));
};
