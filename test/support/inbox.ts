// A site whose cameras deliver by themselves: its process, and what its gallery holds.

import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pictureOnly } from '../../src/archive/upload-contents.ts';
import { readStillFacts } from '../../src/domain/still-facts.ts';
import { sha256Of } from '../../src/testing/stills.ts';
import { eventually, freePorts } from './program.ts';

export interface InboxPorts {
  readonly web: number;
  readonly http: number;
  readonly ftp: number;
  readonly ftps: number;
  readonly mail: number;
  readonly smtps: number;
  readonly passive: number;
  readonly imap: number;
  readonly fetched: number;
}

export interface InboxSite extends AsyncDisposable {
  readonly ports: InboxPorts;
  readonly process: ChildProcess;
  printed(): string;
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** Milliseconds. A machine that does eight other things takes a minute to start a program. */
const START_WITHIN = 300_000;

/** Ports that nobody has now; the same ones after a restart. */
export const inboxPorts = async (more: Partial<InboxPorts> = {}): Promise<InboxPorts> => {
  const first = await freePorts(70);
  const [web, http, ftp, ftps, mail, smtps] = [0, 1, 2, 3, 4, 5].map((at) => first + at) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return { web, http, ftp, ftps, mail, smtps, passive: first + 6, imap: 0, fetched: 0, ...more };
};

export const startInbox = async (
  folder: string,
  ports: InboxPorts,
  { cameras = 2, burstWait = 1000 }: { readonly cameras?: number; readonly burstWait?: number } = {},
): Promise<InboxSite> => {
  const { web, http, ftp, ftps, mail, smtps, passive, imap, fetched } = ports;
  const loader = fileURLToPath(import.meta.resolve('tsx'));
  const program = fileURLToPath(new URL('../inbox.program.ts', import.meta.url));
  const list = JSON.stringify([web, http, ftp, ftps, mail, smtps, passive, imap, fetched]);
  const child = spawn(
    process.execPath,
    ['--import', loader, program, folder, list, String(cameras), String(burstWait)],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let printed = '';
  for (const output of [child.stdout, child.stderr])
    output.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const open = (): true | undefined => {
    if (child.exitCode !== null) throw new Error(`the program ended: ${printed}`);
    return printed.includes('cameras may deliver') || undefined;
  };
  await eventually('the doors are open', open, START_WITHIN);
  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await ended;
  };
  return {
    ports,
    process: child,
    printed: () => printed,
    kill,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) await kill('SIGKILL');
    },
  };
};

export const keyOf = (camera: string): string => `key-of-${camera}-0123456789`;

/** The identity of a picture, whatever was written beside it. */
export const pictureHash = (jpeg: Uint8Array): string => sha256Of(pictureOnly(jpeg));

export interface StoredPhoto {
  readonly path: string;
  readonly picture: string;
  readonly facts: NonNullable<ReturnType<typeof readStillFacts>>;
}

/** Every photo in the store, by what it shows. */
export const storedPhotos = async (folder: string): Promise<readonly StoredPhoto[]> => {
  const names = await readdir(folder, { recursive: true });
  const photos: StoredPhoto[] = [];
  for (const path of names) {
    if (!path.endsWith('.jpg') || path.startsWith('.stillwatch')) continue;
    const bytes = await readFile(join(folder, path)).catch(() => undefined);
    const facts = bytes && readStillFacts(bytes);
    if (bytes && facts) photos.push({ path, picture: pictureHash(bytes), facts });
  }
  return photos;
};

export interface Ran {
  readonly code: number | null;
  /** Both outputs. */
  readonly out: string;
}

/** Runs a client that other people wrote, as a camera would, to its end. */
export const runClient = (folder: string, program: string, args: readonly string[]): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    for (const output of [child.stdout, child.stderr])
      output.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out }));
  });
