// From nothing to the first photo, in a real browser and by keyboard alone: whoever has the key makes the program theirs, takes
// the demo camera, sees it live and its first photo; it goes again with its photos. Then the other screens of a camera.

import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../src/adapters/system/clock.ts';
import { thumbnailer } from '../src/adapters/thumbnail/thumbnail.ts';
import { type WebStage, webStage } from '../src/testing/web-stage.ts';
import { browser as startBrowser } from './support/browser.ts';
import { tabTo } from './support/keyboard.ts';
import { eventually, startProgram } from './support/program.ts';
import { HOUSE, siteOf, YML } from './support/screens-camera.ts';

const PASSWORD = 'apple tree by the gate';

let browser: Browser;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const open = async (address: string): Promise<{ readonly page: Page; readonly complaints: string[] }> => {
  const context = await browser.newContext({ viewport: { width: 1360, height: 900 }, locale: 'en-GB' });
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

/** What is to be seen first, and is come to by Tab then. */
const reach = async (page: Page, selector: string): Promise<void> => {
  await page.locator(selector).first().waitFor();
  await tabTo(page, selector);
};

it('leads from the first start to the first photo with the demo camera, by keyboard, and takes both away again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'stillwatch-setup-'));
  // Nobody has said anything about a camera yet.
  await writeFile(join(folder, 'stillwatch.yml'), 'site:\n  zone: Europe/Copenhagen\n');
  await using program = await startProgram({ env: {}, folder });
  const key = await eventually('the set-up key', () => /\/setup#([0-9A-Z-]+)/.exec(program.printed())?.[1]);
  const { page, complaints } = await open(`${program.url}/setup#${key}`);

  await reach(page, '#name');
  await page.keyboard.type('Anna');
  await page.keyboard.press('Tab');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await page.waitForURL(`${program.url}/cameras/add`);

  await reach(page, '.wizard-way button');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/cameras\/add\?camera=/);
  await page.getByRole('heading', { name: 'Wave at Demo' }).waitFor();
  await page.locator('.live-word.is-live').waitFor({ timeout: 60_000 });
  await page.getByText('The first photo is here.').waitFor({ timeout: 120_000 });

  await page.goto(`${program.url}/cameras/add`);
  await page.getByRole('button', { name: /Remove the demo camera/ }).press('Enter');
  await page.getByText(/The demo camera is gone, and \d+ photos? with it/).waitFor();
  await page.goto(`${program.url}/photos`);
  await page.locator('.empty').waitFor();
  expect(complaints).toEqual([]);
}, 240_000);

describe('a camera', () => {
  const house = async (): Promise<{ readonly stage: WebStage; readonly address: string }> => {
    const site = siteOf(YML);
    const stage = await webStage({ clock: systemClock(), thumbnails: thumbnailer(), ...HOUSE.options, ...site });
    closing.push(() => stage.app.close());
    await HOUSE.fill(stage);
    return { stage, address: await stage.app.listen({ host: '127.0.0.1', port: 0 }) };
  };

  it('is tuned by keyboard: photos that would be lost, in force when applied, and taken back', async () => {
    const { stage, address } = await house();
    const { page, complaints } = await open(`${address}/cameras/garden/tune`);
    const threshold = async (): Promise<unknown> =>
      stage.app
        .inject({ url: '/api/v1/cameras/garden/settings', headers: { host: 'localhost' } })
        .then((answer) => answer.json<{ effective: { threshold?: number } }>().effective.threshold ?? 1);
    await page.locator('#threshold:not([disabled])').waitFor();
    await reach(page, '#threshold');
    for (let step = 0; step < 30; step++) await page.keyboard.press('ArrowRight');
    await page.locator('.outcome-lost li img').first().waitFor();
    expect(await threshold()).toBe(1);
    await reach(page, '.outcome-head .is-main');
    await page.keyboard.press('Enter');
    await page.getByText('In force now.').waitFor();
    expect(await threshold()).toBeGreaterThan(1.5);
    await reach(page, '.said button');
    await page.keyboard.press('Enter');
    await page.getByText('As it was before.').waitFor();
    expect(await threshold()).toBe(1);
    expect(complaints).toEqual([]);
  });

  it('has its masks drawn by keyboard, undone, and in force when applied', async () => {
    const { stage, address } = await house();
    const { page, complaints } = await open(`${address}/cameras/garden/mask`);
    const masks = async (): Promise<Record<string, { polygon: number[][] }>> =>
      stage.app
        .inject({ url: '/api/v1/cameras/garden/settings', headers: { host: 'localhost' } })
        .then(
          (answer) => answer.json<{ effective: { masks: Record<string, { polygon: number[][] }> } }>().effective.masks,
        );
    await page.locator('.area-corner').first().waitFor();
    await page.getByRole('button', { name: 'Add a mask' }).press('Enter');
    const isHeld = `document.activeElement?.matches('.area-corner[data-corner="0"]')`;
    await expect.poll(() => page.evaluate(isHeld)).toBe(true);
    await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('+');
    await expect.poll(() => page.locator('.area-corner').count()).toBe(5);
    await page.keyboard.press('Delete');
    await expect.poll(() => page.locator('.area-corner').count()).toBe(4);
    await page.keyboard.press('Control+z');
    await expect.poll(() => page.locator('.area-corner').count()).toBe(5);
    await reach(page, '.outcome-head .is-main');
    await page.keyboard.press('Enter');
    await page.getByText('In force now.').waitFor();
    const drawn = (await masks())['Mask'];
    expect(drawn?.polygon).toHaveLength(5);
    expect(drawn?.polygon[0]).toEqual([0.325, 0.295]);
    expect(complaints).toEqual([]);
  });

  it('says at the field what is wrong, and shows both values when somebody else changed it meanwhile', async () => {
    const { stage, address } = await house();
    const { page } = await open(`${address}/cameras/garden?tab=settings`);
    await page.locator('#set-calmPeriod:not([disabled])').fill('ten');
    await page.getByRole('button', { name: 'Save' }).press('Enter');
    await page.locator('#error-calmPeriod').waitFor();
    await page.locator('#set-calmPeriod').fill('20s');
    const url = '/api/v1/cameras/garden/settings';
    const headers = { host: 'localhost', 'sec-fetch-site': 'same-origin' };
    const { headers: read } = await stage.app.inject({ url, headers });
    const other = await stage.app.inject({
      method: 'PATCH',
      url,
      headers: { ...headers, 'if-match': String(read['etag']) },
      payload: { calmPeriod: '7s' },
    });
    expect(other.statusCode).toBe(200);
    await page.getByRole('button', { name: 'Save' }).press('Enter');
    const both = page.locator('.conflict-row');
    await both.waitFor();
    expect(await both.innerText()).toMatch(/7s.*20s/s);
    await page.getByRole('button', { name: 'Save' }).press('Enter');
    await page.getByText('Saved, and in force.').waitFor();
  });
});
