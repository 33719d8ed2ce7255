// What holds on every screen of test/support/screens.ts: axe-core finds nothing and nothing is too wide, in both colour
// schemes, on a phone and on a desktop; all of it is come to by Tab; the browser's console is silent; neither texts two fifths
// longer nor a screen of 2560 pixels break a layout.
// Each is photographed into .cache/screens; with STILLWATCH_DOC_IMAGES=1 those of the docs go into docs/images as well.

import { copyFile, mkdir } from 'node:fs/promises';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browser as startBrowser } from './support/browser.ts';
import { unreached } from './support/keyboard.ts';
import { growTexts, lostTexts } from './support/pseudo-language.ts';
import type { Screen } from './support/screen-scenes.ts';
import { SCREENS } from './support/screens.ts';
import { servedScenes } from './support/served-scenes.ts';

const VIEWPORTS = { phone: { width: 390, height: 844 }, desktop: { width: 1440, height: 900 } } as const;
const WIDE = { width: 2560, height: 1440 } as const;
const SHOTS = '.cache/screens';
const DOCS = 'docs/images';

let browser: Browser;
const scenes = servedScenes();

beforeAll(async () => {
  browser = await startBrowser();
  await mkdir(SHOTS, { recursive: true });
});
afterAll(async () => {
  await browser.close();
  await scenes.close();
});

const violations = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(axe.source);
  const found = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[]; passes: unknown[] }>(
    'axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })',
  );
  // An axe that looked at nothing finds nothing.
  expect(found.passes.length).toBeGreaterThan(15);
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
};

const photograph = async (page: Page, screen: Screen, device: string, scheme: string): Promise<void> => {
  const name = `${screen.name}-${device}-${scheme}.jpg`;
  // Those further down are not fetched before they are scrolled to, and would be waited for in vain.
  await expect
    .poll(() =>
      page.evaluate<boolean>(
        '[...document.images].every((image) => image.complete || image.getBoundingClientRect().top > innerHeight)',
      ),
    )
    .toBe(true);
  await page.screenshot({ path: `${SHOTS}/${name}`, type: 'jpeg', quality: 80 });
  if (screen.isInDocs && device === 'desktop' && process.env['STILLWATCH_DOC_IMAGES'] === '1') {
    await copyFile(`${SHOTS}/${name}`, `${DOCS}/${screen.name}-${scheme}.jpg`);
  }
};

describe('every screen', () => {
  for (const screen of SCREENS) {
    for (const [device, viewport] of Object.entries(VIEWPORTS)) {
      it(`${screen.name} on a ${device}`, async () => {
        const { stage, address } = await scenes.serve(screen.scene);
        const path = typeof screen.path === 'string' ? screen.path : await screen.path(stage);
        const options = { viewport, locale: 'en-GB', reducedMotion: 'reduce', hasTouch: device === 'phone' } as const;
        const context = await browser.newContext(options);
        try {
          const page = await context.newPage();
          const complaints: string[] = [];
          page.on('console', (message) => {
            const isItself = screen.isRefusal && message.location().url === address + path;
            if ((message.type() === 'error' || message.type() === 'warning') && !isItself)
              complaints.push(message.text());
          });
          page.on('pageerror', (error) => complaints.push(error.message));
          await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
          await page.goto(address + path);
          if (!screen.isPlain) await page.waitForSelector('html.has-script');
          await screen.prepare?.(page);
          await page.waitForSelector(screen.shows);
          for (const colorScheme of ['light', 'dark'] as const) {
            await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
            expect(await violations(page), `${screen.name} ${device} ${colorScheme}`).toEqual([]);
            await photograph(page, screen, device, colorScheme);
          }
          expect(await lostTexts(page), 'English').toEqual([]);
          if (device === 'desktop') {
            expect(await unreached(page), 'by Tab').toEqual([]);
            await page.setViewportSize(WIDE);
            await photograph(page, screen, 'wide', 'dark');
            expect(await lostTexts(page), 'English, wide').toEqual([]);
          }
          expect(await growTexts(page)).toBeGreaterThan(5);
          if (device === 'desktop') {
            expect(await lostTexts(page), 'two fifths longer, wide').toEqual([]);
            await page.setViewportSize(viewport);
          }
          await page.screenshot({ path: `${SHOTS}/${screen.name}-${device}-longer.jpg`, type: 'jpeg', quality: 60 });
          expect(await lostTexts(page), 'two fifths longer').toEqual([]);
          expect(complaints).toEqual([]);
        } finally {
          await context.close();
        }
      });
    }
  }
});
