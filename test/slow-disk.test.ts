// A disk that takes a second and a half for every promise to have written, as a worn SD card does: the running program, whose
// fsync waits for as long as a file lies there. Nothing is lost, nobody goes blind, and it is quick again when the disk is.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { jpegDamage } from '../src/domain/jpeg.ts';
import type { SimulatedCamera } from '../src/simulator/rtsp-server.ts';
import { ledgerOf, order, quietCamera, watching } from './support/photo-site.ts';
import { eventually, type Program } from './support/program.ts';

/** The C library's calls that promise durability, late. They count themselves in a second file. */
const SLOW = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
static int late(const char *name, int fd) {
  const char *marker = getenv("TEST_SLOW"), *count = getenv("TEST_SLOW_COUNT");
  if (marker && count && access(marker, F_OK) == 0) {
    int to = open(count, O_WRONLY | O_APPEND | O_CREAT, 0600);
    if (to >= 0) { if (write(to, "x", 1) < 0) {} close(to); }
    usleep(1500000);
  }
  return ((int (*)(int))dlsym(RTLD_NEXT, name))(fd);
}
int fsync(int fd) { return late("fsync", fd); }
int fdatasync(int fd) { return late("fdatasync", fd); }
`;

let base = '';
let camera: SimulatedCamera;
let program: Program | undefined;
const at = (name: string): string => join(base, name);

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'stillwatch-slow-'));
  writeFileSync(at('slow.c'), SLOW);
  const built = spawnSync('gcc', ['-shared', '-fPIC', '-o', at('slow.so'), at('slow.c'), '-ldl'], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`gcc: ${built.stderr}`);
  mkdirSync(at('site'));
  camera = await quietCamera();
});
afterAll(async () => {
  await program?.[Symbol.asyncDispose]();
  await camera?.close();
  rmSync(base, { recursive: true, force: true });
});

it('keeps every photo, goes on watching, and accounts for all of it', async () => {
  const marker = at('slow');
  const environment = { LD_PRELOAD: at('slow.so'), TEST_SLOW: marker, TEST_SLOW_COUNT: at('count') };
  const running = await watching(camera, at('site'), { environment });
  program = running;
  const quick = await order(running);
  writeFileSync(marker, '');
  const slow = [await order(running), await order(running)];
  expect((await fetch(`${running.url}/healthz`)).status).toBe(200);
  const waits = (await readFile(at('count'), 'utf8')).length;
  rmSync(marker);
  const after = await order(running);

  expect(waits).toBeGreaterThan(4);
  const taken = [quick, ...slow, after];
  for (const { path, code } of taken) {
    expect(code).toBeUndefined();
    expect(jpegDamage(await readFile(join(at('site'), 'snapshots', path ?? ''))), path).toBeUndefined();
    expect((await fetch(`${running.url}/snapshots/${path}`)).status, path).toBe(200);
  }
  expect(running.printed()).not.toContain('BLIND');
  await eventually('the ledger has all of them', async () => {
    const items = await ledgerOf(running);
    return items.length === taken.length && items.every(({ state }) => state === 'photo') ? true : undefined;
  });
  expect(await running.stop()).toBe(0);
});
