// Fifty cameras push bursts for ten minutes while the server is killed twice; counts what was acknowledged and what is there.
// `npm run bench -- inbox-burst [minutes]`

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inboxPorts, startInbox, storedPhotos } from '../test/support/inbox.ts';
import { pushBursts } from '../test/support/inbox-burst.ts';
import { eventually } from '../test/support/program.ts';

const CAMERAS = 50;
const minutes = Number(process.argv[2] ?? 10);
const folder = mkdtempSync(join(tmpdir(), 'stillwatch-inbox-bench-'));
const photosDir = join(folder, 'snapshots');
const ports = await inboxPorts();
const options = { cameras: CAMERAS, burstWait: 1000 };
let site = await startInbox(photosDir, ports, options);
const begun = Date.now();
const until = begun + minutes * 60_000;
const pushing = pushBursts(ports, {
  cameras: CAMERAS,
  wants: () => Date.now() < until,
  signal: new AbortController().signal,
});
for (const share of [1 / 3, 2 / 3]) {
  await eventually('it is time', () => Date.now() > begun + minutes * 60_000 * share || undefined, minutes * 120_000);
  await site.kill('SIGKILL');
  site = await startInbox(photosDir, ports, options);
}
const { acknowledged } = await pushing;
const seconds = (Date.now() - begun) / 1000;
await eventually(
  'everything is in the store',
  async () => (await storedPhotos(photosDir)).length >= acknowledged.size || undefined,
  600_000,
);
await site.kill('SIGTERM');
const stored = (await storedPhotos(photosDir)).map(({ picture }) => picture);
const distinct = new Set(stored);
const missing = [...acknowledged.keys()].filter((picture) => !distinct.has(picture)).length;
const repeated = [...acknowledged.values()].filter(({ tries }) => tries > 1).length;
console.log(`| cameras | minutes | acknowledged | a second | sent again | missing | stored twice |
|--:|--:|--:|--:|--:|--:|--:|
| ${CAMERAS} | ${minutes} | ${acknowledged.size} | ${(acknowledged.size / seconds).toFixed(1)} | ${repeated} | ${missing} | ${stored.length - distinct.size} |`);
rmSync(folder, { recursive: true, force: true });
process.exitCode = missing === 0 && stored.length === distinct.size ? 0 : 1;
