// The browser's files: script, style, font and icon, under addresses that name their content.
// A built program reads dist/ui; a program run from source has the same tool bundle them at start, so no build step is needed.

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

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
  get(name: string): Asset | undefined;
}

/** What tools/build-ui.mjs writes as `bundle.json`, or prints. */
interface Bundle {
  readonly entries: Readonly<Record<'script' | 'style' | 'font' | 'icon', string>>;
  /** File name to content, base64. */
  readonly files: Readonly<Record<string, string>>;
}

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  woff2: 'font/woff2',
  svg: 'image/svg+xml; charset=utf-8',
};

const isSource = import.meta.url.endsWith('.ts');

const readBundle = async (): Promise<string> => {
  if (!isSource) return readFile(new URL('../ui/bundle.json', import.meta.url), 'utf8');
  const tool = fileURLToPath(new URL('../../tools/build-ui.mjs', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [tool, '--print'], { maxBuffer: 8 * 1024 * 1024 });
  return stdout;
};

export const loadAssets = async (): Promise<Assets> => {
  const { entries, files } = JSON.parse(await readBundle()) as Bundle;
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
    get: (name) => assets.get(name),
  };
};
