// The timeline in the browser: when it takes over, a jump, and scrolling. On a machine that others work on, a wall clock tells
// mostly of them; tasks are therefore told by the processor's time of the page's own thread as well, as the browser traces it.

import type { Browser, Page } from 'playwright-core';
import { heapOf, ms, type Told } from './web-peers.ts';

/** A measure is taken so often, and the best of them told: the one that others disturbed least. */
const ROUNDS = 4;
const VIEWPORT = { width: 1280, height: 800 };
const READY = '.timeline #sheet .cell a';

export const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;

const OBSERVERS = `
  window.long = []; window.takenAt = 0; window.shifts = 0;
  new PerformanceObserver((list) => { for (const one of list.getEntries()) window.long.push(one.duration); }).observe({ type: 'longtask', buffered: true });
  new PerformanceObserver((list) => { for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifts += one.value; }).observe({ type: 'layout-shift', buffered: true });
  document.addEventListener('DOMContentLoaded', () => {
    const seen = new MutationObserver(() => {
      if (!document.querySelector('${READY}')) return;
      window.takenAt = performance.now();
      seen.disconnect();
    });
    seen.observe(document.body, { childList: true, subtree: true, attributes: true });
  });`;

const openAt = async (browser: Browser, address: string): Promise<Page> => {
  const context = await browser.newContext({ viewport: VIEWPORT, serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.addInitScript(OBSERVERS);
  await page.goto(address);
  await page.waitForSelector(READY, { state: 'attached' });
  return page;
};

interface Opening {
  readonly painted: number;
  readonly taken: number;
  /** From the last answer it needed to the timeline standing. */
  readonly ready: number;
}

const OPENING = `(() => {
  const paint = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN;
  const answers = performance.getEntriesByType('resource').filter(({ name, responseEnd }) => name.includes('/api/v1/timeline') && responseEnd < window.takenAt);
  return { painted: paint, taken: window.takenAt, ready: window.takenAt - Math.max(...answers.map(({ responseEnd }) => responseEnd)) };
})()`;

const best = (values: readonly number[]): string => `${ms(Math.min(...values))}, median ${ms(quantile(values, 0.5))}`;

const measureOpening = async (
  browser: Browser,
  { address, what, add }: { readonly address: string; readonly what: string; readonly add: Told },
): Promise<void> => {
  const openings: Opening[] = [];
  let heap = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const page = await openAt(browser, address);
    openings.push(await page.evaluate<Opening>(OPENING));
    heap = await heapOf(page);
    await page.context().close();
  }
  add(`${what}: first photos on the screen`, '200 ms', best(openings.map(({ painted }) => painted)));
  add(`${what}: the timeline takes over`, '', best(openings.map(({ taken }) => taken)));
  add(`${what}: ready, from its last answer`, '50 ms', best(openings.map(({ ready }) => ready)));
  add(`${what}: heap`, '30 MB', `${(heap / 1e6).toFixed(1)} MB`);
};

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** Of the busiest page's main thread, in milliseconds of the processor's time, the longest last. */
const tasksOf = (trace: Buffer): readonly number[] => {
  const { traceEvents } = JSON.parse(trace.toString()) as { readonly traceEvents: readonly TraceEvent[] };
  const threads = traceEvents.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain');
  const all = threads.map(({ pid, tid }) =>
    traceEvents.flatMap((event) =>
      event.pid === pid && event.tid === tid && event.name.endsWith('RunTask') && event.tdur ? [event.tdur / 1000] : [],
    ),
  );
  const busiest = all.sort((a, b) => sumOf(b) - sumOf(a))[0] ?? [];
  return [...busiest].sort((a, b) => a - b);
};
const sumOf = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0);

const STEPS = 300;
const SCROLL = `(async () => {
  window.long.length = 0;
  const frames = [];
  let last = performance.now();
  for (let at = 0; at < ${STEPS}; at++) {
    scrollBy(0, 120);
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const now = performance.now();
    frames.push(now - last);
    last = now;
  }
  return { frames, long: Math.max(0, ...window.long) };
})()`;

// To both ends and back: from the key to the frame that shows the boxes.
const JUMPS = `(async () => {
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

const measureMoving = async (browser: Browser, address: string, add: Told): Promise<void> => {
  const page = await openAt(browser, address);
  const tall = await page.evaluate<number>('document.querySelector("#sheet").clientHeight');
  add('timeline: height of the page', '33.5 M px', `${Math.round(tall).toLocaleString('en')} px`);
  const first = await heapOf(page);
  const rounds: (readonly number[])[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await page.evaluate<number[]>(JUMPS));
  const calm = rounds.reduce((a, b) => (quantile(b, 0.95) < quantile(a, 0.95) ? b : a));
  add(
    'timeline: jump, to the next frame, best round',
    '50 ms',
    `p50 ${ms(quantile(calm, 0.5))}, p95 ${ms(quantile(calm, 0.95))}`,
    `all rounds: p50 ${ms(quantile(rounds.flat(), 0.5))}, p95 ${ms(quantile(rounds.flat(), 0.95))}`,
  );
  const scrolls: { readonly frames: readonly number[]; readonly long: number; readonly tasks: readonly number[] }[] =
    [];
  for (let round = 0; round < ROUNDS; round++) {
    await browser.startTracing(page, { categories: ['toplevel'] });
    const scrolled = await page.evaluate<{ frames: number[]; long: number }>(SCROLL);
    scrolls.push({ ...scrolled, tasks: tasksOf(await browser.stopTracing()) });
  }
  const longest = scrolls.map(({ tasks }) => tasks.at(-1) ?? Number.NaN);
  add(
    'timeline: longest task while scrolling, by its own processor time',
    '100 ms',
    best(longest),
    `by the wall clock ${best(scrolls.map(({ long }) => long))}`,
  );
  add(
    'timeline: processor time of a frame while scrolling, mean',
    '16 ms',
    best(scrolls.map(({ tasks }) => sumOf(tasks) / STEPS)),
  );
  const smooth = scrolls.reduce((a, b) => (quantile(b.frames, 0.95) < quantile(a.frames, 0.95) ? b : a));
  add(
    'timeline: frame while scrolling, no GPU, best round',
    '33 ms',
    `p50 ${ms(quantile(smooth.frames, 0.5))}, p95 ${ms(quantile(smooth.frames, 0.95))}`,
  );
  add(
    'timeline: heap after jumps and scrolling',
    '30 MB',
    `${((await heapOf(page)) / 1e6).toFixed(1)} MB`,
    `${(first / 1e6).toFixed(1)} MB at first`,
  );
  add(
    'timeline: elements of the sheet',
    '',
    String(await page.evaluate('document.querySelectorAll(".timeline-sheet *").length')),
  );
  await page.focus('[role=slider]');
  await page.keyboard.press('End');
  await page.waitForTimeout(1500);
  await page.reload();
  await page.waitForSelector(READY, { state: 'attached' });
  await page.waitForTimeout(1500);
  add(
    'layout shift of a reload at the archive’s end',
    '0.01',
    (await page.evaluate<number>('window.shifts')).toFixed(4),
  );
  await page.context().close();
};

export const measureTimeline = async (
  browser: Browser,
  { address, largeDay, add }: { readonly address: string; readonly largeDay: string; readonly add: Told },
): Promise<void> => {
  await measureOpening(browser, { address: `${address}/photos`, what: 'timeline over all', add });
  await measureOpening(browser, { address: `${address}/photos/${largeDay}`, what: 'day with 86 400 photos', add });
  await measureMoving(browser, `${address}/photos`, add);
};
