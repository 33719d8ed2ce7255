// Whoever read the program's words goes away (a closed terminal, `| head`, a restarted pm2): it watches on, and so do the capture
// processes, which write to the same place.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ask, order, quietCamera, watching } from './support/photo-site.ts';
import { eventually, type Program } from './support/program.ts';

const captureOf = (program: Program): string =>
  spawnSync('pgrep', ['-f', '-P', String(program.process.pid), 'capture-child'], { encoding: 'utf8' }).stdout.trim();
const isSeen = async (program: Program): Promise<true | undefined> => {
  const { cameras } = await ask<{ cameras: readonly { state: string }[] }>(program, '/');
  return cameras[0]?.state === 'seeing' || undefined;
};

it('goes on taking photos when nobody reads its log any more', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stillwatch-closed-'));
  await using camera = await quietCamera();
  await using program = await watching(camera, folder);
  const outputs = [program.process.stdout, program.process.stderr];
  const closed = outputs.map((output) => new Promise((resolve) => output?.once('close', resolve)));
  for (const output of outputs) output?.destroy();
  await Promise.all(closed);
  // Each of these has words: a photo taken and kept, a capture process that died, a camera that is seen again, the level.
  expect((await order(program)).path).toBeDefined();
  const first = captureOf(program);
  process.kill(Number(first), 'SIGKILL');
  program.process.kill('SIGUSR2');
  await eventually('another one watches', async () => {
    const now = captureOf(program);
    return now !== '' && now !== first ? isSeen(program) : undefined;
  });
  await eventually('it takes photos again', async () => ((await order(program)).path ? true : undefined));
  expect(program.process.exitCode).toBeNull();
  expect(await program.stop()).toBe(0);
  rmSync(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
});
