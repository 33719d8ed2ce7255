// The first thing a stranger does: the demo, seen in a real browser, from its start to its first photo and the next one.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { browser } from './support/browser.ts';
import { eventually, freePort, startProgram } from './support/program.ts';

const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));

it('the demo’s first photo appears in the gallery without reloading', async () => {
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
  expect(complaints).toEqual([]);
  await program.stop('SIGINT');
  await rm(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
});
