// Cameras that upload to a temporary name and rename when all is there, as lftp does too: the picture is there once, on the day that
// its name in the end says.

import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testJpeg } from '../src/testing/jpegs.ts';
import {
  type InboxSite,
  inboxPorts,
  keyOf,
  pictureHash,
  type Ran,
  runClient,
  startInbox,
  storedPhotos,
} from './support/inbox.ts';
import { eventually } from './support/program.ts';

const folder = mkdtempSync(join(tmpdir(), 'stillwatch-rename-'));
const photosDir = join(folder, 'snapshots');
let site: InboxSite;
beforeAll(async () => {
  // Long enough for a slow machine to rename before the happening is over.
  site = await startInbox(photosDir, await inboxPorts(), { burstWait: 12_000 });
});
afterAll(async () => {
  await site?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
});

const run = (program: string, args: readonly string[]): Promise<Ran> => runClient(folder, program, args);

it('follows the new name, in the same connection and in another, and keeps each picture once', async () => {
  const pictures = await Promise.all([7001, 7002, 7003].map((seed) => testJpeg(seed, { width: 320, height: 240 })));
  for (const [at, bytes] of pictures.entries()) await writeFile(join(folder, `${at}.jpg`), bytes);
  const script = `set ssl:verify-certificate no; set xfer:use-temp-file true; set xfer:temp-file-name .in.*; set net:max-retries 1; put 0.jpg -o 20260203040506.jpg; bye`;
  const lftp = await run('lftp', [
    '-u',
    `cam-0,${keyOf('cam-0')}`,
    '-p',
    `${site.ports.ftp}`,
    '-e',
    script,
    '127.0.0.1',
  ]);
  expect(lftp.code, lftp.out).toBe(0);
  const python = await run('python3', [
    '-c',
    `
import ftplib
def login():
    f = ftplib.FTP(); f.connect('127.0.0.1', ${site.ports.ftp}); f.login('cam-1', '${keyOf('cam-1')}'); return f
f = login(); f.cwd('/card')
f.storbinary('STOR upload.tmp', open('1.jpg', 'rb'))
print(f.rename('upload.tmp', '20260304050607.jpg'), f.size('20260304050607.jpg'))
f.storbinary('STOR 1.part', open('2.jpg', 'rb'))
f.quit()
g = login()
print(g.rename('/card/1.part', '/card/20260405060708.jpg'))
# Sent again under its own name, as after a lost answer.
print(g.storbinary('STOR /card/20260304050607.jpg', open('1.jpg', 'rb')))
try: g.sendcmd('RNTO nothing.jpg')
except ftplib.error_perm as e: print(e)
print(g.rename('never-here', 'x')); g.quit()
`,
  ]);
  expect(python.code, python.out).toBe(0);
  expect(python.out).toMatch(/^250.* \d+\n250.*\n226 Had it already.*\n503.*\n250/);
  const stored = await eventually('all are in the store', async () => {
    const photos = await storedPhotos(photosDir);
    return photos.length === 3 ? photos : undefined;
  });
  const pathOf = (bytes: Uint8Array): string | undefined =>
    stored.find(({ picture }) => picture === pictureHash(bytes))?.path;
  expect(pictures.map(pathOf)).toEqual([
    'cam-0/2026-02-03/04-05-06.jpg',
    'cam-1/2026-03-04/05-06-07.jpg',
    'cam-1/2026-04-05/06-07-08.jpg',
  ]);
});
