// Fifty cameras push at once, by HTTP, FTP and e-mail, while the server is killed twice: every picture that was acknowledged is in the
// store exactly once. `npm run bench -- inbox-burst` does the same for ten minutes.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { inboxPorts, startInbox, storedPhotos } from './support/inbox.ts';
import { pushBursts } from './support/inbox-burst.ts';
import { eventually } from './support/program.ts';

const CAMERAS = 50;
const PICTURES = 6;

const folder = mkdtempSync(join(tmpdir(), 'stillwatch-inbox-kill-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 }));

it('has every acknowledged picture exactly once after two kills', async () => {
  const photosDir = join(folder, 'snapshots');
  const ports = await inboxPorts();
  let site = await startInbox(photosDir, ports, { cameras: CAMERAS, burstWait: 300 });
  const given = new AbortController();
  let begun = 0;
  const pushing = pushBursts(ports, {
    cameras: CAMERAS,
    wants: (_, sent) => {
      begun++;
      return sent < PICTURES;
    },
    signal: given.signal,
  });
  try {
    for (const share of [0.25, 0.6]) {
      await eventually('enough is on its way', () => begun > CAMERAS * PICTURES * share || undefined);
      await site.kill('SIGKILL');
      site = await startInbox(photosDir, ports, { cameras: CAMERAS, burstWait: 300 });
    }
    const { acknowledged } = await pushing;
    expect(acknowledged.size).toBe(CAMERAS * PICTURES);
    await eventually(
      'everything is in the store',
      async () => (await storedPhotos(photosDir)).length >= acknowledged.size || undefined,
    );
    await site.kill('SIGTERM');
    const stored = await storedPhotos(photosDir);
    expect(stored.map(({ picture }) => picture).toSorted()).toEqual([...acknowledged.keys()].toSorted());
    for (const { picture, facts } of stored) expect(facts.camera).toBe(acknowledged.get(picture)?.camera);
  } finally {
    given.abort();
    await site[Symbol.asyncDispose]();
  }
});
