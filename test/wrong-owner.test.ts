// The photo folder of somebody else under the running program: a copied disk, a `sudo` too many. Run without the rights that let
// root write anywhere, so that the kernel's own checks decide.

import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EXIT } from '../src/domain/errors.ts';
import { jpegDamage } from '../src/domain/jpeg.ts';
import type { SimulatedCamera } from '../src/simulator/rtsp-server.ts';
import { ask, ledgerOf, order, quietCamera, watching } from './support/photo-site.ts';
import { eventually, type Program, startProgram } from './support/program.ts';

const NO_RIGHTS = ['setpriv', '--inh-caps=-all', '--bounding-set=-all', '--'];
/** Nobody has this number. */
const SOMEBODY = 54_321;

let camera: SimulatedCamera;
let folder = '';
let program: Program | undefined;
beforeAll(async () => {
  camera = await quietCamera();
  folder = mkdtempSync(join(tmpdir(), 'stillwatch-owner-'));
});
afterAll(async () => {
  await program?.[Symbol.asyncDispose]();
  await camera?.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
});

const snapshots = (): string => join(folder, 'snapshots');
const foldersIn = (root: string): readonly string[] => [
  root,
  ...readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name)),
];
/** As `chown -R` and `chmod` do to every folder; files that are open stay open. */
const give = (owner: number, mode: number, folders = foldersIn(snapshots())): void => {
  for (const each of folders) {
    chownSync(each, owner, owner);
    chmodSync(each, mode);
  }
};
const mine = process.getuid?.() ?? 0;

it('refuses to start where it may not write, and names the folder; started again by its keeper, it works', async () => {
  mkdirSync(snapshots());
  give(SOMEBODY, 0o555);
  await using refused = await startProgram({
    folder,
    env: { CAMERA_IP: `127.0.0.1:${camera.port}`, USRNAME: 'admin', PASSWORD: 'x' },
    under: NO_RIGHTS,
  });
  expect(await refused.ended).toBe(EXIT.storage);
  expect(refused.printed()).toMatch(/SW_STORE_WRITE.*snapshots.*EACCES.*owner/);
  give(mine, 0o755);
  program = await watching(camera, folder, { under: NO_RIGHTS });
  expect((await order(program)).path).toBeDefined();
});

it('goes on watching when the folder is another’s, says what is not kept, and keeps again by itself', async () => {
  const running = program;
  if (!running) throw new Error('the program did not start');
  give(SOMEBODY, 0o555);
  expect(await order(running)).toEqual({ code: 'SW_STORE_WRITE' });
  expect(await order(running)).toEqual({ code: 'SW_STORE_WRITE' });
  const [camera] = (await ask<{ cameras: readonly { state: string }[] }>(running, '/')).cameras;
  expect(camera?.state).toBe('seeing');
  const ready = await fetch(`${running.url}/readyz`);
  expect([ready.status, await ready.text()]).toEqual([503, expect.stringContaining('SW_STORE_WRITE')]);

  give(mine, 0o755);
  const again = await order(running);
  expect(jpegDamage(readFileSync(join(snapshots(), again.path ?? '')))).toBeUndefined();
  // A row that could not be written is written with the next.
  await eventually('the ledger tells all of them', async () => {
    const rows = (await ledgerOf(running)).map(({ state, code }) => code ?? state);
    return rows.join() === 'photo,SW_STORE_WRITE,SW_STORE_WRITE,photo' ? true : undefined;
  });
  await eventually('it is ready', async () => ((await fetch(`${running.url}/readyz`)).ok ? true : undefined));
});

it('photos wait in the spool while only the day’s folder is another’s', async () => {
  const running = program;
  if (!running) throw new Error('the program did not start');
  const days = foldersIn(snapshots()).filter((each) => /\d{4}-\d\d-\d\d$/.test(each));
  give(SOMEBODY, 0o555, [snapshots(), ...days]);
  const taken = order(running);
  await eventually('it waits', () => (running.printed().includes('SW_STORE_WRITE') ? true : undefined));
  give(mine, 0o755, [snapshots(), ...days]);
  const { path } = await taken;
  await eventually('it is in its place', async () => {
    const stills = (await ask<{ items: readonly { id: string }[] }>(running, '/api/v1/stills')).items;
    return stills.length === 3 ? true : undefined;
  });
  if (path) expect(jpegDamage(readFileSync(join(snapshots(), path)))).toBeUndefined();
  expect(await running.stop()).toBe(0);
});
