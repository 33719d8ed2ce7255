// The browser's files (script, style, font, icon, under addresses that name their content), and the server's side of the same
// components. A built program reads dist/ui; a program run from source has the same tool build them at its first start.

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { PageName, PageView } from './wire-pages.ts';

export interface Asset {
  readonly type: string;
  readonly body: Buffer;
}

export interface Assets {
  /** Address of the page's script, style, font and icon. */
  readonly script: string;
  readonly style: string;
  readonly font: string;
  readonly icon: string;
  /** What makes the site an app that can be installed, its icon on iOS, and what works without a connection. */
  readonly manifest: string;
  readonly touchIcon: string;
  readonly worker: string;
  get(name: string): Asset | undefined;
  /** Address of what only this page's script needs. */
  pageScript(page: PageName): string | undefined;
  /** Draws a page's content. */
  draw(view: PageView): string;
}

/** What tools/build-ui.mjs writes as `bundle.json`. */
interface Bundle {
  readonly entries: Readonly<
    Record<'script' | 'style' | 'font' | 'icon' | 'manifest' | 'touchIcon' | 'worker', string>
  >;
  readonly pages: Readonly<Record<string, string>>;
  /** File name to content, base64. */
  readonly files: Readonly<Record<string, string>>;
}

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  woff2: 'font/woff2',
  svg: 'image/svg+xml; charset=utf-8',
  png: 'image/png',
  webmanifest: 'application/manifest+json; charset=utf-8',
};

const isSource = import.meta.url.endsWith('.ts');

const builtFolder = async (): Promise<string> => {
  if (!isSource) return fileURLToPath(new URL('../ui', import.meta.url));
  const tool = fileURLToPath(new URL('../../tools/build-ui.mjs', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [tool, '--cache']);
  return stdout;
};

export const loadAssets = async (): Promise<Assets> => {
  const folder = await builtFolder();
  const { entries, files, pages } = JSON.parse(await readFile(`${folder}/bundle.json`, 'utf8')) as Bundle;
  const { draw } = (await import(pathToFileURL(`${folder}/server.mjs`).href)) as Pick<Assets, 'draw'>;
  const assets = new Map<string, Asset>();
  for (const [name, body] of Object.entries(files)) {
    const type = TYPES[name.slice(name.lastIndexOf('.') + 1)];
    if (type) assets.set(name, { type, body: Buffer.from(body, 'base64') });
  }
  const address = (name: string): string => `/assets/${name}`;
  return {
    script: address(entries.script),
    style: address(entries.style),
    font: address(entries.font),
    icon: address(entries.icon),
    manifest: address(entries.manifest),
    touchIcon: address(entries.touchIcon),
    worker: address(entries.worker),
    get: (name) => assets.get(name),
    pageScript(page) {
      const name = pages[page];
      return name === undefined ? undefined : address(name);
    },
    draw,
  };
};
