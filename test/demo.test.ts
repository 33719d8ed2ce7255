// The first thing a stranger does: the demo, seen in a real browser, from its start to its first photo and the next one.

import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { browser } from './support/browser.ts';
import { eventually, freePort, startProgram } from './support/program.ts';

const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));

it('the demo’s first photo appears in the gallery without reloading; live it is seen while somebody looks', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'stillwatch-demo-'));
  const port = await freePort();
  await using program = await startProgram({ env: {}, folder, args: [main, 'demo', '--port', String(port)] });
  await eventually('it prints its address', () =>
    program.printed().includes(`http://localhost:${port}/`) ? true : undefined,
  );
  await using chromium = await browser();
  const page = await chromium.newPage({ locale: 'en-GB', viewport: { width: 390, height: 844 } });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`http://localhost:${port}/`);
  await page.evaluate('globalThis.wasReloaded = false');
  await page.waitForSelector('img[src*="/snapshots/"]', { timeout: 150_000 });
  expect(await page.evaluate('globalThis.wasReloaded')).toBe(false);
  expect(await page.textContent('body')).toContain('DEMO');
  const facts = (await (await fetch(`http://localhost:${port}/latest.json`)).json()) as {
    width: number;
    isDemo: boolean;
  };
  expect(facts).toMatchObject({ width: 2560, height: 1440, isDemo: true });

  // Live: one picture after the other while somebody looks, and none is asked for in a tab that is not seen.
  const asked: number[] = [];
  const shown = new Map<string, number>();
  page.on('request', (request) => {
    const number = /\/live\.jpg\?n=(\d+)$/.exec(request.url())?.[1];
    if (number !== undefined) asked.push(Number(number));
  });
  page.on('response', async (answer) => {
    if (!answer.url().includes('/live.jpg') || answer.status() !== 200) return;
    const picture = await answer.body().catch(() => undefined);
    if (!picture) return;
    const hash = createHash('sha256').update(picture).digest('hex');
    if (!shown.has(hash)) shown.set(hash, performance.now());
  });
  await page.goto(`http://localhost:${port}/cameras`);
  await page.locator('.live-link').first().click();
  await page.locator('.one-camera .live-word.is-live').waitFor();
  shown.clear();
  await eventually('eight pictures, no two alike', () => (shown.size >= 8 ? true : undefined), 120_000);
  const times = [...shown.values()];
  const rate = (1000 * (times.length - 1)) / ((times.at(-1) ?? 0) - (times[0] ?? 0));
  process.stdout.write(`live: ${rate.toFixed(2)} different pictures a second\n`);
  const look = (state: 'hidden' | 'visible'): Promise<void> =>
    page.evaluate(`Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => '${state}' })`);
  await look('hidden');
  await page.locator('.one-camera .live-word:not(.is-live)').waitFor();
  const last = asked.at(-1) ?? 0;
  await look('visible');
  await page.locator('.one-camera .live-word.is-live').waitFor();
  // Each round has a number, and those in which nobody looked asked for nothing.
  const next = await eventually('the next picture', () => asked.find((number) => number > last));
  expect(next - last).toBeGreaterThan(1);
  expect(complaints).toEqual([]);
  await program.stop('SIGINT');
  await rm(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
});
