// The timeline in the browser: when it takes over, a jump, and scrolling. On a machine that others work on, a wall clock tells
// mostly of them; tasks are therefore told by the processor's time of the page's own thread as well, as the browser traces it.

import type { Browser, Page } from 'playwright-core';
import type { TimelineView } from '../../src/web/wire-api.ts';
import { Archive } from '../../ui/timeline/archive.ts';
import { sheetFrame } from '../../ui/timeline/layout.ts';
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

interface Opening {
  readonly painted: number;
  readonly taken: number;
  /** From the last answer it needed to the timeline standing. */
  readonly ready: number;
  readonly tasks: readonly number[];
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
  const context = await browser.newContext({ viewport: VIEWPORT, serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.addInitScript(OBSERVERS);
  // The first round brings the script; whoever comes back has it.
  for (let round = 0; round <= ROUNDS; round++) {
    await browser.startTracing(page, { categories: ['toplevel'] });
    await page.goto(address);
    await page.waitForSelector(READY, { state: 'attached' });
    const tasks = tasksOf(await browser.stopTracing());
    if (round > 0) openings.push({ ...(await page.evaluate<Omit<Opening, 'tasks'>>(OPENING)), tasks });
  }
  const heap = await heapOf(page);
  await context.close();
  add(`${what}: first photos on the screen`, '200 ms', best(openings.map(({ painted }) => painted)));
  add(
    `${what}: the timeline takes over`,
    '',
    best(openings.map(({ taken }) => taken)),
    `from its last answer ${best(openings.map(({ ready }) => ready))}`,
  );
  add(
    `${what}: processor time of the page until then`,
    '',
    best(openings.map(({ tasks }) => sumOf(tasks))),
    `longest task ${best(openings.map(({ tasks }) => tasks.at(-1) ?? Number.NaN))}`,
  );
  add(`${what}: heap`, '30 MB', `${(heap / 1e6).toFixed(1)} MB`);
};

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
  const jumping: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await browser.startTracing(page, { categories: ['toplevel'] });
    rounds.push(await page.evaluate<number[]>(JUMPS));
    jumping.push(tasksOf(await browser.stopTracing()).at(-1) ?? Number.NaN);
  }
  add('timeline: longest task while jumping, by its own processor time', '50 ms', best(jumping));
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

/** What has to be known before anything can be drawn or jumped to: the height of every day. */
const measureGeometry = async (counts: TimelineView, add: Told): Promise<void> => {
  const times: number[] = [];
  for (let round = 0; round < 20; round++) {
    const archive = new Archive({
      query: '',
      heads: { day: 64, part: 40 },
      frame: sheetFrame(VIEWPORT.width, 44),
      hasParts: true,
      onChange: () => undefined,
      read: async () => counts,
    });
    const before = process.cpuUsage();
    await archive.refresh();
    times.push(process.cpuUsage(before).user / 1000);
  }
  add(`timeline: ready, the geometry of ${counts.days.length} days from their counts`, '50 ms', best(times));
};

export const measureTimeline = async (
  browser: Browser,
  { address, largeDay, add }: { readonly address: string; readonly largeDay: string; readonly add: Told },
): Promise<void> => {
  await measureGeometry((await (await fetch(`${address}/api/v1/timeline`)).json()) as TimelineView, add);
  await measureOpening(browser, { address: `${address}/photos`, what: 'timeline over all', add });
  await measureOpening(browser, { address: `${address}/photos/${largeDay}`, what: 'day with 86 400 photos', add });
  await measureMoving(browser, `${address}/photos`, add);
};
