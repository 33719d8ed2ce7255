// An SD card that says "written" before it is true, and then loses power: the running program on a real ext4, whose fsync does
// nothing. The image is copied as it is at that moment, as a card keeps what had reached it and nothing else.

import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { jpegDamage } from '../src/domain/jpeg.ts';
import type { SimulatedCamera } from '../src/simulator/rtsp-server.ts';
import { command } from './support/command.ts';
import { ask, ledgerOf, order, quietCamera, watching } from './support/photo-site.ts';
import { eventually, type Program } from './support/program.ts';

const run = (file: string, ...args: string[]): void => {
  const outcome = spawnSync(file, args, { encoding: 'utf8' });
  if (outcome.status !== 0) throw new Error(`${file} ${args.join(' ')}: ${outcome.stderr} (these tests need root)`);
};

/** The C library's calls that promise durability, without the promise. */
const LIAR = `
int fsync(int fd) { (void)fd; return 0; }
int fdatasync(int fd) { (void)fd; return 0; }
int sync_file_range(int fd, long long at, long long bytes, unsigned flags) { (void)fd; (void)at; (void)bytes; (void)flags; return 0; }
`;

let base = '';
let camera: SimulatedCamera;
let program: Program | undefined;
const at = (name: string): string => join(base, name);
/** Nothing is written for five minutes unless somebody asks for it. */
const mountCard = (image: string): void => run('mount', '-o', 'loop,commit=300', image, at('site'));

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'stillwatch-card-'));
  writeFileSync(at('liar.c'), LIAR);
  run('gcc', '-shared', '-fPIC', '-o', at('liar.so'), at('liar.c'));
  mkdirSync(at('site'));
  writeFileSync(at('card.img'), Buffer.alloc(64 * 2 ** 20));
  run('mkfs.ext4', '-q', '-F', at('card.img'));
  mountCard(at('card.img'));
  camera = await quietCamera();
});
afterAll(async () => {
  await program?.[Symbol.asyncDispose]();
  await camera?.close();
  spawnSync('umount', ['-l', at('site')]);
  rmSync(base, { recursive: true, force: true });
});

const photo = async (running: Program): Promise<string> => {
  const { path } = await order(running);
  if (path === undefined) throw new Error('no photo was taken');
  return path;
};

it('after a power cut names each photo that the card lost, accounts for it, and goes on with what is whole', async () => {
  const lying = await watching(camera, at('site'), { environment: { LD_PRELOAD: at('liar.so') } });
  program = lying;
  const durable = [await photo(lying), await photo(lying)];
  run('sync', '-f', at('site'));
  const risked = [await photo(lying), await photo(lying)];
  // The card's own order: the rows reach it, and with them the photos' names, but not their bytes.
  const data = join(at('site'), 'snapshots', '.stillwatch');
  run('sync', join(data, 'catalog.sqlite-wal'), join(data, 'ledger.sqlite-wal'));
  const unsynced = await photo(lying);

  // The power cut.
  copyFileSync(at('card.img'), at('after.img'));
  await lying[Symbol.asyncDispose]();
  run('umount', '-l', at('site'));
  mountCard(at('after.img'));
  const isWhole = async (path: string): Promise<boolean> => {
    const bytes = await readFile(join(at('site'), 'snapshots', path)).catch(() => new Uint8Array());
    return jpegDamage(bytes) === undefined;
  };
  const whole: string[] = [];
  for (const path of [...durable, ...risked, unsynced]) if (await isWhole(path)) whole.push(path);
  const lost = risked.filter((path) => !whole.includes(path));
  expect(whole).toEqual(expect.arrayContaining(durable));
  expect(lost).not.toEqual([]);

  const again = await watching(camera, at('site'));
  program = again;
  await eventually('each is named', () =>
    lost.every((path) => again.printed().includes(`SW_PHOTO_LOST: The photo ${path}`)) ? true : undefined,
  );
  for (const path of whole) expect((await fetch(`${again.url}/snapshots/${path}`)).status, path).toBe(200);
  for (const path of lost) expect((await fetch(`${again.url}/snapshots/${path}`)).status, path).toBe(404);
  const fresh = await photo(again);
  expect(await isWhole(fresh)).toBe(true);
  const shown = await ask<{ items: readonly { url: string }[] }>(again, '/api/v1/stills');
  expect(shown.items.map(({ url }) => url).toSorted()).toEqual(
    [...whole, fresh].map((path) => `/snapshots/${path}`).toSorted(),
  );
  await eventually('the ledger says which were not kept', async () => {
    const missed = (await ledgerOf(again)).filter(({ code }) => code === 'SW_PHOTO_LOST');
    return missed.length === lost.length ? true : undefined;
  });
  expect(await again.stop()).toBe(0);
  // What is left of their bytes is the owner's to throw away.
  const examined = await command(at('site'), ['doctor', '--hash', '--repair']);
  const complaints = examined.stdout.split('\n').filter((line) => line.startsWith('!!'));
  expect(complaints).toHaveLength(lost.length);
  for (const path of lost) expect(examined.stdout).toContain(`${path}: half a picture`);
});
