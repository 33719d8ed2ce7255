// A camera of one's own, from the first start to its first photo, in a real browser at the simulated camera: claimed, found or
// named, tried out live with its remedies, added, waved at.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { Secret } from '../src/domain/secret.ts';
import { simulatedOnvif } from '../src/simulator/onvif/camera.ts';
import { simulatedCamera } from '../src/simulator/rtsp-server.ts';
import { testClip } from '../src/testing/test-media.ts';
import { browser as startBrowser } from './support/browser.ts';
import { homeNetwork } from './support/home-network.ts';
import { eventually, type Program, startProgram } from './support/program.ts';

const PASSWORD = 'canary-setup-51';

interface Claimed {
  readonly page: Page;
  readonly complaints: string[];
}

/** From the link that the terminal prints to the first camera's form, as from a phone at the camera's side. */
const claim = async (program: Program, browser: Browser): Promise<Claimed> => {
  const key = await eventually('the set-up key', () => /\/setup#([0-9A-Z-]+)/.exec(program.printed())?.[1], 240_000);
  const page = await browser.newPage({ viewport: { width: 390, height: 844 }, locale: 'en-GB', hasTouch: true });
  // From here on only the camera's scene decides how long it takes.
  page.setDefaultTimeout(150_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));

  await page.goto(`${program.url}/setup#${key}`);
  await page.getByText('The set-up key came with the link.').waitFor();
  await page.getByLabel('Your name').fill('Anna');
  await page.getByLabel(/^Password/).fill('apple tree by the gate');
  await page.getByRole('button', { name: 'Go on' }).tap();
  await page.waitForURL(`${program.url}/cameras/add`);
  return { page, complaints };
};

it('leads from the first start to the first photo of a camera that was named by hand, with three fields typed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'stillwatch-own-'));
  await writeFile(join(folder, 'stillwatch.yml'), 'site:\n  zone: Europe/Copenhagen\n');
  await using camera = await simulatedCamera({
    streams: {
      main: testClip({ width: 1280, height: 720 }),
      // Somebody waves for three seconds, once in forty.
      sub: testClip({ pictures: 400, moving: [300, 330] }),
    },
    credentials: { user: 'admin', password: new Secret(PASSWORD) },
  });
  await using program = await startProgram({ env: {}, folder });
  await using browser = await startBrowser();
  const { page, complaints } = await claim(program, browser);

  let typed = 0;
  const type = async (label: string, text: string): Promise<void> => {
    typed += 1;
    await page.getByLabel(label, { exact: true }).fill(text);
  };
  await type('Address', `127.0.0.1:${camera.port}`);
  await type('Camera user', 'admin');
  await type('Camera password', 'wrong');
  await page.getByRole('button', { name: 'Try it' }).tap();
  // This machine's own address wants a word more; no owner of a camera on the network comes here.
  await page.getByRole('button', { name: /comes through this machine/ }).tap();
  const login = page.locator('.report-line', { hasText: 'SW_CAM_AUTH' });
  await login.getByText('failed', { exact: true }).waitFor();
  await login.getByText(/The camera refused this user or password/).waitFor();
  await page.getByText('It does not work yet.').waitFor();
  expect(await page.getByRole('button', { name: 'Add this camera' }).count()).toBe(0);

  typed = 2;
  await type('Camera password', PASSWORD);
  await page.getByRole('button', { name: 'Try it' }).tap();
  await page.getByRole('button', { name: /comes through this machine/ }).tap();
  await page.getByText('Everything works.').waitFor();
  expect(typed).toBe(3);
  // reachable, RTSP, login, both streams and the photo; ONVIF is not spoken here, and that is no obstacle.
  expect(await page.locator('.report-line.is-proven').count()).toBeGreaterThanOrEqual(6);
  expect(await page.locator('.report-line.is-refused').count()).toBe(0);
  await page.getByRole('button', { name: 'Add this camera' }).tap();

  await page.getByRole('heading', { name: /^Wave at/ }).waitFor();
  // Live first, then the ring runs while something moves, then the photo of the calm.
  await page.locator('.live-word.is-live').waitFor();
  expect(await page.getByText('The first photo is here.').count()).toBe(0);
  await page.locator('.camera[data-state="moving"] .ring-arc[stroke-dasharray]').waitFor();
  const first = page.getByText('The first photo is here.');
  await first.waitFor();
  await page.locator('.wizard > .picture:not(.live) img').waitFor();
  await page.getByLabel('Only who logs in').tap();
  await page.getByText('In force now.').waitFor();
  await first.getByRole('link').tap();
  await page.locator('#stage img').first().waitFor();

  // What is kept is a setting like any other: in force at once, written down, and there after a reload.
  await page.goto(`${program.url}/storage`);
  await page.locator('#days:not([disabled])').fill('30');
  await page.getByRole('button', { name: 'Apply' }).tap();
  await page.getByText('In force. The next sweep follows it.').waitFor();
  const rules = await page.evaluate<{ ageDays: number }>(
    "fetch('/api/v1/storage').then((answer) => answer.json()).then(({ rules }) => rules)",
  );
  expect(rules.ageDays).toBe(30);
  await page.reload();
  await expect.poll(() => page.locator('#days').inputValue()).toBe('30');
  expect(complaints).toEqual([]);

  const yml = await readFile(join(folder, 'stillwatch.yml'), 'utf8');
  expect(yml).toContain(`127.0.0.1:${camera.port}`);
  expect(yml).toMatch(/keep:\s+days: 30/);
  expect(yml + program.printed()).not.toContain(PASSWORD);
  await program.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
}, 600_000);

it('leads to the first photo of a camera that was found, with two fields typed: its login', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'stillwatch-found-'));
  await writeFile(join(folder, 'stillwatch.yml'), 'site:\n  zone: Europe/Copenhagen\n');
  const host = homeNetwork()?.address ?? '127.0.0.1';
  await using camera = await simulatedCamera({
    host,
    streams: {
      main: testClip({ width: 1280, height: 720 }),
      sub: testClip({ pictures: 400 }),
    },
    credentials: { user: 'admin', password: new Secret(PASSWORD) },
  });
  // Neither port is one that cameras usually have: all that is known of it is what it says itself.
  await using onvif = await simulatedOnvif({
    persona: 'tapo',
    host,
    account: { user: 'admin', password: PASSWORD },
    rtsp: `rtsp://${host}:${camera.port}`,
    isDiscoverable: true,
  });
  await using program = await startProgram({ env: {}, folder });
  await using browser = await startBrowser();
  const { page, complaints } = await claim(program, browser);

  await page.getByRole('button', { name: 'Find cameras' }).tap();
  await page.getByRole('button', { name: `Choose ${host}`, exact: true }).tap();
  await page.getByLabel('Camera user', { exact: true }).fill('admin');
  await page.getByLabel('Camera password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Try it' }).tap();
  // In a network that is for documents alone, or without any, the camera's address wants a word more.
  const good = page.getByText('Everything works.');
  const isMeant = page.getByRole('button', { name: /comes through this machine/ });
  await good.or(isMeant).waitFor();
  if (await isMeant.isVisible()) await isMeant.tap();
  await good.waitFor();
  await page.locator('.report-line.is-proven', { hasText: 'C100' }).waitFor();
  expect(await page.locator('.report-line.is-proven').count()).toBeGreaterThanOrEqual(7);
  await page.getByRole('button', { name: 'Add this camera' }).tap();

  await page.getByRole('heading', { name: /^Wave at/ }).waitFor();
  // The camera itself says when somebody waves, as soon as it has been subscribed to.
  await eventually('a subscription', () => (onvif.subscriptions.live().length > 0 ? true : undefined), 120_000);
  onvif.scene('motion', true);
  await page.locator('.camera[data-state="moving"]').waitFor();
  onvif.scene('motion', false);
  await page.getByText('The first photo is here.').getByRole('link').tap();
  await page.locator('#stage img').first().waitFor();
  expect(onvif.failedLogins).toBe(0);
  expect(complaints).toEqual([]);
  const yml = await readFile(join(folder, 'stillwatch.yml'), 'utf8');
  expect(yml).toContain(`${host}:${camera.port}`);
  expect(yml + program.printed()).not.toContain(PASSWORD);
  await program.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
}, 600_000);
