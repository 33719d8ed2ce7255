// Debian's Chromium, driven by playwright-core.

import { type Browser, chromium } from 'playwright-core';

const ARGUMENTS: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const browser = async (): Promise<Browser & AsyncDisposable> => {
  const started = await chromium.launch({ executablePath: '/usr/bin/chromium', args: [...ARGUMENTS] });
  return Object.assign(started, { [Symbol.asyncDispose]: () => started.close() });
};
